import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { entries, filesUnder, subpathsOf } from '../../scripts/entries.mjs'
import { entryFields } from '../../scripts/exports.mjs'
import { entryPoints } from './support/names.js'
import { findingsIn } from './support/rules.js'

/** A file of src with a text, and what the rules say about it: `rule file:line`. */
function check(planted: Readonly<Record<string, string>>): readonly string[] {
  return findingsIn(new Map(Object.entries(planted))).map(({ rule, file, line }) => `${rule} ${file}:${line}`)
}

const sourceFiles = filesUnder('src').filter((file) => file.endsWith('.ts'))

describe('the sources', () => {
  test('break no rule', () => {
    const sources = new Map(sourceFiles.map((file) => [file, readFileSync(file, 'utf8')]))
    expect(sources.size).toBeGreaterThan(0)
    expect(findingsIn(sources)).toEqual([])
  })

  test('are offered by package.json and built, folder for folder', () => {
    const manifest = JSON.parse(readFileSync('package.json', 'utf8'))
    expect(entryPoints(sourceFiles, manifest)).toEqual([])
    const built = Object.keys(entries()).map((name) => (name === 'index' ? '.' : `./${name}`))
    expect([...built, './package.json']).toEqual(Object.keys(manifest.exports))
  })
})

describe('layers', () => {
  test.each([
    ['up', 'src/kernel/money.ts', '../points/index.js', 'layers'],
    ['from measures up', 'src/measures/survival.ts', '../cohorts/index.js', 'layers'],
    ['between domains', 'src/points/earn.ts', '../lifecycle/index.js', 'layers'],
    ['sideways below the domains', 'src/ledger/lots.ts', '../measures/index.js', 'layers'],
    ['from a domain into the program', 'src/badges/badge.ts', '../program/index.js', 'layers'],
    ['between adapters', 'src/adapters/sql/print.ts', '../charts/index.js', 'layers'],
    ['into testing', 'src/program/program.ts', '../testing/index.js', 'layers'],
    ['into the root', 'src/points/earn.ts', '../index.js', 'layers'],
    ['from the root into an adapter', 'src/index.ts', './adapters/charts/index.js', 'layers', 'root'],
    ['from testing into an adapter', 'src/testing/laws.ts', '../adapters/charts/index.js', 'layers'],
    ['from the oracle, of a function', 'src/testing/oracle/points.ts', '../../points/index.js', 'oracle'],
    ['from the oracle into testing', 'src/testing/oracle/points.ts', '../laws.js', 'oracle'],
  ])('forbid an import %s', (_, file, target, ...broken) => {
    const text = `// line one\nexport * from '${target}'\n`
    expect(check({ [file]: text })).toEqual(broken.map((rule) => `${rule} ${file}:2`))
  })

  test.each([
    ['import', "import { a } from '../points/index.js'"],
    ['type import', "import type { A } from '../points/index.js'"],
    ['export', "export { a } from '../points/index.js'"],
    ['dynamic import', "const load = () => import('../points/index.js')"],
    ['import type', "type A = import('../points/index.js').A"],
  ])('see an %s', (_, text) => {
    expect(check({ 'src/kernel/money.ts': text })).toEqual(['layers src/kernel/money.ts:1'])
  })

  test('allow imports down, from the top to the bottom', () => {
    const planted = {
      'src/adapters/charts/chart.ts': "import { a } from '../../preview/index.js'",
      'src/preview/state.ts': "import { a } from '../points/index.js'",
      'src/points/earn.ts': "import { a } from '../ledger/index.js'\nimport { b } from './lots.js'",
      'src/ledger/lots.ts': "import { a } from '../kernel/index.js'",
      'src/testing/laws.ts':
        "import { a } from '../program/index.js'\nimport { b } from './oracle/points.js'",
      'src/testing/oracle/points.ts':
        "import type { A } from '../../points/index.js'\nimport { b } from './lots.js'",
      'src/index.ts': '',
    }
    expect(check(planted)).toEqual([])
  })

  test('know every folder of the design, and no other', () => {
    expect(check({ 'src/shared/thing.ts': 'export const thing = 1' })).toEqual([
      'layers src/shared/thing.ts:1',
    ])
  })
})

