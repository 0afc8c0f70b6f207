// The boundaries of labels: definitions, options, instants by subject, standings from elsewhere, translations.
import { isMoment, isRecord, never } from './shapes.mjs'

const junk = ['numbers', 'strings', 'objects', 'values-for-rules', 'canaries']
/** What a definition names is the author's own, and is said again where it is wrong. */
const authored = junk.filter((family) => family !== 'canaries')
const parts = ['values-for-rules', 'objects', 'numbers']
const noon = Date.UTC(2024, 2, 5, 12)
const asOf = noon + 3 * 86_400_000

const head = { id: 'labels', version: 1, calendar: { zone: 'Asia/Shanghai' }, activity: 'paid' }
const names = { product: { en: 'ours', zh: '我方' }, labels: { new: { en: 'new', zh: '新增' } } }
const intervals = {
  ...head,
  period: 'day',
  firstSeen: { event: ['joined'] },
  dormantAs: 'count',
  by: 'org',
  names,
}
const days = {
  ...head,
  period: 'day',
  windows: { week: 7, month: 30 },
  windowIncludes: 'today',
  by: 'org',
  names,
}

/**
 * @param {any} library
 * @param {(definition: unknown, value: unknown, define: (given: any) => unknown, isTyped: (error: unknown) => boolean) => readonly unknown[]} everyPart
 * @returns {readonly import('./boundaries.mjs').Boundary[]}
 */
