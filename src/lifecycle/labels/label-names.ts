import { fault } from '../../kernel/errors.js'
import type { Sentence } from '../../kernel/index.js'
import { isRecord } from '../../kernel/plain.js'
import { one } from '../../measures/definition-head.js'
import { checkSentence } from './standings.js'

/** How a product says the labels, for tables and translations. */
export interface LabelNames<L extends string> {
  /** Whose words these are. */
  readonly product?: Sentence
  readonly labels?: { readonly [S in L]?: Sentence }
}

/** Refuses names that are no sentences, or of no label. */
export function checkNames(names: unknown, labels: readonly string[]): void {
  if (names === undefined) return
  if (!isRecord(names)) throw fault('wrong-type', '$.names', names, '{ product, labels }')
  for (const key of Object.keys(names)) one(['product', 'labels'], key, '$.names')
  if (names['product'] !== undefined) checkSentence(names['product'], '$.names.product')
  const said = names['labels']
  if (said === undefined) return
  if (!isRecord(said)) throw fault('wrong-type', '$.names.labels', said, 'sentences by label')
  for (const [label, sentence] of Object.entries(said)) {
    one(labels, label, '$.names.labels')
    if (sentence !== undefined) checkSentence(sentence, `$.names.labels.${label}`)
  }
}
