// The CDNOW sample as an order log: days since 1997-01-01 at which each customer bought.
import { readFileSync } from 'node:fs'
import { type AnyEvent, collect, instant } from 'liuliang/kernel'
import { type Histories, parameters, summarizeHistories } from 'liuliang/ltv'
import { bgNbd } from './tiny-models.js'

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../fixtures/ltv-validation/${name}`, import.meta.url), 'utf8'))

export const reference = read('reference.json') as {
  readonly lifetimes: {
    readonly params: { r: number; alpha: number; a: number; b: number }
    readonly aggregate: { [name: string]: number }
    readonly byFrequency: readonly {
      xCalibration: string
      customers: number
      meanActual: number
      meanPredicted: number
    }[]
    readonly tracking: { actual: readonly number[]; predicted: readonly number[] }
    readonly alivePath: readonly {
      id: number
      params: { r: number; alpha: number; a: number; b: number }
      pAliveByDay: readonly number[]
    }[]
  }
  readonly btyd: {
    readonly params: { r: number; alpha: number; a: number; b: number }
    readonly tracking: readonly number[]
    readonly frequency: { actual: readonly number[]; expected: readonly number[] }
  }
  readonly weeklyCumulative: readonly number[]
}

/** Days at which each customer bought, by number. */
export const purchaseDays: readonly (readonly number[])[] = (
  read('cdnow-days.json') as { readonly purchaseDays: string }
).purchaseDays
  .split(';')
  .map((line) => {
    let day = 0
    return line.split(' ').map((gap) => {
      day += Number(gap)
      return day
    })
  })

const start = Date.UTC(1997, 0, 1)
const orders = purchaseDays.flatMap((days, i) =>
  days.map(
    (day): AnyEvent => ({
      id: `${i + 1}/${day}`,
      type: 'order-paid',
      subject: String(i + 1),
      occurredAt: instant(new Date(start + day * 86_400_000).toISOString()),
      data: {},
    }),
  ),
)
const buyers = summarizeHistories({
  id: 'cdnow',
  version: 1,
  calendar: { zone: 'UTC' },
  unit: 'week',
  orders: 'order-paid',
  merge: { per: 'day' },
})
const log = collect(buyers, orders)
const mid = instant('1997-09-30T00:00:00Z')
const end = instant('1998-06-30T00:00:00Z')

/** Until the end of calibration, and until the end of the holdout. */
export const cdnow: { readonly calibration: Histories; readonly holdout: Histories } = {
  calibration: buyers.result(log, { until: mid, holdout: { until: end } }),
  holdout: buyers.result(log, { until: end, purchaseAges: true }),
}

/** Values as if fitted elsewhere. */
export const bgNbdOf = (values: { r: number; alpha: number; a: number; b: number }) =>
  parameters(bgNbd, values, { unit: 'week', source: 'BG/NBD of the CDNOW sample' })
