import { checkKeys, checkList, checkRecord, fault } from '../../kernel/errors.js'
import {
  type CalendarDefinition,
  type Catalogue,
  type Condition,
  type Duration,
  defineEvents,
  type EventSpecs,
  type Fact,
} from '../../kernel/index.js'
import type { Heard, LifecycleDefinition } from '../definition.js'
import { heardOf } from '../rule.js'

/** The customer stages that the whole library speaks of. */
export type CustomerStage = 'lead' | 'new' | 'active' | 'loyal' | 'dormant' | 'lapsed' | 'won-back'

/** What customers do, for hosts without a catalogue of their own. */
export const customerEvents = /* @__PURE__ */ defineEvents(
  {
    'signed-up': {},
    'order-paid': { amount: { type: 'money', currency: 'CNY' } },
    visited: {},
  },
  {
    words: {
      en: { 'signed-up': 'sign-up', 'order-paid': 'paid order', visited: 'visit' },
      zh: { 'signed-up': '注册', 'order-paid': '下单', visited: '访问' },
    },
  },
)

const OPTIONS = [
  'calendar',
  'events',
  'purchased',
  'engaged',
  'loyalPurchases',
  'loyalWithin',
  'dormantAfter',
  'lapsedAfter',
]

/** What differs between companies. */
export interface CustomerOptions<E extends EventSpecs> {
  /** In which zone days are counted. */
  readonly calendar: CalendarDefinition
  /** The host's own catalogue; `customerEvents` unless told. */
  readonly events?: Catalogue<E>
  /** What counts as a purchase; `order-paid` unless told. */
  readonly purchased?: Heard<NoInfer<E>>
  /** What breaks silence beside purchases; nothing unless told: in retail a customer who only looks is a silent one. */
  readonly engaged?: readonly Heard<NoInfer<E>>[]
  /**
   * So many purchases within `loyalWithin` make a loyal customer; 6 in 365 days unless told: one in two months. (With 90 days until
   * somebody is dormant, four a year are what everybody has who is not.)
   */
  readonly loyalPurchases?: number
  readonly loyalWithin?: Duration
  /** Silence after which a customer is dormant; 90 days unless told, about two usual gaps between purchases of daily goods. */
  readonly dormantAfter?: Duration
  /** Silence after which a customer is lapsed; 180 days unless told. */
  readonly lapsedAfter?: Duration
}

/**
 * The customer lifecycle: lead 潜客, new 新客, active 活跃用户, loyal 忠诚用户, dormant 沉默用户, lapsed 流失用户, won-back
 * 召回用户.
 *
 * The first purchase makes a customer new, the second one active. Silence is counted from the last purchase through all stages. Who buys
 * after silence is won back, and active with the purchase after that; loyalty then has to be earned anew.
 *
 * @returns A definition for `defineLifecycle`, as it is or with parts of it replaced.
 * @throws DefinitionError `wrong-type` for options that are none, `unknown-key`; what is wrong inside them is said by `defineLifecycle`.
 * @example
 * defineLifecycle(customerLifecycle({ calendar: { zone: 'Asia/Shanghai' } }))
 */
export function customerLifecycle<const E extends EventSpecs = typeof customerEvents.events>(
  options: CustomerOptions<E>,
): LifecycleDefinition<'customer', CustomerStage, E> {
  checkRecord(options, '$')
  checkKeys(options, OPTIONS, '$')
  const {
    events = customerEvents as unknown as Catalogue<E>,
    purchased = 'order-paid' as Heard<E>,
    engaged = [],
    loyalPurchases = 6,
    loyalWithin = { days: 365 },
    dormantAfter = { days: 90 },
    lapsedAfter = { days: 180 },
  } = options
  checkList(engaged, '$.engaged')
  const [sooner, later] = [daysOf(dormantAfter), daysOf(lapsedAfter)]
  if (sooner !== undefined && later !== undefined && later <= sooner)
    throw fault(
      'out-of-range',
      '$.lapsedAfter',
      later,
      'more than dormantAfter: both count from the last purchase',
    )
  const purchases: Fact = { fact: 'count', ...heardOf(purchased as Heard), within: loyalWithin }
  const often = (condition: 'gte' | 'lt'): Condition => ({
    condition,
    fact: purchases,
    value: loyalPurchases,
  })
  return {
    id: 'customer',
    version: 1,
    calendar: options.calendar,
    events,
    activity: [purchased, ...engaged],
    stages: ['lead', 'new', 'active', 'loyal', 'dormant', 'lapsed', 'won-back'],
    initial: 'lead',
    rules: {
      lead: [{ to: 'new', on: purchased }],
      new: [
        { to: 'active', on: purchased },
        { to: 'dormant', inactiveFor: dormantAfter },
      ],
      active: [
        { to: 'loyal', when: often('gte') },
        { to: 'dormant', inactiveFor: dormantAfter },
      ],
      loyal: [
        { to: 'active', when: often('lt') },
        { to: 'dormant', inactiveFor: dormantAfter },
      ],
      dormant: [
        { to: 'won-back', on: purchased, reset: [purchases] },
        { to: 'lapsed', inactiveFor: lapsedAfter },
      ],
      lapsed: [{ to: 'won-back', on: purchased, reset: [purchases] }],
      'won-back': [
        { to: 'active', on: purchased },
        { to: 'dormant', inactiveFor: dormantAfter },
      ],
    },
    words: {
      en: { 'won-back': 'won back' },
      zh: {
        lead: '潜客',
        new: '新客',
        active: '活跃用户',
        loyal: '忠诚用户',
        dormant: '沉默用户',
        lapsed: '流失用户',
        'won-back': '召回用户',
      },
    },
  }
}

/** Days, where a span is said in days or weeks. */
function daysOf(span: Duration): number | undefined {
  const { days, weeks } = (span ?? {}) as { readonly days?: unknown; readonly weeks?: unknown }
  if (typeof days === 'number') return days
  return typeof weeks === 'number' ? 7 * weeks : undefined
}
