// Commands aimed at one account: by what the oracle says it holds, so that some must succeed, and some must be refused for one reason.

import { isDeepStrictEqual } from 'node:util'
import { defineEvents, definePoints, formatMinor, money, type PointsView, text } from 'liuliang'
import { openLots, openReservations } from 'liuliang/ledger'
import { expect } from 'vitest'
import { type Answer, type End, recount, type Terms, type Told } from './oracle.js'
import type { Span } from './wall.js'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** Numbers that follow from a seed alone. */
export function dice(seed: number) {
  let a = seed >>> 0
  const next = () => {
    a = (a + 0x6d2b79f5) >>> 0
    let t = Math.imul(a ^ (a >>> 15), 1 | a)
    t = (t + Math.imul(t ^ (t >>> 7), 61 | t)) ^ t
    return ((t ^ (t >>> 14)) >>> 0) / 4_294_967_296
  }
  const below = (n: number) => Math.floor(next() * n)
  return {
    below,
    between: (from: number, to: number) => from + below(to - from + 1),
    chance: (p: number) => next() < p,
    pick: <T>(list: readonly T[]): T => list[below(list.length)]!,
  }
}
export type Dice = ReturnType<typeof dice>

const shop = defineEvents({
  'order-paid': { orderId: text(), amount: money('CNY'), channel: text('web', 'app').optional() },
  'order-received': { orderId: text() },
  'order-refunded': { orderId: text(), amount: money('CNY') },
  'order-cancelled': { orderId: text() },
  visited: {},
})

/** Zones with something odd about them, where a story begins, and when clocks are changed. */
const places = [
  ['Australia/Lord_Howe', '2024-03-28T00:00:00Z', '2024-04-06T15:00:00Z'],
  ['Australia/Lord_Howe', '2024-09-28T00:00:00Z', '2024-10-05T15:30:00Z'],
  ['Australia/Lord_Howe', '2024-09-02T00:00:00Z', '2024-10-05T15:30:00Z'],
  ['Pacific/Apia', '2011-12-18T00:00:00Z', '2011-12-30T10:00:00Z'],
  ['Pacific/Apia', '2011-11-28T00:00:00Z', '2011-12-30T10:00:00Z'],
  ['Asia/Kathmandu', '1985-12-20T00:00:00Z', '1985-12-31T18:30:00Z'],
  ['America/New_York', '2024-03-01T00:00:00Z', '2024-03-10T07:00:00Z'],
  ['America/New_York', '2024-02-07T00:00:00Z', '2024-03-10T07:00:00Z'],
  ['America/New_York', '2023-10-25T00:00:00Z', '2023-11-05T06:00:00Z'],
  ['Asia/Shanghai', '2024-01-28T00:00:00Z', '2024-02-28T16:00:00Z'],
  ['UTC', '2024-02-20T00:00:00Z', '2024-03-01T00:00:00Z'],
] as const

const ends: readonly End[] = [
  'never',
  { days: 9 },
  { months: 1 },
  { months: 1, end: 'month' },
  { hours: 60 },
  { every: '02-29', atLeast: { days: 5 } },
  { anniversary: 'enrolment', atLeast: { days: 20 } },
]
const inactive = (countsZeroPoints: boolean): End => ({
  inactive: { days: 11 },
  first: { days: 6 },
  activity: ['order-paid', 'points/redeemed'],
  countsZeroPoints,
})
const waits: readonly (Span | 'until-confirmed' | undefined)[] = [
  undefined,
  undefined,
  { days: 2 },
  'until-confirmed',
]

