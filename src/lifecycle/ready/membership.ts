import { checkKeys, checkRecord, fault } from '../../kernel/errors.js'
import {
  type CalendarDefinition,
  type Catalogue,
  type Condition,
  type Duration,
  defineEvents,
  type EventSpecs,
  type Instant,
} from '../../kernel/index.js'
import type { Heard, LifecycleDefinition } from '../definition.js'
import { daysBefore } from './days-before.js'
import { heardEvents } from './heard-events.js'

/** Where a membership stands. */
export type MembershipStage = 'none' | 'trial' | 'active' | 'renewal-due' | 'grace' | 'lapsed' | 'cancelled'

/** What happens to a membership. What is paid for is an attribute, so it can be corrected. */
export const membershipEvents = /* @__PURE__ */ defineEvents(
  {
    'trial-started': {},
    'membership-paid': {},
    'membership-cancelled': {},
    'membership-resumed': {},
    'attribute-set': {
      paidUntil: { type: 'instant', required: false },
      renewalDue: { type: 'instant', required: false },
    },
  },
  {
    words: {
      en: {
        'trial-started': 'start of a trial',
        'membership-paid': 'payment',
        'membership-cancelled': 'cancellation',
        'membership-resumed': 'resumption',
        'attribute-set.paidUntil': 'end of what is paid',
        'attribute-set.renewalDue': 'start of renewal',
      },
      zh: {
        'trial-started': '开始试用',
        'membership-paid': '缴费',
        'membership-cancelled': '取消会员',
        'membership-resumed': '恢复会员',
        'attribute-set.paidUntil': '会员到期日',
        'attribute-set.renewalDue': '续费期起点',
      },
    },
  },
)

/** The events that a membership listens for; each may be another one of the host's. */
export type MembershipHeard = 'trialled' | 'paid' | 'cancelled' | 'resumed'

const OPTIONS = ['calendar', 'events', 'on', 'trialFor', 'graceFor']

/** What differs between companies. */
export interface MembershipOptions<E extends EventSpecs> {
  /** In which zone days are counted. */
  readonly calendar: CalendarDefinition
  /** The host's own catalogue, with the attributes of `membershipEvents` in it; `membershipEvents` unless told. */
  readonly events?: Catalogue<E>
  /** Which events of the host are meant; those of `membershipEvents` unless told. */
  readonly on?: { readonly [K in MembershipHeard]?: Heard<NoInfer<E>> }
  /** How long a trial lasts; 14 days unless told. */
  readonly trialFor?: Duration
  /** How long a member who has not paid again keeps what members have; 14 days unless told. */
  readonly graceFor?: Duration
}

/**
 * A membership that is paid for up to a date: trial 试用, active 会员, renewal due 待续费, grace 宽限期, lapsed 已失效, cancelled 已取消.
 *
 * `paidUntil` is the instant at which what is paid for ends, and moves with each payment; `renewalDue`, from which on people are asked to
 * renew, moves with it (`membershipTerm` tells both). Set them no later than `membership-paid`, which makes a member of who is none; until
 * the days of grace are over, the dates alone are enough, also where they are corrected. Who cancels stays a member, and is asked for nothing, until what is paid for ends.
 *
 * @returns A definition for `defineLifecycle`, as it is or with parts of it replaced.
 * @throws DefinitionError `wrong-type` for options that are none, `unknown-key`; what is wrong inside them is said by `defineLifecycle`.
 * @example
 * defineLifecycle(membershipLifecycle({ calendar: { zone: 'America/New_York' }, graceFor: { days: 7 } }))
 */
export function membershipLifecycle<const E extends EventSpecs = typeof membershipEvents.events>(
  options: MembershipOptions<E>,
): LifecycleDefinition<'membership', MembershipStage, E> {
  checkRecord(options, '$')
  checkKeys(options, OPTIONS, '$')
  const {
    calendar,
    events = membershipEvents as unknown as Catalogue<E>,
    trialFor = { days: 14 },
    graceFor = { days: 14 },
  } = options
  const heard = heardEvents<E, MembershipHeard>(defaults, options.on)
  const ended = passed('paidUntil')
  const notEnded: Condition = { condition: 'not', of: ended }
  const due = passed('renewalDue')
  const isDue: Condition = { condition: 'all', of: [due, notEnded] }
  const notDue: Condition = { condition: 'all', of: [{ condition: 'not', of: due }, notEnded] }
  const pays = { to: 'active', on: heard.paid, when: notEnded } as const
  return {
    id: 'membership',
    version: 1,
    calendar,
    events,
    activity: [],
    stages: ['none', 'trial', 'active', 'renewal-due', 'grace', 'lapsed', 'cancelled'],
    initial: 'none',
    rules: {
      none: [pays, { to: 'trial', on: heard.trialled }],
      trial: [pays, { to: 'lapsed', inStageFor: trialFor }],
      active: [
        { to: 'cancelled', on: heard.cancelled },
        { to: 'grace', when: ended },
        { to: 'renewal-due', when: isDue },
      ],
      'renewal-due': [
        { to: 'cancelled', on: heard.cancelled },
        { to: 'grace', when: ended },
        { to: 'active', when: notDue },
      ],
      grace: [
        { to: 'active', when: notEnded },
        { to: 'lapsed', since: 'paidUntil', reaches: graceFor },
      ],
      lapsed: [pays],
      cancelled: [pays, { to: 'active', on: heard.resumed }, { to: 'lapsed', when: ended }],
    },
    words: {
      en: { none: 'no member', 'renewal-due': 'renewal due', grace: 'days of grace' },
      zh: {
        none: '非会员',
        trial: '试用',
        active: '会员',
        'renewal-due': '待续费',
        grace: '宽限期',
        lapsed: '已失效',
        cancelled: '已取消',
      },
    },
  }
}

/**
 * The attributes of a membership that is paid for up to an instant: renewal is asked for from the local midnight so many days before.
 *
 * @param options - The calendar of the local dates, and `notice`: days before the end, whole, from 0 to 3,660; 30 unless told.
 * @throws DefinitionError `invalid-instant`, `out-of-range`; those of `calendarOf`.
 * @example
 * membershipTerm(instant('2025-06-01T00:00:00+08:00'), { calendar: { zone: 'Asia/Shanghai' } }) // renewalDue: 2 May
 */
export function membershipTerm(
  paidUntil: Instant,
  options: { readonly calendar: CalendarDefinition; readonly notice?: number },
): { readonly paidUntil: Instant; readonly renewalDue: Instant } {
  checkRecord(options, '$.options')
  const { calendar, notice = 30 } = options
  if (!Number.isSafeInteger(notice) || notice < 0 || notice > 3660)
    throw fault('out-of-range', '$.notice', notice, 'whole days from 0 to 3660')
  return { paidUntil, renewalDue: daysBefore(paidUntil, notice, calendar) }
}

const defaults: { readonly [K in MembershipHeard]: string } = {
  trialled: 'trial-started',
  paid: 'membership-paid',
  cancelled: 'membership-cancelled',
  resumed: 'membership-resumed',
}

/** Whether an instant in the profile has come. */
const passed = (attribute: string): Condition => ({
  condition: 'gte',
  fact: { fact: 'age', attribute, unit: 'days' },
  value: 0,
})
