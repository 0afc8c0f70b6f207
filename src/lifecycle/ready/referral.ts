import { checkKeys, checkList, checkRecord, fault } from '../../kernel/errors.js'
import {
  type CalendarDefinition,
  type Catalogue,
  type Duration,
  defineEvents,
  type EventSpecs,
} from '../../kernel/index.js'
import type { Heard, LifecycleDefinition, Rule, RulesByStage } from '../definition.js'
import { heardEvents } from './heard-events.js'

/** Where a referral stands. */
export type ReferralStage =
  | 'unshared'
  | 'shared'
  | 'clicked'
  | 'joined'
  | 'qualified'
  | 'rewarded'
  | 'expired'
  | 'rejected'

/** What is promised to who refers. */
export type ReferralPromise = 'reward'

/** What a look at both sides of a referral found. */
export type ReferralGuard = 'passed' | 'self-referral' | 'known-customer'

/** What happens to a referral. The subject is one invitation: `subjectOf('inviter', 'link')`. */
export const referralEvents = /* @__PURE__ */ defineEvents(
  {
    'link-shared': {},
    'link-clicked': {},
    'invitee-joined': {
      inviter: { type: 'ref', role: 'inviter' },
      invitee: { type: 'ref', role: 'invitee' },
      guard: { type: 'text', oneOf: ['passed', 'self-referral', 'known-customer'] },
    },
    'invitee-qualified': {},
    'reward-paid': {},
    'referral-rejected': {},
  },
  {
    words: {
      en: {
        'link-shared': 'sharing',
        'link-clicked': 'click',
        'invitee-joined': 'joining',
        'invitee-qualified': 'qualification',
        'reward-paid': 'reward',
        'referral-rejected': 'rejection',
      },
      zh: {
        'link-shared': '分享',
        'link-clicked': '点击',
        'invitee-joined': '注册',
        'invitee-qualified': '达标',
        'reward-paid': '发放奖励',
        'referral-rejected': '驳回',
      },
    },
  },
)

/** The events that a referral listens for; each may be another one of the host's. */
export type ReferralHeard =
  | 'shared'
  | 'clicked'
  | 'joined'
  | 'guarded'
  | 'qualified'
  | 'rewarded'
  | 'rejected'

const OPTIONS = ['calendar', 'events', 'on', 'clickWithin', 'joinWithin', 'qualifyWithin', 'rewardWithin']

/** What differs between companies. */
export interface ReferralOptions<E extends EventSpecs> {
  /** In which zone days are counted. */
  readonly calendar: CalendarDefinition
  /** The host's own catalogue; `referralEvents` unless told. */
  readonly events?: Catalogue<E>
  /**
   * Which events of the host are meant; those of `referralEvents` unless told. `joined` is a joining that passed the guard,
   * `guarded` one that did not.
   */
  readonly on?: { readonly [K in ReferralHeard]?: Heard<NoInfer<E>> }
  /** A link has to be clicked within this; 30 days unless told. */
  readonly clickWithin?: Duration
  /** Who clicked has to join within this; 30 days unless told, the usual window of a referral link. */
  readonly joinWithin?: Duration
  /** Who joined has to qualify within this, mostly by a first order; 30 days unless told. */
  readonly qualifyWithin?: Duration
  /** The reward is promised within this; 14 days unless told, twice the seven in which goods may be returned. */
  readonly rewardWithin?: Duration
}

/**
 * A referral (转介绍): shared, clicked, joined, qualified, rewarded; expired where a window passed, rejected where somebody refers
 * himself or a customer that is known.
 *
 * Conditions compare what is read with what is written, never two fields with one another. So who takes in the joining looks at both
 * sides with `referralGuard` and writes down what it found. A qualification that is taken back is rejected with `referral-rejected`
 * until it is rewarded.
 *
 * @returns A definition for `defineLifecycle`, as it is or with parts of it replaced.
 * @throws DefinitionError `wrong-type` for options that are none, `unknown-key`; what is wrong inside them is said by `defineLifecycle`.
 * @example
 * defineLifecycle(referralLifecycle({ calendar: { zone: 'Asia/Shanghai' }, joinWithin: { days: 7 } }))
 */
