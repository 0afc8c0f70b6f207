import { readFileSync } from 'node:fs'
import {
  defineRetention,
  defineRevenueRetention,
  type ReactivationRule,
  type RevenueMovements,
  type RevenueRate,
  type RevenueTotals,
  revenueBetween,
  revenueRates,
} from 'liuliang/cohorts'
import { type AnyEvent, collect, instant } from 'liuliang/kernel'
import { expect, test } from 'vitest'

const fixture = new URL('../fixtures/revenue-retention/cases.json', import.meta.url)
const { cases } = JSON.parse(readFileSync(fixture, 'utf8')) as {
  readonly cases: readonly { readonly id: string }[]
}
const caseOf = <T>(id: string): T => cases.find((one) => one.id === id) as T

const near = (rate: { kind: string; value?: number }, expected: number) => {
  expect(rate.kind).toBe('estimate')
  expect(Math.abs(rate.value! - expected)).toBeLessThanOrEqual(1e-12)
}

const none: RevenueTotals = { start: 0, new: 0, expansion: 0, contraction: 0, churn: 0, reactivation: 0 }
const totalsIn = (given: object): RevenueTotals =>
  Object.fromEntries(
    Object.keys(none).map((name) => [name, (given as Record<string, number>)[name] ?? 0]),
  ) as unknown as RevenueTotals

const retentionOf = (movements: RevenueMovements, reactivation: ReactivationRule = 'own') =>
  defineRevenueRetention({
    id: 'mrr',
    version: 1,
    calendar: { zone: 'UTC' },
    period: 'month',
    currency: 'USD',
    revenue: { event: 'plan-changed', amount: 'monthly' },
    reactivation,
    movements,
  })

const changed = (subject: string, time: string, monthly: number): AnyEvent => ({
  id: `${subject}/${time}`,
  type: 'plan-changed',
  subject,
  occurredAt: instant(time),
  data: { monthly: String(monthly) },
})

/** Book of March: `start` as of February, then changes within March. */
function march(
  { start, changes, before = [] }: { start: object; changes: readonly [string, number][]; before?: string[] },
  movements: RevenueMovements,
  rule: ReactivationRule = 'own',
) {
  const retention = retentionOf(movements, rule)
  const events = [
    ...before.flatMap((name) => [
      changed(name, '2024-01-05T00:00:00Z', 70),
      changed(name, '2024-01-20T00:00:00Z', 0),
    ]),
    ...Object.entries(start).map(([name, amount]) => changed(name, '2024-02-10T00:00:00Z', amount as number)),
    ...changes.map(([name, amount], i) => changed(name, `2024-03-${10 + i}T00:00:00Z`, amount)),
  ]
  const { periods } = retention.result(collect(retention, events), { asOf: instant('2024-04-01T00:00:00Z') })
  return periods.find(({ period }) => period === '2024-03')!
}

test("ChartMogul's example: 20 % gross, 10 % net", () => {
  const given =
    caseOf<Record<'gross_churn_rate' | 'net_churn_rate' | 'grr' | 'nrr', number>>('chartmogul_doc')
  const rates = revenueRates(totalsIn(given), { reactivation: 'own' })
  near(rates.grossChurn, given.gross_churn_rate)
  near(rates.netChurn, given.net_churn_rate)
  near(rates.grr, given.grr)
  near(rates.nrr, given.nrr)
})

test('the quick ratio of pitchkit', () => {
  const given = caseOf<{ quick_ratio: number }>('pitchkit_quick_ratio')
  near(revenueRates(totalsIn(given), { reactivation: 'own' }).quickRatio, given.quick_ratio)
})

interface Customers {
  readonly start: Record<string, number>
  readonly end: Record<string, number>
  readonly everPaidBefore: string[]
  readonly movements: Record<string, number>
  readonly grr: number
  readonly nrr: number
  readonly logo_retention: number
  readonly quick_ratio_without_reactivation: number
  readonly quick_ratio_with_reactivation: number
  readonly net_new_mrr: number
}

