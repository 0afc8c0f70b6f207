// An account of stored value against an oracle that keeps no lots: it has a list of the smallest units, each with its own
// story, and moves them one by one. Which commands have to succeed is told by the oracle, so a wrong refusal fails too.
import fc from 'fast-check'
import { defineEvents, defineStoredValue, explain, instant, text } from 'liuliang'
import { expect, test } from 'vitest'
import { runs } from '../support/size.js'

const timeout = runs(60_000, 3_600_000)
const DAY = 86_400_000
const start = instant('2026-01-01T00:00:00Z')

const events = defineEvents({
  'payment-disputed': { payment: text() },
  'dispute-closed': { payment: text() },
})

const orders = ['principal-first', 'bonus-first', 'proportional'] as const
const onWithdrawal = ['forfeited', 'pro-rata', 'kept'] as const
const spentBonus = ['kept', 'deducted'] as const

interface Policy {
  readonly spend: (typeof orders)[number]
  readonly bonusOnWithdrawal: (typeof onWithdrawal)[number]
  readonly spentBonus: (typeof spentBonus)[number]
}

/** One unit: whose top-up, when it ends, where it is. */
interface Unit {
  readonly kind: 'principal' | 'bonus'
  readonly payment: string
  readonly order: number
  ends: number
  place: 'here' | 'gone' | string
}

/** What one top-up brought and lost; the numbers of the rule about spent bonus. */
interface Brought {
  readonly principal: number
  readonly bonus: number
  withdrawn: number
  settled: number
  lapsed: number
  excused: number
  reversed: boolean
}

const GRACE = 3 * DAY

class Slow {
  units: Unit[] = []
  brought = new Map<string, Brought>()
  purchases = new Map<string, { units: Unit[]; back: number }>()
  holds = new Map<string, number>()
  frozen = false
  closed = false
  count = 0
  constructor(readonly policy: Policy) {}

