import {
  DefinitionError,
  defineEvents,
  definePoints,
  explain,
  money,
  pointsEvents,
  pointsFrom,
  replay,
  restore,
  text,
  tierProgress,
  verdicts,
} from 'liuliang'
import { describe, expect, test } from 'vitest'
import { refusalOf, tell, utc } from '../../support/story.js'
import { account, pointsWith } from '../support/shop.js'

type Tiers = NonNullable<NonNullable<Parameters<typeof pointsWith>[0]>['tiers']>
type Track = Tiers[number]

const ladder = [
  { tier: 'silver', from: 500, keep: 400 },
  { tier: 'gold', from: 1500 },
] as const

const plain = () =>
  definePoints({
    id: 'points',
    version: 1,
    calendar: { zone: 'UTC' },
    events: defineEvents({}),
    earning: [],
    tiers: [{ track: 'level', measure: { earned: 'points' }, levels: ladder }],
  })
const withTrack = (track: Partial<Track>, terms: object = {}) =>
  pointsWith({
    ...terms,
    tiers: [{ track: 'level', measure: { earned: 'points' }, levels: ladder, ...track }],
  } as never) as unknown as ReturnType<typeof plain>

type Log = readonly { readonly type: string; readonly occurredAt: number; readonly data: object }[]
/** What was decided about tiers: day, word, tier. */
const story = (log: Log) =>
  log.flatMap(({ type, occurredAt, data }) => {
    if (!type.includes('/tier-')) return []
    const { tier, reason } = data as { readonly tier: string; readonly reason: { readonly code: string } }
    return [`${new Date(occurredAt).toISOString().slice(0, 10)} ${tier} ${reason.code}`]
  })
const told = (engine: ReturnType<typeof plain>, inputs: readonly object[], until: string) => {
  const { state, log } = tell(engine, inputs as never)
  const step = engine.advance(state, utc(until))
  return {
    story: story([...log, ...step.events]),
    level: engine.view(step.state, utc(until)).tiers.level,
    state,
    log,
  }
}

describe('a tier is reached', () => {
  test('at its threshold, at the very event, by several steps at once where it takes them', () => {
    const { paid } = account()
    const inputs = [
      paid('2024-01-01', 'a', '499.99'),
      paid('2024-01-02', 'b', '0.01'),
      paid('2024-02-01', 'c', '1000'),
    ]
    expect(told(withTrack({}), inputs, '2024-03-01').story).toEqual([
      '2024-01-02 silver tier-reached',
      '2024-02-01 gold tier-reached',
    ])
    expect(told(withTrack({}), [paid('2024-01-01', 'x', '2000')], '2024-03-01').story).toEqual([
      '2024-01-01 gold tier-reached',
    ])
  })

  test('by what was earned, whether or not it was spent, or has expired', () => {
    const { paid, redeem } = account()
    const engine = withTrack({}, { expires: { days: 10 } })
    const inputs = [paid('2024-01-01', 'a', '300'), redeem('2024-01-02', 300), paid('2024-02-01', 'b', '200')]
    expect(told(engine, inputs, '2024-03-01').story).toEqual(['2024-02-01 silver tier-reached'])
  })

  test('by what waits only when it is confirmed, with the date of its order', () => {
    const { paid, received } = account()
    const engine = withTrack({ window: { this: 'year' } }, { pending: 'until-confirmed' })
    const inputs = [paid('2024-12-30', 'a', '600'), received('2025-01-05', 'a')]
    expect(told(engine, inputs.slice(0, 1), '2025-01-01').level.measured).toBe(0)
    const { level } = told(engine, inputs, '2025-01-06')
    // It belongs to the year that has ended.
    expect([level.tier, level.measured]).toEqual([null, 0])
    const soon = [paid('2024-12-01', 'a', '600'), received('2024-12-20', 'a')]
    expect(told(engine, soon, '2024-12-21').story).toEqual(['2024-12-20 silver tier-reached'])
  })

  test('at the end of the period, where it is told so', () => {
    const { paid } = account()
    const engine = withTrack({
      window: { this: 'quarter' },
      hold: { untilEndOf: 'quarter' },
      upgrade: 'at-period-end',
    })
    const inputs = [paid('2024-02-01', 'a', '600'), paid('2024-02-02', 'b', '10')]
    const { story, level } = told(engine, inputs, '2024-03-31')
    expect([story, level.tier, level.toReach?.missing]).toEqual([[], null, 0])
    expect(told(engine, inputs, '2024-07-01').story).toEqual([
      '2024-04-01 silver tier-reached',
      '2024-07-01 none tier-lost',
    ])
  })

  test('by time alone, on the day, where months count', () => {
    const { paid } = account()
    const track = {
      measure: { tenure: 'years' as const },
      levels: [
        { tier: 'friend', from: 1 },
        { tier: 'old-friend', from: 5 },
      ],
    }
    const { story, level } = told(
      withTrack(track as never),
      [paid('2024-02-29 08:00', 'a', '1')],
      '2029-03-01',
    )
    expect(story).toEqual(['2025-02-28 friend tier-reached', '2029-02-28 old-friend tier-reached'])
    expect(level).toMatchObject({ measured: 5, unit: 'years', toReach: null, toKeep: null })
  })
})

