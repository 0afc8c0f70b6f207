// Plans of any shape, for the laws.
import * as fc from 'fast-check'
import { defineStagePlan, type StagePlan, type StagePlanDefinition } from 'liuliang'

const NAMES = ['a', 'b', 'c', 'd', 'e', 'f'] as const
const LINES = ['one', 'two', 'three', 'four'] as const
const digits: Readonly<Record<string, number>> = { CNY: 2, JPY: 0, KWD: 3, CLF: 4 }

const weights = fc.integer({ min: 0, max: 9 })

/** Portions that make the whole: weights, or percents of which the last takes what remains. */
const portions = (size: number): fc.Arbitrary<(number | string)[]> =>
  fc.oneof(
    fc
      .array(weights, { minLength: size, maxLength: size })
      .map((some) => (some.every((one) => one === 0) ? some.map(() => 1) : some)),
    fc
      .array(fc.integer({ min: 0, max: Math.floor(10_000 / size) }), { minLength: size, maxLength: size })
      .map((some) => some.map((one, i) => (i === size - 1 ? 'remaining' : `${one / 100}%`))),
    fc.constant(Array.from({ length: size }, () => `1/${size}`)),
  )

const amountIn = (currency: string) =>
  fc.bigInt({ min: 0n, max: 10n ** 20n }).map((units) => {
    const behind = digits[currency]!
    const text = units.toString().padStart(behind + 1, '0')
    return behind === 0 ? text : `${text.slice(0, -behind)}.${text.slice(-behind)}`
  })

const split = (names: readonly string[]) =>
  fc
    .subarray([...names], { minLength: 1 })
    .chain((some) =>
      portions(some.length).map((parts) => Object.fromEntries(some.map((name, i) => [name, parts[i]!]))),
    )

function yearBudget(currency: string, stages: readonly string[], lines: readonly string[]) {
  return fc
    .tuple(amountIn(currency), fc.subarray([...lines], { minLength: 1 }), split(stages))
    .chain(([whole, some, falls]) =>
      fc
        .tuple(
          portions(some.length),
          fc.array(fc.oneof(fc.constant('owner'), fc.constant('default'), split(stages)), {
            minLength: some.length,
            maxLength: some.length,
          }),
        )
        .map(([parts, kinds]) => ({
          whole,
          stages: falls,
          lines: Object.fromEntries(
            some.map((line, i) => {
              const [portion, kind] = [parts[i]!, kinds[i]!]
              if (kind === 'default') return [line, portion]
              return [line, kind === 'owner' ? { portion, owner: 'shared' } : { portion, stages: kind }]
            }),
          ),
        })),
    )
}

/** Shares that leave each stage, at most all of it, and arrivals; some moves by counts. */
function flowsOf(stages: readonly string[], years: readonly number[], goals: 'short' | 'any') {
  const ends = [...stages, null]
  const leaving = stages.map((from) =>
    fc
      .subarray(ends.filter((to) => to !== from))
      .chain((to) =>
        fc.tuple(
          fc.constant(to),
          fc.array(fc.integer({ min: 0, max: Math.floor(100 / Math.max(1, to.length)) }), {
            minLength: to.length,
            maxLength: to.length,
          }),
          fc.array(fc.integer({ min: goals === 'short' ? 1 : 0, max: 9 }), {
            minLength: to.length,
            maxLength: to.length,
          }),
        ),
      )
      .map(([to, shares, kinds]) =>
        to.map((end, i) =>
          kinds[i] === 0
            ? { from, to: end, count: shares[i]! * 10, cost: `${1 + i}.5` }
            : kinds[i] === 1
              ? { from, to: end, share: { [years[0]!]: `${shares[i]}%` }, cost: `${2 + i}.25` }
              : { from, to: end, share: shares[i]! / 100, ...(kinds[i]! > 3 && { cost: `${3 + i}` }) },
        ),
      ),
  )
  const arrivals = fc
    .subarray([...stages], { minLength: goals === 'short' ? 1 : 0 })
    .chain((to) =>
      fc.tuple(...to.map((one) => fc.nat({ max: 5000 }).map((count) => ({ from: null, to: one, count })))),
    )
  return fc.tuple(fc.tuple(...leaving), arrivals).map(([some, coming]) => [...coming, ...some.flat()])
}

interface Situation {
  readonly plan: StagePlan<string, string, number>
  readonly definition: StagePlanDefinition
  readonly opening: Readonly<Record<string, number>>
}

/** A plan, and people when it begins; any, or one that is mostly short of its goal and whose stages are left by shares. */
const plansWith = (goals: 'short' | 'any'): fc.Arbitrary<Situation> =>
  fc
    .record({
      size: fc.integer({ min: 2, max: NAMES.length }),
      lines: fc.integer({ min: 1, max: LINES.length }),
      length: fc.integer({ min: 1, max: 5 }),
      currency: fc.constantFrom('CNY', 'JPY', 'KWD', 'CLF'),
      rounding: fc.constantFrom('largest-remainder', 'first-slot'),
      pace: fc.constantFrom('one-move-a-year', 'several-moves-a-year'),
      goal: goals === 'short' ? fc.constantFrom('share', 'count') : fc.constantFrom('share', 'count', 'rate'),
      bound: fc.integer({ min: 0, max: goals === 'short' ? 40 : 100 }),
      atLeast: goals === 'short' ? fc.constantFrom(true, true, true, false) : fc.boolean(),
    })
    .chain(({ size, lines: many, length, currency, rounding, pace, goal, bound, atLeast }) => {
      const stages = NAMES.slice(0, size)
      const lines = LINES.slice(0, many)
      const years = Array.from({ length }, (_, i) => 2026 + i)
      const last = years.at(-1)!
      const value = goal === 'count' ? bound * 400 : `${bound}%`
      const aim = {
        measure: goal,
        ...(goal === 'rate' && { to: stages[0] }),
        ...(atLeast ? { atLeast: value } : { atMost: value }),
        guards: [{ stage: stages[0], measure: 'share', atMost: '90%' }],
      }
      return fc
        .record({
          budgets: fc.tuple(...years.map(() => yearBudget(currency, stages, lines))),
          flows: flowsOf(stages, years, goals),
          people: fc.array(fc.nat({ max: 100_000 }), { minLength: size, maxLength: size }),
          last: goals === 'short' ? fc.nat({ max: 2000 }) : fc.nat({ max: 200_000 }),
        })
        .map(({ budgets, flows, people, last: few }) => {
          const definition = {
            ...{ id: 'any', version: 1, currency, rounding, pace, stages, lines, years, flows },
            owners: Object.fromEntries(stages.map((stage, i) => [stage, i % 2 === 0 ? 'even' : 'odd'])),
            goals: { [stages.at(-1)!]: { [last]: aim } },
            budget: Object.fromEntries(years.map((year, i) => [year, budgets[i]!])),
          } as unknown as StagePlanDefinition
          const opening = Object.fromEntries(
            stages.map((stage, i) => [stage, i === size - 1 ? few : people[i]!]),
          )
          return { plan: defineStagePlan(definition), definition, opening }
        })
    })

export const plans = plansWith('any')
export const shortPlans = plansWith('short')
