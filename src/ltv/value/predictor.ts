import { exp } from '../../kernel/elementary.js'
import { checkName, checkRecord, fault } from '../../kernel/errors.js'
import { checkColumn } from '../column.js'
import { type DiscountRate, lnRateIn } from '../discount.js'
import { type CustomerHistory, checkHistory, type HistoryTable } from '../histories/history.js'
import { checkPredicting, checkUnitOf, checkValues, type ModelParameters, type Values } from '../model.js'
import type { Buying, PurchaseModel, RateKnowledge } from '../purchases/model.js'
import { checkUnit, MOST_UNITS, spanIn, type TimeSpan, type TimeUnit } from '../unit.js'
import type { NextPurchase } from './next-purchase.js'
import {
  type DiscountedSpan,
  discountedBy,
  outlookOf,
  type PurchaseOutlook,
  type Within,
} from './purchase-outlook.js'

/** Histories as columns, alike or one a customer: `HistoryTable` is one. */
export type HistoryColumns = Pick<HistoryTable, 'unit' | 'repeatCount' | 'lastPurchaseAge' | 'age'>

/**
 * Everything a model with its parameters says of customers. Histories are in the unit of the parameters; spans in any unit of
 * time.
 */
export interface Predictor {
  readonly model: string
  /** Of histories, and of times in answers. */
  readonly unit: TimeUnit
  /** All that is to be said of one customer, worked out once; the methods below are the same for a single question. */
  customer(history: CustomerHistory): PurchaseOutlook
  /** Of whom nothing is known but the first purchase, from that moment on; with `variancePurchases` and `ln`, too. */
  readonly newcomer: PurchaseOutlook
  /** P(alive): the chance of still being a customer at the end of observation. */
  alive(history: CustomerHistory): number
  /** The chance of still being one so much later. */
  aliveAfter(history: CustomerHistory, span: TimeSpan): number
  /** Purchases expected after the end of observation. */
  expectedPurchases(history: CustomerHistory, within: Within): number
  /** The chance of no purchase for so long. */
  noPurchaseFor(history: CustomerHistory, span: TimeSpan): number
  /** The chance of exactly n purchases. */
  chanceOf(history: CustomerHistory, n: number, within: Within): number
  /** The chance of at least n purchases. */
  chanceOfAtLeast(history: CustomerHistory, n: number, within: Within): number
  /** DECT with a horizon, DERT without; see `PurchaseOutlook`. */
  discountedPurchases(history: CustomerHistory, asked: DiscountedSpan): number
  /** When such a share of customers like this has bought again. */
  nextPurchase(history: CustomerHistory, share: number): NextPurchase
  /** The same for several shares, in their order. */
  nextPurchase(history: CustomerHistory, shares: readonly number[]): readonly NextPurchase[]
  /** What is known of the customer's own rates. */
  rates(history: CustomerHistory): { readonly [symbol: string]: RateKnowledge }
  /** Chance in how often one customer buys within a span, parameters taken as known; see `PurchaseOutlook`. */
  variancePurchases(history: CustomerHistory, span: TimeSpan): number
  /** Logarithms of chances, which are exact where a chance is too small for a number; -Infinity of what cannot be. */
  readonly ln: {
    alive(history: CustomerHistory): number
    aliveAfter(history: CustomerHistory, span: TimeSpan): number
    noPurchaseFor(history: CustomerHistory, span: TimeSpan): number
    chanceOf(history: CustomerHistory, n: number, within: Within): number
    chanceOfAtLeast(history: CustomerHistory, n: number, within: Within): number
  }
  /** P(alive) of each row. */
  aliveOf(table: HistoryColumns): Float64Array
  /** Purchases expected of each row within a span after its end of observation. */
  expectedPurchasesOf(table: HistoryColumns, span: TimeSpan): Float64Array
  /** DECT or DERT of each row. */
  discountedPurchasesOf(table: HistoryColumns, asked: DiscountedSpan): Float64Array
}

/**
 * Predictions of a model with its parameters: from a fit that reached an optimum, or given ones with their source. A search
 * that found no optimum, or parameters of another model, do not compile here, and are refused when they come from elsewhere.
 *
 * @throws DefinitionError `unknown-name` for parameters of another model or no parameters, or a history in another unit;
 * `out-of-range` for values, spans and histories that cannot be.
 * @example
 * const values = { r: 0.553, alpha: 10.578, s: 0.606, beta: 11.669 }
 * const { alive } = predictor(paretoNbd, parameters(paretoNbd, values, { unit: 'week', source: 'a fit to CDNOW' }))
 * alive({ unit: 'week', repeatCount: 2, lastPurchaseAge: 30.43, age: 38.86 }) // => 0.8691675591530112
 */
