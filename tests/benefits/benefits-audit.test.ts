// Every invariant of benefits is named when a state breaks it, and the first event that could not have been.
import {
  type Audit,
  type AuditFinding,
  audit,
  type BenefitsState,
  defineBenefits,
  defineEvents,
  explain,
  type Journal,
  money,
  subjectOf,
  text,
} from 'liuliang'
import { describe, expect, test } from 'vitest'
import { tell, teller } from '../support/story.js'

const shop = defineEvents({ 'order-paid': { orderId: text(), amount: money('CNY') } })
const crm = { owner: 'crm' } as const
const engine = defineBenefits({
  id: 'b',
  version: 1,
  calendar: { zone: 'Asia/Shanghai' },
  events: shop,
  currency: 'CNY',
  perOrder: 2,
  benefits: [
    {
      benefit: 'off',
      ...crm,
      funding: { unfunded: 'a trial' },
      gives: { kind: 'amount-off', off: '5' },
      valid: { days: 30 },
      return: 'always',
    },
    {
      benefit: 'wake-up',
      ...crm,
      funding: { budget: 'budget-2024', costPerIssue: '9' },
      gives: { kind: 'percent-off', percent: '10' },
      claim: { days: 20 },
      transferable: true,
    },
    {
      benefit: 'monthly',
      ...crm,
      funding: { unfunded: 'a trial' },
      gives: { kind: 'gift', gift: 'mug', costPerUse: '2' },
      issue: [{ each: 'month', when: shop.count('order-paid').gte(1) }],
      valid: { days: 90 },
    },
  ],
  keep: { days: 30 },
})
const event = teller()
const day = (n: number) => `2024-03-${String(n).padStart(2, '0')}`
const issue = (n: number, benefit: string, id: string) => event(day(n), 'b/issue', { benefit }, id)
const cart = { lines: [{ amount: '30' }, { amount: '20' }] }
const { state, log } = tell(engine, [
  event(day(1), 'order-paid', { orderId: 'o', amount: '1' }),
  issue(1, 'off', 'i1'),
  issue(1, 'off', 'i2'),
  issue(1, 'wake-up', 'i3'),
  issue(1, 'wake-up', 'i4'),
  issue(1, 'wake-up', 'i5'),
  issue(1, 'wake-up', 'i6'),
  event(day(2), 'b/grant', { issue: 'i3' }),
  event(day(2), 'b/grant', { issue: 'i4' }),
  event(day(2), 'b/deny', { issue: 'i6', reason: 'spent' }),
  event(day(3), 'b/claim', { issue: 'i3' }),
  event(day(4), 'b/use', { order: 'o-1', cart, issues: ['i1', 'i3'] }),
  event(day(5), 'b/return', { order: 'o-1', refunded: 'part' }),
  event(day(6), 'b/revoke', { issue: 'i4', reason: 'abuse' }),
  event(day(7), 'b/receive', { issue: 'x', benefit: 'wake-up', from: 'bob', uses: 1, reserves: '9' }),
  event(day(8), 'b/send', { issue: subjectOf('bob', 'x'), to: 'cid' }),
] as never)
const check = (of: unknown, from?: readonly unknown[]): Audit => audit(engine, of as never, from as never)

type Json = { [key: string]: Json }
const at = (of: Json, ...path: readonly (string | number)[]) => path.reduce((node, key) => node[key]!, of)
const set = (of: Json, path: readonly (string | number)[], value: unknown) => {
  at(of, ...path.slice(0, -1))[path[path.length - 1]!] = value as Json
}
/** The state after one change of its JSON. */
function corrupted(change: (of: Json) => void): Journal<BenefitsState> {
  const copy = JSON.parse(JSON.stringify(state)) as { of: Json }
  change(copy.of)
  return copy as unknown as Journal<BenefitsState>
}
/** Where the issue of that name stands. */
const placeOf = (of: Json, name: string) =>
  (at(of, 'held', 'items') as unknown as readonly Json[]).findIndex((one) => String(one['issue']) === name)
const held = (name: string, field: string, value: unknown) => (of: Json) =>
  set(of, ['held', 'items', placeOf(of, name), field], value)
