// What one writes by hand for exactly these stages, to win: a few typed arrays, stages and spans as constants, the offsets of the
// zone in a table of hours, a deadline worked out only where the silence is long enough for one. Nothing is checked.
import { calendarOf } from '../../dist/kernel.js'
import { asOf, from, zone } from './events.mjs'

const HOUR = 3_600_000
const DAY = 86_400_000
const [LEAD, NEW, ACTIVE, LOYAL, DORMANT, CHURNED, WON_BACK] = [0, 1, 2, 3, 4, 5, 6]
const [VISIT, ORDER] = [0, 1]
const STAGES = 7

const calendar = calendarOf({ zone })
const hours = Math.ceil((asOf - from) / HOUR) + 200 * 24
/** New York's clocks change on full hours of UTC. */
const offsets = Int32Array.from({ length: hours }, (_, hour) => calendar.offsetAt(from + hour * HOUR))
const offsetAt = (at) => offsets[Math.floor((at - from) / HOUR)]

/** The same local time so many days later. */
function addDays(at, length) {
  const before = offsetAt(at)
  const moved = at + length
  const after = offsetAt(moved)
  if (before === after) return moved
  const other = moved + before - after
  // A time that the clock skips is as much later as it skips.
  return offsetAt(other) === after ? other : Math.max(moved, other)
}

const silences = new Float64Array(STAGES).fill(Infinity)
silences[NEW] = 30 * DAY
silences[ACTIVE] = 30 * DAY
silences[LOYAL] = 60 * DAY
silences[DORMANT] = 180 * DAY
silences[WON_BACK] = 45 * DAY
const soonest = silences.map((length) => length - HOUR)
const after = Uint8Array.of(0, DORMANT, DORMANT, DORMANT, CHURNED, 0, DORMANT)

export const days = Math.ceil((asOf - from) / DAY) + 1

export function followByHand({ subject, occurredAt, type: { codes }, users }) {
  const stage = new Uint8Array(users).fill(255)
  const since = new Float64Array(users)
  const active = new Float64Array(users)
  const orders = new Uint16Array(users)
  const visits = new Uint16Array(users)
  const moves = new Float64Array(STAGES * STAGES)
  const left = new Float64Array(STAGES * days)
  for (let row = 0; row < subject.length; row++) {
    const user = subject[row]
    const at = occurredAt[row]
    const code = codes[row]
    let now = stage[user]
    if (now === 255) {
      now = LEAD
      stage[user] = LEAD
      since[user] = at
    } else {
      const last = active[user]
      while (at - last >= soonest[now]) {
        const due = Math.max(addDays(last, silences[now]), since[user])
        if (due > at) break
        const to = after[now]
        moves[now * STAGES + to] += 1
        left[now * days + Math.floor((due - since[user]) / DAY)] += 1
        since[user] = due
        stage[user] = to
        now = to
      }
    }
    active[user] = at
    let to = now
    if (code === ORDER) {
      const count = orders[user] + 1
      orders[user] = count
      if (now === LEAD) to = NEW
      else if (now === NEW) to = count >= 2 ? ACTIVE : NEW
      else if (now === ACTIVE) to = count >= 5 ? LOYAL : ACTIVE
      else if (now === DORMANT || now === CHURNED) {
        to = WON_BACK
        orders[user] = 0
      } else if (now === WON_BACK) to = count >= 2 ? ACTIVE : WON_BACK
    } else if (code === VISIT) {
      const count = visits[user] + 1
      visits[user] = count
      if (now === LEAD && count >= 3) to = NEW
    } else if (now === NEW || now === ACTIVE || now === LOYAL || now === DORMANT) to = CHURNED
    if (to !== now) {
      moves[now * STAGES + to] += 1
      left[now * days + Math.floor((at - since[user]) / DAY)] += 1
      since[user] = at
      stage[user] = to
    }
  }
  const counts = new Float64Array(STAGES)
  const still = new Float64Array(STAGES * days)
  let people = 0
  for (let user = 0; user < users; user++) {
    let now = stage[user]
    if (now === 255) continue
    people += 1
    const last = active[user]
    while (asOf - last >= soonest[now]) {
      const due = Math.max(addDays(last, silences[now]), since[user])
      if (due > asOf) break
      const to = after[now]
      moves[now * STAGES + to] += 1
      left[now * days + Math.floor((due - since[user]) / DAY)] += 1
      since[user] = due
      stage[user] = to
      now = to
    }
    counts[now] += 1
    still[now * days + Math.floor((asOf - since[user]) / DAY)] += 1
  }
  const entries = new Float64Array(STAGES)
  entries[LEAD] = people
  for (let cell = 0; cell < moves.length; cell++) entries[cell % STAGES] += moves[cell]
  return { stage, since, orders, visits, moves, left, still, counts, entries }
}
