import type { TierTrack } from 'liuliang'

/**
 * Tiers told again, naively: wall clocks as minutes since 1970-01-01 without any zone, sums taken anew from the whole log at every
 * step, every midnight looked at. Nothing here is the library's.
 */

export interface Told {
  /** Minutes on the wall. */
  readonly at: number
  readonly what: 'order' | 'refund' | 'redeem' | 'set'
  readonly order?: number
  readonly amount?: number
  readonly tier?: string
  readonly until?: number
}

export interface Said {
  readonly at: number
  readonly kind: 'changed' | 'kept' | 'at-risk'
  readonly tier: string | null
  readonly until: number | null
}

interface Ymd {
  readonly y: number
  readonly m: number
  readonly d: number
}

const DAY = 1440
const ymd = (at: number): Ymd => {
  const date = new Date(Math.floor(at / DAY) * 86_400_000)
  return { y: date.getUTCFullYear(), m: date.getUTCMonth(), d: date.getUTCDate() }
}
const midnight = (y: number, m: number, d: number) => (Date.UTC(y, m, d) / 86_400_000) * DAY
const lastOf = (y: number, m: number) => new Date(Date.UTC(y, m + 1, 0)).getUTCDate()

/** A wall time so much later; the day of the month or the last. */
function later(at: number, duration: object): number {
  const {
    days = 0,
    months = 0,
    years = 0,
    end,
  } = duration as {
    readonly days?: number
    readonly months?: number
    readonly years?: number
    readonly end?: true | 'month'
  }
  const { y, m, d } = ymd(at)
  const month = m + months + 12 * years
  const day = Math.min(d, lastOf(y, month))
  const moved = midnight(y, month, day) + days * DAY + (at % DAY)
  if (end === undefined) return moved
  const to = ymd(moved)
  return end === 'month' ? midnight(to.y, to.m + 1, 1) : midnight(to.y, to.m, to.d + 1)
}

const unitMonths = { month: 1, quarter: 3, year: 12 }
const unitStart = (unit: keyof typeof unitMonths, at: number, more = 0) => {
  const { y, m } = ymd(at)
  const n = unitMonths[unit]
  return midnight(y, (Math.floor(m / n) + more) * n, 1)
}

