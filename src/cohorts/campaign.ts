import { allocateUnits } from '../kernel/allocate.js'
import { checkCurrency, minorDigits } from '../kernel/currency.js'
import { checkList, checkName, checkRecord, fault } from '../kernel/errors.js'
import { type Instant, isInstant, moneyOf, type PeriodUnit, parseMinor } from '../kernel/index.js'
import { periodUnits } from '../kernel/periods.js'
import { isRecord, own } from '../kernel/plain.js'
import { nearestFloat } from '../measures/accumulator.js'
import { type Proportion, wilson } from '../measures/index.js'
import { checkLevel } from '../measures/proportions.js'
import { type CampaignCaution, type CampaignStatement, cautionsOf, statementsOf } from './campaign-verdict.js'
import type { GroupValue } from './group-value.js'
import type { RetentionCell, RetentionCohort } from './retention.js'
import { type CampaignPair, standardisedDifference } from './standardised-difference.js'

/** Retention by a field of the entry event, as `defineRetention` answers with `breakdown: { field, of: 'entry' }`. */
export interface CampaignRetention {
  readonly period: PeriodUnit
  readonly asOf: Instant
  readonly cohorts: readonly Pick<RetentionCohort, 'cohort' | 'size'>[]
  readonly groups: readonly {
    readonly value: GroupValue
    readonly cohorts: readonly (Pick<RetentionCohort, 'cohort' | 'size'> & {
      readonly cells: readonly Pick<
        RetentionCell,
        'offset' | 'period' | 'eligible' | 'retained' | 'state' | 'total'
      >[]
    })[]
  }[]
  readonly warnings: readonly { readonly code: string }[]
}

/**
 * The people of one city, one shop, one gender: those who are compared with one another only. Everybody belongs to one stratum;
 * who is in two is counted twice, which nothing here can see.
 */
export interface CampaignStratum {
  readonly stratum: string
  readonly retention: CampaignRetention
}

/** Who came by the campaign, with whom they are compared, what it cost, and when to look. */
export interface CampaignOptions {
  /** The values of the breakdown that say that somebody came by the campaign. */
  readonly campaign: readonly GroupValue[]
  readonly comparison: CampaignComparison
  readonly costs: CampaignCosts
  /** Offsets of the retention, ascending, each once; of brackets, where they begin. Past its last one they are not over. */
  readonly offsets: readonly number[]
  /** The first and the last cohort of the campaign; those in which anybody came by it unless told. */
  readonly cohorts?: { readonly from: string; readonly to: string }
  /** Compares like with like; without it, everybody with everybody. */
  readonly standardise?: CampaignStandardisation
  /** The retention sums a money field in the currency of the costs: what people brought. */
  readonly value?: 'total'
  /** Confidence of the intervals; 0.95 unless told. */
  readonly level?: number
}

/**
 * With whom those of the campaign are compared: people who entered in the same periods.
 *
 * - `randomised`: chance decided who is in which group, such as a named holdout. Everybody assigned has to enter, whether
 *   the campaign reached them or not. A difference is what the campaign did.
 * - `observational`: people who came otherwise. A difference is how those who came differ, not what the campaign did: who
 *   follows an offer is another kind of person, and some would have come without it.
 */
export type CampaignComparison =
  | { readonly kind: 'randomised'; readonly groups: readonly GroupValue[] }
  | { readonly kind: 'observational'; readonly groups: readonly GroupValue[] | 'everybody-else' }

/** What the campaign cost, as decimal text from zero up. */
export interface CampaignCosts {
  /** ISO 4217. */
  readonly currency: string
  /** Spent once: posters, staff. */
  readonly fixed?: string
  /** Spent on each who came by it: the price of the tea less the one yuan. */
  readonly perPerson?: string
}

/** What is held equal. */
export interface CampaignStandardisation {
  /** The period of entry; the strata that are given; or each stratum in each period. */
  readonly over: 'cohorts' | 'strata' | 'strata-and-cohorts'
  /**
   * What each counts, by its name: `2024-03`, `Shanghai`, `Shanghai 2024-03`; from zero up. Unless told, as many as came by
   * the campaign: the difference is then that of the campaign's own people, and can be told as people.
   */
  readonly weights?: Readonly<Record<string, number>>
}

/** What a campaign brought, once one knows who is left. */
export interface CampaignTruth {
  readonly currency: string
  readonly period: PeriodUnit
  readonly asOf: Instant
  readonly level: number
  readonly campaign: readonly GroupValue[]
  readonly comparison: CampaignComparison
  /** How many came by the campaign. */
  readonly acquired: number
  /** Decimal text: all that was spent. */
  readonly cost: string
  readonly costPerAcquired: CampaignRatio
  /** One for each stratum and cohort; people and costs add up to the whole. */
  readonly cohorts: readonly CampaignCohort[]
  readonly offsets: readonly CampaignOffset[]
  /** The headline: who came, and what is said at the last offset asked for that is over. */
  readonly verdict: readonly CampaignStatement[]
  /** What a reader of the numbers has to know. */
  readonly cautions: readonly CampaignCaution[]
}

