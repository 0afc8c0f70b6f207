import { checkKeys, checkRecord, DefinitionError, fault } from '../../kernel/errors.js'
import { allocate, type Money, minorDigits, toMoney } from '../../kernel/index.js'
import { isRecord, own } from '../../kernel/plain.js'
import type { StagePlanDefinition } from './definition.js'
import { checkNames, checkText, type Names, yearOf } from './plan-names.js'

/** What one line gives to one stage in one year; -1 where it is for no stage alone. */
export interface ReadCell {
  readonly year: number
  readonly line: string
  readonly stage: number
  readonly owner: string
  readonly money: Money
}

/** The money of all years, split into lines and stages. */
export function readBudget(
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

const MOST_CELLS = 20_000
