import { checkList, checkName, checkRecord, fault, type Lang } from '../../kernel/errors.js'
import { nameWords, ruleWords } from './rule-words.js'
import {
  checkOptions,
  type ExportedLifecycle,
  type OwnWords,
  type StatedLifecycle,
  speakerOf,
  stated,
} from './stated-lifecycle.js'

/** How many moved from each stage to each: `moves[from][to]`, in the order of `stages`. */
export interface MoveCounts {
  readonly stages: readonly string[]
  readonly moves: readonly (readonly number[])[]
}

/** What a diagram is asked. */
export interface DiagramOptions {
  /** Of words and conditions; names without words stay as they are. */
  readonly lang: Lang
  /** Words for stages, promises, events and fields that win over those of the definition; of nothing else. */
  readonly words?: OwnWords
  /** Counts to write on the edges; moves that no rule makes are drawn as made by hand. */
  readonly counts?: MoveCounts
  /** From the left to the right unless told, or from the top to the bottom. */
  readonly direction?: 'right' | 'down'
}

/** A diagram before it is written: stages in order, and one edge for each pair of stages. */
export interface Diagram {
  readonly id: string
  readonly direction: 'right' | 'down'
  readonly nodes: readonly {
    readonly name: string
    readonly word: string
    readonly isInitial: boolean
    readonly isFinal: boolean
  }[]
  readonly edges: readonly DiagramEdge[]
}

/** All that leads from one stage to another. */
interface DiagramEdge {
  /** By place among the nodes. */
  readonly from: number
  readonly to: number
  /** A line for each rule; where counts are given, one for how many moved. */
  readonly lines: readonly string[]
  /** No rule makes it. */
  readonly byHand: boolean
}

/** Reads a lifecycle as a diagram. @throws DefinitionError for what is no lifecycle, and options that do not hold. */
export function diagramOf(lifecycle: ExportedLifecycle, options: DiagramOptions): Diagram {
  checkOptions(options, ['lang', 'words', 'counts', 'direction'])
  const { lang, words, counts, direction = 'right' } = options
  if (lang === undefined) throw fault('missing', '$.options.lang', lang, 'en | zh')
  checkName(['en', 'zh'], lang, '$.options.lang')
  checkName(['right', 'down'], direction, '$.options.direction')
  const agreed = stated(lifecycle)
  const speaker = speakerOf(lifecycle, agreed, lang, words)
  const moved = counts === undefined ? undefined : countsOf(counts, agreed)
  const edges = new Map<string, { from: number; to: number; lines: string[]; byHand: boolean }>()
  const edgeOf = (from: number, to: number) => {
    const key = `${from} ${to}`
    const edge = edges.get(key) ?? { from, to, lines: [], byHand: false }
    edges.set(key, edge)
    return edge
  }
  for (const [from, stage] of agreed.stages.entries())
    for (const found of agreed.rules.get(stage)!) {
      if (found === undefined) continue
      const { lines } = edgeOf(from, agreed.stages.indexOf(found.rule.to))
      const line = ruleWords(speaker, found.rule, lang)
      if (!lines.includes(line)) lines.push(line)
    }
  if (moved !== undefined)
    for (const from of agreed.stages.keys())
      for (const to of agreed.stages.keys()) {
        const count = moved(from, to)
        const known = edges.has(`${from} ${to}`)
        // Who stayed did not move.
        if (!known && (count === 0 || from === to)) continue
        const edge = edgeOf(from, to)
        if (!known) {
          edge.byHand = true
          edge.lines.push(byHand[lang])
        }
        if (from !== to) edge.lines.push(`× ${grouped(count)}`)
      }
  return {
    id: agreed.id,
    direction,
    nodes: agreed.stages.map((name) => ({
      name,
      word: nameWords(speaker, name, lang),
      isInitial: name === agreed.initial,
      isFinal: agreed.final.includes(name),
    })),
    edges: [...edges.values()].sort((a, b) => a.from - b.from),
  }
}

const byHand = { en: 'by hand', zh: '人工调整' } as const

const grouped = (count: number) => String(count).replace(/\B(?=(\d{3})+$)/g, ',')

/** Counts by the places of the lifecycle's stages, whatever the order in which they came. */
function countsOf(counts: MoveCounts, { stages }: StatedLifecycle): (from: number, to: number) => number {
  const at = '$.options.counts'
  checkRecord(counts, at)
  checkList(counts.stages, `${at}.stages`)
  for (const [i, stage] of counts.stages.entries()) {
    checkName(stages, stage, `${at}.stages[${i}]`)
    if (counts.stages.indexOf(stage) !== i)
      throw fault('duplicate-name', `${at}.stages[${i}]`, stage, 'each stage once')
  }
  checkList(counts.moves, `${at}.moves`)
  const size = counts.stages.length
  const square = (list: readonly unknown[], path: string) => {
    if (list.length !== size) throw fault('out-of-range', path, list.length, `${size}, one for each stage`)
  }
  square(counts.moves, `${at}.moves`)
  for (const [i, row] of counts.moves.entries()) {
    checkList(row, `${at}.moves[${i}]`)
    square(row, `${at}.moves[${i}]`)
    for (const [k, count] of row.entries())
      if (!(Number.isSafeInteger(count) && count >= 0))
        throw fault('out-of-range', `${at}.moves[${i}][${k}]`, count, 'a whole number from 0')
  }
  const places = stages.map((stage) => counts.stages.indexOf(stage))
  return (from, to) => (counts.moves[places[from]!]?.[places[to]!] ?? 0) + 0
}
