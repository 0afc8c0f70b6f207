import type { AnyEvent, Calendar, Instant } from '../../kernel/index.js'
import { first, get, insert, remove } from '../../kernel/sorted.js'
import {
  copied,
  type Fading,
  fadingBy,
  lapsedBy,
  type OpenState,
  type Origin,
  type Owed,
  originKey,
  originsBy,
  type PointsState,
  pendingUnder,
  type Redemption,
  redemptionsBy,
} from '../account.js'
import type { Agreed } from '../definition.js'
import type { EarnedData, LotsData, RedemptionData } from '../events.js'
import type { TakenOverData } from '../holders/holder-events.js'
import type { Estate } from '../holders/merging.js'
import { claimIn } from '../rewards/claims.js'

/**
 * How long things are known. Whether something is over is told by the instant alone, so that it does not matter when
 * what is over is removed: a few at each posting, so that no posting has much to remove.
 */
export interface Retention {
  /** Whether the time of an origin or a redemption has passed. It may be known for longer. */
  isOver(known: Pick<Redemption, 'at' | 'last'>, at: Instant): boolean
  /** Whether a redemption is no longer known: its time has passed, and no claim that is remembered was paid with it. */
  hasLost(state: PointsState, redemption: Redemption, at: Instant): boolean
  /** Whether an origin is still known. */
  knows(state: PointsState, key: string, at: Instant): boolean
  /** The state in which origins that are over stand no longer in the way of what has just been brought about. */
  heard(state: PointsState, brought: readonly Owed[], at: Instant): PointsState
  /** The state after a posting, with what it brought listed and some of what is over removed. */
  posted(before: PointsState, after: PointsState, kind: string, event: AnyEvent): PointsState
}

/** Removals at each posting: more than one can add, so that what is over goes. */
const STEPS = 4

/** How long things are known under an agreement. */
export function retentionOf({ keepOrigins }: Agreed, zone: Calendar): Retention | undefined {
  if (keepOrigins === undefined) return undefined
  const end = zone.adder(keepOrigins)

  const isOver: Retention['isOver'] = (known, at) => end(known.last ?? known.at) <= at

  /** What is pending can be confirmed, and taken back, as long as it is; what waits for room will be paid. */
  const originIsOver = (state: PointsState, one: Origin, at: Instant) =>
    isOver(one, at) && (one.share.waits ?? 0) === 0 && pendingUnder(state, one.rule, one.origin).length === 0

  /** Until when a claim that may come back needs its redemption; undefined where none does. */
  function neededUntil({ rewards }: PointsState, id: string, at: Instant): Instant | undefined {
    const claim = rewards && claimIn(rewards, id, at)
    return claim?.status === 'completed' ? (claim.keptUntil ?? undefined) : undefined
  }

  const hasLost: Retention['hasLost'] = (state, known, at) =>
    isOver(known, at) && neededUntil(state, known.id, at) === undefined

  function knows(state: PointsState, key: string, at: Instant): boolean {
    const known = get(originsBy, state.origins, key)
    return known !== undefined && !originIsOver(state, known, at)
  }

  /** Looks at what comes next: it is over, or looked at again when it may be. */
  function stepped(state: PointsState, next: Fading, at: Instant): PointsState {
    const { what, key } = next
    const fading = remove(fadingBy, state.fading, fadingBy.key(next))
    if (what === 'redemption') {
      const known = get(redemptionsBy, state.redemptions, key)
      const after = withFading(state, fading)
      if (known === undefined) return after
      if (hasLost(state, known, at)) after.redemptions = remove(redemptionsBy, state.redemptions, key)
      else {
        const over = end(known.last ?? known.at)
        const later = over > at ? over : (neededUntil(state, key, at) ?? end(at))
        after.fading = insert(fadingBy, fading, { at: later, what, key })
      }
      return after
    }
    const known = get(originsBy, state.origins, key)
    const after = withFading(state, fading)
    if (known === undefined) return after
    if (originIsOver(state, known, at)) after.origins = remove(originsBy, state.origins, key)
    else {
      const over = end(known.last ?? known.at)
      after.fading = insert(fadingBy, fading, { at: over > at ? over : end(at), what, key })
    }
    return after
  }

  return {
    isOver,
    hasLost,
    knows,
    heard(state, brought, at) {
      let { origins } = state
      for (const owed of brought) {
        if (owed.do !== 'earn') continue
        const key = originKey(owed.rule, owed.origin)
        const known = get(originsBy, origins, key)
        if (known !== undefined && originIsOver(state, known, at)) origins = remove(originsBy, origins, key)
      }
      return origins === state.origins ? state : { ...state, origins }
    },
    posted(before, after, kind, event) {
      const at = event.occurredAt
      let state = after
      for (const listed of newlyKnown(before, after, kind, event)) {
        const one = { at: end(listed.at), what: listed.what, key: listed.key }
        state = withFading(state, insert(fadingBy, state.fading, one))
      }
      for (let i = 0; i < STEPS; i++) {
        const next = first(state.fading)
        // What ends now may be needed by what comes next at this instant: a claim is recorded after what it spends.
        if (next === undefined || next.at >= at) break
        state = stepped(state, next, at)
      }
      return state
    },
  }
}

/** What a posting has made known that was not. */
function newlyKnown(
  before: PointsState,
  after: PointsState,
  kind: string,
  { data, occurredAt: at }: AnyEvent,
): readonly Fading[] {
  if (kind === 'redeemed') return [{ at, what: 'redemption', key: (data as RedemptionData).redemption }]
  if (kind === 'taken-over') return inherited((data as TakenOverData).estate)
  if (kind !== 'earned' && kind !== 'clawed-back') return nothing
  const { rule, origin } = data as EarnedData
  if (rule === undefined || origin === undefined || before.origins === after.origins) return nothing
  const key = originKey(rule, origin)
  const known = get(originsBy, after.origins, key)
  if (known === undefined || get(originsBy, before.origins, key) !== undefined) return nothing
  return [{ at: known.at, what: 'origin', key }]
}

const nothing: readonly Fading[] = []

function withFading(state: PointsState, fading: PointsState['fading']): OpenState {
  const after = copied(state)
  after.fading = fading
  return after
}

/** What an account knows of another that it has taken over. */
const inherited = ({ origins, redemptions }: Estate): readonly Fading[] => [
  ...origins.map(({ at, rule, origin }) => ({ at, what: 'origin' as const, key: originKey(rule, origin) })),
  ...redemptions.map(({ at, id }) => ({ at, what: 'redemption' as const, key: id })),
]

/** How long what expired can be reinstated; as long as origins are known unless told. */
export function reinstating({ reinstateWithin, keepOrigins }: Agreed, zone: Calendar) {
  const within = reinstateWithin ?? keepOrigins
  if (within === undefined) return undefined
  const end = zone.adder(within)
  return {
    isOver: (expiredAt: Instant, at: Instant): boolean => end(expiredAt) <= at,
    /** The state after a posting, with what can no longer be reinstated removed. */
    posted(after: PointsState, { data, occurredAt: at }: AnyEvent): PointsState {
      const { currency } = data as LotsData
      let tree = after.lapsed[currency] ?? null
      for (let i = 0; i < STEPS; i++) {
        const one = first(tree)
        if (one === undefined || end(one.at) > at) break
        tree = remove(lapsedBy, tree, lapsedBy.key(one))
      }
      return tree === after.lapsed[currency]
        ? after
        : { ...after, lapsed: { ...after.lapsed, [currency]: tree } }
    },
  }
}
