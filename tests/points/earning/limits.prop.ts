// Every policy of stacking with every way over a cap, over random histories, against an oracle that counts up again from
// all that happened; and the laws: splitting never pays more, refunds in any parts and order take back exactly.
import fc from 'fast-check'
import { allocateUnits, formatMinor } from 'liuliang'
import { expect, test } from 'vitest'
import { runs } from '../../support/size.js'
import { tell, utc } from '../../support/story.js'
import { buyer, pointsOf, purchase } from './support/market.js'
import {
  counted,
  type OracleCap,
  type OracleInput,
  type OracleRule,
  type OracleTerms,
} from './support/oracle.js'

const timeout = runs(60_000, 3_600_000)
const START = utc('2026-03-05')
const HOUR = 3_600_000
const NAMES = ['a', 'b', 'c'] as const
const POLICIES = ['all', 'best', 'priority', 'exclusive'] as const
const OVERFLOWS = ['truncate', 'refuse', 'carry'] as const

/** The engine that these terms are about. */
function engineOf({ earning, caps, stacking, bound }: OracleTerms) {
  return pointsOf({
    calendar: { zone: 'UTC' },
    earning: earning.map(({ rule, channel, points, per, rounding }) => ({
      ...purchase,
      rule,
      rounding,
      ...(channel && { where: { channel } }),
      // The amount that shares are told by is the order's, for points per event too.
      earns:
        per === undefined ? { points, of: 'amount' } : { points, per: formatMinor(per, 2), of: 'amount' },
    })) as never,
    caps: caps as never,
    stacking,
    ...(bound !== undefined && {
      currencies: [{ currency: 'points', kind: 'spendable', atMost: bound }] as const,
    }),
  })
}

const rule = (name: string): fc.Arbitrary<OracleRule> =>
  fc.record(
    {
      rule: fc.constant(name),
      channel: fc.constantFrom('web', 'app'),
      points: fc.integer({ min: 1, max: 30 }),
      per: fc.constantFrom(33, 70, 100, 399),
      rounding: fc.constantFrom('running', 'running', 'each'),
    },
    { requiredKeys: ['rule', 'points', 'rounding'] },
  )
const cap = (name: string, overflow: OracleCap['overflow']): fc.Arbitrary<OracleCap> =>
  fc.record(
    {
      cap: fc.constant(name),
      rules: fc.subarray([...NAMES], { minLength: 1 }),
      atMost: fc.integer({ min: 1, max: 300 }),
      per: fc.constantFrom<OracleCap['per']>(
        { this: 'day' },
        { hours: 24 },
        { hours: 5 },
        ...(overflow === 'carry' ? [] : (['event', 'ever'] as const)),
      ),
      overflow: fc.constant(overflow),
      returns: fc.boolean(),
    },
    { requiredKeys: ['cap', 'atMost', 'per', 'overflow'] },
  )
const refined = ({ returns, ...one }: OracleCap): OracleCap =>
  returns === undefined || one.per === 'event' ? one : { ...one, returns }
const termsOf = (
  policy: (typeof POLICIES)[number],
  overflow: OracleCap['overflow'],
): fc.Arbitrary<OracleTerms> =>
  fc.record(
    {
      earning: fc.tuple(...NAMES.map(rule)),
      stacking: fc.shuffledSubarray([...NAMES], { minLength: 1 }).map((rules) => [{ rules, policy }]),
      caps: fc
        .tuple(
          cap('first', overflow),
          fc.option(
            fc.constantFrom(...OVERFLOWS).chain((other) => cap('second', other)),
            { nil: undefined },
          ),
        )
        .map(([first, second]) => [first, ...(second ? [second] : [])].map(refined)),
      bound: fc.integer({ min: 50, max: 2000 }),
    },
    { requiredKeys: ['earning', 'stacking', 'caps'] },
  )
const step = fc.record({
  gap: fc.constantFrom(0, 0, 1, HOUR, 5 * HOUR, 9 * HOUR, 24 * HOUR),
  origin: fc.integer({ min: 0, max: 5 }),
  cents: fc.constantFrom<number>(0, 1, 99, 333, 1000, 5000, 12_345, 40_000),
  what: fc.constantFrom('pay', 'pay', 'pay', 'refund', 'cancel'),
  channel: fc.constantFrom('web', 'app'),
})
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never

/** The same history for the oracle and for the engine. */
function history(steps: readonly Step[]) {
  let at = START
  const told: OracleInput[] = []
  const { event } = buyer()
  const inputs: unknown[] = []
  for (const [i, { gap, origin: n, cents, what, channel }] of steps.entries()) {
    at += gap
    const id = `i${i}`
    const origin = `o${n}`
    const amount = formatMinor(cents, 2)
    if (what === 'pay') {
      told.push({ do: 'pay', id, at, origin, cents, channel })
      inputs.push(event(at, 'order-paid', { orderId: origin, amount, channel }, id))
    } else if (what === 'refund') {
      told.push({ do: 'refund', id, at, origin, cents })
      inputs.push(event(at, 'order-refunded', { orderId: origin, amount }, id))
    } else {
      told.push({ do: 'refund', id, at, origin, cents: null })
      inputs.push(event(at, 'order-cancelled', { orderId: origin }, id))
    }
  }
  return { told, inputs, end: at }
}

