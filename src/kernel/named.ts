import { checkDate } from './business.js'
import { checkList, checkRecord, fault } from './errors.js'

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
  checkRecord(definition, root)
  const known = compiled.get(definition)
  if (known !== undefined) return known
  const found = new Map<string, readonly DayRange[]>()
  for (const [name, spans] of Object.entries(definition)) {
    checkList(spans, `${root}.${name}`)
    let ended = Number.NEGATIVE_INFINITY
    const ranges = spans.map((span, i): DayRange => {
      const path = `${root}.${name}[${i}]`
      checkRecord(span, path)
      const from = checkDate(span.from, `${path}.from`)
      const to = checkDate(span.to, `${path}.to`)
      if (from < ended)
        throw fault('out-of-range', `${path}.from`, span.from, 'ranges in order, none over another')
      if (to <= from) throw fault('out-of-range', `${path}.to`, span.to, 'a later date than from')
      ended = to
      return [from, to]
    })
    found.set(name, ranges)
  }
  compiled.set(definition, found)
  return found
}
