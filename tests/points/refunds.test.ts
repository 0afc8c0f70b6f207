import { audit, type PointsDefinition, replay } from 'liuliang'
import { describe, expect, test } from 'vitest'
import { tell, utc } from '../support/story.js'
import { account, pointsWith, shop } from './support/shop.js'

const { paid, refunded, redeem, refund, give, event } = account()
type Terms = Partial<PointsDefinition<'points', typeof shop.events, never, string, 'level', 's' | 'g'>>
const withTerms = (terms: Terms) => pointsWith(terms as never)

describe('what an order brought does not count towards a tier once it is refunded', () => {
  const ratio = { currency: 'CNY', ratio: '1' }
  const policies: readonly (readonly [string, Terms['negative']])[] = [
    ['taken within the balance', { clawback: 'within-balance' }],
    ['owed at most 0', { clawback: 'deficit', atMost: 0 }],
    ['owed at most 300', { clawback: 'deficit', atMost: 300 }],
    ['owed', { clawback: 'deficit' }],
    ['owed in money', { clawback: 'money-due', perPoint: ratio }],
    ['of what is pending alone', { clawback: 'pending-only' }],
    ['in points, then in money', { clawback: 'deficit', atMost: 300, beyond: 'money-due', perPoint: ratio }],
  ]
  const levels = [{ tier: 'g', from: 1000 }] as const
  const tiers = [{ track: 'level', measure: { earned: 'points' }, levels }] as never
  const order = [paid('2026-01-01', 'o', '1000'), redeem('2026-01-02', 1000, 'spent')]
  const levelOf = (engine: ReturnType<typeof withTerms>, inputs: readonly unknown[]) => {
    const { state, log } = tell(engine, inputs as never)
    expect(audit(engine, state, log).findings).toEqual([])
    const { tier, measured } = (engine.view(state, state.at!) as never as LevelView).tiers.level
    return [tier, measured]
  }
  interface LevelView {
    readonly tiers: { readonly level: { readonly tier: string | null; readonly measured: number } }
  }

  describe.each(policies)('%s', (_, negative) => {
    const engine = withTerms({ tiers, ...(negative && { negative }) })
    test.each([[['1000']], [['400', '600']], [['250', '250', '250', '250']]])('refunds of %j', (parts) => {
      const back = parts.map((amount) => refunded('2026-01-03', 'o', amount))
      expect(levelOf(engine, [...order, ...back])).toEqual([null, 0])
      const again = [...order, ...back, paid('2026-01-04', 'p', '999')]
      expect(levelOf(engine, again)).toEqual([null, 999])
      expect(levelOf(engine, [...again, paid('2026-01-05', 'q', '1')])).toEqual(['g', 1000])
      // What was spent and comes back was counted when it was earned.
      expect(levelOf(engine, [...again, refund('2026-01-05', 'spent')])).toEqual([null, 999])
    })

    test('a refund that turns out not to have been counts again, once', () => {
      const lost = refunded('2026-01-03', 'o', '1000')
      const { log } = tell(engine, [...order, lost])
      const at = utc('2026-01-10')
      const replayed = replay(
        engine,
        { checkpoint: engine.start('u1'), tail: log },
        { remove: [lost.id], at },
      )
      const { tier, measured } = (engine.view(replayed.state, at) as never as LevelView).tiers.level
      expect([tier, measured]).toEqual(['g', 1000])
      expect(audit(engine, replayed.state, replayed.log).findings).toEqual([])
    })
  })

  test('nor does what was given by hand and is reversed', () => {
    const engine = withTerms({ tiers, negative: { clawback: 'within-balance' } })
    const given = [give('2026-01-01', 1000, 'gift'), redeem('2026-01-02', 1000)]
    expect(levelOf(engine, given)).toEqual(['g', 1000])
    expect(levelOf(engine, [...given, event('2026-01-03', 'points/reverse', { of: 'gift' })])).toEqual([
      null,
      0,
    ])
  })
})

describe('a tier of which what qualified is refunded is measured again as of when it did', () => {
  const track = {
    track: 'level',
    measure: { earned: 'points' },
    window: { rolling: { days: 30 } },
    levels: [
      { tier: 's', from: 100 },
      { tier: 'g', from: 300 },
    ],
    hold: { months: 2 },
    reversal: 're-evaluate',
  } as const
  const engine = withTerms({ tiers: [track] as never })
  const orders = [paid('2026-01-26', 'a', '100'), paid('2026-02-11', 'b', '350')]
  const levelOf = (inputs: readonly unknown[], at: string) => {
    const { state } = tell(engine, inputs as never)
    const { level } = (
      engine.view(state, utc(at)) as never as {
        readonly tiers: { readonly level: { readonly tier: string | null; readonly until: number | null } }
      }
    ).tiers
    return [level.tier, level.until]
  }

  test.each([[['350']], [['188', '162']], [['162', '188']], [['1', '1', '348']], [['50', '300']]])(
    'in parts of %j: the tier below, for the term that it had',
    (parts) => {
      const back = parts.map((amount) => refunded('2026-02-28', 'b', amount))
      expect(levelOf([...orders, ...back], '2026-02-28')).toEqual(['s', utc('2026-03-26')])
    },
  )

  test('in parts on different days', () => {
    const back = [refunded('2026-02-12', 'b', '188'), refunded('2026-02-28', 'b', '162')]
    expect(levelOf([...orders, ...back], '2026-02-28')).toEqual(['s', utc('2026-03-26')])
  })

  test('a part that leaves enough changes nothing', () => {
    expect(levelOf([...orders, refunded('2026-02-28', 'b', '150')], '2026-02-28')).toEqual([
      'g',
      utc('2026-04-11'),
    ])
  })

  test('what is left of what qualified is a tier that nothing else had brought, for the term that it began', () => {
    const one = [paid('2026-01-26', 'a', '99'), paid('2026-02-11', 'b', '350')]
    expect(levelOf([...one, refunded('2026-02-28', 'b', '349')], '2026-02-28')).toEqual([
      's',
      utc('2026-04-11'),
    ])
  })

  test('a term that would have ended meanwhile has', () => {
    expect(levelOf([...orders, refunded('2026-03-27', 'b', '350')], '2026-03-27')).toEqual([null, null])
  })

  test('the tier below falls too when what qualified for it goes', () => {
    const back = [refunded('2026-02-28', 'b', '350'), refunded('2026-02-28', 'a', '1')]
    expect(levelOf([...orders, ...back], '2026-02-28')).toEqual([null, null])
    expect(levelOf([...orders, back[1]!, back[0]!], '2026-02-28')).toEqual([null, null])
  })

  test('what is measured now counts where it is more', () => {
    const more = [...orders, paid('2026-02-27', 'c', '300')]
    expect(levelOf([...more, refunded('2026-02-28', 'b', '350')], '2026-02-28')).toEqual([
      'g',
      utc('2026-04-11'),
    ])
  })
})

