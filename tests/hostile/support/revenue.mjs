// Revenue over time: recurring revenue, revenue by cohort, payback, each with one part replaced by a hostile value.
import { noon, order } from './program.mjs'
import { boundariesOfTold, isMoment, isRecord, isText, never, replacing } from './shapes.mjs'

const values = ['numbers', 'strings', 'objects', 'amounts', 'values-for-rules', 'canaries']
const moments = ['numbers', 'dates', 'strings', 'objects', 'values-for-rules', 'canaries']
/** An amount in CNY, told by rules of its own. */
const isAmount = (value) => typeof value === 'string' && /^-?\d{1,30}(\.\d{1,2})?$/.test(value)

/**
 * @param {typeof import('liuliang')} library
 * @param {(definition: object, value: unknown, define: (given: never) => unknown, isTyped: (error: unknown) => boolean) => readonly unknown[]} everyPart
 */
export function boundariesOfRevenue(library, everyPart) {
  const { cacPayback, defineCohortRevenue, defineRevenueRetention, revenueBetween, revenueRates } = library
  const terms = { id: 'r', version: 1, calendar: { zone: 'Asia/Shanghai' }, period: 'month', currency: 'CNY' }
  const recurring = defineRevenueRetention({
    ...terms,
    revenue: [{ event: 'order-paid', amount: 'amount' }],
    ended: ['cancelled'],
    reactivation: 'own',
    movements: 'per-event',
  })
  const cohorts = defineCohortRevenue({
    ...terms,
    entry: ['joined', 'order-paid'],
    earned: [{ event: 'order-paid', values: { revenue: 'amount' }, order: 'orderId' }],
    refunded: { event: 'order-refunded', values: { revenue: 'amount' }, dated: 'order', order: 'orderId' },
  })
  const both = [
    ['recurring', defineRevenueRetention, recurring, ({ periods }) => periods.length],
    ['cohortRevenue', defineCohortRevenue, cohorts, ({ cohorts: found }) => found.length],
  ]
  const asOf = noon + 40 * 86_400_000
  const replaced = replacing((given, value, call) => everyPart(given, value, call, library.isTyped), {
    takes: ['values-for-rules', 'objects', 'canaries', 'numbers', 'amounts'],
  })

  const aggregates = both.flatMap(([name, define, aggregate, count]) => [
    { name, takes: values, definition: true, call: define, right: never },
    replaced(
      `${name}, every part replaced`,
      aggregate.definition,
      define,
      (given, { definition }) => JSON.stringify(definition) === JSON.stringify(given),
      { definition: true, floats: true },
    ),
    ...['subject', 'id', 'occurredAt', 'recordedAt', 'type'].map((key) => ({
      name: `${name}.add event.${key}`,
      takes: [...values, ...moments],
      call: (value) => aggregate.add(aggregate.empty(), order({ [key]: value })),
      right: (value, { subjects }) => {
        if (key === 'type') return Object.keys(subjects).length === 0
        if (key === 'subject') return isText(value) && subjects[value].length === 1
        if (key === 'id') return isText(value) && subjects.u1[0].id === value
        if (value === undefined) return key === 'recordedAt' && subjects.u1[0].known === noon
        return isMoment(value) && subjects.u1[0][key === 'occurredAt' ? 'at' : 'known'] === value
      },
    })),
    {
      name: `${name}.add event.data.amount`,
      takes: values,
      call: (amount) => aggregate.add(aggregate.empty(), order({}, { amount })),
      right: (value, { subjects }) => isAmount(value) && subjects.u1.length === 1,
    },
    ...boundariesOfTold(name, aggregate, { takes: values, asOf }),
    {
      name: `${name}.result partial.subjects`,
      takes: values,
      call: (subjects) => count(aggregate.result({ ...aggregate.empty(), subjects }, { asOf })),
      right: (value, found) => isRecord(value) && Object.keys(value).length === 0 && found === 0,
    },
    ...['add', 'merge', 'result'].map((verb) => ({
      name: `${name}.${verb} one history`,
      takes: values,
      call: (history) => {
        const partial = { ...aggregate.empty(), subjects: { u1: history } }
        if (verb === 'merge') return aggregate.merge(aggregate.add(aggregate.empty(), order()), partial)
        return verb === 'add' ? aggregate.add(partial, order()) : aggregate.result(partial, { asOf })
      },
      right: never,
    })),
    replaced(
      `${name}.result, every part of a partial replaced`,
      aggregate.add(aggregate.add(aggregate.empty(), order()), order({ id: 'o-2', occurredAt: noon + 1 })),
      (partial) => aggregate.result(partial, { asOf, since: noon - 1 }),
      (_, answer) => count(answer) === 2,
    ),
    ...['asOf', 'since', 'level'].map((key) => ({
      name: `${name}.result ${key}`,
      takes: moments,
      limit: 1500,
      call: (value) =>
        count(
          aggregate.result(aggregate.add(aggregate.empty(), order()), {
            asOf: key === 'since' ? 200_000_000_000 : asOf,
            [key]: value,
          }),
        ),
      right: (value, found) =>
        (key !== 'asOf' && value === undefined) ||
        (key === 'level' ? value > 0 && value < 1 : isMoment(value) && found < 1201),
    })),
    {
      name: `${name}.result options`,
      takes: values,
      call: (options) => aggregate.result(aggregate.empty(), options),
      right: never,
    },
  ])

  const totals = { start: 100, new: 1, expansion: 10, contraction: 10, churn: 10, reactivation: 5 }
  const isTotal = (value) => typeof value === 'number' && value >= 0 && value <= Number.MAX_SAFE_INTEGER
  const snapshots = {
    start: { ann: '100.00', bob: '50' },
    end: { ann: '120.00' },
    paidBefore: ['cho'],
    currency: 'CNY',
    reactivation: 'own',
    level: 0.95,
  }
  const revenue = {
    currency: 'CNY',
    cohorts: [
      {
        cohort: '2024-03',
        size: 2,
        cells: ['100.00', '50.00', '20.00'].map((margin, offset) => ({
          offset,
          state: offset < 2 ? 'complete' : 'incomplete',
          values: { margin },
        })),
      },
    ],
  }
  const projection = { curve: { retention: [1, 0.5, 0.4] }, horizon: 2, perActive: { amount: '20.00' } }
  const options = { value: 'margin', costs: { '2024-03': '160.00' }, within: 'linear', projection }
  const hazard = {
    ...options,
    projection: { ...projection, curve: { hazard: [0.5, 0.1] }, perActive: 'mean' },
  }

  return [
    ...aggregates,
    ...Object.keys(totals).map((key) => ({
      name: `revenueRates ${key}`,
      takes: values,
      call: (value) => revenueRates({ ...totals, [key]: value }, { reactivation: 'own' }),
      right: (value, { nrr }) =>
        isTotal(value) && (nrr.kind === 'undefined') === (key === 'start' && value < 1e-300),
    })),
    {
      name: 'revenueRates',
      takes: values,
      call: (given) => revenueRates(given, { reactivation: 'own' }),
      right: never,
    },
    {
      name: 'revenueRates options',
      takes: values,
      call: (given) => revenueRates(totals, given),
      right: never,
    },
    {
      name: 'revenueRates rule',
      takes: values,
      definition: true,
      call: (reactivation) => revenueRates(totals, { reactivation }),
      right: never,
    },
    { name: 'revenueBetween', takes: values, call: revenueBetween, right: never },
    replaced(
      'revenueBetween, every part replaced',
      snapshots,
      revenueBetween,
      ({ start, end, paidBefore }, book) =>
        isRecord(start) &&
        isRecord(end) &&
        (paidBefore === undefined || Array.isArray(paidBefore)) &&
        isText(book.start),
    ),
    { name: 'cacPayback revenue', takes: values, call: (given) => cacPayback(given, options), right: never },
    { name: 'cacPayback options', takes: values, call: (given) => cacPayback(revenue, given), right: never },
    replaced(
      'cacPayback, every part of the revenue replaced',
      revenue,
      (given) => cacPayback(given, options),
      ({ cohorts: given }, { cohorts: found }) => given.length === found.length,
    ),
    ...[options, hazard].map((given, i) =>
      replaced(
        `cacPayback, every part of the options replaced, ${i === 0 ? 'retention' : 'hazard'}`,
        given,
        (changed) => cacPayback(revenue, changed),
        (_, { cohorts: [one] }) => isText(one.payback.kind),
      ),
    ),
  ]
}
