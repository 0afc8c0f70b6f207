import { describe, expect, test } from 'vitest'
import { minimize, minimizeSteps } from '../../src/measures/minimize.js'
import type { NoMinimum } from '../../src/measures/minimum.js'
import type { Objective } from '../../src/measures/objective.js'
import { beale, givenAs, logistic, powellSingular, rosenbrock } from './support/objectives.js'

type Point = readonly number[]

const alternating = Array.from({ length: 10 }, (_, i) => (i % 2 === 0 ? -1.2 : 1))
const minima: readonly (readonly [string, Objective, Point, Point])[] = [
  ['Rosenbrock, 2', rosenbrock, [-1.2, 1], [1, 1]],
  ['Rosenbrock, 2, from its minimum', rosenbrock, [1, 1], [1, 1]],
  ['Rosenbrock, 10', rosenbrock, Array<number>(10).fill(-1), Array<number>(10).fill(1)],
  ['Beale', beale, [1, 1], [3, 0.5]],
  ['Beale, from afar', beale, [4, 4], [3, 0.5]],
  [
    'a bowl 10^16 times as steep one way as the other',
    {
      value: ([x, y]: Point) => 1e8 * (x! - 1) ** 2 + 1e-8 * (y! + 2) ** 2,
      gradient: ([x, y]: Point) => [2e8 * (x! - 1), 2e-8 * (y! + 2)],
      hessian: () => [
        [2e8, 0],
        [0, 2e-8],
      ],
    },
    [5, 7],
    [1, -2],
  ],
  [
    'a parameter in units of 10^8',
    {
      value: ([x]: Point) => (x! / 1e8 - 1) ** 2,
      gradient: ([x]: Point) => [2e-8 * (x! / 1e8 - 1)],
      hessian: () => [[2e-16]],
    },
    [1],
    [1e8],
  ],
  [
    'a parameter in units of 10^-8',
    {
      value: ([x]: Point) => (x! * 1e8 - 1) ** 2,
      gradient: ([x]: Point) => [2e8 * (x! * 1e8 - 1)],
      hessian: () => [[2e16]],
    },
    [1],
    [1e-8],
  ],
  [
    'beside a region without values',
    {
      value: ([x, y]: Point) => (x! > 0 ? x! - Math.log(x!) + y! * y! : Number.NaN),
      gradient: ([x, y]: Point) => [1 - 1 / x!, 2 * y!],
      hessian: ([x]: Point) => [
        [1 / x! ** 2, 0],
        [0, 2],
      ],
    },
    [10, 3],
    [1, 0],
  ],
  ['a likelihood', logistic([1, 2, 3, 4, 5, 6], [0, 1, 0, 1, 0, 1]), [0, 0], [-1.2646229, 0.3613208]],
]

