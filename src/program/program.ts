import { checkKeys, fault, reading } from '../kernel/errors.js'
import {
  type AnyEvent,
  type Correction,
  complete,
  type Draft,
  type Due,
  type Duration,
  type Engine,
  type EventSpecs,
  type Fields,
  type Instant,
  type Json,
  joinVocabularies,
  type Kinds,
  type Model,
  remembering,
  sameFields,
} from '../kernel/index.js'

// biome-ignore lint/suspicious/noExplicitAny: an engine of any kinds; its own types are read from it below.
type AnyEngine = Engine<any>
type KindsOf<P> = P extends Engine<infer K> ? K : never
type PartOf<P extends readonly AnyEngine[], Id> = Extract<KindsOf<P[number]>, { id: Id }>
type Own<P extends readonly AnyEngine[]> = KindsOf<P[number]>['emits']['type']

/** The types of a program: the union of what its parts hear, take and emit; state and view by part. */
export interface ProgramKinds<Id extends string, P extends readonly AnyEngine[]> extends Kinds {
  id: Id
  state: { readonly [Name in P[number]['id']]: PartOf<P, Name>['state'] }
  command: KindsOf<P[number]>['command']
  /** What a part emits does not come from outside. */
  hears: Exclude<KindsOf<P[number]>['hears'], { readonly type: Own<P> }>
  emits: KindsOf<P[number]>['emits']
  publishes: KindsOf<P[number]>['publishes']
  refusal: KindsOf<P[number]>['refusal']
  view: { readonly [Name in P[number]['id']]: PartOf<P, Name>['view'] }
}

/** Which engines make up a program, in the order in which they conclude at one instant. */
export interface ProgramDefinition<Id extends string, P extends readonly AnyEngine[]> {
  readonly id: Id
  readonly version: number
  /** At one instant a later part sees what the earlier ones have decided. */
  readonly parts: P
  /** How long ids of accepted inputs are remembered, as an exact duration; `{ hours: 720 }` unless told. */
  readonly idempotencyWindow?: Duration
}

/**
 * An engine of engines: events out of one part are events into the others, at the instant at which they happen. A stage
 * changes a multiplier, points make a tier, and a preview shows the whole chain.
 *
 * @throws DefinitionError `duplicate-name` when two parts have one id, `wrong-type` when they declare one event with
 * other fields.
 * @example
 * defineProgram({ id: 'loyalty', version: 1, parts: [customer, points, tier] })
 */
export function defineProgram<const Id extends string, const P extends readonly AnyEngine[]>(
  definition: ProgramDefinition<Id, P>,
): Engine<ProgramKinds<Id, P>> {
  return reading('wrong-type', '$', definition, 'a definition', () => complete(programModel(definition)))
}

type PartModel = Model<Kinds>
type States = { readonly [part: string]: unknown }

