import type { DayHours } from './business.js'
import { DAY } from './civil.js'
import { type Instant, lastInstant } from './instant.js'
import type { Zone } from './zone.js'

/**
 * A clock that runs only in business hours. A stretch of work lasts from the first instant at which the local clock
 * has reached its `from` to the first at which it has reached its `to`: where clocks change in between, it is as much
 * shorter or longer as time itself was.
 */
export interface WorkClock {
  isOpen(at: Instant): boolean
  /** Milliseconds worked between two instants, negative if the second is earlier. */
  between(from: Instant, to: Instant): number
  /** The earliest instant by which so much was worked: a full day's work ends at closing time, not the next morning. */
  add(at: Instant, milliseconds: number): Instant
}

/** @param dayStart - Milliseconds after midnight at which days start. */
export function workClock(hours: DayHours, zone: Zone, dayStart: number): WorkClock {
  /** The first instant at which the local clock is so far into a day. */
  const reach = (day: number, time: number) => zone.resolve(day * DAY + dayStart + time, 'edge')

  /** The day that began last; clocks set back over its start do not take it away again. */
  const dayOf = (at: Instant): number => {
    let day = Math.floor((at + zone.offsetAt(at) - dayStart) / DAY)
    while (at < lastInstant && reach(day + 1, 0) <= at) day += 1
    return day
  }

  const workedOn = (day: number, until: Instant): number => {
    const times = hours.of(day)
    let sum = 0
    for (let i = 0; i < times.length; i += 2) {
      const from = reach(day, times[i] as number)
      if (from < until) sum += Math.min(reach(day, times[i + 1] as number), until) - from
    }
    return sum
  }

  /** On whole days `[from, until)`: as written, set right on the days that a clock change touches. */
  const workedOver = (from: number, until: number): number => {
    let sum = hours.total(from, until)
    const end = reach(until, 0)
    const measured = new Set<number>()
    let change = zone.nextChange(reach(from, 0) - 1)
    for (; change <= end; change = zone.nextChange(change)) {
      const before = change - 1 + zone.offsetAt(change - 1) - dayStart
      const after = change + zone.offsetAt(change) - dayStart
      if (after - before === 1) continue // one stretch of the table ends, and the next goes on
      const last = Math.min(Math.floor(Math.max(before, after) / DAY), until - 1)
      for (let day = Math.max(Math.floor(Math.min(before, after) / DAY), from); day <= last; day++) {
        if (measured.has(day)) continue
        measured.add(day)
        sum += workedOn(day, lastInstant) - hours.total(day, day + 1)
      }
    }
    return sum
  }

  const between = (from: Instant, to: Instant): number => {
    if (to < from) return 0 - between(to, from)
    const [first, last] = [dayOf(from), dayOf(to)]
    return workedOver(first, last) + workedOn(last, to) - workedOn(first, from)
  }

  return {
    isOpen(at) {
      const day = dayOf(at)
      const times = hours.of(day)
      for (let i = 0; i < times.length; i += 2)
        if (reach(day, times[i] as number) <= at && at < reach(day, times[i + 1] as number)) return true
      return false
    },
    between,
    add(at, milliseconds) {
      if (milliseconds === 0) return at
      let day = dayOf(at)
      let left = milliseconds + workedOn(day, at)
      // The last day by whose start less than that was worked: first in doubling steps, then in halving ones.
      let step = 1
      for (let growing = true; step >= 1; step = growing ? step * 2 : step / 2) {
        const beyond = (day + step) * DAY > lastInstant
        const worked = beyond ? Number.POSITIVE_INFINITY : workedOver(day, day + step)
        if (worked < left) {
          day += step
          left -= worked
        } else growing = false
      }
      const times = hours.of(day)
      for (let i = 0; i < times.length; i += 2) {
        const from = reach(day, times[i] as number)
        const length = reach(day, times[i + 1] as number) - from
        if (left <= length) return from + left
        left -= length
      }
      return lastInstant
    },
  }
}
