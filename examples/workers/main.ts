// Retention on several threads: events are sharded, each thread collects a partial, partials merge. The table is that of one
// thread, to the last bit. npx tsx --tsconfig tests/tsconfig.json examples/workers/main.ts [events] [threads]
import { isDeepStrictEqual } from 'node:util'
import { Worker } from 'node:worker_threads'
import { eventsOf, type SharedEvents, year } from './events.js'
import { type BuyersPartial, buyers } from './retention.js'

/** The partial of rows `from` to `to`, made on a thread of its own. */
function onThread(events: SharedEvents, from: number, to: number): Promise<BuyersPartial> {
  return new Promise((resolve, reject) => {
    const worker = new Worker(new URL('./thread.mjs', import.meta.url), {
      workerData: { ...events, from, to },
    })
    worker.once('message', resolve)
    worker.once('error', reject)
    worker.once('exit', (code) => reject(new Error(`a thread ended without an answer: ${code}`)))
  })
}

async function main([count = '1000000', threads = '4']: readonly string[]): Promise<number> {
  const [rows, shards] = [Number(count), Number(threads)]
  if (
    !(Number.isSafeInteger(rows) && rows > 0 && Number.isSafeInteger(shards) && shards > 0 && shards <= 64)
  ) {
    console.error('examples/workers/main.ts [events, from 1] [threads, 1 to 64]')
    return 2
  }
  const events = eventsOf(rows)
  const size = Math.ceil(rows / shards)
  const began = performance.now()
  const partials = await Promise.all(
    Array.from({ length: shards }, (_, shard) =>
      onThread(events, Math.min(shard * size, rows), Math.min((shard + 1) * size, rows)),
    ),
  )
  const merged = partials.reduce((a, b) => buyers.merge(a, b))
  const together = performance.now() - began

  const alone = buyers.addColumns!(buyers.empty(), { ...events, type: 'order-paid' })
  const reading = { asOf: year.to, until: year.to - 1, upTo: 6 }
  const table = buyers.result(merged, reading)
  const equal = isDeepStrictEqual(table, buyers.result(alone, reading))

  for (const { cohort, size: people, cells } of table.cohorts) {
    const shares = cells.map(({ rate, state }) =>
      rate.kind === 'estimate' && state === 'complete'
        ? `${(100 * rate.value).toFixed(1)} %`.padStart(8)
        : '       …',
    )
    console.log(`${cohort} ${String(people).padStart(8)}${shares.join('')}`)
  }
  console.log(
    `${rows} events on ${shards} threads: ${Math.round(together)} ms, threads started and partials merged`,
  )
  console.log(equal ? 'equal to one thread' : 'NOT equal to one thread')
  return equal ? 0 : 1
}

process.exitCode = await main(process.argv.slice(2))
