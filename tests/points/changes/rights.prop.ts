// Of any two definitions and any history: what was earned is never less, and never ends earlier, before the notice has passed.
import fc from 'fast-check'
import {
  calendarOf,
  collect,
  DefinitionError,
  type Duration,
  defineEvents,
  definePoints,
  defineRightsReview,
  definitionChanges,
  type Engine,
  type Journal,
  type Kinds,
  migratePoints,
  money,
  type PointsState,
  text,
} from 'liuliang'
import { describe, expect, test } from 'vitest'
import { runs } from '../../support/size.js'
import { utc } from '../../support/story.js'

type Account = Engine<Kinds & { state: PointsState }>
const DAY = 86_400_000
const start = utc('2026-01-01')
const shop = defineEvents({
  'order-paid': { orderId: text(), amount: money('CNY') },
  'order-received': { orderId: text() },
  'order-refunded': { orderId: text(), amount: money('CNY') },
})

const length: fc.Arbitrary<Duration> = fc.oneof(
  fc.record({ days: fc.integer({ min: 1, max: 90 }) }),
  fc.record({ months: fc.integer({ min: 1, max: 3 }) }),
  fc.constant<Duration>({ months: 1, end: 'month' }),
)
const idle = fc.record({
  inactive: fc.constantFrom({ days: 20 }, { days: 40 }),
  first: fc.constantFrom({ days: 5 }, { days: 60 }),
  activity: fc.constantFrom(['order-received'], ['order-received', 'points/earned']),
})
const maybe = <T>(of: fc.Arbitrary<T>) => fc.option(of, { nil: undefined })
const waiting = fc.oneof(
  fc.constant('until-confirmed' as const),
  fc.record({ days: fc.integer({ min: 1, max: 30 }) }),
)
const tier = fc.record({
  gold: maybe(fc.constantFrom(80, 200)),
  silver: fc.constantFrom(20, 60),
  hold: fc.constantFrom('none', { months: 1 }, { months: 2 }),
  grace: maybe(fc.constantFrom({ days: 5 }, { days: 20 })),
  downgrade: fc.constantFrom('full', 'one-level', 'none'),
  window: fc.constantFrom('lifetime', { rolling: { days: 40 } }),
})

/** Terms drawn so that often only a few of them differ. */
const terms = fc.record({
  expires: maybe(fc.oneof({ weight: 2, arbitrary: length }, idle, fc.constant('never' as const))),
  ownExpires: maybe(length),
  pending: maybe(waiting),
  refundGrace: maybe(length),
  rate: fc.constantFrom(
    { points: 1, per: '3' },
    { points: 2, per: '3' },
    { points: 1, per: '7' },
    { points: 1, per: '2' },
  ),
  rounding: fc.constantFrom('running', 'each'),
  bonus: fc.boolean(),
  cap: maybe(
    fc.record({ atMost: fc.constantFrom(40, 60), overflow: fc.constantFrom('truncate', 'carry', 'refuse') }),
  ),
  atMost: maybe(fc.constantFrom(150, 300)),
  confirmation: fc.boolean(),
  clawback: fc.boolean(),
  enrolment: fc.constantFrom(undefined, undefined, 'at-once' as const, { on: 'order-paid' }),
  keepOrigins: fc.constantFrom(undefined, undefined, { days: 30 }, { days: 60 }),
  tier: fc.option(tier, { nil: undefined, freq: 6 }),
  notice: fc.constantFrom({ days: 3 }, { days: 10 }, undefined),
})
type Terms = typeof terms extends fc.Arbitrary<infer T> ? T : never
const places = [
  'expires',
  'ownExpires',
  'pending',
  'refundGrace',
  'rate',
  'rounding',
  'bonus',
  'cap',
  'atMost',
  'confirmation',
  'clawback',
  'enrolment',
  'keepOrigins',
  'tier',
  'tier',
  'tier',
  'notice',
] as const
const pair = fc
  .tuple(terms, terms, fc.array(fc.constantFrom(...places), { maxLength: 4 }))
  .map(([before, other, keys]): readonly [Terms, Terms] => {
    const after: Record<string, unknown> = { ...before }
    for (const key of keys) after[key] = other[key]
    return [before, after as unknown as Terms]
  })

const put = (key: string, value: unknown) => (value === undefined ? {} : { [key]: value })

