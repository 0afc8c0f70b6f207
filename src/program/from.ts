import * as z from 'zod'
import { benefitsFrom, storedValueFrom } from '../benefits/index.js'
import { fault } from '../kernel/errors.js'
import {
  DefinitionError,
  type Engine,
  headSchema,
  type Kinds,
  lazily,
  readDefinition,
} from '../kernel/index.js'
import { stockFrom } from '../ledger/index.js'
import { lifecycleFrom } from '../lifecycle/index.js'
import { pointsFrom } from '../points/index.js'
import { defineProgram } from './program.js'

const models = ['benefits', 'lifecycle', 'points', 'program', 'stock', 'stored-value'] as const

const schema = lazily(() =>
  z.strictObject({
    model: z.literal('program'),
    ...headSchema(),
    parts: z.array(z.looseObject({ model: z.enum(models) })),
  }),
)

const readers: { readonly [M in (typeof models)[number]]: (json: unknown) => unknown } = {
  benefits: benefitsFrom,
  lifecycle: lifecycleFrom,
  points: pointsFrom,
  program: programFrom,
  stock: stockFrom,
  'stored-value': storedValueFrom,
}

function partFrom(json: { readonly model: keyof typeof readers }, index: number): Engine<Kinds> {
  try {
    return readers[json.model](json) as Engine<Kinds>
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error
    const { code, path, value, expected } = error
    throw fault(code, path.replace('$', `$.parts[${index}]`), value, expected)
  }
}

/**
 * A program from its stored definition: `programFrom(engine.definition)` is the engine again, with the same hash.
 *
 * @throws DefinitionError with the path of the first thing that is wrong.
 */
export function programFrom(json: unknown): Engine<Kinds> {
  const { model: _, parts, ...agreed } = readDefinition(schema(), json)
  return defineProgram({ ...agreed, parts: parts.map(partFrom) }) as unknown as Engine<Kinds>
}
