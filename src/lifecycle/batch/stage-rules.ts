import { fault } from '../../kernel/errors.js'
import type { Engine, EventSpecs, Json } from '../../kernel/index.js'
import { isRecord } from '../../kernel/plain.js'
import type { LifecycleDefinition } from '../definition.js'
import { defineLifecycle, type LifecycleKinds } from '../lifecycle.js'
import { rulesOf, type StageRule } from '../rule.js'
import { type CheckFields, fieldCheck } from './read-fields.js'

/** A lifecycle of any stages and events. */
type AnyLifecycle = Engine<LifecycleKinds<string, string, EventSpecs>>

/** The stored definition of a lifecycle, its events as fields. */
export type StoredLifecycle = Omit<LifecycleDefinition, 'events'> & { readonly events: EventSpecs }

/** A rule that can lead on from a stage, by number. */
export interface NumberedRule extends StageRule {
  readonly from: number
  readonly to: number
  /** Where it stands among the rules of its stage, as moves name it. */
  readonly index: number
}

/** What a lifecycle follows, made ready to be followed by number. */
export interface StageRules {
  readonly engine: AnyLifecycle
  readonly definition: StoredLifecycle
  readonly stages: readonly string[]
  readonly initial: number
  /** Of all stages in turn; what is ignored is none. */
  readonly rules: readonly NumberedRule[]
  /** The number of a rule, by stage and by its place there. */
  numberOf(stage: number, index: number): number
  /** What it hears, without what it says itself and moves by hand. */
  readonly types: readonly string[]
  /** What it says. */
  readonly changed: string
  /** What moves somebody by hand. */
  readonly moveSet: string
  readonly checkFields: CheckFields
  /** Roles, other than one's own, in which it hears of people. */
  readonly roles: ReadonlySet<string>
}

/**
 * A lifecycle, or its definition, taken apart.
 *
 * @throws DefinitionError `wrong-type` for what is neither, `too-large` for more than 250 stages.
 */
export function stageRulesOf(lifecycle: unknown, path: string): StageRules {
  if (!isRecord(lifecycle)) throw fault('wrong-type', path, lifecycle, 'what defineLifecycle makes, or takes')
  const engine = (isEngine(lifecycle)
    ? lifecycle
    : defineLifecycle(lifecycle as unknown as LifecycleDefinition)) as unknown as AnyLifecycle
  const definition = engine.definition as unknown as StoredLifecycle & { readonly model?: string }
  if (definition.model !== 'lifecycle') throw fault('wrong-type', path, definition.model, 'a lifecycle')
  const { stages, initial, events, id } = definition
  if (stages.length > 250) throw fault('too-large', `${path}.stages`, stages.length, 'up to 250 stages')
  const byStage = stages.map((stage) => rulesOf(definition, stage))
  const rules: NumberedRule[] = []
  const numbers = byStage.map((list, from) =>
    list.map((found, index) => {
      if (found === undefined) return -1
      return rules.push({ ...found, from, to: stages.indexOf(found.rule.to), index }) - 1
    }),
  )
  const changed = `${id}/stage-changed`
  const moveSet = `${id}/move-set`
  return {
    engine,
    definition,
    stages,
    initial: stages.indexOf(initial),
    rules,
    numberOf: (stage, index) => numbers[stage]![index]!,
    types: Object.keys(events).filter((type) => type !== moveSet && !Object.hasOwn(engine.publishes, type)),
    changed,
    moveSet,
    checkFields: fieldCheck({ ...definition, events: null, calendar: null, words: null }, events),
    roles: new Set(rolesIn(definition as unknown as Json)),
  }
}

const isEngine = (value: Readonly<Record<string, unknown>>): boolean =>
  typeof value['hash'] === 'string' && isRecord(value['model']) && typeof value['decide'] === 'function'

/** Roles that stand behind `as` anywhere in the rules, facts and activity of a definition. */
function rolesIn(definition: Json): readonly string[] {
  const { events: _, calendar: __, words: ___, ...rest } = definition as { readonly [name: string]: Json }
  const roles: string[] = []
  const left: Json[] = [rest]
  for (let value = left.pop(); value !== undefined; value = left.pop()) {
    if (typeof value !== 'object' || value === null) continue
    for (const [key, inner] of Object.entries(value)) {
      if (key === 'as' && typeof inner === 'string') roles.push(inner)
      else left.push(inner)
    }
  }
  return roles
}
