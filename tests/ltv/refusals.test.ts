// What stands where options or tables are wanted and is neither: refused by its place, never read as if nothing were asked.
import { DefinitionError, random } from 'liuliang'
import type * as ltv from 'liuliang/ltv'
import {
  bgNbd,
  bootstrap,
  bootstrapInterval,
  capturedBy,
  chanceCalibration,
  chooseModel,
  compareModels,
  conditionalMeans,
  contractTable,
  estimateRegularity,
  fitModel,
  frequencyFit,
  gammaGamma,
  historyGrid,
  historyTable,
  liftTable,
  nbd,
  parameters,
  predictionErrors,
  predictionInterval,
  predictor,
  sbg,
  spendTable,
  trackPurchases,
  valueBy,
} from 'liuliang/ltv'
import { expect, test } from 'vitest'
import { dataOf } from './support/simulated.js'

const refusal = (work: () => unknown): string => {
  try {
    work()
  } catch (error) {
    if (error instanceof DefinitionError) return `${error.code} ${error.path}`
    throw error
  }
  return 'nothing'
}

class Settings {
  readonly level = 0.9
}
/** Nothing of what options are, and nothing that any verb may take for options that ask for nothing. */
const strangers: readonly (readonly [string, unknown])[] = [
  ['null', null],
  ['a date', new Date(0)],
  ['a map', new Map()],
  ['an instance', new Settings()],
  ['a typed array', new Float64Array(1)],
  ['a list', []],
  ['a text', 'level'],
  ['a number', Number.NaN],
]

const table = dataOf.nbd()
const fit = fitModel(nbd, table) as ltv.Fit<'nbd', 'r' | 'alpha'>
const given = parameters(nbd, { r: 0.7, alpha: 9 }, { unit: 'week', source: 'a plan' })
const customers = [
  { unit: 'week', repeatCount: 2, lastPurchaseAge: 9, age: 20 },
  { unit: 'week', repeatCount: 0, lastPurchaseAge: 0, age: 20 },
] as const
const predictions = { expected: [1, 2], actual: [0, 2] }
const chances = { chances: [0.2, 0.7], came: [false, true] }
const values = [{ customer: 'a', value: 1 }]
const drawn = bootstrap(nbd, fit, table, { random: random(1), runs: 2 })
const ages = [{ purchaseAges: [1, 2, 4] }]

const verbs: readonly (readonly [string, string, (options: never) => unknown])[] = [
  ['fitModel', '$.options', (o) => fitModel(nbd, table, o)],
  ['fitModel, priors', '$.options.priors', (o) => fitModel(nbd, table, { priors: o })],
  ['chooseModel', '$.options', (o) => chooseModel(table, [nbd], o)],
  ['compareModels', '$.options', (o) => compareModels([{ model: nbd, fit }], o)],
  [
    'compareModels, holdout',
    '$.options.holdout',
    (o) => compareModels([{ model: nbd, fit }], { holdout: o }),
  ],
  ['bootstrap', '$.options', (o) => bootstrap(nbd, fit, table, o)],
  ['bootstrapInterval', '$.options', (o) => bootstrapInterval(drawn, ({ r }) => r, o)],
  ['predictionInterval', '$.options', (o) => predictionInterval(nbd, fit, ({ r }) => r, o)],
  ['predictionErrors', '$.options', (o) => predictionErrors(predictions, o)],
  ['liftTable', '$.options', (o) => liftTable(predictions, o)],
  ['capturedBy', '$.asked', (o) => capturedBy(predictions, o)],
  ['chanceCalibration', '$.options', (o) => chanceCalibration(chances, o)],
  ['conditionalMeans', '$.options', (o) => conditionalMeans(customers, predictions, o)],
  ['frequencyFit', '$.options', (o) => frequencyFit(nbd, given, customers, o)],
  ['historyGrid', '$.asked', (o) => historyGrid(nbd, given, o)],
  ['trackPurchases', '$.periods', (o) => trackPurchases(nbd, given, [], o)],
  ['valueBy', '$.options', (o) => valueBy(values, () => 'all', o)],
  ['estimateRegularity', '$.options', (o) => estimateRegularity(ages, o)],
]

test.each(verbs)('%s: %s', (_, path, verb) => {
  for (const [what, stranger] of strangers)
    expect(
      refusal(() => verb(stranger as never)),
      what,
    ).toBe(`wrong-type ${path}`)
  // What is frozen, or has no prototype, is plain.
  expect(refusal(() => verb(Object.freeze({ unheard: 1 }) as never))).toMatch(`unknown-key ${path}.unheard`)
  expect(refusal(() => verb(Object.assign(Object.create(null), { unheard: 1 }) as never))).toMatch(
    `unknown-key ${path}`,
  )
})

