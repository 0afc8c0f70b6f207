// What was decided about points stays; what turned out differently is made up for by compensating events.
import { replay, restore } from 'liuliang'
import { describe, expect, test } from 'vitest'
import { outline, tell, utc } from '../support/story.js'
import { account, pointsWith, shop } from './support/shop.js'

const engine = pointsWith({ expires: { days: 60 } })
const { paid, refunded, redeem, give } = account()
const checkpoint = engine.start('u1')
const orders = [paid('2024-03-01', 'a', '30', {}), paid('2024-03-10', 'c', '50')]
const { log: tail } = tell(engine, orders)
const late = { ...paid('2024-03-05', 'b', '20'), recordedAt: utc('2024-03-20') }

describe('an order that came late', () => {
  test('earns now, dated at its own time, with the terms of its own time', () => {
    const { asserted, retracted, state } = replay(engine, { checkpoint, tail }, { add: [late] })
    expect(retracted).toEqual([])
    expect(asserted).toMatchObject([
      {
        type: 'points/earned',
        occurredAt: utc('2024-03-20'),
        effectiveAt: utc('2024-03-05'),
        data: { points: 20, origin: 'b', expiresAt: utc('2024-05-04'), reason: { code: 'corrected' } },
      },
    ])
    expect(engine.view(state, utc('2024-03-20')).balance).toBe(100)
  })

  test.each([
    ['when nothing else is said, when it was learned', {}, '2024-03-20', '2024-03-05'],
    ['at an instant of choice', { at: utc('2024-04-01') }, '2024-04-01', '2024-03-05'],
    [
      'in the open period',
      { correct: 'open-period', openSince: utc('2024-03-15') },
      '2024-03-20',
      '2024-03-15',
    ],
    [
      'in the open period, when that began before',
      { correct: 'open-period', openSince: utc('2024-03-03') },
      '2024-03-20',
      '2024-03-05',
    ],
    ['in an open period that begins now', { correct: 'open-period' }, '2024-03-20', '2024-03-20'],
  ] as const)('is posted %s', (_, how, occurredAt, effectiveAt) => {
    const { asserted } = replay(engine, { checkpoint, tail }, { add: [late], ...how })
    expect(asserted).toMatchObject([{ occurredAt: utc(occurredAt), effectiveAt: utc(effectiveAt) }])
  })

  test('that has expired by now is earned and expires', () => {
    const { asserted } = replay(engine, { checkpoint, tail }, { add: [late], at: utc('2024-05-20') })
    expect(outline(asserted)).toEqual([
      'points/expired 30',
      'points/expired 50',
      'points/earned 20',
      'points/expired 20',
    ])
  })

  test('once corrected, there is nothing left to correct', () => {
    const first = replay(engine, { checkpoint, tail }, { add: [late] })
    expect(restore(engine, 'u1', first.log)).toEqual(first.state)
    const second = replay(engine, { checkpoint, tail: first.log }, { add: [late] })
    expect([second.asserted, second.retracted]).toEqual([[], []])
    expect(second.state).toEqual(first.state)
  })

  test('nothing before it is touched', () => {
    const { log } = replay(engine, { checkpoint, tail }, { add: [late] })
    expect(log.slice(0, 2)).toEqual(tail.slice(0, 2))
    expect(log.filter(({ id }) => tail.some((one) => one.id === id))).toEqual(tail)
  })
})

describe('an order that never was', () => {
  test('is taken back', () => {
    const { asserted, state, log } = replay(engine, { checkpoint, tail }, { remove: [orders[0]!.id] })
    expect(asserted).toMatchObject([
      { type: 'points/clawed-back', effectiveAt: utc('2024-03-01'), data: { points: 30, deficit: 0 } },
    ])
    expect(engine.view(state, state.at!).balance).toBe(50)
    expect(log.some(({ id }) => id === orders[0]!.id)).toBe(false)
  })

  test('and was spent becomes a deficit', () => {
    const spent = tell(engine, [...orders, redeem('2024-03-11', 80)])
    const { state } = replay(engine, { checkpoint, tail: spent.log }, { remove: [orders[1]!.id] })
    expect(engine.view(state, state.at!).balance).toBe(-50)
  })

  test('or was another: removed and added under the same id', () => {
    const right = { ...orders[0]!, data: { orderId: 'a', amount: '12' } }
    const { asserted, state } = replay(engine, { checkpoint, tail }, { remove: [right.id], add: [right] })
    expect(outline(asserted)).toEqual(['points/clawed-back 18'])
    expect(engine.view(state, state.at!).balance).toBe(62)
  })
})

