import { defineRetention } from 'liuliang/cohorts'
import {
  type AnyEvent,
  collect,
  columnsOf,
  DefinitionError,
  defineEvents,
  type EventColumns,
  instant,
  integer,
  text,
} from 'liuliang/kernel'
import { describe, expect, test } from 'vitest'

const fields = { channel: text().optional(), amount: integer().optional() }
const shop = defineEvents({ paid: fields, opened: fields })
const definition = {
  id: 'buyers',
  version: 1,
  calendar: { zone: 'UTC' },
  entry: 'paid',
  activity: 'paid',
  period: 'month',
} as const
// The second reads every row apart, the first all at once.
const plain = defineRetention(definition)
const rich = defineRetention({
  ...definition,
  events: shop,
  breakdown: { field: 'channel', of: 'event' },
  sum: 'amount',
})
const asOf = instant('2024-06-01T00:00:00Z')
const times = ['2024-01-05T00:00:00.000Z', '2024-02-05T00:00:00.123Z', '2024-01-07T00:00:00.999Z'].map(
  instant,
)
const answer = (aggregate: typeof plain, columns: EventColumns) =>
  aggregate.result(aggregate.addColumns(aggregate.empty(), columns), { asOf })
const events = (subjects: readonly string[], at: readonly number[] = times): AnyEvent[] =>
  at.map((occurredAt, i) => ({ id: '', type: 'paid', subject: subjects[i]!, occurredAt, data: {} }))
const expected = (aggregate: typeof plain, subjects: readonly string[], at = times) =>
  aggregate.result(collect(aggregate, events(subjects, at)), { asOf })

/** The interface of Arrow's vectors, as its documentation has it: chunks, a type, `get`, `toArray`, `nullCount`. */
function vector<T>(
  chunks: readonly (readonly (T | null)[])[],
  {
    typeId,
    array,
    ...type
  }: {
    readonly typeId: number
    readonly unit?: number
    readonly precision?: number
    array?: (all: readonly T[]) => unknown
  },
  decode: (raw: T) => unknown = (raw) => raw,
) {
  const all = chunks.flat()
  return {
    length: all.length,
    nullCount: all.filter((one) => one === null).length,
    type: { typeId, ...type },
    get: (row: number) => (all[row] === null ? null : decode(all[row] as T)),
    toArray: () => array?.(all.map((one) => one ?? (0 as T))) ?? all,
  }
}
const timestamp = (unit: number, raw: readonly (bigint | null)[]) => {
  const per = [1 / 1000, 1, 1000, 1_000_000][unit]!
  const array = (all: readonly bigint[]) => BigInt64Array.from(all)
  return vector([raw.slice(0, 1), raw.slice(1)], { typeId: 10, unit, array }, (at) => Number(at) / per)
}
const column = (value: unknown) => value as EventColumns['occurredAt']

