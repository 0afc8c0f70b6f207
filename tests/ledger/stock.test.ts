// Stocks by example: what is reserved, used and given back; why a command is refused, in order of precedence; every policy.
import {
  DefinitionError,
  defineStock,
  explain,
  forget,
  restore,
  type StockDefinition,
  stockFrom,
  stockLeft,
} from 'liuliang'
import { describe, expect, test } from 'vitest'
import { sentences } from '../../src/ledger/stock/sentences.js'
import { refusalOf, tell, teller, utc } from '../support/story.js'

const HOUR = 3_600_000
const calendar = { zone: 'Asia/Shanghai' } as const
const base = { id: 'gift', version: 1, calendar, unit: 'pieces' } as const
const stock = (more: Partial<StockDefinition<'gift', 'pieces'>> = {}) => defineStock({ ...base, ...more })
const commands = (subject = 'mug') => {
  const event = teller(subject)
  return {
    restock: (at: string, amount: number) => event(at, 'gift/restock', { amount, reason: 'delivery' }),
    withdraw: (at: string, amount: number) => event(at, 'gift/withdraw', { amount, reason: 'broken' }),
    reserve: (at: string, amount: number, holder: string, id?: string, until?: string) =>
      event(at, 'gift/reserve', { amount, holder, ...(until && { until: utc(until) }) }, id),
    take: (at: string, amount: number, holder: string, id?: string) =>
      event(at, 'gift/take', { amount, holder }, id),
    commit: (at: string, reservation: string, amount?: number) =>
      event(at, 'gift/commit', { reservation, ...(amount !== undefined && { amount }) }),
    release: (at: string, reservation: string) => event(at, 'gift/release', { reservation }),
    giveBack: (at: string, reservation: string, amount?: number) =>
      event(at, 'gift/give-back', { reservation, ...(amount !== undefined && { amount }) }),
    close: (at: string) => event(at, 'gift/close', { reason: 'the end' }),
  }
}
const { restock, withdraw, reserve, take, commit, release, giveBack, close } = commands()
const brief = (engine: ReturnType<typeof stock>, inputs: readonly object[], at: string) => {
  const { state } = tell(engine, inputs as never, engine.start('mug'))
  const { available, reserved, committed } = engine.view(state, utc(at))
  return [available, reserved, committed]
}

test('what is reserved is set aside until it is committed, released, or lapses at its own instant', () => {
  const engine = stock({ holdFor: { minutes: 15 } })
  const { state } = tell(
    engine,
    [
      restock('2024-03-01', 5),
      reserve('2024-03-01 09:00', 2, 'ann', 'r1'),
      reserve('2024-03-01 09:05', 1, 'bob', 'r2'),
    ],
    engine.start('mug'),
  )
  const at = utc('2024-03-01 09:05')
  expect(engine.view(state, at)).toEqual({
    available: 2,
    reserved: 3,
    committed: 0,
    restocked: 5,
    withdrawn: 0,
    closedAt: null,
    next: { at: utc('2024-03-01 09:15'), amount: 2 },
    limits: [],
  })
  const change = engine.nextChange(state, at)
  expect(change?.because).toMatchObject({
    type: 'gift/lapsed',
    occurredAt: utc('2024-03-01 09:15'),
    data: { amount: 2, reservations: [{ reservation: 'r1', holder: 'ann', units: 2 }] },
  })
  expect(engine.decide(state, commit('2024-03-01 09:14', 'r1')).outcome).toBe('accepted')
  // A reservation holds in [reserved, until): what lapses comes first.
  expect(refusalOf(engine, state, commit('2024-03-01 09:15', 'r1'))).toEqual({
    code: 'reservation-over',
    overSince: utc('2024-03-01 09:15'),
  })
  expect(engine.view(state, utc('2024-03-01 10:00'))).toMatchObject({ available: 5, next: null })
})

