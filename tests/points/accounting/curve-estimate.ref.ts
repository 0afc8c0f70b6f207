// Cohorts of one point each are people, and the curve is one less the Kaplan-Meier estimate: held against R's survival package.
import { readFileSync } from 'node:fs'
import { estimateRedemptionCurve } from 'liuliang'
import { expect, test } from 'vitest'

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../../fixtures/r-survival/${name}.json`, import.meta.url), 'utf8'))
const records = read('records') as Readonly<
  Record<string, { readonly time: readonly number[]; readonly event: readonly number[] }>
>

test.each(['aml', 'freireich', 'lung'])('%s: 1 - S(t) at every time, to 1e-12', (name) => {
  const { time, event } = records[name]!
  const expected = read(name).km_all as { readonly time: readonly number[]; readonly surv: readonly number[] }
  const cohorts = time.map((at, i) => ({
    cohort: `${i}`,
    granted: 1,
    redeemed: Array.from({ length: at + 1 }, (_, age) => (age === at ? event[i]! : 0)),
    expired: new Array<number>(at + 1).fill(0),
  }))
  const found = estimateRedemptionCurve({ cohorts }, { minimumCohorts: 1 })
  if (found.kind !== 'curve') throw new Error(found.reason)
  for (const [i, at] of expected.time.entries()) {
    expect(
      Math.abs(found.curve.redeemed[at]! - (1 - expected.surv[i]!)),
      `${name} at ${at}`,
    ).toBeLessThanOrEqual(1e-12)
  }
})
