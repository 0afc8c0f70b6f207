// The boundaries of retention, growth and stickiness: settings, options, events, columns, partials from elsewhere.
import { isMoment, isRecord, never } from './shapes.mjs'

const junk = ['numbers', 'strings', 'objects', 'values-for-rules', 'canaries']
/** What a definition names is the author's own, and is said again where it is wrong. */
const authored = junk.filter((family) => family !== 'canaries')
const isName = (value) => typeof value === 'string' && value !== ''
const isCount = (value) => Number.isSafeInteger(value) && value >= 1
/** Functions are no data. */
const empty = (value) => isRecord(value) && Object.values(value).every((part) => typeof part === 'function')
const noon = Date.UTC(2024, 2, 5, 12)
const units = ['hour', 'day', 'week', 'month', 'quarter', 'year']

/** What a setting may be, of what the table has. */
const allowed = {
  id: isName,
  version: isCount,
  calendar: never,
  period: (value) => units.includes(value),
  // Any text may be a type of event, and `{}` is every event.
  entry: (value) =>
    isName(value) || empty(value) || (Array.isArray(value) && value.length > 0 && value.every(isName)),
  activity: (value) => allowed.entry(value),
  minimum: isCount,
  keep: never,
  windows: (value) => isRecord(value) && Object.keys(value).length > 0 && Object.values(value).every(isCount),
  windowIncludes: never,
  resurrected: never,
}
const optional = [
  'entryRule',
  'minimum',
  'clock',
  'measure',
  'cellZero',
  'eligibility',
  'breakdown',
  'sum',
  'keep',
  'where',
  'events',
]

