import { fault } from '../../kernel/errors.js'
import {
  type AnyEvent,
  type CompiledCondition,
  calendarOf,
  compileCondition,
  type EventSpecs,
  FactSet,
  factKinds,
  firstHolding,
  type Instant,
  matcherOf,
  type Track,
} from '../../kernel/index.js'
import { isInstant } from '../../kernel/instant.js'
import { attribute, factOf, factsOfRule, heardKey, heardOf } from '../../lifecycle/rule.js'
import type { MovingRule, StatedLifecycle } from './stated-lifecycle.js'

/** What the machine remembers of its subject; plain JSON. */
export interface MachineContext {
  /** Whose machine it is; `null` before the first event. */
  readonly subject: string | null
  /** The instant up to which everything has been taken; `null` before the first event. */
  readonly now: Instant | null
  /** When the stage was entered. */
  readonly entered: Instant | null
  /** The last activity. */
  readonly last: Instant | null
  /** What rules listen for and was heard at `heardAt`; a move uses it up. */
  readonly heard: readonly string[]
  readonly heardAt: Instant | null
  /** How many moves were made at `entered`, the one into this stage included. */
  readonly turns: number
  /** What the facts of conditions remember. */
  readonly tracks: readonly Track[]
}

/** What a machine is made of, by the names of its rules. */
export interface MachineParts {
  readonly start: MachineContext
  /** The names of all rules that the machine knows. */
  readonly rules: ReadonlySet<string>
  /** Of those that time alone can bring about. */
  readonly timers: ReadonlySet<string>
  /** Whether an event is the subject's, and not older than what was taken. */
  comesNext(context: MachineContext, event: AnyEvent): boolean
  /** Whether a rule applies now. */
  applies(name: string, context: MachineContext): boolean
  /** How long until it does, if nothing happens; `Infinity` where it never does. */
  millisecondsTo(name: string, context: MachineContext): number
  /** After an event. */
  noted(context: MachineContext, event: AnyEvent): MachineContext
  /** After nothing but time. */
  passed(context: MachineContext, milliseconds: number): MachineContext
  /** After a move. */
  moved(context: MachineContext, from: string, to: string, rule: number | undefined): MachineContext
}

/** Whether a rule is of a kind that the machine can say. */
export const isKnownRule = (rule: MovingRule): boolean =>
  ['inactiveFor', 'inStageFor', 'since', 'on', 'when'].some((key) => key in rule)

/** So many moves at one instant, and rules do not rest; the engine stops there too. */
const TURNS = 1000

/** A rule at work: when its deadline is, if it has one; else whether it applies now, and when it will. */
interface Clockwork {
  applies(context: MachineContext, now: Instant): boolean
  /** The first instant from now on at which it applies if nothing happens. */
  readonly due?: (context: MachineContext, now: Instant) => Instant | undefined
  readonly reset: readonly number[]
}

