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
import { MULTIPLYING } from './earning/multipliers.js'
import { definePoints, type PointsKinds } from './points.js'
import { rewardsSchema } from './rewards/schema.js'
import { tiersSchema } from './tiers/schema.js'

const schema = lazily(() => {
  const pending = z.union([z.literal('until-confirmed'), durationSchema()]).exactOptional()
  const atLeast = durationSchema().exactOptional()
  const lotExpiry = [
    z.literal('never'),
    z.strictObject({ on: z.string() }),
    z.strictObject({ every: z.string(), atLeast }),
    z.strictObject({
      anniversary: z.union([z.literal('enrolment'), z.strictObject({ attribute: nameSchema() })]),
      atLeast,
    }),
    durationSchema(),
  ] as const
  const ofRule = z.union(lotExpiry).exactOptional()
  const inactivity = z.strictObject({
    inactive: durationSchema(),
    activity: z.array(nameSchema()),
    countsZeroPoints: z.boolean().exactOptional(),
    first: atLeast,
  })
  const expires = z.union([inactivity, ...lotExpiry]).exactOptional()
  const spend = z.enum(['soonest-expiry', 'oldest', 'cheapest']).exactOptional()
  const less = z.array(nameSchema()).exactOptional()
  const during = z
    .strictObject({
      from: z.string().exactOptional(),
      until: z.string().exactOptional(),
      days: nameSchema().exactOptional(),
    })
    .exactOptional()
  const negative = {
    clawback: z.enum(['pending-only', 'within-balance', 'deficit', 'money-due']).exactOptional(),
    atMost: z.number().exactOptional(),
    beyond: z.enum(['uncollected', 'money-due']).exactOptional(),
  }
  const perPoint = z.strictObject({ currency: z.string(), ratio: z.string() }).exactOptional()
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
          spend,
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
        expires: ofRule,
        cost: z.string().exactOptional(),
      }),
    ),
    confirmation: z
      .array(z.strictObject({ on: nameSchema(), as: nameSchema().exactOptional(), origin: nameSchema() }))
      .exactOptional(),
    clawback: z
      .array(
        z.strictObject({
          on: nameSchema(),
          as: nameSchema().exactOptional(),
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
    spend,
    refunds: z
      .strictObject({
        to: z.enum(['original-lots', 'fresh-lots']).exactOptional(),
        grace: atLeast,
        ifExpired: z.enum(['expire-at-once', 'grace']).exactOptional(),
      })
      .exactOptional(),
    reinstateWithin: durationSchema().exactOptional(),
    keepOrigins: durationSchema().exactOptional(),
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
    enrolment: z
      .union([
        z.literal('at-once'),
        z.strictObject({
          on: nameSchema().exactOptional(),
          before: z.enum(['ignored', 'earned-at-enrolment']).exactOptional(),
          again: z.enum(['allowed', 'refused']).exactOptional(),
        }),
      ])
      .exactOptional(),
    negative: z
      .strictObject({
        ...negative,
        perPoint,
        byCurrency: z.record(z.string(), z.strictObject({ ...negative, perPoint })).exactOptional(),
        byTier: z
          .strictObject({ track: nameSchema(), tiers: z.record(z.string(), z.strictObject(negative)) })
          .exactOptional(),
      })
      .exactOptional(),
    transfers: z
      .strictObject({
        expiry: z.enum(['kept', 'reset']).exactOptional(),
        currencies: z.array(nameSchema()).exactOptional(),
        limit: z.strictObject({ points: z.number(), within: durationSchema() }).exactOptional(),
      })
      .exactOptional(),
    pools: z.strictObject({ earnAs: nameSchema().exactOptional() }).exactOptional(),
    reversible: durationSchema().exactOptional(),
    rewards: rewardsSchema().exactOptional(),
    changes: z.strictObject({ notice: durationSchema() }).exactOptional(),
    words: wordsSchema().exactOptional(),
  })
})

/**
 * A points engine from its stored definition: `pointsFrom(engine.definition)` is the engine again, with the same hash.
 *
 * @throws DefinitionError with the path of the first thing that is wrong.
 */
export function pointsFrom(
  json: unknown,
): Engine<PointsKinds<string, EventSpecs, string, string, string, string>> {
  const { model: _, events, ...agreed } = readDefinition(schema(), json)
  const definition = { ...agreed, events: defineEvents(events) }
  return definePoints(
    definition as unknown as PointsDefinition<string, EventSpecs, string, string, string, string, string>,
  )
}
