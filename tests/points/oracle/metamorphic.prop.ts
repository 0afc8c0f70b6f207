// What must not change when a history is told otherwise: twice, in parts, in another order, at another time, in another zone.
import {
  type AnyEvent,
  audit,
  defineEvents,
  definePoints,
  formatMinor,
  type Instant,
  lines,
  money,
  type PointsView,
  restore,
  text,
} from 'liuliang'
import { describe, expect, test } from 'vitest'
import { runs } from '../../support/size.js'
import { recount, type Terms, type Told } from './support/oracle.js'
import { wallOf } from './support/wall.js'
import { type Dice, dice, type Engine, engineOf, story } from './support/workload.js'

const timeout = runs(60_000, 3_600_000)
const HOUR = 3_600_000
const DAY = 24 * HOUR
type State = ReturnType<Engine['start']>
type Input = Parameters<Engine['decide']>[1]

/** Tells everything; what was refused changes nothing. */
function tellAll(engine: Engine, inputs: readonly Told[], from: State = engine.start('u1')) {
  let state = from
  const log: AnyEvent[] = []
  const verdicts: string[] = []
  for (const input of inputs) {
    const outcome = engine.decide(state, input as Input)
    verdicts.push(outcome.outcome === 'refused' ? outcome.refusal.code : outcome.outcome)
    if (outcome.outcome !== 'accepted') continue
    state = outcome.state
    log.push(...outcome.events)
  }
  return { state, log, verdicts }
}
const told = (id: string, occurredAt: number, type: string, data: object): Told => ({
  id,
  type,
  subject: 'u1',
  occurredAt,
  data: data as Told['data'],
})
const minor = (amount: number) => formatMinor(amount, 2)
function shuffled<T>({ below }: Dice, list: readonly T[]): readonly T[] {
  const all = [...list]
  for (let i = all.length - 1; i > 0; i--) {
    const k = below(i + 1)
    ;[all[i], all[k]] = [all[k]!, all[i]!]
  }
  return all
}
/** A number as a sum of so many, each 1 or more. */
function parted({ between }: Dice, whole: number, parts: number): readonly number[] {
  const all: number[] = []
  let left = whole
  for (let open = Math.min(parts, whole); open > 1; open--) {
    const one = between(1, left - open + 1)
    all.push(one)
    left -= one
  }
  return [...all, left]
}
const seeds = (normal: number, atFullSize: number) =>
  Array.from({ length: runs(normal, atFullSize) }, (_, i) => 7000 + i)

test('telling everything k times, at once and again later, is telling it once', { timeout }, () => {
  for (const seed of seeds(12, 2000)) {
    const random = dice(seed)
    const { terms, log } = story(seed, 30)
    const engine = engineOf(terms)
    const once = tellAll(engine, log)
    const often = log.flatMap((one, i) => {
      const recent = log.slice(0, i).filter((old) => old.occurredAt > one.occurredAt - 20 * DAY)
      return [
        ...Array<Told>(random.between(1, 4)).fill(one),
        ...(recent.length > 0 ? [random.pick(recent)] : []),
      ]
    })
    const again = tellAll(engine, often)
    expect(again.state).toEqual(once.state)
    expect(again.log).toEqual(once.log)
    expect(new Set(again.verdicts)).toEqual(
      new Set(['accepted', 'repeated'].slice(0, log.length === 0 ? 0 : 2)),
    )
  }
})

const unenrolled = ({ enrolment: _, ...terms }: Terms): Terms => terms
/** Terms under which what was spent and is refunded is owed. */
const indebting = ({ negative: _, caps: __, ...terms }: Terms): Terms => ({
  ...unenrolled(terms),
  currencies: terms.currencies.map(({ pending: _, atMost: __, ...one }) => ({
    ...one,
    ...(one.kind !== 'experience' && { expires: 'never' as const }),
  })),
  earning: terms.earning.map(({ pending: _, expires: __, ...rule }) => rule),
})

