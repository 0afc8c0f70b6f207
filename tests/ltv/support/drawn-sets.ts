// Data sets of every model, drawn from itself: ordinary ones, and such as tell too little or lie at a limit.
import { random } from 'liuliang'
import {
  type ContractModel,
  contractTable,
  type HistoryTable,
  historyTable,
  type PurchaseModel,
  type SpendModel,
  spendTable,
  type TimeUnit,
} from 'liuliang/ltv'
import { between, type Drawn, unitsOfAWeek } from './fit-laws.js'

type Chance = ReturnType<typeof random>
type Numbers = { readonly [name: string]: number }

/** What is out of the ordinary about a set. `alike`: customers who hardly differ. */
const kinds = ['ordinary', 'nobody-leaves', 'buy-alike', 'leave-alike', 'few', 'short'] as const
type Kind = (typeof kinds)[number]

interface Plan {
  readonly seed: Chance
  readonly kind: Kind
  readonly unit: TimeUnit
  /** Units in a week. */
  readonly by: number
  readonly customers: number
  readonly what: string
}

/** Sets of every kind in every unit of time; the number of customers evenly by its logarithm from 30 to `most`. */
function* plans(name: string, sets: number, most: number): Generator<Plan> {
  for (let i = 0; i < sets; i += 1) {
    const seed = random(`${name}-${i}`)
    const kind = kinds[i % kinds.length]!
    const [unit, by] = unitsOfAWeek[Math.floor(i / kinds.length) % unitsOfAWeek.length]!
    const customers = kind === 'few' ? seed.integer(30, 60) : Math.round(between(30, most, seed))
    yield { seed, kind, unit, by, customers, what: `${name} ${i}: ${kind}, ${customers} in ${unit}s` }
  }
}

/** r and alpha of buying so often a week. */
function buying({ kind, seed, by }: Plan): { readonly r: number; readonly alpha: number } {
  const r = kind === 'buy-alike' ? 300 : between(0.2, 3, seed)
  return { r, alpha: (r * by) / between(0.02, 0.4, seed) }
}

/** Two numbers of a beta distribution by mean and sum. */
function mixed({ kind, seed }: Plan): readonly [number, number] {
  const mean = kind === 'nobody-leaves' ? 1e-5 : between(0.05, 0.5, seed)
  const sum = kind === 'leave-alike' ? 500 : between(0.5, 5, seed)
  return [mean * sum, (1 - mean) * sum]
}

/** How long who has the mean rate stays, in weeks, and how alike customers are in it. */
function stay({ kind, seed }: Plan): { readonly weeks: number; readonly s: number } {
  return {
    weeks: kind === 'nobody-leaves' ? 1e7 : between(5, 100, seed),
    s: kind === 'leave-alike' ? 300 : between(0.3, 3, seed),
  }
}

/** Values of each model of purchases, for a plan. */
const valuesOf: { readonly [model: string]: (plan: Plan) => Numbers } = {
  nbd: buying,
  'pareto-nbd'(plan) {
    const { weeks, s } = stay(plan)
    return { ...buying(plan), s, beta: s * weeks * plan.by }
  },
  'correlated-pareto-nbd'(plan) {
    const { weeks, s } = stay(plan)
    const { r, alpha } = buying(plan)
    const beta = s * weeks * plan.by
    // Half of the largest m there is: of the two products of means and what they lack of 1.
    const [a, b] = [(alpha / (alpha + 1)) ** r, (beta / (beta + 1)) ** s]
    return { r, alpha, s, beta, m: 0.5 / Math.max(a * (1 - b), b * (1 - a)) }
  },
  'ggompertz-nbd'(plan) {
    const { weeks, s } = stay(plan)
    const beta = between(0.3, 30, plan.seed)
    // The hazard has the pace that lets half of them stay so long.
    return { ...buying(plan), b: Math.log(1 + beta * (2 ** (1 / s) - 1)) / (weeks * plan.by), s, beta }
  },
  'bg-bb'(plan) {
    const alike = plan.kind === 'buy-alike' ? 300 : between(0.5, 4, plan.seed)
    const buys = between(0.1, 0.7, plan.seed)
    const [gamma, delta] = mixed(plan)
    return { alpha: buys * alike, beta: (1 - buys) * alike, gamma, delta }
  },
}
const betaGeometric = (plan: Plan): Numbers => {
  const [a, b] = mixed(plan)
  return { ...buying(plan), a, b }
}

