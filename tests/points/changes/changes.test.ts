// What two definitions of points differ in, place by place.
import { type DefinitionChange, DefinitionError, definePoints, definitionChanges, pointsFrom } from 'liuliang'
import { describe, expect, test } from 'vitest'
import { programOf } from '../../../src/points/changes/compiled.js'
import { changesOf } from '../../../src/points/changes/definition-changes.js'
import { changeSentences } from '../../../src/points/changes/sentences.js'
import { expiryCases, policyCases, rewardCases } from './support/policy-cases.js'
import { programWith, shop } from './support/program.js'

type Terms = Parameters<typeof programWith>[1]

const between = (before: Terms, after: Terms) =>
  definitionChanges(programWith(1, before), programWith(2, after))
const brief = (changes: readonly DefinitionChange[]) =>
  changes.map(({ path, code, effect, touches }) => `${path} ${code} ${effect} ${touches}`)

const purchase = {
  rule: 'purchase',
  on: 'order-paid',
  earns: { points: 1, per: '3', of: 'amount' },
  origin: 'orderId',
}
const spend = {
  rule: 'spend',
  on: 'order-paid',
  in: 'status',
  earns: { points: 1, per: '1', of: 'amount' },
  origin: 'orderId',
}
const earning = (...rules: readonly object[]) => ({ earning: rules }) as Terms
const cap = { cap: 'daily', atMost: 100, per: { this: 'day' }, overflow: 'truncate' } as const
const carry = { ...cap, overflow: 'carry' } as const
const points = { currency: 'points', kind: 'spendable' } as const
const status = { currency: 'status', kind: 'status' } as const
const level = {
  track: 'level',
  measure: { earned: 'status' },
  levels: [
    { tier: 'silver', from: 100 },
    { tier: 'gold', from: 500 },
  ],
  hold: { months: 12 },
} as const
const tiers = (...tracks: readonly object[]) => ({ tiers: tracks }) as unknown as Terms
const grace = { length: { days: 30 }, from: 'term-end' } as const
const notice = (days: number) => ({ changes: { notice: { days } } })

