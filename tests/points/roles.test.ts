// What is earned in a role is confirmed and taken back in it: nobody earns by naming others in an order that is refunded.
import {
  audit,
  defineEvents,
  definePoints,
  money,
  type PointsDefinition,
  pointsFrom,
  ref,
  replay,
  text,
} from 'liuliang'
import { definitionChanges } from 'liuliang/points'
import { describe, expect, test } from 'vitest'
import { tell, teller, utc } from '../support/story.js'

const named = { household: ref('pool').optional(), referrer: ref('referrer').optional() }
const shop = defineEvents({
  'order-paid': { orderId: text(), amount: money('CNY'), ...named },
  'order-received': { orderId: text(), ...named },
  'order-refunded': { orderId: text(), amount: money('CNY'), ...named },
})
type Terms = Partial<PointsDefinition<'points', typeof shop.events>>
const rate = { on: 'order-paid', origin: 'orderId', earns: { points: 1, per: '1', of: 'amount' } } as const
const own = { rule: 'buy', ...rate } as const
const pooled = { rule: 'pooled', as: 'pool', ...rate } as const
const refers = { rule: 'refers', as: 'referrer', ...rate } as const
const taken = { on: 'order-refunded', origin: 'orderId', of: 'amount' } as const
const pointsWith = (terms: Terms) =>
  definePoints({
    id: 'points',
    version: 1,
    calendar: { zone: 'UTC' },
    events: shop,
    earning: [pooled],
    clawback: [taken],
    pools: { earnAs: 'pool' },
    ...terms,
  })
const [ann, bob, fam] = [teller('ann'), teller('bob'), teller('fam')]
const paid = (who: typeof ann, at: string, orderId: string, amount: string, more: object = {}) =>
  who(at, 'order-paid', { orderId, amount, household: 'fam', ...more }, `paid-${orderId}-${at}`)
const refunded = (who: typeof ann, at: string, orderId: string, amount: string, more: object = {}) =>
  who(at, 'order-refunded', { orderId, amount, household: 'fam', ...more }, `back-${orderId}-${at}`)

/** What an account has after some inputs, and what it made of the last of them. */
function told(terms: Terms, inputs: readonly unknown[], subject = 'fam') {
  const engine = pointsWith(terms)
  const { state, log } = tell(engine, inputs as never, engine.start(subject))
  expect(audit(engine, state, log)).toEqual({ findings: [] })
  const { balance, pending, members } = engine.view(state, state.at!)
  const types = log.map(({ type }): string => type)
  const last = Math.max(...types.map((type, i) => (type.startsWith('order-') ? i : 0)))
  return {
    balance,
    pending,
    members: members?.map(({ member, available }) => `${member} ${available}`),
    types: types.slice(last + 1),
  }
}

const order = paid(ann, '2024-03-01', 'o1', '100')

