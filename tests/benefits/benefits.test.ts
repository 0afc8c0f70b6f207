import {
  attributes,
  type BenefitsDefinition,
  type BenefitsRefusal,
  benefitsFrom,
  collect,
  defineBenefits,
  defineBudgetUse,
  defineEvents,
  explain,
  type InputOf,
  instant,
  moment,
  money,
  quoteBenefits,
  text,
} from 'liuliang'
import { describe, expect, test } from 'vitest'
import { benefitsSentences } from '../../src/benefits/sentences.js'
import { refusalOf, tell, teller, utc } from '../support/story.js'

const shop = defineEvents({
  'order-paid': { orderId: text(), amount: money('CNY') },
  'card-bought': {},
  'card-ended': {},
  ...attributes({ birthday: moment() }),
})
const silent = shop.timeSince('order-paid').gte({ days: 60 })
const member = shop.count('card-bought').gte(1).and(shop.count('card-ended').is(0))
const crm = { owner: 'crm', funding: { unfunded: 'a trial' } } as const
const off = (off: string, more: object = {}) => ({ kind: 'amount-off', off, ...more }) as const

type Shop = typeof shop.events
type Terms = Partial<Omit<BenefitsDefinition<'b', Shop>, 'benefits'>>
const benefitsWith = <const B extends string>(
  benefits: BenefitsDefinition<'b', Shop, B>['benefits'],
  terms: Terms = {},
) =>
  defineBenefits({
    id: 'b',
    version: 1,
    calendar: { zone: 'Asia/Shanghai' },
    events: shop,
    currency: 'CNY',
    ...terms,
    benefits,
  })

const event = teller()
const paid = (at: string) => event(at, 'order-paid', { orderId: 'o', amount: '1' })
const issue = (benefit: string, id: string, at = '2026-03-01', more: object = {}) =>
  event(at, 'b/issue', { benefit, ...more }, id)
const use = (issues: readonly string[], lines: readonly string[], more: object = {}, at = '2026-03-02') =>
  event(at, 'b/use', {
    order: `o-${issues}`,
    cart: { lines: lines.map((amount) => ({ amount })), ...more },
    issues,
  })

