import { fault } from '../../kernel/errors.js'
import { type Engine, type Instant, type Journal, valueOfNumber } from '../../kernel/index.js'
import { type AgreedStock, amountField, mostOf, type StockAmount } from './definition.js'
import { availableIn, lapsesAt, lapsingThrough, reservationIn, type StockState } from './holdings.js'
import type { StockKinds } from './stock.js'
import type { StockTerms } from './terms.js'
import { ALL, nextStop, usedBy } from './uses.js'

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

/** What was set aside under one name, and what became of it. */
export interface StockReservation<A = number | string> {
  readonly holder: string
  /** What is still set aside. */
  readonly reserved: A
  /** What was used of it and not given back. */
  readonly committed: A
  /** First instant at which it no longer holds; `null` when somebody has to end it. */
  readonly until: Instant | null
  /** Since when nothing is set aside any more. */
  readonly overSince: Instant | null
}

/** What a stock shows at an instant for which time has passed. */
export function viewOfStock({ shared, shown }: StockTerms, state: StockState, asOf: Instant): StockView {
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

/**
 * What became of a reservation, while it is remembered (`keep`); `undefined` where there is none of that name.
 *
 * @param reservation - Id of the command that made it.
 * @throws DefinitionError `wrong-type` for no name, `as-of-before-state`, and what a state of another definition is told.
 * @example
 * stockReservation(gift, state, 'r-1', asOf)?.committed // => 1
 */
export function stockReservation<Id extends string, U extends string>(
  engine: Engine<StockKinds<Id, U>>,
  state: Journal<StockState>,
  reservation: string,
  asOf: Instant,
): StockReservation<StockAmount<U>> | undefined {
  if (typeof reservation !== 'string' || reservation === '')
    throw fault('wrong-type', '$.reservation', reservation, 'text')
  const { of } = engine.advance(state, asOf).state
  const found = reservationIn(of, reservation, asOf)
  if (found === undefined) return undefined
  const field = amountField((engine.definition as unknown as AgreedStock).unit)
  const shown = (units: number) => valueOfNumber(field, units) as StockAmount<U>
  const { holder, reserved, committed, until, overSince } = found
  return { holder, reserved: shown(reserved), committed: shown(committed), until, overSince }
}
