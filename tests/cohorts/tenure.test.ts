import { defineTenure, type TenureDefinition } from 'liuliang/cohorts'
import { type AnyEvent, collect, DefinitionError, instant, random } from 'liuliang/kernel'
import { wilson } from 'liuliang/measures'
import { describe, expect, test } from 'vitest'
import { runs } from '../support/size.js'

const definition: TenureDefinition = {
  id: 'tenure',
  version: 1,
  calendar: { zone: 'Asia/Shanghai' },
  period: 'month',
  currency: 'CNY',
  entry: 'joined',
  activity: 'order-paid',
  earned: { event: 'order-paid', amount: 'amount' },
  refunded: { event: 'order-refunded', amount: 'amount' },
  bands: [3],
  present: 'everybody',
}
const asOf = instant('2024-07-01T00:00:00+08:00')
const event = (type: string, subject: string, month: number, amount?: string): AnyEvent => ({
  id: `${type}-${subject}-${month}-${amount}`,
  type,
  subject,
  occurredAt: instant(`2024-0${month}-15T12:00:00+08:00`),
  data: amount === undefined ? {} : { amount },
})
const joined = (subject: string, month: number) => event('joined', subject, month)
const paid = (subject: string, month: number, amount: string) => event('order-paid', subject, month, amount)

/** In January two came: mei pays in every month, lin only in February; hua came in May. */
const rows = [
  joined('mei', 1),
  joined('lin', 1),
  joined('hua', 5),
  ...[2, 3, 4, 5, 6].map((month) => paid('mei', month, `${month}0.00`)),
  event('order-refunded', 'mei', 6, '15.00'),
  paid('lin', 2, '5.00'),
  paid('hua', 6, '8.00'),
  paid('hua', 7, '99.00'),
  paid('stranger', 3, '1.00'),
]

describe('bands', () => {
  test('of everybody: all complete periods after that of the entry', () => {
    const tenure = defineTenure(definition)
    const { bands, steps, cautions } = tenure.result(collect(tenure, rows), { asOf })
    // Months 1 and 2: mei 20 + 30, lin 5 + 0, hua 8 in its first; months 3 to 5: mei 40 + 50 + 60 - 15, lin nothing.
    expect(bands).toMatchObject([
      { from: 1, to: 2, people: 3, personPeriods: 5, active: 4, amount: '63.00', rate: { value: 0.8 } },
      { from: 3, to: null, people: 2, personPeriods: 6, active: 3, amount: '135.00', value: { value: 22.5 } },
    ])
    expect(steps[0]!.between.value).toMatchObject({
      value: expect.closeTo(22.5 - 12.6, 12),
      before: 12.6,
      after: 22.5,
    })
    // mei from 25 to 45 a month, lin from 2.50 to 0.
    expect(steps[0]!.within).toMatchObject({ people: 2, value: { value: 8.75, before: 13.75, after: 22.5 } })
    expect(steps[0]!.earlier.left.rate).toEqual({ kind: 'undefined', reason: 'nobody' })
    expect(cautions.map(({ code }) => code)).toEqual(['cohorts-differ', 'calendar-moves'])
  })

  test('of who is still here: lin leaves the later band after a month of silence', () => {
    const tenure = defineTenure({ ...definition, present: { within: 1 } })
    const { bands, steps, cautions } = tenure.result(collect(tenure, rows), { asOf })
    expect(bands).toMatchObject([
      { people: 3, personPeriods: 5, active: 4 },
      { people: 1, personPeriods: 3, active: 3, rate: { value: 1, interval: { reason: 'one-person' } } },
    ])
    expect(steps[0]!.earlier).toMatchObject({
      stayed: { value: { value: 25 } },
      left: { value: { value: 2.5 } },
    })
    expect(steps[0]!.within.people).toBe(1)
    expect(cautions[0]!.code).toBe('survivors-selected')
  })

  test('where all do the same there is no interval', () => {
    const tenure = defineTenure(definition)
    const same = ['a', 'b', 'c'].flatMap((name) => [
      joined(name, 1),
      ...[2, 3, 4, 5, 6].map((month) => paid(name, month, '9.00')),
    ])
    const { bands, steps } = tenure.result(collect(tenure, same), { asOf })
    const alike = { kind: 'undefined', reason: 'no-variation' }
    expect(bands[1]).toMatchObject({
      rate: { value: 1, interval: alike },
      value: { value: 9, interval: alike },
    })
    expect(steps[0]!.between.value).toMatchObject({ value: 0, interval: alike })
    expect(steps[0]!.within.rate).toMatchObject({ value: 0, interval: alike })
  })

  test('of nobody, and of one band', () => {
    const tenure = defineTenure({ ...definition, bands: [] })
    expect(tenure.result(tenure.empty(), { asOf })).toMatchObject({
      bands: [{ people: 0, amount: '0.00', rate: { kind: 'undefined', reason: 'nobody' } }],
      steps: [],
      cautions: [],
    })
  })

  test.each([
    ['$.bands[0]', { bands: [1] }],
    ['$.bands[1]', { bands: [3, 3] }],
    ['$.present', { present: undefined }],
    ['$.present.within', { present: { within: 0 } }],
    ['$.refunded.event', { refunded: { event: 'order-paid', amount: 'amount' } }],
    ['$.activity', { activity: [] }],
    ['$.period', { period: 'hour' }],
  ])('%s is refused', (path, more) => {
    try {
      defineTenure({ ...definition, ...more } as never)
    } catch (error) {
      expect(error).toBeInstanceOf(DefinitionError)
      expect((error as DefinitionError).path).toBe(path)
      return
    }
    expect.unreachable()
  })
})