test('thousands that lapse at one instant do', () => {
  const engine = stock()
  const many = Array.from({ length: 5000 }, (_, i) =>
    reserve('2024-03-01', 1, `h${i}`, `r${i}`, '2024-03-02'),
  )
  const { state } = tell(engine, [restock('2024-03-01', 5000), ...many], engine.start('mug'))
  expect(engine.view(state, utc('2024-03-02') - 1)).toMatchObject({ available: 0, reserved: 5000 })
  const { events, state: later } = engine.advance(state, utc('2024-03-02'))
  expect(events.length).toBeLessThan(10)
  expect(engine.view(later, utc('2024-03-02'))).toMatchObject({ available: 5000, reserved: 0 })
})

describe('refusals, each before those below it', () => {
  const engine = stock({
    holdFor: { hours: 2 },
    keep: { days: 3 },
    limits: [
      { limit: 'campaign', per: 'all', most: 9 },
      { limit: 'daily', per: 'all', most: 7, within: { this: 'day' } },
      { limit: 'each', per: 'holder', most: 3 },
    ],
    idempotencyWindow: { hours: 1 },
  })
  const { state } = tell(
    engine,
    [
      restock('2024-03-01', 12),
      take('2024-03-01 01:00', 2, 'ann', 't1'),
      withdraw('2024-03-01 02:00', 3),
      reserve('2024-03-01 03:00', 1, 'cid', 'r0', '2024-03-01 04:00'),
      reserve('2024-03-01 09:00', 3, 'bob', 'r1'),
      take('2024-03-01 09:00', 2, 'eve', 't2'),
      giveBack('2024-03-01 09:00', 't2', 1),
    ],
    engine.start('mug'),
  )
  const shut = tell(engine, [close('2024-03-01 10:00')], state).state
  const at = '2024-03-01 10:30'
  test.each<[name: string, command: object, refusal: object]>([
    ['nothing', reserve(at, 0, ''), { code: 'amount-not-positive', amount: 0 }],
    ['less than nothing', withdraw(at, -1), { code: 'amount-not-positive', amount: -1 }],
    ['nobody', take(at, 1, ''), { code: 'holder-missing' }],
    ['a name that is known', reserve(at, 1, 'dan', 't1', '2024-03-01'), { code: 'reservation-exists' }],
    [
      'until the past',
      reserve(at, 9, 'dan', 'x', '2024-03-01 10:30'),
      { code: 'until-passed', until: utc(at) },
    ],
    ['what nobody reserved', commit(at, 'nobody', 9), { code: 'unknown-reservation' }],
    ['what lapsed', commit(at, 'r0', 9), { code: 'reservation-over', overSince: utc('2024-03-01 04:00') }],
    ['what was taken', release(at, 't1'), { code: 'reservation-over', overSince: utc('2024-03-01 01:00') }],
    ['more than reserved', commit(at, 'r1', 4), { code: 'exceeds-reservation', requested: 4, reserved: 3 }],
    ['back more than used', giveBack(at, 't2', 2), { code: 'exceeds-committed', requested: 2, committed: 1 }],
    [
      'back what is only reserved',
      giveBack(at, 'r1'),
      { code: 'exceeds-committed', requested: 0, committed: 0 },
    ],
    [
      'more than one may have, and than the day, and than all',
      take(at, 4, 'eve'),
      { code: 'holder-limit', limit: 'each', most: 3, requested: 4, available: 2, again: null },
    ],
    [
      'more than the day has: again when the reservation lapses',
      take(at, 2, 'dan'),
      {
        code: 'period-limit',
        limit: 'daily',
        most: 7,
        requested: 2,
        available: 1,
        again: { code: 'again-at', at: utc('2024-03-01 11:00') },
      },
    ],
    ['out of more than there is', withdraw(at, 4), { code: 'exceeds-available', requested: 4, available: 3 }],
    ['in more than numbers hold', restock(at, Number.MAX_SAFE_INTEGER), { code: 'stock-out-of-range' }],
  ])('%s', (_, command, refusal) => {
    expect(refusalOf(engine, state, command)).toEqual(refusal)
    for (const lang of ['en', 'zh'] as const)
      expect(explain(engine, refusal as never, lang)).not.toMatch(/[{}]/)
  })
  test('of a total, and of what is there', () => {
    const all = [{ limit: 'first-3', per: 'all', most: 3 }] as const
    const first = stock({ limits: all })
    const sold = tell(
      first,
      [restock('2024-03-01', 2), take('2024-03-01', 1, 'ann')],
      first.start('mug'),
    ).state
    expect(refusalOf(first, sold, take(at, 3, 'bob'))).toEqual({
      code: 'total-limit',
      limit: 'first-3',
      most: 3,
      requested: 3,
      available: 2,
      again: null,
    })
    expect(refusalOf(first, sold, take(at, 2, 'bob'))).toEqual({
      code: 'sold-out',
      requested: 2,
      available: 1,
      again: null,
    })
  })
  test('once it is closed: what is reserved stays reserved', () => {
    const code = { code: 'stock-closed', closedAt: utc('2024-03-01 10:00') }
    for (const command of [restock(at, 1), withdraw(at, 1), take(at, 1, 'x'), reserve(at, 1, 'x'), close(at)])
      expect(refusalOf(engine, shut, command)).toEqual(code)
    expect(engine.decide(shut, commit(at, 'r1')).outcome).toBe('accepted')
    expect(engine.decide(shut, giveBack(at, 't2')).outcome).toBe('accepted')
    expect(stockLeft(engine, shut, 'dan', utc(at)).left).toBe(0)
  })
  test('of what is forgotten', () => {
    expect(refusalOf(engine, state, giveBack('2024-03-04 01:00', 't1'))).toEqual({
      code: 'unknown-reservation',
    })
    expect(engine.decide(state, giveBack('2024-03-04 00:59', 't1')).outcome).toBe('accepted')
  })
  test('all have their sentences', () => {
    for (const { en, zh } of Object.values(sentences)) expect([en, zh]).not.toContain('')
  })
})

