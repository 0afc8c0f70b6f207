import { checkCurrency } from '../../kernel/currency.js'
import { checkKeys, checkList, checkName, checkOwnName, checkRecord, fault } from '../../kernel/errors.js'
import {
  type CalendarDefinition,
  type Condition,
  calendarOf,
  checkCondition,
  checkDuration,
  type Duration,
  type FactContext,
  formatMinor,
  type Money,
  minorDigits,
  parseMinor,
  type Window,
} from '../../kernel/index.js'
import { checkWindow } from '../../kernel/window.js'
import { type AgreedCurrencies, currenciesOf } from '../currency.js'
import { type Campaign, checkCampaign } from '../earning/campaign.js'

/** What one piece costs: points, money, or both. No points at all is a present. */
export type RewardPrice =
  | { readonly points: number; readonly money?: Money }
  | { readonly points?: never; readonly money: Money }

/** One of several prices, by name. */
export type PriceOption = RewardPrice & { readonly option: string }

/** How many pieces of a reward one account may claim. */
export interface RewardLimit {
  /** Names the limit in refusals and views: lower-case letters, digits and hyphens. */
  readonly limit: string
  /** The most pieces, 1 or more. */
  readonly most: number
  /**
   * What a claim counts for, from its own instant on: a unit of the calendar (`{ this: 'month' }`), or a span that rolls
   * (`{ days: 30 }`); for ever unless told.
   */
  readonly within?: Exclude<Window, { readonly previous: unknown }>
}

/** What is shared and taken with each piece: a subject of a `defineStock`. `rewardPlan` reserves it. */
export interface RewardStock {
  /** The id of the stock's engine. */
  readonly engine: string
  readonly subject: string
  /** How much one piece takes: pieces, or decimal text for a budget of money; 1 unless told. */
  readonly each?: number | string
}

/** Whether pieces that come back, or were never paid for, may be claimed again under the limits. */
export type LimitRoom = 'frees-limits' | 'uses-limits'

/** What members may claim, for what, how often and until when. */
export interface RewardDefinition<Reward extends string = string, C extends string = string> {
  /** Names the reward in commands, events and views: lower-case letters, digits and hyphens. */
  readonly reward: Reward
  /** One price, or several of which a claim names one; the first unless it does. */
  readonly price: RewardPrice | readonly PriceOption[]
  /** In which points are paid; the first that can be spent unless told. */
  readonly currency?: C
  /** The most pieces of one claim; 1 unless told. */
  readonly quantity?: number
  /** For each member; none unless told. */
  readonly limits?: readonly RewardLimit[]
  /** What everybody shares; none unless told. Claims then have to name what was reserved of it. */
  readonly stock?: readonly RewardStock[]
  /** Who may claim it, judged when the claim is made; everybody unless told. */
  readonly when?: Condition
  /** When it may be claimed; always unless told. */
  readonly during?: Campaign
  /** How long a claim waits for its money, and holds its points. Needed where a price has money. */
  readonly reserveFor?: Duration
  /** What claims count that were cancelled, or never paid for; `frees-limits` unless told. */
  readonly unpaid?: LimitRoom
  /** What pieces count that came back; `frees-limits` unless told. */
  readonly returned?: LimitRoom
  /**
   * How long a claim is remembered once it is completed or over: so long can it come back, and so long is a late payment
   * told that it is over. `{ days: 90 }` unless told.
   */
  readonly keep?: Duration
}

/** How long claims are remembered unless a reward says otherwise. */
export const KEEP: Duration = { days: 90 }

/** The prices of a reward; without a name where there is only one. */
export const pricesOf = ({ price }: Pick<RewardDefinition, 'price'>) =>
  (Array.isArray(price) ? price : [price]) as readonly (RewardPrice & { readonly option?: string })[]

const KEYS = [
  'reward',
  'price',
  'currency',
  'quantity',
  'limits',
  'stock',
  'when',
  'during',
  'reserveFor',
  'unpaid',
  'returned',
  'keep',
] satisfies (keyof RewardDefinition)[]
const NAME = /^[a-z][a-z0-9-]{0,199}$/
const ROOM: readonly LimitRoom[] = ['frees-limits', 'uses-limits']
/** Pieces of one claim: beyond, it is no reward but a shop. */
const MOST_PIECES = 10_000

