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
  windowSchema,
  wordsSchema,
} from '../kernel/index.js'
import type { PointsDefinition } from './definition.js'
import { MULTIPLYING } from './multipliers.js'
import { definePoints, type PointsKinds } from './points.js'
import { tiersSchema } from './tiers/schema.js'

const schema = lazily(() => {
  const pending = z.union([z.literal('until-confirmed'), durationSchema()]).exactOptional()
  const expires = durationSchema().exactOptional()
  const less = z.array(nameSchema()).exactOptional()
  const during = z
    .strictObject({
      from: z.string().exactOptional(),
      until: z.string().exactOptional(),
      days: nameSchema().exactOptional(),
    })
    .exactOptional()
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
          atMost: z.number().exactOptional(),
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
          less,
        }),
        each: nameSchema().exactOptional(),
        line: nameSchema().exactOptional(),
        in: nameSchema().exactOptional(),
        origin: nameSchema().exactOptional(),
        when: conditionSchema().exactOptional(),
        during,
        multiply: z
          .array(z.strictObject({ by: z.string(), when: conditionSchema().exactOptional(), during }))
          .exactOptional(),
        multiplying: z.enum(MULTIPLYING).exactOptional(),
        rounding: z.enum(['running', 'each']).exactOptional(),
        cooldown: durationSchema().exactOptional(),
        pending,
        expires,
      }),
    ),
    confirmation: z.array(z.strictObject({ on: nameSchema(), origin: nameSchema() })).exactOptional(),
    clawback: z
      .array(
        z.strictObject({
          on: nameSchema(),
          origin: nameSchema(),
          of: nameSchema().exactOptional(),
          less,
          each: nameSchema().exactOptional(),
          line: nameSchema().exactOptional(),
          where: whereSchema().exactOptional(),
        }),
      )
      .exactOptional(),
    pending,
    expires,
    refundGrace: durationSchema().exactOptional(),
    holdFor: durationSchema().exactOptional(),
    stacking: z
      .array(
        z.strictObject({
          rules: z.array(nameSchema()),
          policy: z.enum(['all', 'best', 'priority', 'exclusive']),
        }),
      )
      .exactOptional(),
    caps: z
      .array(
        z.strictObject({
          cap: nameSchema(),
          rules: z.array(nameSchema()).exactOptional(),
          in: nameSchema().exactOptional(),
          atMost: z.number(),
          per: z.union([z.enum(['event', 'ever']), windowSchema()]),
          overflow: z.enum(['truncate', 'refuse', 'carry']),
          returns: z.boolean().exactOptional(),
        }),
      )
      .exactOptional(),
    tiers: tiersSchema().exactOptional(),
    words: wordsSchema().exactOptional(),
  })
})

/**
 * A points engine from its stored definition: `pointsFrom(engine.definition)` is the engine again, with the same hash.
 *
 * @throws DefinitionError with the path of the first thing that is wrong.
 */
export function pointsFrom(json: unknown): Engine<PointsKinds<string, EventSpecs, string, string, string>> {
  const { model: _, events, ...agreed } = readDefinition(schema(), json)
  const definition = { ...agreed, events: defineEvents(events) }
  return definePoints(
    definition as unknown as PointsDefinition<string, EventSpecs, string, string, string, string>,
  )
}
