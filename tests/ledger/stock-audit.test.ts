// Every invariant of a stock is named when a state breaks it, and the first event that could not have been.
import {
  type Audit,
  type AuditFinding,
  audit,
  defineStock,
  explain,
  type Journal,
  type StockState,
} from 'liuliang'
import { describe, expect, test } from 'vitest'
import { stockInvariantWords } from '../../src/ledger/stock/audit-words.js'
import { tell, teller, utc } from '../support/story.js'

const gift = defineStock({
  id: 'gift',
  version: 1,
  calendar: { zone: 'UTC' },
  unit: 'pieces',
  holdFor: { days: 20 },
  partialCommit: 'keep-rest',
  keep: { days: 40 },
  limits: [
    { limit: 'each', per: 'holder', most: 10, within: { days: 30 } },
    { limit: 'ever', per: 'all', most: 50 },
  ],
})
const event = teller('mug')
const { state, log } = tell(
  gift,
  [
    event('2024-03-01', 'gift/restock', { amount: 40, reason: 'delivery' }),
    event('2024-03-01', 'gift/withdraw', { amount: 5, reason: 'broken' }),
    event('2024-03-02', 'gift/reserve', { amount: 4, holder: 'ann' }, 'r1'),
    event('2024-03-03', 'gift/reserve', { amount: 6, holder: 'bob', until: utc('2024-03-05') }, 'r2'),
    event('2024-03-04', 'gift/commit', { reservation: 'r1', amount: 1 }),
    event('2024-03-06', 'gift/take', { amount: 3, holder: 'cid' }, 'r3'),
    event('2024-03-07', 'gift/give-back', { reservation: 'r3', amount: 1 }),
    event('2024-03-08', 'gift/reserve', { amount: 2, holder: 'dan' }, 'r4'),
    event('2024-03-09', 'gift/release', { reservation: 'r4' }),
  ] as never,
  gift.start('mug'),
)
const check = (of: unknown, from?: readonly unknown[]): Audit => audit(gift, of as never, from as never)

type Json = { [key: string]: Json }
const set = (of: Json, path: readonly (string | number)[], value: unknown) => {
  const node = path.slice(0, -1).reduce((at, key) => at[key]!, of)
  node[path[path.length - 1]!] = value as Json
}
/** The state after one change of its JSON. */
function corrupted(change: (of: Json) => void): Journal<StockState> {
  const copy = JSON.parse(JSON.stringify(state)) as { of: Json }
  change(copy.of)
  return copy as unknown as Journal<StockState>
}
const names = (findings: readonly AuditFinding[]) => findings.map(({ invariant }) => invariant)
const said = (findings: readonly AuditFinding[]) => {
  for (const one of findings) {
    expect(one.path).toMatch(/^\$/)
    for (const lang of ['en', 'zh'] as const) {
      const sentence = explain(gift, one, lang)
      expect(sentence).not.toMatch(/[{}]|undefined/)
      expect(sentence).not.toContain(lang === 'zh' ? `：${one.invariant}（` : `: ${one.invariant} (`)
    }
  }
}
/** In the order of their names: `r1` open, with 3 left of 4; `r2` lapsed; `r3` used, 2 of 3; `r4` released. */
const reservation = (i: number, key: string) => ['reservations', 'items', i, key] as const

test('finds nothing where nothing is wrong, with the log and without', () => {
  expect(check(state)).toEqual({ findings: [] })
  expect(check(state, log)).toEqual({ findings: [] })
  expect(check(gift.start('mug'))).toEqual({ findings: [] })
  expect(gift.view(state, state.at!)).toMatchObject({ available: 29, reserved: 3, committed: 3 })
})

const seen = new Set<string>()

describe('names what a corrupted state breaks', () => {
  test.each<[string, (of: Json) => void, string]>([
    ['less than nothing came in', (of) => set(of, ['restocked'], -1), 'totals-possible'],
    ['half a piece used', (of) => set(of, ['committed'], 3.5), 'well-formed'],
    ['more withdrawn than came in', (of) => set(of, ['withdrawn'], 41), 'totals-possible'],
    ['more used than there is', (of) => set(of, ['committed'], 33), 'never-oversold'],
    ['more reserved than reservations hold', (of) => set(of, ['reserved'], 4), 'reserved-true'],
    ['less used than reservations say', (of) => set(of, ['committed'], 2), 'reserved-true'],
    [
      'a reservation of less than nothing',
      (of) => set(of, reservation(2, 'committed'), -1),
      'reservations-true',
    ],
    [
      'one that holds nothing and is not over',
      (of) => set(of, reservation(1, 'overSince'), null),
      'reservations-true',
    ],
    [
      'one that is over later',
      (of) => set(of, reservation(1, 'overSince'), utc('2024-04-01')),
      'reservations-true',
    ],
    [
      'one that is over and kept for ever',
      (of) => set(of, reservation(3, 'keptUntil'), null),
      'reservations-true',
    ],
    ['one that should have lapsed', (of) => set(of, reservation(0, 'until'), 1), 'nothing-overdue'],
    ['an end of nothing', (of) => set(of, ['lapsing', 'items', 0, 1], 'r9'), 'ends-indexed'],
    ['no memory of what is over', (of) => set(of, ['over'], null), 'ends-indexed'],
    ['no end of what is open', (of) => set(of, ['lapsing'], null), 'ends-indexed'],
    ['a count that is not that of its items', (of) => set(of, ['reservations', 'n'], 9), 'sequences-true'],
    ['a limit that counts nothing', (of) => set(of, ['uses', 'ever', 'used'], null), 'limits-counted'],
    [
      'a limit that counts too little',
      (of) => set(of, ['uses', 'each', 'used', 'items', 0, 2], 0),
      'limits-counted',
    ],
    [
      'a limit that is exceeded',
      (of) => set(of, ['uses', 'ever', 'used', 'items', 0, 2], 51),
      'limits-counted',
    ],
    [
      'a stock that will have been closed',
      (of) => set(of, ['closedAt'], utc('2025-01-01')),
      'closed-in-time',
    ],
    ['reservations of no kind', (of) => set(of, ['reservations'], { n: 1 }), 'well-formed'],
    ['no limits', (of) => set(of, ['uses'], {}), 'well-formed'],
  ])('%s', (_, change, invariant) => {
    const { findings } = check(corrupted(change))
    expect(names(findings)).toContain(invariant)
    said(findings)
    seen.add(invariant)
  })
})

