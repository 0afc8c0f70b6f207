import { checkDate } from './business.js'
import { fault } from './errors.js'
import { isRecord } from './plain.js'

/** Dates of a campaign, `YYYY-MM-DD`: from the first, up to but without the last. */
export interface NamedDays {
  readonly from: string
  readonly to: string
}

/** Campaign days by name; each may come again, later. */
export type NamedDefinition = { readonly [name: string]: readonly NamedDays[] }

/** Day numbers `[from, to)`, ascending. */
export type DayRange = readonly [from: number, to: number]

const compiled = new WeakMap<NamedDefinition, ReadonlyMap<string, readonly DayRange[]>>()

/**
 * The named days of a definition, read once.
 *
 * @throws DefinitionError with a path in `$.calendar.named`.
 */
export function namedDaysOf(definition: NamedDefinition): ReadonlyMap<string, readonly DayRange[]> {
  const root = '$.calendar.named'
  if (!isRecord(definition)) throw fault('wrong-type', root, definition, '{ name: [{ from, to }] }')
  const known = compiled.get(definition)
  if (known !== undefined) return known
  const found = new Map<string, readonly DayRange[]>()
  for (const [name, spans] of Object.entries(definition)) {
    const path = `${root}.${name}`
    if (!Array.isArray(spans)) throw fault('wrong-type', path, spans, 'a list of { from, to }')
    const ranges: DayRange[] = []
    for (const [i, span] of spans.entries()) {
      if (!isRecord(span)) throw fault('wrong-type', `${path}[${i}]`, span, '{ from, to }')
      const from = checkDate(span['from'], `${path}[${i}].from`)
      const to = checkDate(span['to'], `${path}[${i}].to`)
      if (to <= from) throw fault('out-of-range', `${path}[${i}].to`, span['to'], 'a later date than from')
      if (from < (ranges.at(-1)?.[1] ?? from))
        throw fault('out-of-range', `${path}[${i}].from`, span['from'], 'ranges in order, none over another')
      ranges.push([from, to])
    }
    found.set(name, ranges)
  }
  compiled.set(definition, found)
  return found
}
