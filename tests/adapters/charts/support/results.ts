// Results to draw, small and large, with every state a cell can have. Made by rule, not by chance.
import type {
  ChartedCurve,
  ChartedFlows,
  ChartedGrowth,
  ChartedPanel,
  ChartedPayback,
  ChartedRetention,
  ChartedRevenue,
} from 'liuliang/adapters/charts'
import { defineRetention } from 'liuliang/cohorts'
import { type AnyEvent, collect, instant } from 'liuliang/kernel'

const month = (i: number) => `${2023 + Math.floor(i / 12)}-${String((i % 12) + 1).padStart(2, '0')}`
const middle = (i: number) => instant(`${month(i)}-15T09:00:00Z`)

/** People who come in months and come back in fewer and fewer; the sizes by month. */
function shopping(
  sizes: readonly number[],
  returns = (offset: number) => 0.5 / Math.sqrt(offset),
): AnyEvent[] {
  return sizes.flatMap((size, cohort) =>
    Array.from({ length: size }).flatMap((_, person) =>
      Array.from({ length: sizes.length - cohort }, (_, offset) => offset)
        .filter(
          (offset) =>
            offset === 0 || ((person * 37 + offset * 11 + cohort * 5) % 100) / 100 < returns(offset),
        )
        .map((offset) => ({
          id: `${cohort}/${person}/${offset}`,
          type: 'order-paid',
          subject: `${cohort}/${person}`,
          occurredAt: middle(cohort + offset),
          data: {},
        })),
    ),
  )
}

const buyers = defineRetention({
  id: 'buyers',
  version: 1,
  calendar: { zone: 'UTC' },
  entry: 'order-paid',
  activity: 'order-paid',
  period: 'month',
})

/** Retention by month; with the empty month and a gap in tracking where they are asked for. */
export function retentionOf(
  sizes: readonly number[],
  {
    gap,
    returns,
    open = true,
  }: { readonly gap?: number; readonly returns?: (offset: number) => number; readonly open?: boolean } = {},
): ChartedRetention {
  return buyers.result(collect(buyers, shopping(sizes, returns)), {
    asOf: instant(
      open ? `${month(Math.max(1, sizes.length) - 1)}-20T00:00:00Z` : `${month(sizes.length)}-01T00:00:00Z`,
    ),
    ...(gap !== undefined && {
      gaps: [{ from: instant(`${month(gap)}-10T00:00:00Z`), to: instant(`${month(gap)}-12T00:00:00Z`) }],
    }),
  })
}

/** Growth of a shop that grows, pauses and loses people; the last period is not over. */
export function growthOf(count: number): ChartedGrowth {
  let active = 0
  return {
    fingerprint: 'growth',
    periods: Array.from({ length: count }, (_, i) => {
      const fresh = 120 + ((i * 53) % 90)
      const churned = Math.min(active, Math.floor(active * (0.3 + ((i * 7) % 5) / 20)))
      const resurrected = i < 2 ? 0 : 10 + ((i * 13) % 40)
      const retained = active - churned
      active = fresh + retained + resurrected
      return {
        period: month(i),
        active,
        new: fresh,
        retained,
        resurrected,
        churned,
        state: i === count - 1 ? ('provisional' as const) : ('complete' as const),
      }
    }),
  }
}

/** A curve by product limits, with censoring, its band made plainly. */
export function curveOf(
  n: number,
  { every = 3, unit = 'month', gaps = [] as ChartedCurve['gaps'] } = {},
): ChartedCurve {
  let atRisk = n
  let survival = 1
  let variance = 0
  const rows: ChartedCurve['rows'][number][] = []
  for (let time = 1; atRisk > 0 && time <= 24; time += 1) {
    const events = Math.min(atRisk, Math.ceil(atRisk / (8 + time)))
    const censored = Math.min(atRisk - events, time % every === 0 ? Math.ceil(n / 25) : 0)
    survival *= 1 - events / atRisk
    variance += atRisk > events ? events / (atRisk * (atRisk - events)) : 0
    const width = 1.96 * survival * Math.sqrt(variance)
    rows.push({
      time,
      atRisk,
      events,
      censored,
      entered: time === 1 ? atRisk : 0,
      survival,
      interval:
        survival === 0
          ? { kind: 'undefined', reason: 'survival-zero' }
          : { kind: 'estimate', low: Math.max(0, survival - width), high: Math.min(1, survival + width) },
    })
    atRisk -= events + censored
  }
  return { unit, level: 0.95, from: 0, rows, gaps }
}

