// node bench/kernel/shares.mjs (after a build): what the ratio of kernel/program is made of. The hand-written reducer
// is given, one after another, the things that the engine does besides; what each adds to its time is its share. What
// is left is what the engine pays for rules that are data: asking every part what is due, conditions, routing.
import { build } from 'esbuild'
import { calendarOf, digestName, sortedVerbs } from '../../dist/kernel.js'
import { rows } from '../kernel.mjs'
import { CLAWED_BACK, CONFIRMED, EARNED, EXPIRED, MOVED, ORDER, REDEEMED, reduceAll } from './reducer.mjs'
import { customers, end, program, stages } from './shop.mjs'

const runs = 9

/** What the kernel does not export, from its sources. */
async function internals() {
  const contents = ['door', 'event', 'memory']
    .map((file) => `export * from './src/kernel/${file}.ts'`)
    .join('\n')
  const built = await build({
    stdin: { contents, resolveDir: '.', loader: 'ts' },
    bundle: true,
    format: 'esm',
    write: false,
    logLevel: 'error',
  })
  return import(`data:text/javascript;base64,${Buffer.from(built.outputFiles[0].text).toString('base64')}`)
}

const { faultOf, contentDigest, recall, remember, emptyMemory } = await internals()
const window = 30 * 86_400_000
const hash = digestName('')
const leaf = {
  condition: 'gte',
  fact: { fact: 'count', event: 'order-paid', within: { days: 90 } },
  value: 5,
}
const leavesOf = (observed) => [{ condition: leaf, holds: true, observed }]
const zone = calendarOf({ zone: 'Asia/Shanghai' })
const in90Days = zone.adder({ days: 90 })
const in7Days = zone.adder({ days: 7 })
const endOfTerm = zone.adder({ months: 12, end: true })
const byKey = (a, b) => (a < b ? -1 : a > b ? 1 : 0)
const byPair = (a, b) => a[0] - b[0] || a[1] - b[1]
const stays = sortedVerbs({ key: (stay) => stay[0], compare: (a, b) => a - b, amount: (stay) => stay[1] })
const origins = sortedVerbs({ key: ({ key }) => key, compare: byKey, amount: () => 0 })
const amountOf = ({ remaining }) => remaining
const waiting = sortedVerbs({ key: (lot) => [lot.confirmsAt, lot.lot], compare: byPair, amount: amountOf })
const open = sortedVerbs({ key: (lot) => [lot.expiresAt, lot.lot], compare: byPair, amount: amountOf })

/** What an event of this kind carries, with its reason. */
function dataOf(kind, at, number, { stage, carried, subject }) {
  const share = { base: number, refunded: 0, earned: number, clawedBack: 0 }
  const lot = { lot: number, amount: number, expiresAt: at, confirmsAt: at }
  if (kind === MOVED) {
    const reason = { code: 'condition-held', leaves: leavesOf(number) }
    return { from: stages[stage], to: stages[number], rule: 0, reason }
  }
  if (kind === EARNED) {
    const reason = {
      code: 'earned',
      rule: 'purchase',
      base: String(number),
      points: 1,
      per: '1',
      carried,
      carries: carried,
      of: 1000,
      multiplier: { code: 'multiplied', by: '1.5', leaves: leavesOf('loyal') },
    }
    const where = { rule: 'purchase', origin: subject, event: subject }
    return { points: number, repaid: 0, reason, ...where, share, lot, confirmsAt: at, expiresAt: at }
  }
  if (kind === CLAWED_BACK)
    return {
      points: number,
      rule: 'purchase',
      origin: subject,
      deficit: 0,
      lots: [lot],
      share,
      event: subject,
    }
  return { points: number, lots: [lot] }
}

