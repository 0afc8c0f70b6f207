// Members share a budget: plans run at the same time, through crashes and retries, and what it keeps and has spent is what their benefits say.
import * as fc from 'fast-check'
import {
  type AnyEvent,
  defineBenefits,
  defineEvents,
  defineStock,
  denialPlan,
  fundingPlan,
  settlementPlan,
} from 'liuliang'
import { expect, test } from 'vitest'
import { planRunner, stateStore } from '../support/plan-runner.js'
import { runs } from '../support/size.js'

const calendar = { zone: 'UTC' } as const
const funding = { budget: 'pot', costPerIssue: '5' } as const
const shop = defineEvents({ visited: {} })
const b = defineBenefits({
  id: 'b',
  version: 1,
  calendar,
  events: shop,
  currency: 'CNY',
  benefits: [
    {
      benefit: 'off',
      owner: 'crm',
      funding,
      gives: { kind: 'amount-off', off: '5' },
      valid: { days: 20 },
      uses: 2,
      return: 'always',
    },
    // Costs more than is kept for it, at each use.
    {
      benefit: 'mug',
      owner: 'crm',
      funding,
      gives: { kind: 'gift', gift: 'mug', costPerUse: '7' },
      return: 'never',
    },
  ],
})
const pot = defineStock({
  id: 'pot',
  version: 1,
  calendar,
  unit: 'CNY',
  partialCommit: 'keep-rest',
  keep: { days: 3650 },
})
const cents = (text: string | number) => Math.round(Number(text) * 100)
const members = ['ann', 'bob', 'cid'] as const

