import { canonical, digestName, type Json, plain } from '../../kernel/digest.js'
import type { Vocabulary } from '../../kernel/vocabulary.js'
import type { StagePlanDefinition } from './definition.js'
import { readPlan } from './reading.js'
import { planSentences } from './sentences.js'

/** A plan that holds. Verbs take it; `explain(plan, finding, lang)` says what they found. */
export interface StagePlan<Stage extends string, Line extends string, Year extends number> {
  readonly id: string
  readonly version: number
  readonly stages: readonly Stage[]
  readonly lines: readonly Line[]
  readonly years: readonly Year[]
  /** Plain JSON; `stagePlanFrom` reads it back. */
  readonly definition: Json
  /** Tells definitions apart. */
  readonly hash: string
  readonly vocabulary: Vocabulary
}

/**
 * A stage plan: for each stage and year a goal, an owner, a budget, and the flow that is expected.
 *
 * Money is split exactly: the parts of a year add up to it to the smallest unit. Every stage has one owner, and money that
 * is for no stage alone names one; a stage without a goal is allowed and found by `lintStagePlan`.
 *
 * @throws DefinitionError with the path of the first thing that is wrong: `unknown-name` for stages, lines and years that the
 * plan does not have, `missing` for an owner, a year's money or a bound, `out-of-range` for portions that do not make the
 * whole or shares that leave a stage and are more than everybody, `invalid-amount` and `currency-mismatch` for money.
 * @example
 * defineStagePlan({
 *   id: 'members', version: 1, currency: 'CNY', pace: 'several-moves-a-year',
 *   stages: ['lead', 'active'], years: [2026], lines: ['segmentation', 'content'],
 *   owners: { lead: 'growth', active: 'members' },
 *   goals: { active: { 2026: { measure: 'count', atLeast: 3000 } } },
 *   budget: { 2026: { whole: '100000', lines: { segmentation: '40%', content: 'remaining' }, stages: { lead: 1, active: 1 } } },
 *   flows: [{ from: null, to: 'lead', count: 10000 }, { from: 'lead', to: 'active', share: '25%', cost: '12.50' }],
 * }).years // => [2026]
 */
export function defineStagePlan<
  const Stage extends string,
  const Line extends string,
  const Year extends number,
>(definition: StagePlanDefinition<Stage, Line, Year>): StagePlan<Stage, Line, Year> {
  readPlan(definition as unknown as StagePlanDefinition)
  const agreed = plain(definition)
  const { id, version, stages, lines, years, words = {} } = agreed
  return {
    id,
    version,
    stages,
    lines,
    years,
    definition: agreed as unknown as Json,
    hash: digestName(canonical(agreed)),
    vocabulary: { sentences: planSentences, words: words as Vocabulary['words'], events: {} },
  }
}
