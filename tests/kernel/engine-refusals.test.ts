// Every reason why a journal does not take an input, in order of precedence: each row is refused for its own reason and
// for all those below it, and the first one is what the host hears.
import { defineEvents, defineLifecycle, FORMAT, type Journal, money, text } from 'liuliang'
import { describe, expect, test } from 'vitest'
import { tell, teller, utc } from '../support/story.js'

const shop = defineEvents({ 'order-paid': { orderId: text(), amount: money('CNY') } })
const define = (version: number) =>
  defineLifecycle({
    id: 'customer',
    version,
    calendar: { zone: 'UTC' },
    events: shop,
    activity: ['order-paid'],
    stages: ['lead', 'active'],
    initial: 'lead',
    rules: {
      lead: [{ to: 'active', when: shop.sum('order-paid', 'amount').gte('100') }],
      active: [],
    },
    idempotencyWindow: { hours: 240 },
  })
const customer = define(1)
const event = teller()
const DAY = 86_400_000

const known = event('2024-03-05', 'order-paid', { orderId: 'o1', amount: '5' }, 'known')
const later = event('2024-03-20', 'order-paid', { orderId: 'o2', amount: '5' }, 'later')
const { state } = tell(customer, [known, later])
const at = utc('2024-03-20')

// Wrong in every way that an input can be; each row mends one more thing.
const worst = {
  ...event('2024-03-01', 'order-payed', { orderId: 'o3' }, 'known'),
  subject: 'u2',
  expectedVersion: 7,
  secret: true,
}
const { secret: _, ...declared } = worst
const typed = { ...declared, type: 'order-paid' }
const whole = { ...typed, data: { orderId: 'o3', amount: '90071992547409.91' } }
const own = { ...whole, subject: 'u1' }
const old = { ...own, id: 'new' }
const tooLate = { ...old, occurredAt: at - DAY }
const unexpected = { ...tooLate, occurredAt: at }
const { expectedVersion: __, ...overflowing } = unexpected

describe('refusals of the journal, in order of precedence', () => {
  const newer: Journal<typeof state.of> = { ...state, format: FORMAT + 1, definition: 'other' }
  const foreign: Journal<typeof state.of> = { ...state, definition: define(2).hash }

  test.each<[name: string, journal: Journal<typeof state.of>, input: unknown, refusal: object]>([
    ['a state of a newer format', newer, worst, { code: 'newer-format', known: FORMAT, found: FORMAT + 1 }],
    [
      'a state of another definition',
      foreign,
      worst,
      { code: 'other-definition', expected: customer.hash, found: define(2).hash },
    ],
    ['not an event', state, 'known', { code: 'not-an-event', got: 'text of 5' }],
    ['an undeclared field', state, worst, { code: 'unknown-field', in: 'envelope', length: 6 }],
    ['an undeclared type', state, declared, { code: 'unknown-type', length: 11 }],
    [
      'a missing field',
      state,
      typed,
      { code: 'missing-field', field: 'amount', expected: 'decimal text in CNY' },
    ],
    ['another subject', state, whole, { code: 'other-subject' }],
    [
      'a known id, but too old to be remembered',
      state,
      own,
      { code: 'outside-idempotency-window', lastAt: at, window: 10 * DAY },
    ],
    [
      'a known id',
      state,
      { ...own, id: 'later', occurredAt: at - 11 * DAY },
      { code: 'id-conflict', version: 2 },
    ],
    ['a new id, too old', state, old, { code: 'outside-idempotency-window', lastAt: at, window: 10 * DAY }],
    ['late', state, tooLate, { code: 'late', replayFrom: at - DAY, lastAt: at }],
    ['another version', state, unexpected, { code: 'version-conflict', expected: 7, version: 2 }],
    ['a sum that no number holds', state, overflowing, { code: 'sum-out-of-range' }],
  ])('%s', (_name, journal, input, refusal) => {
    expect(customer.decide(journal, input as never)).toEqual({ outcome: 'refused', refusal })
  })

  test('with everything mended it is accepted', () => {
    const mended = { ...overflowing, data: { orderId: 'o3', amount: '95' } }
    expect(customer.decide(state, mended as never).outcome).toBe('accepted')
  })
})

describe('a retry', () => {
  test('is repeated with the version that it made, also after later inputs, and whatever it expects by now', () => {
    const again = { ...later, recordedAt: at + DAY, expectedVersion: 0 }
    expect(customer.decide(state, again)).toEqual({ outcome: 'repeated', version: 2 })
    const { state: further } = tell(
      customer,
      [event('2024-03-21', 'order-paid', { orderId: 'o4', amount: '1' })],
      state,
    )
    expect(customer.decide(further, later)).toEqual({ outcome: 'repeated', version: 2 })
  })

  test('the version guards against a writer in between', () => {
    const next = { ...event('2024-03-21', 'order-paid', { orderId: 'o5', amount: '1' }), expectedVersion: 2 }
    const first = customer.decide(state, next)
    expect(first).toMatchObject({ outcome: 'accepted', state: { version: 3 } })
    expect(first.outcome === 'accepted' && 'expectedVersion' in first.events[0]!).toBe(false)
  })
})
