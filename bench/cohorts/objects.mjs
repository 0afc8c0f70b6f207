// The same events as objects, and what one writes for them first: a map of sets.
import { rated, tableOf } from './by-hand.mjs'
import { months, span } from './events.mjs'

const DAY = 86_400_000
const firstDay = Math.floor(span.from / DAY)

/** Subjects are numbers in decimal, as the columns have them, each of them one string that its events share. `named` are texts of another kind. */
export function objectsOf({ subject, occurredAt, users, type }, named = false) {
  const names = Array.from({ length: users }, (_, user) => (named ? `user-${user}` : String(user)))
  return Array.from(subject, (user, row) => ({
    id: '',
    type,
    subject: names[user],
    occurredAt: occurredAt[row],
    data: {},
  }))
}

/** @param {string} zone */
export function mapOfSets(events, zone, width) {
  const { codes, fences } = tableOf(zone, 'month')
  const seen = new Map()
  for (const { subject, occurredAt } of events) {
    const day = Math.floor(occurredAt / DAY) - firstDay
    const month = codes[day] + (occurredAt >= fences[day] ? 1 : 0)
    const own = seen.get(subject)
    if (own === undefined) seen.set(subject, new Set([month]))
    else own.add(month)
  }
  const sizes = new Float64Array(months)
  const retained = new Float64Array(months * width)
  for (const own of seen.values()) {
    const first = Math.min(...own)
    sizes[first] += 1
    for (const month of own) if (month - first < width) retained[first * width + month - first] += 1
  }
  return rated({ sizes, retained, width })
}
