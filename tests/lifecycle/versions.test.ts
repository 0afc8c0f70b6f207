import {
  checkMigration,
  defineEvents,
  defineLifecycle,
  diffLifecycles,
  diffSteps,
  lifecycleFrom,
  migrateLifecycle,
  money,
  type SubjectHistory,
  text,
} from 'liuliang'
import { describe, expect, test } from 'vitest'
import { outline, refusalOf, tell, teller, utc } from '../support/story.js'

const shop = defineEvents({ 'order-paid': { amount: money('CNY'), channel: text() }, visited: {} })
const orders90 = shop.count('order-paid', { within: { days: 90 } })
const visits = shop.count('visited')
const base = {
  id: 'customer',
  calendar: { zone: 'UTC' },
  events: shop,
  activity: ['order-paid', 'visited'],
} as const

const first = defineLifecycle({
  ...base,
  version: 1,
  stages: ['lead', 'active', 'loyal', 'sleeping'],
  initial: 'lead',
  rules: {
    lead: [{ to: 'active', on: 'order-paid' }],
    active: [
      { to: 'loyal', when: orders90.gte(3) },
      { to: 'sleeping', inactiveFor: { days: 30 } },
    ],
    loyal: [{ to: 'sleeping', inactiveFor: { days: 60 } }],
    sleeping: [{ to: 'active', on: 'order-paid' }],
  },
  words: { zh: { lead: '潜客', active: '活跃用户', loyal: '忠诚用户', sleeping: '沉睡用户' } },
})
/** Sooner asleep, under another name; visits count for something. */
const second = defineLifecycle({
  ...base,
  version: 2,
  stages: ['lead', 'active', 'loyal', 'dormant'],
  initial: 'lead',
  rules: {
    lead: [{ to: 'active', on: 'order-paid' }],
    active: [
      { to: 'loyal', when: orders90.gte(3) },
      { to: 'loyal', when: visits.gte(5) },
      { to: 'dormant', inactiveFor: { days: 21 } },
    ],
    loyal: [{ to: 'dormant', inactiveFor: { days: 60 } }],
    dormant: [{ to: 'active', on: 'order-paid' }],
  },
  words: { zh: { dormant: '沉默用户' } },
})
const stages = { sleeping: 'dormant' } as const
const event = teller()
const paid = (at: string) => event(at, 'order-paid', { amount: '10', channel: 'web' })
const visited = (at: string) => event(at, 'visited', {})
const migrate = migrateLifecycle(first, second, { stages })

