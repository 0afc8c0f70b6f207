import { checkKeys, fault } from '../../kernel/errors.js'
import { isRecord } from '../../kernel/plain.js'
import {
  mostPeriods,
  type RevenuePeriod,
  type RevenueTerms,
  readAnyRecords,
  readName,
  readNames,
  readRecords,
  readTerms,
} from '../revenue/terms.js'

/**
 * Whose periods are compared, how long people have been here in them, and what is looked at. Plain data.
 *
 * @example
 * const tenure: TenureDefinition = {
 *   id: 'tenure', version: 1, calendar: { zone: 'Asia/Shanghai' }, period: 'month', currency: 'CNY',
 *   entry: 'joined', activity: 'order-paid', earned: { event: 'order-paid', amount: 'amount' },
 *   bands: [6], present: { within: 2 },
 * }
 */
export interface TenureDefinition extends RevenueTerms {
  readonly period: RevenuePeriod
  /** Event types of which a person's first one, in all that was added, begins the tenure. */
  readonly entry: string | readonly string[]
  /** Event types of which one makes a person active in a period. */
  readonly activity: string | readonly string[]
  /** What adds to the value of a period; an amount below zero takes away. */
  readonly earned: TenureFlow | readonly TenureFlow[]
  /** What takes from it, in the period in which it was made. */
  readonly refunded?: TenureFlow | readonly TenureFlow[]
  /**
   * Where bands of tenure begin after the first, in periods since that of the entry, ascending: of months, `[6]` is "under six
   * months" (1 to 5) and "six months and more". The period of the entry itself is in no band: everybody is there then.
   */
  readonly bands: readonly number[]
  /**
   * Whose periods count. `everybody`: all of everybody who entered, who left included. `{ within: n }`: a period counts for who
   * was active in one of the `n` before it, or entered then, so that it is about people who are still here.
   */
  readonly present: 'everybody' | { readonly within: number }
}

/** An event type and its money field. */
export interface TenureFlow {
  readonly event: string
  readonly amount: string
}

/** What the events of one type do. */
export interface Role {
  readonly type: string
  readonly enters: boolean
  readonly active: boolean
  readonly flow: { readonly field: string; readonly sign: 1 | -1 } | undefined
}

const keys = [
  ...['id', 'version', 'calendar', 'currency', 'period', 'entry', 'activity', 'earned', 'refunded'],
  ...['bands', 'present'],
]

const keysOfFlow = ['event', 'amount']

/** @throws DefinitionError for a definition that does not hold, with its path. */
export function readTenure(definition: TenureDefinition): {
  readonly calendar: ReturnType<typeof readTerms>['calendar']
  readonly digits: number
  /** By type, in one order, however a definition is written. */
  readonly roles: readonly Role[]
} {
  const { calendar, digits } = readTerms(definition, keys, ['day', 'week', 'month', 'quarter', 'year'])
  const entry = new Set(readNames(definition.entry, '$.entry'))
  const activity = new Set(readNames(definition.activity, '$.activity'))
  const flows = new Map<string, Role['flow']>()
  const put = (given: readonly (readonly [TenureFlow, string])[], sign: 1 | -1) => {
    for (const [flow, at] of given) {
      const event = readName(flow.event, `${at}.event`)
      if (flows.has(event)) throw fault('duplicate-name', `${at}.event`, event, 'every event type once')
      flows.set(event, { field: readName(flow.amount, `${at}.amount`), sign })
    }
  }
  put(readRecords(definition.earned, '$.earned', keysOfFlow), 1)
  put(readAnyRecords(definition.refunded, '$.refunded', keysOfFlow), -1)
  const { bands, present } = definition
  if (!Array.isArray(bands)) throw fault('wrong-type', '$.bands', bands, 'where bands begin, such as [6]')
  if (bands.length > 100) throw fault('out-of-range', '$.bands', bands.length, 'at most 100')
  for (const [i, from] of bands.entries()) {
    const least = i === 0 ? 2 : bands[i - 1]! + 1
    if (!(Number.isSafeInteger(from) && from >= least && from <= mostPeriods))
      throw fault('out-of-range', `$.bands[${i}]`, from, `a whole number from ${least} to ${mostPeriods}`)
  }
  if (present === undefined) throw fault('missing', '$.present', present, "'everybody', or { within: 2 }")
  if (present !== 'everybody') {
    if (!isRecord(present)) throw fault('wrong-type', '$.present', present, "'everybody', or { within: 2 }")
    checkKeys(present, ['within'], '$.present')
    const { within } = present
    if (!(Number.isSafeInteger(within) && within >= 1 && within <= mostPeriods))
      throw fault('out-of-range', '$.present.within', within, `a whole number from 1 to ${mostPeriods}`)
  }
  const roles = [...new Set([...entry, ...activity, ...flows.keys()])]
    .sort()
    .map(
      (type): Role => ({ type, enters: entry.has(type), active: activity.has(type), flow: flows.get(type) }),
    )
  return { calendar, digits, roles }
}
