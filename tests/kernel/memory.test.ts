// How long an id is remembered: exactly the declared window, and not much longer.
import { defineEvents, defineLifecycle } from 'liuliang'
import { expect, test } from 'vitest'
import { tell, teller, utc } from '../support/story.js'

const HOUR = 3_600_000
const engine = defineLifecycle({
  id: 'life',
  version: 1,
  calendar: { zone: 'UTC' },
  events: defineEvents({ visited: {} }),
  activity: [],
  stages: ['here'],
  initial: 'here',
  rules: { here: [] },
  idempotencyWindow: { hours: 24 },
})
const event = teller()
const start = utc('2024-03-01')
const first = event(start, 'visited', {}, 'first')

test('a retry is known to the last millisecond of the window, and then too old to tell', () => {
  const at = (later: number) => tell(engine, [first, event(start + later, 'visited', {})]).state
  expect(engine.decide(at(24 * HOUR), first)).toEqual({ outcome: 'repeated', version: 1 })
  expect(engine.decide(at(24 * HOUR + 1), first)).toMatchObject({
    refusal: { code: 'outside-idempotency-window', window: 24 * HOUR },
  })
})

test('an id may be used again for something new after that', () => {
  const { state } = tell(engine, [first])
  const again = { ...first, occurredAt: start + 24 * HOUR }
  expect(engine.decide(state, again)).toMatchObject({ refusal: { code: 'id-conflict' } })
  expect(engine.decide(state, { ...again, occurredAt: again.occurredAt + 1 })).toMatchObject({
    outcome: 'accepted',
    state: { version: 2 },
  })
})

test('memory holds two windows of inputs at most', () => {
  const inputs = Array.from({ length: 2000 }, (_, i) => event(start + i * HOUR, 'visited', {}))
  const { young, old } = tell(engine, inputs).state.ids
  expect((young?.n ?? 0) + (old?.n ?? 0)).toBeLessThanOrEqual(51)
})

test('when it became known is no part of what an input says', () => {
  const { state } = tell(engine, [{ ...first, recordedAt: start + 5 }])
  expect(engine.decide(state, { ...first, recordedAt: start + 9 }).outcome).toBe('repeated')
  expect(engine.decide(state, first).outcome).toBe('repeated')
})
