import { checkName, fault } from '../../kernel/errors.js'
import { type Field, type Fields, numberOf, SumOutOfRange } from '../../kernel/index.js'

/**
 * What a rate is applied to. `of` alone is gross; `less` takes other fields of the same kind and currency off it:
 * discounts, taxes, what was paid with points. Never below zero.
 */
export interface Base<F extends string = string> {
  readonly of: F
  readonly less?: readonly F[]
}

/** Fields that can be added up: amounts of money and counts. */
export const AMOUNTS = ['money', 'integer'] as const

/** Names of the fields of these kinds. */
export const fieldsOf = (fields: Fields, kinds: readonly Field['type'][]): readonly string[] =>
  Object.keys(fields).filter((name) => kinds.includes(fields[name]!.type))

/** What a type cannot know of a base. */
export function checkBase(
  fields: Fields,
  { of, less }: { readonly of?: string; readonly less?: readonly string[] },
  path: string,
): void {
  if (of !== undefined) checkName(fieldsOf(fields, AMOUNTS), of, `${path}.of`)
  if (less === undefined) return
  if (of === undefined) throw fault('missing', `${path}.of`, undefined, 'the field that less is taken off')
  if (!Array.isArray(less)) throw fault('wrong-type', `${path}.less`, less, 'a list of fields')
  for (const [i, name] of less.entries()) {
    checkName(fieldsOf(fields, AMOUNTS), name, `${path}.less[${i}]`)
    if (!sameUnit(fields[of], fields[name]!))
      throw fault('currency-mismatch', `${path}.less[${i}]`, name, `a field in the unit of ${of}`)
    if (name === of || less.indexOf(name) !== i)
      throw fault('duplicate-name', `${path}.less[${i}]`, name, 'each field once')
  }
}

/** Whether shares of one field can be told by the other: an amount by an amount of its currency, a count by a count. */
export const sameUnit = (one: Field | undefined, other: Field): boolean =>
  one !== undefined &&
  one.type === other.type &&
  (one.type !== 'money' || one.currency === (other as typeof one).currency)

/** Reads a base, in the units that facts count with; 0 where nothing is left, or the field is left out. */
export function compileBase(fields: Fields, { of, less = [] }: Base): (data: object) => number {
  const field = fields[of]!
  return (data) => {
    const values = data as Readonly<Record<string, unknown>>
    let base = numberOf(field, values[of]) ?? 0
    for (const name of less) base -= numberOf(fields[name]!, values[name]) ?? 0
    if (!Number.isSafeInteger(base)) throw new SumOutOfRange(`base of ${of}`)
    return Math.max(0, base)
  }
}
