// Models of spend held against what came: customers drawn from the model, and from others that it is not.
import { readFileSync } from 'node:fs'
import fc from 'fast-check'
import { DefinitionError, random } from 'liuliang/kernel'
import {
  type FollowedSpend,
  gammaGamma,
  gammaGammaAnyQ,
  parameters,
  spendFit,
  spendSentences,
  spendTable,
  validateSpend,
} from 'liuliang/ltv'
import { describe, expect, test } from 'vitest'
import { runs } from '../../support/size.js'
import { absent, skipped, spendOf } from '../support/data-sets.js'

const truth = { p: 4, q: 3.5, v: 120 }
const given = parameters(gammaGamma, truth, { unit: 'week', source: 'made up' })
const mean = (list: readonly number[]) => list.reduce((sum, one) => sum + one, 0) / list.length

/** Customers with 1, 2, 3 … purchases of which the later ones fall into the holdout. */
function drawn(count: number, values = truth, seed = 'spend'): readonly FollowedSpend[] {
  const chance = random(seed)
  return Array.from({ length: count }, (_, i) => {
    const [before, later] = [1 + (i % 5), i % 3]
    const amounts = gammaGamma.draw(values, before + later, chance)
    return {
      spend: { purchases: before, mean: mean(amounts.slice(0, before)) },
      holdout: { purchases: later, spend: { mean: later === 0 ? null : mean(amounts.slice(before)) } },
    }
  })
}
const customers = drawn(3000)
const tableOf = (rows: readonly FollowedSpend[]) => spendTable(rows.map(({ spend }) => spend!))

describe('shares of means', () => {
  const cases = JSON.parse(
    readFileSync(new URL('../../fixtures/ltv-validation/spend-shares.json', import.meta.url), 'utf8'),
  ) as readonly { p: number; q: number; v: number; x: number; amount: number; upTo: number; above: number }[]

  test.each(cases)('$p $q $v: means of $x up to $amount', ({ p, q, v, x, amount, upTo, above }) => {
    const shares = gammaGamma.sharesOfMeans({ p, q, v }, x, amount)
    expect(Math.abs(shares.upTo / upTo - 1)).toBeLessThan(1e-13)
    expect(Math.abs(shares.above / above - 1)).toBeLessThan(1e-13)
  })

  test('grow with the amount, add up to 1 and have the density for their slope', () => {
    const size = fc.double({ min: -3, max: 3, noNaN: true }).map(Math.exp)
    const values = fc.record({ p: size, q: size, v: size })
    fc.assert(
      fc.property(values, fc.integer({ min: 1, max: 50 }), size, (values, x, amount) => {
        const at = (m: number) => gammaGammaAnyQ.sharesOfMeans(values, x, m)
        const [less, more] = [at(amount * (1 - 1e-5)), at(amount * (1 + 1e-5))]
        expect(less.upTo).toBeLessThanOrEqual(more.upTo)
        expect(Math.abs(less.upTo + less.above - 1)).toBeLessThan(1e-14)
        const slope = Math.max(more.upTo - less.upTo, less.above - more.above) / (2e-5 * amount)
        const density = Math.exp(gammaGammaAnyQ.lnDensity(values, { purchases: x, mean: amount }))
        expect(Math.abs(slope - density)).toBeLessThan(1e-6 * density + 1e-9 / amount)
      }),
      { numRuns: runs(100, 3000) },
    )
    expect(gammaGamma.sharesOfMeans(truth, 3, 0)).toEqual({ upTo: 0, above: 1 })
  })
})

