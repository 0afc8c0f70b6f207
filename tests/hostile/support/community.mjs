// The boundaries of the life of groups: events, partials, results and thresholds.
import { isMoment, isRecord, never } from './shapes.mjs'

const values = [
  ...['numbers', 'strings', 'objects', 'amounts', 'dates', 'timezones', 'paths', 'values-for-rules'],
  'canaries',
]
const anything = [...new Set([...values, 'json-texts'])]
const parts = ['values-for-rules', 'objects', 'canaries', 'numbers']

const day = 86_400_000
const noon = Date.UTC(2024, 2, 5, 12)

/** What every part of a definition of vitality may be replaced in. */
export const vitalityDefinition = {
  ...{ id: 'groups', version: 1, period: 'day', group: 'group', kind: 'kind', answers: 'answers' },
  calendar: {
    ...{ zone: 'Asia/Shanghai', dayStart: '04:00', weekStart: 1 },
    named: { spring: [{ from: '2024-02-10', to: '2024-02-18' }] },
  },
  ...{ joins: ['member-joined'], leaves: 'member-left', messages: ['message-sent', 'picture-sent'] },
  kinds: { member: ['member'], operator: 'operator', advertisement: ['advertisement', 'push'] },
  quiet: 'spring',
}

/**
 * @param {any} library
 * @param {(definition: unknown, value: unknown, define: (given: any) => unknown, isTyped: (error: unknown) => boolean) => readonly unknown[]} everyPart
 * @returns {readonly import('./boundaries.mjs').Boundary[]}
 */
