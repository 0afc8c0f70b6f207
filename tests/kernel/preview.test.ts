import { changesBetween, defineEvents, defineLifecycle, explain, preview, verdicts } from 'liuliang'
import { describe, expect, test } from 'vitest'
import { tell, teller, utc } from '../support/story.js'

const shop = defineEvents({ visited: {} })
const define = (version: number) =>
  defineLifecycle({
    id: 'customer',
    version,
    calendar: { zone: 'UTC' },
    events: shop,
    activity: ['visited'],
    stages: ['lead', 'active', 'lapsed'],
    initial: 'lead',
    rules: {
      lead: [
        { to: 'active', when: shop.count('visited', { within: { days: 7 } }).gte(2) },
        { to: 'lapsed', inStageFor: { days: 30 } },
      ],
      active: [{ to: 'lapsed', inactiveFor: { days: 30 } }],
      lapsed: [],
    },
  })
const engine = define(1)
const event = teller()
const { state } = tell(engine, [event('2024-03-01', 'visited', {})])

describe('a preview', () => {
  test('is the decision, and what it changes in the view', () => {
    const input = event('2024-03-02', 'visited', {})
    const { before, after, changed, ...outcome } = preview(engine, state, input)
    expect(outcome).toEqual(engine.decide(state, input))
    expect([before.stage, after.stage]).toEqual(['lead', 'active'])
    expect(changed.map(({ path }) => path)).toEqual(['stage', 'since', 'next.at'])
  })

  test('does not count what time alone has changed by then', () => {
    const { before, changed } = preview(engine, state, event('2024-05-01', 'visited', {}))
    expect([before.stage, changed]).toEqual(['lapsed', []])
  })

  test('of what is refused or repeated changes nothing', () => {
    const late = preview(engine, state, event('2024-02-28', 'visited', {}))
    expect(late).toMatchObject({ outcome: 'refused', refusal: { code: 'late' }, changed: [] })
    expect(late.before).toEqual(engine.view(state, utc('2024-03-01')))
  })
})

test('verdicts say what each rule waits for, and nothing once it fired', () => {
  const pending = verdicts(engine, state, utc('2024-03-02'))
  expect(pending).toMatchObject([
    { rule: '$.rules.lead[0]', to: 'active', verdict: { holds: false, observed: 1 } },
    { rule: '$.rules.lead[1]', to: 'lapsed', at: utc('2024-03-31') },
  ])
  expect(explain(engine, pending[0]!, 'en')).toBe(
    '→ active: ✗ "visited" at least 2 times in the last 7 days (is 1, needs 1 time more)',
  )
  expect(verdicts(engine, state, utc('2024-04-01'))).toEqual([])
})

test('changes are the leaves in which two views differ', () => {
  expect(changesBetween({ a: { b: 1, c: [1] }, d: 1 }, { a: { b: 2, c: [1] }, e: 1 })).toEqual([
    { path: 'a.b', before: 1, after: 2 },
    { path: 'd', before: 1, after: null },
    { path: 'e', before: null, after: 1 },
  ])
})
