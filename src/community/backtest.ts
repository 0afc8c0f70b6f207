import { checkRecord, fault } from '../kernel/errors.js'
import { type Proportion, quantile, wilson } from '../measures/index.js'
import type { GroupDeath } from './death.js'
import type { GroupVitality } from './vitality.js'
import { checkDaily, checkWarning, type VitalityWarning, type Watch, watchesOf } from './warning.js'

/** What a warning promises, and how sure the shares are to be. */
export interface BacktestOptions {
  readonly warning: VitalityWarning
  /** While it is on, a warning says: within so many days this group will be dead, if nothing changes. 90 unless told. */
  readonly horizonDays?: number
  /** A warning that comes later than so many days before the first silent one helps nobody, and is no warning. 7 unless told. */
  readonly leastLeadDays?: number
  /** Confidence of the intervals; 0.95 unless told. */
  readonly level?: number
}

/** How a warning would have done. */
export interface Backtest {
  readonly horizonDays: number
  readonly leastLeadDays: number
  readonly groups: number
  readonly deaths: number
  /** Deaths before which it was on in time: within the horizon, and since the least lead before or longer. */
  readonly warned: Proportion
  /** All other deaths. */
  readonly missed: Proportion
  /** Of the missed, those of which too little was known before to say anything. */
  readonly tooEarly: number
  /** From its coming on to the first silent day, the horizon at most. */
  readonly leadDays: LeadTime
  /** How often it came on, by what came of it. */
  readonly alarms: { readonly [outcome in AlarmOutcome]: number }
  /** False ones of those that can be told, which are all but the open ones. */
  readonly falseAlarms: Proportion
  /** Groups without a death that it alarmed falsely, once or more; those with open alarms only are not among them. */
  readonly falselyAlarmed: Proportion
  /** False alarms for each 365 days of a living group on which it could say something. */
  readonly falseAlarmsPerYear:
    | { readonly kind: 'estimate'; readonly value: number; readonly years: number }
    | { readonly kind: 'undefined'; readonly reason: 'no-days' }
  readonly outcomes: readonly GroupBacktest[]
}

/**
 * - `true`: came on within the horizon before the death.
 * - `early`: came on before that, and was still on within it.
 * - `false`: the group was not dead when the horizon had passed; and it was not early.
 * - `open`: the data ends before that can be told.
 */
export type AlarmOutcome = 'true' | 'early' | 'false' | 'open'

/** One group in a back-test. */
export interface GroupBacktest {
  readonly group: string
  readonly death: string | null
  /** From the first alarm that was true or early to the death, the horizon at most; `null` without one in time. */
  readonly leadDays: number | null
  /** When it came on, and what came of it. */
  readonly alarms: readonly { readonly on: string; readonly outcome: AlarmOutcome }[]
}

/** How long before the first silent day warnings came; quartiles of type 7. */
export type LeadTime =
  | {
      readonly kind: 'estimate'
      readonly n: number
      readonly least: number
      readonly lowerQuartile: number
      readonly median: number
      readonly upperQuartile: number
      readonly most: number
    }
  | { readonly kind: 'undefined'; readonly reason: 'no-warned-deaths' }

/**
 * Runs a warning over histories whose ends are known, day by day, with what was known on each: how long before a death it
 * came on, how many deaths it missed, how often it cried wolf.
 *
 * An alarm lasts from the day the warning comes on to the day before it goes off. What happens after a death does not
 * count. Choose thresholds on some groups and read these numbers off others: off the same ones they flatter.
 *
 * @param groups - By day.
 * @param deaths - As `groupDeaths` finds them, or as somebody noted them; dates outside a group's lines are refused.
 * @throws DefinitionError `out-of-range` for thresholds, horizon or level, for a death on no line, for lines that are not
 * days; `unknown-name` for the death of a group that is not there; `duplicate-name` for two deaths of one, or two groups of one name.
 * @example
 * backtestWarning(result.groups, groupDeaths(result.groups), { warning: vitalityWarning }).missed
 * // => { kind: 'estimate', value: 0.1475, interval: { low: 0.0954, high: 0.2212, level: 0.95 }, trials: 122, method: 'wilson' }
 */