const names = (findings: readonly AuditFinding[]) => findings.map(({ invariant }) => invariant)
const said = (findings: readonly AuditFinding[]) =>
  findings.every((one) =>
    (['en', 'zh'] as const).every((lang) => {
      const sentence = explain(engine, one, lang)
      return !/[{}]|undefined/.test(sentence) && !sentence.includes(`${one.invariant} (`)
    }),
  )

test('finds nothing where nothing is wrong, with the log and without', () => {
  expect(check(state)).toEqual({ findings: [] })
  expect(check(state, log)).toEqual({ findings: [] })
  expect(check(engine.start('u1'))).toEqual({ findings: [] })
})

describe('names what a corrupted state breaks', () => {
  test.each<[string, (of: Json) => void, string]>([
    ['an issue of no benefit', held('i2', 'benefit', 'gold'), 'issues-true'],
    ['an issue of no stage', held('i2', 'stage', 'lost'), 'issues-true'],
    ['an issue without uses', held('i2', 'uses', 0), 'issues-true'],
    ['an issue of half a use', held('i2', 'uses', 0.5), 'issues-true'],
    ['an issue that keeps less than nothing', held('i5', 'reserved', -1), 'issues-true'],
    ['an issue with a number that was not given out', held('i2', 'n', 77), 'issues-true'],
    ['two issues with one number', held('i2', 'n', 0), 'issues-true'],
    ['fewer issues than there are', (of) => set(of, ['n'], 1), 'issues-true'],
    ['an unfunded issue that waits for a budget', held('i2', 'stage', 'awaiting'), 'awaiting-funded'],
    ['a question that ends', held('i5', 'ends', 9e12), 'awaiting-funded'],
    ['an issue that has ended', held('i2', 'ends', 1), 'nothing-ended'],
    ['an issue that ends at another time', held('i2', 'ends', 9e12), 'ends-indexed'],
    ['an issue that does not end any more', held('i2', 'ends', null), 'ends-indexed'],
    ['ends of nothing', (of) => set(of, ['held'], null), 'ends-indexed'],
    ['issues without their ends', (of) => set(of, ['ends'], null), 'ends-indexed'],
    ['issues out of order', held('i5', 'issue', 'a'), 'records-kept'],
    ['an order without its age', (of) => set(of, ['ages'], null), 'records-kept'],
    ['an age without its order', (of) => set(of, ['orders'], null), 'records-kept'],
    ['an order under another name', (of) => set(of, ['orders', 'items', 0, 'order'], 'z'), 'records-kept'],
    [
      'an order that cost less than nothing',
      (of) => set(of, ['orders', 'items', 0, 'benefits', 0, 'cost'], -1),
      'records-kept',
    ],
    ['issues made from nothing', (of) => set(of, ['totals', 'off', 'issued'], 9), 'issues-conserved'],
    ['uses that nobody told', (of) => set(of, ['totals', 'off', 'used'], 2), 'issues-conserved'],
    ['an issue that is gone', (of) => set(of, ['totals', 'monthly', 'expired'], 1), 'issues-conserved'],
    ['a total below zero', (of) => set(of, ['totals', 'off', 'cost'], -1), 'totals-possible'],
    ['more returned than used', (of) => set(of, ['totals', 'off', 'returned'], 2), 'totals-possible'],
    ['more in a period than ever', (of) => set(of, ['counts', 'off', 'times'], 9), 'counts-true'],
    ['less than none ever', (of) => set(of, ['counts', 'off', 'ever'], -1), 'counts-true'],
    ['a rule that issued tomorrow', (of) => set(of, ['issuedAt', 'monthly/0'], 9e12), 'rules-in-time'],
    ['a rule that is none', (of) => set(of, ['issuedAt', 'gold/0'], 1), 'rules-in-time'],
    [
      'what is owed at no instant',
      (of) => Object.assign(of, { owed: [{ rule: 'r', event: 'e' }], owedAt: null }),
      'owed-in-time',
    ],
    ['no totals', (of) => set(of, ['totals'], null), 'well-formed'],
  ])('%s', (_, change, invariant) => {
    const { findings } = check(corrupted(change))
    expect(names(findings)).toContain(invariant)
    expect(said(findings)).toBe(true)
  })
})