describe('packages', () => {
  test.each([
    ['packages', 'src/points/earn.ts', "import { map } from 'lodash'"],
    ['packages', 'src/points/earn.ts', "import { readFileSync } from 'node:fs'"],
    ['packages', 'src/points/earn.ts', "import * as fc from 'fast-check'"],
    ['zod', 'src/points/earn.ts', "import { z } from 'zod'"],
    ['zod', 'src/points/earn.ts', "import z from 'zod'"],
    ['zod', 'src/points/earn.ts', "import * as zod from 'zod'"],
    ['zod', 'src/points/earn.ts', "import * as z from 'zod/mini'"],
    ['zod', 'src/points/earn.ts', "export { z } from 'zod'"],
  ])('%s: %s has %s', (rule, file, text) => {
    expect(check({ [file]: `\n${text}` })).toEqual([`${rule} ${file}:2`])
  })

  test.each([
    ['decimal.js', "import { Decimal } from 'decimal.js'", "import type { Decimal } from 'decimal.js'"],
    ['date-fns', "import { startOfDay } from 'date-fns/startOfDay'", "import { tz } from '@date-fns/tz'"],
  ])('%s belongs to one file', (_, first, second) => {
    const [one, other] = ['src/kernel/one.ts', 'src/kernel/other.ts']
    expect(check({ [one]: first, [other]: `\n${second}` })).toEqual([`owners ${one}:1`, `owners ${other}:2`])
    expect(check({ [one]: first })).toEqual([])
  })

  test('allow zod by its namespace anywhere and fast-check in testing', () => {
    const planted = {
      'src/points/earn.ts': "import * as z from 'zod'",
      'src/lifecycle/stage.ts': "import type * as z from 'zod'",
      'src/testing/laws.ts': "import * as fc from 'fast-check'",
    }
    expect(check(planted)).toEqual([])
  })
})

const impure: readonly (readonly [rule: string, text: string])[] = [
  ['clock', 'const now = Date.now()'],
  ['clock', "const now = Date['now']"],
  ['clock', 'const now = new Date()'],
  ['clock', 'const now = new Date'],
  ['clock', 'const now = Date()'],
  ['host-zone', 'const day = new Date(2024, 1, 29)'],
  ['host-zone', 'const hour = new Date(at).getHours()'],
  ['host-zone', 'const day = date.getDay()'],
  ['host-zone', 'const year = date?.getFullYear()'],
  ['host-zone', "const month = date['getMonth']()"],
  ['host-zone', 'date.setHours(0)'],
  ['host-zone', 'const offset = date.getTimezoneOffset()'],
  ['host-locale', 'const text = date.toLocaleDateString()'],
  ['host-locale', 'const text = amount.toLocaleString()'],
  ['host-locale', 'const text = name.toLocaleUpperCase()'],
  ['host-locale', 'names.sort((a, b) => a.localeCompare(b))'],
  ['intl', "const format = new Intl.DateTimeFormat('en')"],
  ['intl', 'const { NumberFormat } = Intl'],
  ['chance', 'const chance = Math.random()'],
  ...['log', 'exp', 'pow', 'sin', 'cos', 'tan', 'log1p', 'expm1', 'hypot', 'cbrt', 'tanh', 'atan2'].map(
    (name) => ['portable-math', `const y = Math.${name}(x)`] as const,
  ),
  ['portable-math', "const y = Math['log'](x)"],
  ['portable-math', 'const { log } = Math'],
  ['portable-math', 'const m = Math'],
  ['portable-math', 'const y = x ** 2'],
  ['portable-math', 'x **= 2'],
  ['generated-code', "eval('1')"],
  ['generated-code', "const f = new Function('return 1')"],
  ['generated-code', "const f = Function('return 1')"],
  ['dynamic-pattern', 'const pattern = new RegExp(text)'],
  ['dynamic-pattern', 'const pattern = RegExp(`a$' + '{text}`)'],
  ['dynamic-pattern', 'const pattern = new RegExp()'],
  ['host', 'const zone = process.env'],
  ['host', "console.log('here')"],
  ['host', 'setTimeout(run, 1)'],
  ['host', 'setInterval(run, 1)'],
  ['host', 'queueMicrotask(run)'],
  ['host', "fetch('/rules')"],
  ['host', 'const key = crypto.randomUUID()'],
  ['host', 'const now = performance.now()'],
  ['host', 'const now = globalThis.Date'],
  ['host', 'const host = { process }'],
  ['for-in', 'for (const key in definition) visit(key)'],
  ['unchecked', 'const state = value as any'],
  ['unchecked', 'const state = <any>value'],
  ['unchecked', '// @ts-ignore'],
  ['unchecked', 'run() // @ts-expect-error it is wrong'],
  ['unchecked', '/* @ts-nocheck */'],
]

