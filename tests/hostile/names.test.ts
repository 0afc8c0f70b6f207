// The table of hostile values cannot fall behind: every public function is called with a value from outside by some
// boundary, or stands below with the reason why it takes none.
import * as library from 'liuliang'
import { expect, test } from 'vitest'
import { boundariesOf } from './support/boundaries.mjs'
import { families } from './support/cases.mjs'
import { typedBy } from './support/typed.mjs'

/** Why a function takes nothing from outside. */
const reasons: Readonly<Record<string, readonly string[]>> = {
  'takes nothing': [
    ...['coverage', 'conditionJsonSchema', 'tzdataRelease', 'calendarSchema', 'conditionSchema', 'detail'],
    ...[
      'durationSchema',
      'eventsSchema',
      'factSchema',
      'flag',
      'headSchema',
      'integer',
      'moment',
      'nameSchema',
    ],
    ...['whereSchema', 'windowSchema', 'wordsSchema'],
  ],
  'part of writing a catalogue, which defineEvents checks': [
    'attributes',
    'lines',
    'benefitsEvents',
    'money',
    'promiseEvents',
    'ref',
    'stageEvents',
    'storedValueEvents',
    'text',
  ],
  'part of writing a condition, which is checked where it is taken': [
    'all',
    'any',
    'not',
    'someOf',
    'writtenCondition',
  ],
  'for who writes a model: takes code, and what the engine has checked': [
    ...['collect', 'compareEvents', 'compileCondition', 'complete', 'earlier', 'factsOf', 'firstHolding'],
    ...[
      'carriedFacts',
      'migrateState',
      'joinVocabularies',
      'kindOfFact',
      'lazily',
      'leavesOf',
      'matcherOf',
      'measureOf',
      'nextFlip',
    ],
    ...[
      'numberOf',
      'pointsEvents',
      'remembering',
      'sameFields',
      'sortedVerbs',
      'stockEvents',
      'valueOfNumber',
    ],
  ],
  'reads a state that the engine has checked': [
    'auditBook',
    'auditMoves',
    ...[
      'charging',
      'confirmingAt',
      'confirmsNextAt',
      'counted',
      'crediting',
      'expiresNextAt',
      'expiringAt',
      'expiringThrough',
      'expiriesIn',
      'partsHeld',
    ],
    ...[
      'heldIn',
      'movedFrom',
      'movedTo',
      'movesOf',
      'nextConfirmation',
      'nextExpiry',
      'nextRelease',
      'openLots',
    ],
    ...[
      'openReservations',
      'outstandingByMonth',
      'owedTo',
      'pendingIn',
      'planClawback',
      'planFrom',
      'planSpending',
    ],
    ...['post', 'putOff', 'remainingOf', 'renameBook', 'reservationIn', 'reservedIn', 'spendableIn'],
  ],
  'shows what the library answered': [
    ...['changesBetween', 'cohortRevenueRows', 'comparisonRows', 'curvePairRows', 'digestName'],
    ...['dailyStateRows', 'explainCampaign', 'explainError', 'explainWhyNot', 'growthRows'],
    ...['intervalLabelRows', 'journalRows', 'openRateRows', 'paybackRows', 'timelineRows', 'translationRows'],
    ...['retentionRows', 'revenueRetentionRows', 'stickinessRows', 'vitalityRows'],
    ...['contractSentences', 'spendSentences', 'tierProgress', 'validationRows', 'validationSentences'],
  ],
}
const excused = new Set(Object.values(reasons).flat())

const isFunction = (name: string) => {
  const value: unknown = Reflect.get(library, name)
  return typeof value === 'function' && !/^class /.test(Function.prototype.toString.call(value))
}

/** Public functions that a boundary hands one of its own cases to, wherever in the arguments it stands. */
function reached(): ReadonlySet<string> {
  const found = new Set<string>()
  let marks: readonly unknown[] = []
  const holds = (value: unknown, depth: number): boolean =>
    marks.some(
      (mark) =>
        Object.is(mark, value) ||
        (typeof mark === 'string' && typeof value === 'string' && value.includes(mark)),
    ) ||
    (depth < 9 &&
      typeof value === 'object' &&
      value !== null &&
      Object.values(value).some((part) => holds(part, depth + 1)))
  const watched = Object.fromEntries(
    Object.entries(library).map(([name, value]) => [
      name,
      isFunction(name)
        ? (...args: unknown[]) => {
            if (marks.length > 0 && !found.has(name) && args.some((arg) => holds(arg, 0))) found.add(name)
            return (value as (...given: unknown[]) => unknown)(...args)
          }
        : value,
    ]),
  )
  for (const boundary of boundariesOf({ ...watched, ...typedBy(library) } as never)) {
    const [family] = boundary.takes
    for (const one of [...families[family!]!.slice(0, 1), { value: 'a-mark-of-ours' }]) {
      // The decoded value is another one each time it is asked for.
      const { value } = one
      marks = [value]
      try {
        boundary.call(value)
      } catch {
        // What it answers is not the question here.
      }
      marks = []
    }
  }
  return found
}

test('every public function is in the table, or excused', () => {
  const names = Object.keys(library).filter(isFunction)
  const inTable = reached()
  expect(names.filter((name) => !inTable.has(name) && !excused.has(name))).toEqual([])
  expect([...excused].filter((name) => inTable.has(name))).toEqual([])
  expect([...excused].filter((name) => !names.includes(name))).toEqual([])
}, 60_000)
