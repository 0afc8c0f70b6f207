// Customers drawn from models by the library itself, from fixed seeds: data that are everywhere.
import { random } from 'liuliang'
import {
  bgBb,
  bgNbd,
  contractTable,
  gammaGamma,
  type HistoryTable,
  historyTable,
  mbgNbd,
  nbd,
  type PurchaseModel,
  paretoNbd,
  sbg,
  spendTable,
  type TimeUnit,
} from 'liuliang/ltv'

/** What they were drawn from. */
const truth = {
  nbd: { r: 0.7, alpha: 9 },
  'bg-nbd': { r: 0.6, alpha: 5, a: 0.8, b: 2.4 },
  'mbg-nbd': { r: 0.8, alpha: 6, a: 0.7, b: 2.5 },
  'pareto-nbd': { r: 0.8, alpha: 8, s: 0.7, beta: 12 },
  'bg-bb': { alpha: 1.2, beta: 0.9, gamma: 0.7, delta: 2.6 },
  'gamma-gamma': { p: 6, q: 4, v: 15 },
  sbg: { alpha: 0.8, beta: 2 },
} as const

/** [x, t_x, T] in whole days, or in opportunities: as exact on paper as in floats. */
function rowsOf<P extends string>(
  model: PurchaseModel<string, P>,
  values: { readonly [name in P]: number },
  customers: number,
): readonly (readonly [number, number, number])[] {
  const chance = random(`simulated ${model.name}`)
  return Array.from({ length: customers }, (_, i) => {
    if (model.time === 'discrete') {
      const age = 4 + (i % 4)
      const at = model.draw(values, age, chance)
      return [at.length, at.at(-1) ?? 0, age] as const
    }
    // First purchases within twelve weeks, one a day at most after that.
    const age = 7 * 27 + (i % 84)
    const days = new Set(model.draw(values, age / 7, chance).map((week) => Math.ceil(7 * week)))
    const all = [...days].filter((day) => day <= age)
    return [all.length, all.at(-1) ?? 0, age] as const
  })
}

export const rows = {
  nbd: () => rowsOf(nbd, truth.nbd, 1000),
  'bg-nbd': () => rowsOf(bgNbd, truth['bg-nbd'], 1500),
  'mbg-nbd': () => rowsOf(mbgNbd, truth['mbg-nbd'], 1500),
  'pareto-nbd': () => rowsOf(paretoNbd, truth['pareto-nbd'], 1500),
  'bg-bb': () => rowsOf(bgBb, truth['bg-bb'], 2000),
  /** Purchases and their sum in cents. */
  'gamma-gamma': () => {
    const chance = random('simulated gamma-gamma')
    return Array.from({ length: 800 }, (_, i) => {
      const purchases = 1 + (i % 5)
      const spent = gammaGamma.draw(truth['gamma-gamma'], purchases, chance)
      return [purchases, spent.reduce((cents, one) => cents + Math.max(1, Math.round(100 * one)), 0)] as const
    })
  },
  /** How many of 1,500 are left after 0 to 8 years. */
  sbg: () => {
    const chance = random('simulated sbg')
    const stay = sbg.staying(truth.sbg, 0)
    const ends = Array.from({ length: 1500 }, () => stay.draw(8, chance))
    return Array.from(
      { length: 9 },
      (_, year) => ends.filter(({ time, event }) => !event || time > year).length,
    )
  },
}

/** A table of rows as above. */
const tableOfRows = (list: readonly (readonly number[])[], unit: TimeUnit, by: number): HistoryTable =>
  historyTable(
    list.map(([x, last, age]) => ({ unit, repeatCount: x!, lastPurchaseAge: last! * by, age: age! * by })),
  )

/** An ordinary table: BG/NBD customers in weeks, or in another unit with `by` of it to a week. */
export const usualTable = (unit: TimeUnit = 'week', by = 1): HistoryTable =>
  tableOfRows(rows['bg-nbd'](), unit, by / 7)

export const dataOf = {
  nbd: () => tableOfRows(rows.nbd(), 'week', 1 / 7),
  'bg-nbd': () => usualTable(),
  'mbg-nbd': () => tableOfRows(rows['mbg-nbd'](), 'week', 1 / 7),
  'pareto-nbd': () => tableOfRows(rows['pareto-nbd'](), 'week', 1 / 7),
  'bg-bb': () => tableOfRows(rows['bg-bb'](), 'opportunity', 1),
  'gamma-gamma': () =>
    spendTable(
      rows['gamma-gamma']().map(([purchases, cents]) => ({ purchases, mean: cents / 100 / purchases })),
    ),
  sbg: () => contractTable({ unit: 'year', cohorts: [{ cohort: 'all', survivors: rows.sbg() }] }),
}
