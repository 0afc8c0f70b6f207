// Rules as words: every condition is printed and read back as the same data, in both tongues, whatever words a
// catalogue has.
import fc from 'fast-check'
import { type Condition, canonical, type Lang, parseCondition, printCondition } from 'liuliang'
import { describe, expect, test } from 'vitest'
import { runs } from '../support/size.js'
import { anyCatalogue, anyComparison, anyCondition, catalogue, kinds } from './support/any-condition.js'

const langs: readonly Lang[] = ['zh', 'en']

function expectReadBack(speaker: typeof catalogue, condition: Condition): void {
  for (const lang of langs) {
    const said = printCondition(speaker, condition, lang)
    const read = parseCondition(speaker, said, lang)
    if (!('condition' in read) || canonical(read.condition) !== canonical(condition))
      expect({ said, read }).toEqual({ said, read: { condition } })
  }
}

describe('what is printed is read back', () => {
  test.each(kinds)('%s, with all that it can say', (kind) => {
    fc.assert(
      fc.property(anyComparison(kind), (condition) => expectReadBack(catalogue, condition)),
      { numRuns: runs(60, 5000) },
    )
  })

  test('joined in all ways', () => {
    fc.assert(
      fc.property(anyCondition, (condition) => expectReadBack(catalogue, condition)),
      { numRuns: runs(150, 20_000) },
    )
  })

  test('in words that look like parts of sentences', () => {
    fc.assert(
      fc.property(anyCatalogue, anyCondition, (speaker, condition) => expectReadBack(speaker, condition)),
      { numRuns: runs(250, 20_000) },
    )
  })
})