test('a late order brings back the multiplier that a later one should have had', () => {
  const second = pointsWith({
    earning: [
      {
        rule: 'purchase',
        on: 'order-paid',
        earns: { points: 1, per: '1', of: 'amount' },
        origin: 'orderId',
        multiply: [{ by: '2', when: shop.count('order-paid').gte(3) }],
      },
    ],
  })
  const { log } = tell(second, orders)
  const { asserted } = replay(second, { checkpoint: second.start('u1'), tail: log }, { add: [late] })
  expect(asserted.map(({ data }) => data)).toMatchObject([
    { origin: 'b', points: 20 },
    { origin: 'c', points: 50 },
  ])
})

test('a late refund takes back; before its order it takes nothing', () => {
  const add = (at: string) =>
    replay(engine, { checkpoint, tail }, { add: [refunded(at, 'a', '15')] }).asserted
  expect(outline(add('2024-03-05'))).toEqual(['points/clawed-back 15'])
  expect(add('2024-02-01')).toEqual([])
})

test('a refund that is learned at its own instant takes back once', () => {
  const add = [refunded('2024-03-20', 'a', '15')]
  const { asserted } = replay(engine, { checkpoint, tail }, { add })
  expect(outline(asserted)).toEqual(['points/clawed-back 15'])
})

test('the orders of another subject who is the same person are taken over', () => {
  const theirs = account('u2').paid('2024-03-05', 'z', '5')
  const { asserted, state, log } = replay(
    engine,
    { checkpoint, tail },
    { merge: { subject: 'u2', events: [{ ...theirs, id: 'theirs' }] } },
  )
  expect(asserted).toMatchObject([{ subject: 'u1', data: { origin: 'z', points: 5 } }])
  expect(engine.view(state, state.at!).balance).toBe(85)
  expect(log.every(({ subject }) => subject === 'u1')).toBe(true)
})

describe('from a checkpoint', () => {
  const halfway = tell(engine, [orders[0]!])
  const rest = tail.slice(2)

  test('before the change it is the same as from the start', () => {
    const whole = replay(engine, { checkpoint, tail }, { add: [late] })
    const half = replay(engine, { checkpoint: halfway.state, tail: rest }, { add: [late] })
    expect(half.state).toEqual(whole.state)
    expect(half.asserted).toEqual(whole.asserted)
  })

  test('after the change there is nothing to go by', () => {
    const tooLate = () =>
      replay(engine, { checkpoint: halfway.state, tail: rest }, { add: [paid('2024-02-01', 'x', '1')] })
    expect(tooLate).toThrow(expect.objectContaining({ code: 'as-of-before-state', path: '$.checkpoint' }))
  })
})

test('a fact that the door would refuse is a mistake of who adds it', () => {
  const broken = { ...late, data: { orderId: 'b' } } as never
  expect(() => replay(engine, { checkpoint, tail }, { add: [broken] })).toThrow(
    expect.objectContaining({ code: 'wrong-type', value: 'missing-field' }),
  )
})

// What a correction has settled is not paid again, and what is left over is corrected with it.
test('a corrected order that is learned at its own instant earns once', () => {
  const right = paid('2024-03-20', 'c', '30')
  const { state } = replay(engine, { checkpoint, tail }, { remove: [orders[1]!.id], add: [right] })
  expect(engine.view(state, state.at!).balance).toBe(60)
})

test('a refund of less than a point, learned at its own instant, counts once', () => {
  const { state } = replay(engine, { checkpoint, tail }, { add: [refunded('2024-03-20', 'a', '0.60')] })
  expect(engine.view(state, state.at!).balance).toBe(80)
})

test('what an order that never was had left over does not help the next one to a point', () => {
  const thirds = pointsWith({
    earning: [
      { rule: 'purchase', on: 'order-paid', earns: { points: 1, per: '3', of: 'amount' }, origin: 'orderId' },
    ],
  })
  const never = paid('2024-03-01', 'a', '2')
  const { log } = tell(thirds, [never, paid('2024-03-02', 'b', '3')])
  const { state } = replay(thirds, { checkpoint: thirds.start('u1'), tail: log }, { remove: [never.id] })
  expect(outline(tell(thirds, [paid('2024-03-03', 'c', '1')], state).log)).toContain('points/earned 0')
})

test('points given by hand stay as they are', () => {
  const given = tell(engine, [...orders, give('2024-03-11', 7)])
  const { asserted, state } = replay(engine, { checkpoint, tail: given.log }, { add: [late] })
  expect(outline(asserted)).toEqual(['points/earned 20'])
  expect(engine.view(state, state.at!).balance).toBe(107)
})
