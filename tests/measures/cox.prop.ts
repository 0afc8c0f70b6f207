import fc from 'fast-check'
import { expect, test } from 'vitest'
import { concordance } from '../../src/measures/cox/concordance.js'
import { type CoxModel, type CoxOptions, fitCox } from '../../src/measures/cox/cox.js'
import { partialLikelihood } from '../../src/measures/cox/partial-likelihood.js'
import { coxSurvival } from '../../src/measures/cox/prediction.js'
import { testProportionalHazards } from '../../src/measures/cox/proportionality.js'
import { type CoxRecord, subjectsOf } from '../../src/measures/cox/subjects.js'
import { minimize } from '../../src/measures/minimize.js'
import { inverse, times } from '../../src/measures/symmetric.js'
import { runs } from '../support/size.js'
import {
  differences,
  names,
  riskSets,
  slowConcordance,
  slowLogLikelihood,
  weights,
} from './support/slow-cox.js'

const numRuns = runs(150, 10_000)
const timeout = runs(20_000, 900_000)
const ties = fc.constantFrom('efron' as const, 'breslow' as const)

interface Shape {
  readonly covariates: number
  readonly most?: number
  readonly value?: fc.Arbitrary<number>
  readonly plain?: boolean
}

/** Few times, so that there are ties; late entries; strata in some. At most four tied events, for every order is gone through. */
const histories = ({
  covariates,
  most = 24,
  value = fc.integer({ min: -2, max: 2 }),
  plain = false,
}: Shape) =>
  fc
    .record({ late: fc.boolean(), strata: fc.boolean() })
    .chain(({ late, strata }) =>
      fc
        .array(
          fc.record({
            time: fc.integer({ min: 1, max: 9 }),
            event: fc.boolean(),
            entry: fc.integer({ min: 0, max: 8 }),
            stratum: fc.constantFrom('a', 'b'),
            values: fc.array(value, { minLength: covariates, maxLength: covariates }),
          }),
          { minLength: 3, maxLength: most },
        )
        .map((rows) =>
          rows.map(
            ({ time, event, entry, stratum, values }): CoxRecord => ({
              time,
              event,
              covariates: Object.fromEntries(values.map((one, k) => [`x${k}`, one])),
              ...(late && !plain && entry < time && { entry }),
              ...(strata && !plain && { stratum }),
            }),
          ),
        ),
    )
    .filter((records) => {
      const sets = riskSets(records)
      return sets.length > 0 && sets.every(({ tied }) => tied.length <= 4)
    })

function estimate(records: readonly CoxRecord[], options?: CoxOptions): CoxModel | undefined {
  const answer = fitCox(records, options)
  return answer.kind === 'estimate' ? answer : undefined
}

const near = (found: number, expected: number, relative: number, size = 1) =>
  expect(Math.abs(found - expected)).toBeLessThanOrEqual(relative * Math.max(size, Math.abs(expected)))

const coefficients = (model: CoxModel) => model.coefficients.map(({ coefficient }) => coefficient)

test(
  'value, slopes and information are those of the definition, gone through risk set by risk set',
  () => {
    const at = fc.array(fc.double({ min: -1.5, max: 1.5, noNaN: true }), { minLength: 2, maxLength: 2 })
    fc.assert(
      fc.property(histories({ covariates: 2 }), ties, at, (records, tie, given) => {
        const subjects = subjectsOf(records, undefined)
        const { centre, unit } = subjects
        const slow = (b: readonly number[]) => slowLogLikelihood(records, tie, b)
        const scaledTo = given.map((one, k) => one * unit[k]!)
        const fast = partialLikelihood(subjects, tie, scaledTo)
        // Taking the centre away changes no ratio of weights.
        expect(centre).toHaveLength(2)
        near(fast.value, slow(given), 1e-12)
        const moved = (k: number, by: number) => given.map((one, l) => (k === l ? one + by : one))
        for (const k of [0, 1]) {
          const slope = (slow(moved(k, 1e-4)) - slow(moved(k, -1e-4))) / 2e-4
          near(fast.gradient[k]! * unit[k]!, slope, 2e-6, records.length)
          const slopeAt = (l: number, by: number) =>
            partialLikelihood(
              subjects,
              tie,
              moved(l, by).map((one, m) => one * unit[m]!),
            ).gradient[k]!
          for (const l of [0, 1]) {
            const bend = (slopeAt(l, -1e-5) - slopeAt(l, 1e-5)) / 2e-5
            near(fast.information[k]![l]! * unit[l]!, bend, 1e-6, records.length)
          }
        }
      }),
      { numRuns },
    )
  },
  timeout,
)

