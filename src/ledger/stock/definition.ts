import { checkKeys, checkList, checkName, checkOwnName, checkRecord, fault } from '../../kernel/errors.js'
import {
  type CalendarDefinition,
  calendarOf,
  checkDuration,
  type Duration,
  type Field,
  minorDigits,
  money,
  parseMinor,
  type Window,
} from '../../kernel/index.js'
import { checkWindow } from '../../kernel/window.js'

/** What a stock is counted in: whole pieces, or money of a currency. */
export type StockUnit = 'pieces' | Uppercase<string>

/** An amount of a stock as it stands in definitions, commands, events and views: whole pieces, or decimal text of money. */
export type StockAmount<U extends string> = U extends 'pieces' ? number : string

/** How much may be reserved and used, by one holder or by all of them together. */
export interface StockLimit<A = number | string> {
  /** Names the limit in events, refusals and views: lower-case letters, digits and hyphens. */
  readonly limit: string
  /** `holder`: each holder has as much. `all`: everybody together. */
  readonly per: 'holder' | 'all'
  /** The most, above 0. */
  readonly most: A
  /**
   * What a reservation counts for, from its own instant on: a unit of the calendar (`{ this: 'day' }`), or a span that
   * rolls (`{ days: 30 }`); for ever unless told.
   */
  readonly within?: Exclude<Window, { readonly previous: unknown }>
}

/** What was agreed about one shared resource: the stock of a reward, the budget of a campaign, seats, the first hundred. */
export interface StockDefinition<Id extends string, U extends string> {
  /** Names the engine, its events (`<id>/reserved`) and commands (`<id>/reserve`). */
  readonly id: Id
  readonly version: number
  /** In which zone days and months of limits and terms are counted. */
  readonly calendar: CalendarDefinition
  readonly unit: U & StockUnit
  /** How long a reservation holds that names no end of its own; until somebody ends it unless told. */
  readonly holdFor?: Duration
  /** What becomes of the rest when a part is committed; `release-rest` unless told. */
  readonly partialCommit?: 'release-rest' | 'keep-rest'
  /** Whether what is given back may be reserved again under the limits; `frees-limits` unless told. */
  readonly givenBack?: 'frees-limits' | 'uses-limits'
  /**
   * How long a reservation is remembered after it is over: so long can what it used be given back, and so long is a late
   * commit told that it is over. `{ days: 90 }` unless told.
   */
  readonly keep?: Duration
  readonly limits?: readonly StockLimit<StockAmount<NoInfer<U>>>[]
  /** How long ids of accepted inputs are remembered, as an exact duration; `{ hours: 720 }` unless told. */
  readonly idempotencyWindow?: Duration
}

/** The definition as plain data. */
export type AgreedStock = Omit<StockDefinition<string, string>, 'limits' | 'unit'> & {
  readonly unit: string
  readonly limits?: readonly StockLimit[]
}

/** The field of an amount in this unit. */
export function amountField(unit: string): Field {
  return unit === 'pieces' ? { type: 'integer' } : { ...money(unit) }
}

/** How many of the smallest unit the most of a limit is. */
export const mostOf = (unit: string, most: number | string): number | undefined =>
  unit === 'pieces' ? (most as number) : parseMinor(most as string, minorDigits(unit))

const policies = {
  partialCommit: ['release-rest', 'keep-rest'],
  givenBack: ['frees-limits', 'uses-limits'],
} as const

const KEYS = [
  ...['id', 'version', 'calendar', 'unit', 'holdFor', 'partialCommit', 'givenBack', 'keep', 'limits'],
  'idempotencyWindow',
]

/** What a type or a schema cannot know, checked for typed callers and for JSON alike. */
export function checkStock(agreed: AgreedStock): void {
  checkKeys(agreed, KEYS, '$')
  const { calendar, unit, limits = [] } = agreed
  const { add } = calendarOf(calendar)
  if (unit !== 'pieces') money(checkUnit(unit))
  const spans = (value: Duration, path: string) => {
    if (add(0, checkDuration(value, path)) <= 0)
      throw fault('invalid-duration', path, value, 'longer than nothing')
  }
  for (const key of ['holdFor', 'keep'] as const) {
    const duration = agreed[key]
    if (duration !== undefined) spans(duration, `$.${key}`)
  }
  for (const key of ['partialCommit', 'givenBack'] as const) {
    if (agreed[key] !== undefined) checkName(policies[key], agreed[key], `$.${key}`)
  }
  checkList(limits, '$.limits')
  for (const [i, one] of limits.entries()) {
    const path = `$.limits[${i}]`
    checkRecord(one, path)
    checkKeys(one, ['limit', 'per', 'most', 'within'], path)
    if (typeof one.limit !== 'string' || !/^[a-z][a-z0-9-]{0,199}$/.test(one.limit))
      throw fault('wrong-type', `${path}.limit`, one.limit, 'lower-case letters, digits and hyphens')
    checkOwnName(one.limit, `${path}.limit`)
    if (limits.findIndex(({ limit }) => limit === one.limit) !== i)
      throw fault('duplicate-name', `${path}.limit`, one.limit, 'each limit once')
    checkName(['holder', 'all'], one.per, `${path}.per`)
    const most = mostOf(unit, one.most)
    const expected = unit === 'pieces' ? 'a whole number above 0' : `decimal text in ${unit}, above 0`
    if (!(Number.isSafeInteger(most) && most! > 0))
      throw fault('out-of-range', `${path}.most`, one.most, expected)
    if (one.within === undefined) continue
    const within = checkWindow(one.within, `${path}.within`)
    if ('previous' in within)
      throw fault('wrong-type', `${path}.within`, within, 'a window that runs: a span or { this: … }')
    if (!('this' in within)) spans(within, `${path}.within`)
    else calendarOf(calendar).startOf(within.this, 0)
  }
}

function checkUnit(unit: unknown): string {
  if (typeof unit === 'string' && /^[A-Z]{3}$/.test(unit)) return unit
  throw fault('wrong-type', '$.unit', unit, '"pieces", or an ISO 4217 code such as "CNY"')
}
