// Facts that come late, and facts that were none: the bonus of top-ups is made up for, by policy; what was spent stays spent.
import {
  audit,
  defineEvents,
  defineStoredValue,
  explain,
  replay,
  restore,
  type StoredValueCorrections,
  type StoredValueDefinition,
  storedValueFrom,
  text,
} from 'liuliang'
import { describe, expect, test } from 'vitest'
import { tell, teller, utc } from '../support/story.js'

const shop = defineEvents({
  'card-bought': {},
  'payment-disputed': { payment: text() },
  'dispute-closed': { payment: text() },
})
type Terms = Partial<StoredValueDefinition<'wallet', typeof shop.events, 'CNY'>>
const hasCard = shop.count('card-bought').gte(1)
/** With a card 30 for 60 days from 100 on; without 10 per cent for 30 days. */
const walletWith = (terms: Terms = {}) =>
  defineStoredValue({
    id: 'wallet',
    version: 1,
    calendar: { zone: 'UTC' },
    events: shop,
    currency: 'CNY',
    bonus: [
      { rule: 'member', from: '100', bonus: '30', when: hasCard, expires: { days: 60 } },
      { rule: 'plain', from: '100', percent: '10', expires: { days: 30 } },
    ],
    dispute: {
      opened: { on: 'payment-disputed', payment: 'payment' },
      closed: { on: 'dispute-closed', payment: 'payment' },
    },
    ...terms,
  })
type Wallet = ReturnType<typeof walletWith>

const event = teller()
const card = (at: string, id = 'k') => event(at, 'card-bought', {}, id)
const topUp = (at: string, payment = 'a', amount = '100') =>
  event(at, 'wallet/top-up', { amount, payment }, `t-${payment}`)
const pay = (at: string, amount: string, id = 'p') => event(at, 'wallet/pay', { amount }, id)
const command = (at: string, word: string, data: object, id: string = word) =>
  event(at, `wallet/${word}`, data, id)

type Change = Parameters<typeof replay<never>>[2]
interface Corrected {
  readonly type: string
  readonly occurredAt: number
  readonly effectiveAt?: number
  readonly data: {
    readonly payment: string
    readonly given: string
    readonly taken: string
    readonly expiresAt?: number
    readonly correctsSince: number
    readonly reason: { readonly code: string; readonly notes: readonly { readonly code: string }[] }
  }
}
/** A history, corrected: what that says, what is there then; nothing is left to correct, and the audit is content. */
function corrected(wallet: Wallet, inputs: readonly object[], change: object, until = '2024-03-11') {
  const { log } = tell(wallet, inputs as never)
  return again(wallet, log, change, until)
}
function again(wallet: Wallet, log: readonly object[], change: object, until: string) {
  const tail = log as never
  const checkpoint = wallet.start('u1')
  const done = replay(wallet, { checkpoint, tail }, { at: utc(until), ...change } as never)
  expect(restore(wallet, 'u1', done.log)).toEqual(done.state)
  const left = replay(wallet, { checkpoint, tail: done.log }, { at: utc(until) } as Change)
  expect([left.asserted, left.retracted]).toEqual([[], []])
  expect(audit(wallet, done.state, done.log)).toEqual({ findings: [] })
  const events = done.asserted as unknown as readonly Corrected[]
  const made = events.filter(({ type }) => type === 'wallet/bonus-corrected')
  const { principal, bonus } = wallet.view(done.state, done.state.at!)
  return {
    ...done,
    events,
    made,
    /** Of each correction what it gave and took back. */
    sums: made.map(({ data }) => `${data.payment}: ${data.given} - ${data.taken}`),
    notes: made.flatMap(({ data }) => data.reason.notes),
    held: `${principal} + ${bonus}`,
    view: (at: string) => wallet.view(done.state, utc(at)),
  }
}
const late = { add: [card('2024-02-20')] }
const none = { remove: ['k'] }
const policies = ['grant-and-take-back', 'grant-only', 'none'] as const