describe('names the first event that could not have been recorded', () => {
  const changed = (type: string, change: (data: Json) => void) => {
    let done = false
    return log.map((one) => {
      if (one.type !== type || done) return one
      done = true
      const copy = JSON.parse(JSON.stringify(one)) as { data: Json }
      change(copy.data)
      return copy
    })
  }
  test.each<[string, string, (data: Json) => void, string]>([
    ['an issue of nobody', 'b/issued', (data) => set(data, ['owner'], ''), 'owned-and-funded'],
    ['an issue that nobody pays', 'b/issued', (data) => set(data, ['reserves'], '3.00'), 'owned-and-funded'],
    ['a question to no budget', 'b/requested', (data) => void delete data['budget'], 'owned-and-funded'],
    ['a denial of nothing asked', 'b/denied', (data) => set(data, ['issue'], 'i1'), 'known'],
    ['a claim of nothing', 'b/claimed', (data) => set(data, ['issue'], 'i9'), 'known'],
    ['a claim of what is claimed', 'b/claimed', (data) => set(data, ['issue'], 'i1'), 'known'],
    ['a use of nothing', 'b/used', (data) => set(data, ['benefits', 0, 'issue'], 'i9'), 'known'],
    ['a use of another discount', 'b/used', (data) => set(data, ['discount'], '9.99'), 'amounts-told'],
    [
      'a use of other shares',
      'b/used',
      (data) => set(data, ['benefits', 0, 'shares', 0], '4'),
      'amounts-told',
    ],
    ['a use with no amount', 'b/used', (data) => set(data, ['payable'], 'ann'), 'amounts-told'],
    ['a return of no order', 'b/returned', (data) => set(data, ['order'], 'o-9'), 'known'],
    ['a return of another issue', 'b/returned', (data) => set(data, ['benefits', 0, 'issue'], 'i9'), 'known'],
    [
      'a return of another cost',
      'b/returned',
      (data) => set(data, ['benefits', 0, 'restores'], '1.00'),
      'amounts-told',
    ],
    ['a revocation of nothing', 'b/revoked', (data) => set(data, ['issue'], 'i9'), 'known'],
    ['something sent that keeps less', 'b/sent', (data) => set(data, ['reserves'], '1.00'), 'amounts-told'],
    ['a revocation that keeps', 'b/revoked', (data) => set(data, ['releases'], '1.00'), 'amounts-told'],
  ])('%s', (_, type, change, invariant) => {
    const { first } = check(state, changed(type, change))
    expect(first).toMatchObject({ event: log.find((one) => one.type === type)!.id })
    expect(names(first!.findings)).toContain(invariant)
    expect(said(first!.findings)).toBe(true)
  })
  test('a correction that keeps what no rule issued', () => {
    const at = log.at(-1)!.occurredAt
    const data = { issue: 'i1', benefit: 'off', correctsSince: at }
    const kept = { id: 'k', type: 'b/kept', subject: log[0]!.subject, occurredAt: at, data }
    const { first } = check(state, [...log, kept])
    expect(first).toMatchObject({ event: 'k', findings: [{ invariant: 'known', path: '$.data.issue' }] })
  })
  test.each(['b/issued', 'b/requested', 'b/used', 'b/received'])('%s twice', (type) => {
    const twice = log.flatMap((one) => (one.type === type ? [one, { ...one, id: `${one.id}-again` }] : [one]))
    const { first } = check(state, twice)
    expect(first!.event).toBe(`${log.find((one) => one.type === type)!.id}-again`)
    expect(names(first!.findings)).toContain('once')
  })
})

test('says what it finds in both tongues', () => {
  const [finding] = check(corrupted((of) => set(of, ['totals', 'off', 'issued'], 9))).findings
  expect(explain(engine, finding!, 'en')).toBe(
    '$.held: what was issued and is not gone is there (is 2, has to be 9)',
  )
  expect(explain(engine, finding!, 'zh')).toBe('$.held：已发放且未失效的权益应在（应为9，现为2）')
})
