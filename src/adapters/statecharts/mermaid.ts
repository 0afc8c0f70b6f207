import { type DiagramOptions, diagramOf } from './diagram-edges.js'
import type { ExportedLifecycle } from './stated-lifecycle.js'

/**
 * A lifecycle as a state diagram of Mermaid, which GitHub, GitLab and many wikis draw where a code block says `mermaid`.
 *
 * One edge for each pair of stages, labelled with the words of its rules in the reader's language; an arrow from the start leads to
 * the initial stage, final stages lead to the end. Stages are named `s0`, `s1`, … in the text, in the order of the definition. Letters
 * and digits of names are written as they are, everything else as a character code, so that no name reads as a part of the diagram.
 *
 * @throws DefinitionError for what is no lifecycle, and for options that do not hold.
 * @see https://mermaid.js.org/syntax/stateDiagram.html
 * @example
 * toMermaid(customer, { lang: 'en' }) // => 'stateDiagram-v2\n  direction LR\n  state "lead" as s0\n…'
 */
export function toMermaid(lifecycle: ExportedLifecycle, options: DiagramOptions): string {
  const { direction, nodes, edges } = diagramOf(lifecycle, options)
  const lines = ['stateDiagram-v2', `  direction ${direction === 'right' ? 'LR' : 'TB'}`]
  for (const [i, { word }] of nodes.entries()) lines.push(`  state "${escaped(word)}" as s${i}`)
  for (const [i, { isInitial }] of nodes.entries()) if (isInitial) lines.push(`  [*] --> s${i}`)
  for (const { from, to, lines: words } of edges)
    lines.push(`  s${from} --> s${to}: ${words.map(escaped).join('<br/>')}`)
  for (const [i, { isFinal }] of nodes.entries()) if (isFinal) lines.push(`  s${i} --> [*]`)
  return `${lines.join('\n')}\n`
}

/** What is drawn as it is written: letters, digits and what has no meaning to Mermaid. */
const PLAIN = /^[\p{L}\p{M}\p{N} ,.×≥≤≠，。、（）【】「」“”‘’：；？！·–—…]$/u

/** Text of any content: Mermaid reads `#35;` as the character of that code. */
function escaped(text: string): string {
  let said = ''
  // A character of two halves is one here.
  for (const character of text.replace(/\s+/gu, ' '))
    said += PLAIN.test(character) ? character : codeOf(character)
  return said
}

/** Control characters and lone halves have no code that a page could show. */
const codeOf = (character: string): string =>
  /[\p{Cc}\p{Cs}]/u.test(character) ? '' : `#${character.codePointAt(0)};`