describe('a fact that comes late', () => {
  const told = [topUp('2024-03-01')]
  test.each<[StoredValueCorrections, readonly string[], string]>([
    ['grant-and-take-back', ['a: 20.00 - 0.00'], '100.00 + 30.00'],
    ['grant-only', ['a: 20.00 - 0.00'], '100.00 + 30.00'],
    ['none', [], '100.00 + 10.00'],
  ])('%s', (corrections, sums, held) => {
    expect(corrected(walletWith({ corrections }), told, late)).toMatchObject({ sums, held })
  })

  test('brings what is missing now, with its whole term, and puts off the end of the rest', () => {
    const { made, view } = corrected(walletWith(), told, late)
    expect(made).toMatchObject([
      {
        occurredAt: utc('2024-03-11'),
        effectiveAt: utc('2024-03-01'),
        data: { rule: 'member', expiresAt: utc('2024-05-10'), correctsSince: utc('2024-02-20') },
      },
    ])
    // The first 10 end 60 days after the top-up, not 30.
    expect(view('2024-04-29').bonus).toBe('30.00')
    expect(view('2024-04-30').bonus).toBe('20.00')
    expect(view('2024-05-10').bonus).toBe('0.00')
  })

  test('is said with its numbers, in both tongues', () => {
    const wallet = walletWith()
    const { reason } = corrected(wallet, told, late).made[0]!.data
    expect(explain(wallet, reason, 'en')).toBe(
      'a bonus of 30.00 CNY, not 10.00, by what is known now: 20.00 given, 0.00 taken back; what is left ends at 2024-04-30 00:00',
    )
    expect(explain(wallet, reason, 'zh')).toBe(
      '据现有信息更正赠金：应为30.00 CNY，原为10.00；补发20.00，收回0.00；剩余部分于2024-04-30 00:00到期',
    )
  })

  test('belongs to the open period where that is asked', () => {
    const change = { ...late, correct: 'open-period', openSince: utc('2024-03-05') }
    expect(corrected(walletWith(), told, change).made).toMatchObject([{ effectiveAt: utc('2024-03-05') }])
  })

  test('is nothing to a top-up before it, to one that brought as much, and to one that brings none', () => {
    const wallet = walletWith()
    expect(corrected(wallet, told, { add: [card('2024-03-02')] }).made).toEqual([])
    expect(corrected(wallet, [card('2024-02-01', 'j'), ...told], late).made).toEqual([])
    expect(corrected(wallet, [topUp('2024-03-01', 'a', '99.99')], late).made).toEqual([])
  })

  test('freezes the account that it disputes from now on; what was paid stays paid', () => {
    const dispute = { add: [event('2024-03-02', 'payment-disputed', { payment: 'a' })] }
    const { made, held, view } = corrected(walletWith(), [...told, pay('2024-03-03', '25')], dispute)
    expect([made, held, view('2024-03-11').frozen]).toEqual([[], '85.00 + 0.00', true])
  })
})

