// A second account of points that keeps no lots, no books and no moves: every single point is a unit with a life of its own, and
// all lives are lived again from the log at every question. Written from the documentation; it shares nothing with `src`.
import { type Span, wallOf } from './wall.js'

export type End =
  | 'never'
  | Span
  | { readonly on: string }
  | { readonly every: string; readonly atLeast?: Span }
  | { readonly anniversary: 'enrolment'; readonly atLeast?: Span }
  | {
      readonly inactive: Span
      readonly first?: Span
      readonly activity: readonly string[]
      readonly countsZeroPoints?: boolean
    }

interface CurrencyTerms {
  readonly currency: string
  readonly kind: 'spendable' | 'status' | 'experience'
  readonly expires?: End
  readonly pending?: Span | 'until-confirmed'
  readonly atMost?: number
  readonly spend?: 'soonest-expiry' | 'oldest' | 'cheapest'
}

interface RuleTerms {
  readonly rule: string
  readonly on: string
  readonly in?: string
  readonly where?: Readonly<Record<string, string>>
  /** So many points for each `per` of the field, an amount of money; or for each event. */
  readonly earns: { readonly points: number; readonly per?: string; readonly of?: string }
  readonly origin?: string
  readonly multiply?: readonly {
    readonly by: string
    readonly during: { readonly from: string; readonly until: string }
  }[]
  readonly multiplying?: 'first' | 'best' | 'product' | 'sum'
  readonly rounding?: 'running' | 'each'
  readonly pending?: Span | 'until-confirmed'
  readonly expires?: End
  readonly cost?: string
}

interface CapTerms {
  readonly cap: string
  readonly rules?: readonly string[]
  readonly in?: string
  readonly atMost: number
  readonly per: 'event' | 'ever' | { readonly this: 'day' } | Span
  readonly overflow: 'truncate' | 'refuse' | 'carry'
}

interface NegativeTerms {
  readonly clawback?: 'pending-only' | 'within-balance' | 'deficit' | 'money-due'
  readonly atMost?: number
  readonly beyond?: 'uncollected' | 'money-due'
  readonly perPoint?: { readonly currency: string; readonly ratio: string }
}

/** A definition as plain data: what `definePoints` is told besides its id, version and catalogue. */
export interface Terms {
  readonly zone: string
  readonly currencies: readonly CurrencyTerms[]
  readonly earning: readonly RuleTerms[]
  readonly confirmation: readonly { readonly on: string; readonly origin: string }[]
  readonly clawback: readonly { readonly on: string; readonly origin: string; readonly of?: string }[]
  readonly caps?: readonly CapTerms[]
  readonly refunds?: { readonly to?: 'original-lots' | 'fresh-lots'; readonly grace?: Span }
  readonly negative?: NegativeTerms
  readonly holdFor?: Span
  readonly transfers?: {
    readonly expiry?: 'kept' | 'reset'
    readonly limit?: { readonly points: number; readonly within: Span }
  }
  readonly reinstateWithin?: Span
  readonly reversible?: Span
  readonly enrolment?: 'at-once' | { readonly on?: string; readonly again?: 'allowed' | 'refused' }
}

/** An input as it was told. */
export interface Told {
  readonly id: string
  readonly type: string
  readonly subject: string
  readonly occurredAt: number
  readonly data: Readonly<Record<string, unknown>>
}

const TOTALS = [
  'earned',
  'redeemed',
  'refunded',
  'expired',
  'reinstated',
  'clawedBack',
  'received',
  'sent',
  'added',
  'removed',
  'forfeited',
] as const
type Totals = Record<(typeof TOTALS)[number], number>

interface Wallet {
  readonly balance: number
  readonly pending: number
  readonly reserved: number
  readonly next: {
    readonly what: 'confirms' | 'is-released' | 'expires'
    readonly at: number
    readonly points: number
  } | null
  readonly totals: Totals
}

export interface Answer {
  /** What became of the last input: `accepted`, or the code of its refusal. */
  readonly verdict: string
  readonly wallets: Readonly<Record<string, Wallet>>
  readonly enrolledAt: number | null
  readonly closedAt: number | null
  readonly uncollected: Readonly<Record<string, number>>
  /** In points, and in minor units. */
  readonly due: Readonly<Record<string, readonly [points: number, minor: number]>>
  /** What is held, by currency, place, number of the issue, and end: how many points. */
  readonly held: Readonly<Record<string, number>>
  /** By redemption: what can still be given back, in points and in minor units of what they paid. */
  readonly redemptions: readonly (readonly [id: string, points: number, minor: number])[]
  readonly reservations: readonly (readonly [id: string, points: number])[]
  /** By rule and origin: earned, and taken back of it. */
  readonly origins: readonly (readonly [key: string, earned: number, takenBack: number])[]
  /** Commands by hand that can be reversed. */
  readonly reversible: readonly string[]
  readonly reinstatable: Readonly<Record<string, number>>
  /** Ends of what is spent or set aside, and may come back. */
  readonly ends: readonly number[]
  /** Origins of which something waits to be confirmed. */
  readonly waiting: readonly string[]
}