/** What a type cannot know of rewards. */
export function checkRewards(
  agreed: AgreedCurrencies & {
    readonly calendar: CalendarDefinition
    readonly rewards?: readonly RewardDefinition[]
  },
  context: FactContext,
): void {
  const { rewards } = agreed
  if (rewards === undefined) return
  checkList(rewards, '$.rewards')
  if (rewards.length === 0) throw fault('missing', '$.rewards', rewards, 'at least one reward')
  const spendable = currenciesOf(agreed).flatMap(({ currency, kind }) =>
    kind === 'spendable' ? [currency] : [],
  )
  for (const [i, one] of rewards.entries()) {
    const path = `$.rewards[${i}]`
    checkRecord(one, path)
    checkKeys(one, KEYS, path)
    checkWord(one.reward, `${path}.reward`)
    if (rewards.findIndex(({ reward }) => reward === one.reward) !== i)
      throw fault('duplicate-name', `${path}.reward`, one.reward, 'each reward once')
    if (one.currency !== undefined) checkName(spendable, one.currency, `${path}.currency`)
    else if (spendable.length === 0)
      throw fault('missing', `${path}.currency`, undefined, 'a currency that can be spent')
    const { quantity = 1 } = one
    if (!(Number.isSafeInteger(quantity) && quantity >= 1 && quantity <= MOST_PIECES))
      throw fault('out-of-range', `${path}.quantity`, quantity, `whole pieces from 1 to ${MOST_PIECES}`)
    checkPrices(one, quantity, path)
    checkLimits(one, agreed.calendar, path)
    checkStocks(one, quantity, path)
    if (one.when !== undefined) checkCondition(one.when, context, `${path}.when`)
    if (one.during !== undefined) {
      checkRecord(one.during, `${path}.during`)
      checkKeys(one.during, ['from', 'until', 'days'], `${path}.during`)
      checkCampaign(one.during, agreed.calendar, `${path}.during`)
    }
    checkTerms(one, agreed.calendar, path)
  }
}

function checkWord(word: unknown, path: string): void {
  if (typeof word !== 'string' || !NAME.test(word))
    throw fault('wrong-type', path, word, 'lower-case letters, digits and hyphens')
  checkOwnName(word, path)
}

function checkPrices(one: RewardDefinition, quantity: number, path: string): void {
  const isList = Array.isArray(one.price)
  const prices = pricesOf(one)
  if (prices.length === 0) throw fault('missing', `${path}.price`, one.price, 'a price')
  for (const [k, price] of prices.entries()) {
    const at = isList ? `${path}.price[${k}]` : `${path}.price`
    checkRecord(price, at)
    checkKeys(price, isList ? ['option', 'points', 'money'] : ['points', 'money'], at)
    const { option, points, money: due } = price
    if (isList) {
      checkWord(option, `${at}.option`)
      if (prices.findIndex((other) => other.option === option) !== k)
        throw fault('duplicate-name', `${at}.option`, option, 'each price once')
    }
    if (points === undefined && due === undefined) throw fault('missing', at, price, 'points, money or both')
    if (points !== undefined && !(Number.isSafeInteger(points) && points >= 0))
      throw fault('out-of-range', `${at}.points`, points, 'a whole number of points, 0 or more')
    if (points !== undefined && !Number.isSafeInteger(points * quantity))
      throw fault('out-of-range', `${at}.points`, points, `points that fit 2^53 - 1, ${quantity} times`)
    if (due === undefined) continue
    checkRecord(due, `${at}.money`)
    checkKeys(due, ['amount', 'currency'], `${at}.money`)
    const currency = checkCurrency(due.currency, `${at}.money.currency`)
    const minor = parseMinor(due.amount, minorDigits(currency)) ?? 0
    if (!(minor > 0 && Number.isSafeInteger(minor * quantity)))
      throw fault('out-of-range', `${at}.money.amount`, due.amount, `decimal text in ${currency}, above 0`)
  }
}