describe('a refund in parts', () => {
  /** Wallets without what else there is: what came back of each lot may have come back in another order. */
  const wallets = (engine: Engine, state: State, at: number) =>
    (engine.view(state, at) as PointsView<string>).wallets

  test('of an amount, in any parts and order, takes back what one refund does', { timeout }, () => {
    let owed = 0
    for (const seed of seeds(40, 5000)) {
      const random = dice(seed)
      const { terms, log } = story(seed, 20, new Map(), seed % 2 === 0 ? indebting : unenrolled)
      const engine = engineOf(terms)
      const before = tellAll(engine, log).state
      const at = (log.at(-1)?.occurredAt ?? Date.parse('2024-03-01T00:00:00Z')) + HOUR
      const amount = random.between(1, 1200)
      const order = told('big', at, 'order-paid', { orderId: 'big', amount: minor(amount), channel: 'app' })
      const refunded = random.between(1, amount)
      const there = wallets(engine, tellAll(engine, [order], before).state, at)!['points']!.balance
      const spent = told('spent', at + 1, 'points/redeem', {
        points: Math.max(1, there - random.between(0, 2)),
      })
      const parts = shuffled(random, parted(random, refunded, random.between(2, 6)))
      const refund = (one: number, i: number) =>
        told(`part-${i}`, at + 2, 'order-refunded', { orderId: 'big', amount: minor(one) })
      const whole = tellAll(engine, [order, spent, refund(refunded, 0)], before)
      const inParts = tellAll(engine, [order, spent, ...parts.map(refund)], before)
      const [one, many] = [whole, inParts].map(({ state }) => wallets(engine, state, at + 2))
      expect(many).toEqual(one)
      if (one!['points']!.balance < 0) owed++
    }
    expect(owed).toBeGreaterThan(3)
  })

  test('by lines, in any parts and order, takes back what one refund does', { timeout }, () => {
    const item = { sku: text(), amount: money('CNY') }
    const market = defineEvents({
      paid: { orderId: text(), items: lines(item) },
      returned: { orderId: text(), items: lines(item) },
    })
    for (const seed of seeds(45, 5000)) {
      const random = dice(seed)
      const engine = definePoints({
        id: 'points',
        version: 1,
        calendar: { zone: 'UTC' },
        events: market,
        earning: [
          {
            rule: 'goods',
            on: 'paid',
            origin: 'orderId',
            each: 'items',
            line: 'sku',
            earns: { points: random.between(1, 5), per: random.pick(['1', '0.7', '3']), of: 'amount' },
            rounding: random.pick(['running', 'each'] as const),
          },
        ],
        clawback: [{ on: 'returned', origin: 'orderId', each: 'items', line: 'sku', of: 'amount' }],
      })
      const at = Date.parse('2024-03-01T00:00:00Z')
      const skus = ['rice', 'novel', 'lamp'].map((sku) => ({ sku, paid: random.between(1, 900) }))
      const items = (list: readonly (readonly [string, number])[]) =>
        list.map(([sku, amount]) => ({ sku, amount: minor(amount) }))
      const back = skus.map(({ sku, paid }) => [sku, random.between(1, paid)] as const)
      const order = told('o', at, 'paid', {
        orderId: 'o',
        items: items(skus.map(({ sku, paid }) => [sku, paid])),
      })
      const pieces = shuffled(
        random,
        back.flatMap(([sku, amount]) => parted(random, amount, 3).map((one) => [sku, one] as const)),
      )
      const refund = (list: readonly (readonly [string, number])[], i: number) =>
        told(`r${i}`, at + 1, 'returned', { orderId: 'o', items: items(list) })
      const tell = (inputs: readonly Told[]) => {
        let state = engine.start('u1')
        for (const input of inputs) {
          const outcome = engine.decide(state, input as never)
          if (outcome.outcome !== 'accepted') throw new Error(JSON.stringify(outcome))
          state = outcome.state
        }
        return engine.view(state, at + 1)
      }
      const one = tell([order, refund(back, 0)])
      expect(tell([order, ...pieces.map((piece, i) => refund([piece], i))])).toEqual(one)
      const [first, ...rest] = pieces
      expect(tell([order, refund([first!], 0), refund(rest, 1)])).toEqual(one)
    }
  })
})