describe('issuing', () => {
  const issuedAt = (engine: ReturnType<typeof benefitsWith>, inputs: readonly object[], until: string) => {
    const { state, log } = tell(engine, inputs as never)
    const made = [...log, ...engine.advance(state, utc(until)).events]
    return made
      .filter(({ type }) => type === 'b/issued' || type === 'b/requested')
      .map(({ occurredAt }) => new Date(occurredAt).toISOString().slice(0, 16))
  }

  test('a wake-up pack comes after the silence, once in a quarter, and again after another', () => {
    const engine = benefitsWith([
      {
        benefit: 'wake-up',
        ...crm,
        gives: off('20'),
        issue: [{ each: 'quarter', when: silent }],
        valid: { days: 14 },
      },
    ])
    // Silent since 12 March; the next quarter begins at midnight in Shanghai.
    expect(issuedAt(engine, [paid('2026-01-11')], '2026-04-30')).toEqual([
      '2026-03-12T00:00',
      '2026-03-31T16:00',
    ])
    expect(issuedAt(engine, [paid('2026-01-11'), paid('2026-03-20')], '2026-05-25')).toEqual([
      '2026-03-12T00:00',
      '2026-05-19T00:00',
    ])
  })

  test('a monthly pack comes at the start of each month to members, and at once to new ones', () => {
    const engine = benefitsWith([
      {
        benefit: 'pack',
        ...crm,
        gives: off('9'),
        issue: [{ each: 'month', when: member }],
        valid: { days: 0, end: 'month' },
      },
    ])
    const told = [event('2026-01-15', 'card-bought', {}), event('2026-03-10', 'card-ended', {})]
    expect(issuedAt(engine, told, '2026-06-01')).toEqual([
      '2026-01-15T00:00',
      '2026-01-31T16:00',
      '2026-02-28T16:00',
    ])
    const { state } = tell(engine, told as never)
    expect(engine.view(state, utc('2026-03-20')).benefits).toMatchObject([
      { ends: instant('2026-04-01T00:00:00+08:00') },
    ])
  })

  test('a birthday comes on its day, every year', () => {
    const birthday = shop.anniversary('birthday').is(true)
    const engine = benefitsWith([
      { benefit: 'birthday', ...crm, gives: off('9'), issue: [{ each: 'year', when: birthday }] },
    ])
    const told = [event('2026-01-01', 'attribute-set', { birthday: utc('1990-05-20 03:00') })]
    expect(issuedAt(engine, told, '2027-12-31')).toEqual(['2026-05-19T16:00', '2027-05-19T16:00'])
  })

  test('an event brings one about, where its condition holds and its limit is not reached', () => {
    const rule = {
      on: 'order-paid',
      where: { amount: { gte: '10' } },
      when: shop.count('order-paid').gte(2),
    } as const
    const engine = benefitsWith([
      { benefit: 'next', ...crm, gives: off('9'), issue: [rule], limit: { ever: 3, times: 1, per: 'day' } },
    ])
    const bought = (at: string, amount: string) => event(at, 'order-paid', { orderId: 'o', amount })
    const told = [
      ...[bought('2026-01-01', '50'), bought('2026-01-02', '9'), bought('2026-01-02 01:00', '50')],
      ...[bought('2026-01-02 02:00', '50'), bought('2026-01-03', '50'), bought('2026-01-04', '50')],
      bought('2026-01-05', '50'),
    ]
    expect(issuedAt(engine, told, '2026-02-01')).toEqual([
      '2026-01-02T01:00',
      '2026-01-03T00:00',
      '2026-01-04T00:00',
    ])
  })

  test('what ends goes before what time brings about at that instant, and an event comes after both', () => {
    const engine = benefitsWith([
      {
        benefit: 'pack',
        ...crm,
        gives: off('9'),
        valid: { days: 1, end: true },
        issue: [{ on: 'order-paid' }, { each: 'day' }],
      },
    ])
    const { state } = tell(engine, [paid('2026-01-01 16:00')] as never)
    const { events } = engine.advance(state, utc('2026-01-02 15:59'))
    expect(events).toEqual([])
    const next = engine.decide(state, paid('2026-01-03 16:00') as never)
    if (next.outcome !== 'accepted') throw new Error('was refused')
    const at = utc('2026-01-03 16:00')
    const kinds = next.events
      .filter((one) => one.occurredAt === at)
      .map(({ type, data }) => `${type} ${(data as { issue?: string }).issue?.slice(0, 6) ?? ''}`)
    expect(kinds).toEqual([
      'b/expired pack/0',
      'b/expired pack/1',
      'b/issued pack/1',
      'order-paid ',
      'b/issued pack/0',
    ])
  })

  test('why is said, in both tongues', () => {
    const engine = benefitsWith(
      [{ benefit: 'wake-up', ...crm, gives: off('20'), issue: [{ each: 'quarter', when: silent }] }],
      { words: { zh: { 'wake-up': '唤醒礼包', 'order-paid': '下单' } } },
    )
    const { state } = tell(engine, [paid('2026-01-11')] as never)
    const [made] = engine.advance(state, utc('2026-03-12')).events
    const { reason } = made!.data as { readonly reason: { readonly code: string } }
    expect(explain(engine, reason, 'en')).toBe(
      'wake-up, because its time has come, as at least 60 days since the last "order-paid" (since 2026-01-11 08:00)',
    )
    expect(explain(engine, reason, 'zh')).toContain('唤醒礼包，到期自动发放，因为')
    expect(engine.model.pending!(state.of, state.at!)).toMatchObject([
      { rule: '$.benefits[0].issue[0]', to: 'wake-up' },
    ])
  })
})

