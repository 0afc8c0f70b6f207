import type { Calendar, Instant, Sorted, SortedOrder } from '../../kernel/index.js'
import { after, firstPrefix, insert, items, sumThrough } from '../../kernel/sorted.js'
import { endOfUnit } from '../../kernel/window.js'
import { spendableIn } from '../../ledger/index.js'
import type { PointsState } from '../account.js'
import type { TierTrack, TierWindow } from './definition.js'
import type { TierHeld } from './joining.js'
import type { TierBasis, TierEntry, TierState } from './state.js'

/** What counts on a track until some instant, the first to go first. */
export const tierEntries = ({ entries }: TierState): readonly TierEntry[] => [...items(byLeaving, entries)]

/** What decides on a tier, compiled. Never below zero. */
export interface Measure {
  /** As of an instant, with everything that was recorded. */
  at(tier: TierState, books: PointsState['books'], at: Instant): number
  /** Of the window that ends at this very instant, if one does. */
  closing(tier: TierState, at: Instant): number | undefined
  /** After `at`, when it will first be below one number, or at or above another, if nothing happens. */
  crossing(tier: TierState, at: Instant, below: number, reaches: number): Instant | undefined
  /** The window at an instant. */
  window(tier: TierState, at: Instant): { readonly start: Instant; readonly end: Instant } | null
  /** How much of what counts now will count at a later instant, if nothing happens. */
  lasting(tier: TierState, books: PointsState['books'], at: Instant, until: Instant): number
  /** After `at`, when it or its window may change next. */
  step(tier: TierState, at: Instant): Instant | undefined
  /** With so much more, dated. */
  count(tier: TierState, amount: number, date: Instant, now: Instant): TierState
  /** Without what counted for the term before. */
  restart(tier: TierState, begins: Instant, counted: number): TierState
  /** With what counts of another account too. */
  join(tier: TierState, other: TierHeld, now: Instant): TierState
  /** Whether something of this date was counted when a tier was reached. */
  counted(tier: TierState, basis: TierBasis, date: Instant): boolean
}

const byLeaving: SortedOrder<TierEntry, Instant> = {
  key: ({ leavesAt }) => leavesAt,
  compare: (a, b) => a - b,
  amount: ({ amount }) => amount,
}
const together = (a: TierEntry, b: TierEntry): TierEntry => ({
  leavesAt: a.leavesAt,
  amount: a.amount + b.amount,
})

const steady: Measure = {
  at: () => 0,
  closing: () => undefined,
  crossing: () => undefined,
  window: () => null,
  lasting(tier, books, at) {
    return this.at(tier, books, at)
  },
  step: () => undefined,
  count: (tier) => tier,
  restart: (tier) => tier,
  join: (tier) => tier,
  counted: () => false,
}

/** Compiles the measure of a track. */
export function measureOf({ measure, window = 'lifetime' }: TierTrack, zone: Calendar): Measure {
  if ('tenure' in measure) return tenure(measure.tenure, zone)
  if ('balance' in measure) {
    const at: Measure['at'] = (_, books) => {
      const { lots } = books[measure.balance]!
      return Math.max(0, spendableIn(lots) - lots.deficit)
    }
    return { ...steady, at }
  }
  if (window === 'lifetime') return { ...running, counted: (_, { at }, date) => date <= at }
  if (window === 'term') return term
  if ('rolling' in window) return rolling(zone.adder(window.rolling))
  const periods = periodic(windowsOf(window, zone))
  return 'years' in window ? onceBegun(periods) : periods
}

/** Everything, as one number. */
const running: Measure = {
  ...steady,
  at: ({ sums }) => Math.max(0, sums[0]?.sum ?? 0),
  count: (tier, amount) => ({ ...tier, sums: [{ start: 0, sum: (tier.sums[0]?.sum ?? 0) + amount }] }),
  join: (tier, { sums }, now) => running.count(tier, sums[0]?.sum ?? 0, now, now),
}

