// The table of hostile values has teeth: each thing that it forbids, done on purpose, is found.
import * as library from 'liuliang'
import { expect, test } from 'vitest'
import { canaries, families } from './support/cases.mjs'
import { fault } from './support/cell.mjs'
import { mutantsOf } from './support/states.mjs'
import { typedBy } from './support/typed.mjs'

const known = typedBy(library)
const { mail } = canaries
const refuses = (text: string) => {
  throw new library.DefinitionError({ code: 'unknown-name', path: '$', value: text, expected: 'another' })
}
// biome-ignore lint/suspicious/noExplicitAny: a boundary takes values of any kind.
const boundary = (call: (value: any) => unknown, more: object = {}) => ({
  name: 'on purpose',
  takes: [],
  call,
  right: (value: unknown, answer: unknown) => value === answer,
  ...more,
})
const one = (value: unknown, expected?: string) => ({ id: 'x-1', why: 'here', value, expect: expected })

/** Holds the processor for 80 ms. */
function busy(): number {
  const began = process.cpuUsage()
  for (let sum = 0; ; ) {
    for (let i = 0; i < 100_000; i += 1) sum += i
    const { user, system } = process.cpuUsage(began)
    if (user + system > 80_000) return sum
  }
}

const rows: readonly (readonly [string, object, object, RegExp | undefined])[] = [
  ['the right answer', boundary((value) => value), one(1), undefined],
  ['a wrong answer', boundary(() => 2), one(1), /^wrong/],
  ['an error that is not typed', boundary((value) => value.x.y), one({}), /^threw TypeError/],
  ['a typed error', boundary(() => refuses('a')), one('a'), undefined],
  [
    'a typed error at a door for data',
    boundary(() => refuses('a'), { data: true }),
    one('a'),
    /^threw at data/,
  ],
  [
    'what has to be accepted, refused',
    boundary(() => refuses('a'), { binds: ['amounts'] }),
    one('a', 'accept'),
    /^refused/,
  ],
  [
    'what has to be refused, accepted',
    boundary((value) => value, { binds: ['amounts'] }),
    one('a', 'reject'),
    /^accepted/,
  ],
  ['not a number', boundary(() => ({ a: [Number.NaN] })), one(1), /^a strange number/],
  ['minus zero', boundary(() => -0), one(1), /^a strange number/],
  ['80 ms', boundary(busy), one(1), /^took/],
  ['a write', boundary((value) => Object.assign(value, { a: 2 })), one({ a: 1 }), /^threw TypeError/],
  [
    'a canary in a refusal',
    boundary(() => ({ code: 'missing-field', field: mail, expected: '' }), {
      refusal: (answer: object) => answer,
    }),
    one(1),
    /^echoed/,
  ],
  [
    'a code without a sentence',
    boundary(() => ({ code: 'unheard-of' }), { refusal: (answer: object) => answer }),
    one(1),
    /^cannot explain/,
  ],
]

test.each(rows)('%s', (_, at, input, expected) => {
  const found = fault(at as never, input as never, 'amounts', known)
  if (expected === undefined) expect(found).toBeUndefined()
  else expect(found).toMatch(expected)
})

test('a canary in an error', () => {
  expect(
    fault(
      boundary(() => refuses(mail)),
      one(mail),
      'canaries',
      known,
    ),
  ).toMatch(/^echoed/)
})

test('a key more on an intrinsic', () => {
  const pollute = () => Object.assign(Object.prototype, { polluted: true })
  try {
    expect(fault(boundary(pollute), one(1), 'amounts', known)).toBe('polluted an intrinsic')
  } finally {
    Reflect.deleteProperty(Object.prototype, 'polluted')
  }
})

test('248 cases and four canaries are there, own keys of any name among them', () => {
  expect(Object.values(families).flat()).toHaveLength(248 + 4)
  const value = families['objects']![0]!.value as object
  expect(Object.keys(value)).toEqual(['__proto__'])
})

test('mutants of a state leave the state alone', () => {
  const state = { a: [1, { b: 'c' }], d: null }
  const before = JSON.stringify(state)
  const mutants = [...mutantsOf(state)]
  expect(new Set(mutants.map(({ path }) => path))).toEqual(
    new Set(['$', '$.a', '$.a.0', '$.a.1', '$.a.1.b', '$.d']),
  )
  // What JSON has no words for reads as nothing.
  const same = mutants.filter(({ state: mutant }) => JSON.stringify(mutant) === before)
  expect(same.map(({ path, how }) => `${path} ${how}`)).toEqual(['$.d not a number', '$.d infinite'])
  expect(JSON.stringify(state)).toBe(before)
})