export function predictor<Name extends string, P extends string>(
  model: PurchaseModel<Name, P>,
  parameters: ModelParameters<NoInfer<Name>, NoInfer<P>>,
): Predictor {
  const { unit, buyingAfter, newcomer, values } = readPrediction(model, parameters)
  const customer = (history: CustomerHistory) => outlookOf(buyingAfter(history, '$.history'), unit)
  const each = (table: HistoryColumns, of: (buying: Buying) => number): Float64Array => {
    const { repeatCount, lastPurchaseAge, age } = checkColumns(table, unit, model.time)
    const answers = new Float64Array(age.length)
    for (let i = 0; i < age.length; i++) {
      const history = {
        unit,
        repeatCount: repeatCount[i]!,
        lastPurchaseAge: lastPurchaseAge[i]!,
        age: age[i]!,
      }
      answers[i] = of(model.after(values, history))
    }
    return answers
  }
  function nextPurchaseAfter(history: CustomerHistory, share: number): NextPurchase
  function nextPurchaseAfter(history: CustomerHistory, shares: readonly number[]): readonly NextPurchase[]
  function nextPurchaseAfter(
    history: CustomerHistory,
    shares: number | readonly number[],
  ): NextPurchase | readonly NextPurchase[] {
    // One signature at a time is how overloads are called.
    return customer(history).nextPurchase(shares as number)
  }
  return {
    model: model.name,
    unit,
    customer,
    newcomer: outlookOf(newcomer(), unit),
    alive: (history) => customer(history).alive(),
    aliveAfter: (history, span) => customer(history).aliveAfter(span),
    expectedPurchases: (history, within) => customer(history).expectedPurchases(within),
    noPurchaseFor: (history, span) => customer(history).noPurchaseFor(span),
    chanceOf: (history, n, within) => customer(history).chanceOf(n, within),
    chanceOfAtLeast: (history, n, within) => customer(history).chanceOfAtLeast(n, within),
    discountedPurchases: (history, asked) => customer(history).discountedPurchases(asked),
    nextPurchase: nextPurchaseAfter,
    rates: (history) => customer(history).rates(),
    variancePurchases: (history, span) => customer(history).variancePurchases(span),
    ln: {
      alive: (history) => customer(history).ln.alive(),
      aliveAfter: (history, span) => customer(history).ln.aliveAfter(span),
      noPurchaseFor: (history, span) => customer(history).ln.noPurchaseFor(span),
      chanceOf: (history, n, within) => customer(history).ln.chanceOf(n, within),
      chanceOfAtLeast: (history, n, within) => customer(history).ln.chanceOfAtLeast(n, within),
    },
    aliveOf: (table) => each(table, ({ lnAlive }) => exp(lnAlive)),
    expectedPurchasesOf(table, span) {
      const time = spanIn(unit, span, '$.span')
      if (model.expectedOf === undefined) return each(table, (buying) => buying.expected(time))
      return model.expectedOf(values, checkColumns(table, unit, model.time), time)
    },
    discountedPurchasesOf(table, asked) {
      checkRecord(asked, '$.asked')
      const rate = lnRateIn(unit, asked.discount, '$.asked.discount')
      const horizon = asked.horizon === undefined ? Infinity : spanIn(unit, asked.horizon, '$.asked.horizon')
      if (rate === 0 && horizon === Infinity) throw noDiscount(asked.discount)
      return each(table, (buying) => discountedBy(buying, horizon, rate))
    },
  }
}

const noDiscount = (discount: DiscountRate) =>
  fault('out-of-range', '$.asked.discount.rate', discount.rate, 'above 0 without a horizon')

/** A model with parameters of its own, checked. */
export interface Prediction<P extends string> {
  readonly unit: TimeUnit
  readonly values: Values<P>
  buyingAfter(history: CustomerHistory, path: string): Buying
  newcomer(): Buying
}

/** Refuses parameters of another model, values outside their ranges and a unit that the model does not count in. */
export function readPrediction<P extends string>(
  model: PurchaseModel<string, P>,
  parameters: ModelParameters<string, P>,
): Prediction<P> {
  checkRecord(model, '$.model')
  if (typeof model.after !== 'function' || typeof model.newcomer !== 'function')
    throw fault('wrong-type', '$.model', model, 'a model of repeat purchases')
  checkRecord(parameters, '$.parameters')
  checkPredicting(parameters.kind, '$.parameters.kind')
  checkName([model.name], parameters.model, '$.parameters.model')
  const { unit, values } = parameters
  checkUnit(unit, '$.parameters.unit')
  checkUnitOf(model, unit, '$.parameters.unit')
  checkValues(model, values, '$.parameters.values')
  return {
    unit,
    values,
    buyingAfter(history, path) {
      checkHistory(history, path)
      checkSameUnit(history.unit, unit, path)
      return model.after(values, history)
    },
    newcomer: () => model.newcomer(values),
  }
}

function checkSameUnit(given: unknown, unit: TimeUnit, path: string): void {
  if (given !== unit) throw fault('unknown-name', `${path}.unit`, given, `${unit}, as the parameters`)
}

/** Refuses columns in another unit or of several lengths, and rows that cannot be. */
export function checkColumns(
  table: HistoryColumns,
  unit: TimeUnit,
  time: 'continuous' | 'discrete',
): HistoryColumns {
  checkRecord(table, '$.table')
  checkUnit(table.unit, '$.table.unit')
  checkSameUnit(table.unit, unit, '$.table')
  const { repeatCount, lastPurchaseAge, age } = table
  checkColumn(age, '$.table.age')
  for (const [name, column] of Object.entries({ repeatCount, lastPurchaseAge }))
    checkColumn(column, `$.table.${name}`, age.length)
  for (let i = 0; i < age.length; i++) {
    const [x, last, T] = [repeatCount[i]!, lastPurchaseAge[i]!, age[i]!]
    const holds =
      Number.isSafeInteger(x) &&
      last <= T &&
      T <= MOST_UNITS &&
      (x === 0 ? last === 0 : x > 0 && last > 0) &&
      (time === 'continuous' || (Number.isSafeInteger(last) && Number.isSafeInteger(T) && x <= last))
    // The single check says what is wrong.
    if (!holds) checkHistory({ unit, repeatCount: x, lastPurchaseAge: last, age: T }, `$.table[${i}]`)
  }
  return table
}
