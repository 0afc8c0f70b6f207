import { checkKeys, checkList, checkName, checkRecord, fault } from '../../kernel/errors.js'
import { allocateUnits } from '../../kernel/index.js'
import { unitsOf } from '../../kernel/money.js'
import { isRecord, own } from '../../kernel/plain.js'
import type { Ratio } from '../../kernel/rational.js'
import { readMoney } from './plan-money.js'
import { type Names, yearOf } from './plan-names.js'
import { MOST_PEOPLE, readPeople } from './plan-people.js'
import { portionOf, readShare } from './share.js'

/** A flow in one year; -1 is outside the stages. */
export interface ReadMove {
  readonly from: number
  readonly to: number
  readonly share?: Ratio
  readonly count: number
  /** Of one person, in units of 10^-8; undefined where none is said. */
  readonly cost: bigint | undefined
}

/** Moves by year, in the order of the definition. */
export function readMoves(
  value: unknown,
  { stages, years }: Names,
  currency: string,
): readonly (readonly ReadMove[])[] {
  checkList(value, '$.flows')
  if (value.length > MOST_FLOWS) throw fault('too-large', '$.flows', value, `at most ${MOST_FLOWS}`)
  const moves: ReadMove[][] = years.map(() => [])
  const seen = new Set<string>()
  for (const [i, flow] of value.entries()) {
    const path = `$.flows[${i}]`
    checkRecord(flow, path)
    const { from, to, share, count, cost } = flow as { readonly [key: string]: unknown }
    checkKeys(flow as object, ['from', 'to', 'share', 'count', 'cost'], path)
    for (const [key, end] of [
      ['from', from],
      ['to', to],
    ] as const)
      if (end !== null) checkName(stages, end, `${path}.${key}`)
    if (from === to) throw fault('out-of-range', `${path}.to`, to, 'another stage: who is in no flow stays')
    const ends = { from: stages.indexOf(from as string), to: stages.indexOf(to as string) }
    const key = `${ends.from} ${ends.to}`
    if (seen.has(key)) throw fault('duplicate-name', path, flow, 'one flow from a stage to another')
    seen.add(key)
    if ((share === undefined) === (count === undefined))
      throw fault('missing', path, flow, 'one of share and count')
    if (from === null && share !== undefined)
      throw fault('wrong-type', `${path}.share`, share, 'a count: people who arrive are no share of a stage')
    const amount = count === undefined ? share : count
    const amountPath = `${path}.${count === undefined ? 'share' : 'count'}`
    const amounts = eachYear(amount, years, amountPath, () => false)
    const costs = eachYear(cost, years, `${path}.cost`, (given) => Object.hasOwn(given, 'amount'))
    for (const year of years.keys()) {
      const [given, paid] = [amounts[year], costs[year]]
      if (given === undefined) continue
      const price = paid && unitsOf(readMoney(paid.value, currency, 8, paid.path), paid.path)
      const read =
        count === undefined
          ? { share: readShare(given.value, given.path), count: 0 }
          : { count: readPeople(given.value, given.path) }
      moves[year]!.push({ ...ends, ...read, cost: price })
    }
  }
  for (const [year, some] of moves.entries()) checkLeaving(some, stages, years[year]!)
  checkArrivals(moves, '$.flows')
  return moves
}

/** More than everybody cannot leave a stage. */
function checkLeaving(moves: readonly ReadMove[], stages: readonly string[], year: number): void {
  for (const [stage, name] of stages.entries()) {
    const leaving = moves.flatMap(({ from, share }) => (from === stage && share ? [portionOf(share)] : []))
    if (leaving.length === 0) continue
    try {
      allocateUnits(1n, [...leaving, 'remaining'])
    } catch {
      const expected = `shares that leave "${name}" in ${year} and make 100 % at most, in 48 digits`
      throw fault('out-of-range', '$.flows', leaving.join(' + '), expected)
    }
  }
}

/** Refuses arrivals that nobody could count on. */
export function checkArrivals(moves: readonly (readonly ReadMove[])[], path: string): void {
  let total = 0
  for (const some of moves) for (const { from, count } of some) if (from < 0) total += count
  if (total > MOST_PEOPLE)
    throw fault('too-large', path, total, 'a million million people who arrive at most')
}

/** A value for every year, or one by year, each with its path. */
function eachYear(
  value: unknown,
  years: readonly number[],
  path: string,
  isOne: (value: object) => boolean,
): readonly ({ readonly value: unknown; readonly path: string } | undefined)[] {
  if (!isRecord(value) || isOne(value))
    return years.map(() => (value === undefined ? undefined : { value, path }))
  for (const key of Object.keys(value)) yearOf(key, years, `${path}.${key}`)
  return years.map((year) => {
    const given = own(value, String(year))
    return given === undefined ? undefined : { value: given, path: `${path}.${year}` }
  })
}

const MOST_FLOWS = 1000