test(
  'there is an estimate where no direction separates, and nowhere else',
  () => {
    // In whole numbers: any cone of directions that separate in the plane has an edge at right angles to a difference.
    const values = fc.constantFrom(0, 1, 0, 1, 2)
    let [finite, monotone] = [0, 0]
    fc.assert(
      fc.property(histories({ covariates: 2, most: 14, value: values }), ties, (records, tie) => {
        const apart = differences(records).filter(([x, y]) => x !== 0 || y !== 0)
        const directions = apart.flatMap(([x, y]) => [
          [-y!, x!],
          [y!, -x!],
          [x!, y!],
          [-x!, -y!],
        ])
        const along = ([a, b]: readonly number[]) => apart.map(([x, y]) => a! * x! + b! * y!)
        const flat = apart.length === 0 || directions.some((d) => along(d).every((one) => one === 0))
        const separates = directions.some((d) => along(d).every((one) => one >= 0))
        const answer = fitCox(records, { ties: tie })
        if (flat) expect(answer).toMatchObject({ reason: expect.stringMatching(/^(constant|collinear)$/) })
        else if (separates) {
          monotone += 1
          expect(answer).toMatchObject({ reason: 'monotone' })
          if (answer.kind === 'estimate') return
          // What it names does separate, to rounding.
          const named = names(records).map((name) => answer.direction[name] ?? 0)
          expect(Math.min(...along(named))).toBeGreaterThanOrEqual(-1e-9)
          expect(Math.max(...along(named))).toBeGreaterThan(0)
        } else {
          finite += 1
          expect(answer.kind).toBe('estimate')
        }
      }),
      { numRuns: runs(400, 40_000) },
    )
    expect(Math.min(finite, monotone)).toBeGreaterThan(20)
  },
  timeout,
)

test(
  'the same with three covariates, of which one is often a sum',
  () => {
    const cross = ([a, b, c]: readonly number[], [x, y, z]: readonly number[]) => [
      b! * z! - c! * y!,
      c! * x! - a! * z!,
      a! * y! - b! * x!,
    ]
    const product = (a: readonly number[], b: readonly number[]) =>
      a[0]! * b[0]! + a[1]! * b[1]! + a[2]! * b[2]!
    const made = fc.tuple(
      histories({ covariates: 3, most: 10, value: fc.integer({ min: -1, max: 2 }) }),
      fc.boolean(),
    )
    const seen = { flat: 0, monotone: 0, estimate: 0 }
    fc.assert(
      fc.property(made, ties, ([plain, sum], tie) => {
        const records = plain.map(({ covariates, ...one }): CoxRecord => {
          const { x0 = 0, x1 = 0, x2 = 0 } = covariates
          const high = one.event ? 12 - one.time : x2 - 2
          return { ...one, covariates: { x0, x1, x2: sum ? high - x0 + 2 * x1 : x2 } }
        })
        const apart = differences(records).filter((one) => one.some((part) => part !== 0))
        // Edges of a cone in space are at right angles to two differences.
        const edges = apart.flatMap((a, i) => apart.slice(i + 1).map((b) => cross(a, b)))
        const some = edges.find((edge) => edge.some((part) => part !== 0))
        const spans = some !== undefined && apart.some((one) => product(one, some) !== 0)
        const expected = !spans
          ? 'flat'
          : edges.some(
                (edge) =>
                  edge.some((part) => part !== 0) &&
                  (apart.every((one) => product(one, edge) >= 0) ||
                    apart.every((one) => product(one, edge) <= 0)),
              )
            ? 'monotone'
            : 'estimate'
        seen[expected] += 1
        const answer = fitCox(records, { ties: tie })
        const reason = answer.kind === 'estimate' ? answer.kind : answer.reason
        expect(reason === 'constant' || reason === 'collinear' ? 'flat' : reason).toBe(expected)
      }),
      { numRuns: runs(150, 10_000) },
    )
    expect(Math.min(...Object.values(seen))).toBeGreaterThan(3)
  },
  timeout,
)

test(
  'one covariate separates where it ranks highest, or lowest, each time',
  () => {
    const value = fc.integer({ min: -1e6, max: 1e6 }).map((one) => one / 1e6)
    fc.assert(
      fc.property(histories({ covariates: 1, most: 8, value }), ties, (records, tie) => {
        const apart = differences(records).map(([x]) => x!)
        const [low, high] = [Math.min(...apart), Math.max(...apart)]
        fc.pre(low !== high && (low >= 0 || high <= 0 || Math.min(-low, high) > 5e-7))
        const answer = fitCox(records, { ties: tie })
        expect(answer.kind === 'estimate' ? 'estimate' : answer.reason).toBe(
          low >= 0 || high <= 0 ? 'monotone' : 'estimate',
        )
      }),
      { numRuns },
    )
  },
  timeout,
)

