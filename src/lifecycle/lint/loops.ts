import {
  type Condition,
  canonical,
  type Duration,
  type FactContext,
  lintCondition,
} from '../../kernel/index.js'
import { takesNone } from '../../kernel/lint/lengths.js'
import type { Agreed } from '../agreed.js'
import { factOf, factsOfRule, heardOf } from '../rule.js'
import { type Edge, factNames, spanOf } from './edges.js'

/** Stages that could pass somebody round without time passing. */
export interface Loop {
  readonly edges: readonly Edge[]
  /** No condition stands in its way: it happens to everybody who comes there and waits. */
  readonly isCertain: boolean
}

/** How many ways round are looked at. */
const WAYS = 5000

/**
 * Ways round that take no time. Silence and age are still there after a move, and conditions may still hold; events are used
 * up, and time in a stage begins anew.
 */
export function loopsOf(
  edges: ReadonlyMap<string, readonly Edge[]>,
  agreed: Agreed,
  context: FactContext,
): readonly Loop[] {
  const quick = new Map(
    [...edges].map(([stage, own]) => [stage, own.filter((edge) => takesNoTime(edge, agreed))]),
  )
  const loops: Loop[] = []
  const seen = new Set<string>()
  let left = WAYS
  for (const [start, first] of quick) {
    const ways = first.map((edge): readonly Edge[] => [edge])
    for (let way = ways.pop(); way !== undefined && left > 0; way = ways.pop()) {
      left -= 1
      const last = way.at(-1)!
      if (last.to === start) {
        const name = way
          .map(({ from, path }) => `${from}${path}`)
          .sort()
          .join()
        if (!seen.has(name)) {
          seen.add(name)
          const loop = loopAlong(way, edges, agreed, context)
          if (loop !== undefined) loops.push(loop)
        }
        continue
      }
      if (way.some(({ from }) => from === last.to)) continue
      for (const edge of quick.get(last.to) ?? []) ways.push([...way, edge])
    }
  }
  return loops
}

function takesNoTime(edge: Edge, { calendar }: Agreed): boolean {
  if (edge.isIdle || 'on' in edge.rule) return false
  const time = spanOf(edge)
  if (time === undefined) return 'when' in edge.rule
  return time.kind !== 'inStageFor' || takesNone({ duration: time.span, calendar })
}

/** The way round, unless its conditions exclude each other, or what it resets ends it. */
function loopAlong(
  way: readonly Edge[],
  edges: ReadonlyMap<string, readonly Edge[]>,
  agreed: Agreed,
  context: FactContext,
): Loop | undefined {
  const reset = new Set(way.flatMap(({ rule }) => (rule.reset ?? []).map((fact) => canonical(factOf(fact)))))
  if (way.some(({ rule }) => factNames(factsOfRule(rule)).some((fact) => reset.has(fact)))) return undefined
  const ownMove = `${agreed.id}/stage-changed`
  const conditions = way.flatMap(({ rule }) => ('when' in rule && rule.when ? [rule.when] : []))
  // What reads the moves themselves changes on the way.
  if (JSON.stringify(conditions).includes(`"${ownMove}"`)) return undefined
  const silences = way.flatMap(({ rule }) =>
    'inactiveFor' in rule ? silenceOf(rule.inactiveFor, agreed) : [],
  )
  const passed = way.flatMap((edge) => earlierThan(edge, edges.get(edge.from)!))
  const all = [...conditions, ...silences, ...passed].map((one) => JSON.parse(canonical(one)) as Condition)
  if (conditions.length === 0 && passed.length === 0) return { edges: way, isCertain: true }
  const whole: Condition = { condition: 'all', of: all }
  const isImpossible = lintCondition(whole, context).some(
    ({ code, path }) => code === 'never-true' && path === '$',
  )
  return isImpossible ? undefined : { edges: way, isCertain: false }
}

/** What did not hold where an earlier rule without an event was passed by. */
function earlierThan(edge: Edge, own: readonly Edge[]): readonly Condition[] {
  return own.slice(0, own.indexOf(edge)).flatMap(({ rule, isIdle }): readonly Condition[] => {
    if (isIdle || 'on' in rule || !('when' in rule) || rule.when === undefined) return []
    return [{ condition: 'not', of: rule.when }]
  })
}

/** A silence as conditions: nothing that counts as activity in so long. */
function silenceOf(span: Duration, { activity }: Agreed): readonly Condition[] {
  return activity.map((heard): Condition => {
    const { event, as, where } = heardOf(heard as never)
    const scope = { event, ...(as !== undefined && { as }), ...(where !== undefined && { where }) }
    return { condition: 'lt', fact: { fact: 'count', ...scope, within: span }, value: 1 }
  })
}