describe('a refund takes back what was earned in a role', () => {
  test('of a pool, without being told of the role', () => {
    expect(told({}, [order, refunded(ann, '2024-03-02', 'o1', '100')])).toMatchObject({
      balance: 0,
      types: ['points/clawed-back'],
    })
    const parts = [refunded(ann, '2024-03-02', 'o1', '33.34'), refunded(ann, '2024-03-03', 'o1', '33.33')]
    expect(told({}, [order, ...parts]).balance).toBe(34)
  })

  test('of a referrer, and not of the one whose own order it was not', () => {
    const terms = { earning: [own, refers], pools: {} }
    const theirs = paid(ann, '2024-03-01', 'o1', '100', { referrer: 'bob' })
    const back = refunded(ann, '2024-03-02', 'o1', '40', { referrer: 'bob' })
    expect(told(terms, [theirs, back], 'bob').balance).toBe(60)
    expect(told(terms, [theirs, back], 'ann').balance).toBe(60)
    // An order of one's own of the same name is another order.
    const mine = paid(bob, '2024-03-01', 'o1', '7')
    expect(told(terms, [mine, back], 'bob')).toMatchObject({ balance: 7, types: [] })
  })

  test('told as an event of its own', () => {
    const back = refunded(fam, '2024-03-02', 'o1', '60', { household: undefined })
    expect(told({}, [order, back])).toMatchObject({ balance: 40, members: ['ann 40'] })
  })

  test('in both roles at once, once under each rule', () => {
    const both = { referrer: 'ann' }
    const terms = { earning: [own, refers], pools: {} }
    const inputs = [paid(ann, '2024-03-01', 'o1', '100', both), refunded(ann, '2024-03-02', 'o1', '30', both)]
    expect(told(terms, inputs, 'ann').balance).toBe(140)
  })

  test('in the role that its rule names, and in no other', () => {
    const terms = (as: string): Terms => ({ clawback: [{ ...taken, as }] })
    const back = refunded(ann, '2024-03-02', 'o1', '100')
    expect(told(terms('pool'), [order, back]).balance).toBe(0)
    expect(told(terms('referrer'), [order, back])).toMatchObject({ balance: 100, types: [] })
    // A role that is named takes back what was earned in any: whoever is refunded need not be who tells it.
    const byBob = refunded(bob, '2024-03-02', 'o1', '100', { household: undefined, referrer: 'fam' })
    expect(told(terms('referrer'), [order, byBob]).balance).toBe(0)
  })

  test('once, where one rule is for all and another for the role', () => {
    const clawback = [taken, { ...taken, as: 'pool' }] as const
    const inputs = [order, refunded(ann, '2024-03-02', 'o1', '30')]
    expect(told({ clawback }, inputs)).toMatchObject({ balance: 70, types: ['points/clawed-back'] })
    const own = paid(fam, '2024-03-01', 'o1', '100')
    expect(told({ clawback }, [own, refunded(fam, '2024-03-02', 'o1', '30')]).balance).toBe(70)
  })

  test('by the rule that names the role, where another one names none', () => {
    const whole = { on: 'order-refunded', origin: 'orderId', as: 'pool' } as const
    const inputs = [order, refunded(ann, '2024-03-02', 'o1', '30')]
    expect(told({ clawback: [taken, whole] }, inputs).balance).toBe(0)
    expect(told({ clawback: [taken, { ...whole, as: 'referrer' }] }, inputs).balance).toBe(70)
  })

  test('of which nothing is known any more: it is said in a role in which something earns, and in no other', () => {
    const keepOrigins = { days: 30 }
    const late = refunded(ann, '2024-06-02', 'o1', '100', { referrer: 'bob' })
    expect(told({ keepOrigins }, [order, late]).types).toEqual(['points/unmatched'])
    expect(told({ keepOrigins, clawback: [{ ...taken, as: 'pool' }] }, [order, late]).types).toEqual([
      'points/unmatched',
    ])
    expect(told({ keepOrigins }, [late], 'bob').types).toEqual([])
  })

  test('when it comes late', () => {
    const engine = pointsWith({})
    const { state, log } = tell(
      engine,
      [order, paid(bob, '2024-03-05', 'o2', '10')] as never,
      engine.start('fam'),
    )
    const result = replay(
      engine,
      { checkpoint: engine.start('fam'), tail: log },
      {
        add: [refunded(ann, '2024-03-02', 'o1', '100')] as never,
        at: utc('2024-03-06'),
      },
    )
    expect(engine.view(state, state.at!).balance).toBe(110)
    expect(engine.view(result.state, utc('2024-03-06'))).toMatchObject({
      balance: 10,
      members: [{ member: 'bob', available: 10 }],
    })
  })
})

describe('in a pool a refund takes from whom the order is of', () => {
  const bobs = paid(bob, '2024-03-01', 'o2', '100')
  const spent = fam('2024-03-02', 'points/redeem', { points: 100 })
  const again = paid(ann, '2024-03-03', 'o3', '50')

  test('first what the order earned', () => {
    const back = refunded(bob, '2024-03-02', 'o2', '100')
    expect(told({}, [order, bobs, back]).members).toEqual(['ann 100'])
  })

  test('then what else the member has there, then what others have', () => {
    const inputs = [order, bobs, spent, again]
    expect(told({}, inputs).members).toEqual(['ann 50', 'bob 100'])
    expect(told({}, [...inputs, refunded(ann, '2024-03-04', 'o1', '40')]).members).toEqual([
      'ann 10',
      'bob 100',
    ])
    expect(told({}, [...inputs, refunded(ann, '2024-03-04', 'o1', '80')]).members).toEqual(['bob 70'])
  })

  test('and nothing of it that is pending', () => {
    const pending = { days: 10 }
    const later = fam('2024-03-12', 'points/redeem', { points: 100 })
    const inputs = [order, bobs, later, paid(ann, '2024-03-13', 'o3', '50')]
    const back = told({ pending }, [...inputs, refunded(ann, '2024-03-14', 'o1', '40')])
    expect(back).toMatchObject({ balance: 60, pending: 50, members: ['ann 0', 'bob 60'] })
  })

  test('one order of two members, each of their part', () => {
    const shared = [paid(ann, '2024-03-01', 'o1', '100'), paid(bob, '2024-03-02', 'o1', '50')]
    expect(told({}, [...shared, refunded(bob, '2024-03-03', 'o1', '50')]).members).toEqual(['ann 100'])
    expect(told({}, [...shared, refunded(ann, '2024-03-03', 'o1', '100')]).members).toEqual(['bob 50'])
  })

  test('with `pending-only` nothing else of the member’s', () => {
    const negative = { clawback: 'pending-only' } as const
    const inputs = [order, bobs, spent, again, refunded(ann, '2024-03-04', 'o1', '40')]
    expect(told({ negative }, inputs).members).toEqual(['ann 50', 'bob 100'])
  })
})