/** Those who entered in one period, of one stratum. */
export interface CampaignCohort {
  /** `null` without strata. */
  readonly stratum: string | null
  readonly cohort: string
  readonly acquired: number
  readonly compared: number
  /** Its part of the costs, decimal text. */
  readonly cost: string
}

/** Who is left at one offset: of cohorts whose cell is complete. */
export interface CampaignOffset {
  readonly offset: number
  /** `complete`: all cohorts of the campaign. `partly`: some. `not-over`, `not-observed`: none. */
  readonly state: 'complete' | 'partly' | 'not-over' | 'not-observed'
  /** Of how many the numbers speak, and what share of all who came by the campaign that is. */
  readonly n: number
  readonly maturity: number
  /** People of the campaign who are left out because events were not tracked. */
  readonly unobserved: number
  readonly retained: number
  readonly rate: CampaignRate
  /** Decimal text: what was spent on these `n`. */
  readonly cost: string
  readonly costPerRetained: CostPerRetained
  /** Those it is compared with, all together: not standardised. */
  readonly compared: { readonly n: number; readonly retained: number; readonly rate: CampaignRate }
  readonly incremental: Incremental
  readonly costPerIncremental: CostPerIncremental
  /** What these `n` brought from offset 0 up to and with this one, and that less what was spent on them; decimal text. */
  readonly value:
    | { readonly kind: 'amount'; readonly amount: string; readonly balance: string }
    | { readonly kind: 'undefined'; readonly reason: 'not-asked' | Missing }
  readonly verdict: readonly CampaignStatement[]
}

type Missing = 'nobody-acquired' | 'not-over' | 'not-observed'

/** A share with its Wilson interval, or why there is none. */
export type CampaignRate =
  | Extract<Proportion, { kind: 'estimate' }>
  | { readonly kind: 'undefined'; readonly reason: Missing | 'no-comparison' }

/** Units of the currency per person. */
export type CampaignRatio =
  | { readonly kind: 'estimate'; readonly value: number }
  | { readonly kind: 'undefined'; readonly reason: 'nobody-acquired' }

/** Units of the currency per person, between which it may plausibly be. */
export interface CampaignInterval {
  readonly low: number
  readonly high: number
  readonly level: number
}

/** What each who stayed cost. Of nobody who stayed there is no such number, only what it is at least. */
export type CostPerRetained =
  | {
      readonly kind: 'estimate'
      readonly value: number
      readonly interval: CampaignInterval
      readonly method: 'inverted-wilson'
    }
  | { readonly kind: 'undefined'; readonly reason: 'nobody-retained'; readonly atLeast: number }
  | { readonly kind: 'undefined'; readonly reason: Missing }

/** How many more stayed than if they had stayed like those of the comparison. */
export type Incremental =
  | {
      readonly kind: 'estimate'
      /** Whether the interval lies above zero, below it, or has zero in it. */
      readonly direction: 'more' | 'fewer' | 'not-distinguishable'
      /** Share of the campaign less share of the comparison, by the same weights. */
      readonly rate: { readonly value: number; readonly interval: CampaignInterval }
      /** Both shares, by these weights. */
      readonly campaign: number
      readonly comparison: number
      readonly people: IncrementalPeople
      /** People of the campaign in strata where there are people of the comparison too: of whom this speaks. */
      readonly n: number
      readonly strata: number
      /** The share of the weight in strata with people on one side only, which are left out. */
      readonly leftOut: number
      readonly method: 'newcombe' | 'standardised-newcombe'
    }
  | { readonly kind: 'undefined'; readonly reason: Missing | 'no-comparison' }

/** The difference as people of the campaign. By stated weights it is that of another population. */
export type IncrementalPeople =
  | { readonly kind: 'estimate'; readonly value: number; readonly interval: CampaignInterval }
  | { readonly kind: 'undefined'; readonly reason: 'other-population' }

/** What each cost who stayed beyond those who would have anyway. */
export type CostPerIncremental =
  | {
      readonly kind: 'estimate'
      readonly value: number
      readonly interval: CampaignInterval
      readonly method: 'inverted-difference'
    }
  /** Zero is in the interval of the difference: the cost is `atLeast` this, or there is no gain to divide by. */
  | {
      readonly kind: 'undefined'
      readonly reason: 'not-distinguishable-from-zero'
      readonly atLeast: number | null
    }
  | {
      readonly kind: 'undefined'
      readonly reason: Missing | 'no-comparison' | 'fewer-than-comparison' | 'other-population'
    }

