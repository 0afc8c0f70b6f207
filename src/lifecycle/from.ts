import * as z from 'zod'
import {
  calendarSchema,
  conditionSchema,
  defineEvents,
  durationSchema,
  type Engine,
  type EventSpecs,
  eventsSchema,
  factSchema,
  headSchema,
  lazily,
  nameSchema,
  readDefinition,
  whereSchema,
  wordsSchema,
} from '../kernel/index.js'
import type { LifecycleDefinition } from './definition.js'
import { defineLifecycle, type LifecycleKinds } from './lifecycle.js'

const heard = () =>
  z.union([
    nameSchema(),
    z.strictObject({
      event: nameSchema(),
      as: nameSchema().exactOptional(),
      where: whereSchema().exactOptional(),
    }),
  ])

const rules = () =>
  z.array(
    z.strictObject({
      to: nameSchema().exactOptional(),
      reset: z.array(factSchema()).exactOptional(),
      on: heard().exactOptional(),
      when: conditionSchema().exactOptional(),
      inactiveFor: durationSchema().exactOptional(),
      inStageFor: durationSchema().exactOptional(),
      since: nameSchema().exactOptional(),
      reaches: durationSchema().exactOptional(),
      broken: nameSchema().exactOptional(),
      ignores: heard().exactOptional(),
    }),
  )

const promises = () =>
  z.array(
    z.strictObject({
      promise: nameSchema(),
      from: heard(),
      within: durationSchema(),
      keptBy: heard().exactOptional(),
      keptIn: z.array(nameSchema()).exactOptional(),
      pausedIn: z.array(nameSchema()).exactOptional(),
      droppedIn: z.array(nameSchema()).exactOptional(),
    }),
  )

const schema = lazily(() =>
  z.strictObject({
    model: z.literal('lifecycle'),
    ...headSchema(),
    calendar: calendarSchema(),
    events: eventsSchema(),
    activity: z.array(heard()),
    stages: z.array(nameSchema()).min(1),
    initial: nameSchema(),
    rules: z.record(nameSchema(), rules()),
    everywhere: rules().exactOptional(),
    final: z.array(nameSchema()).exactOptional(),
    forwardOnly: z.boolean().exactOptional(),
    exhaustive: z.boolean().exactOptional(),
    promises: promises().exactOptional(),
    words: wordsSchema().exactOptional(),
  }),
)

/**
 * A lifecycle from its stored definition: `lifecycleFrom(engine.definition)` is the engine again, with the same hash.
 * `words` may stand beside the definition; they are no part of it.
 *
 * @throws DefinitionError with the path of the first thing that is wrong.
 */
export function lifecycleFrom(json: unknown): Engine<LifecycleKinds<string, string, EventSpecs, string>> {
  const { model: _, events, ...agreed } = readDefinition(schema(), json)
  const definition = { ...agreed, events: defineEvents(events) }
  return defineLifecycle(definition as unknown as LifecycleDefinition<string, string, EventSpecs>) as never
}