/** Value per customer by cohort: the later the cohort, the shorter its curve. */
export function revenueOf(
  cohorts: number,
  by: (offset: number, cohort: number) => number = (o, c) => 40 * Math.sqrt(o + 1) + c,
): ChartedRevenue {
  const curve = (cohort: number, length: number, n: number) =>
    Array.from({ length }, (_, offset) => ({
      offset,
      n,
      maturity: 1 - offset / (length + 1),
      mean: {
        value: by(offset, cohort),
        interval:
          n < 2
            ? ({ kind: 'undefined', reason: 'one-customer' } as const)
            : ({
                kind: 'interval',
                low: by(offset, cohort) - 6 - offset,
                high: by(offset, cohort) + 6 + offset,
              } as const),
      },
    }))
  return {
    period: 'month',
    currency: 'CNY',
    level: 0.95,
    cohorts: Array.from({ length: cohorts }, (_, i) => ({
      cohort: month(i),
      size: 40 + i,
      curves: { margin: curve(i, cohorts - 1 - i, 40 + i) },
    })),
    curves: { margin: curve(0, Math.max(0, cohorts - 1), 200) },
  }
}

/** Costs that come back for some of those cohorts. */
export function paybackOf(revenue: ChartedRevenue): ChartedPayback {
  return {
    value: 'margin',
    currency: revenue.currency,
    cohorts: revenue.cohorts.map(({ cohort, size, curves }, i) => {
      const cost = 70 + 4 * i
      const point = curves['margin']?.find(({ mean }) => mean.value >= cost)
      return {
        cohort,
        size,
        costPerCustomer: i % 4 === 3 ? null : cost,
        payback:
          point === undefined || i % 4 === 3
            ? { kind: 'not-yet-observable' }
            : { kind: 'paid-back', basis: 'observed', offset: point.offset },
      }
    }),
  }
}

const stageNames = (count: number) => Array.from({ length: count }, (_, i) => `s${i}`)

/** Names of stages in a tongue. */
export const stageWords = (count: number, lang: 'en' | 'zh') =>
  Object.fromEntries(stageNames(count).map((name, i) => [name, lang === 'zh' ? `第${i}段` : `part ${i}`]))

/** Moves between stages, large and small, some of them none. */
export function flowsOf(count: number): ChartedFlows {
  const moves = stageNames(count).map((_, i) =>
    stageNames(count).map((_, k) =>
      i === k ? 300 + 20 * i : (i * 7 + k * 5) % 4 === 0 ? 40 + i * 13 : (i + k) % 3 === 0 ? k + 2 : 0,
    ),
  )
  return { fingerprint: 'flows', stages: stageNames(count), moves }
}

/** People who move on through stages, and more who come each month. */
export function panelOf(count: number, months: number): ChartedPanel {
  let open: readonly number[] = stageNames(count).map((_, i) => (i === 0 ? 500 : 0))
  const periods = Array.from({ length: months }, (_, t) => {
    const moves = open.map((people, i) => {
      const row = open.map(() => 0)
      const on = Math.floor(people / 5)
      row[(i + 1) % count]! += on
      row[i]! += people - on
      return row
    })
    const arrivals = open.map((_, i) => (i === 0 ? 60 + t * 9 : i === 1 ? 20 : 0))
    open = arrivals.map((people, k) => moves.reduce((sum, row) => sum + row[k]!, people))
    return { period: month(t), moves, arrivals }
  })
  return { states: stageNames(count), unit: 'month', periods }
}
