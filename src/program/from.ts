import * as z from 'zod'
import { type Engine, headSchema, type Kinds, lazily, readDefinition } from '../kernel/index.js'
import { lifecycleFrom } from '../lifecycle/index.js'
import { pointsFrom } from '../points/index.js'
import { defineProgram } from './program.js'

const schema = lazily(() =>
  z.strictObject({
    model: z.literal('program'),
    ...headSchema(),
    parts: z.array(z.looseObject({ model: z.enum(['lifecycle', 'points', 'program']) })),
  }),
)

const partFrom = (json: { readonly model: 'lifecycle' | 'points' | 'program' }): Engine<Kinds> => {
  const from = { lifecycle: lifecycleFrom, points: pointsFrom, program: programFrom }[json.model]
  return from(json) as unknown as Engine<Kinds>
}

/**
 * A program from its stored definition: `programFrom(engine.definition)` is the engine again, with the same hash.
 *
 * @throws DefinitionError with the path of the first thing that is wrong, counted from the part that it stands in.
 */
export function programFrom(json: unknown): Engine<Kinds> {
  const { model: _, parts, ...agreed } = readDefinition(schema(), json)
  return defineProgram({ ...agreed, parts: parts.map(partFrom) }) as unknown as Engine<Kinds>
}
