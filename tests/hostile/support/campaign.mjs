// Campaign truth and tenure: the retention that is read, the options, definitions and partials, each with one part replaced.
import { noon, order } from './program.mjs'
import { boundariesOfTold, isMoment, isText, never, replacing } from './shapes.mjs'

const values = ['numbers', 'strings', 'objects', 'amounts', 'values-for-rules', 'canaries']

/**
 * @param {typeof import('liuliang')} library
 * @param {(definition: object, value: unknown, define: (given: never) => unknown, isTyped: (error: unknown) => boolean) => readonly unknown[]} everyPart
 */
export function boundariesOfCampaign(library, everyPart) {
  const { defineTenure, measureCampaign } = library
  const cells = (size, ...retained) =>
    retained.map((one, offset) => ({
      offset,
      period: '2024-03',
      eligible: size,
      retained: one,
      state: 'complete',
      total: '10.00',
    }))
  const retention = {
    period: 'month',
    asOf: noon,
    cohorts: [{ cohort: '2024-03', size: 15 }],
    groups: [
      { value: 'tea', cohorts: [{ cohort: '2024-03', size: 10, cells: cells(10, 10, 4) }] },
      { value: null, cohorts: [{ cohort: '2024-03', size: 5, cells: cells(5, 5, 1) }] },
    ],
    warnings: [],
  }
  const options = {
    campaign: ['tea'],
    comparison: { kind: 'observational', groups: [null] },
    costs: { currency: 'CNY', fixed: '100.00', perPerson: '1.80' },
    offsets: [0, 1],
    cohorts: { from: '2024-03', to: '2024-03' },
    standardise: { over: 'strata-and-cohorts', weights: { 'Beijing 2024-03': 2 } },
    value: 'total',
    level: 0.9,
  }
  const strata = [{ stratum: 'Beijing', retention }]
  const tenure = defineTenure({
    id: 't',
    version: 1,
    calendar: { zone: 'Asia/Shanghai' },
    period: 'month',
    currency: 'CNY',
    entry: ['joined', 'order-paid'],
    activity: ['order-paid'],
    earned: [{ event: 'order-paid', amount: 'amount' }],
    refunded: { event: 'order-refunded', amount: 'amount' },
    bands: [2],
    present: { within: 1 },
  })
  const asOf = noon + 100 * 86_400_000
  const replaced = replacing((given, value, call) => everyPart(given, value, call, library.isTyped), {
    takes: ['values-for-rules', 'objects', 'canaries', 'numbers', 'amounts'],
  })
  const isTruth = (_, { acquired, offsets }) =>
    Number.isSafeInteger(acquired) &&
    offsets.every(({ n, retained, rate }) => retained <= n && isText(rate.kind)) &&
    !JSON.stringify(offsets).includes('NaN')
  return [
    {
      name: 'measureCampaign retention',
      takes: values,
      call: (given) => measureCampaign(given, options),
      right: never,
    },
    {
      name: 'measureCampaign options',
      takes: values,
      call: (given) => measureCampaign(strata, given),
      right: never,
    },
    replaced(
      'measureCampaign, every part of the retention replaced',
      strata,
      (given) => measureCampaign(given, options),
      isTruth,
      { definition: true },
    ),
    replaced(
      'measureCampaign, every part of the options replaced',
      options,
      (given) => measureCampaign(strata, given),
      isTruth,
      { definition: true, floats: true },
    ),
    { name: 'tenure', takes: values, definition: true, call: defineTenure, right: never },
    replaced(
      'tenure, every part replaced',
      tenure.definition,
      defineTenure,
      (given, { definition }) => JSON.stringify(definition) === JSON.stringify(given),
      { definition: true, floats: true },
    ),
    ...boundariesOfTold('tenure', tenure, { takes: values, asOf }),
    replaced(
      'tenure.result, every part of a partial replaced',
      tenure.add(
        tenure.add(tenure.empty(), order()),
        order({ id: 'o-2', occurredAt: noon + 40 * 86_400_000 }),
      ),
      (partial) => tenure.result(partial, { asOf }),
      (_, { bands }) => bands.length === 2 && !JSON.stringify(bands).includes('NaN'),
      { floats: true },
    ),
    {
      name: 'tenure.result options',
      takes: values,
      call: (given) => tenure.result(tenure.empty(), given),
      right: never,
    },
    ...['asOf', 'level'].map((key) => ({
      name: `tenure.result ${key}`,
      takes: [...values, 'dates'],
      limit: 1500,
      call: (value) =>
        tenure.result(tenure.add(tenure.empty(), order()), { asOf, [key]: value }).bands.length,
      right: (value, found) =>
        found === 2 &&
        (value === undefined ? key === 'level' : key === 'level' ? value > 0 && value < 1 : isMoment(value)),
    })),
  ]
}