/** One of many definitions. */
function termsFrom({ pick, chance, between }: Dice): {
  readonly terms: Terms
  readonly start: number
  readonly change: number
} {
  const [zone, from, change] = pick(places)
  const start = Date.parse(from)
  const spend = () => pick(['soonest-expiry', 'oldest', 'cheapest'] as const)
  const iso = (days: number) => new Date(start + days * DAY).toISOString()
  const end = () => (chance(0.25) ? inactive(chance(0.5)) : pick([...ends, { on: iso(15).slice(0, 10) }]))
  const pending = pick(waits)
  const [two, status] = [chance(0.4), chance(0.3)]
  const money = { currency: 'CNY', ratio: pick(['1/7', '1/100', '0.3']) }
  const multiply = [
    { by: pick(['1.5', '2', '4/3']), during: { from: iso(2), until: iso(12) } },
    { by: pick(['3', '5/4']), during: { from: iso(8), until: iso(20) } },
  ]
  const rounding = pick(['running', 'each'] as const)
  const terms: Terms = {
    zone,
    currencies: [
      {
        currency: 'points',
        kind: 'spendable',
        expires: end(),
        spend: spend(),
        ...(chance(0.15) && { atMost: between(20, 60) }),
        ...(pending !== undefined && { pending }),
      },
      ...(two ? [{ currency: 'coins', kind: 'spendable', expires: end(), spend: spend() } as const] : []),
      ...(status ? [{ currency: 'status', kind: 'status', expires: pick(ends) } as const] : []),
      ...(chance(0.2) ? [{ currency: 'xp', kind: 'experience' } as const] : []),
    ],
    earning: [
      {
        rule: 'purchase',
        on: 'order-paid',
        earns: { points: between(1, 3), per: pick(['1', '0.7', '3']), of: 'amount' },
        origin: 'orderId',
        rounding,
        cost: '1/3',
        ...(chance(0.5) && {
          multiply,
          multiplying: pick(['first', 'best', 'product', 'sum'] as const),
        }),
        ...(chance(0.2) && { expires: pick(ends) }),
      },
      {
        rule: 'app',
        on: 'order-paid',
        where: { channel: 'app' },
        earns: { points: between(1, 5), of: 'amount' },
        origin: 'orderId',
        cost: '0.2',
        ...(two && { in: 'coins' }),
        ...(chance(0.3) && { pending: { hours: 30 } }),
      },
      ...(status
        ? [
            {
              rule: 'standing',
              on: 'order-paid',
              in: 'status',
              earns: { points: 1, per: '2', of: 'amount' },
              origin: 'orderId',
            },
          ]
        : []),
      { rule: 'visit', on: 'visited', earns: { points: between(0, 2) } },
    ],
    confirmation: [{ on: 'order-received', origin: 'orderId' }],
    clawback: [
      { on: 'order-refunded', origin: 'orderId', of: 'amount' },
      { on: 'order-cancelled', origin: 'orderId' },
    ],
    ...(chance(0.4) && {
      caps: [
        {
          cap: 'daily',
          atMost: between(5, 20),
          per: pick([{ this: 'day' }, { hours: 50 }, { days: 2 }] as const),
          overflow: pick(['truncate', 'refuse'] as const),
        },
        ...(chance(0.5)
          ? [
              {
                cap: 'each',
                rules: ['purchase'],
                atMost: between(4, 15),
                per: 'event',
                overflow: pick(['truncate', 'refuse'] as const),
              } as const,
            ]
          : []),
        ...(chance(0.3)
          ? [{ cap: 'ever', rules: ['visit'], atMost: 3, per: 'ever', overflow: 'truncate' } as const]
          : []),
      ],
    }),
    ...(chance(0.6) && {
      refunds: pick([{ to: 'fresh-lots' }, { grace: { days: 3 } }, { to: 'original-lots' }] as const),
    }),
    ...(chance(0.7) && {
      negative: pick([
        { clawback: 'pending-only' },
        { clawback: 'within-balance' },
        { atMost: 12 },
        { atMost: 5 },
        { atMost: 0 },
        { atMost: 12, beyond: 'money-due', perPoint: money },
        { clawback: 'money-due', perPoint: money },
        { clawback: 'pending-only', beyond: 'money-due', perPoint: money },
      ] as const),
    }),
    ...(chance(0.4) && { holdFor: pick([{ days: 3 }, { hours: 20 }] as const) }),
    ...(chance(0.3) && { reinstateWithin: { days: 10 } }),
    ...(chance(0.3) && { reversible: { days: 8 } }),
    ...(chance(0.2) && {
      enrolment: pick(['at-once', { on: 'visited' }, { again: 'refused' }] as const),
    }),
  }
  return { terms, start, change: Date.parse(change) }
}

/** The engine of a definition. */
export const engineOf = ({ zone, ...terms }: Terms) =>
  definePoints({ id: 'points', version: 1, calendar: { zone }, events: shop, ...terms } as never) as Engine
export type Engine = ReturnType<typeof definePoints<'points', typeof shop.events>>