function programModel<Id extends string, P extends readonly AnyEngine[]>(
  definition: ProgramDefinition<Id, P>,
): Model<ProgramKinds<Id, P>> {
  type K = ProgramKinds<Id, P>
  checkKeys(definition, ['id', 'version', 'parts', 'idempotencyWindow'], '$')
  const { id, version, idempotencyWindow } = definition
  const engines: readonly AnyEngine[] = definition.parts
  checkParts(engines)
  const parts = engines.map(({ model, hash }) => ({
    model: model as PartModel,
    hash,
    due: remembering(model as PartModel),
  }))
  const publishes = joined(engines.map((engine) => engine.publishes as EventSpecs))
  const hears = joined(engines.map((engine) => (engine.model as PartModel).hears))
  const commands = joined(parts.map(({ model }) => model.commands))
  const listening = new Map<string, readonly PartModel[]>()
  for (const type of new Set([...Object.keys(publishes), ...Object.keys(hears)])) {
    listening.set(
      type,
      parts
        .map(({ model }) => model)
        .filter((model) => Object.hasOwn(model.hears, type) || Object.hasOwn(model.publishes, type)),
    )
  }
  const of = (state: unknown, model: PartModel): unknown => (state as States)[model.id]
  const each = (make: (model: PartModel) => unknown): States => {
    const made: Record<string, unknown> = {}
    for (const { model } of parts) made[model.id] = make(model)
    return made
  }
  const decisive = parts.filter(({ model }) => model.history === 'decisions')

  return {
    id,
    history: decisive.length > 0 ? 'decisions' : 'facts',
    definition: {
      model: 'program',
      id,
      version,
      parts: engines.map((engine) => engine.definition),
      ...(idempotencyWindow && { idempotencyWindow: idempotencyWindow as unknown as Json }),
    },
    hears,
    commands,
    publishes: publishes as K['publishes'],
    vocabulary: joinVocabularies(...engines.map((engine) => engine.vocabulary)),
    ...(idempotencyWindow && { idempotencyWindow }),
    start: (subject) => each((model) => model.start(subject)) as K['state'],
    misfit(state) {
      for (const { model } of parts) {
        const rest = model.misfit?.(of(state, model))
        if (rest !== undefined) return `.${model.id}${rest}`
      }
      return undefined
    },
    decide(state, command) {
      const { model } = parts.find(({ model }) => Object.hasOwn(model.commands, command.type))!
      return model.decide(of(state, model), command) as ReturnType<Model<K>['decide']>
    },
    evolve(state, event, subject) {
      let next: Record<string, unknown> | undefined
      for (const model of listening.get(event.type) ?? []) {
        const before = of(state, model)
        const after = model.evolve(before, event as AnyEvent, subject)
        if (after === before) continue
        next ??= { ...(state as States) }
        next[model.id] = after
      }
      return (next ?? state) as K['state']
    },
    due(state, at, among) {
      let least: Due | undefined
      for (const { model, hash, due } of parts) {
        if (among?.before !== undefined && Object.hasOwn(model.publishes, among.before)) break
        if (among !== undefined && model.history === 'decisions') continue
        const next = due(of(state, model), at)
        if (next === undefined || (least !== undefined && next.at >= least.at)) continue
        least = next.by === undefined ? { at: next.at, by: hash, make: next.make } : next
      }
      return least
    },
    view: (state, asOf) => each((model) => model.view(of(state, model), asOf)) as K['view'],
    nextStep(state, asOf) {
      let least: Instant | undefined
      for (const { model } of parts) {
        const step = model.nextStep?.(of(state, model), asOf)
        if (step !== undefined && (least === undefined || step < least)) least = step
      }
      return least
    },
    pending: (state, asOf) =>
      parts.flatMap(({ model }) =>
        (model.pending?.(of(state, model), asOf) ?? []).map((rule) => ({
          ...rule,
          rule: `${model.id}: ${rule.rule}`,
        })),
      ),
    corrects: (event) =>
      decisive.find(({ model }) => Object.hasOwn(model.publishes, event.type))?.model.corrects?.(event),
    derives: (type) =>
      parts.some(
        ({ model }) =>
          Object.hasOwn(model.publishes, type) && (model.derives?.(type) ?? model.history === 'facts'),
      ),
    audit: (state, at) =>
      parts.flatMap(({ model }) =>
        (model.audit?.(of(state, model), at) ?? []).map((one) => ({
          ...one,
          path: `$.${model.id}${one.path.slice(1)}`,
        })),
      ),
    auditEvent: (state, event) =>
      (listening.get(event.type) ?? []).flatMap((model) => model.auditEvent?.(of(state, model), event) ?? []),
    forget: (state, rename) =>
      each((model) => {
        const part = of(state, model)
        return model.forget?.(part, rename) ?? part
      }) as K['state'],
    compensate: (recorded, revised, correction: Correction): readonly Draft[] =>
      decisive.flatMap(
        ({ model }) => model.compensate?.(of(recorded, model), of(revised, model), correction) ?? [],
      ),
  }
}

function checkParts(engines: readonly AnyEngine[]): void {
  const declared = new Map<string, Fields>()
  for (const [i, engine] of engines.entries()) {
    const path = `$.parts[${i}]`
    if (engines.findIndex(({ id }) => id === engine.id) !== i) {
      throw fault('duplicate-name', `${path}.id`, engine.id, 'each id once')
    }
    for (const [type, fields] of Object.entries({
      ...engine.model.hears,
      ...(engine.publishes as EventSpecs),
    })) {
      const known = declared.get(type)
      if (known !== undefined && !sameFields(known, fields as Fields)) {
        const expected = `the fields that another part declares for it`
        throw fault('wrong-type', `${path}.events.${type}`, fields, expected)
      }
      declared.set(type, fields as Fields)
    }
  }
}

const joined = (specs: readonly EventSpecs[]): EventSpecs => Object.assign({}, ...specs) as EventSpecs
