import { checkRecord, fault, reading } from '../../kernel/errors.js'
import {
  calendarOf,
  complete,
  type Draft,
  type Due,
  type Engine,
  type EventIn,
  type Instant,
  type Journal,
  type Json,
  type Kinds,
  type Model,
  numberOf,
  plain,
  valueOfNumber,
} from '../../kernel/index.js'
import { endOfUnit } from '../../kernel/window.js'
import {
  type AgreedStock,
  amountField,
  checkStock,
  mostOf,
  type StockAmount,
  type StockDefinition,
  type StockLimit,
} from './definition.js'
import {
  type StockCommandSpecs,
  type StockEvent,
  type StockRefusal,
  type StockSpecs,
  stockCommands,
  stockEvents,
} from './events.js'
import {
  availableAt,
  availableIn,
  emptyStock,
  forgetStock,
  lapsesAt,
  lapsingNext,
  lapsingThrough,
  misfitIn,
  reservationIn,
  type StockState,
} from './holdings.js'
import { post } from './postings.js'
import { eventWords, sentences } from './sentences.js'
import { ALL, freeAt, nextStop, noUses, usedBy, usedInAll } from './uses.js'

/** The types of a stock. */
export interface StockKinds<Id extends string, U extends string> extends Kinds {
  id: Id
  state: StockState
  command: EventIn<StockCommandSpecs<Id, U>>
  hears: never
  emits: StockEvent<Id, U>
  publishes: StockSpecs<Id, U>
  refusal: StockRefusal<StockAmount<U>>
  view: StockView<StockAmount<U>>
}

/** How a limit stands. */
export interface LimitLeft<A = number | string> {
  readonly limit: string
  readonly most: A
  readonly left: A
  /** When some of it is free again by time alone; `null` where none will be. */
  readonly freesAt: Instant | null
}

/** What a stock holds: `restocked - withdrawn = available + reserved + committed`. */
export interface StockView<A = number | string> {
  readonly available: A
  readonly reserved: A
  /** What was used and not given back. */
  readonly committed: A
  readonly restocked: A
  readonly withdrawn: A
  readonly closedAt: Instant | null
  /** The reservations that lapse next, by time alone. */
  readonly next: { readonly at: Instant; readonly amount: A } | null
  /** The limits that everybody shares. */
  readonly limits: readonly LimitLeft<A>[]
}

/** What one holder may still reserve. */
export interface StockLeft<A = number | string> {
  /** The least of what is available and of what every limit leaves; nothing once the stock is closed. */
  readonly left: A
  /** The limits that each holder has. */
  readonly limits: readonly LimitLeft<A>[]
}

/**
 * A shared resource, followed as a subject of its own: the stock of a reward, the budget of a campaign or a benefit, seats,
 * the first hundred. What is reserved is set aside for a holder until it is committed, released, or lapses at its own
 * instant. It is never oversold: who writes with the version that was read (`expectedVersion`, or a lock of the store) is
 * refused where it has moved on.
 *
 * At one instant what lapses comes first, then the command: a reservation holds in `[reserved, until)`. A reservation counts
 * against the limits in whose window its own instant lies, also when it is committed later.
 *
 * @throws DefinitionError `unknown-key`, `unknown-name`, `duplicate-name`, `wrong-type`, `out-of-range`,
 * `invalid-duration`; the path names the place.
 * @example
 * defineStock({
 *   id: 'gift', version: 1, calendar: { zone: 'Asia/Shanghai' }, unit: 'pieces', holdFor: { minutes: 15 },
 *   limits: [
 *     { limit: 'one-each', per: 'holder', most: 1 },
 *     { limit: 'daily', per: 'all', most: 100, within: { this: 'day' } },
 *   ],
 * })
 */
export function defineStock<const Id extends string, const U extends string>(
  definition: StockDefinition<Id, U>,
): Engine<StockKinds<Id, U>> {
  checkRecord(definition, '$')
  return reading('wrong-type', '$', definition, 'a definition', () => complete(stockModel(definition)))
}

/**
 * How much one holder may still reserve, and how the limits that each holder has stand for this one.
 *
 * @throws DefinitionError `wrong-type` for no holder, `as-of-before-state`, and what a state of another definition is told.
 * @example
 * stockLeft(gift, state, 'ann', asOf) // => { left: 1, limits: [{ limit: 'one-each', most: 1, left: 1, freesAt: null }] }
 */
