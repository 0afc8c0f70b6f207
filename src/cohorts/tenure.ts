import { fault, type Sentence } from '../kernel/errors.js'
import {
  type Aggregate,
  type AnyEvent,
  canonical,
  digestName,
  type Instant,
  isInstant,
  moneyOf,
  type Periods,
  periodsOf,
  plain,
} from '../kernel/index.js'
import { isRecord, own } from '../kernel/plain.js'
import { checkLevel } from '../measures/proportions.js'
import { quantilesOf } from './ltv-curve.js'
import {
  amountIn,
  mostPeriods,
  ownSubjects,
  type RevenuePeriod,
  type RevenueTerms,
  readName,
  readNames,
  readRecords,
  readTerms,
} from './revenue-terms.js'
import {
  addedTo,
  type Clusters,
  differenceByPerson,
  emptyClusters,
  type InBand,
  meanByPerson,
  type TenureChange,
  type TenureMean,
  withinPeople,
} from './tenure-means.js'
import { checkTold, joinedTold, standing, type ToldBySubject, tell } from './told.js'

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

/** All events of every person that count. Plain JSON. */
export interface TenurePartial {
  /** Digest of the definition under which it was collected. */
  readonly of: string
  readonly subjects: ToldBySubject
}

/** As of when, and how sure. */
export interface TenureOptions {
  /** Events after it do not count; only periods that have passed by then do. */
  readonly asOf: Instant
  /** Confidence of the intervals; 0.95 unless told. */
  readonly level?: number
}

/** What people do by how long they have been here, as of an instant. */
export interface Tenure {
  readonly definition: { readonly id: string; readonly version: number; readonly digest: string }
  readonly zone: string
  readonly period: RevenuePeriod
  readonly currency: string
  readonly asOf: Instant
  readonly level: number
  readonly bands: readonly TenureBand[]
  /** Each band against the one before it. */
  readonly steps: readonly TenureStep[]
  readonly cautions: readonly TenureCaution[]
}

/** The periods of people of one tenure. Rates are of periods of persons, values in the currency. */
export interface TenureBand {
  readonly from: number
  /** The last one; `null` of the last band. */
  readonly to: number | null
  readonly people: number
  readonly personPeriods: number
  /** In how many of them the person was active. */
  readonly active: number
  /** What was brought in all of them, decimal text. */
  readonly amount: string
  /** Active per person-period. */
  readonly rate: TenureMean
  /** Brought per person-period. */
  readonly value: TenureMean
}

/** A band against the one before: as one sees it, and in the same people. */
export interface TenureStep {
  /** Where the two bands begin. */
  readonly from: number
  readonly to: number
  /** The later band less the earlier one. Who is in the later one was not chosen by chance. */
  readonly between: { readonly rate: TenureChange; readonly value: TenureChange }
  /** Of people who are in both: the mean of their own changes, every person the same weight. */
  readonly within: { readonly people: number; readonly rate: TenureChange; readonly value: TenureChange }
  /**
   * In the earlier band, of people who entered long enough ago for the later one: those who got into it, and those who did not.
   * What these two are apart is selection, not tenure.
   */
  readonly earlier: {
    readonly stayed: { readonly rate: TenureMean; readonly value: TenureMean }
    readonly left: { readonly rate: TenureMean; readonly value: TenureMean }
  }
}

/** What has to be known to read the numbers right. */
export interface TenureCaution {
  readonly code: keyof typeof tenureCautions
  readonly says: Sentence
}

/** The cautions in words. */
export const tenureCautions = {
  'survivors-selected': {
    en: 'Who is still here late is who liked it early, so the difference between bands flatters tenure. Which periods of a person count depends on what they did, so the change within people is not free of it either: compare with present "everybody".',
    zh: '留得久的人本来就更喜欢产品，各段之间的差异因此高估了时长的作用；同一人的哪些周期被计入也取决于其行为，同一人的变化同样受影响：请与 present 为 "everybody" 的结果对照。',
  },
  'cohorts-differ': {
    en: 'Only early cohorts are old enough for late bands: what differs between cohorts is in the difference between bands.',
    zh: '只有较早的同期群够得着靠后的区间：同期群之间的差别也混在各段差异之中。',
  },
  'calendar-moves': {
    en: 'Within a person, tenure and the calendar move together: a season or a price that changed for all is in the change.',
    zh: '对同一人而言，留存时长与日历同时推进：季节或普遍调价的影响也包含在变化之中。',
  },
} as const satisfies Record<string, Sentence>

