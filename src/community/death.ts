import { fault } from '../kernel/errors.js'
import type { GroupVitality, VitalityPeriod } from './vitality.js'
import { checkDaily } from './warning.js'

/** When a group counts as dead. */
export interface Silence {
  /** So many days in a row on which no member spoke; 14 unless told. */
  readonly silentDays?: number
}

/** A group that fell silent for good, as far as the definition goes. */
export interface GroupDeath {
  readonly group: string
  /** `YYYY-MM-DD`: the first of the silent days. It is known only when the last of them is over. */
  readonly on: string
}

/**
 * The groups that died: on how many days in a row no member spoke, operators and advertisements notwithstanding. The first
 * such silence is the death, whether or not somebody spoke again later.
 *
 * @param groups - By day.
 * @throws DefinitionError `out-of-range` for `silentDays` that is no whole number from 1 to 366, or for lines that are not days;
 * `wrong-type` for what are no groups.
 * @example
 * groupDeaths(result.groups, { silentDays: 14 }) // => [{ group: 'coupons', on: '2024-04-02' }]
 */
export function groupDeaths(groups: readonly GroupVitality[], silence: Silence = {}): readonly GroupDeath[] {
  checkDaily(groups, '$.groups')
  const silentDays = readSilence(silence)
  return groups.flatMap(({ group, periods }) => {
    const at = deathIn(periods, silentDays)
    return at === undefined ? [] : [{ group, on: periods[at]!.from }]
  })
}

/** How many silent days make a death. */
export function readSilence({ silentDays = 14 }: Silence): number {
  if (!(Number.isSafeInteger(silentDays) && silentDays >= 1 && silentDays <= 366))
    throw fault('out-of-range', '$.silentDays', silentDays, 'a whole number from 1 to 366')
  return silentDays
}

/** The line with which the first long silence begins. */
export function deathIn(periods: readonly VitalityPeriod[], silentDays: number): number | undefined {
  let silent = 0
  for (const [i, { speakers }] of periods.entries()) {
    silent = speakers === 0 ? silent + 1 : 0
    if (silent === silentDays) return i + 1 - silentDays
  }
  return undefined
}
