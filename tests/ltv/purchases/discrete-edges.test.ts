import { describe, expect, test } from 'vitest'
import { random } from '../../../src/kernel/random.js'
import { type CustomerHistory, historyTable } from '../../../src/ltv/histories/history.js'
import type { Edge, Values } from '../../../src/ltv/model.js'
import { bgBb } from '../../../src/ltv/purchases/bg-bb/bg-bb.js'
import { ggompertzNbd } from '../../../src/ltv/purchases/gompertz/ggompertz-nbd.js'
import type { PurchaseModel } from '../../../src/ltv/purchases/model.js'
import { nbd } from '../../../src/ltv/purchases/nbd.js'
import { runs } from '../../support/size.js'
import { searched } from './support/searched.js'

/** Histories of so many customers drawn from a model. */
function drawn<P extends string>(
  model: PurchaseModel<string, P>,
  values: Values<P>,
  customers: number,
  age: number,
): CustomerHistory[] {
  const seeded = random(`${model.name} ${JSON.stringify(values)}`)
  return Array.from({ length: customers }, () => {
    const times = model.draw(values, age, seeded)
    return {
      unit: model.time === 'discrete' ? 'opportunity' : 'week',
      repeatCount: times.length,
      lastPurchaseAge: times.at(-1) ?? 0,
      age,
    }
  })
}

const at = (repeatCount: number, lastPurchaseAge: number, age: number): CustomerHistory => ({
  unit: 'opportunity',
  repeatCount,
  lastPurchaseAge,
  age,
})
const week = (repeatCount: number, lastPurchaseAge: number, age: number): CustomerHistory => ({
  unit: 'week',
  repeatCount,
  lastPurchaseAge,
  age,
})
const told = (edge: Edge | undefined) => {
  expect(edge?.next.en).toMatch(/\.$/)
  expect(edge?.next.zh).toMatch(/。$/)
  return [edge?.reason, edge?.instead]
}

describe('what is hopeless is said before a search', () => {
  test('NBD and GGompertz/NBD', () => {
    for (const model of [nbd, ggompertzNbd]) {
      expect(told(model.hopeless(historyTable([week(0, 0, 3), week(0, 0, 9)])))[0]).toBe(
        'no-repeat-purchases',
      )
      expect(model.hopeless(historyTable([week(1, 1, 3), week(0, 0, 9)]))).toBeUndefined()
    }
  })
  test('BG/BB', () => {
    const reason = (...histories: CustomerHistory[]) => told(bgBb.hopeless(historyTable(histories)))[0]
    expect(reason(at(1, 1, 1), at(0, 0, 1))).toBe('too-few-opportunities')
    expect(reason(at(0, 0, 5), at(0, 0, 6))).toBe('no-repeat-purchases')
    expect(reason(at(5, 5, 5), at(6, 6, 6))).toBe('bought-every-time')
    expect(bgBb.hopeless(historyTable([at(2, 3, 5), at(0, 0, 6)]))).toBeUndefined()
  })
})

