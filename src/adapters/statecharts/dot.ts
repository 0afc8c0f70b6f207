import { type DiagramOptions, diagramOf } from './diagram-edges.js'
import type { ExportedLifecycle } from './stated-lifecycle.js'

/**
 * A lifecycle as a directed graph in DOT, the language of Graphviz.
 *
 * One edge for each pair of stages, labelled with the words of its rules in the reader's language. A dot leads to the initial stage,
 * final stages have a double border, moves by hand (only where counts are given) are dashed. Nodes are named `s0`, `s1`, … in the order of the definition.
 *
 * @throws DefinitionError for what is no lifecycle, and for options that do not hold.
 * @see https://graphviz.org/doc/info/lang.html
 * @example
 * toDot(customer, { lang: 'zh', direction: 'down' }) // => 'digraph "customer" {\n  rankdir=TB\n…'
 */
export function toDot(lifecycle: ExportedLifecycle, options: DiagramOptions): string {
  const { id, direction, nodes, edges } = diagramOf(lifecycle, options)
  const lines = [
    `digraph ${quoted(id)} {`,
    `  rankdir=${direction === 'right' ? 'LR' : 'TB'}`,
    `  node [shape=box, style=rounded, fontname="sans-serif"]`,
    `  edge [fontname="sans-serif", fontsize=10]`,
    `  start [shape=point, width=0.15, label=""]`,
  ]
  for (const [i, { word, isFinal }] of nodes.entries())
    lines.push(`  s${i} [label=${quoted(word)}${isFinal ? ', peripheries=2' : ''}]`)
  for (const [i, { isInitial }] of nodes.entries()) if (isInitial) lines.push(`  start -> s${i}`)
  for (const { from, to, lines: words, byHand } of edges)
    lines.push(`  s${from} -> s${to} [label=${quoted(words.join('\n'))}${byHand ? ', style=dashed' : ''}]`)
  lines.push('}')
  return `${lines.join('\n')}\n`
}

/** Text of any content: Graphviz reads `&…;` as a character, and a backslash as an order about lines. */
function quoted(text: string): string {
  const said = text
    .replace(/&/g, '&amp;')
    .replace(/\\/g, '\\\\')
    .replace(/"/g, '\\"')
    .replace(/\r\n?|\n/g, '\\n')
    // What no page can show.
    .replace(/[\p{Cc}\p{Cs}]/gu, '')
  return `"${said}"`
}