test('an order split into several earns what the whole does, to the last fraction', { timeout }, () => {
  for (const seed of seeds(40, 5000)) {
    const random = dice(seed)
    const { terms, log } = story(seed, 12, new Map(), ({ caps: _, enrolment: __, ...terms }) => ({
      ...terms,
      currencies: terms.currencies.map(({ atMost: _, ...one }) => one),
      earning: terms.earning.map((rule) => ({ ...rule, rounding: 'running' as const })),
    }))
    const engine = engineOf(terms)
    const before = tellAll(engine, log).state
    const at = (log.at(-1)?.occurredAt ?? Date.parse('2024-03-01T00:00:00Z')) + random.between(1, 9) * HOUR
    const amount = random.between(2, 90_000)
    const order = (part: number, i: number) =>
      told(`split-${i}`, at, 'order-paid', { orderId: `s${i}`, amount: minor(part) })
    const earned = (parts: readonly number[]) => {
      const { state } = tellAll(engine, parts.map(order), before)
      const { wallets } = engine.view(state, at) as PointsView<string>
      return { earned: wallets!['points']!.totals.earned, carried: state.of.carried['purchase'] ?? 0 }
    }
    expect(earned(parted(random, amount, random.between(2, 9)))).toEqual(earned([amount]))
  }
})

/** The same with every instant in it moved: numbers of that size are nothing else here. */
function moved(value: unknown, by: number): unknown {
  if (typeof value === 'number') return value > 1e11 && value < 1e14 ? value + by : value
  if (Array.isArray(value)) return value.map((one) => moved(one, by))
  if (typeof value !== 'object' || value === null) return value
  return Object.fromEntries(Object.entries(value).map(([key, one]) => [key, moved(one, by)]))
}
/** What happened, without ids that are derived from what was defined. */
const happened = (log: readonly AnyEvent[]) =>
  log.map(({ type, occurredAt, data }) => ({ type, occurredAt, data: plain(data) }))
const plain = (data: object) => JSON.parse(JSON.stringify(data)) as object
/** Terms that look at no date. */
const exactly = (terms: Terms): Terms => {
  const spans = ['never', { hours: 216 }, { hours: 60 }, { days: 30 }] as const
  const [first, ...others] = terms.currencies
  const { caps: _, ...rest } = terms
  return {
    ...rest,
    zone: 'UTC',
    currencies: [
      { ...first!, expires: spans[terms.earning.length % 4]! },
      ...others.map((one) => ({ ...one, ...(one.kind !== 'experience' && { expires: spans[2] }) })),
    ],
    earning: terms.earning.map(({ multiply: _, expires: __, ...rule }) => rule),
    ...(terms.caps && {
      caps: terms.caps.filter(({ per }) => typeof per === 'string' || !('this' in per)),
    }),
  }
}
/** Terms of hours alone, which pass alike everywhere. */
const inHours = (terms: Terms): Terms => {
  const hours = (value: unknown): unknown => {
    if (Array.isArray(value)) return value.map(hours)
    if (typeof value !== 'object' || value === null) return value
    const entries = Object.entries(value)
    if (entries.length === 1 && entries[0]![0] === 'days') return { hours: 24 * (entries[0]![1] as number) }
    return Object.fromEntries(entries.map(([key, one]) => [key, hours(one)]))
  }
  return hours(exactly(terms)) as Terms
}

