// Every invariant of stored value is named when a state breaks it, and the first event that could not have been.
import {
  type Audit,
  type AuditFinding,
  audit,
  defineEvents,
  defineStoredValue,
  explain,
  type Journal,
  type StoredValueState,
  storedValueEvents,
  text,
} from 'liuliang'
import { describe, expect, test } from 'vitest'
import { tell, teller, utc } from '../support/story.js'

const events = defineEvents({
  'payment-disputed': { payment: text() },
  'dispute-closed': { payment: text() },
  ...storedValueEvents('wallet', 'CNY'),
})
const wallet = defineStoredValue({
  id: 'wallet',
  version: 1,
  calendar: { zone: 'Asia/Shanghai' },
  events,
  currency: 'CNY',
  bonus: [{ rule: 'half', from: '1', percent: '50' }],
  expires: { days: 60 },
  principalExpires: { days: 90 },
  bonusOnWithdrawal: 'pro-rata',
  transfer: 'principal',
  dispute: {
    opened: { on: 'payment-disputed', payment: 'payment' },
    closed: { on: 'dispute-closed', payment: 'payment' },
  },
  keep: { days: 30 },
})
const event = teller()
const day = (n: number) => `2024-03-${String(n).padStart(2, '0')}`
const { state, log } = tell(wallet, [
  event(day(1), 'wallet/top-up', { amount: '100', payment: 'a' }),
  event(day(2), 'wallet/top-up', { amount: '40', payment: 'b' }),
  event(day(3), 'wallet/receive', { amount: '10', transfer: 't', from: 'bob' }),
  event(day(4), 'wallet/pay', { amount: '20' }, 'p1'),
  event(day(5), 'wallet/refund', { purchase: 'p1', amount: '5' }),
  event(day(6), 'wallet/withdraw', { amount: '30' }),
  event(day(7), 'wallet/reserve', { amount: '10', until: utc('2024-04-01') }, 'h1'),
  event(day(7), 'wallet/reserve', { amount: '3' }, 'h2'),
  event(day(8), 'wallet/release', { reservation: 'h2' }),
  event(day(8), 'wallet/send', { amount: '5', to: 'bob' }),
  event(day(9), 'payment-disputed', { payment: 'a' }),
] as never)
const check = (of: unknown, from?: readonly unknown[]): Audit => audit(wallet, of as never, from as never)

type Json = { [key: string]: Json }
const at = (of: Json, ...path: readonly (string | number)[]) => path.reduce((node, key) => node[key]!, of)
const set = (of: Json, path: readonly (string | number)[], value: unknown) => {
  at(of, ...path.slice(0, -1))[path[path.length - 1]!] = value as Json
}
/** The state after one change of its JSON. */
function corrupted(change: (of: Json) => void): Journal<StoredValueState> {
  const copy = JSON.parse(JSON.stringify(state)) as { of: Json }
  change(copy.of)
  return copy as unknown as Journal<StoredValueState>
}
const names = (findings: readonly AuditFinding[]) => findings.map(({ invariant }) => invariant)
const principal = ['books', 'principal'] as const
const topUp = ['topUps', 'items', 0] as const
const said = (findings: readonly AuditFinding[]) =>
  findings.every((one) =>
    (['en', 'zh'] as const).every(
      (lang) =>
        !/[{}]|undefined/.test(explain(wallet, one, lang)) &&
        !explain(wallet, one, lang).includes(`${one.invariant} (`),
    ),
  )

test('finds nothing where nothing is wrong, with the log and without', () => {
  expect(check(state)).toEqual({ findings: [] })
  expect(check(state, log)).toEqual({ findings: [] })
  expect(check(wallet.start('u1'))).toEqual({ findings: [] })
})