test(
  'the estimate is where a minimiser that sees only values of the definition ends',
  () => {
    let compared = 0
    fc.assert(
      fc.property(histories({ covariates: 2, most: 16 }), ties, (records, tie) => {
        const model = estimate(records, { ties: tie })
        if (model === undefined) return
        const lowest = minimize({ value: (b) => -slowLogLikelihood(records, tie, b) }, [0, 0])
        if (lowest.kind !== 'optimum') return
        compared += 1
        near(model.logLikelihood.fitted, -lowest.value, 1e-9)
        for (const [k, b] of coefficients(model).entries()) {
          near(b, lowest.at[k]!, 1e-3)
          for (const [l, one] of model.covariance[k]!.entries()) near(one, lowest.covariance[k]![l]!, 2e-2)
        }
      }),
      { numRuns: runs(25, 1_000) },
    )
    expect(compared).toBeGreaterThan(5)
  },
  timeout,
)

test(
  'shifted, scaled, reordered, and on another clock it says the same',
  () => {
    fc.assert(
      fc.property(histories({ covariates: 2 }), ties, fc.integer(), (records, tie, seed) => {
        const answer = fitCox(records, { ties: tie })
        const turned = [...records]
          .sort((a, b) => ((a.time * 7 + seed) % 5) - ((b.time * 7 + seed) % 5))
          .reverse()
        expect(fitCox(turned, { ties: tie })).toEqual(answer)
        if (answer.kind !== 'estimate') return
        const of = (change: (one: CoxRecord) => CoxRecord) => estimate(records.map(change), { ties: tie })!
        const moved = of(({ covariates, ...one }) => ({
          ...one,
          covariates: { x0: covariates['x0']! + 1000, x1: covariates['x1']! * 1e-8 },
        }))
        const clock = of(({ time, entry, ...one }) => ({
          ...one,
          time: time * time,
          ...(entry !== undefined && { entry: entry * entry }),
        }))
        expect(coefficients(clock)).toEqual(coefficients(answer))
        expect(clock.covariance).toEqual(answer.covariance)
        const [a, b] = answer.coefficients
        near(moved.coefficients[0]!.coefficient, a!.coefficient, 1e-9, a!.standardError)
        near(moved.coefficients[1]!.coefficient * 1e-8, b!.coefficient, 1e-9, b!.standardError)
        near(moved.coefficients[1]!.standardError * 1e-8, b!.standardError, 1e-9)
        for (const one of ['likelihoodRatio', 'wald', 'score'] as const)
          near(moved[one].statistic, answer[one].statistic, 1e-9)
        expect(moved.concordance).toEqual(answer.concordance)
      }),
      { numRuns },
    )
  },
  timeout,
)

test(
  'a stratum twice is twice the evidence',
  () => {
    fc.assert(
      fc.property(histories({ covariates: 2, plain: true }), ties, (records, tie) => {
        const once = estimate(records, { ties: tie })
        const doubled = ['a', 'b'].flatMap((stratum) => records.map((one) => ({ ...one, stratum })))
        const twice = estimate(doubled, { ties: tie })
        expect(twice === undefined).toBe(once === undefined)
        if (once === undefined || twice === undefined) return
        near(twice.logLikelihood.fitted, 2 * once.logLikelihood.fitted, 1e-12)
        for (const [k, b] of coefficients(once).entries()) {
          near(twice.coefficients[k]!.coefficient, b, 1e-9)
          for (const [l, one] of once.covariance[k]!.entries()) near(twice.covariance[k]![l]!, one / 2, 1e-9)
        }
        expect(twice.baseline.map(({ stratum }) => stratum)).toEqual(['a', 'b'])
      }),
      { numRuns },
    )
  },
  timeout,
)

test(
  'concordance and its error are those of every pair',
  () => {
    fc.assert(
      fc.property(histories({ covariates: 1 }), (records) => {
        const scored = records.map(({ stratum: _, ...one }) => ({ ...one, score: one.covariates['x0']! }))
        const found = concordance(scored)
        const slow = slowConcordance(scored)
        expect(found.kind === 'undefined').toBe(slow === undefined)
        if (found.kind === 'undefined' || slow === undefined) return
        near(found.value, slow.value, 1e-14)
        near(found.standardError, slow.standardError, 1e-14)
      }),
      { numRuns },
    )
    fc.assert(
      fc.property(histories({ covariates: 1 }), (records) => {
        const model = estimate(records)
        if (model?.concordance.kind !== 'estimate') return
        const [b] = coefficients(model)
        const slow = slowConcordance(records.map((one) => ({ ...one, score: b! * one.covariates['x0']! })))!
        near(model.concordance.value, slow.value, 1e-14)
        near(model.concordance.standardError, slow.standardError, 1e-14)
      }),
      { numRuns },
    )
  },
  timeout,
)

