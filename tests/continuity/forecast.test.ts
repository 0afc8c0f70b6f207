import { instant, random } from 'liuliang'
import {
  attentionSpans,
  type FittedDecay,
  fitDecay,
  forecastOpenRate,
  openRateRows,
  publicationsEvery,
} from 'liuliang/continuity'
import { describe, expect, test } from 'vitest'
import { runs } from '../support/size.js'
import {
  anchor,
  DAY,
  monday,
  ratesOf,
  rhythm,
  sendsOf,
  type Truth,
  twoYears,
  WEEK,
} from './support/simulated.js'

function fitted(
  truth: Truth,
  days: readonly number[],
  audience: number,
  seed: string,
  options = {},
): FittedDecay {
  const fit = fitDecay(
    { sends: sendsOf(truth, days, audience, random(seed)) },
    { pauseAfter: WEEK, profile: false, ...options },
  )
  if (fit.kind !== 'fit') throw new Error(fit.reason)
  return fit
}

/** What the fit takes the truth to be. */
function believed(fit: FittedDecay): Truth {
  const rate = (name: 'ceiling' | 'decay' | 'recovery') => {
    const found = fit[name]
    if (found.kind !== 'estimate') throw new Error(found.reason)
    return found.value
  }
  const floor = fit.floor?.kind === 'estimate' ? fit.floor.value * rate('ceiling') : undefined
  return {
    scale: fit.model.scale,
    ceiling: rate('ceiling'),
    decay: rate('decay'),
    recovery: rate('recovery'),
    pauseAfter: fit.model.pauseAfter / DAY,
    ...(floor !== undefined && { floor }),
  }
}

const last = twoYears.at(-1)!
const asOf = monday + (last + 7) * DAY

