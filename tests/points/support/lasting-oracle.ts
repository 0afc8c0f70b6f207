// Points counted up from what was told alone, the whole story again at every question: no trees, no books, no moves. Ends, order of
// spending, returns and what may be reinstated are written here as the documentation says them.

/** Days or months of UTC; of a month that has no such day, the last. */
export type Span = { readonly days: number } | { readonly months: number }

/** As a wall calendar does it. */
export function add(at: number, span: Span): number {
  if ('days' in span) return at + span.days * 86_400_000
  const date = new Date(at)
  const day = date.getUTCDate()
  date.setUTCDate(1)
  date.setUTCMonth(date.getUTCMonth() + span.months)
  const last = new Date(Date.UTC(date.getUTCFullYear(), date.getUTCMonth() + 1, 0)).getUTCDate()
  date.setUTCDate(Math.min(day, last))
  return date.getTime()
}

export interface OracleTerms {
  readonly spend: 'soonest-expiry' | 'oldest' | 'cheapest'
  /** The end of what is earned at an instant; `null` for never. */
  readonly endOf: (at: number, firstAt: number) => number | null
  /** With inactivity: how long after a deed or a redemption nothing ends. */
  readonly inactive?: Span
  readonly countsZeroPoints?: boolean
  readonly refunds: { readonly to: 'original-lots' | 'fresh-lots'; readonly grace?: Span }
  readonly reinstateWithin?: Span
  readonly keepOrigins?: Span
  /** By kind of deed: what a point of it costs. */
  readonly costs: { readonly [kind: string]: number }
}

interface Piece {
  lot: number
  amount: number
  end: number | null
  readonly rank: number
  readonly origin: string | undefined
}
interface Spent {
  readonly at: number
  last: number
  readonly points: number
  refunded: number
  readonly pieces: readonly Piece[]
  readonly paid: { readonly total: number; refunded: number } | undefined
}
interface Deal {
  earned: number
  base: number
  refunded: number
  takenBack: number
  expired: number
  excused: number
  last: number
}
type Lapsed = Piece & { readonly at: number }

export interface Told {
  readonly at: number
  readonly id: string
  readonly what: string
  readonly kind?: string
  readonly deal?: string
  readonly points?: number
  readonly amount?: number
  readonly redemption?: string
  readonly paid?: number
  readonly until?: number
  readonly lots?: readonly number[]
}

/** What the oracle says of an account: what it holds, and what became of the last thing told. */
export interface OracleAnswer {
  readonly balance: number
  readonly pieces: readonly (readonly [lot: number, end: number | null, amount: number])[]
  readonly expired: number
  readonly unmatched: number
  /** By redemption still known: how much of it came back. */
  readonly refusal: string | undefined
  readonly endings: readonly (readonly [at: number, points: number])[]
}

