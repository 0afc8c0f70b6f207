// What the domains answer goes into a chart as it is.
import {
  growthBars,
  retentionCurves,
  retentionHeatmap,
  revenueCurves,
  survivalCurves,
} from 'liuliang/adapters/charts'
import {
  cacPayback,
  defineCohortRevenue,
  defineGrowth,
  defineRetention,
  type RetentionDefinition,
  type RetentionMeasure,
  type RetentionOptions,
} from 'liuliang/cohorts'
import { type AnyEvent, collect, defineEvents, instant, money, text } from 'liuliang/kernel'
import { kaplanMeier } from 'liuliang/measures'
import { expect, test } from 'vitest'
import { drawn } from './support/rendering.js'

const paid = (subject: string, time: string, amount: string, channel: string): AnyEvent => ({
  id: `${subject}/${time}`,
  type: 'order-paid',
  subject,
  occurredAt: instant(`${time}T09:00:00Z`),
  data: { amount, channel },
})

/** Forty people of five months who buy again every so many months. */
const orders = Array.from({ length: 40 }, (_, i) =>
  Array.from({ length: 6 }, (_, offset) => (i % 5) + offset * (1 + (i % 3)))
    .filter((month) => month < 6)
    .map((month) =>
      paid(`s${i}`, `2024-0${month + 1}-${10 + (i % 17)}`, `${30 + i}.50`, i % 2 === 0 ? 'web' : 'shop'),
    ),
).flat()
const asOf = instant('2024-06-12T00:00:00Z')
const head = { id: 'buyers', version: 1, calendar: { zone: 'UTC' }, period: 'month' } as const
const options = { lang: 'en' } as const

/** What the orders make of retention under settings. */
const retentionBy = (settings: Partial<RetentionDefinition>, read: Partial<RetentionOptions> = {}) => {
  const retention = defineRetention({ ...head, entry: 'order-paid', activity: 'order-paid', ...settings })
  return retention.result(collect(retention, orders), { asOf, ...read })
}

const draws = async (chart: Parameters<typeof drawn>[0]) => {
  const { warnings, svg, texts } = await drawn(chart)
  expect(warnings).toEqual([])
  expect(svg).not.toMatch(/NaN|undefined|Infinity/)
  return texts.map(({ item }) => String(item['text']))
}

test.each<[string, Partial<RetentionDefinition>]>([
  ['by the calendar', {}],
  ['of everybody', { eligibility: 'everybody' }],
  ['in brackets', { measure: { brackets: [1, 2] } }],
  ['in elapsed time', { clock: { elapsed: { hours: 240 } }, keep: 'instants' }],
])('retention %s', async (_, settings) => {
  const result = retentionBy(settings, {
    gaps: [{ from: instant('2024-03-01T00:00:00Z'), to: instant('2024-03-02T00:00:00Z') }],
  })
  expect(await draws(retentionHeatmap(result, options))).toContain('2024-01')
  await draws(retentionCurves(result, { ...options, show: 'cohorts' }))
  expect(await draws(retentionCurves(result, { ...options, show: 'average' }))).toContain('100%')
})

test('brackets are named whole on the axis of curves', async () => {
  const result = retentionBy({ measure: { brackets: [1, 2] } })
  const said = await draws(retentionCurves(result, { ...options, show: 'average' }))
  // No bracket is left out between the first and the last.
  expect(said).toEqual(expect.arrayContaining(['0', '1', '2–3']))
})

test.each<[RetentionMeasure, string, string]>([
  ['on-or-after', 'Retained: active at that offset or later.', '留存：在该偏移或之后活跃。'],
  ['on-or-before', 'at any offset from 1 to that one', '至少一处活跃'],
  ['consecutive', 'at every offset from 1 to that one', '处处活跃'],
  [{ atLeast: 2 }, 'at 2 or more offsets', '至少 2 处活跃'],
  [{ brackets: [1, 2] }, 'within the bracket', '在该区段内活跃'],
  [{ brackets: [1, 2], each: 'on-or-after' }, 'in the bracket or later', '在该区段或之后活跃'],
])('a chart of %j says so', async (measure, en, zh) => {
  const result = retentionBy({ measure })
  for (const [lang, words] of [['en', en] as const, ['zh', zh] as const]) {
    expect((await draws(retentionHeatmap(result, { lang }))).join()).toContain(words)
    expect((await draws(retentionCurves(result, { lang, show: 'average' }))).join()).toContain(words)
  }
})

test('groups of a breakdown', async () => {
  const events = defineEvents({ 'order-paid': { amount: money('CNY'), channel: text() } })
  const retention = defineRetention({
    ...head,
    events,
    entry: 'order-paid',
    activity: 'order-paid',
    breakdown: { field: 'channel', of: 'entry' },
  })
  const result = retention.result(collect(retention, orders), { asOf })
  expect(result.groups.map(({ value }) => value)).toEqual(['shop', 'web'])
  const said = await draws(retentionCurves(result, { ...options, show: 'groups' }))
  expect(said).toEqual(expect.arrayContaining(['shop', 'web', 'group']))
  for (const group of result.groups)
    await draws(retentionHeatmap({ ...result, ...group, groups: [] }, options))
})

test('growth', async () => {
  const growth = defineGrowth({ ...head, activity: 'order-paid', resurrected: 'counted', keep: 'instants' })
  const result = growth.result(collect(growth, orders), { asOf })
  expect(result.periods.map(({ state }) => state)).toContain('provisional')
  expect(await draws(growthBars(result, options))).toContain('2024-06')
})

test('survival', async () => {
  const records = (by: number) =>
    Array.from({ length: 30 }, (_, i) => ({ time: 1 + ((i * by) % 19), event: i % 4 !== 0 }))
  const late = [...records(5), { time: 30, entry: 25, event: true }, { time: 33, entry: 25, event: false }]
  const ask = { unit: 'week', transform: 'log-log' } as const
  const curves = [
    { name: 'a', curve: kaplanMeier(records(7), ask) },
    { name: 'b', curve: kaplanMeier(late, ask) },
  ]
  expect(curves[1]!.curve.gaps.length).toBeGreaterThan(0)
  const said = await draws(survivalCurves(curves, options))
  expect(said).toEqual(expect.arrayContaining(['time (weeks)', '30', '2']))
  expect(await draws(survivalCurves(curves, { lang: 'zh' }))).toContain('时间（周）')
  expect(await draws(survivalCurves(curves, { lang: 'zh', unit: '七天' }))).toContain('时间（七天）')
  expect(said.join()).toContain('Dashed: nobody was watched.')
  expect(said.join()).toContain('b: zero from 19 says little')
  // At 20 nobody of `b` is watched, and the table knows it.
  expect(said.join()).not.toContain('≥')
})

test('revenue and payback', async () => {
  const revenue = defineCohortRevenue({
    ...head,
    currency: 'CNY',
    entry: 'order-paid',
    earned: { event: 'order-paid', values: { revenue: 'amount' } },
  })
  const result = revenue.result(collect(revenue, orders), { asOf })
  const costs = { '2024-01': '400.00', '2024-02': '300.00' }
  const payback = cacPayback(result, { value: 'revenue', costs, within: 'period-end' })
  for (const show of ['overall', 'cohorts'] as const) {
    const said = await draws(revenueCurves(result, { ...options, value: 'revenue', show, payback }))
    expect(said.join()).toContain('stated for 2 of')
  }
})
