// A stock told by hand: keeps the accepted commands and works everything out again for each question. Shares no code with
// the library. Days are those of a zone eight hours east without summer time.
const HOUR = 3_600_000
const DAY = 24 * HOUR
const EAST = 8 * HOUR

export interface OracleLimit {
  readonly limit: string
  readonly per: 'holder' | 'all'
  readonly most: number
  readonly within?: { readonly this: 'day' } | { readonly hours: number }
}

export interface OracleTerms {
  readonly holdHours?: number
  readonly keepHours: number
  readonly keepRest: boolean
  readonly frees: boolean
  readonly limits: readonly OracleLimit[]
}

export interface OracleCommand {
  readonly id: string
  readonly kind: string
  readonly at: number
  readonly amount?: number
  readonly holder?: string
  readonly reservation?: string
  readonly until?: number
}

interface Held {
  readonly id: string
  readonly holder: string
  readonly at: number
  readonly until: number
  readonly set: number
  used: number
  back: number
  rest: number
  over: number
}

/** Everything that followed from the accepted commands by an instant. */
function lived(terms: OracleTerms, log: readonly OracleCommand[], now: number) {
  let supply = 0
  let closedAt: number | null = null
  const all: Held[] = []
  const latest = (id: string) => all.filter((one) => one.id === id).at(-1)!
  const lapse = (at: number) => {
    for (const one of all)
      if (one.rest > 0 && one.until <= at) {
        one.rest = 0
        one.over = one.until
      }
  }
  for (const { id, kind, at, amount = 0, holder = '', reservation = '', until } of log) {
    if (at > now) break
    lapse(at)
    if (kind === 'restock') supply += amount
    else if (kind === 'withdraw') supply -= amount
    else if (kind === 'close') closedAt = at
    else if (kind === 'reserve' || kind === 'take') {
      const end = kind === 'take' ? Infinity : (until ?? at + (terms.holdHours ?? Infinity) * HOUR)
      const takes = kind === 'take'
      all.push({
        id,
        holder,
        at,
        until: end,
        set: amount,
        used: takes ? amount : 0,
        back: 0,
        rest: takes ? 0 : amount,
        over: takes ? at : Infinity,
      })
    } else {
      const one = latest(reservation)
      if (kind === 'commit') {
        const part = amount === 0 ? one.rest : amount
        one.used += part
        one.rest = terms.keepRest ? one.rest - part : 0
      } else if (kind === 'release') one.rest = 0
      else one.back += amount === 0 ? one.used - one.back : amount
      if (one.rest === 0 && one.over === Infinity) one.over = at
    }
  }
  lapse(now)
  return { supply, closedAt, all }
}

const leavesAt = ({ within }: OracleLimit, at: number): number => {
  if (within === undefined) return Infinity
  if ('hours' in within) return at + within.hours * HOUR
  return (Math.floor((at + EAST) / DAY) + 1) * DAY - EAST
}

