import { dueList, dueMoves, nextMoves } from 'liuliang'
import { describe, expect, test } from 'vitest'
import { runs } from '../support/size.js'
import { tell, teller, utc } from '../support/story.js'
import { customer } from './support/customer.js'

const DAY = 86_400_000
const stateOf = (subject: string, day: number) => {
  const event = teller(subject)
  return tell(
    customer,
    [event(utc('2024-01-01') + day * DAY, 'order-paid', { amount: '120' })],
    customer.start(subject),
  ).state
}
const states = ['d', 'b', 'c', 'a'].map((subject, i) => stateOf(subject, [9, 3, 3, 200][i]!))

describe('a due list', () => {
  test('says who moves in a window, when and why, in the order of the instants', () => {
    const list = dueList(customer, states, { from: utc('2024-03-01'), until: utc('2024-03-31') })
    expect(list.map(({ subject, from, to, at, rule }) => [subject, from, to, at, rule])).toEqual([
      ['b', 'new', 'dormant', utc('2024-03-04'), '$.rules.new[1]'],
      ['c', 'new', 'dormant', utc('2024-03-04'), '$.rules.new[1]'],
      ['d', 'new', 'dormant', utc('2024-03-10'), '$.rules.new[1]'],
    ])
    expect(list[0]!.reason).toEqual({ code: 'inactive', since: utc('2024-01-04'), for: { days: 60 } })
  })

  test('has the window [from, until), and every move of a chain', () => {
    const at = utc('2024-03-04')
    const who = (from: number, until: number) =>
      dueList(customer, [states[1]!], { from, until }).map(({ to }) => to)
    expect(who(at, at + 1)).toEqual(['dormant'])
    expect(who(at - 1, at)).toEqual([])
    expect(who(at + 1, at + DAY)).toEqual([])
    expect(who(at, utc('2025-01-01'))).toEqual(['dormant', 'lapsed'])
    // What time had done before is taken as done.
    expect(who(at + DAY, utc('2025-01-01'))).toEqual(['lapsed'])
    const first = { from: at, until: utc('2025-01-01'), most: 1 }
    expect(dueList(customer, [states[1]!], first).map(({ to }) => to)).toEqual(['dormant'])
  })

  test('takes states from later than the window, and those of whom nothing is known', () => {
    const window = { from: utc('2024-01-01'), until: utc('2024-09-20') }
    const late = [states[3]!, customer.start('e')]
    expect(dueList(customer, late, window).map(({ to, at }) => [to, at])).toEqual([
      ['dormant', utc('2024-09-17')],
    ])
  })

  test('reads a stream once, and gives what it finds as it goes', () => {
    let read = 0
    function* stream() {
      for (const state of states) {
        read += 1
        yield state
      }
    }
    const moves = dueMoves(customer, stream(), { from: utc('2024-03-01'), until: utc('2024-03-31') })
    expect(moves.next().value).toMatchObject({ subject: 'd' })
    expect(read).toBe(1)
    expect([...moves].map(({ subject }) => subject)).toEqual(['b', 'c'])
    expect(read).toBe(4)
  })

  test('agrees with following each subject by itself', () => {
    const many = Array.from({ length: runs(300, 5000) }, (_, i) => stateOf(`s${i}`, (i * 7919) % 400))
    const [from, until] = [utc('2024-05-01'), utc('2024-11-01')]
    const each = many.flatMap((state) =>
      nextMoves(customer, state, Math.max(from - 1, state.at!), { until }).map((move) => ({
        subject: state.subject,
        ...move,
      })),
    )
    expect([...dueMoves(customer, many, { from, until })]).toEqual(each)
    expect(each.length).toBeGreaterThan(many.length / 3)
  })

  test('refuses states of others', () => {
    const window = { from: utc('2024-03-01'), until: utc('2024-03-31') }
    const other = { ...states[0]!, definition: '000000000000' }
    expect(() => dueList(customer, [other], window)).toThrow(
      expect.objectContaining({ code: 'other-definition' }),
    )
    expect(() => dueList(customer, states, { ...window, until: window.from - 1 })).toThrow(
      expect.objectContaining({ code: 'out-of-range' }),
    )
  })
})
