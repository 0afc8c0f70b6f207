// The boundaries of the rule language: conditions of every kind of fact with each part replaced, and texts to be read.
import { noon, order } from './program.mjs'

const junk = ['values-for-rules', 'objects', 'numbers', 'canaries']
const texts = [
  'strings',
  'paths',
  'amounts',
  'dates',
  'timezones',
  'json-texts',
  'canaries',
  'regexes',
  'values-for-rules',
]
const langs = ['en', 'zh']
const never = () => false

/**
 * @param {(definition: unknown, value: unknown, define: (given: any) => unknown, isTyped: (error: unknown) => boolean) => readonly unknown[]} everyPart
 * @returns {readonly import('./boundaries.mjs').Boundary[]}
 */
export function boundariesOfRules(library, everyPart) {
  const { attributes, coverage, defineEvents, integer, isTyped, moment, money, text } = library
  const shop = defineEvents({
    visited: {},
    ordered: { amount: money('CNY'), items: integer(), channel: text('web', 'app') },
    ...attributes({ birthday: moment(), city: text() }),
    ...coverage(),
  })
  const context = { ...shop, calendar: { zone: 'Asia/Shanghai' } }
  const about = { event: 'ordered', where: { channel: 'web', items: { gte: 2 } } }
  const within = { within: { days: 90 } }
  const gte = (fact, value) => ({ condition: 'gte', fact, value })
  /** A comparison of each kind of fact. */
  const comparisons = {
    count: gte({ fact: 'count', ...about, ...within }, 3),
    sum: gte({ fact: 'sum', field: 'amount', ...about, within: { this: 'month' } }, '300'),
    min: gte({ fact: 'min', field: 'amount', ...about }, '1'),
    max: gte({ fact: 'max', field: 'items', ...about }, 1),
    distinct: gte({ fact: 'distinct', field: 'channel', ...about }, 2),
    first: { condition: 'is', fact: { fact: 'first', field: 'channel', ...about }, value: 'web' },
    last: { condition: 'in', fact: { fact: 'last', field: 'channel', ...about }, values: ['web', 'app'] },
    'time-since': {
      condition: 'between',
      fact: { fact: 'time-since', event: 'ordered', orSince: 'visited' },
      low: { days: 1 },
      high: { days: 9 },
    },
    sessions: gte({ fact: 'sessions', event: 'visited', gap: { minutes: 30 }, ...within }, 2),
    'session-time': gte({ fact: 'session-time', event: 'visited', gap: { minutes: 30 } }, { minutes: 9 }),
    'time-between': gte(
      { fact: 'time-between', event: 'visited', until: 'ordered', untilWhere: { items: 1 } },
      { hours: 1 },
    ),
    streak: gte({ fact: 'streak', event: 'visited', unit: 'day', times: 2, freezes: 1 }, 3),
    sequence: gte(
      {
        fact: 'sequence',
        steps: [{ event: 'visited' }, { event: 'ordered', where: { items: 2 } }],
        inside: { days: 2 },
      },
      1,
    ),
    ratio: gte(
      {
        fact: 'ratio',
        of: { fact: 'sum', event: 'ordered', field: 'amount' },
        to: { fact: 'count', event: 'ordered' },
      },
      '1/2',
    ),
    attribute: {
      condition: 'is',
      fact: { fact: 'attribute', attribute: 'city', ago: { days: 3 } },
      value: 'Bern',
    },
    anniversary: {
      condition: 'is',
      fact: { fact: 'anniversary', attribute: 'birthday', daysBefore: 3, daysAfter: 1 },
      value: true,
    },
    age: gte({ fact: 'age', attribute: 'birthday', unit: 'years' }, 18),
    says: { condition: 'is', fact: { fact: 'says', engine: 'customer', word: 'stage' }, value: 'active' },
  }
  const all = Object.values(comparisons).filter(({ fact }) => fact.fact !== 'says')
  const joined = {
    condition: 'some-of',
    k: 1,
    of: [
      { condition: 'not', of: all[0] },
      { condition: 'any', of: [all[1], all[7]] },
    ],
  }
  const events = ['ordered', 'visited'].map((type, i) =>
    order({
      id: type,
      type,
      occurredAt: noon + i,
      data: type === 'ordered' ? { amount: '5.00', items: 2, channel: 'web' } : {},
    }),
  )
  const noted = (rules) =>
    events.reduce((tracks, event) => rules.facts.note(tracks, event, 'u1'), rules.facts.start)
  const options = { effort: 500 }

  /** What takes a condition that was never checked: said, linted, compiled and judged. */
  const takers = {
    checkCondition: (condition) => library.checkCondition(condition, context, '$'),
    printCondition: (condition) => langs.map((lang) => library.printCondition(shop, condition, lang)),
    lintCondition: (condition) => library.lintCondition(condition, context, options),
    lintRules: (condition) => library.lintRules([{ when: condition, to: 'a' }], context, options),
    /** What was checked is compiled, judged, and said to be missing. */
    'checkCondition, compileRules': (condition) => {
      library.checkCondition(condition, context, '$')
      const rules = library.compileRules([condition], context)
      const tracks = noted(rules)
      const [verdict] = rules.verdicts(tracks, noon + 9)
      const left = library.missing(verdict) ?? []
      for (const lang of langs)
        for (const one of [verdict, condition, ...left]) library.explain(shop, one, lang)
      return [...rules.holds(tracks, noon + 9)]
    },
  }
  const replaced = Object.entries({ ...comparisons, joined }).flatMap(([kind, condition]) =>
    Object.entries(takers).map(([name, take]) => ({
      name: `${name} ${kind}, every part replaced`,
      takes: junk,
      definition: true,
      floats: true,
      limit: 1500,
      call: (value) => everyPart(condition, value, take, isTyped).length,
      right: (_, count) => Number.isInteger(count),
    })),
  )
  const facts = Object.values(comparisons).map(({ fact }) => ({
    name: `checkFact ${fact.fact}, every part replaced`,
    takes: junk,
    definition: true,
    limit: 500,
    call: (value) => everyPart(fact, value, (one) => library.checkFact(one, context, '$'), isTyped).length,
    right: (_, count) => Number.isInteger(count),
  }))
  const isEmpty = (value) => typeof value === 'object' && value !== null && Object.keys(value).length === 0
  const whole = Object.entries(takers).map(([name, take]) => ({
    name: `${name} as a whole`,
    takes: junk,
    definition: true,
    call: take,
    // An alternative without a condition always holds.
    right: (value, answer) => name === 'lintRules' && value === undefined && isEmpty(answer),
  }))

  const readable = (answer) =>
    'condition' in answer ||
    (typeof answer.refusal.code === 'string' &&
      library.explain(shop, answer.refusal, 'zh') !== answer.refusal.code)
  const sentence = library.printCondition(shop, joined, 'en')
  const places = [0, 7, Math.floor(sentence.length / 2), sentence.length]
  return [
    ...replaced,
    ...facts,
    ...whole,
    {
      name: 'checkFact',
      takes: junk,
      definition: true,
      call: (fact) => library.checkFact(fact, context, '$'),
      right: never,
    },
    ...langs.map((lang) => ({
      name: `parseCondition ${lang}`,
      takes: texts,
      call: (value) => library.parseCondition(shop, value, lang),
      right: (value, answer) => typeof value === 'string' && readable(answer),
    })),
    ...places.map((place) => ({
      name: `parseCondition with something at ${place}`,
      takes: texts,
      limit: 300,
      call: (value) =>
        library.parseCondition(
          shop,
          sentence.slice(0, place) + (typeof value === 'string' ? value : '?') + sentence.slice(place),
          'en',
        ),
      right: (_, answer) => readable(answer),
    })),
    {
      name: 'parseCondition options',
      takes: junk,
      call: (given) => library.parseCondition(shop, sentence, 'en', given),
      right: (_, answer) => readable(answer),
    },
    {
      name: 'parseCondition length',
      takes: junk,
      call: (length) => library.parseCondition(shop, sentence, 'en', { length }),
      right: (_, answer) => readable(answer),
    },
    ...['retention', 'observed', 'effort'].map((key) => ({
      name: `lintCondition ${key}`,
      takes: junk,
      definition: true,
      limit: 300,
      call: (value) => library.lintCondition(joined, context, { ...options, [key]: value }),
      right: (_, findings) => Array.isArray(findings),
    })),
    {
      name: 'lintRules alternatives',
      takes: junk,
      definition: true,
      call: (given) => library.lintRules(given, context, options),
      right: (given, found) => Array.isArray(given) && found.length === 0,
    },
    ...['on', 'when', 'to'].map((key) => ({
      name: `lintRules alternative.${key}`,
      takes: junk,
      definition: true,
      call: (value) => library.lintRules([{ when: joined, to: 'a', [key]: value }, {}], context, options),
      right: (_, findings) => Array.isArray(findings),
    })),
    {
      name: 'conditionSchema',
      takes: junk,
      definition: true,
      call: (value) => library.readDefinition(library.conditionSchema(), value),
      right: never,
    },
  ]
}