/**
 * What a campaign brought: not how many came, but who is left, what each of them cost, and how many of them would not be
 * here without it.
 *
 * Only complete cells count. Where the younger cohorts of a campaign are not over at an offset, their people *and their part
 * of the costs* are left out of it, so that early numbers are not made better by late money. Costs are exact: those per
 * person go with the person, fixed ones are split over cohorts by how many came, and parts add up to the whole.
 *
 * The cost of the campaign is known and how many stay is not, so its interval is that of the share turned over: cost / (n x
 * share). Of nobody retained there is no cost each, only a least one. The cost of an incremental user turns over the
 * interval of the difference; where zero is in it, that has no end, and the answer says so.
 *
 * A person belongs to the group of the first entry, so that an old customer who takes the offer is not acquired by it.
 *
 * @param retention - With a breakdown by a field of the entry; or several of these, by stratum, each with a filter of its own.
 * @throws DefinitionError `wrong-type` and `out-of-range` for what is no such retention, also where people stand in several
 * groups or rows (`of: 'event'`, entry rule `recurring`); `unknown-name` for a group, cohort or stratum that it does not have;
 * `duplicate-name` for a group on both sides; `too-large` for more than 2^53 - 1 people; `invalid-amount` for costs; `missing` where there is no total to read.
 * @see Newcombe (1998), method 10; Zou & Donner (2008); Fieller (1954), "Some problems in interval estimation", for ratios whose
 * interval has no end.
 * @example
 * const truth = measureCampaign(retention, { campaign: ['one-yuan-tea'],
 *   comparison: { kind: 'observational', groups: 'everybody-else' },
 *   costs: { currency: 'CNY', fixed: '20000.00', perPerson: '1.60' }, offsets: [1, 3] })
 * truth.offsets[1].costPerRetained // => { kind: 'estimate', value: 85.7, interval: { low: 81.2, high: 90.5, … }, … }
 */
export function measureCampaign(
  retention: CampaignRetention | readonly CampaignStratum[],
  options: CampaignOptions,
): CampaignTruth {
  const read = readOptions(options)
  const { strata, named } = readStrata(retention, read)
  const cells = cellsOf(strata, read)
  const { costs, acquired, whole } = costsOf(cells, read)
  const text = (minor: bigint) => moneyOf(minor, read.currency).amount
  const scale = BigInt(`1${'0'.repeat(read.digits)}`)
  const { period, asOf } = strata[0]!
  const elapsed = strata.some(({ elapsed: one }) => one)
  const ask: Ask = { ...read, cells, costs, acquired, scale, text, unit: elapsed ? null : period }
  const offsets = read.offsets.map((offset) => offsetOf(offset, ask))
  const costPerAcquired: CampaignRatio =
    acquired === 0
      ? { kind: 'undefined', reason: 'nobody-acquired' }
      : { kind: 'estimate', value: nearestFloat(whole, BigInt(acquired) * scale, 0) }
  const telling = offsets.filter(({ n }) => n > 0).at(-1) ?? offsets[0]!
  return {
    currency: read.currency,
    period,
    asOf,
    level: read.level,
    campaign: read.campaign,
    comparison: read.comparison,
    acquired,
    cost: text(whole),
    costPerAcquired,
    cohorts: cells.map(({ stratum, cohort, campaign, comparison }, i) => ({
      stratum: named ? stratum : null,
      cohort,
      acquired: campaign.size,
      compared: comparison.size,
      cost: text(costs[i]!),
    })),
    offsets,
    verdict: [
      ...(costPerAcquired.kind === 'estimate'
        ? [
            {
              code: 'acquired',
              n: acquired,
              perPerson: costPerAcquired.value,
              currency: read.currency,
            } as const,
          ]
        : []),
      ...telling.verdict,
    ],
    cautions: cautionsOf({
      comparison: read.comparison.kind,
      standardised: read.standardise !== undefined,
      acquired,
      cells,
      offsets,
    }),
  }
}

/** People of one side in one cohort of one stratum. */
interface Side {
  readonly size: number
  readonly cells: ReadonlyMap<number, SideCell>
}

interface SideCell {
  readonly state: 'complete' | 'incomplete' | 'unobserved'
  readonly retained: number
  /** In smallest units; of amounts that are none, undefined. */
  readonly total: bigint | undefined
}

interface PairCell {
  readonly stratum: string
  readonly cohort: string
  readonly campaign: Side
  readonly comparison: Side
}

interface Stratum {
  readonly name: string
  readonly period: PeriodUnit
  readonly asOf: Instant
  readonly elapsed: boolean
  readonly cohorts: readonly string[]
  readonly groups: readonly { readonly value: GroupValue; readonly sides: readonly Side[] }[]
}

interface Read extends Omit<CampaignOptions, 'costs' | 'level'> {
  readonly level: number
  readonly currency: string
  readonly digits: number
  readonly fixed: bigint
  readonly perPerson: bigint
}

interface Ask extends Read {
  readonly cells: readonly PairCell[]
  readonly costs: readonly bigint[]
  readonly acquired: number
  readonly scale: bigint
  readonly unit: PeriodUnit | null
  text(minor: bigint): string
}

