import { random } from 'liuliang'
import {
  comparePlans,
  type FittedDecay,
  fitDecay,
  type PriceOfPause,
  priceOfPause,
  publicationsEvery,
} from 'liuliang/continuity'
import { describe, expect, test } from 'vitest'
import {
  anchor,
  DAY,
  monday,
  ratesOf,
  rhythm,
  sendsOf,
  type Truth,
  twoYears,
  WEEK,
} from './support/simulated.js'

function fitted(days: readonly number[] = twoYears, audience = 3000): FittedDecay {
  const fit = fitDecay(
    { sends: sendsOf(anchor, days, audience, random('prices')) },
    { pauseAfter: WEEK, profile: false },
  )
  if (fit.kind !== 'fit') throw new Error(fit.reason)
  return fit
}
const fit = fitted()
const own: Truth = {
  ...anchor,
  ceiling: fit.ceiling.kind === 'estimate' ? fit.ceiling.value : Number.NaN,
  decay: fit.decay.kind === 'estimate' ? fit.decay.value : Number.NaN,
  recovery: fit.recovery.kind === 'estimate' ? fit.recovery.value : Number.NaN,
}
const next = twoYears.at(-1)! + 7
const asOf = monday + next * DAY
const year = { hours: 24 * 364 } as const
const cny = (amount: string) => ({ amount, currency: 'CNY' })
const given = {
  asOf,
  every: WEEK,
  pause: { from: asOf + 14 * DAY, until: asOf + 105 * DAY },
  horizon: year,
  audience: 10_000,
}

/** Opens with and without a pause of some publications, by the definition. */
function slowly(skipped: number, first = 2, counted = 52) {
  const steady = rhythm(next, 7, first + skipped + counted)
  const kept = steady.filter((_, i) => i < first || i >= first + skipped)
  const base = ratesOf(own, steady, [...twoYears, ...steady])
  const paused = ratesOf(own, kept, [...twoYears, ...kept])
  const sum = (list: readonly number[]) => list.reduce((total, one) => total + one, 0) * 10_000
  const during = sum(base.slice(first, first + skipped))
  return {
    during,
    after: sum(base.slice(first + skipped)) - sum(paused.slice(first)),
    ratio: paused.slice(first).map((rate, i) => rate / base[first + skipped + i]!),
  }
}

const priced = (answer: PriceOfPause) => {
  if (answer.kind !== 'price') throw new Error(answer.reason)
  return answer
}

