import { exactLength } from '../../kernel/index.js'
import { heardOf } from '../../lifecycle/rule.js'
import { commonNotes, type ExportNote, isNarrow, noteOf } from './export-notes.js'
import { type ExportedLifecycle, type MovingRule, type StatedLifecycle, stated } from './stated-lifecycle.js'

/** A lifecycle as a document of SCXML. */
export interface ExportedScxml {
  readonly scxml: string
  /** The id of each stage's state. */
  readonly ids: { readonly [stage: string]: string }
  /** What the document cannot say, and the events by which its host helps it out. */
  readonly notes: readonly ExportNote[]
}

/**
 * A lifecycle as a document of SCXML 1.0 with the ECMAScript data model.
 *
 * SCXML has delays and no calendar: an exact duration (seconds, minutes, hours) is a delayed event that is cancelled when its stage is
 * left, and, for silence, sent again at every activity. What a document cannot compute (conditions, local days, filters and roles of
 * events, ages) is an event `rule.<state>.<number>` that its host sends as soon as the rule applies; `nextChange` of the engine says
 * when. `notes` lists each of them. A manual move is an event `by-hand.<state>`.
 *
 * @throws DefinitionError for what is no lifecycle.
 * @see W3C (2015), State Chart XML (SCXML): State Machine Notation for Control Abstraction, https://www.w3.org/TR/scxml/
 * @example
 * toScxml(customer).scxml // => '<?xml version="1.0" encoding="UTF-8"?>\n<scxml xmlns="http://www.w3.org/2005/07/scxml" …'
 */
export function toScxml(lifecycle: ExportedLifecycle): ExportedScxml {
  const agreed = stated(lifecycle)
  const ids = namesFor(agreed.stages, isId, 'stage')
  const events = namesFor(Object.keys(agreed.events), isToken, 'event')
  const helped = new Map<string, string>()
  const silent = [...agreed.rules.values()].some((list) =>
    list.some((found) => found !== undefined && silenceOf(found.rule) !== undefined),
  )
  // Text for the machine that will run it, which has a clock; nothing here reads one.
  const stamp = '<assign location="last" expr="Date.now()"/>'
  const wide = agreed.activity.filter((heard) => !isNarrow(heard))
  const active = silent ? [...new Set(wide.map((heard) => events.get(heardOf(heard).event)!))] : []
  const narrow = agreed.activity.findIndex(isNarrow)
  if (silent && narrow >= 0) {
    active.push('activity')
    helped.set('activity', `$.activity[${narrow}]`)
  }

  const stateOf = (stage: string): readonly string[] => {
    const id = ids.get(stage)!
    const entry: string[] = []
    const exit: string[] = []
    const again: string[] = []
    const transitions: string[] = []
    const move = (event: string, to: string, isActivity: boolean) => {
      const open = `<transition event="${event}" target="${ids.get(to)}"`
      transitions.push(isActivity ? `${open}>${stamp}</transition>` : `${open}/>`)
    }
    for (const [i, found] of agreed.rules.get(stage)!.entries()) {
      if (found === undefined) continue
      const { rule, path } = found
      const due = `due.${id}.${i}`
      const silence = silenceOf(rule)
      const stay = 'inStageFor' in rule ? exactLength(rule.inStageFor) : undefined
      if (silence !== undefined) {
        const delay = `Math.max(0, last + ${silence} - Date.now()) + 'ms'`
        const send = `<send id="${due}" event="${due}" delayexpr="${delay}"/>`
        entry.push(send)
        again.push(`<cancel sendid="${due}"/>`, send)
      } else if (stay !== undefined) entry.push(`<send id="${due}" event="${due}" delay="${stay}ms"/>`)
      if (silence !== undefined || stay !== undefined) {
        exit.push(`<cancel sendid="${due}"/>`)
        move(due, rule.to, false)
      } else if (isPlainEvent(rule)) {
        const event = events.get(heardOf(rule.on).event)!
        move(event, rule.to, active.includes(event))
      } else {
        helped.set(`rule.${id}.${i}`, path)
        move(`rule.${id}.${i}`, rule.to, false)
      }
    }
    for (const to of agreed.stages) if (to !== stage) move(`by-hand.${ids.get(to)}`, to, silent)
    if (silent) {
      const told = [...active, `by-hand.${id}`].join(' ')
      transitions.push(`<transition event="${told}">${[stamp, ...again].join('')}</transition>`)
    }
    return [
      `  <state id="${id}">`,
      ...(entry.length > 0 ? [`    <onentry>${entry.join('')}</onentry>`] : []),
      ...(exit.length > 0 ? [`    <onexit>${exit.join('')}</onexit>`] : []),
      ...transitions.map((transition) => `    ${transition}`),
      '  </state>',
    ]
  }

  const states = agreed.stages.flatMap(stateOf)
  const lines = [
    '<?xml version="1.0" encoding="UTF-8"?>',
    `<scxml xmlns="http://www.w3.org/2005/07/scxml" version="1.0" datamodel="ecmascript" name="${agreed.id}" initial="${ids.get(agreed.initial)}">`,
    ...(silent ? ['  <datamodel><data id="last" expr="Date.now()"/></datamodel>'] : []),
    ...states,
    '</scxml>',
  ]
  return {
    scxml: `${lines.join('\n')}\n`,
    ids: Object.fromEntries(ids),
    notes: [
      ...commonNotes(agreed),
      noteOf('loops-not-stopped', '$.rules'),
      noteOf('clock-of-the-host', '$'),
      ...agreed.stages.map((stage) =>
        noteOf('move-by-event', `$.stages[${agreed.stages.indexOf(stage)}]`, `by-hand.${ids.get(stage)}`),
      ),
      ...[...ids].flatMap(([stage, id], i) =>
        stage === id ? [] : [noteOf('stage-renamed', `$.stages[${i}]`, id)],
      ),
      ...[...events].flatMap(([type, name]) =>
        type === name ? [] : [noteOf('event-renamed', `$.events.${type}`, name)],
      ),
      ...[...helped].map(([name, path]) => noteOf('rule-by-host', path, name)),
      ...resets(agreed).map((path) => noteOf('reset-by-host', path)),
    ],
  }
}

