import { fault, reading } from '../../kernel/errors.js'
import type { AnyEvent, Instant } from '../../kernel/index.js'
import { own } from '../../kernel/plain.js'
import { first, get, insert, remove } from '../../kernel/sorted.js'
import type { LapsedPart } from './events.js'
import { type Ending, endingsBy, type Reservation, reservationsBy, type StockState } from './holdings.js'
import { ALL, count, NEVER, type Uses, uncount } from './uses.js'

/** How postings are read. */
interface Posting {
  /** An amount in the smallest unit. */
  units(amount: unknown): number | null
  /** Whether what is given back counts no more. */
  readonly frees: boolean
  /** The limits that each holder has for itself. */
  readonly perHolder: ReadonlySet<string>
}

interface PostedData {
  readonly reservation: string
  readonly holder: string
  readonly amount: number | string
  readonly until?: Instant
  readonly leaves: Reservation['leaves']
  readonly keptUntil?: Instant
  readonly reservations: readonly LapsedPart[]
}

/** Applies a posting: total, whatever was recorded. */
export function post(state: StockState, kind: string, event: AnyEvent, posting: Posting): StockState {
  return reading('wrong-type', '$.event.data', event, 'what a posting records', () => {
    const data = event.data as PostedData
    const at = event.occurredAt
    if (kind === 'closed') return { ...state, closedAt: at }
    const amount = posting.units(data.amount)
    if (amount === null || !Number.isSafeInteger(amount) || amount < 0)
      throw fault('wrong-type', '$.event.data.amount', data.amount, 'an amount')
    switch (kind) {
      case 'restocked':
        return { ...state, restocked: state.restocked + amount }
      case 'withdrawn':
        return { ...state, withdrawn: state.withdrawn + amount }
      case 'reserved':
        return reserved(state, data, amount, at, posting)
      case 'committed':
        return committed(state, data, amount, at, posting)
      case 'released':
        return released(state, data, amount, at, posting)
      case 'lapsed':
        return data.reservations.reduce((left, part) => lapsed(left, part, at, data.keptUntil ?? at), state)
      default:
        return givenBack(state, data, amount, posting)
    }
  })
}

function reserved(
  state: StockState,
  { reservation: id, holder, until: end, leaves }: PostedData,
  amount: number,
  at: Instant,
  { perHolder }: Posting,
): StockState {
  const until = end ?? null
  const { restocked, withdrawn, committed, closedAt, reservations, lapsing, over } = state
  const one: Reservation = {
    id,
    holder,
    reserved: amount,
    committed: 0,
    until,
    leaves,
    overSince: null,
    keptUntil: null,
  }
  return {
    restocked,
    withdrawn,
    reserved: state.reserved + amount,
    committed,
    closedAt,
    reservations: insert(reservationsBy, reservations, one),
    lapsing: until === null ? lapsing : insert(endingsBy, lapsing, [until, id, amount]),
    over,
    uses: counted(state.uses, one, perHolder, (uses, who, leavesAt) =>
      count(uses, who, Math.min(until ?? NEVER, leavesAt), amount, at),
    ),
  }
}

/** Changes what counts against each limit that knows a reservation. */
function counted(
  before: StockState['uses'],
  { holder, leaves }: Pick<Reservation, 'holder' | 'leaves'>,
  perHolder: ReadonlySet<string>,
  change: (uses: Uses, holder: string, leavesAt: number) => Uses,
): StockState['uses'] {
  const after: Record<string, Uses> = {}
  let same = true
  for (const limit of Object.keys(before)) {
    const uses = before[limit]!
    const leavesAt = own(leaves, limit)
    after[limit] =
      leavesAt === undefined ? uses : change(uses, perHolder.has(limit) ? holder : ALL, leavesAt ?? NEVER)
    same &&= after[limit] === uses
  }
  return same ? before : after
}

