import { checkCurrency } from '../../kernel/currency.js'
import {
  checkKeys,
  checkList,
  checkName,
  checkRecord,
  DefinitionError,
  fault,
  reading,
} from '../../kernel/errors.js'
import { allocate, allocateUnits, type Money, minorDigits, toMoney } from '../../kernel/index.js'
import { unitsOf } from '../../kernel/money.js'
import { isRecord, own } from '../../kernel/plain.js'
import type { Ratio } from '../../kernel/rational.js'
import type { PlanGoal, PlanGuard, StagePlanDefinition } from './definition.js'
import { portionOf, readShare } from './share.js'

/** A definition that holds, by place: stages, lines, years and flows are counted from 0; -1 is outside the stages. */
export interface ReadPlan {
  readonly definition: StagePlanDefinition
  readonly stages: readonly string[]
  readonly years: readonly number[]
  readonly owners: readonly string[]
  /** By year, then stage. */
  readonly goals: readonly (readonly (ReadGoal | undefined)[])[]
  /** By year, in the order of the definition. */
  readonly moves: readonly (readonly ReadMove[])[]
  readonly cells: readonly ReadCell[]
  /** Whether who moves to a later stage may move on in the same year. */
  readonly several: boolean
}

export interface ReadMove {
  readonly from: number
  readonly to: number
  readonly share?: Ratio
  readonly count: number
  /** Of one person, in units of 10^-8; undefined where none is said. */
  readonly cost: bigint | undefined
}

/** A share or a count that is to be reached from one side. */
export interface ReadBound {
  readonly atLeast: boolean
  readonly share?: Ratio
  readonly count: number
}

export interface ReadGuard extends ReadBound {
  readonly guard: PlanGuard
  readonly stage: number
}

export interface ReadGoal extends ReadBound {
  readonly goal: PlanGoal
  readonly stage: number
  readonly year: number
  /** Where a rate leads to; -1 for other goals. */
  readonly to: number
  readonly guards: readonly ReadGuard[]
}

/** What one line gives to one stage in one year; -1 where it is for no stage alone. */
export interface ReadCell {
  readonly year: number
  readonly line: string
  readonly stage: number
  readonly owner: string
  readonly money: Money
}

const KEYS: readonly string[] = [
  ...['id', 'version', 'currency', 'stages', 'years', 'lines', 'owners', 'goals', 'budget', 'rounding'],
  ...['flows', 'pace', 'words'],
]

/** Checks a definition and counts its names; for typed callers and for JSON alike. */
export function readPlan(definition: StagePlanDefinition): ReadPlan {
  checkRecord(definition, '$')
  checkKeys(definition, KEYS, '$')
  const { id, version, currency, pace, rounding, words } = definition
  if (typeof id !== 'string' || !/^[a-z][a-z0-9-]{0,199}$/.test(id))
    throw fault('wrong-type', '$.id', id, 'lower-case letters, digits and hyphens')
  if (!Number.isSafeInteger(version) || version < 1)
    throw fault('out-of-range', '$.version', version, '1 or more')
  checkCurrency(currency, '$.currency')
  if (rounding !== undefined) checkName(['largest-remainder', 'first-slot'], rounding, '$.rounding')
  checkName(['one-move-a-year', 'several-moves-a-year'], pace, '$.pace')
  const stages = readNames(definition.stages, '$.stages')
  const lines = readNames(definition.lines, '$.lines')
  const years = readYears(definition.years)
  if (words !== undefined) checkWords(words, [...stages, ...lines])
  const names = { stages, lines, years }
  const owners = readOwners(definition.owners, stages)
  return {
    definition,
    stages,
    years,
    owners,
    goals: readGoals(definition.goals, names),
    moves: readMoves(definition.flows, names, currency),
    cells: readBudget(definition, names, owners),
    several: pace === 'several-moves-a-year',
  }
}

interface Names {
  readonly stages: readonly string[]
  readonly lines: readonly string[]
  readonly years: readonly number[]
}