/**
 * What people do and bring by how long they have been here: under six months, six months and more.
 *
 * Late people look better than early ones even where nobody changes, because who did not like it has left. So there are three
 * numbers, side by side: the difference `between` bands, the change `within` the people who are in both, and what those
 * people did `earlier`, beside those who left. Where the last explains the first, tenure does nothing. With `{ within }` selection is
 * in the first and not quite out of the second, as what a person did decides which periods count; with `everybody` nobody is
 * selected, and the change within people is that of the same people over all their time.
 *
 * Only periods that have passed count. Means are of person-periods, `total / periods`; their intervals are Student's t from
 * totals of persons (linearised ratio), as the periods of one person go together. Money and counts are exact, duplicates
 * of an id change nothing, any order and any sharding (`shard: 'event'`) give the same result, and `retract` undoes `add`. The
 * price is that all events are kept.
 *
 * @throws DefinitionError for a definition that does not hold, with its path; from `add`, `invalid-amount` for an event
 * without the amounts; from `result`, `invalid-instant` and `out-of-range` for options, `too-large` for tenures of more than
 * 1,200 periods, or for one person's amounts beyond 2^53 - 1 smallest units; `other-definition` and `malformed-state` for what
 * was not collected under this definition.
 * @see Cochran (1977), "Sampling Techniques", 2.11 and 6.3, for ratios; Elwert & Winship (2014), "Endogenous selection bias",
 * for why survivors differ.
 * @example
 * const tenure = defineTenure({ id: 'tenure', version: 1, calendar: { zone: 'UTC' }, period: 'month', currency: 'CNY',
 *   entry: 'joined', activity: 'order-paid', earned: { event: 'order-paid', amount: 'amount' }, bands: [6], present: { within: 2 } })
 * tenure.result(collect(tenure, orders), { asOf: instant('2025-01-01T00:00:00Z') }).bands[1]
 * // => { from: 6, to: null, people: 120, personPeriods: 640, active: 410, amount: '20500.00', rate: { value: 0.64, … }, … }
 */
export function defineTenure(definition: TenureDefinition): Aggregate<
  AnyEvent,
  TenurePartial,
  Tenure,
  TenureOptions
