import * as z from 'zod'
import {
  calendarSchema,
  conditionSchema,
  defineEvents,
  durationSchema,
  type Engine,
  type EventSpecs,
  eventsSchema,
  headSchema,
  lazily,
  nameSchema,
  readDefinition,
  whereSchema,
  wordsSchema,
} from '../kernel/index.js'
import type { PointsDefinition } from './definition.js'
import { definePoints, type PointsKinds } from './points.js'

const schema = lazily(() => {
  const pending = z.union([z.literal('until-confirmed'), durationSchema()]).exactOptional()
  const expires = durationSchema().exactOptional()
  return z.strictObject({
    model: z.literal('points'),
    ...headSchema(),
    calendar: calendarSchema(),
    events: eventsSchema(),
    currencies: z
      .array(
        z.strictObject({
          currency: nameSchema(),
          kind: z.enum(['spendable', 'status', 'experience']),
          scale: z.number().exactOptional(),
          pending,
          expires,
        }),
      )
      .exactOptional(),
    earning: z.array(
      z.strictObject({
        rule: nameSchema(),
        on: nameSchema(),
        as: nameSchema().exactOptional(),
        where: whereSchema().exactOptional(),
        earns: z.strictObject({
          points: z.number(),
          per: z.union([z.string(), z.number()]).exactOptional(),
          of: nameSchema().exactOptional(),
        }),
        in: nameSchema().exactOptional(),
        origin: nameSchema().exactOptional(),
        when: conditionSchema().exactOptional(),
        multiply: z.array(z.strictObject({ by: z.string(), when: conditionSchema() })).exactOptional(),
        pending,
        expires,
      }),
    ),
    confirmation: z.array(z.strictObject({ on: nameSchema(), origin: nameSchema() })).exactOptional(),
    clawback: z
      .array(z.strictObject({ on: nameSchema(), origin: nameSchema(), of: nameSchema().exactOptional() }))
      .exactOptional(),
    pending,
    expires,
    refundGrace: durationSchema().exactOptional(),
    holdFor: durationSchema().exactOptional(),
    words: wordsSchema().exactOptional(),
  })
})

/**
 * A points engine from its stored definition: `pointsFrom(engine.definition)` is the engine again, with the same hash.
 *
 * @throws DefinitionError with the path of the first thing that is wrong.
 */
export function pointsFrom(json: unknown): Engine<PointsKinds<string, EventSpecs, string>> {
  const { model: _, events, ...agreed } = readDefinition(schema(), json)
  const definition = { ...agreed, events: defineEvents(events) }
  return definePoints(definition as unknown as PointsDefinition<string, EventSpecs, string>)
}
