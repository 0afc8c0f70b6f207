import { expect, test } from 'vitest'
import { uncollected } from '../../scripts/collected.mjs'

test.each([
  ['a test that ran', ['tests/points/earn.test.ts'], ['tests/points/earn.test.ts'], []],
  ['a law that nobody collected', ['tests/points/earn.prop.ts'], [], ['tests/points/earn.prop.ts']],
  ['a reference that nobody collected', ['tests/ltv/cdnow.ref.ts'], [], ['tests/ltv/cdnow.ref.ts']],
  ['types that nobody compiled', ['tests/kernel/rules.types.ts'], [], ['tests/kernel/rules.types.ts']],
  ['a suffix that means nothing', ['tests/points/earn.spec.ts'], [], ['tests/points/earn.spec.ts']],
  ['no suffix', ['tests/points/earn.ts'], ['tests/points/earn.ts'], ['tests/points/earn.ts']],
  ['support', ['tests/support/size.ts', 'tests/points/support/deep/shop.ts'], [], []],
  ['fixtures', ['tests/fixtures/cdnow/rows.ts', 'tests/fixtures/cdnow/SOURCE.md'], [], []],
  ['settings', ['tests/vitest.config.ts', 'tests/tsconfig.json'], [], []],
])('%s', (_, files, collected, reported) => {
  expect(uncollected(files, collected).map((sentence) => sentence.split(' ')[0])).toEqual(reported)
})