  here(kind: Unit['kind'], place = 'here') {
    return this.units
      .filter((unit) => unit.kind === kind && unit.place === place)
      .sort((a, b) => a.ends - b.ends || a.order - b.order)
  }
  /** What time does by then: holds end first, then what is here expires. */
  until(now: number) {
    for (;;) {
      const holds = [...this.holds].map(([name, at]) => ({ at, name }))
      const ends = this.units.filter(({ place }) => place === 'here').map(({ ends }) => ends)
      const hold = holds.sort((a, b) => a.at - b.at)[0]
      const end = Math.min(...ends, Number.POSITIVE_INFINITY)
      if (Math.min(hold?.at ?? Number.POSITIVE_INFINITY, end) > now) return
      if (hold !== undefined && hold.at <= end) this.release(hold.name)
      else
        for (const unit of this.units)
          if (unit.place === 'here' && unit.ends === end) {
            unit.place = 'gone'
            if (unit.kind === 'bonus') this.brought.get(unit.payment)!.lapsed += 1
          }
    }
  }
  release(name: string) {
    this.holds.delete(name)
    for (const unit of this.units) if (unit.place === name) unit.place = 'here'
  }
  /** Units that paying takes from a place, principal behind bonus or before it as the policy says. */
  taken(amount: number, place = 'here') {
    const [principal, bonus] = [this.here('principal', place), this.here('bonus', place)]
    const whole = principal.length + bonus.length
    const first =
      this.policy.spend === 'principal-first'
        ? Math.min(amount, principal.length)
        : this.policy.spend === 'bonus-first'
          ? amount - Math.min(amount, bonus.length)
          : whole === 0
            ? 0
            : Math.floor((principal.length * amount) / whole)
    return [principal.slice(0, first), bonus.slice(0, amount - first)] as const
  }
  topUp(payment: string, amount: number, now: number) {
    // 30 for each full 300 or, where that is more, a tenth.
    const bonus = Math.max(30 * Math.floor(amount / 300), amount >= 50 ? Math.ceil(amount / 10) : 0)
    const ends = bonus === 30 * Math.floor(amount / 300) ? now + 20 * DAY : now + 10 * DAY
    this.count += 1
    const add = (kind: Unit['kind'], many: number, ends: number) => {
      for (let i = 0; i < many; i++)
        this.units.push({ kind, payment, order: this.count, ends, place: 'here' })
    }
    add('principal', amount, Number.POSITIVE_INFINITY)
    add('bonus', bonus, ends)
    const none = { withdrawn: 0, settled: 0, lapsed: 0, excused: 0, reversed: false }
    this.brought.set(payment, { principal: amount, bonus, ...none })
    return bonus
  }
  /** Cash that repaying comes to. */
  repay(amount: number, how: Policy['bonusOnWithdrawal']) {
    const leaving = this.here('principal').slice(0, amount)
    let cash = amount
    const settledNow = new Set<string>()
    const takenBonus: Unit[] = []
    for (const payment of new Set(leaving.map((unit) => unit.payment))) {
      const one = this.brought.get(payment)!
      settledNow.add(payment)
      const units = leaving.filter((unit) => unit.payment === payment).length
      one.withdrawn += units
      const owed = Math.floor((one.bonus * one.withdrawn) / one.principal)
      const wanted = how === 'kept' ? 0 : owed - one.settled
      one.settled = owed
      const left = this.here('bonus').filter((unit) => unit.payment === payment)
      const own = left.slice(0, wanted)
      const excuse = Math.min(one.lapsed - one.excused, wanted - own.length)
      one.excused += excuse
      if (this.policy.spentBonus === 'deducted') cash -= Math.min(units, wanted - own.length - excuse)
      if (how === 'forfeited') one.lapsed += left.length - own.length
      takenBonus.push(...own)
    }
    if (how === 'forfeited')
      for (const unit of this.here('bonus')) {
        if (!settledNow.has(unit.payment)) this.brought.get(unit.payment)!.lapsed += 1
        unit.place = 'gone'
      }
    else for (const unit of takenBonus) unit.place = 'gone'
    for (const unit of leaving) unit.place = 'gone'
    return cash
  }
  refund(name: string, amount: number, now: number) {
    const purchase = this.purchases.get(name)!
    const [principal, bonus] = (['principal', 'bonus'] as const).map((kind) =>
      purchase.units.filter((unit) => unit.kind === kind),
    ) as [Unit[], Unit[]]
    const share = (left: number) => {
      const whole = principal.length + bonus.length
      if (this.policy.spend === 'principal-first') return Math.min(left, principal.length)
      if (this.policy.spend === 'bonus-first') return left - Math.min(left, bonus.length)
      return Math.floor((principal.length * left) / whole)
    }
    const whole = purchase.units.length
    const [before, after] = [whole - purchase.back, whole - purchase.back - amount]
    purchase.back += amount
    const back = [
      ...principal.slice(share(after), share(before)),
      ...bonus.slice(after - share(after), before - share(before)),
    ]
    for (const unit of back) {
      if (this.brought.get(unit.payment)!.reversed) unit.place = 'gone'
      else {
        unit.place = 'here'
        if (unit.ends <= now) unit.ends = now + GRACE
      }
    }
  }
  reverse(payment: string) {
    const one = this.brought.get(payment)!
    one.reversed = true
    const own = this.units.filter((unit) => unit.payment === payment && unit.place === 'here')
    for (const unit of own) unit.place = 'gone'
    const principal = own.filter(({ kind }) => kind === 'principal').length
    return [principal, own.length - principal, one.principal - principal] as const
  }
}

const what = fc.constantFrom(
  ...([
    'top-up',
    'top-up',
    'top-up',
    'pay',
    'pay',
    'pay',
    'reserve',
    'capture',
    'capture',
    'release',
  ] as const),
  ...([
    'refund',
    'refund',
    'refund',
    'withdraw',
    'withdraw',
    'reverse',
    'dispute',
    'freeze',
    'again',
  ] as const),
)
const step = fc.record({
  what,
  amount: fc.oneof(
    fc.integer({ min: 0, max: 40 }),
    fc.integer({ min: 30, max: 700 }),
    fc.constantFrom(300, 600),
  ),
  pick: fc.nat({ max: 99 }),
  gap: fc.constantFrom(0, 0, 1, DAY, 5 * DAY, 5 * DAY, 2 * DAY, 9 * DAY, 11 * DAY),
})
const policy: fc.Arbitrary<Policy> = fc.record({
  spend: fc.constantFrom(...orders),
  bonusOnWithdrawal: fc.constantFrom(...onWithdrawal),
  spentBonus: fc.constantFrom(...spentBonus),
})

