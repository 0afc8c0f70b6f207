import { fault } from '../../../kernel/errors.js'
import { powerRule } from '../../../measures/power-rule.js'
import { type CustomerHistory, checkHistory, type HistoryTable } from '../../histories/history.js'
import { checkValues, type Likelihood, type Values } from '../../model.js'
import { checkData } from '../checked.js'
import type { PurchaseModel } from '../model.js'
import { rescaledTable } from '../rescaled-table.js'
import { buyingAfter, buyingOfNewcomer } from './customer.js'
import { drawPurchases } from './draw.js'
import { paretoEdge, paretoHopeless, typicalAge } from './edges.js'
import { arePositive, expectedOfRows, lnLikelihoodOf, tableLikelihood } from './likelihood.js'

type P = 'r' | 'alpha' | 's' | 'beta'

const shape = {
  parameters: ['r', 'alpha', 's', 'beta'] as const,
  ranges: { r: 'positive', alpha: 'positive', s: 'positive', beta: 'positive' } as const,
}

/** The values of the model with correlation, here 0. */
const checked = (values: Values<P>) => {
  checkValues(shape, values, '$.values')
  return { ...values, m: 0 }
}

/**
 * Pareto/NBD: customers buy at random times, each at a rate of their own, and leave at a random time that nobody sees, each
 * at a rate of their own too.
 *
 * Rates of buying are Gamma(r, alpha) among customers, rates of leaving Gamma(s, beta), both rates per unit of time. People
 * may leave at any time, so that who never bought again may well have left (unlike in BG/NBD).
 *
 * @see Schmittlein, Morrison & Colombo (1987), "Counting Your Customers: Who Are They and What Will They Do Next?",
 * Management Science 33, 1-24; Fader & Hardie (2005), note 009.
 * @example
 * paretoNbd.newcomer({ r: 0.553, alpha: 10.578, s: 0.606, beta: 11.669 }).expected(52) // => 1.4729968033751075
 */
export const paretoNbd: PurchaseModel<'pareto-nbd', P> = {
  name: 'pareto-nbd',
  label: { en: 'Pareto/NBD', zh: 'Pareto/NBD 模型' },
  time: 'continuous',
  ...shape,
  powers: { r: 0, alpha: 1, s: 0, beta: 1 },
  effects: { buying: [{ parameter: 'alpha', sign: -1 }], leaving: [{ parameter: 'beta', sign: -1 }] },
  likelihood(table) {
    checkData('continuous', table)
    return tableLikelihood(table)
  },
  historyLikelihood(history) {
    checkContinuousHistory(history)
    const rule = powerRule()
    const at = (given: ArrayLike<number>, slopes?: Float64Array): number => {
      const [r, alpha, s, beta] = [given[0]!, given[1]!, given[2]!, given[3]!]
      if (!arePositive(r, alpha, s, beta)) return Number.NaN
      return lnLikelihoodOf({ r, alpha, s, beta, m: 0 }, history, rule, slopes)
    }
    return { value: (given) => at(given), slopes: at }
  },
  rescaled: rescaledTable,
  starts: (table) => paretoStarts(table, tableLikelihood(table)),
  edge(table, values, settled = false) {
    const { r, alpha, s, beta } = checked(values)
    // Of an optimum with no limit near there is nothing to add.
    if (settled) return undefined
    return paretoEdge(table, values, tableLikelihood(table).value([r, alpha, s, beta]))
  },
  hopeless: paretoHopeless,
  sizeOf: (table) => table.customers,
  after(values, history) {
    checkContinuousHistory(history)
    return buyingAfter(checked(values), history)
  },
  newcomer: (values) => buyingOfNewcomer(checked(values)),
  expectedOf: (values, table, span) => expectedOfRows(checked(values), table, span),
  draw: (values, age, random) => drawPurchases(checked(values), age, random),
}

/** Refuses opportunities where the model counts time. */
function checkContinuous(unit: string, path: string): void {
  if (unit === 'opportunity') {
    throw fault('out-of-range', path, unit, 'a unit of time; a model in discrete time takes opportunities')
  }
}

/** Refuses what is no history in continuous time. */
export function checkContinuousHistory(history: CustomerHistory): void {
  checkHistory(history, '$.history')
  checkContinuous(history.unit, '$.history.unit')
}

/** How customers may differ, and how many of their purchases leaving may have cost them. */
const startingShapes = [
  { r: 0.6, s: 0.6, stay: 0.3, busier: 2 },
  { r: 1.5, s: 0.4, stay: 2, busier: 1.3 },
  { r: 0.4, s: 2, stay: 1.5, busier: 3 },
] as const

/** A few places all over, the likeliest first. */
export function paretoStarts(table: HistoryTable, { value }: Likelihood): readonly Values<P>[] {
  const age = typicalAge(table)
  let purchases = 0
  for (let i = 0; i < table.count.length; i += 1) purchases += table.count[i]! * table.repeatCount[i]!
  const pace = Math.max(purchases, 0.5) / (age * table.customers)
  return startingShapes
    .map(({ r, s, stay, busier }) => ({ r, alpha: r / (busier * pace), s, beta: stay * age }))
    .map((values) => ({ values, at: value([values.r, values.alpha, values.s, values.beta]) }))
    .sort((a, b) => b.at - a.at)
    .map(({ values }) => values)
}
