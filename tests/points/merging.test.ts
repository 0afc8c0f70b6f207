// What holders do beside tiers, caps, ends and orders of spending: nothing of one account is lost in another.
import { audit, type Instant, mergePlan, openLots, replay, type transferPlan } from 'liuliang'
import { describe, expect, test } from 'vitest'
import { planRunner, stateStore } from '../support/plan-runner.js'
import { tell, teller, utc } from '../support/story.js'
import { account, pointsWith } from './support/shop.js'

const { paid, refunded, give, event, cancelled } = account()
const close = (at: string) => event(at, 'points/close', { reason: 'asked', points: 'forfeit' as const })

/** Accounts of one engine, by name. */
function world(engine: ReturnType<typeof pointsWith>) {
  const store = stateStore({ points: engine })
  let now = utc('2024-03-13 12:00')
  const state = (subject: string) => store.load('points', subject) as ReturnType<typeof engine.start>
  const told = (subject: string, at: string, type: string, data: object) => {
    const input = { ...teller(subject)(at, type, data), id: `${subject}-${at}-${type}` }
    const outcome = store.decide('points', subject, input as never)
    expect(outcome).toMatchObject({ outcome: 'accepted' })
    expect(audit(engine, state(subject) as never)).toEqual({ findings: [] })
  }
  const run = (plan: ReturnType<typeof transferPlan>) => {
    const runner = planRunner(store, plan, () => ++now)
    for (let i = 0; i < 40 && ['do', 'undo'].includes(runner.next().next); i++) runner.attempt('lives')
    for (const one of ['old', 'new']) expect(audit(engine, state(one) as never)).toEqual({ findings: [] })
    return runner.next()
  }
  const merge = (at: string) => {
    const ask = { id: `merge-${at}`, occurredAt: utc(at), from: 'old', into: 'new' }
    return run(mergePlan(engine, state('old'), ask))
  }
  const view = (subject: string, at: string) => engine.view(state(subject), utc(at))
  return { state, told, merge, view }
}

const level = {
  track: 'level',
  measure: { earned: 'points' },
  window: { this: 'year' },
  levels: [
    { tier: 'silver', from: 100 },
    { tier: 'gold', from: 150 },
  ],
  hold: { months: 3 },
}
const bought = (orderId: string, amount: string) => ({ orderId, amount })

