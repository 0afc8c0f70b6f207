// What a person costs beyond the columns: 4 bytes for each 32 periods that are known, and nothing else that grows.
import { defineRetention } from 'liuliang/cohorts'
import { expect, test } from 'vitest'

const people = 5000
const perPerson = 20
const DAY = 86_400_000
const start = Date.UTC(2023, 0, 1)

const collected = (period: 'month' | 'day', days: number) => {
  const retention = defineRetention({
    ...{ id: 'seen', version: 1, calendar: { zone: 'UTC' }, entry: 'seen', activity: 'seen', period },
  })
  const rows = people * perPerson
  // Everybody in turn, on days that go through all of the span.
  const subject = Uint32Array.from({ length: rows }, (_, row) => row % people)
  const occurredAt = Float64Array.from({ length: rows }, (_, row) => start + ((row * 7919) % days) * DAY)
  occurredAt.set([start, start + (days - 1) * DAY])
  return retention.addColumns!(retention.empty(), { type: 'seen', subject, occurredAt })
}

/** Bytes of every typed array, list and text in plain data, its buffers whole. */
function bytesOf(value: unknown): number {
  if (ArrayBuffer.isView(value)) return value.buffer.byteLength
  if (typeof value === 'object' && value !== null)
    return Object.values(value).reduce<number>((sum, one) => sum + bytesOf(one), 0)
  return typeof value === 'string' ? 2 * value.length : 8
}

test.each([
  ['month', 24 * 30, 1],
  ['month', 40 * 30, 2],
  ['day', 31, 1],
  ['day', 730, 23],
] as const)('by %s over %i days: %i words a person', (period, days, words) => {
  const bytes = bytesOf(collected(period, days))
  expect(bytes).toBeGreaterThanOrEqual(4 * words * people)
  // Beside the bits: a dozen numbers and the name of the definition, for everybody together.
  expect(bytes - 4 * words * people).toBeLessThan(500)
})
