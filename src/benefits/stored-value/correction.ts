import { type Correction, type Draft, type Instant, shareOf } from '../../kernel/index.js'
import { get, items } from '../../kernel/sorted.js'
import { heldIn, type Move, movesOf, remainingOf } from '../../ledger/index.js'
import { type Judged, type StoredValueState, sumOf, type TopUp, topUpsBy } from './account.js'
import type { BonusCorrectedData, BonusCorrectionReason, BonusNote } from './events.js'
import { postStored } from './posting.js'
import { firstOf, lastOf } from './repayment.js'
import { lastsFrom, type Terms } from './terms.js'

/**
 * What makes up, now, for the difference between the bonus that top-ups were judged to bring and what they bring by the
 * corrected facts: too much is taken back as far as it is there, too little is given with its whole term from now on, and what
 * is left ends when it should.
 *
 * Each top-up is judged again when it is applied, so the recorded state says both. What cannot be made up for (it was spent,
 * the limit is reached, its principal was repaid) is said in the correction that settles it, and is settled by that.
 */
export function bonusCorrections(
  recorded: StoredValueState,
  correction: Correction,
  terms: Terms,
): readonly Draft[] {
  if (terms.corrections === 'none' || recorded.closed) return []
  const { at, since: correctsSince, subject } = correction
  const drafts: Draft[] = []
  let state = recorded
  for (const topUp of differing(recorded, correctsSince)) {
    // A posting may forget what has been kept long enough, and so may the one before.
    if (get(topUpsBy, state.topUps, topUp.payment) === undefined) continue
    const made = madeGood(state, topUp, at, terms)
    if (made === undefined) continue
    const draft = {
      type: `${terms.id}/bonus-corrected`,
      data: { ...made, correctsSince },
      effectiveAt: correction.effectiveAt(topUp.at),
    }
    drafts.push(draft)
    state = postStored(
      state,
      'bonus-corrected',
      { ...draft, id: '', subject, occurredAt: at },
      state.tracks,
      terms,
    )
  }
  return drafts
}

/** Top-ups that bring something else, those that brought too much first: they make room under the limit; then the oldest. */
function differing({ topUps }: StoredValueState, since: Instant): readonly TopUp[] {
  const excess = ({ bonus, follows }: TopUp) => Number(bonus > follows!.bonus)
  return [...items(topUpsBy, topUps)]
    .filter((one) => one.at >= since && !one.reversed && isOtherwise(one))
    .sort((a, b) => excess(b) - excess(a) || a.at - b.at)
}

/** Whether a top-up was told to bring what it does not. */
const isOtherwise = ({ told, follows }: TopUp): boolean =>
  told !== undefined &&
  follows !== undefined &&
  (told.bonus !== follows.bonus || told.expiresAt !== follows.expiresAt)

/** What is done about one top-up; nothing where the policy leaves it as it is. */
function madeGood(
  { books: { principal, bonus } }: StoredValueState,
  topUp: TopUp,
  at: Instant,
  terms: Terms,
): Omit<BonusCorrectedData, 'correctsSince'> | undefined {
  const { agreed, limit = Number.MAX_SAFE_INTEGER, said } = terms
  const [told, follows] = [topUp.told!, topUp.follows!]
  const takesBack = terms.corrections === 'grant-and-take-back'
  const isKept = agreed.bonusOnWithdrawal === 'kept'
  const endsOtherwise = told.bonus > 0 && follows.bonus > 0 && told.expiresAt !== follows.expiresAt
  const moves = endsOtherwise && (takesBack || endOf(told) < endOf(follows))
  if (!takesBack && !moves && topUp.bonus >= follows.bonus) return undefined

  const left = remainingOf(bonus.lots, topUp.lots.bonus)
  // What was due back with repaid principal is settled, and nobody's correction.
  const open = isKept ? topUp.bonus : topUp.bonus - topUp.settled
  const excess = takesBack ? Math.max(0, topUp.bonus - follows.bonus) : 0
  const taken = firstOf(left, Math.max(0, Math.min(excess, open)))
  const takes = sumOf(taken)
  const moved = moves
    ? lastOf(left, sumOf(left) - takes).filter(({ expiresAt }) => expiresAt === told.expiresAt)
    : []

  const wanted = Math.max(0, follows.bonus - topUp.bonus)
  const settles = isKept ? 0 : settledOf(topUp, wanted)
  const room = Math.min(
    limit - (heldIn(principal) + heldIn(bonus) - takes),
    Number.MAX_SAFE_INTEGER - bonus.totals.earned,
  )
  const gives = Math.max(0, Math.min(wanted - settles, room))
  const expiresAt = lastsFrom(terms, follows, at)
  const brought = topUp.bonus - takes + gives + settles
  const standing = {
    bonus: brought,
    settled: isKept ? Math.min(topUp.settled, brought) : topUp.settled + settles,
    told: follows,
  }

  const given: Move = {
    from: 'issuance',
    to: 'available',
    lot: bonus.lots.issued,
    amount: gives,
    expiresAt,
    of: [topUp.payment],
  }
  return {
    payment: nameOf(topUp.payment),
    topUp: topUp.payment,
    given: said(gives),
    taken: said(takes),
    ...(follows.rule !== undefined && { rule: follows.rule }),
    ...(gives > 0 && expiresAt !== null && { expiresAt }),
    moves: {
      principal: [],
      bonus: [
        ...movesOf('available', 'clawed-back', taken),
        ...movesOf('available', 'available', moved).map((move) => ({ ...move, endsAt: follows.expiresAt })),
        ...(gives > 0 ? [given] : []),
      ],
    },
    standing,
    reason: reason(),
  }

  function reason(): BonusCorrectionReason {
    const { currency } = terms
    const [was, is] = [said(told.bonus), said(follows.bonus)]
    return was === is && takes === 0 && gives === 0
      ? { code: 'bonus-term-corrected', bonus: is, currency, notes: notes(currency) }
      : {
          code: 'bonus-corrected',
          was,
          is,
          given: said(gives),
          taken: said(takes),
          currency,
          notes: notes(currency),
        }
  }

  function notes(currency: string): readonly BonusNote[] {
    const note = (code: Exclude<BonusNote['code'], 'bonus-ends' | 'bonus-lasts'>, amount: number) =>
      amount > 0 ? [{ code, amount: said(amount), currency }] : []
    return [
      ...note('bonus-stays', takesBack ? excess - takes : 0),
      ...note('bonus-settled', settles),
      ...note('limit-withholds', wanted - settles - gives),
      ...(moved.length === 0
        ? []
        : follows.expiresAt === null
          ? [{ code: 'bonus-lasts' } as const]
          : [{ code: 'bonus-ends', at: follows.expiresAt } as const]),
    ]
  }
}

/** Of more bonus the part that belongs to principal that was repaid: it would have been due back with that. */
function settledOf({ principal, bonus, withdrawn, settled }: TopUp, more: number): number {
  if (more === 0 || withdrawn === 0) return 0
  const due = shareOf(bonus + more, Math.min(withdrawn, principal), principal)
  return Math.min(more, Math.max(0, due - settled))
}

const endOf = ({ expiresAt }: Judged): number => expiresAt ?? Number.POSITIVE_INFINITY

/** How the host named a payment. */
const nameOf = (topUp: string): string => topUp.slice(topUp.indexOf(':') + 1)
