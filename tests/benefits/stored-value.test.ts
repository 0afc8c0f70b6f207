import {
  defineEvents,
  defineStoredValue,
  explain,
  type InputOf,
  instant,
  type StoredValueDefinition,
  type StoredValueRefusal,
  storedValueEvents,
  storedValueFrom,
  text,
} from 'liuliang'
import { describe, expect, test } from 'vitest'
import { storedValueSentences } from '../../src/benefits/stored-value/sentences.js'
import { refusalOf, tell, teller } from '../support/story.js'

const events = defineEvents({
  'payment-disputed': { payment: text() },
  'dispute-closed': { payment: text() },
  ...storedValueEvents('wallet', 'CNY'),
})
type Terms = Partial<StoredValueDefinition<'wallet', typeof events.events, 'CNY'>>
const first = events.count('wallet/topped-up').is(0)
const walletWith = (terms: Terms = {}) =>
  defineStoredValue({
    id: 'wallet',
    version: 1,
    calendar: { zone: 'Asia/Shanghai' },
    events,
    currency: 'CNY',
    bonus: [
      { rule: 'charge-300', from: '300', bonus: '30' },
      { rule: 'welcome', from: '50', percent: '12.5', when: first, expires: { days: 30 } },
    ],
    dispute: {
      opened: { on: 'payment-disputed', payment: 'payment' },
      closed: { on: 'dispute-closed', payment: 'payment' },
    },
    ...terms,
  })
type Wallet = ReturnType<typeof walletWith>

/** Commands as `top-up 300 p1`, `pay 100`, one a day; the ids are c0, c1, … */
function lived(wallet: Wallet, ...said: readonly string[]) {
  const event = teller()
  const inputs = said.map((one, i) => {
    const [word = '', a, b] = one.split(' ')
    const data =
      word === 'top-up'
        ? { amount: a, payment: b }
        : word === 'pay' || word === 'reserve'
          ? { amount: a }
          : word === 'refund'
            ? { purchase: a, ...(b && { amount: b }) }
            : word === 'capture'
              ? { reservation: a, ...(b && { amount: b }) }
              : word === 'release'
                ? { reservation: a }
                : word === 'withdraw'
                  ? { ...(a && { amount: a }) }
                  : word === 'reverse'
                    ? { payment: a }
                    : word === 'send'
                      ? { amount: a, to: b }
                      : word === 'receive'
                        ? { amount: a, transfer: b, from: 'bob' }
                        : word === 'close'
                          ? {}
                          : word.startsWith('dispute') || word.startsWith('payment')
                            ? { payment: a }
                            : { reason: 'asked' }
    const type = word.startsWith('dispute') || word.startsWith('payment') ? word : `wallet/${word}`
    return event(`2026-03-${String(i + 1).padStart(2, '0')}`, type, data, `c${i}`)
  })
  return tell(wallet, inputs as unknown as InputOf<Wallet>[])
}
const at = instant('2026-03-28T00:00:00Z')
const held = (wallet: Wallet, ...said: readonly string[]) => {
  const { principal, bonus } = wallet.view(lived(wallet, ...said).state, at)
  return `${principal} + ${bonus}`
}
const lastData = (wallet: Wallet, ...said: readonly string[]) => lived(wallet, ...said).log.at(-1)!.data

describe('what a top-up brings', () => {
  const wallet = walletWith()
  test.each([
    ['the tier', ['top-up 10 a', 'top-up 300 b'], '310.00 + 30.00'],
    ['below it nothing', ['top-up 10 a', 'top-up 299.99 b'], '309.99 + 0.00'],
    ['the rule that gives more, in per cent rounded up', ['top-up 333.33 a'], '333.33 + 41.67'],
    ['whose condition has to hold', ['top-up 50 a', 'top-up 50 b'], '100.00 + 6.25'],
  ] as const)('%s', (_, said, expected) => expect(held(wallet, ...said)).toBe(expected))

  test('for each full amount, where that is agreed', () => {
    const bonus = [{ rule: 'each', from: '100', bonus: '10', repeats: true }]
    expect(held(walletWith({ bonus }), 'top-up 399 a')).toBe('399.00 + 30.00')
  })

  test('is said with its numbers, in both tongues', () => {
    const { log } = lived(walletWith(), 'top-up 333.33 a', 'top-up 300 b', 'top-up 1 c')
    const said = log.map(({ data }) =>
      explain(walletWith(), (data as { reason: { code: string } }).reason, 'en'),
    )
    expect(said).toEqual([
      '41.67 CNY, 12.5 % of 333.33 CNY, rounded up (rule welcome), because topped up exactly 0 times (is 0)',
      '30.00 CNY for 300.00 CNY, from 300 on (rule charge-300)',
      'no bonus at this amount',
    ])
  })
})

