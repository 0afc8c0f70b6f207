import { parentPort, workerData } from 'node:worker_threads'
import type { SharedEvents } from './events.js'
import { buyers } from './retention.js'

/** Collects the rows of one shard, and hands back what it knows of them: some bytes a customer, however many rows there were. */
const { subject, occurredAt, from, to } = workerData as SharedEvents & {
  readonly from: number
  readonly to: number
}
const partial = buyers.addColumns!(buyers.empty(), {
  type: 'order-paid',
  subject: subject.subarray(from, to),
  occurredAt: occurredAt.subarray(from, to),
})
// Partials are plain data; what is large in them moves to the other thread instead of being copied.
parentPort!.postMessage(partial, [partial.all.activity!.bits.buffer as ArrayBuffer])
