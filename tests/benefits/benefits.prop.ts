// Benefits against an oracle that keeps a list of issues and works an order out by hand. Which commands have to succeed is
// told by the oracle, so a wrong refusal fails too; whole refunds leave costs as they were, and nothing is made or lost.
import fc from 'fast-check'
import {
  collect,
  defineBenefits,
  defineBudgetUse,
  defineEvents,
  explain,
  instant,
  quoteBenefits,
} from 'liuliang'
import { expect, test } from 'vitest'
import { runs } from '../support/size.js'

const timeout = runs(60_000, 3_600_000)
const DAY = 86_400_000
const start = instant('2026-01-01T00:00:00Z')
const names = ['off', 'pct', 'ship', 'right'] as const
type Name = (typeof names)[number]

const policies = fc.record({
  base: fc.constantFrom('original', 'remaining'),
  perOrder: fc.constantFrom(1, 2, 3),
  returns: fc.constantFrom('whole-order-only', 'always', 'never'),
  excludes: fc.boolean(),
})
type Policy = typeof policies extends fc.Arbitrary<infer P> ? P : never

const events = defineEvents({ noted: {} })
const engineOf = ({ base, perOrder, returns, excludes }: Policy) =>
  defineBenefits({
    id: 'benefits',
    version: 1,
    calendar: { zone: 'UTC' },
    events,
    currency: 'JPY',
    base: base as 'original',
    perOrder,
    ...(excludes && { excludes: [['reduced', 'post']] as const }),
    benefits: [
      {
        benefit: 'off',
        owner: 'crm',
        funding: { budget: 'b', costPerIssue: '25' },
        gives: { kind: 'amount-off', off: '30', from: '100', groups: ['x'] },
        valid: { days: 9 },
        perOrder: 2,
        group: 'reduced',
        return: returns as 'always',
        limit: { times: 2, per: 'month' },
      },
      {
        benefit: 'pct',
        owner: 'crm',
        funding: { unfunded: 'a trial' },
        gives: { kind: 'percent-off', percent: '12.5', upTo: '40' },
        valid: { days: 5 },
        return: returns as 'always',
        returnGrace: { days: 2 },
        transferable: true,
      },
      {
        benefit: 'ship',
        owner: 'post',
        funding: { unfunded: 'a trial' },
        gives: { kind: 'free-shipping', upTo: '9', from: '50' },
        group: 'post',
        return: returns as 'always',
      },
      {
        benefit: 'right',
        owner: 'lounge',
        funding: { budget: 'b', costPerIssue: '20' },
        gives: { kind: 'right', right: 'lounge', costPerUse: '8' },
        uses: 3,
        claim: { days: 2 },
        valid: { days: 7 },
        return: returns as 'always',
      },
    ],
  })

interface One {
  readonly id: string
  readonly name: Name
  stage: 'awaiting' | 'claimable' | 'usable' | 'gone'
  uses: number
  ends: number
  reserved: number
}
const FUNDED = { off: 25, pct: 0, ship: 0, right: 20 }
const LASTS = { off: 9, pct: 5, ship: 1e9, right: 7 }

/** An order worked out by hand: the discount of each, in the order of the definition, or why not. */
function worked(
  chosen: readonly Name[],
  lines: readonly { amount: number; group?: string }[],
  shipping: number,
  base: string,
) {
  const whole = lines.map(({ amount }) => amount)
  const left = [...whole]
  let post = shipping
  const discounts: number[] = []
  const sum = (list: readonly number[], test: (i: number) => boolean = () => true) =>
    list.reduce((total, one, i) => (test(i) ? total + one : total), 0)
  for (const name of chosen) {
    if (name === 'right') return 'no-effect'
    const test = (i: number) => name !== 'off' || lines[i]!.group === 'x'
    const before = sum(base === 'original' ? whole : left, test)
    if (before < { off: 100, pct: 0, ship: 50 }[name]) return 'below-threshold'
    if (name === 'ship') {
      const discount = Math.min(post, 9)
      if (discount === 0) return 'no-effect'
      post -= discount
      discounts.push(discount)
      continue
    }
    const open = sum(left, test)
    const discount = Math.min(open, name === 'off' ? 30 : Math.min(40, Math.ceil(before / 8)))
    if (discount === 0) return 'no-effect'
    discounts.push(discount)
    // The largest remainders get the units that are left; of equals the first.
    let rest = discount
    const exact = left.map((amount, i) => (test(i) ? discount * amount : 0))
    const floors = exact.map((one) => Math.floor(one / open))
    rest -= sum(floors)
    const order = exact.map((one, i) => [one % open, i] as const).sort((a, b) => b[0] - a[0] || a[1] - b[1])
    for (const [i, floor] of floors.entries()) left[i]! -= floor
    for (const [, i] of order.slice(0, rest)) left[i]! -= 1
  }
  return { discounts, left, post }
}

