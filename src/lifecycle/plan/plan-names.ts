import { checkKeys, checkList, checkName, checkRecord, fault } from '../../kernel/errors.js'

/** What a plan names: everything in it is one of these. */
export interface Names {
  readonly stages: readonly string[]
  readonly lines: readonly string[]
  readonly years: readonly number[]
}

/** Names of stages or lines: one or more, each once. */
export function readNames(value: unknown, path: string): readonly string[] {
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

/** Years one after the other. */
export function readYears(value: unknown): readonly number[] {
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

/** Refuses what is no short text. */
export function checkText(value: unknown, path: string): asserts value is string {
  if (typeof value !== 'string' || value.length === 0 || value.length > 200)
    throw fault('wrong-type', path, value, 'text of 1 to 200 characters')
}

/** Refuses words of what the plan does not name. */
export function checkWords(words: unknown, names: readonly string[]): void {
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

/** Refuses a record by other names than these. */
export function checkNames(value: unknown, names: readonly string[], path: string): void {
  checkRecord(value, path)
  for (const name of Object.keys(value as object)) checkName(names, name, `${path}.${name}`)
}

/** The place of a year that stands as a key. */
export function yearOf(key: string, years: readonly number[], path: string): number {
  const year = years.findIndex((one) => String(one) === key)
  if (year < 0) throw fault('unknown-name', path, key, years.join(' | '))
  return year
}

/** Of stages, of lines, of guards of a goal. */
export const MOST_NAMES = 100

const MOST_YEARS = 30