describe('funding', () => {
  const funded = { owner: 'crm', funding: { budget: 'budget-2026', costPerIssue: '5.00' } } as const
  const engine = benefitsWith([
    { benefit: 'off', ...funded, gives: off('4'), claim: { days: 2 }, valid: { days: 3 } },
  ])

  test('an issue asks its budget, and stands when that is granted', () => {
    const asked = tell(engine, [issue('off', 'i')] as never)
    expect(asked.log.at(-1)).toMatchObject({
      type: 'b/requested',
      data: { budget: 'budget-2026', reserves: '5.00', owner: 'crm' },
    })
    expect(engine.view(asked.state, utc('2026-05-01')).benefits).toMatchObject([
      { stage: 'awaiting', ends: null },
    ])
    const { log } = tell(engine, [event('2026-03-02', 'b/grant', { issue: 'i' })] as never, asked.state)
    expect(log.at(-1)).toMatchObject({
      type: 'b/issued',
      data: { issue: 'i', claim: true, ends: utc('2026-03-04') },
    })
    expect(
      tell(engine, [issue('off', 'j', '2026-03-01', { reservation: 'r-1' })] as never).log,
    ).toMatchObject([{ type: 'b/issued' }])
  })

  test('sums by benefit and by budget, and what is kept for open issues', () => {
    const told = [
      ...['i', 'j', 'k', 'l'].map((id) => issue('off', id, '2026-03-01', { reservation: 'r' })),
      ...['i', 'j'].map((id) => event('2026-03-01', 'b/claim', { issue: id })),
      issue('off', 'm'),
      event('2026-03-01', 'b/deny', { issue: 'm', reason: 'spent' }),
      use(['i'], ['10']),
      event('2026-03-02', 'b/revoke', { issue: 'k', reason: 'fraud' }),
      // l was never claimed and j never used.
      event('2026-03-09', 'b/return', { order: 'o-i', refunded: 'whole' }),
    ]
    const { log } = tell(engine, told as never)
    const { rows, budgets } = (() => {
      const sums = defineBudgetUse({ id: 'sums', version: 1, benefits: engine as never })
      return sums.result(collect(sums, log), undefined)
    })()
    expect(rows).toMatchObject([
      {
        benefit: 'off',
        owner: 'crm',
        requested: 1,
        denied: 1,
        issued: 4,
        claimed: 2,
        used: 1,
        returned: 1,
        expired: 3,
        revoked: 1,
      },
    ])
    // Four times five; one was left of what the use did not need; what came back expired at once.
    expect(budgets).toEqual([
      { budget: 'budget-2026', reserved: '20.00', cost: '0.00', released: '20.00', kept: '0.00' },
    ])
  })
})

