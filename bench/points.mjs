// Postings of points beside a ledger written by hand, what a preview adds to a decision, what a log costs, and what an account
// says of the year to come: see points/*.mjs.
import { explain, preview, restore } from '../dist/kernel.js'
import { expiries } from '../dist/points.js'
import { HandLedger } from './points/ledger.mjs'
import { expiringInLog } from './points/scan.mjs'
import { beforeTiers, DAY, inputsOf, points, program } from './points/shop.mjs'

const ACCOUNTS = 2000
const EACH = 100
const accounts = inputsOf(ACCOUNTS, EACH)

const mixed = (sum, value) => (Math.imul(sum, 31) + value) | 0

/** What was posted: kind, points, and every lot that was touched. */
function posted(before, { type, data }) {
  let sum = mixed(
    before,
    data.points * 8 + (type === 'points/redeemed' ? 1 : type === 'points/expired' ? 2 : 3),
  )
  for (const { lot, amount } of data.moves) sum = mixed(sum, lot * 1009 + amount)
  return sum
}

function decideAll() {
  let sum = 0
  for (const inputs of accounts) {
    let state = points.start(inputs[0].subject)
    for (const input of inputs) {
      const outcome = points.decide(state, input)
      if (outcome.outcome === 'accepted') {
        state = outcome.state
        for (const event of outcome.events) if (event.type !== 'order-paid') sum = posted(sum, event)
      } else sum = mixed(sum, outcome.outcome === 'refused' ? 5 : 7)
    }
    sum = mixed(sum, state.of.books.points.lots.issued)
  }
  return sum
}

function takeAll() {
  let sum = 0
  for (const inputs of accounts) {
    const ledger = new HandLedger()
    for (const input of inputs) {
      const { outcome, events } = ledger.take(input)
      if (outcome === 'accepted') {
        for (const event of events) if (event.type !== 'order-paid') sum = posted(sum, event)
      } else sum = mixed(sum, outcome === 'refused' ? 5 : 7)
    }
    sum = mixed(sum, ledger.issued)
  }
  return sum
}

let members = []
const lookAtAll = (look) => () => {
  let sum = 0
  for (const { state, input } of members) sum = mixed(sum, look(state, input))
  return sum
}
const changesIn = (events) => events.reduce((sum, { type }) => mixed(sum, type.length), 0)

function previewed(state, input) {
  const next = preview(program, state, input)
  let words = 0
  for (const { data } of next.events)
    if (data.reason !== undefined) words += explain(program, data.reason, 'zh').length
  if (next.changed.length === 0 || words === 0) throw new Error('nothing changed')
  return changesIn(next.events)
}

let log = []
function logOf(length) {
  const recorded = []
  for (const inputs of inputsOf(40, length)) {
    let state = points.start(inputs[0].subject)
    recorded.length = 0
    for (const input of inputs) {
      const outcome = points.decide(state, { ...input, subject: inputs[0].subject })
      if (outcome.outcome !== 'accepted') continue
      state = outcome.state
      recorded.push(...outcome.events)
    }
    if (recorded.length >= length) return recorded.slice(0, length)
  }
  throw new Error('too few events')
}

const REFOLDS = 200
const YEAR = 365 * DAY
const HORIZONS = 200
/** Each is asked so often: once would be too short to measure. */
const TIMES = 10

/** Accounts with all that was recorded of them, about a thousand events, each asked about the year from the last of them on. */
let known = []
const knownAccounts = () =>
  inputsOf(HORIZONS, 625).map((inputs) => {
    let state = points.start(inputs[0].subject)
    const events = []
    for (const input of inputs) {
      const outcome = points.decide(state, input)
      if (outcome.outcome !== 'accepted') continue
      state = outcome.state
      events.push(...outcome.events)
    }
    return { of: state.of, now: state.at, events }
  })

/** What every account says, by instant. */
const comingOf = (comingIn) => () => {
  let sum = 0
  for (let i = 0; i < TIMES; i += 1)
    for (const account of known)
      for (const { at, points } of comingIn(account)) sum = mixed(mixed(sum, at % 1_000_003), points)
  return sum
}

export const rows = [
  {
    name: 'points/posting',
    versus: 'hand-written ledger',
    unit: 'us',
    iterations: ACCOUNTS * EACH,
    ours: decideAll,
    theirs: takeAll,
  },
  {
    name: 'points/preview',
    versus: 'decide alone',
    unit: 'us',
    iterations: 2000,
    prepare() {
      members = beforeTiers(2000)
    },
    ours: lookAtAll(previewed),
    theirs: lookAtAll((state, input) => changesIn(program.decide(state, input).events)),
    done() {
      members = []
    },
  },
  {
    name: 'points/refold-1000',
    versus: 'hand-written ledger',
    unit: 'ms',
    iterations: REFOLDS,
    prepare() {
      log = logOf(1000)
    },
    ours() {
      let sum = 0
      for (let i = 0; i < REFOLDS; i += 1)
        sum = mixed(sum, restore(points, log[0].subject, log).of.books.points.lots.issued)
      return sum
    },
    theirs() {
      let sum = 0
      for (let i = 0; i < REFOLDS; i += 1) {
        const ledger = new HandLedger()
        for (const event of log) ledger.apply(event)
        sum = mixed(sum, ledger.issued)
      }
      return sum
    },
    done() {
      log = []
    },
  },
  {
    name: 'points/horizon',
    versus: 'scanning the log',
    unit: 'us',
    iterations: HORIZONS * TIMES,
    prepare() {
      known = knownAccounts()
    },
    ours: comingOf(({ of, now }) => expiries(of, now, now + YEAR)),
    theirs: comingOf(({ events, now }) => expiringInLog(events, now, now + YEAR)),
    done() {
      known = []
    },
  },
]