> & {
  retract(partial: TenurePartial, event: AnyEvent): TenurePartial
} {
  const { calendar, digits, roles } = readTenure(definition)
  const places = new Map(roles.map(({ type }, place) => [type, place]))
  const agreed = plain(definition)
  const of = digestName(canonical(agreed))
  const { id, version, period, currency, bands, present } = agreed
  const periods = periodsOf(calendar, period)
  const unit = BigInt(`1${'0'.repeat(digits)}`)

  const told = (partial: TenurePartial, event: AnyEvent, times: 1 | -1) => {
    const subjects = ownSubjects(partial, of)
    if (!isRecord(event)) throw fault('wrong-type', '$', event, 'an event')
    const place = places.get(event.type)
    if (place === undefined) return partial
    const { flow } = roles[place]!
    const says = flow === undefined ? [place] : [place, flow.sign * amountIn(event, flow.field, digits)]
    // A refund of nothing is nothing, and has no sign.
    if (says[1] === 0) says[1] = 0
    tell(subjects, event, says, times)
    return partial
  }
  const fits = ([place, ...rest]: readonly (number | string)[]) => {
    const role = typeof place === 'number' ? roles[place] : undefined
    if (role === undefined) return false
    return rest.length === (role.flow === undefined ? 0 : 1) && rest.every(Number.isSafeInteger)
  }

  return {
    definition: agreed,
    shard: 'event',
    empty: () => ({ of, subjects: {} }),
    add: (partial, event) => told(partial, event, 1),
    retract: (partial, event) => told(partial, event, -1),
    merge(a, b) {
      const [one, other] = [ownSubjects(a, of), ownSubjects(b, of)]
      checkTold(one, fits)
      checkTold(other, fits)
      return { of, subjects: joinedTold(one, other) }
    },
    result(partial, options) {
      const { asOf, level } = readOptions(options)
      const subjects = ownSubjects(partial, of)
      checkTold(subjects, fits)
      const people: Person[] = []
      // Floats that follow are summed in this order, the same however events arrived.
      for (const subject of Object.keys(subjects).sort()) {
        const one = personOf(own(subjects, subject)!, { roles, periods, bands, present, asOf })
        if (one !== undefined) people.push(one)
      }
      const terms = { level, quantile: quantilesOf(level), unit }
      const amount = (minor: bigint) => moneyOf(minor, currency).amount
      const all = people.map(({ byBand }) => byBand)
      const both = (clusters: Clusters) => ({
        rate: meanByPerson(clusters, 'active', terms),
        value: meanByPerson(clusters, 'value', terms),
      })
      const starts = [1, ...bands]
      return {
        definition: { id, version, digest: of },
        zone: calendar.zone,
        period,
        currency,
        asOf,
        level,
        bands: starts.map((from, band): TenureBand => {
          const clusters = clustersOf(all, band)
          const { people: many, periods: count, active, value } = clusters
          return {
            from,
            to: band + 1 < starts.length ? starts[band + 1]! - 1 : null,
            people: many,
            personPeriods: Number(count),
            active: Number(active.total),
            amount: amount(value.total),
            ...both(clusters),
          }
        }),
        steps: bands.map((to, band): TenureStep => {
          const [before, after] = [band, band + 1]
          const paired = all.filter((byBand) => byBand[before]!.periods > 0 && byBand[after]!.periods > 0)
          const old = people.filter(({ age, byBand }) => age >= to && byBand[before]!.periods > 0)
          const part = (stayed: boolean) =>
            both(
              clustersOf(
                old.flatMap(({ byBand }) => (byBand[after]!.periods > 0 === stayed ? [byBand] : [])),
                before,
              ),
            )
          const change = (of: 'active' | 'value') => differenceByPerson(all, { before, after, of }, terms)
          const own = (of: 'active' | 'value') => withinPeople(paired, { before, after, of }, terms)
          return {
            from: starts[band]!,
            to,
            between: { rate: change('active'), value: change('value') },
            within: { people: paired.length, rate: own('active'), value: own('value') },
            earlier: { stayed: part(true), left: part(false) },
          }
        }),
        cautions: cautionsOf(present, bands).map((code) => ({ code, says: tenureCautions[code] })),
      }
    },
  }
}

const cautionsOf = (
  present: TenureDefinition['present'],
  bands: readonly number[],
): readonly TenureCaution['code'][] =>
  bands.length === 0
    ? []
    : [
        ...(present === 'everybody' ? [] : (['survivors-selected'] as const)),
        'cohorts-differ',
        'calendar-moves',
      ]

interface Person {
  /** Complete periods since that of the entry. */
  readonly age: number
  readonly byBand: readonly InBand[]
}

function clustersOf(people: readonly (readonly InBand[])[], band: number): Clusters {
  const clusters = emptyClusters()
  for (const byBand of people) addedTo(clusters, byBand[band]!)
  return clusters
}

