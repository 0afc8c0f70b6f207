// Anything at all at the doors for data and for definitions: an answer or a typed refusal, and nothing touched.
import fc from 'fast-check'
import * as library from 'liuliang'
import { expect, test } from 'vitest'
import { runs } from '../support/size.js'
import { historyOf, order, programOf } from './support/program.mjs'
import { typedBy } from './support/typed.mjs'

const { isTyped, say } = typedBy(library)
const { shop, lifecycle, points, program } = programOf(library)
const { state, log } = historyOf(program)

const names = [
  '__proto__',
  'constructor',
  'id',
  'type',
  'data',
  'subject',
  'amount',
  'orderId',
  'fact',
  'condition',
]
const name = fc.oneof(fc.constantFrom(...names), fc.string())
const leaf = fc.oneof(
  fc.constantFrom(
    'order-paid',
    'points/redeem',
    'u1',
    'CNY',
    'count',
    'gte',
    'all',
    '1.5',
    '2024-03-05T09:00:00Z',
  ),
  fc.string({ unit: 'binary' }),
  fc.double(),
  fc.maxSafeInteger(),
  fc.bigInt(),
  fc.boolean(),
  fc.constantFrom(null, undefined, -0, Number.NaN, Number.POSITIVE_INFINITY),
  fc.date({ noInvalidDate: false }),
)
const { thing } = fc.letrec<{ thing: unknown }>((tie) => ({
  thing: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    { weight: 4, arbitrary: leaf },
    { weight: 1, arbitrary: fc.array(tie('thing'), { maxLength: 4 }) },
    { weight: 2, arbitrary: fc.array(fc.tuple(name, tie('thing')), { maxLength: 5 }).map(own) },
  ),
}))

/** Own keys of any name: an assignment to `__proto__` would set the prototype. */
function own(entries: readonly (readonly [string, unknown])[]): object {
  return Object.fromEntries(entries)
}

/** A valid value of which some places hold something else. */
const spoilt = (whole: unknown) =>
  fc
    .array(fc.tuple(fc.nat(), thing), { minLength: 1, maxLength: 3 })
    .map((changes) => changes.reduce<unknown>((value, [place, part]) => replaced(value, place, part), whole))

function replaced(value: unknown, place: number, part: unknown): unknown {
  if (typeof value !== 'object' || value === null) return part
  const keys = Object.keys(value)
  if (keys.length === 0 || place % 7 === 0) return part
  const key = keys[place % keys.length]!
  const inside = replaced((value as Readonly<Record<string, unknown>>)[key], Math.floor(place / 7), part)
  return Array.isArray(value)
    ? value.map((one, i) => (String(i) === key ? inside : one))
    : { ...value, [key]: inside }
}

const doors: readonly (readonly [string, fc.Arbitrary<unknown>, (value: never) => unknown])[] = [
  ['catalogue.read', spoilt(order()), (value) => shop.read(value)],
  ['engine.read', spoilt(order()), (value) => program.read(value)],
  ['engine.decide', spoilt(order({ occurredAt: state.at })), (value) => program.decide(state, value)],
  [
    'engine.decide with a state',
    spoilt(state),
    (value) => program.decide(value, order({ occurredAt: state.at }) as never),
  ],
  ['restore', spoilt(log), (value) => library.restore(program, 'u1', value)],
  ['lifecycleFrom', spoilt(lifecycle.definition), (value) => library.lifecycleFrom(value)],
  ['pointsFrom', spoilt(points.definition), (value) => library.pointsFrom(value)],
  ['programFrom', spoilt(program.definition), (value) => library.programFrom(value)],
  [
    'calendarOf',
    spoilt({ zone: 'UTC', transitions: { initial: 0, at: [0], offsets: [1] } }),
    (value) => library.calendarOf(value),
  ],
  ['checkDuration', spoilt({ days: 3, end: 'day' }), (value) => library.checkDuration(value, '$')],
]

test.each(doors)(
  '%s',
  (_, values, ask) => {
    fc.assert(
      fc.property(fc.oneof(values, thing), (value) => {
        let refusal: { readonly code: string } | undefined
        try {
          refusal = (ask(value as never) as { readonly refusal?: { readonly code: string } }).refusal
        } catch (error) {
          if (!isTyped(error)) throw error
        }
        if (refusal !== undefined) for (const words of say(refusal)) expect(words).not.toBe('')
        expect(Object.keys(Object.prototype)).toEqual([])
      }),
      { numRuns: runs(100, 20_000) },
    )
  },
  600_000,
)
