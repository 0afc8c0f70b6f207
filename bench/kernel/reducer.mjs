// The loop on the other side: what the program of shop.mjs computes, written by hand and to win. Plain mutable objects
// that are used again for every customer, arrays read from a moving head, constants for rules, and an offset for a zone
// that has kept one since 1991. No ids, no events, no journal, no checks of what comes in.
import { DAY, stages, tiers } from './shop.mjs'

const OFFSET = 8 * 3_600_000
const [LEAD, NEW, ACTIVE, LOYAL, LAPSED] = stages.keys()
const [BASIC, SILVER, GOLD] = tiers.keys()

/** What is counted of an event: its kind, its instant, its number. */
export const ORDER = 1
export const REFUND = 2
export const MOVED = 3
export const EARNED = 4
export const CONFIRMED = 5
export const EXPIRED = 6
export const CLAWED_BACK = 7
export const REDEEMED = 8
export const REFUSED = 9
export const TIERED = 10
export const LOT = 11
export const LAST = 12

/** Adds one output to a checksum, in any order the same. */
export const mixed = (kind, at, number) =>
  Math.imul(Math.imul((at / 1000) | 0, 0x9e3779b1) ^ (at % 1000), kind * 2 + 1) +
  Math.imul(number, 0x85ebca6b)

export const minorOf = (text) => Math.round(Number(text) * 100)

/** The local midnight that ends the same day twelve months later. */
function endOfTerm(at) {
  const date = new Date(at + OFFSET)
  const year = date.getUTCFullYear() + 1
  const month = date.getUTCMonth()
  const day = Math.min(date.getUTCDate(), new Date(Date.UTC(year, month + 1, 0)).getUTCDate())
  return Date.UTC(year, month, day + 1) - OFFSET
}

export class Reducer {
  constructor({ tier = false, also } = {}) {
    this.hasTier = tier
    /** For shares.mjs: what to do besides. */
    this.also = also
    this.leaves = []
    this.amounts = []
    this.tierLeaves = []
    this.tierAmounts = []
    this.pending = []
    this.spendable = []
    this.origins = new Map()
    this.sum = 0
    this.reset()
  }

  reset() {
    this.stage = LEAD
    this.since = 0
    this.activeAt = 0
    this.count90 = 0
    this.sum90 = 0
    this.leaves.length = 0
    this.amounts.length = 0
    this.head = 0
    this.tier = BASIC
    this.tierSum = 0
    this.tierLeaves.length = 0
    this.tierAmounts.length = 0
    this.tierHead = 0
    this.pending.length = 0
    this.pendingHead = 0
    this.spendable.length = 0
    this.spendableHead = 0
    this.origins.clear()
    this.waiting = 0
    this.available = 0
    this.deficit = 0
    this.carried = 0
  }

  emit(kind, at, number) {
    this.sum = (this.sum + mixed(kind, at, number)) | 0
    if (this.also !== undefined) this.also.event(kind, at, number, this)
  }

  /** What time has done by then: stages first, then points, then the tier. */
  advance(asOf) {
    for (;;) {
      let at = Number.POSITIVE_INFINITY
      let what = 0
      if (this.head < this.leaves.length) {
        at = this.leaves[this.head]
        what = 1
      }
      const { stage, pending, spendable } = this
      if (stage !== LEAD && stage !== LAPSED) {
        const inactiveAt = this.activeAt + 90 * DAY
        if (inactiveAt < at) {
          at = inactiveAt
          what = 2
        }
      }
      while (this.pendingHead < pending.length && pending[this.pendingHead].remaining === 0)
        this.pendingHead += 1
      if (this.pendingHead < pending.length && pending[this.pendingHead].confirmsAt < at) {
        at = pending[this.pendingHead].confirmsAt
        what = 3
      }
      while (this.spendableHead < spendable.length && spendable[this.spendableHead].remaining === 0)
        this.spendableHead += 1
      if (this.spendableHead < spendable.length && spendable[this.spendableHead].expiresAt < at) {
        at = spendable[this.spendableHead].expiresAt
        what = 4
      }
      if (this.hasTier && this.tierHead < this.tierLeaves.length && this.tierLeaves[this.tierHead] < at) {
        at = this.tierLeaves[this.tierHead]
        what = 5
      }
      if (at > asOf) return
      if (what === 1) this.leave(at)
      else if (what === 2) this.move(LAPSED, at)
      else if (what === 3) this.confirm(at)
      else if (what === 4) this.expire(at)
      else this.leaveTier(at)
    }
  }

  leave(at) {
    while (this.head < this.leaves.length && this.leaves[this.head] === at) {
      this.count90 -= 1
      this.sum90 -= this.amounts[this.head]
      this.head += 1
    }
    if (this.stage === LOYAL && !this.isLoyal()) this.move(ACTIVE, at)
    if (this.stage === ACTIVE || this.stage === NEW || this.stage === LOYAL) {
      if (this.activeAt + 90 * DAY <= at) this.move(LAPSED, at)
    }
  }

  isLoyal() {
    return this.count90 >= 5 && this.sum90 >= 150_000
  }

  move(to, at) {
    this.stage = to
    this.since = at
    this.emit(MOVED, at, to)
  }

  moveTier(to, at) {
    this.tier = to
    this.emit(TIERED, at, to)
  }

  leaveTier(at) {
    while (this.tierHead < this.tierLeaves.length && this.tierLeaves[this.tierHead] === at) {
      this.tierSum -= this.tierAmounts[this.tierHead]
      this.tierHead += 1
    }
    this.settleTier(at)
  }

