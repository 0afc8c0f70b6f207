// A key that nobody knows, at every object of a full definition of each model: `define…` and `…From` refuse it alike, so
// that what runs can be read back. A part that is added to a full definition is covered with it.
import {
  benefitsFrom,
  DefinitionError,
  defineBenefits,
  defineEvents,
  defineLifecycle,
  definePoints,
  defineProgram,
  defineStock,
  defineStoredValue,
  type Engine,
  type EventSpecs,
  type Json,
  type Kinds,
  lifecycleFrom,
  pointsFrom,
  programFrom,
  stockFrom,
  storedValueFrom,
} from 'liuliang'
import { describe, expect, test } from 'vitest'
import { teller } from '../support/story.js'
import { benefits, lifecycle, points, stock, storedValue } from './support/full-definitions.js'

type Read = (json: unknown) => unknown
type Define = (definition: never) => unknown
type Case = readonly [engine: Engine<Kinds>, define: Define, from: Read]
const models = (): { readonly [model: string]: Case } =>
  ({
    points: [points, definePoints, pointsFrom],
    benefits: [benefits, defineBenefits, benefitsFrom],
    'stored value': [storedValue, defineStoredValue, storedValueFrom],
    stock: [stock, defineStock, stockFrom],
    lifecycle: [lifecycle, defineLifecycle, lifecycleFrom],
  }) as unknown as { readonly [model: string]: Case }

type Place = readonly (string | number)[]
function objectsIn(value: Json, at: Place = []): readonly Place[] {
  if (typeof value !== 'object' || value === null) return []
  const inside = Object.entries(value).flatMap(([key, part]) =>
    objectsIn(part as Json, [...at, Array.isArray(value) ? Number(key) : key]),
  )
  return Array.isArray(value) ? inside : [at, ...inside]
}
/** Names there are the author's: a name more is another name. */
const isNamed = (at: Place) =>
  at.length > 0 &&
  (/^(calendar|business)\.named$|(^|\.)where$|\.benefits$|^events(\.[^.]+)?$|^events\..*\.of$|^rules$/.test(
    at.join('.'),
  ) ||
    /\.calendar\.named$|\.byCurrency$|\.tiers$/.test(at.join('.')))
/** Exactly one unit, `end` beside it: their own check says what is wrong with them. */
const isDuration = (value: object) =>
  Object.keys(value).some((key) =>
    /^(minutes|hours|days|weeks|months|years|this|previous|workHours)$/.test(key),
  ) && !('from' in value)

function withStranger(json: Json, at: Place, key: string): Json {
  const copy = JSON.parse(JSON.stringify(json)) as Json
  let inner = copy as { [key: string]: never }
  for (const step of at) inner = inner[step]!
  inner[key] = 'nobody' as never
  return copy
}

const valueAt = (json: Json, at: Place): object =>
  at.reduce((value, key) => value[key as never], json as object)

function fault(run: () => unknown): string {
  try {
    run()
    return 'accepted'
  } catch (error) {
    return error instanceof DefinitionError ? `${error.code} ${error.path}` : String(error)
  }
}

function defined(define: Define, json: Json): unknown {
  const {
    model: _,
    events,
    ...rest
  } = json as unknown as { readonly model: string; readonly events?: EventSpecs }
  return define({ ...rest, ...(events && { events: defineEvents(events) }) } as never)
}

const pathOf = (at: Place) =>
  at.reduce<string>((path, key) => (typeof key === 'number' ? `${path}[${key}]` : `${path}.${key}`), '$')

test.each(Object.keys(models()))('%s: definitions and what is stored of them know the same keys', (name) => {
  const [engine, define, from] = models()[name]!
  const json = JSON.parse(JSON.stringify(engine.definition)) as Json
  expect((from(json) as Engine<Kinds>).hash).toBe(engine.hash)
  expect((defined(define, json) as Engine<Kinds>).hash).toBe(engine.hash)
  const faults: string[] = []
  let tried = 0
  for (const at of objectsIn(json)) {
    if (isNamed(at)) continue
    const value = valueAt(json, at)
    const path = `${pathOf(at)}.stranger`
    const strange = withStranger(json, at, 'stranger')
    const found = [fault(() => defined(define, strange)), fault(() => from(strange))]
    tried += 1
    const expected = isDuration(value) ? found[0]! : `unknown-key ${path}`
    if (found[0] !== expected || found[1] !== expected || expected === 'accepted')
      faults.push(`${path}: defined: ${found[0]}; read: ${found[1]}`)
  }
  expect(tried).toBeGreaterThan(10)
  expect(faults).toEqual([])
})

