// The engine and an account counted up anew from the story agree after each of many random commands, under every policy.
import fc from 'fast-check'
import {
  defineEvents,
  definePoints,
  expiries,
  expiringBy,
  formatMinor,
  integer,
  type LotExpiry,
  text,
} from 'liuliang'
import { openLots } from 'liuliang/ledger'
import { describe, expect, test } from 'vitest'
import { runs } from '../support/size.js'
import { utc } from '../support/story.js'
import { add, type OracleTerms, oracle, type Told } from './support/lasting-oracle.js'

const timeout = runs(60_000, 3_600_000)
const day = 86_400_000
const events = defineEvents({
  deed: { worth: integer(), deal: text(), kind: text('dear', 'plain', 'free') },
  undone: { worth: integer(), deal: text() },
})
const costs = { dear: '1/3', plain: '0.2', free: '0' }

/** The first midnight of UTC at or after `from` that passes. */
const midnight = (from: number, passes: (date: Date) => boolean) => {
  for (let at = Math.ceil(from / day) * day; ; at += day) if (passes(new Date(at))) return at
}
const daysIn = (date: Date) =>
  new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
const isFirst = (date: Date) => date.getUTCDate() === 1
/** Ends as the engine is told them, and as a wall calendar finds them. */
const ends: readonly {
  readonly expires: LotExpiry
  readonly endOf: OracleTerms['endOf']
}[] = [
  { expires: 'never', endOf: () => null },
  { expires: { days: 25 }, endOf: (at) => add(at, { days: 25 }) },
  { expires: { months: 1 }, endOf: (at) => add(at, { months: 1 }) },
  {
    expires: { months: 1, end: 'month' },
    endOf: (at) => midnight(add(at, { months: 1 }) + 1, isFirst),
  },
  {
    expires: { months: 3, end: 'quarter' },
    endOf: (at) =>
      midnight(add(at, { months: 3 }) + 1, (date) => isFirst(date) && date.getUTCMonth() % 3 === 0),
  },
  { expires: { on: '2024-03-20' }, endOf: () => utc('2024-03-21') },
  {
    expires: { every: '02-29', atLeast: { days: 20 } },
    endOf: (at) => midnight(at + 20 * day, (date) => isFirst(date) && date.getUTCMonth() === 2),
  },
  {
    expires: { anniversary: 'enrolment', atLeast: { days: 30 } },
    endOf: (at, firstAt) => {
      const came = new Date(firstAt)
      return midnight(
        Math.max(at + 30 * day, firstAt + day),
        (date) =>
          date.getUTCFullYear() > came.getUTCFullYear() &&
          date.getUTCMonth() === came.getUTCMonth() &&
          date.getUTCDate() === Math.min(came.getUTCDate(), daysIn(date)),
      )
    },
  },
]

interface Policy {
  readonly spend: OracleTerms['spend']
  readonly ending: number
  readonly inactive: 'no' | 'all' | 'earning'
  readonly refunds: 'original' | 'grace' | 'fresh'
  readonly keeps: boolean
  readonly window: boolean
}
const policies: readonly Policy[] = (['soonest-expiry', 'oldest', 'cheapest'] as const).flatMap((spend) =>
  (['no', 'all', 'earning'] as const).flatMap((inactive) =>
    (['original', 'grace', 'fresh'] as const).flatMap((refunds) =>
      [true, false].flatMap((keeps) =>
        [true, false].map((window) => ({ spend, inactive, refunds, keeps, window, ending: 0 })),
      ),
    ),
  ),
)

