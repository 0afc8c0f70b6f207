import { fault } from '../../kernel/errors.js'
import { type Instant, isInstant, type Json } from '../../kernel/index.js'
import { isRecord } from '../../kernel/plain.js'
import type { PeriodSets } from '../period-sets.js'
import type { ActivityPartial, Collected, Instants, Keep, People } from './collected.js'
import { checkGroupValue, type GroupValue } from './group-value.js'

/** A partial as JSON, for stores that know nothing of typed arrays. */
export function partialToJson({ of, latest, all, groups, values }: ActivityPartial): Json {
  return {
    of,
    latest,
    values: [...values],
    all: collectedToJson(all),
    groups: groups.map(({ value, part }) => ({ value, part: collectedToJson(part) })),
  }
}

const collectedToJson = ({ people, entries, activity, instants }: Collected): Json => ({
  people: { names: people.names === null ? null : [...people.names], count: people.count },
  entries: setsToJson(entries),
  activity: setsToJson(activity),
  // Rows without an instant may be holes, which JSON writes as null.
  instants: instants === null ? null : Array.from({ length: people.count }, (_, row) => instants[row] ?? []),
})

const setsToJson = (sets: PeriodSets | null): Json =>
  sets === null
    ? null
    : {
        base: sets.base,
        words: sets.words,
        rows: sets.rows,
        bits: Array.from(sets.bits.subarray(0, sets.rows * sets.words)),
        repeats: sets.repeats === null ? null : [...sets.repeats].map(([key, times]) => [key, times]),
      }

/**
 * A partial from what `partialToJson` wrote.
 *
 * @throws DefinitionError `wrong-type` for anything else.
 */
export function partialFromJson(json: unknown, keep: Keep, same: boolean): ActivityPartial {
  const { of, latest, values, all, groups } = record(json, '$')
  const partial: ActivityPartial = {
    of: typeof of === 'string' ? of : refuse('$.of', of, 'text'),
    latest: latest as Instant | null,
    values: list(values, '$.values').map((value) => groupValue(value, '$.values')),
    all: collectedFrom(all, '$.all'),
    groups: list(groups, '$.groups').map((group, i) => {
      const { value, part } = record(group, `$.groups[${i}]`)
      return { value: groupValue(value, `$.groups[${i}]`), part: collectedFrom(part, `$.groups[${i}].part`) }
    }),
  }
  checkPartial(partial, keep, same)
  return partial
}

function collectedFrom(json: unknown, path: string): Collected {
  const { people, entries, activity, instants } = record(json, path)
  const { names, count } = record(people, `${path}.people`)
  return {
    people: {
      names: names === null ? null : [...(list(names, `${path}.people.names`) as string[])],
      count: count as number,
    },
    entries: setsFrom(entries, `${path}.entries`),
    activity: setsFrom(activity, `${path}.activity`),
    instants:
      instants === null
        ? null
        : list(instants, `${path}.instants`).map((own, i) => [
            ...(list(own, `${path}.instants[${i}]`) as Instants),
          ]),
  }
}

function setsFrom(json: unknown, path: string): PeriodSets | null {
  if (json === null) return null
  const { base, words, rows, bits, repeats } = record(json, path)
  const numbers = list(bits, `${path}.bits`)
  for (const [i, word] of numbers.entries()) whole(word, 0, 0xffff_ffff, `${path}.bits[${i}]`)
  const pairs = repeats === null ? null : (list(repeats, `${path}.repeats`) as (readonly [number, number])[])
  for (const [i, pair] of (pairs ?? []).entries()) {
    if (!Array.isArray(pair) || pair.length !== 2) refuse(`${path}.repeats[${i}]`, pair, 'a key and a count')
    whole(pair[0], 0, Number.MAX_SAFE_INTEGER, `${path}.repeats[${i}]`)
    whole(pair[1], 1, Number.MAX_SAFE_INTEGER, `${path}.repeats[${i}]`)
  }
  return {
    base: base as number,
    words: words as number,
    rows: rows as number,
    bits: Uint32Array.from(numbers as number[]),
    repeats: pairs === null ? null : new Map(pairs),
  }
}

