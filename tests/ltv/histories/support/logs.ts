import { orderColumns } from 'liuliang/ltv'
import { linesOf } from '../../support/data-sets.js'
import { day } from './orders.js'

/** An order log: the customer first, the date second, the amount last. */
export const logOf = (name: 'cdnow' | 'apparel') =>
  orderColumns(
    linesOf(`clv-${name}-transactions.csv`).map((cells) => ({
      customer: cells[0]!,
      at: day(cells[1]!),
      amount: cells.at(-1)!,
    })),
  )