export function stockOracle(terms: OracleTerms) {
  const log: OracleCommand[] = []
  const total = (list: readonly number[]) => list.reduce((sum, one) => sum + one, 0)
  const used = (limit: OracleLimit, holder: string, now: number) =>
    total(
      lived(terms, log, now)
        .all.filter((one) => limit.per === 'all' || one.holder === holder)
        .filter((one) => leavesAt(limit, one.at) > now)
        .map((one) => one.rest + one.used - (terms.frees ? one.back : 0)),
    )
  const standing = (now: number) => {
    const { supply, all, closedAt } = lived(terms, log, now)
    const reserved = total(all.map(({ rest }) => rest))
    const committed = total(all.map((one) => one.used - one.back))
    const open = all.filter(({ rest, until }) => rest > 0 && until < Infinity)
    const next = open.length === 0 ? null : Math.min(...open.map(({ until }) => until))
    return {
      available: supply - reserved - committed,
      reserved,
      committed,
      closedAt,
      next:
        next === null
          ? null
          : { at: next, amount: total(open.filter(({ until }) => until === next).map(({ rest }) => rest)) },
    }
  }
  const order = ['holder-limit', 'period-limit', 'total-limit']
  const codeOf = (one: OracleLimit) => order[one.per === 'holder' ? 0 : one.within ? 1 : 2]!
  const sorted = order.flatMap((code) => terms.limits.filter((one) => codeOf(one) === code))

  const lacking = (amount: number, holder: string, now: number) => {
    for (const limit of sorted) {
      const count = used(limit, holder, now)
      if (count + amount > limit.most)
        return {
          code: codeOf(limit),
          limit: limit.limit,
          most: limit.most,
          available: Math.max(0, limit.most - count),
        }
    }
    const { available } = standing(now)
    return amount > available ? { code: 'sold-out', available } : undefined
  }

  /** Every instant at which time may do something. */
  const moments = (now: number) => {
    const { all } = lived(terms, log, now)
    const some = all.flatMap(({ at, until }) => [until, ...terms.limits.map((one) => leavesAt(one, at))])
    return [...new Set(some)].filter((at) => at > now && at < Infinity).sort((a, b) => a - b)
  }

  const refusalOf = (command: OracleCommand): object | undefined => {
    const { id, kind, at, amount, holder = '', reservation = '', until } = command
    const { all, closedAt } = lived(terms, log, at)
    const isKept = (one: Held) => one.over === Infinity || one.over + terms.keepHours * HOUR > at
    if (amount !== undefined && amount <= 0) return { code: 'amount-not-positive', amount }
    const closed = closedAt === null ? undefined : { code: 'stock-closed', closedAt }
    if (kind === 'restock' || kind === 'close') return closed
    if (kind === 'withdraw') {
      const { available } = standing(at)
      return (
        closed ??
        (amount! > available ? { code: 'exceeds-available', requested: amount, available } : undefined)
      )
    }
    if (kind === 'reserve' || kind === 'take') {
      if (holder === '') return { code: 'holder-missing' }
      if (closed) return closed
      if (all.some((one) => one.id === id && isKept(one))) return { code: 'reservation-exists' }
      if (until !== undefined && until <= at) return { code: 'until-passed', until }
      const lack = lacking(amount!, holder, at)
      if (lack === undefined) return undefined
      const next = moments(at).find((moment) => lacking(amount!, holder, moment) === undefined)
      const again = next === undefined ? null : { code: 'again-at', at: next }
      return { ...lack, requested: amount, again }
    }
    const one = all.filter(({ id: name }) => name === reservation).at(-1)
    if (one === undefined || !isKept(one)) return { code: 'unknown-reservation' }
    if (kind === 'give-back') {
      const committed = one.used - one.back
      const asked = amount ?? committed
      return asked > committed || asked === 0
        ? { code: 'exceeds-committed', requested: asked, committed }
        : undefined
    }
    if (one.over < Infinity) return { code: 'reservation-over', overSince: one.over }
    if (kind === 'release' || amount === undefined || amount <= one.rest) return undefined
    return { code: 'exceeds-reservation', requested: amount, reserved: one.rest }
  }

  const left = (limit: OracleLimit, holder: string, now: number) => ({
    limit: limit.limit,
    most: limit.most,
    left: Math.max(0, limit.most - used(limit, holder, now)),
    freesAt: moments(now).find((at) => used(limit, holder, at) < used(limit, holder, now)) ?? null,
  })

  return {
    /** Answers a command, and remembers it where it is accepted. */
    decide(command: OracleCommand) {
      const refusal = refusalOf(command)
      if (refusal === undefined) log.push(command)
      return refusal
    },
    view: (now: number) => ({
      ...standing(now),
      limits: sorted.filter(({ per }) => per === 'all').map((limit) => left(limit, '', now)),
    }),
    left(holder: string, now: number) {
      const { available, closedAt } = standing(now)
      const room = terms.limits.map((limit) => Math.max(0, limit.most - used(limit, holder, now)))
      return {
        left: Math.min(closedAt === null ? available : 0, ...room),
        limits: terms.limits.filter(({ per }) => per === 'holder').map((limit) => left(limit, holder, now)),
      }
    },
    used,
  }
}