describe('a search that runs to a limit says which', () => {
  const ends = <P extends string>(
    model: PurchaseModel<string, P>,
    histories: readonly CustomerHistory[],
    start?: Values<P>,
  ) => {
    const { data } = model.rescaled(historyTable(histories))
    const { values } = searched(model, data, start)
    return told(model.edge(data, values))
  }

  test('NBD: counts that vary less than chance makes them', () => {
    const even = Array.from({ length: 60 }, (_, i) => week(3 + (i % 3), 30, 40))
    expect(ends(nbd, even)).toEqual(['all-buy-alike', undefined])
  })

  test('BG/BB', () => {
    // Everybody was seen at the end.
    const nobody = Array.from({ length: 90 }, (_, i) => at(1 + (i % 7), 8, 8))
    expect(ends(bgBb, nobody)).toEqual(['no-drop-out', undefined])
    // Those who bought were seen at the end, and the others would have bought.
    const split = nobody.flatMap((_, i) => [at(4 + (i % 2), 8, 8), at(0, 0, 8)])
    expect(ends(bgBb, split)).toEqual(['leave-at-once-or-never', undefined])
    // Everybody bought every other time until he left, at different times.
    const alike = Array.from({ length: 90 }, (_, i) => at(1 + (i % 4), 2 + 2 * (i % 4), 8))
    expect(ends(bgBb, alike)[0]).toBe('all-buy-alike')
    const steady = Array.from({ length: 90 }, (_, i) => at(1 + (i % 8), 1 + (i % 8), 8))
    expect(ends(bgBb, steady)[0]).toBe('buys-always-or-never')
  })

  test('BG/BB knows each limit where the parameters are there', () => {
    const table = historyTable([at(2, 3, 5), at(0, 0, 6), at(1, 4, 6)])
    const reason = (alpha: number, beta: number, gamma: number, delta: number) =>
      told(bgBb.edge(table, { alpha, beta, gamma, delta }))[0]
    expect(reason(1, 1, 1, 1e9)).toBe('no-drop-out')
    expect(reason(0.7, 1, 1e-9, 1e-9)).toBe('leave-at-once-or-never')
    expect(reason(1e9, 1e9, 1, 2)).toBe('all-buy-alike')
    expect(reason(1, 1, 1e9, 1e9)).toBe('all-leave-alike')
    const always = historyTable([at(3, 3, 5), at(0, 0, 6)])
    const untilThen = { alpha: 1e-9, beta: 1e-9, gamma: 1, delta: 2 }
    expect(told(bgBb.edge(always, untilThen))[0]).toBe('buys-always-or-never')
    const gone = historyTable([at(0, 0, 5), at(0, 0, 6)])
    expect(told(bgBb.edge(gone, { alpha: 1, beta: 1, gamma: 1, delta: 1e-9 }))[0]).toBe('all-leave-at-once')
  })

  test('GGompertz/NBD', () => {
    const table = historyTable(drawn(ggompertzNbd, { r: 1, alpha: 5, b: 0.1, s: 1, beta: 10 }, 40, 40))
    const reason = (r: number, alpha: number, b: number, s: number, beta: number) =>
      told(ggompertzNbd.edge(table, { r, alpha, b, s, beta }))
    expect(reason(1, 5, 0.1, 1, 1e12)).toEqual(['no-drop-out', 'nbd'])
    expect(reason(1, 5, 1e-12, 1, 1e-10)).toEqual(['gompertz-is-pareto', 'pareto-nbd'])
    expect(reason(1e9, 5e9, 0.1, 1, 10)[0]).toBe('all-buy-alike')
    expect(reason(1, 5, 0.1, 1e9, 1e10)[0]).toBe('all-leave-alike')
    expect(ggompertzNbd.edge(table, { r: 1, alpha: 5, b: 0.1, s: 1, beta: 10 })).toBeUndefined()
  })
})

test('GGompertz/NBD is found where the hazard does grow, by the best of its starts', () => {
  const values = { r: 1.5, alpha: 4, b: 0.2, s: 1, beta: 100 }
  const histories = [30, 40, 50, 60].flatMap((age) => drawn(ggompertzNbd, values, runs(80, 400), age))
  const { data, by } = ggompertzNbd.rescaled(historyTable(histories))
  const starts = ggompertzNbd.starts(data).slice(0, runs(1, 3))
  const ends = starts.map((start) => searched(ggompertzNbd, data, start))
  const highest = Math.max(...ends.map(({ logLikelihood }) => logLikelihood))
  const best = ends.filter(({ logLikelihood }) => highest - logLikelihood < 1e-6)
  expect(best.length).toBeGreaterThanOrEqual(runs(1, 2))
  for (const end of ends) {
    // A search may end on the plateau of equal hazards; it says so, and others are likelier.
    expect(end.found.kind).toBe(best.includes(end) ? 'optimum' : 'not-an-optimum')
    expect(ggompertzNbd.edge(data, end.values)?.reason).toBe(
      best.includes(end) ? undefined : 'all-leave-alike',
    )
  }
  // Within what chance leaves: half and twice.
  const { b, alpha, r } = best[0]!.values
  for (const ratio of [b / by / values.b, (alpha * by) / values.alpha, r / values.r]) {
    expect(Math.abs(Math.log(ratio))).toBeLessThan(Math.log(2))
  }
}, 120_000)