function build({ spend, ending, inactive, refunds, keeps, window }: Policy) {
  const { expires, endOf } = ends[ending]!
  const countsZeroPoints = inactive !== 'earning'
  const back = refunds === 'fresh' ? ({ to: 'fresh-lots' } as const) : ({ to: 'original-lots' } as const)
  const grace = refunds === 'grace' ? { grace: { days: 4 } } : {}
  const engine = definePoints({
    id: 'points',
    version: 1,
    calendar: { zone: 'UTC' },
    events,
    currencies: [
      {
        currency: 'points',
        kind: 'spendable',
        ...(inactive === 'no'
          ? { expires }
          : {
              expires: {
                inactive: { days: 12 },
                first: { days: 7 },
                activity: ['deed', 'points/redeemed'],
                countsZeroPoints,
              },
            }),
        spend,
      },
    ],
    earning: (['dear', 'plain', 'free'] as const).map((kind) => ({
      rule: kind,
      on: 'deed' as const,
      where: { kind },
      earns: { points: 1, per: 1, of: 'worth' as const },
      origin: 'deal' as const,
      cost: costs[kind],
    })),
    clawback: [{ on: 'undone', origin: 'deal', of: 'worth' }],
    refunds: { ...back, ...grace },
    ...(keeps && { keepOrigins: { days: 30 } }),
    ...(window && { reinstateWithin: { days: 10 } }),
  })
  const terms: OracleTerms = {
    spend,
    endOf: inactive === 'no' ? endOf : (at) => add(at, { days: 7 }),
    ...(inactive !== 'no' && { inactive: { days: 12 }, countsZeroPoints }),
    refunds: { ...back, ...grace },
    ...(keeps && { keepOrigins: { days: 30 } }),
    ...(window && { reinstateWithin: { days: 10 } }),
    costs: { dear: 1 / 3, plain: 0.2, free: 0 },
  }
  return { engine, terms }
}

const step = fc.record({
  what: fc.constantFrom(
    ...(['deed', 'deed', 'deed', 'undone', 'redeem', 'redeem', 'refund', 'refund', 'refund'] as const),
    ...(['expire', 'extend', 'reinstate', 'reinstate'] as const),
  ),
  after: fc.oneof(
    fc.constant(0),
    fc.integer({ min: 1, max: 5 }).map((days) => days * day),
    fc.integer({ min: 1, max: 14 * 24 }).map((hours) => hours * 3_600_000),
  ),
  kind: fc.constantFrom('dear', 'plain', 'free'),
  deal: fc.nat({ max: 2 }),
  points: fc.integer({ min: 1, max: 40 }),
  zero: fc.nat({ max: 5 }),
  pick: fc.nat({ max: 5 }),
  way: fc.nat({ max: 3 }),
})
type Step = typeof step extends fc.Arbitrary<infer S> ? S : never
const start = utc('2024-01-25 07:00')

/** Steps as the oracle is told them. */
function storyOf(steps: readonly Step[]): readonly Told[] {
  let at = start
  const redemptions: string[] = []
  const deals: string[] = []
  return steps.map(({ what, after, kind, deal, points, zero, pick, way }, i): Told => {
    at += after
    const id = `t${i}`
    if (what === 'deed') {
      // A deal is named anew each month, so that none begins again after it is forgotten.
      const name = `${kind}-${deal}-${Math.floor((at - start) / (30 * day))}`
      deals.push(name)
      return { at, id, what, kind, deal: name, points: zero === 0 ? 0 : points }
    }
    if (what === 'undone')
      return { at, id, what, deal: deals[pick % Math.max(1, deals.length)] ?? 'none', amount: points }
    if (what === 'redeem') {
      redemptions.push(id)
      const lots = way === 3 ? { lots: [pick, pick + 1] } : {}
      return { at, id, what, points, ...lots, ...(way < 2 && { paid: points * 7 + deal }) }
    }
    if (what === 'refund') {
      const redemption =
        redemptions[(redemptions.length + 5 - pick) % Math.max(1, redemptions.length)] ?? 'none'
      const how = way === 0 ? {} : way === 1 ? { points } : { amount: points * 3 }
      return { at, id, what, redemption, ...how }
    }
    if (what === 'expire')
      return {
        at,
        id,
        what,
        ...(way === 0
          ? { lots: [pick] }
          : way === 1
            ? { points, lots: [pick, pick + 1] }
            : way === 2
              ? {}
              : { points }),
      }
    return {
      at,
      id,
      what,
      ...(what === 'reinstate' && way < 2 && { points }),
      until: at + (pick * 5 - 2) * day,
    }
  })
}

