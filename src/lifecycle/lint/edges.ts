import { COVERAGE } from '../../kernel/coverage.js'
import {
  canonical,
  type Duration,
  type Fact,
  type FactContext,
  type Finding,
  lintRules,
} from '../../kernel/index.js'
import { isNoLonger, isOverBefore, isShorter } from '../../kernel/lint/lengths.js'
import type { Agreed } from '../agreed.js'
import type { Heard } from '../definition.js'
import { factOf, factsOfRule, heardKey, heardOf, rulesOf, type StageRule } from '../rule.js'

/** A rule as a way from a stage, with what is certain of it. */
export interface Edge {
  readonly from: string
  readonly to: string
  readonly path: string
  readonly rule: StageRule['rule']
  /** It never fires: its condition never holds, others always come before it, or nobody sends its event. */
  isIdle: boolean
}

/** What is asked about a definition. */
export interface Question {
  readonly agreed: Agreed
  readonly context: FactContext
  readonly effort?: number
  readonly retention?: Duration
  readonly observed?: readonly string[]
}

/** A finding of a stage's rules. */
export interface RuleFinding {
  readonly stage: string
  readonly finding:
    | Finding
    | {
        readonly code: 'never-wins'
        readonly path: string
        readonly stage: string
        readonly related: readonly string[]
      }
}

/** The rules of every stage as ways, and what is strange about them. */
export function edgesOf(question: Question): {
  readonly edges: ReadonlyMap<string, readonly Edge[]>
  readonly findings: readonly RuleFinding[]
} {
  const { agreed } = question
  const edges = new Map<string, readonly Edge[]>()
  const found = agreed.stages.map((stage) =>
    rulesOf(agreed as never, stage).flatMap((one): readonly Edge[] =>
      one === undefined
        ? []
        : [{ from: stage, to: one.rule.to, path: one.path, rule: one.rule, isIdle: false }],
    ),
  )
  const begunAnew = new Set(
    found.flat().flatMap(({ rule }) => (rule.reset ?? []).map((fact) => canonical(factOf(fact)))),
  )
  const findings: RuleFinding[] = []
  for (const [i, stage] of agreed.stages.entries()) {
    const own = found[i]!
    edges.set(stage, own)
    for (const finding of judged(own, question, begunAnew)) findings.push({ stage, finding })
  }
  for (const [stage, own] of edges)
    for (const edge of own) {
      const related = beaten(edge, own, edges, agreed)
      if (related === undefined) continue
      edge.isIdle = true
      findings.push({ stage, finding: { code: 'never-wins', path: edge.path, stage, related: [related] } })
    }
  return { edges, findings }
}

