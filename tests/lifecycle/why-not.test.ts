import { defineLifecycle, explainWhyNot, type InputOf, whyNot } from 'liuliang'
import { describe, expect, test } from 'vitest'
import { tell, teller, utc } from '../support/story.js'
import { customer, orders90, shop } from './support/customer.js'

const event = teller()
const paid = (at: string, amount = '50') => event(at, 'order-paid', { amount })
const asOf = utc('2024-02-01')
const stateAfter = (...inputs: readonly InputOf<typeof customer>[]) => tell(customer, inputs).state
const active = stateAfter(paid('2024-01-05'), paid('2024-01-20'))

describe('why not', () => {
  test('names the nearest condition that is missing, and by how much', () => {
    const answer = whyNot(customer, active, asOf, 'loyal')
    expect(answer).toMatchObject({ code: 'waits', stage: 'active', to: 'loyal', count: 1 })
    expect(answer.rules[0]).toMatchObject({
      rule: '$.rules.active[0]',
      steps: 2,
      missing: [
        { observed: 2, by: 1, needed: true },
        { observed: '100.00', by: '200.00', needed: true },
      ],
    })
    expect(explainWhyNot(customer, answer, 'en')).toEqual([
      'active until one of these comes',
      'loyal: orders at least 3 times in the last 90 days (is 2, needs 1 time more); total amount of orders in the last 90 days is at least 300 CNY (is 100.00 CNY, needs 200.00 CNY more)',
    ])
  })

  test('of all rules the nearest comes first: time by itself, then the fewest things to happen', () => {
    const answer = whyNot(customer, active, asOf)
    expect(answer.rules.map(({ to, steps, at }) => [to, steps, at])).toEqual([
      ['dormant', 0, utc('2024-03-20')],
      ['gone', 1, undefined],
      ['loyal', 2, undefined],
    ])
    expect(explainWhyNot(customer, answer, 'zh')).toEqual([
      '活跃用户，直到满足以下任一条',
      '沉默用户：2024-03-20 00:00自动满足，自2024-01-20 00:00起60天没有活动',
      '已退订：等待退订',
      '忠诚用户：最近90天下单≥3次（现为2，还差1次）；最近90天下单的金额合计≥300元（现为100.00元，还差200.00元）',
    ])
  })

  test('of two that need one thing, the one that lacks the smaller share comes first', () => {
    const engine = defineLifecycle({
      id: 'race',
      version: 1,
      calendar: { zone: 'UTC' },
      events: shop,
      activity: [],
      stages: ['start', 'few', 'many'],
      initial: 'start',
      rules: {
        start: [
          { to: 'few', when: shop.count('visited').gte(3) },
          { to: 'many', when: orders90.gte(5) },
        ],
        few: [],
        many: [],
      },
    })
    const orders = ['01', '02', '03', '04'].map((day) => paid(`2024-01-${day}`))
    const { state } = tell(engine, [...orders, event('2024-01-05', 'visited', {})])
    expect(whyNot(engine, state, asOf).rules.map(({ to, share }) => [to, share])).toEqual([
      ['many', 0.2],
      ['few', 2 / 3],
    ])
  })

  test('says which rule time puts before another', () => {
    const engine = defineLifecycle({
      id: 'idle',
      version: 1,
      calendar: { zone: 'UTC' },
      events: shop,
      activity: ['visited'],
      stages: ['start', 'soon', 'late'],
      initial: 'start',
      rules: {
        start: [
          { to: 'late', inStageFor: { days: 90 } },
          { to: 'soon', inactiveFor: { days: 30 } },
        ],
        soon: [],
        late: [],
      },
    })
    const { state } = tell(engine, [event('2024-01-01', 'visited', {})])
    const { rules } = whyNot(engine, state, utc('2024-01-02'))
    expect(rules.map(({ to, overtakenBy }) => [to, overtakenBy])).toEqual([
      ['soon', undefined],
      ['late', '$.rules.start[1]'],
    ])
  })

  test('what is hidden by a gap in tracking is not observed, and comes after what is known', () => {
    const gap = stateAfter(
      paid('2024-01-05'),
      paid('2024-01-20'),
      event('2024-01-25', 'coverage-changed', { observed: false }),
    )
    const answer = whyNot(customer, gap, asOf)
    expect(
      answer.rules.map(({ to, notObserved, because }) => [to, notObserved.length, because?.code]),
    ).toEqual([
      ['gone', 0, undefined],
      ['dormant', 0, 'activity-not-observed'],
      ['loyal', 2, undefined],
    ])
    expect(explainWhyNot(customer, answer, 'en')[2]).toBe(
      'dormant: activity is not tracked: nobody knows of a silence',
    )
  })

  test('what contradicts itself comes last', () => {
    const engine = defineLifecycle({
      id: 'odd',
      version: 1,
      calendar: { zone: 'UTC' },
      events: shop,
      activity: [],
      stages: ['start', 'never', 'end'],
      initial: 'start',
      rules: {
        start: [
          { to: 'never', when: orders90.gte(3).and(orders90.gte(3).not()) },
          { to: 'end', when: orders90.gte(9).and(shop.count('visited').gte(2)) },
        ],
        never: [],
        end: [],
      },
    })
    const { state } = tell(engine, [event('2024-01-01', 'visited', {})])
    const answer = whyNot(engine, state, asOf)
    expect(answer.rules.map(({ to, isImpossible }) => [to, isImpossible])).toEqual([
      ['end', undefined],
      ['never', true],
    ])
    expect(explainWhyNot(engine, answer, 'zh').at(-1)).toBe('never：条件自相矛盾，永不成立')
  })
})

