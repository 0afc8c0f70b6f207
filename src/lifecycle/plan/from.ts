import * as z from 'zod'
import { headSchema, lazily, nameSchema, readDefinition, wordsSchema } from '../../kernel/index.js'
import type { StagePlanDefinition } from './definition.js'
import { defineStagePlan, type StagePlan } from './stage-plan.js'

const schema = lazily(() => {
  const { id, version } = headSchema()
  const amount = z.union([z.string(), z.strictObject({ amount: z.string(), currency: z.string() })])
  const share = z.union([z.string(), z.number()])
  const eachYear = <T>(one: z.ZodType<T>) => z.union([one, z.record(z.string(), one)])
  const bound = <T>(value: z.ZodType<T>) => ({
    atLeast: value.exactOptional(),
    atMost: value.exactOptional(),
  })
  const shares = { measure: z.literal('share'), ...bound(share) }
  const counts = { measure: z.literal('count'), ...bound(z.int().min(0)) }
  const stage = nameSchema()
  const guards = z
    .array(
      z.discriminatedUnion('measure', [
        z.strictObject({ ...shares, stage }),
        z.strictObject({ ...counts, stage }),
      ]),
    )
    .exactOptional()
  const goal = z.discriminatedUnion('measure', [
    z.strictObject({ ...shares, guards }),
    z.strictObject({ ...counts, guards }),
    z.strictObject({ measure: z.literal('rate'), to: stage, ...bound(share), guards }),
  ])
  const split = z.record(nameSchema(), share)
  return z.strictObject({
    ...{ id, version },
    currency: z.string(),
    stages: z.array(nameSchema()).min(1),
    years: z.array(z.int()).min(1),
    lines: z.array(nameSchema()).min(1),
    owners: z.record(nameSchema(), nameSchema()),
    goals: z.record(nameSchema(), z.record(z.string(), goal)),
    budget: z.record(
      z.string(),
      z.strictObject({
        whole: amount,
        lines: z.record(
          nameSchema(),
          z.union([
            share,
            z.strictObject({
              portion: share,
              owner: nameSchema().exactOptional(),
              stages: split.exactOptional(),
            }),
          ]),
        ),
        stages: split.exactOptional(),
      }),
    ),
    rounding: z.enum(['largest-remainder', 'first-slot']).exactOptional(),
    flows: z.array(
      z.strictObject({
        from: stage.nullable(),
        to: stage.nullable(),
        share: eachYear(share).exactOptional(),
        count: eachYear(z.int().min(0)).exactOptional(),
        cost: eachYear(amount).exactOptional(),
      }),
    ),
    pace: z.enum(['one-move-a-year', 'several-moves-a-year']),
    words: wordsSchema().exactOptional(),
  })
})

/**
 * A plan from its stored definition: `stagePlanFrom(plan.definition)` is the plan again, with the same hash.
 *
 * @throws DefinitionError with the path of the first thing that is wrong.
 * @example
 * stagePlanFrom(JSON.parse(JSON.stringify(plan.definition))).hash === plan.hash // => true
 */
export function stagePlanFrom(json: unknown): StagePlan<string, string, number> {
  return defineStagePlan(readDefinition(schema(), json) as unknown as StagePlanDefinition)
}
