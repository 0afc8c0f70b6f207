import type { Json } from './digest.js'

/**
 * Summarises many subjects. One definition runs over an array, a stream, columns, worker threads, or as the combine
 * step of a distributed engine, with the same bits: whatever accumulates is exact, floats appear only in `result`.
 *
 * Laws (`aggregateLaws` in `liuliang/testing`): any allowed sharding, order and merge tree gives the same result;
 * columns equal rows; `retract` undoes `add`; a partial survives JSON.
 */
export interface Aggregate<Input, Partial, Result, Options = undefined, Columns = never> {
  /** What it measures, as plain data. */
  readonly definition: object
  /** `event`: rows may be split anyhow. `subject`: all rows of one subject have to stay in one shard. */
  readonly shard: 'event' | 'subject'
  empty(): Partial
  /** May write into a partial that the caller owns; loops call it on one draft. */
  add(partial: Partial, input: Input): Partial
  /** Associative and commutative; leaves both as they are. */
  merge(a: Partial, b: Partial): Partial
  result(partial: Partial, options: Options): Result
  /** Undoes `add` of the same input. */
  retract?(partial: Partial, input: Input): Partial
  /** Equals `add` of every row: `EventColumns` for aggregates of events, a `Float64Array` for those of numbers. */
  addColumns?(partial: Partial, columns: Columns): Partial
  /** Takes out everything of one subject. */
  forget?(partial: Partial, subject: string): Partial
  /** A partial as JSON, where it is not JSON itself (typed arrays); `fromJson` reads and checks it. */
  toJson?(partial: Partial): Json
  fromJson?(json: unknown): Partial
}

/** Runs an aggregate over rows, in one draft. */
export function collect<Input, Partial, Result, Options>(
  aggregate: Aggregate<Input, Partial, Result, Options>,
  rows: Iterable<Input>,
): Partial {
  let partial = aggregate.empty()
  for (const row of rows) partial = aggregate.add(partial, row)
  return partial
}
