// From orders to histories, tables of them, and the regularity of buying, each with one part replaced by a hostile value.
import { noon, order } from './program.mjs'

const values = ['numbers', 'strings', 'objects', 'amounts', 'values-for-rules', 'canaries']
const junk = ['values-for-rules', 'objects', 'canaries', 'numbers', 'amounts']
const moments = ['numbers', 'dates', 'strings', 'objects', 'values-for-rules', 'canaries']
const day = 86_400_000
const never = () => false
const isRecord = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)
const isText = (value) => typeof value === 'string'
const isMoment = (at) =>
  Number.isInteger(at) && !Object.is(at, -0) && at >= -62_135_596_800_000 && at <= 253_402_300_799_999
const isSize = (value) => typeof value === 'number' && value >= 0 && value < Infinity
/** An amount in CNY, told by rules of its own. */
const isAmount = (value) => typeof value === 'string' && /^-?\d{1,13}(\.\d{1,2})?$/.test(value)
/** Numbers of a history that can be. */
const isHistory = ({ repeatCount: x, lastPurchaseAge: last, age, sumLnGaps }) =>
  Number.isSafeInteger(x) &&
  isSize(last) &&
  last <= age &&
  (x === 0) === (last === 0) &&
  Number.isFinite(sumLnGaps)

/**
 * @param {typeof import('liuliang')} library
 * @param {(definition: object, value: unknown, define: (given: never) => unknown, isTyped: (error: unknown) => boolean) => readonly unknown[]} everyPart
 */