/** Refuses what is no partial: it may have been stored, or come from elsewhere. */
export function checkPartial(partial: ActivityPartial, keep: Keep, same: boolean): void {
  const { latest, all, groups, values } = partial
  if (latest !== null && !isInstant(latest)) refuse('$.latest', latest, 'an instant or null')
  list(values, '$.values')
  checkCollected(all, keep, same, '$.all')
  for (const [i, group] of list(groups, '$.groups').entries()) {
    checkCollected(record(group, `$.groups[${i}]`)['part'] as Collected, keep, same, `$.groups[${i}].part`)
  }
}

function checkCollected(collected: Collected, keep: Keep, same: boolean, path: string): void {
  record(collected, path)
  const { people, entries, activity, instants } = collected
  const count = checkPeople(people, `${path}.people`)
  const bits = keep !== 'instants'
  if ((entries !== null) !== (bits && !same))
    refuse(`${path}.entries`, entries, bits && !same ? 'periods by person' : 'null')
  if ((activity !== null) !== bits) refuse(`${path}.activity`, activity, bits ? 'periods by person' : 'null')
  for (const [name, sets] of [
    ['entries', entries],
    ['activity', activity],
  ] as const) {
    if (sets !== null) checkSets(sets, count, keep === 'counts', `${path}.${name}`)
  }
  if ((instants !== null) === bits) refuse(`${path}.instants`, instants, bits ? 'null' : 'instants by person')
  if (instants === null) return
  if (list(instants, `${path}.instants`).length > count)
    refuse(`${path}.instants`, instants, `those of ${count} people`)
  for (const own of instants)
    if (own !== undefined && !areInstants(own)) refuse(`${path}.instants`, own, 'instant, mark and amount')
}

function checkPeople(people: People, path: string): number {
  record(people, path)
  const { names, count } = people
  whole(count, 0, 0xffff_ffff, `${path}.count`)
  if (names === null) return count
  if (list(names, `${path}.names`).length !== count) refuse(`${path}.names`, names, `${count} names`)
  for (const name of names) if (typeof name !== 'string') refuse(`${path}.names`, name, 'text')
  if (new Set(names).size !== count) refuse(`${path}.names`, names, 'every name once')
  return count
}

function checkSets(sets: PeriodSets, count: number, counted: boolean, path: string): void {
  record(sets, path)
  const { base, words, rows, bits, repeats } = sets
  whole(words, 0, 131_072, `${path}.words`)
  whole(rows, 0, count, `${path}.rows`)
  whole(base, -2_097_152, 2_097_152 - 32 * words, `${path}.base`)
  if (!(bits instanceof Uint32Array) || bits.length < rows * words)
    refuse(`${path}.bits`, bits, `${rows * words} words`)
  if (repeats === null ? counted : !(counted && repeats instanceof Map))
    refuse(`${path}.repeats`, repeats, counted ? 'counts by key' : 'null')
}

/** Triples of an instant, flags with the number of a value, and a whole amount. */
function areInstants(own: unknown): boolean {
  if (!Array.isArray(own) || own.length % 3 !== 0) return false
  for (let i = 0; i < own.length; i += 3) {
    const mark: unknown = own[i + 1]
    if (!isInstant(own[i]) || !Number.isSafeInteger(own[i + 2])) return false
    if (!(Number.isSafeInteger(mark) && (mark as number) > 0)) return false
  }
  return true
}

function groupValue(value: unknown, path: string): GroupValue {
  checkGroupValue(value, path)
  return value
}

function record(value: unknown, path: string): Readonly<Record<string, unknown>> {
  return isRecord(value) ? value : refuse(path, value, 'what a partial has there')
}

function list(value: unknown, path: string): readonly unknown[] {
  return Array.isArray(value) ? value : refuse(path, value, 'a list')
}

function whole(value: unknown, low: number, high: number, path: string): void {
  if (!(Number.isSafeInteger(value) && (value as number) >= low && (value as number) <= high))
    refuse(path, value, `a whole number from ${low} to ${high}`)
}

function refuse(path: string, value: unknown, expected: string): never {
  throw fault('wrong-type', path, value, expected)
}
