// The tutorial on real data: where the data lie, every figure on the page is what its block prints.
import { existsSync } from 'node:fs'
import { resolve } from 'node:path'
import { afterAll, beforeAll, describe, expect, test } from 'vitest'
import { printed, promised, snippetsOf } from './support/snippets.js'

const given = process.env['ONLINE_RETAIL']
const data =
  given ?? resolve(import.meta.dirname, '../../../shared/data/cohorts_online_retail_customer_days.csv')
const snippets = snippetsOf('docs/tutorials/online-retail.md', 'online-retail').map((code, i) => ({
  name: `online-retail-${i + 1}`,
  code,
}))

test('the page has its blocks, and they promise figures', () => {
  expect(snippets).toHaveLength(6)
  expect(snippets.filter(({ code }) => promised(code).length === 0)).toEqual([])
})

describe.skipIf(!existsSync(data))(
  'Online Retail end to end (skipped where ../shared/data is absent)',
  () => {
    beforeAll(() => {
      process.env['ONLINE_RETAIL'] = data
    })
    afterAll(() => {
      if (given === undefined) delete process.env['ONLINE_RETAIL']
    })

    test.for(snippets)('$name prints what the page says', { timeout: 20_000 }, async ({ name, code }) => {
      expect(await printed(code, name)).toEqual(promised(code))
    })
  },
)