/** Tells the whole story again, up to an instant. */
export function oracle(terms: OracleTerms, story: readonly Told[], until: number): OracleAnswer {
  let pieces: Piece[] = []
  let lapsed: Lapsed[] = []
  const spent = new Map<string, Spent>()
  let deals = new Map<string, Deal>()
  let deficit = 0
  let issued = 0
  let expired = 0
  let unmatched = 0
  let clock = Number.NEGATIVE_INFINITY
  let notBefore: number | undefined
  let firstAt: number | undefined
  let refusal: string | undefined

  const endOf = ({ end }: Piece) => (end === null ? null : Math.max(end, notBefore ?? end))
  const order = (list: readonly Piece[]) =>
    [...list].sort((a, b) => {
      const end = (one: Piece) => one.end ?? Number.MAX_SAFE_INTEGER
      const by = terms.spend === 'soonest-expiry' ? end(a) - end(b) : a.rank - b.rank
      return by || a.lot - b.lot || end(a) - end(b)
    })
  const sum = (list: readonly { readonly amount: number }[]) => list.reduce((all, one) => all + one.amount, 0)
  const take = (list: readonly Piece[], amount: number) => {
    let open = amount
    const taken: Piece[] = []
    for (const one of list) {
      const some = Math.min(open, one.amount)
      if (some === 0) continue
      taken.push({ ...one, amount: some })
      one.amount -= some
      open -= some
    }
    pieces = pieces.filter(({ amount }) => amount > 0)
    return taken
  }
  const credit = (list: readonly Piece[]) => {
    for (const one of list) {
      const repaid = Math.min(deficit, one.amount)
      deficit -= repaid
      const same = pieces.find(({ lot, end }) => lot === one.lot && end === one.end)
      if (same !== undefined) same.amount += one.amount - repaid
      else if (one.amount > repaid) pieces.push({ ...one, amount: one.amount - repaid })
    }
  }
  const rankAt = (at: number, kind: string) =>
    terms.spend === 'oldest' ? at : terms.spend === 'cheapest' ? (terms.costs[kind] ?? 0) : 0
  const active = (at: number) => {
    if (terms.inactive !== undefined) notBefore = Math.max(notBefore ?? 0, add(at, terms.inactive))
  }
  const gone = (list: readonly Piece[], at: number) => {
    expired += sum(list)
    for (const one of list) {
      const deal = one.origin === undefined ? undefined : deals.get(one.origin)
      if (deal !== undefined) deal.expired += one.amount
      const same = lapsed.find((old) => old.at === at && old.lot === one.lot && old.end === one.end)
      if (same !== undefined) same.amount += one.amount
      else lapsed.push({ ...one, at })
    }
  }
  const pass = (at: number) => {
    for (;;) {
      const ends = pieces.flatMap((one) => endOf(one) ?? [])
      const next = ends.length === 0 ? Number.POSITIVE_INFINITY : Math.min(...ends)
      if (next > at) return
      const over = pieces.filter((one) => endOf(one) === next)
      pieces = pieces.filter((one) => !over.includes(one))
      clock = Math.max(clock, next)
      gone(over, clock)
    }
  }
  const knownDeal = (deal: string, at: number) => {
    const known = deals.get(deal)
    if (known === undefined || terms.keepOrigins === undefined) return known
    if (add(known.last, terms.keepOrigins) > at) return known
    deals = new Map([...deals].filter(([name]) => name !== deal))
    return undefined
  }

  for (const told of story) {
    const { at, what, points, lots } = told
    if (at > until) break
    pass(at)
    clock = at
    refusal = undefined
    const spendable = () =>
      lots === undefined
        ? order(pieces)
        : lots.flatMap((lot) => order(pieces).filter((one) => one.lot === lot))
    if (what === 'deed') {
      const worth = points!
      if (worth > 0 || terms.countsZeroPoints !== false) active(at)
      if (worth <= 0) continue
      const known = knownDeal(told.deal!, at)
      const deal = known ?? {
        earned: 0,
        base: 0,
        refunded: 0,
        takenBack: 0,
        expired: 0,
        excused: 0,
        last: at,
      }
      deal.earned += worth
      deal.base += worth
      deal.last = at
      deals.set(told.deal!, deal)
      credit([
        {
          lot: issued++,
          amount: worth,
          end: terms.endOf(at, firstAt ?? at),
          rank: rankAt(at, told.kind!),
          origin: told.deal,
        },
      ])
      firstAt ??= at
    } else if (what === 'undone') {
      const deal = knownDeal(told.deal!, at)
      if (deal === undefined) {
        if (terms.keepOrigins !== undefined) unmatched++
        continue
      }
      deal.refunded = Math.min(deal.base, deal.refunded + told.amount!)
      const wanted = Math.floor((deal.earned * deal.refunded) / deal.base) - deal.takenBack
      const own = order(pieces.filter(({ origin }) => origin === told.deal)).sort((a, b) => a.lot - b.lot)
      const excused = Math.min(Math.max(0, wanted - sum(own)), deal.expired - deal.excused)
      deal.excused += excused
      deal.takenBack += wanted
      deal.last = at
      let open = wanted - excused
      open -= sum(take(own, open))
      open -= sum(take(order(pieces), open))
      deficit += open
      firstAt ??= at
    } else if (what === 'redeem') {
      if (lots?.some((lot) => !pieces.some((one) => one.lot === lot))) refusal = 'unknown-lot'
      else if (sum(spendable()) < points!) refusal = 'insufficient-points'
      else {
        const taken = take(spendable(), points!)
        const paid = told.paid === undefined ? undefined : { total: told.paid, refunded: 0 }
        spent.set(told.id, { at, last: at, points: points!, refunded: 0, pieces: taken, paid })
        active(at)
        firstAt ??= at
      }
    } else if (what === 'refund') {
      const one = spent.get(told.redemption!)
      const over =
        one !== undefined && terms.keepOrigins !== undefined && add(one.last, terms.keepOrigins) <= at
      if (one === undefined || over) {
        refusal = 'unknown-redemption'
        continue
      }
      let back = points ?? one.points - one.refunded
      if (told.amount !== undefined) {
        if (one.paid === undefined) refusal = 'no-payment-recorded'
        else if (told.amount > one.paid.total - one.paid.refunded) refusal = 'refund-exceeds-payment'
        else {
          const share = Number(
            (BigInt(one.points) * BigInt(one.paid.refunded + told.amount) + BigInt(one.paid.total) - 1n) /
              BigInt(one.paid.total),
          )
          back = Math.max(0, share - one.refunded)
        }
        if (refusal !== undefined) continue
      } else if (back === 0) {
        refusal = 'refund-exceeds-redemption'
        continue
      }
      if (back > one.points - one.refunded) {
        refusal = 'refund-exceeds-redemption'
        continue
      }
      if (told.amount !== undefined && one.paid !== undefined) one.paid.refunded += told.amount
      // Point by point, backwards.
      const unit = one.pieces.flatMap((piece) => Array.from({ length: piece.amount }, () => piece)).reverse()
      const coming: Piece[] = []
      for (const piece of unit.slice(one.refunded, one.refunded + back)) {
        const open = coming.at(-1)
        if (open !== undefined && open.lot === piece.lot && open.end === piece.end) open.amount++
        else coming.push({ ...piece, amount: 1 })
      }
      one.refunded += back
      one.last = at
      const { to, grace } = terms.refunds
      credit(
        coming.map((piece) => {
          if (to === 'fresh-lots')
            return {
              ...piece,
              lot: issued++,
              end: terms.endOf(at, firstAt ?? at),
              rank: terms.spend === 'oldest' ? at : piece.rank,
            }
          const end = endOf(piece)
          return grace !== undefined && end !== null && end <= at ? { ...piece, end: add(at, grace) } : piece
        }),
      )
    } else if (what === 'expire') {
      const open = spendable()
      if (lots?.some((lot) => !pieces.some((one) => one.lot === lot))) refusal = 'unknown-lot'
      else if (points !== undefined && sum(open) < points) refusal = 'insufficient-points'
      else if (sum(open) === 0) refusal = 'nothing-to-expire'
      else gone(take(open, points ?? sum(open)), at)
    } else if (what === 'extend') {
      const later = pieces.filter((one) => endOf(one) !== null && endOf(one)! < told.until!)
      if (told.until! <= at) refusal = 'end-not-later'
      else if (later.length === 0) refusal = 'nothing-to-extend'
      else {
        pieces = pieces.filter((one) => !later.includes(one))
        credit(later.map((one) => ({ ...one, end: told.until! })))
      }
    } else if (what === 'reinstate') {
      const within = terms.reinstateWithin ?? terms.keepOrigins
      const open = within === undefined ? lapsed : lapsed.filter((one) => add(one.at, within) > at)
      const free = new Map<string, number>()
      const may: Lapsed[] = []
      for (const one of [...open].sort(
        (a, b) => a.at - b.at || a.lot - b.lot || (a.end ?? Infinity) - (b.end ?? Infinity),
      )) {
        const deal = one.origin === undefined ? undefined : knownDeal(one.origin, at)
        const left = deal === undefined ? one.amount : (free.get(one.origin!) ?? deal.expired - deal.excused)
        const amount = Math.min(one.amount, left)
        if (deal !== undefined) free.set(one.origin!, left - amount)
        if (amount > 0) may.push({ ...one, amount })
      }
      if (told.until! <= at) refusal = 'end-not-later'
      else if (sum(may) === 0 || (points ?? 0) > sum(may)) refusal = 'reinstate-exceeds-expired'
      else {
        let want = points ?? sum(may)
        for (const one of may) {
          const amount = Math.min(want, one.amount)
          want -= amount
          if (amount === 0) continue
          const old = lapsed.find(
            (some) => some.at === one.at && some.lot === one.lot && some.end === one.end,
          )!
          old.amount -= amount
          const deal = one.origin === undefined ? undefined : deals.get(one.origin)
          if (deal !== undefined) deal.expired -= amount
          expired -= amount
          const { at: _, ...piece } = one
          credit([{ ...piece, amount, end: told.until! }])
        }
        lapsed = lapsed.filter(({ amount }) => amount > 0)
      }
    }
    pass(at)
  }
  pass(until)
  const endings = new Map<number, number>()
  for (const one of pieces) {
    const end = endOf(one)
    if (end !== null) endings.set(end, (endings.get(end) ?? 0) + one.amount)
  }
  return {
    balance: sum(pieces) - deficit,
    pieces: pieces
      .map(({ lot, end, amount }) => [lot, end, amount] as const)
      .sort((a, b) => a[0] - b[0] || (a[1] ?? Infinity) - (b[1] ?? Infinity)),
    expired,
    unmatched,
    refusal,
    endings: [...endings].sort(([a], [b]) => a - b),
  }
}
