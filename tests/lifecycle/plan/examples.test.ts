// The two worked examples, and what the docstrings say.
import {
  cheapestMoves,
  compareStagePlan,
  expectedStages,
  explain,
  flowNeeded,
  gapToGoal,
  lintStagePlan,
  planBudget,
  stagePlanFrom,
  stagePlanRows,
} from 'liuliang'
import { expect, test } from 'vitest'
import { members } from './support/members.js'
import { customers, families, maternity, opening } from './support/plans.js'

test('the docstrings', () => {
  expect(members.years).toEqual([2026])
  expect(planBudget(members).lines[0]).toEqual({ line: 'segmentation', amount: '40000.00' })
  expect(expectedStages(members, { opening: { lead: 0, active: 1000 } })[0]?.closing).toEqual({
    lead: 7500,
    active: 3500,
  })
  expect(gapToGoal(members, { year: 2026, counts: { lead: 0, active: 1000 } })[0]?.now.gap).toBe(2000)
  const nobody = { lead: 0, active: 0 }
  expect(flowNeeded(members, { year: 2026, opening: nobody })[0]?.ways[0]?.more).toBe(500)
  const { moves } = cheapestMoves(members, { stage: 'active', year: 2026, opening: nobody })
  expect(moves[0]?.cost).toBe('12.50')
  const compared = compareStagePlan(members, {
    ...{ year: 2026, opening: nobody },
    actual: { counts: { lead: 7600, active: 2400 } },
  })
  expect(compared.stages[1]?.people.variance).toBe(-100)
  expect(stagePlanRows(members)[1]).toEqual({
    ...{ stage: 'active', year: 2026, owner: 'members', measure: 'count', to: null },
    ...{ atLeast: 3000, atMost: null, guards: 0, budget: '50000.00', currency: 'CNY' },
  })
  expect(lintStagePlan(members).map((finding) => explain(members, finding, 'en'))).toEqual([
    'lead: no goal in any year, although growth answers for it',
    'lead: 50000.00 CNY in 2026 and no goal (growth)',
  ])
  expect(stagePlanFrom(JSON.parse(JSON.stringify(members.definition))).hash).toBe(members.hash)
})

test('40 % of the first year for segmentation', () => {
  const budget = planBudget(customers)
  expect(budget.whole).toBe('5700000.01')
  const first = budget.cells.filter(({ year, line }) => year === 2026 && line === 'segmentation')
  expect(first).toEqual([
    { year: 2026, line: 'segmentation', stage: null, owner: '数据组', amount: '960000.00' },
  ])
  expect(budget.owners).toContainEqual({ owner: '数据组', amount: '960000.00' })
  // 1500000.01 by thirds: the cent that is left goes to the line that is named first.
  expect(budget.cells.filter(({ year }) => year === 2028).map(({ amount }) => amount)).toEqual([
    ...['166666.67', '166666.67', '166666.67'],
    ...['166666.67', '166666.67', '166666.66'],
    ...['166666.67', '166666.67', '166666.66'],
  ])

  const nine = planBudget(maternity).cells.filter(({ line }) => line === 'segmentation')
  expect(nine.map(({ amount }) => amount)).toEqual([
    ...['44444.45', '44444.45', '44444.45', '44444.45'],
    ...['44444.44', '44444.44', '44444.44', '44444.44', '44444.44'],
  ])
  expect(planBudget(maternity).lines[0]).toEqual({ line: 'segmentation', amount: '400000.00' })
})

test('seven stages over three years', () => {
  const years = expectedStages(customers, { opening })
  expect(years.map(({ closing }) => Object.values(closing))).toEqual([
    [98_000, 12_500, 39_175, 12_150, 22_000, 37_375, 1550],
    [124_600, 13_180, 52_759, 20_227, 24_909, 44_532, 1990],
    [143_220, 11_184, 68_380, 30_360, 29_406, 52_838, 2422],
  ])
  const said = gapToGoal(customers, { year: 2026, counts: opening }).map(({ status, because }) => [
    status,
    explain(customers, because, 'zh'),
  ])
  expect(said).toEqual([
    ['out-of-reach', '新客：按预期流量，2026年末距目标还差5000人'],
    // A fifth is active when the year begins, and so many have lapsed that the guard does not hold.
    ['out-of-reach', '活跃用户：按预期流量，2026年末距目标还差5375人'],
    ['in-reach', '流失用户：2026年目标尚未达成，按预期流量可以达成'],
  ])
})

test('how many leads a goal three stages away takes, and what becomes of them', () => {
  const loyal = flowNeeded(customers, { year: 2028, opening }).find(({ stage }) => stage === 'loyal')!
  expect(loyal.short).toBe(4640)
  const [leads] = loyal.arrivals
  if (leads?.kind !== 'arrivals') throw new Error('no arrivals')
  expect(leads.year).toBe(2028)
  expect(leads.trace.at(-1)).toMatchObject({ year: 2028, from: 'lead', to: 'new' })
  expect(leads.trace[0]).toMatchObject({ year: 2028, from: 'active', to: 'loyal' })
  expect(explain(customers, loyal.because[0]!, 'en')).toBe(
    'loyal customers: 4640 more people needed at the end of 2028',
  )
})

test('nine stages over five years: where a family is a year later', () => {
  const years = expectedStages(maternity, { opening: families })
  const [first] = years
  // Of 2,000 in early pregnancy 30 % have a child under six months a year later; 4,000 families come with one.
  expect(first?.closing['0–6月']).toBe(600 + 4000)
  expect(first?.closing['孕早']).toBe(6000)
  expect(first?.left).toBe(600 + 625 + 600 + 1000 + 675 + 900 + 640 + 300 + 500)
  expect(years.map(({ closing }) => closing['1–3岁'])).toEqual([12_475, 13_698, 14_974, 15_548, 15_806])

  const needed = flowNeeded(maternity, { year: 2028, opening: families })
  const toddlers = needed.find(({ stage }) => stage === '1–3岁')!
  expect(toddlers.short).toBe(18_000 - 14_974)
  // Each entry has its own latest year: two years from early pregnancy, one from a newborn.
  expect(toddlers.arrivals.map((one) => one.kind === 'arrivals' && [one.entry, one.year, one.more])).toEqual([
    ['孕早', 2026, 5217],
    ['孕晚', 2027, 15_127],
    ['0–6月', 2027, 3782],
  ])
  const [early, late] = toddlers.arrivals
  expect(early?.kind === 'arrivals' && early.trace).toEqual([
    { year: 2028, from: '6–12月', to: '1–3岁', more: 1774 },
    { year: 2028, from: '0–6月', to: '1–3岁', more: 1252 },
    { year: 2027, from: '孕早', to: '0–6月', more: 1565 },
    { year: 2027, from: '孕早', to: '6–12月', more: 2087 },
  ])
  // Who is at 6–12 months when 2028 ends comes too late, and is on no way.
  expect(late?.kind === 'arrivals' && late.trace).toEqual([
    { year: 2028, from: '孕晚', to: '1–3岁', more: 3026 },
  ])
})
