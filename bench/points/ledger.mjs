// A ledger of points written by hand to win: one mutable account, a hash of ids, lots in an array by expiry that is read from a
// moving head. It does what the engine does for these inputs: refuses what it has seen (by id and content), pairs what is
// spent with lots, lets lots expire at their instants, and says with each posting which lots moved and why.
import { DAY } from './shop.mjs'

/** The same content as a text: what two deliveries under one id are compared by. */
const contentOf = ({ type, occurredAt, data }) =>
  type === 'points/earn'
    ? `e${occurredAt}/${data.points}/${data.reason}`
    : type === 'points/redeem'
      ? `r${occurredAt}/${data.points}`
      : `o${occurredAt}/${data.orderId}/${data.amount}`

const YEAR = 365 * DAY

export class HandLedger {
  seen = new Map()
  /** By expiry: what expires first goes first. */
  lots = []
  head = 0
  balance = 0
  issued = 0
  version = 0
  /** Hundredths of money that have not made a point yet. */
  carried = 0

  /** The postings that a command or a fact makes. */
  take(input) {
    const content = contentOf(input)
    const known = this.seen.get(input.id)
    if (known !== undefined)
      return known === content ? { outcome: 'duplicate', events: [] } : { outcome: 'refused', events: [] }
    const events = []
    this.expire(input.occurredAt, events)
    const { type, data } = input
    if (type === 'points/redeem') {
      if (data.points > this.balance) return { outcome: 'refused', code: 'insufficient-points', events }
      events.push(this.redeem(input))
    } else if (type === 'points/earn') {
      events.push(this.earn(input, data.points, { code: 'given-by-hand', text: data.reason }))
    } else {
      const cents = centsOf(data.amount)
      const whole = this.carried + cents
      const points = Math.floor(whole / 100)
      const reason = {
        code: 'earned',
        rule: 'purchase',
        points: 1,
        per: '1.00',
        base: data.amount,
        carried: this.carried,
        carries: whole - points * 100,
        of: 100,
        currency: 'CNY',
      }
      this.carried = whole - points * 100
      events.push(this.earn(input, points, reason))
    }
    this.seen.set(input.id, content)
    this.version += 1
    return { outcome: 'accepted', events }
  }

  earn({ id, occurredAt }, points, reason) {
    const lot = { lot: this.issued++, remaining: points, expiresAt: occurredAt + YEAR }
    // Inputs come in the order of time, so lots do in that of expiry.
    if (points > 0) this.lots.push(lot)
    this.balance += points
    return {
      id: `${id}#earned`,
      type: 'points/earned',
      occurredAt,
      data: {
        points,
        balance: this.balance,
        reason,
        expiresAt: lot.expiresAt,
        moves: points === 0 ? [] : [{ from: 'issuance', to: 'available', lot: lot.lot, amount: points }],
      },
    }
  }

  redeem({ id, occurredAt, data: { points } }) {
    const moves = []
    let open = points
    while (open > 0) {
      const lot = this.lots[this.head]
      const amount = Math.min(open, lot.remaining)
      moves.push({ from: 'available', to: 'redeemed', lot: lot.lot, amount, expiresAt: lot.expiresAt })
      lot.remaining -= amount
      open -= amount
      if (lot.remaining === 0) this.drop()
    }
    this.balance -= points
    return {
      id: `${id}#redeemed`,
      type: 'points/redeemed',
      occurredAt,
      data: { points, balance: this.balance, redemption: id, moves },
    }
  }

  /** Takes over what was posted. */
  apply({ id, type, occurredAt, data }) {
    this.seen.set(id, contentOf({ type, occurredAt, data }))
    if (type === 'order-paid') return
    this.balance += type === 'points/earned' ? data.points : -data.points
    for (const { from, lot, amount, expiresAt } of data.moves) {
      if (from === 'issuance') {
        this.lots.push({ lot, remaining: amount, expiresAt })
        this.issued = lot + 1
      } else {
        this.lots[this.head].remaining -= amount
        if (this.lots[this.head].remaining === 0) this.drop()
      }
    }
  }

  expire(at, events) {
    while (this.head < this.lots.length && this.lots[this.head].expiresAt <= at) {
      const { lot, remaining: amount, expiresAt } = this.lots[this.head]
      this.drop()
      this.balance -= amount
      events.push({
        id: `expired>${lot}`,
        type: 'points/expired',
        occurredAt: expiresAt,
        data: {
          points: amount,
          balance: this.balance,
          moves: [{ from: 'available', to: 'expired', lot, amount }],
        },
      })
    }
  }

  drop() {
    this.head += 1
    if (this.head < 1024 || this.head * 2 < this.lots.length) return
    this.lots = this.lots.slice(this.head)
    this.head = 0
  }
}

/** `12.30` in hundredths. */
function centsOf(amount) {
  const dot = amount.indexOf('.')
  return dot < 0 ? Number(amount) * 100 : Number(amount.slice(0, dot)) * 100 + Number(amount.slice(dot + 1))
}