  settleTier(at) {
    const sum = this.tierSum
    if (this.tier === GOLD && sum < 5000) this.moveTier(SILVER, at)
    if (this.tier === SILVER && sum < 1000) this.moveTier(BASIC, at)
    if (this.tier === BASIC && sum >= 1000) this.moveTier(SILVER, at)
    if (this.tier === SILVER && sum >= 5000) this.moveTier(GOLD, at)
  }

  /** Makes spendable what waits until then. */
  confirm(at) {
    let points = 0
    const { pending } = this
    while (this.pendingHead < pending.length && pending[this.pendingHead].confirmsAt === at) {
      const lot = pending[this.pendingHead]
      this.pendingHead += 1
      if (lot.remaining === 0) continue
      points += lot.remaining
      lot.waits = false
      const repaid = Math.min(lot.remaining, this.deficit)
      this.deficit -= repaid
      this.waiting -= lot.remaining
      lot.remaining -= repaid
      this.available += lot.remaining
      if (lot.remaining > 0) this.spendable.push(lot)
    }
    this.emit(CONFIRMED, at, points)
  }

  expire(at) {
    let points = 0
    const { spendable } = this
    while (this.spendableHead < spendable.length && spendable[this.spendableHead].expiresAt === at) {
      points += spendable[this.spendableHead].remaining
      spendable[this.spendableHead].remaining = 0
      this.spendableHead += 1
    }
    this.available -= points
    this.emit(EXPIRED, at, points)
  }

  paid(at, orderId, minor) {
    this.advance(at)
    this.emit(ORDER, at, 0)
    this.leaves.push(at + 90 * DAY)
    this.amounts.push(minor)
    this.count90 += 1
    this.sum90 += minor
    this.activeAt = at
    if (this.stage === LEAD) this.move(NEW, at)
    else if (this.stage === LAPSED) this.move(ACTIVE, at)
    if (this.stage === NEW && this.count90 >= 2) this.move(ACTIVE, at)
    if (this.stage === ACTIVE && this.isLoyal()) this.move(LOYAL, at)
    const weight = this.stage === LOYAL ? 15 : this.stage === ACTIVE ? 12 : 10
    const exact = minor * weight + this.carried
    const points = Math.floor(exact / 1000)
    this.carried = exact - points * 1000
    const lot = { remaining: points, confirmsAt: at + 7 * DAY, expiresAt: endOfTerm(at), waits: true }
    this.origins.set(orderId, { base: minor, refunded: 0, earned: points, clawedBack: 0, lot })
    this.pending.push(lot)
    this.waiting += points
    this.emit(EARNED, at, points)
    if (!this.hasTier) return
    this.tierLeaves.push(at + 365 * DAY)
    this.tierAmounts.push(points)
    this.tierSum += points
    this.settleTier(at)
  }

  refunded(at, orderId, minor) {
    this.advance(at)
    this.emit(REFUND, at, 0)
    const origin = this.origins.get(orderId)
    if (origin === undefined) return
    origin.refunded = Math.min(origin.base, origin.refunded + minor)
    const points = Math.floor((origin.earned * origin.refunded) / origin.base) - origin.clawedBack
    origin.clawedBack += points
    const { lot } = origin
    const own = Math.min(points, lot.remaining)
    lot.remaining -= own
    if (lot.waits) this.waiting -= own
    else this.available -= own
    const open = points - own
    this.deficit += open - this.spend(open)
    this.emit(CLAWED_BACK, at, points)
  }

  redeem(at, points) {
    this.advance(at)
    if (points > this.available) {
      this.emit(REFUSED, at, points)
      return
    }
    this.spend(points)
    this.emit(REDEEMED, at, points)
  }

  /** Takes from what expires first, as much as there is. */
  spend(points) {
    let open = points
    const { spendable } = this
    while (open > 0 && this.spendableHead < spendable.length) {
      const lot = spendable[this.spendableHead]
      const taken = Math.min(open, lot.remaining)
      lot.remaining -= taken
      open -= taken
      if (lot.remaining === 0) this.spendableHead += 1
    }
    this.available -= points - open
    return points - open
  }

  /** What a customer has in the end. */
  close(asOf) {
    this.advance(asOf)
    this.look()
  }

  look() {
    for (let i = this.pendingHead; i < this.pending.length; i += 1) this.count(this.pending[i])
    for (let i = this.spendableHead; i < this.spendable.length; i += 1) this.count(this.spendable[i])
    this.emit(LAST, this.since, this.stage * 4 + this.tier)
    this.emit(LAST, this.available - this.deficit, this.waiting)
  }

  count({ remaining, expiresAt }) {
    if (remaining > 0) this.emit(LOT, expiresAt, remaining)
  }
}

/** All inputs of all customers, by hand. */
export function reduceAll(customers, asOf, options) {
  const reducer = new Reducer(options)
  for (const inputs of customers) {
    reducer.reset()
    for (const input of inputs) {
      if (reducer.also !== undefined) reducer.also.input(input, reducer)
      const { type, occurredAt, data } = input
      if (type === 'order-paid') reducer.paid(occurredAt, data.orderId, minorOf(data.amount))
      else if (type === 'order-refunded') reducer.refunded(occurredAt, data.orderId, minorOf(data.amount))
      else reducer.redeem(occurredAt, data.points)
    }
    reducer.close(asOf)
  }
  return reducer.sum
}
