import { random } from 'liuliang'
import {
  compareDecays,
  type FittedDecay,
  fitDecay,
  fitDecaySteps,
  type SendCounts,
} from 'liuliang/continuity'
import { describe, expect, test } from 'vitest'
import { anchor, DAY, monday, ratesOf, rhythm, sendsOf, twoYears, WEEK } from './support/simulated.js'

/** Sends whose shares are the rates to the reader: no chance in them. */
function exactSends(
  truth: typeof anchor,
  days: readonly number[],
  audience = 100_000,
): readonly SendCounts[] {
  return ratesOf(truth, days, days).map((rate, i) => ({
    at: monday + days[i]! * DAY,
    delivered: audience,
    opened: Math.round(audience * rate),
  }))
}

function fitted(
  sends: readonly SendCounts[],
  options: Partial<Parameters<typeof fitDecay>[1]> = {},
): FittedDecay {
  const fit = fitDecay({ sends }, { pauseAfter: WEEK, ...options })
  if (fit.kind !== 'fit') throw new Error(fit.reason)
  return fit
}

const value = (fit: FittedDecay, name: 'ceiling' | 'decay' | 'recovery' | 'floor') => {
  const rate = fit[name]
  return rate?.kind === 'estimate' ? rate.value : Number.NaN
}

describe('the anchor: 25 % falls to 3 % in three months', () => {
  // Ten weeks at 25 %, a pause of 98 days (7 of rhythm and 91 of decay), then twelve weeks.
  const days = [...rhythm(0, 7, 10), ...rhythm(63 + 98, 7, 12)]

  test('without chance the fit returns what it was made of', () => {
    const fit = fitted(exactSends(anchor, days))
    expect(fit.observed).toMatchObject({ sends: 22, pauses: 1, daysPaused: 91 })
    expect(value(fit, 'ceiling')).toBeCloseTo(0.25, 4)
    expect(value(fit, 'decay')).toBeCloseTo(anchor.decay, 5)
    expect(value(fit, 'recovery')).toBeCloseTo(anchor.recovery, 4)
    const [, after] = [days[9], days[10]]
    expect(ratesOf(anchor, [after!], days)[0]).toBeCloseTo(0.03, 10)
  })

  test('with chance both rates lie in the interval, and the sentence holds of the fit', () => {
    const fit = fitted(sendsOf(anchor, days, 2000, random('anchor')))
    for (const name of ['ceiling', 'decay', 'recovery'] as const) {
      const rate = fit[name]
      if (rate.kind !== 'estimate') throw new Error(rate.reason)
      expect(rate.interval.low).toBeLessThan(anchor[name])
      expect(rate.interval.high).toBeGreaterThan(anchor[name])
    }
    const odds = (value(fit, 'ceiling') / (1 - value(fit, 'ceiling'))) * Math.exp(-91 * value(fit, 'decay'))
    expect(odds / (1 + odds)).toBeGreaterThan(0.025)
    expect(odds / (1 + odds)).toBeLessThan(0.036)
    expect(fit.diagnostics.map(({ code }) => code)).toEqual(['one-pause'])
  })

  test('on the other scales the same two rates are another decay', () => {
    const two = exactSends(anchor, [...rhythm(0, 7, 10), 63 + 98])
    const decays = (['logit', 'log', 'share'] as const).map((scale) => value(fitted(two, { scale }), 'decay'))
    expect(decays[0]).toBeCloseTo(Math.log(0.25 / 0.75 / (0.03 / 0.97)) / 91, 4)
    expect(decays[1]).toBeCloseTo(Math.log(0.25 / 0.03) / 91, 4)
    // With no floor, a constant risk for every reader and a constant share of the readers are one model of a pause.
    expect(decays[2]).toBeCloseTo(decays[1]!, 6)
  })
})

