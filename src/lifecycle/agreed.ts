import { checkRecord, fault, kindOf } from '../kernel/errors.js'
import {
  type AnyEvent,
  type Engine,
  type FactSet,
  type Instant,
  type Journal,
  joinVocabularies,
  type Kinds,
  type Speaker,
  type Vocabulary,
} from '../kernel/index.js'
import type { LifecycleDefinition } from './definition.js'
import type { LifecycleState, MoveReason } from './lifecycle.js'
import { rulesOf, type StageRule } from './rule.js'

/** The types of an engine that keeps stages. */
export type StageKinds = Kinds & { state: LifecycleState<string> }

/** The stages of an engine. */
export type StageOf<K extends StageKinds> = K['state'] extends LifecycleState<infer Stage> ? Stage : never

/** What was agreed, as an engine carries it. */
export type Agreed = Omit<LifecycleDefinition, 'events' | 'words'> & {
  readonly events: LifecycleDefinition['events']['events']
}

/** @throws DefinitionError `wrong-type` for what is no lifecycle. */
export function agreedOf<K extends StageKinds>(engine: Engine<K>): Agreed {
  checkRecord(engine, '$.engine')
  const { definition } = engine
  const { model } = (definition ?? {}) as { readonly model?: unknown }
  if (model !== 'lifecycle') throw fault('wrong-type', '$.engine', kindOf(definition), 'a lifecycle')
  return definition as unknown as Agreed
}

/** The facts that the states of an engine keep tracks of. */
export const factsKept = <K extends StageKinds>(engine: Engine<K>): FactSet => engine.model.facts!

/** What a move says. */
export interface MoveData {
  readonly from: string
  readonly to: string
  readonly rule?: number
  readonly reason: MoveReason
}

/** The data of a move; `undefined` for other events. */
export const moveOf = <K extends StageKinds>(engine: Engine<K>, event: AnyEvent): MoveData | undefined =>
  event.type === `${engine.id}/stage-changed` ? (event.data as MoveData) : undefined

/** By stage, its rules by number. */
export const rulesByStage = (agreed: Agreed): ReadonlyMap<string, readonly (StageRule | undefined)[]> =>
  new Map(agreed.stages.map((stage) => [stage, rulesOf(agreed as never, stage)]))

/** Where the rule of a move stands in the definition; `null` for moves by hand. */
export function pathOf(
  rules: ReadonlyMap<string, readonly (StageRule | undefined)[]>,
  { from, rule }: MoveData,
): string | null {
  return rule === undefined ? null : (rules.get(from)?.[rule]?.path ?? `$.rules.${from}[${rule}]`)
}

/** The state as it is at an instant; itself where it is later. */
export const settledBy = <K extends StageKinds>(
  engine: Engine<K>,
  state: Journal<K['state']>,
  asOf: Instant,
): Journal<K['state']> => engine.advance(state, Math.max(asOf, state?.at ?? asOf)).state

/** Who knows the words of engines, those of later ones first, and some sentences beside theirs. */
export const speakerOf = (sentences: Vocabulary['sentences'], ...engines: readonly Speaker[]): Speaker => ({
  vocabulary: joinVocabularies(...engines.map(({ vocabulary }) => vocabulary), {
    sentences,
    words: {},
    events: {},
  }),
})