describe('an order', () => {
  const all = [
    { benefit: 'minus', ...crm, gives: off('50', { from: '300' }), group: 'a' },
    { benefit: 'fifth', ...crm, gives: { kind: 'percent-off', percent: '20', upTo: '30' }, group: 'b' },
    { benefit: 'post', ...crm, gives: { kind: 'free-shipping' } },
    { benefit: 'cup', ...crm, gives: { kind: 'gift', gift: 'cup', costPerUse: '4' } },
    { benefit: 'more', ...crm, gives: off('999') },
  ] as const
  const used = (terms: Terms, issues: readonly string[], lines: readonly string[], more: object = {}) => {
    const engine = benefitsWith(all, terms)
    return tell(engine, [...issues.map((one) => issue(one, one)), use(issues, lines, more)] as never).log.at(
      -1,
    )!.data
  }

  test('满300减50 is split over its lines to the last unit', () => {
    expect(used({}, ['minus'], ['100', '100', '100.01'])).toMatchObject({
      discount: '50.00',
      payable: '250.01',
      lines: ['83.33', '83.34', '83.34'],
      benefits: [{ shares: ['16.67', '16.66', '16.67'] }],
    })
  })

  test.each([
    ['original', ['100.00', '20.00'], '200.00'],
    ['remaining', ['50.00', '30.00'], '220.00'],
  ] as const)('what later benefits are of: %s', (base, _, __) => {
    const data = used({ base, perOrder: 2 }, ['fifth', 'minus'], ['110', '190'])
    const discounts = (data as { benefits: { benefit: string; discount: string }[] }).benefits
    expect(discounts.map(({ benefit, discount }) => `${benefit} ${discount}`)).toEqual([
      'minus 50.00',
      'fifth 30.00',
    ])
  })

  test('of what is left a fifth is less', () => {
    expect(
      used({ base: 'remaining', perOrder: 2 }, ['more', 'post'], ['10'], { shipping: '6' }),
    ).toMatchObject({
      discount: '16.00',
      payable: '0.00',
      shipping: '0.00',
    })
    const less = benefitsWith(
      [
        { benefit: 'ten', ...crm, gives: off('10') },
        { benefit: 'fifth', ...crm, gives: { kind: 'percent-off', percent: '20' } },
      ],
      { perOrder: 2, base: 'remaining' },
    )
    const { log } = tell(less, [issue('ten', 't'), issue('fifth', 'f'), use(['f', 't'], ['60'])] as never)
    expect(log.at(-1)!.data).toMatchObject({ discount: '20.00', payable: '40.00' })
  })

  test('a gift takes nothing off and has its cost', () => {
    expect(used({}, ['cup'], ['1'])).toMatchObject({
      discount: '0.00',
      benefits: [{ cost: '4.00', shares: ['0.00'] }],
    })
  })

  test('the best that may be combined is quoted, and why the others are not in it', () => {
    const engine = benefitsWith(all, { perOrder: 3, excludes: [['a', 'b']] })
    const { state } = tell(engine, ['minus', 'fifth', 'post', 'cup'].map((one) => issue(one, one)) as never)
    const asOf = utc('2026-03-02')
    const quoted = (amount: string) => {
      const answer = quoteBenefits(engine, state, { lines: [{ amount }], shipping: '12' }, { asOf })
      if (!('quote' in answer)) throw new Error('was refused')
      return answer.quote
    }
    expect(quoted('300')).toMatchObject({
      ...{ discount: '62.00', worth: '66.00', payable: '250.00', issues: ['minus', 'post', 'cup'] },
      ...{ others: [{ issue: 'fifth', alone: '30.00' }], tried: 15, exhaustive: true },
    })
    const [minus] = quoted('299.99').others
    expect(minus).toMatchObject({ issue: 'minus', alone: null })
    expect(explain(engine, minus!.because!, 'zh')).toBe('minus满300.00 CNY可用，现为299.99')
  })

  test('of many the worthiest are combined, and that is said', () => {
    const engine = benefitsWith(
      Array.from({ length: 14 }, (_, i) => ({ benefit: `b${i}`, ...crm, gives: off(String(i + 1)) })),
      { perOrder: 2 },
    )
    const { state } = tell(engine, Array.from({ length: 14 }, (_, i) => issue(`b${i}`, `i${i}`)) as never)
    const answer = quoteBenefits(engine, state, { lines: [{ amount: '99' }] }, { asOf: utc('2026-03-02') })
    expect(answer).toMatchObject({ quote: { discount: '27.00', exhaustive: false, tried: 4095 } })
  })
})

describe('coming back and going on', () => {
  test.each([
    ['whole-order-only', 'part', 'nothing-returns'],
    ['whole-order-only', 'whole', 'accepted'],
    ['always', 'part', 'accepted'],
    ['never', 'whole', 'nothing-returns'],
  ] as const)('return %s, refunded in %s: %s', (policy, refunded, expected) => {
    const engine = benefitsWith([{ benefit: 'off', ...crm, gives: off('4'), return: policy }])
    const { state } = tell(engine, [issue('off', 'i'), use(['i'], ['9'])] as never)
    const outcome = engine.decide(state, event('2026-03-03', 'b/return', { order: 'o-i', refunded }) as never)
    expect(outcome.outcome === 'refused' ? outcome.refusal.code : outcome.outcome).toBe(expected)
  })

  test('what came back after its end lasts as long as its grace', () => {
    const kept = (returnGrace?: { days: number }) => {
      const engine = benefitsWith([
        { benefit: 'off', ...crm, gives: off('4'), valid: { days: 3 }, ...(returnGrace && { returnGrace }) },
      ])
      const told = [
        issue('off', 'i'),
        use(['i'], ['9']),
        event('2026-03-09', 'b/return', { order: 'o-i', refunded: 'whole' }),
      ]
      const { state } = tell(engine, told as never)
      return engine.view(state, state.at!).benefits.map(({ ends }) => ends)
    }
    expect(kept()).toEqual([])
    expect(kept({ days: 5 })).toEqual([utc('2026-03-14')])
  })

  test('an issue is sent once, and arrives under its sender', () => {
    const engine = benefitsWith([
      { benefit: 'off', ...crm, gives: off('4'), valid: { days: 9 }, transferable: true },
    ])
    const ann = tell(engine, [
      issue('off', 'i'),
      event('2026-03-02', 'b/send', { issue: 'i', to: 'bob' }),
    ] as never)
    const { issue: name, benefit, uses, reserves, ends } = ann.log.at(-1)!.data as Record<string, unknown>
    const sent = { issue: name, benefit, uses, reserves, ends, from: 'ann' }
    const bob = tell(engine, [event('2026-03-03', 'b/receive', sent)] as never)
    expect(engine.view(bob.state, utc('2026-03-03')).benefits).toMatchObject([
      { issue: 'ann/i', uses: 1, ends: utc('2026-03-10') },
    ])
    expect(engine.view(ann.state, utc('2026-03-03')).benefits).toEqual([])
  })

  test('orders are forgotten when they have been kept long enough', () => {
    const engine = benefitsWith([{ benefit: 'off', ...crm, gives: off('4') }], { keep: { days: 30 } })
    const told = [issue('off', 'i'), use(['i'], ['9']), issue('off', 'j', '2026-05-01')]
    const { state } = tell(engine, told as never)
    expect([state.of.orders, state.of.ages]).toEqual([null, null])
  })
})