describe('a tier is held', () => {
  const { paid, refunded } = account()
  const year = { window: { this: 'year' }, hold: { untilEndOf: 'year', after: 1 } } as const

  test('to the end of its term, and longer where it is kept up', () => {
    const inputs = [paid('2024-05-01', 'a', '1500'), paid('2025-03-01', 'b', '400')]
    expect(told(withTrack(year), inputs, '2029-01-01').story).toEqual([
      '2024-05-01 gold tier-reached',
      '2026-01-01 silver tier-lost',
      '2027-01-01 none tier-lost',
    ])
    // Landing in silver is held for what the year before qualified for: until the end of 2026.
    expect(told(withTrack(year), inputs, '2026-01-01').level.until).toBe(utc('2027-01-01'))
  })

  test.each([
    ['full', ['2026-01-01 none tier-lost']],
    ['one-level', ['2026-01-01 silver tier-lost', '2027-01-01 none tier-lost']],
  ] as const)('%s downgrade', (downgrade, expected) => {
    const inputs = [paid('2024-05-01', 'a', '1500')]
    expect(told(withTrack({ ...year, downgrade }), inputs, '2029-01-01').story).toEqual([
      '2024-05-01 gold tier-reached',
      ...expected,
    ])
  })

  test('never to fall, where downgrade is none', () => {
    const inputs = [paid('2024-05-01', 'a', '1500')]
    const { story, level } = told(
      withTrack({ window: { this: 'year' }, downgrade: 'none' }),
      inputs,
      '2044-01-01',
    )
    expect(story).toEqual(['2024-05-01 gold tier-reached'])
    expect(level).toMatchObject({ tier: 'gold', until: null, toKeep: null })
  })

  test.each([
    ['upgrade', ['2024-01-10 silver tier-reached', '2024-06-10 gold tier-reached'], '2025-06-10'],
    ['never', ['2024-01-10 silver tier-reached', '2024-06-10 gold tier-reached'], '2025-01-10'],
    [
      'always',
      [
        '2024-01-10 silver tier-reached',
        '2024-02-10 silver tier-requalified',
        '2024-06-10 gold tier-reached',
        '2024-07-10 gold tier-requalified',
      ],
      '2025-07-10',
    ],
  ] as const)('renewed by %s', (renews, expected, until) => {
    const inputs = [
      paid('2024-01-10', 'a', '500'),
      paid('2024-02-10', 'b', '100'),
      paid('2024-06-10', 'c', '900'),
      paid('2024-07-10', 'd', '1'),
    ]
    const { story, level } = told(withTrack({ hold: { years: 1 }, renews }), inputs, '2024-08-01')
    expect(story).toEqual(expected)
    expect(level.until).toBe(utc(until))
  })

  test('on grace, until it is made up for or the grace ends', () => {
    const track = { ...year, grace: { length: { months: 2 }, from: 'term-end' } } as const
    const first = [paid('2024-05-01', 'a', '500')]
    expect(told(withTrack(track), first, '2026-04-01').story).toEqual([
      '2024-05-01 silver tier-reached',
      '2026-01-01 silver tier-at-risk',
      '2026-03-01 none tier-lost',
    ])
    const { level } = told(withTrack(track), first, '2026-02-01')
    expect(level).toMatchObject({ tier: 'silver', inGrace: true, until: utc('2026-03-01') })
    expect(level.toKeep).toEqual({ from: 400, missing: 400, by: utc('2026-03-01') })
    const made = [...first, paid('2026-02-01', 'b', '400')]
    expect(told(withTrack(track), made, '2026-04-01').story.at(-1)).toBe('2026-02-01 silver tier-recovered')
  })

  test('on grace from the drop, where nothing holds it', () => {
    const track = {
      window: { rolling: { days: 30 } },
      grace: { length: { days: 10 }, from: 'drop' },
    } as const
    expect(told(withTrack(track), [paid('2024-05-01', 'a', '500')], '2024-08-01').story).toEqual([
      '2024-05-01 silver tier-reached',
      '2024-05-31 silver tier-at-risk',
      '2024-06-10 none tier-lost',
    ])
  })

  test.each([
    ['keep-term', ['2024-05-01 silver tier-reached', '2026-01-01 none tier-lost']],
    ['re-evaluate', ['2024-05-01 silver tier-reached', '2025-02-01 none tier-reversed']],
  ] as const)('when what qualified is refunded: %s', (reversal, expected) => {
    const inputs = [paid('2024-05-01', 'a', '500'), refunded('2025-02-01', 'a', '1')]
    expect(told(withTrack({ ...year, reversal }), inputs, '2027-01-01').story).toEqual(expected)
  })

  test('what is taken back of an order that earned twice leaves with its first date, and lifts by time alone', () => {
    const engine = withTrack({
      window: { rolling: { days: 30 } },
      levels: [{ tier: 'silver', from: 600 }],
    } as never)
    const inputs = [
      paid('2024-01-01', 'o', '100'),
      paid('2024-01-20', 'o', '600'),
      refunded('2024-01-21', 'o', '300'),
    ]
    expect(told(engine, inputs, '2024-03-01').story).toEqual([
      '2024-01-20 silver tier-reached',
      '2024-01-21 none tier-lost',
      '2024-01-31 silver tier-reached',
      '2024-02-19 none tier-lost',
    ])
  })

  test('a refund lowers the window of its order, not its own', () => {
    const inputs = [
      paid('2024-12-20', 'a', '300'),
      paid('2025-01-10', 'b', '450'),
      refunded('2025-01-11', 'a', '300'),
    ]
    expect(told(withTrack({ window: { this: 'year' } }), inputs, '2025-02-01').level.measured).toBe(450)
  })

  test('to the end of a term that ends before points expire at the same instant', () => {
    const track = { measure: { balance: 'points' }, hold: { days: 10 } } as const
    const engine = withTrack(track, { expires: { days: 10 } })
    // The term is renewed on what could be spent until then; what expires at that instant is lost after it.
    expect(told(engine, [paid('2024-01-01', 'a', '500')], '2024-02-01').story).toEqual([
      '2024-01-01 silver tier-reached',
      '2024-01-11 silver tier-renewed',
      '2024-01-21 none tier-lost',
    ])
    const step = engine.advance(
      tell(engine, [paid('2024-01-01', 'z', '500')] as never).state,
      utc('2024-01-11'),
    )
    expect(step.events.map(({ type }) => type)).toEqual(['points/tier-kept', 'points/expired'])
  })

  test('a balance that nothing holds falls with the points, and once per instant', () => {
    const engine = withTrack({ measure: { balance: 'points' } }, { expires: { days: 10 } })
    const inputs = [paid('2024-01-01', 'a', '300'), paid('2024-01-03', 'b', '300')]
    expect(told(engine, inputs, '2024-02-01').story).toEqual([
      '2024-01-03 silver tier-reached',
      '2024-01-11 none tier-lost',
    ])
  })
})