describe('a stage that is asked for', () => {
  const codeOf = (...args: readonly unknown[]) =>
    (whyNot as (...given: readonly unknown[]) => { readonly code: string })(customer, ...args).code
  const gone = stateAfter(paid('2024-01-05'), event('2024-01-06', 'opted-out', {}))

  test('may be this one, behind a final one, out of reach, or several moves away', () => {
    expect(codeOf(active, asOf, 'active')).toBe('already-there')
    expect(codeOf(gone, asOf, 'active')).toBe('stage-is-final')
    expect(codeOf(gone, asOf)).toBe('stays-final')
    expect(codeOf(active, asOf, 'lead')).toBe('no-way')
    expect(codeOf(customer.start('u1'), asOf)).toBe('not-begun')
    const far = whyNot(customer, active, asOf, 'lapsed')
    expect(far).toMatchObject({
      code: 'not-directly',
      via: ['dormant', 'lapsed'],
      first: 'dormant',
      count: 1,
    })
    expect(far.rules.map(({ to }) => to)).toEqual(['dormant'])
    expect(explainWhyNot(customer, far, 'en')[0]).toBe('active leads to lapsed by way of dormant')
    expect(() => codeOf(active, asOf, 'actve')).toThrow(expect.objectContaining({ code: 'unknown-name' }))
  })

  test('may lie behind where rules only lead forward', () => {
    const ladder = defineLifecycle({
      id: 'ladder',
      version: 1,
      calendar: { zone: 'UTC' },
      events: shop,
      activity: [],
      stages: ['one', 'two', 'three'],
      initial: 'one',
      rules: { one: [{ to: 'two', on: 'visited' }], two: [{ to: 'three', on: 'visited' }], three: [] },
      forwardOnly: true,
    })
    const { state } = tell(ladder, [event('2024-01-01', 'visited', {})])
    const answer = whyNot(ladder, state, asOf, 'one')
    expect(answer.code).toBe('only-forward')
    expect(explainWhyNot(ladder, answer, 'zh')).toEqual(['one在two之前，规则只能向前'])
    expect(whyNot(ladder, tell(ladder, [event('2024-01-01', 'visited', {})], state).state, asOf).code).toBe(
      'stays-without-rules',
    )
  })
})