describe('which money goes first, and which comes back', () => {
  const topped = ['top-up 10 a', 'top-up 300 b'] as const
  test.each([
    ['bonus-first', ['300.00 + 0.00', '310.00 + 0.00', '310.00 + 30.00', '300.00 + 0.00']],
    ['principal-first', ['270.00 + 30.00', '280.00 + 30.00', '310.00 + 30.00', '270.00 + 30.00']],
    // 40 × 310/340 = 36.47 of principal, rounded down; of 30 that stay paid 27.35.
    // Of 60 set aside 54.70 is principal: of 40 captured of them 36.46.
    ['proportional', ['273.53 + 26.47', '282.65 + 27.35', '310.00 + 30.00', '273.54 + 26.46']],
  ] as const)('%s', (spend, [paid, partly, whole, captured]) => {
    const wallet = walletWith({ spend })
    expect(held(wallet, ...topped, 'pay 40')).toBe(paid)
    expect(held(wallet, ...topped, 'pay 40', 'refund c2 10')).toBe(partly)
    expect(held(wallet, ...topped, 'pay 40', 'refund c2 10', 'refund c2')).toBe(whole)
    expect(held(wallet, ...topped, 'reserve 60', 'capture c2 40')).toBe(captured)
    expect(held(wallet, ...topped, 'reserve 60', 'release c2')).toBe(whole)
  })
})

describe('the remainder in cash', () => {
  const topped = ['top-up 10 a', 'top-up 300 b'] as const
  // Half of what is left; then what a day later the rest brings. The bonus of 30 belongs to 300 of 310.
  test.each([
    ['forfeited', 'kept', [], ['160.00', '30.00'], ['150.00', '0.00']],
    ['pro-rata', 'kept', [], ['160.00', '15.00'], ['150.00', '15.00']],
    ['kept', 'kept', [], ['160.00', '0.00'], ['150.00', '0.00']],
    // 20 of the bonus is spent: of 15 that are due 10 are there, of the next 15 none.
    ['forfeited', 'deducted', ['pay 20'], ['155.00', '10.00'], ['135.00', '0.00']],
    ['pro-rata', 'deducted', ['pay 20'], ['155.00', '10.00'], ['135.00', '0.00']],
    ['pro-rata', 'kept', ['pay 20'], ['160.00', '10.00'], ['150.00', '0.00']],
    ['kept', 'deducted', ['pay 20'], ['160.00', '0.00'], ['150.00', '0.00']],
  ] as const)('%s, spent bonus %s, after %j', (bonusOnWithdrawal, spentBonus, more, half, rest) => {
    const wallet = walletWith({ bonusOnWithdrawal, spentBonus })
    const told = [...topped, ...more, 'withdraw 160']
    const numbers = ([cash, bonus]: readonly [string, string]) => ({ cash, bonus })
    expect(lastData(wallet, ...told)).toMatchObject(numbers(half))
    expect(lastData(wallet, ...told, 'withdraw')).toMatchObject(numbers(rest))
  })

  test('is repaid to the last unit when the account ends, and never less than nothing', () => {
    const bonus = [{ rule: 'double', from: '100', bonus: '250' }]
    const wallet = walletWith({ bonus, spentBonus: 'deducted' })
    const told = ['top-up 100 a', 'pay 250', 'close'] as const
    expect(lastData(wallet, ...told)).toMatchObject({ amount: '100.00', cash: '0.00', deducted: '100.00' })
    const view = wallet.view(lived(wallet, ...told).state, at)
    expect(view).toMatchObject({ available: '0.00', liability: '0.00', promised: '0.00', closed: true })
  })

  test('what expired is not owed again', () => {
    const bonus = [{ rule: 'short', from: '100', bonus: '50', expires: { hours: 1 } }]
    const wallet = walletWith({ bonus, spentBonus: 'deducted' })
    expect(lastData(wallet, 'top-up 100 a', 'withdraw')).toMatchObject({ cash: '100.00', bonus: '0.00' })
  })
})

