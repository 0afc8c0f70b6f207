// Every invariant is named when a state breaks it, and the first event that could not have been.
import {
  type Audit,
  type AuditFinding,
  audit,
  explain,
  type Journal,
  type PointsInvariant,
  type PointsState,
} from 'liuliang'
import { describe, expect, test } from 'vitest'
import { tell, utc } from '../support/story.js'
import { account, pointsWith } from './support/shop.js'

const engine = pointsWith({
  pending: { days: 2 },
  currencies: [
    { currency: 'points', kind: 'spendable', expires: { days: 60 } },
    { currency: 'status', kind: 'status', pending: 'until-confirmed' },
  ],
  earning: [
    { rule: 'purchase', on: 'order-paid', earns: { points: 1, per: '3', of: 'amount' }, origin: 'orderId' },
    {
      rule: 'level',
      on: 'order-paid',
      earns: { points: 1, per: '1', of: 'amount' },
      origin: 'orderId',
      in: 'status',
    },
  ],
})
const { paid, refunded, redeem, refund, give, event } = account()
const { state, log } = tell(
  engine as never,
  [
    give('2024-03-01', 40),
    paid('2024-03-01', 'a', '100'),
    paid('2024-03-02', 'b', '50'),
    redeem('2024-03-05', 20, 'r1'),
    refund('2024-03-06', 'r1', 5),
    event('2024-03-07', 'points/reserve', { points: 10, until: utc('2024-04-01') }, 'h1'),
    event('2024-03-07', 'points/reserve', { points: 3 }, 'h2'),
    refunded('2024-03-08', 'a', '10'),
    paid('2024-03-08', 'c', '30'),
  ] as never,
) as unknown as { state: Journal<PointsState>; log: readonly never[] }
const check = (of: unknown, events?: readonly never[]): Audit => audit(engine as never, of as never, events)

type Json = { [key: string]: Json }
/** The state after one change of its JSON. */
function corrupted(change: (of: Json) => void): Journal<PointsState> {
  const copy = JSON.parse(JSON.stringify(state)) as { of: Json }
  change(copy.of)
  return copy as unknown as Journal<PointsState>
}
const names = (findings: readonly AuditFinding[]) => [...new Set(findings.map(({ invariant }) => invariant))]
const at = (of: Json, ...path: readonly (string | number)[]) => path.reduce((node, key) => node[key]!, of)
const set = (of: Json, path: readonly (string | number)[], value: unknown) => {
  at(of, ...path.slice(0, -1))[path[path.length - 1]!] = value as Json
}
const points = ['books', 'points'] as const
/** Each finding as people read it, in both tongues. */
const said = (findings: readonly AuditFinding[]) => {
  for (const one of findings)
    for (const lang of ['en', 'zh'] as const) {
      const sentence = explain(engine as never, one, lang)
      expect(sentence).toContain(one.path)
      expect(sentence).not.toMatch(/[{}]|undefined/)
      expect(sentence).not.toContain(lang === 'zh' ? `：${one.invariant}（` : `: ${one.invariant} (`)
    }
}
const lot = (i: number) => [...points, 'lots', 'spendable', 'items', i] as const
const waiting = [...points, 'lots', 'pending', 'items', 0] as const

test('finds nothing where nothing is wrong, with the log and without', () => {
  expect(check(state)).toEqual({ findings: [] })
  expect(check(state, log)).toEqual({ findings: [] })
  expect(check(engine.start('u1'))).toEqual({ findings: [] })
})