describe('a minimum is found and told to be one', () => {
  for (const [name, objective, start, expected] of minima) {
    test.each(givenAs(objective))(`${name}, by %s`, (_, given) => {
      const found = minimize(given, start, { maxIterations: 3000 })
      if (found.kind !== 'optimum') throw new Error(`not an optimum: ${found.reason}`)
      for (const [i, x] of expected.entries()) {
        expect(Math.abs(found.at[i]! - x)).toBeLessThan(1e-6 * (Math.abs(x) || 1))
      }
      expect(found.value).toBe(given.value(found.at))
      expect(found.condition).toBeGreaterThanOrEqual(1)
      expect(found.method).toBe(given.hessian ? 'newton' : given.gradient ? 'bfgs' : 'nelder-mead')
    })
  }

  test('Rosenbrock of 10 has a second minimum, which is one too', () => {
    const found = minimize(rosenbrock, alternating)
    expect(found).toMatchObject({ kind: 'optimum', method: 'newton' })
    if (found.kind !== 'optimum') throw new Error(found.reason)
    expect(found.value).toBeCloseTo(3.98657911, 6)
    expect(found.at[0]).toBeCloseTo(-0.993286, 4)
  })

  test.each([1e-12, 1e-6, 1e6, 1e12])('Rosenbrock and Powell times %d are told apart as they are', (by) => {
    const times = ({ value, gradient, hessian }: Objective): Objective => ({
      value: (at) => by * value(at),
      gradient: (at) => gradient!(at).map((slope) => by * slope),
      hessian: (at) => hessian!(at).map((row) => row.map((entry) => by * entry)),
    })
    for (const [, given] of givenAs(times(rosenbrock)).slice(0, 2)) {
      const found = minimize(given, [-1.2, 1])
      if (found.kind !== 'optimum') throw new Error(found.reason)
      expect(Math.max(...found.at.map((x) => Math.abs(x - 1)))).toBeLessThan(1e-6)
    }
    for (const [, given] of givenAs(times(powellSingular)).slice(0, 2)) {
      expect(minimize(given, [3, -1, 0, 1])).toMatchObject({ kind: 'not-an-optimum', reason: 'flat' })
    }
  })

  test('the covariance is the inverse of the second derivatives', () => {
    const { value, gradient } = rosenbrock
    const found = minimize({ value, gradient: gradient! }, [-1.2, 1])
    if (found.kind !== 'optimum') throw new Error(found.reason)
    // [[802, -400], [-400, 200]] has the inverse [[0.5, 1], [1, 2.005]].
    expect(found.hessian[0]![0]).toBeCloseTo(802, 4)
    expect(found.covariance.flat().map((x) => Math.round(x * 1e6) / 1e6)).toEqual([0.5, 1, 1, 2.005])
  })

  test('second derivatives may come as products with vectors', () => {
    const { value, gradient, hessian } = rosenbrock
    const hessianTimes = (at: Point, vector: Point) =>
      hessian!(at).map((row) => row.reduce((sum, x, i) => sum + x * vector[i]!, 0))
    const whole = minimize(rosenbrock, [-1.2, 1])
    expect(minimize({ value, gradient: gradient!, hessianTimes }, [-1.2, 1])).toEqual(whole)
  })
})