/** What the engine does besides, each on its own; `input` and `event` are called by the reducer. */
const additions = [
  {
    name: 'the door: every field of every input',
    input(input) {
      if (faultOf(program.accepts, input) !== undefined) throw new Error('refused')
    },
  },
  {
    name: 'ids: a digest of the content, remembered',
    input(input, reducer) {
      if (input.subject !== reducer.subject) {
        reducer.subject = input.subject
        reducer.ids = emptyMemory
        reducer.version = 0
      }
      const cause = { input: input.id, digest: contentDigest(input) }
      if (recall(reducer.ids, input.id, input.occurredAt - window) !== undefined) throw new Error('known')
      reducer.version += 1
      reducer.ids = remember(reducer.ids, cause, input.occurredAt, reducer.version, window)
    },
  },
  {
    name: 'events with data and reasons',
    input(input, reducer) {
      reducer.outcome = { outcome: 'accepted', events: [input] }
    },
    event(kind, at, number, reducer) {
      if (kind > REDEEMED || kind < MOVED) return
      const { subject } = reducer
      const data = dataOf(kind, at, number, reducer)
      reducer.outcome.events.push({ id: 'loyalty', type: 'points/earned', subject, occurredAt: at, data })
    },
  },
  {
    name: 'ids derived from rule, subject and deadline',
    event(kind, at, number, reducer) {
      if (kind > CLAWED_BACK || kind < MOVED) return
      const rule = `purchase>${number}`
      reducer.named = `loyalty:${digestName(`${hash}${rule.length}:${rule}${reducer.subject.length}:${reducer.subject}${at}`)}`
    },
  },
  {
    name: 'dates: local days and months of a zone',
    event(kind, at, _number, reducer) {
      if (kind === ORDER) reducer.dates = in90Days(at) + in90Days(at)
      if (kind === ORDER || kind === MOVED) reducer.dates += in90Days(at)
      if (kind === EARNED) reducer.dates = in7Days(at) + endOfTerm(at)
    },
  },
  {
    name: 'immutability: windows, lots and origins as trees',
    event(kind, at, number, reducer) {
      const { trees } = reducer
      if (trees === undefined || trees.subject !== reducer.subject) {
        reducer.trees = {
          subject: reducer.subject,
          n: 0,
          counts: null,
          sums: null,
          origins: null,
          waiting: null,
          open: null,
        }
        return
      }
      if (kind === ORDER) {
        trees.counts = stays.insert(stays.after(trees.counts, at), [at + window, 1])
        trees.sums = stays.insert(stays.after(trees.sums, at), [at + window, number])
      } else if (kind === EARNED) {
        trees.n += 1
        trees.waiting = waiting.insert(trees.waiting, {
          lot: trees.n,
          remaining: 1,
          expiresAt: at,
          confirmsAt: at,
        })
        trees.origins = origins.insert(trees.origins, {
          key: `purchase/o${trees.n}`,
          rule: 'purchase',
          at,
          lots: [],
        })
      } else if (kind === CONFIRMED && trees.waiting !== null) {
        const lot = waiting.first(trees.waiting)
        trees.waiting = waiting.remove(trees.waiting, [lot.confirmsAt, lot.lot])
        trees.open = open.insert(trees.open, lot)
      } else if (kind === EXPIRED && trees.open !== null) {
        const lot = open.first(trees.open)
        trees.open = open.remove(trees.open, [lot.expiresAt, lot.lot])
      } else if (kind === CLAWED_BACK && trees.open !== null) {
        trees.open = open.insert(trees.open, { ...open.first(trees.open) })
        trees.origins = origins.insert(trees.origins, {
          key: `purchase/o${trees.n}`,
          rule: 'purchase',
          at,
          lots: [],
        })
      }
    },
  },
  {
    name: 'immutability: states and the journal around them',
    event(kind, at, number, reducer) {
      if (kind > REDEEMED) return
      const { subject, trees, stage, since, activeAt, version, ids } = reducer
      const customer = {
        stage,
        since,
        nth: 0,
        activeAt,
        heard: [],
        heardAt: at,
        moveTo: null,
        tracks: [at, number],
      }
      const totals = { earned: number, redeemed: 0, refunded: 0, expired: 0, clawedBack: 0 }
      const lots = { pending: trees, spendable: trees, deficit: 0, issued: 0 }
      const account = {
        lots,
        carried: at,
        origins: trees,
        redemptions: null,
        owed: [],
        owedAt: at,
        totals,
        tracks: [at],
      }
      const of =
        kind === EARNED || kind >= CONFIRMED
          ? { customer: reducer.kept, points: account }
          : { customer, points: account }
      reducer.kept = customer
      reducer.journal = { format: 1, definition: hash, subject, at, version, ids, of }
    },
  },
]

function also(chosen) {
  if (chosen.length === 0) return undefined
  const inputs = chosen.flatMap(({ input }) => input ?? [])
  const events = chosen.flatMap(({ event }) => event ?? [])
  return {
    input(input, reducer) {
      for (const call of inputs) call(input, reducer)
    },
    event(kind, at, number, reducer) {
      for (const call of events) call(kind, at, number, reducer)
    },
  }
}

const inputs = customers(8000)
const { iterations, ours } = rows.find(({ name }) => name === 'kernel/program')
const median = (values) => [...values].sort((a, b) => a - b)[values.length >> 1]

/** Microseconds of CPU time per input, the median of several. */
function timeOf(call) {
  const times = []
  for (let run = -2; run < runs; run += 1) {
    const before = process.cpuUsage()
    call()
    const { user, system } = process.cpuUsage(before)
    if (run >= 0) times.push((user + system) / iterations)
  }
  return median(times)
}

const table = []
let before = 0
for (let n = 0; n <= additions.length; n += 1) {
  const options = { also: also(additions.slice(0, n)) }
  const time = timeOf(() => reduceAll(inputs, end, options))
  table.push({
    what: n === 0 ? 'the hand-written reducer' : `+ ${additions[n - 1].name}`,
    time,
    adds: time - before,
  })
  before = time
}
const whole = timeOf(ours)
table.push({ what: '+ rules as data: what is due, conditions, parts', time: whole, adds: whole - before })
const perSecond = (time) => Math.round(1e6 / time).toLocaleString('en')
console.table(
  table.map(({ what, time, adds }) => ({
    what,
    us: Number(time.toFixed(2)),
    adds: Number(adds.toFixed(2)),
    share: `${Math.round((100 * adds) / whole)} %`,
    'a second': perSecond(time),
  })),
)
console.log(`the engine: ${(whole / table[0].time).toFixed(1)} × the hand-written reducer`)
