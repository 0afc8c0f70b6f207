import { checkRecord, fault } from '../kernel/errors.js'

/** How long somebody was watched, and whether what was waited for happened. */
export interface SurvivalRecord {
  /** Until the event, or until last seen without it: finite, from 0, in one unit throughout. */
  readonly time: number
  /** `true`: it happened at `time`. `false`: not by `time`, and nothing is known of later (censored). */
  readonly event: boolean
  /**
   * Since when watched (left truncation): before it the event would not have been seen, so it counts as at risk only
   * at times after `entry`. Below `time`. Without it, from the beginning, time 0 included.
   */
  readonly entry?: number
}

/** Refuses what is no record, at its own path. */
export function checkSurvivalRecord(record: SurvivalRecord, path: string): void {
  checkRecord(record, path)
  const { time, event, entry } = record
  if (!(Number.isFinite(time) && time >= 0)) {
    throw fault('out-of-range', `${path}.time`, time, 'a finite number from 0')
  }
  if (typeof event !== 'boolean') throw fault('wrong-type', `${path}.event`, event, 'true or false')
  if (entry !== undefined && !(Number.isFinite(entry) && entry >= 0 && entry < time)) {
    throw fault('out-of-range', `${path}.entry`, entry, 'from 0 to below time')
  }
}
