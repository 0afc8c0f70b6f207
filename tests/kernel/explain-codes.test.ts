// Every code of every refusal and of every DefinitionError, each made by an example: it has a sentence in both tongues,
// with nothing left unfilled, and never says what stood in the data.
import {
  allocate,
  calendarOf,
  canonical,
  type DefinitionCode,
  DefinitionError,
  type DoorRefusal,
  defineEvents,
  defineLifecycle,
  definePoints,
  defineRetention,
  detail,
  explain,
  explainError,
  instant,
  type JournalRefusal,
  lifecycleFrom,
  money,
  type PointsRefusal,
  replay,
  text,
} from 'liuliang'
import { describe, expect, test } from 'vitest'
import { sumMoney } from '../../src/kernel/money.js'
import { faultSentences, journalSentences } from '../../src/kernel/sentences.js'
import { rewardSentences } from '../../src/points/rewards/sentences.js'
import { sentences as pointsSentences } from '../../src/points/sentences.js'
import { tierSentences } from '../../src/points/tiers/sentences.js'
import { tell, teller, utc } from '../support/story.js'

/** What no refusal may repeat: stands in every text of every input below. */
const canaries = ['mei.li@example.com', '13800138000', '4111111111111111', 'DE89370400440532013000'] as const
const [mail, phone, card, iban] = canaries

const shop = defineEvents({
  'order-paid': { orderId: text(), amount: money('CNY'), note: detail().optional() },
  'order-refunded': { orderId: text(), amount: money('CNY') },
})
const calendar = { zone: 'UTC' } as const
const due = { money: { amount: '5', currency: 'CNY' } } as const
const pointsOf = {
  id: 'points',
  version: 1,
  calendar: { ...calendar, named: { fair: [{ from: '2024-05-01', to: '2024-05-02' }] } },
  events: shop,
  earning: [
    { rule: 'paid', on: 'order-paid', earns: { points: 1, per: '1', of: 'amount' }, origin: 'orderId' },
  ],
  tiers: [
    { track: 'level', measure: { earned: 'points' }, levels: [{ tier: 'gold', from: 1000 }] },
    { track: 'other', measure: { earned: 'points' }, levels: [{ tier: 'star', from: 1000 }] },
  ],
  rewards: [
    { reward: 'mug', price: { points: 1 }, limits: [{ limit: 'one', most: 1 }] },
    { reward: 'tote', price: due, reserveFor: { days: 1 } },
    { reward: 'feast', price: { points: 1 }, during: { from: '2024-04-01T00:00' } },
    { reward: 'sale', price: { points: 1 }, during: { until: '2024-03-01T00:00' } },
    { reward: 'fair', price: { points: 1 }, during: { days: 'fair' } },
    { reward: 'lounge', price: { points: 1 }, when: shop.count('order-paid').gte(9) },
    { reward: 'cap', price: { points: 1 }, stock: [{ engine: 'goods', subject: 'cap' }] },
  ],
} as const
const points = definePoints(pointsOf)
const joined = definePoints({ ...pointsOf, enrolment: {} })
const lifecycle = {
  id: 'customer',
  version: 1,
  calendar,
  events: shop,
  activity: ['order-paid'],
  stages: ['lead', 'active'],
  initial: 'lead',
  rules: { lead: [{ to: 'active', on: 'order-paid' }], active: [] },
} as const
const customer = defineLifecycle(lifecycle)

const event = teller(mail)
const paid = (at: string, data: object = {}, id?: string) =>
  event(at, 'order-paid', { orderId: phone, amount: '20', note: { card, iban }, ...data }, id)
