import { random } from 'liuliang'
import { backtestDecay, type DecayBacktest } from 'liuliang/continuity'
import { describe, expect, test } from 'vitest'
import { runs } from '../support/size.js'
import { anchor, DAY, monday, rhythm, sendsOf, twoYears, WEEK } from './support/simulated.js'

const tested = (answer: DecayBacktest) => {
  if (answer.kind !== 'back-test') throw new Error(answer.kind)
  return answer
}

/** A third pause of 12 weeks and the climb out of it, which the fit does not see. */
const days = [...twoYears, ...rhythm(twoYears.at(-1)! + 91, 7, 10)]

describe('the last sends, foretold', () => {
  test('the model knows what a pause does, the last value and its smoothing do not', () => {
    const answer = tested(
      backtestDecay(
        { sends: sendsOf(anchor, days, 1000, random('held')) },
        { pauseAfter: WEEK, holdOut: 10, profile: false },
      ),
    )
    expect(answer.held).toHaveLength(10)
    expect(answer.better).toBe(true)
    expect(answer.meanError.model).toBeLessThan(0.02)
    expect(answer.meanError.lastValue).toBeGreaterThan(0.06)
    expect(answer.meanError.smoothing).toBeGreaterThan(0.06)
    const [first] = answer.held
    expect(first!.predicted).toBeLessThan(0.06)
  })

  test.each([
    ['binomial', undefined, runs(40, 400)],
    ['beta-binomial', 0.01, runs(0, 200)],
  ] as const)(
    'their intervals hold about as often as they say: %s',
    { timeout: 600_000 },
    (noise, dispersion, many) => {
      let [covered, of] = [0, 0]
      const truth = dispersion === undefined ? anchor : { ...anchor, dispersion }
      for (let i = 0; i < many; i += 1) {
        const sends = sendsOf(truth, days, 300, random(`back ${noise} ${i}`))
        const answer = tested(
          backtestDecay({ sends }, { pauseAfter: WEEK, holdOut: 10, noise, profile: false }),
        )
        covered += answer.held.filter((send) => send.covered).length
        of += answer.held.length
      }
      if (many === 0) return
      console.log(`${noise}: ${covered} of ${of} held-out sends within their 95 % interval`)
      // Whole opens make an interval a little wider; sends of one channel err together.
      expect(covered / of).toBeGreaterThan(0.92)
      expect(covered / of).toBeLessThan(0.99)
    },
  )

  test('what the fit has not seen does not change it', () => {
    const sends = sendsOf(anchor, days, 300, random('unseen'))
    const answer = tested(backtestDecay({ sends }, { pauseAfter: WEEK, holdOut: 10, profile: false }))
    const other = sends.map((send, i) => (i < days.length - 10 ? send : { ...send, opened: send.delivered }))
    const again = tested(backtestDecay({ sends: other }, { pauseAfter: WEEK, holdOut: 10, profile: false }))
    expect(again.fit).toEqual(answer.fit)
    expect(again.held.map(({ predicted }) => predicted)).toEqual(
      answer.held.map(({ predicted }) => predicted),
    )
    expect(again.coverage).toMatchObject({ value: 0 })
  })

  test('a held-out send of an instant of the fit is foretold from that instant', () => {
    const sends = sendsOf(anchor, twoYears, 300, random('twins'))
    const twin = { ...sends.at(-1)!, delivered: 5000, opened: 900 }
    const answer = tested(
      backtestDecay({ sends: [...sends, twin] }, { pauseAfter: WEEK, holdOut: 1, profile: false }),
    )
    expect(answer.held).toHaveLength(1)
    expect(answer.held[0]!.predicted).toBeGreaterThan(0.1)
  })

  test('without a fit there is no back-test, and its reason stands', () => {
    const sends = sendsOf(anchor, rhythm(0, 7, 4), 300, random('few')).map((send) => ({ ...send, opened: 0 }))
    expect(backtestDecay({ sends }, { pauseAfter: WEEK, holdOut: 2 })).toMatchObject({
      kind: 'no-fit',
      fit: { reason: 'never-opened' },
    })
    const pausing = sendsOf(anchor, [...rhythm(0, 7, 10), 160], 300, random('first pause'))
    expect(backtestDecay({ sends: pausing }, { pauseAfter: WEEK, holdOut: 1 })).toMatchObject({
      kind: 'not-identified',
      reason: 'no-pause',
    })
  })

  test.each([
    ['$.holdOut', { holdOut: 0 }],
    ['$.holdOut', { holdOut: twoYears.length }],
    ['$.smoothing', { holdOut: 1, smoothing: 0 }],
  ])('refuses %s', (path, more) => {
    const sends = sendsOf(anchor, twoYears, 20, random('refused'))
    expect(() => backtestDecay({ sends }, { pauseAfter: WEEK, ...more })).toThrow(
      expect.objectContaining({ path }),
    )
  })

  test('sends that reached nobody are publications and nothing else', () => {
    const sends = sendsOf(anchor, twoYears, 300, random('empty'))
    const empty = { at: monday + (twoYears.at(-1)! + 1) * DAY, delivered: 0, opened: 0 }
    const answer = tested(
      backtestDecay({ sends: [...sends, empty] }, { pauseAfter: WEEK, holdOut: 3, profile: false }),
    )
    expect(answer.held.map(({ at }) => at)).toEqual(sends.slice(-3).map(({ at }) => at))
  })
})
