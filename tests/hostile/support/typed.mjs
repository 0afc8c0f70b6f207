// What counts as a typed answer, and how refusals are said.
import { benefitsOf } from './benefits.mjs'
import { stockDefinition } from './ledger.mjs'
import { programOf } from './program.mjs'

const codes = [
  ...[
    'unknown-name',
    'duplicate-name',
    'wrong-type',
    'out-of-range',
    'missing',
    'unknown-key',
    'invalid-instant',
  ],
  ...['invalid-zone', 'invalid-duration', 'invalid-amount', 'currency-mismatch', 'too-deep', 'too-large'],
  ...[
    'not-plain-data',
    'never-settles',
    'as-of-before-state',
    'other-definition',
    'newer-format',
    'malformed-state',
  ],
]

/** @param {typeof import('liuliang')} library */
export function typedBy(library) {
  const { program } = programOf(library)
  const { wallet, benefits } = benefitsOf(library)
  const gift = library.stockFrom(stockDefinition)
  const known = [program, gift, wallet, benefits].map(({ vocabulary }) => vocabulary)
  const speaker = { vocabulary: library.joinVocabularies(...known) }
  return {
    isTyped: (error) =>
      error instanceof library.SumOutOfRange ||
      (error instanceof library.DefinitionError &&
        codes.includes(error.code) &&
        typeof error.path === 'string'),
    say: (refusal) => ['en', 'zh'].map((lang) => library.explain(speaker, refusal, lang)),
  }
}
