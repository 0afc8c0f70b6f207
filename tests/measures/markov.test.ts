import { describe, expect, test } from 'vitest'
import { DefinitionError } from '../../src/kernel/errors.js'
import { random } from '../../src/kernel/random.js'
import { countDraw } from '../../src/measures/binomial-draw.js'
import {
  absorbingChain,
  agentsByInterval,
  agentsNeeded,
  chainClasses,
  chainPower,
  chainValue,
  erlangC,
  lnGamma,
  projectChain,
  steadyState,
} from '../../src/measures/index.js'
import { dirichletDraw, multinomialDraw } from '../../src/measures/markov/draws.js'

/** The code and the path of what is thrown. */
function faultOf(run: () => unknown): string {
  try {
    run()
  } catch (error) {
    if (error instanceof DefinitionError) return `${error.code} ${error.path}`
    throw error
  }
  return 'nothing'
}

describe('what does not exist', () => {
  test('a class that never ends has no expected steps; its states are named', () => {
    const P = [
      [0.5, 0.5, 0, 0],
      [0.5, 0.5, 0, 0],
      [0, 0.2, 0.3, 0.5],
      [0, 0, 0, 1],
    ]
    expect(absorbingChain({ P, absorbing: [3] })).toEqual({
      kind: 'undefined',
      reason: 'never-absorbed',
      states: [0, 1],
    })
    expect(absorbingChain({ P, absorbing: [] })).toMatchObject({ states: [0, 1, 2, 3] })
    expect(absorbingChain({ P, absorbing: [0, 1, 2, 3] })).toMatchObject({
      kind: 'estimate',
      fundamental: [],
    })
    expect(absorbingChain({ Q: [[1]], R: [[5e-324]] })).toMatchObject({ reason: 'beyond-floats' })
  })

  test('a state that is named as absorbing ends the chain though it has ways out', () => {
    expect(
      absorbingChain({
        P: [
          [0.5, 0.5],
          [0.9, 0.1],
        ],
        absorbing: [1],
      }),
    ).toMatchObject({ expectedSteps: [2] })
  })

  test('without a discount, money that never stops has no sum, and money that stops has one', () => {
    const P = [
      [0.9, 0.1],
      [0, 1],
    ]
    expect(chainValue({ P, rewards: [1, 1], discountRate: 0 })).toEqual({
      kind: 'undefined',
      reason: 'does-not-converge',
    })
    expect(chainValue({ P, rewards: [1, 0], discountRate: 0 })).toMatchObject({
      kind: 'estimate',
      value: [10, 0],
    })
    expect(chainValue({ P, rewards: [1, 1], discountRate: 0, horizon: 9 })).toMatchObject({ value: [10, 10] })
    expect(chainValue({ P: [[1]], rewards: [1e308], discountRate: 1e-9 })).toMatchObject({
      reason: 'beyond-floats',
    })
  })

  test('a queue with too few agents grows, and says how many it takes at least', () => {
    const load = { arrivalsPerHour: 720, meanHandlingSeconds: 240 }
    expect(erlangC({ ...load, agents: 48 })).toEqual({
      kind: 'undefined',
      reason: 'unstable',
      agents: 48,
      erlangs: 48,
      leastAgents: 49,
    })
    expect(erlangC({ ...load, agents: 49 })).toMatchObject({ kind: 'estimate' })
    const target = { serviceLevel: 0.8, withinSeconds: 20 }
    expect(agentsNeeded({ arrivalsPerHour: 1e9, meanHandlingSeconds: 3600, target })).toMatchObject({
      reason: 'beyond-limit',
    })
    expect(
      erlangC({ arrivalsPerHour: 0, meanHandlingSeconds: 60, agents: 1, withinSeconds: 0 }),
    ).toMatchObject({
      probabilityOfWaiting: 0,
      meanWaitSeconds: 0,
      serviceLevel: 1,
    })
  })
})