export function backtestWarning(
  groups: readonly GroupVitality[],
  deaths: readonly GroupDeath[],
  options: BacktestOptions,
): Backtest {
  checkRecord(options, '$')
  const { warning, horizonDays = 90, leastLeadDays = 7, level = 0.95 } = options
  checkWarning(warning, '$.warning')
  if (!(Number.isSafeInteger(horizonDays) && horizonDays >= 1 && horizonDays <= 3660))
    throw fault('out-of-range', '$.horizonDays', horizonDays, 'a whole number from 1 to 3660')
  if (!(Number.isSafeInteger(leastLeadDays) && leastLeadDays >= 1 && leastLeadDays <= horizonDays))
    throw fault('out-of-range', '$.leastLeadDays', leastLeadDays, 'a whole number from 1 to horizonDays')
  if (!(Number.isFinite(level) && level > 0 && level < 1))
    throw fault('out-of-range', '$.level', level, 'strictly between 0 and 1')
  checkDaily(groups, '$.groups')
  const ends = readDeaths(groups, deaths)

  let [tooEarly, watched] = [0, 0]
  const outcomes = groups.map((history): GroupBacktest => {
    const { group, periods } = history
    const death = ends.get(group)
    const watches = watchesOf(history, warning).slice(0, death ?? periods.length)
    watched += watches.filter(({ known }) => known).length
    const alarms = alarmsIn(watches).map(({ start, end }) => {
      let outcome: AlarmOutcome
      if (death === undefined) outcome = periods.length - 1 - start >= horizonDays ? 'false' : 'open'
      else if (death - start <= horizonDays) outcome = 'true'
      else outcome = death - end <= horizonDays ? 'early' : 'false'
      return { start, outcome }
    })
    const leads = alarms.flatMap(({ start, outcome }) =>
      death !== undefined && (outcome === 'true' || outcome === 'early')
        ? [Math.min(horizonDays, death - start)]
        : [],
    )
    const lead = leads[0] !== undefined && leads[0] >= leastLeadDays ? leads[0] : null
    if (death !== undefined && lead === null && !watches.some(({ known }) => known)) tooEarly += 1
    return {
      group,
      death: death === undefined ? null : periods[death]!.from,
      leadDays: lead,
      alarms: alarms.map(({ start, outcome }) => ({ on: periods[start]!.from, outcome })),
    }
  })

  const leads = outcomes.flatMap(({ leadDays }) => (leadDays === null ? [] : [leadDays]))
  const counts = { true: 0, early: 0, false: 0, open: 0 }
  for (const { alarms } of outcomes) for (const { outcome } of alarms) counts[outcome] += 1
  // Of a group that is alarmed for the first time near the end of the data nobody can say whether it was spared.
  const spared = outcomes.filter(
    ({ death, alarms }) =>
      death === null && (alarms.length === 0 || alarms.some(({ outcome }) => outcome === 'false')),
  )
  const alarmed = spared.filter(({ alarms }) => alarms.some(({ outcome }) => outcome === 'false'))
  const share = (successes: number, trials: number) => wilson({ successes, trials, level })
  return {
    horizonDays,
    leastLeadDays,
    groups: groups.length,
    deaths: ends.size,
    warned: share(leads.length, ends.size),
    missed: share(ends.size - leads.length, ends.size),
    tooEarly,
    leadDays: leadTimeOf(leads),
    alarms: counts,
    falseAlarms: share(counts.false, counts.true + counts.early + counts.false),
    falselyAlarmed: share(alarmed.length, spared.length),
    falseAlarmsPerYear:
      watched === 0
        ? { kind: 'undefined', reason: 'no-days' }
        : { kind: 'estimate', value: counts.false / (watched / 365), years: watched / 365 },
    outcomes,
  }
}

/** From the first line to the last one on which a warning stays on. */
function alarmsIn(watches: readonly Watch[]): readonly { readonly start: number; readonly end: number }[] {
  const alarms: { start: number; end: number }[] = []
  for (const [i, { on, since }] of watches.entries()) {
    if (!on) continue
    if (alarms.at(-1)?.start === since) alarms.at(-1)!.end = i
    else alarms.push({ start: since, end: i })
  }
  return alarms
}

/** By group, the line on which it died. */
function readDeaths(
  groups: readonly GroupVitality[],
  deaths: readonly GroupDeath[],
): ReadonlyMap<string, number> {
  const lines = new Map<string, GroupVitality['periods']>()
  for (const [i, { group, periods }] of groups.entries()) {
    if (lines.has(group)) throw fault('duplicate-name', `$.groups[${i}].group`, group, 'every group once')
    lines.set(group, periods)
  }
  if (!Array.isArray(deaths)) throw fault('wrong-type', '$.deaths', deaths, 'a list')
  const ends = new Map<string, number>()
  for (const [i, death] of deaths.entries()) {
    const path = `$.deaths[${i}]`
    checkRecord(death, path)
    const { group, on } = death as GroupDeath
    const periods = lines.get(group)
    if (periods === undefined) throw fault('unknown-name', `${path}.group`, group, 'the name of a group')
    if (ends.has(group)) throw fault('duplicate-name', `${path}.group`, group, 'one death a group')
    const at = periods.findIndex(({ from }) => from === on)
    if (at < 0) throw fault('out-of-range', `${path}.on`, on, 'the date of one of its lines')
    ends.set(group, at)
  }
  return ends
}

function leadTimeOf(leads: readonly number[]): LeadTime {
  if (leads.length === 0) return { kind: 'undefined', reason: 'no-warned-deaths' }
  const at = (p: number) => {
    const found = quantile(leads, p, { type: 'type-7' })
    return found.kind === 'estimate' ? found.value : 0
  }
  return {
    kind: 'estimate',
    n: leads.length,
    least: at(0),
    lowerQuartile: at(0.25),
    median: at(0.5),
    upperQuartile: at(0.75),
    most: at(1),
  }
}