/** What the kernel finds in the conditions of one stage. */
function judged(
  own: readonly Edge[],
  { context, ...options }: Question,
  begunAnew: ReadonlySet<string>,
): readonly Finding[] {
  const { effort, retention, observed } = options
  const known = {
    ...(effort !== undefined && { effort }),
    ...(retention !== undefined && { retention }),
    ...(observed !== undefined && { observed }),
  }
  const asked = own.filter(({ rule }) => 'on' in rule || 'when' in rule)
  const findings: Finding[] = []
  const look = (some: readonly Edge[]) => {
    const alternatives = some.map(({ rule, to }) => {
      const { when } = rule as { readonly when?: never }
      const on = 'on' in rule ? heardOf(rule.on) : undefined
      const { event, as } = on ?? {}
      return {
        to,
        ...(event !== undefined && { on: as === undefined ? event : { event, as } }),
        ...(when !== undefined && { when }),
      }
    })
    return lintRules(alternatives, context, known).map((finding) => placed(finding, some))
  }
  // Facts that begin anew no longer hang together with others: what is said of several of them at once is not certain.
  const isCertain = (some: readonly Edge[]) => {
    const facts = new Set(some.flatMap(({ rule }) => factsOfRule(rule)).map(canonical))
    return facts.size <= 1 || [...facts].every((fact) => !begunAnew.has(fact))
  }
  for (const edge of asked) {
    for (const finding of look([edge])) {
      const isOfOne = FACTUAL.includes(finding.code)
      if (isOfOne || isCertain([edge])) findings.push(finding)
      if (finding.code === 'never-true' && finding.path === `${edge.path}.when` && isCertain([edge]))
        edge.isIdle = true
      if (finding.code === 'unsent-event' && finding.path === `${edge.path}.on`) edge.isIdle = true
    }
  }
  const isTracked = Object.hasOwn(context.events, COVERAGE)
  for (const [i, edge] of asked.entries()) {
    if (edge.isIdle) continue
    const rivals = asked.slice(0, i).filter((one) => !one.isIdle && hearsWith(one, edge))
    const groups = isCertain([...rivals, edge])
      ? [rivals]
      : rivals.filter((one) => isCertain([one, edge])).map((one) => [one])
    const shadow = groups
      .flatMap((some) => (some.length === 0 ? [] : look([...some, edge])))
      .find(({ code, path }) => code === 'shadowed' && path === edge.path)
    if (shadow === undefined) continue
    findings.push(shadow)
    // Over a gap in tracking the earlier rule may be not observed where this one holds.
    if (!isTracked) edge.isIdle = true
  }
  const active = asked.filter(({ isIdle }) => !isIdle)
  const isSaid = new Set(findings.flatMap(({ code, path }) => (code === 'shadowed' ? [path] : [])))
  for (const [k, later] of active.entries())
    for (const earlier of active.slice(0, k)) {
      if (earlier.to === later.to || isSaid.has(later.path) || areApart(earlier, later)) continue
      // Fields are left out here, so that one of two rules on one event may seem to come before the other always.
      if (
        look([earlier, later]).some(
          ({ code, path }) => code === 'overlapping' || (code === 'shadowed' && path === later.path),
        )
      )
        findings.push({ code: 'overlapping', path: earlier.path, related: [later.path] })
    }
  const sent = observed
  if (sent !== undefined && !sent.includes('attribute-set'))
    for (const edge of own) {
      if (!('since' in edge.rule)) continue
      edge.isIdle = true
      findings.push({ code: 'unsent-event', path: `${edge.path}.since`, event: 'attribute-set' })
    }
  return findings
}

/** Findings that do not depend on how facts hang together. */
const FACTUAL: readonly string[] = [
  'window-longer-than-retention',
  'undeclared-event',
  'unsent-event',
  'not-decided',
]

/** A finding about alternatives, with the paths of their rules. */
function placed(finding: Finding, some: readonly Edge[]): Finding {
  const at = (path: string) => {
    const parts = /^\$\[(\d+)\]/.exec(path)
    return parts === null ? path : some[Number(parts[1])]!.path + path.slice(parts[0].length)
  }
  return 'related' in finding
    ? { ...finding, path: at(finding.path), related: finding.related.map(at) }
    : { ...finding, path: at(finding.path) }
}

const heardIn = ({ rule }: Edge): Heard | undefined => ('on' in rule ? rule.on : undefined)

/** Whether a rule is asked at every moment at which another is. */
function hearsWith(one: Edge, other: Edge): boolean {
  const [a, b] = [heardIn(one), heardIn(other)]
  return a === undefined || (b !== undefined && hearsAll(a, b))
}

/** Whether an event that is heard in one way is heard in the other, whatever it says. */
function hearsAll(wide: Heard, narrow: Heard): boolean {
  const [a, b] = [heardOf(wide), heardOf(narrow)]
  if (heardKey(wide) === heardKey(narrow)) return true
  return a.event === b.event && a.as === b.as && a.where === undefined
}

/** Whether two rules wait for events that are never the same one: a field has to be one thing and another. */
function areApart(a: Edge, b: Edge): boolean {
  const [one, other] = [heardIn(a), heardIn(b)]
  if (one === undefined || other === undefined) return false
  const [mine, yours] = [heardOf(one).where ?? {}, heardOf(other).where ?? {}]
  return Object.keys(mine).some((name) => {
    if (!Object.hasOwn(yours, name)) return false
    const [these, those] = [valuesOf(mine[name]), valuesOf(yours[name])]
    if (these !== undefined && those !== undefined) return these.every((value) => !those.includes(value))
    const [low, high] = [rangeOf(mine[name]), rangeOf(yours[name])]
    return low !== undefined && high !== undefined && (low[1] < high[0] || high[1] < low[0])
  })
}

