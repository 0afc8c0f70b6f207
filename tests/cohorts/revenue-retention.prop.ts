import fc from 'fast-check'
import {
  defineRevenueRetention,
  type ReactivationRule,
  type RevenueMovements,
  type RevenueRetentionPartial,
  revenueBetween,
  revenueRates,
} from 'liuliang/cohorts'
import { type AnyEvent, canonical, collect, type Instant, instant } from 'liuliang/kernel'
import { describe, expect, test } from 'vitest'
import { runs } from '../support/size.js'
import { slowEdges, slowPeriod, slowThrough } from './support/slow-periods.js'

const zones = ['UTC', 'Asia/Shanghai', 'America/St_Johns', 'Australia/Lord_Howe', 'Pacific/Apia']
const units = ['week', 'month', 'quarter', 'year'] as const
const rules: readonly ReactivationRule[] = ['own', 'new', 'expansion']
const readings: readonly RevenueMovements[] = ['end-to-end', 'per-event']

const setting = fc.record({
  zone: fc.constantFrom(...zones),
  period: fc.constantFrom(...units),
  reactivation: fc.constantFrom(...rules),
  movements: fc.constantFrom(...readings),
})
type Setting = typeof setting extends fc.Arbitrary<infer T> ? T : never

const retentionOf = ({ zone, ...how }: Setting) =>
  defineRevenueRetention({
    id: 'law',
    version: 1,
    calendar: { zone },
    currency: 'CNY',
    revenue: [
      { event: 'plan-changed', amount: 'monthly' },
      { event: 'seats-changed', amount: 'total' },
    ],
    ended: 'plan-ended',
    ...how,
  })

/** Most within a day of where months, quarters and weeks meet; some in the hour that St John's had twice, some in Apia's lost day. */
const moment: fc.Arbitrary<Instant> = fc.oneof(
  fc
    .tuple(fc.integer({ min: 0, max: 13 }), fc.integer({ min: -24 * 4, max: 24 * 4 }))
    .map(([month, quarters]) => Date.UTC(2011, month, 1) + quarters * 900_000),
  fc.integer({ min: 0, max: 120 }).map((minutes) => instant('2011-11-06T01:30:00Z') + minutes * 60_000),
  fc.integer({ min: -6, max: 6 }).map((hours) => instant('2011-12-30T10:00:00Z') + hours * 3_600_000),
  fc.integer({ min: instant('2010-11-20T00:00:00Z'), max: instant('2012-02-10T00:00:00Z') }),
)
const amount = fc.constantFrom('0', '0.00', '0.01', '10', '10.50', '20', '99.99', '1000')

const told: fc.Arbitrary<AnyEvent> = fc
  .record({
    id: fc.integer({ min: 0, max: 30 }).map(String),
    type: fc.constantFrom('plan-changed', 'plan-changed', 'seats-changed', 'plan-ended', 'visited'),
    subject: fc.constantFrom('__proto__', 'constructor', '10', '9', '用户', ''),
    occurredAt: moment,
    later: fc.option(fc.integer({ min: 0, max: 3 }), { nil: undefined }),
    amount,
  })
  .map(({ amount, later, ...event }) => ({
    ...event,
    ...(later !== undefined && { recordedAt: event.occurredAt + later }),
    data: event.type === 'plan-changed' ? { monthly: amount } : { total: amount },
  }))

/** Some twice, some of them known at another time; some at the instant of another. */
const events = fc
  .tuple(
    fc.array(told, { maxLength: 40, size: 'max' }),
    fc.array(fc.tuple(fc.nat(), fc.nat(), fc.constantFrom('again', 'again later', 'tie')), { maxLength: 8 }),
  )
  .map(([list, more]) => {
    const all = [...list]
    for (const [i, j, what] of more) {
      const [one, other] = [all[i % all.length], all[j % all.length]]
      if (one === undefined || other === undefined) continue
      if (what === 'again') all.push({ ...one })
      else if (what === 'again later')
        all.push({ ...one, recordedAt: (one.recordedAt ?? one.occurredAt) + 5 })
      else all.push({ ...one, id: `${one.id}+`, occurredAt: other.occurredAt, recordedAt: other.occurredAt })
    }
    return all
  })

