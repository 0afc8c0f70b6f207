// Collecting from streams: the same partial as `collect`, progress every so often, and stopping as an outcome of its own.
import { defineGrowth, defineRetention } from 'liuliang/cohorts'
import {
  type AnyEvent,
  collect,
  collectAsync,
  collectBatches,
  collectSteps,
  columnsOf,
  DefinitionError,
} from 'liuliang/kernel'
import { describe, expect, test } from 'vitest'

const buyers = defineRetention({
  id: 'buyers',
  version: 1,
  calendar: { zone: 'Asia/Shanghai' },
  entry: 'order-paid',
  activity: 'order-paid',
  period: 'month',
})
const orders = Array.from(
  { length: 25 },
  (_, i): AnyEvent => ({
    id: String(i),
    type: 'order-paid',
    subject: `u${i % 7}`,
    occurredAt: Date.UTC(2024, i % 5, 1 + i),
    data: {},
  }),
)
const whole = buyers.toJson!(collect(buyers, orders))
const json = (partial: ReturnType<typeof buyers.empty>) => buyers.toJson!(partial)

/** A stream that says when it was closed. */
function streamed<T>(rows: readonly T[]) {
  const state = { closed: false, read: 0 }
  async function* stream() {
    try {
      for (const row of rows) {
        state.read += 1
        yield await Promise.resolve(row)
      }
    } finally {
      state.closed = true
    }
  }
  return { state, rows: stream() }
}
const batches = [orders.slice(0, 10), orders.slice(10, 11), orders.slice(11)].map(columnsOf)

describe('collectAsync', () => {
  test('collects a stream to what collect gives of the array, and an array too', async () => {
    for (const rows of [streamed(orders).rows, orders]) {
      const found = await collectAsync(buyers, rows)
      expect(found).toMatchObject({ kind: 'collected', rows: 25, batches: 0 })
      expect(json(found.partial)).toEqual(whole)
    }
  })

  test('reports every so many rows', async () => {
    const seen: number[] = []
    await collectAsync(buyers, streamed(orders).rows, { every: 10, progress: ({ rows }) => seen.push(rows) })
    expect(seen).toEqual([10, 20])
  })

  test('stops where the signal says so, closes the stream, and hands out exactly what it had', async () => {
    const controller = new AbortController()
    const { rows, state } = streamed(orders)
    const progress = () => controller.abort()
    const found = await collectAsync(buyers, rows, { every: 8, progress, signal: controller.signal })
    expect(found).toMatchObject({ kind: 'stopped', rows: 8 })
    expect(state).toEqual({ closed: true, read: 8 })
    expect(json(found.partial)).toEqual(json(collect(buyers, orders.slice(0, 8))))
    const rest = collect(buyers, orders.slice(found.rows))
    expect(json(buyers.merge(found.partial, rest))).toEqual(whole)
  })

  test('between reports too: streams may be slow', async () => {
    const signal = { aborted: false }
    async function* slow() {
      yield orders[0]!
      signal.aborted = true
      yield orders[1]!
      throw new Error('read on')
    }
    expect(await collectAsync(buyers, slow(), { signal })).toMatchObject({ kind: 'stopped', rows: 2 })
  })

  test('reads nothing where it was stopped before', async () => {
    const { rows, state } = streamed(orders)
    const found = await collectAsync(buyers, rows, { signal: { aborted: true } })
    expect(found).toEqual({ kind: 'stopped', rows: 0, batches: 0, partial: buyers.empty() })
    expect(state.read).toBe(0)
  })

  test('what progress, a row or the stream throws reaches the caller, and the stream is closed', async () => {
    const own = new Error('own')
    const { rows, state } = streamed(orders)
    const progress = () => {
      throw own
    }
    await expect(collectAsync(buyers, rows, { every: 1, progress })).rejects.toBe(own)
    expect(state.closed).toBe(true)
    const wrong = streamed([{ ...orders[0]!, occurredAt: Number.NaN }])
    await expect(collectAsync(buyers, wrong.rows)).rejects.toBeInstanceOf(DefinitionError)
    expect(wrong.state.closed).toBe(true)
  })
})

