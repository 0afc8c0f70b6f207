// Facts that come late, and facts that were none: what rules issued is made up for, by policy; what was used stays used.
import {
  attributes,
  audit,
  type BenefitsCorrections,
  type BenefitsDefinition,
  defineBenefits,
  defineEvents,
  explain,
  money,
  replay,
  restore,
  text,
} from 'liuliang'
import { describe, expect, test } from 'vitest'
import { tell, teller, utc } from '../support/story.js'

const shop = defineEvents({
  'order-paid': { orderId: text(), amount: money('CNY') },
  'card-bought': {},
  ...attributes({ city: text() }),
})
type Benefits = BenefitsDefinition<'b', typeof shop.events, string>['benefits']
const crm = { owner: 'crm', funding: { unfunded: 'a trial' } } as const
const gives = { kind: 'amount-off', off: '5' } as const
const thanks = { benefit: 'thanks', ...crm, gives, issue: [{ on: 'order-paid' }] } as const
const pack = {
  benefit: 'pack',
  ...crm,
  gives,
  issue: [{ each: 'month', when: shop.count('card-bought').gte(1) }],
} as const
const engineOf = (benefits: Benefits, corrections?: BenefitsCorrections) =>
  defineBenefits({
    id: 'b',
    version: 1,
    calendar: { zone: 'UTC' },
    events: shop,
    currency: 'CNY',
    benefits,
    ...(corrections !== undefined && { corrections }),
  })
type Engine = ReturnType<typeof engineOf>

const event = teller()
const paid = (at: string, id: string) => event(at, 'order-paid', { orderId: id, amount: '1' }, id)
const card = (at: string, id: string) => event(at, 'card-bought', {}, id)
const use = (at: string, ...issues: readonly string[]) =>
  event(at, 'b/use', { order: `of ${issues}`, cart: { lines: [{ amount: '30' }] }, issues })

type Change = Parameters<typeof replay<never>>[2]
/** A history, corrected: what that added to the log, what is held then; nothing is left to correct, and the audit is content. */
function corrected(engine: Engine, inputs: readonly object[], change: Change, until = '2024-06-10') {
  const { log } = tell(engine, inputs as never)
  const checkpoint = engine.start('u1')
  const done = replay(engine, { checkpoint, tail: log }, { at: utc(until), ...change } as never)
  expect(restore(engine, 'u1', done.log)).toEqual(done.state)
  const again = replay(engine, { checkpoint, tail: done.log }, { at: utc(until) })
  expect([again.asserted, again.retracted]).toEqual([[], []])
  expect(audit(engine, done.state, done.log)).toEqual({ findings: [] })
  const made = done.asserted.filter((one) => 'correctsSince' in one.data)
  return {
    ...done,
    made: made.map(({ type, data }) => `${type.slice(2)} ${(data as { issue: string }).issue.split('~')[0]}`),
    held: engine.view(done.state, done.state.at!).benefits.map(({ issue }) => issue.split('~')[0]),
  }
}

const policies = ['issue-and-revoke', 'issue-only', 'none'] as const

describe('a fact that comes late', () => {
  const told = [paid('2024-03-01', 'a')]
  const late = { add: [paid('2024-02-01', 'b')] } as never
  test.each<[BenefitsCorrections, readonly string[]]>([
    ['issue-and-revoke', ['issued thanks/0<b']],
    ['issue-only', ['issued thanks/0<b']],
    ['none', []],
  ])('%s', (policy, made) => {
    expect(corrected(engineOf([thanks], policy), told, late).made).toEqual(made)
  })

  test('brings its issue now, with its whole term, and belongs to its own date', () => {
    const engine = engineOf([{ ...thanks, valid: { days: 7 } }])
    const { asserted, state } = corrected(engine, told, late)
    const [made] = asserted.filter(({ type }) => type === 'b/issued')
    expect(made).toMatchObject({
      occurredAt: utc('2024-06-10'),
      effectiveAt: utc('2024-02-01'),
      data: { ends: utc('2024-06-17'), dueAt: utc('2024-02-01'), event: 'b', rule: 0 },
    })
    const { reason } = made!.data as { reason: { code: string } }
    expect(explain(engine, reason, 'en')).toBe('thanks, made up for after a correction')
    expect(explain(engine, reason, 'zh')).toBe('thanks，更正后补发')
    expect(engine.view(state, utc('2024-06-18')).benefits).toEqual([])
  })

  test('asks the budget, where there is one', () => {
    const funding = { budget: 'budget-2024', costPerIssue: '5' }
    expect(corrected(engineOf([{ ...thanks, funding }]), told, late).made).toEqual(['requested thanks/0<b'])
  })

  test('brings none that could no longer be used', () => {
    const engine = engineOf([{ ...thanks, valid: { until: utc('2024-05-01') } }])
    expect(corrected(engine, told, late).made).toEqual([])
  })

  test('brings a pack for each month that was missed, and the rule goes on from there', () => {
    const { made, state } = corrected(
      engineOf([{ ...pack, limit: { times: 1, per: 'month' } }]),
      [paid('2024-03-01', 'a')],
      { add: [card('2024-03-20', 'k')] } as never,
    )
    expect(made).toEqual(
      ['2024-03-20', '2024-04-01', '2024-05-01', '2024-06-01'].map((at) => `issued pack/0@${utc(at)}`),
    )
    expect(state.of.issuedAt).toEqual({ 'pack/0': utc('2024-06-01') })
  })
})

