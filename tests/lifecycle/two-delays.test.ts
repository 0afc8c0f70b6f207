// Two stories from the documentation of a campaign tool, and what they are here.
import { defineEvents, defineLifecycle } from 'liuliang'
import { expect, test } from 'vitest'
import { outline, tell, teller, utc } from '../support/story.js'

const shop = defineEvents({ entered: {}, bought: {} })
const event = teller()

test('24 hours of delay, "last purchase less than an hour ago": a rule means the moment at which it holds', () => {
  // Entered on 1 July 00:00, bought at 03:00. A tool that looks only when the delay ends (2 July 00:00) finds the
  // purchase 21 hours old and lets nobody out. A rule here is judged whenever its answer can change: at 03:00 the
  // purchase is no hour old, and that is when they leave.
  const define = (when: 'whenever' | 'at the end') => {
    const recent = shop.timeSince('bought').lt({ hours: 1 })
    return defineLifecycle({
      id: 'journey',
      version: 1,
      calendar: { zone: 'UTC' },
      events: shop,
      activity: [],
      stages: ['waiting', 'messaged', 'left'],
      initial: 'waiting',
      rules: {
        waiting: [
          ...(when === 'whenever' ? [{ to: 'left', when: recent } as const] : []),
          { to: 'messaged', inStageFor: { hours: 24 } },
        ],
        // Who means "as the delay ends" asks there.
        messaged: when === 'whenever' ? [] : [{ to: 'left', when: recent }],
        left: [],
      },
    })
  }
  const inputs = [event('2024-07-01', 'entered', {}), event('2024-07-01 03:00', 'bought', {})]
  const stageOn = (at: string, engine: ReturnType<typeof define>) =>
    engine.view(tell(engine, inputs).state, utc(at)).stage

  expect(stageOn('2024-07-01 03:00', define('whenever'))).toBe('left')
  expect(stageOn('2024-07-02', define('at the end'))).toBe('messaged')
})

test('30 days of delay, the exit event on day 1: marked on day 1, gone on day 30', () => {
  // "Marked" and "gone" are two facts, so they are two engines: one remembers the exit when it happens, the other lets
  // people out when the delay ends, and asks then.
  const exit = defineLifecycle({
    id: 'exit',
    version: 1,
    calendar: { zone: 'UTC' },
    events: shop,
    activity: [],
    stages: ['staying', 'marked'],
    initial: 'staying',
    rules: { staying: [{ to: 'marked', on: 'bought' }], marked: [] },
  })
  const journey = defineLifecycle({
    id: 'journey',
    version: 1,
    calendar: { zone: 'UTC' },
    events: shop,
    activity: [],
    stages: ['waiting', 'delayed', 'messaged', 'left'],
    initial: 'waiting',
    rules: {
      waiting: [{ to: 'delayed', inStageFor: { days: 30 } }],
      delayed: [
        { to: 'left', when: shop.count('bought').gte(1) },
        { to: 'messaged', inStageFor: { days: 0 } },
      ],
      messaged: [],
      left: [],
    },
  })
  const inputs = [event('2024-07-01', 'entered', {}), event('2024-07-02', 'bought', {})]
  expect(exit.view(tell(exit, inputs).state, utc('2024-07-02'))).toMatchObject({
    stage: 'marked',
    since: utc('2024-07-02'),
  })
  const { state } = tell(journey, inputs)
  expect(journey.view(state, utc('2024-07-31') - 1).stage).toBe('waiting')
  expect(outline(journey.advance(state, utc('2024-07-31')).events)).toEqual([
    'waiting > delayed',
    'delayed > left',
  ])
})