describe('an account that is taken over', () => {
  test('keeps the ends that activity has put off: of what is there, what was spent and what was sent', () => {
    const engine = pointsWith({ expires: { inactive: { months: 6 }, activity: ['order-paid'] } })
    const { told, merge, view, state } = world(engine)
    told('old', '2024-01-15', 'order-paid', bought('o1', '100'))
    told('old', '2024-01-20', 'points/redeem', { points: 50 })
    told('old', '2024-01-21', 'points/send', { points: 7, to: 'bob', transfer: 't' })
    told('old', '2024-06-15', 'order-paid', bought('o2', '10'))
    told('new', '2024-06-10', 'points/earn', { points: 200, reason: 'a present' })
    expect(merge('2024-07-01')).toEqual({ next: 'done' })
    const lots = () =>
      [...openLots(state('new').of.books['points']!.lots)].map(({ of, remaining }) => [of?.[1], remaining])
    expect(lots()).toEqual([
      [undefined, 200],
      ['o1', 43],
      ['o2', 10],
    ])
    // A refund finds what its order earned, before anything that ends sooner.
    told('new', '2024-07-02', 'order-refunded', bought('o1', '3'))
    expect(lots()).toEqual([
      [undefined, 200],
      ['o1', 40],
      ['o2', 10],
    ])
    // After the own end of its lot, and before the one that activity gave it.
    told('new', '2024-08-01', 'points/refund', { redemption: 'old-2024-01-20-points/redeem' })
    told('new', '2024-08-01', 'points/reverse', { of: 'old-2024-01-21-points/send' })
    expect(view('new', '2024-08-01').balance).toBe(307)
    told('new', '2024-08-02', 'order-refunded', bought('o1', '90'))
    expect(lots()).toEqual([
      [undefined, 200],
      ['o1', 7],
      ['o2', 10],
    ])
    expect(view('new', '2024-12-10').balance).toBe(17)
    expect(view('new', '2024-12-15').balance).toBe(0)
  })

  test('keeps what expired to be reinstated, and what was spent to be given back', () => {
    const engine = pointsWith({ expires: { days: 10 }, spend: 'oldest' })
    const { told, merge, view, state } = world(engine)
    told('new', '2024-03-01', 'points/earn', { points: 7, reason: 'a present' })
    told('old', '2024-03-01', 'points/earn', { points: 30, reason: 'a present' })
    told('old', '2024-03-02', 'points/redeem', { points: 12, for: { amount: '1.20', currency: 'CNY' } })
    told('old', '2024-03-12', 'points/earn', { points: 5, reason: 'a present' })
    expect(merge('2024-03-13')).toEqual({ next: 'done' })
    const ranks = [...openLots(state('new').of.books['points']!.lots)].map(({ rank }) => rank)
    expect(ranks).toEqual([utc('2024-03-12')])
    told('new', '2024-03-14', 'points/reinstate', { until: utc('2024-06-01'), reason: 'moved' })
    expect(view('new', '2024-03-14').balance).toBe(7 + 18 + 5)
    told('new', '2024-03-15', 'points/refund', { redemption: 'old-2024-03-02-points/redeem', amount: '0.60' })
    const { totals } = view('new', '2024-03-15')
    expect(totals).toMatchObject({ redeemed: 12, refunded: 6, reinstated: 25 })
  })

  test('brings what it used of caps, what waits, and what was earned towards tiers', () => {
    const engine = pointsWith({
      caps: [{ cap: 'monthly', atMost: 120, per: { this: 'month' }, overflow: 'carry' }],
      tiers: [level],
    } as never)
    const { told, merge, view, state } = world(engine)
    told('old', '2024-03-01', 'order-paid', bought('a', '130'))
    told('new', '2024-03-02', 'order-paid', bought('b', '60'))
    expect(view('old', '2024-03-02')).toMatchObject({ balance: 120, tiers: { level: { tier: 'silver' } } })
    expect(view('new', '2024-03-02')).toMatchObject({ balance: 60, tiers: { level: { tier: null } } })
    expect(merge('2024-03-05')).toEqual({ next: 'done' })
    const after = view('new', '2024-03-05')
    expect(after).toMatchObject({ balance: 180, tiers: { level: { tier: 'gold', measured: 180 } } })
    expect(view('old', '2024-03-05')).toMatchObject({ balance: 0, tiers: { level: { tier: null } } })
    told('new', '2024-03-06', 'order-paid', bought('c', '5'))
    expect(view('new', '2024-03-06').balance).toBe(180)
    // In April there is room again: what waited is paid in the order in which it began to.
    told('new', '2024-04-02', 'order-paid', bought('d', '1'))
    expect(view('new', '2024-04-02').balance).toBe(180 + 10 + 5 + 1)
    expect(state('new').of.limits.waiters).toBe(0)
  })

  test('leaves a tier that was set by hand for as long as it was', () => {
    const engine = pointsWith({ tiers: [level] } as never)
    const { told, merge, view } = world(engine)
    const until = utc('2024-09-01')
    told('old', '2024-03-01', 'points/set-tier', { track: 'level', tier: 'gold', until, reason: 'a favour' })
    told('new', '2024-03-01', 'order-paid', bought('b', '110'))
    merge('2024-03-05')
    expect(view('new', '2024-03-05')).toMatchObject({ tiers: { level: { tier: 'gold', until } } })
  })

  test('and takes itself back, has all of that again', () => {
    const engine = pointsWith({ tiers: [level], expires: { days: 10 }, keepOrigins: { days: 90 } } as never)
    const { told, merge, view, state } = world(engine)
    told('old', '2024-03-01', 'order-paid', bought('a', '130'))
    told('old', '2024-03-02', 'points/redeem', { points: 30 })
    told('old', '2024-03-12', 'order-paid', bought('b', '9'))
    told('new', '2024-03-12', 'points/close', { reason: 'asked', points: 'forfeit' })
    const before = view('old', '2024-03-13')
    expect(merge('2024-03-13')).toMatchObject({ next: 'failed' })
    const { totals: _, holder: __, ...stands } = before
    expect(view('old', '2024-03-13 18:00')).toMatchObject({
      balance: 9,
      next: stands.next,
      tiers: before.tiers,
    })
    told('old', '2024-03-14', 'points/reinstate', { until: utc('2024-06-01'), reason: 'moved' })
    told('old', '2024-03-15', 'points/refund', { redemption: 'old-2024-03-02-points/redeem' })
    expect(view('old', '2024-03-15').totals).toMatchObject({ reinstated: 200 })
    expect(state('old').of.fading).not.toBeNull()
  })
})

