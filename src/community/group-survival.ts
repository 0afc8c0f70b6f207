import { dayOfText } from '../kernel/civil.js'
import { checkRecord, fault } from '../kernel/errors.js'
import { own } from '../kernel/plain.js'
import type { SurvivalRecord } from '../measures/survival-record.js'
import { deathIn, readSilence, type Silence } from './death.js'
import type { GroupVitality } from './vitality.js'
import { checkDaily } from './warning.js'

/** When a group is dead, and how pushes are told apart. */
export interface GroupSurvivalOptions extends Silence {
  readonly pushes: {
    /** Pushes are counted on so many first days of a group; its survival is asked from then on. */
    readonly withinDays: number
    /** Pushes a day at which the next band begins, ascending, above 0: `[1, 3]` is under 1, 1 to under 3, 3 and more. */
    readonly bands: readonly number[]
  }
  /** When groups were opened (`YYYY-MM-DD`, at or before their first line), where that is known: time then counts from there. */
  readonly opened?: { readonly [group: string]: string }
}

/** Records of survival by how hard groups were pushed at first. */
export interface GroupSurvival {
  readonly unit: 'day'
  /** What counts as death. */
  readonly death: { readonly kind: 'no-member-spoke'; readonly silentDays: number }
  readonly withinDays: number
  readonly bands: readonly GroupSurvivalBand[]
  /** Dead, or no longer watched, before the pushes were counted: in no band. */
  readonly leftOut: { readonly dead: readonly string[]; readonly tooShort: readonly string[] }
}

/** The groups that were pushed alike. */
export interface GroupSurvivalBand {
  /** Pushes a day from this. */
  readonly from: number
  /** To below this; `null`: no end. */
  readonly to: number | null
  /** By group, in the order of the result. */
  readonly groups: readonly string[]
  /** One for each of them, in days: what Kaplan–Meier, the log-rank test and Cox regression read. */
  readonly records: readonly SurvivalRecord[]
}

/**
 * Survival of groups under pushes. A group dies on the first of `silentDays` days in a row on which no member speaks. One that
 * is not dead is censored `silentDays` before its data ends: of later days nobody knows yet whether a silence has begun.
 *
 * Bands come from a group's first `withinDays` days only, and `entry` says that it is at risk from then on (a landmark).
 * Counting pushes over whole lives would compare those that lived long enough to be pushed often with those that did not.
 * Groups that died before are left out, and listed: short lives are not in the curves.
 *
 * @param groups - By day, from their first day on: without `since`.
 * @throws DefinitionError `out-of-range` for days or bands that do not hold, for an opening after the first line, for lines
 * that are not days; `wrong-type` for what are no groups or no dates.
 * @see Anderson, Cain & Gelber (1983), "Analysis of Survival by Tumor Response": why a landmark.
 * @example
 * groupSurvival(result.groups, { pushes: { withinDays: 14, bands: [1] } }).bands[1].records[0]
 * // => { time: 30, event: true, entry: 14 }
 */
export function groupSurvival(
  groups: readonly GroupVitality[],
  options: GroupSurvivalOptions,
): GroupSurvival {
  checkRecord(options, '$')
  const silentDays = readSilence(options)
  const { withinDays, edges } = readPushes(options)
  checkDaily(groups, '$.groups')
  const bands = edges.map((from, i) => ({
    from,
    to: edges[i + 1] ?? null,
    groups: [] as string[],
    records: [] as SurvivalRecord[],
  }))
  const leftOut = { dead: [] as string[], tooShort: [] as string[] }
  for (const { group, periods } of groups) {
    if (periods.length === 0) continue
    const death = deathIn(periods, silentDays)
    const age = ageAtFirstLine(options.opened, group, periods[0]!.from)
    const watched = death ?? periods.length - silentDays
    if (watched <= withinDays) {
      leftOut[death === undefined ? 'tooShort' : 'dead'].push(group)
      continue
    }
    let pushes = 0
    for (let i = 0; i < withinDays; i++) pushes += periods[i]!.messages.advertisement
    const band = bands[edges.filter((from) => pushes >= from * withinDays).length - 1]!
    band.groups.push(group)
    band.records.push({ time: age + watched, event: death !== undefined, entry: age + withinDays })
  }
  return {
    unit: 'day',
    death: { kind: 'no-member-spoke', silentDays },
    withinDays,
    bands,
    leftOut,
  }
}

function readPushes({ pushes }: GroupSurvivalOptions): {
  readonly withinDays: number
  readonly edges: readonly number[]
} {
  checkRecord(pushes, '$.pushes')
  const { withinDays, bands } = pushes
  if (!(Number.isSafeInteger(withinDays) && withinDays >= 1 && withinDays <= 3660))
    throw fault('out-of-range', '$.pushes.withinDays', withinDays, 'a whole number from 1 to 3660')
  if (!Array.isArray(bands)) throw fault('wrong-type', '$.pushes.bands', bands, 'a list')
  if (bands.length > 100) throw fault('too-large', '$.pushes.bands', bands, 'at most 100 bands')
  const edges = [0]
  for (const [i, edge] of (bands as readonly unknown[]).entries()) {
    if (!(typeof edge === 'number' && Number.isFinite(edge) && edge > edges[i]!))
      throw fault('out-of-range', `$.pushes.bands[${i}]`, edge, 'finite, above 0, ascending')
    edges.push(edge)
  }
  return { withinDays, edges }
}

/** How many days old a group was on its first line. */
function ageAtFirstLine(opened: GroupSurvivalOptions['opened'], group: string, first: string): number {
  if (opened === undefined) return 0
  checkRecord(opened, '$.opened')
  const text = own(opened, group)
  if (text === undefined) return 0
  const [from, to] = [dayOfText(text), dayOfText(first)]
  if (from === undefined) throw fault('wrong-type', '$.opened', text, 'YYYY-MM-DD')
  if (to === undefined || from > to)
    throw fault('out-of-range', '$.opened', text, 'at or before the first line')
  return to - from
}
