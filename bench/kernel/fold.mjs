// The other side of kernel/evolve: recorded events folded by hand, into mutable objects that are used again.
import { CLAWED_BACK, LAST, LOT, minorOf, mixed } from './reducer.mjs'
import { DAY, stages } from './shop.mjs'

const stageIndex = new Map(stages.map((stage, index) => [stage, index]))

class Account {
  constructor() {
    this.lots = []
    this.shares = new Map()
    this.leaves = []
    this.amounts = []
    this.reset()
  }

  reset() {
    this.stage = 0
    this.since = 0
    this.activeAt = 0
    this.count90 = 0
    this.sum90 = 0
    this.head = 0
    this.leaves.length = 0
    this.amounts.length = 0
    this.lots.length = 0
    this.shares.clear()
    this.carried = 0
    this.deficit = 0
    this.available = 0
    this.waiting = 0
    this.earned = 0
    this.expired = 0
    this.redeemed = 0
    this.clawedBack = 0
  }

  apply(event) {
    const { type, occurredAt, data } = event
    switch (type) {
      case 'order-paid': {
        while (this.head < this.leaves.length && this.leaves[this.head] <= occurredAt) {
          this.count90 -= 1
          this.sum90 -= this.amounts[this.head]
          this.head += 1
        }
        const minor = minorOf(data.amount)
        this.leaves.push(occurredAt + 90 * DAY)
        this.amounts.push(minor)
        this.count90 += 1
        this.sum90 += minor
        this.activeAt = occurredAt
        return
      }
      case 'customer/stage-changed':
        this.stage = stageIndex.get(data.to)
        this.since = occurredAt
        return
      case 'points/earned': {
        this.earned += data.points
        this.carried = data.reason.carries
        this.shares.set(data.origin, data.share)
        if (data.lot === undefined) return
        const { amount, expiresAt } = data.lot
        this.lots[data.lot.lot] = { remaining: amount, expiresAt, waits: true }
        this.waiting += amount
        return
      }
      case 'points/confirmed':
        for (const part of data.lots) {
          const lot = this.lots[part.lot]
          const repaid = Math.min(this.deficit, lot.remaining)
          this.deficit -= repaid
          this.waiting -= lot.remaining
          lot.remaining -= repaid
          lot.waits = false
          this.available += lot.remaining
        }
        return
      case 'points/expired':
        this.expired += data.points
        this.take(data.lots)
        return
      case 'points/redeemed':
        this.redeemed += data.points
        this.take(data.lots)
        return
      case 'points/clawed-back':
        this.clawedBack += data.points
        this.deficit += data.deficit
        this.shares.set(data.origin, data.share)
        this.take(data.lots)
    }
  }

  take(parts) {
    for (const part of parts) {
      const lot = this.lots[part.lot]
      lot.remaining -= part.amount
      if (lot.waits) this.waiting -= part.amount
      else this.available -= part.amount
    }
  }

  checksum() {
    let sum = 0
    for (const { remaining, expiresAt } of this.lots)
      if (remaining > 0) sum += mixed(LOT, expiresAt, remaining) | 0
    sum += mixed(LAST, this.since, this.stage * 4) | 0
    sum += mixed(LAST, this.available - this.deficit, this.waiting) | 0
    return (sum + mixed(CLAWED_BACK, this.earned - this.expired, this.clawedBack + this.redeemed)) | 0
  }
}

/** All recorded events of all customers, by hand. */
export function foldAll(histories) {
  const account = new Account()
  let sum = 0
  for (const events of histories) {
    account.reset()
    for (const event of events) account.apply(event)
    sum = (sum + account.checksum()) | 0
  }
  return sum
}
