import type { CalendarDefinition } from '../../kernel/calendar.js'
import type { Fact } from '../../kernel/fact.js'
import type { EventSpecs } from '../../kernel/field.js'
import type { Where } from '../../kernel/filter.js'
import type { Instant } from '../../kernel/instant.js'
import type { Rule as RuleOf } from '../../lifecycle/definition.js'
import type { ServicePromise } from '../../lifecycle/promise.js'
import { oracleCalendar } from './calendar.js'
import { gapsIn } from './coverage.js'
import { isAbout, type OraclePast, pastOf, read } from './events.js'
import { oracleFact } from './facts.js'
import type { OracleEntry, OracleNext, OraclePart } from './log.js'
import { oracleMoments } from './moments.js'
import { type OracleDesk, oraclePromises, promiseNext } from './promises.js'
import { oracleCondition } from './truth.js'

type Rule = RuleOf<string, EventSpecs, string>

/** A lifecycle's `definition`, as its engine carries it. */
export interface OracleStages {
  readonly model: 'lifecycle'
  readonly id: string
  readonly calendar: CalendarDefinition
  readonly events: EventSpecs
  readonly activity: readonly OracleHeard[]
  readonly stages: readonly string[]
  readonly initial: string
  readonly rules: { readonly [stage: string]: readonly Rule[] }
  readonly everywhere?: readonly Rule[]
  readonly final?: readonly string[]
  readonly forwardOnly?: boolean
  readonly promises?: readonly ServicePromise[]
}

type OracleHeard = string | { readonly event: string; readonly as?: string; readonly where?: Where }
type Leading = Extract<Rule, { readonly to: string }>

/** One move of a subject. */
export interface OracleMove {
  readonly at: Instant
  readonly from: string
  readonly to: string
  /** Index of the rule; none for a move by hand. */
  readonly rule?: number
}

/** Where a subject stands by the log alone. */
interface Stand {
  readonly stage: string
  readonly since: Instant
  readonly activeAt: Instant
  /** What has been heard since the last move. */
  readonly unused: readonly OracleEntry[]
  readonly byHand: string | undefined
}

/** Facts that say the same have one text, whatever the order of their keys. */
const written = (fact: unknown): string =>
  JSON.stringify(fact, (_, value: unknown) =>
    typeof value === 'object' && value !== null && !Array.isArray(value)
      ? Object.fromEntries(Object.entries(value).sort())
      : value,
  )