/** Histories drawn from a model of purchases. */
export function* purchaseSets(
  model: PurchaseModel<string, string>,
  sets: number,
  most: number,
): Generator<Drawn<HistoryTable>> {
  for (const plan of plans(model.name, sets, most)) {
    const { seed, kind, customers, what } = plan
    const discrete = model.time === 'discrete'
    const [unit, by]: readonly [TimeUnit, number] = discrete ? ['opportunity', 1] : [plan.unit, plan.by]
    const values = (valuesOf[model.name] ?? betaGeometric)({ ...plan, by })
    const until = (kind === 'short' ? 4 : discrete ? 12 : 60) * by
    const histories = Array.from({ length: customers }, () => {
      const age = discrete ? seed.integer(until / 2, until) : until * (1 - seed.next() / 2)
      const times = model.draw(values, age, seed)
      const gaps = times.map((at, i) => at - (times[i - 1] ?? 0))
      return {
        unit,
        repeatCount: times.length,
        lastPurchaseAge: times.at(-1) ?? 0,
        age,
        ...(!discrete && { sumLnGaps: gaps.reduce((sum, gap) => sum + Math.log(gap), 0) }),
      }
    })
    yield { what: `${what}, ${JSON.stringify(values)}`, data: historyTable(histories) }
  }
}

/** Spend drawn from a model of it: customers who spend alike, or nearly the same every time, among them. */
export function* spendSets(model: SpendModel<string, string>, sets: number, most: number) {
  for (const { seed, kind, customers, by, what } of plans(model.name, sets, most)) {
    const p = kind === 'buy-alike' ? 500 : between(0.5, 20, seed)
    const q = kind === 'leave-alike' ? 300 : kind === 'nobody-leaves' ? 1.05 : between(1.2, 8, seed)
    const v = between(5, 100, seed) * by
    const values = { p, q, v }
    // Who bought once only says nothing of how purchases of one customer vary.
    const further = kind === 'short' ? 0.05 : between(0.3, 0.8, seed)
    const rows = Array.from({ length: customers }, () => {
      let purchases = 1
      while (seed.next() < further) purchases += 1
      const spent = model.draw(values, purchases, seed)
      return { purchases, mean: spent.reduce((sum, one) => sum + one, 0) / purchases }
    })
    yield { what: `${what}, ${JSON.stringify(values)}`, data: spendTable(rows) }
  }
}

/** Tenures drawn from a model of contracts; some of the customers came a while ago. */
export function* contractSets(model: ContractModel<string, string>, sets: number, most: number) {
  for (const plan of plans(model.name, sets, most)) {
    const { seed, kind, customers, what } = plan
    const discrete = model.time === 'discrete'
    const [unit, by]: readonly [TimeUnit, number] = discrete ? ['month', 1] : [plan.unit, plan.by]
    const [alpha, beta] = mixed(plan)
    const c = between(0.5, 2, seed)
    const { weeks, s } = stay(plan)
    const values: Numbers = discrete
      ? { alpha, beta, ...(model.parameters.includes('c') && { c }) }
      : model.parameters.includes('c')
        ? { r: s, scale: weeks * by, c }
        : { r: s, alpha: s * weeks * by }
    const until = (kind === 'short' ? 4 : discrete ? 10 : 60) * by
    const staying = model.staying(values, 0)
    const records = Array.from({ length: customers }, () =>
      staying.draw(discrete ? seed.integer(until / 2, until) : until * (1 - seed.next() / 2), seed),
    )
    yield { what: `${what}, ${JSON.stringify(values)}`, data: contractTable({ unit, customers: records }) }
  }
}
