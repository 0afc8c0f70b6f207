// Ten million events of people who come and go over three years, from a seed: bursts of visits and orders with silences
// between them that run into every deadline. Grouped by person and sorted within, or by time over all.
import { random } from '../../dist/kernel.js'

export const zone = 'America/New_York'
const DAY = 86_400_000
export const from = Date.UTC(2023, 0, 1)
export const asOf = Date.UTC(2026, 0, 1)

export const types = ['visit', 'order', 'optOut']

/** @param {{ readonly events: number, readonly users: number }} size */
export function generate({ events, users }) {
  const chance = quick(Math.floor(random('lifecycle').next() * 2 ** 32))
  const subject = new Uint32Array(events)
  const occurredAt = new Float64Array(events)
  const codes = new Uint8Array(events)
  const each = Math.floor(events / users)
  // Everybody's events fill their time from a start in the first year up to the end of the three.
  let row = 0
  for (let user = 0; user < users; user++) {
    const start = from + chance() * 365 * DAY
    const scale = (asOf - start) / (each + 1)
    let at = start
    for (let i = 0; i < each; i++) {
      // A tenth of the gaps is long; together they have the mean that fills the time.
      const factor = chance() < 0.1 ? 10 * chance() : 0.55 * chance()
      at = Math.min(at + 1.3 * factor * scale, asOf - 1)
      subject[row] = user
      occurredAt[row] = Math.floor(at)
      const draw = chance()
      codes[row] = draw < 0.7 ? 0 : draw < 0.99 ? 1 : 2
      row += 1
    }
  }
  return { subject, occurredAt, type: { codes, values: types }, users }
}

/** The same rows by time. */
export function mixed({ subject, occurredAt, type, users }) {
  // A slot of ten minutes is a number of at most 18 bits: rows are counted into slots, and slots are sorted.
  const width = 600_000
  const slots = Math.ceil((asOf - from) / width)
  const starts = new Uint32Array(slots + 1)
  for (let row = 0; row < occurredAt.length; row++)
    starts[Math.floor((occurredAt[row] - from) / width) + 1] += 1
  for (let slot = 0; slot < slots; slot++) starts[slot + 1] += starts[slot]
  const order = new Uint32Array(occurredAt.length)
  const next = starts.slice()
  for (let row = 0; row < occurredAt.length; row++)
    order[next[Math.floor((occurredAt[row] - from) / width)]++] = row
  for (let slot = 0; slot < slots; slot++)
    order.subarray(starts[slot], starts[slot + 1]).sort((a, b) => occurredAt[a] - occurredAt[b] || a - b)
  return {
    subject: subject.map((_, i) => subject[order[i]]),
    occurredAt: occurredAt.map((_, i) => occurredAt[order[i]]),
    type: { codes: type.codes.map((_, i) => type.codes[order[i]]), values: types },
    users,
  }
}

/** Many draws are wanted, of no great quality. (mulberry32) */
function quick(seed) {
  let state = seed | 0
  return () => {
    state = (state + 0x6d2b79f5) | 0
    let mixed = Math.imul(state ^ (state >>> 15), 1 | state)
    mixed = (mixed + Math.imul(mixed ^ (mixed >>> 7), 61 | mixed)) ^ mixed
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 4_294_967_296
  }
}