function offsetOf(offset: number, ask: Ask): CampaignOffset {
  const { cells, costs, acquired, level, scale, text, currency, unit } = ask
  let [n, retained, spent, brought] = [0, 0, 0n, 0n]
  let [others, othersRetained] = [0, 0]
  let [unobserved, told] = [0, true]
  for (const [i, { campaign, comparison }] of cells.entries()) {
    const cell = campaign.cells.get(offset)
    if (campaign.size > 0 && cell?.state === 'complete') {
      n += campaign.size
      retained += cell.retained
      spent += costs[i]!
      const own = ask.value === undefined ? undefined : broughtBy(campaign, offset)
      if (own === undefined) told = false
      else brought += own
    } else if (cell?.state === 'unobserved') unobserved += campaign.size
    const other = comparison.cells.get(offset)
    if (other?.state !== 'complete') continue
    others += comparison.size
    othersRetained += other.retained
  }
  const hidden = unobserved > 0 && unobserved === acquired
  const state = n === 0 ? (hidden ? 'not-observed' : 'not-over') : n === acquired ? 'complete' : 'partly'
  const missing: Missing | undefined =
    acquired === 0 ? 'nobody-acquired' : n > 0 ? undefined : (state as Missing)
  const rateOf = (successes: number, trials: number, reason: Missing | 'no-comparison'): CampaignRate => {
    const rate = wilson({ successes, trials, level })
    return rate.kind === 'estimate' ? rate : { kind: 'undefined', reason }
  }
  const rate = rateOf(retained, n, missing ?? 'nobody-acquired')
  const money = nearestFloat(spent, scale, 0)
  const incremental = incrementalOf(offset, ask, missing)
  const found = {
    offset,
    state,
    n,
    maturity: acquired === 0 ? 0 : n / acquired,
    unobserved,
    retained,
    rate,
    cost: text(spent),
    costPerRetained: perRetained(rate, { money, n, retained }),
    compared: { n: others, retained: othersRetained, rate: rateOf(othersRetained, others, 'no-comparison') },
    incremental: incremental.answer,
    costPerIncremental: perIncremental(incremental.answer, nearestFloat(incremental.spent, scale, 0)),
    value: valueCase(
      ask.value === undefined ? 'not-asked' : (missing ?? (told ? undefined : 'not-observed')),
      {
        amount: text(brought),
        balance: text(brought - spent),
      },
    ),
  } as const
  return { ...found, verdict: statementsOf(found, { currency, unit, kind: ask.comparison.kind }) }
}

/** Turns the interval of the share over; a share of zero has no other end. */
function perRetained(
  rate: CampaignRate,
  { money, n, retained }: { readonly money: number; readonly n: number; readonly retained: number },
): CostPerRetained {
  if (rate.kind === 'undefined') return { kind: 'undefined', reason: rate.reason as Missing }
  const { low, high, level } = rate.interval
  if (retained === 0) return { kind: 'undefined', reason: 'nobody-retained', atLeast: money / (n * high) }
  return {
    kind: 'estimate',
    value: money / retained,
    interval: { low: money / (n * high), high: money / (n * low), level },
    method: 'inverted-wilson',
  }
}

/** The difference over strata in which both sides have somebody and are over, and what was spent on those. */
function incrementalOf(
  offset: number,
  { cells, costs, level, standardise }: Ask,
  missing: Missing | undefined,
): { readonly answer: Incremental; readonly spent: bigint } {
  const byName = new Map<string, Pooled>()
  for (const [i, { stratum, cohort, campaign, comparison }] of cells.entries()) {
    const [a, b] = [campaign.cells.get(offset), comparison.cells.get(offset)]
    // An empty side has no cell that could be incomplete.
    if (campaign.size > 0 && a?.state !== 'complete') continue
    if (comparison.size > 0 && b?.state !== 'complete') continue
    const name = nameOf(standardise?.over, stratum, cohort)
    const pooled = byName.get(name) ?? { n: 0, retained: 0, others: 0, othersRetained: 0, spent: 0n }
    byName.set(name, {
      n: pooled.n + campaign.size,
      retained: pooled.retained + (a?.retained ?? 0),
      others: pooled.others + comparison.size,
      othersRetained: pooled.othersRetained + (b?.retained ?? 0),
      spent: pooled.spent + costs[i]!,
    })
  }
  const weights = standardise?.weights
  const pairs: CampaignPair[] = []
  let [whole, used, n, spent] = [0, 0, 0, 0n]
  for (const [name, { n: size, retained, others, othersRetained, spent: cost }] of byName) {
    const weight = weights === undefined ? size : (own(weights, name) ?? 0)
    whole += weight
    if (weight === 0 || size === 0 || others === 0) continue
    used += weight
    n += size
    spent += cost
    pairs.push({
      weight,
      campaign: { retained, n: size },
      comparison: { retained: othersRetained, n: others },
    })
  }
  if (pairs.length === 0)
    return { answer: { kind: 'undefined', reason: missing ?? 'no-comparison' }, spent: 0n }
  const { campaign, comparison, value, low, high } = standardisedDifference(pairs, level)
  return {
    answer: {
      kind: 'estimate',
      direction: low > 0 ? 'more' : high < 0 ? 'fewer' : 'not-distinguishable',
      rate: { value, interval: { low, high, level } },
      campaign,
      comparison,
      people:
        weights === undefined
          ? { kind: 'estimate', value: n * value, interval: { low: n * low, high: n * high, level } }
          : { kind: 'undefined', reason: 'other-population' },
      n,
      strata: pairs.length,
      leftOut: (whole - used) / whole,
      method: pairs.length === 1 ? 'newcombe' : 'standardised-newcombe',
    },
    spent,
  }
}

