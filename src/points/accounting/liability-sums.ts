import { fault } from '../../kernel/errors.js'
import { isRecord } from '../../kernel/plain.js'
import { plus } from './rows.js'

/** Sums of one currency. `cells` are by month of earning and month of expiry. */
export interface Sums {
  cells: { [months: string]: [spendable: number, pending: number] }
  horizons: [spendable: number, pending: number][]
  total: number
  lapsed: number
  cost: number
  costed: number
}

/** What is left of what was earned in one month and expires in one month. */
export interface LiabilityCell {
  /** Months since year 0: `year * 12 + month - 1`. */
  readonly earned: number
  readonly expires: number | null
  readonly spendable: number
  readonly pending: number
}

/** Sums of no lot. */
export const nothing = (horizons: number): Sums => ({
  cells: {},
  horizons: Array.from({ length: horizons }, () => [0, 0]),
  total: 0,
  lapsed: 0,
  cost: 0,
  costed: 0,
})

/** Every number of a partial: it may have been stored, or come from elsewhere. */
export function checkSums(
  currencies: { readonly [name: string]: Sums },
  names: readonly string[],
  horizons: number,
): void {
  if (Object.keys(currencies).length !== names.length) throw malformed('$.currencies', currencies)
  const isPair = (value: unknown) =>
    Array.isArray(value) &&
    value.length === 2 &&
    value.every((part) => Number.isSafeInteger(part) && !Object.is(part, -0))
  for (const name of names) {
    const path = '$.currencies'
    const sums: unknown = Object.hasOwn(currencies, name) ? currencies[name] : undefined
    if (!isRecord(sums)) throw malformed(path, sums)
    for (const key of ['total', 'lapsed', 'cost', 'costed']) {
      if (!Number.isSafeInteger(sums[key]) || Object.is(sums[key], -0))
        throw malformed(`${path}.${key}`, sums[key])
    }
    const { cells, horizons: ends, total } = sums
    if (!isRecord(cells)) throw malformed(`${path}.cells`, cells)
    if (!Array.isArray(ends) || ends.length !== horizons || !ends.every(isPair))
      throw malformed(`${path}.horizons`, ends)
    let sum = 0
    for (const [months, pair] of Object.entries(cells)) {
      if (!/^-?\d{1,6}\/(-?\d{1,6})?$/.test(months) || !isPair(pair)) throw malformed(`${path}.cells`, pair)
      const [spendable, pending] = pair as [number, number]
      sum = plus(sum, plus(spendable, pending, `${path}.cells`), `${path}.cells`)
    }
    if (sum !== total) throw malformed(`${path}.total`, total)
  }
}

/** What is no partial of this. */
export const malformed = (path: string, value: unknown) =>
  fault('malformed-state', path, value, 'sums that were collected')

/** The sums of both, which stay as they are. */
export function joined(a: Sums, b: Sums): Sums {
  const cells: Sums['cells'] = { ...a.cells }
  for (const [months, [spendable, pending]] of Object.entries(b.cells)) {
    const [own, waiting] = cells[months] ?? [0, 0]
    const sum: [number, number] = [plus(own, spendable, '$.cells'), plus(waiting, pending, '$.cells')]
    if (sum[0] === 0 && sum[1] === 0) delete cells[months]
    else cells[months] = sum
  }
  return {
    cells,
    horizons: a.horizons.map(([spendable, pending], i) => [
      plus(spendable, b.horizons[i]![0], '$.horizons'),
      plus(pending, b.horizons[i]![1], '$.horizons'),
    ]),
    total: plus(a.total, b.total, '$.total'),
    lapsed: plus(a.lapsed, b.lapsed, '$.lapsed'),
    cost: plus(a.cost, b.cost, '$.cost'),
    costed: plus(a.costed, b.costed, '$.costed'),
  }
}

/** In the order of months, so that what follows is the same however lots came. */
export function cellsOf({ cells }: Sums): readonly LiabilityCell[] {
  return Object.entries(cells)
    .map(([months, [spendable, pending]]): LiabilityCell => {
      const [earned = '', expires = ''] = months.split('/')
      const month = expires === '' ? null : Number(expires)
      return {
        earned: Number(earned),
        expires: month,
        spendable: notBelow(spendable),
        pending: notBelow(pending),
      }
    })
    .sort((a, b) => a.earned - b.earned || compare(a.expires ?? Infinity, b.expires ?? Infinity))
}

/** Two of them may be infinite. */
const compare = (a: number, b: number) => (a < b ? -1 : a > b ? 1 : 0)

/** A sum of which no more was taken out than put in. */
export function notBelow(sum: number): number {
  if (sum < 0) throw fault('out-of-range', '$.currencies', sum, 'lots that were added')
  return sum
}