function readNames(value: unknown, path: string): readonly string[] {
  checkList(value, path)
  if (value.length === 0) throw fault('missing', path, value, 'one or more')
  if (value.length > MOST_NAMES) throw fault('too-large', path, value, `at most ${MOST_NAMES}`)
  const seen = new Set<string>()
  for (const [i, name] of value.entries()) {
    checkText(name, `${path}[${i}]`)
    if (seen.has(name)) throw fault('duplicate-name', `${path}[${i}]`, name, 'each once')
    seen.add(name)
  }
  return value as readonly string[]
}

function readYears(value: unknown): readonly number[] {
  checkList(value, '$.years')
  if (value.length === 0) throw fault('missing', '$.years', value, 'one year or more')
  if (value.length > MOST_YEARS) throw fault('too-large', '$.years', value, `at most ${MOST_YEARS}`)
  for (const [i, year] of value.entries()) {
    const isNext = i === 0 || year === (value[i - 1] as number) + 1
    if (!Number.isSafeInteger(year) || (year as number) < 1 || (year as number) > 9999 || !isNext)
      throw fault('out-of-range', `$.years[${i}]`, year, 'whole years from 1 to 9999, one after the other')
  }
  return value as readonly number[]
}

function checkText(value: unknown, path: string): asserts value is string {
  if (typeof value !== 'string' || value.length === 0 || value.length > 200)
    throw fault('wrong-type', path, value, 'text of 1 to 200 characters')
}

function checkWords(words: unknown, names: readonly string[]): void {
  checkRecord(words, '$.words')
  checkKeys(words as object, ['en', 'zh'], '$.words')
  for (const [lang, some] of Object.entries(words as object)) {
    if (some === undefined) continue
    checkRecord(some, `$.words.${lang}`)
    for (const [name, word] of Object.entries(some as object)) {
      checkName(names, name, `$.words.${lang}.${name}`)
      if (word !== undefined) checkText(word, `$.words.${lang}.${name}`)
    }
  }
}

function readOwners(value: unknown, stages: readonly string[]): readonly string[] {
  checkRecord(value, '$.owners')
  for (const name of Object.keys(value as object)) checkName(stages, name, `$.owners.${name}`)
  return stages.map((stage) => {
    const owner = own(value as object, stage)
    if (owner === undefined) throw fault('missing', `$.owners.${stage}`, owner, 'who answers for the stage')
    checkText(owner, `$.owners.${stage}`)
    return owner
  })
}

function readGoals(value: unknown, { stages, years }: Names): ReadPlan['goals'] {
  checkRecord(value, '$.goals')
  const goals: (ReadGoal | undefined)[][] = years.map(() => stages.map(() => undefined))
  for (const [name, some] of Object.entries(value as object)) {
    checkName(stages, name, `$.goals.${name}`)
    if (some === undefined) continue
    checkRecord(some, `$.goals.${name}`)
    const stage = stages.indexOf(name)
    for (const [key, goal] of Object.entries(some as object)) {
      const path = `$.goals.${name}.${key}`
      const year = yearOf(key, years, path)
      if (goal !== undefined) goals[year]![stage] = readGoal(goal, { stage, year }, stages, path)
    }
  }
  return goals
}