type Place = 'waits' | 'free' | 'held' | 'spent' | 'lapsed' | 'lost' | 'gone'
/** One point. */
interface Unit {
  readonly currency: string
  place: Place
  lot: number
  end: number
  rank: number
  /** When it is confirmed; Infinity where something has to confirm it. */
  ready: number
  readonly own: string
  /** When it lapsed. */
  at: number
  /** By which reservation it is held, or was last. */
  by: string
}
interface Redemption {
  readonly currency: string
  readonly units: readonly Unit[]
  /** From where each came: lot, end, reservation. What comes back as new lots is one lot for each. */
  readonly pieces: readonly string[]
  left: number
  readonly paid: number
  unpaid: number
}
interface Deal {
  readonly rule: string
  readonly origin: string
  readonly currency: string
  base: number
  earned: number
  refunded: number
  takenBack: number
  excused: number
  /** What waits for room under a cap, and what was taken back of that. */
  waits: number
  dropped: number
}
interface Hand {
  readonly kind: 'earned' | 'adjusted' | 'sent' | 'received'
  readonly currency: string
  readonly points: number
  readonly lots: readonly number[]
  readonly units: readonly Unit[]
  readonly owed: number
  readonly due: number
  readonly until: number
  reversed: boolean
}
class Refusal {
  constructor(readonly code: string) {}
}
const no = (code: string): never => {
  throw new Refusal(code)
}
const AFTER_CLOSING = ['refund', 'reverse', 'enrol']

const minorOf = (text: string) => Math.round(Number(text) * 100)
const fraction = (text: string): readonly [number, number] => {
  const [top, bottom] = text.split('/')
  if (bottom !== undefined) return [Number(top), Number(bottom)]
  const digits = text.split('.')[1]?.length ?? 0
  return [Math.round(Number(text) * 10 ** digits), 10 ** digits]
}
const floorDiv = (a: number, b: number, c: number) => Number((BigInt(a) * BigInt(b)) / BigInt(c))