describe.each([
  ['all at once', plain],
  ['row by row', rich],
])('columns, read %s', (_, aggregate) => {
  test.each([
    ['Float64Array', Float64Array.from([0, 0, 70])],
    ['Float32Array', Float32Array.from([0, 0, 70])],
    ['Int8Array', Int8Array.from([0, 0, 70])],
    ['Uint8Array', Uint8Array.from([0, 0, 70])],
    ['Uint8ClampedArray', Uint8ClampedArray.from([0, 0, 70])],
    ['Int16Array', Int16Array.from([0, 0, 70])],
    ['Uint16Array', Uint16Array.from([0, 0, 70])],
    ['Int32Array', Int32Array.from([0, 0, 70])],
    ['Uint32Array', Uint32Array.from([0, 0, 70])],
    ['BigInt64Array', BigInt64Array.from([0n, 0n, 70n])],
    ['BigUint64Array', BigUint64Array.from([0n, 0n, 70n])],
    ['array', [0, 0, 70]],
    ['array of bigints', [0n, 0n, 70n]],
    ['array with -0', [-0, 0, 70]],
    ['texts', ['0', '0', '70']],
    ['dictionary', { codes: Uint8Array.of(1, 1, 0), values: ['70', '0', 'unused'] }],
    ['vector of integers', vector([[0, 0], [70]], { typeId: 2, array: (all) => Int32Array.from(all) })],
    [
      'vector of big integers',
      vector([[0n], [0n, 70n]], { typeId: 2, array: (all) => BigInt64Array.from(all) }),
    ],
    [
      'vector of halves',
      vector([[0, 0, 70]], { typeId: 3, precision: 0, array: () => Uint16Array.of(0, 0, 21_600) }),
    ],
    ['vector of texts', vector([['0', '0'], ['70']], { typeId: 5 })],
    ['anything with length and get', { length: 3, get: (row: number) => [0, 0, 70][row]! }],
  ])('subjects: %s', (_, subject) => {
    const columns = {
      subject: subject as EventColumns['subject'],
      occurredAt: Float64Array.from(times),
      type: 'paid',
    }
    expect(answer(aggregate, columns)).toEqual(expected(aggregate, ['0', '0', '70']))
  })

  test.each([
    ['Float64Array', Float64Array.from(times)],
    ['array', times],
    ['array of bigints', times.map(BigInt)],
    ['BigInt64Array', BigInt64Array.from(times, BigInt)],
    ['milliseconds', timestamp(1, times.map(BigInt))],
    [
      'microseconds, cut',
      timestamp(
        2,
        times.map((at) => BigInt(at) * 1000n + 999n),
      ),
    ],
    [
      'nanoseconds, cut',
      timestamp(
        3,
        times.map((at) => BigInt(at) * 1_000_000n + 999_999n),
      ),
    ],
    [
      'dates by get',
      vector([times], { typeId: 8, array: (all) => Int32Array.from(all, (at) => at / 86_400_000) }),
    ],
  ])('times: %s', (_, occurredAt) => {
    const columns = { subject: ['a', 'b', 'a'], occurredAt: column(occurredAt), type: 'paid' }
    expect(answer(aggregate, columns)).toEqual(expected(aggregate, ['a', 'b', 'a']))
  })

  test('times before 1970 are cut to the millisecond before, seconds are whole', () => {
    const before = [-1, -2, -86_400_000]
    const late = { subject: ['a', 'b', 'a'], type: 'paid' }
    const micro = timestamp(
      2,
      before.map((at) => BigInt(at) * 1000n + 1n),
    )
    const seconds = timestamp(0, [-1n, -2n, -86_400n])
    const start = { asOf: instant('1970-01-05T00:00:00Z') }
    const read = (occurredAt: unknown) =>
      aggregate.result(
        aggregate.addColumns(aggregate.empty(), { ...late, occurredAt: column(occurredAt) }),
        start,
      )
    expect(read(micro)).toEqual(read(before))
    expect(read(seconds)).toEqual(read([-1000, -2000, -86_400_000]))
  })

  test('sparse numbers are names like others', () => {
    const columns = { subject: [0, 4e9, 2 ** 53 - 1], occurredAt: times, type: 'paid' }
    expect(answer(aggregate, columns)).toEqual(expected(aggregate, ['0', '4000000000', '9007199254740991']))
    const partial = aggregate.addColumns(aggregate.addColumns(aggregate.empty(), columns), {
      ...columns,
      subject: Uint32Array.of(3, 0, 1),
    })
    const all = [...events(['0', '4000000000', '9007199254740991']), ...events(['3', '0', '1'])]
    expect(aggregate.result(partial, { asOf })).toEqual(aggregate.result(collect(aggregate, all), { asOf }))
  })

  test.each([
    ['another length', { subject: ['a', 'b'] }, 'out-of-range', '$.subject'],
    ['another length of types', { type: ['paid'] }, 'out-of-range', '$.type'],
    ['another length of a field', { data: { channel: ['web'] } }, 'out-of-range', '$.data.channel'],
    ['a huge length', { subject: { length: 2 ** 50 } }, 'out-of-range', '$.subject'],
    ['NaN', { occurredAt: [times[0], times[1], Number.NaN] }, 'invalid-instant', '$.occurredAt[2]'],
    ['a fraction', { occurredAt: [times[0], times[1], 0.5] }, 'invalid-instant', '$.occurredAt[2]'],
    ['-0', { occurredAt: Float64Array.of(1, 2, -0) }, 'invalid-instant', '$.occurredAt[2]'],
    ['a time out of range', { occurredAt: [1, 2, 8.7e15] }, 'invalid-instant', '$.occurredAt[2]'],
    ['a text for a time', { occurredAt: [1, 2, '3'] }, 'wrong-type', '$.occurredAt[2]'],
    ['no time', { occurredAt: timestamp(1, [1n, 2n, null]) }, 'missing', '$.occurredAt[2]'],
    [
      'no number',
      { occurredAt: vector([[1, 2, null]], { typeId: 2, array: (all) => Int32Array.from(all as number[]) }) },
      'missing',
      '$.occurredAt[2]',
    ],
    ['a negative subject', { subject: [0, 1, -1] }, 'out-of-range', '$.subject[2]'],
    ['half a subject', { subject: [0, 1, 1.5] }, 'out-of-range', '$.subject[2]'],
    ['no subject', { subject: ['a', 'b', null] }, 'wrong-type', '$.subject[2]'],
    [
      'a code without a value',
      { subject: { codes: [0, 0, 2], values: ['a', 'b'] } },
      'out-of-range',
      undefined,
    ],
    [
      'a negative code',
      { subject: { codes: Int8Array.of(0, 0, -1), values: ['a', 'b'] } },
      'out-of-range',
      undefined,
    ],
    [
      'a value that is no text',
      { subject: { codes: [0, 0, 0], values: [7] } },
      'wrong-type',
      '$.subject.values[0]',
    ],
    ['a type that is no text', { type: ['paid', 'paid', 7] }, 'wrong-type', '$.type[2]'],
    ['a type without a value', { type: { codes: [0, 0, 1], values: ['paid'] } }, 'out-of-range', '$.type[2]'],
    ['no column', { subject: 'abc' }, 'wrong-type', '$.subject'],
    ['fields that are no columns', { data: { channel: 'web' } }, 'wrong-type', '$.data.channel'],
  ])('%s is refused, and changes nothing', (_, change, code, path) => {
    const partial = collect(aggregate, events(['x', 'y', 'x']))
    const before = JSON.stringify(aggregate.toJson(partial))
    const columns = { subject: ['a', 'b', 'c'], occurredAt: times, type: 'paid', ...change } as EventColumns
    try {
      aggregate.addColumns(partial, columns)
      expect.unreachable('it was taken')
    } catch (error) {
      if (!(error instanceof DefinitionError)) throw error
      expect(error.code).toBe(code)
      if (path !== undefined) expect(error.path).toBe(path)
    }
    expect(JSON.stringify(aggregate.toJson(partial))).toBe(before)
  })
})