const words = [
  ...['paid', 'paid', 'paid', 'paid', 'paid', 'paid', 'visited'],
  ...['refunded', 'refunded', 'refunded', 'cancelled', 'received', 'confirm'],
  ...['earn', 'redeem', 'redeem', 'redeem', 'reserve', 'reserve', 'capture', 'capture', 'release'],
  ...['refund', 'refund', 'refund', 'reverse', 'reverse', 'adjust', 'adjust', 'expire', 'extend'],
  ...['reinstate', 'send', 'retry', 'late'],
]
const minor = (amount: number) => formatMinor(amount, 2)

/** The next input: aimed by what an account holds, as the oracle says. */
function aim(
  { pick, below, between, chance }: Dice,
  { currencies }: Terms,
  answer: Answer,
  at: number,
  i: number,
  log: readonly Told[],
  more: readonly string[],
): Told {
  const id = `i${i}`
  const spendable = currencies.filter(({ kind }) => kind === 'spendable').map(({ currency }) => currency)
  const currency = pick(spendable)
  const any = pick(currencies.map((one) => one.currency))
  const { balance } = answer.wallets[currency]!
  const told = (type: string, data: object, occurredAt = at): Told => ({
    id,
    type,
    subject: 'u1',
    occurredAt,
    data: data as Told['data'],
  })
  const order = () => `o${below(Math.max(3, Math.floor(i / 4)))}`
  const waiting = () => (answer.waiting.length > 0 && chance(0.8) ? pick(answer.waiting) : order())
  /** So many points as there are, a few, one too many, or none. */
  const some = (there: number) =>
    chance(0.03)
      ? between(-1, 0)
      : pick([
          Math.max(1, there),
          between(1, Math.max(1, there)),
          between(1, Math.max(1, Math.min(6, there))),
          there + (chance(0.3) ? 1 : 0),
        ])
  const lots = () =>
    Object.keys(answer.held)
      .filter((key) => key.startsWith(`${currency} free`))
      .map((key) => Number(key.split(' ')[2]))
  const these = () =>
    chance(0.2) ? { lots: chance(0.8) && lots().length > 0 ? [pick(lots()), pick(lots())] : [below(20)] } : {}
  const someLots = () =>
    lots().length > 0 && chance(0.7) ? [pick(lots())] : [between(0, 12), between(0, 12)]
  const pays = () =>
    chance(0.5) ? { for: { amount: minor(chance(0.06) ? 0 : between(1, 900)), currency: 'CNY' } } : {}
  const redemption = () =>
    chance(0.9) && answer.redemptions.length > 0 ? pick(answer.redemptions) : (['none', 3, 0] as const)
  const reservation = () =>
    chance(0.9) && answer.reservations.length > 0 ? pick(answer.reservations) : (['none', 3] as const)
  const until = () => at + pick(chance(0.1) ? [-HOUR, 0] : [1, 5 * HOUR, 2 * DAY, 7 * DAY, 40 * DAY])
  if (chance(0.004)) return told('points/close', { reason: 'x', points: pick(['forfeit', 'pay-out']) })
  const closed = answer.closedAt !== null || answer.enrolledAt === null
  if (chance(closed ? 0.06 : 0.005))
    return told('points/enrol', chance(0.5) ? {} : { at: at + pick([-DAY, 0, DAY]) })
  // Where there is nothing to act on, something is made first, mostly.
  let word = pick([...words, ...more])
  const idle =
    (word === 'capture' || word === 'release') && answer.reservations.length === 0
      ? 'reserve'
      : word === 'refund' && answer.redemptions.length === 0
        ? 'redeem'
        : word
  if (chance(0.9)) word = idle
  if (
    balance < 3 &&
    ['redeem', 'reserve', 'send', 'expire', 'extend', 'adjust'].includes(word) &&
    chance(0.85)
  )
    word = pick(['paid', 'paid', 'earn'])
  switch (word) {
    case 'paid': {
      const channel = pick([{}, { channel: 'app' }, { channel: 'web' }])
      return told('order-paid', {
        orderId: chance(0.3) ? order() : `o${Math.floor(i / 3)}`,
        amount: minor(chance(0.05) ? 0 : between(1, 1200)),
        ...channel,
      })
    }
    case 'visited':
      return told('visited', {})
    case 'refunded':
      return told('order-refunded', {
        orderId: order(),
        amount: minor(chance(0.6) ? between(1, 300) : between(0, 1200)),
      })
    case 'cancelled':
      return told('order-cancelled', { orderId: order() })
    case 'received':
      return told('order-received', { orderId: waiting() })
    case 'confirm':
      return told('points/confirm', { origin: waiting() })
    case 'earn':
      return told('points/earn', { points: chance(0.1) ? 0 : between(1, 15), currency: any, reason: 'x' })
    case 'adjust':
      return told('points/adjust', {
        points: chance(0.8)
          ? between(-6, 12)
          : pick([-Math.max(1, balance), -balance - 1, -balance - 12, -balance - 13]),
        currency,
        reason: 'x',
        by: 'desk',
      })
    case 'redeem':
      return told('points/redeem', { points: some(balance), currency, ...these(), ...pays() })
    case 'reserve': {
      const ends = chance(0.5) ? { until: until() } : {}
      return told('points/reserve', { points: some(Math.ceil(balance / 2)), currency, ...these(), ...ends })
    }
    case 'capture': {
      const [name, held] = reservation()
      const how = chance(0.7) ? { points: chance(0.15) ? held + 2 : some(held) } : {}
      return told('points/capture', {
        reservation: name,
        ...how,
        ...(chance(0.5) && { keep: true }),
        ...pays(),
      })
    }
    case 'release':
      return told('points/release', { reservation: reservation()[0] })
    case 'refund': {
      const [name, left, unpaid] = redemption()
      const how = pick([
        {},
        { points: some(left) },
        { amount: minor(pick([Math.max(1, unpaid), between(1, Math.max(1, unpaid)), unpaid + 1, 0])) },
        chance(0.1) ? { points: 1, amount: '0.01' } : { points: between(1, Math.max(1, left)) },
      ])
      return told('points/refund', { redemption: name, ...how })
    }
    case 'reverse': {
      const held = [...answer.reversible, answer.redemptions.at(-1)?.[0], answer.reservations.at(-1)?.[0]]
      return told('points/reverse', { of: (chance(0.8) ? pick(held) : `i${below(i + 1)}`) ?? 'none' })
    }
    case 'expire':
      return told('points/expire', {
        ...(chance(0.8) && { points: some(balance) }),
        currency: any === 'xp' ? currency : any,
        ...these(),
        reason: 'x',
      })
    case 'extend':
      return told('points/extend', { until: until(), currency, reason: 'x' })
    case 'reinstate': {
      const there = answer.reinstatable[currency]!
      return told('points/reinstate', {
        ...(chance(0.7) && { points: some(there) }),
        until: until(),
        currency,
        reason: 'x',
      })
    }
    case 'receive': {
      const part = (lot: number) => ({
        lot,
        amount: between(chance(0.03) ? 0 : 1, 8),
        expiresAt: pick([null, at, at + between(1, 20) * DAY, at + between(1, 60) * HOUR]),
      })
      const parts = Array.from({ length: between(chance(0.03) ? 0 : 1, 3) }, (_, k) => part(k))
      return told('points/receive', { from: 'u3', parts, currency, transfer: id })
    }
    case 'extend-lots':
      return told('points/extend', { until: until(), currency, lots: someLots(), reason: 'x' })
    case 'reinstate-lots':
      return told('points/reinstate', { until: until(), currency, lots: someLots(), reason: 'x' })
    case 'send':
      return told('points/send', { to: 'u2', points: some(Math.ceil(balance / 3)), currency, transfer: id })
    default: {
      if (log.length === 0) return told('visited', {})
      const old = pick(log)
      if (word === 'late')
        return { ...told('visited', {}), occurredAt: log.at(-1)!.occurredAt - pick([1, HOUR]) }
      // A retry, or another input under an old id.
      return chance(0.7) ? old : { ...old, type: 'order-received', data: { orderId: 'another' } }
    }
  }
}

