import * as z from 'zod'
import {
  calendarSchema,
  durationSchema,
  type Engine,
  headSchema,
  lazily,
  nameSchema,
  readDefinition,
} from '../../kernel/index.js'
import { windowSchema } from '../../kernel/schema.js'
import type { StockDefinition } from './definition.js'
import { defineStock, type StockKinds } from './stock.js'

const schema = lazily(() =>
  z.strictObject({
    model: z.literal('stock'),
    ...headSchema(),
    calendar: calendarSchema(),
    unit: z.string(),
    holdFor: durationSchema().exactOptional(),
    partialCommit: z.enum(['release-rest', 'keep-rest']).exactOptional(),
    givenBack: z.enum(['frees-limits', 'uses-limits']).exactOptional(),
    keep: durationSchema().exactOptional(),
    limits: z
      .array(
        z.strictObject({
          limit: nameSchema().regex(/^[a-z][a-z0-9-]*$/),
          per: z.enum(['holder', 'all']),
          most: z.union([z.number(), z.string()]),
          within: windowSchema().exactOptional(),
        }),
      )
      .exactOptional(),
  }),
)

/**
 * A stock from its stored definition: `stockFrom(engine.definition)` is the engine again, with the same hash.
 *
 * @throws DefinitionError with the path of the first thing that is wrong.
 */
export function stockFrom(json: unknown): Engine<StockKinds<string, string>> {
  const { model: _, ...agreed } = readDefinition(schema(), json)
  return defineStock(agreed as unknown as StockDefinition<string, string>)
}