interface Pooled {
  readonly n: number
  readonly retained: number
  readonly others: number
  readonly othersRetained: number
  readonly spent: bigint
}

const nameOf = (
  over: CampaignStandardisation['over'] | undefined,
  stratum: string,
  cohort: string,
): string =>
  over === undefined ? '' : over === 'cohorts' ? cohort : over === 'strata' ? stratum : `${stratum} ${cohort}`

/** Turns the interval of the difference over, which has no end where zero lies in it. */
function perIncremental(incremental: Incremental, money: number): CostPerIncremental {
  if (incremental.kind === 'undefined') return incremental
  const { direction, people } = incremental
  if (people.kind === 'undefined') return people
  const { low, high, level } = people.interval
  if (direction === 'fewer') return { kind: 'undefined', reason: 'fewer-than-comparison' }
  if (direction === 'not-distinguishable')
    return {
      kind: 'undefined',
      reason: 'not-distinguishable-from-zero',
      atLeast: high > 0 ? money / high : null,
    }
  return {
    kind: 'estimate',
    value: money / people.value,
    interval: { low: money / high, high: money / low, level },
    method: 'inverted-difference',
  }
}

function valueCase(
  reason: 'not-asked' | Missing | undefined,
  value: { readonly amount: string; readonly balance: string },
): CampaignOffset['value'] {
  return reason === undefined ? { kind: 'amount', ...value } : { kind: 'undefined', reason }
}

/** What a side brought up to an offset; of a time in which part was not tracked, nobody knows. */
function broughtBy({ cells }: Side, through: number): bigint | undefined {
  let sum = 0n
  for (const [offset, { total, state }] of cells) {
    if (offset > through) continue
    if (state === 'unobserved') return undefined
    if (total === undefined)
      throw fault(
        'missing',
        '$.retention.groups',
        undefined,
        'amounts in the currency of the costs as the total of every cell',
      )
    sum += total
  }
  return sum
}

/** Costs per person go with the person; fixed ones are split by how many came, to the last unit. */
function costsOf(
  cells: readonly PairCell[],
  { fixed, perPerson }: Read,
): { readonly costs: readonly bigint[]; readonly acquired: number; readonly whole: bigint } {
  const sizes = cells.map(({ campaign }) => campaign.size)
  const acquired = sizes.reduce((sum, size) => sum + size, 0)
  if (!Number.isSafeInteger(acquired + cells.reduce((sum, { comparison }) => sum + comparison.size, 0)))
    throw fault('too-large', '$.retention', acquired, 'at most 2^53 - 1 people')
  const shares = acquired === 0 ? sizes.map(() => 0n) : allocateUnits(fixed, sizes)
  const costs = shares.map((share, i) => share + perPerson * BigInt(sizes[i]!))
  return { costs, acquired, whole: fixed + perPerson * BigInt(acquired) }
}

/** Both sides of every cohort of every stratum, within the cohorts of the campaign. */
function cellsOf(strata: readonly Stratum[], read: Read): readonly PairCell[] {
  const { campaign, comparison, cohorts: asked } = read
  const isCampaign = (value: GroupValue) => campaign.includes(value)
  const isCompared = (value: GroupValue) =>
    comparison.groups === 'everybody-else' ? !isCampaign(value) : comparison.groups.includes(value)
  const known = new Set(strata.flatMap(({ groups }) => groups.map(({ value }) => value)))
  const anybody = known.size > 0
  for (const [path, groups] of [
    ['$.options.campaign', campaign],
    ['$.options.comparison.groups', comparison.groups],
  ] as const) {
    if (groups === 'everybody-else') continue
    for (const value of groups) {
      if (anybody && !known.has(value))
        throw fault('unknown-name', path, value, [...known].slice(0, 20).map(String).join(' | '))
    }
  }
  const names = [...new Set(strata.flatMap(({ cohorts }) => cohorts))].sort()
  for (const name of asked === undefined ? [] : [asked.from, asked.to]) {
    if (anybody && !names.includes(name))
      throw fault('unknown-name', '$.options.cohorts', name, names.slice(0, 20).join(' | '))
  }
  const cells = strata.flatMap(({ name: stratum, cohorts, groups }) =>
    cohorts.map((cohort, i): PairCell => {
      const sideOf = (belongs: (value: GroupValue) => boolean) =>
        joined(groups.flatMap(({ value, sides }) => (belongs(value) ? [sides[i]!] : [])))
      return { stratum, cohort, campaign: sideOf(isCampaign), comparison: sideOf(isCompared) }
    }),
  )
  const reached = cells.flatMap(({ cohort, campaign: { size } }) => (size > 0 ? [cohort] : [])).sort()
  const { from, to } = asked ?? { from: reached[0] ?? '', to: reached.at(-1) ?? '' }
  const kept = cells.filter(({ cohort }) => cohort >= from && cohort <= to)
  checkWeights(read.standardise, kept)
  checkOffsets(read.offsets, cells)
  return kept
}