const cases: readonly (readonly [name: string, before: Terms, after: Terms, changes: readonly string[]])[] = [
  ['nothing', {}, {}, []],
  ['a longer life', {}, { expires: { months: 24 } }, ['$.expires lasts-longer better to-be-earned']],
  ['for ever', {}, { expires: undefined } as never, ['$.expires lasts-longer better to-be-earned']],
  ['a shorter life', {}, { expires: { days: 300 } }, ['$.expires lasts-shorter worse to-be-earned']],
  [
    'a life of about the same',
    {},
    { expires: { days: 365 } },
    ['$.expires lasts-otherwise unknown to-be-earned'],
  ],
  [
    'to the end of the month',
    {},
    { expires: { months: 12, end: 'month' } },
    ['$.expires lasts-longer better to-be-earned'],
  ],
  [
    'a shorter life of what waits',
    { caps: [carry] },
    { caps: [carry], expires: { months: 6 } },
    ['$.expires lasts-shorter worse earned'],
  ],
  ['a wait', {}, { pending: { days: 7 } }, ['$.pending waits-longer worse to-be-earned']],
  ['no wait', { pending: { days: 7 } }, {}, ['$.pending waits-shorter better to-be-earned']],
  [
    'a wait for an event',
    { pending: { days: 7 } },
    { pending: 'until-confirmed' },
    ['$.pending waits-otherwise unknown to-be-earned'],
  ],
  [
    'a grace of refunds',
    {},
    { refunds: { grace: { days: 7 } } },
    ['$.refunds.grace refund-grace-longer better earned'],
  ],
  [
    'a shorter grace of refunds',
    { refunds: { grace: { days: 7 } } },
    { refunds: { grace: { days: 6 } } },
    ['$.refunds.grace refund-grace-shorter worse earned'],
  ],
  [
    'another grace of refunds',
    { refunds: { grace: { days: 30 } } },
    { refunds: { grace: { months: 1 } } },
    ['$.refunds.grace refund-grace-changed unknown earned'],
  ],
  ['reservations', {}, { holdFor: { days: 1 } }, ['$.holdFor reservations-changed unknown to-be-earned']],
  [
    'memory',
    {},
    { idempotencyWindow: { hours: 24 } },
    ['$.idempotencyWindow memory-changed neither to-be-earned'],
  ],
  ['a zone', {}, { calendar: { zone: 'Asia/Shanghai' } }, ['$.calendar calendar-changed unknown earned']],
  ['no confirmation', {}, { confirmation: [] }, ['$.confirmation[0] confirmation-removed worse earned']],
  ['a confirmation', { confirmation: [] }, {}, ['$.confirmation[0] confirmation-added better earned']],
  ['no clawback', {}, { clawback: [] }, ['$.clawback[0] clawback-removed better earned']],
  [
    'another clawback',
    {},
    { clawback: [{ on: 'order-refunded', origin: 'orderId' }] },
    ['$.clawback[0] clawback-added worse earned', '$.clawback[0] clawback-removed better earned'],
  ],
  [
    'a rule',
    {},
    earning(purchase, spend, { ...purchase, rule: 'more' }),
    ['$.earning[2] rule-added better to-be-earned'],
  ],
  ['a rule with something left over', {}, earning(spend), ['$.earning[0] rule-removed worse earned']],
  [
    'a rule with nothing left over',
    earning(spend, { rule: 'bonus', on: 'order-paid', earns: { points: 5 } }),
    earning(spend),
    ['$.earning[1] rule-removed worse to-be-earned'],
  ],
  [
    'more points',
    {},
    earning({ ...purchase, earns: { ...purchase.earns, points: 2 } }, spend),
    ['$.earning[0].earns rate-raised better to-be-earned'],
  ],
  [
    'fewer points',
    {},
    earning({ ...purchase, earns: { ...purchase.earns, per: '4' } }, spend),
    ['$.earning[0].earns rate-lowered worse to-be-earned'],
  ],
  [
    'the same points',
    {},
    earning({ ...purchase, earns: { points: 2, per: '6', of: 'amount' } }, spend),
    ['$.earning[0].earns rule-changed neither to-be-earned'],
  ],
  [
    'coarser parts of points',
    {},
    earning({ ...purchase, earns: { points: 1, per: '2', of: 'amount' } }, spend),
    [
      '$.earning[0].earns rate-raised better to-be-earned',
      '$.earning[0].earns fractions-coarser worse earned',
    ],
  ],
  [
    'fractions dropped',
    {},
    earning({ ...purchase, rounding: 'each' }, spend),
    ['$.earning[0].rounding fractions-dropped worse earned'],
  ],
  [
    'fractions kept',
    earning({ ...purchase, rounding: 'each' }, spend),
    {},
    ['$.earning[0].rounding rule-changed better to-be-earned'],
  ],
  [
    'a campaign',
    {},
    earning({ ...purchase, during: { until: '2027-01-01T00:00' } }, spend),
    ['$.earning[0].during rule-changed unknown to-be-earned'],
  ],
  [
    'an own life',
    {},
    earning({ ...purchase, expires: { months: 6 } }, spend),
    ['$.earning[0].expires lasts-shorter worse to-be-earned'],
  ],
  ['an own life that is the same', {}, earning({ ...purchase, expires: { months: 12 } }, spend), []],
  [
    'another currency',
    {},
    earning({ ...purchase, in: 'status' }, spend),
    ['$.earning[0] rule-reads-otherwise unknown earned'],
  ],
  ['the order of rules', {}, earning(spend, purchase), ['$.earning order-changed unknown to-be-earned']],
  [
    'stacking',
    {},
    { stacking: [{ rules: ['purchase'], policy: 'best' }] } as never,
    ['$.stacking stacking-changed unknown to-be-earned'],
  ],
  ['a cap', {}, { caps: [cap] }, ['$.caps[0] cap-added worse to-be-earned']],
  ['no cap', { caps: [carry] }, {}, ['$.caps[0] cap-removed better to-be-earned']],
  [
    'a tighter cap',
    { caps: [cap] },
    { caps: [{ ...cap, atMost: 50 }] },
    ['$.caps[0].atMost cap-lowered worse to-be-earned'],
  ],
  [
    'a tighter cap of what waits',
    { caps: [carry] },
    { caps: [{ ...carry, atMost: 50 }] },
    ['$.caps[0].atMost cap-lowered worse earned'],
  ],
  [
    'a wider cap',
    { caps: [cap] },
    { caps: [{ ...cap, atMost: 500 }] },
    ['$.caps[0].atMost cap-raised better to-be-earned'],
  ],
  ['another cap', { caps: [carry] }, { caps: [cap] }, ['$.caps[0].overflow cap-changed unknown earned']],
  [
    'a bound',
    {},
    { currencies: [{ ...points, atMost: 9 }, status] },
    ['$.currencies[0].atMost bound-lowered worse earned'],
  ],
  [
    'a wider bound',
    { currencies: [{ ...points, atMost: 9 }, status] },
    { currencies: [{ ...points, atMost: 10 }, status] },
    ['$.currencies[0].atMost bound-raised better earned'],
  ],
  [
    'a kind',
    {},
    { currencies: [{ ...points, kind: 'status' }, status] },
    ['$.currencies[0].kind kind-changed worse earned'],
  ],
  [
    'spendable',
    {},
    { currencies: [points, { ...status, kind: 'spendable' }] },
    ['$.currencies[1].kind kind-changed better earned'],
  ],
  [
    'a scale',
    {},
    { currencies: [{ ...points, scale: 2 }, status] },
    ['$.currencies[0].scale scale-changed unknown earned'],
  ],
  [
    'a currency',
    {},
    { currencies: [points, status, { currency: 'miles', kind: 'spendable' }] },
    ['$.currencies[2] currency-added better to-be-earned'],
  ],
  [
    'no currency',
    { currencies: [points, status, { currency: 'miles', kind: 'spendable' }] },
    {},
    ['$.currencies[2] currency-removed worse earned'],
  ],
  ['no tiers', {}, { tiers: [] }, ['$.tiers[0] track-removed worse earned']],
  ['tiers', { tiers: [] }, {}, ['$.tiers[0] track-added better earned']],
  [
    'a lower threshold',
    {},
    tiers({
      ...level,
      levels: [
        { tier: 'silver', from: 100, keep: 50 },
        { tier: 'gold', from: 400, keep: 400 },
      ],
    }),
    [
      '$.tiers[0].levels[0].keep keep-lowered better earned',
      '$.tiers[0].levels[1].from threshold-lowered better earned',
      '$.tiers[0].levels[1].keep keep-lowered better earned',
    ],
  ],
  [
    'a higher threshold',
    {},
    tiers({ ...level, levels: [level.levels[0], { tier: 'gold', from: 600, keep: 500 }] }),
    ['$.tiers[0].levels[1].from threshold-raised worse earned'],
  ],
  [
    'a higher threshold to keep',
    tiers({ ...level, levels: [{ tier: 'silver', from: 100, keep: 50 }] }),
    tiers({ ...level, levels: [{ tier: 'silver', from: 100 }] }),
    ['$.tiers[0].levels[0].keep keep-raised worse earned'],
  ],
  [
    'another tier',
    {},
    tiers({ ...level, levels: [...level.levels, { tier: 'black', from: 900 }] }),
    ['$.tiers[0].levels[2] tier-added better earned'],
  ],
  [
    'no gold',
    {},
    tiers({ ...level, levels: [level.levels[0]] }),
    ['$.tiers[0].levels[1] tier-removed worse earned'],
  ],
  [
    'benefits',
    {},
    tiers({ ...level, levels: [level.levels[0], { ...level.levels[1], benefits: { lounge: true } }] }),
    ['$.tiers[0].levels[1].benefits tier-benefits-changed unknown earned'],
  ],
  [
    'a longer hold',
    {},
    tiers({ ...level, hold: { months: 24 } }),
    ['$.tiers[0].hold tier-terms-better better earned'],
  ],
  [
    'a shorter hold',
    {},
    tiers({ ...level, hold: 'none' }),
    ['$.tiers[0].hold tier-terms-worse worse earned'],
  ],
  ['a grace', {}, tiers({ ...level, grace }), ['$.tiers[0].grace tier-terms-better better earned']],
  ['no grace', tiers({ ...level, grace }), {}, ['$.tiers[0].grace tier-terms-worse worse earned']],
  [
    'a softer fall',
    {},
    tiers({ ...level, downgrade: 'one-level' }),
    ['$.tiers[0].downgrade tier-terms-better better earned'],
  ],
  [
    'another window',
    {},
    tiers({ ...level, window: { this: 'year' } }),
    ['$.tiers[0].window tier-terms-changed unknown earned'],
  ],
  ['a notice', {}, notice(90), ['$.changes.notice notice-added worse earned']],
  ['no notice', notice(90), {}, ['$.changes.notice notice-removed better earned']],
  ['a longer notice', notice(90), notice(91), ['$.changes.notice notice-longer better earned']],
  ['a shorter notice', notice(90), notice(89), ['$.changes.notice notice-shorter worse earned']],
  ...expiryCases,
  ...policyCases,
  ...rewardCases,
]