describe('the curve of a plan', () => {
  const pause = { from: asOf + 21 * DAY, until: asOf + 140 * DAY }
  const until = asOf + 300 * DAY
  const publications = publicationsEvery({ every: WEEK, from: asOf, until, pause })
  const inPause = asOf + 100 * DAY

  test.each([
    ['logit', anchor, {}],
    ['log', { ...anchor, scale: 'log' as const }, { scale: 'log' }],
    ['share', { ...anchor, scale: 'share' as const }, { scale: 'share' }],
    [
      'log with a floor',
      { ...anchor, scale: 'log' as const, decay: 0.05, floor: 0.04 },
      { scale: 'log', floor: 'fitted' },
    ],
  ])('%s: the rates are those of the definition, day by day', (name, truth, options) => {
    const fit = fitted(truth, twoYears, 2000, name, options)
    const forecast = forecastOpenRate(fit, { publications, until }, { asOf, at: [inPause] })
    if (forecast.kind !== 'forecast') throw new Error(forecast.reason)
    const planned = publications.map((at) => (at - monday) / DAY)
    const wanted = ratesOf(
      believed(fit),
      forecast.points.map(({ at }) => (at - monday) / DAY),
      [...twoYears, ...planned],
    )
    for (const [i, { rate, interval }] of forecast.points.entries()) {
      expect(Math.abs(rate - wanted[i]!)).toBeLessThan(1e-12)
      expect(interval.low).toBeLessThanOrEqual(rate)
      expect(interval.high).toBeGreaterThanOrEqual(rate)
      expect(interval.low).toBeGreaterThan(0)
      expect(interval.high).toBeLessThan(1)
    }
    expect(forecast.points.find(({ at }) => at === inPause)).toMatchObject({
      publication: false,
      state: 'paused',
    })
    expect(openRateRows(forecast)).toHaveLength(forecast.points.length)
  })

  test('drawing parameters and following slopes agree where the curve is nearly straight', () => {
    const fit = fitted(anchor, twoYears, 2000, 'agree')
    const bySlopes = forecastOpenRate(fit, { publications, until }, { asOf })
    const byDraws = forecastOpenRate(
      fit,
      { publications, until },
      { asOf, random: random('draws'), draws: 4000 },
    )
    if (bySlopes.kind !== 'forecast' || byDraws.kind !== 'forecast') throw new Error('no forecast')
    expect(byDraws.method).toBe('simulation')
    for (const [i, { interval }] of bySlopes.points.entries()) {
      const other = byDraws.points[i]!.interval
      const width = interval.high - interval.low
      expect(Math.abs(other.low - interval.low)).toBeLessThan(0.12 * width)
      expect(Math.abs(other.high - interval.high)).toBeLessThan(0.12 * width)
    }
  })

  test('intervals of the curve hold the truth about as often as they say', () => {
    const truth = ratesOf(anchor, [last + 7 + 139], [...twoYears, ...rhythm(last + 7, 7, 3)])[0]!
    let held = 0
    const many = runs(100, 1000)
    for (let i = 0; i < many; i += 1) {
      const fit = fitted(anchor, twoYears, 200, `curve ${i}`)
      const forecast = forecastOpenRate(fit, { publications, until }, { asOf, at: [asOf + 139 * DAY] })
      if (forecast.kind !== 'forecast') throw new Error(forecast.reason)
      const { interval } = forecast.points.find(({ at }) => at === asOf + 139 * DAY)!
      if (interval.low <= truth && truth <= interval.high) held += 1
    }
    expect(held / many).toBeGreaterThan(0.88)
  })

  test('what nobody knows is not forecast', () => {
    const steady = fitted(anchor, rhythm(0, 7, 30), 500, 'steady')
    const from = monday + 30 * 7 * DAY
    const end = from + 70 * DAY
    const weekly = publicationsEvery({ every: WEEK, from, until: end })
    const without = forecastOpenRate(steady, { publications: weekly, until: end }, { asOf: from })
    expect(without.kind).toBe('forecast')
    const broken = forecastOpenRate(steady, { publications: [], until: end }, { asOf: from })
    expect(broken).toMatchObject({ kind: 'not-identified', reason: 'no-pause' })
    expect(openRateRows(broken)).toEqual([])
    const once = fitted(anchor, [...rhythm(0, 7, 30), 400], 500, 'once')
    const again = monday + 407 * DAY
    expect(
      forecastOpenRate(once, { publications: [again], until: again + DAY }, { asOf: again }),
    ).toMatchObject({ kind: 'not-identified', reason: 'no-resumption' })
  })

  test.each([
    ['out-of-range', '$.asOf', { publications, until }, { asOf: asOf - 8 * DAY }],
    ['out-of-range', '$.plan.publications[0]', { publications: [asOf - 1], until }, { asOf }],
    ['out-of-range', '$.plan.until', { publications: [], until: asOf - 1 }, { asOf }],
    ['out-of-range', '$.at', { publications: [], until }, { asOf, at: [asOf - 1] }],
    ['out-of-range', '$.level', { publications: [], until }, { asOf, level: 0 }],
    ['out-of-range', '$.draws', { publications: [], until }, { asOf, draws: 5 }],
    ['wrong-type', '$.random', { publications: [], until }, { asOf, random: 7 }],
  ])('refuses %s at %s', (code, path, plan, options) => {
    const fit = fitted(anchor, twoYears, 200, 'refuse')
    expect(() => forecastOpenRate(fit, plan, options as never)).toThrow(
      expect.objectContaining({ code, path }),
    )
  })
})

