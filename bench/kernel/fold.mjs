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
        for (const { lot, amount, expiresAt } of data.moves) {
          this.lots[lot] = { remaining: amount, expiresAt, waits: true }
          this.waiting += amount
        }
        return
      }
      case 'points/confirmed':
        for (const { to, lot: number, amount } of data.moves) {
          const lot = this.lots[number]
          this.waiting -= amount
          lot.waits = false
          if (to === 'deficit') {
            this.deficit -= amount
            lot.remaining -= amount
          } else this.available += amount
        }
        return
      case 'points/expired':
        this.expired += data.points
        this.take(data.moves)
        return
      case 'points/redeemed':
        this.redeemed += data.points
        this.take(data.moves)
        return
      case 'points/clawed-back':
        this.clawedBack += data.points
        this.shares.set(data.origin, data.share)
        this.take(data.moves)
    }
  }

  take(moves) {
    for (const { from, lot, amount } of moves) {
      if (from === 'deficit') {
        this.deficit += amount
        continue
      }
      this.lots[lot].remaining -= amount
      if (from === 'pending') this.waiting -= amount
      else this.available -= amount
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