describe('names what a corrupted state breaks', () => {
  test.each<[string, (of: Json) => void, string]>([
    ['money made from nothing', (of) => set(of, [...principal, 'totals', 'earned'], 1), 'conserved'],
    ['money owed', (of) => set(of, [...principal, 'lots', 'deficit'], 5), 'nothing-owed'],
    [
      'money that waits',
      (of) => set(of, [...principal, 'lots', 'pending'], at(of, ...principal, 'lots', 'spendable')),
      'nothing-owed',
    ],
    ['more withdrawn than came in', (of) => set(of, [...topUp, 'withdrawn'], 10_001), 'top-ups-true'],
    ['less than nothing withdrawn', (of) => set(of, [...topUp, 'withdrawn'], -1), 'top-ups-true'],
    ['lots of more than is left', (of) => set(of, [...topUp, 'withdrawn'], 9_999), 'top-ups-true'],
    ['more bonus settled than there was', (of) => set(of, [...topUp, 'settled'], 9_999), 'top-ups-true'],
    ['more bonus lapsed than there was', (of) => set(of, [...topUp, 'lapsed'], 9_999), 'top-ups-true'],
    ['more excused than lapsed', (of) => set(of, [...topUp, 'excused'], 1), 'top-ups-true'],
    [
      'a lot that was not given out',
      (of) => set(of, [...topUp, 'lots', 'bonus', 0, 'lot'], 77),
      'top-ups-true',
    ],
    [
      'more of a purchase returned than it took',
      (of) => set(of, ['purchases', 'items', 0, 'refunded', 'bonus'], 2_001),
      'purchases-true',
    ],
    [
      'half a cent returned',
      (of) => set(of, ['purchases', 'items', 0, 'refunded', 'bonus'], 0.5),
      'purchases-true',
    ],
    ['a payment twice', (of) => set(of, ['topUps', 'items', 1, 'payment'], 'payment:a'), 'records-kept'],
    ['a record without its age', (of) => set(of, ['ages'], null), 'records-kept'],
    ['an age without its record', (of) => set(of, ['purchases'], null), 'records-kept'],
    ['an age of nothing known', (of) => set(of, ['ages', 'items', 0, 'kind'], 'gift'), 'records-kept'],
    ['a dispute twice', (of) => set(of, ['disputes'], ['a', 'a']), 'disputes-once'],
    ['a closed account that holds money', (of) => set(of, ['closed'], true), 'closed-empty'],
    [
      'a hold that should have ended',
      (of) => set(of, ['books', 'bonus', 'reservations', 'items', 0, 'until'], 1),
      'nothing-overdue',
    ],
    [
      'money that has expired',
      (of) => set(of, [...principal, 'lots', 'spendable', 'items', 0, 'expiresAt'], 1),
      'nothing-expired',
    ],
    ['no books', (of) => set(of, ['books'], {}), 'well-formed'],
  ])('%s', (_, change, invariant) => {
    const { findings } = check(corrupted(change))
    expect(names(findings)).toContain(invariant)
    expect(said(findings)).toBe(true)
  })
})

describe('names the first event that could not have been recorded', () => {
  const changed = (type: string, change: (data: Json) => void) =>
    log.map((one) => {
      if (one.type !== type) return one
      const copy = JSON.parse(JSON.stringify(one)) as { data: Json }
      change(copy.data)
      return copy
    })
  test.each<[string, string, (data: Json) => void, string]>([
    [
      'a payment of more than there is',
      'wallet/paid',
      (data) => set(data, ['moves', 'bonus', 0, 'amount'], 9e6),
      'moves-possible',
    ],
    [
      'a refund of more than was paid',
      'wallet/refunded',
      (data) => set(data, ['moves', 'bonus', 0, 'amount'], 9e6),
      'moves-possible',
    ],
    [
      'a release of more than was held',
      'wallet/released',
      (data) => set(data, ['moves', 'bonus', 0, 'amount'], 9e6),
      'moves-possible',
    ],
    [
      'a top-up that says another amount',
      'wallet/topped-up',
      (data) => set(data, ['amount'], '1.00'),
      'moves-told',
    ],
    ['a payment that says no amount', 'wallet/paid', (data) => set(data, ['principal'], 'ann'), 'moves-told'],
    [
      'a withdrawal that says another cash',
      'wallet/withdrawn',
      (data) => set(data, ['cash'], '1.00'),
      'moves-told',
    ],
    [
      'a withdrawal of an unknown top-up',
      'wallet/withdrawn',
      (data) => set(data, ['topUps', 0, 'payment'], 'payment:z'),
      'known',
    ],
    ['a refund of an unknown purchase', 'wallet/refunded', (data) => set(data, ['purchase'], 'p9'), 'known'],
    ['a release of an unknown hold', 'wallet/released', (data) => set(data, ['reservation'], 'h9'), 'known'],
  ])('%s', (_, type, change, invariant) => {
    const { first } = check(state, changed(type, change))
    expect(first).toMatchObject({ event: log.find((one) => one.type === type)!.id })
    expect(names(first!.findings)).toContain(invariant)
    expect(said(first!.findings)).toBe(true)
  })
  test.each(['wallet/topped-up', 'wallet/paid', 'wallet/received', 'wallet/reserved'])('%s twice', (type) => {
    const twice = log.flatMap((one) => (one.type === type ? [one, { ...one, id: `${one.id}-again` }] : [one]))
    const { first } = check(state, twice)
    expect(first!.event).toBe(`${log.find((one) => one.type === type)!.id}-again`)
    expect(names(first!.findings)).toContain('once')
  })
})

test('says what it finds in both tongues', () => {
  const [finding] = check(corrupted((of) => set(of, ['closed'], true))).findings
  expect(explain(wallet, finding!, 'en')).toBe(
    '$.books.principal: an account that was closed holds nothing (is 11500, has to be 0)',
  )
  expect(explain(wallet, finding!, 'zh')).toBe('$.books.principal：已注销的账户应无余额（应为0，现为11500）')
})