describe('collectBatches', () => {
  test('adds batches of columns to what the rows give', async () => {
    const seen: unknown[] = []
    const found = await collectBatches(buyers, streamed(batches).rows, {
      every: 11,
      progress: (done) => seen.push(done),
    })
    expect(found).toMatchObject({ kind: 'collected', rows: 25, batches: 3 })
    expect(seen).toEqual([
      { rows: 11, batches: 2 },
      { rows: 25, batches: 3 },
    ])
    const reading = { asOf: Date.UTC(2024, 7, 1) }
    expect(buyers.result(found.partial, reading)).toEqual(buyers.result(collect(buyers, orders), reading))
  })

  test('stops between batches', async () => {
    const signal = { aborted: false }
    const progress = () => {
      signal.aborted = true
    }
    const found = await collectBatches(buyers, batches, { every: 1, progress, signal })
    expect(found).toMatchObject({ kind: 'stopped', rows: 10, batches: 1 })
    expect(json(found.partial)).toEqual(json(collect(buyers, orders.slice(0, 10))))
  })

  test('needs an aggregate that reads columns', async () => {
    const { addColumns: _, ...rowsOnly } = buyers
    await expect(collectBatches(rowsOnly as typeof buyers, batches)).rejects.toMatchObject({
      code: 'missing',
    })
  })

  test('batches of another shape are counted as the host says', async () => {
    const growth = defineGrowth({
      id: 'g',
      version: 1,
      calendar: { zone: 'UTC' },
      activity: 'order-paid',
      period: 'month',
      resurrected: 'counted',
    })
    const found = await collectBatches(growth, batches, { rowsOf: () => 2 })
    expect(found).toMatchObject({ rows: 6, batches: 3 })
  })
})

describe('collectSteps', () => {
  test('hands the thread back between steps', () => {
    const steps = collectSteps(buyers, orders, { every: 10 })
    expect(steps.next()).toEqual({ done: false, value: { rows: 10, batches: 0 } })
    expect(steps.next()).toEqual({ done: false, value: { rows: 20, batches: 0 } })
    const { done, value } = steps.next()
    expect(done).toBe(true)
    expect(value).toMatchObject({ kind: 'collected', rows: 25 })
    expect('partial' in value && json(value.partial)).toEqual(whole)
  })

  test('stops between steps, and closes rows that a host lets go of', () => {
    const signal = { aborted: false }
    let closed = 0
    function* rows() {
      try {
        yield* orders
      } finally {
        closed += 1
      }
    }
    const steps = collectSteps(buyers, rows(), { every: 10, signal })
    steps.next()
    signal.aborted = true
    expect(steps.next()).toMatchObject({ done: true, value: { kind: 'stopped', rows: 10 } })
    const left = collectSteps(buyers, rows(), { every: 10 })
    left.next()
    left.return(undefined as never)
    expect(closed).toBe(2)
  })
})

describe('what it refuses', () => {
  const wrongOptions: readonly (readonly [string, unknown])[] = [
    ['$.options', null],
    ['$.options', [1]],
    ['$.every', { every: 0 }],
    ['$.every', { every: 1.5 }],
    ['$.every', { every: '10' }],
    ['$.progress', { progress: 1 }],
    ['$.signal', { signal: null }],
    ['$.signal', { signal: {} }],
    ['$.signal', { signal: { aborted: 'no' } }],
  ]
  test.each(wrongOptions)('%s of %j', async (path, options) => {
    const given = options as { readonly every?: number }
    await expect(collectAsync(buyers, orders, given)).rejects.toMatchObject({ path })
    await expect(collectBatches(buyers, batches, given)).rejects.toMatchObject({ path })
    expect(() => collectSteps(buyers, orders, given).next()).toThrow(expect.objectContaining({ path }))
  })

  test.each([undefined, null, 1, {}, { length: 2 }])('rows that cannot be iterated: %j', async (rows) => {
    const given = rows as unknown as readonly AnyEvent[]
    await expect(collectAsync(buyers, given)).rejects.toMatchObject({ code: 'wrong-type' })
    await expect(collectBatches(buyers, given as never)).rejects.toMatchObject({ code: 'wrong-type' })
    expect(() => collectSteps(buyers, given).next()).toThrow(expect.objectContaining({ code: 'wrong-type' }))
  })
})
