import { readFileSync } from 'node:fs'
import { describe, expect, test } from 'vitest'
import { restrictedMean, survivalQuantile } from '../../src/measures/survival/curve-reading.js'
import { logRank } from '../../src/measures/survival/log-rank.js'
import { kaplanMeier } from '../../src/measures/survival/survival.js'
import type { SurvivalRecord } from '../../src/measures/survival-record.js'

const read = (name: string) =>
  JSON.parse(readFileSync(new URL(`../fixtures/r-survival/${name}.json`, import.meta.url), 'utf8'))

type Column = readonly (number | null)[]
type Bands = Readonly<Record<string, { readonly lower: Column; readonly upper: Column }>>
interface Expected {
  readonly n: number
  readonly events: number
  readonly time: readonly number[]
  readonly n_risk: readonly number[]
  readonly n_event: readonly number[]
  readonly n_censor: readonly number[]
  readonly surv: Column
  readonly std_err_surv_greenwood: Column
  readonly std_err_cumhaz_scale: Column
  readonly nelson_aalen_cumhaz: Column
  readonly nelson_aalen_std: Column
  readonly ci: Bands
  readonly quantiles_25_50_75: Readonly<
    Record<string, { readonly q: Column; readonly lower: Column; readonly upper: Column }>
  >
  readonly rmean_common_to_max_time: number
  readonly rmean_se: number
  readonly max_time: number
}
interface Test {
  readonly rho: number
  readonly observed: readonly number[]
  readonly expected: readonly number[]
  readonly chisq: number
  readonly df: number
  readonly p: number
  readonly var: readonly (readonly number[])[]
}

const TRANSFORMS = ['plain', 'log', 'log-log', 'logit', 'arcsin'] as const

/** 1e-9 relative or 1e-12 absolute; `null` is met by what is not defined, and by nothing else. */
function close(found: number | undefined, expected: number | null, what: string, relative = 1e-9): void {
  if (expected === null || found === undefined) {
    expect([what, found ?? null]).toEqual([what, expected])
    return
  }
  expect(Math.abs(found - expected), `${what}: ${found}, not ${expected}`).toBeLessThanOrEqual(
    Math.max(1e-12, relative * Math.abs(expected)),
  )
}
const columns = (found: readonly (number | undefined)[], expected: Column, what: string) => {
  expect(found).toHaveLength(expected.length)
  for (const [i, value] of found.entries()) close(value, expected[i]!, `${what}[${i}]`)
}

function meets(records: readonly SurvivalRecord[], expected: Expected): void {
  for (const transform of TRANSFORMS) {
    const curve = kaplanMeier(records, { unit: 'week', transform })
    const { rows } = curve
    expect([curve.transform, curve.level, curve.from, curve.gaps]).toEqual([transform, 0.95, 0, []])
    expect([curve.n, curve.events]).toEqual([expected.n, expected.events])
    expect(rows.map(({ time }) => time)).toEqual(expected.time)
    expect(rows.map(({ atRisk }) => atRisk)).toEqual(expected.n_risk)
    expect(rows.map(({ events }) => events)).toEqual(expected.n_event)
    expect(rows.map(({ censored }) => censored)).toEqual(expected.n_censor)
    const errors = rows.map(({ standardError: e }) => (e.kind === 'estimate' ? e : undefined))
    const band = rows.map(({ interval }) => (interval.kind === 'estimate' ? interval : undefined))
    columns(
      rows.map(({ survival }) => survival),
      expected.surv,
      'survival',
    )
    columns(
      errors.map((e) => e?.survival),
      expected.std_err_surv_greenwood,
      'error',
    )
    columns(
      errors.map((e) => e?.logarithm),
      expected.std_err_cumhaz_scale,
      'error of ln S',
    )
    columns(
      rows.map((row) => row.cumulativeHazard.value),
      expected.nelson_aalen_cumhaz,
      'hazard',
    )
    columns(
      rows.map((row) => row.cumulativeHazard.standardError),
      expected.nelson_aalen_std,
      'error of hazard',
    )
    columns(
      band.map((b) => b?.low),
      expected.ci[transform]!.lower,
      `${transform} low`,
    )
    columns(
      band.map((b) => b?.high),
      expected.ci[transform]!.upper,
      `${transform} high`,
    )

    const quartiles = expected.quantiles_25_50_75[transform]
    for (const [i, p] of [0.25, 0.5, 0.75].entries()) {
      const found = survivalQuantile(curve, p)
      const time = (name: 'value' | 'low' | 'high') =>
        found[name].kind === 'estimate' ? found[name].time : undefined
      if (quartiles === undefined) continue
      close(time('value'), quartiles.q[i]!, `quantile ${p}`)
      close(time('low'), quartiles.lower[i]!, `${transform} low of quantile ${p}`)
      close(time('high'), quartiles.upper[i]!, `${transform} high of quantile ${p}`)
    }
    const mean = restrictedMean(curve, { upTo: expected.max_time })
    if (mean.kind !== 'estimate') throw new Error('the horizon was watched')
    close(mean.value, expected.rmean_common_to_max_time, 'restricted mean')
    close(mean.standardError, expected.rmean_se, 'its error')
  }
}

