import * as fc from 'fast-check'
import { describe, expect, test } from 'vitest'
import {
  absorbingChain,
  agentsNeeded,
  chainClasses,
  chainPower,
  chainValue,
  erlangC,
  type Matrix,
  projectChain,
  steadyState,
} from '../../src/measures/index.js'
import { runs } from '../support/size.js'
import { exactFundamental, exactStationary } from './support/exact-chain.js'

/** Rows that sum to 1, with zeros among them. */
const chain = (most: number): fc.Arbitrary<Matrix> =>
  fc.integer({ min: 1, max: most }).chain((n) =>
    fc
      .array(
        fc.array(fc.oneof(fc.constant(0), fc.double({ min: 0.01, max: 1, noNaN: true })), {
          minLength: n,
          maxLength: n,
        }),
        {
          minLength: n,
          maxLength: n,
        },
      )
      .map((rows) => rows.map(toOne)),
  )

function toOne(row: readonly number[], i: number): readonly number[] {
  const sum = row.reduce((a, b) => a + b, 0)
  return sum === 0 ? row.map((_, j) => (i === j ? 1 : 0)) : row.map((part) => part / sum)
}

/** Chances of moving and of ending from 10^-12 up; to stay is what is left. */
const slowChain = fc.integer({ min: 1, max: 6 }).chain((n) =>
  fc
    .array(
      fc.array(
        fc.oneof(
          { weight: 1, arbitrary: fc.constant(0) },
          { weight: 3, arbitrary: fc.double({ min: -12, max: 0, noNaN: true }).map((power) => 10 ** power) },
        ),
        { minLength: n + 2, maxLength: n + 2 },
      ),
      { minLength: n, maxLength: n },
    )
    .map((rows) => {
      const scaled = rows.map((row, i) => {
        const moving = row.reduce((sum, part, j) => (j === i ? sum : sum + part), 0)
        return row.map((part) => (moving > 1 ? part / (1.000001 * moving) : part))
      })
      const Q = scaled.map((row, i) =>
        row
          .slice(0, n)
          .map((part, j) =>
            i === j ? 1 - row.reduce((sum, one, k) => (k === i ? sum : sum + one), 0) : part,
          ),
      )
      return { Q, R: scaled.map((row) => row.slice(n)) }
    }),
)

const relative = (actual: number, expected: number) =>
  expected === 0 ? Math.abs(actual) : Math.abs(actual - expected) / Math.abs(expected)
const worst = (actual: Matrix, expected: Matrix) =>
  Math.max(0, ...actual.flatMap((row, i) => row.map((one, j) => relative(one, expected[i]![j]!))))
const product = (a: Matrix, b: Matrix): Matrix =>
  a.map((row) => (b[0] ?? []).map((_, j) => row.reduce((sum, one, k) => sum + one * b[k]![j]!, 0)))
const permuted = (matrix: Matrix, order: readonly number[]): Matrix =>
  order.map((i) => order.map((j) => matrix[i]![j]!))

