// Each invariant of rewards is named when a state breaks it, and the first event that could not have been.
import { type AuditFinding, audit } from 'liuliang'
import { describe, expect, test } from 'vitest'
import { club, rich } from './support/gifts.js'

const ann = rich(2000)
ann.tell('2024-03-02', 'points/claim', { reward: 'mug', quantity: 2 }, 'm')
ann.tell('2024-03-03', 'points/claim', { reward: 'tote', option: 'mixed' }, 'c')
ann.tell('2024-03-03', 'points/cancel', { claim: 'c' })
ann.tell('2024-03-04', 'points/claim', { reward: 'tote', option: 'mixed', quantity: 2 }, 't')

type Json = { [key: string]: Json }
const names = (findings: readonly AuditFinding[]) => [...new Set(findings.map(({ invariant }) => invariant))]
const set = (of: Json, path: readonly (string | number)[], value: unknown) => {
  const node = path.slice(0, -1).reduce((at, key) => at[key]!, of)
  node[path[path.length - 1]!] = value as Json
}
const corrupted = (change: (of: Json) => void) => {
  const copy = JSON.parse(JSON.stringify(ann.state())) as { of: Json }
  change(copy.of)
  return audit(club, copy as never).findings
}
/** In the order of their names: `c` cancelled, `m` complete, `t` open. */
const claim = (i: number, key: string) => ['rewards', 'claims', 'items', i, key] as const

test('finds nothing where nothing is wrong', () => {
  expect(audit(club, ann.state(), ann.log as never)).toEqual({ findings: [] })
})

describe('names what a corrupted state breaks', () => {
  test.each<[string, (of: Json) => void, string]>([
    ['half a piece', (of) => set(of, claim(1, 'quantity'), 0.5), 'claims-true'],
    ['a price below zero', (of) => set(of, claim(1, 'points'), -1), 'claims-true'],
    ['money of nothing', (of) => set(of, claim(2, 'money'), { minor: 0, currency: 'CNY' }), 'claims-true'],
    ['an open claim without end', (of) => set(of, claim(2, 'until'), null), 'claims-true'],
    ['an open claim that should have lapsed', (of) => set(of, claim(2, 'until'), 1), 'claims-true'],
    ['a claim that is over for ever', (of) => set(of, claim(0, 'keptUntil'), null), 'claims-true'],
    ['a claim that is both', (of) => set(of, claim(0, 'status'), 'open'), 'claims-true'],
    ['a lapse of no claim', (of) => set(of, ['rewards', 'lapsing', 'n'], 2), 'claims-true'],
    ['no memory of what is over', (of) => set(of, ['rewards', 'kept'], null), 'claims-true'],
    ['an open claim for more than it holds', (of) => set(of, claim(2, 'points'), 301), 'claims-funded'],
    [
      'an open claim whose points are gone',
      (of) => set(of, ['books', 'points', 'reservations'], null),
      'claims-funded',
    ],
    ['a complete claim that nobody spent for', (of) => set(of, ['redemptions'], null), 'claims-funded'],
    ['more pieces than were spent for', (of) => set(of, claim(1, 'quantity'), 3), 'claims-funded'],
    ['limits that count nothing', (of) => set(of, ['rewards', 'uses', 'used'], null), 'claims-counted'],
  ])('%s', (_, change, invariant) => {
    expect(names(corrupted(change))).toContain(invariant)
  })
})

describe('names the first event that could not have been', () => {
  const first = (type: string, change: (data: Json) => void, log = ann.log) => {
    const events = log.map((event) => {
      const copy = JSON.parse(JSON.stringify(event)) as { type: string; data: Json }
      if (copy.type === type) change(copy.data)
      return copy as never
    })
    return names(audit(club, ann.state(), events).first?.findings ?? [])
  }
  const named = (claim: string) => (data: Json) => set(data, ['claim'], claim)

  test('an end of no claim, or of one that is over', () => {
    expect(first('points/reward-cancelled', named('x'))).toContain('claims-end-once')
    expect(first('points/reward-cancelled', named('m'))).toContain('claims-end-once')
    expect(first('points/reward-cancelled', (data) => set(data, ['quantity'], 9))).toContain(
      'claims-end-once',
    )
  })

  test('a claim twice', () => {
    expect(first('points/reward-claimed', named('m'))).toContain('once')
  })
})