test('lots that activity has put off are found by what refers to them', () => {
  const engine = pointsWith({
    pending: { days: 12 },
    expires: { inactive: { days: 20 }, activity: ['order-paid', 'points/redeemed'] },
  } as never)
  const { told, merge, view, state } = world(engine)
  told('old', '2024-03-01', 'order-paid', bought('a', '30'))
  told('old', '2024-03-05', 'order-paid', bought('b', '7'))
  told('new', '2024-03-05', 'points/earn', { points: 100, reason: 'a present' })
  expect(merge('2024-03-06')).toEqual({ next: 'done' })
  told('new', '2024-03-07', 'order-refunded', bought('a', '30'))
  expect(view('new', '2024-03-07')).toMatchObject({ balance: 100, pending: 7 })
  told('new', '2024-03-08', 'points/confirm', { origin: 'b' })
  expect(view('new', '2024-03-08')).toMatchObject({ balance: 107, pending: 0 })
  expect(audit(engine, state('new') as never)).toEqual({ findings: [] })
})

describe('rewards that were claimed', () => {
  const mug = {
    reward: 'mug',
    price: { points: 20 },
    limits: [{ limit: 'yearly', most: 2, within: { this: 'year' } }],
  }
  const rewards = [
    { ...mug, keep: { days: 90 } },
    { reward: 'tea', price: { points: 5 } },
  ]
  const merged = () => {
    const known = world(pointsWith({ rewards } as never))
    known.told('old', '2024-03-01', 'points/earn', { points: 70, reason: 'a present' })
    known.told('new', '2024-03-01', 'points/earn', { points: 70, reason: 'a present' })
    known.told('old', '2024-03-02', 'points/claim', { reward: 'mug' })
    known.told('new', '2024-03-02', 'points/claim', { reward: 'mug' })
    expect(known.merge('2024-03-13')).toEqual({ next: 'done' })
    return known
  }

  test('count of both, and come back to the account that is left', () => {
    const { told, view, state } = merged()
    const limits = (at: string) => view('new', at).rewards!.limits
    expect(limits('2024-03-14')).toMatchObject([{ reward: 'mug', limit: 'yearly', used: 2, left: 0 }])
    told('new', '2024-03-15', 'points/return', { claim: 'old-2024-03-02-points/claim' })
    expect(view('new', '2024-03-15').balance).toBe(50 + 50 + 20)
    expect(limits('2024-03-15')).toMatchObject([{ used: 1, left: 1 }])
    expect(state('old').of.rewards!.claims).toBeNull()
    expect(state('old').of.rewards!.uses).toEqual({ used: null, stops: null })
  })

  test('are named after the account before, where both know the name', () => {
    const engine = pointsWith({ rewards } as never)
    type State = ReturnType<typeof engine.start>
    const decided = (state: State, command: object): State => {
      const outcome = engine.decide(state, command as never)
      if (outcome.outcome !== 'accepted') throw new Error(JSON.stringify(outcome))
      return outcome.state
    }
    const claimed = (subject: string) => {
      const event = teller(subject)
      return [
        event('2024-03-01', 'points/earn', { points: 70, reason: 'a present' }, 'e'),
        event('2024-03-02', 'points/claim', { reward: 'mug' }, 'c'),
      ].reduce(decided, engine.start(subject))
    }
    const ask = { id: 'm', occurredAt: utc('2024-03-13'), from: 'old', into: 'new' }
    const [out, into] = mergePlan(engine, claimed('old'), ask).steps
    expect(out!.subject).toBe('old')
    const both = [
      into!.command,
      ...['c', 'old>c'].map((claim) =>
        teller('new')('2024-03-14', 'points/return', { claim }, `back ${claim}`),
      ),
    ].reduce(decided, claimed('new'))
    expect(engine.view(both, both.at!).balance).toBe(140)
  })

  test('and an estate that makes some up is none', () => {
    const engine = pointsWith({ rewards } as never)
    const old = tell(engine, [give('2024-03-01', 5)]).state
    const ask = { id: 'm', occurredAt: utc('2024-03-13'), from: 'u1', into: 'new' }
    const { command } = mergePlan(engine, old, ask).steps[1]!
    const { estate } = command.data as { readonly estate: { readonly rewards: unknown } }
    const refusalOf = (rewards: unknown) => {
      const data = { ...command.data, estate: { ...estate, rewards } }
      const outcome = engine.decide(engine.start('new'), { ...command, data } as never)
      return outcome.outcome === 'refused' ? outcome.refusal.code : outcome.outcome
    }
    const claim = {
      ...{
        id: 'c',
        reward: 'mug',
        status: 'completed',
        quantity: 1,
        points: 20,
        currency: 'points',
        money: null,
      },
      ...{ stock: null, since: 0, until: null, keptUntil: null, leaves: {} },
    }
    expect(refusalOf({ claims: [claim], used: [] })).toBe('accepted')
    for (const wrong of [
      null,
      { claims: [{ ...claim, status: 'open', until: 9e12 }], used: [] },
      { claims: [{ ...claim, quantity: -1 }], used: [] },
      { claims: [{ ...claim, leaves: { yearly: 'soon' } }], used: [] },
      { claims: [{ ...claim, money: { minor: 0.5, currency: 'CNY' } }], used: [] },
      { claims: [], used: [{ holder: 'mug>yearly', until: 1, amount: -3 }] },
      { claims: [] },
    ])
      expect(refusalOf(wrong)).toBe('malformed-parts')
  })
})

