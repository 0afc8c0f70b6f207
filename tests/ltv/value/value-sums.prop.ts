// The law of sums: whoever moves a customer moves value and makes none.
import fc from 'fast-check'
import { type Belonging, belongings, type CustomerValue, valueBy } from 'liuliang/ltv'
import { exactSum } from 'liuliang/measures'
import { expect, test } from 'vitest'
import { runs } from '../../support/size.js'

const amount = fc.double({ min: -1e12, max: 1e12, noNaN: true, noDefaultInfinity: true })
const values = fc
  .array(fc.record({ value: amount, variance: fc.double({ min: 0, max: 1e6, noNaN: true }) }), {
    maxLength: 30,
  })
  .map((list) => list.map((one, i): CustomerValue => ({ customer: `c-${i}`, ...one })))
const owners = ['ada', 'ben', 'cai']
/** Shares over owners that add up to one. */
const shares = fc.tuple(...owners.map(() => fc.double({ min: 0.01, max: 1, noNaN: true }))).map((weights) => {
  const sum = weights.reduce((all, one) => all + one, 0)
  return weights.map((one, k) => ({ group: owners[k]!, share: one / sum }))
})
const where = fc.oneof(fc.constantFrom(...owners, undefined), shares)

test('moving customers keeps the total to the bit, and so does their order', () => {
  fc.assert(
    fc.property(values, fc.array(where, { minLength: 60, maxLength: 60 }), (list, places) => {
      const before = valueBy(list, ({ customer }) => places[Number(customer.slice(2))])
      const after = valueBy([...list].reverse(), ({ customer }) => places[30 + Number(customer.slice(2))])
      expect(after.total.value).toBe(before.total.value)
      expect(after.total.interval).toEqual(before.total.interval)
      expect(before.total.value).toBe(exactSum(list.map(({ value }) => value as number)))
      // Each group's sum is rounded once, so together they are the total but for that.
      const parts = [...before.groups, before.ungrouped].map(({ value }) => value)
      const size = parts.reduce((all, one) => all + Math.abs(one), 0)
      expect(Math.abs(exactSum(parts) - before.total.value)).toBeLessThanOrEqual(size * 4.5e-16)
    }),
    { numRuns: runs(100, 2000) },
  )
})

test('of a customer who is shared nothing is lost: what one owner does not get, another does', () => {
  fc.assert(
    fc.property(amount, shares, (value, parts) => {
      const { groups } = valueBy([{ customer: 'c', value }], () => parts)
      const [first, second, last] = owners.map((name) => groups.find(({ group }) => group === name)!.value)
      const [one, two] = [value * parts[0]!.share, value * parts[1]!.share]
      expect([first, second]).toEqual([one + 0, two + 0])
      expect(last).toBe(exactSum([value, -one, -two]))
    }),
    { numRuns: runs(100, 2000) },
  )
})

test('customers whose value is not defined are counted, not summed as nothing', () => {
  const sums = valueBy(
    [
      { customer: 'a', value: { kind: 'estimate', value: 12 } },
      { customer: 'b', value: { kind: 'undefined' } },
    ],
    () => 'all',
  )
  expect(sums.groups).toEqual([{ group: 'all', value: 12, customers: 2, withoutValue: 1 }])
  expect(sums.ungrouped).toEqual({ value: 0, customers: 0, withoutValue: 0 })
})

test('intervals: chance averages out, errors of parameters do not', () => {
  const list = Array.from({ length: 400 }, (_, i) => ({ customer: `${i}`, value: 10, variance: 100 }))
  const half = ({ interval }: { interval?: { low: number; high: number } }) =>
    (interval!.high - interval!.low) / 2
  expect(half(valueBy(list, () => 'all').total)).toBeCloseTo(1.959963984540054 * 200, 9)
  const both = valueBy(list, () => 'all', { standardErrorOf: (members) => 0.5 * members.length })
  expect(half(both.total)).toBeCloseTo(1.959963984540054 * Math.sqrt(40_000 + 40_000), 9)
  expect(half(both.groups[0]!)).toBe(half(both.total))
})

test('belonging over time: before, at and after a change; gaps belong to nobody', () => {
  const list: Belonging[] = [
    { customer: 'old-man', to: 'ada', from: 100, until: 200 },
    { customer: 'old-man', to: 'ben', share: 0.25, from: 200, until: 300 },
    { customer: 'old-man', to: 'shop', share: 0.75, from: 200, until: 300 },
    { customer: 'old-man', to: 'ada', from: 400 },
  ]
  const { of } = belongings([...list].reverse())
  const at = (asOf: number) => of('old-man', asOf).map(({ group, share }) => [group, share])
  expect(at(99)).toEqual([])
  expect(at(100)).toEqual([['ada', 1]])
  expect(at(200)).toEqual([
    ['ben', 0.25],
    ['shop', 0.75],
  ])
  expect(at(300)).toEqual([])
  expect(at(1e9)).toEqual([['ada', 1]])
  expect(of('somebody', 100)).toEqual([])
})

test.each([
  ['shares that do not add up', [{ customer: 'c', to: 'ada', share: 0.5, from: 0 }], '$[0].share'],
  [
    'shares that add up for a while only',
    [
      { customer: 'c', to: 'ada', share: 0.5, from: 0 },
      { customer: 'c', to: 'ben', share: 0.5, from: 0, until: 9 },
    ],
    'add up to 1 from 9 on',
  ],
  [
    'two owners of the whole',
    [
      { customer: 'c', to: 'ada', from: 0 },
      { customer: 'c', to: 'ben', from: 5 },
    ],
    'add up to 1 from 5 on',
  ],
  [
    'the same owner twice',
    [
      { customer: 'c', to: 'ada', from: 0 },
      { customer: 'c', to: 'ada', from: 5 },
    ],
    'duplicate-name',
  ],
  ['an end before the beginning', [{ customer: 'c', to: 'ada', from: 5, until: 5 }], '$[0].until'],
] as const)('%s: refused', (_, list, message) => {
  expect(() => belongings(list)).toThrow(message)
})

test('a customer comes once, and shares of a function add up as well', () => {
  const twice = [
    { customer: 'a', value: 1 },
    { customer: 'a', value: 2 },
  ]
  expect(() => valueBy(twice, () => 'all')).toThrow('duplicate-name at $[1].customer')
  expect(() => valueBy([twice[0]!], () => [{ group: 'x', share: 0.9 }])).toThrow('add up to 1')
  expect(() => valueBy([{ customer: 'a', value: Number.NaN }], () => 'all')).toThrow('$[0].value')
})