describe('points that expired and turn out not to have been earned', () => {
  const engine = pointsWith({
    earning: [
      {
        rule: 'purchase',
        on: 'order-paid',
        earns: { points: 1, per: '1', of: 'amount' },
        origin: 'orderId',
        multiply: [{ by: '2', when: shop.count('order-paid').is(1) }],
      },
    ],
    expires: { days: 30 },
    tiers: [{ track: 'level', measure: { earned: 'points' }, levels: [{ tier: 'g', from: 1000 }] }],
  } as never)
  const { log } = tell(engine, [paid('2026-02-04', 'b', '100'), paid('2026-03-07', 'c', '50')])
  const late = paid('2026-02-02', 'late', '10')
  const replayed = replay(engine, { checkpoint: engine.start('u1'), tail: log }, { add: [late] })
  const endOf = (inputs: readonly unknown[]) => {
    const { state } = tell(engine, inputs as never, replayed.state)
    expect(audit(engine, state).findings).toEqual([])
    const { balance } = engine.view(state, state.at!)
    const { level } = (engine.view(state, state.at!) as never as { tiers: { level: { measured: number } } })
      .tiers
    return [balance, level.measured]
  }

  test('have not expired either', () => {
    expect(audit(engine, replayed.state, replayed.log).findings).toEqual([])
    const corrected = replayed.asserted.find(({ type }) => type === 'points/clawed-back')
    expect(corrected?.data).toMatchObject({
      points: 0,
      share: { earned: 100, clawedBack: 0, expired: 100, excused: 0 },
    })
    expect(replay(engine, { checkpoint: engine.start('u1'), tail: [...replayed.log] }).asserted).toEqual([])
  })

  test('do not count, and what is left of the order stands in for its refund', () => {
    const [balance, measured] = endOf([])
    expect(measured).toBe(20 + 100 + 50)
    expect(endOf([refunded('2026-03-08', 'b', '40')])).toEqual([balance, 130])
    expect(endOf([refunded('2026-03-08', 'b', '100')])).toEqual([balance, 70])
  })
})

describe('a refund in parts ends where the whole does', () => {
  test.each([[['100']], [['90', '10']], [['25', '25', '25', '25']], [['10', '10', '80']]])(
    'in money for what is not pending, in parts of %j',
    (parts) => {
      const engine = pointsWith({
        caps: [{ cap: 'c', atMost: 20, per: { days: 5 }, overflow: 'carry' }],
        expires: { days: 7 },
        negative: {
          clawback: 'pending-only',
          beyond: 'money-due',
          perPoint: { currency: 'CNY', ratio: '1' },
        },
      })
      const back = parts.map((amount) => refunded('2026-01-17', 'a', amount))
      const { state, log } = tell(engine, [paid('2026-01-01', 'a', '100'), ...back])
      const { balance, holder } = engine.view(state, utc('2026-01-17'))
      // 20 waited, 40 had expired, and 40 are there.
      expect([balance, holder?.moneyDue['points']?.amount]).toEqual([40, '40.00'])
      expect(audit(engine, state, log).findings).toEqual([])
    },
  )

  const ratio = { currency: 'CNY', ratio: '1/3' }
  const limits: readonly (readonly [string, object])[] = [
    ['a debt that is bounded', { negative: { atMost: 20, beyond: 'money-due', perPoint: ratio } }],
    ['what there is', { negative: { clawback: 'within-balance' } }],
    ['a balance that is bounded', { currencies: [{ currency: 'points', kind: 'spendable', atMost: 60 }] }],
  ]
  describe.each(limits)('where room comes back under a cap for what waits, with %s', (_, terms) => {
    const caps = [{ cap: 'c', atMost: 40, per: { this: 'month' }, overflow: 'carry', returns: true }]
    const engine = pointsWith({ caps, ...terms } as never)
    const before = [paid('2026-01-01', 'a', '60'), paid('2026-01-02', 'b', '100'), redeem('2026-01-03', 40)]
    const inParts = (parts: readonly string[]) => {
      const back = parts.map((amount) => refunded('2026-01-10', 'a', amount))
      const { state, log } = tell(engine, [...before, ...back])
      expect(audit(engine, state, log).findings).toEqual([])
      return ['2026-01-11', '2026-02-01', '2026-03-01'].map((day) => engine.view(state, utc(day)))
    }
    test.each([[['30', '30']], [['59', '1']], [['1', '58', '1']], [['20', '20', '20']]])(
      'in parts of %j',
      (parts) => {
        expect(inParts(parts)).toEqual(inParts(['60']))
      },
    )
  })
})