/** What is used counts until its own instant, and no longer until its reservation would have lapsed. */
function committed(
  state: StockState,
  { reservation, keptUntil }: PostedData,
  amount: number,
  at: Instant,
  { perHolder }: Posting,
): StockState {
  const known = get(reservationsBy, state.reservations, reservation)
  if (known === undefined) return { ...state, committed: state.committed + amount }
  const taken = Math.min(amount, known.reserved)
  const stop = known.until ?? NEVER
  const uses = counted(state.uses, known, perHolder, (before, who, leavesAt) =>
    leavesAt <= stop ? before : count(uncount(before, who, stop, taken), who, leavesAt, taken, at),
  )
  const one = { ...known, reserved: known.reserved - taken, committed: known.committed + amount }
  return without(state, one, taken, amount, at, keptUntil ?? at, uses)
}

function released(
  state: StockState,
  { reservation, keptUntil }: PostedData,
  amount: number,
  at: Instant,
  { perHolder }: Posting,
): StockState {
  const known = get(reservationsBy, state.reservations, reservation)
  if (known === undefined) return state
  const freed = Math.min(amount, known.reserved)
  const stop = known.until ?? NEVER
  const uses = counted(state.uses, known, perHolder, (before, who, leavesAt) =>
    uncount(before, who, Math.min(stop, leavesAt), freed),
  )
  return without(state, { ...known, reserved: known.reserved - freed }, freed, 0, at, keptUntil ?? at, uses)
}

/** What it counted for stops by itself. */
function lapsed(state: StockState, { reservation }: LapsedPart, at: Instant, keptUntil: Instant): StockState {
  const known = get(reservationsBy, state.reservations, reservation)
  if (known === undefined || known.reserved === 0) return state
  return without(state, { ...known, reserved: 0 }, known.reserved, 0, at, keptUntil, state.uses)
}

/** Less is set aside for a reservation; where nothing is left it is over. */
function without(
  state: StockState,
  one: Reservation,
  less: number,
  used: number,
  at: Instant,
  keptUntil: Instant,
  uses: StockState['uses'],
): StockState {
  const { restocked, withdrawn, closedAt } = state
  const { id, until } = one
  const isOver = one.reserved === 0 && one.overSince === null
  const left = isOver ? { ...one, overSince: at, keptUntil } : one
  let { lapsing, over } = state
  let reservations: StockState['reservations'] = insert(reservationsBy, state.reservations, left)
  if (until !== null)
    lapsing = isOver
      ? remove(endingsBy, lapsing, [until, id])
      : insert(endingsBy, lapsing, [until, id, one.reserved])
  if (isOver) {
    over = insert(endingsBy, over, [keptUntil, id])
    for (let i = 0; i < 2; i++) {
      const forgotten: Ending | undefined = first(over)
      if (forgotten === undefined || forgotten[0] > at) break
      over = remove(endingsBy, over, forgotten)
      // A later reservation may have got the same name.
      const found = get(reservationsBy, reservations, forgotten[1])
      if (found?.keptUntil === forgotten[0]) reservations = remove(reservationsBy, reservations, forgotten[1])
    }
  }
  const reserved = state.reserved - less
  const committed = state.committed + used
  return { restocked, withdrawn, reserved, committed, closedAt, reservations, lapsing, over, uses }
}

function givenBack(
  state: StockState,
  { reservation }: PostedData,
  amount: number,
  { frees, perHolder }: Posting,
): StockState {
  const committed = state.committed - amount
  const known = get(reservationsBy, state.reservations, reservation)
  if (known === undefined) return { ...state, committed }
  const one = { ...known, committed: known.committed - amount }
  return {
    ...state,
    committed,
    reservations: insert(reservationsBy, state.reservations, one),
    uses: frees
      ? counted(state.uses, known, perHolder, (before, who, leavesAt) =>
          uncount(before, who, leavesAt, amount),
        )
      : state.uses,
  }
}
