import { checkKeys, checkName, checkRecord, fault, unknownName } from '../../kernel/errors.js'
import type { Sentence } from '../../kernel/index.js'
import { adjustedP, type MultiplicityMethod } from '../../measures/index.js'

/** Who is compared with whom: everybody with everybody, or with one by name (a cohort, or the text of a value). */
export type ComparedAgainst = 'all-pairs' | { readonly reference: string }

/** How comparisons are asked for. */
export interface ComparisonQuestion {
  readonly against: ComparedAgainst
  /** How p-values are made larger for how many comparisons there are; no default, as all readers have to know it. */
  readonly adjust: MultiplicityMethod
}

const mostPairs = 100_000

/**
 * Places of `[a, b]` in a list of names: each later one with each earlier one, or each with the reference, in the order of the list.
 *
 * @throws DefinitionError `unknown-name` for a reference that is not in the list; `too-large` for more than 100,000 pairs.
 */
export function pairsOf(
  names: readonly string[],
  against: ComparedAgainst,
): readonly (readonly [a: number, b: number])[] {
  if (against !== 'all-pairs') {
    const reference = names.indexOf(against.reference)
    if (reference < 0) throw unknownName('$.against.reference', against.reference, names.slice(0, 20))
    return names.flatMap((_, a) => (a === reference ? [] : [[a, reference] as const]))
  }
  const count = (names.length * (names.length - 1)) / 2
  if (count > mostPairs)
    throw fault('too-large', '$.against', count, `a reference, for at most ${mostPairs} comparisons`)
  return names.flatMap((_, b) => names.slice(b + 1).map((_name, i) => [b + 1 + i, b] as const))
}

/** Refuses what is no way to compare. */
export function checkQuestion({ against, adjust }: ComparisonQuestion): void {
  if (against === undefined)
    throw fault('missing', '$.against', against, "'all-pairs', or { reference: '2024-01' }")
  if (against !== 'all-pairs') {
    if (typeof against === 'string') throw unknownName('$.against', against, ['all-pairs'])
    checkRecord(against, '$.against')
    checkKeys(against, ['reference'], '$.against')
    if (typeof against.reference !== 'string')
      throw fault('wrong-type', '$.against.reference', against.reference, 'text')
  }
  if (adjust === undefined) throw fault('missing', '$.adjust', adjust, "'holm'")
  checkName(Object.keys(adjustments), adjust, '$.adjust')
}

/** Names are how sides are told apart: the text `1` and the number 1 would be one. */
export function checkDistinct(names: readonly string[], path: string): void {
  const met = new Set<string>()
  for (const [i, name] of names.entries()) {
    if (met.has(name)) throw fault('duplicate-name', `${path}[${i}]`, name, 'a name of its own')
    met.add(name)
  }
}

/** The row of a result of which somebody asks. */
export function rowAt<Row>(rows: readonly Row[], row: number): Row {
  const found = Number.isSafeInteger(row) ? rows[row] : undefined
  if (found === undefined) throw fault('out-of-range', '$.row', row, `a row from 0, below ${rows.length}`)
  return found
}

/** Each comparison's p, made larger for how many there are; those without one are not among them. */
export function adjusted(
  ps: readonly (number | undefined)[],
  method: MultiplicityMethod,
): readonly (number | undefined)[] {
  const larger = adjustedP(
    ps.filter((p) => p !== undefined),
    { method },
  )
  let next = 0
  return ps.map((p) => (p === undefined ? undefined : larger[next++]))
}

/** The methods in words. */
const adjustments: Readonly<Record<MultiplicityMethod, Sentence>> = {
  bonferroni: { en: 'Bonferroni', zh: 'Bonferroni' },
  holm: { en: 'Holm', zh: 'Holm' },
  hochberg: { en: 'Hochberg', zh: 'Hochberg' },
  'benjamini-hochberg': { en: 'Benjamini–Hochberg', zh: 'Benjamini–Hochberg' },
  'benjamini-yekutieli': { en: 'Benjamini–Yekutieli', zh: 'Benjamini–Yekutieli' },
}

/** `p 0.012`, `p < 0.001`: the adjusted one, of how many, and by which method. */
export function adjustedWords(p: number, method: MultiplicityMethod, count: number): Sentence {
  const shown = p < 0.001 ? '< 0.001' : p.toFixed(3)
  const { en, zh } = adjustments[method]
  return count === 1
    ? { en: `p ${shown}`, zh: `p ${shown}` }
    : {
        en: `adjusted p ${shown} by ${en} among ${count} comparisons`,
        zh: `校正 p ${shown}（${zh} 法，共 ${count} 项比较）`,
      }
}
