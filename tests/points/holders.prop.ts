// Several accounts that give, share, merge, spend and take back, against arithmetic that reads nothing but what happened.
import * as fc from 'fast-check'
import {
  type AnyEvent,
  audit,
  joinPoolPlan,
  leavePoolPlan,
  mergePlan,
  type NegativePolicy,
  type Plan,
  transferPlan,
} from 'liuliang'
import { expect, test } from 'vitest'
import { planRunner, stateStore } from '../support/plan-runner.js'
import { runs } from '../support/size.js'
import { tell, teller, utc } from '../support/story.js'
import { account, pointsWith } from './support/shop.js'

const timeout = runs(60_000, 3_600_000)
const hour = 3_600_000
const start = utc('2024-01-01')

/** One account, as somebody with a pencil would keep it: earnings by order, a pile of points, and what is owed. */
function pencil({ clawback = 'deficit', atMost = Infinity, beyond = 'uncollected' }: NegativePolicy) {
  const inMoney = clawback === 'money-due' || beyond === 'money-due'
  let [pile, owed, let_go, due] = [0, 0, 0, 0]
  const orders = new Map<string, { earned: number; back: number }>()
  const comes = (points: number) => {
    const repaid = Math.min(owed, points)
    owed -= repaid
    pile += points - repaid
  }
  const goes = (points: number) => {
    const there = clawback === 'pending-only' ? 0 : Math.min(pile, points)
    pile -= there
    const more = clawback === 'deficit' ? Math.min(points - there, Math.max(0, atMost - owed)) : 0
    owed += more
    if (inMoney) due += points - there - more
    else let_go += points - there - more
  }
  return {
    paid(order: string, points: number) {
      orders.set(order, { earned: points, back: 0 })
      comes(points)
    },
    refunded(order: string, points: number) {
      const one = orders.get(order)!
      const taken = Math.min(points, one.earned - one.back)
      one.back += taken
      goes(taken)
    },
    comes,
    goes,
    spends(points: number) {
      if (points > pile) return false
      pile -= points
      return true
    },
    forgives(points: number) {
      due -= points
    },
    /** How far a hand may go. */
    reach: () => pile + (inMoney ? Infinity : clawback === 'deficit' ? Math.max(0, atMost - owed) : 0),
    stands: () => ({ balance: pile - owed, uncollected: let_go, due }),
  }
}

const perPoint = { currency: 'CNY', ratio: '1/7' }
const policies: readonly NegativePolicy[] = [
  {},
  { clawback: 'pending-only' },
  { clawback: 'within-balance' },
  { atMost: 25 },
  { atMost: 0 },
  { atMost: 25, beyond: 'money-due', perPoint },
  { clawback: 'money-due', perPoint },
]
const act = fc.oneof(
  fc.record({ do: fc.constant('buy' as const), points: fc.integer({ min: 1, max: 60 }) }),
  fc.record({
    do: fc.constant('return' as const),
    points: fc.integer({ min: 1, max: 60 }),
    which: fc.nat(9),
  }),
  fc.record({ do: fc.constant('spend' as const), points: fc.integer({ min: 1, max: 80 }) }),
  fc.record({ do: fc.constant('adjust' as const), points: fc.integer({ min: -40, max: 40 }) }),
  fc.record({ do: fc.constant('give' as const), points: fc.integer({ min: 1, max: 30 }) }),
  fc.record({ do: fc.constant('take-back' as const), which: fc.nat(9) }),
  fc.record({ do: fc.constant('hand-in' as const), which: fc.nat(9) }),
  fc.record({ do: fc.constant('undo' as const), which: fc.nat(9) }),
)