/** Lives everything again, up to an instant; what became of the last input is its `verdict`. */
export function recount(terms: Terms, log: readonly Told[], until: number): Answer {
  const wall = wallOf(terms.zone)
  const currencies = terms.currencies
  const first = currencies[0]!.currency
  const units: Unit[] = []
  const issued: Record<string, number> = {}
  const debt: Record<string, number> = {}
  const totals: Record<string, Totals> = {}
  const notBefore: Record<string, number> = {}
  const uncollected: Record<string, number> = {}
  const due: Record<string, number> = {}
  for (const { currency } of currencies) {
    issued[currency] = debt[currency] = uncollected[currency] = due[currency] = 0
    notBefore[currency] = -Infinity
    totals[currency] = Object.fromEntries(TOTALS.map((name) => [name, 0])) as Totals
  }
  const redemptions = new Map<string, Redemption>()
  const reservations = new Map<string, { readonly currency: string; units: Unit[]; readonly until: number }>()
  const deals = new Map<string, Deal>()
  const hands = new Map<string, Hand>()
  const sent: { readonly currency: string; readonly at: number; readonly points: number }[] = []
  const leftOver: Record<string, bigint> = {}
  const paidUnder: {
    readonly cap: string
    readonly event: string
    readonly at: number
    readonly points: number
  }[] = []
  /** Who waits for room, the first first. */
  let queue: { readonly rule: RuleTerms; readonly deal: Deal }[] = []
  let firstAt: number | undefined
  let clock = Number.NEGATIVE_INFINITY
  let before = Number.NEGATIVE_INFINITY
  let enrolledAt: number | null = null
  let closedAt: number | null = null
  let verdict = 'accepted'

  const termsOf = (name: string) => currencies.find(({ currency }) => currency === name)!
  const endOf = ({ end, currency }: Unit) => (end === Infinity ? end : Math.max(end, notBefore[currency]!))
  const free = (currency: string) => units.filter((one) => one.place === 'free' && one.currency === currency)
  const inOrder = (list: readonly Unit[], currency: string) => {
    const soonest = (termsOf(currency).spend ?? 'soonest-expiry') === 'soonest-expiry'
    return [...list].sort((a, b) => {
      const by = soonest ? cmp(a.end, b.end) : a.rank - b.rank
      return by || a.lot - b.lot || cmp(a.end, b.end)
    })
  }
  const cmp = (a: number, b: number) => (a < b ? -1 : a > b ? 1 : 0)
  /** The local midnight after a date of a year: of 29 February, that of the 28th in other years. */
  const midnights = (month: number, date: number, from: number, last: boolean): number => {
    const year = new Date(wall.day(from) * 86_400_000).getUTCFullYear()
    for (let y = year - 1; ; y++) {
      const most = new Date(Date.UTC(y, month, 0)).getUTCDate()
      const day = Date.UTC(y, month - 1, Math.min(date, most)) / 86_400_000
      const at = wall.instantOf(last ? day + 1 : day)
      if (at >= from) return at
    }
  }
  const lasts = (end: End | undefined, at: number): number => {
    if (end === undefined || end === 'never') return Infinity
    if ('on' in end) return wall.instantOf(Date.parse(`${end.on}T00:00:00Z`) / 86_400_000 + 1)
    if ('inactive' in end) return wall.add(at, end.first ?? end.inactive)
    if ('every' in end || 'anniversary' in end) {
      const least = end.atLeast === undefined ? at + 1 : Math.max(at + 1, wall.add(at, end.atLeast))
      if ('every' in end) {
        const [month, date] = end.every.split('-').map(Number)
        return midnights(month!, date!, least, true)
      }
      const came = new Date(wall.day(enrolledAt ?? firstAt ?? at) * 86_400_000)
      const from = Math.max(least, wall.instantOf(came.getTime() / 86_400_000 + 1))
      return midnights(came.getUTCMonth() + 1, came.getUTCDate(), from, false)
    }
    return wall.add(at, end)
  }
  const lastsIn = (currency: string, at: number) => {
    const { kind, expires } = termsOf(currency)
    return kind === 'experience' ? Infinity : lasts(expires, at)
  }
  const rankAt = (currency: string, at: number, cost: number) => {
    const { spend } = termsOf(currency)
    return spend === 'oldest' ? at : spend === 'cheapest' ? cost : 0
  }
  const active = (type: string, at: number, earned: number | undefined) => {
    for (const { currency, expires } of currencies) {
      if (typeof expires !== 'object' || !('inactive' in expires)) continue
      if (!expires.activity.includes(type)) continue
      const counts = expires.countsZeroPoints !== false || type === 'points/redeemed'
      if (counts ? earned === undefined : (earned ?? 0) > 0)
        notBefore[currency] = Math.max(notBefore[currency]!, wall.add(at, expires.inactive))
    }
  }
  /** Points become spendable; what is owed takes the first of them. */
  const arrive = (list: readonly Unit[]) => {
    for (const one of list) {
      if (debt[one.currency]! > 0) {
        debt[one.currency]!--
        one.place = 'gone'
      } else one.place = 'free'
    }
  }
  const issue = (
    currency: string,
    points: number,
    at: number,
    { end, cost = 0, own = '', ready }: { end: number; cost?: number; own?: string; ready?: number },
  ): readonly Unit[] => {
    if (points === 0) return []
    const lot = issued[currency]!++
    const rank = rankAt(currency, at, cost)
    const made = Array.from(
      { length: points },
      (): Unit => ({ currency, place: 'waits', lot, end, rank, ready: ready ?? 0, own, at: 0, by: '' }),
    )
    for (const one of made) units.push(one)
    if (ready === undefined) arrive(made)
    return made
  }
  const posted = (at: number) => {
    firstAt ??= at
  }

  /** The room of a cap at an instant. */
  const room = ({ cap, atMost, per }: CapTerms, event: string, at: number) => {
    const counts = (paid: (typeof paidUnder)[number]) =>
      paid.cap === cap &&
      (per === 'ever' ||
        (per === 'event'
          ? paid.event === event && paid.at === at
          : 'this' in per
            ? wall.day(paid.at) === wall.day(at)
            : wall.add(paid.at, per) > at))
    return Math.max(0, atMost - paidUnder.reduce((sum, paid) => (counts(paid) ? sum + paid.points : sum), 0))
  }
  const capsOf = (rule: RuleTerms) => {
    const currency = rule.in ?? first
    const all = (terms.caps ?? []).filter((cap) =>
      cap.rules === undefined ? (cap.in ?? first) === currency : cap.rules.includes(rule.rule),
    )
    return [...all.filter(({ per }) => per === 'event'), ...all.filter(({ per }) => per !== 'event')]
  }
  /** What is owed makes room: what comes repays it first. */
  const heldIn = (currency: string) =>
    units.filter(
      (one) =>
        one.currency === currency && (one.place === 'free' || one.place === 'waits' || one.place === 'held'),
    ).length - debt[currency]!
  /** How much of some points is paid, waits, or is refused altogether. */
  const cut = (rule: RuleTerms, wanted: number, event: string | undefined, at: number) => {
    const caps = capsOf(rule)
    let left = wanted
    for (const cap of caps) {
      if (cap.overflow === 'carry' || (cap.per === 'event' && event === undefined)) continue
      const there = room(cap, event ?? '', at)
      if (left <= there) continue
      if (cap.overflow === 'refuse') return { paid: 0, waits: 0, refused: true }
      left = there
    }
    const { atMost } = termsOf(rule.in ?? first)
    if (atMost !== undefined) left = Math.min(left, Math.max(0, atMost - heldIn(rule.in ?? first)))
    let paid = left
    for (const cap of caps) if (cap.overflow === 'carry') paid = Math.min(paid, room(cap, '', at))
    return { paid, waits: left - paid, refused: false }
  }
  const pay = (
    rule: RuleTerms,
    deal: Deal,
    points: number,
    event: string,
    at: number,
    confirmed: boolean,
  ) => {
    const currency = rule.in ?? first
    for (const { cap } of capsOf(rule)) paidUnder.push({ cap, event, at, points })
    deal.earned += points
    totals[currency]!.earned += points
    const pending = rule.pending ?? termsOf(currency).pending
    const ready =
      pending === undefined ? undefined : pending === 'until-confirmed' ? Infinity : wall.add(at, pending)
    const end = rule.expires === undefined ? lastsIn(currency, at) : lasts(rule.expires, at)
    const [top, bottom] = fraction(rule.cost ?? '0')
    issue(currency, points, at, {
      end,
      cost: top / bottom,
      own: `${rule.rule}|${deal.origin}`,
      ...(ready !== undefined && !(confirmed && ready === Infinity) && { ready }),
    })
    if (points > 0) active(rule.on, at, points)
    if (points > 0) active('points/earned', at, points)
    active('points/earned', at, undefined)
    posted(at)
  }

  function earn(rule: RuleTerms, { id, data, occurredAt: at }: Told) {
    const where = Object.entries(rule.where ?? {})
    if (where.some(([field, value]) => data[field] !== value)) return
    const { points, per, of } = rule.earns
    const base = of === undefined ? 1 : minorOf(data[of] as string)
    if (base === 0 && per !== undefined) return
    const running = rule.multiply?.filter(
      ({ during }) => Date.parse(during.from) <= at && at < Date.parse(during.until),
    )
    let [top, bottom] = [1, 1]
    const by = (running ?? []).map((one) => fraction(one.by))
    const how = rule.multiplying ?? 'first'
    if (by.length > 0) {
      if (how === 'first') [top, bottom] = by[0]!
      else if (how === 'best') [top, bottom] = by.reduce((a, b) => (b[0] * a[1] > a[0] * b[1] ? b : a))
      else if (how === 'product') [top, bottom] = by.reduce((a, b) => [a[0] * b[0], a[1] * b[1]])
      else {
        bottom = by.reduce((all, one) => all * one[1], 1)
        top = Math.max(
          0,
          by.reduce((sum, one) => sum + (one[0] - one[1]) * (bottom / one[1]), bottom),
        )
      }
    }
    // Sixtieths of sixtieths of the rate: every multiplier here divides them.
    const parts = 3600n * BigInt(per === undefined ? 1 : minorOf(per))
    const exact =
      (BigInt(per === undefined ? 1 : base) * BigInt(points) * BigInt(top) * 3600n) / BigInt(bottom)
    const whole = exact + (rule.rounding === 'each' ? 0n : (leftOver[rule.rule] ?? 0n))
    const name = (rule.origin === undefined ? undefined : (data[rule.origin] as string | undefined)) ?? id
    const key = `${rule.rule}|${name}`
    const deal: Deal = deals.get(key) ?? {
      rule: rule.rule,
      origin: name,
      currency: rule.in ?? first,
      base: 0,
      earned: 0,
      refunded: 0,
      takenBack: 0,
      excused: 0,
      waits: 0,
      dropped: 0,
    }
    const { paid, waits, refused } = cut(rule, Number(whole / parts), id, at)
    if (!refused && rule.rounding !== 'each') leftOver[rule.rule] = whole % parts
    deal.base += base
    deals.set(key, deal)
    if (waits > 0 && deal.waits === 0) queue.push({ rule, deal })
    deal.waits += waits
    pay(rule, deal, paid, id, at, false)
  }

  /** What has to go and comes from nobody's pocket but the holder's, as the policy has it. */
  function collect(currency: string, own: readonly Unit[], wanted: number, byHand: boolean) {
    const policy = terms.negative ?? {}
    const clawback = policy.clawback ?? 'deficit'
    const money = clawback === 'money-due' || policy.beyond === 'money-due'
    const mine = [
      ...own.filter(({ place }) => place === 'waits'),
      ...own.filter(({ place }) => place === 'free'),
    ]
    const others = inOrder(free(currency), currency).filter((one) => !mine.includes(one))
    const all =
      clawback === 'pending-only' && !byHand
        ? mine.filter(({ place }) => place === 'waits')
        : [...mine, ...others]
    const taken = all.slice(0, wanted)
    for (const one of taken) one.place = 'gone'
    const open = wanted - taken.length
    const owed =
      clawback === 'deficit' ? Math.max(0, Math.min(open, (policy.atMost ?? Infinity) - debt[currency]!)) : 0
    debt[currency]! += owed
    const rest = open - owed
    if (money) due[currency]! += rest
    else uncollected[currency]! += rest
    return { taken, owed, due: money ? rest : 0 }
  }

  function clawBack(deal: Deal, amount: number | undefined, at: number) {
    deal.refunded = amount === undefined ? deal.base : Math.min(deal.base, deal.refunded + amount)
    const whole = deal.earned + deal.waits + deal.dropped
    const share = deal.base === 0 ? whole : floorDiv(whole, deal.refunded, deal.base)
    const all = Math.max(0, share - deal.takenBack - deal.dropped)
    const dropped = Math.min(all, deal.waits)
    deal.waits -= dropped
    deal.dropped += dropped
    if (deal.waits === 0) queue = queue.filter((one) => one.deal !== deal)
    const wanted = all - dropped
    const key = `${deal.rule}|${deal.origin}`
    const ours = units.filter(({ own, currency }) => own === key && currency === deal.currency)
    const own = ours
      .filter(({ place }) => place === 'waits' || place === 'free')
      .sort((a, b) => a.lot - b.lot || cmp(a.end, b.end))
    const lapsed = ours.filter(({ place }) => place === 'lapsed' || place === 'lost').length
    const excused = Math.min(Math.max(0, wanted - own.length), lapsed - deal.excused)
    deal.excused += excused
    deal.takenBack += wanted
    const { taken, owed } = collect(deal.currency, own, wanted - excused, false)
    totals[deal.currency]!.clawedBack += taken.length + owed
    posted(at)
  }

  /** What something confirmed at this instant and found nothing of yet: it may still come, at the same instant. */
  let asked: { readonly origin: string; readonly currency: string }[] = []
  function confirm(origin: string, at: number, among?: string): boolean {
    let any = false
    for (const { currency } of currencies) {
      if (among !== undefined && currency !== among) continue
      const mine = terms.earning
        .filter((rule) => (rule.in ?? first) === currency)
        .map(({ rule }) => `${rule}|${origin}`)
      const waiting = units.filter(
        (one) => one.currency === currency && one.place === 'waits' && mine.includes(one.own),
      )
      waiting.sort((a, b) => a.lot - b.lot || cmp(a.end, b.end))
      if (waiting.length === 0) continue
      any = true
      asked = asked.filter((one) => one.origin !== origin || one.currency !== currency)
      arrive(waiting)
      posted(at)
    }
    return any
  }

  const lapse = (list: readonly Unit[], at: number) => {
    for (const one of list) {
      one.place = 'lapsed'
      one.at = at
      totals[one.currency]!.expired++
    }
    if (list.length > 0) posted(at)
  }

  /** From when on all caps under which points of a rule may wait have room. */
  const roomFrom = (rule: RuleTerms, at: number): number => {
    const caps = capsOf(rule).filter(({ overflow }) => overflow === 'carry')
    const overs = caps.flatMap(({ cap, per }) =>
      paidUnder.flatMap((paid) => {
        if (paid.cap !== cap || typeof per === 'string') return []
        return 'this' in per ? [wall.instantOf(wall.day(paid.at) + 1)] : [wall.add(paid.at, per)]
      }),
    )
    const open = (now: number) => caps.every((cap) => room(cap, '', now) > 0)
    return Math.min(...[at, ...overs].filter((now) => now >= at && open(now)))
  }
  const release = ({ rule, deal }: (typeof queue)[number], at: number) => {
    const { paid, waits } = cut(rule, deal.waits, undefined, at)
    deal.waits = waits
    if (waits === 0) queue = queue.filter((one) => one.deal !== deal)
    pay(rule, deal, paid, '', at, false)
  }

  /** Time alone: confirmations, then reservations that end, then ends, then who waits for room. */
  function pass(to: number) {
    for (;;) {
      let next = Infinity
      for (const one of units) {
        if (one.place === 'waits' && one.ready < next) next = one.ready
        if (one.place === 'free') next = Math.min(next, endOf(one))
      }
      for (const { until } of reservations.values()) next = Math.min(next, until)
      const waiting = [...new Set(queue.map(({ rule }) => rule))].map(
        (rule) => queue.find((one) => one.rule === rule)!,
      )
      const rooms = waiting.map((one) => roomFrom(one.rule, clock))
      const first = Math.min(...rooms)
      if (first <= to && first < Math.max(next, clock)) {
        clock = Math.max(clock, first)
        release(queue.find((one) => waiting.includes(one) && rooms[waiting.indexOf(one)] === first)!, clock)
        continue
      }
      if (next > to || next === Infinity) {
        if (first > to || first === Infinity) return
        clock = Math.max(clock, first)
        release(queue.find((one) => waiting.includes(one) && rooms[waiting.indexOf(one)] === first)!, clock)
        continue
      }
      clock = Math.max(clock, next)
      const now = clock
      const ready = units.filter(({ place, ready }) => place === 'waits' && ready <= next)
      if (ready.length > 0) {
        arrive(ready)
        posted(now)
        continue
      }
      const over = [...reservations].find(([, { until }]) => until <= next)
      if (over !== undefined) {
        reservations.delete(over[0])
        arrive(over[1].units)
        posted(now)
        continue
      }
      lapse(
        units.filter((one) => one.place === 'free' && endOf(one) <= next),
        now,
      )
    }
  }

  const named = (currency: string, lots: unknown): readonly Unit[] => {
    const open = inOrder(free(currency), currency)
    if (lots === undefined) return open
    return [...new Set(lots as readonly number[])].flatMap((lot) => {
      const some = open.filter((one) => one.lot === lot)
      return some.length === 0 ? no('unknown-lot') : some
    })
  }
  const positive = (points: unknown) => {
    if (points !== undefined && (points as number) <= 0) no('points-not-positive')
  }
  const taking = (currency: string, points: number, lots: unknown) => {
    const open = named(currency, lots)
    if (open.length < points) no('insufficient-points')
    return open.slice(0, points)
  }
  const paidFor = (data: Told['data']): number => {
    if (data['for'] === undefined) return 0
    const minor = minorOf((data['for'] as { readonly amount: string }).amount)
    return minor > 0 ? minor : no('not-an-amount')
  }
  function spend(id: string, currency: string, list: readonly Unit[], paid: number, at: number) {
    const pieces = list.map(({ lot, end, place, by }) => `${lot}|${end}|${place === 'held' ? by : ''}`)
    for (const one of list) one.place = 'spent'
    redemptions.set(id, { currency, units: list, pieces, left: list.length, paid, unpaid: paid })
    totals[currency]!.redeemed += list.length
    active('points/redeemed', at, undefined)
    posted(at)
  }
  /** Gives spent points back, the last spent first. */
  function giveBack(redemption: Redemption, points: number, at: number) {
    const { currency } = redemption
    const coming = redemption.units.slice(redemption.left - points, redemption.left).reverse()
    const pieces = redemption.pieces.slice(redemption.left - points, redemption.left).reverse()
    redemption.left -= points
    const { to, grace } = terms.refunds ?? {}
    for (const [i, one] of coming.entries()) {
      if (to === 'fresh-lots') {
        if (i === 0 || pieces[i] !== pieces[i - 1]) issued[currency]!++
        one.lot = issued[currency]! - 1
        one.end = lastsIn(currency, at)
        one.rank = rankAt(currency, at, one.rank)
      } else if (grace !== undefined && endOf(one) <= at) one.end = wall.add(at, grace)
    }
    totals[currency]!.refunded += coming.length
    arrive(coming)
    posted(at)
  }
  /** How many of what lapsed may come back, the first that lapsed first. */
  function reinstatable(currency: string, lots: unknown, at: number) {
    const within = terms.reinstateWithin
    const wanted = lots === undefined ? undefined : new Set(lots as readonly number[])
    const list = units.filter(
      (one) =>
        one.currency === currency &&
        one.place === 'lapsed' &&
        (within === undefined || wall.add(one.at, within) > at) &&
        (wanted === undefined || wanted.has(one.lot)),
    )
    if (wanted !== undefined && [...wanted].some((lot) => !list.some((one) => one.lot === lot)))
      no('unknown-lot')
    list.sort((a, b) => a.at - b.at || a.lot - b.lot || cmp(a.end, b.end))
    const used: Record<string, number> = {}
    return list.filter(({ own }) => {
      const deal = deals.get(own)
      if (deal === undefined) return true
      const all = units.filter(
        (one) => one.own === own && (one.place === 'lapsed' || one.place === 'lost'),
      ).length
      used[own] = (used[own] ?? 0) + 1
      return used[own]! <= all - deal.excused
    })
  }
  const keeps = (at: number) => (terms.reversible === undefined ? Infinity : wall.add(at, terms.reversible))

  function command(word: string, { id, data, occurredAt: at }: Told): void {
    const currency = (data['currency'] as string | undefined) ?? first
    const points = data['points'] as number
    if (word === 'earn') {
      positive(points)
      const { atMost } = termsOf(currency)
      const given = atMost === undefined ? points : Math.min(points, Math.max(0, atMost - heldIn(currency)))
      totals[currency]!.earned += given
      const lot = issued[currency]!
      issue(currency, given, at, { end: lastsIn(currency, at) })
      if (given > 0) active('points/earned', at, given)
      active('points/earned', at, undefined)
      posted(at)
      const lots = given > 0 ? [lot] : []
      hands.set(id, {
        kind: 'earned',
        currency,
        points: given,
        lots,
        units: [],
        owed: 0,
        due: 0,
        until: keeps(at),
        reversed: false,
      })
    } else if (word === 'confirm') {
      if (!confirm(data['origin'] as string, at)) no('nothing-pending')
    } else if (word === 'redeem') {
      positive(points)
      const list = taking(currency, points, data['lots'])
      spend(id, currency, list, paidFor(data), at)
    } else if (word === 'reserve') {
      positive(points)
      const list = taking(currency, points, data['lots'])
      const end =
        (data['until'] as number | undefined) ??
        (terms.holdFor === undefined ? Infinity : wall.add(at, terms.holdFor))
      if (end <= at) no('ends-before-it-begins')
      for (const one of list) {
        one.place = 'held'
        one.by = id
      }
      reservations.set(id, { currency, units: [...list], until: end })
      posted(at)
    } else if (word === 'capture') {
      positive(points)
      const name = data['reservation'] as string
      const held = reservations.get(name) ?? no('unknown-reservation')
      const wanted = points ?? held.units.length
      if (wanted > held.units.length) no('capture-exceeds-reservation')
      const paid = paidFor(data)
      const open = held.units
      spend(id, held.currency, open.slice(0, wanted), paid, at)
      held.units = open.slice(wanted)
      if (data['keep'] !== true) arrive(held.units)
      if (data['keep'] !== true || held.units.length === 0) reservations.delete(name)
    } else if (word === 'release') {
      const name = data['reservation'] as string
      const held = reservations.get(name) ?? no('unknown-reservation')
      reservations.delete(name)
      arrive(held.units)
      posted(at)
    } else if (word === 'refund') {
      positive(points)
      const redemption = redemptions.get(data['redemption'] as string) ?? no('unknown-redemption')
      const amount = data['amount'] as string | undefined
      let back = points ?? redemption.left
      let minor = 0
      if (amount !== undefined) {
        if (points !== undefined) no('points-or-amount')
        if (redemption.paid === 0) no('no-payment-recorded')
        minor = minorOf(amount)
        if (minor <= 0) no('not-an-amount')
        if (minor > redemption.unpaid) no('refund-exceeds-payment')
        const whole = BigInt(redemption.units.length)
        const share =
          (whole * BigInt(redemption.paid - redemption.unpaid + minor) + BigInt(redemption.paid) - 1n) /
          BigInt(redemption.paid)
        back = Math.max(0, Number(share) - (redemption.units.length - redemption.left))
      } else if (back === 0) no('refund-exceeds-redemption')
      if (back > redemption.left) no('refund-exceeds-redemption')
      redemption.unpaid -= minor
      giveBack(redemption, back, at)
    } else if (word === 'expire') {
      positive(points)
      const open = named(currency, data['lots'])
      if (points !== undefined && open.length < points) no('insufficient-points')
      if (open.length === 0) no('nothing-to-expire')
      lapse(open.slice(0, points ?? open.length), at)
    } else if (word === 'extend') {
      const end = data['until'] as number
      const lots = data['lots'] as readonly number[] | undefined
      const there = units.filter(
        (one) =>
          one.currency === currency &&
          (one.place === 'free' || one.place === 'waits') &&
          (lots === undefined || lots.includes(one.lot)),
      )
      if (lots?.some((lot) => !there.some((one) => one.lot === lot))) no('unknown-lot')
      if (lots !== undefined && there.some((one) => one.end === Infinity)) no('never-ends')
      if (lots !== undefined && there.some((one) => endOf(one) >= end)) no('end-not-later')
      if (end <= at) no('end-not-later')
      const later = there.filter((one) => endOf(one) < end)
      if (later.length === 0) no('nothing-to-extend')
      for (const one of later) one.end = end
      posted(at)
    } else if (word === 'reinstate') {
      positive(points)
      const may = reinstatable(currency, data['lots'], at)
      if ((data['until'] as number) <= at) no('end-not-later')
      if (may.length === 0 || (points ?? 0) > may.length) no('reinstate-exceeds-expired')
      const back = may.slice(0, points ?? may.length)
      for (const one of back) one.end = data['until'] as number
      totals[currency]!.reinstated += back.length
      arrive(back)
      posted(at)
    } else if (word === 'adjust') {
      if (points === 0) no('nothing-to-adjust')
      if (points > 0) {
        totals[currency]!.added += points
        const lot = issued[currency]!
        issue(currency, points, at, { end: lastsIn(currency, at) })
        hands.set(id, {
          kind: 'adjusted',
          currency,
          points,
          lots: [lot],
          units: [],
          owed: 0,
          due: 0,
          until: keeps(at),
          reversed: false,
        })
      } else {
        const { clawback = 'deficit', beyond, atMost = Infinity } = terms.negative ?? {}
        const money = clawback === 'money-due' || beyond === 'money-due'
        const reach =
          free(currency).length + (clawback === 'deficit' ? Math.max(0, atMost - debt[currency]!) : 0)
        if (!money && -points > reach) no('insufficient-points')
        const { taken, owed, due: inMoney } = collect(currency, [], -points, true)
        totals[currency]!.removed += taken.length + owed
        hands.set(id, {
          kind: 'adjusted',
          currency,
          points,
          lots: [],
          units: taken,
          owed,
          due: inMoney,
          until: keeps(at),
          reversed: false,
        })
      }
      posted(at)
    } else if (word === 'send') {
      positive(points)
      const list = taking(currency, points, undefined)
      const { limit } = terms.transfers ?? {}
      if (limit !== undefined) {
        const counts = sent.filter((one) => one.currency === currency && wall.add(one.at, limit.within) > at)
        if (points > limit.points - counts.reduce((sum, one) => sum + one.points, 0))
          no('transfer-limit-exceeded')
        sent.push({ currency, at, points })
      }
      for (const one of list) one.place = 'gone'
      totals[currency]!.sent += points
      hands.set(id, {
        kind: 'sent',
        currency,
        points: -points,
        lots: [],
        units: list,
        owed: 0,
        due: 0,
        until: keeps(at),
        reversed: false,
      })
      posted(at)
    } else if (word === 'receive') {
      const parts = data['parts'] as readonly { readonly amount: number; readonly expiresAt: number | null }[]
      if (parts.length === 0 || parts.some(({ amount }) => amount <= 0)) no('malformed-parts')
      const lots: number[] = []
      const all = parts.reduce((sum, { amount }) => sum + amount, 0)
      totals[currency]!.received += all
      const reset = terms.transfers?.expiry === 'reset'
      const end = lastsIn(currency, at)
      for (const { amount, expiresAt } of parts) {
        lots.push(issued[currency]!)
        issue(currency, amount, at, { end: reset ? end : (expiresAt ?? Infinity) })
      }
      hands.set(id, {
        kind: 'received',
        currency,
        points: all,
        lots,
        units: [],
        owed: 0,
        due: 0,
        until: keeps(at),
        reversed: false,
      })
      posted(at)
    } else if (word === 'reverse') reverse(data['of'] as string, at)
    else if (word === 'enrol') {
      const asked = (data['at'] as number | undefined) ?? at
      if (closedAt !== null) {
        if (typeof terms.enrolment === 'object' && terms.enrolment.again === 'refused') no('account-closed')
      } else if (enrolledAt !== null) no('already-enrolled')
      if (asked > at) no('enrols-later')
      enrolledAt = asked
      closedAt = null
      posted(at)
    } else if (word === 'close') close(id, data['points'] as string, at)
  }

  function reverse(of: string, at: number) {
    const hand = hands.get(of)
    if (hand !== undefined && hand.until > at) {
      if (hand.reversed) no('already-reversed')
      hand.reversed = true
      const { currency, kind } = hand
      if (hand.points > 0) {
        const own = units.filter(
          (one) =>
            one.currency === currency &&
            hand.lots.includes(one.lot) &&
            (one.place === 'free' || one.place === 'waits'),
        )
        const { taken, owed } = collect(currency, inOrder(own, currency), hand.points, false)
        totals[currency]![kind === 'earned' ? 'clawedBack' : kind === 'received' ? 'sent' : 'removed'] +=
          taken.length + owed
      } else {
        totals[currency]![kind === 'adjusted' ? 'added' : kind === 'sent' ? 'received' : 'earned'] +=
          -hand.points - hand.due
        arrive(hand.units)
        if (hand.owed > 0) issue(currency, hand.owed, at, { end: lastsIn(currency, at) })
        due[currency]! -= hand.due
      }
      posted(at)
      return
    }
    const redemption = redemptions.get(of)
    if (redemption !== undefined) {
      if (redemption.left === 0) no('already-reversed')
      giveBack(redemption, redemption.left, at)
      return
    }
    const held = reservations.get(of) ?? no('unknown-posting')
    reservations.delete(of)
    arrive(held.units)
    posted(at)
  }

  function close(id: string, points: string, at: number) {
    let paid = 0
    for (const { currency, kind } of currencies) {
      const mine = (place: Place) => units.filter((one) => one.place === place && one.currency === currency)
      const held = [...reservations]
        .filter(([, one]) => one.currency === currency)
        .sort(([a], [b]) => cmp(a as never, b as never))
        .flatMap(([, one]) => one.units)
      const open = [...inOrder(mine('free'), currency), ...held]
      if (points === 'pay-out' && kind === 'spendable' && open.length > 0) {
        spend(paid === 0 ? id : `${id}>${currency}`, currency, open, 0, at)
        paid++
      }
      const lost = [...mine('waits'), ...mine('free'), ...mine('held')]
      for (const one of lost) one.place = 'lost'
      totals[currency]!.forfeited += lost.length
    }
    reservations.clear()
    for (const { deal } of queue) deal.waits = 0
    queue = []
    closedAt = at
    posted(at)
  }

  const takesPart = () => closedAt === null && (terms.enrolment === undefined || enrolledAt !== null)

  function fact(told: Told) {
    const { type, data, occurredAt: at } = told
    const closed = closedAt !== null
    if (!takesPart()) {
      const { enrolment } = terms
      const again = !closed || (typeof enrolment === 'object' && enrolment.again !== 'refused')
      const enrols =
        enrolment === 'at-once' ? !closed : typeof enrolment === 'object' && enrolment.on === type && again
      if (enrols) {
        enrolledAt = at
        closedAt = null
        posted(at)
      } else if (!closed) return
    } else active(type, at, undefined)
    const open = takesPart()
    // A refund is of what was known before it came.
    const known = new Set(deals.keys())
    // What is past its end as it comes is over before the next thing comes.
    if (open)
      for (const rule of terms.earning) {
        if (rule.on === type) earn(rule, told)
        pass(at)
      }
    if (open)
      for (const { on, origin } of terms.confirmation)
        if (on === type)
          for (const { currency } of currencies) asked.push({ origin: data[origin] as string, currency })
    for (const { origin, currency } of asked) {
      confirm(origin, at, currency)
      pass(at)
    }
    for (const { on, origin, of } of terms.clawback) {
      if (on !== type) continue
      for (const rule of terms.earning) {
        if (of !== undefined && rule.earns.of === undefined) continue
        const key = `${rule.rule}|${data[origin]}`
        if (known.has(key))
          clawBack(deals.get(key)!, of === undefined ? undefined : minorOf(data[of] as string), at)
      }
    }
  }

  for (const told of log) {
    const at = told.occurredAt
    if (at > until) break
    pass(at)
    if (before !== at) asked = []
    before = at
    clock = at
    verdict = 'accepted'
    if (!told.type.startsWith('points/')) fact(told)
    else {
      const word = told.type.slice('points/'.length)
      const enrolledBefore: number | null = enrolledAt
      try {
        if (closedAt !== null && !AFTER_CLOSING.includes(word)) no('account-closed')
        if (closedAt === null && !takesPart() && word !== 'enrol') {
          if (terms.enrolment !== 'at-once') no('not-enrolled')
          enrolledAt = at
        }
        command(word, told)
      } catch (error) {
        if (!(error instanceof Refusal)) throw error
        verdict = error.code
        enrolledAt = enrolledBefore
      }
    }
    pass(at)
  }
  pass(until)

  const count = (currency: string, place: Place) =>
    units.reduce((sum, one) => (one.currency === currency && one.place === place ? sum + 1 : sum), 0)
  const nextOf = (currency: string): Wallet['next'] => {
    const all: NonNullable<Wallet['next']>[] = []
    const mine = units.filter((one) => one.currency === currency)
    const ready = mine.filter(({ place }) => place === 'waits').map(({ ready }) => ready)
    const soon = Math.min(...ready)
    if (soon < Infinity)
      all.push({ what: 'confirms', at: soon, points: ready.filter((at) => at === soon).length })
    const held = [...reservations].filter(([, one]) => one.currency === currency && one.until < Infinity)
    held.sort(([a, one], [b, two]) => one.until - two.until || cmp(a as never, b as never))
    if (held.length > 0)
      all.push({ what: 'is-released', at: held[0]![1].until, points: held[0]![1].units.length })
    const ends = mine.filter(({ place }) => place === 'free').map(endOf)
    const end = Math.min(...ends)
    if (end < Infinity) all.push({ what: 'expires', at: end, points: ends.filter((at) => at === end).length })
    return all.reduce<Wallet['next']>((best, one) => (best === null || one.at < best.at ? one : best), null)
  }
  const held: Record<string, number> = {}
  for (const one of units) {
    const { place, currency, lot, end } = one
    if (place !== 'free' && place !== 'waits' && place !== 'held') continue
    const key = `${currency} ${place} ${lot} ${end}`
    held[key] = (held[key] ?? 0) + 1
  }
  const waiting = new Set(units.flatMap(({ place, own }) => (place === 'waits' ? [own.split('|')[1]!] : [])))
  const { perPoint } = terms.negative ?? {}
  const [top, bottom] = fraction(perPoint?.ratio ?? '0')
  return {
    verdict,
    wallets: Object.fromEntries(
      currencies.map(({ currency }) => [
        currency,
        {
          balance: count(currency, 'free') - debt[currency]!,
          pending: count(currency, 'waits'),
          reserved: count(currency, 'held'),
          next: nextOf(currency),
          totals: totals[currency]!,
        },
      ]),
    ),
    enrolledAt,
    closedAt,
    uncollected,
    due: Object.fromEntries(
      Object.entries(due).map(([currency, points]) => [
        currency,
        [points, floorDiv(points, top * 100, bottom)],
      ]),
    ),
    held,
    waiting: [...waiting],
    ends: [...new Set(units.filter(({ place }) => place === 'spent' || place === 'held').map(endOf))],
    redemptions: [...redemptions].map(([id, one]) => [id, one.left, one.unpaid]),
    reservations: [...reservations].map(([id, one]) => [id, one.units.length]),
    origins: [...deals].map(([key, one]) => [key, one.earned, one.takenBack]),
    reversible: [...hands].flatMap(([id, { reversed }]) => (reversed ? [] : [id])),
    reinstatable: Object.fromEntries(
      currencies.map(({ currency }) => [currency, reinstatable(currency, undefined, until).length]),
    ),
  }
}