/** Clustered intervals the slow way: residuals of every person, one after the other, in floats. */
test('intervals are those of residuals by person', () => {
  const tenure = defineTenure(definition)
  const chance = random('residuals')
  const people = Array.from({ length: 40 }, (_, i) => ({
    name: `p${i}`,
    from: 1 + Math.floor(chance.next() * 4),
  }))
  const events = people.flatMap(({ name, from }) => [
    joined(name, from),
    ...[1, 2, 3, 4, 5]
      .map((k) => from + k)
      .filter((month) => month <= 6 && chance.next() < 0.5)
      .map((month) => paid(name, month, `${Math.floor(chance.next() * 90)}.25`)),
  ])
  const { bands, steps } = tenure.result(collect(tenure, events), { asOf, level: 0.9 })
  const totals = people.map(({ name, from }) =>
    [
      [1, 2],
      [3, 9],
    ].map(([low, high]) => {
      const periods = [1, 2, 3, 4, 5].filter((k) => k >= low! && k <= high! && from + k <= 6).length
      const own = events.filter(({ subject, occurredAt, type }) => {
        const k = months.indexOf(occurredAt) + 1 - from
        return type === 'order-paid' && subject === name && k >= low! && k <= high!
      })
      return {
        periods,
        value: own.reduce((sum, { data }) => sum + Number((data as { readonly amount: string }).amount), 0),
      }
    }),
  )
  const ratio = (band: number) =>
    totals.reduce((sum, one) => sum + one[band]!.value, 0) /
    totals.reduce((sum, one) => sum + one[band]!.periods, 0)
  const share = (band: number, one: (typeof totals)[number]) =>
    (one[band]!.value - ratio(band) * one[band]!.periods) /
    totals.reduce((sum, all) => sum + all[band]!.periods, 0)
  const error = (shares: readonly number[]) => {
    const n = shares.length
    return Math.sqrt((n / (n - 1)) * shares.reduce((sum, one) => sum + one * one, 0))
  }
  const reach = (interval: unknown) => {
    const { low, high } = interval as { low: number; high: number }
    return (high - low) / 2
  }
  for (const band of [0, 1]) {
    const own = totals.filter((one) => one[band]!.periods > 0)
    const mean = bands[band]!.value
    if (mean.kind === 'undefined') throw new Error('nobody')
    expect(mean.value).toBeCloseTo(ratio(band), 10)
    // Student's t at 90 %: 1.68488 with 39 degrees of freedom, 1.69 to 1.75 with fewer.
    const t = reach(mean.interval) / error(own.map((one) => share(band, one)))
    if (own.length === 40) expect(t).toBeCloseTo(1.684875, 5)
    else expect(t).toBeGreaterThan(1.684875)
  }
  const { between } = steps[0]!
  if (between.value.kind === 'undefined') throw new Error('nobody')
  expect(
    reach(between.value.interval) / error(totals.map((one) => share(1, one) - share(0, one))),
  ).toBeCloseTo(1.684875, 5)
})