describe('a confirmation', () => {
  const confirmation = [{ on: 'order-received', origin: 'orderId' }] as const
  const received = (household?: string) =>
    ann('2024-03-02', 'order-received', { orderId: 'o1', ...(household && { household }), referrer: 'fam' })

  test('is heard in the roles in which something earns, or in the one that it names', () => {
    const terms = { confirmation, pending: 'until-confirmed' } as const
    expect(told(terms, [order])).toMatchObject({ balance: 0, pending: 100 })
    expect(told(terms, [order, received('fam')])).toMatchObject({ balance: 100, pending: 0 })
    expect(told(terms, [order, received()])).toMatchObject({ balance: 0, pending: 100 })
    const byReferrer = { ...terms, confirmation: [{ ...confirmation[0], as: 'referrer' }] }
    expect(told(byReferrer, [order, received()])).toMatchObject({ balance: 100, pending: 0 })
  })
})

describe('activity', () => {
  const expires = { inactive: { months: 6 }, activity: ['order-paid'] } as const

  test.each([true, false])(
    'is what earns in a role too, whether it counts without points or not: %s',
    (counts) => {
      const terms = { expires: { ...expires, countsZeroPoints: counts } }
      const inputs = [
        order,
        paid(bob, '2024-07-01', 'o2', '10'),
        fam('2024-11-01', 'points/redeem', { points: 1 }),
      ]
      expect(told(terms, inputs)).toMatchObject({ balance: 109 })
    },
  )

  test('is nothing in a role in which nothing earns', () => {
    const theirs = paid(ann, '2024-07-01', 'o2', '10', { household: 'bobs', referrer: 'fam' })
    expect(told({ expires }, [order, theirs]).balance).toBe(100)
    const later = [order, theirs, paid(ann, '2024-10-01', 'o3', '5')]
    expect(told({ expires }, later).balance).toBe(5)
  })
})

describe('a role', () => {
  test('is one that the event gives', () => {
    const faultOf = (terms: Terms) => {
      try {
        pointsWith(terms)
      } catch (error) {
        const { code, path } = error as { readonly code: string; readonly path: string }
        return [code, path]
      }
      return undefined
    }
    expect(faultOf({ earning: [{ ...own, as: 'pol' }], pools: {} })).toEqual([
      'unknown-name',
      '$.earning[0].as',
    ])
    expect(faultOf({ earning: [{ ...own, as: '' }], pools: {} })).toEqual(['unknown-name', '$.earning[0].as'])
    expect(faultOf({ clawback: [{ ...taken, as: 'pol' }] })).toEqual(['unknown-name', '$.clawback[0].as'])
    const confirmation = [{ on: 'order-received', origin: 'orderId', as: 'pol' }] as const
    expect(faultOf({ confirmation })).toEqual(['unknown-name', '$.confirmation[0].as'])
  })

  test('is stored, and a change of it is one of the definition', () => {
    const confirmation = [{ on: 'order-received', origin: 'orderId', as: 'pool' }] as const
    const engine = pointsWith({ confirmation, clawback: [{ ...taken, as: 'pool' }] })
    expect(pointsFrom(engine.definition).hash).toBe(engine.hash)
    const next = pointsWith({ confirmation, clawback: [taken] })
    expect(definitionChanges(engine, next).map(({ code, effect }) => `${code} ${effect}`)).toEqual([
      'clawback-added worse',
      'clawback-removed better',
    ])
  })
})