const wallets = new Map<string, ReturnType<typeof wallet>>()
const wallet = (terms: Policy) =>
  defineStoredValue({
    id: 'wallet',
    version: 1,
    calendar: { zone: 'UTC' },
    events,
    currency: 'JPY',
    bonus: [
      { rule: 'each', from: '300', bonus: '30', repeats: true, expires: { days: 20 } },
      { rule: 'tenth', from: '50', percent: '10' },
    ],
    expires: { days: 10 },
    refundGrace: { days: 3 },
    holdFor: { days: 5 },
    dispute: {
      opened: { on: 'payment-disputed', payment: 'payment' },
      closed: { on: 'dispute-closed', payment: 'payment' },
    },
    ...terms,
  })

test('stored value does what units that are moved one by one do', { timeout }, () => {
  let refusals = 0
  let commands = 0
  fc.assert(
    fc.property(policy, fc.array(step, { minLength: 1, maxLength: 40, size: 'max' }), (terms, steps) => {
      const key = JSON.stringify(terms)
      const engine = wallets.get(key) ?? wallet(terms)
      wallets.set(key, engine)
      const slow = new Slow(terms)
      let state = engine.start('ann')
      let now = start
      let last = start
      const payments: string[] = []
      const bought: string[] = []
      const held: string[] = []
      const disputed = new Set<string>()
      let topped: object | undefined
      for (const [i, { what, amount, pick, gap }] of steps.entries()) {
        now += gap
        slow.until(now)
        const id = `c-${i}`
        const tell = (type: string, data: object, name = id) =>
          engine.decide(state, { id: name, type, subject: 'ann', occurredAt: now, data } as never)
        const free = slow.here('principal').length + slow.here('bonus').length
        const stopped = slow.frozen || disputed.size > 0
        const reserved = slow.holds.size > 0
        let outcome: ReturnType<typeof engine.decide>
        let expected: string | undefined
        const numbers: Record<string, unknown> = {}
        const money = (value: number) => String(value)
        if (what === 'top-up') {
          outcome = tell('wallet/top-up', { amount: money(amount), payment: id })
          if (amount === 0) expected = 'amount-not-positive'
          else {
            numbers['bonus'] = money(slow.topUp(id, amount, now))
            payments.push(id)
            topped = { amount: money(amount), payment: id }
          }
        } else if (what === 'again') {
          if (topped === undefined) continue
          outcome = tell('wallet/top-up', topped)
          expected = 'already-credited'
        } else if (what === 'pay' || what === 'reserve') {
          outcome = tell(`wallet/${what}`, { amount: money(amount) })
          if (amount === 0) expected = 'amount-not-positive'
          else if (stopped) expected = 'account-frozen'
          else if (amount > free) expected = 'insufficient-funds'
          else {
            const units = slow.taken(amount).flat()
            for (const unit of units) unit.place = what === 'pay' ? 'gone' : id
            if (what === 'pay') {
              slow.purchases.set(id, { units, back: 0 })
              bought.push(id)
            } else {
              slow.holds.set(id, now + 5 * DAY)
              held.push(id)
            }
          }
        } else if (what === 'capture' || what === 'release') {
          const name = held[pick % Math.max(1, held.length)] ?? 'none'
          const [there, keep] = [slow.holds.has(name), pick % 2 === 0]
          const set = slow.units.filter(({ place }) => place === name).length
          const data =
            what === 'release' ? { reservation: name } : { reservation: name, amount: money(amount), keep }
          outcome = tell(`wallet/${what}`, data)
          if (what === 'capture' && amount === 0) expected = 'amount-not-positive'
          else if (!there) expected = 'unknown-hold'
          else if (what === 'release') slow.release(name)
          else if (amount > set) expected = 'capture-exceeds-hold'
          else {
            const units = slow.taken(amount, name).flat()
            for (const unit of units) unit.place = 'gone'
            slow.purchases.set(id, { units, back: 0 })
            bought.push(id)
            if (!keep || amount === set) slow.release(name)
          }
        } else if (what === 'refund') {
          const name = bought[pick % Math.max(1, bought.length)] ?? 'none'
          const purchase = slow.purchases.get(name)
          outcome = tell('wallet/refund', { purchase: name, amount: money(amount) })
          if (amount === 0) expected = 'amount-not-positive'
          else if (purchase === undefined) expected = 'unknown-purchase'
          else if (amount > purchase.units.length - purchase.back) expected = 'refund-exceeds-purchase'
          else slow.refund(name, amount, now)
        } else if (what === 'withdraw') {
          const all = slow.here('principal').length
          const asked = pick < 30 ? all : amount
          outcome = tell('wallet/withdraw', pick < 30 ? {} : { amount: money(amount) })
          if (pick >= 30 && amount === 0) expected = 'amount-not-positive'
          else if (stopped) expected = 'account-frozen'
          else if (reserved) expected = 'money-reserved'
          else if (all === 0) expected = 'nothing-to-repay'
          else if (asked > all) expected = 'insufficient-funds'
          else {
            if (pick < 30)
              expect(engine.view(state, now).repayable).toBe(
                money(new_(slow).repay(all, terms.bonusOnWithdrawal)),
              )
            numbers['cash'] = money(slow.repay(asked, terms.bonusOnWithdrawal))
          }
        } else if (what === 'reverse') {
          const name = payments[pick % Math.max(1, payments.length)] ?? 'none'
          outcome = tell('wallet/reverse', { payment: name })
          if (!(slow.brought.get(name)?.reversed === false)) expected = 'unknown-payment'
          else if (reserved) expected = 'money-reserved'
          else {
            const [principal, bonus, uncovered] = slow.reverse(name)
            Object.assign(numbers, {
              amount: money(principal),
              bonus: money(bonus),
              uncovered: money(uncovered),
            })
          }
        } else if (what === 'dispute') {
          const name = `p-${pick % 2}`
          const opens = pick % 3 === 0
          outcome = tell(opens ? 'payment-disputed' : 'dispute-closed', { payment: name })
          if (opens) disputed.add(name)
          else disputed.delete(name)
        } else {
          const freezes = pick % 3 === 0
          outcome = tell(freezes ? 'wallet/freeze' : 'wallet/unfreeze', { reason: 'asked' })
          if (freezes === slow.frozen) expected = freezes ? 'already-frozen' : 'not-frozen'
          else slow.frozen = freezes
        }
        commands += 1
        if (expected !== undefined) refusals += 1
        expect(outcome.outcome === 'refused' ? outcome.refusal.code : outcome.outcome).toBe(
          expected ?? 'accepted',
        )
        if (outcome.outcome === 'refused') {
          for (const lang of ['en', 'zh'] as const)
            expect(explain(engine, outcome.refusal, lang)).not.toMatch(/undefined|\{/)
          continue
        }
        if (outcome.outcome !== 'accepted') continue
        state = outcome.state
        // What comes back after its end is gone at once.
        slow.until(now)
        expect(outcome.events.map(({ occurredAt }) => occurredAt)).toEqual(
          outcome.events.map(({ occurredAt }) => Math.max(last, occurredAt)),
        )
        last = now
        expect(
          outcome.events.find(({ type }) => type.startsWith('wallet/') && !/expired|released/.test(type))
            ?.data ?? {},
        ).toMatchObject(numbers)
        const view = engine.view(state, now)
        const count = (kind: Unit['kind'], test: (place: string) => boolean) =>
          money(slow.units.filter((unit) => unit.kind === kind && test(unit.place)).length)
        const is = (place: string) => place === 'here'
        const aside = (place: string) => place !== 'here' && place !== 'gone'
        expect([view.principal, view.bonus]).toEqual([count('principal', is), count('bonus', is)])
        expect(view.reserved).toEqual({ principal: count('principal', aside), bonus: count('bonus', aside) })
        expect(view.liability).toBe(count('principal', (place) => place !== 'gone'))
        for (const totals of Object.values(view.totals)) {
          const n = (name: keyof typeof totals) => Number(totals[name])
          const held =
            n('in') + n('refunded') - n('paid') - n('expired') - n('repaid') - n('takenBack') - n('forfeited')
          expect(held).toBeGreaterThanOrEqual(0)
        }
      }
      // In the end everything that is left leaves.
      slow.until(now)
      for (const name of slow.holds.keys())
        state = (
          engine.decide(state, {
            id: `r-${name}`,
            type: 'wallet/release',
            subject: 'ann',
            occurredAt: now,
            data: { reservation: name },
          } as never) as { state: typeof state }
        ).state
    }),
    { numRuns: runs(450, 40_000) },
  )
  expect(refusals).toBeGreaterThan(commands / 20)
  expect(refusals).toBeLessThan((commands * 3) / 4)
})

/** A copy, to ask what would be. */
function new_(slow: Slow): Slow {
  const copy = new Slow(slow.policy)
  copy.units = slow.units.map((unit) => ({ ...unit }))
  copy.brought = new Map([...slow.brought].map(([name, one]) => [name, { ...one }]))
  return copy
}