test.each(['own', 'new', 'expansion'] as const)(
  'customers, from snapshots and from events: reactivation as %s',
  (rule) => {
    const given = caseOf<Customers>('customers')
    const text = (amounts: Record<string, number>) =>
      Object.fromEntries(Object.entries(amounts).map(([name, amount]) => [name, String(amount)]))
    const { everPaidBefore: paidBefore, movements } = given
    const snapshot = revenueBetween({
      start: text(given.start),
      end: text(given.end),
      paidBefore,
      currency: 'USD',
      reactivation: rule,
    })
    const changes = Object.entries(given.end)
      .filter(([name, amount]) => given.start[name] !== amount)
      .map(([name, amount]): [string, number] => [name, amount])
    for (const reading of ['end-to-end', 'per-event'] as const) {
      const {
        period: _,
        from: __,
        to: ___,
        state: ____,
        ...book
      } = march({ start: given.start, changes, before: paidBefore }, reading, rule)
      expect(book).toEqual(snapshot)
    }
    const own = rule === 'own'
    expect(Number(snapshot.churn)).toBe(movements['churn'])
    expect(Number(snapshot.contraction)).toBe(movements['contraction'])
    expect(Number(snapshot.reactivation)).toBe(own ? movements['reactivation'] : 0)
    expect(Number(snapshot.new)).toBe(movements['new']! + (rule === 'new' ? movements['reactivation']! : 0))
    expect(Number(snapshot.expansion)).toBe(
      movements['expansion']! + (rule === 'expansion' ? movements['reactivation']! : 0),
    )
    expect(Number(snapshot.end) - Number(snapshot.start)).toBe(given.net_new_mrr)
    near(snapshot.rates.grr, given.grr)
    // As expansion, those who came back are in NRR: (460 + 80) / 650.
    near(snapshot.rates.nrr, rule === 'expansion' ? 540 / 650 : given.nrr)
    near(snapshot.logoRetention, given.logo_retention)
    near(
      snapshot.rates.quickRatio,
      own ? given.quick_ratio_without_reactivation : given.quick_ratio_with_reactivation,
    )
  },
)

test('a flip within the period: the readings differ in GRR and movements, not in NRR', () => {
  type Side = { expansion: number; contraction: number; grr: number; nrr: number }
  const given = caseOf<{
    start: Record<string, number>
    changes: [string, number][]
    end_to_end: Side
    event_level: Side
  }>('within_period_flip')
  for (const [reading, side] of [
    ['end-to-end', given.end_to_end],
    ['per-event', given.event_level],
  ] as const) {
    const book = march({ start: given.start, changes: given.changes }, reading)
    expect([Number(book.expansion), Number(book.contraction)]).toEqual([side.expansion, side.contraction])
    near(book.rates.grr, side.grr)
    near(book.rates.nrr, side.nrr)
  }
})

test('weighted and simple mean of cohorts, one of them at 0 %', () => {
  const given = caseOf<{ cohorts: [number, number][]; simple_mean: number; weighted_mean: number }>(
    'weighted_mean',
  )
  const retention = defineRetention({
    id: 'r',
    version: 1,
    calendar: { zone: 'UTC' },
    entry: 'joined',
    activity: 'seen',
    period: 'month',
  })
  const events = given.cohorts.flatMap(([size, rate], month) =>
    Array.from({ length: size }, (_, i) => {
      const subject = `${month}/${i}`
      const at = (type: string, later: number): AnyEvent => ({
        id: type,
        type,
        subject,
        occurredAt: Date.UTC(2024, month + later, 2),
        data: {},
      })
      return [at('joined', 0), ...(i < size * rate ? [at('seen', 1)] : [])]
    }).flat(),
  )
  const { averages } = retention.result(collect(retention, events), { asOf: Date.UTC(2024, 3, 1) })
  near(averages[1]!.mean, given.simple_mean)
  near(averages[1]!.rate, given.weighted_mean)
})

test('of no revenue at the start there is no rate', () => {
  const given = caseOf<{ grr: null; nrr: null }>('zero_start')
  const rates = revenueRates(totalsIn(given), { reactivation: 'own' })
  const missing: RevenueRate = { kind: 'undefined', reason: 'nothing-at-start' }
  expect([given.grr, given.nrr]).toEqual([null, null])
  expect([rates.grr, rates.nrr, rates.grossChurn, rates.netChurn]).toEqual([
    missing,
    missing,
    missing,
    missing,
  ])
})

test('every case of the fixture is used', () => {
  expect(cases.map(({ id }) => id)).toEqual([
    'chartmogul_doc',
    'pitchkit_quick_ratio',
    'customers',
    'within_period_flip',
    'weighted_mean',
    'zero_start',
  ])
})