test('a history as many weeks later is the same, with every instant as much later', { timeout }, () => {
  for (const seed of seeds(25, 3000)) {
    const { terms, log } = story(seed, 30, new Map(), exactly)
    const engine = engineOf(terms)
    const by = dice(seed).between(-900, 900) * 7 * DAY
    const then = tellAll(engine, log)
    const later = tellAll(engine, moved(log, by) as readonly Told[])
    expect(happened(later.log)).toEqual(moved(happened(then.log), by))
    const at = (log.at(-1)?.occurredAt ?? 0) + 3 * DAY
    if (log.length > 0)
      expect(engine.view(later.state, at + by)).toEqual(moved(engine.view(then.state, at), by))
  }
})

test('where terms are hours, the zone changes nothing', { timeout }, () => {
  for (const seed of seeds(25, 3000)) {
    const { terms, log } = story(seed, 30, new Map(), inHours)
    const zones = ['UTC', 'Australia/Lord_Howe', 'Pacific/Apia', 'Asia/Kathmandu', 'America/New_York']
    const [here, ...elsewhere] = zones.map((zone) => happened(tellAll(engineOf({ ...terms, zone }), log).log))
    for (const there of elsewhere) expect(there).toEqual(here)
  }
})

test('what does not touch each other can be told in either order', { timeout }, () => {
  let pairs = 0
  for (const seed of seeds(45, 5000)) {
    const { terms, log } = story(seed, 25, new Map(), ({ enrolment: _, ...terms }) => terms)
    const engine = engineOf(terms)
    const before = tellAll(engine, log)
    const at = (log.at(-1)?.occurredAt ?? Date.parse('2024-03-01T00:00:00Z')) + HOUR
    const view = engine.view(before.state, at) as PointsView<string>
    if (view.holder?.closedAt) continue
    const names = terms.currencies.filter(({ kind }) => kind === 'spendable').map(({ currency }) => currency)
    const [one, two] = [names[0]!, names.at(-1)!]
    const own = (name: string, more: object) => ({ currency: name, reason: 'x', ...more })
    const give = (id: string, name: string) => told(id, at, 'points/earn', own(name, { points: 5 }))
    const hold = (id: string, name: string) => told(id, at, 'points/reserve', { currency: name, points: 2 })
    const free = (id: string) => told(`free-${id}`, at, 'points/release', { reservation: id })
    const take = (id: string) => told(`take-${id}`, at, 'points/capture', { reservation: id })
    const there = engine.advance(before.state, at).state
    const held = tellAll(engine, [hold('h1', one), hold('h2', two)], there)
    const cases: (readonly [State, Told, Told])[] = []
    if (one !== two) {
      cases.push([there, give('g1', one), give('g2', two)])
      if (view.wallets![one]!.balance >= 2 && view.wallets![two]!.balance >= 2)
        cases.push([there, hold('h1', one), hold('h2', two)], [there, give('g1', one), hold('h2', two)])
    }
    if (!held.verdicts.some((verdict) => verdict !== 'accepted'))
      cases.push(
        [held.state, free('h1'), free('h2')],
        [held.state, take('h1'), free('h2')],
        [held.state, take('h1'), take('h2')],
      )
    for (const [from, a, b] of cases) {
      const [ab, ba] = [tellAll(engine, [a, b], from), tellAll(engine, [b, a], from)]
      expect(ab.verdicts).toEqual(['accepted', 'accepted'])
      expect(ba.verdicts).toEqual(ab.verdicts)
      expect(engine.view(ba.state, at)).toEqual(engine.view(ab.state, at))
      expect(ba.state.of.books).toEqual(ab.state.of.books)
      pairs++
    }
  }
  expect(pairs).toBeGreaterThan(30)
})

test('what is restored after every input is the state that was live then', { timeout }, () => {
  for (const seed of seeds(12, 1500)) {
    const { terms, log } = story(seed, 30)
    const engine = engineOf(terms)
    let state = engine.start('u1')
    const events: AnyEvent[] = []
    for (const input of log) {
      const outcome = engine.decide(state, input as Input)
      if (outcome.outcome !== 'accepted') throw new Error(JSON.stringify(outcome))
      state = outcome.state
      events.push(...outcome.events)
      expect(restore(engine, 'u1', JSON.parse(JSON.stringify(events)))).toEqual(state)
      expect(JSON.parse(JSON.stringify(state))).toEqual(state)
    }
    expect(audit(engine, state, events as never)).toMatchObject({ findings: [] })
  }
})