/** The functions of a machine, made of a definition alone. */
export function machineParts(agreed: StatedLifecycle): MachineParts {
  const { id, calendar, events, activity } = agreed
  const context = { events, calendar, kinds: factKinds }
  const known = [...agreed.rules].flatMap(([stage, list]) =>
    list.flatMap((found, i) =>
      found !== undefined && isKnownRule(found.rule) ? [{ name: `${stage}_${i}`, rule: found.rule }] : [],
    ),
  )
  const activities = activity.map((heard) => heardOf(heard).event)
  const facts = new FactSet(
    known.flatMap(({ rule }) => factsOfRule(rule)),
    context,
    activities,
  )
  const clockworks = new Map(known.map(({ name, rule }) => [name, clockworkOf(rule)]))
  const isActive = activity.map((heard) => matcherOf(heardOf(heard), events))
  const listened = new Map(
    known.flatMap(({ rule }) =>
      'on' in rule ? [[heardKey(rule.on), matcherOf(heardOf(rule.on), events)] as const] : [],
    ),
  )
  const moveSet = `${id}/move-set`

  function clockworkOf(rule: MovingRule): Clockwork {
    const reset = (rule.reset ?? []).map((fact) => facts.place(factOf(fact)))
    if ('inactiveFor' in rule || 'inStageFor' in rule || 'since' in rule) {
      const span =
        'inactiveFor' in rule ? rule.inactiveFor : 'inStageFor' in rule ? rule.inStageFor : rule.reaches
      const add = calendarOf(calendar).adder(span)
      const deadline = (from: MachineContext): Instant | undefined => {
        const anchor = anchorOf(rule, from)
        return anchor === undefined ? undefined : add(anchor)
      }
      return {
        reset,
        applies(from, now) {
          const at = deadline(from)
          return at !== undefined && at <= now
        },
        due(from, now) {
          const at = deadline(from)
          return at === undefined ? undefined : Math.max(at, now)
        },
      }
    }
    const when = 'when' in rule && rule.when ? compileCondition(rule.when, facts, context) : undefined
    if (!('on' in rule)) return conditional(when!, reset)
    const key = heardKey(rule.on)
    return {
      reset,
      applies: ({ heardAt, heard, tracks }, now) =>
        heardAt === now && heard.includes(key) && (when === undefined || when.holds(tracks, now)),
    }
  }

  /** Since when the time of a rule runs. */
  function anchorOf(rule: MovingRule, { entered, last, tracks }: MachineContext): Instant | undefined {
    if ('inStageFor' in rule) return entered ?? undefined
    if ('inactiveFor' in rule) {
      // Silence cannot have begun before the end of a gap in tracking.
      const since = facts.trackedSince(activities, tracks)
      return last === null || since === Infinity ? undefined : Math.max(last, since)
    }
    if (!('since' in rule)) return undefined
    const place = facts.place(attribute(rule.since))
    return (facts.trackers[place]!.value(tracks[place]!, 0) as Instant | null) ?? undefined
  }

  return {
    start: {
      subject: null,
      now: null,
      entered: null,
      last: null,
      heard: [],
      heardAt: null,
      turns: 0,
      tracks: facts.start,
    },
    rules: new Set(clockworks.keys()),
    timers: new Set([...clockworks].flatMap(([name, { due }]) => (due === undefined ? [] : [name]))),
    comesNext({ subject, now }, event) {
      const { occurredAt } = event
      const isOurs = subject === null || concerns(events, event, subject)
      return isOurs && isInstant(occurredAt) && (now === null || occurredAt >= now)
    },
    applies(name, from) {
      if (from.now === null || !clockworks.get(name)!.applies(from, from.now)) return false
      if (from.turns > TURNS && from.entered === from.now)
        throw fault('never-settles', id, `${id}/stage-changed`, 'rules that rest')
      return true
    },
    millisecondsTo(name, from) {
      const { now } = from
      const at = now === null ? undefined : clockworks.get(name)!.due!(from, now)
      return now === null || at === undefined ? Infinity : at - now
    },
    noted(from, event) {
      const { type, occurredAt } = event
      const subject = from.subject ?? event.subject
      const entered = from.entered ?? occurredAt
      const tracks = facts.note(from.tracks, event, subject)
      const after = { ...from, subject, now: occurredAt, entered, tracks }
      if (type === moveSet) return { ...after, last: occurredAt }
      const active = from.last === null || isActive.some((matches) => matches(event, subject))
      const news = [...listened].flatMap(([key, matches]) => (matches(event, subject) ? [key] : []))
      const before = from.heardAt === occurredAt ? from.heard : []
      return {
        ...after,
        last: active ? occurredAt : from.last,
        heard: [...before, ...news],
        heardAt: occurredAt,
      }
    },
    passed: (from, milliseconds) => (from.now === null ? from : { ...from, now: from.now + milliseconds }),
    moved(from, stage, to, rule) {
      const now = from.now!
      const data = { from: stage, to, ...(rule !== undefined && { rule }), reason: null }
      const told = { id: '', type: `${id}/stage-changed`, subject: from.subject!, occurredAt: now, data }
      const tracks = facts.note(from.tracks, told, from.subject!)
      const reset = rule === undefined ? [] : clockworks.get(`${stage}_${rule}`)!.reset
      return {
        ...from,
        entered: now,
        turns: from.entered === now ? from.turns + 1 : 1,
        heard: [],
        tracks: tracks.map((track, place) => (reset.includes(place) ? facts.start[place]! : track)),
      }
    },
  }
}

const conditional = (when: CompiledCondition, reset: readonly number[]): Clockwork => ({
  reset,
  applies: ({ tracks }, now) => when.holds(tracks, now),
  due: ({ tracks }, now) => firstHolding(when, tracks, now),
})

/** Whether an event is about the subject: its own, or one in which it takes part in a role. */
function concerns(events: EventSpecs, event: AnyEvent, subject: string): boolean {
  if (event.subject === subject) return true
  const fields = Object.hasOwn(events, event.type) ? events[event.type]! : {}
  const data = event.data as Readonly<Record<string, unknown>>
  return Object.entries(fields).some(([name, { type }]) => type === 'ref' && data[name] === subject)
}
