import { readFileSync } from 'node:fs'
import { random } from 'liuliang/kernel'
import { estimateRegularity, type RegularityMethod } from 'liuliang/ltv'
import { describe, expect, test } from 'vitest'
import { runs } from '../../support/size.js'

type Case = Readonly<Record<Exclude<RegularityMethod, never>, string>> & {
  readonly purchaseAges: readonly (readonly number[])[]
  readonly likelihoodLow: string
  readonly likelihoodHigh: string
  readonly customersWithTen?: number
}
const cases = JSON.parse(
  readFileSync(new URL('../../fixtures/ltv-histories/regularity.json', import.meta.url), 'utf8'),
) as readonly Case[]
const customersOf = ({ purchaseAges: all }: Case) => all.map((purchaseAges) => ({ purchaseAges }))
const close = (found: number | null, expected: string, within: number) =>
  expect(Math.abs(found! - Number(expected)) / Number(expected)).toBeLessThanOrEqual(within)
const estimateOf = (found: ReturnType<typeof estimateRegularity>) =>
  found.kind === 'estimate' ? found : expect.fail(found.reason)

describe('against 50 digits', () => {
  for (const [i, one] of cases.entries()) {
    for (const method of ['wheat', 'likelihood', 'mle', 'mle-minka', 'cv'] as const) {
      if (one[method] === undefined) continue
      test(`${method} of case ${i}`, () => {
        const found = estimateOf(estimateRegularity(customersOf(one), { method }))
        close(found.value, one[method], 1e-12)
        if (method !== 'wheat' && method !== 'likelihood') expect(found.customers).toBe(one.customersWithTen)
        if (method !== 'likelihood' || found.interval.kind !== 'interval') return
        close(found.interval.low, one.likelihoodLow, 1e-9)
        close(found.interval.high, one.likelihoodHigh, 1e-9)
      })
    }
  }
})

test('the order of customers changes no bit', () => {
  for (const one of cases)
    for (const method of ['wheat', 'likelihood', 'mle', 'cv'] as const)
      expect(estimateRegularity(customersOf(one).reverse(), { method })).toEqual(
        estimateRegularity(customersOf(one), { method }),
      )
})

test('the pair is the last two gaps, or the first', () => {
  const customers = [{ purchaseAges: [1, 4, 8, 9] }, { purchaseAges: [2, 4, 10] }, { purchaseAges: [5] }]
  const k = (away: readonly number[]) => {
    const variance = away.reduce((sum, m) => sum + (m - 0.5) ** 2, 0) / away.length
    return (1 - 4 * variance) / (8 * variance)
  }
  const last = estimateOf(estimateRegularity(customers))
  expect(last.value).toBeCloseTo(k([4 / 5, 2 / 8]), 12)
  expect(last).toMatchObject({ method: 'wheat', customers: 2 })
  expect(estimateOf(estimateRegularity(customers, { pair: 'first' })).value).toBeCloseTo(
    k([1 / 4, 2 / 4]),
    12,
  )
})

test('intervals cover the truth, where buying is random and where it is regular', () => {
  const { next } = random('regular')
  const gap = (shape: number) => {
    let sum = 0
    for (let i = 0; i < shape; i++) sum -= Math.log(1 - next())
    return sum
  }
  const sets = runs(150, 2000)
  for (const k of [1, 2, 3]) {
    const covered = { wheat: 0, likelihood: 0, mle: 0 }
    let sum = 0
    for (let set = 0; set < sets; set++) {
      const customers = Array.from({ length: 120 }, () => {
        const rate = 0.1 + next()
        const purchaseAges: number[] = []
        for (let i = 0, at = 0; i < 3; i++) {
          at += gap(k) / rate
          purchaseAges.push(at)
        }
        return { purchaseAges }
      })
      for (const method of ['wheat', 'likelihood'] as const) {
        const { interval, value } = estimateOf(estimateRegularity(customers, { method }))
        if (interval.kind === 'interval' && interval.low <= k && k <= interval.high!) covered[method] += 1
        if (method === 'likelihood') sum += value
      }
    }
    // 95 %, give or take three standard errors of so many sets.
    const least = sets * 0.95 - 3.2 * Math.sqrt(sets * 0.95 * 0.05)
    expect(covered.wheat).toBeGreaterThanOrEqual(least)
    expect(covered.likelihood).toBeGreaterThanOrEqual(least)
    expect(Math.abs(sum / sets - k) / k).toBeLessThan(0.06)
  }
})

test('what does not exist is said', () => {
  expect(estimateRegularity([])).toMatchObject({ kind: 'undefined', reason: 'no-gaps', customers: 0 })
  expect(estimateRegularity([{ purchaseAges: [1] }])).toMatchObject({ reason: 'no-gaps' })
  const clockwork = Array.from({ length: 12 }, (_, i) => 7 * (i + 1))
  for (const method of ['wheat', 'likelihood', 'mle', 'mle-minka', 'cv'] as const)
    expect(estimateRegularity([{ purchaseAges: clockwork }], { method })).toMatchObject({
      kind: 'undefined',
      reason: 'no-variation',
      customers: 1,
    })
  expect(estimateOf(estimateRegularity([{ purchaseAges: [1, 5] }])).interval).toMatchObject({
    reason: 'too-few',
  })
  expect(
    estimateOf(estimateRegularity([{ purchaseAges: [1, 5, 6] }], { method: 'mle', atLeast: 2 })).interval,
  ).toMatchObject({ reason: 'too-few' })
})

test('gaps as far apart as floats allow give numbers', () => {
  const customers = [{ purchaseAges: [1e-300, 1] }, { purchaseAges: [1, 1e300] }, { purchaseAges: [1, 2] }]
  for (const method of ['wheat', 'likelihood', 'mle'] as const)
    expect(estimateOf(estimateRegularity(customers, { method, atLeast: 2 })).value).toBeGreaterThanOrEqual(0)
})

test.each([
  ['no ages', [{}], {}, 'missing at $[0].purchaseAges'],
  ['ages that do not ascend', [{ purchaseAges: [3, 3] }], {}, 'out-of-range at $[0].purchaseAges[1]'],
  ['an age of 0', [{ purchaseAges: [0, 3] }], {}, 'out-of-range at $[0].purchaseAges[0]'],
  ['a method nobody knows', [], { method: 'guess' }, 'unknown-name at $.options.method'],
  ['a level of 1', [], { level: 1 }, 'out-of-range at $.level'],
  ['one gap', [], { atLeast: 1 }, 'out-of-range at $.options.atLeast'],
])('%s is refused', (_, customers, options, message) => {
  expect(() => estimateRegularity(customers, options as never)).toThrow(message)
})
