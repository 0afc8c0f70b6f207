// What earning rules owe, counted up again from all that happened: every question is answered by going through every
// payment ever made, in fractions of BigInt. It shares nothing with the engine, and is as slow as it looks.

const HOUR = 3_600_000
const DAY = 24 * HOUR

export interface OracleRule {
  readonly rule: string
  readonly channel?: string
  /** Points for so many cents, or for each event. */
  readonly points: number
  readonly per?: number
  readonly rounding: 'running' | 'each'
}
export interface OracleCap {
  readonly cap: string
  readonly rules?: readonly string[]
  readonly atMost: number
  readonly per: 'event' | 'ever' | { readonly this: 'day' } | { readonly hours: number }
  readonly overflow: 'truncate' | 'refuse' | 'carry'
  readonly returns?: boolean
}
export interface OracleGroup {
  readonly rules: readonly string[]
  readonly policy: 'all' | 'best' | 'priority' | 'exclusive'
}
export interface OracleTerms {
  readonly earning: readonly OracleRule[]
  readonly caps: readonly OracleCap[]
  readonly stacking: readonly OracleGroup[]
  readonly bound?: number
}
export type OracleInput =
  | {
      readonly do: 'pay'
      readonly id: string
      readonly at: number
      readonly origin: string
      readonly cents: number
      readonly channel: string
    }
  | {
      readonly do: 'refund'
      readonly id: string
      readonly at: number
      readonly origin: string
      readonly cents: number | null
    }

interface Payment {
  readonly rule: string
  readonly origin: string
  readonly event: string | undefined
  readonly at: number
  readonly points: number
  /** How much of it was taken back. */
  back: number
}
interface Bought {
  readonly rule: string
  readonly origin: string
  base: number
  refunded: number
  waits: number
  /** Taken back of what was paid, and of what waited. */
  taken: number
  dropped: number
}