describe('policies', () => {
  const some = [
    restock('2024-03-01', 10),
    reserve('2024-03-01', 5, 'ann', 'r', '2024-03-05'),
    commit('2024-03-02', 'r', 2),
  ]
  test.each([
    ['release-rest', '2024-03-02', [8, 0, 2]],
    ['keep-rest', '2024-03-02', [5, 3, 2]],
    ['keep-rest', '2024-03-05', [8, 0, 2]],
  ] as const)('a part is committed: %s, on %s', (partialCommit, at, expected) => {
    expect(brief(stock({ partialCommit }), some, at)).toEqual(expected)
    if (partialCommit === 'release-rest') expect(brief(stock(), some, at)).toEqual(expected)
  })

  const limits = [
    { limit: 'each', per: 'holder', most: 2 },
    { limit: 'all', per: 'all', most: 2 },
  ] as const
  test.each([
    ['frees-limits', 2],
    ['uses-limits', 0],
  ] as const)('what is given back %s', (givenBack, left) => {
    for (const engine of [stock({ limits, givenBack }), ...(left === 2 ? [stock({ limits })] : [])]) {
      const inputs = [
        restock('2024-03-01', 9),
        take('2024-03-01', 2, 'ann', 't'),
        giveBack('2024-03-02', 't'),
      ]
      const { state } = tell(engine, inputs, engine.start('mug'))
      expect(engine.view(state, utc('2024-03-02')).available).toBe(9)
      expect(stockLeft(engine, state, 'ann', utc('2024-03-02')).left).toBe(left)
    }
  })

  test('holdFor, an end of its own, or none', () => {
    const later = '2024-03-09'
    const inputs = [
      restock('2024-03-01', 9),
      reserve('2024-03-01', 1, 'ann', 'a'),
      reserve('2024-03-01', 1, 'bob', 'b', '2024-03-10'),
    ]
    expect(brief(stock(), inputs, later)).toEqual([7, 2, 0])
    expect(brief(stock({ holdFor: { days: 3 } }), inputs, later)).toEqual([8, 1, 0])
  })

  test('keep is 90 days unless told', () => {
    const inputs = [restock('2024-03-01', 9), take('2024-03-01', 1, 'ann', 't')]
    const engine = stock()
    const { state } = tell(engine, inputs, engine.start('mug'))
    expect(engine.decide(state, giveBack('2024-05-29 23:59', 't')).outcome).toBe('accepted')
    expect(refusalOf(engine, state, giveBack('2024-05-30', 't'))).toEqual({ code: 'unknown-reservation' })
  })
})