describe('absorbing chains', () => {
  test('the fundamental matrix has all its digits, also where people leave once in 10^12 periods', () => {
    let most = 0
    fc.assert(
      fc.property(slowChain, ({ Q, R }) => {
        const found = absorbingChain({ Q, R })
        if (found.kind === 'undefined') return
        most = Math.max(most, worst(found.fundamental, exactFundamental(Q, R)))
      }),
      { numRuns: runs(300, 5000) },
    )
    // The plain inverse of I - Q is off by up to 4e-5 here.
    expect(most).toBeLessThan(5e-15)
  })

  test('N (I - Q) = I, N 1 and N R are the steps and the ends, and rows of ends sum to 1', () => {
    fc.assert(
      fc.property(chain(12), fc.nat(), (P, pick) => {
        const absorbing = [pick % P.length]
        const found = absorbingChain({ P, absorbing })
        if (found.kind === 'undefined') {
          expect(found.reason).toBe('never-absorbed')
          return
        }
        const { fundamental: N, transient, expectedSteps, absorption, varianceOfSteps } = found
        const rest = transient.map((i) => transient.map((j) => (i === j ? 1 : 0) - P[i]![j]!))
        const size = 1 + Math.max(0, ...expectedSteps)
        for (const [i, row] of product(N, rest).entries())
          for (const [j, one] of row.entries()) expect(one).toBeCloseTo(i === j ? 1 : 0, 9 - Math.log10(size))
        for (const [i, steps] of expectedSteps.entries()) {
          expect(
            relative(
              N[i]!.reduce((sum, one) => sum + one, 0),
              steps,
            ),
          ).toBeLessThan(1e-13)
          expect(
            relative(
              absorption[i]!.reduce((sum, one) => sum + one, 0),
              1,
            ),
          ).toBeLessThan(1e-13)
          const visits = expectedSteps.reduce((sum, one, k) => sum + N[i]![k]! * one, 0)
          const textbook = 2 * visits - steps - steps * steps
          expect(Math.abs(varianceOfSteps[i]! - textbook)).toBeLessThan(1e-12 * size * size)
        }
      }),
      { numRuns: runs(200, 3000) },
    )
  })

  test('a geometric wait of 10^12 periods has its mean and its variance', () => {
    const leaving = 1e-12
    const found = absorbingChain({ Q: [[1 - leaving]], R: [[leaving]] })
    if (found.kind !== 'estimate') throw new Error(found.reason)
    expect(relative(found.expectedSteps[0]!, 1e12)).toBeLessThan(1e-15)
    expect(relative(found.varianceOfSteps[0]!, 1e24 * (1 - leaving))).toBeLessThan(1e-15)
  })
})

describe('the long run', () => {
  test('pi P = pi; shares sum to 1, and those of slow chains have all their digits', () => {
    let most = 0
    fc.assert(
      fc.property(slowChain, ({ Q, R }) => {
        // Who ends begins again in the first state.
        const P = Q.map((row, i) =>
          row.map((one, j) => (j === 0 ? one + R[i]!.reduce((a, b) => a + b, 0) : one)),
        )
        const classes = chainClasses({ P })
        if (classes.length > 1) return
        const steady = steadyState({ P })
        if (steady.kind !== 'estimate') throw new Error(steady.kind)
        const { distribution: pi } = steady
        expect(pi.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
        for (const [j, share] of product([pi], P)[0]!.entries()) expect(share).toBeCloseTo(pi[j]!, 12)
        most = Math.max(most, worst([pi], [exactStationary(P)]))
      }),
      { numRuns: runs(200, 3000) },
    )
    expect(most).toBeLessThan(5e-15)
  })

  test('with several closed classes every state has its chances to end in each of them', () => {
    fc.assert(
      fc.property(chain(9), (P) => {
        const steady = steadyState({ P })
        const closed = chainClasses({ P }).filter((one) => one.closed)
        if (steady.kind !== 'several-classes') {
          expect(closed).toHaveLength(1)
          return
        }
        expect(steady.classes.map(({ states }) => states)).toEqual(closed.map(({ states }) => states))
        for (let i = 0; i < P.length; i += 1) {
          expect(steady.classes.reduce((sum, { reachedFrom }) => sum + reachedFrom[i]!, 0)).toBeCloseTo(1, 12)
          for (const { reachedFrom } of steady.classes)
            expect(P[i]!.reduce((sum, one, j) => sum + one * reachedFrom[j]!, 0)).toBeCloseTo(
              reachedFrom[i]!,
              12,
            )
        }
      }),
      { numRuns: runs(200, 3000) },
    )
  })

  test('a ring of n states has period n, and a day in each', () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 50 }), (n) => {
        const P = Array.from({ length: n }, (_, i) =>
          Array.from({ length: n }, (_, j) => (j === (i + 1) % n ? 1 : 0)),
        )
        const steady = steadyState({ P })
        if (steady.kind !== 'estimate') throw new Error(steady.kind)
        expect(steady.period).toBe(n)
        for (const share of steady.distribution) expect(share).toBeCloseTo(1 / n, 14)
      }),
      { numRuns: 20 },
    )
  })

  test('powers add up, keep rows that sum to 1, and come to the long run where the period is 1', () => {
    fc.assert(
      fc.property(chain(6), fc.nat(30), fc.nat(30), (P, a, b) => {
        const whole = chainPower(P, a + b)
        const parts = product(chainPower(P, a), chainPower(P, b))
        for (const [i, row] of whole.entries()) {
          expect(row.reduce((x, y) => x + y, 0)).toBeCloseTo(1, 14)
          for (const [j, one] of row.entries()) expect(one).toBeCloseTo(parts[i]![j]!, 12)
        }
        const steady = steadyState({ P })
        if (steady.kind !== 'estimate' || steady.period !== 1) return
        for (const row of chainPower(P, 2 ** 40))
          for (const [j, one] of row.entries()) expect(one).toBeCloseTo(steady.distribution[j]!, 6)
      }),
      { numRuns: runs(200, 2000) },
    )
  })

  test('steps keep everybody, and many steps are the power', () => {
    fc.assert(
      fc.property(chain(6), fc.nat(20), (P, steps) => {
        const start = P.map((_, i) => 100 * (i + 1))
        const path = projectChain({ P, start, steps })
        const power = product([start], chainPower(P, steps))[0]!
        for (const [j, count] of path[steps]!.entries()) expect(count).toBeCloseTo(power[j]!, 8)
        const total = start.reduce((a, b) => a + b, 0)
        for (const counts of path) expect(counts.reduce((a, b) => a + b, 0)).toBeCloseTo(total, 8)
      }),
      { numRuns: runs(200, 2000) },
    )
  })
})

