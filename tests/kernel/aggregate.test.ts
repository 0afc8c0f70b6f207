// An aggregate is five verbs over plain data; `collect` is the loop.
import { type Aggregate, collect } from 'liuliang'
import { expect, test } from 'vitest'

/** How much was spent, and by how many: exact, because it adds integers. */
const spending: Aggregate<
  { readonly subject: string; readonly minor: number },
  Record<string, number>,
  { readonly people: number; readonly minor: number },
  { readonly atLeast: number }
> = {
  definition: { id: 'spending' },
  shard: 'event',
  empty: () => ({}),
  add(partial, { subject, minor }) {
    partial[subject] = (partial[subject] ?? 0) + minor
    return partial
  },
  merge(a, b) {
    const all = { ...a }
    for (const [subject, minor] of Object.entries(b)) all[subject] = (all[subject] ?? 0) + minor
    return all
  },
  result(partial, { atLeast }) {
    const amounts = Object.values(partial).filter((minor) => minor >= atLeast)
    return { people: amounts.length, minor: amounts.reduce((sum, minor) => sum + minor, 0) }
  },
}
const rows = [
  { subject: 'a', minor: 100 },
  { subject: 'b', minor: 5 },
  { subject: 'a', minor: -30 },
]

test('collects any rows in one pass, from a list or from a stream', () => {
  function* stream() {
    yield* rows
  }
  const options = { atLeast: 10 }
  expect(spending.result(collect(spending, rows), options)).toEqual({ people: 1, minor: 70 })
  expect(collect(spending, stream())).toEqual(collect(spending, rows))
  expect(spending.result(collect(spending, []), options)).toEqual({ people: 0, minor: 0 })
})

test('shards merge to the same, and stay what they were', () => {
  const [left, right] = [collect(spending, rows.slice(0, 1)), collect(spending, rows.slice(1))]
  expect(spending.merge(left, right)).toEqual(collect(spending, rows))
  expect([left, right]).toEqual([{ a: 100 }, { b: 5, a: -30 }])
})
