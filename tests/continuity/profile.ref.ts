// Profile likelihood by a grid: the other parameters searched anew at each end by `minimize` from elsewhere, and the fall there
// compared with what the level asks for. Origin: the definition; the ends were found by another way.
import { minimize, normalQuantile, random } from 'liuliang'
import { fitDecay, type ProfileEnd } from 'liuliang/continuity'
import { expect, test } from 'vitest'
import { anchor, DAY, monday, ratesOf, rhythm, sendsOf, type Truth } from './support/simulated.js'

const logit = (p: number) => Math.log(p / (1 - p))
const expit = (x: number) => 1 / (1 + Math.exp(-x))
const days = [...rhythm(0, 7, 8), ...rhythm(98, 7, 6)]

test.each([0, 1, 2, 3])(
  'the likelihood falls at each end by what the level asks for: data set %i',
  (seed) => {
    const sends = sendsOf(anchor, days, 80, random(`profile ${seed}`))
    const fit = fitDecay({ sends }, { pauseAfter: { hours: 168 }, level: 0.9 })
    if (fit.kind !== 'fit' || fit.decay.kind !== 'estimate' || fit.recovery.kind !== 'estimate')
      throw new Error(fit.kind)
    const profiles = { decay: fit.decay.profile!, recovery: fit.recovery.profile! }
    const fall = normalQuantile(0.95) ** 2 / 2
    const loss = (truth: Truth) => {
      const rates = ratesOf(truth, days, days)
      return -sends.reduce(
        (sum, { delivered, opened }, i) =>
          sum + opened * Math.log(rates[i]!) + (delivered - opened) * Math.log(1 - rates[i]!),
        0,
      )
    }
    const profiled = (name: 'decay' | 'recovery', value: number) => {
      const other = name === 'decay' ? 'recovery' : 'decay'
      const found = minimize(
        { value: ([c, r]) => loss({ ...anchor, ceiling: expit(c!), [name]: value, [other]: Math.exp(r!) }) },
        [logit(0.3), -3],
      )
      return found.kind === 'optimum' ? found.value : found.best!.value
    }
    let bounds = 0
    for (const name of ['decay', 'recovery'] as const) {
      const { low, high } = profiles[name]
      for (const end of [low, high] satisfies ProfileEnd[]) {
        if (end.kind !== 'bound') continue
        bounds += 1
        // The root is found to a thousandth.
        expect(Math.abs(profiled(name, end.value) + fit.logLikelihood - fall)).toBeLessThan(0.003 * fall)
      }
    }
    expect(bounds).toBeGreaterThanOrEqual(3)
  },
)

test('where the data bound a rate on one side only, the other end is open', () => {
  // The second send after the pause is back to within what chance blurs: any faster recovery would do.
  const sends = ratesOf({ ...anchor, recovery: 0.2 }, days, days).map((rate, i) => ({
    at: monday + days[i]! * DAY,
    delivered: 60,
    opened: Math.round(60 * rate),
  }))
  const fit = fitDecay({ sends }, { pauseAfter: { hours: 168 } })
  if (fit.kind !== 'fit' || fit.recovery.kind !== 'estimate') throw new Error(fit.kind)
  expect(fit.recovery.profile).toMatchObject({ low: { kind: 'bound' }, high: { kind: 'open' } })
  expect(fit.diagnostics.map(({ code }) => code)).toContain('recovery-open')
  // Back by the second send is the limit: there the likelihood, at its best, has lost less than the level asks for.
  const atOnce = ([c, d]: readonly number[]) =>
    -sends.reduce((sum, { delivered, opened }, i) => {
      const rate = i === 8 ? expit(c! - Math.exp(d!) * 42) : expit(c!)
      return sum + opened * Math.log(rate) + (delivered - opened) * Math.log(1 - rate)
    }, 0)
  const limit = minimize({ value: atOnce }, [-1, -3])
  if (limit.kind !== 'optimum') throw new Error(limit.reason)
  expect(limit.value + fit.logLikelihood).toBeLessThan(normalQuantile(0.975) ** 2 / 2)
  expect(limit.value + fit.logLikelihood).toBeGreaterThan(0)
})
