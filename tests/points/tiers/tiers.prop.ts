import fc from 'fast-check'
import { calendarOf, definePoints, type Instant, replay, type TierTrack } from 'liuliang'
import { expect, test } from 'vitest'
import { runs } from '../../support/size.js'
import { tell } from '../../support/story.js'
import { account, shop } from '../support/shop.js'
import { type Told, toldBy } from './support/oracle.js'

const timeout = runs(60_000, 3_600_000)
const DAY = 1440

const zones = ['Asia/Shanghai', 'America/New_York', 'Europe/Berlin', 'Australia/Lord_Howe', 'UTC'] as const

const levels = fc.constantFrom(
  [
    { tier: 'silver', from: 200 },
    { tier: 'gold', from: 500 },
  ],
  [
    { tier: 'silver', from: 200, keep: 120 },
    { tier: 'gold', from: 500, keep: 300 },
    { tier: 'platinum', from: 900, keep: 300 },
  ],
  [
    { tier: 'silver', from: 0 },
    { tier: 'gold', from: 300, keep: 0 },
  ],
)
const unit = fc.constantFrom('month' as const, 'quarter' as const, 'year' as const)
const period = fc.oneof(
  unit.map((one) => ({ this: one })),
  fc.constantFrom(1, 2).map((years) => ({ years, from: 'enrolment' as const })),
)
const rolling = fc.constantFrom(
  { rolling: { days: 30, end: true as const } },
  { rolling: { months: 3, end: true as const } },
  { rolling: { years: 1, end: 'month' as const } },
)
const hold = fc.oneof(
  fc.constantFrom(
    { days: 20, end: true as const },
    { months: 2, end: true as const },
    { years: 1, end: 'month' as const },
  ),
  fc.record({ untilEndOf: unit, after: fc.constantFrom(0, 1) }),
)
const length = fc.constantFrom({ days: 10, end: true as const }, { months: 1, end: 'month' as const })
const optional = <T extends object>(key: string, values: fc.Arbitrary<unknown>, of: T) =>
  fc.option(values, { nil: undefined }).map((value) => (value === undefined ? of : { ...of, [key]: value }))

const held = (base: object) =>
  fc
    .record({
      hold,
      downgrade: fc.constantFrom('full', 'one-level'),
      renews: fc.constantFrom('upgrade', 'always', 'never'),
    })
    .chain((policies) =>
      optional('grace', fc.record({ length, from: fc.constantFrom('term-end', 'entry') }), {
        ...base,
        ...policies,
      }),
    )
const loose = (base: object) =>
  optional('grace', fc.record({ length, from: fc.constantFrom('drop', 'entry') }), base)
const steady = (base: object) => fc.constant({ ...base, downgrade: 'none' })
const reversing = (made: fc.Arbitrary<object>) =>
  made.chain((base) => fc.constantFrom('keep-term', 're-evaluate').map((reversal) => ({ ...base, reversal })))

const earned = { measure: { earned: 'points' } }
const tracks: fc.Arbitrary<TierTrack<string, string, 'points'>> = fc
  .tuple(
    levels,
    fc.oneof(
      fc
        .oneof(period, rolling, fc.constant('lifetime'))
        .chain((window) => reversing(held({ ...earned, window }))),
      fc.oneof(period, rolling, fc.constant('lifetime')).chain((window) => loose({ ...earned, window })),
      fc
        .oneof(period, rolling, fc.constant('lifetime'))
        .chain((window) => reversing(steady({ ...earned, window }))),
      reversing(held({ ...earned, window: 'term' })),
      period.chain((window) => reversing(held({ ...earned, window, upgrade: 'at-period-end' }))),
      held({ measure: { balance: 'points' } }),
      loose({ measure: { balance: 'points' } }),
      fc.constant({ measure: { tenure: 'months' } }),
    ),
  )
  .map(([some, policies]) => {
    const isTenure = 'tenure' in (policies as { readonly measure: object }).measure
    const scaled = isTenure ? some.map(({ tier, from }) => ({ tier, from: Math.ceil(from / 60) })) : some
    return { track: 'level', levels: scaled, ...policies } as unknown as TierTrack<string, string, 'points'>
  })

