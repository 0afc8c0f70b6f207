import { shareOf } from '../../kernel/index.js'
import {
  type LotPart,
  type Move,
  movesOf,
  planSpending,
  remainingOf,
  spendableIn,
} from '../../ledger/index.js'
import { type Pool, type StoredValueState, sumOf, type TopUp, topUpOf } from './account.js'
import type { BonusOnWithdrawal, SpentBonus } from './definition.js'
import type { StoredMoves, TopUpChange } from './events.js'

/** What repaying principal comes to; amounts in the smallest unit. */
export interface Repayment {
  readonly cash: number
  readonly deducted: number
  /** Bonus that is lost with it. */
  readonly bonus: number
  readonly moves: StoredMoves
  readonly topUps: readonly TopUpChange[]
}

/** Some principal that belongs together: of one top-up, or of none that is remembered. */
interface Leaving {
  readonly topUp: TopUp | undefined
  readonly parts: LotPart[]
}

/**
 * What repaying so much principal comes to, the oldest top-up first. The bonus that is due back of a top-up is the floor of the exact
 * share, cumulative over all that left of it, so repayments in parts take no more than one of all. What is due and expired
 * is not owed again; what is due and was spent is deducted only where that was agreed, and never below nothing.
 */
export function repayment(
  state: StoredValueState,
  amount: number,
  policy: BonusOnWithdrawal,
  spent: SpentBonus,
): Repayment {
  const { principal, bonus } = state.books
  const forfeits = policy === 'forfeited'
  const moves: Move[] = []
  const taken: LotPart[] = []
  const changes = new Map<string, TopUpChange>()
  let deducted = 0
  for (const { topUp, parts } of leaving(state, planSpending(principal.lots, amount), 'principal')) {
    const leaves = sumOf(parts)
    let due = 0
    if (topUp !== undefined) {
      const withdrawn = topUp.withdrawn + leaves
      // A log may say that more left than there was: the audit names that, and no more than all of it is due.
      const owed = shareOf(topUp.bonus, Math.min(withdrawn, topUp.principal), topUp.principal)
      const wanted = policy === 'kept' ? 0 : Math.max(0, owed - topUp.settled)
      const left = remainingOf(bonus.lots, topUp.lots.bonus)
      const own = firstOf(left, wanted)
      const found = sumOf(own)
      const excuse = Math.min(topUp.lapsed - topUp.excused, wanted - found)
      if (spent === 'deducted') due = Math.min(leaves, wanted - found - excuse)
      if (!forfeits) taken.push(...own)
      const change = { payment: topUp.payment, withdrawn, settled: owed, excused: topUp.excused + excuse }
      changes.set(topUp.payment, { ...change, lapsed: topUp.lapsed + (forfeits ? sumOf(left) - found : 0) })
    }
    deducted += due
    moves.push(...movesOf('available', 'adjusted', firstOf(parts, leaves - due)))
    moves.push(...movesOf('available', 'clawed-back', lastOf(parts, due)))
  }
  if (!forfeits) {
    const lost = movesOf('available', 'clawed-back', taken)
    return {
      cash: amount - deducted,
      deducted,
      bonus: sumOf(taken),
      moves: { principal: moves, bonus: lost },
      topUps: [...changes.values()],
    }
  }
  const all = planSpending(bonus.lots, spendableIn(bonus.lots))
  for (const { topUp, parts } of leaving(state, all, 'bonus')) {
    if (topUp === undefined || changes.has(topUp.payment)) continue
    const { payment, withdrawn, settled, excused } = topUp
    changes.set(payment, { payment, withdrawn, settled, excused, lapsed: topUp.lapsed + sumOf(parts) })
  }
  return {
    cash: amount - deducted,
    deducted,
    bonus: sumOf(all),
    moves: { principal: moves, bonus: movesOf('available', 'forfeited', all) },
    topUps: [...changes.values()],
  }
}

/** Parts by the top-up that they belong to, in their order. */
function leaving(state: StoredValueState, parts: readonly LotPart[], pool: Pool): Iterable<Leaving> {
  const groups = new Map<string | undefined, Leaving>()
  for (const part of parts) {
    const topUp = topUpOf(state, part, pool)
    const known = groups.get(topUp?.payment)
    if (known === undefined) groups.set(topUp?.payment, { topUp, parts: [part] })
    else known.parts.push(part)
  }
  return groups.values()
}

/** The first so many of some parts. */
export function firstOf(parts: readonly LotPart[], amount: number): readonly LotPart[] {
  const some: LotPart[] = []
  let open = amount
  for (const part of parts) {
    const taken = Math.min(open, part.amount)
    open -= taken
    if (taken > 0) some.push({ ...part, amount: taken })
  }
  return some
}

/** The last so many, the last first; behind as many as are passed over. */
export function lastOf(parts: readonly LotPart[], amount: number, before = 0): readonly LotPart[] {
  const some: LotPart[] = []
  let skip = before
  let open = amount
  for (let i = parts.length - 1; i >= 0 && open > 0; i--) {
    const part = parts[i]!
    const skipped = Math.min(skip, part.amount)
    skip -= skipped
    const taken = Math.min(open, part.amount - skipped)
    open -= taken
    if (taken > 0) some.push({ ...part, amount: taken })
  }
  return some
}