export function boundariesOfCommunity(library, everyPart) {
  const vitality = library.defineVitality(vitalityDefinition)
  const message = (change = {}, data = {}) => ({
    ...{ id: 'm1', type: 'message-sent', subject: 'u1', occurredAt: noon },
    data: { group: 'tea', kind: 'member', ...data },
    ...change,
  })
  const one = () => vitality.add(vitality.empty(), message())
  const asOf = noon + 3 * day
  const result = vitality.result(one(), { asOf })
  const { groups } = result
  const deaths = [{ group: 'tea', on: '2024-03-06' }]
  const warning = {
    kind: 'any',
    of: [
      ...[{ kind: 'share', below: 0.5, forDays: 3, recovered: 0.8, weeks: 2, skipWeeks: 0, leastWeeks: 1 }],
      ...[{ kind: 'cusum', fallsTo: 0.5, threshold: 3, weeks: 2, skipWeeks: 0, leastWeeks: 1 }],
      { kind: 'advertising', above: 0.5, until: 0.4, overDays: 7 },
    ],
  }
  const backtest = { warning, horizonDays: 30, leastLeadDays: 2, level: 0.9 }
  const survival = { silentDays: 2, pushes: { withinDays: 1, bands: [1, 3] }, opened: { tea: '2024-01-01' } }

  const replaced = (name, given, call) => ({
    name: `${name}, every part replaced`,
    takes: parts,
    definition: true,
    floats: true,
    limit: 5000,
    call: (value) => everyPart(given, value, call, library.isTyped).length,
    right: (_, count) => Number.isSafeInteger(count),
  })
  /** Of no groups, and no deaths, there is an answer. */
  const none = { right: (value) => Array.isArray(value) && value.length === 0 }
  const whole = (name, call, more = {}) => ({ name, takes: anything, call, right: never, ...more })

  return [
    ...['subject', 'occurredAt', 'type', 'data'].map((key) => ({
      name: `vitality.add event.${key}`,
      takes: anything,
      call: (value) => vitality.add(vitality.empty(), message({ [key]: value })),
      right: (value, { groups: kept }) =>
        key === 'type'
          ? Object.keys(kept).length === 0
          : key === 'subject'
            ? typeof value === 'string' && Object.hasOwn(kept.tea, value)
            : key === 'occurredAt' && isMoment(value) && kept.tea.u1.said.length === 6,
    })),
    {
      name: 'vitality.add data.group',
      takes: anything,
      call: (value) => vitality.add(vitality.empty(), message({}, { group: value })),
      right: (value, { groups: kept }) => typeof value === 'string' && Object.hasOwn(kept, value),
    },
    ...['kind', 'answers'].map((key) => ({
      name: `vitality.add data.${key}`,
      takes: anything,
      call: (value) => vitality.add(vitality.empty(), message({}, { [key]: value })),
      right: (value, { groups: kept }) => {
        const [, member, , , other, answers] = kept.tea.u1.said
        return key === 'kind' ? member + other === 1 : answers === (value === true ? 1 : 0)
      },
    })),
    {
      name: 'vitality.add event',
      takes: anything,
      call: (event) => vitality.add(vitality.empty(), event),
      right: (value, { groups: kept }) => isRecord(value) && Object.keys(kept).length === 0,
    },
    {
      name: 'vitality.retract event',
      takes: anything,
      call: (event) => vitality.retract(one(), event),
      right: (value, { groups: kept }) => isRecord(value) && Object.keys(kept).length === 1,
    },
    ...['add', 'retract', 'merge', 'result'].map((verb) =>
      whole(`vitality.${verb} partial`, (partial) =>
        verb === 'result'
          ? vitality.result(partial, { asOf })
          : vitality[verb](partial, verb === 'merge' ? vitality.empty() : message()),
      ),
    ),
    ...['groups', 'people', 'person'].flatMap((level) =>
      ['merge', 'result'].map((verb) => ({
        name: `vitality.${verb} one of the ${level}`,
        takes: values,
        call: (value) => {
          const given = level === 'groups' ? value : { tea: level === 'people' ? value : { u1: value } }
          const partial = { ...vitality.empty(), groups: given }
          if (verb === 'merge') return vitality.merge(partial, one())
          return vitality.result(partial, { asOf })
        },
        right: (value) => level !== 'person' && isRecord(value) && Object.keys(value).length === 0,
      })),
    ),
    ...['asOf', 'since', 'level', 'people'].map((key) => ({
      name: `vitality.result ${key}`,
      takes: values,
      limit: 1000,
      call: (value) =>
        vitality.result(one(), { asOf: key === 'since' ? noon + 30 * day : asOf, [key]: value }),
      right: (value, answer) =>
        (key !== 'asOf' && value === undefined) ||
        (key === 'level' ? value > 0 && value < 1 : isMoment(value) && answer.groups.length < 2),
    })),
    whole('vitality.result options', (options) => vitality.result(vitality.empty(), options)),

    whole('assessVitality', library.assessVitality),
    whole('groupDeaths', library.groupDeaths, none),
    whole('backtestWarning groups', (given) => library.backtestWarning(given, [], backtest), none),
    whole('backtestWarning deaths', (given) => library.backtestWarning(groups, given, backtest), none),
    whole('backtestWarning options', (given) => library.backtestWarning(groups, deaths, given)),
    whole('groupSurvival groups', (given) => library.groupSurvival(given, survival), none),
    whole('groupSurvival options', (given) => library.groupSurvival(groups, given)),
    replaced('assessVitality', result, (given) => library.assessVitality(given, { warning })),
    replaced('assessVitality options', { asOf, silentDays: 14, warning }, (given) =>
      library.assessVitality(result, given),
    ),
    replaced('groupDeaths', groups, (given) => library.groupDeaths(given, { silentDays: 2 })),
    replaced('groupDeaths options', { silentDays: 14 }, (given) => library.groupDeaths(groups, given)),
    replaced('backtestWarning groups', groups, (given) => library.backtestWarning(given, [], backtest)),
    replaced('backtestWarning deaths', deaths, (given) => library.backtestWarning(groups, given, backtest)),
    replaced('backtestWarning options', backtest, (given) => library.backtestWarning(groups, deaths, given)),
    replaced('groupSurvival groups', groups, (given) => library.groupSurvival(given, survival)),
    replaced('groupSurvival options', survival, (given) => library.groupSurvival(groups, given)),
  ]
}