describe('a tier set by hand', () => {
  const { event, paid } = account()
  const set = (at: string, tier: string, more: object = {}) =>
    event(at, 'points/set-tier', { track: 'level', tier, reason: 'a favour', ...more })

  test('is held until it is told, then measured', () => {
    const inputs = [paid('2024-01-01', 'a', '500'), set('2024-01-02', 'gold', { until: utc('2024-07-01') })]
    expect(told(withTrack({}), inputs, '2024-08-01').story).toEqual([
      '2024-01-01 silver tier-reached',
      '2024-01-02 gold tier-set-by-hand',
      '2024-07-01 silver tier-lost',
    ])
  })

  test('is held for ever where nothing else ends it, and lifted only by more than was reached then', () => {
    const inputs = [
      paid('2024-01-01', 'a', '500'),
      set('2024-01-02', 'none'),
      paid('2024-01-03', 'b', '500'),
      paid('2024-01-04', 'c', '500'),
    ]
    expect(told(withTrack({}), inputs, '2034-01-01').story).toEqual([
      '2024-01-01 silver tier-reached',
      '2024-01-02 none tier-set-by-hand',
      '2024-01-04 gold tier-reached',
    ])
  })

  test('is refused where there is no such tier, or no time to hold it, in that order', () => {
    const engine = pointsWith({
      tiers: [
        { track: 'level', measure: { earned: 'points' }, levels: ladder },
        { track: 'other', measure: { earned: 'points' }, levels: [{ tier: 'one', from: 1 }] },
      ],
    } as never)
    const { state } = tell(engine, [paid('2024-01-01', 'a', '500')])
    const past = { until: utc('2024-01-01') }
    expect(refusalOf(engine, state, set('2024-01-02', 'one', past))).toEqual({ code: 'unknown-tier' })
    expect(refusalOf(engine, state, set('2024-01-02', 'gold', past))).toEqual({
      code: 'tier-ends-before-it-begins',
    })
    expect(refusalOf(engine, state, set('2024-01-02', 'diamond'))?.code).toBe('malformed-field')
  })
})