const none: readonly (readonly [string, Objective, Point, Record<string, NoMinimum>])[] = [
  ['Powell’s singular function', powellSingular, [3, -1, 0, 1], { any: 'flat' }],
  ['Powell’s singular function, from its minimum', powellSingular, [0, 0, 0, 0], { any: 'flat' }],
  [
    'a ridge',
    {
      value: ([x]: Point) => x! * x!,
      gradient: ([x]: Point) => [2 * x!, 0],
      hessian: () => [
        [2, 0],
        [0, 0],
      ],
    },
    [3, 2],
    { any: 'flat' },
  ],
  [
    'a ridge across the parameters, of a large value',
    {
      value: ([x, y]: Point) => (x! + y! / 3 - 1) ** 2 + 1000.1,
      gradient: ([x, y]: Point) => [2 * (x! + y! / 3 - 1), (2 / 3) * (x! + y! / 3 - 1)],
    },
    [3, 2],
    { any: 'flat' },
  ],
  [
    'a saddle, from where it is steepest',
    {
      value: ([x, y]: Point) => x! * x! - y! * y!,
      gradient: ([x, y]: Point) => [2 * x!, -2 * y!],
      hessian: () => [
        [2, 0],
        [0, -2],
      ],
    },
    [1, 0],
    { any: 'saddle', values: 'unbounded' },
  ],
  [
    'a fourth power',
    {
      value: ([x]: Point) => x! ** 4,
      gradient: ([x]: Point) => [4 * x! ** 3],
      hessian: ([x]: Point) => [[12 * x! * x!]],
    },
    [1],
    { any: 'flat' },
  ],
  [
    'a kink',
    { value: ([x]: Point) => Math.abs(x! - 0.3), gradient: ([x]: Point) => [Math.sign(x! - 0.3)] },
    [1],
    { any: 'not-smooth' },
  ],
  [
    'a kink, from its tip',
    { value: ([x]: Point) => Math.abs(x!), gradient: ([x]: Point) => [Math.sign(x!)] },
    [0],
    { any: 'not-smooth' },
  ],
  [
    'a slope without end',
    { value: ([x]: Point) => -x!, gradient: () => [-1], hessian: () => [[0]] },
    [1],
    { any: 'unbounded' },
  ],
  [
    'a hill',
    { value: ([x]: Point) => -x! * x!, gradient: ([x]: Point) => [-2 * x!], hessian: () => [[-2]] },
    [1],
    { any: 'unbounded' },
  ],
  [
    'a slope that levels off',
    {
      value: ([x]: Point) => Math.exp(-x!),
      gradient: ([x]: Point) => [-Math.exp(-x!)],
      hessian: ([x]: Point) => [[Math.exp(-x!)]],
    },
    [0],
    { any: 'flat' },
  ],
  [
    'a slope that levels off, in small units',
    {
      value: ([x]: Point) => Math.exp(-1e6 * x!),
      gradient: ([x]: Point) => [-1e6 * Math.exp(-1e6 * x!)],
      hessian: ([x]: Point) => [[1e12 * Math.exp(-1e6 * x!)]],
    },
    [0],
    { any: 'flat' },
  ],
  [
    'a plateau far from the well',
    {
      value: ([x]: Point) => 1 - Math.exp(-x! * x!),
      gradient: ([x]: Point) => [2 * x! * Math.exp(-x! * x!)],
    },
    [30],
    { any: 'flat' },
  ],
  ['complete separation', logistic([1, 2, 3, 4, 5, 6], [0, 0, 0, 1, 1, 1]), [0, 0], { any: 'flat' }],
  [
    'complete separation, in thousands',
    logistic([1000, 2000, 3000, 4000], [0, 0, 1, 1]),
    [0, 0],
    { any: 'flat' },
  ],
  [
    'complete separation, in thousandths',
    logistic([0.001, 0.002, 0.003, 0.004], [0, 0, 1, 1]),
    [0, 0],
    { any: 'flat' },
  ],
  ['separation but for one tie', logistic([1, 2, 3, 3, 4, 5], [0, 0, 0, 1, 1, 1]), [0, 0], { any: 'flat' }],
  [
    'an edge',
    {
      value: ([x]: Point) => (x! > 0.3 ? (x! + 1) ** 2 : Infinity),
      gradient: ([x]: Point) => [2 * (x! + 1)],
      hessian: () => [[2]],
    },
    [5],
    { any: 'at-boundary' },
  ],
  ['no value at the start', { value: () => Number.NaN, gradient: () => [1] }, [5], { any: 'not-finite' }],
]

describe('what is no minimum is told apart, with what can be done', () => {
  for (const [name, objective, start, reasons] of none) {
    test.each(givenAs(objective))(`${name}, by %s`, (by, given) => {
      const found = minimize(given, start)
      if (found.kind !== 'not-an-optimum') throw new Error(`an optimum at ${found.at}`)
      expect(found.reason).toBe(reasons[by] ?? reasons['any'])
      expect(found.next.en).toMatch(/\.$/)
      expect(found.next.zh).toMatch(/。$/)
      expect(found.best === undefined).toBe(found.reason === 'not-finite')
      if (found.best) expect(found.best.value).toBe(given.value(found.best.at))
      if (found.reason === 'flat' || found.reason === 'saddle') {
        expect(Math.max(...found.direction!.map(Math.abs))).toBe(1)
      }
    })
  }

  test('the direction of a ridge is the one that the value does not see', () => {
    const ridge = {
      value: ([x, y]: Point) => (x! + 2 * y! - 1) ** 2,
      gradient: ([x, y]: Point) => [2 * (x! + 2 * y! - 1), 4 * (x! + 2 * y! - 1)],
    }
    const found = minimize(ridge, [3, 2])
    if (found.kind !== 'not-an-optimum') throw new Error('a ridge has no lowest point')
    const [a, b] = found.direction!
    expect(a! / b!).toBeCloseTo(-2, 5)
  })

  test.each([
    ['of the other sign', ([x, y]: Point) => [-2 * x!, -2 * y!]],
    ['that is constant', ([x]: Point) => [2 * x!, 2]],
  ])('a gradient %s is called wrong', (_, gradient) => {
    expect(minimize({ value: ([x, y]) => x! * x! + y! * y!, gradient }, [1, 2])).toMatchObject({
      kind: 'not-an-optimum',
      reason: 'wrong-gradient',
    })
  })

  test('a value below what can be is not taken', () => {
    // A likelihood that overflows far away: below zero from 50 on.
    const broken = {
      value: ([x]: Point) => (x! > 50 ? -1e9 : (x! - 3) ** 2),
      gradient: ([x]: Point) => [x! > 50 ? 0 : 2 * (x! - 3)],
    }
    expect(minimize(broken, [49], { atLeast: 0 })).toMatchObject({ kind: 'optimum', at: [3] })
    expect(minimize(broken, [60], { atLeast: 0 })).toMatchObject({ reason: 'not-finite' })
  })

  test('a search that is given too few steps says so', () => {
    for (const [, given] of givenAs(rosenbrock)) {
      expect(minimize(given, alternating, { maxIterations: 5 })).toMatchObject({
        kind: 'not-an-optimum',
        reason: 'iteration-limit',
      })
    }
  })
})