/** Milliseconds of silence, where they are the same everywhere. */
const silenceOf = (rule: MovingRule): number | undefined =>
  'inactiveFor' in rule ? exactLength(rule.inactiveFor) : undefined

/** Whether a rule asks for nothing but an event of the subject's own. */
const isPlainEvent = (rule: MovingRule): rule is Extract<MovingRule, { readonly on: unknown }> =>
  'on' in rule && !('when' in rule && rule.when) && !isNarrow(rule.on)

/** Where facts begin anew: only whoever keeps the facts can do that. */
const resets = ({ rules }: StatedLifecycle): readonly string[] => [
  ...new Set(
    [...rules.values()].flatMap((list) =>
      list.flatMap((found) => ((found?.rule.reset ?? []).length > 0 ? [found!.path] : [])),
    ),
  ),
]

/** A name that XML takes for an id: of the letters that it knows those of ASCII and Chinese. */
const isId = (name: string): boolean => /^[A-Za-z_\u4e00-\u9fff][\w\u4e00-\u9fff-]*$/.test(name)

/** An event of one word: a dot would make it a kind of another. What the document sends itself is taken. */
const isToken = (name: string): boolean =>
  /^[A-Za-z_][\w-]*$/.test(name) && !['due', 'rule', 'by-hand', 'activity', 'done', 'error'].includes(name)

/** Names as they are where the format takes them, else ones of its own. */
function namesFor(
  names: readonly string[],
  fits: (name: string) => boolean,
  kind: string,
): ReadonlyMap<string, string> {
  return new Map(
    names.map((name, i) => {
      if (fits(name)) return [name, name]
      let own = `${kind}-${i}`
      while (names.includes(own)) own += '-'
      return [name, own]
    }),
  )
}