function defined(version: number, of: Terms): Account {
  const { gold, silver, hold, grace, downgrade, window } = of.tier ?? {}
  const held = downgrade !== 'none'
  const track = {
    track: 'level',
    measure: { earned: 'points' },
    window,
    levels: [{ tier: 'silver', from: silver }, ...(gold === undefined ? [] : [{ tier: 'gold', from: gold }])],
    ...(held && { hold: downgrade === 'one-level' && hold === 'none' ? { months: 1 } : hold }),
    ...(held && grace && { grace: { length: grace, from: 'entry' } }),
    downgrade,
  }
  return definePoints({
    id: 'points',
    version,
    calendar: { zone: 'Europe/Paris' },
    events: shop,
    currencies: [{ currency: 'points', kind: 'spendable', ...put('atMost', of.atMost) }],
    earning: [
      {
        rule: 'purchase',
        on: 'order-paid',
        earns: { ...of.rate, of: 'amount' },
        origin: 'orderId',
        rounding: of.rounding,
        ...put('expires', of.ownExpires),
      },
      ...(of.bonus ? [{ rule: 'bonus', on: 'order-paid', earns: { points: 5 }, origin: 'orderId' }] : []),
    ],
    confirmation: of.confirmation ? [{ on: 'order-received', origin: 'orderId' }] : [],
    clawback: of.clawback ? [{ on: 'order-refunded', origin: 'orderId', of: 'amount' }] : [],
    ...put('caps', of.cap && [{ cap: 'weekly', per: { this: 'week' }, ...of.cap }]),
    ...put('expires', of.expires),
    ...put('pending', of.pending),
    ...put('enrolment', of.enrolment),
    ...put('keepOrigins', of.keepOrigins),
    ...put('refunds', of.refundGrace && { grace: of.refundGrace }),
    ...put('tiers', of.tier && [track]),
    ...put('changes', of.notice && { notice: of.notice }),
  } as never) as unknown as Account
}

const step = fc.record({
  what: fc.constantFrom(
    'paid',
    'paid',
    'paid',
    'received',
    'refunded',
    'redeem',
    'reserve',
    'refund',
    'give',
  ),
  order: fc.nat({ max: 3 }),
  amount: fc.integer({ min: 1, max: 400 }),
  days: fc.integer({ min: 0, max: 12 }),
})
type Step = typeof step extends fc.Arbitrary<infer T> ? T : never

/** An input, made of a step; what earns is left out of what follows a change. */
function inputOf({ what, order, amount }: Step, occurredAt: number, id: string) {
  const orderId = `o${order}`
  const made: { readonly [word: string]: readonly [type: string, data: object] } = {
    paid: ['order-paid', { orderId, amount: `${amount}.50` }],
    received: ['order-received', { orderId }],
    refunded: ['order-refunded', { orderId, amount: `${Math.ceil(amount / 3)}.00` }],
    redeem: ['points/redeem', { points: Math.ceil(amount / 8) }],
    reserve: ['points/reserve', { points: Math.ceil(amount / 8), until: occurredAt + 9 * DAY }],
    refund: ['points/refund', { redemption: `h${order}` }],
    give: ['points/earn', { points: Math.ceil(amount / 8), reason: 'x' }],
  }
  const [type, data] = made[what]!
  return { id, type, subject: 'u1', occurredAt, data }
}

/** The state after an input, whether it is accepted or refused. */
function told(engine: Account, state: Journal<PointsState>, input: object): Journal<PointsState> {
  const outcome = engine.decide(state, input as never)
  return outcome.outcome === 'accepted' ? outcome.state : state
}

/** Everything in a state that looks like a lot, by a walk that knows nothing of trees. */
function lotsIn(state: PointsState): ReadonlyMap<string, { readonly end: number; readonly points: number }> {
  const found = new Map<string, { end: number; points: number }>()
  const walk = (value: unknown, place: string): void => {
    if (typeof value !== 'object' || value === null) return
    const { lot, remaining, amount, expiresAt, id } = value as { readonly [key: string]: unknown }
    if (typeof lot === 'number') {
      const key = `${place}${lot}`
      const known = found.get(key) ?? { end: Number.POSITIVE_INFINITY, points: 0 }
      const end = expiresAt === null ? Number.POSITIVE_INFINITY : (expiresAt as number)
      found.set(key, {
        end: Math.min(known.end, end),
        points: known.points + ((remaining ?? amount) as number),
      })
      return
    }
    for (const one of Object.values(value)) walk(one, typeof id === 'string' ? `${id}/` : place)
  }
  const { lots, reservations } = state.books['points']!
  walk(lots.pending, 'p/')
  walk(lots.spendable, '')
  walk(reservations, 'r/')
  // What can be spent, and what is put off with it.
  for (const [key, one] of found)
    if (!key.startsWith('p/') && lots.notBefore !== null) one.end = Math.max(one.end, lots.notBefore)
  return found
}