describe('a fact that was none', () => {
  const told = [card('2024-02-20'), topUp('2024-03-01')]
  test.each<[StoredValueCorrections, readonly string[], string]>([
    ['grant-and-take-back', ['a: 0.00 - 20.00'], '100.00 + 10.00'],
    ['grant-only', [], '100.00 + 30.00'],
    ['none', [], '100.00 + 30.00'],
  ])('%s', (corrections, sums, held) => {
    expect(corrected(walletWith({ corrections }), told, none)).toMatchObject({ sums, held })
  })

  test('lets the rest end when it should: at once, where that is over', () => {
    const { view } = corrected(walletWith(), told, none)
    expect([view('2024-03-30').bonus, view('2024-03-31').bonus]).toEqual(['10.00', '0.00'])
    const over = corrected(walletWith(), told, none, '2024-04-05')
    expect(over.events.map(({ type, occurredAt }) => [type, occurredAt])).toEqual([
      ['wallet/bonus-corrected', utc('2024-04-05')],
      ['wallet/expired', utc('2024-04-05')],
    ])
    expect(over.held).toBe('100.00 + 0.00')
  })

  test.each([
    // Of 30 bonus 25 are spent, 5 are there: of the 20 that are too much 15 stay.
    ['in part', '25', 'a: 0.00 - 5.00', '100.00 + 0.00', '15.00'],
    // 30 and 10 of principal.
    ['all of it', '40', 'a: 0.00 - 0.00', '90.00 + 0.00', '20.00'],
  ])('what was spent stays spent: %s', (_, amount, sum, held, stays) => {
    const wallet = walletWith()
    const done = corrected(wallet, [...told, pay('2024-03-02', amount)], none)
    expect(done).toMatchObject({ sums: [sum], held })
    expect(done.notes[0]).toMatchObject({ code: 'bonus-stays', amount: stays })
    // It stays also where it comes back: that is settled.
    const back = command('2024-03-12', 'refund', { purchase: 'p' })
    const { log } = tell(wallet, [back] as never, done.state)
    const later = again(wallet, [...done.log, ...log], {}, '2024-03-13')
    expect([later.made, later.held]).toEqual([[], `100.00 + ${amount === '25' ? '25.00' : '30.00'}`])
  })

  test('what is set aside stays set aside', () => {
    const held = command('2024-03-02', 'reserve', { amount: '25' })
    const done = corrected(walletWith(), [...told, held], none)
    expect(done.sums).toEqual(['a: 0.00 - 5.00'])
    expect(done.view('2024-03-11').reserved).toEqual({ principal: '0.00', bonus: '25.00' })
  })

  test('and was one after all, brings back no more than was taken', () => {
    const wallet = walletWith()
    const first = corrected(wallet, [...told, pay('2024-03-02', '25')], none)
    // 25 of the 30 were spent: 5 are missing.
    expect(again(wallet, first.log, { add: [told[0]] }, '2024-03-12')).toMatchObject({
      sums: ['a: 5.00 - 0.00'],
      held: '100.00 + 5.00',
    })
  })

  test('is said with its numbers, in both tongues', () => {
    const wallet = walletWith()
    const { reason } = corrected(wallet, [...told, pay('2024-03-02', '25')], none).made[0]!.data
    expect(explain(wallet, reason, 'en')).toBe(
      'a bonus of 10.00 CNY, not 30.00, by what is known now: 0.00 given, 5.00 taken back; 15.00 CNY are spent, set aside, settled or ended, and stay so',
    )
    expect(explain(wallet, reason, 'zh')).toBe(
      '据现有信息更正赠金：应为10.00 CNY，原为30.00；补发0.00，收回5.00；其中15.00 CNY已使用、冻结、结清或过期，不再收回',
    )
  })
})

describe('another end of the same amount', () => {
  const bonus = (first: object, second: object) => [
    { rule: 'member', from: '100', bonus: '10', when: hasCard, ...first },
    { rule: 'plain', from: '100', bonus: '10', when: hasCard.not(), ...second },
  ]
  const days = (n: number) => ({ expires: { days: n } })
  test.each<[string, StoredValueCorrections, object, object, readonly string[]]>([
    ['is put off', 'grant-and-take-back', days(60), days(30), ['bonus-ends', '10.00', '10.00']],
    ['is put off', 'grant-only', days(60), days(30), ['bonus-ends', '10.00', '10.00']],
    ['is put off for ever', 'grant-only', {}, days(30), ['bonus-lasts', '10.00', '10.00']],
    ['is brought forward', 'grant-and-take-back', days(20), days(30), ['bonus-ends', '0.00', '0.00']],
    ['is left', 'grant-only', days(20), days(30), ['10.00', '0.00']],
    ['is left', 'none', days(60), days(30), ['10.00', '0.00']],
  ])('%s: %s', (_, corrections, first, second, expected) => {
    const wallet = walletWith({ corrections, bonus: bonus(first, second) })
    const { notes, made, view } = corrected(wallet, [topUp('2024-03-01')], late)
    // The 20 days end on the 21st, the 30 on the 31st.
    const seen = [view('2024-03-25').bonus, view('2024-04-01').bonus]
    expect([...notes.map(({ code }) => code), ...seen]).toEqual(expected)
    for (const { data } of made) {
      expect(data.reason.code).toBe('bonus-term-corrected')
      for (const lang of ['en', 'zh'] as const)
        expect(explain(wallet, data.reason, lang)).not.toMatch(/[{}]|undefined|bonus-/)
    }
  })
})

