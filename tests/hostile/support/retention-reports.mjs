// What is said and explained of retention, with hostile values in place of each part.
import { noon, order } from './program.mjs'
import { never } from './shapes.mjs'

const presetOptions = {
  id: 'posthog',
  version: 1,
  calendar: { zone: 'UTC', weekStart: 1 },
  period: 'day',
  entry: 'order-paid',
  activity: ['order-paid', 'visited'],
  measure: { brackets: [1, 2] },
}

/** Definitions of which every part is replaced in turn. */
export const reportsOfRetention = (library, definition) => [
  ['describeRetention', (value) => library.describeRetention(value, 'zh').length > 0, definition],
  ['retentionPreset', (value) => library.retentionPreset('posthog', value), presetOptions],
  [
    'explainRetentionDifference',
    (value) =>
      library.explainRetentionDifference(definition, value, [order()], { asOf: noon, offset: 0 }).kind,
    definition,
  ],
]

/** @returns {readonly import('./boundaries.mjs').Boundary[]} */
export function boundariesOfReports(library, definition, { values, moments }) {
  const explained = (options, events = [order()]) =>
    library.explainRetentionDifference(definition, definition, events, {
      ...{ asOf: noon, offset: 0 },
      ...options,
    })
  const difference = explained({})
  return [
    {
      name: 'retentionPreset name',
      takes: values,
      definition: true,
      call: (name) => library.retentionPreset(name, presetOptions).id,
      right: never,
    },
    {
      name: 'describeRetention lang',
      takes: values,
      definition: true,
      call: (lang) => library.describeRetention(definition, lang),
      right: never,
    },
    {
      name: 'explainRetentionDifference events',
      takes: values,
      call: (events) =>
        library.explainRetentionDifference(definition, definition, events, { asOf: noon, offset: 0 }).kind,
      right: (events) => Array.isArray(events) && events.length === 0,
    },
    {
      name: 'explainRetentionDifference event',
      takes: values,
      call: (event) => explained({}, [event]).moved.length,
      right: (event, moved) => typeof event === 'object' && moved === 0,
    },
    {
      name: 'explainRetentionDifference options',
      takes: values,
      call: (options) => library.explainRetentionDifference(definition, definition, [], options),
      right: never,
    },
    ...['offset', 'decimals', 'a', 'b', 'group'].map((key) => ({
      name: `explainRetentionDifference ${key}`,
      takes: values,
      call: (value) => explained({ [key]: value }).kind,
      right: (value) =>
        key === 'offset' || key === 'decimals'
          ? (value === undefined && key === 'decimals') ||
            (Number.isInteger(value) && value >= 0 && value < 1e6)
          : key === 'group'
            ? value === undefined
            : value === undefined || (typeof value === 'object' && Object.keys(value).length === 0),
    })),
    ...['asOf', 'since', 'until'].map((key) => ({
      name: `explainRetentionDifference ${key}`,
      takes: moments,
      limit: 1000,
      call: (value) => explained({ asOf: 200_000_000_000, [key]: value }).kind,
      right: (value) => (key !== 'asOf' && value === undefined) || Number.isInteger(value),
    })),
    {
      name: 'describeRetentionDifference',
      takes: values,
      call: (value) => library.describeRetentionDifference(value, 'en'),
      right: never,
    },
    {
      name: 'describeRetentionDifference lang',
      takes: values,
      definition: true,
      call: (lang) => library.describeRetentionDifference(difference, lang),
      right: never,
    },
    {
      name: 'describeRetentionDifference names',
      takes: values,
      definition: true,
      call: (a) => library.describeRetentionDifference(difference, 'en', { a }),
      right: (a, text) => a === undefined || (typeof a === 'string' && text.includes(a)),
    },
  ]
}
