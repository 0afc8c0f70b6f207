// The public data sets behind published fits. They are kept beside the project and are not everywhere: a test that needs
// one says so in its name and is skipped without them.
import { existsSync, readFileSync } from 'node:fs'
import { contractTable, type HistoryTable, historyTable, type SpendTable, spendTable } from 'liuliang/ltv'

const folder = new URL('../../../../shared/data/', import.meta.url)

export const absent = !existsSync(new URL('clv-cdnow-transactions.csv', folder))
/** For the names of tests that are. */
export const skipped = '(skipped where ../shared/data is absent)'

/** Lines of a file, without the header. */
export const linesOf = (file: string): readonly (readonly string[])[] =>
  readFileSync(new URL(file, folder), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(','))

/** A customer of an order log, in days; orders of one day are one purchase. */
interface Customer {
  readonly id: string
  readonly repeatCount: number
  readonly last: number
  readonly age: number
  /** Between purchases. */
  readonly gaps: readonly number[]
  /** Of calibration, in order of time. */
  readonly cents: readonly number[]
  readonly bought: number
  readonly gender: number
  readonly channel: number
}

const ends = {
  cdnow: { until: '1997-09-30', holdout: '1998-06-30' },
  apparel: { until: '2006-12-31', holdout: '2010-12-20' },
} as const
export type Log = keyof typeof ends
const dayOf = (date: string) => Date.parse(`${date}T00:00:00Z`) / 86_400_000
const known = new Map<Log, readonly Customer[]>()

/** CDNOW: 2,357 customers observed for 39 weeks and 39 more. Apparel: 600 with gender and channel, two years and four more. */
export function customersOf(log: Log): readonly Customer[] {
  const already = known.get(log)
  if (already !== undefined) return already
  const orders = new Map<string, Map<number, number>>()
  for (const cells of linesOf(`clv-${log}-transactions.csv`)) {
    const days = orders.get(cells[0]!) ?? orders.set(cells[0]!, new Map()).get(cells[0]!)!
    const day = dayOf(cells[1]!)
    days.set(day, (days.get(day) ?? 0) + Math.round(100 * Number(cells.at(-1))))
  }
  const traits = new Map(
    log === 'apparel' ? linesOf('clv-apparel-static-covariates.csv').map(([id, ...rest]) => [id!, rest]) : [],
  )
  const [until, holdout] = [dayOf(ends[log].until), dayOf(ends[log].holdout)]
  const customers = [...orders].map(([id, days]): Customer => {
    const all = [...days].sort(([a], [b]) => a - b)
    const seen = all.filter(([day]) => day <= until)
    const first = seen[0]![0]
    const [gender, channel] = (traits.get(id) ?? ['0', '0']).map(Number)
    return {
      id,
      repeatCount: seen.length - 1,
      last: seen.at(-1)![0] - first,
      age: until - first,
      gaps: seen.slice(1).map(([day], i) => day - seen[i]![0]),
      cents: seen.map(([, cents]) => cents),
      bought: all.filter(([day]) => day > until && day <= holdout).length,
      gender: gender!,
      channel: channel!,
    }
  })
  known.set(log, customers)
  return customers
}

/** Days, exact weeks, or weeks to two decimals as in the authors' table of CDNOW. */
export type Clock = 'day' | 'week' | 'rounded'
const timeOf = (clock: Clock) => (days: number) =>
  clock === 'day' ? days : clock === 'week' ? days / 7 : Math.round((days / 7) * 100) / 100

export function historiesOf(log: Log, clock: Clock) {
  const time = timeOf(clock)
  return customersOf(log).map(({ repeatCount, last, age, gaps, gender, channel }) => ({
    unit: clock === 'day' ? ('day' as const) : ('week' as const),
    repeatCount,
    lastPurchaseAge: time(last),
    age: time(age),
    // Of rounded ages the gaps are not known: with those of the log some would add up to more than the age at the last purchase.
    ...(clock !== 'rounded' && {
      sumLnGaps: gaps.reduce((sum, gap) => sum + Math.log(clock === 'day' ? gap : gap / 7), 0),
    }),
    ...(log === 'apparel' && { covariates: { gender, channel } }),
  }))
}

export const tableOf = (log: Log, clock: Clock): HistoryTable => historyTable(historiesOf(log, clock))

/** What customers spent: on repeat purchases, the means to two decimals as published, or on all purchases. */
function ownSpendOf({ cents }: Customer, which: 'published' | 'repeats' | 'all') {
  const counted = which === 'all' ? cents : cents.slice(1)
  const sum = counted.reduce((total, one) => total + one, 0)
  const mean = counted.length === 0 ? null : sum / 100 / counted.length
  return { purchases: counted.length, mean }
}

/** Means as published are those of the authors' table. */
export function spendOf(log: Log, which: 'published' | 'repeats' | 'all'): SpendTable {
  if (which !== 'published') return spendTable(customersOf(log).map((one) => ownSpendOf(one, which)))
  return spendTable(
    linesOf('clv-cdnow-rfm.csv').map(([, x, , , mean]) => ({
      purchases: Number(x),
      mean: x === '0' ? null : Number(mean),
    })),
  )
}

/** 11,104 donors and six yearly opportunities (Fader, Hardie & Shang 2010, table 1). */
export const donations = (): HistoryTable =>
  historyTable(
    linesOf('clv-donations-rf.csv').flatMap(([x, tx, n, customers]) =>
      Array.from({ length: Number(customers) }, () => ({
        unit: 'opportunity' as const,
        repeatCount: Number(x),
        lastPurchaseAge: Number(tx),
        age: Number(n),
      })),
    ),
  )

/** Of 1,000 customers under contract, how many are left after so many years (Fader & Hardie 2007, table 1). */
export const contracts = (segment: string, years: number) =>
  contractTable({
    unit: 'year',
    cohorts: [
      {
        cohort: segment,
        survivors: linesOf('clv-sbg-retention.csv')
          .filter(([name]) => name === segment)
          .slice(0, years + 1)
          .map(([, , percent]) => Math.round(10 * Number(percent))),
      },
    ],
  })