describe('what a tier brings', () => {
  const said = defineEvents({
    'order-paid': { orderId: text(), amount: money('CNY') },
    ...pointsEvents('points', { tiers: { level: ['none', 'silver', 'gold'] } }),
  })
  const engine = definePoints({
    id: 'points',
    version: 1,
    calendar: { zone: 'Asia/Shanghai' },
    events: said,
    earning: [
      {
        rule: 'purchase',
        on: 'order-paid',
        earns: { points: 1, per: '1', of: 'amount' },
        origin: 'orderId',
        multiply: [{ by: '2', when: said.says('points', 'level').is('silver') }],
      },
    ],
    tiers: [
      {
        track: 'level',
        measure: { earned: 'points' },
        window: { this: 'year' },
        levels: ladder,
        hold: { untilEndOf: 'year' },
      },
    ],
    words: { zh: { silver: '银卡', gold: '金卡' } },
  })
  const { paid } = account()

  test('multiplies the next order, not the one that reached it', () => {
    const { log } = tell(engine, [paid('2024-01-01', 'a', '500'), paid('2024-01-02', 'b', '100')] as never)
    const earned = log.flatMap(({ type, data }) =>
      type === 'points/earned' ? [(data as { points: number }).points] : [],
    )
    expect(earned).toEqual([500, 200])
  })

  test('what is missing is said in both languages', () => {
    const { state } = tell(engine, [paid('2024-01-01', 'a', '500'), paid('2024-01-02', 'b', '425')] as never)
    const { level } = engine.view(state, utc('2024-01-03')).tiers
    expect(level.toReach).toEqual({ tier: 'gold', from: 1500, missing: 150 })
    expect(tierProgress(level).map((one) => explain(engine, one, 'zh'))).toEqual([
      '再积150分可升金卡',
      '已满足银卡的保级条件（2025-01-01 00:00）',
    ])
    const next = engine.view(state, utc('2025-01-01')).tiers.level
    expect(tierProgress(next).map((one) => explain(engine, one, 'zh'))).toEqual([
      '再积1500分可升金卡',
      '2026-01-01 00:00前积满400分可保级（银卡），还差400分',
    ])
    expect(tierProgress(next).map((one) => explain(engine, one, 'en'))).toEqual([
      '1500 more for gold',
      '400 more before 2026-01-01 00:00, 400 in all, to keep silver',
    ])
  })

  test('what waits stands among the verdicts', () => {
    const { state } = tell(engine, [paid('2024-01-01', 'a', '500')] as never)
    const waiting = verdicts(engine, state, utc('2024-01-03')).filter(({ rule }) =>
      rule.startsWith('$.tiers'),
    )
    expect(waiting.map(({ rule, to, at }) => [rule, to, at])).toEqual([
      ['$.tiers[0].levels[1]', 'gold', undefined],
      ['$.tiers[0].levels[0].keep', 'silver', utc('2024-12-31 16:00')],
    ])
    for (const one of waiting) expect(explain(engine, one, 'zh')).not.toMatch(/[{}]|undefined/)
  })

  test('the stored definition makes the same engine', () => {
    const read = pointsFrom(JSON.parse(JSON.stringify(engine.definition)))
    expect(read.hash).toBe(engine.hash)
  })

  test('an account that is restored stands where it stood', () => {
    const { state, log } = tell(engine, [
      paid('2024-01-01', 'a', '500'),
      paid('2025-06-01', 'b', '10'),
    ] as never)
    expect(restore(engine, 'u1', log)).toEqual(state)
  })
})

