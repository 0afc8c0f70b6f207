// Accounts of points: lots, movements, curves, sales, deferrals, chart and return, each with one part replaced by a hostile value.
import { isMoment, isRecord, isText, never, replacing } from './shapes.mjs'

const values = ['numbers', 'strings', 'objects', 'amounts', 'values-for-rules', 'canaries']
const moments = ['numbers', 'dates', 'strings', 'objects', 'values-for-rules', 'canaries']
const day = 86_400_000
const asOf = Date.UTC(2026, 3, 1)
const isCount = (value) => Number.isSafeInteger(value) && value >= 0

/**
 * @param {typeof import('liuliang')} library
 * @param {(definition: object, value: unknown, define: (given: never) => unknown, isTyped: (error: unknown) => boolean) => readonly unknown[]} everyPart
 */
export function boundariesOfPointsAccounting(library, everyPart) {
  const { definePointsLiability, definePointsDevelopment, forecastLiability, estimateRedemptionCurve } =
    library
  const { allocateRevenue, openDeferral, moveDeferral, journalEntries, pointsReturn } = library
  const { ledgerRows, outstandingLots } = library
  const replaced = replacing((given, value, call) => everyPart(given, value, call, library.isTyped), {
    takes: ['values-for-rules', 'objects', 'canaries', 'numbers', 'amounts'],
  })
  const head = { id: 'a', version: 1, calendar: { zone: 'Asia/Shanghai' } }
  const owed = definePointsLiability({
    ...head,
    asOf,
    currencies: { points: { currency: 'CNY', perPoint: '0.01', rounding: 'half-up' }, status: 'not-owed' },
    horizons: [{ days: 30 }],
  })
  const development = definePointsDevelopment({ ...head, currencies: ['points'], dated: 'effective' })
  const lot = {
    currency: 'points',
    points: 100,
    earnedAt: asOf - 40 * day,
    confirmsAt: asOf + day,
    expiresAt: asOf + 20 * day,
    cost: 5,
  }
  const row = {
    at: asOf - 9 * day,
    currency: 'points',
    kind: 'earned',
    points: 100,
    earnedAt: asOf - 40 * day,
  }
  const found = owed.add(owed.empty(), lot)
  const moved = development.add(development.empty(), row)
  const both = [
    ['liability', definePointsLiability, owed, lot, found, undefined],
    ['development', definePointsDevelopment, development, row, moved, { asOf }],
  ]

  const aggregates = both.flatMap(([name, define, aggregate, one, partial, options]) => [
    { name: `points ${name}`, takes: values, definition: true, call: define, right: never },
    replaced(
      `points ${name}, every part replaced`,
      aggregate.definition,
      define,
      (given, { definition }) => JSON.stringify(definition) === JSON.stringify(given),
      { definition: true, floats: true },
    ),
    ...['add', 'retract'].map((verb) => ({
      name: `points ${name}.${verb} row`,
      takes: values,
      call: (given) => aggregate[verb](aggregate.empty(), given),
      right: never,
    })),
    ...['add', 'retract'].map((verb) =>
      replaced(
        `points ${name}.${verb}, every part of a row replaced`,
        one,
        (given) => aggregate[verb](aggregate.empty(), given),
        (given, answer) => isRecord(answer.currencies) && Number.isSafeInteger(given.points),
      ),
    ),
    ...['add', 'merge', 'merge into', 'result'].map((verb) => ({
      name: `points ${name}.${verb} partial`,
      takes: values,
      call: (given) =>
        verb === 'merge'
          ? aggregate.merge(given, aggregate.empty())
          : verb === 'merge into'
            ? aggregate.merge(aggregate.empty(), given)
            : verb === 'add'
              ? aggregate.add(given, one)
              : aggregate.result(given, options),
      right: never,
    })),
    replaced(
      `points ${name}.result, every part of a partial replaced`,
      partial,
      (given) => aggregate.result(given, options),
      (_, answer) => isRecord(answer.currencies.points),
    ),
  ])

  const liability = owed.result(found)
  const curve = {
    redeemed: [0.2, 0.5],
    expired: [0, 0.1],
    ultimate: 0.6,
    interval: {
      level: 0.9,
      low: { redeemed: [0.1, 0.4], ultimate: 0.5 },
      high: { redeemed: [0.3, 0.6], ultimate: 0.7 },
    },
    source: 'made up',
  }
  const forecast = { currency: 'points', curve, months: 3, pending: 'counted' }
  const triangle = {
    cohorts: [
      { cohort: '2026-01', granted: 100, redeemed: [20, 50], expired: [0, 10] },
      { cohort: '2026-02', granted: 100, redeemed: [30, 40], expired: [0, 60] },
      { cohort: '2026-03', granted: 100, redeemed: [25], expired: [0] },
    ],
  }
  const estimate = { level: 0.9, minimumCohorts: 2, minimumAge: 1, tail: 0.5 }
  const sale = {
    currency: 'CNY',
    price: '100.00',
    goods: ['60.00', '40.00'],
    points: { granted: 1000, expected: 900, perPoint: '0.01' },
  }
  const allocation = allocateRevenue(sale)
  const opened = openDeferral(allocation)
  const changes = [
    { kind: 'redeemed', points: 10, expected: 900 },
    { kind: 'returned', points: 0 },
    { kind: 'expired', points: 10 },
    { kind: 'estimate', expected: 800 },
    { kind: 'refund', amount: '10.00', points: 100 },
  ]
  const chart = { cash: '1', goods: '2', redemption: '3', breakage: '4', liability: '5' }
  const booking = { id: 'o-1', at: asOf, movement: opened.movement }
  const group = { customers: 10, mean: 5, variance: 2 }
  const returns = {
    currency: 'CNY',
    cost: { redeemed: 100, costPerPoint: '0.01', liability: { start: 10, end: 20 }, other: '1.00' },
  }
  const given = { ...returns, margin: { from: 'given', amount: '10.00', low: '5.00', high: '20.00' } }
  const compared = { ...returns, margin: { from: 'control', members: group, control: group, level: 0.9 } }

  return [
    ...aggregates,
    {
      name: 'points development.result asOf',
      takes: moments,
      call: (at) => development.result(development.empty(), { asOf: at }),
      right: (value, answer) => isMoment(value) && answer.asOf === value,
    },
    {
      name: 'points development.result options',
      takes: values,
      call: (options) => development.result(development.empty(), options),
      right: never,
    },
    {
      name: 'forecastLiability',
      takes: values,
      call: (one) => forecastLiability(one, forecast),
      right: never,
    },
    {
      name: 'forecastLiability options',
      takes: values,
      call: (one) => forecastLiability(liability, one),
      right: never,
    },
    replaced(
      'forecastLiability, every part of a liability replaced',
      liability,
      (one) => forecastLiability(one, forecast),
      (_, { months }) => months.length === 3,
      // What nobody reads comes back in what was asked.
      { floats: true },
    ),
    replaced(
      'forecastLiability, every part of the options replaced',
      forecast,
      (one) => forecastLiability(liability, one),
      ({ months }, answer) => answer.months.length === months,
      { definition: true },
    ),
    { name: 'estimateRedemptionCurve', takes: values, call: estimateRedemptionCurve, right: never },
    {
      name: 'estimateRedemptionCurve options',
      takes: values,
      call: (one) => estimateRedemptionCurve(triangle, one),
      right: (value) => value === undefined || (isRecord(value) && Object.keys(value).length === 0),
    },
    replaced(
      'estimateRedemptionCurve, every part of a triangle replaced',
      triangle,
      (one) => estimateRedemptionCurve(one, estimate),
      (one, { cohorts }) => cohorts.length === one.cohorts.length,
      { floats: true },
    ),
    replaced(
      'estimateRedemptionCurve, every part of the options replaced',
      estimate,
      (one) => estimateRedemptionCurve(triangle, one),
      (_, { cohorts }) => cohorts.length === 3,
      { floats: true },
    ),
    { name: 'allocateRevenue', takes: values, call: allocateRevenue, right: never },
    replaced(
      'allocateRevenue, every part replaced',
      sale,
      allocateRevenue,
      ({ goods }, answer) => answer.goods.length === goods.length,
    ),
    replaced(
      'allocateRevenue, every part of the options replaced',
      { rounding: { at: 'ratio', digits: 2 } },
      (one) => allocateRevenue(sale, one),
      (_, { goods }) => goods.length === 2,
      { definition: true },
    ),
    { name: 'openDeferral', takes: values, call: openDeferral, right: never },
    replaced(
      'openDeferral, every part replaced',
      allocation,
      openDeferral,
      ({ granted, expected }, { deferral }) =>
        isCount(granted) && isCount(expected) && deferral.granted === granted,
      { floats: true },
    ),
    {
      name: 'openDeferral rounding',
      takes: values,
      definition: true,
      call: (rounding) => openDeferral(allocation, { rounding }),
      right: (value) => value === undefined,
    },
    { name: 'moveDeferral', takes: values, call: (one) => moveDeferral(one, changes[0]), right: never },
    {
      name: 'moveDeferral change',
      takes: values,
      call: (one) => moveDeferral(opened.deferral, one),
      right: never,
    },
    replaced(
      'moveDeferral, every part of a deferral replaced',
      opened.deferral,
      (one) => moveDeferral(one, { kind: 'redeemed', points: 1 }),
      (one, { deferral }) => deferral.redeemed === one.redeemed + 1,
      { definition: true },
    ),
    ...changes.map((change) =>
      replaced(
        `moveDeferral, every part of a change replaced, ${change.kind}`,
        change,
        (one) => moveDeferral(opened.deferral, one),
        (_, { liability: left }) => isText(left),
        { definition: true },
      ),
    ),
    {
      name: 'journalEntries chart',
      takes: values,
      call: (one) => journalEntries(one, [booking]),
      right: never,
    },
    {
      name: 'journalEntries bookings',
      takes: values,
      call: (one) => journalEntries(chart, one),
      right: (value, entries) => Array.isArray(value) && value.length === 0 && entries.length === 0,
    },
    replaced(
      'journalEntries, every part of the chart replaced',
      chart,
      (one) => journalEntries(one, [booking]),
      (_, [entry]) => entry.lines.length > 0,
    ),
    replaced(
      'journalEntries, every part of a booking replaced',
      booking,
      (one) => journalEntries(chart, [one]),
      ({ id }, entries) => isText(id) && entries.length === 1,
      { definition: true },
    ),
    {
      name: 'ledgerRows log',
      takes: values,
      call: (log) => ledgerRows({ id: 'points' }, log),
      right: (value, rows) => Array.isArray(value) && rows.length === 0,
    },
    {
      name: 'ledgerRows moves',
      takes: values,
      call: (moves) =>
        ledgerRows({ id: 'points' }, [
          {
            id: 'e',
            type: 'points/earned',
            subject: 'u1',
            occurredAt: asOf,
            data: { currency: 'points', moves },
          },
        ]),
      right: (value, rows) => value === undefined || (Array.isArray(value) && rows.length === 0),
    },
    {
      name: 'outstandingLots state',
      takes: values,
      call: (state) => outstandingLots({ id: 'points' }, state, []),
      right: (value, lots) => isRecord(value) && lots.length === 0,
    },
    { name: 'pointsReturn', takes: values, call: pointsReturn, right: never },
    ...[given, compared].map((one) =>
      replaced(
        `pointsReturn, every part replaced, ${one.margin.from}`,
        one,
        pointsReturn,
        (_, { ratio }) => isText(ratio.kind),
        { definition: true },
      ),
    ),
  ]
}
