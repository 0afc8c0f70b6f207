import * as fc from 'fast-check'
import { expect, test } from 'vitest'
import { exp } from '../../../src/kernel/elementary.js'
import * as ltv from '../../../src/ltv/index.js'
import { runs } from '../../support/size.js'

const models = [
  ltv.nbd,
  ltv.paretoNbd,
  ltv.correlatedParetoNbd,
  ltv.bgNbd,
  ltv.mbgNbd,
  ltv.bgCnbd(2),
  ltv.mbgCnbd(4),
  ltv.ggompertzNbd,
  ltv.bgBb,
] as readonly ltv.PurchaseModel[]

const around = (low: number, high: number) => fc.double({ min: low, max: high, noNaN: true }).map(exp)

test('the variance is that of the chances: the sum of (2 n - 1) P(X ≥ n), less the mean squared', () => {
  fc.assert(
    fc.property(
      fc.constantFrom(...models),
      fc.array(around(-2, 2), { minLength: 4, maxLength: 4 }),
      fc.integer({ min: 0, max: 6 }),
      fc.integer({ min: 1, max: 12 }),
      fc.integer({ min: 1, max: 20 }),
      fc.double({ min: -1, max: 1, noNaN: true }),
      (model, place, x, silence, time, tilt) => {
        const values: Record<string, number> = Object.fromEntries(
          model.parameters.map((name, i) => [name, place[i % 4]!]),
        )
        if (model.name === 'correlated-pareto-nbd') {
          const { r, alpha, s, beta } = values as Record<'r' | 'alpha' | 's' | 'beta', number>
          const [least, most] = ltv.rateCorrelation({ r, alpha, s, beta, m: 0 }).possibleM
          values['m'] = tilt < 0 ? -tilt * least : tilt * most
        }
        const unit = model.time === 'discrete' ? 'opportunity' : 'week'
        const last = x === 0 ? 0 : x + 1
        const buying = model.after(values, {
          unit,
          repeatCount: x,
          lastPurchaseAge: last,
          age: last + silence,
        })
        let squares = 0
        for (let n = 1; n < 3000; n++) {
          const term = (2 * n - 1) * exp(buying.lnChanceOfAtLeast(n, 0, time))
          squares += term
          if (term < 1e-15 * squares) break
        }
        const mean = buying.expected(time)
        expect(Math.abs(buying.variance!(time) - (squares - mean * mean))).toBeLessThan(1e-9 * squares)
      },
    ),
    { numRuns: runs(40, 2000) },
  )
})
