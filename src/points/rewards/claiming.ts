import { type Draft, type Instant, leavesOf, minorDigits, parseMinor } from '../../kernel/index.js'
import { get } from '../../kernel/sorted.js'
import { reservationIn } from '../../ledger/index.js'
import { type PointsState, redemptionsBy } from '../account.js'
import { type Decision, refused, type Section, type Told } from '../section.js'
import { type CompiledPrice, type CompiledReward, limitReached, moneyOf, priceParts } from './catalogue.js'
import { claimIn, noRewards, openClaims, type RewardClaim } from './claims.js'
import { type ClaimEndData, type ClaimedData, type ClaimReason, rewardCommands } from './events.js'

interface ClaimFields {
  readonly reward: string
  readonly quantity?: number
  readonly option?: string
  readonly until?: Instant
  readonly stock?: string
}
interface PayFields {
  readonly claim: string
  readonly payment: string
  readonly amount: string
  readonly currency: string
}

/** What the decisions about claims stand on: who spends points for them. */
interface ClaimingTerms {
  readonly id: string
  readonly rewards: ReadonlyMap<string, CompiledReward>
  /** The commands of spending: points of claims go the way of all points. */
  readonly spending: Section['decide']
}

/** Rewards claimed, paid for, cancelled and returned. */
export function claimingSection({ id, rewards, spending }: ClaimingTerms): Section {
  /** A decision of spending, with what it means for a claim behind it. */
  function andThen(spent: Decision | undefined, type: string, data: object): Decision {
    if (spent !== undefined && 'refusal' in spent) return spent
    const own: Draft = { type: `${id}/${type}`, data }
    return { events: spent === undefined ? [own] : [...spent.events, own] }
  }

  /** Has spending decide on the points of a claim, under the claim's own name. */
  const spend = (
    state: PointsState,
    word: string,
    claim: string,
    { subject, occurredAt }: Told,
    data: object,
  ): Decision => spending[word]!(state, { id: claim, subject, occurredAt, data })

  function claim(state: PointsState, told: Told): Decision {
    const { id: name, occurredAt: at } = told
    const { reward: wanted, quantity = 1, option, until: asked, stock } = told.data as ClaimFields
    if (isTaken(state, name, at)) return refused({ code: 'claim-exists' })
    const reward = rewards.get(wanted)
    if (reward === undefined) return refused({ code: 'unknown-reward' })
    const closed = reward.closed(at)
    if (closed !== undefined) return refused(closed)
    const verdict = reward.when?.verdict(state.tracks, at)
    if (verdict !== undefined && !verdict.holds)
      return refused({ code: 'not-eligible', leaves: leavesOf(verdict) })
    const { definition, currency } = reward
    const { quantity: most = 1 } = definition
    if (quantity < 1 || quantity > most)
      return refused({ code: 'quantity-out-of-range', requested: quantity, most })
    const limited = limitReached(state.rewards ?? noRewards, definition, quantity, at)
    if (limited !== undefined) return refused(limited)
    const price = priceOf(reward, option)
    if (price === undefined) return refused({ code: 'unknown-price' })
    const until = price.money === null ? undefined : Math.min(asked ?? Infinity, reward.waitsUntil(at))
    if (until !== undefined && until <= at) return refused({ code: 'ends-before-it-begins' })
    const points = price.points * quantity
    const spent =
      points === 0
        ? undefined
        : until === undefined
          ? spend(state, 'redeem', name, told, { points, currency })
          : spend(state, 'reserve', name, told, { points, currency, until })
    if (spent !== undefined && 'refusal' in spent) return spent
    if (definition.stock !== undefined && stock === undefined) return refused({ code: 'stock-not-reserved' })
    const data: { -readonly [N in keyof ClaimedData]: ClaimedData[N] } = {
      claim: name,
      reward: wanted,
      quantity,
      points,
      currency,
      leaves: reward.leaves(at),
      reason: {
        code: 'claimed',
        reward: wanted,
        quantity,
        price: priceParts(price, quantity),
        ...(verdict && { because: [{ code: 'eligible', leaves: leavesOf(verdict) }] }),
      },
    }
    if (price.option !== null) data.option = price.option
    if (price.money !== null) data.money = moneyOf(price.money, quantity)
    if (stock !== undefined) data.stock = stock
    if (until === undefined) data.keptUntil = reward.keptUntil(at)
    else data.until = until
    return andThen(spent, 'reward-claimed', data)
  }

  /** The claim that a command is about, as it has to stand; or why it does not. */
  function standing(
    { rewards }: PointsState,
    { data, occurredAt: at }: Told,
    wanted: 'open' | 'completed',
  ): { readonly claim: RewardClaim } | { readonly refusal: Decision } {
    const { claim: name } = data as { readonly claim: string }
    const claim = claimIn(rewards ?? noRewards, name, at)
    if (claim === undefined) return { refusal: refused({ code: 'unknown-claim' }) }
    const { status, since, until } = claim
    if (status === wanted) return { claim }
    if (status === 'open') return { refusal: refused({ code: 'claim-open', until: until! }) }
    return { refusal: refused({ code: status === 'completed' ? 'claim-completed' : 'claim-over', since }) }
  }

  function pay(state: PointsState, told: Told): Decision {
    const stands = standing(state, told, 'open')
    if ('refusal' in stands) return stands.refusal
    const { claim } = stands
    const { payment, amount, currency } = told.data as PayFields
    const due = moneyOf(claim.money!, claim.quantity)
    const paid = currency === due.currency ? parseMinor(amount, minorDigits(currency)) : undefined
    if (paid === undefined)
      return refused({ code: 'payment-unreadable', due: due.amount, currency: due.currency })
    if (paid !== due.minor)
      return refused({
        code: 'payment-differs',
        due: due.amount,
        paid: moneyOf({ minor: paid, currency }, 1).amount,
        currency,
      })
    const { id: name, points } = claim
    const at = told.occurredAt
    const captured = points === 0 ? undefined : spend(state, 'capture', name, told, { reservation: name })
    return andThen(captured, 'reward-paid', { ...endOf(claim, at), payment, money: due })
  }

  function cancel(state: PointsState, told: Told): Decision {
    const stands = standing(state, told, 'open')
    if ('refusal' in stands) return stands.refusal
    const { claim } = stands
    const at = told.occurredAt
    const released =
      claim.points === 0 ? undefined : spend(state, 'release', claim.id, told, { reservation: claim.id })
    const freesLimits = rewards.get(claim.reward)?.definition.unpaid !== 'uses-limits'
    return andThen(released, 'reward-cancelled', { ...endOf(claim, at), freesLimits })
  }

  function giveBack(state: PointsState, told: Told): Decision {
    const stands = standing(state, told, 'completed')
    if ('refusal' in stands) return stands.refusal
    const { claim } = stands
    const { quantity = claim.quantity } = told.data as { readonly quantity?: number }
    if (quantity < 1 || quantity > claim.quantity)
      return refused({ code: 'quantity-out-of-range', requested: quantity, most: claim.quantity })
    const at = told.occurredAt
    const { id: name, reward, currency } = claim
    const points = claim.points * quantity
    const refunded =
      points === 0 ? undefined : spend(state, 'refund', name, told, { redemption: name, points })
    const reason: ClaimReason = { code: 'came-back', reward, quantity, price: priceParts(claim, quantity) }
    const freesLimits = rewards.get(reward)?.definition.returned !== 'uses-limits'
    const data = { ...endOf(claim, at), quantity, points, currency, freesLimits, reason }
    // It is remembered as long as it was going to be: parts that come back do not put its end off.
    const { keptUntil } = claim
    return andThen(refunded, 'reward-returned', {
      ...data,
      keptUntil: keptUntil ?? data.keptUntil,
      ...(claim.money && { money: moneyOf(claim.money, quantity) }),
    })
  }

  const endOf = ({ id: claim, reward, quantity, stock }: RewardClaim, at: Instant): ClaimEndData => {
    const keptUntil = rewards.get(reward)?.keptUntil(at) ?? at
    const end = { claim, reward, quantity, keptUntil }
    return stock === null ? end : { ...end, stock }
  }

  return { commands: rewardCommands, decide: { claim, pay, cancel, return: giveBack } }
}

