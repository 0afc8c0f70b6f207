import * as z from 'zod'
import { conditionSchema, durationSchema, nameSchema, windowSchema } from '../../kernel/index.js'

/** How rewards are stored. */
export function rewardsSchema() {
  const money = z.strictObject({ amount: z.string(), currency: z.string() }).exactOptional()
  const points = z.number().exactOptional()
  const room = z.enum(['frees-limits', 'uses-limits']).exactOptional()
  return z.array(
    z.strictObject({
      reward: nameSchema(),
      price: z.union([
        z.strictObject({ points, money }),
        z.array(z.strictObject({ option: nameSchema(), points, money })),
      ]),
      currency: nameSchema().exactOptional(),
      quantity: z.number().exactOptional(),
      limits: z
        .array(
          z.strictObject({ limit: nameSchema(), most: z.number(), within: windowSchema().exactOptional() }),
        )
        .exactOptional(),
      stock: z
        .array(
          z.strictObject({
            engine: nameSchema(),
            subject: z.string(),
            each: z.union([z.number(), z.string()]).exactOptional(),
          }),
        )
        .exactOptional(),
      when: conditionSchema().exactOptional(),
      during: z
        .strictObject({
          from: z.string().exactOptional(),
          until: z.string().exactOptional(),
          days: nameSchema().exactOptional(),
        })
        .exactOptional(),
      reserveFor: durationSchema().exactOptional(),
      unpaid: room,
      returned: room,
      keep: durationSchema().exactOptional(),
    }),
  )
}