export function boundariesOfHistories(library, everyPart) {
  const { countedHistories, estimateRegularity, historyTable, orderColumns, summarizeHistories } = library
  const definition = {
    id: 'buyers',
    version: 1,
    calendar: { zone: 'Asia/Shanghai' },
    unit: 'week',
    orders: ['order-paid', { event: 'bought' }],
    order: { field: 'orderId', again: 'add-up' },
    spend: { currency: 'CNY', amount: 'amount', firstOrder: 'in', zero: 'drop', negative: 'refund' },
    refunds: { event: 'order-refunded', amount: 'amount', order: 'orderId', does: 'remove' },
    entry: ['joined', 'order-paid'],
    merge: { within: { hours: 6 }, since: 'last' },
    labels: { channel: 'channel' },
    covariates: { items: 'items' },
    cohort: 'month',
  }
  const aggregate = summarizeHistories(definition)
  const plain = summarizeHistories({
    ...definition,
    covariates: undefined,
    order: undefined,
    refunds: undefined,
    merge: { per: 'day' },
  })
  const more = { orderId: 'o1', amount: '12.00', channel: 'web', items: 2 }
  const events = [
    order({}, more),
    order({ id: 'o-2', occurredAt: noon + 3 * day }, { ...more, orderId: 'o2' }),
    order(
      { id: 'r-1', type: 'order-refunded', occurredAt: noon + 5 * day },
      { orderId: 'o2', amount: '2.00' },
    ),
    order({ id: 'o-3', occurredAt: noon + 9 * day }, { ...more, orderId: 'o3' }),
  ]
  const collected = () => events.reduce((partial, event) => aggregate.add(partial, event), aggregate.empty())
  const options = {
    until: noon + 6 * day,
    holdout: { until: noon + 30 * day },
    watchedSince: noon - day,
    acquired: { from: noon - day, to: noon + day },
    people: { u1: { labels: { tier: 'gold' }, covariates: { age: 30 }, acquiredAt: noon } },
    gaps: [{ from: noon + day, to: noon + 2 * day, event: 'order-paid' }],
    purchaseAges: true,
  }
  const replaced = (name, given, call, right, extra = {}) => ({
    name,
    takes: junk,
    limit: 5000,
    floats: true,
    call: (value) => everyPart(given, value, call, library.isTyped),
    right: (_, found) => found.every(([changed, answer]) => right(changed, answer)),
    ...extra,
  })
  const isReading = ({ customers }) => customers.every(isHistory)
  const history = {
    unit: 'week',
    repeatCount: 2,
    lastPurchaseAge: 30,
    age: 39,
    sumLnGaps: 4,
    covariates: { a: 1 },
  }
  const columns = {
    subject: ['u1', 'u2'],
    occurredAt: [noon, noon + day],
    type: ['order-paid', 'bought'],
    data: { amount: ['1.00', '2.00'], channel: ['web', 'app'] },
  }

  return [
    { name: 'histories', takes: values, definition: true, call: summarizeHistories, right: never },
    replaced(
      'histories, every part replaced',
      definition,
      summarizeHistories,
      (given, { definition: kept }) => JSON.stringify(kept) === JSON.stringify(given),
      { definition: true },
    ),
    ...['subject', 'occurredAt', 'type'].map((key) => ({
      name: `histories.add event.${key}`,
      takes: [...values, ...moments],
      call: (value) => plain.add(plain.empty(), order({ [key]: value })),
      right: (value, { names, events: lists }) => {
        if (key === 'type') return names.length === 0 && isText(value)
        if (key === 'subject') return isText(value) && names[0] === value
        return isMoment(value) && lists[0][0] === value
      },
    })),
    {
      name: 'histories.add event.data.amount',
      takes: values,
      call: (amount) => plain.add(plain.empty(), order({}, { amount })),
      right: (value, { names }) => isAmount(value) && names.length === 1,
    },
    {
      name: 'histories.add event.data.orderId',
      takes: values,
      call: (orderId) => aggregate.add(aggregate.empty(), order({}, { ...more, orderId })),
      right: (value, { names }) =>
        (isText(value) || typeof value === 'bigint' || Number.isSafeInteger(value)) && names.length === 1,
    },
    {
      name: 'histories.add event.data.channel',
      takes: values,
      call: (channel) => aggregate.add(aggregate.empty(), order({}, { ...more, channel })),
      right: (value, { values: kept }) =>
        (isText(value) || typeof value === 'boolean' || Number.isFinite(value)) === kept.length > 3 ||
        // What stands there already gets no number of its own.
        kept.includes(value),
    },
    ...['add', 'retract'].map((verb) => ({
      name: `histories.${verb} event`,
      takes: values,
      call: (event) => aggregate[verb](aggregate.empty(), event),
      right: (value, { names }) => isRecord(value) && names.length === 0,
    })),
    ...['add', 'addColumns', 'retract', 'forget', 'merge', 'merge into', 'result'].map((verb) => ({
      name: `histories.${verb} partial`,
      takes: values,
      call: (partial) =>
        verb === 'merge'
          ? aggregate.merge(partial, aggregate.empty())
          : verb === 'merge into'
            ? aggregate.merge(aggregate.empty(), partial)
            : verb === 'result'
              ? aggregate.result(partial, options)
              : verb === 'forget'
                ? aggregate.forget(partial, 'u1')
                : verb === 'addColumns'
                  ? plain.addColumns(partial, columns)
                  : aggregate[verb](partial, order({}, more)),
      right: never,
    })),
    replaced(
      'histories.result, every part of a partial replaced',
      collected(),
      (partial) => aggregate.result(partial, options),
      (_, answer) => isReading(answer),
    ),
    replaced(
      'histories.merge, every part of a partial replaced',
      collected(),
      (partial) => aggregate.result(aggregate.merge(collected(), partial), options),
      (_, answer) => isReading(answer),
    ),
    {
      name: 'histories.result options',
      takes: values,
      call: (given) => aggregate.result(collected(), given),
      right: never,
    },
    replaced(
      'histories.result, every option replaced',
      options,
      (given) => aggregate.result(collected(), given),
      (_, answer) => isReading(answer),
    ),
    {
      name: 'histories.forget subject',
      takes: values,
      call: (subject) => aggregate.forget(collected(), subject),
      right: (value, { names }) => names.length === (value === 'u1' ? 0 : 1),
    },
    {
      name: 'histories.addColumns',
      takes: values,
      call: (given) => plain.addColumns(plain.empty(), given),
      right: never,
    },
    replaced(
      'histories.addColumns, every part replaced',
      columns,
      (given) => plain.result(plain.addColumns(plain.empty(), given), { until: options.until }),
      (_, answer) => isReading(answer),
    ),
    {
      name: 'orderColumns',
      takes: values,
      call: orderColumns,
      right: (value) => Array.isArray(value) && value.length === 0,
    },
    replaced(
      'orderColumns, every part replaced',
      [{ customer: 'u1', at: noon, amount: '1.00', order: 'o1', refund: false }],
      orderColumns,
      ([row], { subject, occurredAt }) => subject[0] === row.customer && occurredAt[0] === row.at,
    ),
    ...[historyTable, countedHistories].flatMap((make, i) => {
      const name = i === 0 ? 'historyTable' : 'countedHistories'
      const rows =
        i === 0
          ? [history, { ...history, age: 40 }]
          : [
              { ...history, customers: 3 },
              { ...history, age: 40, customers: 4 },
            ]
      return [
        { name, takes: values, call: make, right: never },
        replaced(
          `${name}, every part replaced`,
          rows,
          make,
          (_, { count, customers, age, lastPurchaseAge }) =>
            count.reduce((sum, one) => sum + one, 0) === customers &&
            lastPurchaseAge.every((last, row) => last <= age[row]),
        ),
      ]
    }),
    {
      name: 'estimateRegularity',
      takes: values,
      call: (given) => estimateRegularity(given),
      right: (value, { kind }) => Array.isArray(value) && value.length === 0 && kind === 'undefined',
    },
    {
      name: 'estimateRegularity options',
      takes: values,
      call: (given) => estimateRegularity([{ purchaseAges: [1, 2, 4] }], given),
      right: (value, { kind }) =>
        (value === undefined || Object.keys(value).length === 0) && kind === 'estimate',
    },
    replaced(
      'estimateRegularity, every part replaced',
      {
        customers: [{ purchaseAges: [1, 3, 4, 9] }, { purchaseAges: [2, 3, 9] }],
        options: { method: 'mle', level: 0.9, pair: 'last', atLeast: 2 },
      },
      (given) => estimateRegularity(given.customers, given.options),
      (_, answer) => answer.kind === 'undefined' || answer.value >= 0,
    ),
  ]
}