test('a day of a limit is the calendar’s, a span rolls', () => {
  const engine = stock({
    limits: [
      { limit: 'day', per: 'holder', most: 1, within: { this: 'day' } },
      { limit: 'week', per: 'holder', most: 2, within: { days: 7 } },
    ],
  })
  // 16:00 UTC is midnight in Shanghai.
  const inputs = [
    restock('2024-03-01', 9),
    take('2024-03-01 15:00', 1, 'ann'),
    take('2024-03-01 16:00', 1, 'ann'),
  ]
  const { state } = tell(engine, inputs, engine.start('mug'))
  expect(refusalOf(engine, state, take('2024-03-01 17:00', 1, 'ann'))).toMatchObject({
    code: 'holder-limit',
    limit: 'day',
    // The day is over before the week has room again.
    again: { code: 'again-at', at: utc('2024-03-08 15:00') },
  })
  expect(stockLeft(engine, state, 'ann', utc('2024-03-02 17:00'))).toEqual({
    left: 0,
    limits: [
      { limit: 'day', most: 1, left: 1, freesAt: null },
      { limit: 'week', most: 2, left: 0, freesAt: utc('2024-03-08 15:00') },
    ],
  })
  expect(stockLeft(engine, state, 'bob', utc('2024-03-02 17:00')).left).toBe(1)
})

test('money is decimal text outside, and never rounded', () => {
  const budget = defineStock({
    ...base,
    id: 'budget',
    unit: 'CNY',
    limits: [{ limit: 'each', per: 'holder', most: '0.30' }],
  })
  const event = teller('spring')
  const give = (amount: string, holder: string) => event('2024-03-01', 'budget/take', { amount, holder })
  const first = event('2024-03-01', 'budget/restock', { amount: '0.5', reason: 'spring' })
  const { state } = tell(budget, [first, give('0.1', 'ann'), give('0.2', 'ann')], budget.start('spring'))
  expect(budget.view(state, utc('2024-03-01'))).toMatchObject({ available: '0.20', committed: '0.30' })
  const refusal = refusalOf(budget, state, give('0.21', 'bob'))
  expect(refusal).toEqual({
    code: 'sold-out',
    requested: '0.21',
    available: '0.20',
    currency: 'CNY',
    again: null,
  })
  expect(explain(budget, refusal!, 'zh')).toBe('申请0.21 CNY，可用0.20 CNY')
  expect(refusalOf(budget, state, give('0.001', 'bob'))).toMatchObject({ code: 'malformed-field' })
})

test('other terms take over what was decided: counts go by the name of their limit', () => {
  const each = { limit: 'each', per: 'holder', most: 1 } as const
  const before = stock({ limits: [each, { limit: 'all', per: 'all', most: 2 }] })
  const { log } = tell(before, [restock('2024-03-01', 9), take('2024-03-01', 1, 'ann')], before.start('mug'))
  const after = stock({
    limits: [
      { ...each, most: 3 },
      { limit: 'daily', per: 'all', most: 4, within: { this: 'day' } },
    ],
  })
  const state = restore(after, 'mug', log as never)
  const at = utc('2024-03-01')
  expect(stockLeft(after, state, 'ann', at)).toEqual({
    left: 2,
    limits: [{ limit: 'each', most: 3, left: 2, freesAt: null }],
  })
  // A limit that is new has counted nothing yet.
  expect(after.view(state, at).limits).toEqual([{ limit: 'daily', most: 4, left: 4, freesAt: null }])
})