/** The price of a name; the first where none is told. */
const priceOf = ({ prices }: CompiledReward, option: string | undefined): CompiledPrice | undefined =>
  option === undefined ? prices[0] : prices.find((price) => price.option === option)

/** Whether something on the account goes by this name already. */
const isTaken = ({ books, redemptions, rewards = noRewards }: PointsState, name: string, at: Instant) =>
  claimIn(rewards, name, at) !== undefined ||
  get(redemptionsBy, redemptions, name) !== undefined ||
  Object.values(books).some((book) => reservationIn(book, name) !== undefined)

/** Spending that leaves the points of claims alone: they are paid, cancelled and returned with their claim. */
export function guarded({ commands, decide }: Section): Section {
  const named =
    (field: 'id' | 'reservation' | 'redemption', word: string): Section['decide'][string] =>
    (state, told) => {
      const name = field === 'id' ? told.id : (told.data as { readonly [N in typeof field]: string })[field]
      return claimIn(state.rewards ?? noRewards, name, told.occurredAt) === undefined
        ? decide[word]!(state, told)
        : refused({ code: field === 'id' ? 'claim-exists' : 'part-of-a-claim' })
    }
  return {
    commands,
    decide: {
      ...decide,
      redeem: named('id', 'redeem'),
      reserve: named('id', 'reserve'),
      capture: named('reservation', 'capture'),
      release: named('reservation', 'release'),
      refund: named('redemption', 'refund'),
    },
  }
}

/** What ends an account, and leaves no claim open behind it: those are paid or cancelled before. */
export function unlessClaimed({ commands, decide }: Section): Section {
  const closing =
    (word: string): Section['decide'][string] =>
    (state, told) => {
      const claims = openClaims(state.rewards ?? noRewards).length
      return claims === 0 ? decide[word]!(state, told) : refused({ code: 'claims-open', claims })
    }
  const ends = ['close', 'hand-over'].filter((word) => Object.hasOwn(decide, word))
  return { commands, decide: { ...decide, ...Object.fromEntries(ends.map((word) => [word, closing(word)])) } }
}
