// Nothing that is no optimum is called one, and no optimum is missed: data sets of every kind, most of which ask for trouble.
import { random } from 'liuliang'
import { historyTable } from 'liuliang/ltv'
import { expect, test } from 'vitest'
import { runs } from '../../support/size.js'
import { between, checkLabels, type Drawn, unitsOfAWeek } from '../support/fit-laws.js'
import { drawnHistories, plainBgNbd } from '../support/plain-bg-nbd.js'

const kinds = ['ordinary', 'no-drop-out', 'same-rate', 'same-chance', 'few', 'short'] as const

function* sets(count: number) {
  for (let i = 0; i < count; i += 1) {
    const seed = random(`labels-${i}`)
    const kind = kinds[i % kinds.length]!
    const [unit, by] = unitsOfAWeek[Math.floor(i / kinds.length) % unitsOfAWeek.length]!
    const customers = kind === 'few' ? seed.integer(30, 60) : Math.round(between(30, runs(300, 5000), seed))
    const r = kind === 'same-rate' ? 300 : between(0.2, 3, seed)
    const rate = between(0.02, 0.4, seed) / by
    const chance = kind === 'no-drop-out' ? 1e-5 : between(0.05, 0.5, seed)
    const alike = kind === 'same-chance' ? 500 : between(0.5, 5, seed)
    const values = { r, alpha: r / rate, a: chance * alike, b: (1 - chance) * alike }
    const until = (kind === 'short' ? 3 : 60) * by
    const data = historyTable(
      drawnHistories(plainBgNbd, () => values, { customers, until, spread: until / 2, unit, random: seed }),
    )
    yield { what: `${kind} ${i}, ${customers} customers`, data } satisfies Drawn<unknown>
  }
}

test('of a plain BG/NBD', () => {
  const all = runs(18, 200)
  const { fitted, without } = checkLabels(plainBgNbd, sets(all))
  expect(fitted + Object.values(without).reduce((sum, n) => sum + n, 0)).toBe(all)
  // Both happen often, so both are tested.
  expect(fitted).toBeGreaterThan(all / 4)
  expect(fitted).toBeLessThan((3 * all) / 4)
})