describe('value', () => {
  const terms = fc.record({
    discountRate: fc.double({ min: 1e-6, max: 3, noNaN: true }),
    scale: fc.integer({ min: -20, max: 20 }),
  })

  test('V = r + P V / (1 + d); twice the rewards, twice the value; one period later, one discount less', () => {
    fc.assert(
      fc.property(chain(8), terms, (P, { discountRate, scale }) => {
        const rewards = P.map((_, i) => (i % 3) * 10 - 7)
        const value = valued({ P, rewards, discountRate })
        const size = 10 * (1 + 1 / discountRate)
        for (const [i, one] of value.entries()) {
          const later = P[i]!.reduce((sum, chance, j) => sum + chance * value[j]!, 0)
          expect(Math.abs(one - rewards[i]! - later / (1 + discountRate))).toBeLessThan(1e-12 * size)
        }
        const scaled = valued({ P, rewards: rewards.map((reward) => scale * reward), discountRate })
        const end = valued({ P, rewards, discountRate, cash: 'end' })
        for (const [i, one] of value.entries()) {
          expect(Math.abs(scaled[i]! - scale * one)).toBeLessThan(1e-11 * size)
          expect(Math.abs(end[i]! * (1 + discountRate) - one)).toBeLessThan(1e-12 * size)
        }
      }),
      { numRuns: runs(200, 2000) },
    )
  })

  test('a long horizon comes to for ever, and a horizon of 0 is the reward at once', () => {
    fc.assert(
      fc.property(chain(5), (P) => {
        const rewards = P.map((_, i) => i - 1)
        const far = valued({ P, rewards, discountRate: 0.1, horizon: 600 })
        const whole = valued({ P, rewards, discountRate: 0.1 })
        for (const [i, one] of far.entries()) expect(one).toBeCloseTo(whole[i]!, 9)
        expect(valued({ P, rewards, discountRate: 0.1, horizon: 0 })).toEqual(rewards)
      }),
      { numRuns: 50 },
    )
  })
})