// The second implementation: every number is asked of all events again.

const cents = (text: string): bigint => {
  const [whole, fraction = ''] = text.split('.')
  return BigInt(whole!) * 100n + BigInt(fraction.padEnd(2, '0'))
}
const written = (units: bigint) => `${units / 100n}.${String(units % 100n).padStart(2, '0')}`

interface Said {
  readonly at: Instant
  readonly known: Instant
  readonly id: string
  readonly amount: bigint
}

/** What one customer said, in order, each once. */
function saidBy(all: readonly AnyEvent[], name: string, asOf: Instant): readonly Said[] {
  const said = all
    .filter(({ subject, occurredAt }) => subject === name && occurredAt <= asOf)
    .flatMap((event): Said[] => {
      const { type, occurredAt: at, recordedAt: known = at, id } = event
      const data = event.data as { monthly?: string; total?: string }
      if (type === 'plan-changed') return [{ at, known, id, amount: cents(data.monthly!) }]
      if (type === 'seats-changed') return [{ at, known, id, amount: cents(data.total!) }]
      return type === 'plan-ended' ? [{ at, known, id, amount: 0n }] : []
    })
  const once = said.filter(
    (one) =>
      !said.some(
        (other) =>
          other.id === one.id &&
          other.at === one.at &&
          other.amount === one.amount &&
          other.known < one.known,
      ),
  )
  return once.sort(
    (a, b) =>
      a.at - b.at ||
      a.known - b.known ||
      (a.id < b.id ? -1 : a.id > b.id ? 1 : 0) ||
      Number(a.amount - b.amount),
  )
}

const before = (said: readonly Said[], at: Instant) => said.filter((one) => one.at < at).at(-1)?.amount ?? 0n
const ever = (said: readonly Said[], at: Instant) =>
  [...new Set(said.map((one) => one.at))].some((then) => then < at && before(said, then + 1) > 0n)

const sum = (list: readonly bigint[]) => list.reduce((a, b) => a + b, 0n)