/** A lifecycle as a part: where it stands and goes is read from the whole log at every question. */
export function stagesPart(definition: OracleStages, subject: string): OraclePart {
  const { id, initial, rules, activity, calendar, events, promises } = definition
  const changed = `${id}/stage-changed`
  const moveSet = `${id}/move-set`
  const { add } = oracleCalendar(calendar)
  const declared = (type: string) =>
    Object.hasOwn(events, type) || type === moveSet || (promises && type === `${id}/promise-set`)

  const isHeard = (event: OracleEntry, heard: OracleHeard) => {
    const scope = typeof heard === 'string' ? { event: heard } : heard
    return isAbout(scope, event, { events: [], subject, scope: { events } })
  }

  const desk: OracleDesk = {
    id,
    initial,
    calendar: oracleCalendar(calendar),
    isHeard: (event, heard) => isHeard(event, heard as OracleHeard),
  }

  /** What a stage goes by, number by number: nothing where a rule leads nowhere from here. */
  const rulesIn = (stage: string): readonly (Leading | undefined)[] => {
    if (definition.final?.includes(stage)) return []
    const place = (name: string) => definition.stages.indexOf(name)
    const own = rules[stage]!.map((rule) => ('to' in rule ? rule : undefined))
    const shared = (definition.everywhere ?? []).map((rule) => {
      if (!('to' in rule) || rule.to === stage) return undefined
      return definition.forwardOnly && place(rule.to) < place(stage) ? undefined : rule
    })
    return [...own, ...shared]
  }

  /** How much of the log a fact has forgotten: up to the last move whose rule let it begin anew. */
  const forgottenIn = (log: readonly OracleEntry[]) => (fact: Fact) => {
    const begins = log.map((entry) => {
      if (entry.type !== changed) return false
      const rule = read(entry, 'rule')
      const made = rule === undefined ? undefined : rulesIn(read(entry, 'from') as string)[rule as number]
      return (made?.reset ?? []).some((one) => written(one) === written(fact))
    })
    return begins.lastIndexOf(true) + 1
  }

  function standOf(log: readonly OracleEntry[]): Stand | undefined {
    const heard = log.filter(({ type }) => declared(type))
    const first = heard[0]
    if (first === undefined) return undefined
    const moved = log.filter(({ type }) => type === changed).at(-1)
    const active = heard.filter(
      (event) => event === first || event.type === moveSet || activity.some((one) => isHeard(event, one)),
    )
    const unused = moved === undefined ? log : log.slice(log.indexOf(moved) + 1)
    const stage = moved === undefined ? initial : (read(moved, 'to') as string)
    const wanted = unused.filter(({ type }) => type === moveSet).at(-1)
    const to = wanted && (read(wanted, 'to') as string)
    return {
      stage,
      since: (moved ?? first).occurredAt,
      activeAt: active.at(-1)!.occurredAt,
      unused,
      byHand: to === stage ? undefined : to,
    }
  }

  /** Promises end before moves are made at the same instant. */
  function next(log: readonly OracleEntry[], from: Instant): OracleNext | undefined {
    const move = nextMove(log, from)
    const ending = promises && standOf(log) && promiseNext(oraclePromises(promises, log, desk), from, id)
    return ending === undefined || (move !== undefined && move.at < ending.at) ? move : ending
  }

  function nextMove(log: readonly OracleEntry[], from: Instant): OracleNext | undefined {
    const stand = standOf(log)
    if (stand === undefined) return undefined
    const { stage, byHand } = stand
    if (byHand !== undefined) return { at: from, type: changed, data: { from: stage, to: byHand } }
    const past: OraclePast = {
      events: log,
      subject,
      scope: { calendar, events },
      forgotten: forgottenIn(log),
    }
    const list = rulesIn(stage)
    const deadlines = list.map((rule) => rule && deadlineOf(rule, stand, past))
    const moments = list.flatMap((rule) =>
      rule !== undefined && 'when' in rule && rule.when ? oracleMoments(rule.when, past) : [],
    )
    const instants = [from, ...deadlines.flatMap((at) => at ?? []), ...moments].filter((at) => at >= from)
    for (const at of instants.sort((a, b) => a - b)) {
      const rule = list.findIndex(
        (one, i) => one !== undefined && applies(one, deadlines[i], stand, past, at),
      )
      if (rule >= 0) return { at, type: changed, data: { from: stage, to: list[rule]!.to, rule } }
    }
    return undefined
  }

  /** When a rule of time alone applies from. */
  function deadlineOf(rule: Leading, stand: Stand, past: OraclePast): Instant | undefined {
    if ('inactiveFor' in rule) {
      // Whatever was hidden was done at the end of a gap at the latest.
      const ends = activity.flatMap((one) =>
        gapsIn(typeof one === 'string' ? one : one.event, past).map(({ to }) => to),
      )
      const silent = Math.max(stand.activeAt, ...ends)
      return silent === Number.POSITIVE_INFINITY ? undefined : add(silent, rule.inactiveFor)
    }
    if ('inStageFor' in rule) return add(stand.since, rule.inStageFor)
    if (!('since' in rule)) return undefined
    const attribute: Fact = { fact: 'attribute', attribute: rule.since }
    const born = oracleFact(attribute, pastOf(attribute, past), stand.since)
    return born === null ? undefined : add(born as Instant, rule.reaches)
  }

  function applies(
    rule: Leading,
    deadline: Instant | undefined,
    { unused }: Stand,
    past: OraclePast,
    at: Instant,
  ) {
    if ('broken' in rule)
      return unused.some(
        (entry) =>
          entry.type === `${id}/promise-broken` &&
          entry.occurredAt === at &&
          read(entry, 'promise') === rule.broken,
      )
    if (!('on' in rule) && !('when' in rule)) return deadline !== undefined && deadline <= at
    const { when } = rule
    if (when !== undefined && !oracleCondition(when, past, at)) return false
    if (!('on' in rule)) return true
    const { on } = rule as Extract<Leading, { on: unknown }>
    return unused.some((event) => event.occurredAt === at && isHeard(event, on as OracleHeard))
  }

  return {
    id,
    next,
    command: () => undefined,
    view(log, asOf) {
      const stand = standOf(log)
      // Promises may end before the next move, and bring it about.
      let [longer, coming] = [log, next(log, asOf)]
      while (coming !== undefined && coming.type !== changed) {
        const { at, type, data } = coming
        longer = [...longer, { id: `ahead-${longer.length}`, type, subject, occurredAt: at, data }]
        coming = next(longer, at)
      }
      const told = promises && oraclePromises(promises, log, desk)
      return {
        stage: stand?.stage ?? initial,
        since: stand?.since ?? null,
        next: coming === undefined ? null : { to: (coming.data as OracleMove).to, at: coming.at },
        ...(told && {
          promises: Object.fromEntries(promises.map(({ promise }, i) => [promise, told[i]?.shown ?? null])),
        }),
      }
    },
  }
}

/** The moves of one lifecycle that stand in a log. */
export const movesIn = (log: readonly OracleEntry[], id: string): readonly OracleMove[] =>
  log
    .filter(({ type }) => type === `${id}/stage-changed`)
    .map(({ occurredAt, data }) => ({ at: occurredAt, ...(data as Omit<OracleMove, 'at'>) }))