test(
  'predicted curves are those of the definition, and as many events are expected as there were',
  () => {
    const at = fc.tuple(fc.integer({ min: -3, max: 3 }), fc.integer({ min: -3, max: 3 }))
    fc.assert(
      fc.property(histories({ covariates: 2 }), ties, at, (records, tie, [x0, x1]) => {
        const model = estimate(records, { ties: tie })
        if (model === undefined) return
        const b = coefficients(model)
        const score = b[0]! * x0 + b[1]! * x1
        fc.pre(Math.abs(score) < 50)
        const sets = riskSets(records)
        for (const { stratum } of model.baseline) {
          const found = coxSurvival(model, {
            covariates: { x0, x1 },
            ...(stratum !== undefined && { stratum }),
          })
          if (found.kind !== 'estimate') throw new Error(found.reason)
          let [hazard, own] = [0, 0]
          let away = [0, 0]
          const own_ = sets.filter((set) => set.stratum === stratum)
          expect(found.steps.map(({ time }) => time)).toEqual(own_.map(({ time }) => time))
          for (const [i, set] of own_.entries()) {
            const all = weights(set, tie, b)
            // The mean of the covariates at each of the tied events, by the change of the weights with the coefficients.
            const mean = (k: number, j: number) => {
              const by = (h: number) =>
                Math.log(
                  weights(
                    set,
                    tie,
                    b.map((one, l) => (l === k ? one + h : one)),
                  )[j]!,
                )
              return (by(1e-5) - by(-1e-5)) / 2e-5
            }
            for (const [j, weight] of all.entries()) {
              hazard += Math.exp(score) / weight
              own += (Math.exp(score) / weight) ** 2
              away = away.map((sum, k) => sum + ([x0, x1][k]! - mean(k, j)) * (Math.exp(score) / weight))
            }
            const step = found.steps[i]!
            near(step.cumulativeHazard, hazard, 1e-9, 1e-3)
            near(step.survival, Math.exp(-hazard), 1e-9)
            const variance =
              own + away.reduce((sum, one, k) => sum + one * times(model.covariance, away)[k]!, 0)
            near(step.standardError, Math.sqrt(variance), 1e-5, 1e-3)
            expect(step.interval.low).toBeLessThanOrEqual(step.survival)
            expect(step.interval.high).toBeGreaterThanOrEqual(step.survival)
          }
        }
        if (tie !== 'breslow') return
        const expected = records.map((one) => {
          const { steps } = model.baseline.find(({ stratum }) => stratum === one.stratum)!
          const until = (t: number | undefined) =>
            t === undefined ? 0 : steps.reduce((sum, step) => sum + (step.time <= t ? step.hazard : 0), 0)
          const relative = b.reduce(
            (sum, c, k) => sum + c * (one.covariates[`x${k}`]! - model.reference[k]!),
            0,
          )
          return Math.exp(relative) * (until(one.time) - until(one.entry))
        })
        near(
          expected.reduce((sum, one) => sum + one, 0),
          model.events,
          1e-9,
        )
      }),
      { numRuns },
    )
  },
  timeout,
)

test(
  'the test of proportionality is the score test of covariates that change at every event',
  () => {
    fc.assert(
      fc.property(histories({ covariates: 2, most: 16 }), ties, (records, tie) => {
        const model = estimate(records, { ties: tie })
        const found = testProportionalHazards(records, { ties: tie, scale: 'identity' })
        if (model === undefined || found.kind !== 'estimate') return
        // Everybody is watched anew after each time with an event, from then on with the time as part of the covariates.
        const ends = [...new Set(records.filter(({ event }) => event).map(({ time }) => time))].sort(
          (a, b) => a - b,
        )
        const stretches = records.flatMap((one) => {
          const inside = ends.filter((end) => end < one.time && (one.entry === undefined || end > one.entry))
          const limits = [one.entry, ...inside, one.time]
          return limits.slice(1).map((end, i): CoxRecord => {
            const { x0 = 0, x1 = 0 } = one.covariates
            const [time, entry] = [end!, limits[i]]
            return {
              time,
              event: one.event && time === one.time,
              covariates: { x0, x1, y0: x0 * (time - 5), y1: x1 * (time - 5) },
              ...(entry !== undefined && { entry }),
              ...(one.stratum !== undefined && { stratum: one.stratum }),
            }
          })
        })
        const subjects = subjectsOf(stretches, undefined)
        const at = [...coefficients(model), 0, 0].map((one, k) => one * subjects.unit[k]!)
        const { gradient, information } = partialLikelihood(subjects, tie, at)
        const covariance = inverse(information)
        if (covariance === undefined) return
        const statistic = gradient.reduce((sum, one, k) => sum + one * times(covariance, gradient)[k]!, 0)
        near(found.global.statistic, statistic, 1e-6)
        expect(found.global.df).toBe(2)
      }),
      { numRuns },
    )
  },
  timeout,
)
