// Two true models of buying as the papers write them, for tests of what reads models: only what predicts, at ordinary numbers.
import type { Buying, ForecastModel } from 'liuliang/ltv'

const nothing = Number.NEGATIVE_INFINITY

const lnGamma = (x: number): number => {
  let shift = 0
  let z = x
  for (; z < 12; z += 1) shift -= Math.log(z)
  const w = 1 / (z * z)
  const rest = (1 / 12 - w * (1 / 360 - w * (1 / 1260 - w / 1680))) / z
  return shift + (z - 0.5) * Math.log(z) - z + 0.5 * Math.log(2 * Math.PI) + rest
}
const lnBeta = (a: number, b: number) => lnGamma(a) + lnGamma(b) - lnGamma(a + b)

const atLeast = (n: number, chance: (k: number) => number): number => {
  let rest = 1
  for (let k = 0; k < n; k += 1) rest -= chance(k)
  return Math.log(Math.max(0, rest))
}

/** Poisson buying at gamma rates, nobody leaves. */
export const nbd: ForecastModel<'tiny-nbd', 'r' | 'alpha'> = {
  name: 'tiny-nbd',
  parameters: ['r', 'alpha'],
  ranges: { r: 'positive', alpha: 'positive' },
  time: 'continuous',
  newcomer: ({ r, alpha }) => gammaBuying(r, alpha),
  after: ({ r, alpha }, { repeatCount, age }) => gammaBuying(r + repeatCount, alpha + age),
}

function gammaBuying(r: number, alpha: number): Buying {
  const lnChanceOf = (n: number, from: number, to: number) => {
    const t = to - from
    if (t === 0) return n === 0 ? 0 : nothing
    return (
      lnGamma(r + n) -
      lnGamma(r) -
      lnGamma(n + 1) +
      r * Math.log(alpha / (alpha + t)) +
      n * Math.log(t / (alpha + t))
    )
  }
  return {
    lnAlive: 0,
    lnAliveAfter: () => 0,
    expected: (time) => (r / alpha) * time,
    discounted: (time, rate) => ((r / alpha) * (1 - Math.exp(-rate * time))) / rate,
    lnChanceOf,
    lnChanceOfAtLeast: (n, from, to) => atLeast(n, (k) => Math.exp(lnChanceOf(k, from, to))),
    rates: {},
  }
}

const hypergeometric = (a: number, b: number, c: number, z: number): number => {
  let [sum, term] = [1, 1]
  for (let k = 0; k < 10_000 && Math.abs(term) > 1e-17 * sum; k += 1) {
    term *= (((a + k) * (b + k)) / ((c + k) * (k + 1))) * z
    sum += term
  }
  return sum
}

/** Fader, Hardie & Lee (2005): who buys may leave right after. */
export const bgNbd: ForecastModel<'tiny-bg-nbd', 'r' | 'alpha' | 'a' | 'b'> = {
  name: 'tiny-bg-nbd',
  parameters: ['r', 'alpha', 'a', 'b'],
  ranges: { r: 'positive', alpha: 'positive', a: 'positive', b: 'positive' },
  time: 'continuous',
  newcomer({ r, alpha, a, b }) {
    const chance = (n: number, t: number): number => {
      if (t === 0) return n === 0 ? 1 : 0
      const [stay, go] = [alpha / (alpha + t), t / (alpha + t)]
      const nb = (k: number) =>
        Math.exp(lnGamma(r + k) - lnGamma(r) - lnGamma(k + 1) + r * Math.log(stay) + k * Math.log(go))
      let below = 0
      for (let k = 0; k < n; k += 1) below += nb(k)
      const staying = Math.exp(lnBeta(a, b + n) - lnBeta(a, b)) * nb(n)
      return n === 0 ? staying : staying + Math.exp(lnBeta(a + 1, b + n - 1) - lnBeta(a, b)) * (1 - below)
    }
    return {
      lnAlive: 0,
      lnAliveAfter: () => Number.NaN,
      expected: (t) =>
        ((a + b - 1) / (a - 1)) *
        (1 - (alpha / (alpha + t)) ** r * hypergeometric(r, b, a + b - 1, t / (alpha + t))),
      discounted: () => Number.NaN,
      lnChanceOf: (n, from, to) => (from === 0 ? Math.log(chance(n, to)) : Number.NaN),
      lnChanceOfAtLeast: (n, from, to) => (from === 0 ? atLeast(n, (k) => chance(k, to)) : Number.NaN),
      rates: {},
    }
  },
  after({ r, alpha, a, b }, { repeatCount: x, lastPurchaseAge, age }) {
    const gone = x === 0 ? 0 : (a / (b + x - 1)) * ((alpha + age) / (alpha + lastPurchaseAge)) ** (r + x)
    const lnAlive = -Math.log1p(gone)
    return {
      lnAlive,
      lnAliveAfter: () => Number.NaN,
      expected: (t) =>
        (((a + b + x - 1) / (a - 1)) *
          (1 -
            ((alpha + age) / (alpha + age + t)) ** (r + x) *
              hypergeometric(r + x, b + x, a + b + x - 1, t / (alpha + age + t)))) /
        (1 + gone),
      discounted: () => Number.NaN,
      lnChanceOf: () => Number.NaN,
      // Who is there buys none while the rate is gamma(r + x, alpha + T).
      lnChanceOfAtLeast: (n, from, to) =>
        n === 1 && from === 0
          ? lnAlive + Math.log1p(-(((alpha + age) / (alpha + age + to)) ** (r + x)))
          : Number.NaN,
      rates: {},
    }
  },
}
