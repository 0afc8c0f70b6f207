import { minorDigits, parseMinor } from '../../kernel/index.js'
import {
  KEEP,
  pricesOf,
  type RewardDefinition,
  type RewardLimit,
  type RewardPrice,
} from '../rewards/definition.js'
import type { ChangeEffect } from './change.js'
import {
  flipped,
  lengthEffect,
  numberEffect,
  type Put,
  pick,
  putRow,
  same,
  type Touches,
  together,
} from './judging.js'
import { isLength } from './longer.js'
import { unknownParts } from './tier-changes.js'

/** All that is known of rewards here; other parts are reported as `changed`. */
const REWARD: readonly string[] = [
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
const LIMIT: readonly string[] = ['limit', 'most', 'within'] satisfies (keyof RewardLimit)[]

/**
 * What differs between two catalogues of rewards. A claim has its price, its term and what it counts towards with it; only
 * what becomes of it when it ends, and how long it is known then, is read when that comes.
 */
export function rewardChanges(
  before: readonly RewardDefinition[] | undefined,
  after: readonly RewardDefinition[] | undefined,
  put: Put,
): void {
  // Without any reward there are no claims: open ones end, and their points are free.
  if (before !== undefined && after === undefined) {
    const names = before.map(({ reward }) => reward)
    put('rewards-ended', '$.rewards', null, names, null, 'worse', 'earned')
    return
  }
  const [olds, nexts] = [before ?? [], after ?? []]
  for (const [i, next] of nexts.entries()) {
    const path = `$.rewards[${i}]`
    const old = olds.find(({ reward }) => reward === next.reward)
    if (old === undefined) put('reward-added', path, next.reward, null, null, 'better', 'to-be-earned')
    else rewardChange(old, next, path, put)
  }
  for (const [i, old] of olds.entries()) {
    if (nexts.some(({ reward }) => reward === old.reward)) continue
    const touches = isPaidFor(old) ? 'earned' : 'to-be-earned'
    put('reward-removed', `$.rewards[${i}]`, old.reward, null, null, 'worse', touches)
  }
}

/** Whether claims of it wait for money. One that is paid for after its reward is gone cannot come back. */
const isPaidFor = (reward: RewardDefinition) => pricesOf(reward).some(({ money }) => money !== undefined)

function rewardChange(old: RewardDefinition, next: RewardDefinition, path: string, put: Put): void {
  const of = next.reward
  const terms = (key: string, before: unknown, after: unknown, effect: ChangeEffect, touches: Touches) => {
    const code = pick(effect, 'reward-terms-better', 'reward-terms-worse', 'reward-terms-changed')
    if (!same(before, after)) put(code, `${path}.${key}`, of, before, after, effect, touches)
  }
  if (!same(old.price, next.price)) {
    const effect = priceEffect(old, next)
    const code = pick(effect, 'reward-cheaper', 'reward-dearer', 'reward-price-changed')
    put(code, `${path}.price`, of, old.price, next.price, effect, 'to-be-earned')
  }
  const [pieces, most] = [old.quantity ?? 1, next.quantity ?? 1]
  terms('quantity', pieces, most, numberEffect(pieces, most), 'to-be-earned')
  for (const key of ['currency', 'during'] as const)
    terms(key, old[key], next[key], 'unknown', 'to-be-earned')
  // What was reserved for an open claim is looked for where stock is now.
  terms('stock', old.stock, next.stock, 'unknown', isPaidFor(old) ? 'earned' : 'to-be-earned')
  const eligible = next.when === undefined ? 'better' : old.when === undefined ? 'worse' : 'unknown'
  terms('when', old.when, next.when, eligible, 'to-be-earned')
  const waits = lengthEffect(old.reserveFor, next.reserveFor, 0)
  const isPaid = old.reserveFor !== undefined && next.reserveFor !== undefined
  terms('reserveFor', old.reserveFor, next.reserveFor, isPaid ? waits : 'unknown', 'to-be-earned')
  for (const key of ['unpaid', 'returned'] as const) {
    const [room, is] = [old[key] ?? 'frees-limits', next[key] ?? 'frees-limits']
    terms(key, room, is, is === 'frees-limits' ? 'better' : 'worse', 'earned')
  }
  const [keep, keeps] = [old.keep ?? KEEP, next.keep ?? KEEP]
  terms('keep', keep, keeps, lengthEffect(keep, keeps, 0), 'earned')
  limitChanges(old, next, path, put)
  for (const change of unknownParts(old, next, REWARD, path, of)) putRow(change, put)
}

function limitChanges(old: RewardDefinition, next: RewardDefinition, path: string, put: Put): void {
  const of = next.reward
  const [olds, nexts] = [old.limits ?? [], next.limits ?? []]
  const limit = (at: string, before: unknown, after: unknown, effect: ChangeEffect) => {
    const code = pick(effect, 'reward-limit-raised', 'reward-limit-lowered', 'reward-limit-changed')
    if (!same(before, after)) put(code, at, of, before, after, effect, 'to-be-earned')
  }
  for (const [k, one] of nexts.entries()) {
    const at = `${path}.limits[${k}]`
    const was = olds.find((each) => each.limit === one.limit)
    if (was === undefined) {
      limit(at, null, one.most, 'worse')
      continue
    }
    limit(`${at}.most`, was.most, one.most, numberEffect(was.most, one.most))
    const [a, b] = [was.within, one.within]
    const spans = (a === undefined || isLength(a)) && (b === undefined || isLength(b))
    // What counts for longer leaves less room; for ever the least.
    const longer = spans ? flipped(lengthEffect(a, b, 'for-ever')) : 'unknown'
    limit(`${at}.within`, a, b, b === undefined ? 'worse' : a === undefined ? 'better' : longer)
    for (const change of unknownParts(was, one, LIMIT, at, of)) putRow(change, put)
  }
  for (const [k, { limit: name, most }] of olds.entries())
    if (!nexts.some((one) => one.limit === name)) limit(`${path}.limits[${k}]`, most, null, 'better')
}

/** Prices by name: one more is better, one less is worse, and each is dearer where it takes more. */
function priceEffect(old: RewardDefinition, next: RewardDefinition): ChangeEffect {
  const [olds, nexts] = [pricesOf(old), pricesOf(next)]
  const effects = nexts.map((price): ChangeEffect => {
    const was = olds.find(({ option }) => option === price.option)
    return was === undefined ? 'better' : costEffect(was, price)
  })
  const gone = olds.some(({ option }) => !nexts.some((price) => price.option === option))
  return together(gone ? [...effects, 'worse'] : effects)
}

function costEffect(before: RewardPrice, after: RewardPrice): ChangeEffect {
  const [a, b] = [before.money, after.money]
  if (a !== undefined && b !== undefined && a.currency !== b.currency) return 'unknown'
  const minor = (money: typeof a) => (money && parseMinor(money.amount, minorDigits(money.currency))) ?? 0
  const points = flipped(numberEffect(before.points ?? 0, after.points ?? 0))
  return together([points, flipped(numberEffect(minor(a), minor(b)))])
}