describe('time', () => {
  test('what is reserved for so long is released before it expires at the same instant', () => {
    const bonus = [{ rule: 'some', from: '300', bonus: '30' }]
    const three = { days: 3 }
    const wallet = walletWith({ bonus, expires: three, principalExpires: three, holdFor: { days: 2 } })
    const { state } = lived(wallet, 'top-up 300 a', 'reserve 320')
    const { events: made } = wallet.advance(state, at)
    const amount = ({ data }: { readonly data: object }) => (data as { readonly amount: string }).amount
    expect(made.map((event) => [event.type, amount(event)])).toEqual([
      ['wallet/released', '320.00'],
      ['wallet/expired', '300.00'],
      ['wallet/expired', '30.00'],
    ])
    expect(wallet.view(state, made[0]!.occurredAt - 1).next).toMatchObject({
      what: 'is-released',
      amount: '320.00',
    })
  })

  test('what comes back after it expired has a grace, where one is agreed', () => {
    const told = ['top-up 300 a', 'pay 30', 'dispute-closed x', 'dispute-closed x', 'refund c1'] as const
    const wallet = (terms: Terms) =>
      walletWith({ bonus: [{ rule: 'r', from: '1', bonus: '30', expires: { days: 2 } }], ...terms })
    const seen = (terms: Terms) => {
      const one = wallet(terms)
      const { state } = lived(one, ...told)
      return one.view(state, state.at!).bonus
    }
    expect(seen({})).toBe('0.00')
    expect(seen({ refundGrace: { days: 1 } })).toBe('30.00')
  })

  test('what is kept long enough is forgotten', () => {
    const wallet = walletWith({ keep: { days: 3 } })
    const told = ['top-up 300 a', 'pay 30', 'pay 1', 'pay 1', 'pay 1', 'pay 1'] as const
    const { state } = lived(wallet, ...told)
    expect([state.of.topUps, state.of.purchases?.n, state.of.ages?.n]).toEqual([null, 3, 3])
  })
})

describe('a payment that is credited again', () => {
  const terms: Terms = {
    bonus: [{ rule: 'half', from: '1', percent: '50' }],
    bonusOnWithdrawal: 'pro-rata',
    spentBonus: 'deducted',
    keep: { days: 2 },
  }

  test('after it was forgotten is a top-up of its own: what is left of the first belongs to none', () => {
    const wallet = walletWith(terms)
    const { state } = lived(wallet, 'top-up 100 p1', 'pay 10', 'freeze', 'unfreeze', 'top-up 1 p1')
    // The ten came out of the bonus. Of the first 100 nobody knows any more what they brought: they are repaid whole.
    expect(wallet.view(state, at)).toMatchObject({ principal: '101.00', bonus: '40.50', repayable: '101.00' })
    const reversed = lived(wallet, 'top-up 100 p1', 'freeze', 'unfreeze', 'top-up 1 p1', 'reverse p1')
    expect(reversed.log.at(-1)).toMatchObject({ data: { amount: '1.00', bonus: '0.50', uncovered: '0.00' } })
    expect(wallet.view(reversed.state, at)).toMatchObject({ principal: '100.00', bonus: '50.00' })
  })

  test.each([
    ['twice by the log', (lot: number) => lot],
    ['twice into one lot', () => 0],
  ])('%s is one top-up of both', (_, numbered) => {
    const wallet = walletWith({ ...terms, bonusOnWithdrawal: 'pro-rata' })
    const { log } = lived(wallet, 'top-up 100 p1')
    const again = JSON.parse(
      JSON.stringify({ ...log[0]!, id: 'again' }).replaceAll('"lot":0', `"lot":${numbered(1)}`),
    ) as (typeof log)[number]
    const state = [...log, again].reduce(wallet.evolve, wallet.start(log[0]!.subject))
    expect(wallet.view(state, at)).toMatchObject({
      principal: '200.00',
      bonus: '100.00',
      repayable: '200.00',
    })
    const spent = wallet.decide(state, {
      id: 'c2',
      subject: log[0]!.subject,
      occurredAt: log[0]!.occurredAt,
      type: 'wallet/pay',
      data: { amount: '60' },
    } as unknown as InputOf<Wallet>)
    if (spent.outcome !== 'accepted') throw new Error(JSON.stringify(spent))
    // 60 of 100 bonus are spent: all principal would bring back 100, and 40 are there.
    expect(wallet.view(spent.state, at)).toMatchObject({ repayable: '140.00' })
  })
})