describe('names what a corrupted state breaks', () => {
  test.each<[string, (of: Json) => void, string]>([
    ['points made from nothing', (of) => set(of, [...points, 'totals', 'earned'], 1_000), 'conserved'],
    ['points spent and not told', (of) => set(of, [...points, 'totals', 'redeemed'], 19), 'conserved'],
    ['a lot that grew', (of) => set(of, [...lot(0), 'remaining'], 99), 'sequences-true'],
    ['a lot that grew, with its sum', (of) => grow(of), 'conserved'],
    ['a lot of half a point', (of) => set(of, [...lot(0), 'remaining'], 0.5), 'lots-whole'],
    ['a lot below zero', (of) => set(of, [...lot(0), 'remaining'], -3), 'lots-whole'],
    ['a lot of nothing', (of) => set(of, [...lot(0), 'remaining'], 0), 'lots-whole'],
    ['a lot with a number that was not given out', (of) => set(of, [...lot(0), 'lot'], 77), 'lots-numbered'],
    ['fewer lots issued than there are', (of) => set(of, [...points, 'lots', 'issued'], 1), 'lots-numbered'],
    ['a lot twice', (of) => set(of, lot(1), at(of, ...lot(0))), 'lots-numbered'],
    ['lots out of order', (of) => swap(of), 'sequences-true'],
    [
      'a count of lots that is not theirs',
      (of) => set(of, [...points, 'lots', 'spendable', 'n'], 9),
      'sequences-true',
    ],
    [
      'a key that is not the last',
      (of) => set(of, [...points, 'lots', 'spendable', 'to'], [1, 1]),
      'sequences-true',
    ],
    [
      'extremes that are none',
      (of) => set(of, [...points, 'lots', 'spendable', 'high'], 1e6),
      'sequences-true',
    ],
    ['a debt beside points to spend', (of) => set(of, [...points, 'lots', 'deficit'], 5), 'debt-first'],
    ['a debt below zero', (of) => set(of, [...points, 'lots', 'deficit'], -5), 'debt-first'],
    ['half a debt', (of) => set(of, [...points, 'lots', 'deficit'], 0.5), 'well-formed'],
    ['points that have expired', (of) => set(of, [...lot(0), 'expiresAt'], 1), 'nothing-expired'],
    ['points that wait too long', (of) => set(of, [...waiting, 'confirmsAt'], 1), 'nothing-overdue'],
    ['a rank that no index knows', (of) => set(of, [...lot(0), 'rank'], 1), 'expiry-indexed'],
    [
      'an index of nothing',
      (of) => set(of, [...points, 'lots', 'expiring'], at(of, ...points, 'lots', 'pending')),
      'expiry-indexed',
    ],
    [
      'a reservation of more than its parts',
      (of) => set(of, [...points, 'reservations', 'items', 0, 'amount'], 11),
      'reserved-true',
    ],
    [
      'a reservation of nothing',
      (of) => set(of, [...points, 'reservations', 'items', 0, 'parts', 0, 'amount'], 0),
      'reserved-true',
    ],
    ['a reservation without its deadline', (of) => set(of, [...points, 'deadlines'], null), 'reserved-true'],
    [
      'a deadline without its reservation',
      (of) => set(of, [...points, 'deadlines', 'items', 0, 'id'], 'h9'),
      'reserved-true',
    ],
    [
      'a reservation that should have ended',
      (of) => set(of, [...points, 'reservations', 'items', 0, 'until'], 1),
      'nothing-overdue',
    ],
    [
      'more given back than was spent',
      (of) => set(of, [...points, 'totals', 'refunded'], 21),
      'totals-possible',
    ],
    ['a total below zero', (of) => set(of, [...points, 'totals', 'added'], -1), 'totals-possible'],
    ['a book that is missing', (of) => void delete (of['books'] as Json)['status'], 'well-formed'],
    ['a book of no currency', (of) => set(of, ['books', 'gold'], at(of, ...points)), 'books-agreed'],
    ['an origin under another name', (of) => set(of, ['origins', 'items', 0, 'origin'], 'z'), 'origins-true'],
    [
      'more taken back than was earned',
      (of) => set(of, ['origins', 'items', 0, 'share', 'clawedBack'], 9_999),
      'origins-true',
    ],
    [
      'more refunded than was paid',
      (of) => set(of, ['origins', 'items', 0, 'share', 'refunded'], 999_999),
      'origins-true',
    ],
    [
      'more of a redemption returned than it took',
      (of) => set(of, ['redemptions', 'items', 0, 'refunded'], 21),
      'redemptions-true',
    ],
    [
      'a redemption that is not its lots',
      (of) => set(of, ['redemptions', 'items', 0, 'points'], 21),
      'redemptions-true',
    ],
    ['a remainder of a whole point', (of) => set(of, ['carried', 'purchase'], 300), 'carried-below-a-point'],
    ['a remainder of no rule', (of) => set(of, ['carried', 'gift'], 1), 'carried-below-a-point'],
    [
      'something owed at no time',
      (of) => {
        set(of, ['owed'], [{ do: 'confirm', origin: 'a', event: 'e', currency: 'points' }])
        set(of, ['owedAt'], null)
      },
      'owed-in-time',
    ],
  ])('%s', (_, change, invariant) => {
    const { findings } = check(corrupted(change))
    expect(names(findings)).toContain(invariant)
    said(findings)
    for (const { path, found, expected } of findings) {
      expect(path).toMatch(/^\$/)
      expect([typeof found, typeof expected].every((type) => type === 'number' || type === 'string')).toBe(
        true,
      )
    }
  })

  const grow = (of: Json) => {
    const tree = at(of, ...points, 'lots', 'spendable') as unknown as {
      items: { remaining: number }[]
      sum: number
      low: number
      high: number
    }
    tree.items[0]!.remaining += 5
    tree.sum += 5
    tree.low += 5
    tree.high += 5
  }
  const swap = (of: Json) => {
    const tree = at(of, ...points, 'lots', 'spendable') as unknown as { items: unknown[] }
    tree.items.reverse()
  }
})