describe('what changes between two definitions', () => {
  test.for(cases)('%s', ([, before, after, changes]) => {
    const found = between(before, after)
    expect(brief(found)).toEqual(changes)
    for (const { said } of found) {
      expect(said.en).not.toMatch(/[{}]|undefined|\[object/)
      expect(said.zh).not.toMatch(/[{}]|undefined|\[object/)
    }
  })

  test('every code is found by an example', () => {
    const found = new Set<string>(
      cases.flatMap(([, before, after]) => between(before, after).map(({ code }) => code)),
    )
    const others = ['changed', 'event-added', 'event-changed', 'event-removed', 'first-currency-changed']
    expect([...found, ...others].sort()).toEqual(Object.keys(changeSentences).sort())
  })

  test('a day that a zone skips is no day', () => {
    // In Apia 30 December 2011 was skipped: two days were 24 hours.
    expect(brief(between({ expires: { hours: 30 } }, { expires: { days: 2 } }))).toEqual([
      '$.expires lasts-otherwise unknown to-be-earned',
    ])
    expect(brief(between({ expires: { hours: 30 } }, { expires: { days: 3 } }))).toEqual([
      '$.expires lasts-longer better to-be-earned',
    ])
  })

  test('they are said in words', () => {
    const [change] = between({}, { expires: { months: 6 } })
    expect(change!.said).toEqual({
      en: 'points last less long: 12 months, then 6 months',
      zh: '积分有效期缩短：由12个月变为6个月',
    })
    const [bound] = between({}, { currencies: [{ ...points, atMost: 9 }, status] })
    expect(bound!.said.en).toBe('an account may hold less points: none, then 9')
    expect(bound).toMatchObject({ of: 'points', before: null, after: 9 })
  })

  test('events and the first currency', () => {
    const simple = (version: number, extra: object, currencies?: readonly object[]) =>
      definePoints({
        id: 'points',
        version,
        calendar: { zone: 'UTC' },
        events: { ...shop, events: { ...shop.events, ...extra } },
        earning: [],
        ...(currencies && { currencies }),
      } as never)
    const field = { at: { type: 'text' } }
    const found = (before: object, after: object) =>
      brief(definitionChanges(simple(1, before), simple(2, after)))
    expect(found({}, { visit: {} })).toEqual(['$.events.visit event-added neither to-be-earned'])
    expect(found({ visit: {} }, {})).toEqual(['$.events.visit event-removed unknown to-be-earned'])
    expect(found({ visit: {} }, { visit: field })).toEqual([
      '$.events.visit event-changed unknown to-be-earned',
    ])
    expect(brief(definitionChanges(simple(1, {}), simple(2, {}, [status, points])))).toEqual([
      '$.currencies[0] first-currency-changed unknown to-be-earned',
      '$.currencies[0] currency-added better to-be-earned',
    ])
  })

  test('a part that nobody here knows is treated as worse for what was earned', () => {
    const engine = programWith(2)
    const definition = structuredClone(engine.definition) as { [key: string]: never }
    const places: readonly (readonly [string, (of: never) => object])[] = [
      ['$.novelty', (of) => of],
      ['$.currencies[0].novelty', ({ currencies }: { currencies: readonly object[] }) => currencies[0]!],
      ['$.earning[0].novelty', ({ earning }: { earning: readonly object[] }) => earning[0]!],
      [
        '$.earning[0].earns.novelty',
        ({ earning }: { earning: readonly { earns: object }[] }) => earning[0]!.earns,
      ],
      ['$.tiers[0].novelty', ({ tiers }: { tiers: readonly object[] }) => tiers[0]!],
      [
        '$.tiers[0].levels[1].novelty',
        ({ tiers }: { tiers: readonly { levels: readonly object[] }[] }) => tiers[0]!.levels[1]!,
      ],
    ]
    for (const [path, place] of places) {
      const changed = structuredClone(definition)
      Object.assign(place(changed as never), { novelty: 1 })
      const found = definitionChanges(programWith(1), { ...engine, definition: changed } as typeof engine)
      expect(brief(found)).toContain(`${path} changed unknown earned`)
    }
    // No length of today's: it may move the end of what is there.
    const program = programOf(engine, '$')
    const agreed = { ...program.agreed, expires: { months: 12, from: 'activity' } as never }
    expect(changesOf({ ...program, agreed }, program)).toMatchObject([
      { path: '$.expires', code: 'lasts-otherwise', effect: 'unknown', touches: 'earned' },
    ])
  })

  test('refuses what are not two versions of one program', () => {
    const other = definePoints({
      id: 'others',
      version: 1,
      calendar: { zone: 'UTC' },
      events: shop,
      earning: [],
    })
    expect(() => definitionChanges(programWith(1), other)).toThrow(DefinitionError)
    expect(() => definitionChanges(programWith(1), {} as never)).toThrow(/wrong-type at \$.after/)
  })

  test('a notice is part of the stored definition, and is more than nothing', () => {
    const engine = programWith(1, notice(90))
    expect(pointsFrom(engine.definition).hash).toBe(engine.hash)
    expect(() => programWith(1, notice(0))).toThrow(/invalid-duration at \$.changes.notice/)
    expect(() => programWith(1, { changes: {} } as never)).toThrow(/\$.changes.notice/)
    expect(() => programWith(1, { changes: { notice: { days: 1 }, more: 1 } } as never)).toThrow(
      /\$.changes.more/,
    )
    expect(() => programWith(1, { changes: 5 } as never)).toThrow(/wrong-type at \$.changes/)
  })
})