describe('twenty years', () => {
  const zones = [
    'Australia/Lord_Howe',
    'Pacific/Apia',
    'Asia/Kathmandu',
    'America/New_York',
    'Africa/Casablanca',
  ]
  test.each(zones)(
    'in %s: books balance, ends are where the wall says, and nothing drifts',
    { timeout },
    (zone) => {
      const random = dice(zone.length)
      const terms: Terms = {
        zone,
        currencies: [
          {
            currency: 'points',
            kind: 'spendable',
            expires: { months: 12, end: 'month' },
            pending: { days: 7 },
          },
          { currency: 'coins', kind: 'spendable', expires: { every: '02-29', atLeast: { months: 3 } } },
        ],
        earning: [
          {
            rule: 'purchase',
            on: 'order-paid',
            earns: { points: 1, per: '3', of: 'amount' },
            origin: 'orderId',
          },
          { rule: 'visit', on: 'visited', in: 'coins', earns: { points: 1 } },
        ],
        confirmation: [],
        clawback: [{ on: 'order-refunded', origin: 'orderId', of: 'amount' }],
      }
      const engine = engineOf(terms)
      const wall = wallOf(zone)
      const from = Date.parse('2004-01-31T05:17:00Z')
      const until = Date.parse('2024-03-01T00:00:00Z')
      const inputs: Told[] = []
      const each = runs(11 * DAY, 2 * DAY)
      let ends = 0
      let state = engine.start('u1')
      const log: Told[] = []
      const events: AnyEvent[] = []
      for (let at = from, i = 0; at < until; at += random.between(HOUR, 2 * each), i++) {
        const { wallets } = engine.view(state, at) as PointsView<string>
        const { balance } = wallets!['points']!
        const word = random.pick(['paid', 'paid', 'paid', 'visited', 'refunded', 'redeem', 'redeem'])
        const input =
          word === 'paid'
            ? told(`i${i}`, at, 'order-paid', { orderId: `o${i}`, amount: minor(random.between(1, 3000)) })
            : word === 'visited'
              ? told(`i${i}`, at, 'visited', {})
              : word === 'refunded' && inputs.length > 5
                ? told(`i${i}`, at, 'order-refunded', {
                    orderId: `o${i - random.between(1, 5)}`,
                    amount: minor(500),
                  })
                : told(`i${i}`, at, 'points/redeem', {
                    points: Math.max(1, random.between(1, Math.max(1, Math.min(4, balance)))),
                  })
        inputs.push(input)
        const outcome = engine.decide(state, input as Input)
        expect(outcome.outcome === 'accepted').toBe(input.type !== 'points/redeem' || balance > 0)
        if (outcome.outcome !== 'accepted') continue
        state = outcome.state
        log.push(input)
        events.push(...outcome.events)
      }
      for (const { type, occurredAt } of events) {
        if (type !== 'points/expired') continue
        const date = new Date(wall.day(occurredAt) * DAY)
        expect(date.getUTCDate()).toBe(1)
        expect(wall.instantOf(wall.day(occurredAt))).toBe(occurredAt)
        ends++
      }
      expect(ends).toBeGreaterThan(20)
      expect(audit(engine, state, events as never).findings).toEqual([])
      for (const [name, { balance, pending, reserved, totals: t }] of Object.entries(
        (engine.view(state, until) as PointsView<string>).wallets!,
      ))
        expect([name, balance + pending + reserved]).toEqual([
          name,
          t.earned - t.redeemed + t.refunded - t.expired + t.reinstated - t.clawedBack,
        ])
      // The oracle at the end, and where it was halfway.
      const said = recount(terms, log, until as Instant)
      expect((engine.view(state, until) as PointsView<string>).wallets).toEqual(said.wallets)
    },
  )
})