describe('mean spends against the density', () => {
  const fit = spendFit(gammaGamma, given, tableOf(customers))

  test('hold every customer once on both sides, and agree for the model they come from', () => {
    expect(fit.bins.reduce((sum, { actual }) => sum + actual, 0)).toBe(3000)
    expect(fit.bins.reduce((sum, { expected }) => sum + expected, 0)).toBeCloseTo(3000, 8)
    expect(fit.bins.length).toBeGreaterThan(8)
    expect(fit.goodness.kind === 'estimate' && fit.goodness.p).toBeGreaterThan(0.01)
    expect(fit.bins[fit.bins.length - 1]).not.toHaveProperty('to')
  })

  test('the curve has the area of the bins that it covers', () => {
    const { curve, bins } = fit
    const [first, last] = [curve[0]!, curve[curve.length - 1]!]
    expect(last.amount).toBe(bins[bins.length - 1]!.from)
    // Trapezoids from 0 on, where nobody is.
    const area = curve.reduce((sum, { density }) => sum + density, 0) * first.amount
    const covered = bins.slice(0, -1).reduce((sum, { expected }) => sum + expected, 0) / 3000
    expect(Math.abs(area - (last.density * first.amount) / 2 - covered)).toBeLessThan(1e-3)
  })

  test('a mean of many scatters less: bins of customers apart add up to those of all', () => {
    const edges = [20, 40, 80, 160]
    const parts = [1, 2, 3, 4, 5].map((x) =>
      spendFit(gammaGamma, given, tableOf(customers.filter(({ spend }) => spend!.purchases === x)), {
        edges,
      }),
    )
    const whole = spendFit(gammaGamma, given, tableOf(customers), { edges })
    for (const [k, bin] of whole.bins.entries()) {
      expect(parts.reduce((sum, { bins }) => sum + bins[k]!.expected, 0)).toBeCloseTo(bin.expected, 9)
      expect(parts.reduce((sum, { bins }) => sum + bins[k]!.actual, 0)).toBe(bin.actual)
    }
    // Of one purchase more are below 20 than of the mean of five.
    expect(parts[0]!.bins[0]!.expected / 600).toBeGreaterThan((2 * parts[4]!.bins[0]!.expected) / 600)
  })

  test('another shape is refuted, and one of nobody says so', () => {
    const other = parameters(gammaGamma, { p: 1, q: 3.5, v: 480 }, { unit: 'week', source: 'made up' })
    const { goodness } = spendFit(gammaGamma, other, tableOf(customers))
    expect(goodness.kind === 'estimate' && goodness.pAtMost).toBeLessThan(1e-9)
    const nobody = spendFit(gammaGamma, given, spendTable([{ purchases: 0, mean: null }]))
    expect(nobody).toEqual({
      model: 'gamma-gamma',
      customers: 0,
      leftOut: { withoutPurchases: 1, zeroSpend: 0, negativeSpend: 0 },
      bins: [],
      curve: [],
      goodness: { kind: 'undefined', reason: 'too-few-bins' },
    })
  })

  test('a border belongs to the bin that ends there', () => {
    const table = spendTable([10, 10, 10.01, 25].map((mean) => ({ purchases: 1, mean })))
    const { bins } = spendFit(gammaGamma, given, table, { edges: [10, 20] })
    expect(bins.map(({ from, to, actual }) => [from, to, actual])).toEqual([
      [0, 10, 2],
      [10, 20, 1],
      [20, undefined, 1],
    ])
  })
})

