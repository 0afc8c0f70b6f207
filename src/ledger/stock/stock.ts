import { checkRecord, reading } from '../../kernel/errors.js'
import { typeWords } from '../../kernel/event.js'
import {
  complete,
  type Due,
  type Engine,
  type EventIn,
  type Instant,
  type Json,
  type Kinds,
  type Model,
  plain,
} from '../../kernel/index.js'
import { frozen } from '../../kernel/plain.js'
import { auditStock, auditStockEvent } from './audit.js'
import { stockInvariantWords } from './audit-words.js'
import { stockDecisions } from './decisions.js'
import { type AgreedStock, checkStock, type StockAmount, type StockDefinition } from './definition.js'
import {
  type StockCommandSpecs,
  type StockEvent,
  type StockRefusal,
  type StockSpecs,
  stockCommands,
  stockEvents,
} from './events.js'
import { emptyStock, forgetStock, lapsesAt, lapsingNext, misfitIn, type StockState } from './holdings.js'
import { post } from './postings.js'
import { eventWords, sentences } from './sentences.js'
import { compileStock } from './terms.js'
import { ALL, nextStop, noUses } from './uses.js'
import { type StockView, viewOfStock } from './view.js'

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

function stockModel<Id extends string, U extends string>(
  definition: StockDefinition<Id, U>,
): Model<StockKinds<Id, U>> {
  const { id } = definition
  const agreed = frozen(plain(definition)) as unknown as AgreedStock
  checkStock(agreed)
  const { unit, givenBack = 'frees-limits' } = agreed
  const terms = compileStock(agreed)
  const { limits, shared, units, shown, keeps } = terms
  const perHolder = new Set(limits.filter(({ code }) => code === 'holder-limit').map(({ limit }) => limit))
  const decide = stockDecisions(terms)
  const posting = { units, frees: givenBack === 'frees-limits', perHolder }
  const publishes = stockEvents<Id, U>(id, unit as U)
  const kinds = typeWords(id, publishes)

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

  const fresh = emptyStock(Object.fromEntries(limits.map(({ limit }) => [limit, noUses])))

  return {
    id,
    history: 'decisions',
    definition: { model: 'stock', ...agreed } as unknown as Json,
    hears: {},
    commands: stockCommands(id, unit),
    publishes,
    vocabulary: {
      sentences: { ...stockInvariantWords, ...sentences },
      words: eventWords(id),
      events: publishes,
      calendar: agreed.calendar,
    },
    ...(agreed.idempotencyWindow && { idempotencyWindow: agreed.idempotencyWindow }),
    start: () => fresh,
    misfit: misfitIn,
    decide: (state, command) => decide(state, command) as { readonly refusal: StockRefusal<StockAmount<U>> },
    evolve(state, event) {
      const kind = kinds.get(event.type)
      return kind === undefined ? state : post(state, kind, event, posting)
    },
    due,
    audit: (state, at) => auditStock(state, at, terms),
    auditEvent: (state, event) => auditStockEvent(state, event, terms),
    forget: forgetStock,
    view: (state, asOf) => viewOfStock(terms, state, asOf) as StockView<StockAmount<U>>,
    nextStep: ({ uses }, asOf) =>
      shared.reduce<Instant | undefined>((next, { limit }) => {
        const stop = nextStop(uses[limit]!, ALL, asOf)
        return stop === null || (next !== undefined && next <= stop) ? next : stop
      }, undefined),
  }
}
