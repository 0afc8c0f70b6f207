// A model for the tests of estimation: BG/NBD as its paper has it, with nothing done for extremes.
import type {
  CustomerHistory,
  Edge,
  HistoryTable,
  Likelihood,
  LikelihoodModel,
  LimitModel,
  PurchaseModel,
  Values,
} from 'liuliang/ltv'
import { digamma, lnBetaRatio, lnGamma } from 'liuliang/measures'

type P = 'r' | 'alpha' | 'a' | 'b'
type Rows = { readonly [c in 'count' | 'repeatCount' | 'lastPurchaseAge' | 'age']: ArrayLike<number> }

export const plainBgNbd: LikelihoodModel<'bg-nbd', P, HistoryTable> &
  Pick<PurchaseModel<'bg-nbd', P>, 'time' | 'effects' | 'historyLikelihood' | 'draw'> = {
  name: 'bg-nbd',
  label: { en: 'BG/NBD', zh: 'BG/NBD' },
  time: 'continuous',
  parameters: ['r', 'alpha', 'a', 'b'],
  ranges: { r: 'positive', alpha: 'positive', a: 'positive', b: 'positive' },
  powers: { r: 0, alpha: 1, a: 0, b: 0 },
  effects: {
    buying: [{ parameter: 'alpha', sign: -1 }],
    leaving: [
      { parameter: 'a', sign: 1 },
      { parameter: 'b', sign: 1 },
    ],
  },
  likelihood,
  historyLikelihood: ({ repeatCount, lastPurchaseAge, age }: CustomerHistory) =>
    likelihood({ count: [1], repeatCount: [repeatCount], lastPurchaseAge: [lastPurchaseAge], age: [age] }),
  rescaled(table) {
    const by = sum(table, (row) => table.age[row]!) / table.customers
    return {
      by,
      lnShift: sum(table, (row) => table.repeatCount[row]!) * Math.log(by),
      data: {
        ...table,
        age: table.age.map((age) => age / by),
        lastPurchaseAge: table.lastPurchaseAge.map((age) => age / by),
      },
    }
  },
  starts(table) {
    const time = sum(table, (row) => table.age[row]!)
    const bought = sum(table, (row) => table.repeatCount[row]!)
    return [
      { r: 0.5, alpha: (0.5 * time) / Math.max(bought, 0.5), a: 0.5, b: 1.5 },
      { r: 2, alpha: (2 * time) / Math.max(bought, 0.5), a: 2, b: 10 },
    ]
  },
  edge(_, { r, a, b }): Edge | undefined {
    if (a / (a + b) < 1e-4) return edgeOf('no-drop-out', 'nbd')
    return r > 1e4 ? edgeOf('all-buy-alike') : undefined
  },
  hopeless: (table) => (table.repeatCount.every((x) => x === 0) ? edgeOf('no-repeat-purchases') : undefined),
  sizeOf: ({ customers }) => customers,
  draw({ r, alpha, a, b }, age, random) {
    const rate = gammaDraw(r, random) / alpha
    const [left, stays] = [gammaDraw(a, random), gammaDraw(b, random)]
    const times: number[] = []
    for (let at = 0; ; ) {
      at -= Math.log1p(-random.next()) / rate
      if (!(at <= age)) return times
      times.push(at)
      if (random.next() * (left + stays) < left) return times
    }
  },
}

const edgeOf = (reason: string, instead?: LimitModel): Edge => ({
  reason,
  next: { en: `${reason}: see there.`, zh: `${reason}` },
  ...(instead && { instead }),
})

function sum({ count }: HistoryTable, of: (row: number) => number): number {
  return count.reduce((total, n, row) => total + n * of(row), 0)
}

function likelihood({ count, repeatCount, lastPurchaseAge, age }: Rows): Likelihood {
  const at = (values: ArrayLike<number>, slopes?: Float64Array): number => {
    const [r, alpha, a, b] = [values[0]!, values[1]!, values[2]!, values[3]!]
    if (![r, alpha, a, b].every((value) => value > 1e-90 && value < 1e90)) return Number.NaN
    slopes?.fill(0)
    let total = 0
    for (let i = 0; i < count.length; i += 1) {
      const [n, x, tx, T] = [count[i]!, repeatCount[i]!, lastPurchaseAge[i]!, age[i]!]
      const [early, late] = [Math.log(alpha + tx), Math.log(alpha + T)]
      const u = x > 0 ? Math.log(a) - Math.log(b + x - 1) + (r + x) * (late - early) : -Infinity
      const w = 1 / (1 + Math.exp(-u))
      total +=
        n *
        (lnGamma(r + x) -
          lnGamma(r) +
          lnBetaRatio(a, b, x) +
          r * Math.log(alpha) -
          (r + x) * late +
          (u > 0 ? u + Math.log1p(Math.exp(-u)) : Math.log1p(Math.exp(u))))
      if (slopes === undefined) continue
      slopes[0]! +=
        n * (digamma(r + x) - digamma(r) + Math.log(alpha) - late + (x > 0 ? w * (late - early) : 0))
      slopes[1]! +=
        n *
        (r / alpha - (r + x) / (alpha + T) + (x > 0 ? w * (r + x) * (1 / (alpha + T) - 1 / (alpha + tx)) : 0))
      if (x === 0) continue
      const both = digamma(a + b) - digamma(a + b + x)
      slopes[2]! += n * (both + w / a)
      slopes[3]! += n * (both + digamma(b + x) - digamma(b) - w / (b + x - 1))
    }
    return total
  }
  return { value: (values) => at(values), slopes: at }
}

/** Marsaglia & Tsang (2000). */
function gammaDraw(shape: number, random: { next(): number }): number {
  if (shape < 1) return gammaDraw(shape + 1, random) * (1 - random.next()) ** (1 / shape)
  const d = shape - 1 / 3
  for (;;) {
    const z = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
    const v = (1 + z / Math.sqrt(9 * d)) ** 3
    if (v > 0 && Math.log(1 - random.next()) < 0.5 * z * z + d - d * v + d * Math.log(v)) return d * v
  }
}

/** Customers who come over `spread` units and are watched until `until`, with covariates if told. */
export function drawnHistories(
  model: Pick<typeof plainBgNbd, 'draw'>,
  values: (customer: number) => Values<P>,
  given: {
    readonly customers: number
    readonly until: number
    readonly spread: number
    readonly unit?: CustomerHistory['unit']
    readonly random: { next(): number }
    readonly covariates?: (customer: number) => { readonly [name: string]: number }
  },
): CustomerHistory[] {
  const { customers, until, spread, unit = 'week', random, covariates } = given
  return Array.from({ length: customers }, (_, i) => {
    const age = until - spread * random.next()
    const times = model.draw(values(i), age, random)
    return {
      unit,
      repeatCount: times.length,
      lastPurchaseAge: times.at(-1) ?? 0,
      age,
      ...(covariates && { covariates: covariates(i) }),
    }
  })
}
