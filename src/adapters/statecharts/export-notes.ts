import type { Sentence } from '../../kernel/errors.js'
import { canonical } from '../../kernel/index.js'
import type { Heard } from '../../lifecycle/definition.js'
import { heardOf } from '../../lifecycle/rule.js'
import type { StatedLifecycle } from './stated-lifecycle.js'

/** What a format cannot say of a lifecycle, or says in another way. */
export interface ExportNote {
  readonly code:
    | 'final-can-be-left'
    | 'ignores-not-kept'
    | 'exhaustive-not-kept'
    | 'repeats-not-known'
    | 'reasons-not-kept'
    | 'fields-not-checked'
    | 'deadlines-first'
    | 'loops-not-stopped'
    | 'subject-from-first-event'
    | 'stage-renamed'
    | 'event-not-heard'
    | 'event-renamed'
    | 'rule-not-exported'
    | 'rule-by-host'
    | 'reset-by-host'
    | 'move-by-event'
    | 'clock-of-the-host'
    | 'not-exported'
  /** Where it stands in the definition; `$` for all of it. */
  readonly path: string
  /** The name that the format has for it, where it has one of its own. */
  readonly name?: string
  readonly words: Sentence
}

/** The parts of a definition that every export here knows. */
const KNOWN = [
  ...['model', 'id', 'version', 'calendar', 'events', 'activity', 'stages', 'initial', 'rules', 'everywhere'],
  ...['final', 'forwardOnly', 'exhaustive', 'idempotencyWindow'],
]

/** Notes that hold for machines of any format. */
export function commonNotes({ all, final }: StatedLifecycle): readonly ExportNote[] {
  const lists = { ...(all['rules'] as Readonly<Record<string, readonly object[]>>) }
  const ignored = [
    ...Object.entries(lists).map(([stage, list]) => [`$.rules.${stage}`, list] as const),
    ['$.everywhere', (all['everywhere'] ?? []) as readonly object[]] as const,
  ].flatMap(([path, list]) => list.flatMap((rule, i) => ('ignores' in rule ? [`${path}[${i}]`] : [])))
  return [
    ...(final.length > 0 ? [noteOf('final-can-be-left', '$.final')] : []),
    ...ignored.map((path) => noteOf('ignores-not-kept', path)),
    ...('exhaustive' in all ? [noteOf('exhaustive-not-kept', '$.exhaustive')] : []),
    noteOf('repeats-not-known', '$.idempotencyWindow'),
    noteOf('reasons-not-kept', '$'),
    noteOf('fields-not-checked', '$.events'),
    noteOf('deadlines-first', '$'),
    ...Object.keys(all)
      .filter((key) => !KNOWN.includes(key))
      .map((key) => noteOf('not-exported', `$.${key}`)),
  ]
}

/** A note in words. */
export function noteOf(code: ExportNote['code'], path: string, name?: string): ExportNote {
  return { code, path, ...(name !== undefined && { name }), words: sentences[code] }
}

/** Whether an event is heard only in some cases: in a role, or with fields as they have to be. */
export function isNarrow(heard: Heard): boolean {
  const { as, where } = heardOf(heard)
  return as !== undefined || (where !== undefined && canonical(where) !== '{}')
}

const sentences: { readonly [C in ExportNote['code']]: Sentence } = {
  'final-can-be-left': {
    en: 'A final stage is an ordinary state with the tag "final": a final state of the format could not be left, and a manual move leaves it.',
    zh: '终态阶段导出为带 “final” 标签的普通状态：该格式的终态无法离开，而人工调整可以。',
  },
  'ignores-not-kept': {
    en: 'That an event is ignored on purpose is not said.',
    zh: '未说明此处有意忽略该事件。',
  },
  'exhaustive-not-kept': {
    en: 'That every stage answers every event was checked when the lifecycle was defined; the format does not check it.',
    zh: '“每个阶段须响应每种事件”在定义时已检查，该格式不再检查。',
  },
  'repeats-not-known': {
    en: 'An event that is told twice counts twice: ids are not remembered.',
    zh: '同一事件重复送入会重复计算：不记录已收到的编号。',
  },
  'reasons-not-kept': {
    en: 'A move does not say why it was made, with the numbers read.',
    zh: '阶段变化不附原因和当时的数值。',
  },
  'fields-not-checked': {
    en: 'Events are taken as they come: their fields are checked by `read` of the lifecycle, before.',
    zh: '事件按原样接收：字段须先由该生命周期的 read 检查。',
  },
  'deadlines-first': {
    en: 'Whoever drives the machine lets deadlines pass before an event of the same instant, or a later one.',
    zh: '驱动方须先让到期的时限触发，再送入同一时刻或更晚的事件。',
  },
  'loops-not-stopped': {
    en: 'Rules that never come to rest at one instant are not stopped.',
    zh: '同一时刻内永不停歇的规则不会被中止。',
  },
  'subject-from-first-event': {
    en: 'Events are heard in roles: the option `subject` has to say whose machine it is, else it is the subject of the first event.',
    zh: '有规则按角色识别事件：须用选项 subject 指明主体，否则取第一个事件的主体。',
  },
  'stage-renamed': {
    en: 'The format does not allow the name of this stage; it has another one there.',
    zh: '该格式不允许此阶段名，已改用其他名称。',
  },
  'event-not-heard': {
    en: 'The format keeps the name of this event for itself; the machine does not hear it.',
    zh: '该格式保留了此事件名，状态机不会接收此事件。',
  },
  'event-renamed': {
    en: 'The format does not allow the name of this event; it has another one there.',
    zh: '该格式不允许此事件名，已改用其他名称。',
  },
  'rule-not-exported': {
    en: 'The format cannot say this rule; nothing follows from it there.',
    zh: '该格式无法表达此规则，导出后不起作用。',
  },
  'rule-by-host': {
    en: 'The format cannot compute when this rule applies; the host says so with an event of this name.',
    zh: '该格式无法计算此规则何时成立，由宿主以此名称的事件告知。',
  },
  'reset-by-host': {
    en: 'Facts that begin anew with this move do so where the host keeps them.',
    zh: '随此变化重新起算的指标由保存它们的宿主处理。',
  },
  'move-by-event': {
    en: 'A manual move to this stage is an event of this name.',
    zh: '人工调整到此阶段以此名称的事件表示。',
  },
  'clock-of-the-host': {
    en: "Delays run on the host's clock, from the start of the document on; the lifecycle counts from the instants of events.",
    zh: '时限按宿主时钟从文档启动起计，而生命周期按事件时刻计。',
  },
  'not-exported': {
    en: 'This part of the definition is not exported.',
    zh: '定义的这一部分未导出。',
  },
}