const moves = fc.array(
  fc.record({
    days: fc.oneof(
      { weight: 4, arbitrary: fc.integer({ min: 0, max: 25 }) },
      { weight: 1, arbitrary: fc.integer({ min: 26, max: 500 }) },
    ),
    minute: fc.integer({ min: 240, max: 1439 }),
    what: fc.constantFrom('order', 'order', 'order', 'order', 'refund', 'refund', 'redeem', 'set'),
    amount: fc.integer({ min: 1, max: 400 }),
    which: fc.nat({ max: 9 }),
  }),
  { minLength: 1, maxLength: 14 },
)

/** A log that has to be accepted: no refund above its order, nothing spent that is not there, two minutes apart at least. */
function logOf(
  track: TierTrack,
  first: number,
  made: readonly (typeof moves extends fc.Arbitrary<infer M> ? M : never)[number][],
) {
  const log: Told[] = []
  const left: number[] = []
  let at = first * DAY
  let balance = 0
  for (const { days, minute, what, amount, which } of made) {
    const day = Math.floor(at / DAY) + days
    at = Math.max(at + 2, day * DAY + minute)
    if (what === 'refund' && left.length > 0) {
      const order = which % left.length
      const part = Math.min(amount, left[order]!)
      left[order]! -= part
      balance -= part
      if (part > 0) log.push({ at, what, order, amount: part })
    } else if (what === 'redeem' && balance > 0) {
      const points = Math.min(amount, balance)
      balance -= points
      log.push({ at, what, amount: points })
    } else if (what === 'set' && log.length > 0) {
      const tier = which === 0 ? 'none' : track.levels[which % track.levels.length]!.tier
      const until = which % 2 === 0 ? undefined : (Math.floor(at / DAY) + 1 + amount) * DAY
      log.push(until === undefined ? { at, what, tier } : { at, what, tier, until })
    } else {
      left.push(amount)
      balance += amount
      log.push({ at, what: 'order', order: left.length - 1, amount })
    }
  }
  return log
}

const engineOf = (track: TierTrack, zone: string) =>
  definePoints({
    id: 'points',
    version: 1,
    calendar: { zone },
    events: shop,
    earning: [
      { rule: 'purchase', on: 'order-paid', earns: { points: 1, per: '1', of: 'amount' }, origin: 'orderId' },
    ],
    clawback: [{ on: 'order-refunded', origin: 'orderId', of: 'amount' }],
    tiers: [track as TierTrack<'level', string, 'points'>],
  })

/** Wall clocks of a zone. */
function wallOf(zone: string) {
  const calendar = calendarOf({ zone })
  return {
    instantOf(at: number): Instant {
      const date = new Date(at * 60_000)
      return calendar.instantOf({
        year: date.getUTCFullYear(),
        month: date.getUTCMonth() + 1,
        day: date.getUTCDate(),
        hour: date.getUTCHours(),
        minute: date.getUTCMinutes(),
      })
    },
    wallAt: (at: Instant): number => (at + calendar.offsetAt(at)) / 60_000,
  }
}

function inputsOf(log: readonly Told[], instantOf: (at: number) => Instant) {
  const { event, paid, refunded, redeem } = account()
  return log.map(({ at, what, order, amount, tier, until }) => {
    const when = instantOf(at)
    if (what === 'order') return paid(when, `o${order}`, String(amount))
    if (what === 'refund') return refunded(when, `o${order}`, String(amount))
    if (what === 'redeem') return redeem(when, amount!)
    const data = {
      track: 'level',
      tier,
      reason: 'a favour',
      ...(until !== undefined && { until: instantOf(until) }),
    }
    return event(when, 'points/set-tier', data)
  })
}