test('every policy, after every command: what is there, owed, let go and due is what a pencil says', {
  timeout,
}, () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...policies),
      fc.array(act, { minLength: 4, maxLength: 30, size: 'max' }),
      (policy, acts) => {
        const engine = pointsWith({ negative: policy })
        const book = pencil(policy)
        const { paid, refunded, redeem, event } = account()
        let state = engine.start('u1')
        let orders = 0
        const log: AnyEvent[] = []
        const adjusted: { readonly id: string; readonly points: number; readonly due: number }[] = []
        const spent: { readonly id: string; readonly points: number }[] = []
        const gifts: { readonly id: string; readonly points: number }[] = []
        for (const [i, one] of acts.entries()) {
          const at = start + i * 1000
          let input: AnyEvent
          let succeeds = true
          if (one.do === 'buy') {
            input = paid(at, `o${orders}`, String(one.points))
            book.paid(`o${orders}`, one.points)
            orders += 1
          } else if (one.do === 'return') {
            if (orders === 0) continue
            const order = `o${one.which % orders}`
            input = refunded(at, order, String(one.points))
            book.refunded(order, one.points)
          } else if (one.do === 'spend') {
            input = redeem(at, one.points, `r${i}`)
            succeeds = book.spends(one.points)
            if (succeeds) spent.push({ id: `r${i}`, points: one.points })
          } else if (one.do === 'adjust') {
            input = event(at, 'points/adjust', { points: one.points, reason: 'x', by: 'desk' }, `a${i}`)
            succeeds = one.points !== 0 && -one.points <= book.reach()
            const before = book.stands().due
            if (succeeds && one.points > 0) book.comes(one.points)
            // A hand never takes only what is pending.
            else if (succeeds && policy.clawback === 'pending-only') book.spends(-one.points)
            else if (succeeds) book.goes(-one.points)
            if (succeeds) adjusted.push({ id: `a${i}`, points: one.points, due: book.stands().due - before })
          } else if (one.do === 'give') {
            input = event(at, 'points/earn', { points: one.points, reason: 'x' }, `g${i}`)
            book.comes(one.points)
            gifts.push({ id: `g${i}`, points: one.points })
          } else if (one.do === 'undo') {
            if (adjusted.length === 0) continue
            const [which] = adjusted.splice(one.which % adjusted.length, 1)
            input = event(at, 'points/reverse', { of: which!.id })
            if (which!.points > 0) book.goes(which!.points)
            else book.comes(-which!.points - which!.due)
            book.forgives(which!.due)
          } else {
            const list = one.do === 'take-back' ? gifts : spent
            if (list.length === 0) continue
            const [which] = list.splice(one.which % list.length, 1)
            input = event(at, 'points/reverse', { of: which!.id })
            if (one.do === 'take-back') book.goes(which!.points)
            else book.comes(which!.points)
          }
          const outcome = engine.decide(state, input as never)
          expect(outcome.outcome).toBe(succeeds ? 'accepted' : 'refused')
          if (outcome.outcome === 'accepted') {
            state = outcome.state
            log.push(...outcome.events)
          }
          const { balance, holder } = engine.view(state, at)
          const due = holder?.moneyDue['points']
          expect({ balance, uncollected: holder?.uncollected['points'] ?? 0, due: due?.points ?? 0 }).toEqual(
            book.stands(),
          )
          // A seventh of a yuan each, rounded down once for all of it.
          expect(Math.round(Number(due?.amount ?? 0) * 100)).toBe(Math.floor((book.stands().due * 100) / 7))
        }
        expect(audit(engine, state, log as never)).toMatchObject({ findings: [] })
        expect(audit(engine, state, log as never).first).toBeUndefined()
      },
    ),
    { numRuns: runs(250, 5000) },
  )
})

const people = ['ann', 'bob', 'home'] as const
const deed = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      plan: fc.nat(4),
      how: fc.constantFrom('lives', 'lives', 'dies', 'twice') as fc.Arbitrary<'lives' | 'dies' | 'twice'>,
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      start: fc.constantFrom('give', 'join', 'leave', 'merge'),
      from: fc.nat(2),
      to: fc.nat(2),
      points: fc.integer({ min: 1, max: 40 }),
    }),
  },
  {
    weight: 4,
    arbitrary: fc.record({
      word: fc.constantFrom('buy', 'return', 'spend', 'close', 'enrol', 'reserve'),
      who: fc.nat(2),
      points: fc.integer({ min: 1, max: 40 }),
      // Together within the time that ids are remembered: what is tried later is refused, done or not.
      later: fc.integer({ min: 1, max: 11 * hour }),
    }),
  },
)

