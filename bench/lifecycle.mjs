// A lifecycle of seven stages over ten million events, beside a hand-written loop: see README.md.
import { defineStageFlows } from '../dist/lifecycle.js'
import { followByHand } from './lifecycle/by-hand.mjs'
import { checksumByHand, checksumOfFlows } from './lifecycle/checksum.mjs'
import { customer } from './lifecycle/customer.mjs'
import { asOf, generate, mixed } from './lifecycle/events.mjs'

const events = 10_000_000
const flows = defineStageFlows({ id: 'flows', version: 1, lifecycle: customer })

const row = (name, users, arrange = (columns) => columns) => {
  let columns
  return {
    name: `lifecycle/${name}`,
    versus: 'hand-written typed-array loop',
    unit: 'ms',
    iterations: 1,
    prepare() {
      columns = arrange(generate({ events, users }))
    },
    done() {
      columns = undefined
    },
    ours: () => checksumOfFlows(flows, flows.addColumns(flows.empty(), columns), asOf),
    theirs: () => checksumByHand(followByHand(columns)),
  }
}

export const rows = [
  row('batch-10k', 10_000),
  row('batch-100k', 100_000),
  row('batch-1m', 1_000_000),
  row('batch-1m-mixed', 1_000_000, mixed),
]
