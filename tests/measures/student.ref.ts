import { readFileSync } from 'node:fs'
import { expect, test } from 'vitest'
import { normalCdf } from '../../src/measures/normal.js'
import { studentCdf, studentQuantile } from '../../src/measures/student.js'

const file = new URL('../fixtures/normal-and-student/tails.json', import.meta.url)
const rows: Readonly<Record<'normal' | 'cdf' | 'quantile', readonly (readonly number[])[]>> = JSON.parse(
  readFileSync(file, 'utf8'),
)
const off = (found: number, expected: number) => (found === expected ? 0 : Math.abs(found / expected - 1))

/** mpmath at 40 digits; 2e-15 relative, from 1e-307 to 1. */
test.each(rows.normal)('below %d lies %d of a normal distribution', (z, share) => {
  expect(off(normalCdf(z!), share!)).toBeLessThan(2e-15)
})

/** mpmath at 40 digits; 2e-13 relative, from 1e-300 to one half, df from 1e-6 to 10^16. */
test.each(rows.cdf)('with %d degrees of freedom %d has %d below', (df, t, share) => {
  expect(off(studentCdf(t!, df!), share!)).toBeLessThan(2e-13)
  expect(studentCdf(-t!, df!)).toBe(1 - studentCdf(t!, df!))
})

/** mpmath at 40 digits; 1e-13 relative, p from 1e-300, df from 0.01 to 10^13. */
test.each(rows.quantile)('with %d degrees of freedom the quantile of %d is %d', (df, p, t) => {
  expect(off(studentQuantile(p!, df!), t!)).toBeLessThan(1e-13)
})