interface Seen {
  readonly balance: number
  readonly pending: number
  readonly reserved: number
  readonly rank: number
  /** Without what waits: what is confirmed later than it ends is never spent. */
  readonly held: number
}
function seen(engine: Account, state: Journal<PointsState>, at: number): Seen {
  const view = engine.view(state, at) as unknown as {
    readonly balance: number
    readonly pending: number
    readonly reserved: number
    readonly tiers?: { readonly level?: { readonly tier: string | null } }
  }
  const rank = ['silver', 'gold'].indexOf(view.tiers?.level?.tier ?? '')
  const { balance, pending, reserved } = view
  return { balance, pending, reserved, rank, held: balance + reserved }
}

const worseFor = (changes: ReturnType<typeof definitionChanges>) =>
  changes.some(({ effect, touches }) => touches === 'earned' && (effect === 'worse' || effect === 'unknown'))

/** Points that somebody can spend, or will be able to, by the same walk. */
function owedIn(state: PointsState, at: number, rules: readonly string[]): number {
  const { lots, reservations } = state.books['points']!
  let points = 0
  const walk = (value: unknown, isReserved: boolean): void => {
    if (typeof value !== 'object' || value === null) return
    const { lot, remaining, amount, expiresAt, confirmsAt, of } = value as { readonly [key: string]: unknown }
    if (typeof lot !== 'number') for (const one of Object.values(value)) walk(one, isReserved)
    else if (isReserved) points += amount as number
    else if (expiresAt !== null && Math.max(expiresAt as number, lots.notBefore ?? 0) <= at) return
    else if (confirmsAt !== null || rules.includes((of as readonly string[])[0]!))
      points += remaining as number
  }
  walk([lots.pending, lots.spendable], false)
  walk(reservations, true)
  return points
}

const count = { refused: 0, free: 0, noticed: 0, lower: 0 }

