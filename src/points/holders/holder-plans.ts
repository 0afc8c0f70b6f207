import { checkKeys, checkRecord, fault, reading } from '../../kernel/errors.js'
import { type Instant, isInstant, type Journal, type Json } from '../../kernel/index.js'
import { type LotPart, type Plan, type PlannedStep, planOf, planSpending } from '../../ledger/index.js'
import { type PointsState, total } from '../account.js'
import { estateOf } from './merging.js'
import { carried, partsOfMember } from './transfers.js'

/** What every plan between accounts says. */
interface BetweenAccounts {
  /** Names the plan, its steps and what it transfers. */
  readonly id: string
  /** When it is decided: the state is looked at as of then. */
  readonly occurredAt: Instant
}

/** Who gives how much to whom. */
export interface TransferRequest extends BetweenAccounts {
  readonly from: string
  readonly to: string
  readonly points: number
  /** The first spendable one unless told. */
  readonly currency?: string
}

/** Who shares which pool. */
export interface PoolRequest extends BetweenAccounts {
  readonly member: string
  readonly pool: string
}

/** Which account goes into which. */
export interface MergeRequest extends BetweenAccounts {
  readonly from: string
  readonly into: string
}

/** An engine of points, whatever its events and currencies. */
export interface PointsAccounts {
  readonly id: string
  readonly definition: Json
  advance(state: Journal<PointsState>, asOf: Instant): { readonly state: Journal<PointsState> }
}

/** Refuses what is no engine and no request: `names` are keys that name accounts, beside `points` and `currency`. */
function checkRequest(engine: PointsAccounts, request: BetweenAccounts, names: readonly string[]): void {
  checkRecord(engine, '$.engine')
  checkRecord(engine.definition as object, '$.engine.definition')
  if (typeof engine.id !== 'string' || typeof engine.advance !== 'function')
    throw fault('wrong-type', '$.engine', engine, 'an engine of points')
  checkRecord(request, '$.request')
  checkKeys(request, ['id', 'occurredAt', ...names], '$.request')
  for (const name of ['id', ...names]) {
    if (name === 'points' || name === 'currency') continue
    const value: unknown = Reflect.get(request, name)
    if (typeof value !== 'string' || value === '') throw fault('wrong-type', `$.${name}`, value, 'text')
  }
}

/** An account as it stands at an instant, before the input that a plan makes. */
function standing(
  engine: PointsAccounts,
  state: Journal<PointsState>,
  subject: string,
  at: Instant,
): PointsState {
  if (!isInstant(at)) throw fault('invalid-instant', '$.occurredAt', at, 'an instant')
  const now = reading(
    'wrong-type',
    '$.state',
    state,
    'a state of this engine',
    () => engine.advance(state, at).state,
  )
  if (now.subject !== subject) throw fault('wrong-type', '$.state', now.subject, 'the account that gives')
  return now.of
}

const undone = (engine: PointsAccounts) => (of: string) => ({ type: `${engine.id}/reverse`, data: { of } })

/**
 * A plan by which one account gives points to another: the lots that it would spend first leave the one and enter the other. A
 * step that is refused takes the one before it back. What is no longer there when the first step is tried is refused.
 *
 * @param state - The sender's.
 * @throws DefinitionError as `planOf`; `unknown-name` for a currency that cannot be spent.
 * @example
 * const plan = transferPlan(points, ann, { id: 'gift-1', occurredAt, from: 'ann', to: 'bob', points: 30 })
 * carryOut(plan, []) // => { next: 'do', step: 0, engine: 'points', subject: 'ann', command: … }
 */
export function transferPlan(
  engine: PointsAccounts,
  state: Journal<PointsState>,
  request: TransferRequest,
): Plan {
  checkRequest(engine, request, ['from', 'to', 'points', 'currency'])
  const { id, occurredAt, from, to, points } = request
  if (!(Number.isSafeInteger(points) && points > 0))
    throw fault('out-of-range', '$.points', points, 'a whole number of points, above 0')
  const { books } = standing(engine, state, from, occurredAt)
  const currency = request.currency ?? spendableCurrencies(engine)[0] ?? ''
  const book = Object.hasOwn(books, currency) ? books[currency] : undefined
  if (book === undefined) throw fault('unknown-name', '$.currency', currency, 'a currency of the account')
  const parts = carried(planSpending(book.lots, points), book.lots)
  return planOf(
    id,
    occurredAt,
    handing(engine, { from, to, currency, parts, points, transfer: id, as: 'gift' }),
  )
}

