import * as z from 'zod'
import type { Json } from './digest.js'
import { calendarUnits } from './duration.js'
import { conditionSchema, durationSchema, windowSchema } from './schema.js'

/** A schema for other tools: JSON Schema of 2020-12. */
type JsonSchema = { readonly [key: string]: Json }

const count: JsonSchema = { type: 'integer', minimum: 0 }
const clock: JsonSchema = { type: 'string', pattern: '^([01]\\d|2[0-3]):[0-5]\\d$' }
const unit: JsonSchema = { enum: calendarUnits }
const end: JsonSchema = { enum: [true, ...calendarUnits] }
const only = (properties: JsonSchema, required: readonly string[]): JsonSchema => ({
  type: 'object',
  properties,
  required,
  additionalProperties: false,
})

/** One unit alone; dates with a clock time or an end. */
const duration: JsonSchema = {
  anyOf: [
    ...['seconds', 'minutes', 'hours', 'workHours', 'workMinutes'].map((unit) =>
      only({ [unit]: count }, [unit]),
    ),
    ...['days', 'weeks', 'months', 'years', 'businessDays'].flatMap((unit) => [
      only({ [unit]: count, at: clock }, [unit]),
      only({ [unit]: count, end }, [unit, 'end']),
    ]),
    only({ next: only({ weekday: { type: 'integer', minimum: 1, maximum: 7 } }, ['weekday']), at: clock }, [
      'next',
    ]),
  ],
}
const window: JsonSchema = {
  anyOf: [duration, only({ this: unit }, ['this']), only({ previous: unit }, ['previous'])],
}

/**
 * Conditions as JSON Schema (2020-12), for editors and other languages. It says what can be written; whether names are
 * declared and operands fit their facts is for `checkCondition` to say.
 *
 * @example
 * conditionJsonSchema()['$schema'] // => 'https://json-schema.org/draft/2020-12/schema'
 */
export const conditionJsonSchema = (): JsonSchema =>
  z.toJSONSchema(conditionSchema(), {
    reused: 'ref',
    override({ zodSchema, jsonSchema }) {
      const precise =
        zodSchema === (durationSchema() as unknown)
          ? duration
          : zodSchema === (windowSchema() as unknown)
            ? window
            : undefined
      if (precise === undefined) return
      for (const key of Object.keys(jsonSchema)) delete (jsonSchema as Record<string, unknown>)[key]
      Object.assign(jsonSchema, precise)
    },
  }) as JsonSchema