test('what was given late keeps the end that it was given', () => {
  const bonus = [
    { rule: 'gold', from: '100', bonus: '30', when: shop.count('card-bought').gte(2), expires: { days: 90 } },
    { rule: 'member', from: '100', bonus: '30', when: hasCard, expires: { days: 60 } },
    { rule: 'plain', from: '100', percent: '10', expires: { days: 30 } },
  ]
  const wallet = walletWith({ bonus })
  const first = corrected(wallet, [topUp('2024-03-01')], late)
  const second = again(wallet, first.log, { add: [card('2024-02-21', 'l')] }, '2024-03-12')
  // 20 end on the tenth of May, 60 days after they were given; the first 10 on the 30th, 90 days after the top-up.
  expect([second.view('2024-05-09').bonus, second.view('2024-05-10').bonus]).toEqual(['30.00', '10.00'])
  expect([second.view('2024-05-29').bonus, second.view('2024-05-30').bonus]).toEqual(['10.00', '0.00'])
})

test('bonus of two ends that comes back to one is all of its top-up', () => {
  const wallet = walletWith({ refundGrace: { days: 5 } })
  const first = corrected(wallet, [topUp('2024-03-01')], late)
  const { log } = tell(
    wallet,
    [
      pay('2024-03-12', '30'),
      command('2024-06-01', 'refund', { purchase: 'p' }),
      command('2024-06-02', 'reverse', { payment: 'a' }),
    ] as never,
    first.state,
  )
  expect(log.at(-1)!.data).toMatchObject({ amount: '100.00', bonus: '30.00' })
})

test('other terms are judged from the first change on, and not before', () => {
  const told = tell(walletWith({ bonus: [] }), [
    topUp('2024-03-01'),
    topUp('2024-03-05', 'b'),
    pay('2024-03-06', '1'),
  ] as never)
  const wallet = walletWith()
  const log = { checkpoint: wallet.start('u1'), tail: told.log }
  const { asserted } = replay(wallet, log as never, { add: [card('2024-03-03')] } as never)
  expect(asserted).toMatchObject([{ data: { payment: 'b', given: '30.00', taken: '0.00' } }])
})

describe('a limit', () => {
  test('is never exceeded; what it withholds is settled', () => {
    const wallet = walletWith({ limit: '115' })
    const done = corrected(wallet, [topUp('2024-03-01')], late)
    expect(done).toMatchObject({ sums: ['a: 5.00 - 0.00'], held: '100.00 + 15.00' })
    expect(done.notes[0]).toMatchObject({ code: 'limit-withholds', amount: '15.00' })
    expect(explain(wallet, done.notes[0]!, 'zh')).toBe('；其中15.00 CNY将超过余额上限，未补发')
    const { log } = tell(wallet, [pay('2024-03-12', '50')] as never, done.state)
    expect(again(wallet, [...done.log, ...log], {}, '2024-03-13').made).toEqual([])
  })

  test('has room for what other top-ups should not have brought', () => {
    const lately = shop.count('card-bought', { within: { days: 10 } }).gte(1)
    const bonus = [
      { rule: 'member', from: '100', bonus: '30', when: lately },
      { rule: 'plain', from: '100', percent: '10' },
    ]
    const told = [topUp('2024-02-01', 'b'), card('2024-02-25'), topUp('2024-03-01')]
    const change = { ...none, add: [card('2024-01-30', 'l')] }
    // 100 + 10 and 100 + 30; it should have been the other way round.
    expect(corrected(walletWith({ bonus, limit: '240' }), told, change)).toMatchObject({
      sums: ['a: 0.00 - 20.00', 'b: 20.00 - 0.00'],
      held: '200.00 + 40.00',
    })
  })
})

