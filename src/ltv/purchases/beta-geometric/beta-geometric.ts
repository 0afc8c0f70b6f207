import type { Sentence } from '../../../kernel/errors.js'
import { checkHistory, type HistoryTable } from '../../histories/history.js'
import { checkValues, type Values } from '../../model.js'
import { checkAfter, checkData, checkDraw, checkTime } from '../checked.js'
import type { PurchaseModel } from '../model.js'
import { rescaledTable } from '../rescaled-table.js'
import { betaGeometricEdge, betaGeometricHopeless, gapsUnknown } from './bounds.js'
import { buyingFrom } from './buying.js'
import { drawPurchases } from './draw.js'
import { forecastMany } from './forecast.js'
import { betaGeometricLikelihood } from './likelihood.js'
import { type BetaGeometricForm, standingOf } from './standing.js'

/** The parameters of the BG/NBD and its kin: r and alpha of buying, a and b of leaving. */
export type BetaGeometricParameter = 'r' | 'alpha' | 'a' | 'b'

/** One of the family; what they share is here. */
export function betaGeometricModel<Name extends string>(
  name: Name,
  label: Sentence,
  form: BetaGeometricForm,
): PurchaseModel<Name, BetaGeometricParameter> {
  const ranges = { r: 'positive', alpha: 'positive', a: 'positive', b: 'positive' } as const
  const parameters = ['r', 'alpha', 'a', 'b'] as const
  const named = { parameters, ranges, time: 'continuous' } as const
  const checked = (values: Values<BetaGeometricParameter>) => {
    checkValues(named, values, '$.values')
    return values
  }
  return {
    name,
    label,
    parameters,
    ranges,
    powers: { r: 0, alpha: 1, a: 0, b: 0 },
    time: 'continuous',
    effects: {
      buying: [{ parameter: 'alpha', sign: -1 }],
      leaving: [
        { parameter: 'a', sign: 1 },
        { parameter: 'b', sign: 1 },
      ],
    },
    likelihood(data) {
      checkData('continuous', data)
      return betaGeometricLikelihood(form, data)
    },
    historyLikelihood(history) {
      checkHistory(history, '$.history')
      checkTime('continuous', history.unit, '$.history.unit')
      return betaGeometricLikelihood(form, {
        count: Float64Array.of(1),
        repeatCount: Float64Array.of(history.repeatCount),
        lastPurchaseAge: Float64Array.of(history.lastPurchaseAge),
        age: Float64Array.of(history.age),
        sumLnGaps: history.sumLnGaps === undefined ? undefined : Float64Array.of(history.sumLnGaps),
      })
    },
    rescaled: (data) => rescaledByPhases(form.k, data),
    starts(data) {
      const { purchases, time } = totals(data)
      // Some have left on the way: who is there buys faster than the average.
      const rate = (1.5 * form.k * Math.max(purchases, 0.5)) / (time > 0 ? time : 1)
      return startingShapes.map(({ r, a, b }) => ({ r, alpha: r / rate, a, b }))
    },
    edge(data, values, settled = false) {
      checked(values)
      // Of an optimum with no limit near there is nothing to add.
      return settled ? undefined : betaGeometricEdge(form, data, values)
    },
    hopeless: (data) => betaGeometricHopeless(data),
    incomparable: (data) => gapsUnknown(form, data),
    sizeOf: (data) => data.customers,
    after(values, history) {
      checkAfter(named, values, history)
      return buyingFrom(standingOf(form, values, history))
    },
    // Of a first purchase just made nothing is known but that it was made.
    newcomer: (values) =>
      buyingFrom(standingOf(form, checked(values), { repeatCount: 0, lastPurchaseAge: 0, age: 0 })),
    expectedOf: (values, table, span) => forecastMany(form, checked(values), table, span),
    draw(values, age, random) {
      checkDraw(named, values, age, random)
      return drawPurchases(form, values, age, random)
    },
  }
}

const startingShapes = [
  { r: 0.5, a: 0.8, b: 2.5 },
  { r: 2, a: 0.5, b: 6 },
  { r: 0.2, a: 2, b: 2 },
] as const

/** Repeat purchases and time of all customers. */
function totals(data: HistoryTable): { readonly purchases: number; readonly time: number } {
  let [purchases, time] = [0, 0]
  for (let i = 0; i < data.count.length; i++) {
    purchases += data.count[i]! * data.repeatCount[i]!
    time += data.count[i]! * data.age[i]!
  }
  return { purchases, time }
}

/** With k phases, what is left out where gaps are not known would have held the scale of k - 1 of each k times. */
function rescaledByPhases(k: number, table: HistoryTable) {
  const scaled = rescaledTable(table)
  return table.sumLnGaps === undefined ? { ...scaled, lnShift: k * scaled.lnShift } : scaled
}
