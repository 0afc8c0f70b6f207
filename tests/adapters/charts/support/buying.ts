// What validation answers, made by the library from a few made-up customers.
import {
  aliveOverTime,
  chanceCalibration,
  conditionalMeans,
  frequencyFit,
  gammaGamma,
  historyGrid,
  liftTable,
  parameters,
  sbg,
  trackPurchases,
  validateContracts,
  validateSpend,
} from 'liuliang/ltv'
import { bgNbd, nbd } from '../../../ltv/support/tiny-models.js'

const fast = parameters(nbd, { r: 0.4, alpha: 12 }, { unit: 'week', source: 'made up' })
const leaving = parameters(
  bgNbd,
  { r: 0.243, alpha: 4.414, a: 0.793, b: 2.426 },
  { unit: 'week', source: 'Fader, Hardie & Lee 2005' },
)

/** Customers who began one after another and bought at more or less even times. */
const customersOf = (count: number) =>
  Array.from({ length: count }, (_, i) => {
    const age = 39 - (i % 12)
    const repeatCount = i % 3 === 0 ? 0 : (i * 7) % 11
    const gap = (age - (i % 5)) / Math.max(1, repeatCount)
    const purchaseAges = Array.from({ length: repeatCount }, (_, k) => (k + 1) * gap)
    return {
      unit: 'week' as const,
      age,
      repeatCount,
      lastPurchaseAge: purchaseAges[purchaseAges.length - 1] ?? 0,
      purchaseAges,
    }
  })

const predictionsOf = (count: number) => ({
  expected: customersOf(count).map(({ repeatCount }) => 0.2 + repeatCount * 0.8),
  actual: customersOf(count).map(({ repeatCount }, i) => (i % 4 === 0 ? 0 : repeatCount)),
})

export const trackingOf = (count: number) =>
  trackPurchases(nbd, fast, customersOf(count), { period: { weeks: 1 }, holdout: { weeks: 13 } })
export const frequenciesOf = (count: number) => frequencyFit(nbd, fast, customersOf(count))
export const meansOf = (count: number, by: 'repeat-count' | 'last-purchase-age' | 'silence') =>
  conditionalMeans(customersOf(count), predictionsOf(count), { by })
export const liftOf = (count: number) => liftTable(predictionsOf(count))
export const noLift = liftTable({ expected: [1, 1, 2], actual: [0, 0, 0] })
export const chancesOf = (count: number) =>
  chanceCalibration({
    chances: Array.from({ length: count }, (_, i) => (i + 0.5) / count),
    came: Array.from({ length: count }, (_, i) => (i * 7) % count < i),
  })
export const gridOf = (mostRepeats = 30) =>
  historyGrid(bgNbd, leaving, { age: { weeks: 39 }, horizon: { weeks: 39 }, mostRepeats })
export const pathOf = (purchaseAges: readonly number[]) =>
  aliveOverTime(bgNbd, leaving, purchaseAges, { until: { weeks: 39 }, step: { weeks: 1 } })

const stays = (years: number, by: number) =>
  Array.from({ length: years }, (_, i) => ({ time: i, survival: 1 / (1 + by * i) }))
export const contractsOf = (names: readonly string[]) => ({
  unit: 'year' as const,
  lines: names.map((name, i) => ({
    name,
    observed: stays(5, 0.3 + i / 4),
    projected: stays(13, 0.3 + i / 4),
  })),
})

/** Customers with amounts by rule, against a model of spend. */
export const spendOf = (count: number) =>
  validateSpend(
    gammaGamma,
    parameters(gammaGamma, { p: 4, q: 3.5, v: 120 }, { unit: 'week', source: 'made up' }),
    Array.from({ length: count }, (_, i) => ({
      spend: { purchases: 1 + (i % 4), mean: 20 + ((i * 37) % 400) },
      holdout: { purchases: i % 3, spend: { mean: 30 + ((i * 53) % 300) } },
    })),
  )
export const followedContracts = validateContracts(
  sbg,
  parameters(sbg, { alpha: 0.704, beta: 1.182 }, { unit: 'year', source: 'Fader & Hardie 2007' }),
  { unit: 'year', cohorts: [{ cohort: 'regular', survivors: [1000, 631, 468, 382, 326, 289], known: 3 }] },
)
