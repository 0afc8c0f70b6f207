import * as z from 'zod'
import { durationSchema, nameSchema } from '../../kernel/index.js'

/** How tiers are stored. */
export function tiersSchema() {
  const period = z.enum(['month', 'quarter', 'year'])
  return z.array(
    z.strictObject({
      track: nameSchema(),
      measure: z.union([
        z.strictObject({ earned: nameSchema() }),
        z.strictObject({ balance: nameSchema() }),
        z.strictObject({ tenure: z.enum(['months', 'years']) }),
      ]),
      window: z
        .union([
          z.enum(['lifetime', 'term']),
          z.strictObject({ rolling: durationSchema() }),
          z.strictObject({ this: period }),
          z.strictObject({ years: z.number(), from: z.literal('enrolment') }),
        ])
        .exactOptional(),
      levels: z.array(
        z.strictObject({
          tier: nameSchema(),
          from: z.number(),
          keep: z.number().exactOptional(),
          benefits: z.json().exactOptional(),
        }),
      ),
      base: nameSchema().exactOptional(),
      hold: z
        .union([
          z.literal('none'),
          z.strictObject({ untilEndOf: period, after: z.number().exactOptional() }),
          durationSchema(),
        ])
        .exactOptional(),
      grace: z
        .strictObject({ length: durationSchema(), from: z.enum(['term-end', 'entry', 'drop']) })
        .exactOptional(),
      downgrade: z.enum(['full', 'one-level', 'none']).exactOptional(),
      upgrade: z.enum(['at-once', 'at-period-end']).exactOptional(),
      renews: z.enum(['upgrade', 'always', 'never']).exactOptional(),
      reversal: z.enum(['keep-term', 're-evaluate']).exactOptional(),
    }),
  )
}
