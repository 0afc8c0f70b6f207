// One plain evaluation of each likelihood, and of a prediction, as the papers print them, on the runtime's own logarithm.
import { nativeLnGamma as lnGamma } from '../measures/native-ln-gamma.mjs'

/** The defining series, z below 1. */
function hypergeometric(a, b, c, z) {
  let [term, sum] = [1, 1]
  for (let k = 0; k < 10_000 && Math.abs(term) > 1e-16 * Math.abs(sum); k += 1) {
    term *= (((a + k) * (b + k)) / ((c + k) * (k + 1))) * z
    sum += term
  }
  return sum
}

/** Fader, Hardie & Lee 2005, equation 6. */
export function bgNbdLikelihood({ r, alpha, a, b }, { x, tx, T }) {
  let sum = 0
  const fixed = r * Math.log(alpha) - lnGamma(r) + lnGamma(a + b) - lnGamma(b)
  for (let i = 0; i < x.length; i++) {
    const n = x[i]
    const common = fixed + lnGamma(r + n) + lnGamma(b + n) - lnGamma(a + b + n)
    const stays = -(r + n) * Math.log(alpha + T[i])
    if (n === 0) {
      sum += common + stays
      continue
    }
    const leaves = Math.log(a / (b + n - 1)) - (r + n) * Math.log(alpha + tx[i])
    sum += common + stays + Math.log1p(Math.exp(leaves - stays))
  }
  return sum
}

/** Fader & Hardie, note 009, equations 22 and 23, for alpha below beta as it is here. */
export function paretoNbdLikelihood({ r, alpha, s, beta }, { x, tx, T }) {
  let sum = 0
  const fixed = r * Math.log(alpha) + s * Math.log(beta) - lnGamma(r)
  for (let i = 0; i < x.length; i++) {
    const n = x[i]
    const whole = r + s + n
    const [late, early] = [beta + T[i], beta + tx[i]]
    const stays = -(r + n) * Math.log(alpha + T[i]) - s * Math.log(late)
    const a = hypergeometric(whole, r + n, whole + 1, (beta - alpha) / early)
    const b = hypergeometric(whole, r + n, whole + 1, (beta - alpha) / late)
    const left = a * early ** -whole - b * late ** -whole
    sum += fixed + lnGamma(r + n) + Math.log(Math.exp(stays) + (s / whole) * left)
  }
  return sum
}

/** Fader & Hardie, note 025, equation 1a; of those who came back. */
export function gammaGammaLikelihood({ p, q, v }, { x, mean }) {
  let sum = 0
  const fixed = q * Math.log(v) - lnGamma(q)
  for (let i = 0; i < x.length; i++) {
    const n = x[i]
    const m = mean[i]
    sum +=
      fixed +
      lnGamma(p * n + q) -
      lnGamma(p * n) +
      (p * n - 1) * Math.log(m) +
      p * n * Math.log(n) -
      (p * n + q) * Math.log(n * m + v)
  }
  return sum
}

/** Fader, Hardie & Lee 2005, equation 10: purchases expected in the next `span`. */
export function bgNbdExpected({ r, alpha, a, b }, { x, tx, T }, span) {
  const expected = new Float64Array(x.length)
  for (let i = 0; i < x.length; i++) {
    const n = x[i]
    const z = span / (alpha + T[i] + span)
    const rest = ((alpha + T[i]) / (alpha + T[i] + span)) ** (r + n)
    const alive = ((a + b + n - 1) / (a - 1)) * (1 - rest * hypergeometric(r + n, b + n, a + b + n - 1, z))
    const gone = n === 0 ? 0 : (a / (b + n - 1)) * ((alpha + T[i]) / (alpha + tx[i])) ** (r + n)
    expected[i] = alive / (1 + gone)
  }
  return expected
}