describe('what other programs get wrong', () => {
  const infinite = Number.POSITIVE_INFINITY

  test('BG/BB at gamma = 1, where lifetimes and BTYD answer NaN, goes over smoothly', () => {
    const of = (gamma: number) => {
      const after = bgBb.after({ alpha: 0.3, beta: 2, gamma, delta: 1 }, at(2, 4, 6))
      return [after.expected(40), after.expected(1e6), after.discounted(infinite, 0.01)]
    }
    const [below, here, above] = [of(1 - 1e-9), of(1), of(1 + 1e-9)]
    for (const [k, value] of here!.entries()) {
      expect(value).toBeGreaterThan(0)
      expect(value).toBeLessThan(below![k]!)
      expect(value).toBeGreaterThan(above![k]!)
      expect(value / above![k]! - 1).toBeLessThan(1e-7)
    }
    // Beyond 1 the mean of all that is to come exists, up to it it does not.
    const forever = (gamma: number) =>
      bgBb.newcomer({ alpha: 1, beta: 1, gamma, delta: 3 }).expected(infinite)
    expect(forever(1)).toBe(infinite)
    expect(forever(2)).toBeCloseTo(0.5 * 3, 12)
  })

  test('BG/BB has no floor under small chances, as lifetimes has', () => {
    const history = at(30, 30, 90)
    const values = { alpha: 3000, beta: 1, gamma: 2, delta: 5 }
    const after = bgBb.after(values, history)
    expect(after.lnAlive).toBeLessThan(-200)
    expect(after.lnAlive).toBeGreaterThan(-400)
    const { alpha, beta, gamma, delta } = values
    const lnHere = bgBb.historyLikelihood(history).value([alpha, beta, gamma, delta])
    expect(Number.isFinite(lnHere)).toBe(true)
  })

  test('chances in far tails are no rest of a sum, as CLVTools has them, and never overflow', () => {
    const shopper = ggompertzNbd.newcomer({ r: 0.5, alpha: 10, b: 0.02, s: 1, beta: 1 })
    const [exactly, atLeast] = [shopper.lnChanceOf(400, 0, 1), shopper.lnChanceOfAtLeast(400, 0, 1)]
    expect(exactly).toBeLessThan(-900)
    expect(atLeast).toBeGreaterThan(exactly)
    expect(atLeast - exactly).toBeLessThan(0.2)
    const donor = bgBb.newcomer({ alpha: 0.01, beta: 3000, gamma: 1, delta: 1 })
    expect(donor.lnChanceOf(400, 0, 1000)).toBeLessThan(-300)
    expect(donor.lnChanceOfAtLeast(400, 0, 1000)).toBeGreaterThan(donor.lnChanceOf(400, 0, 1000))
  })

  test('one who buys more often than there are opportunities is impossible, not NaN', () => {
    const donor = bgBb.newcomer({ alpha: 1, beta: 1, gamma: 1, delta: 1 })
    expect(donor.lnChanceOf(4, 0, 3)).toBe(-infinite)
    expect(donor.lnChanceOfAtLeast(4, 0, 3)).toBe(-infinite)
    expect(donor.lnChanceOf(0, 3, 3)).toBe(0)
  })

  test('somebody just seen is there, and of age 0 is a newcomer', () => {
    const values = { r: 0.5, alpha: 10, b: 0.02, s: 1, beta: 1 }
    expect(ggompertzNbd.after(values, week(3, 20, 20)).lnAlive).toBeCloseTo(0, 15)
    const first = ggompertzNbd.after(values, week(0, 0, 0))
    expect(first.expected(10)).toBe(ggompertzNbd.newcomer(values).expected(10))
    expect(first.lnChanceOf(2, 1, 10)).toBe(ggompertzNbd.newcomer(values).lnChanceOf(2, 1, 10))
    expect(bgBb.after({ alpha: 1, beta: 1, gamma: 1, delta: 1 }, at(3, 6, 6)).lnAlive).toBe(0)
  })

  test('leaves with a hazard that hardly grows as Pareto/NBD does', () => {
    const [s, beta, b] = [0.606, 11.67, 1e-9]
    const newcomer = ggompertzNbd.newcomer({ r: 0.553, alpha: 10.58, b, s, beta: beta * b })
    const pareto = (t: number) => (0.553 / 10.58) * (beta / (s - 1)) * (1 - (beta / (beta + t)) ** (s - 1))
    expect(newcomer.expected(52) / pareto(52)).toBeCloseTo(1, 6)
  })
})

describe('refusals', () => {
  const values = { r: 1, alpha: 1 }
  test('of the wrong kind of time', () => {
    expect(() => nbd.after(values, at(1, 1, 2))).toThrow('$.history.unit')
    expect(() => nbd.likelihood(historyTable([at(1, 1, 2)]))).toThrow('$.unit')
    expect(() => ggompertzNbd.historyLikelihood(at(1, 1, 2))).toThrow('$.unit')
    const chances = { alpha: 1, beta: 1, gamma: 1, delta: 1 }
    expect(() => bgBb.after(chances, week(1, 1, 2))).toThrow('opportunity')
    expect(() => bgBb.likelihood(historyTable([week(1, 1, 2)]))).toThrow('opportunity')
  })
  test('of parameters and histories that cannot be', () => {
    expect(() => nbd.newcomer({ r: 0, alpha: 1 })).toThrow('$.values.r')
    expect(() => nbd.newcomer({ r: 1, alpha: Number.NaN })).toThrow('$.values.alpha')
    expect(() => nbd.after(values, week(2, 9, 8))).toThrow('$.history.lastPurchaseAge')
    expect(() => nbd.draw(values, -1, random(1))).toThrow('$.age')
    expect(() => nbd.draw(values, 1, {} as never)).toThrow('$.random')
    expect(() => nbd.draw({ r: 1e6, alpha: 1e-6 }, 1e6, random(1))).toThrow('about 1.0e+18')
  })
})