describe('principal that was repaid', () => {
  const told = [topUp('2024-03-01'), command('2024-03-02', 'withdraw', { amount: '50' })]
  test.each([
    // Of 10 half was due back with the 50; of 30 it is 15, so that 10 of the 20 would be due back.
    ['pro-rata', 'a: 10.00 - 0.00', '50.00 + 15.00', ['bonus-settled', 'bonus-ends']],
    // All 10 were lost with it.
    ['forfeited', 'a: 10.00 - 0.00', '50.00 + 10.00', ['bonus-settled']],
    ['kept', 'a: 20.00 - 0.00', '50.00 + 30.00', ['bonus-ends']],
  ] as const)('brings none of its share back: %s', (bonusOnWithdrawal, sum, held, notes) => {
    const wallet = walletWith({ bonusOnWithdrawal })
    const done = corrected(wallet, told, late)
    expect([done.sums, done.held, done.notes.map(({ code }) => code)]).toEqual([[sum], held, notes])
    for (const note of done.notes)
      for (const lang of ['en', 'zh'] as const)
        expect(explain(wallet, note, lang)).not.toMatch(/[{}]|undefined|bonus-/)
  })

  test('in parts comes to what it would have come to', () => {
    const wallet = walletWith({ bonusOnWithdrawal: 'pro-rata' })
    const first = corrected(wallet, told, late)
    // 75 of 100 are repaid: of 30 due back are 22.50, and 15 were.
    const { state } = tell(
      wallet,
      [command('2024-03-12', 'withdraw', { amount: '25' }, 'w2')] as never,
      first.state,
    )
    expect(wallet.view(state, utc('2024-03-12')).bonus).toBe('7.50')
  })

  test('holds no bonus back where it is kept', () => {
    const inputs = [card('2024-02-20'), topUp('2024-03-01'), command('2024-03-02', 'withdraw', {})]
    const wallet = walletWith({ bonusOnWithdrawal: 'kept' })
    expect(corrected(wallet, inputs, none)).toMatchObject({ sums: ['a: 0.00 - 20.00'], held: '0.00 + 10.00' })
  })

  test('keeps bonus settled that was paid for in cash and came back', () => {
    const wallet = walletWith({ bonusOnWithdrawal: 'pro-rata', spentBonus: 'deducted' })
    const inputs = [
      card('2024-02-20'),
      topUp('2024-03-01'),
      pay('2024-03-02', '30'),
      command('2024-03-03', 'withdraw', {}),
      command('2024-03-04', 'refund', { purchase: 'p' }),
    ]
    // The 30 that were spent were taken off the cash: they are paid for.
    expect(corrected(wallet, inputs, none)).toMatchObject({ sums: ['a: 0.00 - 0.00'], held: '0.00 + 30.00' })
  })
})

test.each(policies)('a reversed top-up and a closed account are left as they are: %s', (corrections) => {
  const wallet = walletWith({ corrections })
  for (const end of [
    command('2024-03-02', 'reverse', { payment: 'a' }),
    command('2024-03-02', 'close', {}),
  ]) {
    const done = corrected(wallet, [topUp('2024-03-01'), end], late)
    expect([done.made, done.held]).toEqual([[], '0.00 + 0.00'])
  }
})

test('what is kept long enough is forgotten, and nobody corrects it', () => {
  const wallet = walletWith({ keep: { days: 5 } })
  const told = [topUp('2024-03-01'), pay('2024-03-07', '1')]
  expect(corrected(wallet, told, late).made).toEqual([])
  // Nothing was posted since that could have forgotten it; the first correction forgets the other.
  const two = [topUp('2024-03-01'), topUp('2024-03-02', 'b')]
  const { sums, state } = corrected(wallet, two, late)
  expect([sums, state.of.topUps]).toEqual([['a: 20.00 - 0.00'], null])
})