describe('names the first event that could not have been recorded', () => {
  const changed = (type: string, change: (data: Json) => void) =>
    log.map((one) => {
      if (one.type !== type) return one
      const copy = JSON.parse(JSON.stringify(one)) as { data: Json }
      change(copy.data)
      return copy
    })
  test.each<[string, string, (data: Json) => void, string]>([
    [
      'a withdrawal of more than there is',
      'gift/withdrawn',
      (data) => set(data, ['amount'], 41),
      'no-more-than-there',
    ],
    ['a reservation of more', 'gift/reserved', (data) => set(data, ['amount'], 36), 'no-more-than-there'],
    [
      'a use of more than is reserved',
      'gift/committed',
      (data) => set(data, ['amount'], 5),
      'no-more-than-there',
    ],
    [
      'a release of more than is reserved',
      'gift/released',
      (data) => set(data, ['amount'], 3),
      'no-more-than-there',
    ],
    [
      'a return of more than was used',
      'gift/given-back',
      (data) => set(data, ['amount'], 4),
      'no-more-than-there',
    ],
    ['a delivery of nothing', 'gift/restocked', (data) => set(data, ['amount'], 0), 'amounts-told'],
    ['a lapse of another amount', 'gift/lapsed', (data) => set(data, ['amount'], 5), 'amounts-told'],
    [
      'a lapse of another part',
      'gift/lapsed',
      (data) => set(data, ['reservations', 0, 'units'], 5),
      'no-more-than-there',
    ],
    [
      'a lapse of nothing',
      'gift/lapsed',
      (data) => set(data, ['reservations', 0, 'reservation'], 'r9'),
      'known',
    ],
    ['a use of no reservation', 'gift/committed', (data) => set(data, ['reservation'], 'r9'), 'known'],
  ])('%s', (_, type, change, invariant) => {
    const { first } = check(state, changed(type, change))
    expect(first).toMatchObject({ event: log.find((one) => one.type === type)!.id })
    expect(names(first!.findings)).toContain(invariant)
    said(first!.findings)
    seen.add(invariant)
  })

  test('a reservation twice', () => {
    const [made] = log.filter(({ type }) => type === 'gift/reserved')
    const { first } = check(
      state,
      log.flatMap((one) => (one === made ? [one, { ...one, id: 'again' }] : [one])),
    )
    expect(first!.event).toBe('again')
    expect(names(first!.findings)).toContain('once')
    said(first!.findings)
    seen.add('once')
  })

  test.each(['gift/restocked', 'gift/withdrawn', 'gift/reserved', 'gift/closed'])(
    '%s once it is closed',
    (type) => {
      const closed = { reason: 'the end', available: 0 }
      const data = type === 'gift/closed' ? closed : log.find((one) => one.type === type)!.data
      const one = (id: string, what: string, of: object) => ({
        id,
        type: what,
        subject: 'mug',
        occurredAt: utc('2024-03-20'),
        data: of,
      })
      const { first } = check(state, [...log, one('c', 'gift/closed', closed), one('d', type, data)])
      expect(first!.event).toBe('d')
      expect(names(first!.findings)).toContain('closed-for-good')
      said(first!.findings)
      seen.add('closed-for-good')
    },
  )
})

test('every invariant has been broken, and each has its words', () => {
  expect([...seen].sort()).toEqual([...Object.keys(stockInvariantWords), 'well-formed'].sort())
})

test('says what it finds in both tongues', () => {
  const [finding] = check(corrupted((of) => set(of, ['committed'], 33))).findings
  expect(explain(gift, finding!, 'en')).toBe(
    '$: what is reserved and used is no more than what came in and was not withdrawn (is 36, has to be at most 35)',
  )
  expect(explain(gift, finding!, 'zh')).toBe(
    '$：预留与核销之和不得多于补充减去撤出（应为at most 35，现为36）',
  )
})
