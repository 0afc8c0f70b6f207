import type { AnyEvent, Instant } from '../../kernel/index.js'
import { get, items } from '../../kernel/sorted.js'
import { reservationIn } from '../../ledger/index.js'
import { NEVER, usedInAll } from '../../ledger/stock/uses.js'
import { type PointsState, redemptionsBy } from '../account.js'
import { claimsBy, endingsBy, noRewards, type RewardClaim, usedOf } from './claims.js'

/** What is always true of rewards. */
export type RewardInvariant =
  /** A claim stands under its own name, in whole pieces and amounts, and those that are open or remembered end when they say. */
  | 'claims-true'
  /** The points of an open claim are reserved until it lapses, those of a completed one that is remembered are spent. */
  | 'claims-funded'
  /** What counts under limits is no less than the claims that do. */
  | 'claims-counted'
  /** What ends a claim, or brings pieces back, finds one that stands so. */
  | 'claims-end-once'

/** Notes what does not hold: how `auditAccount` collects its findings. */
type Find = (
  invariant: RewardInvariant | 'once',
  path: string,
  found: number | string,
  expected: number | string,
) => void

const isCount = (value: number, least: number) => Number.isSafeInteger(value) && value >= least

/** What does not hold of the rewards of an account for which time has passed by an instant. */
export function auditRewards(state: PointsState, at: Instant, find: Find): void {
  const { rewards } = state
  if (rewards === undefined) return
  const ends = { lapsing: 0, kept: 0 }
  const counted = new Map<string, readonly [reward: string, limit: string, quantity: number]>()
  let place = 0
  for (const claim of items(claimsBy, rewards.claims)) {
    const path = `$.rewards.claims[${place}]`
    const { id, reward, status, quantity, points, money, until, keptUntil, leaves } = claim
    const isOpen = status === 'open'
    if (!isCount(quantity, status === 'returned' ? 0 : 1))
      find('claims-true', `${path}.quantity`, quantity, 'whole pieces')
    if (!(isCount(points, 0) && (money === null || isCount(money.minor, 1))))
      find('claims-true', `${path}.points`, points, 'whole points, and money above 0')
    if (isOpen ? until === null || keptUntil !== null : until !== null || keptUntil === null)
      find(
        'claims-true',
        `${path}.until`,
        String(until),
        isOpen ? 'when it lapses' : 'nothing: it is not open',
      )
    if (isOpen && until !== null && until <= at)
      find('claims-true', `${path}.until`, until, `later than ${at}`)
    const tree = isOpen ? 'lapsing' : 'kept'
    const end = isOpen ? until : keptUntil
    if (end !== null) {
      ends[tree] += 1
      if (get(endingsBy, rewards[tree], [end, id]) === undefined)
        find('claims-true', `$.rewards.${tree}`, 'no end of a claim', `one at ${end}`)
    }
    // What is paid with a claim is known as long as the claim, which may be there for longer.
    if ((keptUntil ?? NEVER) > at) auditFunds(state, claim, path, find)
    if (isOpen || status === 'completed')
      for (const [limit, leavesAt] of Object.entries(leaves)) {
        if ((leavesAt ?? NEVER) <= at) continue
        const key = `${reward}>${limit}`
        counted.set(key, [reward, limit, (counted.get(key)?.[2] ?? 0) + quantity])
      }
    place += 1
  }
  for (const tree of ['lapsing', 'kept'] as const) {
    const found = rewards[tree]?.n ?? 0
    if (found !== ends[tree]) find('claims-true', `$.rewards.${tree}`, found, ends[tree])
  }
  for (const [reward, limit, quantity] of counted.values()) {
    const used = usedOf(rewards, reward, limit, at)
    if (used < quantity) find('claims-counted', '$.rewards.uses', used, `${quantity} or more`)
  }
  if (!isCount(usedInAll(rewards.uses), 0))
    find('claims-counted', '$.rewards.uses', usedInAll(rewards.uses), 'whole pieces')
}

function auditFunds({ books, redemptions }: PointsState, claim: RewardClaim, path: string, find: Find): void {
  const { id, status, quantity, points, currency, until } = claim
  const due = points * quantity
  if (due === 0) return
  if (status === 'open') {
    const held = books[currency] && reservationIn(books[currency], id)
    if (held?.amount !== due || held.until !== until)
      find('claims-funded', path, held?.amount ?? 'nothing reserved', `${due} until ${until}`)
  } else if (status === 'completed') {
    const spent = get(redemptionsBy, redemptions, id)
    const left = spent === undefined ? 0 : spent.points - spent.refunded
    if (left < due) find('claims-funded', path, left, `${due} or more`)
  }
}

const ENDED_FROM: { readonly [kind: string]: RewardClaim['status'] } = {
  'reward-paid': 'open',
  'reward-cancelled': 'open',
  'reward-lapsed': 'open',
  'reward-returned': 'completed',
}

/** What shows that an event of rewards could not have been decided in this state. */
export function auditRewardEvent(state: PointsState, kind: string, event: AnyEvent, find: Find): void {
  const { rewards = noRewards } = state
  const { claim: id, quantity } = event.data as { readonly claim: string; readonly quantity: number }
  const claim = get(claimsBy, rewards.claims, id)
  if (kind === 'reward-claimed') {
    if (claim !== undefined && (claim.keptUntil ?? NEVER) > event.occurredAt)
      find('once', '$.data.claim', 'a claim that was made before', 'a new one')
    return
  }
  const wanted = ENDED_FROM[kind]
  if (wanted === undefined) return
  if (claim?.status !== wanted)
    find('claims-end-once', '$.data.claim', claim?.status ?? 'no such claim', `one that is ${wanted}`)
  else if (quantity > claim.quantity)
    find('claims-end-once', '$.data.quantity', quantity, `at most ${claim.quantity}`)
}