describe('facts that come late', () => {
  const { paid } = account()
  const held = { window: { this: 'year' }, hold: { untilEndOf: 'year', after: 1 } } as const
  const late = (engine: ReturnType<typeof plain>, log: Log, change: object) =>
    replay(engine, { checkpoint: engine.start('u1'), tail: log as never }, change as never)

  test('lift a tier, with the date on which it would have been reached', () => {
    const engine = withTrack(held)
    const { log } = tell(engine, [paid('2024-12-01', 'a', '300'), paid('2025-02-01', 'b', '1')] as never)
    const { asserted, state } = late(engine, log, { add: [paid('2024-12-15', 'late', '300')] })
    const changed = asserted.find(({ type }) => type === 'points/tier-changed')!
    expect(changed).toMatchObject({
      occurredAt: utc('2025-02-01'),
      effectiveAt: utc('2024-12-15'),
      data: { tier: 'silver', from: 'none', until: utc('2026-01-01'), reason: { code: 'tier-corrected' } },
    })
    expect(engine.view(state, utc('2025-02-01')).tiers.level).toMatchObject({
      tier: 'silver',
      since: utc('2024-12-15'),
      until: utc('2026-01-01'),
    })
  })

  test.each([
    ['keep-term', 'silver'],
    ['re-evaluate', null],
  ] as const)('that never were lower a tier only by the policy: %s', (reversal, tier) => {
    const engine = withTrack({ ...held, reversal })
    const first = paid('2024-12-01', 'a', '500')
    const { log } = tell(engine, [first, paid('2025-02-01', 'b', '1')] as never)
    const { state } = late(engine, log, { remove: [first.id] })
    expect(engine.view(state, utc('2025-02-01')).tiers.level.tier).toBe(tier)
  })
})