const command = (type: string, data: object, id?: string) => event('2024-03-20', `points/${type}`, data, id)
const first = paid('2024-03-05', {}, iban)
const spent = command('redeem', { points: 5 }, card)
const held = command('reserve', { points: 5 }, mail)
const lined = command('redeem', { points: 1, for: { currency: 'CNY', lines: { [mail]: '5' } } }, 'lined')
const { state, log } = tell(points, [first, spent, held, lined] as never, points.start(mail))
const undo = command('reverse', { of: phone })
const { state: closed } = tell(
  points,
  [command('close', { reason: card, points: 'forfeit' })] as never,
  state,
)
const { state: enrolled } = tell(joined, [command('enrol', {})] as never, joined.start(mail))

type Refusal = { readonly code: string }
const read = (value: unknown, options = {}): Refusal => {
  const answer = shop.read(value, options)
  if ('event' in answer) throw new Error('was let in')
  return answer.refusal
}
const decided = (input: unknown, from: object = state): Refusal => decidedBy(points, input, from)
const decidedBy = (engine: typeof points, input: unknown, from: object): Refusal => {
  const outcome = engine.decide(from as typeof state, input as never)
  if (outcome.outcome !== 'refused') throw new Error(`was ${outcome.outcome}`)
  return outcome.refusal
}
const nested = (levels: number) => Array.from({ length: levels }).reduce((inner) => [inner], card as unknown)
const schema = {
  '~standard': {
    version: 1,
    vendor: mail,
    validate: () => ({ issues: [{ message: `${card} is not valid` }] }),
  },
}
const next = paid('2024-03-21')

const journal: { readonly [C in (JournalRefusal | DoorRefusal)['code']]: () => Refusal } = {
  'newer-format': () => decided(next, { ...state, format: 99 }),
  'other-definition': () => decided(next, { ...state, definition: 'another' }),
  'malformed-state': () => decided(next, { ...state, version: mail }),
  'not-an-event': () => read(`${mail} ${phone}`),
  'nested-too-deeply': () => read(nested(40)),
  'too-much-data': () => read([card, iban], { limits: { nodes: 2 } }),
  'unknown-type': () => read({ ...next, type: mail }),
  'missing-field': () => read({ ...next, data: { orderId: phone } }),
  'unknown-field': () => read({ ...next, [iban]: card }),
  'malformed-field': () => read({ ...next, data: { orderId: phone, amount: `${card}.00${phone}` } }),
  'other-currency': () =>
    read({ ...next, data: { orderId: phone, amount: { amount: '5', currency: iban } } }),
  'schema-mismatch': () => read(next, { schemas: { 'order-paid': schema } }),
  'other-subject': () => decided({ ...next, subject: phone }),
  'id-conflict': () => decided({ ...spent, data: { points: 6 } }),
  'outside-idempotency-window': () => decided(paid('2023-01-01', {}, phone)),
  late: () => decided(paid('2024-03-19', {}, phone)),
  'version-conflict': () => decided({ ...next, expectedVersion: 9 }),
  'sum-out-of-range': () => {
    const most = '90071992547409.91'
    const fine = definePoints({
      id: 'points',
      version: 1,
      calendar,
      events: shop,
      earning: [{ rule: 'paid', on: 'order-paid', earns: { points: 1000, per: '0.01', of: 'amount' } }],
    })
    const outcome = fine.decide(fine.start(mail), {
      ...next,
      data: { orderId: phone, amount: most },
    } as never)
    if (outcome.outcome !== 'refused') throw new Error('was not refused')
    return outcome.refusal
  },
}

const claim = (reward: string, more: object = {}) => command('claim', { reward, ...more }, phone)
const claims = tell(
  points,
  [
    ...[
      command('claim', { reward: 'mug' }, `${card}-done`),
      command('claim', { reward: 'tote' }, `${card}-open`),
    ],
    ...[command('claim', { reward: 'tote' }, `${card}-over`), command('cancel', { claim: `${card}-over` })],
  ] as never,
  state,
).state
const ofClaim = (word: string, which: string, more: object = {}) =>
  decided(command(word, { claim: `${card}-${which}`, ...more }), claims)
const payment = { payment: mail, amount: '5', currency: 'CNY' }