const months = [1, 2, 3, 4, 5, 6].map((month) => instant(`2024-0${month}-15T12:00:00+08:00`))

describe('recovery', () => {
  /** People of two kinds: half order in 80 % of months, half in 30 %; later by `gain` more. Nothing else changes them. */
  const simulated = (seed: string, gain: number, people: number): readonly AnyEvent[] => {
    const chance = random(seed)
    return Array.from({ length: people }, (_, i) => i).flatMap((i) => {
      const keen = chance.next() < 0.5 ? 0.8 : 0.3
      const from = 1 + (i % 2)
      return [
        joined(`p${i}`, from),
        ...[1, 2, 3, 4, 5].flatMap((k) => {
          const orders = chance.next() < keen + (k >= 3 ? gain : 0)
          return from + k <= 6 && orders ? [paid(`p${i}`, from + k, '10.00')] : []
        }),
      ]
    })
  }
  const many = runs(300, 3000)
  const everybody = defineTenure(definition)
  const here = defineTenure({ ...definition, present: { within: 1 } })

  test('of everybody, between and within hold the truth as often as they say', () => {
    const hits = { between: 0, within: 0, band: 0 }
    for (let run = 0; run < many; run += 1) {
      const events = simulated(`everybody ${run}`, 0.1, 60)
      const { steps, bands } = everybody.result(collect(everybody, events), { asOf })
      const holds = (of: object, truth: number) => {
        const { low, high } = Reflect.get(of, 'interval') as { low: number; high: number }
        return low <= truth && truth <= high
      }
      if (holds(steps[0]!.between.rate, 0.1)) hits.between += 1
      if (holds(steps[0]!.within.rate, 0.1)) hits.within += 1
      if (holds(bands[0]!.rate, 0.55)) hits.band += 1
    }
    for (const successes of Object.values(hits)) {
      const share = wilson({ successes, trials: many, level: 0.999 })
      if (share.kind === 'undefined') throw new Error('no runs')
      expect(share.interval.low).toBeLessThan(0.95)
      expect(share.interval.high).toBeGreaterThan(0.95)
    }
  })

  test('where tenure does nothing, who is still here looks better late, and not because of time', () => {
    const events = simulated('selected', 0, 4000)
    const [of] = here.result(collect(here, events), { asOf }).steps
    const low = (change: NonNullable<typeof of>['between']['rate']) =>
      change.kind === 'estimate' && change.interval.kind === 'interval' ? change.interval.low : Number.NaN
    const high = (change: NonNullable<typeof of>['between']['rate']) =>
      change.kind === 'estimate' && change.interval.kind === 'interval' ? change.interval.high : Number.NaN
    expect(low(of!.between.rate)).toBeGreaterThan(0.05)
    const value = (mean: NonNullable<typeof of>['earlier']['left']['rate']) =>
      mean.kind === 'estimate' ? mean.value : Number.NaN
    expect(value(of!.earlier.stayed.rate)).toBeGreaterThan(value(of!.earlier.left.rate) + 0.2)
    // Nobody selected, nothing found.
    const [all] = everybody.result(collect(everybody, events), { asOf }).steps
    for (const change of [all!.between.rate, all!.within.rate]) {
      expect(low(change)).toBeLessThan(0)
      expect(high(change)).toBeGreaterThan(0)
    }
  })
})