/** What the engine shows of an account, in the words of the oracle. */
function shown(engine: Engine, state: ReturnType<Engine['start']>, at: number) {
  const reached = engine.advance(state, at).state
  const view = engine.view(state, at) as PointsView<string>
  const { holder } = view
  const held: Record<string, number> = {}
  const put = (currency: string, place: string, lot: number, end: number | null, amount: number) => {
    const key = `${currency} ${place} ${lot} ${end ?? Infinity}`
    held[key] = (held[key] ?? 0) + amount
  }
  const reservations: [string, number][] = []
  for (const [currency, book] of Object.entries(reached.of.books)) {
    for (const { lot, expiresAt, confirmsAt, remaining } of openLots(book.lots))
      put(currency, confirmsAt === undefined ? 'free' : 'waits', lot, expiresAt, remaining)
    for (const { id, amount, parts } of openReservations(book)) {
      reservations.push([id, amount])
      for (const part of parts) put(currency, 'held', part.lot, part.expiresAt, part.amount)
    }
  }
  return {
    wallets: view.wallets,
    enrolledAt: holder?.enrolledAt ?? null,
    closedAt: holder?.closedAt ?? null,
    uncollected: holder?.uncollected ?? {},
    due: holder?.moneyDue ?? {},
    held,
    reservations: reservations.sort(byName),
  }
}
const byName = ([a]: readonly [string, ...unknown[]], [b]: readonly [string, ...unknown[]]) =>
  a < b ? -1 : 1