test('a program has no keys of its own beside those that are known', () => {
  const program = defineProgram({ id: 'shop', version: 1, parts: [stock], idempotencyWindow: { hours: 1 } })
  const { model: _, ...json } = program.definition as unknown as { readonly model: string }
  expect(fault(() => defineProgram({ ...json, parts: [stock], extra: 1 } as never))).toBe(
    'unknown-key $.extra',
  )
  expect(fault(() => programFrom({ model: 'program', ...json, extra: 1 }))).toBe('unknown-key $.extra')
})

test('known keys that hold nothing count as absent', () => {
  expect(
    fault(() =>
      defineStock({
        id: 'a',
        version: 1,
        calendar: { zone: 'UTC', weekStart: undefined },
        unit: 'pieces',
        keep: undefined,
      } as never),
    ),
  ).toBe('accepted')
})

// Names that every object answers to: the author's are refused, those that come with events are texts like any other.
const everywhere = ['constructor', 'toString', '__proto__', 'hasOwnProperty']
/** Where authors give names, of each model. */
const named: { readonly [model: string]: readonly Place[] } = {
  points: [
    ['id'],
    ['currencies', 0, 'currency'],
    ['earning', 0, 'rule'],
    ['caps', 0, 'cap'],
    ['tiers', 0, 'track'],
    ['tiers', 0, 'base'],
    ['tiers', 0, 'levels', 0, 'tier'],
    ['rewards', 0, 'reward'],
    ['rewards', 0, 'limits', 0, 'limit'],
    ['rewards', 0, 'price', 0, 'option'],
  ],
  benefits: [
    ['id'],
    ['benefits', 0, 'benefit'],
    ['benefits', 0, 'group'],
    ['benefits', 0, 'funding', 'budget'],
  ],
  'stored value': [['id'], ['bonus', 0, 'rule']],
  stock: [['id'], ['limits', 0, 'limit']],
  lifecycle: [['id'], ['stages', 1], ['promises', 0, 'promise']],
}

function renamed(json: Json, at: Place, name: string): Json {
  const copy = JSON.parse(JSON.stringify(json)) as Json
  ;(valueAt(copy, at.slice(0, -1)) as { [key: string]: string })[at.at(-1)!] = name
  return copy
}