function slowPeriods(
  { zone, period: unit, reactivation, movements }: Setting,
  all: readonly AnyEvent[],
  asOf: Instant,
) {
  const people = [...new Set(all.map(({ subject }) => subject))].map((name) => saidBy(all, name, asOf))
  const instants = people.flat().map(({ at }) => at)
  if (instants.length === 0) return []
  // A period has begun once the wall has shown it, even where it is set back after.
  const begun = (at: Instant) => {
    const near = slowThrough(
      unit,
      slowPeriod(zone, unit, at - 86_400_000),
      slowPeriod(zone, unit, at + 86_400_000),
    )
    return near.filter((text) => slowEdges(zone, unit, text)[0] <= at).at(-1)!
  }
  const texts = slowThrough(unit, begun(Math.min(...instants)), begun(asOf))
  return texts.map((text, i) => {
    const from = slowEdges(zone, unit, text)[0]
    const following = texts[i + 1] ?? slowAfter(unit, text)
    const to = slowEdges(zone, unit, following)[0]
    const steps = people.flatMap((said) => {
      const times = [...new Set(said.map(({ at }) => at))].filter((at) => at >= from && at < to)
      const atStart = before(said, from)
      if (movements === 'end-to-end')
        return [{ atStart, a: atStart, b: before(said, to), had: ever(said, from) }]
      return times.map((at) => ({
        atStart,
        a: before(said, at),
        b: before(said, at + 1),
        had: ever(said, at),
      }))
    })
    const moves = (kind: string, ofBase: boolean) =>
      sum(
        steps
          .filter(({ atStart }) => !ofBase || atStart > 0n)
          .map(({ a, b, had }) => {
            if (kind === 'new') return a === 0n && !had ? b : 0n
            if (kind === 'reactivation') return a === 0n && had ? b : 0n
            if (kind === 'churn') return b === 0n ? a : 0n
            if (kind === 'expansion') return a > 0n && b > a ? b - a : 0n
            return b > 0n && b < a ? a - b : 0n
          }),
      )
    const customers = people.map((said) => ({
      a: before(said, from),
      b: before(said, to),
      had: ever(said, from),
    }))
    const base = customers.filter(({ a }) => a > 0n)
    const count = (test: (one: (typeof customers)[number]) => boolean) => customers.filter(test).length
    const [start, back] = [sum(customers.map(({ a }) => a)), moves('reactivation', false)]
    const lost = moves('churn', false) + moves('contraction', false)
    const won = moves('new', false) + moves('expansion', false) + (reactivation === 'own' ? 0n : back)
    const kept =
      movements === 'end-to-end'
        ? sum(base.map(({ a, b }) => a - (a > b ? a - b : 0n)))
        : start - moves('churn', true) - moves('contraction', true)
    const cameBack = back - moves('reactivation', true)
    const stay = sum(base.map(({ b }) => b))
    const share = (value: bigint) => (start === 0n ? null : Number(value) / Number(start))
    return {
      period: text,
      from,
      to,
      state: to <= asOf ? 'complete' : 'incomplete',
      start: written(start),
      end: written(sum(customers.map(({ b }) => b))),
      new: written(moves('new', false) + (reactivation === 'new' ? back : 0n)),
      expansion: written(moves('expansion', false) + (reactivation === 'expansion' ? back : 0n)),
      contraction: written(moves('contraction', false)),
      churn: written(moves('churn', false)),
      reactivation: written(reactivation === 'own' ? back : 0n),
      customers: {
        start: base.length,
        end: count(({ b }) => b > 0n),
        retained: count(({ a, b }) => a > 0n && b > 0n),
        lost: count(({ a, b }) => a > 0n && b === 0n),
        new: count(({ a, b, had }) => a === 0n && b > 0n && !had),
        returned: count(({ a, b, had }) => a === 0n && b > 0n && had),
      },
      rates: {
        grr: share(kept),
        nrr: share(stay + (reactivation === 'expansion' ? cameBack : 0n)),
        grossChurn: share(start - kept),
        netChurn: share(start - stay - (reactivation === 'new' ? 0n : cameBack)),
        quickRatio: lost === 0n ? null : Number(won) / Number(lost),
      },
    }
  })
}

function slowAfter(unit: Setting['period'], text: string): string {
  const year = Number(text.slice(0, 4))
  const until = unit === 'year' ? `${year + 1}` : unit === 'quarter' ? `${year + 1}-Q1` : `${year + 1}-12-31`
  return slowThrough(unit, text, until)[1]!
}

const value = (rate: { kind: string; value?: number }) => (rate.kind === 'estimate' ? rate.value! : null)

