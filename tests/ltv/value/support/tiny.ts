// Models for the tests of values: formulas of papers in closed form, with nothing done for extremes, nor for what is not asked.
import type {
  Buying,
  CustomerHistory,
  HistoryTable,
  LikelihoodModel,
  PurchaseModel,
  Values,
} from 'liuliang/ltv'
import { gaussJacobi, gaussLegendre, lnGamma, lnTricomiU } from 'liuliang/measures'

const unasked = (): never => {
  throw new Error('not asked of this model')
}

function tiny<Name extends string, P extends string>(
  name: Name,
  names: readonly P[],
  powers: { readonly [name in P]: number },
  buying: (values: Values<P>, history: CustomerHistory) => Buying,
): PurchaseModel<Name, P> {
  const shared: Omit<
    LikelihoodModel<Name, P, HistoryTable>,
    'name' | 'label' | 'parameters' | 'ranges' | 'powers'
  > = {
    likelihood: unasked,
    rescaled: unasked,
    starts: unasked,
    edge: unasked,
    hopeless: unasked,
    sizeOf: unasked,
  }
  return {
    ...shared,
    name,
    label: { en: name, zh: name },
    parameters: names,
    ranges: Object.fromEntries(names.map((one) => [one, 'positive'])) as { readonly [name in P]: 'positive' },
    powers,
    time: 'continuous',
    historyLikelihood: unasked,
    after: buying,
    newcomer: (values) => buying(values, { unit: 'week', repeatCount: 0, lastPurchaseAge: 0, age: 0 }),
    draw: unasked,
  }
}

/** Everybody buys at a rate of their own, Gamma(r, alpha), and nobody leaves: everything in closed form. */
export const tinyNbd = tiny(
  'nbd',
  ['r', 'alpha'],
  { r: 0, alpha: 1 },
  ({ r, alpha }, { repeatCount, age }) => {
    const [shape, rate] = [r + repeatCount, alpha + age]
    const lnChanceOf = (n: number, from: number, to: number) =>
      lnGamma(shape + n) -
      lnGamma(shape) -
      lnGamma(n + 1) -
      shape * Math.log1p((to - from) / rate) +
      n * Math.log((to - from) / (rate + to - from))
    return {
      lnAlive: 0,
      lnAliveAfter: () => 0,
      expected: (time) => (shape / rate) * time,
      discounted: (time, d) => (shape / rate) * (-Math.expm1(-d * time) / d),
      lnChanceOf,
      lnChanceOfAtLeast(n, from, to) {
        if (n === 1) return Math.log(-Math.expm1(lnChanceOf(0, from, to)))
        let sum = 0
        for (let k = n; k < n + 4000; k++) sum += Math.exp(lnChanceOf(k, from, to))
        return Math.log(sum)
      },
      rates: { lambda: { mean: shape / rate, variance: shape / rate / rate, in: 'per-time' } },
    }
  },
)

/** BG/NBD: P(alive), and purchases expected as a mean over p. */
export const tinyBgNbd = tiny(
  'bg-nbd',
  ['r', 'alpha', 'a', 'b'],
  { r: 0, alpha: 1, a: 0, b: 0 },
  ({ r, alpha, a, b }, { repeatCount: x, lastPurchaseAge: tx, age: T }) => {
    const odds = x === 0 ? 0 : (a / (b + x - 1)) * ((alpha + T) / (alpha + tx)) ** (r + x)
    const { nodes, weights } = gaussJacobi(48, { a, b: b + x })
    return {
      lnAlive: -Math.log1p(odds),
      lnAliveAfter: unasked,
      expected: (time) =>
        nodes.reduce(
          (sum, p, k) =>
            sum - (weights[k]! * Math.expm1(-(r + x) * Math.log1p((p * time) / (alpha + T)))) / p,
          0,
        ) /
        (1 + odds),
      discounted: unasked,
      lnChanceOf: (n, from, to) =>
        n === 0 && from === 0
          ? Math.log1p((((alpha + T) / (alpha + T + to)) ** (r + x) - 1) / (1 + odds))
          : unasked(),
      lnChanceOfAtLeast: unasked,
      rates: {},
    }
  },
)

/** Pareto/NBD: P(alive), and all purchases to come, discounted. */
export const tinyParetoNbd = tiny(
  'pareto-nbd',
  ['r', 'alpha', 's', 'beta'],
  { r: 0, alpha: 1, s: 0, beta: 1 },
  ({ r, alpha, s, beta }, { repeatCount: x, lastPurchaseAge: tx, age: T }) => {
    const { nodes, weights } = gaussLegendre(64)
    const half = (T - tx) / 2
    const left = nodes.reduce((sum, node, k) => {
      const at = tx + half * (1 + node)
      return (
        sum +
        weights[k]! *
          half *
          ((alpha + T) / (alpha + at)) ** (r + x) *
          ((beta + T) / (beta + at)) ** s *
          (s / (beta + at))
      )
    }, 0)
    return {
      lnAlive: -Math.log1p(left),
      lnAliveAfter: unasked,
      expected: unasked,
      discounted: (time, d) =>
        time === Infinity
          ? ((r + x) / (alpha + T) / (1 + left)) *
            Math.exp(s * Math.log(beta + T) + (s - 1) * Math.log(d) + lnTricomiU(s, s, d * (beta + T)))
          : unasked(),
      lnChanceOf: unasked,
      lnChanceOfAtLeast: unasked,
      rates: {},
    }
  },
)