describe('examples', () => {
  test('who is not there all day has to be scheduled beside', () => {
    const target = { serviceLevel: 0.8, withinSeconds: 20 }
    const load = { arrivalsPerHour: 720, meanHandlingSeconds: 240, target }
    expect(agentsNeeded({ ...load, shrinkage: 0.3 })).toMatchObject({ agents: 54, scheduled: 78 })
    expect(agentsNeeded({ ...load, shrinkage: 0.1 })).toMatchObject({ agents: 54, scheduled: 60 })
    expect(agentsNeeded({ ...load, target: { ...target, maxOccupancy: 0.8 } })).toMatchObject({ agents: 60 })
    const day = agentsByInterval({
      target,
      intervals: [
        { interval: '09:00', arrivals: 360, lengthSeconds: 1800, meanHandlingSeconds: 240 },
        { interval: '09:30', arrivals: 0, lengthSeconds: 1800, meanHandlingSeconds: 240 },
      ],
    })
    expect(day.map(({ needed }) => needed.kind === 'estimate' && needed.agents)).toEqual([54, 1])
  })

  test('thousands of agents', () => {
    const needed = agentsNeeded({
      arrivalsPerHour: 360_000,
      meanHandlingSeconds: 300,
      target: { serviceLevel: 0.9, withinSeconds: 10 },
    })
    expect(needed).toMatchObject({ kind: 'estimate', agents: 30057 })
  })

  test('classes in order of their first states', () => {
    const P = [
      [0, 1, 0, 0],
      [1, 0, 0, 0],
      [0.1, 0, 0, 0.9],
      [0, 0, 0, 1],
    ]
    expect(chainClasses({ P })).toEqual([
      { states: [0, 1], closed: true, period: 2 },
      { states: [2], closed: false, period: 0 },
      { states: [3], closed: true, period: 1 },
    ])
    expect(steadyState({ P })).toMatchObject({
      kind: 'several-classes',
      transient: [2],
      classes: [{ reachedFrom: [1, 1, 0.1, 0], period: 2 }, { reachedFrom: [0, 0, 0.9, 1] }],
    })
    expect(steadyState({ P: [[1]] })).toMatchObject({ distribution: [1], period: 1 })
  })

  test('arrivals come at the end of each step', () => {
    expect(
      projectChain({
        P: [
          [0.5, 0.5],
          [0, 1],
        ],
        start: [8, 0],
        steps: 2,
        arrivals: [2, 0],
      }),
    ).toEqual([
      [8, 0],
      [6, 4],
      [5, 7],
    ])
    expect(
      chainPower(
        [
          [0.5, 0.5],
          [0, 1],
        ],
        0,
      ),
    ).toEqual([
      [1, 0],
      [0, 1],
    ])
  })

  test('fifty states, a hundred and five hundred', () => {
    for (const n of [50, 100, 500]) {
      // A stage a step: up by one or out.
      const P = Array.from({ length: n }, (_, i) =>
        Array.from({ length: n }, (_, j) =>
          i === n - 1 ? (j === i ? 1 : 0) : j === i + 1 ? 0.75 : j === n - 1 ? 0.25 : 0,
        ),
      )
      P[n - 2]![n - 1] = 1
      const chain = absorbingChain({ P, absorbing: [n - 1] })
      if (chain.kind !== 'estimate') throw new Error(chain.reason)
      expect(chain.expectedSteps[0]).toBeCloseTo((1 - 0.75 ** (n - 1)) / 0.25, 12)
    }
  })
})

describe('what is refused', () => {
  const P = [
    [0.5, 0.5],
    [0, 1],
  ]
  test.each([
    [
      'a transposed matrix',
      () =>
        steadyState({
          P: [
            [0.8, 0.25],
            [0.2, 0.75],
          ],
        }),
      'out-of-range $.P[0]',
    ],
    ['a ragged matrix', () => steadyState({ P: [[1], [0, 1]] }), 'out-of-range $.P[0]'],
    ['a matrix that is not square', () => steadyState({ P: [[0.5, 0.5]] }), 'out-of-range $.P[0]'],
    ['no states', () => steadyState({ P: [] }), 'out-of-range $.P'],
    [
      'NaN',
      () =>
        chainPower(
          [
            [Number.NaN, 1],
            [0, 1],
          ],
          2,
        ),
      'out-of-range $.P[0][0]',
    ],
    [
      'a negative chance',
      () =>
        chainPower(
          [
            [-0.5, 1.5],
            [0, 1],
          ],
          2,
        ),
      'out-of-range $.P[0][0]',
    ],
    [
      'a chance as text',
      () =>
        chainPower(
          [
            ['1', 0],
            [0, 1],
          ] as never,
          2,
        ),
      'wrong-type $.P[0][0]',
    ],
    ['a hole in a row', () => chainPower([new Array(2), [0, 1]] as never, 2), 'wrong-type $.P[0][0]'],
    ['too many states', () => steadyState({ P: new Array(501).fill([]) }), 'too-large $.P'],
    ['a power that is a fraction', () => chainPower(P, 1.5), 'out-of-range $.power'],
    [
      'an absorbing state twice',
      () => absorbingChain({ P, absorbing: [1, 1] }),
      'duplicate-name $.absorbing[1]',
    ],
    [
      'an absorbing state that is none',
      () => absorbingChain({ P, absorbing: [2] }),
      'out-of-range $.absorbing[0]',
    ],
    ['parts of unequal length', () => absorbingChain({ Q: [[0.5]], R: [[0.5], [1]] }), 'out-of-range $.R'],
    ['parts that do not sum to 1', () => absorbingChain({ Q: [[0.5]], R: [[0.4]] }), 'out-of-range $.Q[0]'],
    [
      'a negative discount',
      () => chainValue({ P, rewards: [1, 0], discountRate: -0.1 }),
      'out-of-range $.discountRate',
    ],
    ['too few rewards', () => chainValue({ P, rewards: [1], discountRate: 0.1 }), 'out-of-range $.rewards'],
    ['a start that is too short', () => projectChain({ P, start: [1], steps: 1 }), 'out-of-range $.start'],
    [
      'half an agent',
      () => erlangC({ arrivalsPerHour: 1, meanHandlingSeconds: 1, agents: 0.5 }),
      'out-of-range $.agents',
    ],
    [
      'calls of no length',
      () => erlangC({ arrivalsPerHour: 1, meanHandlingSeconds: 0, agents: 1 }),
      'out-of-range $.meanHandlingSeconds',
    ],
    [
      'all calls at once',
      () =>
        agentsNeeded({
          arrivalsPerHour: 1,
          meanHandlingSeconds: 1,
          target: { serviceLevel: 1, withinSeconds: 9 },
        }),
      'out-of-range $.target.serviceLevel',
    ],
    [
      'a misspelt option',
      () => erlangC({ arrivalsPerHour: 1, meanHandlingSeconds: 1, agents: 1, within: 9 } as never),
      'unknown-key $.within',
    ],
  ])('%s', (_, run, fault) => {
    expect(faultOf(run)).toBe(fault)
  })
})