const first = fc
  .constantFrom('2023-12-31', '2024-02-29', '2024-03-09', '2019-10-26', '2024-06-30')
  .map((day) => Date.parse(day) / 86_400_000)

test('tiers are what a naive telling of the whole log says, after each input and each day', {
  timeout,
}, () => {
  fc.assert(
    fc.property(tracks, fc.constantFrom(...zones), first, moves, (track, zone, start, made) => {
      const log = logOf(track, start, made)
      const engine = engineOf(track, zone)
      const { instantOf, wallAt } = wallOf(zone)
      const heard: object[] = []
      let state = engine.start('u1')
      const note = (
        events: readonly { readonly type: string; readonly occurredAt: Instant; readonly data: object }[],
      ) => {
        for (const { type, occurredAt, data } of events) {
          if (!type.startsWith('points/tier-')) continue
          const { tier, until } = data as { readonly tier: string; readonly until?: Instant }
          heard.push({
            at: wallAt(occurredAt),
            kind: type.slice('points/tier-'.length),
            tier: tier === 'none' ? null : tier,
            until: until === undefined ? null : wallAt(until),
          })
        }
      }
      const compare = (at: number) => {
        const { said, ...expected } = toldBy(
          track,
          log.filter((one) => one.at <= at),
          at,
        )
        expect(heard).toEqual(said)
        const { tier, since, until, inGrace, measured } = engine.view(state, instantOf(at)).tiers['level']!
        expect({
          tier,
          since: since === null ? null : wallAt(since),
          until: until === null ? null : wallAt(until),
          inGrace,
          measured,
        }).toEqual(expected)
      }
      for (const [i, input] of inputsOf(log, instantOf).entries()) {
        const outcome = engine.decide(state, input as never)
        if (outcome.outcome !== 'accepted') throw new Error(JSON.stringify(outcome))
        state = outcome.state
        note(outcome.events)
        compare(log[i]!.at)
      }
      // And on through three years in which nothing happens.
      const last = Math.floor(log.at(-1)!.at / DAY)
      for (const days of [1, 9, 40, 200, 1100]) {
        const step = engine.advance(state, instantOf((last + days) * DAY))
        state = step.state
        note(step.events)
        compare((last + days) * DAY)
      }
    }),
    { numRuns: runs(60, 6000) },
  )
})

const rankOf = (track: TierTrack, tier: string | null) =>
  track.levels.findIndex((level) => level.tier === tier)
const isLoose = ({ hold = 'none', downgrade, grace }: TierTrack) =>
  hold === 'none' && downgrade !== 'none' && grace === undefined

test('a tier with facts that came late is no lower, and ends no earlier, than with the facts in order', {
  timeout,
}, () => {
  const ofEarnings = tracks.filter(({ measure }) => 'earned' in measure)
  const setless = moves.map((some) => some.filter(({ what }) => what !== 'set' && what !== 'redeem'))
  fc.assert(
    fc.property(
      ofEarnings,
      fc.constantFrom(...zones),
      first,
      setless,
      fc.nat(),
      (track, zone, start, made, pick) => {
        const log = logOf(track, start, made)
        const orders = log.flatMap(({ what, order }) => (what === 'order' ? [order!] : []))
        const late = orders[pick % Math.max(1, orders.length)]
        if (late === undefined || orders.length < 2) return
        const { instantOf } = wallOf(zone)
        const inputs = inputsOf(log, instantOf)
        const isLate = (i: number) => log[i]!.order === late
        const engine = engineOf(track, zone)
        const known = tell(engine, inputs.filter((_, i) => !isLate(i)) as never)
        const add = inputs.filter((_, i) => isLate(i))
        const replayed = replay(
          engine,
          { checkpoint: engine.start('u1'), tail: known.log },
          { add: add as never },
        )
        const at = replayed.state.at!
        const is = engine.view(replayed.state, at).tiers['level']!
        const inOrder = tell(engine, inputs as never).state
        const was = engine.view(inOrder, Math.max(at, inOrder.at!)).tiers['level']!
        const rank = rankOf(track, is.tier)
        const wanted = rankOf(track, was.tier)
        expect(rank).toBeGreaterThanOrEqual(wanted)
        if (rank === wanted && rank >= 0) {
          // On grace is less than held, whatever the dates.
          if (!was.inGrace) expect(is.inGrace).toBe(false)
          if (was.inGrace === is.inGrace)
            expect(is.until ?? Infinity).toBeGreaterThanOrEqual(was.until ?? Infinity)
        }
        if (isLoose(track)) expect(rank).toBe(wanted)
      },
    ),
    { numRuns: runs(40, 3000) },
  )
})

