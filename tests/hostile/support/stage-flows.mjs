// Lifecycles over everybody, each with one part replaced by a hostile value.
import { noon } from './program.mjs'
import { isMoment, never, replacing } from './shapes.mjs'

const values = ['numbers', 'strings', 'objects', 'values-for-rules', 'canaries']

/**
 * @param {typeof import('liuliang')} library
 * @param {(definition: object, value: unknown, define: (given: never) => unknown, isTyped: (error: unknown) => boolean) => readonly unknown[]} everyPart
 */
export function boundariesOfStageFlows(library, everyPart) {
  const { defineEvents, defineLifecycle, defineStageFlows, defineStagePanel, sortColumns } = library
  const shop = defineEvents({ visited: {}, ordered: {} })
  const lifecycle = defineLifecycle({
    id: 'customer',
    version: 1,
    calendar: { zone: 'UTC' },
    events: shop,
    activity: ['visited', 'ordered'],
    stages: ['lead', 'active'],
    initial: 'lead',
    rules: {
      lead: [{ to: 'active', on: 'ordered', when: shop.count('visited').gte(1) }],
      active: [{ to: 'lead', inactiveFor: { days: 9 } }],
    },
  })
  const flows = defineStageFlows({ id: 'flows', version: 1, lifecycle })
  const panel = defineStagePanel({ id: 'panel', version: 1, lifecycle, period: 'week', by: 'recency' })
  const day = 86_400_000
  const event = (type, after, more) => ({
    id: `${after}`,
    type,
    subject: 'u1',
    occurredAt: noon + after * day,
    data: {},
    ...more,
  })
  const events = [event('visited', 0), event('ordered', 1)]
  const asOf = noon + 40 * day
  const columns = { subject: ['u1', 'u1'], occurredAt: [noon, noon + day], type: 'ordered' }
  const collected = (made) => events.reduce((partial, one) => made.add(partial, one), made.empty())
  const isFlows = ({ people, now, entries }) =>
    now.reduce((a, b) => a + b, 0) === people && entries.every((count) => Number.isSafeInteger(count))
  const replaced = replacing((given, value, call) => everyPart(given, value, call, library.isTyped), {
    takes: ['values-for-rules', 'objects', 'canaries', 'numbers', 'strings'],
    floats: true,
  })
  const verbs = (name, made) =>
    ['add', 'addColumns', 'withdraw', 'merge', 'merge into', 'result', 'toJson', 'fromJson'].map((verb) => ({
      name: `${name}.${verb} partial`,
      takes: values,
      call: (given) => {
        if (verb === 'merge') return made.merge(given, made.empty())
        if (verb === 'merge into') return made.merge(made.empty(), given)
        if (verb === 'toJson' || verb === 'fromJson') return made[verb](given)
        if (verb === 'withdraw') return made.withdraw(given, 'u1', events)
        const more = { add: events[0], addColumns: columns, result: { asOf } }[verb]
        return made[verb](given, more)
      },
      right: never,
    }))

  return [
    { name: 'defineStageFlows', takes: values, definition: true, call: defineStageFlows, right: never },
    { name: 'defineStagePanel', takes: values, definition: true, call: defineStagePanel, right: never },
    ...['id', 'version', 'lifecycle', 'stays'].map((key) => ({
      name: `defineStageFlows ${key}`,
      takes: values,
      definition: true,
      call: (value) => defineStageFlows({ id: 'flows', version: 1, lifecycle, [key]: value }).definition,
      right: (value, definition) =>
        value === undefined ? key === 'stays' : JSON.stringify(definition[key]) === JSON.stringify(value),
    })),
    ...['id', 'version', 'lifecycle', 'period', 'by', 'upTo'].map((key) => ({
      name: `defineStagePanel ${key}`,
      takes: values,
      definition: true,
      call: (value) =>
        defineStagePanel({ id: 'p', version: 1, lifecycle, period: 'week', by: 'recency', [key]: value })
          .definition,
      right: (value, definition) =>
        value === undefined ? key === 'upTo' : JSON.stringify(definition[key]) === JSON.stringify(value),
    })),
    ...verbs('flows', flows),
    ...verbs('panel', panel),
    ...['of', 'latest', 'people', 'rows', 'totals'].map((key) => ({
      name: `flows.fromJson ${key}`,
      takes: values,
      call: (value) =>
        flows.result(flows.fromJson({ ...flows.toJson(collected(flows)), [key]: value }), { asOf }),
      right: (value, answer) =>
        isFlows(answer) &&
        (key === 'latest' ? value === null || isMoment(value) : value === flows.empty().of),
    })),
    replaced(
      'flows.fromJson, every part replaced',
      flows.toJson(collected(flows)),
      (given) => flows.result(flows.fromJson(given), { asOf }),
      (_, answer) => isFlows(answer),
    ),
    replaced(
      'panel.fromJson, every part replaced',
      panel.toJson(collected(panel)),
      (given) => panel.result(panel.fromJson(given), { asOf }),
      (_, answer) => answer.periods.every(({ arrivals }) => arrivals.every(Number.isSafeInteger)),
    ),
    ...['id', 'type', 'subject', 'occurredAt', 'data'].map((key) => ({
      name: `flows.add ${key}`,
      takes: values,
      call: (value) =>
        flows.result(flows.add(flows.empty(), event('visited', 0, { [key]: value })), {
          asOf: 253_402_300_799_999,
        }),
      right: (value, answer) =>
        isFlows(answer) &&
        (key === 'subject' ? typeof value === 'string' : key === 'occurredAt' ? isMoment(value) : true),
    })),
    ...['subject', 'occurredAt', 'type', 'data'].map((key) => ({
      name: `flows.addColumns ${key}`,
      takes: values,
      call: (value) =>
        flows.result(flows.addColumns(flows.empty(), { ...columns, [key]: value }), {
          asOf: 253_402_300_799_999,
        }),
      right: (_, answer) => isFlows(answer),
    })),
    ...['subject', 'occurredAt', 'type', 'data'].map((key) => ({
      name: `sortColumns ${key}`,
      takes: values,
      call: (value) => sortColumns({ ...columns, [key]: value }),
      right: (_, answer) => answer.occurredAt.length <= 2,
    })),
    {
      name: 'sortColumns options',
      takes: values,
      definition: true,
      call: (value) => sortColumns(columns, value),
      right: (value) => value === undefined || Object.keys(value).length === 0,
    },
    ...['by', 'id'].map((key) => ({
      name: `sortColumns ${key}`,
      takes: values,
      definition: key === 'by',
      call: (value) => sortColumns(columns, { [key]: value }),
      right: (value, answer) => value === undefined || (key === 'id' && answer.occurredAt.length <= 2),
    })),
    ...['result', 'people', 'due'].map((verb) => ({
      name: `flows.${verb} options`,
      takes: values,
      call: (value) => flows[verb](collected(flows), value),
      right: never,
    })),
    {
      name: 'flows.people stage',
      takes: values,
      definition: true,
      call: (stage) => flows.people(collected(flows), { asOf, stage }).length,
      right: (value) => value === undefined,
    },
    {
      name: 'flows.people subject',
      takes: values,
      call: (place) => flows.people(collected(flows), { asOf }).subject(place),
      right: (value, name) => value === 0 && name === 'u1',
    },
    {
      name: 'flows.moves events',
      takes: values,
      call: (given) => flows.moves(given, { asOf }).length,
      right: (value, length) => Array.isArray(value) && value.length === 0 && length === 0,
    },
    {
      name: 'flows.withdraw events',
      takes: values,
      call: (given) => flows.withdraw(collected(flows), 'u1', given),
      right: never,
    },
    ...['from', 'until'].map((key) => ({
      name: `flows.due ${key}`,
      takes: values,
      call: (value) =>
        flows.due(collected(flows), { from: noon + 2 * day, until: asOf, [key]: value }).length,
      right: (value) => isMoment(value),
    })),
  ]
}