function readGoal(
  goal: unknown,
  place: { readonly stage: number; readonly year: number },
  stages: readonly string[],
  path: string,
): ReadGoal {
  checkRecord(goal, path)
  const { measure, to, guards = [] } = goal as { readonly [key: string]: unknown }
  checkName(['share', 'count', 'rate'], measure, `${path}.measure`)
  const more = measure === 'rate' ? ['to'] : []
  checkKeys(goal as object, ['measure', 'atLeast', 'atMost', 'guards', ...more], path)
  if (measure === 'rate') {
    checkName(stages, to, `${path}.to`)
    if (to === stages[place.stage]) throw fault('out-of-range', `${path}.to`, to, 'another stage')
  }
  checkList(guards, `${path}.guards`)
  if (guards.length > MOST_NAMES)
    throw fault('too-large', `${path}.guards`, guards, `at most ${MOST_NAMES} guards`)
  return {
    ...place,
    ...readBound(goal as object, measure !== 'count', path),
    goal: goal as PlanGoal,
    to: measure === 'rate' ? stages.indexOf(to as string) : -1,
    guards: guards.map((guard, i): ReadGuard => {
      const where = `${path}.guards[${i}]`
      checkRecord(guard, where)
      checkKeys(guard as object, ['stage', 'measure', 'atLeast', 'atMost'], where)
      const { stage, measure: by } = guard as { readonly [key: string]: unknown }
      checkName(stages, stage, `${where}.stage`)
      checkName(['share', 'count'], by, `${where}.measure`)
      const bound = readBound(guard as object, by === 'share', where)
      return { ...bound, guard: guard as PlanGuard, stage: stages.indexOf(stage as string) }
    }),
  }
}

function readBound(value: object, isShare: boolean, path: string): ReadBound {
  const [least, most] = [own(value, 'atLeast'), own(value, 'atMost')]
  if ((least === undefined) === (most === undefined))
    throw fault('missing', path, value, 'one of atLeast and atMost')
  const atLeast = least !== undefined
  const [bound, where] = [least ?? most, `${path}.${atLeast ? 'atLeast' : 'atMost'}`]
  if (isShare) return { atLeast, share: readShare(bound, where), count: 0 }
  return { atLeast, count: readPeople(bound, where) }
}