describe('the price of a pause', () => {
  test('is the opens of the publications left out and those missing after it', () => {
    const price = priced(priceOfPause(fit, given))
    const { during, after, ratio } = slowly(13)
    expect(price.skipped).toBe(13)
    expect(price.lostInPause.value).toBeCloseTo(during, 5)
    expect(price.lostAfter.value).toBeCloseTo(after, 5)
    expect(price.lost.value).toBeCloseTo(price.lostInPause.value + price.lostAfter.value, 6)
    for (const { value, interval } of [price.lostInPause, price.lostAfter, price.lost]) {
      expect(interval!.low).toBeLessThan(value)
      expect(interval!.high).toBeGreaterThan(value)
    }
    const back = ratio.findIndex((one) => one >= 0.95)
    if (price.recovery.kind !== 'estimate') throw new Error(price.recovery.kind)
    expect(Math.ceil(price.recovery.days / 7)).toBe(back)
    expect(price.missingAtEnd).toBeLessThan(0.001)
    expect(price.money).toBeUndefined()
  })

  test('drawn and by slopes it has about the same intervals', () => {
    const a = priced(priceOfPause(fit, given)).lost.interval!
    const b = priced(priceOfPause(fit, { ...given, random: random('price') })).lost.interval!
    expect(Math.abs(a.low - b.low)).toBeLessThan(0.1 * (a.high - a.low))
    expect(Math.abs(a.high - b.high)).toBeLessThan(0.1 * (a.high - a.low))
  })

  test('no pause costs nothing, a pause within the rhythm leaves nothing behind', () => {
    const none = priced(priceOfPause(fit, { ...given, pause: { from: asOf, until: asOf } }))
    expect(none).toMatchObject({
      skipped: 0,
      lost: { value: 0, interval: { low: 0, high: 0 } },
      recovery: { kind: 'estimate', days: 0 },
    })
    const daily = priced(
      priceOfPause(fit, {
        ...given,
        every: { hours: 24 },
        pause: { from: asOf + DAY, until: asOf + 4 * DAY },
      }),
    )
    expect(daily.skipped).toBe(3)
    expect(daily.lostAfter.value).toBe(0)
    expect(daily.lostInPause.value).toBeGreaterThan(0)
  })

  test('a horizon too short to recover says so', () => {
    const price = priced(priceOfPause(fit, { ...given, horizon: { hours: 24 * 28 } }))
    expect(price.recovery).toEqual({ kind: 'never', reason: 'not-within-horizon' })
    expect(price.missingAtEnd).toBeGreaterThan(0.3)
  })

  test('in money: forgone, net and the value of an open at which it is free', () => {
    const { lost, money } = priced(
      priceOfPause(fit, { ...given, valuePerOpen: cny('0.25'), costPerPublication: cny('900') }),
    )
    expect(money?.saved).toBe(11_700)
    expect(money?.forgone?.value).toBeCloseTo(0.25 * lost.value, 6)
    expect(money?.net?.value).toBeCloseTo(11_700 - 0.25 * lost.value, 6)
    expect(money?.breakEven?.value).toBeCloseTo(11_700 / lost.value, 12)
    for (const one of [money?.forgone, money?.net, money?.breakEven]) {
      if (!one?.interval) throw new Error('no interval')
      expect(one.interval.low).toBeLessThan(one.value)
      expect(one.interval.high).toBeGreaterThan(one.value)
      expect(one.currency).toBe('CNY')
    }
    const again = priced(
      priceOfPause(fit, {
        ...given,
        valuePerOpen: { amount: money!.breakEven!.value.toFixed(8), currency: 'CNY' },
        costPerPublication: cny('900'),
      }),
    )
    expect(Math.abs(again.money!.net!.value)).toBeLessThan(0.01)
  })

  test('how long a pause is free, against every length by the definition', () => {
    const free = (cost: string) =>
      priced(priceOfPause(fit, { ...given, valuePerOpen: cny('0.20'), costPerPublication: cny(cost) })).money
        ?.free
    const pays = (cost: number, skipped: number) => {
      const { during, after } = slowly(skipped)
      return 0.2 * (during + after) <= cost * skipped
    }
    expect(free('0')).toEqual({ kind: 'never' })
    // 2,500 opens of 0.20 each: 500 a publication.
    expect(free('3000')).toMatchObject({ kind: 'always', skipped: 520 })
    const from = free('800')
    if (from?.kind !== 'from') throw new Error(from?.kind)
    expect(pays(800, from.skipped)).toBe(true)
    for (let skipped = 1; skipped < from.skipped; skipped += 1) expect(pays(800, skipped)).toBe(false)
  })

  test('what nobody knows has no price', () => {
    const steady = fitted(rhythm(0, 7, 30))
    const from = monday + 210 * DAY
    expect(
      priceOfPause(steady, { ...given, asOf: from, pause: { from, until: from + 70 * DAY } }),
    ).toMatchObject({ kind: 'not-identified', reason: 'no-pause' })
  })

  test.each([
    ['out-of-range', '$.pause.from', { pause: { from: asOf - 1, until: asOf } }],
    ['out-of-range', '$.pause.until', { pause: { from: asOf + 2, until: asOf + 1 } }],
    ['out-of-range', '$.audience', { audience: -1 }],
    ['out-of-range', '$.audience', { audience: Number.POSITIVE_INFINITY }],
    ['out-of-range', '$.recoverTo', { recoverTo: 1 }],
    ['invalid-duration', '$.horizon', { horizon: { months: 3 } }],
    [
      'currency-mismatch',
      '$.costPerPublication.currency',
      { valuePerOpen: cny('1'), costPerPublication: { amount: '1', currency: 'EUR' } },
    ],
    ['out-of-range', '$.valuePerOpen', { valuePerOpen: cny('-1') }],
    ['too-large', '$.until', { every: { seconds: 60 } }],
  ])('refuses %s at %s', (code, path, more) => {
    expect(() => priceOfPause(fit, { ...given, ...more } as never)).toThrow(
      expect.objectContaining({ code, path }),
    )
  })
})