describe('draws', () => {
  /** Chi-square of counts against chances, in cells that expect five or more. */
  function misfit(
    counts: ReadonlyMap<number, number>,
    chance: (k: number) => number,
    draws: number,
    to: number,
  ) {
    let [g, cells, rest, seen] = [0, 0, draws, draws]
    for (let k = 0; k <= to; k += 1) {
      const expected = draws * chance(k)
      if (expected < 5) continue
      const count = counts.get(k) ?? 0
      g += (count - expected) ** 2 / expected
      cells += 1
      rest -= expected
      seen -= count
    }
    if (rest > 5) g += (seen - rest) ** 2 / rest
    // In standard deviations of a chi-square.
    return (g - cells) / Math.sqrt(2 * cells)
  }

  test.each([
    [300, 0.4],
    [1000, 0.2],
    [5000, 0.75],
    [40_000, 0.02],
  ])('counts of %d with chance %d are binomial', (n, p) => {
    const chance = random(`binomial ${n}`)
    const counts = new Map<number, number>()
    const draws = 20_000
    for (let i = 0; i < draws; i += 1) {
      const count = countDraw(n, p, chance)
      counts.set(count, (counts.get(count) ?? 0) + 1)
    }
    const ln = (k: number) =>
      lnGamma(n + 1) - lnGamma(k + 1) - lnGamma(n - k + 1) + k * Math.log(p) + (n - k) * Math.log1p(-p)
    expect(Math.abs(misfit(counts, (k) => Math.exp(ln(k)), draws, n))).toBeLessThan(4)
  })

  test('everybody goes somewhere, and nobody where the chance is 0', () => {
    const chance = random('multinomial')
    for (let i = 0; i < 300; i += 1) {
      const n = chance.integer(0, 10 ** (1 + (i % 9)))
      const into = [0, 0, 0, 0, 0]
      multinomialDraw(n, [0.2, 0, 0.5, 0.3, 0], chance, into)
      expect(into.reduce((a, b) => a + b, 0)).toBe(n)
      expect([into[1], into[4]]).toEqual([0, 0])
    }
  })

  test('shares have the mean and the variance of their distribution', () => {
    const chance = random('dirichlet')
    const weights = [0.3, 2, 0, 12.7]
    const total = 15
    const [sums, squares] = [weights.map(() => 0), weights.map(() => 0)]
    const draws = 20_000
    for (let i = 0; i < draws; i += 1) {
      const shares = dirichletDraw(weights, chance)
      expect(shares.reduce((a, b) => a + b, 0)).toBeCloseTo(1, 12)
      for (const [j, share] of shares.entries()) {
        sums[j]! += share / draws
        squares[j]! += (share - weights[j]! / total) ** 2 / draws
      }
    }
    for (const [j, weight] of weights.entries()) {
      const mean = weight / total
      const variance = (mean * (1 - mean)) / (total + 1)
      expect(Math.abs(sums[j]! - mean)).toBeLessThanOrEqual(4 * Math.sqrt(variance / draws))
      expect(Math.abs(squares[j]! - variance)).toBeLessThanOrEqual(0.06 * variance)
    }
    // Of weights next to nothing one takes all, as the distribution has it.
    const tiny = dirichletDraw([1e-6, 1e-6, 1e-6], chance)
    expect(Math.max(...tiny)).toBeCloseTo(1, 12)
  })
})
