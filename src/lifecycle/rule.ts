import { canonical, digestName, type Fact, factsOf, plain } from '../kernel/index.js'
import type { Heard, HeardScope, LifecycleDefinition, ResetFact, Rule } from './definition.js'

/** A rule of a stage, with the place where it stands in the definition. */
export interface StageRule {
  readonly rule: Exclude<Rule, { readonly ignores: unknown }>
  readonly path: string
}

/**
 * The rules of a stage in the order in which they are asked: its own, then those of everywhere that can lead on from it. What it
 * ignores keeps its place, so that rules are numbered as they are written.
 */
export function rulesOf(
  { rules, everywhere = [], stages, final = [], forwardOnly }: Omit<LifecycleDefinition, 'events'>,
  stage: string,
): readonly (StageRule | undefined)[] {
  if (final.includes(stage)) return []
  const own = rules[stage]!.map((rule, i) => moving(rule, `$.rules.${stage}[${i}]`))
  const shared = everywhere.map((rule, i) => {
    const found = moving(rule, `$.everywhere[${i}]`)
    if (found === undefined || found.rule.to === stage) return undefined
    return forwardOnly && stages.indexOf(found.rule.to) < stages.indexOf(stage) ? undefined : found
  })
  return [...own, ...shared]
}

const moving = (rule: Rule, path: string): StageRule | undefined =>
  'ignores' in rule ? undefined : { rule, path }

/** An event that is heard, in full. */
export const heardOf = (heard: Heard): HeardScope =>
  typeof heard === 'string' ? { event: heard } : (heard as HeardScope)

/** How an event that is heard is called. */
export function heardKey(heard: Heard): string {
  const { event, as, where } = heardOf(heard)
  const inRole = as === undefined ? event : `${event} as ${as}`
  return where === undefined ? inRole : `${inRole} where ${digestName(canonical(where))}`
}

/** The fact that an attribute is. */
export const attribute = (name: string): Fact => ({ fact: 'attribute', attribute: name })

/** The fact behind its builder. */
export const factOf = (fact: ResetFact): Fact => (typeof fact?.fact === 'object' ? fact.fact : (fact as Fact))

/** The facts that a rule reads. */
export function factsOfRule(rule: Rule): readonly Fact[] {
  if ('since' in rule) return [attribute(rule.since)]
  return 'when' in rule && rule.when ? factsOf(rule.when) : []
}

/** The part of a definition that says where its rules lead; stored as it was agreed, without what was left open. */
export function agreedRules(definition: LifecycleDefinition) {
  const { rules, everywhere, final, forwardOnly, exhaustive, promises } = definition
  const listed = (list: readonly Rule[]) =>
    list.map((rule) => ('reset' in rule && rule.reset ? { ...rule, reset: rule.reset.map(factOf) } : rule))
  return plain({
    rules: Object.fromEntries(Object.entries(rules).map(([stage, list]) => [stage, listed(list)])),
    ...(everywhere !== undefined && everywhere.length > 0 && { everywhere: listed(everywhere) }),
    ...(final !== undefined && final.length > 0 && { final }),
    ...(forwardOnly && { forwardOnly }),
    ...(exhaustive && { exhaustive: true }),
    ...(promises !== undefined && promises.length > 0 && { promises }),
  })
}