/** What the engine is told. */
function inputOf({ at, id, what, kind, deal, points, amount, redemption, paid, until, lots }: Told) {
  const money = (minor: number) => formatMinor(minor, 2)
  const some = points === undefined ? {} : { points }
  const these = lots === undefined ? {} : { lots }
  const data: object =
    what === 'deed'
      ? { worth: points!, deal, kind }
      : what === 'undone'
        ? { worth: amount!, deal }
        : what === 'redeem'
          ? {
              ...some,
              ...these,
              ...(paid !== undefined && { for: { amount: money(paid), currency: 'CNY' } }),
            }
          : what === 'refund'
            ? { redemption, ...some, ...(amount !== undefined && { amount: money(amount) }) }
            : { ...some, ...these, ...(until !== undefined && { until }), reason: 'a test' }
  const type = what === 'deed' || what === 'undone' ? what : `points/${what}`
  return { id, type, subject: 'u1', occurredAt: at, data }
}

const met = new Map<string, number>()
const far = utc('2040-01-01')

/** Tells both, and compares after each step. */
function agree(policy: Policy, steps: readonly Step[]) {
  const { engine, terms } = build(policy)
  const story = storyOf(steps)
  let state = engine.start('u1')
  let unmatched = 0
  for (const [i, told] of story.entries()) {
    const outcome = engine.decide(state, inputOf(told) as never)
    const said = oracle(terms, story.slice(0, i + 1), told.at)
    const refusal = outcome.outcome === 'refused' ? outcome.refusal.code : undefined
    expect([i, told.what, refusal]).toEqual([i, told.what, said.refusal])
    const outcomes = `${told.what} ${refusal ?? 'accepted'}`
    met.set(outcomes, (met.get(outcomes) ?? 0) + 1)
    if (outcome.outcome === 'accepted') {
      state = outcome.state
      unmatched += outcome.events.filter(({ type }) => type === 'points/unmatched').length
    } else state = engine.advance(state, told.at).state
    const { balance, totals } = engine.view(state, told.at)
    const lots = [...openLots(state.of.books['points']!.lots)]
    const pieces = lots
      .map(({ lot, expiresAt, remaining }) => [lot, expiresAt, remaining] as const)
      .sort((a, b) => a[0] - b[0] || (a[1] ?? far) - (b[1] ?? far))
    const endings = expiries(state.of, told.at, far).map(({ at, points }) => [at, points] as const)
    expect({ balance, pieces, expired: totals.expired - totals.reinstated, unmatched, endings }).toEqual({
      balance: said.balance,
      pieces: said.pieces,
      expired: said.expired,
      unmatched: said.unmatched,
      endings: said.endings,
    })
    for (const at of [told.at + 3 * day, told.at + 40 * day])
      expect(expiringBy(state.of, 'points', at)).toBe(
        said.endings.reduce((sum, [end, points]) => (end <= at ? sum + points : sum), 0),
      )
    expect(JSON.parse(JSON.stringify(state))).toEqual(state)
  }
  if (unmatched > 0) met.set('unmatched', (met.get('unmatched') ?? 0) + unmatched)
}

describe('an account counted up from the story alone says the same', () => {
  test.each(policies)('%j', { timeout }, (policy) => {
    fc.assert(
      fc.property(
        fc.array(step, { minLength: 6, maxLength: 28 }),
        fc.nat({ max: ends.length - 1 }),
        (steps, ending) => agree({ ...policy, ending }, steps),
      ),
      { numRuns: runs(4, 300) },
    )
  })

  test('and every outcome was met', () => {
    const all = [
      ...['deed', 'undone', 'redeem', 'refund', 'expire', 'extend', 'reinstate'].map(
        (what) => `${what} accepted`,
      ),
      ...['redeem insufficient-points', 'redeem unknown-lot', 'refund unknown-redemption'],
      ...['refund refund-exceeds-redemption', 'refund refund-exceeds-payment', 'refund no-payment-recorded'],
      ...['expire nothing-to-expire', 'expire unknown-lot', 'expire insufficient-points'],
      ...['extend end-not-later', 'extend nothing-to-extend', 'reinstate end-not-later'],
      ...['reinstate reinstate-exceeds-expired', 'unmatched'],
    ]
    expect(all.filter((one) => (met.get(one) ?? 0) < 3)).toEqual([])
  })
})
