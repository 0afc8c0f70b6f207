import { calendarOf, collect, type Instant, outstandingByMonth, preview, type Retention } from 'liuliang'
import type { OrderFile } from './orders.js'
import { defineLoyalty, type Input, type Loyalty, type Recorded, type State, type View } from './program.js'

type Refusal = Extract<ReturnType<Loyalty['program']['decide']>, { outcome: 'refused' }>['refusal']

/** One customer, brought to the moment of the report. */
export interface Customer {
  readonly id: string
  readonly inputs: readonly Input[]
  readonly state: State
  readonly view: View
  /** How many different things ever happened: each kind of event once, each move from one stage to another once. */
  readonly kinds: number
  /** How many events there are. */
  readonly events: number
}

/** What the program makes of all orders before one moment. */
export interface Findings {
  readonly loyalty: Loyalty
  readonly asOf: Instant
  /** By id. */
  readonly customers: readonly Customer[]
  /** Orders and refunds at or after `asOf`, which do not count. */
  readonly later: number
  /** What the program did not take, by code, with one example. */
  readonly refused: ReadonlyMap<string, { readonly count: number; readonly refusal: Refusal }>
  readonly retention: Retention
  /** Points of all customers by the month in which they expire; `null` for never. */
  readonly owed: ReadonlyMap<string | null, number>
}

/**
 * Runs the program over every customer and brings everybody to `asOf`.
 *
 * @param onCustomer - Called with the number of customers done, for a progress bar.
 */
export function follow(
  file: Pick<OrderFile, 'orders' | 'refunds'>,
  { zone, currency, asOf }: { readonly zone: string; readonly currency: string; readonly asOf: Instant },
  onCustomer: (done: number) => void = () => {},
): Findings {
  const loyalty = defineLoyalty({ zone, currency })
  const { histories, later } = historiesOf(file, asOf)
  const refused = new Map<string, { count: number; refusal: Refusal }>()
  const refuse = (refusal: Refusal) => {
    const known = refused.get(refusal.code)
    if (known === undefined) refused.set(refusal.code, { count: 1, refusal })
    else known.count += 1
  }
  const customers: Customer[] = []
  for (const [id, inputs] of histories) {
    const { state, events } = followOne(loyalty, { id, inputs, asOf }, refuse)
    const view = loyalty.program.view(state, asOf)
    customers.push({ id, inputs, state, view, kinds: kindsOf(events), events: events.length })
    onCustomer(customers.length)
  }
  customers.sort((a, b) => (a.id < b.id ? -1 : 1))
  const facts = [...histories.values()].flat()
  const retention = loyalty.buyers.result(collect(loyalty.buyers, facts), { asOf })
  return { loyalty, asOf, customers, later, refused, retention, owed: owedByMonth(loyalty, customers) }
}

/** All that ever happened to one customer, in order: what came in, and what followed from it and from time. */
export function followOne(
  { program }: Loyalty,
  { id, inputs, asOf }: { readonly id: string; readonly inputs: readonly Input[]; readonly asOf: Instant },
  onRefusal: (refusal: Refusal) => void = () => {},
): { readonly state: State; readonly events: readonly Recorded[] } {
  const events: Recorded[] = []
  let state = program.start(id)
  for (const input of inputs) {
    const answer = program.decide(state, input)
    if (answer.outcome === 'refused') onRefusal(answer.refusal)
    if (answer.outcome !== 'accepted') continue
    events.push(...answer.events)
    state = answer.state
  }
  const rest = program.advance(state, asOf)
  events.push(...rest.events)
  return { state: rest.state, events }
}

/** The customer to whom most different things happened; of several the one with the shortest story. */
export function mostTelling(customers: readonly Customer[]): Customer {
  return customers.reduce((best, one) =>
    one.kinds > best.kinds || (one.kinds === best.kinds && one.events < best.events) ? one : best,
  )
}

/** What would follow if a customer bought for this amount at `asOf`. Nothing is changed by asking. */
export function whatIfBought({ loyalty, asOf }: Findings, { id, state }: Customer, amount: string) {
  return preview(loyalty.program, state, {
    id: 'what-if',
    type: 'order-paid',
    subject: id,
    occurredAt: asOf,
    data: { orderId: 'what-if', amount },
  })
}

/** Orders and refunds before `asOf` as events, by customer and in order of time; at one instant orders come first. */
function historiesOf(
  { orders, refunds }: Pick<OrderFile, 'orders' | 'refunds'>,
  asOf: Instant,
): { readonly histories: ReadonlyMap<string, readonly Input[]>; readonly later: number } {
  const paid = orders.map(
    ({ id, customer, at, amount }): Input => ({
      id,
      type: 'order-paid',
      subject: customer,
      occurredAt: at,
      data: { orderId: id, amount },
    }),
  )
  const refunded = refunds.map(
    ({ id, order, customer, at, amount }): Input => ({
      id,
      type: 'order-refunded',
      subject: customer,
      occurredAt: at,
      data: { orderId: order, amount },
    }),
  )
  const all = [...paid, ...refunded]
  const counted = all.filter(({ occurredAt }) => occurredAt < asOf)
  // Sorting is stable: of one instant, orders stay before refunds.
  counted.sort((a, b) => a.occurredAt - b.occurredAt)
  const histories = new Map<string, Input[]>()
  for (const input of counted) {
    const history = histories.get(input.subject)
    if (history === undefined) histories.set(input.subject, [input])
    else history.push(input)
  }
  return { histories, later: all.length - counted.length }
}

function kindsOf(events: readonly Recorded[]): number {
  const isMove = (event: Recorded) =>
    event.type === 'customer/stage-changed' || event.type === 'tier/stage-changed'
  return new Set(
    events.map((event) => (isMove(event) ? `${event.type} ${event.data.from} ${event.data.to}` : event.type)),
  ).size
}

function owedByMonth(
  { calendar }: Loyalty,
  customers: readonly Customer[],
): ReadonlyMap<string | null, number> {
  const zone = calendarOf(calendar)
  const months = new Map<string | null, number>()
  for (const { state } of customers)
    for (const { month, points } of outstandingByMonth(state.of.points, zone))
      months.set(month, (months.get(month) ?? 0) + points)
  // '~' sorts behind every year.
  return new Map([...months].sort(([a], [b]) => ((a ?? '~') < (b ?? '~') ? -1 : 1)))
}
