import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { log1p } from '../../../src/kernel/elementary.js'
import {
  bdw,
  contractOutlook,
  exponentialGamma,
  parameters,
  type Staying,
  sbg,
  weibullGamma,
} from '../../../src/ltv/index.js'

// See fixtures/contract-models/SOURCE.md: from the definitions with 50 digits; tolerance 1e-11 relative.
const read = (path: string) =>
  JSON.parse(readFileSync(new URL(`../../fixtures/${path}`, import.meta.url), 'utf8'))
type Row = Record<string, number> & Record<string, string> & { readonly lnSurvival: readonly string[] }
const rows = read('contract-models/values.json') as Record<string, readonly Row[]>

const off = (ours: number, theirs: string | number) => Math.abs(ours / Number(theirs) - 1)
const close = (ours: number, theirs: string | number) => expect(off(ours, theirs)).toBeLessThan(1e-11)
/** Of shares as logarithms, also of those that are no floats. */
const lnClose = (ours: number, theirs: string) =>
  expect(Math.abs(ours - Number(theirs))).toBeLessThan(1e-11 * Math.max(1, Math.abs(Number(theirs)) / 1000))

describe('discounted lifetimes from the definition', () => {
  test.each(rows.sbg!)('sBG $alpha $beta, $tenure renewals, d = $d', (row) => {
    const stay = sbg.staying({ alpha: row.alpha!, beta: row.beta! }, row.tenure!)
    const rate = log1p(row.d!)
    close(stay.discounted('just-renewed', rate, Infinity), row.justRenewed!)
    close(stay.discounted('about-to-renew', rate, Infinity), row.aboutToRenew!)
    close(stay.discounted('signing', rate, Infinity), row.signing!)
    for (const payments of ['just-renewed', 'about-to-renew'] as const) {
      const { ofValue, ofCustomer } = stay.elasticity(payments, rate)
      close(ofValue, row.elasticityOfValue!)
      close(ofCustomer!, row.elasticityOfCustomer!)
    }
    // BdW with c = 1 is the same by another way: a sum.
    const sum = bdw.staying({ alpha: row.alpha!, beta: row.beta!, c: 1 }, row.tenure!)
    close(sum.discounted('just-renewed', rate, Infinity), row.justRenewed!)
    close(sum.elasticity('just-renewed', rate).ofValue, row.elasticityOfValue!)
  })

  test.each(rows.bdw!)('BdW $alpha $beta $c, $tenure renewals, d = $d', (row) => {
    const stay = bdw.staying({ alpha: row.alpha!, beta: row.beta!, c: row.c! }, row.tenure!)
    const rate = log1p(row.d!)
    for (const [i, time] of [1, 7, 1000, 10000].entries()) lnClose(stay.lnSurvival(time), row.lnSurvival[i]!)
    close(stay.discounted('just-renewed', rate, Infinity), row.justRenewed!)
    close(stay.discounted('about-to-renew', rate, Infinity), Number(row.justRenewed) * (1 + row.d!))
    close(stay.elasticity('just-renewed', rate).ofValue, row.elasticityOfValue!)
    close(stay.discounted('just-renewed', rate, 24), row.within24!)
  })

  const lasting = (stay: Staying, row: Row) => {
    for (const [i, time] of [0.001, 7, 10000].entries()) lnClose(stay.lnSurvival(time), row.lnSurvival[i]!)
    close(stay.discounted('signing', row.delta!, Infinity), row.discounted!)
    close(stay.discounted('signing', row.delta!, 7), row.within7!)
    close(stay.elasticity('signing', row.delta!).ofValue, row.elasticityOfValue!)
    if (row.expected !== undefined) close(stay.expected(), row.expected)
    else expect(stay.expected()).toBe(Infinity)
  }
  test.each(rows.weibullGamma!)('Weibull-gamma $r $scale $c at $tenure', (row) => {
    lasting(weibullGamma.staying({ r: row.r!, scale: row.scale!, c: row.c! }, row.tenure!), row)
  })
  test.each(rows.exponentialGamma!)('exponential-gamma $r $scale at $tenure', (row) => {
    lasting(exponentialGamma.staying({ r: row.r!, alpha: row.scale! }, row.tenure!), row)
    lasting(weibullGamma.staying({ r: row.r!, scale: row.scale!, c: 1 }, row.tenure!), row)
  })
})

// See fixtures/contract-models/SOURCE.md for where these come from.
const { formulas, published } = read('contract-models/reference.json') as {
  formulas: readonly {
    readonly params: { readonly alpha: number; readonly beta: number; readonly c: number }
    readonly survival: Record<string, number>
    readonly retention: Record<string, number>
    readonly discountedLifetime?: Record<string, number>
    readonly discountedResidualLifetime?: Record<string, number>
  }[]
  published: readonly {
    readonly alpha: number
    readonly beta: number
    readonly d: number
    readonly derl: readonly number[]
  }[]
}

describe('values of the reference with 24 digits', () => {
  test.each(formulas)('$params', ({ params, survival, retention, ...discounted }) => {
    const { alpha, beta, c } = params
    const stay = c === 1 ? sbg.staying({ alpha, beta }, 0) : bdw.staying({ alpha, beta, c }, 0)
    for (const [t, value] of Object.entries(survival)) close(Math.exp(stay.lnSurvival(Number(t))), value)
    for (const [t, value] of Object.entries(retention)) {
      close(stay.retention(Number(t)), value)
      close(1 - stay.hazard(Number(t)), value)
    }
    for (const [name, value] of Object.entries(discounted.discountedLifetime ?? {})) {
      close(stay.discounted('signing', log1p(Number(name.slice(2))), Infinity), value)
    }
    for (const [name, value] of Object.entries(discounted.discountedResidualLifetime ?? {})) {
      const after = sbg.staying({ alpha, beta }, Number(name.slice(2)) - 1)
      close(after.discounted('about-to-renew', log1p(0.1), Infinity), value)
    }
  })

  test('figures of table 3 of Fader & Hardie (2010), but for the rounding of its parameters', () => {
    for (const { alpha, beta, d, derl } of published) {
      const given = parameters(sbg, { alpha, beta }, { unit: 'year', source: 'Fader & Hardie 2010' })
      for (const [i, figure] of derl.entries()) {
        const found = contractOutlook(sbg, given, { tenure: { years: i } }).discountedPayments({
          payments: 'about-to-renew',
          discount: { rate: d, per: 'year' },
        })
        if (found.kind !== 'estimate') throw new Error(found.reason)
        // Case 2 prints alpha to two digits, which moves DERL by up to 0.01.
        expect(Math.abs(found.value - figure)).toBeLessThan(alpha < 1 ? 0.0101 : 0.00501)
      }
    }
  })
})
