import { fault, type Sentence } from '../../kernel/errors.js'
import { countAt, distinctNames, listAt, recordAt, textAt } from './charted.js'

/** Words of the reader's own for stages; a stage without one is called by its name, a word for no stage is refused. */
export type StageWords = { readonly [stage: string]: string }

/** Names of stages, one or more, each once. */
export function stagesAt(value: unknown, path: string): readonly string[] {
  const stages = listAt(value, path).map((stage, i) => textAt(stage, `${path}[${i}]`))
  if (stages.length === 0) throw fault('missing', path, value, 'one stage or more')
  if (stages.length > 60) throw fault('too-large', path, stages.length, 'at most 60 stages')
  distinctNames(stages, (i) => `${path}[${i}]`)
  return stages
}

/** A count for each stage; their sum is a safe integer. */
export function countsAt(value: unknown, path: string, size: number): readonly number[] {
  const counts = listAt(value, path).map((count, i) => countAt(count, `${path}[${i}]`))
  if (counts.length !== size)
    throw fault('out-of-range', path, counts.length, `${size} counts, one for each stage`)
  return counts
}

/** How many moved from each stage to each. */
export function movesAt(value: unknown, path: string, size: number): readonly (readonly number[])[] {
  const rows = listAt(value, path)
  if (rows.length !== size) throw fault('out-of-range', path, rows.length, `${size} rows, one for each stage`)
  const moves = rows.map((row, i) => countsAt(row, `${path}[${i}]`, size))
  if (!Number.isSafeInteger(moves.flat().reduce((sum, count) => sum + count, 0)))
    throw fault('too-large', path, undefined, 'counts whose sum is below 2^53')
  return moves
}

/** Stages as the reader calls them; two of one word would be drawn as one. */
export function wordsOf(stages: readonly string[], words: StageWords | undefined): readonly string[] {
  if (words === undefined) return stages
  const given = recordAt(words, '$.options.words')
  // Names of stages come with the data, so they are not listed.
  for (const name of Object.keys(given))
    if (!stages.includes(name))
      throw fault('unknown-name', `$.options.words.${name}`, name, 'the name of a stage of this chart')
  const said = stages.map((stage) =>
    Object.hasOwn(given, stage) ? textAt(given[stage], `$.options.words.${stage}`) : stage,
  )
  distinctNames(said, (i) => `$.options.words.${stages[i]}`)
  return said
}

/** Words of both charts of stages. */
export const stageWords = {
  stage: { en: 'stage', zh: '阶段' },
  share: { en: 'of all', zh: '占全部' },
} as const satisfies Readonly<Record<string, Sentence>>