export function boundariesOfLabels(library, everyPart) {
  const { collect, defineDailyStates, defineIntervalLabels } = library
  const event = (change = {}) => ({
    ...{ id: 'e', type: 'paid', subject: 'u1', occurredAt: noon, data: { org: 'a' } },
    ...change,
  })
  const interval = defineIntervalLabels(intervals)
  const daily = defineDailyStates(days)
  const given = defineIntervalLabels({
    ...head,
    period: 'day',
    firstSeen: 'given-instants',
    dormantAs: 'count',
  })
  const standings = daily.standings(collect(daily, [event()]), { asOf })
  const stages = {
    ...{
      name: { en: 'x', zh: 'x' },
      asOf,
      stages: { a: 'active' },
      order: ['active'],
      rule: { en: '', zh: '' },
    },
    ...{
      words: { active: { en: '', zh: '' } },
      kinds: { active: 'stayed' },
      meanings: { active: { en: '', zh: '' } },
    },
    ...{ lastActiveAt: { a: noon }, calendar: { zone: 'UTC' } },
  }
  const replaced = (name, whole, call) => ({
    name: `${name}, every part replaced`,
    takes: parts,
    definition: true,
    floats: true,
    limit: 5000,
    call: (value) => everyPart(whole, value, call, library.isTyped).length,
    right: (_, count) => Number.isSafeInteger(count),
  })
  const two = { from: standings, to: library.stageStandings(stages) }
  const aggregates = [
    ['intervalLabels', interval],
    ['dailyStates', daily],
  ]
  return [
    ...[
      ['defineIntervalLabels', defineIntervalLabels, intervals],
      ['defineDailyStates', defineDailyStates, days],
      [
        'posthogLifecycle',
        library.posthogLifecycle,
        { ...head, period: 'day', by: 'org', firstSeen: { lookBack: 2 } },
      ],
      ['amplitudeLifecycle', library.amplitudeLifecycle, { ...head, period: 'day', by: 'org' }],
    ].flatMap(([name, define, definition]) => [
      { name: `${name} definition`, takes: authored, call: (value) => define(value), right: never },
      replaced(name, definition, define),
    ]),
    ...aggregates.flatMap(([name, aggregate]) => [
      ...['subject', 'occurredAt', 'type', 'data'].map((key) => ({
        name: `${name}.add event.${key}`,
        takes: junk,
        call: (value) => aggregate.add(aggregate.empty(), event({ [key]: value })).all.people.count,
        right: (value, count) =>
          key === 'data'
            ? count === 0
            : key === 'occurredAt'
              ? isMoment(value)
              : typeof value === 'string' && count === (key === 'subject' || value === 'paid' ? 1 : 0),
      })),
      {
        name: `${name}.add data.org`,
        takes: junk,
        call: (value) => aggregate.add(aggregate.empty(), event({ data: { org: value } })).all.people,
        right: (value, { names: kept }) =>
          typeof value === 'string' ? kept[0] === value : kept.length === 0,
      },
      {
        name: `${name}.addColumns data.org`,
        takes: junk,
        call: (value) =>
          aggregate.addColumns(aggregate.empty(), {
            ...{ subject: ['u1'], occurredAt: [noon], type: 'paid' },
            data: { org: [value] },
          }).all.people,
        right: (value, { names: kept }) =>
          typeof value === 'string' ? kept[0] === value : kept.length === 0,
      },
      {
        name: `${name}.addColumns columns`,
        takes: junk,
        call: (value) => aggregate.addColumns(aggregate.empty(), value),
        right: never,
      },
      ...['add', 'merge', 'result', 'standings'].map((verb) => ({
        name: `${name}.${verb} partial`,
        takes: junk,
        call: (partial) =>
          verb === 'add'
            ? aggregate.add(partial, event())
            : aggregate[verb](partial, verb === 'merge' ? aggregate.empty() : { asOf }),
        right: never,
      })),
      ...['asOf', 'since', 'gaps'].map((key) => ({
        name: `${name}.result ${key}`,
        takes: junk,
        // Twenty thousand days and their rates take their time.
        ...(key === 'since' && { limit: 5000 }),
        call: (value) => aggregate.result(collect(aggregate, [event()]), { asOf, [key]: value }),
        right: (value) =>
          key === 'gaps'
            ? value === undefined || (Array.isArray(value) && value.length === 0)
            : isMoment(value) || (key === 'since' && value === undefined),
      })),
      ...['result', 'standings'].map((verb) => ({
        name: `${name}.${verb} options`,
        takes: junk,
        call: (value) => aggregate[verb](aggregate.empty(), value),
        right: never,
      })),
      ...['people', name === 'dailyStates' ? 'states' : 'people'].map((verb, i) => ({
        name: `${name}.${verb} which ${i}`,
        takes: authored,
        call: (value) => aggregate[verb](collect(aggregate, [event()]), { asOf }, value),
        right: never,
      })),
      ...(name === 'dailyStates' ? ['day', 'state'] : ['interval', 'label']).map((key) => ({
        name: `${name}.people ${key}`,
        takes: authored,
        call: (value) =>
          aggregate.people(
            collect(aggregate, [event()]),
            { asOf },
            { ...{ day: '2024-03-05', state: 'new', interval: '2024-03-05', label: 'new' }, [key]: value },
          ),
        right: never,
      })),
    ]),
    {
      name: 'intervalLabels.result firstSeenAt',
      takes: junk,
      call: (value) => given.result(collect(given, [event()]), { asOf, firstSeenAt: value }).intervals[0].new,
      right: (value, count) => isRecord(value) && Object.values(value).every(isMoment) && count === 0,
    },
    {
      name: 'intervalLabels.result firstSeenAt of one',
      takes: junk,
      call: (value) =>
        given.result(collect(given, [event()]), { asOf, firstSeenAt: { u1: value } }).intervals.length,
      right: (value) => isMoment(value),
    },
    { name: 'stageStandings', takes: junk, call: (value) => library.stageStandings(value), right: never },
    replaced('stageStandings', stages, library.stageStandings),
    {
      name: 'stageStandings stage by function',
      takes: junk,
      call: (value) =>
        library.stageStandings({ name: stages.name, asOf, subjects: ['a'], stages: () => value }).people[0]
          .label,
      right: (value, label) => (value ?? null) === label && (label === null || typeof label === 'string'),
    },
    { name: 'translateLabels', takes: junk, call: (value) => library.translateLabels(value), right: never },
    replaced('translateLabels', { ...two, agree: [{ from: 'new', to: 'active' }] }, library.translateLabels),
    {
      name: 'explainTranslation subject',
      takes: junk,
      call: (value) => library.explainTranslation(two, value),
      right: (value) => value === 'a',
    },
  ]
}
