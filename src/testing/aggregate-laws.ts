import * as fc from 'fast-check'
import { type Aggregate, collect } from '../kernel/index.js'
import { type Law, type LawOptions, same } from './law.js'

/** Not every runtime has it, and the library does not need it. */
const clone = (globalThis as { readonly structuredClone?: <T>(value: T) => T }).structuredClone

/** What a law of aggregates is tried on. */
export interface AggregateCase<Input, Options> {
  readonly rows: fc.Arbitrary<readonly Input[]>
  /** Rows as the columns that the aggregate takes; `columnsOf` of the kernel makes those of events. */
  readonly columns?: (rows: readonly Input[]) => unknown
  readonly options: Options
  /** Whose a row is: rows of one subject stay in one shard where the aggregate asks for it. */
  readonly subjectOf: (row: Input) => string
}

/**
 * The laws of every aggregate: any allowed sharding, order and merge tree gives the same result; a partial survives
 * JSON (by `toJson` and `fromJson` where it has them) and cloning; merging leaves its arguments alone; `retract` undoes `add`; columns
 * equal rows, `forget` leaves what would have been collected without the subject.
 */
export function aggregateLaws<Input, Partial, Result, Options>(
  name: string,
  aggregate: Aggregate<Input, Partial, Result, Options, never>,
  { rows, options, subjectOf, columns }: AggregateCase<Input, Options>,
): readonly Law[] {
  const resultOf = (partial: Partial) => aggregate.result(partial, options)
  const toJson = (partial: Partial): unknown => aggregate.toJson?.(partial) ?? partial
  const fromJson = (json: unknown): Partial => aggregate.fromJson?.(json) ?? (json as Partial)
  const written = (partial: Partial): string => JSON.stringify(toJson(partial))
  const law = (
    title: string,
    property: (rows: readonly Input[], choices: readonly number[]) => void,
  ): Law => ({
    name: `${name}: ${title}`,
    check({ runs = 100, seed }: LawOptions = {}) {
      const choices = fc.array(fc.nat({ max: 1000 }), { minLength: 64, maxLength: 64 })
      let cases = 0
      fc.assert(
        fc.property(rows, choices, (given, chosen) => {
          cases += 1
          property(given, chosen)
        }),
        { numRuns: runs, ...(seed !== undefined && { seed }) },
      )
      return { runs: cases, shares: {} }
    },
  })

  /** Rows dealt out to a few shards, by row or by subject. */
  const shardsOf = (given: readonly Input[], choices: readonly number[]): readonly (readonly Input[])[] => {
    const count = 1 + (choices[0]! % 5)
    const places = new Map<string, number>()
    const shards: Input[][] = Array.from({ length: count }, () => [])
    for (const [i, row] of given.entries()) {
      const subject = subjectOf(row)
      const drawn = choices[(i + 1) % choices.length]! % count
      const place = aggregate.shard === 'event' ? drawn : (places.get(subject) ?? drawn)
      places.set(subject, place)
      shards[place]!.push(row)
    }
    return shards
  }

  /** Merges in a random tree. */
  const mergeAll = (partials: readonly Partial[], choices: readonly number[]): Partial => {
    let left = [...partials]
    for (let i = 0; left.length > 1; i++) {
      const at = choices[i % choices.length]! % (left.length - 1)
      left = [...left.slice(0, at), aggregate.merge(left[at]!, left[at + 1]!), ...left.slice(at + 2)]
    }
    return left[0] ?? aggregate.empty()
  }

  const shuffled = (given: readonly Input[], choices: readonly number[]): readonly Input[] =>
    given
      .map((row, i) => [choices[i % choices.length]!, i, row] as const)
      .sort((a, b) => a[0] - b[0] || b[1] - a[1])
      .map(([, , row]) => row)

  return [
    law('any order gives the same result', (given, choices) =>
      same(
        resultOf(collect(aggregate, shuffled(given, choices))),
        resultOf(collect(aggregate, given)),
        'result of shuffled rows',
      ),
    ),
    law('any sharding and merge tree gives the same result', (given, choices) => {
      const partials = shardsOf(given, choices).map((shard) => collect(aggregate, shard))
      same(resultOf(mergeAll(partials, choices)), resultOf(collect(aggregate, given)), 'merged result')
      same(
        resultOf(mergeAll([...partials].reverse(), choices)),
        resultOf(collect(aggregate, given)),
        'result merged in reverse',
      )
    }),
    law('merging with nothing changes nothing', (given) => {
      const partial = collect(aggregate, given)
      same(
        resultOf(aggregate.merge(partial, aggregate.empty())),
        resultOf(partial),
        'merged with an empty partial',
      )
      same(
        resultOf(aggregate.merge(aggregate.empty(), partial)),
        resultOf(partial),
        'an empty partial merged',
      )
    }),
    law('merging leaves its arguments alone', (given, choices) => {
      const [a = aggregate.empty(), b = aggregate.empty()] = shardsOf(given, choices).map((shard) =>
        collect(aggregate, shard),
      )
      const before = [written(a), written(b)]
      aggregate.merge(a, b)
      same([written(a), written(b)], before, 'arguments after the merge')
    }),
    law('a partial survives JSON', (given) => {
      const partial = collect(aggregate, given)
      same(
        resultOf(fromJson(JSON.parse(written(partial)))),
        resultOf(partial),
        'result of the partial read back',
      )
      // Where a partial is not JSON itself, it is what may be handed to another thread.
      if (aggregate.toJson !== undefined && clone !== undefined)
        same(resultOf(clone(partial)), resultOf(partial), 'result of the partial cloned')
    }),
    ...(aggregate.addColumns === undefined || columns === undefined
      ? []
      : [
          law('columns equal rows', (given, choices) => {
            const cut = given.length === 0 ? 0 : choices[0]! % given.length
            const parts = [given.slice(0, cut), given.slice(cut)]
            const all = parts.reduce(
              (partial, part) => aggregate.addColumns!(partial, columns(part) as never),
              aggregate.empty(),
            )
            same(resultOf(all), resultOf(collect(aggregate, given)), 'result of columns')
          }),
        ]),
    ...(aggregate.forget === undefined
      ? []
      : [
          law('forgetting a subject leaves the rest', (given, choices) => {
            const gone = given.length === 0 ? '' : subjectOf(given[choices[0]! % given.length]!)
            const rest = given.filter((row) => subjectOf(row) !== gone)
            const left = aggregate.forget!(collect(aggregate, given), gone)
            same(resultOf(left), resultOf(collect(aggregate, rest)), 'result after forgetting')
            if (gone.length > 3 && written(left).includes(JSON.stringify(gone)))
              throw new Error(`${gone} is still named`)
          }),
        ]),
    ...(aggregate.retract === undefined
      ? []
      : [
          law('retracting undoes adding', (given, choices) => {
            const kept = given.filter((_, i) => choices[i % choices.length]! % 2 === 0)
            const gone = given.filter((_, i) => choices[i % choices.length]! % 2 === 1)
            const all = collect(aggregate, [...kept, ...gone])
            const left = gone.reduce((partial, row) => aggregate.retract!(partial, row), all)
            same(resultOf(left), resultOf(collect(aggregate, kept)), 'result after retracting')
          }),
        ]),
  ]
}
