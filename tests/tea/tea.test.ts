import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import type { CampaignOffset } from 'liuliang/cohorts'
import type { Lang } from 'liuliang/kernel'
import { describe, expect, test } from 'vitest'
import { COLUMNS, displayWidth } from '../../examples/demo/terminal.js'
import { type Source, sizes, teaEvents, truth } from '../../examples/tea/events.js'
import { report } from '../../examples/tea/report.js'
import { findTruth } from '../../examples/tea/truth.js'

const people = 12_000
const findings = findTruth(teaEvents({ people, seed: 'tea' }), people)
const at = (list: readonly CampaignOffset[], offset: number) => list.find((one) => one.offset === offset)!

/** Of how many of a source somebody who knows them would expect an order in month 3. */
const third = (source: Source) =>
  truth.lovers[source] * truth.lover + (1 - truth.lovers[source]) * truth.others[2]

describe('the one-yuan tea', () => {
  test('everybody of the generator arrives, at the cost that was spent', () => {
    const { acquired, cost, cohorts } = findings.others
    expect(acquired).toBe(people)
    expect(cost).toBe('21600.00')
    expect(cohorts.map(({ cohort }) => cohort)).toEqual(['2024-03', '2024-04'])
    expect(cohorts.reduce((sum, one) => sum + one.compared, 0)).toBe(sizes(people)['walk-in'])
  })

  test('the shares that are true of the people lie in their intervals', () => {
    const { rate, compared, incremental } = at(findings.others.offsets, 3)
    for (const [found, source] of [
      [rate, 'one-yuan-tea'],
      [compared.rate, 'walk-in'],
    ] as const) {
      if (found.kind === 'undefined') throw new Error(found.reason)
      expect(found.interval.low).toBeLessThan(third(source))
      expect(found.interval.high).toBeGreaterThan(third(source))
    }
    if (incremental.kind === 'undefined') throw new Error(incremental.reason)
    const difference = third('one-yuan-tea') - third('walk-in')
    expect(incremental).toMatchObject({ direction: 'fewer', strata: 2 })
    expect(incremental.rate.interval.low).toBeLessThan(difference)
    expect(incremental.rate.interval.high).toBeGreaterThan(difference)
  })

  test('of so few, nobody can tell what the tea did, and no cost is made up', () => {
    const { incremental, costPerIncremental } = at(findings.control.offsets, 3)
    expect(incremental).toMatchObject({ direction: 'not-distinguishable' })
    expect(costPerIncremental).toMatchObject({ reason: 'not-distinguishable-from-zero' })
    expect(findings.control.cautions).toEqual([])
  })

  test('months six and later are those of lovers, who were so from the start', () => {
    const [step] = findings.tenure.steps
    const value = (of: { readonly kind: string }) => Reflect.get(of, 'value') as number
    expect(value(step!.between.rate)).toBeGreaterThan(0.35)
    expect(Math.abs(value(step!.within.rate))).toBeLessThan(0.05)
    expect(value(step!.earlier.stayed.rate)).toBeGreaterThan(10 * value(step!.earlier.left.rate))
  })

  test.each(['en', 'zh'] as const)(
    'the report in %s fits the terminal and says the verdict',
    (lang: Lang) => {
      const lines = report(findings, { lang, paint: (text) => text })
      expect(lines.filter((line) => displayWidth(line) > COLUMNS)).toEqual([])
      const text = lines.join('\n')
      expect(text).toContain(
        lang === 'en' ? '12,000 came at 1.80 CNY each' : '共获得12,000人，人均成本1.80元',
      )
      expect(text).toContain(lang === 'en' ? 'below those who came' : '比自然到来的用户低')
      expect(text).not.toMatch(/NaN|undefined|Infinity/)
    },
  )

  test('runs from the command line, and says what it does not take', () => {
    const run = (...args: readonly string[]) =>
      spawnSync(
        join(import.meta.dirname, '../../node_modules/.bin/tsx'),
        ['--tsconfig', 'tests/tsconfig.json', 'examples/tea/main.ts', ...args],
        { cwd: join(import.meta.dirname, '../..'), encoding: 'utf8' },
      )
    const good = run('--people', '1000', '--lang', 'zh')
    expect(good).toMatchObject({ status: 0 })
    expect(good.stdout).toContain('一元奶茶：还剩下谁？')
    expect(run('--people', 'many')).toMatchObject({
      status: 1,
      stdout: '',
      stderr: '--people is a whole number from 1000 to 2000000\n',
    })
  })
})