const step = fc.record({
  what: fc.constantFrom(
    ...([
      'issue',
      'issue',
      'issue',
      'issue',
      'grant',
      'grant',
      'deny',
      'claim',
      'claim',
      'use',
      'use',
      'use',
    ] as const),
    ...(['redeem', 'redeem', 'return', 'return', 'revoke', 'send', 'quote'] as const),
  ),
  name: fc.constantFrom(...names),
  pick: fc.nat({ max: 99 }),
  many: fc.integer({ min: 1, max: 3 }),
  lines: fc.array(fc.record({ amount: fc.integer({ min: 0, max: 200 }), x: fc.boolean() }), {
    minLength: 1,
    maxLength: 4,
  }),
  shipping: fc.constantFrom(0, 5, 12),
  whole: fc.boolean(),
  gap: fc.constantFrom(0, 0, 0, 1, DAY, 2 * DAY, 4 * DAY),
})

const engines = new Map<string, ReturnType<typeof engineOf>>()

test('benefits do what a list of issues does that is worked out by hand', { timeout }, () => {
  let accepted = 0
  const seen = new Map<string, number>()
  fc.assert(
    fc.property(policies, fc.array(step, { minLength: 1, maxLength: 40, size: 'max' }), (policy, steps) => {
      const key = JSON.stringify(policy)
      const engine = engines.get(key) ?? engineOf(policy)
      engines.set(key, engine)
      const use = defineBudgetUse({ id: 'use', version: 1, benefits: engine as never })
      let partial = use.empty()
      let state = engine.start('ann')
      let now = start
      const issues: One[] = []
      const months: Record<string, number> = {}
      const orders = new Map<string, { one: One; cost: number; ends: number }[]>()
      const cost: Record<Name, number> = { off: 0, pct: 0, ship: 0, right: 0 }
      for (const [i, { what, name, pick, many, lines, shipping, whole, gap }] of steps.entries()) {
        now += gap
        for (const one of issues)
          if ((one.stage === 'usable' || one.stage === 'claimable') && one.ends <= now) one.stage = 'gone'
        const id = `c-${i}`
        const tell = (type: string, data: object) =>
          engine.decide(state, {
            id,
            type: `benefits/${type}`,
            subject: 'ann',
            occurredAt: now,
            data,
          } as never)
        const alive = issues.filter(({ stage }) => stage !== 'gone')
        const of = (stage: One['stage']) => alive.filter((one) => one.stage === stage)
        const one = alive[pick % Math.max(1, alive.length)]
        const place = (found: One | undefined) => found?.id ?? 'none'
        const cart = {
          lines: lines.map(({ amount, x }) => ({ amount: String(amount), ...(x && { group: 'x' }) })),
          shipping: String(shipping),
        }
        const plain = lines.map(({ amount, x }) => ({ amount, ...(x && { group: 'x' }) }))
        const stand = (one: One) => {
          one.stage = one.name === 'right' ? 'claimable' : 'usable'
          one.ends = now + (one.name === 'right' ? 2 : LASTS[one.name]) * DAY
        }
        let expected: string | undefined
        let outcome: ReturnType<typeof engine.decide>
        if (what === 'quote') {
          const answer = quoteBenefits(engine, state, cart, { asOf: now })
          if (!('quote' in answer)) throw new Error('a cart was refused')
          const { quote } = answer
          expect(quote.exhaustive).toBe(true)
          // Nothing that may be used together does more; and what is quoted is what use does.
          const usable = of('usable').filter((one) => one.name !== 'right')
          let best = 0
          for (let set = 1; set < 2 ** Math.min(6, usable.length); set++) {
            const some = usable.slice(0, 6).filter((_, k) => Math.floor(set / 2 ** k) % 2 === 1)
            if (unfit(some, policy) !== undefined) continue
            const done = worked(
              sorted(some).map((one) => one.name),
              plain,
              shipping,
              policy.base,
            )
            if (typeof done !== 'string')
              best = Math.max(
                best,
                done.discounts.reduce((a, b) => a + b, 0),
              )
          }
          expect(Number(quote.discount)).toBeGreaterThanOrEqual(best)
          if (quote.issues.length > 0) {
            const used = tell('use', { order: `quoted-${i}`, cart, issues: quote.issues })
            expect(used.outcome).toBe('accepted')
            if (used.outcome === 'accepted')
              expect(used.events.at(-1)!.data).toMatchObject({
                discount: quote.discount,
                payable: quote.payable,
                lines: quote.lines,
              })
          } else expect(best).toBe(0)
          expect(quote.issues.length + quote.others.length).toBe(usable.length)
          continue
        }
        if (what === 'issue') {
          const promised = pick % 3 === 0
          outcome = tell('issue', { benefit: name, ...(promised && { reservation: 'r' }) })
          const month = `${name} ${new Date(now).getUTCMonth()} ${new Date(now).getUTCFullYear()}`
          if (name === 'off' && (months[month] ?? 0) >= 2) expected = 'benefit-limit-reached'
          else {
            months[month] = (months[month] ?? 0) + 1
            const made: One = {
              id,
              name,
              stage: 'awaiting',
              uses: name === 'right' ? 3 : 1,
              ends: Number.POSITIVE_INFINITY,
              reserved: FUNDED[name],
            }
            if (promised || FUNDED[name] === 0) stand(made)
            issues.push(Object.assign(made, { month }))
          }
        } else if (what === 'grant' || what === 'deny') {
          outcome = tell(what, { issue: place(one), ...(what === 'deny' && { reason: 'no money' }) })
          if (one?.stage !== 'awaiting') expected = 'nothing-awaited'
          else if (what === 'grant') stand(one)
          else {
            one.stage = 'gone'
            months[(one as unknown as { month: string }).month]! -= 1
          }
        } else if (what === 'claim') {
          const found = of('claimable')[0] ?? one
          outcome = tell('claim', { issue: place(found) })
          if (found?.stage !== 'claimable') expected = 'nothing-to-claim'
          else {
            found.stage = 'usable'
            found.ends = now + LASTS[found.name] * DAY
          }
        } else if (what === 'use') {
          const usable = of('usable')
          const chosen = pick % 7 === 0 && one ? [one] : usable.slice(pick % 3, (pick % 3) + many)
          outcome = tell('use', { order: id, cart, issues: chosen.map(({ id }) => id) })
          const off = chosen.find(({ stage }) => stage !== 'usable')
          const inOrder = sorted(chosen)
          const done = worked(
            inOrder.map(({ name }) => name),
            plain,
            shipping,
            policy.base,
          )
          if (chosen.length === 0) expected = 'malformed-issues'
          else if (off !== undefined) expected = 'issue-not-usable'
          else if (unfit(inOrder, policy) !== undefined) expected = unfit(inOrder, policy)
          else if (typeof done === 'string') expected = done
          else {
            orders.set(id, [])
            for (const [k, one] of inOrder.entries()) {
              spend(one, done.discounts[k]!, id)
            }
            if (outcome.outcome === 'accepted')
              expect(outcome.events.at(-1)!.data).toMatchObject({
                discount: String(done.discounts.reduce((a, b) => a + b, 0)),
                lines: done.left.map(String),
                shipping: String(done.post),
                benefits: inOrder.map((one, k) => ({ issue: one.id, discount: String(done.discounts[k]) })),
              })
          }
        } else if (what === 'redeem') {
          outcome = tell('redeem', { issue: place(one) })
          if (one === undefined) expected = 'unknown-issue'
          else if (one.stage !== 'usable') expected = 'issue-not-usable'
          else if (one.name !== 'right') expected = 'no-service'
          else {
            orders.set(id, [])
            spend(one, 8, id)
          }
        } else if (what === 'return') {
          const order = [...orders.keys()][pick % Math.max(1, orders.size)] ?? 'none'
          outcome = tell('return', { order, refunded: whole ? 'whole' : 'part' })
          const back = orders.get(order)
          if (back === undefined) expected = 'order-unknown'
          else if (
            back.length === 0 ||
            policy.returns === 'never' ||
            (policy.returns === 'whole-order-only' && !whole)
          )
            expected = 'nothing-returns'
          else {
            for (const { one, cost: paid, ends } of back) {
              cost[one.name] -= paid
              const held = one.stage !== 'gone'
              one.uses = held ? one.uses + 1 : 1
              one.reserved = held ? one.reserved + paid : paid
              one.stage = 'usable'
              one.ends = ends <= now && one.name === 'pct' ? now + 2 * DAY : ends
              if (one.ends <= now) one.stage = 'gone'
            }
            orders.set(order, [])
          }
        } else {
          const transferring = what === 'send'
          outcome = tell(what, { issue: place(one), ...(transferring ? { to: 'bob' } : { reason: 'fraud' }) })
          if (one === undefined || (!transferring && one.stage === 'awaiting')) expected = 'unknown-issue'
          else if (transferring && one.stage !== 'usable') expected = 'issue-not-usable'
          else if (transferring && one.name !== 'pct') expected = 'benefit-not-transferable'
          else one.stage = 'gone'
        }
        function spend(one: One, paid: number, order: string) {
          cost[one.name] += paid
          orders.get(order)!.push({ one, cost: paid, ends: one.ends })
          one.uses -= 1
          one.reserved = one.uses > 0 ? Math.max(0, one.reserved - paid) : 0
          if (one.uses === 0) one.stage = 'gone'
        }
        const code = outcome.outcome === 'refused' ? outcome.refusal.code : outcome.outcome
        seen.set(code, (seen.get(code) ?? 0) + 1)
        expect(code).toBe(expected ?? 'accepted')
        if (outcome.outcome === 'refused')
          for (const lang of ['en', 'zh'] as const)
            expect(explain(engine, outcome.refusal, lang)).not.toMatch(/undefined|[{}]/)
        if (outcome.outcome !== 'accepted') continue
        accepted += 1
        state = outcome.state
        partial = outcome.events.reduce(use.add, partial)
        const view = engine.view(state, now)
        const open = issues.filter(({ stage }) => stage !== 'gone')
        const shown = (one: {
          issue?: string
          id?: string
          stage: string
          uses: number
          ends: number | null
        }) =>
          `${one.issue ?? one.id} ${one.stage} ${one.uses} ${one.ends === null || one.ends > 8e15 || one.stage === 'awaiting' ? '-' : one.ends}`
        expect(view.benefits.map(shown)).toEqual(open.map(shown))
        for (const name of names) {
          const reserved = open.reduce((sum, one) => (one.name === name ? sum + one.reserved : sum), 0)
          expect(view.totals[name]).toMatchObject({ cost: String(cost[name]), reserved: String(reserved) })
        }
      }
      const { rows } = use.result(partial, undefined)
      const last = engine.view(state, state.at ?? start)
      for (const { benefit, cost, issued, used } of rows)
        expect({ cost, issued, used }).toEqual({
          cost: last.totals[benefit as Name].cost,
          issued: last.totals[benefit as Name].issued,
          used: last.totals[benefit as Name].used,
        })
    }),
    { numRuns: runs(500, 20_000) },
  )
  expect(accepted).toBeGreaterThan(500)
  expect([...seen.keys()].sort()).toEqual(
    expect.arrayContaining([
      'benefit-limit-reached',
      'benefits-exclude',
      'below-threshold',
      'too-many-benefits',
      'nothing-returns',
    ]),
  )
  expect(
    collect(defineBudgetUse({ id: 'use', version: 1, benefits: [...engines.values()][0] as never }), []).sums,
  ).toEqual({})
})

const sorted = (some: readonly One[]) =>
  [...some].sort(
    (a, b) => names.indexOf(a.name) - names.indexOf(b.name) || Number(a.id.slice(2)) - Number(b.id.slice(2)),
  )

function unfit(some: readonly One[], { perOrder, excludes }: Policy): string | undefined {
  if (some.length > perOrder) return 'too-many-benefits'
  for (const [i, one] of sorted(some).entries()) {
    if (some.filter(({ name }) => name === one.name).length > (one.name === 'off' ? 2 : 1))
      return 'too-many-benefits'
    for (const other of sorted(some).slice(i + 1))
      if (excludes && one.name === 'off' && other.name === 'ship') return 'benefits-exclude'
  }
  return undefined
}