/** One line for each posting: when, under which rule, of what, and how many points. */
export function counted(terms: OracleTerms, inputs: readonly OracleInput[], until: number) {
  const payments: Payment[] = []
  const bought: Bought[] = []
  /** Who waits, in the order in which they began to. */
  let queue: Bought[] = []
  /** When a refund made room last: parts of one instant are one refund, so nobody is paid before it is over. */
  let roomAt = Number.NEGATIVE_INFINITY
  const over = new Map<string, readonly [bigint, bigint]>()
  const lines: string[] = []

  const covering = (rule: string) =>
    terms.caps.filter(({ rules }) => rules === undefined || rules.includes(rule))
  const endOf = ({ per }: OracleCap, at: number) =>
    per === 'ever' || per === 'event'
      ? Number.POSITIVE_INFINITY
      : 'this' in per
        ? (Math.floor(at / DAY) + 1) * DAY
        : at + per.hours * HOUR
  const roomOf = (cap: OracleCap, at: number, event: string | undefined) => {
    if (cap.per === 'event' && event === undefined) return Number.POSITIVE_INFINITY
    const counts = payments.filter(
      (one) =>
        (cap.rules === undefined || cap.rules.includes(one.rule)) &&
        (cap.per === 'event' ? one.event === event : endOf(cap, one.at) > at),
    )
    const used = counts.reduce((sum, { points, back }) => sum + points - (cap.returns ? back : 0), 0)
    return Math.max(0, cap.atMost - used)
  }
  const held = () =>
    payments.reduce((sum, { points }) => sum + points, 0) - bought.reduce((sum, { taken }) => sum + taken, 0)
  const find = (rule: string, origin: string) =>
    bought.find((one) => one.rule === rule && one.origin === origin)

  /** What is left of some points after everything that cuts. */
  function cut(rule: string, points: number, at: number, event: string | undefined) {
    let left = points
    const cutting = covering(rule).filter(({ overflow }) => overflow !== 'carry')
    const inOrder = [
      ...cutting.filter(({ per }) => per === 'event'),
      ...cutting.filter(({ per }) => per !== 'event'),
    ]
    for (const cap of inOrder) {
      const room = roomOf(cap, at, event)
      if (left <= room) continue
      if (cap.overflow === 'refuse') return { left: 0, refused: true }
      left = room
    }
    if (terms.bound !== undefined) left = Math.min(left, Math.max(0, terms.bound - held()))
    return { left, refused: false }
  }
  const waitingRoom = (rule: string, at: number) =>
    Math.min(
      ...covering(rule)
        .filter(({ overflow }) => overflow === 'carry')
        .map((cap) => roomOf(cap, at, undefined)),
      Number.POSITIVE_INFINITY,
    )

  function post(rule: string, origin: string, event: string | undefined, at: number, points: number) {
    if (points > 0) payments.push({ rule, origin, event, at, points, back: 0 })
    lines.push(`${at} ${rule} ${origin} +${points}`)
  }

  /** Pays who waits, up to an instant, at each instant at which there may be room. */
  function release(from: number, to: number) {
    for (;;) {
      const first = Math.max(from, roomAt + 1)
      const instants = new Set([first])
      for (const { at } of payments) for (const cap of terms.caps) instants.add(endOf(cap, at))
      const next = [...instants]
        .filter((at) => at >= first && at <= to)
        .sort((a, b) => a - b)
        .flatMap((at) => {
          // The first of each rule may be paid, none before it.
          const firsts = queue.filter((one, i) => queue.findIndex(({ rule }) => rule === one.rule) === i)
          const one = firsts.find(({ rule }) => waitingRoom(rule, at) > 0)
          return one === undefined ? [] : [{ at, one }]
        })[0]
      if (next === undefined) return
      const { at, one } = next
      const { left } = cut(one.rule, one.waits, at, undefined)
      const paid = Math.min(left, waitingRoom(one.rule, at))
      one.waits = left - paid
      post(one.rule, one.origin, undefined, at, paid)
      if (one.waits === 0) queue = queue.filter((other) => other !== one)
    }
  }

  const exactOf = ({ points, per }: OracleRule, cents: number): readonly [bigint, bigint] =>
    per === undefined ? [BigInt(points), 1n] : [BigInt(points) * BigInt(cents), BigInt(per)]

  /** Which rules an event is paid under. */
  function chosen(claims: readonly OracleRule[], cents: number): readonly OracleRule[] {
    const has = ({ rules }: OracleGroup) => claims.some(({ rule }) => rules.includes(rule))
    const ruling = terms.stacking.find((group) => group.policy === 'exclusive' && has(group))
    let left = ruling === undefined ? claims : claims.filter(({ rule }) => ruling.rules.includes(rule))
    for (const { rules, policy } of terms.stacking) {
      if (policy !== 'best' && policy !== 'priority') continue
      const among = rules.flatMap((name) => left.filter(({ rule }) => rule === name))
      if (among.length < 2) continue
      const winner =
        policy === 'priority'
          ? among[0]!
          : among.reduce((best, one) => {
              const [a, b] = [exactOf(one, cents), exactOf(best, cents)]
              return a[0] * b[1] > b[0] * a[1] ? one : best
            })
      left = left.filter((one) => one === winner || !rules.includes(one.rule))
    }
    return left
  }

  function earn(rule: OracleRule, { id, at, origin, cents }: Extract<OracleInput, { do: 'pay' }>) {
    const [above, below] = exactOf(rule, cents)
    const [carried] = over.get(rule.rule) ?? [0n, 1n]
    const before = rule.rounding === 'each' ? 0n : carried
    const points = Number((above + before) / below)
    const { left, refused } = cut(rule.rule, points, at, id)
    if (rule.rounding === 'running' && !refused) over.set(rule.rule, [(above + before) % below, below])
    let one = find(rule.rule, origin)
    if (one === undefined) {
      one = { rule: rule.rule, origin, base: 0, refunded: 0, waits: 0, taken: 0, dropped: 0 }
      bought.push(one)
    }
    const paid = Math.min(left, waitingRoom(rule.rule, at))
    one.base += cents
    if (left > paid && one.waits === 0) queue.push(one)
    one.waits += left - paid
    post(rule.rule, origin, id, at, paid)
  }

  function refund(one: Bought, cents: number | null, at: number) {
    one.refunded = cents === null ? one.base : Math.min(one.base, one.refunded + cents)
    const paid = payments.filter(({ rule, origin }) => rule === one.rule && origin === one.origin)
    const whole = paid.reduce((sum, { points }) => sum + points, 0) + one.waits + one.dropped
    const due = one.base === 0 ? whole : Number((BigInt(whole) * BigInt(one.refunded)) / BigInt(one.base))
    const more = Math.max(0, due - one.taken - one.dropped)
    const dropped = Math.min(one.waits, more)
    one.waits -= dropped
    one.dropped += dropped
    if (one.waits === 0) queue = queue.filter((other) => other !== one)
    one.taken += more - dropped
    let back = more - dropped
    for (const payment of paid.reverse()) {
      const part = Math.min(back, payment.points - payment.back)
      payment.back += part
      const makes = covering(one.rule).some(
        (cap) => cap.returns && cap.per !== 'event' && endOf(cap, payment.at) > at,
      )
      if (part > 0 && makes) roomAt = at
      back -= part
    }
    lines.push(`${at} ${one.rule} ${one.origin} -${more - dropped}`)
  }

  let now = Number.NEGATIVE_INFINITY
  for (const input of inputs) {
    release(now, input.at)
    now = input.at
    if (input.do === 'pay') {
      const { cents, channel } = input
      const claims = terms.earning.filter(
        (rule) =>
          (rule.channel === undefined || rule.channel === channel) && (rule.per === undefined || cents > 0),
      )
      for (const rule of chosen(claims, cents)) earn(rule, input)
    } else {
      for (const rule of terms.earning) {
        const one = find(rule.rule, input.origin)
        if (one === undefined) continue
        refund(one, input.cents, now)
      }
      // Nobody is paid for what the same refund takes back.
      release(now, now)
    }
  }
  release(now, until)
  return { lines, balance: held(), waiting: queue.reduce((sum, { waits }) => sum + waits, 0) }
}