/** @returns {readonly import('./boundaries.mjs').Boundary[]} */
export function boundariesOfRetention(library) {
  const { calendarOf, collect, columnsOf, defineGrowth, defineRetention, defineStickiness, periodsOf } =
    library
  const calendar = { zone: 'Asia/Shanghai' }
  const shared = { id: 'buyers', version: 1, calendar, period: 'month', activity: 'paid' }
  const definitions = [
    [
      'defineRetention',
      defineRetention,
      { ...shared, entry: 'paid' },
      ['entry', 'entryRule', 'minimum', 'clock', 'measure', 'cellZero', 'eligibility', 'breakdown', 'sum'],
    ],
    ['defineGrowth', defineGrowth, { ...shared, resurrected: 'counted' }, ['resurrected']],
    [
      'defineStickiness',
      defineStickiness,
      { ...shared, windows: { week: 7 }, windowIncludes: 'the-period' },
      ['windows', 'windowIncludes'],
    ],
  ]
  const event = (replaced = {}) => ({
    id: 'e',
    type: 'paid',
    subject: 'u1',
    occurredAt: noon,
    data: {},
    ...replaced,
  })
  const made = definitions.map(([name, define, definition]) => [
    name.slice(6).toLowerCase(),
    define(definition),
  ])
  const options = { asOf: noon }
  const given = { subject: ['u1'], occurredAt: [noon], type: 'paid' }
  const inner = [
    ['clock', 'elapsed', (value) => ({ elapsed: value }), never],
    [
      'clock',
      'truncate',
      (value) => ({ elapsed: { hours: 24 }, truncate: value }),
      (value) => value === undefined,
    ],
    ['measure', 'atLeast', (value) => ({ atLeast: value }), isCount],
    [
      'measure',
      'brackets',
      (value) => ({ brackets: value }),
      (value) => Array.isArray(value) && value.length > 0 && value.every(isCount),
    ],
    ['measure', 'one of the brackets', (value) => ({ brackets: [1, value] }), isCount],
    ['measure', 'each', (value) => ({ brackets: [1], each: value }), (value) => value === undefined],
    ['breakdown', 'field', (value) => ({ field: value, of: 'entry' }), never],
    ['breakdown', 'of', (value) => ({ field: 'channel', of: value }), never],
  ]

  return [
    ...definitions.flatMap(([name, define, definition, more]) => [
      { name: `${name} definition`, takes: authored, call: (value) => define(value), right: never },
      ...['id', 'version', 'calendar', 'period', 'activity', 'where', 'events', 'keep', ...more].map(
        (key) => ({
          name: `${name} ${key}`,
          takes: authored,
          call: (value) => define({ ...definition, [key]: value }).definition,
          right: (value) => (value === undefined && optional.includes(key)) || (allowed[key] ?? never)(value),
        }),
      ),
      {
        name: `${name} another key`,
        takes: ['strings'],
        call: (key) => define(typeof key === 'string' ? { ...definition, [key]: 1 } : null).definition,
        right: (key) => Object.hasOwn(definition, key),
      },
    ]),
    ...inner.map(([key, part, write, right]) => ({
      name: `defineRetention ${key} ${part}`,
      takes: authored,
      call: (value) => defineRetention({ ...definitions[0][2], [key]: write(value) }).definition,
      right,
    })),
    ...made.flatMap(([name, aggregate]) => [
      ...['subject', 'occurredAt', 'type'].map((key) => ({
        name: `${name}.add event.${key}`,
        takes: junk,
        call: (value) => aggregate.add(aggregate.empty(), event({ [key]: value })),
        right: (value, { all, latest }) =>
          key === 'occurredAt'
            ? isMoment(value) && latest === value
            : typeof value === 'string' &&
              (key === 'subject'
                ? all.people.names[0] === value
                : all.people.count === (value === 'paid' ? 1 : 0)),
      })),
      {
        name: `${name}.add event`,
        takes: junk,
        call: (value) => aggregate.add(aggregate.empty(), value),
        right: (value, { all }) => isRecord(value) && all.people.count === 0,
      },
      ...['add', 'addColumns', 'merge', 'merge the other way', 'forget', 'toJson', 'result'].map((verb) => ({
        name: `${name}.${verb} partial`,
        takes: junk,
        call: (partial) =>
          ({
            add: () => aggregate.add(partial, event()),
            addColumns: () => aggregate.addColumns(partial, given),
            merge: () => aggregate.merge(partial, aggregate.empty()),
            'merge the other way': () => aggregate.merge(aggregate.empty(), partial),
            forget: () => aggregate.forget(partial, 'u1'),
            toJson: () => aggregate.toJson(partial),
            result: () => aggregate.result(partial, options),
          })[verb](),
        right: never,
      })),
      {
        name: `${name}.fromJson`,
        takes: junk,
        call: (json) => aggregate.fromJson(json),
        right: never,
      },
      ...['of', 'latest', 'all', 'groups', 'values'].map((key) => ({
        name: `${name}.fromJson ${key}`,
        takes: junk,
        call: (value) =>
          aggregate.result(
            aggregate.fromJson({ ...aggregate.toJson(collect(aggregate, [event()])), [key]: value }),
            options,
          ),
        right: (value) =>
          (key === 'latest' && (isMoment(value) || value === null)) ||
          (['groups', 'values'].includes(key) && Array.isArray(value)),
      })),
      ...['people', 'activity', 'entries', 'instants'].map((key) => ({
        name: `${name}.fromJson all.${key}`,
        takes: junk,
        call: (value) => {
          const json = aggregate.toJson(collect(aggregate, [event()]))
          return aggregate.result(
            aggregate.fromJson({ ...json, all: { ...json.all, [key]: value } }),
            options,
          )
        },
        right: (value) => value === null && (key === 'entries' || key === 'instants'),
      })),
      ...['base', 'words', 'rows', 'bits', 'repeats'].map((key) => ({
        name: `${name}.fromJson all.activity.${key}`,
        takes: junk,
        call: (value) => {
          const json = aggregate.toJson(collect(aggregate, [event()]))
          const activity = { ...json.all.activity, [key]: value }
          return aggregate.result(aggregate.fromJson({ ...json, all: { ...json.all, activity } }), {
            ...options,
            since: noon,
          })
        },
        right: (value) =>
          key === 'repeats'
            ? value === null
            : key === 'bits'
              ? Array.isArray(value) && value.length > 0
              : Number.isSafeInteger(value),
      })),
      ...['asOf', 'since', 'level', 'interval', 'gaps', 'tolerance'].map((key) => ({
        name: `${name}.result ${key}`,
        takes: key === 'interval' ? authored : junk,
        // A million cells take their time.
        ...(key === 'since' && { limit: 3000 }),
        call: (value) =>
          aggregate.result(collect(aggregate, [event()]), {
            ...options,
            ...(key === 'asOf' && { since: undefined }),
            [key]: value,
          }),
        right: (value) =>
          (key !== 'asOf' && value === undefined) ||
          (key === 'asOf' || key === 'since'
            ? isMoment(value)
            : key === 'level'
              ? value > 0 && value < 1
              : key === 'tolerance'
                ? value >= 0 && value < 1
                : key === 'gaps' && Array.isArray(value) && value.length === 0),
      })),
      ...['from', 'to', 'event'].map((key) => ({
        name: `${name}.result gaps ${key}`,
        takes: junk,
        call: (value) =>
          aggregate.result(collect(aggregate, [event()]), { ...options, gaps: [{ from: 0, [key]: value }] }),
        right: (value) =>
          (key !== 'from' && value === undefined) ||
          (key === 'event' ? typeof value === 'string' : isMoment(value)),
      })),
      {
        name: `${name}.result options`,
        takes: junk,
        call: (value) => aggregate.result(aggregate.empty(), value),
        right: never,
      },
      ...['subject', 'occurredAt', 'type', 'data'].map((key) => ({
        name: `${name}.addColumns ${key}`,
        takes: junk,
        call: (value) => aggregate.addColumns(aggregate.empty(), { ...given, [key]: value }).all.people.count,
        right: (value, count) =>
          (key === 'type' && typeof value === 'string' && count === (value === 'paid' ? 1 : 0)) ||
          (key === 'data' && (value === undefined || empty(value))),
      })),
      ...['subject', 'occurredAt', 'type'].map((key) => ({
        name: `${name}.addColumns a row of ${key}`,
        takes: junk,
        call: (value) => aggregate.addColumns(aggregate.empty(), { ...given, [key]: [value] }).all.people,
        right: (value) =>
          key === 'occurredAt'
            ? isMoment(Number(value)) && ['number', 'bigint'].includes(typeof value)
            : typeof value === 'string' ||
              (key === 'subject' && Number.isSafeInteger(Number(value)) && value >= 0),
      })),
      {
        name: `${name}.addColumns columns`,
        takes: junk,
        call: (value) => aggregate.addColumns(aggregate.empty(), value),
        right: never,
      },
    ]),
    ...['until', 'upTo'].map((key) => ({
      name: `retention.result ${key}`,
      takes: junk,
      call: (value) => made[0][1].result(collect(made[0][1], [event()]), { ...options, [key]: value }),
      right: (value) =>
        value === undefined ||
        (key === 'until' ? isMoment(value) : Number.isSafeInteger(value) && value >= 0),
    })),
    ...['cohort', 'offset', 'group'].map((key) => ({
      name: `retention.people ${key}`,
      takes: key === 'offset' ? junk : authored,
      call: (value) =>
        made[0][1].people(collect(made[0][1], [event()]), options, {
          cohort: '2024-03',
          offset: 0,
          [key]: value,
        }),
      right: (value) => (key === 'group' && value === undefined) || (key === 'offset' && value === 0),
    })),
    ...['period', 'class'].map((key) => ({
      name: `growth.people ${key}`,
      takes: authored,
      call: (value) =>
        made[1][1].people(collect(made[1][1], [event()]), options, {
          period: '2024-03',
          class: 'new',
          [key]: value,
        }),
      right: (value) => key === 'class' && value === undefined,
    })),
    {
      name: 'periodsOf unit',
      takes: authored,
      call: (unit) => periodsOf(calendarOf(calendar), unit).unit,
      right: (unit) => units.includes(unit),
    },
    {
      name: 'columnsOf',
      takes: junk,
      call: (events) => columnsOf(events),
      right: (events) => Array.isArray(events) && events.length === 0,
    },
    ...['subject', 'occurredAt', 'type', 'data'].map((key) => ({
      name: `columnsOf event.${key}`,
      takes: junk,
      call: (value) => columnsOf([event({ [key]: value })]),
      right: (value) =>
        key === 'data' ? isRecord(value) : key === 'occurredAt' ? isMoment(value) : typeof value === 'string',
    })),
  ]
}
