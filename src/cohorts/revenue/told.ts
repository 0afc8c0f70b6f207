import { fault } from '../../kernel/errors.js'
import { type AnyEvent, type Instant, isInstant } from '../../kernel/index.js'
import { checkInstant } from '../../kernel/instant.js'
import { isRecord, own } from '../../kernel/plain.js'

/** What one event told, as a partial remembers it. */
export interface Told {
  readonly at: Instant
  /** When it became known. */
  readonly known: Instant
  readonly id: string
  /** What it says; amounts in smallest units. */
  readonly says: readonly (number | string)[]
  /** How often it was added, less how often it was retracted; never 0. Above 0 it holds, once. */
  readonly times: number
}

/**
 * All that was told, by subject, in one order: when it was true, when it became known, id, content. A sum of counts, so
 * that partials merge in any tree, a repetition has no second effect, and retracting is adding the other way round.
 */
export type ToldBySubject = Record<string, Told[]>

/** Adds one event, or takes it out again. */
export function tell(
  subjects: ToldBySubject,
  event: AnyEvent,
  says: readonly (number | string)[],
  times: 1 | -1,
): void {
  const { subject, occurredAt: at, recordedAt: known = at, id } = event
  if (typeof subject !== 'string') throw fault('wrong-type', '$.subject', subject, 'text')
  if (typeof id !== 'string') throw fault('wrong-type', '$.id', id, 'text')
  checkInstant(at, '$.occurredAt')
  checkInstant(known, '$.recordedAt')
  const one: Told = { at, known, id, says, times }
  if (!Object.hasOwn(subjects, subject)) {
    give(subjects, subject, [one])
    return
  }
  const list = own(subjects, subject)
  if (!Array.isArray(list) || list.length === 0) throw malformed(list)
  put(list, one)
  if (list.length === 0) delete subjects[subject]
}

/** What both tell; they stay as they are. */
export function joinedTold(a: ToldBySubject, b: ToldBySubject): ToldBySubject {
  const joined: ToldBySubject = {}
  for (const [subject, list] of Object.entries(a)) give(joined, subject, list.slice())
  for (const [subject, more] of Object.entries(b)) {
    const list = own(joined, subject)
    if (list === undefined) give(joined, subject, more.slice())
    else {
      for (const one of more) put(list, one)
      if (list.length === 0) delete joined[subject]
    }
  }
  return joined
}

/** Refuses what was not collected: a partial may have been stored, or come from elsewhere. */
export function checkTold(
  subjects: ToldBySubject,
  fits: (says: readonly (number | string)[]) => boolean,
): void {
  for (const list of Object.values(subjects)) {
    if (!Array.isArray(list) || list.length === 0) throw malformed(list)
    let before: Told | undefined
    for (const one of list as readonly Told[]) {
      if (!isTold(one) || !fits(one.says)) throw malformed(one)
      if (before !== undefined && compare(before, one) >= 0) throw malformed(one)
      before = one
    }
  }
}

/** What holds as of an instant, in order; of one that was told twice, as it first became known. */
export function standing(list: readonly Told[], asOf: Instant): readonly Told[] {
  const kept: Told[] = []
  for (const one of list) {
    if (one.at > asOf) break
    if (one.times > 0 && !repeats(kept, one)) kept.push(one)
  }
  return kept
}

/** Whether the same was told before, and became known earlier. */
function repeats(kept: readonly Told[], one: Told): boolean {
  for (let i = kept.length - 1; i >= 0 && kept[i]!.at === one.at; i -= 1) {
    if (kept[i]!.id === one.id && compareSays(kept[i]!.says, one.says) === 0) return true
  }
  return false
}

function put(list: Told[], one: Told): void {
  let low = 0
  let high = list.length
  // Events mostly arrive in order, where the end is the place.
  if (high > 0 && compare(checked(list[high - 1]), one) < 0) low = high
  while (low < high) {
    const middle = (low + high) >> 1
    if (compare(checked(list[middle]), one) < 0) low = middle + 1
    else high = middle
  }
  const found = list[low]
  if (found === undefined || compare(found, one) !== 0) {
    list.splice(low, 0, one)
    return
  }
  const times = found.times + one.times
  if (!Number.isSafeInteger(times)) throw malformed(found)
  // Replaced, not changed: other partials may hold the same.
  if (times === 0) list.splice(low, 1)
  else list[low] = { ...found, times }
}

function compare(a: Told, b: Told): number {
  if (a.at !== b.at) return a.at - b.at
  if (a.known !== b.known) return a.known - b.known
  if (a.id !== b.id) return a.id < b.id ? -1 : 1
  return compareSays(a.says, b.says)
}

function compareSays(a: Told['says'], b: Told['says']): number {
  const length = Math.min(a.length, b.length)
  for (let i = 0; i < length; i += 1) {
    const [x, y] = [a[i]!, b[i]!]
    if (x !== y) return typeof x === typeof y ? (x < y ? -1 : 1) : typeof x === 'number' ? -1 : 1
  }
  return a.length - b.length
}

function checked(value: unknown): Told {
  if (!isTold(value)) throw malformed(value)
  return value
}

function isTold(value: unknown): value is Told {
  if (!isRecord(value)) return false
  const { at, known, id, says, times } = value
  return (
    isInstant(at) &&
    isInstant(known) &&
    typeof id === 'string' &&
    Array.isArray(says) &&
    says.every((part) => typeof part === 'string' || isWhole(part)) &&
    isWhole(times) &&
    times !== 0
  )
}

/** Sets an own property under any name: an assignment to `__proto__` would set the prototype. */
function give(subjects: ToldBySubject, subject: string, list: Told[]): void {
  if (subject !== '__proto__') subjects[subject] = list
  else {
    const property = { value: list, enumerable: true, writable: true, configurable: true }
    Object.defineProperty(subjects, subject, property)
  }
}

const malformed = (value: unknown) =>
  fault('malformed-state', '$.subjects', value, 'what was collected, in order')

/** JSON knows no negative zero. */
const isWhole = (value: unknown): boolean => Number.isSafeInteger(value) && !Object.is(value, -0)
