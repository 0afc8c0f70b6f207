// The likelihood again, slowly and by its definition: attention in steps of an hour, binomial probabilities as logarithms of
// factorials, beta-binomial ones as products. Origin: the docstrings of fitDecay; no code is shared with it.
import { random } from 'liuliang'
import { fitDecay, type RateScale } from 'liuliang/continuity'
import { describe, expect, test } from 'vitest'
import { anchor, DAY, monday, rhythm, sendsOf, type Truth } from './support/simulated.js'

const logit = (p: number) => Math.log(p / (1 - p))
const expit = (x: number) => 1 / (1 + Math.exp(-x))
const to: Record<RateScale, (p: number) => number> = { logit, log: Math.log, share: (p) => p }
const from: Record<RateScale, (x: number) => number> = { logit: expit, log: Math.exp, share: (x) => x }

interface Read {
  readonly scale: RateScale
  readonly at: Readonly<Record<string, number>>
  readonly pauseAfterHours: number
}

/** Rates at hours by walking hour after hour, each a small exponential step of its own. */
function hourly(
  { scale, at, pauseAfterHours }: Read,
  hours: readonly number[],
  published: readonly number[],
) {
  const ceiling = expit(at['ceiling']!)
  const c = to[scale](ceiling)
  const f =
    at['floor'] !== undefined ? to[scale](ceiling * expit(at['floor'])) : scale === 'share' ? 0 : undefined
  const up = Math.exp(at['recovery'] ?? 0) / 24
  const down = Math.exp(at['decay'] ?? 0) / 24
  let x = at['start'] === undefined ? c : to[scale](expit(at['start']))
  let since = 0
  const rates: number[] = []
  for (let hour = 0; hour <= hours.at(-1)!; hour += 1) {
    if (hours.includes(hour)) rates.push(from[scale](x))
    if (published.includes(hour)) since = 0
    if (since < pauseAfterHours) x += (c - x) * (1 - Math.exp(-up))
    else x = f === undefined ? x - down : x + (f - x) * (1 - Math.exp(-down))
    since += 1
  }
  return rates
}

/** ln of k of n under the model, without what counts orderings. */
function slowly(n: number, k: number, p: number, correlation: number): number {
  if (correlation === 0) return k * Math.log(p) + (n - k) * Math.log(1 - p)
  const size = 1 / correlation - 1
  let sum = 0
  for (let i = 0; i < k; i += 1) sum += Math.log(p * size + i)
  for (let i = 0; i < n - k; i += 1) sum += Math.log((1 - p) * size + i)
  for (let i = 0; i < n; i += 1) sum -= Math.log(size + i)
  return sum
}

const days = [...rhythm(0, 7, 8), ...rhythm(70, 5, 9), ...rhythm(160, 14, 6), ...rhythm(330, 7, 12)]
const cases: readonly (readonly [string, Truth, Partial<Parameters<typeof fitDecay>[1]>])[] = [
  ['logit', anchor, {}],
  ['log', { ...anchor, scale: 'log' }, { scale: 'log' }],
  ['share', { ...anchor, scale: 'share' }, { scale: 'share' }],
  [
    'share with a floor',
    { ...anchor, scale: 'share', decay: 0.05, floor: 0.08 },
    { scale: 'share', floor: 'fitted' },
  ],
  ['logit with a floor', { ...anchor, decay: 0.05, floor: 0.06 }, { floor: 'fitted' }],
  ['logit from another start', { ...anchor, start: 0.1 }, { start: 'fitted' }],
  ['beta-binomial', { ...anchor, dispersion: 0.03 }, { noise: 'beta-binomial' }],
]

describe('the likelihood by its definition', () => {
  test.each(cases)('%s', (name, truth, options) => {
    const sends = sendsOf(truth, days, 400, random(`slow ${name}`))
    const fit = fitDecay({ sends }, { pauseAfter: { hours: 168 }, profile: false, ...options })
    if (fit.kind !== 'fit') throw new Error(fit.reason)
    const hours = days.map((day) => day * 24)
    const at = Object.fromEntries(fit.parameters.map(({ name, estimate }) => [name, estimate]))
    const likelihood = (point: Readonly<Record<string, number>>) => {
      const rates = hourly({ scale: fit.model.scale, at: point, pauseAfterHours: 168 }, hours, hours)
      const correlation = point['dispersion'] === undefined ? 0 : expit(point['dispersion'])
      return sends.reduce(
        (sum, { delivered, opened }, i) => sum + slowly(delivered, opened, rates[i]!, correlation),
        0,
      )
    }
    const best = likelihood(at)
    expect(Math.abs(best - fit.logLikelihood)).toBeLessThan(1e-7 * Math.abs(best))
    // And there it is highest: any step to either side is lower, by what the covariance's inverse says.
    for (const { name, standardError } of fit.parameters) {
      for (const sign of [1, -1]) {
        expect(likelihood({ ...at, [name]: at[name]! + sign * 0.5 * standardError })).toBeLessThan(best)
      }
    }
    // The second differences of this likelihood, inverted, are the covariance.
    const names = fit.parameters.map(({ name }) => name)
    const steps = fit.parameters.map(({ standardError }) => 0.05 * standardError)
    const moved = (...by: readonly (readonly [number, number])[]) => {
      const point = { ...at }
      for (const [i, amount] of by) point[names[i]!]! += amount
      return likelihood(point)
    }
    const information = names.map((_, i) =>
      names.map((_, j) => {
        const [a, b] = [steps[i]!, steps[j]!]
        const cross =
          moved([i, a], [j, b]) - moved([i, a], [j, -b]) - moved([i, -a], [j, b]) + moved([i, -a], [j, -b])
        return -cross / (4 * a * b)
      }),
    )
    for (const [i, row] of information.entries()) {
      for (const j of row.keys()) {
        const product = row.reduce((sum, entry, k) => sum + entry * fit.covariance[k]![j]!, 0)
        const unit = Math.sqrt(fit.covariance[j]![j]! / fit.covariance[i]![i]!)
        expect(Math.abs(product / unit - (i === j ? 1 : 0)), `${names[i]} ${names[j]}`).toBeLessThan(0.02)
      }
    }
  })
})

test('a pause of ten years, in one step', () => {
  const weeks = [...rhythm(0, 7, 10), 63 + 3650, ...rhythm(63 + 3657, 7, 60)]
  const sends = weeks.map((day, i) => ({
    at: monday + day * DAY,
    delivered: 100_000,
    opened: i < 10 ? 25_000 : Math.round(25_000 * (1 - 0.9 * Math.exp(-0.05 * 7 * (i - 10)))),
  }))
  const fit = fitDecay({ sends }, { pauseAfter: { hours: 168 }, scale: 'share' })
  if (fit.kind !== 'fit' || fit.decay.kind !== 'estimate' || fit.recovery.kind !== 'estimate')
    throw new Error(fit.kind)
  expect(fit.decay.value).toBeCloseTo(Math.log(10) / 3643, 6)
  expect(fit.recovery.value).toBeCloseTo(0.05, 4)
})