const how = fc.constantFrom('lives', 'lives', 'dies', 'twice') as fc.Arbitrary<'lives' | 'dies' | 'twice'>
const member = fc.constantFrom(...members)
const act = fc.oneof(
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constant('issue' as const),
      member,
      what: fc.constantFrom('off', 'off', 'mug'),
    }),
  },
  { weight: 8, arbitrary: fc.record({ act: fc.constant('plan' as const), which: fc.nat({ max: 9 }), how }) },
  {
    weight: 4,
    arbitrary: fc.record({
      act: fc.constant('use' as const),
      member,
      which: fc.nat({ max: 3 }),
      line: fc.constantFrom('3', '30'),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({
      act: fc.constantFrom('return' as const, 'revoke' as const),
      member,
      which: fc.nat({ max: 3 }),
    }),
  },
  {
    weight: 3,
    arbitrary: fc.record({ act: fc.constant('wait' as const), days: fc.constantFrom(1, 12, 25) }),
  },
)

test('a shared budget is never below nothing, and keeps and spends what benefits say', () => {
  const seen: Record<string, number> = {}
  const note = (what: string) => {
    seen[what] = (seen[what] ?? 0) + 1
  }
  fc.assert(
    fc.property(
      fc.integer({ min: 4, max: 40 }),
      fc.array(act, { minLength: 5, maxLength: 50, size: 'max' }),
      (money, acts) => {
        let now = Date.UTC(2024, 2, 1)
        const clock = () => {
          now += 60_000
          return now
        }
        const plain = stateStore({ b, pot })
        const funded: { runner: ReturnType<typeof planRunner>; asked: AnyEvent }[] = []
        const toSettle: AnyEvent[] = []
        const recorded = new Set<string>()
        const orders: Record<string, string[]> = { ann: [], bob: [], cid: [] }
        const store: typeof plain = {
          ...plain,
          decide(engine, subject, input) {
            const outcome = plain.decide(engine, subject, input)
            if (outcome.outcome === 'accepted') recorded.add(input.id)
            if (outcome.outcome !== 'accepted' || engine !== 'b') return outcome
            for (const event of (outcome as unknown as { events: readonly AnyEvent[] }).events) {
              if (event.type === 'b/requested') {
                const plan = fundingPlan(b, event, { budgets: pot, occurredAt: now })
                funded.push({ runner: planRunner(store, plan, clock), asked: event })
              }
              if (['b/used', 'b/expired', 'b/revoked'].includes(event.type)) toSettle.push(event)
              if (event.type === 'b/used') orders[subject]!.push((event.data as { order: string }).order)
            }
            return outcome
          },
        }
        const stock = () => {
          const state = store.load('pot', 'pot') as ReturnType<typeof pot.start>
          return pot.view(state, Math.max(now, state.at ?? 0))
        }
        const view = (who: string) => {
          const state = store.load('b', who) as ReturnType<typeof b.start>
          return b.view(state, state.at ?? now)
        }
        let ids = 0
        const tell = (engine: 'b' | 'pot', subject: string, type: string, data: object) => {
          ids += 1
          return store.decide(engine, subject, { id: `i${ids}`, type, subject, occurredAt: clock(), data })
        }
        tell('pot', 'pot', 'pot/restock', { amount: `${money}.00`, reason: 'first' })

        /** One attempt; what cannot be told any more is looked up in the log. */
        const attempted = (
          runner: ReturnType<typeof planRunner>,
          how: 'lives' | 'dies' | 'twice',
          missing: object,
        ) => {
          const next = runner.attempt(how)
          if (next.next !== 'unknown') return next
          note('unknown')
          const { step, part, input } = next
          const found = recorded.has(input)
          const report = { step, part, outcome: found ? 'settled' : 'refused', at: clock() } as const
          runner.report(found ? report : { ...report, refusal: missing as { code: string } })
          return runner.attempt(how)
        }

        let settling: ReturnType<typeof planRunner> | undefined
        let plan: ReturnType<typeof settlementPlan>
        let unpaid = 0
        /** One attempt at what is settled now; one event after the other. */
        const settle = (how: 'lives' | 'dies' | 'twice'): boolean => {
          if (settling === undefined) {
            const event = toSettle.shift()
            if (event === undefined) return false
            const stateOf = (budget: string) => store.load('pot', budget) as ReturnType<typeof pot.start>
            plan = settlementPlan(b, event, { budgets: pot, occurredAt: clock(), stateOf })
            if (plan === undefined) return true
            note(event.type)
            settling = planRunner(store, plan, clock)
          }
          const end = attempted(settling, how, { code: 'late', lastAt: now })
          const { next } = end
          if (next === 'do' || next === 'undo') return true
          note(`settling ${next}`)
          if ('because' in end) {
            // What the budget has not got is the last step, and stays for a person to find.
            const last = plan!.steps.length - 1
            expect(end.because).toMatchObject({ step: last, refusal: { code: 'sold-out' } })
            unpaid += cents((plan!.steps[last]!.command.data as { amount: string }).amount)
          }
          settling = undefined
          return true
        }
        const fund = (i: number, how: 'lives' | 'dies' | 'twice'): boolean => {
          const { runner, asked } = funded[i]!
          const next = attempted(runner, how, { code: 'not-done' })
          if (next.next === 'do' || next.next === 'undo') return true
          note(`funding ${next.next}`)
          funded.splice(i, 1)
          if (next.next === 'failed') {
            const denied = planRunner(
              store,
              denialPlan(b, asked, { because: next.because.refusal, occurredAt: clock() }),
              clock,
            )
            for (let k = 0; k < 9; k++) denied.attempt('lives')
          }
          return true
        }

        for (const one of acts) {
          if (one.act === 'issue') tell('b', one.member, 'b/issue', { benefit: one.what })
          else if (one.act === 'plan') {
            const i = one.which % (funded.length + 1)
            if (i === funded.length) settle(one.how)
            else fund(i, one.how)
          } else if (one.act === 'use') {
            const usable = view(one.member).benefits.filter(({ stage }) => stage === 'usable')
            if (usable.length === 0) continue
            const { issue } = usable[one.which % usable.length]!
            const data = { order: `o${ids}`, cart: { lines: [{ amount: one.line }] }, issues: [issue] }
            tell('b', one.member, 'b/use', data)
          } else if (one.act === 'wait') now += one.days * 86_400_000
          else if (one.act === 'return') {
            const order = orders[one.member]!.at(-1 - one.which)
            if (order !== undefined) tell('b', one.member, 'b/return', { order, refunded: 'whole' })
          } else {
            const issue = view(one.member).benefits.at(-1 - (one.which % 2))?.issue
            if (issue !== undefined) tell('b', one.member, 'b/revoke', { issue, reason: 'r' })
          }
          expect(cents(stock().available)).toBeGreaterThanOrEqual(0)
        }

        for (const who of members) tell('b', who, 'visited', {})
        for (let i = 0; funded.length > 0; i++) fund(0, i % 3 === 0 ? 'dies' : 'lives')
        for (const who of members) tell('b', who, 'visited', {})
        for (let i = 0; settle(i % 3 === 0 ? 'dies' : 'lives'); i++);
        const sum = (of: (one: ReturnType<typeof view>) => readonly { cost: string; reserved: string }[]) =>
          members
            .flatMap((who) => of(view(who)))
            .reduce((all, one) => all + cents(one.cost) + cents(one.reserved), 0)
        const said = sum(({ totals }) => Object.values(totals))
        const { available, reserved, committed } = stock()
        expect(members.every((who) => view(who).benefits.every(({ stage }) => stage !== 'awaiting'))).toBe(
          true,
        )
        expect(cents(reserved) + cents(committed) + unpaid).toBe(said)
        expect(cents(available)).toBe(money * 100 - said + unpaid)
      },
    ),
    { numRuns: runs(300, 10_000) },
  )
  for (const what of [
    'funding done',
    'funding failed',
    'settling done',
    'b/used',
    'b/expired',
    'b/revoked',
    'unknown',
  ])
    expect(seen[what] ?? 0, what).toBeGreaterThan(runs(2, 100))
}, 600_000)