describe('a fact that was none', () => {
  const told = [paid('2024-03-01', 'a'), paid('2024-03-02', 'b')]
  const change = { remove: ['b'] }
  test.each<[BenefitsCorrections, readonly string[], readonly string[]]>([
    ['issue-and-revoke', ['revoked thanks/0<b'], ['thanks/0<a']],
    ['issue-only', ['kept thanks/0<b'], ['thanks/0<a', 'thanks/0<b']],
    ['none', [], ['thanks/0<a', 'thanks/0<b']],
  ])('%s', (policy, made, held) => {
    expect(corrected(engineOf([thanks], policy), told, change)).toMatchObject({ made, held })
  })

  test.each(policies)('what was used stays used: %s', (policy) => {
    const engine = engineOf([thanks], policy)
    const { made, held } = corrected(engine, [...told, use('2024-03-03', 'thanks/0<b')], change)
    expect([made, held]).toEqual([policy === 'none' ? [] : ['kept thanks/0<b'], ['thanks/0<a']])
  })

  test('what was used in part stays, and so does what came back', () => {
    const twice = engineOf([{ ...thanks, uses: 2 }])
    const inputs = [...told, use('2024-03-03', 'thanks/0<b')]
    expect(corrected(twice, inputs, change).held).toEqual(['thanks/0<a', 'thanks/0<b'])
    const engine = engineOf([{ ...thanks, return: 'always' }])
    const back = event('2024-03-04', 'b/return', { order: 'of thanks/0<b', refunded: 'whole' })
    expect(corrected(engine, [...inputs, back], change).held).toEqual(['thanks/0<a', 'thanks/0<b'])
  })

  test('what waits for its budget is denied, what was granted is revoked, and both are released', () => {
    const funding = { budget: 'budget-2024', costPerIssue: '5' }
    const engine = engineOf([{ ...thanks, funding }])
    const { asserted } = corrected(engine, told, change)
    expect(asserted.filter(({ type }) => type === 'b/denied')).toMatchObject([
      { data: { issue: 'thanks/0<b', releases: '5.00', reason: 'corrected' } },
    ])
    const granted = event('2024-03-03', 'b/grant', { issue: 'thanks/0<b' })
    expect(corrected(engine, [...told, granted], change)).toMatchObject({ made: ['revoked thanks/0<b'] })
    expect(explain(engine, { code: 'corrected' }, 'zh')).toBe('更正后收回')
  })

  test('takes the packs of all its months back, and the rule stands where it did before', () => {
    const { made, state } = corrected(
      engineOf([pack]),
      [card('2024-03-20', 'k'), paid('2024-04-02', 'a')],
      { remove: ['k'] },
      '2024-04-20',
    )
    expect(made).toEqual([`revoked pack/0@${utc('2024-03-20')}`, `revoked pack/0@${utc('2024-04-01')}`])
    expect([state.of.issuedAt, state.of.counts['pack']!.ever]).toEqual([{}, 0])
  })

  test('and was one after all, brings its issue again', () => {
    const engine = engineOf([thanks])
    const once = corrected(engine, told, change)
    const back = replay(
      engine,
      { checkpoint: engine.start('u1'), tail: once.log },
      { add: [told[1]] as never, at: utc('2024-06-11') },
    )
    expect(engine.view(back.state, utc('2024-06-11')).benefits.map(({ issue }) => issue)).toEqual([
      'thanks/0<a',
      `thanks/0<b~${utc('2024-06-11')}`,
    ])
  })
})

test('a rule of time makes one in its unit, whatever the instant', () => {
  const { made } = corrected(
    engineOf([pack]),
    [card('2024-03-20', 'k'), paid('2024-03-21', 'a')],
    { add: [card('2024-03-02', 'l')] } as never,
    '2024-03-25',
  )
  expect(made).toEqual([`kept pack/0@${utc('2024-03-20')}`])
})