test('events as columns, and back by the aggregate: fields, and those that are missing', () => {
  const given: AnyEvent[] = [
    {
      id: '1',
      type: 'paid',
      subject: '__proto__',
      occurredAt: times[0]!,
      data: { channel: 'web', amount: 3 },
    },
    {
      id: '2',
      type: 'opened',
      subject: 'b',
      occurredAt: times[1]!,
      data: { __proto__: null, channel: 'app' },
    },
    {
      id: '3',
      type: 'paid',
      subject: 'b',
      occurredAt: times[2]!,
      data: JSON.parse('{ "__proto__": 4, "amount": 2 }'),
    },
  ]
  const columns = columnsOf(given)
  expect(columns.occurredAt).toEqual(Float64Array.from(times))
  expect(Object.keys(columns.data!)).toEqual(['channel', 'amount', '__proto__'])
  expect(answer(rich, columns)).toEqual(rich.result(collect(rich, given), { asOf }))
  const big = { ...columns, data: { ...columns.data, amount: [3n, null, 2n] } }
  expect(answer(rich, big)).toEqual(rich.result(collect(rich, given), { asOf }))
})

test.each([
  [undefined],
  ['paid'],
  [{}],
  [[null]],
  [[{}]],
  [[{ ...events(['a', 'a', 'a'])[0], occurredAt: 0.5 }]],
])('%j are no events', (given) => {
  expect(() => columnsOf(given as never)).toThrow(DefinitionError)
})
