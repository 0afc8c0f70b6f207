import { type AnyEvent, collect } from 'liuliang'
import { defineOpenRates, fitDecay, type OpenRatesDefinition } from 'liuliang/continuity'
import { describe, expect, test } from 'vitest'
import { monday, WEEK } from './support/simulated.js'

const hour = 3_600_000
const definition: OpenRatesDefinition = {
  id: 'letters',
  version: 1,
  delivered: 'message-delivered',
  opened: 'message-opened',
  send: 'campaign',
  within: { hours: 72 },
}
const letters = defineOpenRates(definition)

let ids = 0
const event = (type: 'delivered' | 'opened', campaign: string, subject: string, hours: number): AnyEvent => ({
  id: `e${ids++}`,
  type: `message-${type}`,
  subject,
  occurredAt: monday + hours * hour,
  data: { campaign },
})
const ratesAt = (events: readonly AnyEvent[], hours: number) =>
  letters.result(collect(letters, events), { asOf: monday + hours * hour })

describe('open rates from events', () => {
  const events = [
    event('delivered', 'may', 'mei', 0),
    event('delivered', 'may', 'lin', 1),
    event('delivered', 'may', 'an', 1),
    event('opened', 'may', 'mei', 2),
    event('opened', 'may', 'mei', 3),
    event('opened', 'may', 'lin', 73),
    event('opened', 'may', 'bo', 5),
    event('delivered', 'june', 'mei', 200),
    event('opened', 'june', 'mei', 199),
  ]

  test('people count once, in the window after their own delivery', () => {
    const { sends, observations, uncounted } = ratesAt(events, 400)
    expect(sends).toEqual([
      { send: 'may', at: monday, delivered: 3, opened: 1, matureAt: monday + 73 * hour, state: 'mature' },
      {
        send: 'june',
        at: monday + 200 * hour,
        delivered: 1,
        opened: 0,
        matureAt: monday + 272 * hour,
        state: 'mature',
      },
    ])
    expect(observations).toEqual(sends.map(({ at, delivered, opened }) => ({ at, delivered, opened })))
    // Lin's an instant late (the window is half-open), Bo's without a delivery, Mei's before it.
    expect(uncounted).toBe(3)
  })

  test('a send is counted once the window of its last delivery is over', () => {
    expect(ratesAt(events, 72).observations).toEqual([])
    expect(ratesAt(events, 72).sends[0]).toMatchObject({ state: 'open', delivered: 3, opened: 1 })
    expect(ratesAt(events, 73).observations).toHaveLength(1)
    expect(ratesAt(events, 0.5).sends).toMatchObject([{ delivered: 1, opened: 0 }])
  })

  test('a later delivery opens a mature send again', () => {
    const late = [...events, event('delivered', 'may', 'wei', 100)]
    expect(ratesAt(late, 110).sends[0]).toMatchObject({ delivered: 4, state: 'open' })
    expect(ratesAt(late, 172).sends[0]).toMatchObject({ state: 'mature' })
  })

  test('told twice is counted once, and taken out once is still there', () => {
    const twice = collect(letters, [...events, ...events])
    const asOf = monday + 400 * hour
    expect(letters.result(twice, { asOf }).sends).toEqual(ratesAt(events, 400).sends)
    for (const one of events) letters.retract(twice, one)
    expect(letters.result(twice, { asOf })).toEqual(ratesAt(events, 400))
    for (const one of events) letters.retract(twice, one)
    expect(twice).toEqual(letters.empty())
    expect(() => letters.retract(twice, events[0]!)).toThrow(
      expect.objectContaining({ code: 'out-of-range' }),
    )
  })

  test('names do not run into one another, whatever they are', () => {
    const strange = [
      ['a', 'bc'],
      ['ab', 'c'],
      ['__proto__', 'x'],
      ['', '__proto__'],
      ['3:a', 'b'],
    ] as const
    const { sends } = ratesAt(
      strange.map(([campaign, subject], i) => event('delivered', campaign, subject, i)),
      500,
    )
    expect(sends.map(({ send }) => send)).toEqual(strange.map(([campaign]) => campaign))
  })

  test('what it finds is what a fit takes', () => {
    const some = Array.from({ length: 12 }, (_, week) =>
      Array.from({ length: 30 }, (_, i) => [
        event('delivered', `week ${week}`, `s${i}`, week * 168),
        ...((i * 7 + week * 5) % 30 < 8 ? [event('opened', `week ${week}`, `s${i}`, week * 168 + 5)] : []),
      ]),
    ).flat(2)
    const { observations } = ratesAt(some, 12 * 168)
    const fit = fitDecay({ sends: observations }, { pauseAfter: WEEK })
    if (fit.kind !== 'fit' || fit.ceiling.kind !== 'estimate') throw new Error(fit.kind)
    expect(fit.ceiling.value).toBeCloseTo(8 / 30, 6)
  })

  test.each([
    ['missing', '$.send', { send: undefined }],
    ['missing', '$.id', { id: '' }],
    ['wrong-type', '$.delivered', { delivered: 7 }],
    ['duplicate-name', '$.opened', { opened: 'message-delivered' }],
    ['invalid-duration', '$.within', { within: { days: 3 } }],
    ['out-of-range', '$.version', { version: 0 }],
    ['unknown-key', '$.zone', { zone: 'UTC' }],
  ])('a definition is refused: %s at %s', (code, path, more) => {
    expect(() => defineOpenRates({ ...definition, ...more } as never)).toThrow(
      expect.objectContaining({ code, path }),
    )
  })

  test.each([
    ['wrong-type', '$.data.campaign', { data: {} }],
    ['wrong-type', '$.data.campaign', { data: { campaign: 7 } }],
    ['wrong-type', '$.data', { data: null }],
    ['invalid-instant', '$.occurredAt', { occurredAt: Number.NaN }],
    ['wrong-type', '$.subject', { subject: 7 }],
  ])('an event is refused: %s at %s', (code, path, more) => {
    const bad = { ...events[0]!, ...more } as never
    expect(() => letters.add(letters.empty(), bad)).toThrow(expect.objectContaining({ code, path }))
  })

  test('a partial of another definition, or none, is refused', () => {
    const other = defineOpenRates({ ...definition, within: { hours: 24 } })
    const asOf = monday
    expect(() => letters.result(other.empty(), { asOf })).toThrow(
      expect.objectContaining({ code: 'other-definition' }),
    )
    for (const people of [
      { x: [[], []] },
      { '1:a': [[2, 1], []] },
      { '1:a': [[1]] },
      { '1:a': [['1'], []] },
    ]) {
      const partial = { ...letters.empty(), people } as never
      expect(() => letters.result(partial, { asOf })).toThrow(
        expect.objectContaining({ code: 'malformed-state' }),
      )
    }
  })
})
