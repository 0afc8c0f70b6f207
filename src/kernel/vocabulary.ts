import type { CatalogueWords } from './catalogue.js'
import type { Sentence } from './errors.js'

/** How something is said: sentences of codes, and words for events and fields. Engines carry theirs. */
export interface Vocabulary {
  /** By code; `{name}` is filled from what travels with the code. */
  readonly sentences: { readonly [code: string]: Sentence }
  /** By identifier: events, `event.field`, stages. */
  readonly words: CatalogueWords
}

/** Several vocabularies as one; later ones win. */
export function joinVocabularies(...all: readonly Vocabulary[]): Vocabulary {
  return {
    sentences: Object.assign({}, ...all.map(({ sentences }) => sentences)) as Vocabulary['sentences'],
    words: {
      en: Object.assign({}, ...all.map(({ words }) => words.en ?? {})) as Record<string, string>,
      zh: Object.assign({}, ...all.map(({ words }) => words.zh ?? {})) as Record<string, string>,
    },
  }
}
