import { DAY } from '../kernel/civil.js'
import type { Calendar, Instant } from '../kernel/index.js'
import { firstDayOfWeek } from '../kernel/week.js'
import type { PersonPartial } from './membership.js'
import { checkPerson } from './person-history.js'
import type { VitalityDefinition } from './vitality-definition.js'

/** The instant from which the local clock never shows a day again: clocks set back over midnight return to it. */
export function dayOver(calendar: Calendar, day: number): Instant {
  const next = calendar.instantOfDay(day + 1)
  const back = calendar.offsetAt(next) - calendar.offsetAt(next + DAY)
  return back > 0 && calendar.localDay(next + back - 1) === day ? next + back : next
}

/** The latest local day that is over by an instant. */
export function lastDayOver(calendar: Calendar, asOf: Instant): number {
  const today = calendar.localDay(asOf)
  for (const day of [today, today - 1]) if (dayOver(calendar, day) <= asOf) return day
  return today - 2
}

/** The first day on which anything is known of a group. */
export function firstDay(
  calendar: Calendar,
  people: Readonly<Record<string, PersonPartial>>,
): number | undefined {
  let first = Infinity
  for (const person of Object.values(people)) {
    checkPerson(person)
    const { moves, said } = person
    if (said.length > 0) first = Math.min(first, said[0]!)
    // Clocks set back over midnight may show the earlier date at a later instant.
    for (let i = 0; i < moves.length && moves[i]! < moves[0]! + DAY; i += 2)
      first = Math.min(first, calendar.localDay(moves[i]!))
  }
  return first === Infinity ? undefined : first
}

/** How days make lines. */
export interface SpanOfDays {
  readonly length: 1 | 7
  startOf(day: number): number
  /** Of the line that begins with a day: how many dates the zone had, and how many are quiet. */
  daysOf(day: number): { readonly days: number; readonly quiet: number }
  /** Whether the zone had this date. */
  exists(day: number): boolean
}

/** Days as lines of a definition: one by one, or by weeks. */
export function spanOf(calendar: Calendar, { period, quiet }: VitalityDefinition): SpanOfDays {
  const length = period === 'week' ? 7 : 1
  const known = new Map<number, boolean>()
  const exists = (day: number): boolean => {
    let found = known.get(day)
    if (found === undefined) {
      found = calendar.instantOfDay(day) < calendar.instantOfDay(day + 1)
      known.set(day, found)
    }
    return found
  }
  const weekStart = calendar.definition.weekStart ?? 1
  const lines = new Map<number, { days: number; quiet: number }>()
  return {
    length,
    startOf: (day) => (length === 7 ? firstDayOfWeek(day, weekStart) : day),
    exists,
    daysOf(from) {
      const known = lines.get(from)
      if (known !== undefined) return known
      const found = { days: 0, quiet: 0 }
      for (let day = from; day < from + length; day++) {
        if (!exists(day)) continue
        found.days += 1
        if (quiet !== undefined && calendar.isNamed(quiet, calendar.instantOfDay(day))) found.quiet += 1
      }
      lines.set(from, found)
      return found
    },
  }
}