describe('how long attention lasts', () => {
  /** Days until the definition says that it has happened, found by halving. */
  const when = (holds: (days: number) => boolean) => {
    let [low, high] = [0, 10_000]
    for (let i = 0; i < 60; i += 1) {
      const middle = (low + high) / 2
      if (holds(middle)) high = middle
      else low = middle
    }
    return high
  }

  test.each([
    ['logit', anchor, {}],
    ['share', { ...anchor, scale: 'share' as const }, { scale: 'share' }],
    [
      'log with a floor',
      { ...anchor, scale: 'log' as const, decay: 0.05, floor: 0.04 },
      { scale: 'log', floor: 'fitted' },
    ],
  ])('%s: the spans are when the curve gets there', (name, truth, options) => {
    const fit = fitted(truth, twoYears, 3000, `spans ${name}`, options)
    const own = believed(fit)
    const now = last + 3
    const rate = (days: number, published = twoYears) => ratesOf(own, [days], published)[0]!
    const spans = attentionSpans(fit, { asOf: monday + now * DAY, every: WEEK })
    const half = when(
      (days) => ratesOf({ ...own, start: own.ceiling }, [days + 7], [0])[0]! <= own.ceiling / 2,
    )
    expect(spans.halfLife).toMatchObject({ kind: 'estimate', method: 'delta' })
    if (spans.halfLife.kind !== 'estimate' || spans.loseHalf.kind !== 'estimate') throw new Error('never')
    expect(spans.halfLife.days).toBeCloseTo(half, 6)
    expect(spans.loseHalf.days).toBeCloseTo(
      when((days) => rate(now + days) <= rate(now) / 2),
      6,
    )
    expect(spans.halfLife.interval!.low).toBeLessThan(half)
    expect(spans.halfLife.interval!.high).toBeGreaterThan(half)

    // After half a year of silence, publishing again.
    const silent = last + 180
    const later = attentionSpans(fit, { asOf: monday + silent * DAY, every: WEEK, recoverTo: 0.8 })
    if (later.recovery.kind !== 'estimate') throw new Error('never')
    const resumed = [...twoYears, ...rhythm(silent, 7, 1500)]
    expect(later.recovery.days).toBeCloseTo(
      when((days) => rate(silent + days, resumed) >= 0.8 * own.ceiling),
      5,
    )
  })

  test('a rhythm with pauses in it recovers more slowly, and at its publications', () => {
    const fit = fitted({ ...anchor, decay: 0.01 }, twoYears, 3000, 'slow rhythm')
    const own = believed(fit)
    const silent = last + 180
    const { recovery } = attentionSpans(fit, {
      asOf: monday + silent * DAY,
      every: { hours: 240 },
      recoverTo: 0.5,
    })
    if (recovery.kind !== 'estimate') throw new Error('never')
    const resumed = [...twoYears, ...rhythm(silent, 10, 100)]
    const reached = rhythm(silent, 10, 100).find(
      (day) => ratesOf(own, [day], resumed)[0]! >= 0.5 * own.ceiling,
    )!
    expect(Math.ceil(recovery.days / 10 - 1e-9) * 10).toBe(reached - silent)
  })

  test('never is an answer', () => {
    const fit = fitted(anchor, twoYears, 3000, 'never')
    const silent = monday + (last + 180) * DAY
    expect(attentionSpans(fit, { asOf: silent, every: { hours: 24 * 60 } }).recovery).toEqual({
      kind: 'never',
      reason: 'rhythm-too-slow',
    })
    const floored = fitted({ ...anchor, decay: 0.05, floor: 0.15 }, twoYears, 3000, 'floored', {
      floor: 'fitted',
    })
    expect(attentionSpans(floored, { asOf: silent, every: WEEK }).halfLife).toEqual({
      kind: 'never',
      reason: 'floor-above',
    })
    const steady = fitted(anchor, rhythm(0, 7, 30), 500, 'steady')
    const spans = attentionSpans(steady, { asOf: monday + 210 * DAY, every: WEEK })
    expect(Object.values(spans).map(({ kind }) => kind)).toEqual(Array(3).fill('not-identified'))
  })

  test('what holds already takes no days', () => {
    const fit = fitted(anchor, twoYears, 3000, 'already')
    expect(attentionSpans(fit, { asOf, every: WEEK, recoverTo: 0.01 }).recovery).toMatchObject({
      kind: 'estimate',
      days: 0,
      interval: null,
    })
  })
})

describe('a rhythm', () => {
  test('goes on beneath a pause', () => {
    const from = instant('2024-03-01T09:00:00+08:00')
    const all = publicationsEvery({ every: WEEK, from, until: from + 70 * DAY })
    const some = publicationsEvery({
      every: WEEK,
      from,
      until: from + 70 * DAY,
      pause: { from: from + 7 * DAY, until: from + 22 * DAY },
    })
    expect(all).toHaveLength(10)
    expect(some).toEqual(all.filter((_, i) => i < 1 || i > 3))
  })

  test.each([
    ['invalid-duration', '$.every', { every: { days: 1 } }],
    ['out-of-range', '$.until', { until: -1 }],
    ['too-large', '$.until', { every: { seconds: 1 } }],
    ['invalid-instant', '$.pause.from', { pause: { from: 0.5, until: 1 } }],
  ])('refuses %s at %s', (code, path, more) => {
    const call = () => publicationsEvery({ every: WEEK, from: 0, until: DAY, ...more } as never)
    expect(call).toThrow(expect.objectContaining({ code, path }))
  })
})