export function stockLeft<Id extends string, U extends string>(
  engine: Engine<StockKinds<Id, U>>,
  state: Journal<StockState>,
  holder: string,
  asOf: Instant,
): StockLeft<StockAmount<U>> {
  if (typeof holder !== 'string' || holder === '') throw fault('wrong-type', '$.holder', holder, 'text')
  const { of } = engine.advance(state, asOf).state
  const { unit, limits = [] } = engine.definition as unknown as AgreedStock
  const field = amountField(unit)
  const shown = (units: number) => valueOfNumber(field, units) as StockAmount<U>
  let least = of.closedAt === null ? availableIn(of) : 0
  const held: LimitLeft<StockAmount<U>>[] = []
  for (const { limit, per, most } of limits) {
    const who = per === 'holder' ? holder : ALL
    const uses = of.uses[limit]!
    const left = Math.max(0, mostOf(unit, most)! - usedBy(uses, who, asOf))
    least = Math.min(least, left)
    if (per === 'holder')
      held.push({
        limit,
        most: most as StockAmount<U>,
        left: shown(left),
        freesAt: nextStop(uses, who, asOf),
      })
  }
  return { left: shown(least), limits: held }
}

/** A limit made ready: amounts in the smallest unit, and when what counts now stops. */
interface Limit {
  readonly limit: string
  readonly code: 'holder-limit' | 'period-limit' | 'total-limit'
  readonly most: number
  leavesAt(at: Instant): Instant | null
}

const codeOf = ({ per, within }: StockLimit): Limit['code'] =>
  per === 'holder' ? 'holder-limit' : within === undefined ? 'total-limit' : 'period-limit'
const precedence: readonly Limit['code'][] = ['holder-limit', 'period-limit', 'total-limit']

interface CommandData {
  readonly amount?: number | string
  readonly holder?: string
  readonly until?: Instant
  readonly reservation?: string
  readonly reason?: string
}

type Decision = { readonly events: readonly Draft[] } | { readonly refusal: StockRefusal }
const refused = (refusal: StockRefusal): Decision => ({ refusal })