describe('what the history does not say', () => {
  const steady = exactSends(anchor, rhythm(0, 7, 12))

  test('without a pause neither decay nor recovery is a number', () => {
    const fit = fitted(steady)
    expect(fit.decay).toMatchObject({ kind: 'not-identified', reason: 'no-pause' })
    expect(fit.recovery).toMatchObject({ kind: 'not-identified', reason: 'no-pause' })
    expect(fit.parameters.map(({ name }) => name)).toEqual(['ceiling'])
    expect(fit.diagnostics.map(({ code }) => code)).toContain('no-pause')
  })

  test('with one send after the pause there is a decay and no recovery', () => {
    const fit = fitted(exactSends(anchor, [...rhythm(0, 7, 12), 77 + 98]))
    expect(value(fit, 'decay')).toBeCloseTo(anchor.decay, 5)
    expect(fit.recovery).toMatchObject({ kind: 'not-identified', reason: 'no-resumption' })
    expect(fit.diagnostics.map(({ code }) => code)).toContain('no-resumption')
  })

  test('messages that only measure see the pause from within', () => {
    const published = rhythm(0, 7, 12)
    const probes = [90, 110, 140, 170]
    const rates = ratesOf(anchor, probes, published)
    const fit = fitDecay(
      {
        sends: [
          ...steady,
          ...probes.map((day, i) => ({
            at: monday + day * DAY,
            delivered: 100_000,
            opened: Math.round(rates[i]! * 100_000),
          })),
        ],
        publications: published.map((day) => monday + day * DAY),
      },
      { pauseAfter: WEEK },
    )
    expect(fit).toMatchObject({ kind: 'fit', recovery: { reason: 'no-resumption' }, observed: { pauses: 1 } })
    if (fit.kind === 'fit') expect(value(fit, 'decay')).toBeCloseTo(anchor.decay, 4)
  })

  test('publications whose opens nobody counted lift attention all the same', () => {
    const days = [...rhythm(0, 7, 10), ...rhythm(161, 7, 20)]
    const sends = exactSends(anchor, days).filter((_, i) => i < 10 || i % 3 === 0)
    const publications = days.map((day) => monday + day * DAY)
    const fit = fitDecay({ sends, publications }, { pauseAfter: WEEK })
    if (fit.kind !== 'fit') throw new Error(fit.reason)
    expect(value(fit, 'recovery')).toBeCloseTo(anchor.recovery, 3)
  })

  test.each([
    ['no-sends', []],
    ['no-sends', [{ at: monday, delivered: 0, opened: 0 }]],
    ['never-opened', [{ at: monday, delivered: 9, opened: 0 }]],
    ['always-opened', [{ at: monday, delivered: 9, opened: 9 }]],
    [
      'too-few-sends',
      [
        { at: monday, delivered: 9, opened: 3 },
        { at: monday, delivered: 9, opened: 2 },
        { at: monday + 90 * DAY, delivered: 9, opened: 1 },
        { at: monday + 91 * DAY, delivered: 0, opened: 0 },
        { at: monday + 92 * DAY, delivered: 7, opened: 1 },
      ].slice(0, 2),
    ],
  ])('%s', (reason, sends) => {
    const start = reason === 'too-few-sends' ? ('fitted' as const) : ('ceiling' as const)
    const fit = fitDecay({ sends }, { pauseAfter: WEEK, start })
    expect(fit).toMatchObject({ kind: 'undefined', reason })
    if (fit.kind === 'undefined') expect(Object.values(fit.next).every((text) => text.length > 10)).toBe(true)
  })
})

describe('what is no optimum is none', () => {
  const flat = { ...anchor, decay: 0 }
  const days = [...rhythm(0, 7, 10), ...rhythm(161, 7, 12)]
  test.each([
    ['no-fall', exactSends(flat, days), {}],
    ['no-recovery', exactSends({ ...anchor, recovery: 0 }, days), {}],
    ['recovery-at-once', exactSends({ ...anchor, recovery: 99 }, days), {}],
    ['floor-not-told', exactSends(anchor, days), { floor: 'fitted' as const }],
    ['no-overdispersion', exactSends(anchor, days), { noise: 'beta-binomial' as const }],
    [
      'fall-complete',
      exactSends(anchor, days)
        .map((send, i) => (i < 10 ? send : { ...send, opened: 0 }))
        .slice(0, 11),
      {},
    ],
  ])('%s', (reason, sends, options) => {
    const fit = fitDecay({ sends }, { pauseAfter: WEEK, ...options })
    expect(fit).toMatchObject({ kind: 'not-an-optimum', reason })
    if (fit.kind === 'not-an-optimum') {
      expect(fit.next.en).not.toBe('')
      expect(fit.next.zh).not.toBe('')
    }
  })

  test('a rise in the pauses is no fall', () => {
    const rising = exactSends(flat, days).map((send, i) =>
      i < 10 ? send : { ...send, opened: Math.round(send.opened * 1.1) },
    )
    expect(fitDecay({ sends: rising }, { pauseAfter: WEEK })).toMatchObject({ reason: 'no-fall' })
  })

  test('a stopped search is stopped', () => {
    const sends = exactSends(anchor, days)
    expect(fitDecay({ sends }, { pauseAfter: WEEK, signal: { aborted: true } })).toMatchObject({
      kind: 'not-an-optimum',
      reason: 'stopped',
    })
  })
})