test('what came before its time is taken back, and comes at its time', () => {
  const wake = {
    ...pack,
    issue: [{ each: 'quarter', when: shop.timeSince('order-paid').gte({ days: 20 }) }],
  } as const
  const engine = engineOf([wake])
  const told = [paid('2024-01-05', 'a'), card('2024-01-26', 'k')]
  // It came on the 25th and should have on the 30th.
  const { made, state } = corrected(engine, told, { add: [paid('2024-01-10', 'b')] } as never, '2024-01-28')
  expect(made).toEqual([`revoked pack/0@${utc('2024-01-25')}`])
  const events = engine.advance(state, utc('2024-02-02')).events
  expect(events).toMatchObject([{ data: { issue: `pack/0@${utc('2024-01-30')}` } }])
})

test('that one was due at another instant is recorded, and known to the next correction', () => {
  const wake = {
    ...pack,
    issue: [{ each: 'quarter', when: shop.timeSince('order-paid').gte({ days: 20 }) }],
  } as const
  const engine = engineOf([wake])
  const told = [paid('2024-03-12', 'a'), paid('2024-04-02', 'b'), card('2024-05-02', 'k')]
  const first = corrected(engine, told, { remove: ['a'] }, '2024-05-03')
  const kept = { type: 'b/kept', data: { issue: `pack/0@${utc('2024-04-01')}`, dueAt: utc('2024-04-22') } }
  expect(first.asserted).toMatchObject([kept])
  expect([first.state.of.issuedAt, first.state.of.counts['pack']]).toEqual([
    { 'pack/0': utc('2024-04-22') },
    { ever: 1, since: 0, times: 1 },
  ])
  const checkpoint = engine.start('u1')
  const second = replay(engine, { checkpoint, tail: first.log }, { remove: ['b'] })
  expect(second.asserted).toMatchObject([{ type: 'b/revoked', data: { issue: kept.data.issue } }])
  expect(second.state.of).toMatchObject({ issuedAt: {}, made: null })
})

test('an event that a replay puts behind what it brought about brings it about once', () => {
  // At one instant: told as order, then card; a replay takes the card first.
  const told = [card('2024-03-01', 'k0'), paid('2024-03-01', 'z'), card('2024-03-01', 'k')]
  const engine = engineOf([
    { ...thanks, issue: [{ on: 'order-paid', when: shop.count('card-bought').gte(2) }] },
  ])
  const { made, held, state } = corrected(engine, told, {}, '2024-03-02')
  expect([made, held, state.of.counts['thanks']!.ever]).toEqual([[], ['thanks/0<z'], 1])
})

test('corrections made one at a time take back what neither left to stand', () => {
  const wake = {
    ...pack,
    issue: [{ each: 'quarter', when: shop.timeSince('order-paid').gte({ days: 20 }) }],
  } as const
  const engine = engineOf([wake])
  const told = [paid('2024-01-05', 'a'), paid('2024-01-26', 'b')]
  const first = corrected(engine, told, { remove: ['a'] }, '2024-01-28')
  expect(first.made).toEqual([`revoked pack/0@${utc('2024-01-25')}`])
  const checkpoint = engine.start('u1')
  const { asserted, log } = replay(engine, { checkpoint, tail: first.log }, { remove: ['b'] })
  expect(asserted).toEqual([])
  expect(replay(engine, { checkpoint, tail: log }).asserted).toEqual([])
})

describe('a limit', () => {
  const limited = { ...thanks, limit: { ever: 1 } }
  test('is nobody exceeding: what was used stands in the place of what is missing', () => {
    const engine = engineOf([limited])
    const told = [paid('2024-03-01', 'a'), use('2024-03-03', 'thanks/0<a')]
    const change = { remove: ['a'], add: [paid('2024-03-02', 'b')] } as never
    expect(corrected(engine, told, change).made).toEqual(['kept thanks/0<a'])
    expect(corrected(engine, told.slice(0, 1), change).made).toEqual([
      'revoked thanks/0<a',
      'issued thanks/0<b',
    ])
  })

  test('of a period is of that period alone', () => {
    const engine = engineOf([{ ...thanks, limit: { times: 1, per: 'month' } }])
    const told = [paid('2024-03-01', 'a'), use('2024-03-03', 'thanks/0<a')]
    const change = (at: string) => ({ remove: ['a'], add: [paid(at, 'b')] }) as never
    expect(corrected(engine, told, change('2024-03-09')).made).toEqual(['kept thanks/0<a'])
    expect(corrected(engine, told, change('2024-04-09')).made).toEqual([
      'kept thanks/0<a',
      'issued thanks/0<b',
    ])
  })
})