describe('a migration', () => {
  test('settles time under the old definition first, and gives what it did', () => {
    const { state } = tell(first, [paid('2024-01-01')])
    const { events, state: migrated } = migrate(state, utc('2024-03-01'))
    expect(outline(events)).toEqual(['active > sleeping'])
    expect(events[0]!.occurredAt).toBe(utc('2024-01-31'))
    expect(second.view(migrated, utc('2024-03-01'))).toEqual({
      stage: 'dormant',
      since: utc('2024-01-31'),
      next: null,
    })
  })

  test('keeps the stage, since when, the last activity, the facts of both, ids and version', () => {
    const { state } = tell(first, [paid('2024-01-01'), paid('2024-01-10')])
    const { events, state: migrated } = migrate(state, utc('2024-01-11'))
    expect(events).toEqual([])
    expect(second.view(migrated, utc('2024-01-11'))).toEqual({
      stage: 'active',
      since: utc('2024-01-01'),
      next: { to: 'dormant', at: utc('2024-01-31') },
    })
    expect([migrated.version, migrated.definition]).toEqual([2, second.hash])
    expect(second.decide(migrated, paid('2024-01-12'))).toMatchObject({ outcome: 'accepted' })
    const third = tell(second, [paid('2024-01-12')], migrated).state
    expect(second.view(third, utc('2024-01-12')).stage).toBe('loyal')
    const bought = paid('2024-01-10')
    const known = migrate(tell(first, [bought]).state, utc('2024-01-11')).state
    expect(second.decide(known, bought)).toEqual({ outcome: 'repeated', version: 1 })
  })

  test('says which facts are kept, which are dropped and which begin anew', () => {
    expect(migrate.plan).toMatchObject({
      from: { version: 1, hash: first.hash },
      to: { version: 2, hash: second.hash },
      stages: { lead: 'lead', active: 'active', loyal: 'loyal', sleeping: 'dormant' },
      kept: [orders90.fact],
      dropped: [],
      begunAnew: [visits.fact],
    })
    const back = migrateLifecycle(second, first, { stages: { dormant: 'sleeping' } })
    expect([back.plan.kept, back.plan.dropped, back.plan.begunAnew]).toEqual([
      [orders90.fact],
      [visits.fact],
      [],
    ])
  })

  test('what begins anew counts from the migration on', () => {
    const { state } = tell(first, [
      paid('2024-01-01'),
      ...['02', '03', '04', '05'].map((day) => visited(`2024-01-${day}`)),
    ])
    const { state: migrated } = migrate(state, utc('2024-01-06'))
    const days = ['07', '08', '09', '10', '11'].map((day) => visited(`2024-01-${day}`))
    const stageAfter = (n: number) =>
      second.view(tell(second, days.slice(0, n), migrated).state, utc('2024-01-11')).stage
    expect([stageAfter(4), stageAfter(5)]).toEqual(['active', 'loyal'])
  })

  test('a deadline of the new rules that was over before is taken when they come into force', () => {
    const { state } = tell(first, [paid('2024-01-01')])
    const at = utc('2024-01-26')
    const { events, state: migrated } = migrate(state, at)
    expect(events).toEqual([])
    expect(outline(second.advance(migrated, at).events)).toEqual(['active > dormant'])
    expect(second.view(migrated, at)).toMatchObject({ stage: 'dormant', since: at })
  })

  test('what comes in from before is late', () => {
    const { state } = tell(first, [paid('2024-01-01')])
    const { state: migrated } = migrate(state, utc('2024-01-10'))
    expect(refusalOf(second, migrated, paid('2024-01-05'))).toMatchObject({ code: 'late' })
  })

  test('a fact whose field or calendar is another one begins anew', () => {
    const other = defineEvents({ 'order-paid': { amount: money('EUR'), channel: text() }, visited: {} })
    const spend = (given: typeof shop | typeof other, zone: string) => {
      const events = given as typeof shop
      return defineLifecycle({
        ...base,
        events,
        calendar: { zone },
        version: 1,
        stages: ['lead', 'big'],
        initial: 'lead',
        rules: {
          lead: [
            { to: 'big', when: events.sum('order-paid', 'amount').gte('9') },
            { to: 'big', when: orders90.gte(9) },
            { to: 'big', when: visits.gte(9) },
          ],
          big: [],
        },
      })
    }
    const anewIn = (to: ReturnType<typeof spend>) =>
      migrateLifecycle(spend(shop, 'UTC'), to, { stages: {} }).plan.begunAnew.map(({ fact }) => fact)
    expect(anewIn(spend(other, 'UTC'))).toEqual(['sum'])
    expect(anewIn(spend(shop, 'Asia/Tokyo'))).toEqual(['count'])
    expect(anewIn(spend(shop, 'UTC'))).toEqual([])
  })

  test('refuses states of other definitions, and maps that are not whole', () => {
    const refused = (code: string) => expect.objectContaining({ code })
    expect(() => migrate(second.start('u1') as never, 0)).toThrow(refused('other-definition'))
    const { state } = tell(first, [paid('2024-01-01')])
    const once = migrate(state, utc('2024-02-01')).state
    expect(() => migrate(once as never, utc('2024-02-01'))).toThrow(refused('other-definition'))
    expect(() => migrate(state, utc('2023-01-01'))).toThrow(refused('as-of-before-state'))
    const loose = [lifecycleFrom(first.definition), lifecycleFrom(second.definition)] as const
    expect(() => migrateLifecycle(...loose, { stages: {} })).toThrow(refused('missing'))
    expect(() => migrateLifecycle(...loose, { stages: { sleeping: 'drmant' } })).toThrow(
      refused('unknown-name'),
    )
    expect(() => migrateLifecycle(...loose, { stages: { sleping: 'dormant' } })).toThrow(
      refused('unknown-name'),
    )
  })

  test('of somebody of whom nothing is known leaves nothing', () => {
    expect(migrate(first.start('u1'), utc('2024-01-01')).state).toEqual(second.start('u1'))
  })
})

const of = (subject: string, ...inputs: readonly (readonly [string, string])[]): SubjectHistory<never> => {
  const say = teller(subject)
  return {
    subject,
    events: inputs.map(([at, type]) =>
      type === 'visited'
        ? say(at, 'visited', {})
        : type === 'order'
          ? say(at, 'order-paid', { amount: '10', channel: 'web' })
          : say(at, 'customer/move-set', { to: type, reason: 'Ann rang' }),
    ) as never,
  }
}
const histories = [
  // Silent for 25 days: asleep under the new rules alone.
  of('ann', ['2024-01-06', 'order']),
  of('bob', ['2024-01-30', 'order']),
  // Five visits: loyal under the new rules.
  of(
    'cid',
    ['2024-01-20', 'order'],
    ...['21', '22', '23', '24', '25'].map((day) => [`2024-01-${day}`, 'visited'] as const),
  ),
  // Asleep under both, by another name; sooner under the new ones.
  of('dan', ['2023-11-01', 'order']),
  of('eve', ['2024-01-29', 'order'], ['2024-01-30', 'sleeping']),
]
const asOf = utc('2024-01-31')