describe('with the log', () => {
  const changed = (type: string, change: (data: Json) => void) =>
    log.map((event) => {
      const copy = JSON.parse(JSON.stringify(event)) as { type: string; data: Json }
      if (copy.type === type) change(copy.data)
      return copy as never
    })
  const firstOf = (events: readonly never[]) => {
    const { first } = check(state, events)
    return (
      first && { type: (events[first.at] as unknown as { type: string }).type, names: names(first.findings) }
    )
  }

  test('names the first event that takes more than there was', () => {
    const more = changed('points/redeemed', (data) => {
      ;(data['moves'] as unknown as { amount: number }[])[0]!.amount = 4_000
    })
    expect(firstOf(more)).toEqual({
      type: 'points/redeemed',
      names: ['moves-possible', 'moves-told', 'redemptions-true'],
    })
  })

  test('names the first event whose moves are not what it says', () => {
    const told = changed('points/earned', (data) => set(data, ['points'], 1_234))
    expect(firstOf(told)).toMatchObject({ type: 'points/earned', names: ['moves-told'] })
  })

  test('says that the state is another than that of the log', () => {
    const other = check(state, log.slice(0, -1))
    expect(names(other.findings)).toEqual(['state-of-log'])
  })
})

describe('of what lasts in a way of its own', () => {
  const lasting = pointsWith({
    expires: { days: 5 },
    spend: 'oldest',
    keepOrigins: { days: 90 },
  })
  const { state: kept, log: story } = tell(
    lasting as never,
    [
      give('2024-03-01', 40),
      paid('2024-03-02', 'a', '100'),
      event('2024-03-03', 'points/redeem', { points: 20, for: { amount: '2.00', currency: 'CNY' } }, 'r1'),
      event('2024-03-04', 'points/extend', { lots: [0], until: utc('2024-04-01'), reason: 'late' }, 'x1'),
      event('2024-03-05', 'points/refund', { redemption: 'r1', points: 5 }, 'f1'),
      event('2024-03-05', 'points/expire', { points: 21, reason: 'closed' }, 'x2'),
      paid('2024-03-09', 'b', '50'),
    ] as never,
  ) as unknown as { state: Journal<PointsState>; log: readonly never[] }
  const checked = (change: (of: Json) => void) => {
    const copy = JSON.parse(JSON.stringify(kept)) as { of: Json }
    change(copy.of)
    return names(audit(lasting as never, copy as never).findings)
  }

  test('finds nothing where one lot has two ends', () => {
    expect(audit(lasting as never, kept as never, story)).toEqual({ findings: [] })
  })

  test.each<[string, (of: Json) => void, string]>([
    ['more to reinstate than expired', (of) => set(of, [...lapsed, 'amount'], 9_999), 'lapsed-true'],
    ['what will expire, as if it had', (of) => set(of, [...lapsed, 'at'], utc('2025-01-01')), 'lapsed-true'],
    ['an origin that would be kept for ever', (of) => set(of, ['fading'], null), 'fading-listed'],
    [
      'more money given back than was paid',
      (of) => set(of, ['redemptions', 'items', 0, 'paid', 'refunded'], 201),
      'redemptions-true',
    ],
    [
      'a ranked lot without its end',
      (of) => set(of, [...points, 'lots', 'expiring'], null),
      'expiry-indexed',
    ],
  ])('%s', (_, change, invariant) => {
    expect(checked(change)).toContain(invariant)
  })
})