describe('purchases to come', () => {
  const validation = validateSpend(gammaGamma, given, customers)

  test('are what the model expects of its own customers, in every group', () => {
    const { errors, byPurchases, byMeanSpend, leftOut } = validation
    expect(leftOut).toEqual({ boughtNothing: 1000, negativeSpend: 0, noFiniteMean: 0 })
    expect(validation.customers).toBe(2000)
    if (errors.meanError.kind !== 'estimate') throw new Error('no errors')
    expect(errors.meanError.interval.low).toBeLessThan(0)
    expect(errors.meanError.interval.high).toBeGreaterThan(0)
    expect(byPurchases.bins.map(({ name }) => name.en)).toEqual(['1', '2', '3', '4', '5'])
    const groups = [...byPurchases.bins, ...byMeanSpend.bins]
    const outside = groups.filter(
      ({ interval, expectedMean }) =>
        interval.kind === 'interval' && (expectedMean < interval.low || expectedMean > interval.high),
    )
    expect(outside.length).toBeLessThanOrEqual(2)
    // Who spent little is expected to spend more than that, and the other way round.
    const [low, high] = [byMeanSpend.bins[0]!, byMeanSpend.bins[byMeanSpend.bins.length - 1]!]
    expect(low.actualMean).toBeGreaterThan(low.to!)
    expect(high.expectedMean).toBeGreaterThan(4 * low.expectedMean)
    expect(
      Math.abs(validation.correlation.kind === 'estimate' ? validation.correlation.value : 1),
    ).toBeLessThan(0.1)
    expect(JSON.parse(JSON.stringify(validation))).toEqual(validation)
  })

  test('are told in both tongues: as foretold, and where prices rose', () => {
    const [calm] = spendSentences(validation)
    expect(calm!.en).toContain('customers who bought in the holdout (2,000)')
    expect(calm!.en).toContain('which chance explains')
    const dearer = customers.map((one) => {
      const { mean } = one.holdout!.spend!
      return {
        ...one,
        holdout: { ...one.holdout!, spend: { mean: mean === null ? null : 1.5 * mean } },
      }
    })
    const sentences = spendSentences(validateSpend(gammaGamma, given, dearer))
    expect(sentences[0]!.en).toMatch(/% too little, more than chance explains\. Look whether prices/)
    expect(sentences.length).toBeGreaterThan(1)
    const wrong = parameters(gammaGamma, { p: 1, q: 3.5, v: 480 }, { unit: 'week', source: 'made up' })
    const keen = customers.map((one) => ({
      ...one,
      spend: { ...one.spend!, mean: one.spend!.mean! * one.spend!.purchases },
    }))
    const more = spendSentences(validateSpend(gammaGamma, wrong, keen))
    expect(more.some(({ en }) => en.includes("do not have the model's shape"))).toBe(true)
    expect(more.some(({ en }) => en.includes('Who buys more often spends more'))).toBe(true)
    const [few] = spendSentences(validateSpend(gammaGamma, given, dearer.slice(0, 2)))
    expect(few!.en).toContain('too few of them to tell this from chance')
    const nobody = spendSentences(validateSpend(gammaGamma, given, []))
    expect(nobody).toHaveLength(1)
    for (const { en, zh } of [...sentences, ...more, ...nobody, calm!, few!]) {
      expect(`${en} ${zh}`).not.toMatch(/NaN|undefined|Infinity/)
      expect(zh).toMatch(/[一-鿿]/)
    }
  })

  test('who cannot be judged is counted', () => {
    const spend = { purchases: 0, mean: null }
    const later = (mean: number) => ({ purchases: 1, spend: { mean } })
    const heavy = parameters(gammaGammaAnyQ, { p: 2, q: 0.8, v: 40 }, { unit: 'week', source: 'made up' })
    const few = validateSpend(gammaGammaAnyQ, heavy, [
      { spend, holdout: later(10) },
      { spend: { purchases: 1, mean: -3 }, holdout: later(10) },
      { spend: { purchases: 1, mean: 3 }, holdout: later(-10) },
      { spend: { purchases: 2, mean: 30 }, holdout: later(20) },
      { spend, holdout: { purchases: 0 } },
    ])
    expect(few.leftOut).toEqual({ boughtNothing: 1, negativeSpend: 2, noFiniteMean: 1 })
    expect(few.customers).toBe(1)
    const unknown = validateSpend(gammaGamma, given, [{ spend, holdout: later(10) }])
    expect(unknown.correlation).toEqual({ kind: 'undefined', reason: 'too-few-or-alike' })
    expect(unknown.byMeanSpend.bins.map(({ name }) => name)).toEqual([{ en: 'unknown', zh: '未知' }])
  })
})