describe('plans beside one another', () => {
  const until = asOf + 364 * DAY
  const weekly = publicationsEvery({ every: WEEK, from: asOf, until })
  const half = publicationsEvery({ every: { hours: 336 }, from: asOf, until })
  const stop = publicationsEvery({
    every: WEEK,
    from: asOf,
    until,
    pause: { from: asOf, until: asOf + 182 * DAY },
  })
  const plans = [
    { name: 'weekly', publications: weekly },
    { name: 'half as often', publications: half },
    { name: 'stop and resume', publications: stop },
  ]

  test('half as often, or stop and resume, with as many publications', () => {
    const compared = comparePlans(fit, {
      asOf,
      until,
      audience: 10_000,
      plans,
      valuePerOpen: cny('0.20'),
      costPerPublication: cny('300'),
    })
    if (compared.kind !== 'comparison') throw new Error(compared.reason)
    expect(compared.plans.map(({ publications }) => publications)).toEqual([52, 26, 26])
    for (const [i, { opens, difference, endsAt, net }] of compared.plans.entries()) {
      const days = plans[i]!.publications.map((at) => (at - monday) / DAY)
      const rates = ratesOf(own, [...days, next + 364], [...twoYears, ...days])
      const wanted = rates.slice(0, -1).reduce((sum, rate) => sum + rate, 0) * 10_000
      expect(opens.value).toBeCloseTo(wanted, 5)
      expect(endsAt).toBeCloseTo(rates.at(-1)!, 10)
      expect(difference.value).toBeCloseTo(opens.value - compared.plans[0]!.opens.value, 5)
      expect(net?.value).toBeCloseTo(0.2 * wanted - 300 * days.length, 5)
    }
    const [, , stopped] = compared.plans
    // Under the same parameters a difference is surer than its two sides.
    expect(stopped!.difference.interval!.high).toBeLessThan(0)
  })

  test('one nobody can tell is named', () => {
    const steady = fitted(rhythm(0, 7, 30))
    const from = monday + 210 * DAY
    const end = from + 140 * DAY
    expect(
      comparePlans(steady, {
        asOf: from,
        until: end,
        audience: 1,
        plans: [
          { name: 'weekly', publications: publicationsEvery({ every: WEEK, from, until: end }) },
          { name: 'half', publications: publicationsEvery({ every: { hours: 336 }, from, until: end }) },
        ],
      }),
    ).toMatchObject({ kind: 'not-identified', reason: 'no-pause', plan: 'half' })
  })

  test.each([
    ['out-of-range', '$.plans', { plans: [plans[0]] }],
    ['duplicate-name', '$.plans[1].name', { plans: [plans[0], plans[0]] }],
    [
      'out-of-range',
      '$.plans[1].publications',
      { plans: [plans[0], { name: 'late', publications: [until] }] },
    ],
    ['missing', '$.plans[0].name', { plans: [{ publications: [] }, plans[0]] }],
  ])('refuses %s at %s', (code, path, more) => {
    expect(() => comparePlans(fit, { asOf, until, audience: 1, ...more } as never)).toThrow(
      expect.objectContaining({ code, path }),
    )
  })
})