test('what was earned is never less before the notice has passed', {
  timeout: runs(60_000, 3_600_000),
}, () => {
  fc.assert(
    fc.property(
      pair,
      fc.array(step, { minLength: 1, maxLength: 14 }),
      fc.array(step, { maxLength: 8 }),
      fc.constantFrom('at-once' as const, 'new-earnings-only' as const),
      ([one, other], history, later, improve) => {
        const [before, after] = [defined(1, one), defined(2, other)]
        const worse = worseFor(definitionChanges(before, after))
        let at = start
        let state = before.start('u1') as Journal<PointsState>
        for (const [i, what] of history.entries()) {
          at += what.days * DAY + 1
          state = told(before, state, inputOf(what, at, `h${i}`))
        }
        at += 1
        if (worse && one.notice === undefined) {
          expect(() => migratePoints(before, after, { announcedAt: at, improve })).toThrow(DefinitionError)
          count.refused += 1
          return
        }
        const migrate = migratePoints(before, after, { announcedAt: at, improve })
        if (worse) {
          const from = calendarOf({ zone: 'Europe/Paris' }).add(at, one.notice!)
          expect(migrate.plan.holdsFrom).toBe(from)
          expect(() => migrate(state, from - 1)).toThrow(/out-of-range at \$.at/)
          const moved = migrate(state, from).state as Journal<PointsState>
          const review = defineRightsReview({
            id: 'rights',
            version: 1,
            before,
            after,
            asOf: at,
            announcedAt: at,
            improve,
            values: { points: { currency: 'CNY', perPoint: '0.01', rounding: 'down' } },
          })
          const found = review.result(collect(review, [state]), undefined)
          const old = before.advance(state, from).state
          const now = after.advance(moved, from).state
          const { difference, before: was, after: is } = found.liability['points']!
          expect(was.points).toBe(owedIn(old.of, from, ['purchase', 'bonus']))
          expect(is.points).toBe(owedIn(now.of, from, other.bonus ? ['purchase', 'bonus'] : ['purchase']))
          expect(difference.points).toBe(is.points - was.points)
          const lower = seen(after, now, from).rank < seen(before, old, from).rank
          const lost = found.losses.some(({ code, at: on }) => code.startsWith('tier-') && on === from)
          expect(lost).toBe(lower)
          count.lower += lower ? 1 : 0
          count.noticed += 1
          return
        }
        count.free += 1
        let old = before.advance(state, at).state
        let moved = migrate(state, at).state as Journal<PointsState>
        const [lots, kept] = [lotsIn(old.of), lotsIn(moved.of)]
        expect([...kept.keys()].sort()).toEqual([...lots.keys()].sort())
        for (const [lot, { end, points }] of lots) {
          expect(kept.get(lot)!.end).toBeGreaterThanOrEqual(end)
          expect(kept.get(lot)!.points).toBe(points)
        }
        // Points that wait are paid, and end, earlier where there is more room.
        const ends = one.cap?.overflow === 'carry' && (other.expires ?? other.ownExpires) !== undefined
        // Who rises earlier, or whose points are confirmed earlier, begins and ends a term earlier.
        const rises = (['pending', 'confirmation', 'cap', 'tier'] as const).some(
          (key) => JSON.stringify(one[key]) !== JSON.stringify(other[key]),
        )
        const changedAt = at
        const compare = () => {
          const [a, b] = [seen(before, old, at), seen(after, moved, at)]
          if (!rises || at === changedAt) expect(b.rank).toBeGreaterThanOrEqual(a.rank)
          if (ends) return
          expect(b.held).toBeGreaterThanOrEqual(a.held)
          expect(b.balance).toBeGreaterThanOrEqual(a.balance)
        }
        compare()
        for (const [i, what] of later.entries()) {
          at += what.days * 3 * DAY + 1
          old = before.advance(old, at).state
          moved = after.advance(moved, at).state
          if (what.what === 'received' || what.what === 'refund' || what.what === 'refunded') {
            old = told(before, old, inputOf(what, at, `l${i}`))
            moved = told(after, moved, inputOf(what, at, `l${i}`))
          }
          compare()
        }
      },
    ),
    { numRuns: runs(600, 40_000) },
  )
  for (const of of ['refused', 'free', 'noticed'] as const) expect(count[of]).toBeGreaterThan(25)
  expect(count.lower).toBeGreaterThan(0)
})

describe('lengths', () => {
  const any: fc.Arbitrary<Duration> = fc.oneof(
    ...(['hours', 'days', 'weeks', 'months', 'years'] as const).map((unit) =>
      fc
        .integer({ min: 0, max: unit === 'hours' ? 900 : unit === 'days' ? 400 : 14 })
        .chain((n) =>
          unit === 'hours'
            ? fc.constant({ hours: n } as Duration)
            : fc
                .constantFrom(
                  {},
                  { at: '09:00' },
                  { end: true },
                  { end: 'month' },
                  { end: 'quarter' },
                  { end: 'year' },
                )
                .map((more) => ({ [unit]: n, ...more }) as unknown as Duration),
        ),
    ),
  )
  const zones = ['Europe/Paris', 'Pacific/Apia', 'Australia/Lord_Howe']
  const dates = Array.from({ length: 40 }, (_, i) => utc('2010-12-01') + i * 97 * 3_600_000 + i * i * DAY)

  test('are longer or shorter only where they are from every date', {
    timeout: runs(30_000, 3_600_000),
  }, () => {
    let decided = 0
    fc.assert(
      fc.property(any, any, fc.constantFrom(...zones), (a, b, zone) => {
        const of = (version: number, expires: Duration) =>
          definePoints({ id: 'p', version, calendar: { zone }, events: shop, earning: [], expires })
        const [change] = definitionChanges(of(1, a), of(2, b))
        const calendar = calendarOf({ zone })
        const apart = dates.map((date) => calendar.add(date, b) - calendar.add(date, a))
        if (change?.effect === 'better') expect(Math.min(...apart)).toBeGreaterThanOrEqual(0)
        if (change?.effect === 'worse') expect(Math.max(...apart)).toBeLessThanOrEqual(0)
        if (change === undefined) expect(apart.every((one) => one === 0)).toBe(true)
        if (change !== undefined && change.effect !== 'unknown') decided += 1
      }),
      { numRuns: runs(300, 30_000) },
    )
    expect(decided).toBeGreaterThan(100)
  })
})