describe('recurring revenue', () => {
  test('is what the slow implementation finds, at any instant', () => {
    fc.assert(
      fc.property(setting, events, moment, (how, all, asOf) => {
        const retention = retentionOf(how)
        const { periods } = retention.result(collect(retention, all), { asOf })
        const read = periods.map(({ logoRetention: _, rates, ...book }) => ({
          ...book,
          rates: Object.fromEntries(Object.entries(rates).map(([name, rate]) => [name, value(rate)])),
        }))
        expect(read).toEqual(slowPeriods(how, all, asOf))
      }),
      { numRuns: runs(150, 5000) },
    )
  }, 120_000)

  test('every period starts with what the last one ended with; since only hides', () => {
    fc.assert(
      fc.property(setting, events, moment, moment, (how, all, one, other) => {
        const [since, asOf] = [Math.min(one, other), Math.max(one, other)]
        const retention = retentionOf(how)
        const partial = collect(retention, all)
        const { periods } = retention.result(partial, { asOf })
        for (const [i, { start }] of periods.entries()) expect(start).toBe(periods[i - 1]?.end ?? '0.00')
        const shown = retention.result(partial, { asOf, since }).periods
        const texts = new Set(shown.map(({ period }) => period))
        const both = periods.filter(({ period }) => texts.has(period))
        expect(both).toEqual(both.length === 0 ? [] : shown.slice(-both.length))
        expect(shown[0]!.from <= since && shown.at(-1)!.to > asOf).toBe(true)
      }),
      { numRuns: runs(150, 5000) },
    )
  })

  test('order, shards, merges, repetition and JSON leave the same partial, and retracting undoes adding', () => {
    fc.assert(
      fc.property(
        setting,
        events,
        events,
        fc.array(fc.tuple(fc.nat(), fc.nat({ max: 3 })), { minLength: 60, maxLength: 60 }),
        (how, all, gone, marks) => {
          const retention = retentionOf(how)
          const whole = collect(retention, all)
          const dealt = all.map((event, i) => ({ event, mark: marks[i % marks.length]! }))
          dealt.sort((a, b) => a.mark[0] - b.mark[0])
          const shards = [0, 1, 2, 3].map((shard) =>
            collect(
              retention,
              dealt.filter(({ mark }) => mark[1] === shard).map(({ event }) => event),
            ),
          )
          const frozen = canonical(shards)
          const read = (partial: RevenueRetentionPartial) =>
            JSON.parse(JSON.stringify(partial)) as RevenueRetentionPartial
          const merged = [2, 0, 3, 1].map((i) => read(shards[i]!)).reduce((a, b) => retention.merge(a, b))
          expect(canonical(merged)).toBe(canonical(whole))
          expect(canonical(shards)).toBe(frozen)
          let more = collect(retention, [...all, ...gone])
          for (const event of gone) more = retention.retract(more, event)
          expect(canonical(more)).toBe(canonical(whole))
          // Retracted elsewhere, before it was added here.
          let early = retention.empty()
          for (const event of gone) early = retention.retract(early, event)
          expect(canonical(retention.merge(early, collect(retention, [...all, ...gone])))).toBe(
            canonical(whole),
          )
        },
      ),
      { numRuns: runs(150, 5000) },
    )
  })

  test('two snapshots say what a period says end to end', () => {
    const book = fc.dictionary(fc.constantFrom('a', 'b', 'c', '__proto__', 'd'), amount)
    fc.assert(
      fc.property(book, book, fc.constantFrom(...rules), (start, end, reactivation) => {
        const snapshot = revenueBetween({ start, end, currency: 'CNY', reactivation })
        const retention = retentionOf({ zone: 'UTC', period: 'month', reactivation, movements: 'end-to-end' })
        const says = (amounts: Record<string, string>, at: Instant): AnyEvent[] =>
          [...new Set([...Object.keys(start), ...Object.keys(end)])].map((subject) => ({
            id: String(at),
            type: 'plan-changed',
            subject,
            occurredAt: at,
            data: { monthly: Object.hasOwn(amounts, subject) ? amounts[subject] : '0' },
          }))
        const all = [...says(start, Date.UTC(2024, 0, 10)), ...says(end, Date.UTC(2024, 1, 10))]
        const { periods } = retention.result(collect(retention, all), { asOf: Date.UTC(2024, 2, 1) })
        if (all.length === 0) expect(snapshot.customers.start + snapshot.customers.end).toBe(0)
        else {
          const { period: _, from: __, to: ___, state: ____, ...february } = periods[1]!
          expect(snapshot).toEqual(february)
        }
      }),
      { numRuns: runs(200, 5000) },
    )
  })

  test('rates of totals do not depend on the unit', () => {
    const total = fc.integer({ min: 0, max: 1_000_000 })
    const totals = fc.record({
      start: total,
      new: total,
      expansion: total,
      contraction: total,
      churn: total,
      reactivation: total,
    })
    fc.assert(
      fc.property(totals, fc.constantFrom(...rules), (given, reactivation) => {
        const twice = Object.fromEntries(Object.entries(given).map(([name, amount]) => [name, amount * 1024]))
        expect(revenueRates(twice as typeof given, { reactivation })).toEqual(
          revenueRates(given, { reactivation }),
        )
      }),
      { numRuns: runs(200, 5000) },
    )
  })
})