function checkLimits({ limits }: RewardDefinition, calendar: CalendarDefinition, path: string): void {
  if (limits === undefined) return
  checkList(limits, `${path}.limits`)
  for (const [k, one] of limits.entries()) {
    const at = `${path}.limits[${k}]`
    checkRecord(one, at)
    checkKeys(one, ['limit', 'most', 'within'], at)
    checkWord(one.limit, `${at}.limit`)
    if (limits.findIndex(({ limit }) => limit === one.limit) !== k)
      throw fault('duplicate-name', `${at}.limit`, one.limit, 'each limit once')
    if (!(Number.isSafeInteger(one.most) && one.most > 0))
      throw fault('out-of-range', `${at}.most`, one.most, 'whole pieces, 1 or more')
    if (one.within === undefined) continue
    const within = checkWindow(one.within, `${at}.within`)
    if ('previous' in within)
      throw fault('wrong-type', `${at}.within`, within, 'a window that runs: a span or { this: … }')
    if ('this' in within) calendarOf(calendar).startOf(within.this, 0)
    else checkSpan(within, calendar, `${at}.within`)
  }
}

function checkStocks({ stock }: RewardDefinition, quantity: number, path: string): void {
  if (stock === undefined) return
  checkList(stock, `${path}.stock`)
  if (stock.length === 0) throw fault('missing', `${path}.stock`, stock, 'at least one stock')
  for (const [k, one] of stock.entries()) {
    const at = `${path}.stock[${k}]`
    checkRecord(one, at)
    checkKeys(one, ['engine', 'subject', 'each'], at)
    for (const key of ['engine', 'subject'] as const)
      if (typeof one[key] !== 'string' || one[key] === '')
        throw fault('wrong-type', `${at}.${key}`, one[key], 'text')
    if (stock.findIndex(({ engine, subject }) => engine === one.engine && subject === one.subject) !== k)
      throw fault('duplicate-name', at, one.subject, 'each stock once')
    if (one.each !== undefined && takenOf(one, quantity) === undefined)
      throw fault('out-of-range', `${at}.each`, one.each, 'whole pieces, or decimal text of money, above 0')
  }
}

/** How much so many pieces take of a stock; `undefined` where that is nothing, or none that there is. */
export function takenOf({ each = 1 }: RewardStock, quantity: number): number | string | undefined {
  if (typeof each === 'number') {
    const pieces = each * quantity
    return Number.isSafeInteger(each) && each > 0 && Number.isSafeInteger(pieces) ? pieces : undefined
  }
  // Digits stay as written: which currency it is, the stock knows.
  const digits = typeof each === 'string' ? (each.split('.')[1]?.length ?? 0) : -1
  const minor = digits < 0 || digits > 8 ? undefined : parseMinor(each, digits)
  if (minor === undefined || minor <= 0 || !Number.isSafeInteger(minor * quantity)) return undefined
  return formatMinor(minor * quantity, digits)
}

function checkTerms(one: RewardDefinition, calendar: CalendarDefinition, path: string): void {
  const { reserveFor, unpaid, returned, keep } = one
  const needsMoney = pricesOf(one).some((price) => price.money !== undefined)
  if (needsMoney && reserveFor === undefined)
    throw fault('missing', `${path}.reserveFor`, reserveFor, 'how long a claim waits for its money')
  for (const key of ['reserveFor', 'unpaid'] as const)
    if (!needsMoney && one[key] !== undefined)
      throw fault('unknown-key', `${path}.${key}`, key, 'none: nothing has to be paid in money')
  if (reserveFor !== undefined) checkSpan(reserveFor, calendar, `${path}.reserveFor`)
  if (keep !== undefined) checkSpan(keep, calendar, `${path}.keep`)
  if (unpaid !== undefined) checkName(ROOM, unpaid, `${path}.unpaid`)
  if (returned !== undefined) checkName(ROOM, returned, `${path}.returned`)
}

function checkSpan(value: Duration, calendar: CalendarDefinition, path: string): void {
  if (calendarOf(calendar).add(0, checkDuration(value, path)) <= 0)
    throw fault('invalid-duration', path, value, 'longer than nothing')
}
