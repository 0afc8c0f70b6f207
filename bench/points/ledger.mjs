// A ledger of points written by hand to win: one mutable account, a hash of ids, lots in an array by expiry that is read from a
// moving head, constants for rules and terms. For the inputs of this benchmark it does what the engine does:
//
// - idempotent: an id with the same content is answered as before, with other content it is a conflict. What is compared is a
//   digest of the content, since each posting carries it beside the id of its input: a ledger restored from the log knows its retries.
// - lot-pairing: what is spent names the lots that it was taken from, oldest end first; the account knows which lots each redemption
//   took and which one each order made, which is where refunds find them. Lots expire at their own instants.
// - explained: each posting has a reason of codes and numbers.
// - inputs come from outside: numbers are whole and positive, amounts are decimal text, and nothing comes from before what is posted.
// - it answers with plain JSON: what was heard, and postings with ids.
//
// It makes no new state (what was there before is gone), checks no other fields and keeps all ids, not those of thirty days.
import { DAY } from './shop.mjs'

const YEAR = 365 * DAY

export class HandLedger {
  seen = new Map()
  /** By expiry: what expires first goes first. */
  lots = []
  head = 0
  balance = 0
  issued = 0
  version = 0
  at = Number.NEGATIVE_INFINITY
  /** Hundredths of money that have not made a point yet. */
  carried = 0
  /** By order, the lot that it made; by redemption, what it took of which. */
  orders = new Map()
  redemptions = new Map()

  /** What a command or a fact makes: what was heard, what expired before it, and its posting. */
  take(input) {
    const { id, type, occurredAt, data } = input
    const digest = digestOf(input)
    const known = this.seen.get(id)
    if (known !== undefined) return known === digest ? REPEATED : CONFLICT
    if (!(occurredAt >= this.at)) return LATE
    const events = []
    this.expire(input.subject, occurredAt, events)
    if (type === 'order-paid') {
      const cents = centsOf(data.amount)
      if (cents === undefined) return MALFORMED
      const whole = this.carried + cents
      const points = Math.floor(whole / 100)
      const carries = whole - points * 100
      const reason = {
        code: 'earned',
        rule: 'purchase',
        points: 1,
        per: '1.00',
        base: data.amount,
        carried: this.carried,
        carries,
        of: 100,
        currency: 'CNY',
      }
      this.carried = carries
      events.push(input, this.earn(input, digest, points, reason))
    } else {
      const { points } = data
      if (!(Number.isSafeInteger(points) && points > 0)) return MALFORMED
      if (type === 'points/redeem') {
        if (points > this.balance)
          return { outcome: 'refused', code: 'insufficient-points', available: this.balance, events }
        events.push(this.redeem(input, digest))
      } else events.push(this.earn(input, digest, points, { code: 'given-by-hand', text: data.reason }))
    }
    this.seen.set(id, digest)
    this.version += 1
    this.at = occurredAt
    return { outcome: 'accepted', events }
  }

  earn({ id, subject, occurredAt }, digest, points, reason) {
    const lot = { lot: this.issued++, remaining: points, expiresAt: occurredAt + YEAR }
    // Inputs come in the order of time, so lots do in that of expiry.
    if (points > 0) this.lots.push(lot)
    this.balance += points
    this.orders.set(id, lot.lot)
    return {
      id: `${id}#earned`,
      type: 'points/earned',
      subject,
      occurredAt,
      cause: { input: id, digest },
      data: {
        points,
        balance: this.balance,
        reason,
        expiresAt: lot.expiresAt,
        moves:
          points === 0
            ? []
            : [{ from: 'issuance', to: 'available', lot: lot.lot, amount: points, expiresAt: lot.expiresAt }],
      },
    }
  }

  redeem({ id, subject, occurredAt, data: { points } }, digest) {
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
    this.redemptions.set(id, moves)
    return {
      id: `${id}#redeemed`,
      type: 'points/redeemed',
      subject,
      occurredAt,
      cause: { input: id, digest },
      data: { points, balance: this.balance, redemption: id, moves },
    }
  }

