// How often intervals of 95 % cover the truth, over many sets drawn from it; and truths that 1,000 customers determine.
import { random } from 'liuliang'
import {
  bdw,
  bgBb,
  bgCnbd,
  bgNbd,
  type ContractModel,
  contractTable,
  exponentialGamma,
  type Fit,
  fitModel,
  gammaGamma,
  historyTable,
  type LikelihoodModel,
  mbgNbd,
  type NoFit,
  nbd,
  type PurchaseModel,
  paretoNbd,
  type SpendModel,
  sbg,
  spendTable,
  type Values,
  weibullGamma,
} from 'liuliang/ltv'

type Chance = ReturnType<typeof random>

/** A model with the truth, and a set of so many customers drawn from it. */
interface Truth {
  readonly name: string
  readonly parameters: readonly string[]
  fit(customers: number, seed: Chance): Fit | NoFit
  readonly values: { readonly [name: string]: number }
}

function truthOf<P extends string, Data>(
  model: LikelihoodModel<string, P, Data>,
  values: Values<P>,
  draw: (customers: number, seed: Chance) => Data,
): Truth {
  const { name, parameters } = model
  const fit: Truth['fit'] = (customers, seed) => fitModel(model, draw(customers, seed))
  return { name, parameters, values, fit }
}

const people = <T>(customers: number, one: () => T): readonly T[] => Array.from({ length: customers }, one)

/** Customers who came over half a year and are watched until a year or so after the first of them came; or over opportunities. */
function buying<P extends string>(model: PurchaseModel<string, P>, values: Values<P>): Truth {
  const discrete = model.time === 'discrete'
  return truthOf(model, values, (customers, seed) =>
    historyTable(
      people(customers, () => {
        const age = discrete ? seed.integer(8, 15) : 60 - 30 * seed.next()
        const times = model.draw(values, age, seed)
        return {
          unit: discrete ? ('opportunity' as const) : ('week' as const),
          repeatCount: times.length,
          lastPurchaseAge: times.at(-1) ?? 0,
          age,
        }
      }),
    ),
  )
}

/** Customers who signed between half the time and the whole time ago. */
function staying<P extends string>(
  model: ContractModel<string, P>,
  values: Values<P>,
  periods: number,
): Truth {
  const discrete = model.time === 'discrete'
  return truthOf(model, values, (customers, seed) => {
    const drawn = model.staying(values, 0)
    const until = () => (discrete ? seed.integer(periods / 2, periods) : periods * (1 - seed.next() / 2))
    return contractTable({ unit: 'month', customers: people(customers, () => drawn.draw(until(), seed)) })
  })
}

/** Customers of whom six in ten buy another time, each time. */
function spending<P extends string>(model: SpendModel<string, P>, values: Values<P>): Truth {
  return truthOf(model, values, (customers, seed) =>
    spendTable(
      people(customers, () => {
        let purchases = 1
        while (seed.next() < 0.6) purchases += 1
        const spent = model.draw(values, purchases, seed)
        return { purchases, mean: spent.reduce((sum, one) => sum + one, 0) / purchases }
      }),
    ),
  )
}

export const truths: readonly Truth[] = [
  buying(nbd, { r: 0.8, alpha: 6 }),
  buying(bgNbd, { r: 0.8, alpha: 6, a: 1, b: 3 }),
  buying(paretoNbd, { r: 0.8, alpha: 6, s: 0.8, beta: 15 }),
  buying(mbgNbd, { r: 0.8, alpha: 6, a: 1, b: 3 }),
  buying(bgCnbd(2), { r: 0.8, alpha: 3, a: 1, b: 3 }),
  buying(bgBb, { alpha: 1.2, beta: 0.8, gamma: 0.7, delta: 2.8 }),
  staying(sbg, { alpha: 0.7, beta: 1.2 }, 10),
  staying(bdw, { alpha: 0.8, beta: 3, c: 1.5 }, 20),
  staying(exponentialGamma, { r: 1, alpha: 10 }, 60),
  staying(weibullGamma, { r: 1, scale: 10, c: 1.5 }, 60),
  spending(gammaGamma, { p: 6, q: 4, v: 15 }),
]

/** How many sets had a fit, why the others had none, and by parameter the share of intervals that hold the truth. */
export function coverage(
  truth: Truth,
  customers: number,
  sets: number,
): {
  readonly fitted: number
  readonly without: { readonly [reason: string]: number }
  readonly shares: { readonly [name: string]: number }
} {
  const hits: Record<string, number> = Object.fromEntries(truth.parameters.map((name) => [name, 0]))
  const without: Record<string, number> = {}
  let fitted = 0
  for (let i = 0; i < sets; i += 1) {
    const fit = truth.fit(customers, random(`coverage-${truth.name}-${i}`))
    if (fit.kind !== 'fitted') {
      without[fit.reason] = (without[fit.reason] ?? 0) + 1
      continue
    }
    fitted += 1
    for (const name of truth.parameters) {
      const { low, high } = fit.estimates[name]!.interval
      if (low <= truth.values[name]! && truth.values[name]! <= high) hits[name]! += 1
    }
  }
  const shares = Object.fromEntries(truth.parameters.map((name) => [name, hits[name]! / fitted]))
  return { fitted, without, shares }
}