const lapsed = ['lapsed', 'points', 'items', 0] as const

describe('in words', () => {
  // A key is missing, or is one too many, and this does not compile.
  const every: { readonly [I in PointsInvariant]: true } = {
    conserved: true,
    'totals-possible': true,
    'lots-whole': true,
    'lots-numbered': true,
    'sequences-true': true,
    'expiry-indexed': true,
    'debt-first': true,
    'nothing-expired': true,
    'nothing-overdue': true,
    'reserved-true': true,
    'books-agreed': true,
    'origins-true': true,
    'redemptions-true': true,
    'lapsed-true': true,
    'fading-listed': true,
    'holder-true': true,
    'carried-below-a-point': true,
    'owed-in-time': true,
    'moves-possible': true,
    'moves-told': true,
    once: true,
    'claims-true': true,
    'claims-funded': true,
    'claims-counted': true,
    'claims-end-once': true,
  }
  test.each(Object.keys(every))('%s', (invariant) => {
    said([{ invariant, path: '$.there', found: 1, expected: 2 }])
  })

  test('a finding says where, what, and what would be right', () => {
    const finding = {
      invariant: 'claims-funded',
      path: '$.rewards.claims[2]',
      found: 'nothing reserved',
      expected: 300,
    }
    expect(explain(engine as never, finding, 'en')).toBe(
      '$.rewards.claims[2]: the points of an open claim are reserved until it lapses, those of a completed one are spent (is nothing reserved, has to be 300)',
    )
    expect(explain(engine as never, finding, 'zh')).toBe(
      '$.rewards.claims[2]：未完成的兑换单应冻结其积分直至失效，已完成的应已扣除（应为300，现为nothing reserved）',
    )
  })
})

describe('of holders', () => {
  const held = pointsWith({ reversible: { days: 90 }, negative: { clawback: 'within-balance' } })
  const { state: kept, log: story } = tell(
    held as never,
    [
      give('2024-03-01', 40),
      paid('2024-03-02', 'a', '10'),
      event('2024-03-03', 'points/adjust', { points: -45, reason: 'a mistake', by: 'desk' }, 'x1'),
      refunded('2024-03-04', 'a', '8'),
      event('2024-03-05', 'points/close', { reason: 'asked', points: 'forfeit' }, 'x2'),
    ] as never,
  ) as unknown as { state: Journal<PointsState>; log: readonly never[] }

  test('finds nothing where nothing is wrong', () => {
    expect(audit(held as never, kept as never, story)).toEqual({ findings: [] })
  })

  test.each<[string, (of: Json) => void]>([
    ['half a point let go', (of) => set(of, ['holder', 'uncollected', 'points'], 0.5)],
    ['a posting without its end', (of) => set(of, ['holder', 'byEnd'], null)],
    ['less than nothing owed in money', (of) => set(of, ['holder', 'byHand', 'items', 0, 'due'], -1)],
    [
      'an open account that was handed over',
      (of) => {
        set(of, ['holder', 'closedAt'], null)
        set(of, ['holder', 'handed'], { command: 'x', estate: {} })
      },
    ],
  ])('%s', (_, change) => {
    const copy = JSON.parse(JSON.stringify(kept)) as { of: Json }
    change(copy.of)
    expect(names(audit(held as never, copy as never).findings)).toEqual(['holder-true'])
  })
})
