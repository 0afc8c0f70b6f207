import type { CalendarDefinition } from './calendar.js'
import type { CatalogueWords } from './catalogue.js'
import type { Sentence } from './errors.js'
import type { FactKinds } from './fact.js'
import type { EventSpecs } from './field.js'

/** How something is said: sentences of codes, words of events and fields, the zone of dates. Engines carry theirs. */
export interface Vocabulary {
  /** By code; `{name}` is filled from what travels with the code, `{name:instant}` and the like say as what. */
  readonly sentences: { readonly [code: string]: Sentence }
  /** By identifier: events, `event.field`, stages. */
  readonly words: CatalogueWords
  readonly events: EventSpecs
  /** The kinds of facts that conditions may read. */
  readonly kinds?: FactKinds
  /** In which dates are shown; UTC without one. */
  readonly calendar?: CalendarDefinition
}

/** Several vocabularies as one; words of later ones win, the calendar is the first one's. */
export function joinVocabularies(...all: readonly Vocabulary[]): Vocabulary {
  const calendar = all.find((one) => one.calendar !== undefined)?.calendar
  return {
    sentences: Object.assign({}, ...all.map(({ sentences }) => sentences)) as Vocabulary['sentences'],
    words: {
      en: Object.assign({}, ...all.map(({ words }) => words.en ?? {})) as Record<string, string>,
      zh: Object.assign({}, ...all.map(({ words }) => words.zh ?? {})) as Record<string, string>,
    },
    events: Object.assign({}, ...all.map(({ events }) => events)) as EventSpecs,
    kinds: Object.assign({}, ...all.map(({ kinds }) => kinds)) as FactKinds,
    ...(calendar && { calendar }),
  }
}

/** How an engine speaks by itself. */
type OwnWords = Pick<Vocabulary, 'sentences' | 'words' | 'events' | 'calendar'>

/**
 * The vocabulary of an engine: its own, then the words of the catalogue that it hears, then those that its definition gives
 * to rules and names; later ones win.
 */
export function engineVocabulary(
  own: OwnWords,
  { events, words, kinds }: Pick<Vocabulary, 'events' | 'words' | 'kinds'>,
  said: Vocabulary['words'] = {},
): Vocabulary {
  const heard = { sentences: {}, words, events, ...(kinds && { kinds }) }
  return joinVocabularies(own, heard, { sentences: {}, words: said, events })
}
