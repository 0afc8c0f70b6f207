import { checkKeys, fault, type Sentence } from '../../kernel/errors.js'
import { type AnyEvent, type Instant, moneyOf, periodsOf, plain } from '../../kernel/index.js'
import { checkAsOf } from '../../kernel/instant.js'
import { isRecord, own } from '../../kernel/plain.js'
import { checkLevel } from '../../measures/proportions.js'
import { quantilesOf } from '../revenue/ltv-curve.js'
import { amountIn, type RevenueReading } from '../revenue/terms.js'
import { type ToldAggregate, type ToldPartial, toldVerbs } from '../revenue/told-aggregate.js'
import { readTenure, type TenureDefinition } from './definition.js'
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
} from './means.js'
import { type Person, personOf } from './person.js'

/** All events of every person that count. Plain JSON. */
export interface TenurePartial extends ToldPartial {}

/** As of when, and how sure. */
export interface TenureOptions {
  /** Events after it do not count; only periods that have passed by then do. */
  readonly asOf: Instant
  /** Confidence of the intervals; 0.95 unless told. */
  readonly level?: number
}

/** What people do by how long they have been here, as of an instant. */
export interface Tenure extends RevenueReading {
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
export function defineTenure(
  definition: TenureDefinition,
): ToldAggregate<TenurePartial, Tenure, TenureOptions> {
  const { calendar, digits, roles } = readTenure(definition)
  const places = new Map(roles.map(({ type }, place) => [type, place]))
  const agreed = plain(definition)
  const { currency, bands, present } = agreed
  const periods = periodsOf(calendar, agreed.period)
  const unit = BigInt(`1${'0'.repeat(digits)}`)

  const sayOf = (event: AnyEvent) => {
    const place = places.get(event.type)
    if (place === undefined) return undefined
    const { flow } = roles[place]!
    const says = flow === undefined ? [place] : [place, flow.sign * amountIn(event, flow.field, digits)]
    // A refund of nothing is nothing, and has no sign.
    if (says[1] === 0) says[1] = 0
    return says
  }
  const fits = ([place, ...rest]: readonly (number | string)[]) => {
    const role = typeof place === 'number' ? roles[place] : undefined
    if (role === undefined) return false
    return rest.length === (role.flow === undefined ? 0 : 1) && rest.every(Number.isSafeInteger)
  }
  const { verbs, toldIn, head } = toldVerbs(agreed, sayOf, fits)

  return {
    definition: agreed,
    ...verbs,
    result(partial, options) {
      const { asOf, level } = readOptions(options)
      const subjects = toldIn(partial)
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
        ...head(asOf, level),
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

function clustersOf(people: readonly (readonly InBand[])[], band: number): Clusters {
  const clusters = emptyClusters()
  for (const byBand of people) addedTo(clusters, byBand[band]!)
  return clusters
}

function readOptions(options: TenureOptions): Required<TenureOptions> {
  if (!isRecord(options)) throw fault('wrong-type', '$', options, '{ asOf }')
  checkKeys(options, ['asOf', 'level'], '$')
  const { asOf, level = 0.95 } = options as unknown as TenureOptions
  checkAsOf({ asOf })
  checkLevel(level)
  return { asOf, level }
}