test('a contender that is none', () => {
  for (const [what, stranger] of [
    ['null', null],
    ['a number', 3],
    ['a list', []],
  ] as const)
    expect(
      refusal(() => compareModels([stranger as never])),
      what,
    ).toBe('wrong-type $.contenders[0]')
  expect(refusal(() => compareModels([{ fit } as never]))).toBe('wrong-type $.contenders[0].model')
  expect(refusal(() => compareModels([{ model: nbd } as never]))).toBe('wrong-type $.contenders[0].fit')
})

test('a table that went through JSON: what happened, and how its columns come back', () => {
  const through = <T>(value: T): T => JSON.parse(JSON.stringify(value)) as T
  const lost = through(table)
  const message = (work: () => unknown) => {
    try {
      work()
    } catch (error) {
      return String(error)
    }
    return ''
  }
  const said =
    'of which JSON has made an object: Float64Array.from(Object.values(column)) is the column again'
  for (const [path, verb] of [
    ['$.data.count', () => fitModel(nbd, lost)],
    ['$.data.count', () => fitModel(bgNbd, lost)],
    ['$.data.count', () => chooseModel(lost, [nbd])],
    ['$.count', () => bgNbd.likelihood(lost)],
    ['$.table.age', () => predictor(nbd, given).aliveOf(lost)],
    ['$.table.count', () => bootstrap(nbd, fit, lost, { random: random(1) })],
    ['$.data.count', () => fitModel(gammaGamma, through(dataOf['gamma-gamma']()))],
    ['$.data.count', () => fitModel(sbg, through(dataOf.sbg()))],
  ] as const) {
    expect(message(verb)).toContain(`wrong-type at ${path}: expected a Float64Array, `)
    expect(message(verb)).toContain(said)
  }
  // It is as said: such columns make the table again.
  const back = (column: unknown) => Float64Array.from(Object.values(column as object) as number[])
  const { unit, customers, covariates, count, repeatCount, lastPurchaseAge, age } = lost
  const again = {
    ...{ unit, customers, covariates, sumLnGaps: undefined },
    ...{ count: back(count), repeatCount: back(repeatCount) },
    ...{ lastPurchaseAge: back(lastPurchaseAge), age: back(age) },
  }
  expect((fitModel(nbd, again) as typeof fit).data).toBe(fit.data)
  // Infinity is null in JSON: the column that holds it says so.
  const contracts = contractTable({ unit: 'year', cohorts: [{ cohort: 'a', survivors: [9, 5, 3] }] })
  const { count: n, entry, stayed } = contracts
  const left = through(contracts.left)
  expect(message(() => sbg.likelihood({ ...contracts, left }))).toContain(
    '(age) => age ?? Infinity) is the column again',
  )
  expect([n.length, entry.length, stayed.length]).toEqual([3, 3, 3])
  expect(message(() => fitModel(nbd, { ...table, age: [...table.age] } as never))).toContain(
    'Float64Array.from(list)',
  )
})

test('tables with rows that cannot be', () => {
  const other = (change: object) => () => fitModel(nbd, { ...historyTable(customers), ...change } as never)
  expect(refusal(other({ customers: 7 }))).toBe('out-of-range $.data.customers')
  expect(refusal(other({ age: Float64Array.of(20, 3) }))).toBe('out-of-range $.data[1].lastPurchaseAge')
  expect(refusal(other({ age: Float64Array.of(20) }))).toBe('out-of-range $.data.age')
  expect(refusal(other({ count: Float64Array.of(1, Number.NaN) }))).toBe('out-of-range $.data.count[1]')
  expect(refusal(other({ repeatCount: Float64Array.of(0, 0.5) }))).toBe('out-of-range $.data[1].repeatCount')
  expect(refusal(other({ unit: 'opportunity' }))).toBe('out-of-range $.data.unit')
  expect(refusal(other({ covariates: { vip: Float64Array.of(0, Infinity) } }))).toBe(
    'out-of-range $.data.covariates.vip[1]',
  )
})

test('values too large for sums say to where they may go', () => {
  const sum = (value: number) => valueBy([{ customer: 'a', value }], () => 'all')
  expect(() => sum(1e308)).toThrow('out-of-range at $[0].value: expected a number between -1e300 and 1e300')
  expect(() => sum(Number.NaN)).toThrow('out-of-range at $[0].value')
  expect(sum(1e299).total.value).toBe(1e299)
})

test('a table of spend by JSON, and frozen inputs, are as good as any', () => {
  const rows = Object.freeze([
    Object.freeze({ purchases: 2, mean: 20 }),
    Object.freeze({ purchases: 1, mean: 9 }),
  ])
  expect(spendTable(rows).customers).toBe(2)
  expect(historyTable(Object.freeze(customers.map((one) => Object.freeze({ ...one })))).customers).toBe(2)
})
