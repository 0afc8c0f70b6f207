import { namedPlaces } from '../../kernel/catalogue.js'
import { checkKeys, checkRecord, fault, type Lang, reading } from '../../kernel/errors.js'
import type { CalendarDefinition, EventSpecs, Speaker } from '../../kernel/index.js'
import { isRecord } from '../../kernel/plain.js'
import type { Heard, LifecycleDefinition, Rule } from '../../lifecycle/definition.js'
import { lifecycleFrom } from '../../lifecycle/index.js'
import { rulesOf } from '../../lifecycle/rule.js'

/** A lifecycle as `defineLifecycle` and `lifecycleFrom` give it; what is exported is its definition, and its words. */
export interface ExportedLifecycle extends Speaker {
  readonly id: string
  readonly definition: unknown
}

/** A rule that leads somewhere, whatever brings it about; a kind that is not known here is kept as it is. */
export type MovingRule = Exclude<Rule, { readonly ignores: unknown }>

/** A definition, read once: what every export needs of it. */
export interface StatedLifecycle {
  readonly id: string
  readonly version: number
  readonly calendar: CalendarDefinition
  readonly events: EventSpecs
  readonly activity: readonly Heard[]
  readonly stages: readonly string[]
  readonly initial: string
  readonly final: readonly string[]
  /** By stage, in the order in which they are asked. What is ignored keeps its place. */
  readonly rules: ReadonlyMap<
    string,
    readonly ({ readonly rule: MovingRule; readonly path: string } | undefined)[]
  >
  /** All that may have a word: stages, promises, and what its events name. */
  readonly names: ReadonlySet<string>
  /** The definition itself, for what is said of it in notes. */
  readonly all: Readonly<Record<string, unknown>>
}

/** Reads a lifecycle. @throws DefinitionError with the path of what is wrong in its definition. */
export function stated(lifecycle: ExportedLifecycle): StatedLifecycle {
  checkRecord(lifecycle, '$')
  const { definition, vocabulary } = lifecycle
  if (!isRecord(definition) || definition['model'] !== 'lifecycle')
    throw fault('wrong-type', '$.definition', definition, 'the definition of a lifecycle')
  checkRecord(vocabulary, '$.vocabulary')
  const engine = lifecycleFrom(definition)
  const all = engine.definition as unknown as Readonly<Record<string, unknown>>
  const agreed = all as unknown as Omit<LifecycleDefinition, 'events'> & { readonly events: EventSpecs }
  return {
    id: agreed.id,
    version: agreed.version,
    calendar: agreed.calendar,
    events: agreed.events,
    activity: agreed.activity as readonly Heard[],
    stages: agreed.stages,
    initial: agreed.initial,
    final: agreed.final ?? [],
    rules: new Map(agreed.stages.map((stage) => [stage, rulesOf(agreed, stage)])),
    names: new Set([
      ...agreed.stages,
      ...(agreed.promises ?? []).map(({ promise }) => promise as string),
      ...namedPlaces(engine.vocabulary.events).flat(),
    ]),
    all,
  }
}

/** Words of the reader's own, which win over those of the definition. */
export type OwnWords = { readonly [name: string]: string }

/** Who says names and conditions: the lifecycle, with words of the reader's own. */
export function speakerOf(
  lifecycle: ExportedLifecycle,
  { names }: StatedLifecycle,
  lang: Lang,
  words: OwnWords | undefined,
): Speaker {
  if (words === undefined) return lifecycle
  checkRecord(words, '$.options.words')
  for (const [name, word] of Object.entries(words)) {
    const path = `$.options.words.${name}`
    if (!names.has(name))
      throw fault('unknown-name', path, name, 'a stage, a promise, or what an event of the lifecycle names')
    if (typeof word !== 'string') throw fault('wrong-type', path, word, 'text')
    if (word.length > 1000) throw fault('too-large', path, word.length, 'at most 1,000 characters')
  }
  return reading('wrong-type', '$.vocabulary', lifecycle.vocabulary, 'a vocabulary', () => {
    const { vocabulary } = lifecycle
    const known = vocabulary.words[lang] ?? {}
    return { vocabulary: { ...vocabulary, words: { ...vocabulary.words, [lang]: { ...known, ...words } } } }
  })
}

/** Options that hold. @throws DefinitionError */
export function checkOptions(options: object, known: readonly string[]): void {
  checkRecord(options, '$.options')
  checkKeys(options, known, '$.options')
}
