import type { Instant, Sorted, SortedOrder } from '../../kernel/index.js'
import { after, first, get, insert, items, remove } from '../../kernel/sorted.js'

/** What a posting counts towards: the cap, and until when it counts; no `until` for a cap per event. */
export interface Counted {
  readonly cap: string
  readonly until?: Instant
  /** Whether what is taken back makes room again. */
  readonly returns?: true
}

/** Points that count until an instant. */
export interface Use {
  readonly until: Instant
  readonly points: number
}

/** And towards which cap. */
export interface CapUse extends Use {
  readonly cap: string
}

/** An origin of which points wait for room, in the order in which they began to. */
export interface Waiter {
  readonly n: number
  readonly origin: string
}

/** What limits remember of one account. */
export interface Limits {
  /** By cap. */
  readonly used: { readonly [cap: string]: Sorted<Use, number> | null }
  /** Of this instant: what events were paid that a cap looks at one by one. */
  readonly events: readonly { readonly cap: string; readonly event: string; readonly points: number }[]
  readonly eventsAt: Instant | null
  /** By rule. */
  readonly waiting: { readonly [rule: string]: Sorted<Waiter, number> | null }
  readonly waiters: number
  /** How many ever waited. */
  readonly queued: number
  /** By rule: until when it does not pay again. */
  readonly rests: { readonly [rule: string]: Instant }
  /** When something that was taken back made room last: what waits gets it after this instant. */
  readonly roomAt?: Instant
}

export const noLimits: Limits = {
  used: {},
  events: [],
  eventsAt: null,
  waiting: {},
  waiters: 0,
  queued: 0,
  rests: {},
}

/** Of so many origins points can wait at once; what comes beyond is lost. */
export const WAITERS = 500

/** What counts towards a cap, by until when it does. */
export const usesBy: SortedOrder<Use, number> = {
  key: ({ until }) => until,
  compare: (a, b) => a - b,
  amount: ({ points }) => points,
}
const waitersBy: SortedOrder<Waiter, number> = {
  key: ({ n }) => n,
  compare: (a, b) => a - b,
}

/** Limits after a payment. */
export function withCounted(
  limits: Limits,
  counts: readonly Counted[],
  points: number,
  event: string | undefined,
  at: Instant,
): Limits {
  if (points === 0) return limits
  let { used, events, eventsAt } = limits
  for (const { cap, until } of counts) {
    if (until !== undefined) {
      // What no longer counts goes when the next payment comes.
      const live = after(usesBy, used[cap] ?? null, at)
      used = { ...used, [cap]: insert(usesBy, live, { until, points }, together) }
    } else if (event !== undefined) {
      events = eventsAt === at ? [...events, { cap, event, points }] : [{ cap, event, points }]
      eventsAt = at
    }
  }
  return { ...limits, used, events, eventsAt }
}

const together = (old: Use, { points }: Use): Use => ({ until: old.until, points: old.points + points })

/** Limits after points were taken back that make room again. */
export function withRoomBack(limits: Limits, returned: readonly CapUse[], at: Instant): Limits {
  let { used } = limits
  for (const { cap, until, points } of returned) {
    const tree = used[cap] ?? null
    const known = get(usesBy, tree, until)
    if (known === undefined) continue
    const rest = Math.max(0, known.points - points)
    used = {
      ...used,
      [cap]: rest === 0 ? remove(usesBy, tree, until) : insert(usesBy, tree, { until, points: rest }),
    }
  }
  return used === limits.used ? limits : { ...limits, used, roomAt: at }
}

/** Limits when an origin begins to wait under a rule. */
export function withWaiter(limits: Limits, rule: string, origin: string): Limits {
  const { waiting, waiters, queued } = limits
  const queue = insert(waitersBy, waiting[rule] ?? null, { n: queued, origin })
  return { ...limits, waiting: { ...waiting, [rule]: queue }, waiters: waiters + 1, queued: queued + 1 }
}

/** Limits when an origin waits no more. */
export function withoutWaiter(limits: Limits, rule: string, origin: string): Limits {
  const { waiting, waiters } = limits
  const tree = waiting[rule] ?? null
  // Most often it is the first; there are `WAITERS` of them at most.
  for (const one of items(waitersBy, tree)) {
    if (one.origin !== origin) continue
    const queue = remove(waitersBy, tree, one.n)
    return { ...limits, waiting: { ...waiting, [rule]: queue }, waiters: waiters - 1 }
  }
  return limits
}

/** Every origin that waits, by rule. */
export const waitersIn = ({
  waiting,
}: Limits): readonly { readonly rule: string; readonly origin: string }[] =>
  Object.entries(waiting).flatMap(([rule, queue]) =>
    [...items(waitersBy, queue)].map(({ origin }) => ({ rule, origin })),
  )