function stockModel<Id extends string, U extends string>(
  definition: StockDefinition<Id, U>,
): Model<StockKinds<Id, U>> {
  const { id } = definition
  const agreed = plain(definition) as unknown as AgreedStock
  checkStock(agreed)
  const { unit, holdFor, partialCommit = 'release-rest', givenBack = 'frees-limits', keep } = agreed
  const calendar = calendarOf(agreed.calendar)
  const holds = holdFor && calendar.adder(holdFor)
  const keeps = calendar.adder(keep ?? { days: 90 })
  const limits = (agreed.limits ?? [])
    .map((one): Limit => {
      const { limit, most } = one
      return { limit, code: codeOf(one), most: mostOf(unit, most)!, leavesAt: leaving(one) }
    })
    .sort((a, b) => precedence.indexOf(a.code) - precedence.indexOf(b.code))
  const shared = limits.filter(({ code }) => code !== 'holder-limit')
  const perHolder = new Set(limits.filter(({ code }) => code === 'holder-limit').map(({ limit }) => limit))
  const field = amountField(unit)
  const money = unit === 'pieces' ? {} : { currency: unit }
  const units = (amount: unknown) => numberOf(field, amount)
  const shown = (amount: number): number | string => valueOfNumber(field, amount)
  const posting = { units, frees: givenBack === 'frees-limits', perHolder }
  const publishes = stockEvents<Id, U>(id, unit as U)
  const kinds = new Map(Object.keys(publishes).map((type) => [type, type.slice(id.length + 1)]))
  const draft = (kind: string, data: object): Draft => ({ type: `${id}/${kind}`, data })
  const events = (...drafts: readonly Draft[]): Decision => ({ events: drafts })

  /** When what counts for a limit stops counting. Units of the calendar are asked for once each. */
  function leaving({ within }: StockLimit): Limit['leavesAt'] {
    if (within === undefined) return () => null
    if (!('this' in within)) return calendar.adder(within)
    let [from, to] = [Infinity, -Infinity]
    return (at) => {
      if (at >= from && at < to) return to
      from = at
      to = endOfUnit(calendar, within.this, at)
      return to
    }
  }

  function decide(state: StockState, command: EventIn<StockCommandSpecs<Id, U>>): Decision {
    const { type, occurredAt: at } = command
    const data = command.data as CommandData
    const amount = data.amount === undefined ? undefined : units(data.amount)!
    if (amount !== undefined && amount <= 0)
      return refused({ code: 'amount-not-positive', amount: shown(amount), ...money })
    switch (type.slice(id.length + 1)) {
      case 'restock':
        return restock(state, amount!, data.reason!)
      case 'withdraw':
        return withdraw(state, amount!, data.reason!)
      case 'reserve':
        return reserve(state, amount!, command.id, data, at)
      case 'take':
        return take(state, amount!, command.id, data, at)
      case 'commit':
        return commit(state, data.reservation!, amount, at)
      case 'release':
        return release(state, data.reservation!, at)
      case 'give-back':
        return giveBack(state, data.reservation!, amount, at)
      default:
        return close(state, data.reason!)
    }
  }

  const closed = ({ closedAt }: StockState): Decision | undefined =>
    closedAt === null ? undefined : refused({ code: 'stock-closed', closedAt })

  function restock(state: StockState, amount: number, reason: string): Decision {
    const over = closed(state)
    if (over !== undefined) return over
    if (!Number.isSafeInteger(state.restocked + amount)) return refused({ code: 'stock-out-of-range' })
    return events(draft('restocked', { amount: shown(amount), reason }))
  }

  function withdraw(state: StockState, amount: number, reason: string): Decision {
    const over = closed(state)
    if (over !== undefined) return over
    const available = availableIn(state)
    if (amount > available)
      return refused({
        code: 'exceeds-available',
        requested: shown(amount),
        available: shown(available),
        ...money,
      })
    return events(draft('withdrawn', { amount: shown(amount), reason }))
  }

  /** Why so much cannot be set aside for a holder. */
  function unfit(
    state: StockState,
    amount: number,
    reservation: string,
    { holder, until }: CommandData,
    at: Instant,
  ): StockRefusal | undefined {
    if (holder === '') return { code: 'holder-missing' }
    if (state.closedAt !== null) return { code: 'stock-closed', closedAt: state.closedAt }
    if (reservationIn(state, reservation, at) !== undefined) return { code: 'reservation-exists' }
    if (until !== undefined && until <= at) return { code: 'until-passed', until }
    return shortage(state, holder!, amount, at) ?? unsummable(state, amount)
  }

  /** The first thing that there is not enough of, and when there is enough of everything. */
  function shortage(
    state: StockState,
    holder: string,
    amount: number,
    at: Instant,
  ): StockRefusal | undefined {
    let found: { readonly by: Limit | undefined; readonly available: number } | undefined
    let againAt: Instant | null = at
    const later = (when: Instant | null) => {
      againAt = againAt === null || when === null ? null : Math.max(againAt, when)
    }
    for (const by of limits) {
      const uses = state.uses[by.limit]!
      const who = by.code === 'holder-limit' ? holder : ALL
      const used = usedBy(uses, who, at)
      if (used + amount <= by.most) continue
      found ??= { by, available: Math.max(0, by.most - used) }
      later(freeAt(uses, who, at, used + amount - by.most))
    }
    const available = availableIn(state)
    if (amount > available) {
      found ??= { by: undefined, available }
      later(availableAt(state, amount - available))
    }
    if (found === undefined) return undefined
    const again = againAt === null ? null : ({ code: 'again-at', at: againAt } as const)
    const lacking = { requested: shown(amount), available: shown(found.available), ...money, again }
    const { by } = found
    return by === undefined
      ? { code: 'sold-out', ...lacking }
      : { code: by.code, limit: by.limit, most: shown(by.most), ...lacking }
  }

  const unsummable = (state: StockState, amount: number): StockRefusal | undefined =>
    limits.every(({ limit }) => Number.isSafeInteger(usedInAll(state.uses[limit]!) + amount))
      ? undefined
      : { code: 'stock-out-of-range' }

  const leavesOf = (at: Instant) =>
    Object.fromEntries(limits.map(({ limit, leavesAt }) => [limit, leavesAt(at)]))

  function reserve(
    state: StockState,
    amount: number,
    reservation: string,
    data: CommandData,
    at: Instant,
  ): Decision {
    const refusal = unfit(state, amount, reservation, data, at)
    if (refusal !== undefined) return refused(refusal)
    const { holder, until = holds?.(at) } = data
    const held = { reservation, holder, amount: shown(amount), leaves: leavesOf(at) }
    return events(draft('reserved', until === undefined ? held : { ...held, until }))
  }

  function take(
    state: StockState,
    amount: number,
    reservation: string,
    data: CommandData,
    at: Instant,
  ): Decision {
    const refusal = unfit(state, amount, reservation, data, at)
    if (refusal !== undefined) return refused(refusal)
    const one = { reservation, holder: data.holder, amount: shown(amount) }
    return events(
      draft('reserved', { ...one, leaves: leavesOf(at) }),
      draft('committed', { ...one, keptUntil: keeps(at) }),
    )
  }

  function commit(state: StockState, reservation: string, asked: number | undefined, at: Instant): Decision {
    const known = reservationIn(state, reservation, at)
    if (known === undefined) return refused({ code: 'unknown-reservation' })
    const { holder, reserved, overSince } = known
    if (overSince !== null) return refused({ code: 'reservation-over', overSince })
    const amount = asked ?? reserved
    if (amount > reserved)
      return refused({
        code: 'exceeds-reservation',
        requested: shown(amount),
        reserved: shown(reserved),
        ...money,
      })
    const used = { reservation, holder, amount: shown(amount) }
    if (amount === reserved) return events(draft('committed', { ...used, keptUntil: keeps(at) }))
    if (partialCommit === 'keep-rest') return events(draft('committed', used))
    const rest = { reservation, holder, amount: shown(reserved - amount), keptUntil: keeps(at) }
    return events(draft('committed', used), draft('released', rest))
  }

  function release(state: StockState, reservation: string, at: Instant): Decision {
    const known = reservationIn(state, reservation, at)
    if (known === undefined) return refused({ code: 'unknown-reservation' })
    const { holder, reserved, overSince } = known
    if (overSince !== null) return refused({ code: 'reservation-over', overSince })
    return events(draft('released', { reservation, holder, amount: shown(reserved), keptUntil: keeps(at) }))
  }

  function giveBack(
    state: StockState,
    reservation: string,
    asked: number | undefined,
    at: Instant,
  ): Decision {
    const known = reservationIn(state, reservation, at)
    if (known === undefined) return refused({ code: 'unknown-reservation' })
    const { holder, committed } = known
    const amount = asked ?? committed
    if (amount > committed || amount === 0)
      return refused({
        code: 'exceeds-committed',
        requested: shown(amount),
        committed: shown(committed),
        ...money,
      })
    return events(draft('given-back', { reservation, holder, amount: shown(amount) }))
  }

  function close(state: StockState, reason: string): Decision {
    return closed(state) ?? events(draft('closed', { reason, available: shown(availableIn(state)) }))
  }

  function due(state: StockState, now: Instant): Due | undefined {
    const until = lapsesAt(state)
    if (until === null) return undefined
    const at = Math.max(until, now)
    return {
      at,
      make() {
        const reservations = lapsingNext(state)
        const amount = reservations.reduce((sum, part) => sum + part.units, 0)
        const data = { amount: shown(amount), reservations, keptUntil: keeps(at) }
        return { type: `${id}/lapsed`, rule: `lapsed>${reservations[0]!.reservation}`, data }
      },
    }
  }

  function viewOf(state: StockState, asOf: Instant): StockView {
    const { restocked, withdrawn, reserved, committed, closedAt, uses } = state
    const at = lapsesAt(state)
    return {
      available: shown(availableIn(state)),
      reserved: shown(reserved),
      committed: shown(committed),
      restocked: shown(restocked),
      withdrawn: shown(withdrawn),
      closedAt,
      next: at === null ? null : { at, amount: shown(lapsingThrough(state, at)) },
      limits: shared.map(({ limit, most }) => ({
        limit,
        most: shown(most),
        left: shown(Math.max(0, most - usedBy(uses[limit]!, ALL, asOf))),
        freesAt: nextStop(uses[limit]!, ALL, asOf),
      })),
    }
  }

  const fresh = emptyStock(Object.fromEntries(limits.map(({ limit }) => [limit, noUses])))

  return {
    id,
    history: 'decisions',
    definition: { model: 'stock', ...agreed } as unknown as Json,
    hears: {},
    commands: stockCommands(id, unit),
    publishes,
    vocabulary: { sentences, words: eventWords(id), events: publishes, calendar: agreed.calendar },
    ...(agreed.idempotencyWindow && { idempotencyWindow: agreed.idempotencyWindow }),
    start: () => fresh,
    misfit: misfitIn,
    decide: (state, command) => decide(state, command) as { readonly refusal: StockRefusal<StockAmount<U>> },
    evolve(state, event) {
      const kind = kinds.get(event.type)
      return kind === undefined ? state : post(state, kind, event, posting)
    },
    due,
    forget: forgetStock,
    view: (state, asOf) => viewOf(state, asOf) as StockView<StockAmount<U>>,
    nextStep: ({ uses }, asOf) =>
      shared.reduce<Instant | undefined>((next, { limit }) => {
        const stop = nextStop(uses[limit]!, ALL, asOf)
        return stop === null || (next !== undefined && next <= stop) ? next : stop
      }, undefined),
  }
}