const data: Record<
  string,
  { readonly group: readonly string[]; readonly time: readonly number[]; readonly event: readonly number[] }
> = read('records')

describe.each(Object.entries(data))('%s', (name, { group, time, event }) => {
  const expected = read(name) as {
    readonly km_all: Expected
    readonly km_by_group: Readonly<Record<string, Expected>>
    readonly logrank: Test
    readonly peto_peto: Test
  }
  const all: readonly SurvivalRecord[] = time.map((at, i) => ({ time: at, event: event[i] === 1 }))
  const groups = Object.keys(expected.km_by_group)
  const of = (name: string) => all.filter((_, i) => group[i] === name)

  test('the curve of all', () => meets(all, expected.km_all))

  test.each(groups)('the curve of %s', (name) => {
    meets(of(name), expected.km_by_group[name]!)
  })

  test.each(['logrank', 'peto_peto'] as const)('%s', (kind) => {
    const row = expected[kind]
    const samples = groups.map((name) => ({ group: name, records: of(name) }))
    const found = logRank(samples, { rho: row.rho })
    if (found.kind !== 'estimate') throw new Error('there are two groups with events')
    expect(found.test).toBe(kind === 'logrank' ? 'log-rank' : 'peto-peto')
    expect(found.degreesOfFreedom).toBe(row.df)
    columns(
      found.groups.map(({ observed }) => observed),
      row.observed,
      'observed',
    )
    columns(
      found.groups.map(({ expected: e }) => e),
      row.expected,
      'expected',
    )
    for (const [i, line] of found.variance.entries()) columns(line, row.var[i]!, `variance ${i}`)
    close(found.chiSquare, row.chisq, 'chi-square')
    close(found.p, row.p, 'p', 1e-6)
  })
})

type Edge = {
  readonly time: readonly number[]
  readonly event: readonly number[]
  readonly expected: Expected
}
test.each(Object.entries<Edge>(read('edge-cases').cases))('the edge: %s', (_, { time, event, expected }) => {
  meets(
    time.map((at, i) => ({ time: at, event: event[i] === 1 })),
    expected,
  )
})

interface RandomData {
  readonly time: readonly number[]
  readonly event: readonly number[]
  readonly entry: Column
}
interface RandomCurve extends RandomData {
  readonly level: number
  readonly expected: Pick<Expected, 'time' | 'n_risk' | 'n_event' | 'n_censor' | 'surv' | 'ci'> & {
    readonly std_err: Column
    readonly hazard: Column
    readonly hazard_std: Column
    readonly quantiles: Expected['quantiles_25_50_75']
    readonly horizon: number
    readonly rmean: number
    readonly rmean_se: number
  }
}
interface RandomTest extends RandomData {
  readonly group: readonly string[]
  readonly stratum: readonly string[]
  readonly rho: number
  readonly expected: Pick<Test, 'chisq' | 'df' | 'p'> & Partial<Pick<Test, 'observed' | 'expected' | 'var'>>
}

const random: { readonly curves: readonly RandomCurve[]; readonly tests: readonly RandomTest[] } =
  read('random')
