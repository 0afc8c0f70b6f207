// The boundaries of survival: records, tables, curves, groups, p-values.
import { never } from './shapes.mjs'

const junk = ['numbers', 'strings', 'objects', 'values-for-rules', 'canaries']
const isNumber = (value) => typeof value === 'number'
const isTime = (value) => Number.isFinite(value) && value >= 0
const transforms = ['plain', 'log', 'log-log', 'logit', 'arcsin']

/** @returns {readonly import('./boundaries.mjs').Boundary[]} */
export function boundariesOfSurvival(library) {
  const { adjustedP, collect, defineSurvival, kaplanMeier, logRank } = library
  const survival = defineSurvival({ id: 'leaving', version: 1, unit: 'day' })
  const records = [
    { time: 2, event: true },
    { time: 3, event: false },
    { time: 5, event: true, entry: 1 },
  ]
  const counted = () => collect(survival, records)
  const options = { transform: 'log-log' }
  const result = (partial) => survival.result(partial, options)
  const curve = () => result(counted())
  const others = [
    {
      group: 'b',
      records: [
        { time: 1, event: true },
        { time: 4, event: true },
      ],
    },
  ]
  const isCurve = ({ rows }) => rows.every(({ survival: share }) => share >= 0 && share <= 1)
  const isTest = ({ kind, p, reason }) => (kind === 'estimate' ? p >= 0 && p <= 1 : reason !== '')
  const readers = {
    survivalAt: (one) => library.survivalAt(one, 3),
    survivalQuantile: (one) => library.survivalQuantile(one, 0.5),
    restrictedMean: (one) => library.restrictedMean(one, { upTo: 4 }),
  }

  return [
    ...['add', 'retract', 'merge', 'merge the other way', 'result'].map((verb) => ({
      name: `survival.${verb} partial`,
      takes: junk,
      call: (partial) =>
        verb === 'result'
          ? result(partial)
          : verb === 'merge'
            ? survival.merge(partial, survival.empty())
            : verb === 'merge the other way'
              ? survival.merge(survival.empty(), partial)
              : survival[verb](partial, records[0]),
      right: never,
    })),
    ...['of', 'times', 'events', 'censored', 'entered'].flatMap((place) => [
      {
        name: `survival partial.${place}`,
        takes: junk,
        call: (value) => {
          const partial = () => ({ ...counted(), [place]: value })
          return [result(partial()), result(survival.merge(partial(), counted()))]
        },
        right: never,
      },
      {
        name: `survival one of partial.${place}`,
        takes: junk,
        call: (value) => {
          const whole = counted()
          const partial = { ...whole, [place]: [value, ...whole[place].slice(1)] }
          return [result(partial), result(survival.merge(partial, counted()))]
        },
        right: (value, answers) => isTime(value) && answers.every(isCurve),
      },
    ]),
    ...['add', 'retract'].map((verb) => ({
      name: `survival.${verb} record`,
      takes: junk,
      call: (record) => survival[verb](counted(), record),
      right: never,
    })),
    ...['time', 'event', 'entry'].map((key) => ({
      name: `survival record.${key}`,
      takes: junk,
      call: (value) => result(survival.add(counted(), { time: 7, event: true, [key]: value })),
      right: (value, answer) =>
        isCurve(answer) &&
        (key === 'event'
          ? typeof value === 'boolean'
          : isTime(value) || (key === 'entry' && value === undefined)),
    })),
    {
      name: 'survival options',
      takes: junk,
      call: (value) => survival.result(counted(), value),
      right: never,
    },
    ...['transform', 'level', 'since'].flatMap((key) =>
      (key === 'transform' ? ['log'] : transforms).map((transform) => ({
        name: `survival options.${key} ${transform}`,
        definition: true,
        takes: junk,
        call: (value) => survival.result(counted(), { transform, [key]: value }),
        right: (value, answer) =>
          isCurve(answer) && (value === undefined || (isNumber(value) && value >= 0)) && key !== 'transform',
      })),
    ),
    { name: 'defineSurvival', takes: junk, definition: true, call: defineSurvival, right: never },
    ...['id', 'version', 'unit'].map((key) => ({
      name: `defineSurvival ${key}`,
      takes: junk,
      definition: true,
      call: (value) => defineSurvival({ id: 'a', version: 1, unit: 'day', [key]: value }).shard,
      right: (value) => (key === 'version' ? isNumber(value) : typeof value === 'string'),
    })),
    {
      name: 'kaplanMeier records',
      takes: junk,
      call: (value) => kaplanMeier(value, { unit: 'day', ...options }),
      right: (value, { n }) => Array.isArray(value) && value.length === 0 && n === 0,
    },
    { name: 'kaplanMeier options', takes: junk, call: (value) => kaplanMeier(records, value), right: never },
    {
      name: 'kaplanMeier unit',
      takes: junk,
      definition: true,
      call: (unit) => kaplanMeier(records, { unit, ...options }),
      right: (unit, answer) => typeof unit === 'string' && answer.unit === unit,
    },

    // Reading a curve.
    ...Object.entries(readers).flatMap(([name, read]) => [
      { name: `${name} curve`, takes: junk, call: read, right: never },
      ...['rows', 'gaps', 'transform', 'level', 'from'].map((key) => ({
        name: `${name} curve.${key}`,
        takes: junk,
        definition: true,
        call: (value) => read({ ...curve(), [key]: value }),
        right: (value) => (Array.isArray(value) ? value.length === 0 : isTime(value)),
      })),
      {
        name: `${name} a row of a curve`,
        takes: junk,
        call: (value) => read({ ...curve(), rows: [value, value, value] }),
        right: never,
      },
      ...['time', 'survival', 'atRisk', 'events', 'interval'].map((key) => ({
        name: `${name} curve.rows[0].${key}`,
        takes: junk,
        floats: true,
        call: (value) => {
          const whole = curve()
          return read({ ...whole, rows: whole.rows.map((row) => ({ ...row, [key]: value })) })
        },
        right: (value) => isTime(value) || key === 'interval',
      })),
    ]),
    {
      name: 'survivalAt time',
      takes: junk,
      call: (time) => library.survivalAt(curve(), time),
      right: (time, { kind }) => isTime(time) && (kind === 'estimate' || time > 5),
    },
    {
      name: 'survivalQuantile p',
      takes: junk,
      call: (p) => library.survivalQuantile(curve(), p),
      right: (p, answer) => p > 0 && p <= 1 && answer.p === p,
    },
    {
      name: 'restrictedMean options',
      takes: junk,
      call: (value) => library.restrictedMean(curve(), value),
      right: never,
    },
    {
      name: 'restrictedMean upTo',
      takes: junk,
      call: (upTo) => library.restrictedMean(curve(), { upTo }),
      right: (upTo, { kind, value }) =>
        isTime(upTo) && (kind === 'undefined' || (value >= 0 && value <= upTo)),
    },

    // Differences.
    {
      name: 'logRank samples',
      takes: junk,
      call: logRank,
      right: (value) => Array.isArray(value) && value.length === 0,
    },
    { name: 'logRank a sample', takes: junk, call: (value) => logRank([...others, value]), right: never },
    ...['group', 'stratum', 'records'].map((key) => ({
      name: `logRank sample.${key}`,
      takes: junk,
      call: (value) => logRank([...others, { group: 'a', records, [key]: value }]),
      right: (value, answer) =>
        isTest(answer) &&
        (key === 'records'
          ? Array.isArray(value) && value.length === 0
          : typeof value === 'string' || (key === 'stratum' && value === undefined)),
    })),
    {
      name: 'logRank sample.counted',
      takes: junk,
      call: (value) => logRank([...others, { group: 'a', counted: value }]),
      right: never,
    },
    ...['of', 'times', 'events', 'censored', 'entered'].map((place) => ({
      name: `logRank sample.counted.${place}`,
      takes: junk,
      call: (value) => logRank([...others, { group: 'a', counted: { ...counted(), [place]: value } }]),
      right: (_, answer) => place === 'of' && isTest(answer),
    })),
    {
      name: 'logRank options',
      takes: junk,
      call: (value) => logRank([...others, { group: 'a', records }], value),
      right: (value, answer) => (value === undefined || typeof value === 'object') && isTest(answer),
    },
    {
      name: 'logRank rho',
      takes: junk,
      call: (rho) => logRank([...others, { group: 'a', records }], { rho }),
      right: (rho, answer) => (rho === undefined || isTime(rho)) && isTest(answer),
    },

    // Many comparisons.
    {
      name: 'adjustedP values',
      takes: junk,
      call: (values) => adjustedP(values, { method: 'holm' }),
      right: (values, answer) => Array.isArray(values) && values.length === answer.length,
    },
    ...['bonferroni', 'holm', 'hochberg', 'benjamini-hochberg', 'benjamini-yekutieli'].map((method) => ({
      name: `adjustedP one of the values ${method}`,
      takes: junk,
      call: (value) => adjustedP([0.5, value, 0.01], { method }),
      right: (value, answer) => value >= 0 && value <= 1 && answer.every((p) => p >= 0 && p <= 1),
    })),
    {
      name: 'adjustedP method',
      takes: junk,
      definition: true,
      call: (method) => adjustedP([0.1], { method }),
      right: never,
    },
    { name: 'adjustedP options', takes: junk, call: (value) => adjustedP([0.1], value), right: never },
  ]
}