const term: Measure = {
  ...running,
  count(tier, amount, date, now) {
    const { begins } = tier
    // What is taken back of the very instant had brought the tier; what is earned at it came after.
    const isOfTerm = begins === null || date > begins || (date === begins && amount > 0)
    return isOfTerm ? running.count(tier, amount, date, now) : tier
  },
  window: ({ begins, until }) => (begins === null || until === null ? null : { start: begins, end: until }),
  restart: (tier, begins, counted) => ({ ...tier, begins, sums: [{ start: 0, sum: counted }] }),
  counted: (_, { start, at }, date) => date <= at && (start === null || date > start),
}

function rolling(leaves: (at: Instant) => Instant): Measure {
  const sumAt = (entries: Sorted<TierEntry, Instant> | null, at: Instant) =>
    entries === null ? 0 : Math.max(0, entries.sum - sumThrough(byLeaving, entries, at))
  return {
    ...steady,
    at: ({ entries }, _, at) => sumAt(entries, at),
    crossing({ entries }, at, below, reaches) {
      const sum = entries?.sum ?? 0
      const low = Number.isFinite(reaches) ? sum - reaches + 1 : Number.NEGATIVE_INFINITY
      const high = below > 0 ? sum - below : Number.POSITIVE_INFINITY
      return firstPrefix(byLeaving, entries, at, 'outside', low, high)?.leavesAt
    },
    lasting: ({ entries }, _, __, until) => sumAt(entries, until),
    step: ({ entries }, at) => items(byLeaving, entries, at).next().value?.leavesAt,
    count(tier, amount, date, now) {
      const leavesAt = leaves(date)
      const kept = after(byLeaving, tier.entries, now)
      const entries = leavesAt <= now ? kept : insert(byLeaving, kept, { leavesAt, amount }, together)
      return { ...tier, entries }
    },
    join(tier, other, now) {
      const kept = after(byLeaving, tier.entries, now)
      const entries = other.entries.reduce(
        (tree, one) => (one.leavesAt <= now ? tree : insert(byLeaving, tree, one, together)),
        kept,
      )
      return { ...tier, entries }
    },
    counted: (_, { at }, date) => date <= at && leaves(date) > at,
  }
}

/** Windows that follow one another without gaps. */
interface Windows {
  startOf(at: Instant, enrolled: Instant | null): Instant
  endOf(at: Instant, enrolled: Instant | null): Instant
}

function windowsOf(window: Exclude<TierWindow, string | { rolling: unknown }>, zone: Calendar): Windows {
  if ('this' in window) {
    const unit = window.this
    return { startOf: (at) => zone.startOf(unit, at), endOf: (at) => endOfUnit(zone, unit, at) }
  }
  const adders = new Map<number, (at: Instant) => Instant>()
  /** The n-th window's first instant. */
  const nth = (enrolled: Instant, n: number): Instant => {
    const first = zone.startOf('day', enrolled)
    if (n === 0) return first
    const years = Math.min(n * window.years, 9999)
    let adder = adders.get(years)
    if (adder === undefined) {
      adder = zone.adder({ years })
      adders.set(years, adder)
    }
    return adder(first)
  }
  const indexOf = (at: Instant, enrolled: Instant): number => {
    const years = Math.floor(zone.localMonthIndex(at) / 12) - Math.floor(zone.localMonthIndex(enrolled) / 12)
    let n = Math.max(0, Math.floor(years / window.years))
    while (n > 0 && nth(enrolled, n) > at) n -= 1
    return n
  }
  return {
    startOf: (at, enrolled) => nth(enrolled ?? at, indexOf(at, enrolled ?? at)),
    endOf: (at, enrolled) => nth(enrolled ?? at, indexOf(at, enrolled ?? at) + 1),
  }
}

/** A measure of what has begun: nothing counts, and nothing changes, while nobody knows when the account did. */
const onceBegun = (measure: Measure): Measure => ({
  ...measure,
  at: (tier, books, at) => (tier.enrolled === null ? 0 : measure.at(tier, books, at)),
  closing: (tier, at) => (tier.enrolled === null ? undefined : measure.closing(tier, at)),
  crossing: (tier, at, below, reaches) =>
    tier.enrolled === null ? undefined : measure.crossing(tier, at, below, reaches),
  window: (tier, at) => (tier.enrolled === null ? null : measure.window(tier, at)),
  lasting: (tier, books, at, until) => (tier.enrolled === null ? 0 : measure.lasting(tier, books, at, until)),
  step: (tier, at) => (tier.enrolled === null ? undefined : measure.step(tier, at)),
})