const ofPoints: { readonly [C in PointsRefusal['code']]: () => Refusal } = {
  'points-not-positive': () => decided(command('redeem', { points: 0 }, phone)),
  'ends-before-it-begins': () => decided(command('reserve', { points: 5, until: 0 })),
  'unknown-reservation': () => decided(command('release', { reservation: phone })),
  'capture-exceeds-reservation': () => decided(command('capture', { reservation: mail, points: 6 })),
  'unknown-lot': () => decided(command('redeem', { points: 5, lots: [card] })),
  'unknown-redemption': () => decided(command('refund', { redemption: phone })),
  'refund-exceeds-redemption': () => decided(command('refund', { redemption: card, points: 6 })),
  'insufficient-points': () => decided(command('redeem', { points: 11 })),
  'not-an-amount': () => decided(command('redeem', { points: 1, for: { amount: card, currency: iban } })),
  'points-or-amount': () => decided(command('refund', { redemption: card, points: 1, amount: '1' })),
  'no-payment-recorded': () => decided(command('refund', { redemption: card, amount: '1' })),
  'unknown-line': () => decided(command('refund', { redemption: 'lined', of: phone })),
  'refund-exceeds-payment': () => decided(command('refund', { redemption: 'lined', of: mail, amount: '6' })),
  'nothing-to-expire': () => decided(command('expire', { reason: mail }), points.start(mail)),
  'never-ends': () => decided(command('extend', { until: utc('2025-01-01'), lots: [0], reason: mail })),
  'end-not-later': () => decided(command('extend', { until: 0, reason: mail })),
  'nothing-to-extend': () => decided(command('extend', { until: utc('2025-01-01'), reason: mail })),
  'reinstate-exceeds-expired': () =>
    decided(command('reinstate', { points: 1, until: utc('2025-01-01'), reason: mail })),
  'nothing-pending': () => decided(command('confirm', { origin: phone })),
  'account-closed': () => decided(command('redeem', { points: 5 }), closed),
  'not-enrolled': () => decidedBy(joined, command('redeem', { points: 5 }), joined.start(mail)),
  'already-enrolled': () => decidedBy(joined, command('enrol', {}), enrolled),
  'enrols-later': () => decidedBy(joined, command('enrol', { at: utc('2024-03-22') }), joined.start(mail)),
  'nothing-to-adjust': () => decided(command('adjust', { points: 0, reason: phone, by: iban })),
  'unknown-posting': () => decided(command('reverse', { of: phone })),
  'already-reversed': () => {
    const gift = command('earn', { points: 5, reason: mail }, phone)
    return decided(command('reverse', { of: phone }), tell(points, [gift, undo] as never, state).state)
  },
  'to-itself': () => decided(command('send', { points: 1, to: mail, transfer: phone })),
  'not-transferable': () => {
    const fixed = definePoints({ ...pointsOf, transfers: { currencies: [] } })
    return decidedBy(fixed, command('send', { points: 1, to: phone, transfer: iban }), fixed.start(mail))
  },
  'malformed-parts': () => decided(command('receive', { from: phone, transfer: iban, parts: [card] })),
  'not-as-planned': () => decided(command('hand-over', { to: phone, transfer: iban, estate: { card } })),
  'transfer-limit-exceeded': () => {
    const few = definePoints({ ...pointsOf, transfers: { limit: { points: 3, within: { days: 1 } } } })
    const { state: rich } = tell(few, [first] as never, few.start(mail))
    return decidedBy(few, command('send', { points: 5, to: phone, transfer: iban }), rich)
  },
  'balance-out-of-range': () => decided(command('earn', { points: Number.MAX_SAFE_INTEGER, reason: mail })),
  'unknown-tier': () => decided(command('set-tier', { track: 'level', tier: 'star', reason: card })),
  'tier-ends-before-it-begins': () =>
    decided(command('set-tier', { track: 'level', tier: 'gold', until: 0, reason: card })),
  'claim-exists': () => decided({ ...claim('mug'), id: mail, occurredAt: utc('2024-04-25') }),
  'unknown-reward': () => decided(claim(iban)),
  'offer-begins': () => decided(claim('feast')),
  'offer-over': () => decided(claim('sale')),
  'offer-rests': () => decided(claim('fair')),
  'not-eligible': () => decided(claim('lounge')),
  'quantity-out-of-range': () => decided(claim('mug', { quantity: 2 })),
  'reward-limit': () => decided(claim('mug'), claims),
  'unknown-price': () => decided(claim('mug', { option: card })),
  'stock-not-reserved': () => decided(claim('cap')),
  'unknown-claim': () => ofClaim('cancel', 'none'),
  'claim-open': () => ofClaim('return', 'open'),
  'claim-completed': () => ofClaim('cancel', 'done'),
  'claim-over': () => ofClaim('pay', 'over', payment),
  'payment-unreadable': () => ofClaim('pay', 'open', { ...payment, amount: iban }),
  'payment-differs': () => ofClaim('pay', 'open', { ...payment, amount: '4.99' }),
  'part-of-a-claim': () => decided(command('refund', { redemption: `${card}-done` }), claims),
  'claims-open': () => decided(command('close', { reason: card, points: 'forfeit' }), claims),
}