test('what leaves one account enters another or comes back, wherever runners die and whatever comes between', {
  timeout,
}, () => {
  const ends: Record<string, number> = {}
  fc.assert(
    fc.property(
      fc.constantFrom(...policies),
      fc.array(deed, { minLength: 10, maxLength: 60, size: 'max' }),
      (negative, deeds) => {
        const engine = pointsWith({ negative, expires: { days: 8 }, pools: {} })
        const store = stateStore({ points: engine })
        const stateOf = (who: string) => store.load('points', who) as ReturnType<typeof engine.start>
        const tellers = Object.fromEntries(people.map((who) => [who, teller(who)]))
        let now = start
        const clock = () => {
          now += 1000
          return now
        }
        let count = 0
        const told = (who: string, type: string, data: object) =>
          store.decide('points', who, { ...tellers[who]!(clock(), type, data), id: `i${count++}` })
        for (const who of people) told(who, 'order-paid', { orderId: `first-${who}`, amount: '50' })
        const runners: ReturnType<typeof planRunner>[] = []
        const sums = () =>
          people.reduce(
            (sum, who) => {
              const { totals, balance, pending, reserved } = engine.view(stateOf(who), now)
              const { earned, redeemed, refunded, expired, clawedBack, forfeited, received, sent } = totals
              expect(balance + pending + reserved).toBe(
                earned - redeemed + refunded - expired - clawedBack - forfeited + received - sent,
              )
              return { received: sum.received + received, sent: sum.sent + sent }
            },
            { received: 0, sent: 0 },
          )
        for (const one of deeds) {
          if ('how' in one) {
            runners[one.plan % Math.max(1, runners.length)]?.attempt(one.how)
          } else if ('start' in one) {
            const [from, to] = [people[one.from]!, people[one.to]!]
            const occurredAt = clock()
            const id = `plan-${count++}`
            const plan: Plan | null =
              one.start === 'give'
                ? transferPlan(engine, stateOf(from), { id, occurredAt, from, to, points: one.points })
                : one.start === 'merge'
                  ? mergePlan(engine, stateOf(from), { id, occurredAt, from, into: to })
                  : (one.start === 'join' ? joinPoolPlan : leavePoolPlan)(
                      engine,
                      stateOf(one.start === 'join' ? from : 'home'),
                      { id, occurredAt, member: from, pool: 'home' },
                    )
            if (plan !== null) runners.push(planRunner(store, plan, clock))
          } else {
            now += one.later
            const who = people[one.who]!
            if (one.word === 'buy')
              told(who, 'order-paid', { orderId: `o${one.points % 5}`, amount: String(one.points) })
            else if (one.word === 'return')
              told(who, 'order-refunded', { orderId: `o${one.points % 5}`, amount: '9' })
            else if (one.word === 'close') {
              if (one.points > 36) told(who, 'points/close', { reason: 'x', points: 'forfeit' })
            } else if (one.word === 'enrol') told(who, 'points/enrol', {})
            else told(who, one.word === 'spend' ? 'points/redeem' : 'points/reserve', { points: one.points })
          }
          sums()
        }
        // Every plan is carried to its end: a runner that died is started again.
        for (const runner of runners) {
          for (let i = 0; i < 60 && ['do', 'undo'].includes(runner.next().next); i++) runner.attempt('lives')
          const { next } = runner.next()
          ends[next] = (ends[next] ?? 0) + 1
          expect(['done', 'failed', 'stuck']).toContain(next)
        }
        const { received, sent } = sums()
        if (runners.every((runner) => runner.next().next !== 'stuck')) expect(received).toBe(sent)
      },
    ),
    { numRuns: runs(150, 3000) },
  )
  expect(ends['done']).toBeGreaterThan(50)
  expect(ends['failed']).toBeGreaterThan(20)
})

test('a merged account is as if everything had happened to one', { timeout }, () => {
  const happened = fc.array(
    fc.record({
      who: fc.constantFrom('old', 'new'),
      do: fc.constantFrom('buy', 'buy', 'return'),
      order: fc.nat(3),
      points: fc.integer({ min: 1, max: 50 }),
    }),
    { minLength: 0, maxLength: 14 },
  )
  fc.assert(
    fc.property(happened, happened, fc.boolean(), (all, then, whole) => {
      // Of a rate that leaves fractions, which order got the point depends on who else bought.
      const [before, after] = [all, then].map((list) => list.filter((one) => whole || one.do === 'buy'))
      const engine = pointsWith({
        earning: [
          {
            rule: 'purchase',
            on: 'order-paid',
            earns: { points: 2, per: whole ? '1' : '3', of: 'amount' },
            origin: 'orderId',
          },
        ],
      })
      const inputs = (list: typeof all, from: number, whose: (who: string) => string) =>
        list.map(({ who, do: what, order, points }, i) => ({
          id: `${from}-${i}`,
          type: what === 'buy' ? 'order-paid' : 'order-refunded',
          subject: whose(who),
          occurredAt: start + from + i,
          data: { orderId: `${who}-${order}`, amount: String(points) },
        }))
      const first = inputs(before!, 0, (who) => who)
      const later = inputs(after!, 10_000, () => 'new')
      const { state: alone } = tell(
        engine,
        [...inputs(before!, 0, () => 'new'), ...later] as never,
        engine.start('new'),
      )
      const of = (who: string) =>
        tell(engine, first.filter(({ subject }) => subject === who) as never, engine.start(who)).state
      const plan = mergePlan(engine, of('old'), {
        id: 'm',
        occurredAt: start + 5000,
        from: 'old',
        into: 'new',
      })
      const { state: merged } = tell(engine, [plan.steps[1]!.command as never], of('new'))
      const { state } = tell(engine, later as never, merged)
      const [one, two] = [engine.view(alone, start + 20_000), engine.view(state, start + 20_000)]
      // What is left over of each rule adds up.
      expect(two.balance).toBe(one.balance)
    }),
    { numRuns: runs(120, 3000) },
  )
})
