import { checkKeys, checkRecord } from '../../kernel/errors.js'
import {
  type CalendarDefinition,
  type Catalogue,
  type Duration,
  defineEvents,
  type EventSpecs,
} from '../../kernel/index.js'
import type { Heard, LifecycleDefinition, Rule, RulesByStage } from '../definition.js'
import { heardEvents } from './heard-events.js'

/** Where a service case stands. */
export type CaseStage =
  | 'new'
  | 'triaged'
  | 'in-progress'
  | 'waiting'
  | 'escalated'
  | 'resolved'
  | 'reopened'
  | 'closed'

/** What is promised to who opens a case. */
export type CasePromise = 'first-response' | 'resolution' | 'second-resolution'

/** What happens to a case. */
export const caseEvents = /* @__PURE__ */ defineEvents(
  {
    'case-opened': { priority: { type: 'text', oneOf: ['normal', 'urgent'], required: false } },
    'case-triaged': {},
    'work-started': {},
    'agent-replied': {},
    'customer-asked': {},
    'customer-replied': {},
    'case-resolved': {},
    'case-reopened': {},
    'case-closed': {},
  },
  {
    words: {
      en: {
        'case-opened': 'opening of the case',
        'case-triaged': 'triage',
        'work-started': 'start of work',
        'agent-replied': 'reply of an agent',
        'customer-asked': 'question to the customer',
        'customer-replied': 'reply of the customer',
        'case-resolved': 'solution',
        'case-reopened': 'reopening',
        'case-closed': 'closing',
      },
      zh: {
        'case-opened': '工单创建',
        'case-triaged': '分诊',
        'work-started': '开始处理',
        'agent-replied': '客服回复',
        'customer-asked': '询问客户',
        'customer-replied': '客户回复',
        'case-resolved': '解决',
        'case-reopened': '重新打开',
        'case-closed': '关闭',
      },
    },
  },
)

/** The events that a case listens for; each may be another one of the host's. */
export type CaseHeard =
  | 'opened'
  | 'triaged'
  | 'started'
  | 'answered'
  | 'asked'
  | 'replied'
  | 'resolved'
  | 'reopened'
  | 'closed'

const OPTIONS = [
  'calendar',
  'events',
  'on',
  'firstResponse',
  'resolution',
  'secondResolution',
  'closeAfter',
  'silentAfter',
]

/** What differs between companies. */
export interface CaseOptions<E extends EventSpecs> {
  /** With `business` hours, unless all promises are given in hours of any kind. */
  readonly calendar: CalendarDefinition
  /** The host's own catalogue; `caseEvents` unless told. */
  readonly events?: Catalogue<E>
  /** Which events of the host are meant; those of `caseEvents` unless told. */
  readonly on?: { readonly [K in CaseHeard]?: Heard<NoInfer<E>> }
  /** Until somebody answers; eight working hours unless told: one working day. */
  readonly firstResponse?: Duration
  /** Until it is solved; forty working hours unless told: one working week. */
  readonly resolution?: Duration
  /** Until it is solved again after it was reopened; sixteen working hours unless told. */
  readonly secondResolution?: Duration
  /** A solved case is closed after this; three business days unless told. */
  readonly closeAfter?: Duration
  /** A case whose customer does not answer is taken for solved after this; ten business days unless told. */
  readonly silentAfter?: Duration
}

/**
 * A service case with service levels (SLA): first response 首次响应, resolution 解决 and, after it was reopened, a second one 二次解决.
 *
 * Clocks run in the calendar's business hours and stand still while the case waits for the customer. A broken promise escalates the case at
 * that instant; a case that is solved keeps all of them, one that is closed without a solution drops them.
 *
 * @returns A definition for `defineLifecycle`, as it is or with parts of it replaced.
 * @throws DefinitionError `wrong-type` for options that are none, `unknown-key`; what is wrong inside them is said by `defineLifecycle`.
 * @example
 * const office = { zone: 'Asia/Shanghai', business: { hours: [{ from: '09:00', to: '18:00' }] } }
 * defineLifecycle(caseLifecycle({ calendar: office, firstResponse: { workHours: 4 } }))
 */