describe('two definitions over one history', () => {
  const diff = diffLifecycles(first, second, histories, { asOf, stages })

  test('who stands elsewhere, since when, and why under both', () => {
    expect(diff.moved.map(({ subject, before, after }) => [subject, before, after])).toEqual([
      ['#1', 'active', 'dormant'],
      ['#3', 'active', 'loyal'],
    ])
    expect(diff.moved[0]).toMatchObject({
      beforeSince: utc('2024-01-06'),
      beforeReason: { code: 'event-happened', event: 'order-paid' },
      afterSince: utc('2024-01-27'),
      afterReason: { code: 'inactive', since: utc('2024-01-06'), for: { days: 21 } },
    })
    expect(diff.moved[0]!.said).toEqual({
      en: '#1: active since 2024-01-06 00:00 (order-paid happened) becomes dormant since 2024-01-27 00:00 (no activity for 21 days since 2024-01-06 00:00)',
      zh: '#1：由活跃用户（自2024-01-06 00:00，发生了order-paid）变为沉默用户（自2024-01-27 00:00，自2024-01-06 00:00起21天没有活动）',
    })
  })

  test('who stands where, both matrices, and how many moves differ', () => {
    expect(diff).toMatchObject({ subjects: 5, elsewhere: 2, sameMoves: 6, onlyBefore: 1, onlyAfter: 3 })
    expect(diff.stages).toEqual([
      { stage: 'lead', before: 0, after: 0 },
      { stage: 'active', before: 3, after: 1 },
      { stage: 'loyal', before: 0, after: 1 },
      { stage: 'dormant', before: 2, after: 3 },
    ])
    expect(diff.moves).toEqual([
      { from: 'lead', to: 'active', before: 5, after: 5 },
      { from: 'active', to: 'dormant', before: 2, after: 3 },
      { from: 'active', to: 'loyal', before: 0, after: 1 },
    ])
  })

  test('of a definition and itself there is nothing, in any order and with repeats', () => {
    const same = diffLifecycles(first, first, histories, { asOf, stages: {} })
    expect(same).toMatchObject({ elsewhere: 0, onlyBefore: 0, onlyAfter: 0, moved: [] })
    const shuffled = histories.map(({ subject, events }) => ({
      subject,
      events: [...events, ...events].reverse(),
    }))
    expect(diffLifecycles(first, second, shuffled, { asOf, stages })).toEqual(diff)
  })

  test('names nobody unless it is asked to, and repeats no text of theirs', () => {
    const back = [of('eve', ['2024-01-01', 'order'], ['2024-01-05', 'sleeping'])]
    const third = defineLifecycle({
      ...base,
      version: 3,
      stages: ['lead', 'active', 'loyal', 'dormant'],
      initial: 'lead',
      rules: {
        lead: [],
        active: [],
        loyal: [],
        dormant: [{ to: 'loyal', when: shop.last('order-paid', 'channel').is('web') }],
      },
    })
    const options = { asOf, stages }
    const masked = JSON.stringify(diffLifecycles(first, third, back, options))
    expect(masked).not.toMatch(/"eve"|Ann|"observed":"web"/)
    const named = diffLifecycles(first, third, back, { ...options, people: 'named' })
    expect(named.moved[0]).toMatchObject({ subject: 'eve', beforeReason: { reason: 'Ann rang' } })
  })

  test('one at a time, and no more listed than asked for', () => {
    const steps = diffSteps(first, second, histories, { asOf, stages, people: 'named' })
    expect(steps.next().value).toMatchObject({ subject: 'ann' })
    expect(diffLifecycles(first, second, histories, { asOf, stages, most: 1 })).toEqual({
      ...diff,
      moved: diff.moved.slice(0, 1),
    })
  })
})

describe('a check of a migration', () => {
  test('says whom it puts where the new rules alone would not', () => {
    const check = checkMigration(migrate, histories, { at: asOf, people: 'named' })
    expect(check).toMatchObject({ checked: 5, same: 4, elsewhere: 1 })
    expect(check.differences).toMatchObject([
      { subject: 'cid', migrated: 'active', replayed: 'loyal', replayedSince: utc('2024-01-25') },
    ])
    expect(checkMigration(migrate, histories, { at: asOf }).differences[0]!.said).toEqual({
      en: '#3: migrated to active, where the new rules give loyal',
      zh: '#3：迁移到活跃用户，而按新规则应为忠诚用户',
    })
  })

  test('counts those who stand in the same stage since another moment', () => {
    // Ann falls asleep at the migration, under the new rules she would have before; so would Dan.
    expect(checkMigration(migrate, histories, { at: asOf }).otherSince).toBe(2)
    const same = migrateLifecycle(first, first, { stages: {} })
    expect(checkMigration(same, histories, { at: asOf })).toMatchObject({
      same: 5,
      otherSince: 0,
      elsewhere: 0,
    })
  })
})