const nonZero = <T>(record: Readonly<Record<string, T>>, of: (value: T) => number) =>
  Object.fromEntries(Object.entries(record).filter(([, value]) => of(value) !== 0))

/** What both have to say. */
function compare(engine: Engine, state: ReturnType<Engine['start']>, answer: Answer, at: number) {
  const { due, ...is } = shown(engine, state, at)
  const money = Object.entries(due).map(([name, { points, amount }]) => [name, [points, minorOf(amount)]])
  const seen = {
    ...is,
    uncollected: nonZero(is.uncollected, (n) => n),
    due: nonZero<readonly number[]>(Object.fromEntries(money), ([points]) => points!),
  }
  const said = {
    wallets: answer.wallets,
    enrolledAt: answer.enrolledAt,
    closedAt: answer.closedAt,
    uncollected: nonZero(answer.uncollected, (n) => n),
    due: nonZero(answer.due, ([points]) => points),
    held: answer.held,
    reservations: [...answer.reservations].sort(byName),
  }
  same(seen, said)
}
/** Fails where they differ; what explains how is made only then. */
function same(seen: unknown, said: unknown) {
  if (!isDeepStrictEqual(seen, said)) expect(seen).toEqual(said)
}
const minorOf = (text: string) => Math.round(Number(text) * 100)

/** What was met, and how often. */
export type Met = Map<string, number>

const WINDOW = 720 * HOUR

/** What the engine's events say, added up. */
interface Recorded {
  readonly origins: Map<string, [earned: number, takenBack: number]>
  readonly ids: Set<string>
}
const nothingRecorded = (): Recorded => ({ origins: new Map(), ids: new Set() })

/** Tells one input to both; the log gets it where it was accepted. */
function step(
  engine: Engine,
  terms: Terms,
  state: ReturnType<Engine['start']>,
  log: Told[],
  input: Told,
  met: Met,
  { origins, ids }: Recorded,
) {
  const outcome = engine.decide(state, input as never)
  const last = log.at(-1)
  const known = log.find(({ id }) => id === input.id)
  const code = outcome.outcome === 'refused' ? outcome.refusal.code : outcome.outcome
  const answer = recount(
    terms,
    known === undefined ? [...log, input] : log,
    Math.max(input.occurredAt, last?.occurredAt ?? 0),
  )
  let verdict = answer.verdict
  if (known !== undefined)
    verdict = JSON.stringify(known) === JSON.stringify(input) ? 'repeated' : 'id-conflict'
  else if (last !== undefined && input.occurredAt < last.occurredAt) verdict = 'late'
  // What is older than the window may be known still, or not; it is never heard again.
  if (known !== undefined && input.occurredAt < last!.occurredAt - WINDOW)
    verdict = code === 'accepted' ? 'known' : code
  same(code, verdict)
  const word = `${input.type} ${code}`
  met.set(word, (met.get(word) ?? 0) + 1)
  if (known !== undefined || verdict === 'late')
    return { state, answer: recount(terms, log, last!.occurredAt) }
  let next = state
  if (outcome.outcome === 'accepted') {
    next = outcome.state
    log.push(input)
    for (const { id } of outcome.events) {
      if (ids.has(id)) throw new Error(`two events are called ${id}`)
      ids.add(id)
    }
    for (const { type, data } of outcome.events as readonly {
      type: string
      data: Record<string, unknown>
    }[]) {
      const key = `${data['rule']}|${data['origin']}`
      if (data['rule'] === undefined || (type !== 'points/earned' && type !== 'points/clawed-back')) continue
      const one = origins.get(key) ?? [0, 0]
      if (type === 'points/earned') one[0] += data['points'] as number
      else one[1] = (data['share'] as { clawedBack: number }).clawedBack
      origins.set(key, one)
    }
    for (const [key, earned, takenBack] of answer.origins)
      same([key, ...(origins.get(key) ?? [])], [key, earned, takenBack])
    same(origins.size, answer.origins.length)
  }
  compare(engine, next, answer, input.occurredAt)
  return { state: next, answer }
}