describe('refusals', () => {
  const engine = benefitsWith(
    [
      { benefit: 'once', ...crm, gives: off('4', { from: '10' }), limit: { ever: 1 } },
      { benefit: 'claim', ...crm, gives: off('4'), claim: { days: 90 }, group: 'a', perOrder: 9 },
      {
        benefit: 'sent',
        ...crm,
        gives: { kind: 'free-shipping' },
        transferable: true,
        group: 'b',
        perOrder: 9,
      },
      { benefit: 'spa', ...crm, gives: { kind: 'right', right: 'spa', costPerUse: '9' } },
      { benefit: 'old', ...crm, gives: off('4'), valid: { until: utc('2026-01-01') } },
    ],
    { perOrder: 2, excludes: [['a', 'b']] },
  )
  const { state } = tell(engine, [
    ...[
      issue('once', 'o'),
      issue('claim', 'c'),
      issue('claim', 'd'),
      issue('sent', 's'),
      issue('sent', 't'),
      issue('sent', 'u'),
    ],
    ...[
      event('2026-03-01', 'b/claim', { issue: 'c' }),
      issue('spa', 'spa'),
      issue('sent', 'v'),
      use(['v'], ['1'], { shipping: '1' }),
    ],
    event('2026-03-02', 'b/return', { order: 'o-v', refunded: 'whole' }),
    event('2026-03-02', 'b/receive', { issue: 'x', benefit: 'sent', from: 'f', uses: 1, reserves: '0' }),
  ] as unknown as InputOf<typeof engine>[])
  const refuses = (type: string, data: object) =>
    refusalOf(engine, state, {
      id: 'z',
      type: `b/${type}`,
      subject: 'u1',
      occurredAt: utc('2026-03-03'),
      data,
    })
  const cart = { lines: [{ amount: '5' }] }
  const ordering = (issues: unknown, more: unknown = cart) =>
    refuses('use', { order: 'new', cart: more, issues })
  const receiving = (more: object) =>
    refuses('receive', { issue: 'y', benefit: 'once', from: 'f', uses: 1, reserves: '0', ...more })
  const made: { readonly [C in BenefitsRefusal['code']]: () => unknown } = {
    'benefit-limit-reached': () => refuses('issue', { benefit: 'once' }),
    'nothing-awaited': () => refuses('grant', { issue: 'o' }),
    'nothing-to-claim': () => refuses('claim', { issue: 'c' }),
    'issue-known': () => receiving({ issue: 'x', uses: 0 }),
    'uses-not-positive': () => receiving({ uses: 0, ends: 0 }),
    'ended-before': () => receiving({ ends: 0 }),
    'order-known': () => refuses('use', { order: 'o-v', cart: {}, issues: ['s'] }),
    'malformed-cart': () => ordering([], { lines: [{ amount: '-1' }] }),
    'malformed-issues': () => ordering(['s', 's']),
    'unknown-issue': () => ordering(['d2', 'd']),
    'issue-not-usable': () => ordering(['d', 'nobody']),
    'benefit-not-transferable': () => refuses('send', { issue: 'o', to: 'bob' }),
    'no-service': () => refuses('redeem', { issue: 'o' }),
    'too-many-benefits': () => ordering(['s', 't', 'c']),
    'benefits-exclude': () => ordering(['c', 's']),
    'below-threshold': () => ordering(['o']),
    'no-effect': () => ordering(['s']),
    'order-unknown': () => refuses('return', { order: 'nobody', refunded: 'whole' }),
    'nothing-returns': () => refuses('return', { order: 'o-v', refunded: 'whole' }),
  }
  test.each(Object.entries(made))('%s', (code, make) => {
    const refusal = make() as { readonly code: string }
    expect(refusal?.code).toBe(code)
    expect(Object.hasOwn(benefitsSentences, code)).toBe(true)
    for (const lang of ['en', 'zh'] as const)
      expect(explain(engine, refusal, lang)).not.toMatch(/[{}]|undefined/)
  })

  test('what has ended is not issued', () => {
    expect(refuses('issue', { benefit: 'old' })?.code).toBe('ended-before')
  })
})

