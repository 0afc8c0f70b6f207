// A channel made up by the model's definition, written a second time: attention step by step, opens by chance.
import type { Random } from 'liuliang'
import type { RateScale, SendCounts } from 'liuliang/continuity'

export const DAY = 86_400_000
export const WEEK = { hours: 168 } as const
/** 2024-01-01T00:00Z, a Monday. */
export const monday = 1_704_067_200_000

export interface Truth {
  readonly scale: RateScale
  /** As rates. */
  readonly ceiling: number
  readonly floor?: number
  readonly start?: number
  /** Per day. */
  readonly decay: number
  readonly recovery: number
  /** Correlation of two readers' opening of one send. */
  readonly dispersion?: number
  /** Days. */
  readonly pauseAfter: number
}

const to: Record<RateScale, (p: number) => number> = {
  logit: (p) => Math.log(p / (1 - p)),
  log: (p) => Math.log(p),
  share: (p) => p,
}
const from: Record<RateScale, (x: number) => number> = {
  logit: (x) => 1 / (1 + Math.exp(-x)),
  log: (x) => Math.exp(x),
  share: (x) => x,
}

/** The rate at each day asked for, when something is published on the days given; both ascending, from the first publication. */
export function ratesOf(
  truth: Truth,
  days: readonly number[],
  published: readonly number[],
): readonly number[] {
  const { scale, ceiling, floor, start = ceiling, decay, recovery, pauseAfter } = truth
  const c = to[scale](ceiling)
  const f = floor === undefined ? (scale === 'share' ? 0 : undefined) : to[scale](floor)
  return days.map((day) => {
    let x = to[scale](start)
    // From one publication to the next, and from the last before the day to the day.
    const before = published.filter((one) => one < day)
    for (const [i, one] of before.entries()) {
      const gap = (before[i + 1] ?? day) - one
      const lift = Math.min(gap, pauseAfter)
      const silence = gap - lift
      x = c + (x - c) * Math.exp(-recovery * lift)
      x = f === undefined ? x - decay * silence : f + (x - f) * Math.exp(-decay * silence)
    }
    return from[scale](x)
  })
}

/** How many of `n` open; each reader on their own. */
function opensOf(random: Random, n: number, rate: number): number {
  let count = 0
  for (let i = 0; i < n; i += 1) if (random.next() < rate) count += 1
  return count
}

/** Sends on the days given, each also a publication. */
export function sendsOf(
  truth: Truth,
  days: readonly number[],
  audience: number,
  random: Random,
): readonly SendCounts[] {
  const rates = ratesOf(truth, days, days)
  return days.map((day, i) => {
    const own = truth.dispersion === undefined ? rates[i]! : betaOf(random, rates[i]!, truth.dispersion)
    return { at: monday + day * DAY, delivered: audience, opened: opensOf(random, audience, own) }
  })
}

/** A rate of its own for one send: beta distributed with this mean and correlation, by Jöhnk's or by gamma draws. */
function betaOf(random: Random, mean: number, correlation: number): number {
  const size = 1 / correlation - 1
  const a = gammaOf(random, mean * size)
  const b = gammaOf(random, (1 - mean) * size)
  return a / (a + b)
}

/** Marsaglia and Tsang (2000); below 1 boosted by a power of a uniform. */
function gammaOf(random: Random, shape: number): number {
  if (shape < 1) return gammaOf(random, shape + 1) * random.next() ** (1 / shape)
  const d = shape - 1 / 3
  const c = 1 / Math.sqrt(9 * d)
  for (;;) {
    const z = Math.sqrt(-2 * Math.log(1 - random.next())) * Math.cos(2 * Math.PI * random.next())
    const v = (1 + c * z) ** 3
    if (v > 0 && Math.log(1 - random.next()) < (z * z) / 2 + d - d * v + d * Math.log(v)) return d * v
  }
}

/** Every `gap` days, `count` times from `first`. */
export const rhythm = (first: number, gap: number, count: number): readonly number[] =>
  Array.from({ length: count }, (_, i) => first + i * gap)

/** The anchor: weekly at 25 %, then a pause in which the odds fall to those of 3 % in 91 days, then weekly again. */
export const anchor: Truth = {
  scale: 'logit',
  ceiling: 0.25,
  decay: (to.logit(0.25) - to.logit(0.03)) / 91,
  recovery: 0.03,
  pauseAfter: 7,
}

/** Days of a history of two years with pauses of 3, 13 and 6 weeks. */
export const twoYears: readonly number[] = [
  ...rhythm(0, 7, 20),
  ...rhythm(133 + 28, 7, 20),
  ...rhythm(294 + 98, 7, 25),
  ...rhythm(560 + 49, 7, 20),
]