test('a rate that may be anything is not estimated', () => {
  const sends = [
    [0, 10, 0],
    [14, 0, 0],
    [15, 1, 0],
    [38, 10, 10],
    [38, 20_749, 0],
    [3688, 10, 0],
  ].map(([day, delivered, opened]) => ({
    at: monday + day! * DAY,
    delivered: delivered!,
    opened: opened!,
  }))
  const fit = fitDecay({ sends }, { pauseAfter: WEEK })
  expect(fit).toMatchObject({ kind: 'not-an-optimum', reason: 'flat' })
})

describe('goodness', () => {
  test('sends that differ by more than chance are noticed, and beta-binomial takes them in', () => {
    const truth = { ...anchor, dispersion: 0.02 }
    const sends = sendsOf(truth, twoYears, 1000, random('scatter'))
    const simple = fitted(sends)
    expect(simple.goodness.dispersion).toBeGreaterThan(5)
    expect(simple.diagnostics.map(({ code }) => code)).toContain('overdispersed')
    const wide = fitted(sends, { noise: 'beta-binomial' })
    expect(wide.goodness.dispersion).toBeLessThan(1.6)
    expect(wide.aic).toBeLessThan(simple.aic - 100)
    const width = (fit: FittedDecay) =>
      fit.decay.kind === 'estimate' ? fit.decay.interval.high - fit.decay.interval.low : Number.NaN
    expect(width(wide)).toBeGreaterThan(2 * width(simple))
  })

  test('the scale it was made on is the best or as good', () => {
    for (const scale of ['logit', 'log', 'share'] as const) {
      const truth = { ...anchor, scale, decay: scale === 'logit' ? anchor.decay : 0.0233 }
      const [best, ...others] = compareDecays(
        { sends: sendsOf(truth, twoYears, 3000, random(`scale ${scale}`)) },
        { pauseAfter: WEEK },
      )
      expect(best?.behind).toBe(0)
      const own = [best!, ...others].find((one) => one.scale === scale && one.floor === 'none')
      expect(own?.behind).toBeLessThan(2)
    }
  })
})

test('order of the sends, and when they are told, change no bit', () => {
  const sends = sendsOf(anchor, twoYears, 300, random('order'))
  const whole = fitDecay({ sends }, { pauseAfter: WEEK })
  expect(fitDecay({ sends: [...sends].reverse() }, { pauseAfter: WEEK })).toEqual(whole)
  expect(JSON.parse(JSON.stringify(whole))).toEqual(whole)
})

test('the steps lead to the same fit and say where they are', () => {
  const sends = sendsOf(anchor, twoYears, 300, random('steps'))
  const steps = fitDecaySteps({ sends }, { pauseAfter: WEEK })
  const phases = new Set<string>()
  let step = steps.next()
  for (; !step.done; step = steps.next()) phases.add(step.value.phase)
  expect([...phases]).toEqual(['search', 'decay', 'recovery'])
  expect(step.value).toEqual(fitDecay({ sends }, { pauseAfter: WEEK }))
})

describe('what it refuses', () => {
  const ok = { at: monday, delivered: 10, opened: 3 }
  test.each([
    ['out-of-range', '$.sends[0].opened', { sends: [{ ...ok, opened: 11 }] }, {}],
    ['out-of-range', '$.sends[0].delivered', { sends: [{ ...ok, delivered: 1.5 }] }, {}],
    ['out-of-range', '$.sends[0].delivered', { sends: [{ ...ok, delivered: -1 }] }, {}],
    ['out-of-range', '$.sends[0].opened', { sends: [{ ...ok, opened: Number.NaN }] }, {}],
    ['invalid-instant', '$.sends[0].at', { sends: [{ ...ok, at: 0.5 }] }, {}],
    ['wrong-type', '$.sends', { sends: 'none' }, {}],
    ['invalid-instant', '$.publications[0]', { sends: [ok], publications: [Number.NaN] }, {}],
    ['out-of-range', '$.publications', { sends: [ok], publications: [monday + 1] }, {}],
    ['invalid-duration', '$.pauseAfter', { sends: [ok] }, { pauseAfter: { days: 7 } }],
    ['invalid-duration', '$.pauseAfter', { sends: [ok] }, { pauseAfter: { hours: 0 } }],
    ['unknown-name', '$.scale', { sends: [ok] }, { scale: 'probit' }],
    ['unknown-name', '$.noise', { sends: [ok] }, { noise: 'poisson' }],
    ['out-of-range', '$.level', { sends: [ok] }, { level: 1 }],
  ])('%s at %s', (code, path, history, options) => {
    const call = () => fitDecay(history as never, { pauseAfter: WEEK, ...options } as never)
    expect(call).toThrow(expect.objectContaining({ code, path }))
  })
})
