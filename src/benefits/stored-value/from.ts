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
  wordsSchema,
} from '../../kernel/index.js'
import type { StoredValueDefinition } from './definition.js'
import { defineStoredValue, type StoredValueKinds } from './stored-value.js'

const schema = lazily(() => {
  const term = durationSchema().exactOptional()
  const rule = {
    rule: nameSchema(),
    from: z.string(),
    when: conditionSchema().exactOptional(),
    expires: term,
  }
  const named = z.strictObject({ on: nameSchema(), payment: nameSchema() })
  return z.strictObject({
    model: z.literal('stored-value'),
    ...headSchema(),
    calendar: calendarSchema(),
    events: eventsSchema(),
    currency: z.string(),
    bonus: z
      .array(
        z.union([
          z.strictObject({ ...rule, bonus: z.string(), repeats: z.boolean().exactOptional() }),
          z.strictObject({ ...rule, percent: z.string() }),
        ]),
      )
      .exactOptional(),
    expires: term,
    principalExpires: term,
    spend: z.enum(['principal-first', 'bonus-first', 'proportional']).exactOptional(),
    withdrawal: z.enum(['any-time', 'whole-remainder', 'never']).exactOptional(),
    bonusOnWithdrawal: z.enum(['forfeited', 'pro-rata', 'kept']).exactOptional(),
    spentBonus: z.enum(['kept', 'deducted']).exactOptional(),
    transfer: z.enum(['no', 'principal']).exactOptional(),
    dispute: z.strictObject({ opened: named, closed: named }).exactOptional(),
    limit: z.string().exactOptional(),
    corrections: z.enum(['grant-and-take-back', 'grant-only', 'none']).exactOptional(),
    holdFor: term,
    refundGrace: term,
    keep: term,
    words: wordsSchema().exactOptional(),
  })
})

/**
 * An engine of stored value from its stored definition: `storedValueFrom(engine.definition)` is the engine again, with the same hash.
 *
 * @throws DefinitionError with the path of the first thing that is wrong.
 */
export function storedValueFrom(json: unknown): Engine<StoredValueKinds<string, EventSpecs>> {
  const { model: _, events, ...agreed } = readDefinition(schema(), json)
  const definition = { ...agreed, events: defineEvents(events) }
  return defineStoredValue(definition as unknown as StoredValueDefinition<string, EventSpecs>)
}