const failing: readonly (readonly [string, () => unknown])[] = [
  ['missing $.customers[0].spend', () => validateSpend(gammaGamma, given, [{}])],
  [
    'missing $.customers[0].holdout',
    () => validateSpend(gammaGamma, given, [{ spend: { purchases: 1, mean: 2 } }]),
  ],
  [
    'missing $.customers[0].holdout.spend',
    () => validateSpend(gammaGamma, given, [{ spend: { purchases: 1, mean: 2 }, holdout: { purchases: 1 } }]),
  ],
  [
    'unknown-name $.parameters.model',
    () => spendFit(gammaGammaAnyQ as never, given as never, tableOf(customers)),
  ],
  [
    'out-of-range $.options.edges[1]',
    () => spendFit(gammaGamma, given, tableOf(customers), { edges: [3, 2] }),
  ],
  ['wrong-type $.table', () => spendFit(gammaGamma, given, 3 as never)],
]
test.each(failing)('%s', (expected, call) => {
  let found: unknown
  try {
    call()
  } catch (error) {
    found = error
  }
  expect(found).toBeInstanceOf(DefinitionError)
  const { code, path } = found as DefinitionError
  expect(`${code} ${path}`).toBe(expected)
})

describe.skipIf(absent)(`CDNOW ${skipped}`, () => {
  test('mean spends of the published table, and the densities of BTYD as the slope of shares', () => {
    const btyd = parameters(
      gammaGamma,
      { p: 6.24864689629249, q: 3.74462639945904, v: 15.448383024658 },
      { unit: 'week', source: 'BTYD 2.4.3' },
    )
    const table = spendOf('cdnow', 'published')
    const fit = spendFit(gammaGamma, btyd, table, {
      edges: Array.from({ length: 12 }, (_, k) => 10 * (k + 1)),
    })
    expect(fit.customers).toBe(946)
    expect(fit.bins.reduce((sum, { expected }) => sum + expected, 0)).toBeCloseTo(946, 8)
    // Not refuted at one in a hundred; at one in twenty it would be.
    expect(fit.goodness.kind === 'estimate' && fit.goodness.p.toFixed(3)).toBe('0.013')
    // In narrower bins the prices of discs (11.77, 14.96) make bars of their own.
    const { goodness } = spendFit(gammaGamma, btyd, table)
    expect(goodness.kind === 'estimate' && goodness.p).toBeLessThan(1e-3)
    // BTYD's densities are the slope of the shares.
    const { marginalDensity } = JSON.parse(
      readFileSync(new URL('../../fixtures/clv-spend/reference.json', import.meta.url), 'utf8'),
    ).peers.btyd as {
      marginalDensity: { rows: readonly { x: number; zbar: number; density: number }[] }
    }
    for (const { x, zbar, density } of marginalDensity.rows) {
      const at = (m: number) => gammaGamma.sharesOfMeans(btyd.values, x, m).above
      const h = 1e-4 * zbar
      expect(Math.abs((at(zbar - h) - at(zbar + h)) / (2 * h) / density - 1)).toBeLessThan(1e-6)
    }
  })
})

test('a table whose left out are no counts is refused', () => {
  const table = spendTable([{ purchases: 2, mean: 12 }])
  for (const zeroSpend of [Number.NaN, -1, 0.5, '1', undefined]) {
    const leftOut = { ...table.leftOut, zeroSpend } as typeof table.leftOut
    expect(() => spendFit(gammaGamma, given, { ...table, leftOut })).toThrow(
      expect.objectContaining({ code: 'out-of-range', path: '$.table.leftOut.zeroSpend' }),
    )
  }
  const none = { ...table, leftOut: undefined } as unknown as typeof table
  expect(() => spendFit(gammaGamma, given, none)).toThrow('$.table.leftOut')
})
