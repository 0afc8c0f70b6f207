import { explain, type TierTrack, tierProgress } from 'liuliang'
import { expect, test } from 'vitest'
import { tierSentences } from '../../../src/points/tiers/sentences.js'
import { tell, utc } from '../../support/story.js'
import { account, pointsWith } from '../support/shop.js'

const { event, paid, refunded } = account()
const set = (at: string, tier: string) =>
  event(at, 'points/set-tier', { track: 'level', tier, reason: 'a favour', until: utc('2024-03-01') })
const year = { window: { rolling: { days: 20 } }, hold: { days: 30 } } as const
const grace = { length: { days: 30 }, from: 'term-end' } as const

/** What happens, by the policies and inputs that bring it about. */
const stories: readonly (readonly [Partial<TierTrack>, readonly object[]])[] = [
  [{ window: { rolling: { days: 20 } } }, [paid('2024-01-01', 'a', '500')]],
  [{ hold: { days: 30 }, renews: 'always' }, [paid('2024-01-01', 'a', '500'), paid('2024-01-02', 'b', '1')]],
  [{ ...year, grace }, [paid('2024-01-01', 'a', '500'), paid('2024-02-05', 'b', '500')]],
  [{ ...year, reversal: 're-evaluate' }, [paid('2024-01-01', 'a', '500'), refunded('2024-01-02', 'a', '1')]],
  [{}, [paid('2024-01-01', 'a', '1'), set('2024-01-02', 'none')]],
]

test('every reason is made by a story, and said in both languages', () => {
  const seen = new Map<string, readonly [string, string]>()
  for (const [policies, inputs] of stories) {
    const track = {
      track: 'level',
      measure: { earned: 'points' },
      levels: [{ tier: 'silver', from: 500 }],
      ...policies,
    }
    const engine = pointsWith({ tiers: [track] } as never)
    const { state, log } = tell(engine, inputs as never)
    const later = engine.advance(state, utc('2025-01-01'))
    const reasons = [...log, ...later.events].flatMap(({ type, data }) =>
      type.includes('/tier-') ? [(data as { readonly reason: { readonly code: string } }).reason] : [],
    )
    for (const reason of reasons)
      seen.set(reason.code, [explain(engine, reason, 'en'), explain(engine, reason, 'zh')])
  }
  const engine = pointsWith()
  const say = (one: { readonly code: string }) =>
    seen.set(one.code, [explain(engine, one, 'en'), explain(engine, one, 'zh')])
  say({ code: 'tier-corrected' })
  say({ code: 'tier-taken-over' })
  const view = {
    tier: 'silver',
    since: 0,
    until: 9,
    inGrace: false,
    measured: 0,
    window: null,
    benefits: null,
  }
  for (const unit of ['points', 'months', 'years'] as const)
    for (const missing of [0, 3])
      for (const one of tierProgress({
        ...view,
        unit,
        toReach: { tier: 'gold', from: 9, missing },
        toKeep: { from: 5, missing, by: 9 },
      }))
        say(one)
  const refusals = ['unknown-tier', 'tier-ends-before-it-begins']
  expect([...seen.keys(), ...refusals].sort()).toEqual(Object.keys(tierSentences).sort())
  for (const [en, zh] of seen.values()) {
    for (const said of [en, zh]) expect(said).not.toMatch(/[{}]|undefined|null|NaN/)
    expect(zh).toMatch(/\p{Script=Han}/u)
  }
})
