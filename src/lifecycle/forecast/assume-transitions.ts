import { checkKeys, checkName, checkRecord, fault } from '../../kernel/errors.js'
import type { PeriodUnit } from '../../kernel/index.js'
import { periodUnits } from '../../kernel/periods.js'
import type { Matrix } from '../../measures/index.js'
import { checkStochastic } from '../../measures/markov/stochastic.js'
import { caution } from './cautions.js'
import type { ChainTest } from './markov-test.js'
import { checkCounts, checkStates } from './panel.js'
import { periodNumber } from './period-names.js'
import { leastWeight, meanOf, meanWithin, type TransitionModel, unsigned } from './transition-model.js'

/**
 * A model of rates that somebody assumes, without data: for plans, and for rules that are known. Forecasts from it have the chance of
 * the moves in their intervals and nothing else, and say so.
 *
 * @param given - `rates` by rows ("from"), each summing to 1 within 1e-9. `after`: the period before the first one forecast. `closing`
 * and `arrivals`: where subjects stand, and who comes in each period; nobody unless told.
 * @throws DefinitionError `out-of-range` for rates or counts that are none, `duplicate-name` for states, `unknown-name` for a unit.
 * @example
 * assumeTransitions({ states: ['buys', 'gone'], unit: 'year', after: '2024', rates: [[0.3, 0.7], [0, 1]], closing: [100, 0] }).rates
 * // => [[0.3, 0.7], [0, 1]]
 */
export function assumeTransitions<State extends string>(given: {
  readonly states: readonly State[]
  readonly stageOf?: readonly string[]
  readonly unit: PeriodUnit
  readonly rates: Matrix
  readonly after: string
  readonly closing?: readonly number[]
  readonly arrivals?: readonly number[]
}): TransitionModel<State> {
  checkRecord(given, '$')
  checkKeys(given, ['states', 'stageOf', 'unit', 'rates', 'after', 'closing', 'arrivals'], '$')
  const { states, stageOf, unit, rates, after } = given
  checkStates(states, stageOf, '$')
  checkName(periodUnits, unit, '$.unit')
  checkStochastic(rates, '$.rates')
  if (rates.length !== states.length)
    throw fault('out-of-range', '$.rates', rates.length, `${states.length} rows, one for each state`)
  if (periodNumber(after, unit) === undefined)
    throw fault('out-of-range', '$.after', after, `the name of a ${unit}`)
  const nobody = states.map(() => 0)
  const { closing = nobody, arrivals = nobody } = given
  checkCounts(closing, states.length, '$.closing')
  checkCounts(arrivals, states.length, '$.arrivals')
  const weights = rates.map((row) => meanOf(row.map((rate) => (rate < leastWeight.assumed ? 0 : rate))))
  const untested: ChainTest = { kind: 'undefined', reason: 'no-moves' }
  return {
    kind: 'transitions',
    source: 'assumed',
    states,
    stageOf: stageOf ?? states,
    unit,
    from: after,
    to: after,
    level: 0.95,
    alpha: 0,
    weights,
    rows: states.map((state, i) => ({ kind: rates[i]![i] === 1 ? 'final' : 'assumed', state })),
    rates: weights,
    changes: [],
    arrivals: [arrivals.map(unsigned)],
    meanArrivals: states.map((state, j) => ({ state, ...meanWithin([arrivals[j]!], 0.95) })),
    closing: closing.map(unsigned),
    markov: {
      kind: 'markov-test',
      verdict: 'not-tested',
      level: 0.95,
      dependence: untested,
      memory: untested,
      constancy: untested,
      cautions: [caution('rates-assumed')],
    },
  }
}
