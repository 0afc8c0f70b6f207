import { readFileSync } from 'node:fs'
import { historyTable, type TimeUnit } from 'liuliang/ltv'

type Values = { readonly [name in 'r' | 'alpha' | 'a' | 'b']: number }

export const cdnow = JSON.parse(
  readFileSync(new URL('../../fixtures/clv-cdnow-fit/cdnow.json', import.meta.url), 'utf8'),
) as {
  readonly bgNbd: { readonly params: Values; readonly standardErrors: Values; readonly logLikelihood: number }
  readonly lifetimesPenalized: {
    readonly [coefficient: string]: { readonly params: Values; readonly logLikelihood: number }
  }
  readonly histories: {
    readonly [column in 'repeatCount' | 'lastPurchaseAge' | 'age' | 'customers']: readonly number[]
  }
}

/** The sample with its weeks in another unit, `by` to a week. */
export function cdnowTable(unit: TimeUnit = 'week', by = 1) {
  const { repeatCount, lastPurchaseAge, age, customers } = cdnow.histories
  return historyTable(
    repeatCount.flatMap((x, i) =>
      Array.from({ length: customers[i]! }, () => ({
        unit,
        repeatCount: x,
        lastPurchaseAge: lastPurchaseAge[i]! * by,
        age: age[i]! * by,
      })),
    ),
  )
}