describe('an account that is closed', () => {
  test('loses what waits for room, and pays none of it when it is opened again', () => {
    const engine = pointsWith({
      caps: [{ cap: 'monthly', atMost: 60, per: { this: 'month' }, overflow: 'carry' }],
    })
    const { state } = tell(engine, [
      paid('2024-03-01', 'a', '100'),
      close('2024-03-02'),
      event('2024-04-03', 'points/enrol', {}),
      paid('2024-04-04', 'b', '7'),
      cancelled('2024-04-05', 'a'),
    ])
    expect(engine.view(state, utc('2024-04-05'))).toMatchObject({ balance: 7, totals: { forfeited: 60 } })
    expect(audit(engine, state)).toEqual({ findings: [] })
  })

  test('what is forfeited does not come back', () => {
    const engine = pointsWith({ expires: { days: 10 } })
    const { state } = tell(engine, [
      give('2024-03-01', 5),
      close('2024-03-02'),
      event('2024-03-03', 'points/enrol', {}),
    ])
    expect(state.of.lapsed['points']).toBeNull()
  })
})

describe('an account begins when its holder enrols', () => {
  const track = { ...level, window: { years: 1, from: 'enrolment' }, hold: 'none' }
  const starts = (terms: object, inputs: readonly object[], at: Instant) => {
    const engine = pointsWith({ tiers: [track], ...terms } as never)
    const { state } = tell(engine, inputs as never)
    const { tiers } = engine.view(state, at)
    return tiers!['level']!.window!.start
  }
  const at = utc('2024-06-01')

  test('with the first thing that happens, where nobody has to', () => {
    expect(starts({}, [paid('2024-03-05 10:00', 'a', '1')], at)).toBe(utc('2024-03-05'))
  })
  test('at the moment that enrolling names', () => {
    const enrol = event('2024-03-06', 'points/enrol', { at: utc('2023-07-01 12:00') })
    expect(starts({}, [paid('2024-03-05', 'a', '1'), enrol], at)).toBe(utc('2023-07-01'))
    expect(starts({ enrolment: {} }, [enrol, paid('2024-03-07', 'a', '1')], at)).toBe(utc('2023-07-01'))
  })
  test('with the event that enrols, whatever was heard before', () => {
    const terms = { enrolment: { on: 'post-published', before: 'earned-at-enrolment' } }
    const joined = event('2024-04-01 08:00', 'post-published', { likes: 1 })
    expect(starts(terms, [paid('2024-03-05', 'a', '1'), joined], at)).toBe(utc('2024-04-01'))
  })
  test('and anniversaries of its points are those of that day', () => {
    const engine = pointsWith({ expires: { anniversary: 'enrolment' } })
    const { state } = tell(engine, [
      event('2024-03-06', 'points/enrol', { at: utc('2023-07-01 12:00') }),
      give('2024-03-07', 5),
      event('2024-03-08', 'points/adjust', { points: 3, reason: 'a mistake', by: 'desk' }),
    ])
    expect(engine.view(state, at).next).toEqual({ what: 'expires', at: utc('2024-07-01'), points: 8 })
  })
})

