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
import { type BenefitsKinds, defineBenefits } from './benefits.js'
import type { BenefitsDefinition } from './definition.js'

const schema = lazily(() => {
  const when = conditionSchema().exactOptional()
  const units = ['day', 'week', 'month', 'quarter', 'year'] as const
  const scope = { from: z.string().exactOptional(), groups: z.array(z.string()).exactOptional() }
  const gives = z.discriminatedUnion('kind', [
    z.strictObject({ kind: z.literal('amount-off'), off: z.string(), ...scope }),
    z.strictObject({
      kind: z.literal('percent-off'),
      percent: z.string(),
      upTo: z.string().exactOptional(),
      ...scope,
    }),
    z.strictObject({ kind: z.literal('free-shipping'), upTo: z.string().exactOptional(), ...scope }),
    z.strictObject({ kind: z.literal('gift'), gift: z.string(), costPerUse: z.string(), ...scope }),
    z.strictObject({ kind: z.literal('right'), right: z.string(), costPerUse: z.string() }),
  ])
  const benefit = z.strictObject({
    benefit: nameSchema(),
    owner: z.string(),
    funding: z.union([
      z.strictObject({ budget: z.string(), costPerIssue: z.string() }),
      z.strictObject({ unfunded: z.string() }),
    ]),
    gives,
    uses: z.number().exactOptional(),
    issue: z
      .array(
        z.union([
          z.strictObject({
            on: nameSchema(),
            as: nameSchema().exactOptional(),
            where: whereSchema().exactOptional(),
            when,
          }),
          z.strictObject({ each: z.enum([...units, 'ever']), when }),
        ]),
      )
      .exactOptional(),
    claim: durationSchema().exactOptional(),
    valid: z.union([z.strictObject({ until: z.number() }), durationSchema()]).exactOptional(),
    limit: z
      .strictObject({
        ever: z.number().exactOptional(),
        times: z.number().exactOptional(),
        per: z.enum(units).exactOptional(),
      })
      .exactOptional(),
    transferable: z.boolean().exactOptional(),
    group: z.string().exactOptional(),
    perOrder: z.number().exactOptional(),
    return: z.enum(['whole-order-only', 'always', 'never']).exactOptional(),
    returnGrace: durationSchema().exactOptional(),
  })
  return z.strictObject({
    model: z.literal('benefits'),
    ...headSchema(),
    calendar: calendarSchema(),
    events: eventsSchema(),
    currency: z.string(),
    benefits: z.array(benefit),
    excludes: z.array(z.tuple([z.string(), z.string()])).exactOptional(),
    perOrder: z.number().exactOptional(),
    base: z.enum(['original', 'remaining']).exactOptional(),
    corrections: z.enum(['issue-and-revoke', 'issue-only', 'none']).exactOptional(),
    keep: durationSchema().exactOptional(),
    words: wordsSchema().exactOptional(),
  })
})

/**
 * An engine of benefits from its stored definition: `benefitsFrom(engine.definition)` is the engine again, with the same hash.
 *
 * @throws DefinitionError with the path of the first thing that is wrong.
 */
export function benefitsFrom(json: unknown): Engine<BenefitsKinds<string, EventSpecs>> {
  const { model: _, events, ...agreed } = readDefinition(schema(), json)
  const definition = { ...agreed, events: defineEvents(events) }
  return defineBenefits(definition as unknown as BenefitsDefinition<string, EventSpecs, string>)
}