export function caseLifecycle<const E extends EventSpecs = typeof caseEvents.events>(
  options: CaseOptions<E>,
): LifecycleDefinition<
  'case',
  CaseStage,
  E,
  RulesByStage<CaseStage, E, CasePromise>,
  Rule<CaseStage, E>,
  'closed',
  CasePromise
> {
  checkRecord(options, '$')
  checkKeys(options, OPTIONS, '$')
  const {
    calendar,
    events = caseEvents as unknown as Catalogue<E>,
    firstResponse = { workHours: 8 },
    resolution = { workHours: 40 },
    secondResolution = { workHours: 16 },
    closeAfter = { businessDays: 3 },
    silentAfter = { businessDays: 10 },
  } = options
  const heard = heardEvents<E, CaseHeard>(defaults, options.on)
  const { started, asked, resolved } = heard
  const worked: readonly Rule<CaseStage, E, CasePromise>[] = [
    { to: 'waiting', on: asked },
    { to: 'resolved', on: resolved },
  ]
  const slow: readonly Rule<CaseStage, E, CasePromise>[] = [
    { to: 'escalated', broken: 'first-response' },
    { to: 'escalated', broken: 'resolution' },
    { to: 'escalated', broken: 'second-resolution' },
  ]
  const pauses = { pausedIn: ['waiting'], keptIn: ['resolved'], droppedIn: ['closed'] } as const
  return {
    id: 'case',
    version: 1,
    calendar,
    events,
    activity: [],
    stages: ['new', 'triaged', 'in-progress', 'waiting', 'escalated', 'resolved', 'reopened', 'closed'],
    initial: 'new',
    final: ['closed'],
    promises: [
      {
        promise: 'first-response',
        from: heard.opened,
        within: firstResponse,
        keptBy: heard.answered,
        ...pauses,
      },
      { promise: 'resolution', from: heard.opened, within: resolution, ...pauses },
      { promise: 'second-resolution', from: heard.reopened, within: secondResolution, ...pauses },
    ],
    rules: {
      new: [{ to: 'triaged', on: heard.triaged }, { to: 'in-progress', on: started }, ...worked, ...slow],
      triaged: [{ to: 'in-progress', on: started }, ...worked, ...slow],
      'in-progress': [...worked, ...slow],
      waiting: [
        { to: 'in-progress', on: heard.replied },
        { to: 'resolved', on: resolved },
        { to: 'resolved', inStageFor: silentAfter },
      ],
      escalated: [{ to: 'in-progress', on: started }, ...worked],
      resolved: [
        { to: 'reopened', on: heard.reopened },
        { to: 'closed', inStageFor: closeAfter },
      ],
      reopened: [{ to: 'in-progress', on: started }, ...worked, ...slow],
      closed: [],
    },
    everywhere: [{ to: 'closed', on: heard.closed }],
    words: {
      en: {
        'in-progress': 'in progress',
        'first-response': 'the first response',
        resolution: 'the solution',
        'second-resolution': 'the second solution',
      },
      zh: {
        new: '新建',
        triaged: '已分诊',
        'in-progress': '处理中',
        waiting: '等待客户',
        escalated: '已升级',
        resolved: '已解决',
        reopened: '重新打开',
        closed: '已关闭',
        'first-response': '首次响应',
        resolution: '解决时限',
        'second-resolution': '二次解决',
      },
    },
  }
}

const defaults: { readonly [K in CaseHeard]: string } = {
  opened: 'case-opened',
  triaged: 'case-triaged',
  started: 'work-started',
  answered: 'agent-replied',
  asked: 'customer-asked',
  replied: 'customer-replied',
  resolved: 'case-resolved',
  reopened: 'case-reopened',
  closed: 'case-closed',
}
