import { fault } from '../../kernel/errors.js'
import type { Instant, Periods } from '../../kernel/index.js'
import { mostPeriods } from '../revenue/terms.js'
import { standing, type ToldBySubject } from '../revenue/told.js'
import type { Role, TenureDefinition } from './definition.js'
import type { InBand } from './means.js'

/** What one person did, by band. */
export interface Person {
  /** Complete periods since that of the entry. */
  readonly age: number
  readonly byBand: readonly InBand[]
}

/** What a person told, put into bands; of nobody who entered, nothing. */
export function personOf(
  list: ToldBySubject[string],
  given: {
    readonly roles: readonly Role[]
    readonly periods: Periods
    readonly bands: readonly number[]
    readonly present: TenureDefinition['present']
    readonly asOf: Instant
  },
): Person | undefined {
  const { roles, periods, bands, present, asOf } = given
  const told = standing(list, asOf)
  const entry = told.find(({ says }) => roles[says[0] as number]!.enters)
  if (entry === undefined) return undefined
  const entered = periods.indexOf(entry.at)
  let last = periods.latestBy(asOf)
  while (last > entered && periods.endOf(last) > asOf) last -= 1
  const age = last - entered
  if (age > mostPeriods) throw fault('too-large', '$.asOf', age, `tenures of at most ${mostPeriods} periods`)
  const active = new Set<number>()
  const brought = new Map<number, number>()
  for (const { at, says } of told) {
    const role = roles[says[0] as number]!
    const offset = periods.indexOf(at) - entered
    if (role.active) active.add(offset)
    if (role.flow === undefined) continue
    const sum = (brought.get(offset) ?? 0) + (says[1] as number)
    if (!Number.isSafeInteger(sum)) throw tooLarge(sum)
    brought.set(offset, sum)
  }
  const byBand: InBand[] = [1, ...bands].map(() => ({ periods: 0, active: 0, value: 0 }))
  let [band, lastSeen] = [0, 0]
  for (let offset = 1; offset <= age; offset += 1) {
    while (band < bands.length && offset >= bands[band]!) band += 1
    if (present === 'everybody' || offset - lastSeen <= present.within) {
      const at = byBand[band]!
      at.periods += 1
      if (active.has(offset)) at.active += 1
      at.value += brought.get(offset) ?? 0
      if (!Number.isSafeInteger(at.value)) throw tooLarge(at.value)
    }
    if (active.has(offset)) lastSeen = offset
  }
  return { age, byBand }
}

const tooLarge = (value: number) =>
  fault('too-large', '$.subjects', value, 'at most 2^53 - 1 smallest units of a person')