describe('definitions', () => {
  test('a stored one is the engine again', () => {
    const engine = benefitsWith(
      [
        {
          benefit: 'a',
          ...crm,
          gives: off('1'),
          issue: [{ each: 'ever', when: silent }, { on: 'order-paid' }],
          valid: { until: 9 },
        },
      ],
      { keep: { days: 9 }, excludes: [['a', 'a']], base: 'remaining' },
    )
    expect(benefitsFrom(JSON.parse(JSON.stringify(engine.definition))).hash).toBe(engine.hash)
  })

  const plain = { benefit: 'a', ...crm, gives: off('1') }
  test.each([
    [{ owner: undefined }, 'missing at $.benefits[0].owner'],
    [{ owner: '' }, 'missing at $.benefits[0].owner'],
    [{ funding: undefined }, 'missing at $.benefits[0].funding'],
    [{ funding: { budget: 'b' } }, 'out-of-range at $.benefits[0].funding.costPerIssue'],
    [{ funding: { budget: 'b', costPerIssue: '0' } }, 'out-of-range at $.benefits[0].funding.costPerIssue'],
    [{ funding: { budget: '', costPerIssue: '1' } }, 'missing at $.benefits[0].funding.budget'],
    [{ funding: { unfunded: '' } }, 'missing at $.benefits[0].funding.unfunded'],
    [{ funding: { unfunded: 'x', budget: 'b' } }, 'unknown-key at $.benefits[0].funding.budget'],
    [{ gives: { kind: 'half' } }, 'unknown-name at $.benefits[0].gives.kind'],
    [{ gives: off('0') }, 'out-of-range at $.benefits[0].gives.off'],
    [{ gives: { kind: 'percent-off', percent: '101' } }, 'out-of-range at $.benefits[0].gives.percent'],
    [
      { gives: { kind: 'right', right: 'spa', costPerUse: 'x' } },
      'out-of-range at $.benefits[0].gives.costPerUse',
    ],
    [{ uses: 0 }, 'out-of-range at $.benefits[0].uses'],
    [{ limit: { times: 2 } }, 'missing at $.benefits[0].limit'],
    [{ issue: [{ on: 'nothing' }] }, 'unknown-name at $.benefits[0].issue[0].on'],
    [{ issue: [{ each: 'hour' }] }, 'unknown-name at $.benefits[0].issue[0].each'],
    [{ return: 'maybe' }, 'unknown-name at $.benefits[0].return'],
    [{ benefit: 'A' }, 'wrong-type at $.benefits[0].benefit'],
  ])('%j is refused', (more, message) => {
    expect(() => benefitsWith([{ ...plain, ...more }] as never)).toThrow(message)
  })

  test.each([
    [{ excludes: [['a', 'z']] }, 'unknown-name at $.excludes[0][1]'],
    [{ perOrder: 0 }, 'out-of-range at $.perOrder'],
    [{ base: 'x' }, 'unknown-name at $.base'],
    [{ currency: 'x' }, 'wrong-type at $.currency'],
  ])('%j is refused', (terms, message) => {
    expect(() => benefitsWith([plain] as never, terms as never)).toThrow(message)
  })
  test('two of one name are refused', () => {
    expect(() => benefitsWith([plain, plain] as never)).toThrow('duplicate-name at $.benefits[1].benefit')
  })
})
