import { DefinitionError, defineEvents, defineLifecycle, type Rule } from 'liuliang'
import { expect, test } from 'vitest'
import { tell, teller, utc } from '../support/story.js'

const shop = defineEvents({ visited: {} })
const event = teller()
const define = (day: readonly Rule<'day' | 'night'>[], night: readonly Rule<'day' | 'night'>[]) =>
  defineLifecycle({
    id: 'turn',
    version: 1,
    calendar: { zone: 'UTC' },
    events: shop,
    activity: ['visited'],
    stages: ['day', 'night'],
    initial: 'day',
    rules: { day: day as never, night: night as never },
  })
const visits = shop.count('visited', { within: { days: 7 } }).gte(1)

test.each([
  [
    'two conditions that hold together',
    define([{ to: 'night', when: visits }], [{ to: 'day', when: visits }]),
  ],
  [
    'no time at all in a stage',
    define([{ to: 'night', inStageFor: { days: 0 } }], [{ to: 'day', inStageFor: { seconds: 0 } }]),
  ],
  ['a stage that leads to itself', define([{ to: 'day', when: visits }], [])],
])('%s never come to rest, and that is said when it happens', (_, engine) => {
  const attempt = () => engine.decide(engine.start('u1'), event('2024-01-01', 'visited', {}))
  expect(attempt).toThrow(DefinitionError)
  expect(attempt).toThrow(expect.objectContaining({ code: 'never-settles', path: 'turn' }))
})

test('two stages that take turns in time are no loop, over any number of turns', () => {
  const engine = define(
    [{ to: 'night', inStageFor: { hours: 12 } }],
    [{ to: 'day', inStageFor: { hours: 12 } }],
  )
  const { state } = tell(engine, [event('2024-01-01', 'visited', {})])
  expect(engine.advance(state, utc('2034-01-01')).events).toHaveLength(7306)
})