test('bonus that was given late is repaid, expires and is forgotten as that of its top-up', () => {
  const wallet = walletWith({ bonusOnWithdrawal: 'pro-rata' })
  const first = corrected(wallet, [topUp('2024-03-01')], late)
  const reverse = tell(wallet, [command('2024-03-12', 'reverse', { payment: 'a' })] as never, first.state)
  expect(reverse.log.at(-1)!.data).toMatchObject({ amount: '100.00', bonus: '30.00', uncovered: '0.00' })
  // 20 end on the tenth of May; the account remembers that they were never spent.
  const lapsed = wallet.advance(first.state, utc('2024-05-10')).state
  expect(lapsed.of.topUps).toMatchObject({ items: [{ bonus: 3000, lapsed: 3000 }] })
})

test('commands of one instant keep the order in which they were decided, whatever their ids', () => {
  const wallet = walletWith()
  const told = [
    card('2024-02-20', 'j'),
    topUp('2024-03-01'),
    pay('2024-03-02', '50', 'z'),
    command('2024-03-02', 'refund', { purchase: 'z', amount: '20' }, 'a'),
  ]
  const { state } = corrected(wallet, told, late)
  const { refunded } = (state.of.purchases as unknown as { items: readonly { refunded: object }[] }).items[0]!
  expect(refunded).toEqual({ principal: 2000, bonus: 0 })
})

test('what comes back in two parts at one instant and has ended expires in two parts', () => {
  const wallet = walletWith({ holdFor: { days: 40 } })
  const { state, log } = tell(wallet, [
    topUp('2024-03-01'),
    command('2024-03-02', 'reserve', { amount: '4' }, 'r1'),
    command('2024-03-02', 'reserve', { amount: '6' }, 'r2'),
  ] as never)
  const { events, state: then } = wallet.advance(state, utc('2024-05-01'))
  expect(events.map(({ type, data }) => [type, (data as { amount: string }).amount])).toEqual([
    ['wallet/released', '4.00'],
    ['wallet/expired', '4.00'],
    ['wallet/released', '6.00'],
    ['wallet/expired', '6.00'],
  ])
  expect(restore(wallet, 'u1', [...log, ...events]).of).toEqual(then.of)
})

describe('the audit of a correction', () => {
  const wallet = walletWith()
  const { log, state } = corrected(wallet, [card('2024-02-20'), topUp('2024-03-01')], none)
  test.each<[string, object, string]>([
    ['that says another sum was taken', { taken: '19.00' }, 'moves-told'],
    ['that says something was given', { given: '1.00' }, 'moves-told'],
    ['of no top-up', { topUp: 'payment:b' }, 'known'],
  ])('%s', (_, changes, invariant) => {
    const changed = log.map((one) =>
      one.type === 'wallet/bonus-corrected' ? { ...one, data: { ...one.data, ...changes } } : one,
    )
    const { first } = audit(wallet, state, changed as never)
    expect(first?.findings.map((finding) => finding.invariant)).toContain(invariant)
  })
  test('of a top-up that was told to bring half a cent', () => {
    const broken = JSON.parse(JSON.stringify(state).replaceAll('"bonus":1000', '"bonus":0.5')) as typeof state
    const { findings } = audit(wallet, broken)
    expect(findings.map(({ path }) => path)).toContain('$.topUps[0].told.bonus')
  })
})

test('the policy is a part of the stored definition, and one of three', () => {
  for (const corrections of policies) {
    const wallet = walletWith({ corrections })
    expect(storedValueFrom(JSON.parse(JSON.stringify(wallet.definition))).hash).toBe(wallet.hash)
  }
  expect(() => walletWith({ corrections: 'some' as never })).toThrow('unknown-name at $.corrections')
})