/** When the next input comes: at once, soon, about the instant at which something ends, or so that a term ends as clocks change. */
function later(
  { pick, between, chance }: Dice,
  at: number,
  { wallets, ends }: Answer,
  change: number,
): number {
  const nexts = Object.values(wallets).flatMap(({ next }) => (next === null ? [] : [next.at]))
  const soon = [...nexts, ...nexts, ...ends].filter((end) => end >= at && end - at < 50 * DAY)
  if (soon.length > 0 && chance(0.35)) return Math.max(at, pick(soon) + pick([-1, 0, 0, 1]))
  if (chance(0.1)) {
    const before = [0, 2, 3, 6, 9, 11, 20, 29, 30, 31].map((days) => change - days * DAY)
    const sore = before.filter((one) => one >= at && one - at < 12 * DAY)
    if (sore.length > 0) return pick(sore) + between(0, HOUR)
  }
  return (
    at +
    pick([0, 0, 0, 1, between(1, 8 * HOUR), between(1, 8 * HOUR), between(1, 3 * DAY), between(1, 9) * DAY])
  )
}

/** Tells the inputs to both; what they disagree on, if they do. */
function disagreement(terms: Terms, inputs: readonly Told[]): Error | undefined {
  const engine = engineOf(terms)
  const log: Told[] = []
  const recorded = nothingRecorded()
  let state = engine.start('u1')
  try {
    for (const input of inputs) ({ state } = step(engine, terms, state, log, input, new Map(), recorded))
  } catch (error) {
    return error as Error
  }
  return undefined
}

/** The fewest of the inputs on which they still disagree, found by leaving out one after the other. */
function shrunk(terms: Terms, inputs: readonly Told[]): readonly Told[] {
  let left = inputs
  for (let i = left.length - 2; i >= 0; i--) {
    const fewer = left.filter((_, k) => k !== i)
    if (disagreement(terms, fewer) !== undefined) left = fewer
  }
  return left
}

/**
 * One account through so many inputs, under terms that the seed says; throws where the two disagree, with the fewest inputs
 * that show it. What was accepted is the log.
 */
export function story(
  seed: number,
  length: number,
  met: Met = new Map(),
  other: (terms: Terms) => Terms = (terms) => terms,
  more: readonly string[] = [],
): { readonly terms: Terms; readonly log: readonly Told[] } {
  const random = dice(seed)
  const { terms: drawn, start, change } = termsFrom(random)
  const terms = other(drawn)
  const engine = engineOf(terms)
  const log: Told[] = []
  const told: Told[] = []
  const recorded = nothingRecorded()
  let state = engine.start('u1')
  let at = start
  let answer = recount(terms, [], at)
  for (let i = 0; i < length; i++) {
    at = later(random, at, answer, change)
    const input = aim(random, terms, answer, at, i, log, more)
    told.push(input)
    try {
      ;({ state, answer } = step(engine, terms, state, log, input, met, recorded))
      if (random.chance(0.1)) {
        const far =
          Math.max(at, log.at(-1)?.occurredAt ?? at) + random.pick([DAY, 6 * DAY, 35 * DAY, 500 * DAY])
        compare(engine, state, recount(terms, log, far), far)
      }
    } catch (error) {
      const few = shrunk(terms, told)
      const what = (disagreement(terms, few) ?? error) as Error
      const lines = few.map(
        ({ occurredAt, ...one }) => `${new Date(occurredAt).toISOString()} ${JSON.stringify(one)}`,
      )
      const said = `seed ${seed}, input ${i}\n${JSON.stringify(terms)}\n${lines.join('\n')}\n${what.message}`
      throw new Error(said, { cause: what })
    }
  }
  return { terms, log }
}