describe.each(everywhere)('the name %s', (name) => {
  test.each(Object.keys(named))('is none that an author gives in %s', (model) => {
    const [engine, define, from] = models()[model]!
    for (const at of named[model]!) {
      const json = renamed(engine.definition, at, name)
      const read = /^(duplicate-name|wrong-type) (.*)$/
      expect(read.exec(fault(() => defined(define, json)))?.[2]).toBe(pathOf(at))
      expect(read.exec(fault(() => from(json)))?.[2]).toBe(pathOf(at))
    }
  })

  test('is no event, no field and no field of a line', () => {
    const path = (specs: unknown) => fault(() => defineEvents(specs as EventSpecs))
    const whose = (value: unknown) => Object.fromEntries([[name, value]])
    expect(path(whose({}))).toBe(`duplicate-name $.events.${name}`)
    expect(path({ bought: whose({ type: 'text' }) })).toBe(`duplicate-name $.events.bought.${name}`)
    expect(path({ bought: { lines: { type: 'lines', of: whose({ type: 'text' }) } } })).toBe(
      `duplicate-name $.events.bought.lines.of.${name}`,
    )
  })

  /** What engines record and show of a life in which one text stands for every id that comes with events. */
  function lives(word: string): string {
    const shop = defineEvents({
      bought: { order: { type: 'text' }, amount: { type: 'money', currency: 'CNY' } },
      returned: { order: { type: 'text' }, amount: { type: 'money', currency: 'CNY' } },
    })
    const calendar = { zone: 'UTC' } as const
    const coins = definePoints({
      id: 'coins',
      version: 1,
      calendar,
      events: shop,
      earning: [
        { rule: 'orders', on: 'bought', origin: 'order', earns: { points: 1, per: '1.00', of: 'amount' } },
      ],
      clawback: [{ on: 'returned', origin: 'order', of: 'amount' }],
      caps: [{ cap: 'daily', atMost: 900, per: { this: 'day' }, overflow: 'carry' }],
      transfers: { limit: { points: 100, within: { days: 1 } } },
    })
    const gifts = defineBenefits({
      id: 'gifts',
      version: 1,
      calendar,
      events: shop,
      currency: 'CNY',
      benefits: [
        {
          benefit: 'off',
          owner: 'crm',
          funding: { unfunded: 'a trial' },
          gives: { kind: 'amount-off', off: '5.00' },
          transferable: true,
        },
      ],
    })
    const pieces = defineStock({
      id: 'pieces',
      version: 1,
      calendar,
      unit: 'pieces',
      limits: [{ limit: 'each', per: 'holder', most: 3 }],
    })
    const purse = defineStoredValue({
      id: 'purse',
      version: 1,
      calendar,
      events: shop,
      currency: 'CNY',
      transfer: 'principal',
    })
    const event = teller(word)
    const [at, later] = ['2024-03-01', '2024-03-02']
    const paid = { order: word, amount: '50.00' }
    const cart = { lines: [{ amount: '20.00', group: word }], shipping: '0.00' }
    const told: readonly (readonly [Engine<Kinds>, readonly object[]])[] = [
      [
        coins as unknown as Engine<Kinds>,
        [
          event(at, 'bought', paid, `${word}-1`),
          event(at, 'coins/redeem', { points: 10 }, word),
          event(at, 'coins/send', { points: 7, to: word, transfer: word }, `${word}-2`),
          event(later, 'returned', { ...paid, amount: '10.00' }, `${word}-3`),
          event(later, 'coins/send', { points: 7, to: `${word}s`, transfer: word }, `${word}-4`),
        ],
      ],
      [
        gifts as unknown as Engine<Kinds>,
        [
          event(at, 'gifts/issue', { benefit: 'off' }, word),
          event(at, 'gifts/use', { order: word, cart, issues: [word] }, `${word}-1`),
          event(later, 'gifts/use', { order: word, cart, issues: [`${word}/0`] }, `${word}-2`),
          event(later, 'gifts/return', { order: word, refunded: 'whole' }, `${word}-3`),
        ],
      ],
      [
        pieces as unknown as Engine<Kinds>,
        [
          event(at, 'pieces/restock', { amount: 9, reason: word }, `${word}-1`),
          event(at, 'pieces/reserve', { amount: 2, holder: word }, word),
          event(later, 'pieces/reserve', { amount: 2, holder: word }, `${word}-2`),
          event(later, 'pieces/commit', { reservation: word }, `${word}-3`),
          event(later, 'pieces/give-back', { reservation: word, amount: 1 }, `${word}-4`),
        ],
      ],
      [
        purse as unknown as Engine<Kinds>,
        [
          event(at, 'purse/top-up', { amount: '50.00', payment: word }, `${word}-1`),
          event(at, 'purse/pay', { amount: '20.00' }, word),
          event(later, 'purse/refund', { purchase: word, amount: '5.00' }, `${word}-2`),
          event(later, 'purse/send', { amount: '5.00', to: `${word}s` }, `${word}-3`),
          event(later, 'purse/reverse', { payment: word }, `${word}-4`),
        ],
      ],
    ]
    const all = told.map(([engine, inputs]) => {
      let state = engine.start(word)
      const outcomes = inputs.map((input) => {
        const outcome = engine.decide(state, input as never)
        if (outcome.outcome === 'accepted') state = outcome.state
        return outcome.outcome === 'accepted'
          ? outcome.events.map(({ type, data }) => ({ type, data }))
          : outcome
      })
      return { outcomes, view: engine.view(state, state.at!) }
    })
    return JSON.stringify(all).replaceAll(word, 'WORD')
  }

  test('is a text like any other where it comes with events', () => {
    const found = lives(name)
    expect(found).toBe(lives('somebody'))
    expect(found.match(/"accepted"|"type"/g)!.length).toBeGreaterThan(10)
  })
})

describe('what was agreed stays as it is', () => {
  test.each(Object.keys(models()))('%s: nothing writes to the definition of an engine', (model) => {
    const [engine, define] = models()[model]!
    const parts = objectsIn(engine.definition)
    expect(parts.filter((at) => !Object.isFrozen(valueAt(engine.definition, at)))).toEqual([])
    const given = JSON.parse(JSON.stringify(engine.definition)) as Json
    defined(define, given)
    expect(objectsIn(given).filter((at) => at.length > 0 && Object.isFrozen(valueAt(given, at)))).toEqual([])
  })
})

test('points of negative zero are called that', () => {
  const redeem = teller()('2024-03-01', 'points/redeem', { points: -0 })
  expect(points.decide(points.start('u1') as never, redeem as never)).toMatchObject({
    outcome: 'refused',
    refusal: { code: 'malformed-field', field: 'points', got: 'negative zero' },
  })
})