describe('step by step', () => {
  test('each step is shown, and the values never rise by more than rounding', () => {
    for (const [, given] of givenAs(rosenbrock)) {
      const steps = [...minimizeSteps(given, [-1.2, 1])]
      expect(steps.length).toBeGreaterThan(10)
      expect(steps.map(({ iteration }) => iteration)).toEqual(steps.map((_, i) => i + 1))
      for (const [i, { value }] of steps.entries()) {
        if (i > 0) expect(value).toBeLessThanOrEqual(steps[i - 1]!.value + 1e-12)
      }
    }
  })

  test('a signal stops it, and the best so far is kept', () => {
    const signal = { aborted: false }
    const steps = minimizeSteps(rosenbrock, [-1.2, 1], { signal })
    for (let i = 0; i < 5; i += 1) expect(steps.next().done).toBe(false)
    signal.aborted = true
    const last = steps.next()
    expect(last).toMatchObject({
      done: true,
      value: { kind: 'not-an-optimum', reason: 'stopped', iterations: 5 },
    })
    if (!last.done || last.value.kind === 'optimum') throw new Error('it was stopped')
    expect(last.value.best!.value).toBeLessThan(24.2)
  })

  test('the slopes are asked for where the value was asked for last', () => {
    let last: Point = []
    const watched: Objective = {
      value: (at) => {
        last = at
        return rosenbrock.value(at)
      },
      gradient: (at) => {
        expect(at).toBe(last)
        return rosenbrock.gradient!(at)
      },
      hessian: rosenbrock.hessian!,
    }
    expect(minimize(watched, [-1.2, 1]).kind).toBe('optimum')
  })
})

test.each<[unknown, unknown, unknown, string, string]>([
  [null, [1], {}, 'wrong-type', '$.objective'],
  [{}, [1], {}, 'wrong-type', '$.objective.value'],
  [{ value: () => 1, hessian: () => [[1]] }, [1], {}, 'missing', '$.objective.gradient'],
  [{ value: () => 1 }, [], {}, 'wrong-type', '$.start'],
  [{ value: () => 1 }, [Number.NaN], {}, 'out-of-range', '$.start[0]'],
  [{ value: () => '1' }, [1], {}, 'wrong-type', '$.value'],
  [{ value: () => 1, gradient: () => [1, 2] }, [1], {}, 'wrong-type', '$.gradient'],
  [{ value: () => 1, gradient: () => [1], hessian: () => [[1], [2]] }, [1], {}, 'wrong-type', '$.hessian'],
  [{ value: () => 1 }, [1], { gradientTolerance: 0 }, 'out-of-range', '$.gradientTolerance'],
  [{ value: () => 1 }, [1], { conditionLimit: 1 }, 'out-of-range', '$.conditionLimit'],
  [{ value: () => 1 }, [1], { maxIterations: 1.5 }, 'out-of-range', '$.maxIterations'],
  [{ value: () => 1 }, [1], { atLeast: Number.NaN }, 'out-of-range', '$.atLeast'],
])('%j from %j with %j is refused as %s at %s', (objective, start, options, code, path) => {
  expect(() => minimize(objective as never, start as never, options as never)).toThrow(
    expect.objectContaining({ name: 'DefinitionError', code, path }),
  )
})
