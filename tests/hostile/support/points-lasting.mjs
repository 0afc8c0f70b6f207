// What ends next of an account of points, asked for with hostile currencies and instants; and ends of points, each part replaced.
import { isMoment, never, replacing } from './shapes.mjs'

const moments = ['numbers', 'dates', 'strings', 'objects', 'values-for-rules', 'canaries']
const noon = Date.UTC(2024, 2, 5, 12)

/**
 * @param {typeof import('liuliang')} library
 * @param {(definition: object, value: unknown, define: (given: never) => unknown, isTyped: (error: unknown) => boolean) => readonly unknown[]} everyPart
 */
export function boundariesOfPointsLasting(library, everyPart) {
  const { calendarOf, definePoints, defineEvents, expiries, expiriesByMonth, expiringBy, integer } = library
  const replaced = replacing((given, value, call) => everyPart(given, value, call, library.isTyped), {
    takes: ['values-for-rules', 'objects', 'canaries', 'numbers'],
  })
  const events = defineEvents({ deed: { worth: integer() } })
  const definition = {
    id: 'points',
    version: 1,
    calendar: { zone: 'Asia/Shanghai' },
    currencies: [
      {
        currency: 'points',
        kind: 'spendable',
        expires: { every: '12-31', atLeast: { months: 3 } },
        spend: 'cheapest',
      },
      {
        currency: 'status',
        kind: 'status',
        expires: { inactive: { months: 6 }, first: { days: 9 }, activity: ['deed'], countsZeroPoints: false },
      },
    ],
    earning: [
      { rule: 'deed', on: 'deed', earns: { points: 3 }, expires: { anniversary: 'enrolment' }, cost: '1/3' },
    ],
    refunds: { to: 'original-lots', grace: { days: 3 }, ifExpired: 'grace' },
    reinstateWithin: { days: 30 },
    keepOrigins: { days: 90 },
  }
  const define = (given) => definePoints({ ...given, events })
  const engine = define(definition)
  const account = engine.decide(engine.start('u1'), {
    id: 'a',
    type: 'deed',
    subject: 'u1',
    occurredAt: noon,
    data: { worth: 1 },
  }).state.of
  const zone = calendarOf({ zone: 'Asia/Shanghai' })
  const later = Date.UTC(2030, 0, 1)

  return [
    replaced(
      'points that last, every part of a definition replaced',
      definition,
      define,
      (given, { definition: stored }) =>
        stored.keepOrigins === given.keepOrigins || given.keepOrigins !== undefined,
      { definition: true },
    ),
    {
      name: 'expiringBy currency',
      takes: ['strings', 'objects', 'canaries', 'values-for-rules'],
      definition: true,
      call: (currency) => expiringBy(account, currency, later),
      right: (currency) => currency === 'points' || currency === 'status',
    },
    {
      name: 'expiringBy at',
      takes: moments,
      definition: true,
      call: (at) => expiringBy(account, 'points', at),
      right: isMoment,
    },
    {
      name: 'expiries from',
      takes: moments,
      definition: true,
      call: (from) => expiries(account, from, later),
      right: (from) => isMoment(from) && from <= later,
    },
    {
      name: 'expiriesByMonth to',
      takes: moments,
      definition: true,
      call: (to) => expiriesByMonth(account, zone, noon, to),
      right: (to) => isMoment(to) && to >= noon,
    },
    { name: 'expiries state', takes: moments, call: (state) => expiries(state, noon, later), right: never },
  ]
}