test('a reversed top-up takes what is there, says what is not, and keeps what comes back later', () => {
  const wallet = walletWith()
  const told = ['top-up 300 a', 'pay 100', 'reverse a'] as const
  expect(lastData(wallet, ...told)).toMatchObject({ amount: '237.50', bonus: '0.00', uncovered: '62.50' })
  expect(lastData(wallet, ...told, 'refund c1')).toMatchObject({ amount: '100.00', withheld: '100.00' })
  expect(held(wallet, ...told, 'refund c1')).toBe('0.00 + 0.00')
})

test('what is sent is principal, and arrives in a lot of its own', () => {
  const wallet = walletWith({ transfer: 'principal' })
  expect(held(wallet, 'top-up 300 a', 'send 100 bob')).toBe('200.00 + 37.50')
  expect(held(wallet, 'receive 100 t1', 'top-up 300 a', 'reverse a')).toBe('100.00 + 0.00')
})

describe('refusals', () => {
  const topped = ['top-up 300 a'] as const
  const refuses = (terms: Terms, told: readonly string[], type: string, data: object, id = 'x') => {
    const wallet = walletWith(terms)
    const { state } = lived(wallet, ...told)
    return refusalOf(wallet, state, { id, type: `wallet/${type}`, subject: 'u1', occurredAt: at, data })
  }
  const principal = { transfer: 'principal' } as const
  const shortly = { idempotencyWindow: { hours: 24 } } as const
  const made: { readonly [C in StoredValueRefusal['code']]: () => unknown } = {
    'account-closed': () => refuses({}, ['top-up 300 a', 'close'], 'pay', { amount: '-1' }),
    'amount-not-positive': () => refuses({}, ['payment-disputed a'], 'pay', { amount: '0' }),
    'account-frozen': () => refuses({}, ['payment-disputed a'], 'pay', { amount: '1' }),
    'already-frozen': () => refuses({}, ['freeze'], 'freeze', { reason: 'r' }),
    'not-frozen': () => refuses({}, ['payment-disputed a'], 'unfreeze', { reason: 'r' }),
    'transfers-not-agreed': () => refuses({}, topped, 'send', { amount: '999', to: 'bob' }),
    'withdrawals-not-agreed': () =>
      refuses({ withdrawal: 'never' }, ['top-up 9 a', 'reserve 9'], 'withdraw', {}),
    'already-credited': () => refuses({ limit: '400' }, topped, 'top-up', { amount: '999', payment: 'a' }),
    'above-limit': () => refuses({ limit: '400' }, topped, 'top-up', { amount: '99', payment: 'b' }),
    'purchase-exists': () => refuses(shortly, ['top-up 9 a', 'pay 1'], 'pay', { amount: '10' }, 'c1'),
    'hold-exists': () => refuses(shortly, ['top-up 9 a', 'reserve 1'], 'reserve', { amount: '10' }, 'c1'),
    'hold-ends-before-it-begins': () => refuses({}, topped, 'reserve', { amount: '999', until: at }),
    'unknown-hold': () => refuses({}, topped, 'capture', { reservation: 'c', amount: '999' }),
    'capture-exceeds-hold': () =>
      refuses({}, ['top-up 9 a', 'reserve 9'], 'capture', { reservation: 'c1', amount: '9.01' }),
    'unknown-purchase': () => refuses({}, topped, 'refund', { purchase: 'c0' }),
    'refund-exceeds-purchase': () =>
      refuses({}, ['top-up 9 a', 'pay 9', 'refund c1 4'], 'refund', { purchase: 'c1', amount: '5.01' }),
    'unknown-payment': () =>
      refuses({}, ['top-up 9 a', 'reverse a', 'top-up 9 b', 'reserve 9'], 'reverse', { payment: 'a' }),
    'money-reserved': () => refuses({}, ['top-up 9 a', 'reserve 9'], 'withdraw', { amount: '10' }),
    'nothing-to-repay': () => refuses({}, [], 'withdraw', { amount: '10' }),
    'insufficient-funds': () =>
      refuses({ withdrawal: 'whole-remainder' }, topped, 'withdraw', { amount: '301' }),
    'whole-remainder-only': () =>
      refuses({ withdrawal: 'whole-remainder' }, topped, 'withdraw', { amount: '299' }),
    'principal-left': () => refuses({ withdrawal: 'never', ...principal }, topped, 'close', {}),
  }
  test.each(Object.entries(made))('%s', (code, make) => {
    const refusal = make() as { readonly code: string }
    expect(refusal?.code).toBe(code)
    const { en, zh } = storedValueSentences[code]!
    for (const [lang, sentence] of [
      ['en', en],
      ['zh', zh],
    ] as const) {
      expect(sentence.length).toBeGreaterThan(4)
      expect(explain(walletWith(), refusal, lang)).not.toMatch(/[{}]|undefined/)
    }
  })
  test('an account that receives is refused in the same order', () => {
    expect(refuses({}, [], 'receive', { amount: '1', transfer: 't', from: 'f' })?.code).toBe(
      'transfers-not-agreed',
    )
    const again = { amount: '999', transfer: 't', from: 'f' }
    expect(refuses({ ...principal, limit: '9' }, ['receive 1 t'], 'receive', again)?.code).toBe(
      'already-credited',
    )
    expect(
      refuses({ ...principal, limit: '9' }, ['receive 1 t'], 'receive', { ...again, transfer: 'u' })?.code,
    ).toBe('above-limit')
  })
})