test('what is owed at the instant of enrolling is settled once, whatever is corrected later', () => {
  const engine = pointsWith({
    enrolment: { before: 'earned-at-enrolment' },
    keepOrigins: { days: 90 },
  })
  const at = '2024-03-06 10:00'
  // In which order a log has what happened at one instant depends on names.
  for (let i = 0; i < 20; i++) {
    const named = <E extends { readonly id: string }>(input: E) => ({ ...input, id: `${i}-${input.id}` })
    const inputs = [
      refunded('2024-03-01', 'unheard', '20'),
      event('2024-03-02', 'post-published', { likes: 1 }),
      event('2024-03-03', 'post-published', { likes: 2 }),
      event(at, 'points/enrol', {}),
      paid(at, 'c', '40'),
      refunded(at, 'unknown', '1'),
      event('2024-03-07', 'post-published', { likes: 3 }),
    ].map(named)
    const { log, state } = tell(engine, inputs as never)
    expect(engine.view(state, state.at!).balance).toBe(40)
    const checkpoint = engine.start('u1')
    const without = replay(engine, { checkpoint, tail: log }, { remove: [inputs.at(-1)!.id] })
    const again = replay(engine, { checkpoint, tail: without.log }, { remove: [inputs[1]!.id] })
    const rest = replay(engine, { checkpoint, tail: again.log })
    expect([rest.retracted, rest.asserted]).toEqual([[], []])
    const said = again.log.filter(({ type }) => type === 'points/unmatched')
    expect(said.map(({ data }) => (data as { origin: string }).origin).sort()).toEqual(['unheard', 'unknown'])
    expect(engine.view(again.state, again.state.at!).balance).toBe(40)
  }
})

describe('the order of spending', () => {
  test('holds what is adjusted, received and given back by hand too', () => {
    const engine = pointsWith({ spend: 'oldest', expires: { days: 50 }, transfers: { expiry: 'reset' } })
    const parts = [{ lot: 0, amount: 4, expiresAt: utc('2024-04-01') }]
    const { state } = tell(engine, [
      give('2024-03-01', 5),
      event('2024-03-02', 'points/adjust', { points: 3, reason: 'a mistake', by: 'desk' }),
      event('2024-03-03', 'points/receive', { from: 'ann', transfer: 't', parts }),
    ])
    const lots = [...openLots(state.of.books['points']!.lots)].map(({ rank, remaining }) => [rank, remaining])
    expect(lots).toEqual([
      [utc('2024-03-01'), 5],
      [utc('2024-03-02'), 3],
      [utc('2024-03-03'), 4],
    ])
    expect(audit(engine, state)).toEqual({ findings: [] })
  })

  test('reversal finds lots whose end was put off', () => {
    const engine = pointsWith({ expires: { days: 50 } })
    const { state } = tell(engine, [
      give('2024-03-01', 5, 'first'),
      give('2024-03-02', 8, 'second'),
      event('2024-03-03', 'points/extend', { lots: [1], until: utc('2025-01-01'), reason: 'late' }),
      event('2024-03-04', 'points/reverse', { of: 'second' }),
    ])
    expect(
      [...openLots(state.of.books['points']!.lots)].map(({ lot, remaining }) => [lot, remaining]),
    ).toEqual([[0, 5]])
  })
})