describe('definitions that cannot be meant', () => {
  const one = { track: 'level', measure: { earned: 'points' }, levels: ladder }
  test.each([
    [
      '$.tiers[0].levels[1].from',
      {
        levels: [
          { tier: 'a', from: 5 },
          { tier: 'b', from: 5 },
        ],
      },
      'out-of-range',
    ],
    ['$.tiers[0].levels[0].keep', { levels: [{ tier: 'a', from: 5, keep: 6 }] }, 'out-of-range'],
    [
      '$.tiers[0].levels[1].keep',
      {
        levels: [
          { tier: 'a', from: 5 },
          { tier: 'b', from: 9, keep: 4 },
        ],
      },
      'out-of-range',
    ],
    [
      '$.tiers[0].levels[1].tier',
      {
        levels: [
          { tier: 'a', from: 5 },
          { tier: 'a', from: 9 },
        ],
      },
      'duplicate-name',
    ],
    ['$.tiers[0].levels[0].tier', { base: 'silver' }, 'duplicate-name'],
    ['$.tiers[0].levels', { levels: [] }, 'missing'],
    ['$.tiers[0].track', { track: 'tier' }, 'duplicate-name'],
    ['$.tiers[0].track', { track: 'Level' }, 'wrong-type'],
    ['$.tiers[0].measure.earned', { measure: { earned: 'miles' } }, 'unknown-name'],
    ['$.tiers[0].measure', { measure: { spent: 'points' } }, 'unknown-name'],
    ['$.tiers[0].window', { measure: { balance: 'points' }, window: 'term' }, 'unknown-key'],
    ['$.tiers[0].window.years', { window: { years: 0, from: 'enrolment' } }, 'out-of-range'],
    ['$.tiers[0].hold', { window: 'term' }, 'missing'],
    ['$.tiers[0].hold', { downgrade: 'one-level' }, 'missing'],
    ['$.tiers[0].hold', { upgrade: 'at-period-end', window: { this: 'year' } }, 'missing'],
    ['$.tiers[0].upgrade', { upgrade: 'at-period-end', hold: { years: 1 } }, 'unknown-name'],
    ['$.tiers[0].hold', { hold: { days: 0 } }, 'invalid-duration'],
    ['$.tiers[0].hold.after', { hold: { untilEndOf: 'year', after: -1 } }, 'out-of-range'],
    ['$.tiers[0].hold', { hold: { years: 1 }, downgrade: 'none' }, 'unknown-key'],
    ['$.tiers[0].renews', { renews: 'always' }, 'unknown-key'],
    ['$.tiers[0].reversal', { reversal: 're-evaluate' }, 'unknown-key'],
    [
      '$.tiers[0].reversal',
      { measure: { balance: 'points' }, hold: { days: 1 }, reversal: 'keep-term' },
      'unknown-key',
    ],
    ['$.tiers[0].grace.from', { grace: { length: { days: 1 }, from: 'term-end' } }, 'unknown-name'],
    [
      '$.tiers[0].grace',
      { measure: { tenure: 'years' }, grace: { length: { days: 1 }, from: 'drop' } },
      'unknown-key',
    ],
    ['$.tiers[0].colour', { colour: 'red' }, 'unknown-key'],
  ])('%s of %j', (path, track, code) => {
    const make = () => pointsWith({ tiers: [{ ...one, ...track }] } as never)
    expect(make).toThrow(DefinitionError)
    try {
      make()
    } catch (error) {
      expect([(error as DefinitionError).path, (error as DefinitionError).code]).toEqual([path, code])
    }
  })
  test('two tracks of one name, words of events that are none', () => {
    expect(() => pointsWith({ tiers: [one, one] } as never)).toThrow(
      /duplicate-name at \$\.tiers\[1\]\.track/,
    )
    expect(() => pointsEvents('points', { tiers: { level: ['none'] } })).toThrow(
      /missing at \$\.tiers\.level/,
    )
    expect(() => pointsEvents('points', { tiers: { level: ['none', 'none'] } })).toThrow(/duplicate-name/)
    expect(() => pointsEvents('points', { levels: {} } as never)).toThrow(/unknown-key/)
  })
})

test('an engine without tiers says nothing of them', () => {
  const engine = pointsWith()
  expect(Object.keys(engine.view(engine.start('u1'), 0))).not.toContain('tiers')
  expect(Object.keys(engine.publishes).filter((type) => type.includes('tier'))).toEqual([])
})