  expire(subject, at, events) {
    while (this.head < this.lots.length && this.lots[this.head].expiresAt <= at) {
      const { lot, remaining: amount, expiresAt } = this.lots[this.head]
      this.drop()
      this.balance -= amount
      events.push({
        id: `expired>${lot}`,
        type: 'points/expired',
        subject,
        occurredAt: expiresAt,
        data: {
          points: amount,
          balance: this.balance,
          moves: [{ from: 'available', to: 'expired', lot, amount, expiresAt }],
        },
      })
    }
  }

  /** Takes over what was posted, without reading it closely. */
  apply(event) {
    const { id, type, occurredAt, cause, data } = event
    this.at = occurredAt
    if (type === 'order-paid') {
      this.seen.set(id, digestOf(event))
      this.version += 1
      return
    }
    if (cause !== undefined) {
      this.seen.set(cause.input, cause.digest)
      this.version += 1
    }
    const { points, moves } = data
    if (type === 'points/earned') {
      this.balance += points
      const { carries } = data.reason
      if (carries !== undefined) this.carried = carries
      for (const { lot, amount, expiresAt } of moves) {
        this.lots.push({ lot, remaining: amount, expiresAt })
        this.issued = lot + 1
        this.orders.set(data.event ?? cause.input, lot)
      }
      return
    }
    this.balance -= points
    if (type === 'points/redeemed') this.redemptions.set(data.redemption, moves)
    for (const { amount } of moves) {
      this.lots[this.head].remaining -= amount
      if (this.lots[this.head].remaining === 0) this.drop()
    }
  }

  drop() {
    this.head += 1
    if (this.head < 1024 || this.head * 2 < this.lots.length) return
    this.lots = this.lots.slice(this.head)
    this.head = 0
  }
}

const REPEATED = { outcome: 'repeated', events: [] }
const CONFLICT = { outcome: 'refused', code: 'id-conflict', events: [] }
const LATE = { outcome: 'refused', code: 'late', events: [] }
const MALFORMED = { outcome: 'refused', code: 'malformed-field', events: [] }

/** What two deliveries under one id are compared by: 52 bits over type, instant, and the fields of the type in their order. */
function digestOf({ type, occurredAt, data }) {
  left = occurredAt | 0
  right = Math.floor(occurredAt / 0x1_0000_0000)
  feed(type)
  if (type === 'order-paid') {
    feed(data.orderId)
    feed(data.amount)
  } else {
    left ^= data.points
    if (type === 'points/earn') feed(data.reason)
  }
  left ^= left >>> 15
  right ^= right >>> 13
  return (right & 0xfffff) * 0x1_0000_0000 + (left >>> 0)
}

let left = 0
let right = 0

/** Two multiplicative hashes over a text; its length in front tells neighbours apart. */
function feed(text) {
  let a = left ^ text.length
  let b = right ^ text.length
  for (let i = 0; i < text.length; i += 1) {
    const unit = text.charCodeAt(i)
    a = Math.imul(a ^ unit, 0x9e3779b1)
    b = Math.imul(b ^ unit, 0x5f356495)
  }
  left = a
  right = b
}

/** `12.30` in hundredths; undefined for what is no such text. */
function centsOf(amount) {
  if (typeof amount !== 'string') return undefined
  let cents = 0
  let point = -1
  for (let i = 0; i < amount.length; i += 1) {
    const digit = amount.charCodeAt(i) - 48
    if (digit >= 0 && digit <= 9) cents = cents * 10 + digit
    else if (digit === -2 && point < 0 && i > 0) point = i
    else return undefined
  }
  const behind = point < 0 ? 0 : amount.length - 1 - point
  if (amount === '' || behind > 2 || (point >= 0 && behind === 0)) return undefined
  return behind === 2 ? cents : behind === 1 ? cents * 10 : cents * 100
}