describe('a dispute', () => {
  test('freezes until the last of them is closed; what is promised to others still goes', () => {
    const wallet = walletWith()
    const told = [
      'top-up 300 a',
      'reserve 50',
      'payment-disputed a',
      'payment-disputed b',
      'payment-disputed b',
    ] as const
    const frozen = (more: readonly string[]) => wallet.view(lived(wallet, ...told, ...more).state, at).frozen
    expect([
      frozen([]),
      frozen(['dispute-closed a']),
      frozen(['dispute-closed a', 'dispute-closed b']),
    ]).toEqual([true, true, false])
    expect(held(wallet, ...told, 'capture c1')).toBe('287.50 + 0.00')
  })
})

describe('definitions', () => {
  test('a stored one is the engine again', () => {
    const wallet = walletWith({
      keep: { days: 9 },
      limit: '900',
      transfer: 'principal',
      spend: 'proportional',
    })
    expect(storedValueFrom(JSON.parse(JSON.stringify(wallet.definition))).hash).toBe(wallet.hash)
  })

  test.each([
    [{ spend: 'first' }, 'unknown-name at $.spend'],
    [{ limit: '0' }, 'out-of-range at $.limit'],
    [{ limit: '1.001' }, 'out-of-range at $.limit'],
    [{ bonus: [{ rule: 'a', from: '0', bonus: '1' }] }, 'out-of-range at $.bonus[0].from'],
    [{ bonus: [{ rule: 'a', from: '1', bonus: '-1' }] }, 'out-of-range at $.bonus[0].bonus'],
    [{ bonus: [{ rule: 'a', from: '1', percent: '0' }] }, 'out-of-range at $.bonus[0].percent'],
    [{ bonus: [{ rule: 'a', from: '1', percent: '5', bonus: '1' }] }, 'unknown-key at $.bonus[0].percent'],
    [
      {
        bonus: [
          { rule: 'a', from: '1', bonus: '1' },
          { rule: 'a', from: '2', bonus: '1' },
        ],
      },
      'duplicate-name at $.bonus[1].rule',
    ],
    [{ keep: { days: -1 } }, 'invalid-duration at $.keep'],
    [
      {
        dispute: {
          opened: { on: 'nothing', payment: 'payment' },
          closed: { on: 'dispute-closed', payment: 'payment' },
        },
      },
      'unknown-name at $.dispute.opened.on',
    ],
    [{ currency: 'yuan' }, 'wrong-type at $.currency'],
  ])('%j is refused', (terms, message) => {
    expect(() => walletWith(terms as Terms)).toThrow(message)
  })
})