/** The values that a filter lets pass, where it lists them. */
function valuesOf(filter: unknown): readonly unknown[] | undefined {
  if (Array.isArray(filter)) return filter.map(String)
  return typeof filter === 'object' ? undefined : [String(filter)]
}

/** Bounds of a filter on whole numbers; open ends are a little inside, which is enough to tell apart. */
function rangeOf(filter: unknown): readonly [low: number, high: number] | undefined {
  if (typeof filter !== 'object' || filter === null || Array.isArray(filter) || 'not' in filter)
    return undefined
  const { gte, gt, lte, lt } = filter as Readonly<Record<string, unknown>>
  const least = gte ?? gt
  const most = lte ?? lt
  const low = least === undefined ? Number.NEGATIVE_INFINITY : Number(least)
  const high = most === undefined ? Number.POSITIVE_INFINITY : Number(most)
  const open = Number.MIN_VALUE
  return [
    gt === undefined ? low : low + Math.max(open, Math.abs(low) * 1e-12),
    lt === undefined ? high : high - Math.max(open, Math.abs(high) * 1e-12),
  ]
}

type Timed = 'inactiveFor' | 'inStageFor' | 'reaches'

/** From what a rule of time counts, and how long. */
export function spanOf({
  rule,
}: Edge): { readonly kind: Timed; readonly from: string; readonly span: Duration } | undefined {
  if ('inactiveFor' in rule) return { kind: 'inactiveFor', from: 'activity', span: rule.inactiveFor }
  if ('inStageFor' in rule) return { kind: 'inStageFor', from: 'entry', span: rule.inStageFor }
  if ('since' in rule) return { kind: 'reaches', from: `since ${rule.since}`, span: rule.reaches }
  return undefined
}

/** The rule of time that always comes before another. */
function beaten(
  edge: Edge,
  own: readonly Edge[],
  edges: ReadonlyMap<string, readonly Edge[]>,
  agreed: Agreed,
): string | undefined {
  const time = spanOf(edge)
  if (time === undefined || edge.isIdle) return undefined
  const { calendar } = agreed
  const place = own.indexOf(edge)
  const mine = { duration: time.span, calendar }
  for (const [i, other] of own.entries()) {
    const rival = spanOf(other)
    if (rival === undefined || other === edge || other.isIdle) continue
    const its = { duration: rival.span, calendar }
    // Whose time was over on entry is taken in the order of the list: being shorter is not enough.
    if (rival.from === time.from) {
      if (i < place && isNoLonger(its, mine)) return other.path
      if (rival.kind === 'inStageFor' && isShorter(its, mine)) return other.path
    }
    // Who enters by activity has been silent no longer than in the stage.
    if (
      rival.kind === 'inStageFor' &&
      time.kind === 'inactiveFor' &&
      isEnteredActively(edge.from, edges, agreed)
    ) {
      if (isShorter(its, mine) || (i < place && isOverBefore(its, mine))) return other.path
    }
  }
  return undefined
}

/** Whether every way into a stage is an activity; moves by hand are one, and the first input is. */
const isEnteredActively = (
  stage: string,
  edges: ReadonlyMap<string, readonly Edge[]>,
  agreed: Agreed,
): boolean => [...edges.values()].flat().every((edge) => edge.to !== stage || comesByActivity(edge, agreed))

/** Whether a rule waits for what counts as activity. */
export function comesByActivity(edge: Edge, { activity }: Agreed): boolean {
  const heard = heardIn(edge)
  return heard !== undefined && (activity as readonly Heard[]).some((one) => hearsAll(one, heard))
}

/** The facts that rules read, by name. */
export const factNames = (facts: readonly Fact[]): readonly string[] => facts.map(canonical)