/** What a person told, put into bands; of nobody who entered, nothing. */
function personOf(
  list: ToldBySubject[string],
  given: {
    readonly roles: readonly Role[]
    readonly periods: Periods
    readonly bands: readonly number[]
    readonly present: TenureDefinition['present']
    readonly asOf: Instant
  },
): Person | undefined {
  const { roles, periods, bands, present, asOf } = given
  const told = standing(list, asOf)
  const entry = told.find(({ says }) => roles[says[0] as number]!.enters)
  if (entry === undefined) return undefined
  const entered = periods.indexOf(entry.at)
  let last = periods.latestBy(asOf)
  while (last > entered && periods.endOf(last) > asOf) last -= 1
  const age = last - entered
  if (age > mostPeriods) throw fault('too-large', '$.asOf', age, `tenures of at most ${mostPeriods} periods`)
  const active = new Set<number>()
  const brought = new Map<number, number>()
  for (const { at, says } of told) {
    const role = roles[says[0] as number]!
    const offset = periods.indexOf(at) - entered
    if (role.active) active.add(offset)
    if (role.flow === undefined) continue
    const sum = (brought.get(offset) ?? 0) + (says[1] as number)
    if (!Number.isSafeInteger(sum)) throw tooLarge(sum)
    brought.set(offset, sum)
  }
  const byBand: InBand[] = [1, ...bands].map(() => ({ periods: 0, active: 0, value: 0 }))
  let [band, lastSeen] = [0, 0]
  for (let offset = 1; offset <= age; offset += 1) {
    while (band < bands.length && offset >= bands[band]!) band += 1
    if (present === 'everybody' || offset - lastSeen <= present.within) {
      const at = byBand[band]!
      at.periods += 1
      if (active.has(offset)) at.active += 1
      at.value += brought.get(offset) ?? 0
      if (!Number.isSafeInteger(at.value)) throw tooLarge(at.value)
    }
    if (active.has(offset)) lastSeen = offset
  }
  return { age, byBand }
}

const tooLarge = (value: number) =>
  fault('too-large', '$.subjects', value, 'at most 2^53 - 1 smallest units of a person')

/** What the events of one type do. */
interface Role {
  readonly type: string
  readonly enters: boolean
  readonly active: boolean
  readonly flow: { readonly field: string; readonly sign: 1 | -1 } | undefined
}

const keys = [
  ...['id', 'version', 'calendar', 'currency', 'period', 'entry', 'activity', 'earned', 'refunded'],
  ...['bands', 'present'],
]

function readTenure(definition: TenureDefinition): {
  readonly calendar: ReturnType<typeof readTerms>['calendar']
  readonly digits: number
  /** By type, in one order, however a definition is written. */
  readonly roles: readonly Role[]
} {
  const { calendar, digits } = readTerms(definition, keys, ['day', 'week', 'month', 'quarter', 'year'])
  const entry = new Set(readNames(definition.entry, '$.entry'))
  const activity = new Set(readNames(definition.activity, '$.activity'))
  const flows = new Map<string, Role['flow']>()
  const put = (given: TenureFlow | readonly TenureFlow[], path: string, sign: 1 | -1) => {
    for (const [flow, at] of readRecords(given, path, ['event', 'amount'])) {
      const event = readName(flow.event, `${at}.event`)
      if (flows.has(event)) throw fault('duplicate-name', `${at}.event`, event, 'every event type once')
      flows.set(event, { field: readName(flow.amount, `${at}.amount`), sign })
    }
  }
  put(definition.earned, '$.earned', 1)
  const { refunded = [], bands, present } = definition
  if (!(Array.isArray(refunded) && refunded.length === 0)) put(refunded, '$.refunded', -1)
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
    for (const key of Object.keys(present)) {
      if (key !== 'within') throw fault('unknown-key', `$.present.${key}`, key, 'within')
    }
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

function readOptions(options: TenureOptions): Required<TenureOptions> {
  if (!isRecord(options)) throw fault('wrong-type', '$', options, '{ asOf }')
  for (const key of Object.keys(options)) {
    if (key !== 'asOf' && key !== 'level') throw fault('unknown-key', `$.${key}`, key, 'asOf, level')
  }
  const { asOf, level = 0.95 } = options as unknown as TenureOptions
  if (!isInstant(asOf)) throw fault('invalid-instant', '$.asOf', asOf, 'milliseconds since 1970')
  checkLevel(level)
  return { asOf, level }
}