const ofEarning = [
  ...['earned-by-line', 'earned-per-line', 'multiplied-in-campaign', 'paid-after-waiting', 'rests'],
  ...['capped', 'refused-by-cap', 'waits-for-cap', 'too-many-wait', 'balance-capped'],
  ...['pays-less', 'comes-later', 'shut-out'],
]

describe('refusals', () => {
  test('every sentence of the journal and of points has an example here', () => {
    expect(Object.keys(journal).sort()).toEqual(Object.keys(journalSentences).sort())
    // Those of earning have theirs in tests/points/earning.
    const reasons = [
      ...['earned', 'earned-per-event', 'multiplied', 'given-by-hand', 'corrected', ...ofEarning],
      ...['expired-by-hand', 'extended-by-hand', 'reinstated-by-hand'],
    ]
    // Of these tests/points/tiers/sentences.test.ts has an example of each.
    const ofTiers = Object.keys(tierSentences).filter((code) => !Object.hasOwn(ofPoints, code))
    // Of these tests/points/rewards has: what is decided, and what stands in the way of an offer.
    const ofRewards = Object.keys(rewardSentences).filter((code) => !Object.hasOwn(ofPoints, code))
    expect(ofRewards.sort()).toEqual([
      ...['came-back', 'claimed', 'eligible', 'not-paid-in-time', 'points-missing', 'price-money'],
      ...['price-points', 'room-again', 'sold-out-now'],
    ])
    expect([...Object.keys(ofPoints), ...reasons, ...ofTiers, ...ofRewards].sort()).toEqual(
      Object.keys(pointsSentences).sort(),
    )
  })

  test.each(Object.entries({ ...journal, ...ofPoints }))('%s', (code, make) => {
    const refusal = make()
    expect(refusal.code).toBe(code)
    const said = [explain(points, refusal, 'en'), explain(points, refusal, 'zh')] as const
    expect(said[0]).not.toBe(said[1])
    expect(said[1]).toMatch(/\p{Script=Han}/u)
    for (const words of said) {
      expect(words).not.toMatch(/[{}]|undefined|null|NaN|\[object/)
      expect(words).not.toBe(code)
    }
    for (const canary of canaries) expect(JSON.stringify([refusal, said])).not.toContain(canary)
  })
})

const wrong = (make: () => unknown): DefinitionError => {
  try {
    make()
  } catch (error) {
    if (error instanceof DefinitionError) return error
    throw error
  }
  throw new Error('nothing was wrong')
}
const visits = shop.count('order-paid').gte(1)
const deep = Array.from({ length: 40 }).reduce<object>((of) => ({ condition: 'not', of }), visits)
const stored = customer.definition as object
const days = {
  id: 'kept',
  version: 1,
  calendar,
  entry: 'order-paid',
  activity: ['order-paid'],
  period: 'month',
} as const

/** `newer-format` is a refusal of states; no definition is of a format yet. */
const mistakes: { readonly [C in Exclude<DefinitionCode, 'newer-format'>]: () => unknown } = {
  'unknown-name': () => defineLifecycle({ ...lifecycle, initial: 'leed' as 'lead' }),
  'duplicate-name': () => defineLifecycle({ ...lifecycle, stages: ['lead', 'active', 'lead'] }),
  'wrong-type': () =>
    replay(points, { checkpoint: state, tail: [] }, { add: [paid('2024-03-21', { amount: card })] as never }),
  'out-of-range': () => calendarOf(calendar).instantOf({ year: 2024, month: 2, day: 30 }),
  'malformed-state': () => points.view({ ...state, ids: [iban] } as never, instant('2024-03-21T00:00:00Z')),
  missing: () => defineLifecycle({ ...lifecycle, rules: { lead: [] } as never }),
  'unknown-key': () => lifecycleFrom({ ...stored, colour: 'red' }),
  'invalid-instant': () => instant('2024-03-05T09:00'),
  'invalid-zone': () => calendarOf({ zone: 'CST' }),
  'invalid-duration': () => calendarOf(calendar).add(0, { days: -1 }),
  'invalid-amount': () => allocate({ amount: '1e3', currency: 'CNY' }, [1, 1]),
  'currency-mismatch': () =>
    sumMoney([
      { amount: '1', currency: 'CNY' },
      { amount: '1', currency: 'USD' },
    ]),
  'too-deep': () =>
    defineLifecycle({ ...lifecycle, rules: { lead: [{ to: 'active', when: deep as never }], active: [] } }),
  'too-large': () => lifecycleFrom({ ...stored, stages: Array(100_001).fill('lead') }),
  'not-plain-data': () => canonical({ amount: () => 1 }),
  'never-settles': () => {
    const restless = defineLifecycle({
      ...lifecycle,
      rules: { lead: [{ to: 'active', when: visits }], active: [{ to: 'lead', when: visits }] },
    })
    return restless.decide(restless.start(mail), first as never)
  },
  'as-of-before-state': () => points.view(state, utc('2024-03-01')),
  'other-definition': () => {
    const [a, b] = [defineRetention(days), defineRetention({ ...days, period: 'day' })]
    return a.result(b.empty(), { asOf: 0 })
  },
}

describe('mistakes in definitions', () => {
  test('every code has an example here', () => {
    expect([...Object.keys(mistakes), 'newer-format'].sort()).toEqual(Object.keys(faultSentences).sort())
  })

  test.each(Object.entries(mistakes))('%s', (code, make) => {
    const error = wrong(make)
    expect(error.code).toBe(code)
    expect(error.path).not.toBe('')
    const said = [explainError(error, 'en'), explainError(error, 'zh')] as const
    expect(error.message).toContain(code)
    expect(said[0]).not.toBe(said[1])
    expect(said[1]).toMatch(/\p{Script=Han}/u)
    for (const words of said) expect(words).not.toMatch(/[{}]|NaN|\[object/)
    for (const canary of canaries) expect(JSON.stringify([error, error.message, said])).not.toContain(canary)
  })
})

test('what was decided is said with what was recorded, and with nothing else', () => {
  const earned = log.find(({ type }) => type === 'points/earned')!
  const { reason } = earned.data as { readonly reason: { readonly code: string } }
  expect(explain(points, reason, 'en')).toBe('20.00 CNY, 1 for each 1 CNY (rule paid)')
  expect(explain(points, reason, 'zh')).toBe('20.00 CNY，每1 CNY积1分（规则：paid）')
})
