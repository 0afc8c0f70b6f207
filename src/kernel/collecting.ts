import type { Aggregate } from './aggregate.js'
import { fault } from './errors.js'
import { isRecord } from './plain.js'

/** How far collecting has come: rows of an array, of a stream, or of batches of columns. */
export interface CollectProgress {
  readonly rows: number
  /** Batches of columns; 0 of rows. */
  readonly batches: number
}

/** What a host wants while rows are collected. */
export interface CollectOptions {
  /** So many rows from one report to the next, 100,000 unless told; a batch of columns is never cut. */
  readonly every?: number
  /** Called with each report. What it throws stops collecting and reaches the caller. */
  readonly progress?: (done: CollectProgress) => void
  /** Looked at with each step, row of a stream, or batch: an `AbortSignal`, or any object that says so. */
  readonly signal?: { readonly aborted: boolean }
}

/**
 * What was collected. `stopped` is its own case, so that nobody takes a part for the whole: its partial holds exactly the first
 * `rows` rows, answers like any other, and merges with what is collected of the rest later.
 */
export type Collecting<Partial> = CollectProgress &
  (
    | { readonly kind: 'collected'; readonly partial: Partial }
    | { readonly kind: 'stopped'; readonly partial: Partial }
  )

const unlessTold = 100_000

/**
 * Runs an aggregate over rows as `collect` does, and hands the thread back every so often: a generator, whose steps say how far
 * it is. A host yields to its page between steps, shows progress, or lets go of the generator.
 *
 * @returns what was collected, also where the signal stopped it.
 * @throws DefinitionError `wrong-type` for rows that cannot be iterated or options of another shape, `out-of-range` for `every`.
 * What `add` or the rows throw reaches the caller.
 * @example
 * const steps = collectSteps(buyers, orders, { every: 10_000 })
 * let step = steps.next()
 * while (!step.done) {
 *   await new Promise(requestAnimationFrame)
 *   step = steps.next()
 * }
 * step.value.partial
 */
export function* collectSteps<Input, Partial, Result, Options, Columns>(
  aggregate: Aggregate<Input, Partial, Result, Options, Columns>,
  rows: Iterable<Input>,
  options: CollectOptions = {},
): Generator<CollectProgress, Collecting<Partial>> {
  checkIterable(rows, [Symbol.iterator])
  const count = counting(options)
  let partial = aggregate.empty()
  if (count.stops()) return count.stopped(partial)
  for (const row of rows) {
    partial = aggregate.add(partial, row)
    if (!count.row()) continue
    yield count.done()
    if (count.stops()) return count.stopped(partial)
  }
  return count.collected(partial)
}

/**
 * Runs an aggregate over a stream of rows: a cursor of a database, lines of a file, pages of an interface. Rows of an array
 * will do as well.
 *
 * The same partial as `collect` gives of the same rows. Where the signal stops it, the stream is closed (`return` of its
 * iterator), and the outcome is `stopped` with what was collected so far.
 *
 * @throws DefinitionError as `collectSteps` does; what `add` or the stream throws rejects the promise.
 * @example
 * const { kind, partial, rows } = await collectAsync(buyers, cursor, { signal, progress: ({ rows }) => show(rows) })
 */
export async function collectAsync<Input, Partial, Result, Options, Columns>(
  aggregate: Aggregate<Input, Partial, Result, Options, Columns>,
  rows: AsyncIterable<Input> | Iterable<Input>,
  options: CollectOptions = {},
): Promise<Collecting<Partial>> {
  checkIterable(rows, [Symbol.asyncIterator, Symbol.iterator])
  const count = counting(options)
  let partial = aggregate.empty()
  if (count.stops()) return count.stopped(partial)
  for await (const row of rows) {
    partial = aggregate.add(partial, row)
    count.row()
    // Streams may be slow: their rows are not worth waiting for once nobody wants them.
    if (count.stops()) return count.stopped(partial)
  }
  return count.collected(partial)
}

/**
 * Runs an aggregate over a stream of batches of columns, as Arrow, Parquet readers and databases give them. The signal is looked
 * at between batches; a batch that `addColumns` refuses ends it all, and nothing of the partial is handed out.
 *
 * @param rowsOf - How many rows a batch has; of `EventColumns` and of arrays that is known.
 * @throws DefinitionError `missing` for an aggregate without `addColumns`; otherwise as `collectAsync`.
 * @example
 * const { partial } = await collectBatches(buyers, batches) // each { subject, occurredAt, type }
 */
export async function collectBatches<Input, Partial, Result, Options, Columns>(
  aggregate: Aggregate<Input, Partial, Result, Options, Columns>,
  batches: AsyncIterable<Columns> | Iterable<Columns>,
  options: CollectOptions & { readonly rowsOf?: (batch: Columns) => number } = {},
): Promise<Collecting<Partial>> {
  const { addColumns } = aggregate
  if (typeof addColumns !== 'function')
    throw fault('missing', '$.addColumns', addColumns, 'an aggregate that reads columns')
  checkIterable(batches, [Symbol.asyncIterator, Symbol.iterator])
  const count = counting(options)
  const { rowsOf = lengthOf } = options
  let partial = aggregate.empty()
  if (count.stops()) return count.stopped(partial)
  for await (const batch of batches) {
    partial = addColumns.call(aggregate, partial, batch)
    count.batch(rowsOf(batch))
    if (count.stops()) return count.stopped(partial)
  }
  return count.collected(partial)
}

/** Rows of a batch by its shape. */
function lengthOf(batch: unknown): number {
  const column = isRecord(batch) && 'occurredAt' in batch ? batch['occurredAt'] : batch
  const length = (column as { readonly length?: unknown } | null | undefined)?.length
  return typeof length === 'number' ? length : 0
}

/** Counts rows, reports them, and asks whether to stop. */
function counting(options: CollectOptions) {
  if (!isRecord(options as unknown))
    throw fault('wrong-type', '$.options', options, '{ every, progress, signal }')
  const { every = unlessTold, progress, signal } = options
  if (!(Number.isSafeInteger(every) && every > 0))
    throw fault('out-of-range', '$.every', every, 'a whole number from 1')
  if (progress !== undefined && typeof progress !== 'function')
    throw fault('wrong-type', '$.progress', progress, 'a function')
  if (signal !== undefined && typeof (signal as { readonly aborted?: unknown } | null)?.aborted !== 'boolean')
    throw fault('wrong-type', '$.signal', signal, '{ aborted: boolean }')
  let rows = 0
  let batches = 0
  let next = every
  const report = (): boolean => {
    if (rows < next) return false
    next = rows + every
    progress?.({ rows, batches })
    return true
  }
  return {
    done: (): CollectProgress => ({ rows, batches }),
    stops: () => signal?.aborted === true,
    /** Whether a report was due. */
    row(): boolean {
      rows += 1
      return report()
    },
    batch(length: number): void {
      rows += length
      batches += 1
      report()
    },
    collected: <Partial>(partial: Partial): Collecting<Partial> => ({
      kind: 'collected',
      partial,
      rows,
      batches,
    }),
    stopped: <Partial>(partial: Partial): Collecting<Partial> => ({
      kind: 'stopped',
      partial,
      rows,
      batches,
    }),
  }
}

function checkIterable(rows: unknown, ways: readonly symbol[]): void {
  const iterable =
    rows !== null &&
    rows !== undefined &&
    ways.some((way) => typeof (rows as Readonly<Record<symbol, unknown>>)[way] === 'function')
  if (!iterable) throw fault('wrong-type', '$', rows, 'rows, one after another')
}