/** An offset between those of the table is none of them: the table has brackets, or was cut. */
function checkOffsets(offsets: readonly number[], cells: readonly PairCell[]): void {
  const known = new Set<number>()
  for (const { campaign, comparison } of cells) {
    for (const side of [campaign, comparison]) for (const offset of side.cells.keys()) known.add(offset)
  }
  let last = -1
  for (const offset of known) last = Math.max(last, offset)
  for (const offset of offsets) {
    if (offset < last && !known.has(offset))
      throw fault(
        'unknown-name',
        '$.options.offsets',
        offset,
        [...known]
          .sort((a, b) => a - b)
          .slice(0, 20)
          .join(' | '),
      )
  }
}

function checkWeights(standardise: CampaignStandardisation | undefined, cells: readonly PairCell[]): void {
  if (standardise?.weights === undefined) return
  const names = new Set(cells.map(({ stratum, cohort }) => nameOf(standardise.over, stratum, cohort)))
  for (const name of Object.keys(standardise.weights)) {
    if (!names.has(name))
      throw fault('unknown-name', '$.options.standardise.weights', name, [...names].slice(0, 20).join(' | '))
  }
}

/** Several groups as one side. */
function joined(sides: readonly Side[]): Side {
  if (sides.length === 1) return sides[0]!
  const cells = new Map<number, SideCell>()
  // Of nobody nothing can be incomplete: empty groups would only hide what others have.
  const peopled = sides.filter(({ size }) => size > 0)
  for (const { cells: more } of peopled) {
    for (const [offset, cell] of more) {
      const before = cells.get(offset)
      cells.set(offset, before === undefined ? cell : both(before, cell))
    }
  }
  // An offset that one of them does not have yet is not over.
  for (const [offset, cell] of cells) {
    if (peopled.some(({ cells: of }) => !of.has(offset))) cells.set(offset, { ...cell, state: 'incomplete' })
  }
  return { size: peopled.reduce((sum, { size }) => sum + size, 0), cells }
}

const worse = ['complete', 'incomplete', 'unobserved'] as const

function both(a: SideCell, b: SideCell): SideCell {
  return {
    state: worse[Math.max(worse.indexOf(a.state), worse.indexOf(b.state))]!,
    retained: a.retained + b.retained,
    total: a.total === undefined || b.total === undefined ? undefined : a.total + b.total,
  }
}

function readStrata(
  given: CampaignRetention | readonly CampaignStratum[],
  { digits, standardise }: Read,
): { readonly strata: readonly Stratum[]; readonly named: boolean } {
  if (!Array.isArray(given)) {
    if (standardise !== undefined && standardise.over !== 'cohorts')
      throw fault('missing', '$.retention', given, 'retention by stratum: [{ stratum, retention }]')
    return {
      strata: [readRetention(given as CampaignRetention, '', '$.retention', digits)],
      named: false,
    }
  }
  if (given.length === 0) throw fault('missing', '$.retention', given, 'at least one stratum')
  const names = new Set<string>()
  const strata = (given as readonly CampaignStratum[]).map((one, i) => {
    const path = `$.retention[${i}]`
    checkRecord(one, path)
    const { stratum, retention } = one
    if (typeof stratum !== 'string' || stratum === '')
      throw fault('wrong-type', `${path}.stratum`, stratum, 'a name')
    if (names.has(stratum)) throw fault('duplicate-name', `${path}.stratum`, stratum, 'every stratum once')
    names.add(stratum)
    return readRetention(retention, stratum, `${path}.retention`, digits)
  })
  const [first] = strata
  for (const [i, { period, asOf }] of strata.entries()) {
    if (period !== first!.period || asOf !== first!.asOf)
      throw fault(
        'out-of-range',
        `$.retention[${i}].retention`,
        asOf,
        'the period and asOf of the first stratum',
      )
  }
  return { strata, named: true }
}

