import { rmSync, writeFileSync } from 'node:fs'
import { resolve } from 'node:path'
import { describe, expect, test } from 'vitest'
import { compilerMessages, folder, printed, promised, snippetsOf } from './support/snippets.js'

const pages = [
  'README.md',
  'docs/reference/language.md',
  'docs/reference/lifecycle.md',
  'docs/reference/forecast.md',
  'docs/reference/stage-plan.md',
  'docs/reference/ready-lifecycles.md',
  'docs/reference/lifecycle-labels.md',
  'docs/reference/lifecycle-batch.md',
  'docs/reference/points.md',
  'docs/reference/points-holders.md',
  'docs/reference/points-earning.md',
  'docs/reference/benefits.md',
  'docs/reference/stored-value.md',
  'docs/reference/ledger.md',
  'docs/reference/points-accounting.md',
  'docs/reference/points-changes.md',
  'docs/reference/points-expiry.md',
  'docs/reference/points-tiers.md',
  'docs/reference/points-rewards.md',
  'docs/reference/program.md',
  'docs/reference/cohorts.md',
  'docs/reference/continuity.md',
  'docs/reference/community.md',
  'docs/reference/calendar.md',
  'docs/reference/lint.md',
  'docs/reference/ltv-histories.md',
  'docs/reference/ltv-contracts.md',
  'docs/reference/ltv-simple.md',
  'docs/reference/ltv-value.md',
  'docs/reference/ltv-fitting.md',
  'docs/reference/ltv-validation.md',
  'docs/reference/measures.md',
  'docs/reference/charts.md',
  'docs/reference/statecharts.md',
  'docs/explanation/models/correlated-pareto-nbd.md',
  'docs/explanation/models/pareto-nbd.md',
  'docs/explanation/models/gamma-gamma.md',
  'docs/tutorials/lifetime-value.md',
  'docs/tutorials/one-yuan-tea.md',
  'docs/explanation/models/bg-bb.md',
  'docs/explanation/models/ggompertz-nbd.md',
  'docs/explanation/models/nbd.md',
  'docs/explanation/models/bg-cnbd-k.md',
  'docs/explanation/models/bg-nbd.md',
  'docs/explanation/models/mbg-nbd.md',
]

describe('the snippets of the README and the reference pages', () => {
  const all = pages.flatMap((page) =>
    snippetsOf(page).map((code, i) => ({ name: `${page.replaceAll('/', '-')}-${i + 1}`, page, code })),
  )

  const withData = snippetsOf('docs/tutorials/online-retail.md', 'online-retail').map((code, i) => ({
    name: `online-retail-compiled-${i + 1}`,
    code,
  }))

  test.for(all)('$name prints what it says', { timeout: 20_000 }, async ({ name, code }) => {
    expect(promised(code).length).toBeGreaterThan(0)
    expect(await printed(code, name)).toEqual(promised(code))
  })

  test('all of them compile', { timeout: 240_000 }, () => {
    // Those that need data are run by a test of their own, where the data lie.
    const files = [...all, ...withData].map(({ name, code }) => {
      const file = resolve(folder, `${name}.ts`)
      writeFileSync(file, `${code}\nexport {}\n`)
      return file
    })
    expect(compilerMessages(files)).toEqual([])
    for (const file of files) rmSync(file)
  })

  test('every page has one', () => {
    expect(pages.filter((page) => snippetsOf(page).length === 0)).toEqual([])
  })
})