describe('purity', () => {
  test.each(impure)('%s: %s', (rule, text) => {
    const file = 'src/points/earn.ts'
    expect(check({ [file]: `// line one\n\n${text}\nexport {}\n` })).toEqual([`${rule} ${file}:3`])
  })

  test.each([
    'const at = new Date(instant).getUTCDay()',
    'const at = Date.UTC(2024, 1, 29)',
    'const y = Math.sqrt(x) + Math.max(1, Math.floor(x)) * Math.PI',
    'const pattern = new RegExp("^a$")',
    'const pattern = /a/u',
    '// Date.now() and Math.random() and console.log and as any',
    '/** Not new Date(), not @ts-ignore: @example eval(1) */\nexport const a = 1',
    "const text = 'Date.now() new Date() Math.log(x) process.env // @ts-ignore'",
    'const text = `new Date() $' + '{a} // @ts-ignore`',
    'interface Case { process: string; console(): void }',
    'const step = { process: 1, fetch: 2 }.process',
    'function run(process: string) { return process }',
    'const { log: ln } = elementary',
    'type Call = Function',
    'for (const key of Object.keys(definition)) visit(key)',
    "import { Intl } from './intl.js'",
  ])('allows: %s', (text) => {
    expect(check({ 'src/points/earn.ts': text })).toEqual([])
  })

  test('leaves Intl to the calendar and to the oracle', () => {
    const text = "const format = new Intl.DateTimeFormat('en')"
    expect(check({ 'src/kernel/tzdata.ts': text, 'src/testing/oracle/zones.ts': text })).toEqual([])
  })
})

describe('names', () => {
  test.each(['types', 'utils', 'helpers', 'util', 'common'])('no file is called %s', (name) => {
    expect(check({ [`src/points/${name}.ts`]: '' })).toEqual([`file-name src/points/${name}.ts:1`])
  })

  test('the root leaves out no folder, and adapters and testing always', () => {
    const folders = {
      'src/kernel/index.ts': 'export const a = 1',
      'src/points/index.ts': 'export const b = 1',
      'src/testing/index.ts': 'export const c = 1',
      'src/adapters/charts/index.ts': 'export const d = 1',
    }
    const kernel = "export * from './kernel/index.js'\n"
    const points = "export * from './points/index.js'\n"
    const root = (text: string) => check({ ...folders, 'src/index.ts': text })
    expect(root(kernel + points)).toEqual([])
    expect(root(kernel)).toEqual(['root src/index.ts:1'])
    expect(root(`${kernel}${points}export * from './testing/index.js'`)).toEqual([
      'layers src/index.ts:3',
      'root src/index.ts:3',
    ])
    expect(root(`${kernel}${points}export const version = 1`)).toEqual(['root src/index.ts:3'])
  })

  test('package.json offers the folders, no more and no less', () => {
    const files = [
      'src/index.ts',
      'src/kernel/index.ts',
      'src/kernel/deep/index.ts',
      'src/adapters/charts/index.ts',
    ]
    expect(subpathsOf(files)).toEqual(['adapters/charts', 'kernel'])
    const findings = (folders: readonly string[]) =>
      entryPoints(files, entryFields(folders)).map(({ rule, file, line }) => `${rule} ${file}:${line}`)
    expect(findings(['adapters/charts', 'kernel'])).toEqual([])
    const wrong = ['entries package.json:1', 'entries package.json:1']
    expect(findings(['kernel'])).toEqual(wrong)
    expect(findings(['adapters/charts', 'kernel', 'points'])).toEqual(wrong)
  })

  test('one exported name means one thing', () => {
    const kernel = {
      'src/kernel/index.ts': "export { type Lot } from './lot.js'",
      'src/kernel/lot.ts': 'export interface Lot {}',
    }
    const points = (text: string) =>
      check({ ...kernel, 'src/points/lot.ts': 'export class Lot {}', 'src/points/index.ts': text })
    expect(points('export const a = 1\nexport interface Lot {}')).toEqual([
      'unique-names src/points/index.ts:2',
    ])
    expect(points("\nexport { Lot } from './lot.js'")).toEqual(['unique-names src/points/index.ts:2'])
    expect(points("\n\nexport * from './lot.js'")).toEqual(['unique-names src/points/index.ts:3'])
    expect(points("export { Lot as PointsLot } from './lot.js'")).toEqual([])
    expect(points("export { Lot } from '../kernel/lot.js'")).toEqual([])
    expect(points("export * from '../kernel/index.js'")).toEqual([])
    expect(points("import { Lot } from '../kernel/index.js'\nexport { Lot }")).toEqual([])
  })
})
