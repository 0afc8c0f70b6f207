// Whether intervals hold what they say: many made-up channels of known truth, each fitted; the share whose interval holds the truth,
// with the binomial interval of that share, is printed and must not be told apart from the level.
import { proportion, random } from 'liuliang'
import { type DecayOptions, fitDecay } from 'liuliang/continuity'
import { afterAll, describe, expect, test } from 'vitest'
import { runs } from '../support/size.js'
import { anchor, sendsOf, type Truth, twoYears, WEEK } from './support/simulated.js'

const RUNS = runs(200, 1000)
const lines: Record<string, string | number>[] = []

interface Study {
  readonly name: string
  readonly truth: Truth
  readonly audience: number
  readonly options: Partial<DecayOptions>
}

const first: Study = { name: 'logit, 300 readers', truth: anchor, audience: 300, options: {} }
const more: readonly Study[] = [
  { name: 'logit, 60 readers', truth: anchor, audience: 60, options: {} },
  {
    name: 'share, 300 readers',
    truth: { ...anchor, scale: 'share', decay: 0.0233 },
    audience: 300,
    options: { scale: 'share' },
  },
  {
    name: 'log with a floor, 1,000 readers',
    truth: { ...anchor, scale: 'log', decay: 0.03, floor: 0.05 },
    audience: 1000,
    options: { scale: 'log', floor: 'fitted' },
  },
  {
    name: 'logit, from 10 %, 300 readers',
    truth: { ...anchor, start: 0.1 },
    audience: 300,
    options: { start: 'fitted' },
  },
  {
    name: 'beta-binomial, 300 readers',
    truth: { ...anchor, dispersion: 0.02 },
    audience: 300,
    options: { noise: 'beta-binomial', profile: false },
  },
]

describe('intervals hold the truth as often as they say', () => {
  const studies = [first, ...more.slice(0, runs(0, more.length))]
  test.each(studies)('$name', { timeout: 600_000 }, ({ name, truth, audience, options }) => {
    const held = new Map<string, number>()
    const off = new Map<string, number[]>()
    const count = (what: string, yes: boolean) => held.set(what, (held.get(what) ?? 0) + (yes ? 1 : 0))
    let fits = 0
    for (let i = 0; i < RUNS; i += 1) {
      const sends = sendsOf(truth, twoYears, audience, random(`${name} ${i}`))
      const fit = fitDecay({ sends }, { pauseAfter: WEEK, ...options })
      if (fit.kind !== 'fit') continue
      fits += 1
      for (const what of ['ceiling', 'decay', 'recovery'] as const) {
        const rate = fit[what]
        if (rate.kind !== 'estimate') throw new Error(rate.reason)
        const { low, high } = rate.interval
        count(what, low <= truth[what] && truth[what] <= high)
        off.set(what, [...(off.get(what) ?? []), Math.log(rate.value / truth[what])])
        if (rate.profile === undefined) continue
        const { low: from, high: to } = rate.profile
        const above = from.kind === 'open' || (from.kind === 'bound' && from.value <= truth[what])
        const below = to.kind === 'open' || (to.kind === 'bound' && truth[what] <= to.value)
        count(`${what}, profile`, above && below)
      }
    }
    expect(fits).toBe(RUNS)
    for (const [what, successes] of held) {
      // 99.9 %: a dozen shares are looked at.
      const share = proportion({ successes, trials: RUNS, level: 0.999, method: 'clopper-pearson' })
      if (share.kind !== 'estimate') throw new Error(share.reason)
      const list = off.get(what)
      const mean = list === undefined ? Number.NaN : list.reduce((sum, one) => sum + one, 0) / RUNS
      const scatter = Math.sqrt(
        (list ?? []).reduce((sum, one) => sum + (one - mean) * (one - mean), 0) / (RUNS - 1),
      )
      lines.push({
        study: name,
        what,
        held: `${successes} of ${RUNS}`,
        'true share within': `${share.interval.low.toFixed(3)} to ${share.interval.high.toFixed(3)}`,
        'bias of the logarithm':
          list === undefined ? '' : `${mean.toFixed(4)} ± ${(scatter / Math.sqrt(RUNS)).toFixed(4)}`,
      })
      expect(share.interval.low, what).toBeLessThanOrEqual(0.95)
      expect(share.interval.high, what).toBeGreaterThanOrEqual(0.95)
      // Less than a fifth of what one fit scatters.
      if (list !== undefined)
        expect(Math.abs(mean), what).toBeLessThan(0.2 * scatter + 3 * (scatter / Math.sqrt(RUNS)))
    }
  })

  test('of sends that scatter by more than chance the binomial holds far less', () => {
    let held = 0
    for (let i = 0; i < 60; i += 1) {
      const sends = sendsOf({ ...anchor, dispersion: 0.02 }, twoYears, 300, random(`wrong noise ${i}`))
      const fit = fitDecay({ sends }, { pauseAfter: WEEK, profile: false })
      if (fit.kind !== 'fit' || fit.decay.kind !== 'estimate') continue
      expect(fit.diagnostics.map(({ code }) => code)).toContain('overdispersed')
      if (fit.decay.interval.low <= anchor.decay && anchor.decay <= fit.decay.interval.high) held += 1
    }
    expect(held).toBeLessThan(50)
  })
})

afterAll(() => console.table(lines))