function readMoves(value: unknown, { stages, years }: Names, currency: string): ReadPlan['moves'] {
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
export function checkArrivals(moves: ReadPlan['moves'], path: string): void {
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

function yearOf(key: string, years: readonly number[], path: string): number {
  const year = years.findIndex((one) => String(one) === key)
  if (year < 0) throw fault('unknown-name', path, key, years.join(' | '))
  return year
}

function readBudget(
  { budget, currency, rounding }: StagePlanDefinition,
  { stages, lines, years }: Names,
  owners: readonly string[],
): readonly ReadCell[] {
  checkRecord(budget, '$.budget')
  for (const key of Object.keys(budget)) yearOf(key, years, `$.budget.${key}`)
  const cells: ReadCell[] = []
  for (const [year, name] of years.entries()) {
    const path = `$.budget.${name}`
    const given = own(budget, String(name))
    if (given === undefined) throw fault('missing', path, given, 'the money of the year, which may be 0')
    checkRecord(given, path)
    checkKeys(given, ['whole', 'lines', 'stages'], path)
    const whole = readMoney(given.whole, currency, minorDigits(currency), `${path}.whole`)
    checkNames(given.lines, lines, `${path}.lines`)
    if (given.stages !== undefined) checkNames(given.stages, stages, `${path}.stages`)
    const parts = lines.flatMap((line) => {
      const part = own(given.lines as object, line)
      return part === undefined ? [] : [{ line, part, path: `${path}.lines.${line}` }]
    })
    const read = parts.map(({ part, path: where }) => readLine(part, where))
    const portions = read.map(({ portion }) => portion)
    const amounts = split(whole, portions, rounding, `${path}.lines`)
    for (const [i, { line, path: where }] of parts.entries()) {
      const { owner, stages: falls = given.stages } = read[i]!
      if (owner !== undefined) cells.push({ year, line, stage: -1, owner, money: amounts[i]! })
      else {
        if (falls === undefined) throw fault('missing', where, parts[i]!.part, 'stages, or an owner')
        checkNames(falls, stages, `${where}.stages`)
        const slots = [...stages.keys()].filter((stage) => own(falls, stages[stage]!) !== undefined)
        const weights = slots.map((stage) => own(falls, stages[stage]!))
        const shares = split(amounts[i]!, weights, rounding, `${where}.stages`)
        for (const [slot, stage] of slots.entries())
          cells.push({ year, line, stage, owner: owners[stage]!, money: shares[slot]! })
      }
      if (cells.length > MOST_CELLS)
        throw fault('too-large', '$.budget', budget, `at most ${MOST_CELLS} parts`)
    }
  }
  return cells
}

function readLine(
  value: unknown,
  path: string,
): { readonly portion: unknown; readonly owner?: string; readonly stages?: object } {
  if (!isRecord(value)) return { portion: value }
  checkKeys(value, ['portion', 'owner', 'stages'], path)
  const { portion, owner, stages } = value
  if (owner !== undefined && stages !== undefined)
    throw fault('wrong-type', path, value, 'stages, whose owners answer for it, or an owner of its own')
  if (owner !== undefined) {
    checkText(owner, `${path}.owner`)
    return { portion, owner }
  }
  return stages === undefined ? { portion } : { portion, stages: stages as object }
}

function checkNames(value: unknown, names: readonly string[], path: string): void {
  checkRecord(value, path)
  for (const name of Object.keys(value as object)) checkName(names, name, `${path}.${name}`)
}

/** The kernel's exact split; what it refuses is said at the place in the plan. */
function split(
  whole: Money,
  portions: readonly unknown[],
  method: StagePlanDefinition['rounding'],
  path: string,
): readonly Money[] {
  try {
    return allocate(whole, portions as readonly string[], method === undefined ? {} : { method })
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error
    throw fault(error.code, path, error.value, error.expected)
  }
}

/** Money of zero or more, in the plan's currency. */
export function readMoney(value: unknown, currency: string, digits: number, path: string): Money {
  const isMoney = isRecord(value)
  if (isMoney) {
    checkKeys(value, ['amount', 'currency'], path)
    if (value['currency'] !== currency)
      throw fault('currency-mismatch', `${path}.currency`, value['currency'], currency)
  }
  const amount = isMoney ? value['amount'] : value
  const expected = `decimal text of 0 or more with at most ${digits} digits behind the point`
  if (typeof amount !== 'string' || amount.startsWith('-'))
    throw fault('invalid-amount', path, amount, expected)
  try {
    return toMoney(amount, currency, { digits })
  } catch (error) {
    if (!(error instanceof DefinitionError)) throw error
    throw fault('invalid-amount', path, amount, expected)
  }
}

/** So many people; more than a million million are a mistake. */
export function readPeople(value: unknown, path: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0 || (value as number) > MOST_PEOPLE)
    throw fault('out-of-range', path, value, 'a whole number of people, 0 or more')
  return (value as number) + 0
}

/** A plan by its definition: also of one that was stored and read again. */
export function planOf(plan: { readonly definition: unknown }): ReadPlan {
  checkRecord(plan, '$.plan')
  const { definition } = plan
  return reading('wrong-type', '$.plan', plan, 'a plan made by defineStagePlan', () =>
    readPlan(definition as StagePlanDefinition),
  )
}

/** The place of a year in the plan. */
export function yearIn({ years }: ReadPlan, year: unknown, path: string): number {
  const at = years.indexOf(year as number)
  if (at < 0) throw fault('out-of-range', path, year, years.join(' | '))
  return at
}

/** People by stage, every stage said. */
export function readCounts({ stages }: ReadPlan, value: unknown, path: string): number[] {
  checkNames(value, stages, path)
  let total = 0
  const counts = stages.map((stage) => {
    const people = own(value as object, stage)
    if (people === undefined) throw fault('missing', `${path}.${stage}`, people, 'people in the stage')
    const read = readPeople(people, `${path}.${stage}`)
    total += read
    return read
  })
  if (total > MOST_PEOPLE) throw fault('too-large', path, total, 'a million million people at most')
  return counts
}

const MOST_PEOPLE = 1_000_000_000_000
const MOST_NAMES = 100
const MOST_YEARS = 30
const MOST_FLOWS = 1000
const MOST_CELLS = 20_000
