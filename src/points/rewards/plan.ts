import { checkKeys, checkName, checkRecord, fault, reading, unknownName } from '../../kernel/errors.js'
import {
  calendarOf,
  type Engine,
  type EventSpecs,
  type Instant,
  isInstant,
  type Journal,
} from '../../kernel/index.js'
import { get } from '../../kernel/sorted.js'
import { type Plan, type PlannedStep, planOf, stepId } from '../../ledger/index.js'
import type { PointsState } from '../account.js'
import type { Agreed } from '../definition.js'
import type { PointsKinds } from '../points.js'
import { claimsBy, noRewards } from './claims.js'
import { pricesOf, type RewardDefinition, type RewardStock, takenOf } from './definition.js'

/** What a member wants of a reward, or of a claim. `id` is the plan's, and new for each. */
export type RewardRequest<Reward extends string = string> =
  | {
      readonly do: 'claim'
      readonly id: string
      readonly reward: Reward
      /** One unless told. */
      readonly quantity?: number
      /** Which of several prices; the first unless told. */
      readonly option?: string
    }
  | {
      readonly do: 'pay'
      readonly id: string
      readonly claim: string
      /** What the payment is called where it was made. */
      readonly payment: string
      readonly amount: string
      readonly currency: string
    }
  | { readonly do: 'cancel'; readonly id: string; readonly claim: string }
  | {
      readonly do: 'return'
      readonly id: string
      readonly claim: string
      /** All that did not come back yet unless told. */
      readonly quantity?: number
    }

const KEYS = {
  claim: ['do', 'id', 'reward', 'quantity', 'option'],
  pay: ['do', 'id', 'claim', 'payment', 'amount', 'currency'],
  cancel: ['do', 'id', 'claim'],
  return: ['do', 'id', 'claim', 'quantity'],
} as const
/** What a release is told where a reservation has ended by itself: then there is nothing to release. */
const MOOT = ['reservation-over', 'unknown-reservation']

/**
 * The steps by which a member claims a reward that comes out of stocks, pays for it, cancels it or brings it back: a host carries them out
 * with `carryOut`. Of a reward without stock it is one command.
 *
 * - `claim`: takes of each stock, then claims; where money is due, reserves of each stock until the claim lapses, then claims
 *   until then. What was taken is given back where the claim is refused. The claim's id is that of the last step's command.
 * - `pay`: commits what was reserved first, then settles: nobody pays for what is not there.
 * - `cancel`: cancels the claim, then releases. A claim that lapses needs no plan: stock and points lapse at its own instant.
 * - `return`: brings pieces back, then gives them back to the stock.
 *
 * @param state - Of the member; the claim that is paid, cancelled or returned is looked up here.
 * @param at - The instant of its commands, not before the state.
 * @throws DefinitionError `unknown-name` for rewards and prices that there are not; `wrong-type`, `out-of-range`,
 * `unknown-key`, `invalid-instant`; `as-of-before-state`, and what a state of another definition is told.
 * @example
 * const plan = rewardPlan(points, account, { do: 'claim', id: 'order-7', reward: 'mug' }, now)
 * plan.steps.map(({ command }) => command.type) // => ['gift/take', 'points/claim']
 */
export function rewardPlan<
  Id extends string,
  E extends EventSpecs,
  C extends string,
  Track extends string,
  Tier extends string,
  Reward extends string,
