import { existsSync, readFileSync } from 'node:fs'
import { orderColumns } from 'liuliang/ltv'
import { day } from './orders.js'

const folder = new URL('../../../../../shared/data/', import.meta.url)

/** The data lie beside the project, and not everywhere. */
export const absent = !existsSync(new URL('clv-cdnow-transactions.csv', folder))

/** Lines of a file, without the header. */
export const linesOf = (file: string): readonly (readonly string[])[] =>
  readFileSync(new URL(file, folder), 'utf8')
    .trim()
    .split('\n')
    .slice(1)
    .map((line) => line.trim().split(','))

/** An order log: the customer first, the date second, the amount last. */
export const logOf = (name: 'cdnow' | 'apparel') =>
  orderColumns(
    linesOf(`clv-${name}-transactions.csv`).map((cells) => ({
      customer: cells[0]!,
      at: day(cells[1]!),
      amount: cells.at(-1)!,
    })),
  )