function readRetention(given: CampaignRetention, name: string, path: string, digits: number): Stratum {
  checkRecord(given, path)
  const { period, asOf, cohorts, groups, warnings } = given
  checkName(periodUnits, period, `${path}.period`)
  if (!isInstant(asOf)) throw fault('invalid-instant', `${path}.asOf`, asOf, 'milliseconds since 1970')
  checkList(cohorts, `${path}.cohorts`)
  checkList(groups, `${path}.groups`)
  checkList(warnings, `${path}.warnings`)
  for (const warning of warnings) {
    if (isRecord(warning) && warning['code'] === 'rows-overlap')
      throw fault(
        'out-of-range',
        `${path}.warnings`,
        'rows-overlap',
        'an entry rule by which everybody enters once',
      )
  }
  const names: string[] = []
  for (const [i, one] of cohorts.entries()) {
    checkRecord(one, `${path}.cohorts[${i}]`)
    if (typeof one.cohort !== 'string' || one.cohort === '')
      throw fault('wrong-type', `${path}.cohorts[${i}].cohort`, one.cohort, 'a name')
    whole(one.size, `${path}.cohorts[${i}].size`)
    if (names.includes(one.cohort))
      throw fault('duplicate-name', `${path}.cohorts[${i}].cohort`, one.cohort, 'every cohort once')
    names.push(one.cohort)
  }
  let elapsed = false
  const values = new Set<GroupValue>()
  const read = groups.map((group, i) => {
    const at = `${path}.groups[${i}]`
    checkRecord(group, at)
    checkValue(group.value, `${at}.value`)
    if (values.has(group.value)) throw fault('duplicate-name', `${at}.value`, group.value, 'every value once')
    values.add(group.value)
    checkList(group.cohorts, `${at}.cohorts`)
    if (group.cohorts.length !== names.length)
      throw fault(
        'out-of-range',
        `${at}.cohorts`,
        group.cohorts.length,
        `${names.length} cohorts, those of all people`,
      )
    const sides = group.cohorts.map((cohort, j) => {
      const side = readCohort(cohort, { name: names[j]!, digits, path: `${at}.cohorts[${j}]` })
      elapsed ||= cohort.cells.some(({ period: label }) => label === null)
      return side
    })
    return { value: group.value, sides }
  })
  for (const [i, { size }] of cohorts.entries()) {
    const sum = read.reduce((all, { sides }) => all + sides[i]!.size, 0)
    if (sum !== size)
      throw fault(
        'out-of-range',
        `${path}.groups`,
        sum,
        `groups whose people add up to the ${size} of a cohort: breakdown { of: 'entry' }`,
      )
  }
  return { name, period, asOf, elapsed, cohorts: names, groups: read }
}

function readCohort(
  given: CampaignRetention['groups'][number]['cohorts'][number],
  { name, digits, path }: { readonly name: string; readonly digits: number; readonly path: string },
): Side {
  checkRecord(given, path)
  const { cohort, size, cells } = given
  if (cohort !== name) throw fault('unknown-name', `${path}.cohort`, cohort, name)
  whole(size, `${path}.size`)
  checkList(cells, `${path}.cells`)
  const read = new Map<number, SideCell>()
  for (const [i, cell] of cells.entries()) {
    const at = `${path}.cells[${i}]`
    checkRecord(cell, at)
    const { offset, eligible, retained, state, total, period } = cell
    if (period !== null && typeof period !== 'string')
      throw fault('wrong-type', `${at}.period`, period, 'the name of a period, or null')
    whole(offset, `${at}.offset`)
    whole(eligible, `${at}.eligible`, size)
    whole(retained, `${at}.retained`, eligible)
    checkName(worse, state, `${at}.state`)
    if (read.has(offset)) throw fault('duplicate-name', `${at}.offset`, offset, 'every offset once')
    if (state === 'complete' && eligible !== size)
      throw fault('out-of-range', `${at}.eligible`, eligible, `all ${size} of a complete cell`)
    if (
      total !== undefined &&
      typeof total !== 'string' &&
      !(Number.isSafeInteger(total) && !Object.is(total, -0))
    )
      throw fault('wrong-type', `${at}.total`, total, 'an amount as text, or a whole number')
    const minor = typeof total === 'string' ? parseMinor(total, digits) : undefined
    read.set(offset, { state, retained, total: minor === undefined ? undefined : BigInt(minor) })
  }
  return { size, cells: read }
}

function checkValue(value: unknown, path: string): void {
  if (value !== null && !['string', 'number', 'boolean'].includes(typeof value))
    throw fault('wrong-type', path, value, 'text, a number, true, false or null')
}

function whole(value: unknown, path: string, most = Number.MAX_SAFE_INTEGER): void {
  const fits = Number.isSafeInteger(value) && (value as number) >= 0 && (value as number) <= most
  if (!fits || Object.is(value, -0))
    throw fault('out-of-range', path, value, `a whole number from 0 to ${most}`)
}

const optionKeys = [
  ...['campaign', 'comparison', 'costs', 'offsets', 'cohorts', 'standardise', 'value', 'level'],
]