test('the order of states changes nothing', () => {
  fc.assert(
    fc.property(chain(8), fc.infiniteStream(fc.nat()), (P, picks) => {
      const order: number[] = []
      const left = P.map((_, i) => i)
      while (left.length > 0) order.push(...left.splice(picks.next().value! % left.length, 1))
      const other = permuted(P, order)
      const rewards = P.map((_, i) => i)
      const value = valued({ P, rewards, discountRate: 0.2 })
      const valueOther = valued({ P: other, rewards: order.map((i) => rewards[i]!), discountRate: 0.2 })
      for (const [k, i] of order.entries()) expect(relative(valueOther[k]!, value[i]!)).toBeLessThan(1e-12)
      const [steady, steadyOther] = [steadyState({ P }), steadyState({ P: other })]
      expect(steadyOther.kind).toBe(steady.kind)
      if (steady.kind === 'estimate' && steadyOther.kind === 'estimate') {
        expect(steadyOther.period).toBe(steady.period)
        for (const [k, i] of order.entries())
          expect(relative(steadyOther.distribution[k]!, steady.distribution[i]!)).toBeLessThan(1e-12)
      }
      const [ends, endsOther] = [
        absorbingChain({ P, absorbing: [0] }),
        absorbingChain({ P: other, absorbing: [order.indexOf(0)] }),
      ]
      expect(endsOther.kind).toBe(ends.kind)
      if (ends.kind === 'estimate' && endsOther.kind === 'estimate')
        for (const [k, state] of endsOther.transient.entries()) {
          const at = ends.transient.indexOf(order[state]!)
          expect(relative(endsOther.expectedSteps[k]!, ends.expectedSteps[at]!)).toBeLessThan(1e-12)
          expect(relative(endsOther.varianceOfSteps[k]! + 1, ends.varianceOfSteps[at]! + 1)).toBeLessThan(
            1e-10,
          )
        }
    }),
    { numRuns: runs(200, 2000) },
  )
})

describe('queues', () => {
  const load = fc.record({
    arrivalsPerHour: fc.oneof(fc.constant(0), fc.double({ min: 1e-3, max: 3000, noNaN: true })),
    meanHandlingSeconds: fc.double({ min: 1, max: 1000, noNaN: true }),
  })

  test('the number needed is the smallest, and shares are shares', () => {
    const target = fc.record({
      serviceLevel: fc.double({ min: 0.01, max: 0.999, noNaN: true }),
      withinSeconds: fc.integer({ min: 0, max: 300 }),
      maxOccupancy: fc.double({ min: 0.3, max: 1, noNaN: true }),
    })
    fc.assert(
      fc.property(load, target, (given, wanted) => {
        const needed = agentsNeeded({ ...given, target: wanted })
        if (needed.kind !== 'estimate') throw new Error(needed.reason)
        const keeps = (agents: number) => {
          const queue = erlangC({ ...given, agents, withinSeconds: wanted.withinSeconds })
          if (queue.kind !== 'estimate') return false
          for (const share of [queue.occupancy, queue.probabilityOfWaiting, queue.serviceLevel!]) {
            expect(share).toBeGreaterThanOrEqual(0)
            expect(share).toBeLessThanOrEqual(1)
          }
          return queue.serviceLevel! >= wanted.serviceLevel && queue.occupancy <= wanted.maxOccupancy
        }
        expect(keeps(needed.agents)).toBe(true)
        if (needed.agents > 1) expect(keeps(needed.agents - 1)).toBe(false)
      }),
      { numRuns: runs(200, 2000) },
    )
  })

  test('twice as many of half the length wait half as long; more agents, less waiting', () => {
    fc.assert(
      fc.property(load, fc.integer({ min: 1, max: 1000 }), (given, agents) => {
        const queue = erlangC({ ...given, agents })
        const faster = erlangC({
          arrivalsPerHour: 2 * given.arrivalsPerHour,
          meanHandlingSeconds: given.meanHandlingSeconds / 2,
          agents,
        })
        expect(faster.kind).toBe(queue.kind)
        if (queue.kind !== 'estimate' || faster.kind !== 'estimate') return
        expect(faster.probabilityOfWaiting).toBe(queue.probabilityOfWaiting)
        // Next to 0 floats are spaced more widely than they are large.
        if (queue.meanWaitSeconds < 1e-280) return
        expect(faster.meanWaitSeconds).toBe(queue.meanWaitSeconds / 2)
        const more = erlangC({ ...given, agents: agents + 1 })
        if (more.kind !== 'estimate') throw new Error(more.reason)
        expect(more.probabilityOfWaiting).toBeLessThanOrEqual(queue.probabilityOfWaiting)
        // Little's law.
        expect(relative(queue.meanQueue * 3600, given.arrivalsPerHour * queue.meanWaitSeconds)).toBeLessThan(
          1e-12,
        )
      }),
      { numRuns: runs(200, 2000) },
    )
  })
})

function valued(given: Parameters<typeof chainValue>[0]): readonly number[] {
  const value = chainValue(given)
  if (value.kind !== 'estimate') throw new Error(value.reason)
  return value.value
}