/** Everything that happens to one account under one track, up to and with a wall time. */
export function toldBy(track: TierTrack, log: readonly Told[], until: number) {
  const said: Said[] = []
  const { levels, measure, hold = 'none', grace, downgrade = 'full', upgrade = 'at-once' } = track
  const { renews = 'upgrade', reversal = 'keep-term', window = 'lifetime' } = track
  const start = log[0]?.at ?? until
  const keeps = (rank: number) => levels[rank]!.keep ?? levels[rank]!.from
  let rank = -1
  let since: number | null = null
  let begins: number | null = null
  let ends: number | null = null
  let onGrace: number | null = null
  let landing = -1
  let byHand = false
  let barred = -1
  interface Basis {
    readonly from: number
    readonly to: number
    readonly isKept: boolean
  }
  interface Term extends Basis {
    readonly until: number | null
    readonly rank: number
  }
  let basis: Basis | null = null
  /** Every other term that began since the last one ended, in order. */
  let others: readonly Term[] = []
  const withOwn = (): readonly Term[] =>
    basis === null ? [] : [...others, { ...basis, until: ends, rank }].sort((a, b) => a.to - b.to)
  let gained: number | null = null
  let known: readonly Told[] = []

  const orderedAt = (order: number) => log.find((one) => one.what === 'order' && one.order === order)!.at
  /** What was earned between two wall times, both included, as far as is known; a refund is as old as its order. */
  const earned = (from: number, to: number) =>
    known.reduce((sum, one) => {
      if (one.what !== 'order' && one.what !== 'refund') return sum
      const date = orderedAt(one.order!)
      return date >= from && date <= to ? sum + (one.what === 'order' ? one.amount! : -one.amount!) : sum
    }, 0)
  const anniversary = (n: number) => {
    const { y, m, d } = ymd(start)
    return midnight(y + n, m, Math.min(d, lastOf(y + n, m)))
  }
  /** The dates that count at a moment: first and last. */
  const span = (at: number): readonly [number, number] => {
    if (window === 'lifetime') return [0, at]
    if (window === 'term') return [begins === null ? 0 : begins + 1, at]
    if ('this' in window) return [unitStart(window.this, at), at]
    if ('rolling' in window) {
      let first = at
      for (const { at: date } of known) if (later(date, window.rolling) > at) first = Math.min(first, date)
      return [first, at]
    }
    let n = 0
    while (anniversary(n + window.years) <= at) n += window.years
    return [anniversary(n), at]
  }
  const isBoundary = (at: number) =>
    typeof window === 'object' && !('rolling' in window) && at > start && span(at)[0] === at
  const now = (at: number) => {
    if ('tenure' in measure) {
      let n = 0
      while (later(start, { [measure.tenure]: n + 1 }) <= at) n += 1
      return n
    }
    if ('earned' in measure) return Math.max(0, earned(...span(at)))
    const balance = known.reduce(
      (sum, { what, amount = 0 }) => (what === 'order' ? sum + amount : what === 'set' ? sum : sum - amount),
      0,
    )
    return Math.max(0, balance)
  }
  const closed = (at: number) => (isBoundary(at) ? Math.max(0, earned(...span(at - 1))) : undefined)
  const reached = (points: number) => levels.reduce((top, { from }, i) => (points >= from ? i : top), -1)
  const nameOf = (some: number) => levels[some]?.tier ?? null

  const termFrom = (at: number): number | null => {
    if (hold === 'none') return null
    if (!('untilEndOf' in hold)) return later(at, hold)
    return unitStart(hold.untilEndOf, at, 1 + (hold.after ?? 0))
  }
  const nextTerm = (at: number): number | null => {
    if (hold === 'none' || !('untilEndOf' in hold)) return termFrom(at)
    const next = termFrom(at - 1)!
    return next > at ? next : termFrom(at)
  }
  const say = (at: number, kind: Said['kind'], to: number | null) => {
    gained = null
    if (kind === 'at-risk') {
      onGrace = to
      ends = null
    } else {
      onGrace = null
      ends = to
    }
    said.push({ at, kind, tier: nameOf(rank), until: to })
  }
  const settle = (
    isNew: boolean,
    at: number,
    asOf: number,
    isKept: boolean,
    doubt: boolean,
    besides: readonly Term[] = [],
  ) => {
    const [from, to] = span(asOf)
    others = window === 'term' ? [] : besides
    basis = reversal === 're-evaluate' && !doubt ? { from, to, isKept } : null
    byHand = false
    barred = -1
    if (isNew) begins = at
  }
  const rise = (at: number, to: number, asOf: number, term: number | null) => {
    const goesOn = renews === 'never' && ends !== null && ends > at
    const end = goesOn ? ends : term
    const besides = ends === null || ends > at ? withOwn() : []
    rank = to
    since = at
    settle(!goesOn, at, asOf, false, false, besides)
    say(at, 'changed', end)
  }
  const fall = (at: number, points: number, least: number) => {
    let to = downgrade === 'one-level' ? rank - 1 : -1
    if (downgrade !== 'one-level') for (let i = 0; i < rank; i++) if (points >= keeps(i)) to = i
    if (hold !== 'none') to = Math.min(rank - 1, Math.max(to, least))
    rank = to
    since = at
    settle(true, at, at, false, true)
    say(at, 'changed', rank < 0 ? null : nextTerm(at))
  }
  const fail = (at: number, points: number) => {
    const end = grace && later(grace.from === 'entry' ? since! : at, grace.length)
    if (end === undefined || end <= at) return fall(at, points, -1)
    landing = downgrade === 'one-level' ? rank - 1 : -1
    if (downgrade !== 'one-level') for (let i = 0; i < rank; i++) if (points >= keeps(i)) landing = i
    byHand = false
    barred = -1
    say(at, 'at-risk', end)
  }

  function end(at: number) {
    const current = now(at)
    const closing = closed(at) ?? 0
    const points = Math.max(current, closing)
    const asOf = closing > current ? at - 1 : at
    const top = reached(upgrade === 'at-once' ? points : closing)
    if (top > rank) return rise(at, top, asOf, nextTerm(at))
    if (rank < 0) {
      byHand = false
      barred = -1
      return say(at, 'kept', null)
    }
    if (points >= keeps(rank) || downgrade === 'none') {
      settle(true, at, asOf, points < levels[rank]!.from, points < keeps(rank))
      return say(at, 'kept', nextTerm(at))
    }
    if (onGrace === null) fail(at, points)
    else fall(at, points, landing)
  }

  /** Looks at the measure; says whether something happened. */
  function look(at: number): boolean {
    const current = now(at)
    const floor = byHand ? Math.max(rank, barred) : rank
    const closing = closed(at)
    const top = upgrade === 'at-once' ? reached(current) : closing === undefined ? -1 : reached(closing)
    if (top > floor) {
      rise(at, top, upgrade === 'at-once' ? at : at - 1, upgrade === 'at-once' ? termFrom(at) : nextTerm(at))
      return true
    }
    if (rank < 0) return false
    if (onGrace !== null) {
      if (current < keeps(rank)) return false
      settle(true, at, at, current < levels[rank]!.from, false)
      say(at, 'kept', termFrom(at))
      return true
    }
    if (byHand) return false
    if (hold === 'none' && downgrade !== 'none' && current < keeps(rank)) {
      fail(at, current)
      return true
    }
    if (basis !== null) {
      const stands = ({ from, to, isKept }: Basis, i: number) =>
        earned(from, to) >= (isKept ? keeps(i) : levels[i]!.from)
      if (!stands(basis, rank)) {
        const all = withOwn()
        /** The first open term of this rank that did not begin while one ran that has ended. */
        const openAt = (i: number) => {
          const ended = all.filter((one) => one.until !== null && one.until <= at && one.rank >= i)
          const closed = Math.max(Number.NEGATIVE_INFINITY, ...ended.map((one) => one.until!))
          return all.find(
            (one) =>
              !ended.includes(one) &&
              one.to >= closed &&
              stands(one, i) &&
              (one.until === null || one.until > at),
          )
        }
        const was = rank
        let found: Term | undefined
        let best = rank
        while (best >= 0) {
          found = openAt(best)
          if (found !== undefined) break
          best -= 1
        }
        const by = Math.min(rank, reached(current))
        rank = Math.max(best, by)
        if (rank < was) since = at
        let term = ends
        if (rank < 0) {
          basis = null
          others = []
          term = null
        } else if (by > best) {
          const [first, last] = span(at)
          others = window === 'term' ? [] : all
          basis = { from: first, to: last, isKept: false }
        } else {
          others = window === 'term' ? [] : all.filter((one) => one !== found)
          basis = found!
          term = found!.until
        }
        say(at, rank < was ? 'changed' : 'kept', term)
        return true
      }
    }
    if (renews !== 'always' || gained !== at || ends === null || current < levels[rank]!.from) return false
    const term = termFrom(at)
    if (term === null || term <= ends) return false
    settle(true, at, at, false, false, withOwn())
    say(at, 'kept', term)
    return true
  }

  const pass = (at: number) => {
    for (;;) {
      const deadline = ends ?? onGrace
      if (deadline === null || deadline > at) break
      end(deadline)
    }
    while (look(at));
  }

  let day = Math.floor(start / DAY)
  let next = 0
  for (; day * DAY <= until; day++) {
    // Nothing has happened yet on the first morning. Terms that end at another time of the day are looked at then.
    // And months since the start are full at its time of the day.
    const moments = new Set([day * DAY, day * DAY + (start % DAY)].filter((at) => at > start))
    for (let i = next; i < log.length && log[i]!.at < (day + 1) * DAY; i++) moments.add(log[i]!.at)
    const queue = [...moments].sort((a, b) => a - b)
    for (const at of queue) {
      if (at > until) break
      if (at > start) pass(at)
      for (; next < log.length && log[next]!.at === at; next++) {
        const one = log[next]!
        known = log.slice(0, next + 1)
        if (one.what === 'order' && one.amount! > 0) gained = at
        if (one.what === 'set') {
          const to = levels.findIndex(({ tier }) => tier === one.tier)
          const best = Math.max(now(at), closed(at) ?? 0)
          const isOther = to !== rank
          const term = one.until ?? (to < 0 ? null : termFrom(at))
          rank = to
          if (isOther) since = at
          settle(true, at, at, false, true)
          byHand = true
          barred = reached(best)
          say(at, isOther ? 'changed' : 'kept', term)
        }
        while (look(at));
      }
    }
  }
  return {
    said,
    tier: nameOf(rank),
    since,
    until: ends ?? onGrace,
    inGrace: onGrace !== null,
    measured: now(until),
  }
}