export function referralLifecycle<const E extends EventSpecs = typeof referralEvents.events>(
  options: ReferralOptions<E>,
): LifecycleDefinition<
  'referral',
  ReferralStage,
  E,
  RulesByStage<ReferralStage, E, ReferralPromise>,
  Rule<ReferralStage, E>,
  'rewarded' | 'expired' | 'rejected',
  ReferralPromise
> {
  checkRecord(options, '$')
  checkKeys(options, OPTIONS, '$')
  const {
    calendar,
    events = referralEvents as unknown as Catalogue<E>,
    clickWithin = { days: 30 },
    joinWithin = { days: 30 },
    qualifyWithin = { days: 30 },
    rewardWithin = { days: 14 },
  } = options
  const heard = heardEvents<E, ReferralHeard>(defaults, options.on)
  // A link may be opened where nobody counts clicks.
  const joins: readonly Rule<ReferralStage, E>[] = [
    { to: 'joined', on: heard.joined },
    { to: 'rejected', on: heard.guarded },
  ]
  return {
    id: 'referral',
    version: 1,
    calendar,
    events,
    activity: [],
    stages: ['unshared', 'shared', 'clicked', 'joined', 'qualified', 'rewarded', 'expired', 'rejected'],
    initial: 'unshared',
    final: ['rewarded', 'expired', 'rejected'],
    promises: [
      {
        promise: 'reward',
        from: heard.qualified,
        within: rewardWithin,
        keptIn: ['rewarded'],
        droppedIn: ['rejected'],
      },
    ],
    rules: {
      unshared: [{ to: 'shared', on: heard.shared }],
      shared: [{ to: 'clicked', on: heard.clicked }, ...joins, { to: 'expired', inStageFor: clickWithin }],
      clicked: [...joins, { to: 'expired', inStageFor: joinWithin }],
      joined: [
        { to: 'qualified', on: heard.qualified },
        { to: 'expired', inStageFor: qualifyWithin },
      ],
      qualified: [{ to: 'rewarded', on: heard.rewarded }],
      rewarded: [],
      expired: [],
      rejected: [],
    },
    everywhere: [{ to: 'rejected', on: heard.rejected }],
    words: {
      en: { unshared: 'not shared', reward: 'the reward' },
      zh: {
        unshared: '未分享',
        shared: '已分享',
        clicked: '已点击',
        joined: '已注册',
        qualified: '已达标',
        rewarded: '已奖励',
        expired: '已过期',
        rejected: '已驳回',
        reward: '奖励',
      },
    },
  }
}

/**
 * Looks at both sides of a referral: nobody refers himself, nor a customer that is known.
 *
 * @param sides - Whatever names a person to the host: an account, a telephone number, a device. `alsoInviter` are other names of the
 * inviter; `known` says whether the invitee was a customer before.
 * @throws DefinitionError `wrong-type` for names that are no texts.
 * @example
 * referralGuard({ inviter: 'ann', invitee: 'ann' }) // => 'self-referral'
 */
export function referralGuard(sides: {
  readonly inviter: string
  readonly invitee: string
  readonly alsoInviter?: readonly string[]
  readonly known?: boolean
}): ReferralGuard {
  checkRecord(sides, '$')
  const { inviter, invitee, alsoInviter = [], known = false } = sides
  checkList(alsoInviter, '$.alsoInviter')
  const names: readonly unknown[] = [inviter, invitee, ...alsoInviter]
  if (!names.every((name) => typeof name === 'string' && name !== ''))
    throw fault('wrong-type', '$', sides, 'names of both sides')
  if (typeof known !== 'boolean') throw fault('wrong-type', '$.known', known, 'true or false')
  if (inviter === invitee || alsoInviter.includes(invitee)) return 'self-referral'
  return known ? 'known-customer' : 'passed'
}

const defaults: { readonly [K in ReferralHeard]: unknown } = {
  shared: 'link-shared',
  clicked: 'link-clicked',
  joined: { event: 'invitee-joined', where: { guard: 'passed' } },
  guarded: { event: 'invitee-joined', where: { guard: { not: 'passed' } } },
  qualified: 'invitee-qualified',
  rewarded: 'reward-paid',
  rejected: 'referral-rejected',
}