test('an order in parts at one instant, in any order, reaches what it reaches whole', { timeout }, () => {
  const whole = tracks.filter(({ window, measure }) => window !== 'term' && 'earned' in measure)
  const parts = fc.array(fc.integer({ min: 1, max: 300 }), { minLength: 1, maxLength: 6 })
  fc.assert(
    fc.property(
      whole,
      first,
      parts,
      fc.array(fc.nat(), { minLength: 6, maxLength: 6 }),
      (track, start, some, keys) => {
        const engine = engineOf(track, 'UTC')
        const tierOf = (amounts: readonly number[]) => {
          const { paid } = account()
          const { state } = tell(
            engine,
            amounts.map((amount, i) => paid(start * 86_400_000, `o${i}`, String(amount))) as never,
          )
          const { tier, until, measured } = engine.view(state, state.at!).tiers['level']!
          return { tier, until, measured }
        }
        const expected = tierOf([some.reduce((a, b) => a + b, 0)])
        const shuffled = some.map((amount, i) => [keys[i]!, amount] as const).sort((a, b) => a[0] - b[0])
        expect(tierOf(some)).toEqual(expected)
        expect(tierOf(shuffled.map(([, amount]) => amount))).toEqual(expected)
      },
    ),
    { numRuns: runs(60, 2000) },
  )
})

test('twenty years of orders leave a state that does not grow', { timeout }, () => {
  const engine = definePoints({
    ...{ id: 'points', version: 1, calendar: { zone: 'Europe/Berlin' }, events: shop },
    currencies: [{ currency: 'status', kind: 'status', expires: { days: 30 } }],
    earning: [{ rule: 'visit', on: 'order-received', earns: { points: 5 } }],
    tiers: [
      {
        track: 'level',
        measure: { earned: 'status' },
        window: { rolling: { days: 60, end: true } },
        levels: [{ tier: 'silver', from: 100 }],
      },
      {
        track: 'year',
        measure: { earned: 'status' },
        window: { years: 1, from: 'enrolment' },
        levels: [{ tier: 'silver', from: 300 }],
        hold: { untilEndOf: 'year', after: 1 },
      },
    ],
  })
  let state = engine.start('u1')
  const { received } = account()
  const sizes: number[] = []
  for (let i = 0; i < 20 * 52; i++) {
    const outcome = engine.decide(state, received(Date.UTC(2020, 0, 1 + 7 * i), `o${i}`) as never)
    if (outcome.outcome !== 'accepted') throw new Error(outcome.outcome)
    state = outcome.state
    if (i % 52 === 51) sizes.push(JSON.stringify(state.of.tiers).length)
  }
  expect(Math.max(...sizes)).toBeLessThan(sizes[0]! * 1.3)
  const { level, year } = engine.view(state, state.at!).tiers
  // Nine weeks of 60 days and what is left of them; the weeks since the last anniversary.
  expect([level.measured, level.tier, year.tier]).toEqual([45, null, null])
  expect(year.window).not.toBeNull()
})
