import { fault, type Lang, type Sentence } from '../../kernel/errors.js'
import { isRecord } from '../../kernel/plain.js'
import { said } from './chart.js'
import { countAt, listAt } from './charted.js'

/**
 * What a cell counts, as a line under the title; none of `on`, which readers take for granted, or where nobody says.
 * A curve of "then or later" never rises and lies far above one of "then": nobody should take one for the other.
 */
export function measureNote(measure: unknown, lang: Lang): readonly string[] {
  if (measure === undefined || measure === 'on') return []
  if (isRecord(measure)) {
    if ('atLeast' in measure)
      return [said(words.atLeast, lang, { k: countAt(measure['atLeast'], '$.measure.atLeast') })]
    listAt(measure['brackets'], '$.measure.brackets')
    return [words[measure['each'] === 'on-or-after' ? 'bracketOrLater' : 'bracket'][lang]]
  }
  if (measure === 'on-or-after' || measure === 'on-or-before' || measure === 'consecutive')
    return [words[measure][lang]]
  throw fault('wrong-type', '$.measure', measure, 'a measure of retention')
}

const words = {
  'on-or-after': { en: 'Retained: active at that offset or later.', zh: '留存：在该偏移或之后活跃。' },
  'on-or-before': {
    en: 'Retained: active at any offset from 1 to that one.',
    zh: '留存：从偏移 1 到该偏移，至少一处活跃。',
  },
  consecutive: {
    en: 'Retained: active at every offset from 1 to that one.',
    zh: '留存：从偏移 1 到该偏移，处处活跃。',
  },
  atLeast: {
    en: 'Retained: active at {k} or more offsets from 1 to that one.',
    zh: '留存：从偏移 1 到该偏移，至少 {k} 处活跃。',
  },
  bracket: { en: 'Retained: active within the bracket.', zh: '留存：在该区段内活跃。' },
  bracketOrLater: { en: 'Retained: active in the bracket or later.', zh: '留存：在该区段或之后活跃。' },
} as const satisfies Readonly<Record<string, Sentence>>