const recordsOf = ({ time, event, entry }: RandomData): readonly SurvivalRecord[] =>
  time.map((at, i) => ({ time: at, event: event[i] === 1, ...(entry[i] !== null && { entry: entry[i]! }) }))

test.each(random.curves.map((row, i) => ({ ...row, name: `${i + 1}, of ${row.time.length}` })))(
  'random curve $name',
  (row) => {
    const { expected, level } = row
    for (const transform of TRANSFORMS) {
      const curve = kaplanMeier(recordsOf(row), { unit: 'day', transform, level })
      const { rows } = curve
      const column = (name: string, of: (row: (typeof rows)[number]) => number | undefined, values: Column) =>
        columns(rows.map(of), values, name)
      column('time', ({ time }) => time, expected.time)
      column('at risk', ({ atRisk }) => atRisk, expected.n_risk)
      column('events', ({ events }) => events, expected.n_event)
      column('censored', ({ censored }) => censored, expected.n_censor)
      column('survival', ({ survival }) => survival, expected.surv)
      column(
        'error',
        ({ standardError: e }) => (e.kind === 'estimate' ? e.logarithm : undefined),
        expected.std_err,
      )
      column('hazard', ({ cumulativeHazard: h }) => h.value, expected.hazard)
      column('error of hazard', ({ cumulativeHazard: h }) => h.standardError, expected.hazard_std)
      const { lower, upper } = expected.ci[transform]!
      column('low', ({ interval: b }) => (b.kind === 'estimate' ? b.low : undefined), lower)
      column('high', ({ interval: b }) => (b.kind === 'estimate' ? b.high : undefined), upper)
      const quantiles = [0.1, 0.25, 0.5, 0.75, 0.9].map((p) => survivalQuantile(curve, p))
      const { q, lower: early, upper: late } = expected.quantiles[transform]!
      for (const [name, values] of [
        ['value', q],
        ['low', early],
        ['high', late],
      ] as const) {
        const times = quantiles.map((found) =>
          found[name].kind === 'estimate' ? found[name].time : undefined,
        )
        columns(times, values, `${name} of quantile`)
      }
      const mean = restrictedMean(curve, { upTo: expected.horizon })
      if (mean.kind !== 'estimate') throw new Error('the horizon was watched')
      close(mean.value, expected.rmean, 'restricted mean')
      close(mean.standardError, expected.rmean_se, 'its error')
    }
  },
)

test.each(random.tests.map((row, i) => ({ ...row, name: `${i + 1}, of ${row.time.length}` })))(
  'random test $name, rho $rho',
  (row) => {
    const { expected, rho, group, stratum } = row
    const records = recordsOf(row)
    const groups = [...new Set(group)].sort()
    const samples = groups.flatMap((name) =>
      [...new Set(stratum)].map((part) => ({
        group: name,
        stratum: part,
        records: records.filter((_, i) => group[i] === name && stratum[i] === part),
      })),
    )
    const found = logRank(samples, { rho })
    if (found.kind !== 'estimate') throw new Error('they meet')
    expect(found.degreesOfFreedom).toBe(expected.df)
    expect(found.strata).toBe(new Set(stratum).size)
    close(found.chiSquare, expected.chisq, 'chi-square')
    close(found.p, expected.p, 'p', 1e-6)
    if (expected.observed === undefined) return
    columns(
      found.groups.map(({ observed }) => observed),
      expected.observed,
      'observed',
    )
    columns(
      found.groups.map(({ expected: e }) => e),
      expected.expected!,
      'expected',
    )
    for (const [i, line] of found.variance.entries()) columns(line, expected.var![i]!, `variance ${i}`)
  },
)

test('the random data are those hard cases that their source names', () => {
  const curves = random.curves.map((row) => kaplanMeier(recordsOf(row), { unit: 'day', transform: 'log' }))
  expect(curves.filter(({ gaps }) => gaps.length > 0).length).toBeGreaterThan(2)
  expect(curves.filter(({ emptiedAt }) => emptiedAt !== undefined).length).toBeGreaterThan(1)
  expect(random.tests.filter(({ entry }) => entry.some((one) => one !== null)).length).toBeGreaterThan(9)
})