>(
  engine: Engine<PointsKinds<Id, E, C, Track, Tier, Reward>>,
  state: Journal<PointsState>,
  request: RewardRequest<NoInfer<Reward>>,
  at: Instant,
): Plan {
  if (typeof engine?.advance !== 'function')
    throw fault('wrong-type', '$.engine', engine, 'an engine of points')
  if (!isInstant(at)) throw fault('invalid-instant', '$.at', at, 'an instant')
  checkRecord(request, '$.request')
  checkName(Object.keys(KEYS), request.do, '$.request.do')
  checkKeys(request, KEYS[request.do], '$.request')
  const { of } = engine.advance(state, at).state
  const { rewards = [], calendar } = engine.definition as unknown as Agreed
  const { id } = engine
  const { subject } = state
  const own = (word: string, data: object): PlannedStep => ({
    engine: id,
    subject,
    command: { type: `${id}/${word}`, data },
  })
  if (request.do === 'claim') {
    const { reward: name, option, quantity = 1 } = request
    const definition = rewards.find(({ reward }) => reward === name)
    if (definition === undefined)
      throw unknownName(
        '$.request.reward',
        name,
        rewards.map(({ reward }) => reward),
      )
    checkPieces(quantity)
    const prices = pricesOf(definition)
    const price = option === undefined ? prices[0] : prices.find((one) => one.option === option)
    if (price === undefined)
      throw unknownName(
        '$.request.option',
        option,
        prices.flatMap((one) => one.option ?? []),
      )
    const wanted = { reward: name, quantity, ...(option !== undefined && { option }) }
    const { stock = [] } = definition
    const until = price.money && calendarOf(calendar).add(at, definition.reserveFor!)
    const claim = {
      ...wanted,
      ...(until !== undefined && { until }),
      ...(stock.length > 0 && { stock: request.id }),
    }
    const taken = stock.map((one) => taking(one, subject, quantity, until))
    return planOf(request.id, at, [...taken, own('claim', claim)])
  }
  const { claim: name } = request
  const claim = reading('malformed-state', '$.state', state, 'a state that this definition made', () =>
    get(claimsBy, (of.rewards ?? noRewards).claims, name),
  )
  // What the state does not bear out holds for this state alone: with a newer one there may be something to commit.
  const seen = (step: PlannedStep): PlannedStep => ({
    ...step,
    command: { ...step.command, expectedVersion: state.version },
  })
  const definition = rewards.find(({ reward }) => reward === claim?.reward)
  const stocks = claim?.stock == null ? [] : stocksOf(definition, claim.stock)
  if (request.do === 'pay') {
    const { payment, amount, currency } = request
    const paying = own('pay', { claim: name, payment, amount, currency })
    const { command } = planOf(request.id, at, [paying]).steps[0]!
    // A payment that is refused anyway must not use up what was reserved for the right one.
    const isRefused = engine.decide(state, command as never).outcome === 'refused'
    return planOf(request.id, at, isRefused ? [seen(paying)] : [...stocks.map(committing), paying])
  }
  if (request.do === 'cancel') {
    const cancelling = own('cancel', { claim: name })
    const isKnown = claim !== undefined
    return planOf(request.id, at, isKnown ? [cancelling, ...stocks.map(releasing)] : [seen(cancelling)])
  }
  const { quantity = claim?.quantity } = request
  if (request.quantity !== undefined) checkPieces(request.quantity)
  const wanted = quantity === undefined || quantity === 0 ? { claim: name } : { claim: name, quantity }
  const bringing = own('return', wanted)
  if (claim === undefined || !quantity) return planOf(request.id, at, [seen(bringing)])
  return planOf(request.id, at, [bringing, ...stocks.map((one) => returning(one, quantity))])
}

function checkPieces(quantity: unknown): void {
  if (!(Number.isSafeInteger(quantity) && (quantity as number) > 0))
    throw fault('out-of-range', '$.request.quantity', quantity, 'whole pieces, 1 or more')
}

/** A stock of a reward, and what was reserved of it for a claim. */
interface Reserved {
  readonly stock: RewardStock
  readonly reservation: string
}

const stocksOf = (definition: RewardDefinition | undefined, name: string): readonly Reserved[] =>
  (definition?.stock ?? []).map((stock, i) => ({ stock, reservation: stepId(name, i) }))

/** Takes of a stock what needs no waiting, and reserves the rest until its claim lapses. */
function taking(
  stock: RewardStock,
  holder: string,
  quantity: number,
  until: Instant | undefined,
): PlannedStep {
  const { engine, subject } = stock
  const amount = takenOf(stock, quantity)
  if (amount === undefined)
    throw fault('out-of-range', '$.request.quantity', quantity, 'pieces that a claim may be of')
  if (until === undefined)
    return {
      engine,
      subject,
      command: { type: `${engine}/take`, data: { amount, holder } },
      undo: (id) => ({ type: `${engine}/give-back`, data: { reservation: id } }),
    }
  return {
    engine,
    subject,
    command: { type: `${engine}/reserve`, data: { amount, holder, until } },
    undo: (id) => ({ type: `${engine}/release`, data: { reservation: id } }),
    moot: MOOT,
  }
}

const committing = ({ stock: { engine, subject }, reservation }: Reserved): PlannedStep => ({
  engine,
  subject,
  command: { type: `${engine}/commit`, data: { reservation } },
  undo: { type: `${engine}/give-back`, data: { reservation } },
})

const releasing = ({ stock: { engine, subject }, reservation }: Reserved): PlannedStep => ({
  engine,
  subject,
  command: { type: `${engine}/release`, data: { reservation } },
  moot: MOOT,
})

const returning = ({ stock, reservation }: Reserved, quantity: number): PlannedStep => ({
  engine: stock.engine,
  subject: stock.subject,
  command: {
    type: `${stock.engine}/give-back`,
    data: { reservation, amount: takenOf(stock, quantity) ?? quantity },
  },
})