/** One line for each posting, as the oracle writes them. */
const linesOf = (
  events: readonly { readonly type: string; readonly occurredAt: number; readonly data: object }[],
) =>
  events.flatMap(({ type, occurredAt, data }) => {
    const { rule, origin, points } = data as {
      readonly rule: string
      readonly origin: string
      readonly points: number
    }
    if (type === 'points/earned') return [`${occurredAt} ${rule} ${origin} +${points}`]
    return type === 'points/clawed-back' ? [`${occurredAt} ${rule} ${origin} -${points}`] : []
  })

for (const policy of POLICIES) {
  for (const overflow of OVERFLOWS) {
    test(`${policy} and ${overflow}: after each input as the oracle counts`, { timeout }, () => {
      fc.assert(
        fc.property(
          termsOf(policy, overflow),
          fc.array(step, { minLength: 1, maxLength: 25 }),
          (terms, steps) => {
            const engine = engineOf(terms)
            const { told, inputs, end } = history(steps)
            let state = engine.start('u1')
            const log: string[] = []
            for (const [i, input] of inputs.entries()) {
              const story = tell(engine, [input] as never, state)
              state = story.state
              log.push(...linesOf(story.log))
              const expected = counted(terms, told.slice(0, i + 1), told[i]!.at)
              expect(log).toEqual(expected.lines)
              expect(engine.view(state, state.at!).balance).toBe(expected.balance)
            }
            const after = engine.advance(state, end + 72 * HOUR)
            expect([...log, ...linesOf(after.events)]).toEqual(counted(terms, told, end + 72 * HOUR).lines)
          },
        ),
        { numRuns: runs(20, 2000) },
      )
    })
  }
}

test('splitting an order never pays more, now or later, under windows of any kind', { timeout }, () => {
  const windowed = fc
    .constantFrom<OracleCap['overflow']>('truncate', 'carry')
    .chain((overflow) => cap('only', overflow))
    .map(({ per, ...one }) => refined({ ...one, per: per === 'event' ? 'ever' : per }))
  const running = fc.record({
    points: fc.integer({ min: 1, max: 30 }),
    per: fc.constantFrom(33, 70, 100, 399),
  })
  fc.assert(
    fc.property(
      fc.tuple(running, running, running),
      fc.constantFrom(...POLICIES),
      windowed,
      fc.array(fc.integer({ min: 0, max: 50_000 }), { minLength: 2, maxLength: 8 }),
      (rates, policy, only, parts) => {
        const earning = rates.map((one, i) => ({ ...one, rule: NAMES[i]!, rounding: 'running' as const }))
        const engine = engineOf({ earning, caps: [only], stacking: [{ rules: ['a', 'b'], policy }] })
        const balance = (amounts: readonly number[]) => {
          const steps = amounts.map(
            (cents): Step => ({ gap: 0, origin: 0, cents, what: 'pay', channel: 'web' }),
          )
          const { state } = tell(engine, history(steps).inputs as never)
          return [state.at!, state.at! + 6 * HOUR, state.at! + 300 * 24 * HOUR].map(
            (at) => engine.view(state, at).balance,
          )
        }
        const whole = balance([parts.reduce((sum, one) => sum + one, 0)])
        for (const [i, split] of balance(parts).entries()) expect(split).toBeLessThanOrEqual(whole[i]!)
      },
    ),
    { numRuns: runs(50, 5000) },
  )
})

test('refunds in any number of parts and any order take back exactly what was paid and drop what waits', {
  timeout,
}, () => {
  fc.assert(
    fc.property(
      fc
        .constantFrom(...POLICIES)
        .chain((policy) => fc.constantFrom(...OVERFLOWS).chain((overflow) => termsOf(policy, overflow))),
      fc.array(
        fc.record({
          cents: fc.integer({ min: 1, max: 50_000 }),
          weights: fc.array(fc.integer({ min: 1, max: 9 }), { minLength: 1, maxLength: 5 }),
        }),
        { minLength: 1, maxLength: 5 },
      ),
      fc.array(fc.nat(), { minLength: 25, maxLength: 25 }),
      fc.constantFrom(0, HOUR, 5 * HOUR),
      (terms, orders, ranks, gap) => {
        const bought = orders.map(
          ({ cents }, n): Step => ({ gap, origin: n, cents, what: 'pay', channel: 'app' }),
        )
        const parts = orders
          .flatMap(({ cents, weights }, n) => allocateUnits(cents, weights).map((part) => ({ part, n })))
          .map((one, i) => ({ ...one, rank: ranks[i]! }))
          .sort((x, y) => x.rank - y.rank)
          .map(({ part, n }): Step => ({ gap, origin: n, cents: part, what: 'refund', channel: 'app' }))
        const engine = engineOf(terms)
        const { state } = tell(engine, history([...bought, ...parts]).inputs as never)
        const later = engine.advance(state, state.at! + 900 * HOUR).state
        expect(engine.view(later, later.at!).balance).toBe(0)
        expect(later.of.limits.waiters).toBe(0)
      },
    ),
    { numRuns: runs(50, 5000) },
  )
})
