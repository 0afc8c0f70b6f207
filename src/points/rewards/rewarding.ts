import type { AnyEvent, Due, FactContext, FactSet, Instant, PendingRule } from '../../kernel/index.js'
import { get } from '../../kernel/sorted.js'
import type { PointsState } from '../account.js'
import type { Agreement, Section } from '../section.js'
import { compileReward } from './catalogue.js'
import { claimingSection, guarded, unlessClaimed } from './claiming.js'
import { claimsBy, forgetClaims, nextLapsing, noRewards } from './claims.js'
import type { RewardDefinition } from './definition.js'
import type { ClaimEndData } from './events.js'
import { isRewardKind, postReward } from './posting.js'
import { nextRewardStep, type RewardsView, rewardsViewOf } from './view.js'

/** The rewards of an engine: what commands, events and time do to claims. */
export interface Rewarding {
  /** Spending, which leaves the points of claims alone. */
  readonly spending: Section
  /** What is done about claims. */
  readonly claiming: Section
  /** What may end an account, which claims that are open keep from ending. */
  ending(section: Section): Section
  /** Whether an event is about rewards. */
  owns(kind: string): boolean
  /** What such an event does. */
  recorded(state: PointsState, kind: string, event: AnyEvent): PointsState
  /** The claim that lapses next. */
  nextLapse(state: PointsState): Due | undefined
  forget(state: PointsState, rename: (text: string) => string): PointsState
  view(state: PointsState, asOf: Instant): RewardsView
  /** When what views say of limits may change next without an event. */
  nextStep(state: PointsState, asOf: Instant): Instant | undefined
  pending(state: PointsState, asOf: Instant): readonly PendingRule[]
}

/** Compiles the rewards of an engine. */
export function rewardingOf(
  definitions: readonly RewardDefinition[],
  { id, currencies, zone }: Pick<Agreement, 'id' | 'currencies' | 'zone'>,
  spending: Section,
  facts: FactSet,
  context: FactContext,
): Rewarding {
  const compiled = definitions.map((one) => compileReward(one, currencies, zone, facts, context))
  const rewards = new Map(compiled.map((one) => [one.definition.reward, one]))

  function nextLapse({ rewards: state = noRewards }: PointsState): Due | undefined {
    const next = nextLapsing(state)
    if (next === undefined) return undefined
    const [at, claim] = next
    return {
      at,
      make() {
        const { reward, quantity, stock } = get(claimsBy, state.claims, claim)!
        const terms = rewards.get(reward)
        const data: ClaimEndData = {
          claim,
          reward,
          quantity,
          ...(stock !== null && { stock }),
          freesLimits: terms?.definition.unpaid !== 'uses-limits',
          keptUntil: terms?.keptUntil(at) ?? at,
          reason: { code: 'not-paid-in-time', until: at },
        }
        return { type: `${id}/reward-lapsed`, rule: `lapsed>${claim}`, data }
      },
    }
  }

  return {
    spending: guarded(spending),
    claiming: claimingSection({ id, rewards, spending: spending.decide }),
    ending: unlessClaimed,
    owns: isRewardKind,
    recorded: (state, kind, event) => ({ ...state, rewards: postReward(state.rewards, kind, event) }),
    nextLapse,
    forget: (state, rename) => ({ ...state, rewards: forgetClaims(state.rewards ?? noRewards, rename) }),
    view: ({ rewards: state = noRewards }, asOf) => rewardsViewOf(state, definitions, asOf),
    nextStep: ({ rewards: state = noRewards }, asOf) => nextRewardStep(state, definitions, asOf),
    pending: ({ tracks }, asOf) =>
      compiled.flatMap(({ when, definition: { reward } }, i) =>
        when === undefined
          ? []
          : [{ rule: `$.rewards[${i}].when`, to: reward, verdict: when.verdict(tracks, asOf) }],
      ),
  }
}