test('what is kept does not grow with what is over', () => {
  const engine = stock({
    holdFor: { minutes: 1 },
    keep: { hours: 1 },
    limits: [
      { limit: 'day', per: 'holder', most: 1, within: { this: 'day' } },
      { limit: 'hour', per: 'all', most: 1000, within: { hours: 1 } },
    ],
    idempotencyWindow: { hours: 1 },
  })
  let state = tell(engine, [restock('2024-03-01', 100)], engine.start('mug')).state
  const sizes: number[] = []
  for (let i = 0; i < 2000; i++) {
    const at = utc('2024-03-01') + i * HOUR
    const input = {
      id: `r${i}`,
      type: 'gift/reserve',
      subject: 'mug',
      occurredAt: at,
      data: { amount: 1, holder: `h${i}` },
    } as const
    const outcome = engine.decide(state, input)
    if (outcome.outcome !== 'accepted') throw new Error(outcome.outcome)
    state = outcome.state
    sizes.push(JSON.stringify(state.of).length)
  }
  expect(Math.max(...sizes.slice(1000))).toBeLessThanOrEqual(Math.max(...sizes.slice(100, 200)) + 100)
})

test('forgetting a holder keeps what is counted', () => {
  const engine = stock({ limits: [{ limit: 'each', per: 'holder', most: 2 }] })
  const { state, log } = tell(
    engine,
    [restock('2024-03-01', 9), take('2024-03-01', 2, 'ann', 't')],
    engine.start('mug'),
  )
  const forgotten = forget(engine, state, log, 'ann')
  expect(JSON.stringify(forgotten)).not.toContain('"ann"')
  expect(engine.view(forgotten.state, utc('2024-03-02'))).toEqual(engine.view(state, utc('2024-03-02')))
})

test.each<[string, object, string, string]>([
  ['a unit', { unit: 'piece' }, 'wrong-type', '$.unit'],
  ['a key', { hold: { hours: 1 } }, 'unknown-key', '$.hold'],
  ['a policy', { givenBack: 'frees' }, 'unknown-name', '$.givenBack'],
  ['a span of nothing', { holdFor: { days: 0 } }, 'invalid-duration', '$.holdFor'],
  ['no list', { limits: {} }, 'wrong-type', '$.limits'],
  [
    'a limit of nothing',
    { limits: [{ limit: 'a', per: 'all', most: 0 }] },
    'out-of-range',
    '$.limits[0].most',
  ],
  [
    'text for pieces',
    { limits: [{ limit: 'a', per: 'all', most: '1' }] },
    'out-of-range',
    '$.limits[0].most',
  ],
  ['whom', { limits: [{ limit: 'a', per: 'each', most: 1 }] }, 'unknown-name', '$.limits[0].per'],
  ['a name', { limits: [{ limit: 'A', per: 'all', most: 1 }] }, 'wrong-type', '$.limits[0].limit'],
  [
    'a name twice',
    {
      limits: [
        { limit: 'a', per: 'all', most: 1 },
        { limit: 'a', per: 'holder', most: 1 },
      ],
    },
    'duplicate-name',
    '$.limits[1].limit',
  ],
  [
    'the day before',
    { limits: [{ limit: 'a', per: 'all', most: 1, within: { previous: 'day' } }] },
    'wrong-type',
    '$.limits[0].within',
  ],
])('a definition with %s is refused', (_, more, code, path) => {
  const define = () => defineStock({ ...base, ...more } as never)
  expect(define).toThrow(DefinitionError)
  expect(define).toThrow(expect.objectContaining({ code, path }))
})

test('a stored definition is the engine again', () => {
  const engine = stock({
    holdFor: { days: 1, end: true },
    limits: [{ limit: 'a', per: 'all', most: 1, within: { this: 'month' } }],
  })
  const again = stockFrom(JSON.parse(JSON.stringify(engine.definition)))
  expect([again.hash, again.definition]).toEqual([engine.hash, engine.definition])
  expect(() => stockFrom({ ...(engine.definition as object), unit: 'piece' })).toThrow(DefinitionError)
})