function periodic({ startOf, endOf }: Windows): Measure {
  const sumOf = ({ sums }: TierState, start: Instant) =>
    Math.max(0, sums.find((one) => one.start === start)?.sum ?? 0)
  const count = (tier: TierState, amount: number, date: Instant): TierState => {
    const start = startOf(date, tier.enrolled)
    const known = tier.sums.findIndex((one) => one.start === start)
    if (known >= 0) {
      const sums = tier.sums.map((one, i) => (i === known ? { start, sum: one.sum + amount } : one))
      return { ...tier, sums }
    }
    const sums = [...tier.sums, { start, sum: amount }].sort((a, b) => a.start - b.start).slice(-2)
    return { ...tier, sums }
  }
  const next = (tier: TierState, at: Instant) => {
    const end = endOf(at, tier.enrolled)
    return end > at ? end : undefined
  }
  return {
    ...steady,
    at: (tier, _, at) => sumOf(tier, startOf(at, tier.enrolled)),
    closing(tier, at) {
      const { enrolled } = tier
      if (startOf(at, enrolled) !== at || (enrolled !== null && at <= enrolled)) return undefined
      return sumOf(tier, startOf(at - 1, enrolled))
    },
    crossing: (tier, at, below, reaches) => (below > 0 || reaches <= 0 ? next(tier, at) : undefined),
    window: ({ enrolled }, at) => ({ start: startOf(at, enrolled), end: endOf(at, enrolled) }),
    lasting(tier, _, at, until) {
      // What is measured when a window ends is that window.
      const { enrolled } = tier
      const start = startOf(until, enrolled)
      return start === until
        ? sumOf(tier, startOf(until - 1, enrolled))
        : sumOf(tier, startOf(Math.max(at, start), enrolled))
    },
    step: next,
    count,
    join(tier, other, now) {
      const enrolled = [tier.enrolled, other.enrolled].reduce<Instant | null>(
        (least, one) => (least === null || (one !== null && one < least) ? one : least),
        null,
      )
      let joined: TierState = { ...tier, enrolled, sums: [] }
      // What counts now counts on; what counted before does in the window in which its own began.
      for (const one of [tier, other])
        for (const { start, sum } of one.sums)
          joined = count(joined, sum, start === startOf(now, one.enrolled) ? now : start)
      return joined
    },
    counted: ({ enrolled }, { at }, date) => date <= at && startOf(date, enrolled) === startOf(at, enrolled),
  }
}

/** Whole months or years since the account began. */
function tenure(unit: 'months' | 'years', zone: Calendar): Measure {
  const months = unit === 'years' ? 12 : 1
  const reachedAt = (enrolled: Instant, n: number) =>
    zone.add(enrolled, { [unit]: n } as { readonly months: number })
  const wholeAt = (enrolled: Instant, at: Instant): number => {
    let n = Math.max(0, Math.floor((zone.localMonthIndex(at) - zone.localMonthIndex(enrolled)) / months))
    while (n > 0 && reachedAt(enrolled, n) > at) n -= 1
    return n
  }
  return {
    ...steady,
    at: ({ enrolled }, _, at) => (enrolled === null || at < enrolled ? 0 : wholeAt(enrolled, at)),
    crossing({ enrolled }, at, _, reaches) {
      if (enrolled === null || !Number.isFinite(reaches)) return undefined
      const on = reachedAt(enrolled, reaches)
      return on > at && wholeAt(enrolled, on) >= reaches ? on : undefined
    },
    step({ enrolled }, at) {
      if (enrolled === null) return undefined
      const next = reachedAt(enrolled, wholeAt(enrolled, at) + 1)
      return next > at ? next : undefined
    },
  }
}