function readOptions(options: CampaignOptions): Read {
  checkKeys(options, '$.options', optionKeys)
  const { campaign, comparison, costs, offsets, cohorts, standardise, value, level = 0.95 } = options
  const path = '$.options.campaign'
  checkGroups(campaign, path)
  checkKeys(comparison, '$.options.comparison', ['kind', 'groups'])
  checkName(['randomised', 'observational'], comparison.kind, '$.options.comparison.kind')
  const { groups } = comparison
  if (groups !== 'everybody-else') checkGroups(groups, '$.options.comparison.groups')
  else if (comparison.kind === 'randomised')
    throw fault('out-of-range', '$.options.comparison.groups', groups, 'the groups that chance made, by name')
  for (const one of groups === 'everybody-else' ? [] : groups) {
    if (campaign.includes(one))
      throw fault('duplicate-name', '$.options.comparison.groups', one, 'no group of the campaign')
  }
  checkList(offsets, '$.options.offsets')
  if (offsets.length === 0) throw fault('missing', '$.options.offsets', offsets, 'at least one offset')
  for (const [i, offset] of offsets.entries()) {
    whole(offset, `$.options.offsets[${i}]`)
    if (i > 0 && offset <= offsets[i - 1]!)
      throw fault('out-of-range', `$.options.offsets[${i}]`, offset, 'offsets in ascending order')
  }
  if (cohorts !== undefined) {
    checkKeys(cohorts, '$.options.cohorts', ['from', 'to'])
    for (const key of ['from', 'to'] as const) {
      if (typeof cohorts[key] !== 'string')
        throw fault('wrong-type', `$.options.cohorts.${key}`, cohorts[key], 'the name of a cohort')
    }
    if (cohorts.from > cohorts.to)
      throw fault('out-of-range', '$.options.cohorts.to', cohorts.to, 'at or after from')
  }
  if (standardise !== undefined) checkStandardisation(standardise)
  if (value !== undefined) checkName(['total'], value, '$.options.value')
  checkLevel(level)
  const { currency, digits, fixed, perPerson } = readCosts(costs)
  return {
    campaign: [...campaign],
    comparison: { ...comparison },
    offsets,
    level,
    currency,
    digits,
    fixed,
    perPerson,
    ...(cohorts !== undefined && { cohorts }),
    ...(standardise !== undefined && { standardise }),
    ...(value !== undefined && { value }),
  }
}

function checkGroups(groups: unknown, path: string): void {
  checkList(groups, path)
  if (groups.length === 0) throw fault('missing', path, groups, 'at least one value of the breakdown')
  for (const [i, value] of groups.entries()) {
    checkValue(value, `${path}[${i}]`)
    if (groups.indexOf(value) !== i) throw fault('duplicate-name', `${path}[${i}]`, value, 'every value once')
  }
}

function checkStandardisation(standardise: CampaignStandardisation): void {
  const path = '$.options.standardise'
  checkKeys(standardise, path, ['over', 'weights'])
  checkName(['cohorts', 'strata', 'strata-and-cohorts'], standardise.over, `${path}.over`)
  const { weights } = standardise
  if (weights === undefined) return
  checkRecord(weights, `${path}.weights`)
  let sum = 0
  for (const [name, weight] of Object.entries(weights)) {
    if (typeof weight !== 'number' || !(weight >= 0 && weight <= 1e15))
      throw fault('out-of-range', `${path}.weights.${name}`, weight, 'a number from 0 to 10^15')
    sum += weight
  }
  // Weights so small that their squares are nothing would leave no interval.
  if (!(sum >= 1e-15)) throw fault('out-of-range', `${path}.weights`, sum, 'weights above zero')
}

function readCosts(costs: CampaignCosts): {
  readonly currency: string
  readonly digits: number
  readonly fixed: bigint
  readonly perPerson: bigint
} {
  checkKeys(costs, '$.options.costs', ['currency', 'fixed', 'perPerson'])
  const currency = checkCurrency(costs.currency, '$.options.costs.currency')
  const digits = minorDigits(currency)
  const minor = (key: 'fixed' | 'perPerson'): bigint => {
    const text = costs[key]
    const read = text === undefined ? 0 : parseMinor(text, digits)
    if (read === undefined || read < 0)
      throw fault(
        'invalid-amount',
        `$.options.costs.${key}`,
        text,
        `decimal text from 0, with at most ${digits} digits behind the point`,
      )
    return BigInt(read)
  }
  if (costs.fixed === undefined && costs.perPerson === undefined)
    throw fault('missing', '$.options.costs', undefined, 'what it cost: fixed, perPerson or both')
  return { currency, digits, fixed: minor('fixed'), perPerson: minor('perPerson') }
}

function checkKeys(value: unknown, path: string, known: readonly string[]): void {
  checkRecord(value, path)
  for (const key of Object.keys(value as object)) {
    if (!known.includes(key)) throw fault('unknown-key', `${path}.${key}`, key, known.join(', '))
  }
}
