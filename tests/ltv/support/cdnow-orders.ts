// Order logs: of the CDNOW sample where its data are, and of customers drawn from a model; days since 1997-01-01.
import { readFileSync } from 'node:fs'
import { type AnyEvent, collect, instant, random } from 'liuliang/kernel'
import { bgNbd as drawing, type Histories, parameters, summarizeHistories } from 'liuliang/ltv'
import { absent, linesOf } from './data-sets.js'
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

const start = Date.UTC(1997, 0, 1)

/** Days at which each customer of CDNOW bought, by number; nobody where the data are absent. */
export const purchaseDays: readonly (readonly number[])[] = absent ? [] : cdnowDays()

function cdnowDays(): readonly (readonly number[])[] {
  const days = new Map<string, Set<number>>()
  for (const [id, date] of linesOf('clv-cdnow-transactions.csv')) {
    const own = days.get(id!) ?? days.set(id!, new Set()).get(id!)!
    own.add((Date.parse(`${date}T00:00:00Z`) - start) / 86_400_000)
  }
  return [...days.values()].map((own) => [...own].sort((a, b) => a - b))
}

/** Customers drawn from BG/NBD, who are everywhere: won in the first quarter as those of CDNOW, and watched as long. */
function drawnDays(): readonly (readonly number[])[] {
  const chance = random('a shop')
  return Array.from({ length: 2000 }, () => {
    const won = Math.floor(84 * chance.next())
    const ages = drawing.draw({ r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 }, (545 - won) / 7, chance)
    return [...new Set([won, ...ages.map((weeks) => won + Math.ceil(7 * weeks))])]
  })
}

const ordersOf = (purchaseDays: readonly (readonly number[])[]) =>
  purchaseDays.flatMap((days, i) =>
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
const mid = instant('1997-09-30T00:00:00Z')
const end = instant('1998-06-30T00:00:00Z')

/** Until the end of calibration, and until the end of the holdout. */
function readingsOf(purchaseDays: readonly (readonly number[])[]): {
  readonly calibration: Histories
  readonly holdout: Histories
} {
  const log = collect(buyers, ordersOf(purchaseDays))
  return {
    calibration: buyers.result(log, { until: mid, holdout: { until: end } }),
    holdout: buyers.result(log, { until: end, purchaseAges: true }),
  }
}

export const cdnow = readingsOf(purchaseDays)
export const shop = readingsOf(drawnDays())

/** Values as if fitted elsewhere. */
export const bgNbdOf = (values: { r: number; alpha: number; a: number; b: number }) =>
  parameters(bgNbd, values, { unit: 'week', source: 'BG/NBD of the CDNOW sample' })
