// Ten million events of half a million people over 24 months, from a seed: people come all through the two years, stay
// for exponential lifetimes, and differ widely in how much they do. Rows are shuffled, as a log of many servers is.
import { random } from '../../dist/kernel.js'

export const zone = 'America/New_York'

/** The 24 months 2023-01 to 2024-12 in New York; the last event still lies in 2024 in UTC. */
export const span = {
  from: Date.UTC(2023, 0, 1, 5),
  last: Date.UTC(2025, 0, 1) - 1,
  to: Date.UTC(2025, 0, 1, 5),
}
export const months = 24
const DAY = 86_400_000
const lifetime = 120 * DAY

/**
 * @param {{ readonly events: number, readonly users: number, readonly seed?: string }} size
 * @returns {{ readonly subject: Uint32Array, readonly occurredAt: Float64Array, readonly users: number }}
 */
export function generate({ events, users, seed = 'cohorts' }) {
  const chance = quick(Math.floor(random(seed).next() * 2 ** 32))
  const numbers = shuffled(
    Uint32Array.from({ length: users }, (_, user) => user),
    chance,
  )
  const start = new Float64Array(users)
  const stay = new Float64Array(users)
  for (let user = 0; user < users; user++) {
    start[user] = span.from + chance() * (span.last - span.from)
    stay[user] = -Math.log(1 - chance()) * lifetime
  }
  const subject = new Uint32Array(events)
  const occurredAt = new Float64Array(events)
  for (let row = 0; row < events; row++) {
    // Everybody has a first event; the others are of few: half of them of an eighth of the people.
    const user = row < users ? row : Math.floor(users * chance() ** 3)
    const after = row < users ? 0 : chance() * stay[user]
    subject[row] = numbers[user]
    occurredAt[row] = Math.floor(Math.min(start[user] + after, span.last))
  }
  for (let row = events - 1; row > 0; row--) {
    const other = Math.floor(chance() * (row + 1))
    const [one, at] = [subject[row], occurredAt[row]]
    subject[row] = subject[other]
    occurredAt[row] = occurredAt[other]
    subject[other] = one
    occurredAt[other] = at
  }
  return { subject, occurredAt, users }
}

function shuffled(values, chance) {
  for (let i = values.length - 1; i > 0; i--) {
    const other = Math.floor(chance() * (i + 1))
    const kept = values[i]
    values[i] = values[other]
    values[other] = kept
  }
  return values
}

/** Fifty million draws are wanted, of no great quality. (mulberry32) */
function quick(seed) {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
