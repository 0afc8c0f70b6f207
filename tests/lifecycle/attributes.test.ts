import { attributes, defineEvents, defineLifecycle, moment } from 'liuliang'
import { expect, test } from 'vitest'
import { outline, tell, teller, utc } from '../support/story.js'

const clinic = defineEvents({ visited: {}, ...attributes({ birthday: moment(), due: moment() }) })
const child = defineLifecycle({
  id: 'child',
  version: 1,
  calendar: { zone: 'Asia/Shanghai' },
  events: clinic,
  activity: [],
  stages: ['unknown', 'infant', 'toddler'],
  initial: 'unknown',
  rules: {
    unknown: [{ to: 'infant', since: 'birthday', reaches: { days: 0 } }],
    infant: [{ to: 'toddler', since: 'birthday', reaches: { months: 12 } }],
    toddler: [],
  },
})
const event = teller()
const born = (at: string, birthday: string) => event(at, 'attribute-set', { birthday: utc(birthday) })

test('who is old enough moves at once, stage after stage; the reason names the attribute', () => {
  const { log } = tell(child, [born('2024-06-01', '2022-01-01')])
  expect(outline(log)).toEqual(['attribute-set', 'unknown > infant', 'infant > toddler'])
  expect(log.at(-1)).toMatchObject({
    occurredAt: utc('2024-06-01'),
    data: {
      reason: { code: 'age-reached', attribute: 'birthday', since: utc('2022-01-01'), for: { months: 12 } },
    },
  })
})

test('a corrected birthday moves the deadline, there and back', () => {
  const inputs = [
    born('2024-06-01', '2024-01-10'),
    born('2024-07-01', '2024-03-10'),
    born('2024-08-01', '2024-02-10'),
  ]
  const deadlines = inputs.map((_, i) => {
    const { state } = tell(child, inputs.slice(0, i + 1))
    return child.view(state, state.at!).next?.at
  })
  expect(deadlines).toEqual(['2025-01-10', '2025-03-10', '2025-02-10'].map(utc))
})

test('corrected to long ago, the move is made when that is learned', () => {
  const { log } = tell(child, [born('2024-06-01', '2024-01-10'), born('2024-07-01', '2020-01-10')])
  expect(log.at(-1)).toMatchObject({ occurredAt: utc('2024-07-01'), data: { to: 'toddler' } })
})

test('a birthday to come waits for its day, and another attribute set changes nothing', () => {
  const { state } = tell(child, [
    born('2024-06-01', '2024-09-01'),
    event('2024-06-02', 'attribute-set', { due: utc('2024-01-01') }),
  ])
  expect(child.view(state, utc('2024-08-31'))).toMatchObject({
    stage: 'unknown',
    next: { to: 'infant', at: utc('2024-09-01') },
  })
})
