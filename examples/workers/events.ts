import { random } from 'liuliang/kernel'

const DAY = 86_400_000

/** Events by column, in memory that threads share instead of copying. */
export interface SharedEvents {
  readonly subject: Uint32Array
  readonly occurredAt: Float64Array
}

/** The year 2024 in Shanghai. */
export const year = { from: Date.UTC(2023, 11, 31, 16), to: Date.UTC(2024, 11, 31, 16) }

/** Orders of the year: customers come all through it and order for about three months. */
export function eventsOf(count: number, seed = 'workers'): SharedEvents {
  const chance = random(seed)
  const customers = Math.ceil(count / 20)
  const came = Float64Array.from(
    { length: customers },
    () => year.from + chance.next() * (year.to - year.from),
  )
  const subject = new Uint32Array(new SharedArrayBuffer(4 * count))
  const occurredAt = new Float64Array(new SharedArrayBuffer(8 * count))
  for (let row = 0; row < count; row++) {
    const customer = row < customers ? row : Math.floor(chance.next() * customers)
    const later = row < customers ? 0 : chance.next() * chance.next() * 180 * DAY
    subject[row] = customer
    occurredAt[row] = Math.floor(Math.min(came[customer]! + later, year.to - 1))
  }
  return { subject, occurredAt }
}