interface Handing {
  readonly from: string
  readonly to: string
  readonly currency: string
  readonly points: number
  readonly parts: readonly LotPart[]
  readonly transfer: string
  readonly as: 'gift' | 'pool-in' | 'pool-out'
}

function handing(
  engine: PointsAccounts,
  { from, to, currency, points, parts, transfer, as }: Handing,
): readonly PlannedStep[] {
  const common = { currency, parts, transfer, as }
  return [
    {
      engine: engine.id,
      subject: from,
      command: { type: `${engine.id}/send`, data: { to, points, ...common } },
      undo: undone(engine),
    },
    {
      engine: engine.id,
      subject: to,
      command: { type: `${engine.id}/receive`, data: { from, ...common } },
      undo: undone(engine),
    },
  ]
}

/**
 * A plan by which all that a member can spend goes into a pool: an account of the same engine whose lots say whose they are. They
 * keep their terms. None where the member has nothing.
 *
 * @param state - The member's.
 */
export const joinPoolPlan = (
  engine: PointsAccounts,
  state: Journal<PointsState>,
  request: PoolRequest,
): Plan | null => pooling(engine, state, request, 'pool-in')

/**
 * A plan by which what is left of a member's lots leaves a pool again. What others have spent of them does not come back, for
 * a pool spends in the order of its lots, whosever they are. None where nothing is left.
 *
 * @param state - The pool's.
 */
export const leavePoolPlan = (
  engine: PointsAccounts,
  state: Journal<PointsState>,
  request: PoolRequest,
): Plan | null => pooling(engine, state, request, 'pool-out')

function pooling(
  engine: PointsAccounts,
  state: Journal<PointsState>,
  request: PoolRequest,
  as: 'pool-in' | 'pool-out',
): Plan | null {
  checkRequest(engine, request, ['member', 'pool'])
  const { id, occurredAt, member, pool } = request
  const [from, to] = as === 'pool-in' ? [member, pool] : [pool, member]
  const spendable = spendableCurrencies(engine)
  const { books } = standing(engine, state, from, occurredAt)
  const steps = spendable.flatMap((currency): readonly PlannedStep[] => {
    const { lots } = books[currency]!
    const all = as === 'pool-in' ? planSpending(lots, Number.MAX_SAFE_INTEGER) : partsOfMember(lots, member)
    const parts = carried(all, lots)
    if (parts.length === 0) return []
    return handing(engine, { from, to, currency, parts, points: total(parts), transfer: id, as })
  })
  return steps.length === 0 ? null : planOf(id, occurredAt, steps)
}

function spendableCurrencies(engine: PointsAccounts): readonly string[] {
  const { currencies } = engine.definition as unknown as {
    readonly currencies?: readonly { readonly currency: string; readonly kind: string }[]
  }
  return currencies === undefined
    ? ['points']
    : currencies.flatMap((one) => (one.kind === 'spendable' ? [one.currency] : []))
}

/**
 * A plan by which one account goes into another: lots whatever state they are in, what is owed, origins and redemptions, so that
 * later refunds find them there. The first is closed. Whose accounts they are is the host's to know: facts that come later have
 * to be told to the account that is left.
 *
 * @param state - Of the account that goes. What changes after it was looked at is refused as `not-as-planned`.
 */
export function mergePlan(engine: PointsAccounts, state: Journal<PointsState>, request: MergeRequest): Plan {
  checkRequest(engine, request, ['from', 'into'])
  const { id, occurredAt, from, into } = request
  const estate = estateOf(standing(engine, state, from, occurredAt))
  return planOf(id, occurredAt, [
    {
      engine: engine.id,
      subject: from,
      command: { type: `${engine.id}/hand-over`, data: { to: into, transfer: id, estate } },
      undo: undone(engine),
    },
    {
      engine: engine.id,
      subject: into,
      command: { type: `${engine.id}/take-over`, data: { from, transfer: id, estate } },
    },
  ])
}