/** Limits as plain data: what counts towards caps, who waits, and until when rules rest. */
export interface LimitsHeld {
  readonly used: readonly CapUse[]
  readonly waiting: readonly { readonly rule: string; readonly origin: string }[]
  readonly rests: readonly { readonly rule: string; readonly until: Instant }[]
}

/** What limits hold, as plain data. */
export const limitsHeld = (limits: Limits): LimitsHeld => ({
  used: Object.entries(limits.used).flatMap(([cap, tree]) =>
    [...items(usesBy, tree)].map((use) => ({ cap, ...use })),
  ),
  waiting: waitersIn(limits),
  rests: Object.entries(limits.rests).map(([rule, until]) => ({ rule, until })),
})

/** Limits that are those of two accounts together: what both have used counts, and rules rest as long as either's do. */
export function joinedLimits(limits: Limits, { used, waiting, rests }: LimitsHeld): Limits {
  let next = limits
  for (const { cap, until, points } of used)
    next = {
      ...next,
      used: { ...next.used, [cap]: insert(usesBy, next.used[cap] ?? null, { until, points }, together) },
    }
  for (const { rule, origin } of waiting)
    if (!waitersIn(next).some((one) => one.rule === rule && one.origin === origin))
      next = withWaiter(next, rule, origin)
  for (const { rule, until } of rests)
    next = { ...next, rests: { ...next.rests, [rule]: Math.max(until, next.rests[rule] ?? until) } }
  return next
}

/** The origin that waits first under a rule. */
export const nextWaiter = ({ waiting }: Limits, rule: string): Waiter | undefined =>
  first(waiting[rule] ?? null)

/** What an origin counts towards that makes room again, after more of it was paid. */
export function withUses(
  uses: readonly CapUse[],
  counts: readonly Counted[],
  points: number,
): readonly CapUse[] {
  const next = [...uses]
  for (const { cap, until, returns } of counts) {
    if (returns === undefined || until === undefined) continue
    const at = next.findIndex((one) => one.cap === cap && one.until === until)
    if (at < 0) next.push({ cap, until, points })
    else next[at] = { cap, until, points: next[at]!.points + points }
  }
  return next
}

/** Where points that are taken back make room again: of each cap what still counts, paid last first. */
export function returnedOf(uses: readonly CapUse[], points: number, at: Instant): readonly CapUse[] {
  const left = new Map<string, number>()
  const returned: CapUse[] = []
  for (let i = uses.length - 1; i >= 0; i--) {
    const { cap, until, points: counted } = uses[i]!
    const open = left.get(cap) ?? points
    const part = Math.min(open, counted)
    left.set(cap, open - part)
    if (part > 0 && until > at) returned.push({ cap, until, points: part })
  }
  return returned
}

/** What an origin counts towards after some of it was taken back. */
export const withoutUses = (uses: readonly CapUse[], returned: readonly CapUse[]): readonly CapUse[] =>
  uses.flatMap((use) => {
    const back = returned.find(({ cap, until }) => cap === use.cap && until === use.until)?.points ?? 0
    return use.points > back ? [{ ...use, points: use.points - back }] : []
  })

/** The limits with every text that came from outside replaced. */
export function renameLimits(limits: Limits, rename: (text: string) => string): Limits {
  const waiting = Object.fromEntries(
    Object.entries(limits.waiting).map(([rule, queue]) => {
      let renamed: Sorted<Waiter, number> | null = null
      for (const { n, origin } of items(waitersBy, queue))
        renamed = insert(waitersBy, renamed, { n, origin: rename(origin) })
      return [rule, renamed]
    }),
  )
  const events = limits.events.map((one) => ({ ...one, event: rename(one.event) }))
  return { ...limits, events, waiting }
}

/** The limits of another definition: without what is of rules and caps that it has not. */
export function limitsUnder(
  limits: Limits,
  isRule: (rule: string) => boolean,
  isCap: (cap: string) => boolean,
): Limits {
  const kept = <V>(of: { readonly [name: string]: V }, is: (name: string) => boolean) =>
    Object.fromEntries(Object.entries(of).filter(([name]) => is(name)))
  const waiting = kept(limits.waiting, isRule)
  let waiters = 0
  for (const queue of Object.values(waiting)) for (const _ of items(waitersBy, queue)) waiters += 1
  return {
    ...limits,
    used: kept(limits.used, isCap),
    events: limits.events.filter(({ cap }) => isCap(cap)),
    waiting,
    waiters,
    rests: kept(limits.rests, isRule),
  }
}
