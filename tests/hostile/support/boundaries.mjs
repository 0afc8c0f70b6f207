// Every public boundary with the kinds of value that it takes, and what a right answer of it is.

import { boundariesOfBenefits } from './benefits.mjs'
import { boundariesOfCampaign } from './campaign.mjs'
import { said } from './cell.mjs'
import { boundariesOfChurn } from './churn.mjs'
import { boundariesOfCommunity, vitalityDefinition } from './community.mjs'
import { boundariesOfContinuity } from './continuity.mjs'
import { boundariesOfForecast } from './forecast.mjs'
import { boundariesOfHolders } from './holders.mjs'
import { boundariesOfLabels } from './labels.mjs'
import { boundariesOfLedger } from './ledger.mjs'
import { boundariesOfLifecycle } from './lifecycle.mjs'
import { boundariesOfLives } from './lives.mjs'
import { boundariesOfBgNbd } from './ltv-bg-nbd.mjs'
import { boundariesOfContracts } from './ltv-contracts.mjs'
import { boundariesOfDiscreteBuying } from './ltv-discrete.mjs'
import { boundariesOfEstimation } from './ltv-estimation.mjs'
import { boundariesOfHistories } from './ltv-histories.mjs'
import { boundariesOfParetoNbd } from './ltv-pareto-nbd.mjs'
import { boundariesOfSimpleValues } from './ltv-simple.mjs'
import { boundariesOfValidation } from './ltv-validation.mjs'
import { boundariesOfValue } from './ltv-value.mjs'
import { boundariesOfNumbers } from './numbers.mjs'
import { boundariesOfPointsAccounting } from './points-accounting.mjs'
import { boundariesOfPointsChanges } from './points-changes.mjs'
import { boundariesOfPointsLasting } from './points-lasting.mjs'
import { boundariesOfRewards } from './points-rewards.mjs'
import { day, historyOf, noon, order, programOf } from './program.mjs'
import { boundariesOfRetention } from './retention.mjs'
import { boundariesOfReports, reportsOfRetention } from './retention-reports.mjs'
import { boundariesOfRevenue } from './revenue.mjs'
import { boundariesOfRules } from './rules.mjs'
import { boundariesOfStageFlows } from './stage-flows.mjs'
import { boundariesOfStagePlan } from './stage-plan.mjs'
import { boundariesOfStages } from './stages.mjs'

/**
 * @typedef {object} Boundary
 * @property {string} name
 * @property {readonly string[]} takes families of cases
 * @property {(value: any) => unknown} call
 * @property {(value: any, answer: any, one: import('./cases.mjs').Case) => boolean | string} right whether an answer is
 * the right one; text says why not
 * @property {(answer: any) => { readonly code: string } | undefined} [refusal] the refusal in an answer
 * @property {boolean} [data] refuses and never throws
 * @property {boolean} [definition] may show what stands in a definition
 * @property {boolean} [floats] answers may be infinite, or minus zero
 * @property {readonly string[]} [binds] families whose `expect` is about this boundary
 * @property {number} [limit] milliseconds, where a call is many calls
 */

const values = [
  'numbers',
  'strings',
  'objects',
  'amounts',
  'dates',
  'timezones',
  'paths',
  'values-for-rules',
  'canaries',
]
const texts = ['strings', 'amounts', 'dates', 'timezones', 'paths', 'json-texts', 'canaries']
export const anything = [...new Set([...values, ...texts])]

const never = () => false
const isInteger = (value) => Number.isSafeInteger(value) && !Object.is(value, -0)
/** Minus zero reads as zero where no answer could tell. */
const zero = (value) => (Object.is(value, -0) ? 0 : value)
const ratioOf = (ratio) =>
  typeof ratio === 'string' && ratio.includes('/')
    ? Number(ratio.split('/')[0]) / Number(ratio.split('/')[1])
    : Number(ratio)
const same = (a, b) => said(a) === said(b)

/** Equal amounts are equal text. */
const trimmed = (text) => {
  const [, sign, whole, fraction = ''] = /^(-?)0*(\d+?)(?:\.(\d*?)0*)?$/.exec(text) ?? [text, '', text]
  const digits = fraction === '' ? whole : `${whole}.${fraction}`
  return sign === '-' && /[1-9]/.test(digits) ? `-${digits}` : digits
}
const isAmount = (text, digits) =>
  typeof text === 'string' && new RegExp(`^-?\\d{1,40}(\\.\\d{1,${digits}})?$`).test(text)

/** Epoch milliseconds of a text in the one form that is read; `undefined` for all others. */
const momentIn = (text) =>
  typeof text === 'string' && /^\d{4}-\d\d-\d\dT\d\d:\d\d(:\d\d(\.\d{1,9})?)?(Z|[+-]\d\d:\d\d)$/.test(text)
    ? Date.parse(text)
    : undefined
const isMoment = (at) => isInteger(at) && at >= -62_135_596_800_000 && at <= 253_402_300_799_999

/** What the door makes of a field, told by rules of its own. */
const kept = {
  text: (given, got) => typeof given === 'string' && got === given,
  amount: (given, got) => isAmount(given, 2) && trimmed(got) === trimmed(given),
  integer: (given, got) => isInteger(given) && got === given,
  moment: (given, got) =>
    isMoment(got) && (typeof given === 'number' ? got === given : got === momentIn(given)),
  boolean: (given, got) => typeof given === 'boolean' && got === given,
  detail: (given, got) => same(given, got),
}

/** @returns {readonly Boundary[]} */
export function boundariesOf(library) {
  const { shop, lifecycle, points, program, retention } = programOf(library)
  const account = historyOf(points)
  const whole = historyOf(program)
  const zones = ['UTC', 'America/New_York', 'Pacific/Apia'].map((zone) => library.calendarOf({ zone }))
  const [utc, newYork] = zones
  const everyOption = {
    zone: 'Asia/Shanghai',
    dayStart: '04:00',
    weekStart: 7,
    fiscal: { pattern: '4-5-4', ends: { rule: 'nearest', weekday: 6, month: 1 }, named: 'start' },
    business: {
      weekdays: [1, 2, 3, 4, 5],
      closed: ['2024-02-12'],
      opened: ['2024-02-18'],
      hours: [{ weekdays: [1, 2, 3, 4, 5], from: '09:00', to: '18:00' }],
    },
    named: { sale: [{ from: '2024-11-11', to: '2024-11-12' }] },
  }
  const office = library.calendarOf(everyOption)

  /** The door of a catalogue or an engine, with one part of an order replaced. */
  const door = (name, put, right, more = {}) =>
    [shop, program].map((side) => ({
      name: `${side === shop ? 'catalogue' : 'engine'}.read ${name}`,
      takes: anything,
      data: true,
      call: (value) => side.read(put(value)),
      refusal: ({ refusal }) => refusal,
      right: (value, answer, one) => right(value, answer.event ?? answer.input, one),
      ...more,
    }))
  const field = (name, kind, more) =>
    door(
      `data.${name}`,
      (value) => order({}, { [name]: value }),
      (value, { data }) =>
        (value === undefined && !Object.hasOwn(data, name)) || kept[kind](value, data[name]),
      more,
    )

  const start = program.start('u1')
  const decides = (name, put, right, from = start, more = {}) => ({
    name: `engine.decide ${name}`,
    takes: anything,
    data: true,
    call: (value) => program.decide(from, put(value)),
    refusal: ({ refusal }) => refusal,
    right: (value, { events, outcome }) => outcome === 'accepted' && right(value, events[0]),
    ...more,
  })

  const looks = [
    ['advance', (state, at) => program.advance(state, at).state.at],
    ['view', (state, at) => program.view(state, at).customer.stage],
    ['nextChange', (state, at) => program.nextChange(state, at) ?? null],
    ['partState', (state, at) => library.partState(program, points, state, at).version],
    ['verdicts', (state, at) => library.verdicts(program, state, at).length],
    [
      'audit',
      (state, asOf) => library.audit(program, state, undefined, { asOf }).findings.length,
      // Nothing said is the state's own instant.
      (asOf) => asOf === undefined,
    ],
  ]
  const moments = ['numbers', 'dates', 'strings', 'objects', 'values-for-rules', 'canaries']

  const definitions = {
    lifecycle: [library.lifecycleFrom, lifecycle.definition],
    points: [library.pointsFrom, points.definition],
    program: [library.programFrom, program.definition],
  }
  /** A stored definition that is accepted is kept as it was given. */
  const agrees = (given, engine) =>
    library.canonical(engine.definition) === library.canonical(given) || 'kept another definition'
  const fromJson = Object.entries(definitions).flatMap(([name, [from, definition]]) => [
    {
      name: `${name}From`,
      takes: [...anything, 'event-sequences'],
      definition: true,
      call: from,
      right: never,
    },
    {
      name: `${name}From, every part replaced`,
      takes: ['values-for-rules', 'objects', 'canaries', 'regexes'],
      definition: true,
      floats: true,
      limit: 5000,
      call: (value) => everyPart(definition, value, from, library.isTyped, undefined, levelsOf(name)),
      right: (_, found) => found.every(([given, engine]) => agrees(given, engine) === true),
    },
    ...['numbers', 'strings', 'paths', 'timezones', 'amounts', 'dates'].map((family) => ({
      name: `${name}From, ${family} where they go`,
      takes: [family],
      definition: true,
      floats: true,
      limit: 500,
      call: (value) => everyPart(definition, value, from, library.isTyped, goes[family], levelsOf(name)),
      right: (_, found) => found.every(([given, engine]) => agrees(given, engine) === true),
    })),
  ])

  const typed = [
    ['defineLifecycle', library.defineLifecycle, { ...lifecycle.definition, model: undefined, events: shop }],
    ['definePoints', library.definePoints, { ...points.definition, model: undefined, events: shop }],
    ['defineProgram', library.defineProgram, { id: 'loyalty', version: 1, parts: [lifecycle, points] }],
    ['defineRetention', library.defineRetention, retention.definition],
    [
      'defineOpenRates',
      library.defineOpenRates,
      {
        id: 'letters',
        version: 1,
        delivered: 'sent',
        opened: 'read',
        send: 'campaign',
        within: { hours: 72 },
      },
    ],
    ['defineVitality', library.defineVitality, vitalityDefinition],
    ...reportsOfRetention(library, retention.definition),
    ['defineEvents', library.defineEvents, shop.events],
    [
      'calendarOf',
      library.calendarOf,
      { zone: 'UTC', transitions: library.transitionsOf('Europe/London', 0, noon) },
    ],
    ['calendarOf with every option', library.calendarOf, everyOption],
    [
      'defineEventsWith',
      (events) => library.defineEventsWith(library.factKinds, events, { words: { en: { visited: 'seen' } } }),
      shop.events,
    ],
  ].flatMap(([name, define, definition]) => [
    {
      name,
      takes: ['values-for-rules', 'objects', 'numbers', 'canaries'],
      definition: true,
      call: define,
      right: (value) => name.startsWith('defineEvents') && isRecord(value),
    },
    {
      name: `${name}, every part replaced`,
      takes: ['values-for-rules', 'objects', 'canaries', 'numbers'],
      definition: true,
      floats: true,
      limit: 10_000,
      call: (value) =>
        everyPart(definition, value, define, library.isTyped, undefined, levelsOf(name)).length,
      right: (_, count) => isInteger(count),
    },
  ])

  const money = (amount, currency = 'CNY') => ({ amount, currency })
  const amounts = ['amounts', 'strings', 'numbers', 'objects', 'values-for-rules', 'canaries']
  const cny = (minor) => `${minor / 100n}.${String(minor % 100n).padStart(2, '0')}`

  const numeric = (name, call, right, more = {}) => ({
    name,
    takes: ['numbers', 'strings', 'objects', 'values-for-rules', 'canaries'],
    call,
    right,
    ...more,
  })

  return [
    ...boundariesOfCommunity(library, everyPart),
    ...boundariesOfNumbers(library),
    ...boundariesOfParetoNbd(library),
    ...boundariesOfBgNbd(library),
    ...boundariesOfValue(library, everyPart),
    ...boundariesOfChurn(library),
    ...boundariesOfDiscreteBuying(library),
    ...boundariesOfContracts(library),
    ...boundariesOfSimpleValues(library),
    ...boundariesOfCampaign(library, everyPart),
    ...boundariesOfRevenue(library, everyPart),
    ...boundariesOfPointsAccounting(library, everyPart),
    ...boundariesOfPointsChanges(library, everyPart),
    ...boundariesOfPointsLasting(library, everyPart),
    ...boundariesOfLabels(library, everyPart),
    ...boundariesOfLifecycle(library),
    ...boundariesOfStages(library),
    ...boundariesOfStageFlows(library, everyPart),
    ...boundariesOfLives(library, everyPart),
    ...boundariesOfHistories(library, everyPart),
    ...boundariesOfEstimation(library),
    ...boundariesOfValidation(library, everyPart),
    ...boundariesOfRules(library, everyPart),
    ...boundariesOfContinuity(library, everyPart),
    ...boundariesOfForecast(library, everyPart),
    ...boundariesOfStagePlan(library, everyPart),
    ...boundariesOfBenefits(library, everyPart),
    ...boundariesOfLedger(library, everyPart),
    ...boundariesOfHolders(library),
    ...boundariesOfRewards(library, everyPart),

    // The door.
    ...door('as a whole', (value) => value, never, { takes: [...anything, 'event-sequences'] }),
    ...door(
      'id',
      (id) => order({ id }),
      (value, { id }) => kept.text(value, id),
    ),
    ...door('type', (type) => order({ type }), never),
    ...door(
      'subject',
      (subject) => order({ subject }),
      (value, { subject }) => kept.text(value, subject),
    ),
    ...['occurredAt', 'recordedAt', 'effectiveAt'].flatMap((at) =>
      door(
        at,
        (value) => order({ [at]: value }),
        (value, event) => kept.moment(value, event[at]) || (value === undefined && event[at] === undefined),
        { binds: at === 'occurredAt' ? ['dates'] : [] },
      ),
    ),
    ...door(
      'expectedVersion',
      (expectedVersion) => order({ expectedVersion }),
      (value, event) => value === event.expectedVersion && (value === undefined || isInteger(value)),
    ),
    ...door('data', (data) => order({ data }), never),
    ...door(
      'a name in the envelope',
      (name) => ({ ...order(), [typeof name === 'string' ? name : 'x']: 1 }),
      never,
      { takes: texts },
    ),
    ...door(
      'a name in the data',
      (name) => order({}, { [typeof name === 'string' ? name : 'x']: 1 }),
      never,
      { takes: texts },
    ),
    ...door(
      'limits',
      () => order(),
      (_, { type }) => type === 'order-paid',
      { takes: ['numbers'] },
    ),
    ...field('orderId', 'text'),
    ...field('amount', 'amount'),
    ...door(
      'data.amount as money',
      (value) => order({}, { amount: money(value) }),
      (value, { data }) => kept.amount(value, data.amount),
    ),
    ...door('data.amount.currency', (currency) => order({}, { amount: { amount: '1', currency } }), never),
    ...field('items', 'integer'),
    ...field('channel', 'text'),
    ...field('paidAt', 'moment'),
    ...field('gift', 'boolean'),
    ...field('friend', 'text'),
    ...field('note', 'detail', { takes: [...anything, 'event-sequences', 'delimiter-collisions'] }),
    {
      name: 'engine.read options.limits',
      takes: ['values-for-rules'],
      call: (depth) => program.read(order({}, { note: [[[1]]] }), { limits: { depth } }),
      right: (depth, { refusal }) =>
        depth === undefined || depth === -1 || depth === '10' || refusal !== undefined,
      floats: true,
    },

    // Decisions.
    decides('as a whole', (value) => value, never, start, { takes: [...anything, 'event-sequences'] }),
    decides(
      'id',
      (id) => order({ id }),
      (value, event) => kept.text(value, event.id),
    ),
    decides('type', (type) => order({ type }), never),
    decides(
      'subject',
      (subject) => order({ subject }),
      (value) => value === 'u1',
    ),
    decides(
      'subject of its own',
      (subject) => order({ subject, data: order().data }),
      (value) => value === 'u1',
    ),
    decides(
      'occurredAt',
      (at) => order({ occurredAt: at }),
      (value, event) => isMoment(value) && event.occurredAt === value,
    ),
    decides(
      'recordedAt',
      (at) => order({ recordedAt: at }),
      (value, event) => value === undefined || (isMoment(value) && event.recordedAt === value),
    ),
    decides(
      'effectiveAt',
      (at) => order({ effectiveAt: at }),
      (value, event) => value === undefined || (isMoment(value) && event.effectiveAt === value),
    ),
    decides(
      'expectedVersion',
      (expectedVersion) => order({ expectedVersion }),
      (value) => value === undefined || value === 0,
    ),
    decides('data', (data) => order({ data }), never),
    decides('a cause of its own', (cause) => order({ cause }), never),
    decides(
      'data.amount',
      (amount) => order({}, { amount }),
      (value, event) => kept.amount(value, event.data.amount),
    ),
    decides(
      'data.orderId',
      (orderId) => order({}, { orderId }),
      (value, event) => kept.text(value, event.data.orderId),
    ),
    decides(
      'data.note',
      (note) => order({}, { note }),
      (value, event) => value === undefined || same(value, event.data.note),
    ),
    ...['points/earn', 'points/redeem'].map((type) =>
      decides(
        `${type} points`,
        (count) =>
          order({
            type,
            occurredAt: account.state.at,
            data: type === 'points/earn' ? { points: count, reason: 'r' } : { points: count },
          }),
        (value, event) => isInteger(value) && value > 0 && event.data.points === value,
        whole.state,
      ),
    ),
    decides(
      'points/earn reason',
      (reason) => order({ type: 'points/earn', data: { points: 1, reason } }),
      (value, event) => kept.text(value, event.data.reason.text),
    ),
    decides(
      'points/confirm origin',
      (origin) => order({ type: 'points/confirm', occurredAt: whole.state.at, data: { origin } }),
      never,
      whole.state,
    ),
    decides(
      'points/refund redemption',
      (redemption) => order({ type: 'points/refund', occurredAt: whole.state.at, data: { redemption } }),
      never,
      whole.state,
    ),
    decides(
      'points/refund points',
      (count) =>
        order({
          type: 'points/refund',
          occurredAt: whole.state.at,
          data: { redemption: 'r', points: count },
        }),
      (value, event) =>
        value === undefined || (isInteger(value) && value > 0 && value <= 60 && event.data.points === value),
      whole.state,
    ),
    decides('state', () => order(), never, undefined, { call: (state) => program.decide(state, order()) }),
    {
      name: 'preview input',
      takes: anything,
      data: true,
      call: (input) => library.preview(program, whole.state, input),
      refusal: ({ refusal }) => refusal,
      right: never,
    },

    // Looking, and states that are none.
    ...looks.flatMap(([name, look, mayBe = never]) => [
      {
        name: `engine.${name} asOf`,
        takes: moments,
        call: (at) => look(whole.state, at),
        right: (at) => mayBe(at) || (isMoment(at) && at >= whole.state.at),
      },
      { name: `engine.${name} state`, takes: anything, call: (state) => look(state, noon), right: never },
    ]),
    ...[
      ['program', (given) => library.partState(given, points, whole.state, noon * 2)],
      ['part', (given) => library.partState(program, given, whole.state, noon * 2)],
    ].map(([which, call]) => ({
      name: `partState ${which}`,
      takes: anything,
      definition: true,
      call,
      right: never,
    })),
    {
      name: 'engine.evolve state',
      takes: anything,
      call: (state) => program.evolve(state, whole.log[0]),
      right: never,
    },
    {
      name: 'engine.evolve event',
      takes: [...anything, 'event-sequences'],
      call: (event) => program.evolve(start, event),
      right: never,
    },
    {
      name: 'preview state',
      takes: anything,
      call: (state) => library.preview(program, state, order()),
      right: never,
      refusal: () => undefined,
    },
    {
      name: 'engine.start',
      takes: anything,
      call: (subject) => program.start(subject).subject,
      right: (value, subject) => typeof value === 'string' && value === subject,
    },

    // Logs.
    {
      name: 'restore events',
      takes: [...anything, 'event-sequences'],
      call: (events) => library.restore(program, 'u1', events).version,
      right: (value, version) => Array.isArray(value) && value.length === 0 && version === 0,
    },
    {
      name: 'restore one event',
      takes: [...anything],
      call: (event) => library.restore(program, 'u1', [event]),
      right: never,
    },
    ...['id', 'type', 'subject', 'occurredAt', 'recordedAt', 'cause', 'data'].map((key) => ({
      name: `restore event.${key}`,
      takes: values,
      call: (value) => library.restore(program, 'u1', [order({ [key]: value })]),
      right: (value, state) =>
        key === 'id'
          ? typeof value === 'string' && state.version === 1
          : key === 'subject'
            ? value === 'u1'
            : key === 'occurredAt'
              ? isMoment(value) && state.at === value
              : key === 'type'
                ? typeof value === 'string' && state.version === 0
                : key === 'data'
                  ? isRecord(value)
                  : value === undefined || (key === 'recordedAt' && isMoment(value)),
    })),
    ...Object.keys(whole.log.find(({ type }) => type === 'points/earned').data).map((key) => ({
      name: `restore points/earned data.${key}`,
      takes: ['numbers', 'strings', 'objects', 'values-for-rules', 'canaries'],
      call(value) {
        const log = whole.log.map((event) =>
          event.type === 'points/earned' ? { ...event, data: { ...event.data, [key]: value } } : event,
        )
        return library.restore(program, 'u1', log)
      },
      floats: true,
      right: () => true,
    })),
    {
      name: 'resume state',
      takes: anything,
      call: (state) => library.resume(program, state, whole.log),
      right: never,
    },
    { name: 'replay log', takes: anything, call: (log) => library.replay(program, log), right: never },
    {
      name: 'replay tail',
      takes: anything,
      call: (tail) => library.replay(program, { checkpoint: start, tail }).state.version,
      right: (value, version) => Array.isArray(value) && value.length === 0 && version === 0,
    },
    {
      name: 'replay add',
      takes: anything,
      call: (add) => library.replay(program, { checkpoint: start, tail: whole.log }, { add }).state.version,
      right: (value) => value === undefined || (Array.isArray(value) && value.length === 0),
    },
    {
      name: 'replay one fact more',
      takes: anything,
      call: (fact) => library.replay(program, { checkpoint: start, tail: whole.log }, { add: [fact] }),
      right: never,
    },
    {
      name: 'replay remove',
      takes: anything,
      call: (id) => library.replay(program, { checkpoint: start, tail: whole.log }, { remove: [id] }),
      right: never,
    },
    {
      name: 'replay merge subject',
      takes: anything,
      call: (subject) =>
        library.replay(
          program,
          { checkpoint: start, tail: whole.log },
          { merge: { subject, events: [order({ id: 'other', subject: 'u2' })] } },
        ),
      right: never,
    },
    {
      name: 'replay merge with a taken id',
      takes: ['canaries', 'strings'],
      call: (id) =>
        library.replay(
          program,
          { checkpoint: start, tail: [order({ id })] },
          { add: [order({ id }, { amount: '1' })] },
        ),
      right: never,
    },
    ...['at', 'openSince', 'correct'].map((key) => ({
      name: `replay ${key}`,
      takes: moments,
      call: (value) =>
        library.replay(program, { checkpoint: start, tail: whole.log }, { [key]: value }).state.at,
      right: (value, at) => value === undefined || (isMoment(value) && (key === 'openSince' || at >= value)),
    })),
    {
      name: 'replay checkpoint',
      takes: anything,
      call: (checkpoint) => library.replay(program, { checkpoint, tail: whole.log }),
      right: never,
    },
    {
      name: 'forget subject',
      takes: texts,
      call: (subject) => library.forget(program, whole.state, whole.log, subject).state.version,
      right: (_, version) => version === whole.state.version,
    },
    {
      name: 'forget state',
      takes: values,
      call: (state) => library.forget(program, state, [], 'u1'),
      right: never,
    },
    {
      name: 'forget events',
      takes: anything,
      call: (events) => library.forget(program, whole.state, events, 'u1').events,
      right: (value, events) => Array.isArray(value) && same(value, events) && value.length === 0,
    },
    { name: 'route event', takes: anything, call: (event) => library.route(program, event), right: never },
    {
      name: 'route event.subject',
      takes: anything,
      call: (subject) => library.route(program, order({ subject })),
      right: (value, [{ subject }]) => typeof value === 'string' && subject === value,
    },

    // Words.
    {
      name: 'explain code',
      takes: texts,
      call: (code) => typeof code === 'string' && library.explain(program, { code }, 'en'),
      right: (code, text) => typeof code !== 'string' || typeof text === 'string',
    },
    {
      name: 'explain a word',
      takes: texts,
      call: (word) => typeof word === 'string' && library.explain(program, word, 'zh'),
      right: (word, text) => typeof word !== 'string' || text === word,
    },

    // Definitions.
    ...fromJson,
    ...typed,

    // Time.
    {
      name: 'parseInstant',
      takes: anything,
      binds: ['dates'],
      call: (value) => library.parseInstant(value) ?? { none: true },
      refusal: (answer) => (answer.none ? { code: 'nothing-pending' } : undefined),
      right: (value, at) => at === momentIn(value),
    },
    {
      name: 'instant',
      takes: anything,
      definition: true,
      call: library.instant,
      right: (value, at) => at === momentIn(value),
    },
    {
      name: 'isInstant',
      takes: anything,
      call: library.isInstant,
      right: (value, answer) => answer === isMoment(value),
    },
    {
      name: 'formatInstant',
      takes: anything,
      call: library.formatInstant,
      right: (value, text) => isMoment(value) && Date.parse(text) === value,
    },
    {
      name: 'isZone',
      takes: anything,
      binds: [],
      call: library.isZone,
      right: (value, answer, one) =>
        one.id.startsWith('timezones')
          ? one.expect === 'either' || answer === (one.expect === 'accept')
          : !answer || offsetOf(value, noon) !== undefined,
    },
    {
      name: 'calendarOf zone',
      takes: anything,
      binds: ['timezones'],
      definition: true,
      call: (zone) => library.calendarOf({ zone }).offsetAt(noon),
      right: (zone, offset) => offset === offsetOf(zone, noon),
    },
    {
      name: 'transitionsOf zone',
      takes: anything,
      binds: ['timezones'],
      definition: true,
      call: (zone) => library.transitionsOf(zone, noon - day, noon),
      right: (zone, { initial }) => initial === offsetOf(zone, noon),
    },
    ...['from', 'until'].map((end) => ({
      name: `transitionsOf ${end}`,
      takes: moments,
      call: (at) =>
        end === 'from'
          ? library.transitionsOf('Europe/London', at, 0)
          : library.transitionsOf('Europe/London', noon - 400 * day, at),
      right: (at, table) => isMoment(zero(at)) && table.at.length === table.offsets.length,
      limit: 3000,
    })),
    ...[
      'offsetAt',
      'local',
      'localDay',
      'localMonthIndex',
      'localDate',
      'localMonth',
      'startOf',
      'startOfNext',
      'add',
    ].map((verb) => ({
      name: `calendar.${verb} at`,
      takes: moments,
      call: (at) => (verb.startsWith('startOf') ? newYork[verb]('week', at) : newYork[verb](at, { days: 1 })),
      right: (at) => isMoment(zero(at)),
    })),
    {
      name: 'calendar.startOf unit',
      takes: [...moments, 'paths'],
      call: (unit) => newYork.startOf(unit, noon),
      right: never,
    },
    {
      name: 'calendar.instantOfDay',
      takes: moments,
      call: (n) => utc.instantOfDay(n),
      right: (n, at) => Number.isInteger(n) && (at === zero(n) * day || Math.abs(n) > 700_000),
    },
    ...['year', 'month', 'day', 'hour', 'minute', 'second', 'millisecond'].map((part) => ({
      name: `calendar.instantOf ${part}`,
      takes: moments,
      call: (value) => utc.instantOf({ year: 2024, month: 3, day: 5, [part]: value }),
      right: (value, at) =>
        (value === undefined && !['year', 'month', 'day'].includes(part)) ||
        (isInteger(zero(value)) && utc.local(at)[part] === zero(value)),
    })),
    ...['isoWeek', 'weekOf', 'fiscalPeriod', 'isOpen', 'isNamed', 'workedBetween'].map((verb) => ({
      name: `full calendar.${verb}`,
      takes: moments,
      floats: true,
      limit: 500,
      call: (at) =>
        verb === 'isNamed'
          ? office.isNamed('sale', at)
          : verb === 'workedBetween'
            ? [office.workedBetween(at, noon), office.workedBetween(noon, at)]
            : office[verb](at),
      right: (at) => Number.isInteger(at),
    })),
    {
      name: 'full calendar.addWorked at',
      takes: moments,
      floats: true,
      limit: 500,
      call: (at) => office.addWorked(at, 3_600_000),
      right: (at) => Number.isInteger(at),
    },
    {
      name: 'full calendar.addWorked milliseconds',
      takes: moments,
      call: (milliseconds) => office.addWorked(noon, milliseconds),
      right: (milliseconds, at) =>
        Number.isInteger(milliseconds) &&
        milliseconds >= 0 &&
        office.workedBetween(noon, at) === zero(milliseconds),
    },
    {
      name: 'full calendar.isBusinessDay',
      takes: moments,
      call: (n) => office.isBusinessDay(n),
      right: (n, open) => Number.isInteger(n) && typeof open === 'boolean',
    },
    ...['named', 'isNamed'].map((verb) => ({
      name: `full calendar.${verb} name`,
      takes: [...moments, 'paths'],
      definition: true,
      call: (name) => office[verb](name, noon),
      right: never,
    })),
    ...['fiscal-month', 'quarter', 'week'].flatMap((unit) =>
      ['startOf', 'startOfNext'].map((verb) => ({
        name: `full calendar.${verb} ${unit}`,
        takes: moments,
        call: (at) => office[verb](unit, at),
        right: (at) => isMoment(zero(at)) || Number.isInteger(at),
      })),
    ),
    ...['businessDays', 'workHours', 'workMinutes'].map((unit) => ({
      name: `full calendar.add ${unit}`,
      takes: moments,
      definition: true,
      limit: 1000,
      call: (count) => office.add(noon, { [unit]: count }),
      right: (count, at) => isInteger(zero(count)) && count >= 0 && at >= noon,
    })),
    {
      name: 'full calendar.add at',
      takes: moments,
      limit: 500,
      call: (at) => office.add(at, { workHours: 3 }),
      right: (at) => Number.isInteger(at),
    },
    {
      name: 'zoneFingerprint',
      takes: moments,
      definition: true,
      call: library.zoneFingerprint,
      right: never,
    },
    {
      name: 'zoneFingerprint zone',
      takes: [...moments, 'timezones'],
      definition: true,
      limit: 1000,
      call: (zone) => library.zoneFingerprint({ zone }),
      right: (zone, text) => library.isZone(zone) && text.length === 12,
    },
    {
      name: 'chineseDateOf',
      takes: moments,
      call: (n) => library.chineseDateOf(n) ?? null,
      right: (n, date) =>
        Number.isInteger(n) && (date === null || library.dayOfChineseDate(date) === zero(n)),
    },
    ...[undefined, 'year', 'month', 'leap', 'day'].flatMap((key) =>
      ['dayOfChineseDate', 'chineseMonthLength'].map((verb) => ({
        name: `${verb} ${key ?? 'date'}`,
        takes: moments,
        call: (value) =>
          library[verb](
            key === undefined ? value : { year: 2020, month: 4, leap: true, day: 3, [key]: value },
          ) ?? null,
        right: (_, answer) => answer === null || (key !== undefined && isInteger(answer)),
      })),
    ),
    ...[undefined, 'calendar', 'born', 'leapDay', 'leapMonth', 'shortMonth'].flatMap((key) =>
      ['anniversariesOf', 'gregorianAnniversaries', 'chineseAnniversaries'].map((define) => ({
        name: `${define} ${key ?? 'rule'}`,
        takes: moments,
        definition: true,
        limit: 500,
        call(value) {
          const calendar = define === 'gregorianAnniversaries' ? 'gregorian' : 'chinese'
          const rule = { calendar, born: 11_016, leapDay: 'mar-1', leapMonth: 'both', shortMonth: 'last' }
          const { next, nth } = library[define](key === undefined ? value : { ...rule, [key]: value })
          return [next(18_000) ?? null, nth(1)]
        },
        right: (value) => key !== undefined && (key !== 'born' || Number.isInteger(value)),
      })),
    ),
    ...['gregorian', 'chinese'].flatMap((calendar) =>
      ['next', 'nth'].map((verb) => ({
        name: `${calendar} anniversaries.${verb}`,
        takes: moments,
        call: (value) =>
          library
            .anniversariesOf({
              calendar,
              born: 11_016,
              leapDay: 'mar-1',
              leapMonth: 'both',
              shortMonth: 'last',
            })
            [verb](value) ?? null,
        floats: true,
        right: (value) => typeof value === 'number',
      })),
    ),
    { name: 'calendar.instantOf', takes: moments, call: (value) => utc.instantOf(value), right: never },
    {
      name: 'calendar.add duration',
      takes: [...moments, 'paths', 'amounts'],
      definition: true,
      call: (duration) => newYork.add(noon, duration),
      right: never,
    },
    ...['seconds', 'days', 'months', 'at', 'end', 'next'].map((unit) => ({
      name: `checkDuration ${unit}`,
      takes: [...moments, 'paths'],
      definition: true,
      call: (value) =>
        library.checkDuration(
          unit === 'at' || unit === 'end' ? { days: 1, [unit]: value } : { [unit]: value },
          '$',
        ),
      floats: true,
      right: (value) => Number.isSafeInteger(value) && value >= 0 && value < 4e11,
    })),
    {
      name: 'explainDuration',
      takes: moments,
      definition: true,
      call: (value) => library.explainDuration(value, 'en'),
      right: never,
    },
    { name: 'exactLength', takes: moments, definition: true, call: library.exactLength, right: never },
    {
      name: 'next',
      takes: moments,
      definition: true,
      call: (weekday) => newYork.add(noon, library.next({ weekday })),
      right: (value) => value >= 1 && value <= 7,
    },
    {
      name: 'calendar.instantOf a local time',
      takes: ['dst'],
      call: ({ zone, local }) => library.calendarOf({ zone }).instantOf(localOf(local)),
      right: ({ compatible, earlier, later, kind }, at) =>
        at === Date.parse(compatible) && at === Date.parse(kind === 'gap' ? later : earlier),
    },
    {
      name: 'calendar.startOf, startOfNext day',
      takes: ['dst'],
      call: ({ zone, compatible }) => [
        library.calendarOf({ zone }).startOf('day', Date.parse(compatible)),
        library.calendarOf({ zone }).startOfNext('day', Date.parse(compatible)),
      ],
      right: ({ start_of_day, hours_in_day }, [from, until]) =>
        from === Date.parse(start_of_day) && (until - from) / 3_600_000 === hours_in_day,
    },
    {
      name: 'the same with a table',
      takes: ['dst'],
      call: ({ zone, local, compatible }) =>
        library
          .calendarOf({
            zone: 'Host/Table',
            transitions: library.transitionsOf(
              zone,
              Date.parse(compatible) - 400 * day,
              Date.parse(compatible) + 400 * day,
            ),
          })
          .instantOf(localOf(local)),
      right: ({ compatible }, at) => at === Date.parse(compatible),
    },
    {
      name: 'calendar.add',
      takes: ['calendar-truths'],
      call: ({ date, add }) =>
        zones.map((zone) => zone.localDate(zone.add(zone.instantOf(localOf(`${date}T12:00:00`)), add))),
      right: (_, dates, { expect }) => dates.every((date) => date === expect),
    },
    {
      name: 'a stage reached after so long',
      takes: ['calendar-truths'],
      call: ({ date, add }) => reachedAfter(library, date, add),
      right: (_, reached, { expect }) => reached === expect,
    },

    // Amounts.
    {
      name: 'toMoney amount',
      takes: amounts,
      binds: ['amounts'],
      call: (value) => library.toMoney(value, 'CNY', { digits: 8 }),
      right: (value, { amount }) => isAmount(value, 8) && trimmed(amount) === trimmed(value),
    },
    {
      name: 'toMoney currency',
      takes: [...amounts, 'paths'],
      call: (currency) => library.toMoney('1', currency),
      right: never,
    },
    {
      name: 'toMoney digits',
      takes: amounts,
      call: (digits) => library.toMoney('1.5', 'CNY', { digits }),
      right: (digits, { amount }) =>
        digits === undefined ||
        digits === null ||
        (Number.isInteger(digits) && digits >= 0 && digits <= 8 && amount === '1.50'),
    },
    {
      name: 'toMoney options',
      takes: ['objects', 'values-for-rules'],
      call: (options) => library.toMoney('1.5', 'CNY', options).amount,
      right: (options, amount) => amount === '1.50' && options?.digits === undefined,
    },
    {
      name: 'moneyOf',
      takes: amounts,
      call: (value) => library.moneyOf(value, 'CNY'),
      right: (value, { amount }) =>
        (typeof value === 'bigint' || isInteger(value) || Object.is(value, -0)) &&
        trimmed(amount) === trimmed(BigInt(value) < 0n ? `-${cny(-BigInt(value))}` : cny(BigInt(value))),
    },
    {
      name: 'parseMinor',
      takes: [...amounts, 'json-texts'],
      call: (value) => library.parseMinor(value, 8) ?? { none: true },
      refusal: (answer) => (answer.none ? { code: 'nothing-pending' } : undefined),
      binds: [],
      right: (value, minor) =>
        isAmount(value, 8) &&
        minor ===
          Number(
            trimmed(value).includes('.')
              ? BigInt(trimmed(value).split('.')[0] + trimmed(value).split('.')[1].padEnd(8, '0'))
              : BigInt(trimmed(value)) * 100000000n,
          ),
    },
    {
      name: 'parseMinor digits',
      takes: ['numbers', 'values-for-rules'],
      call: (digits) => library.parseMinor('5', digits) ?? { none: true },
      refusal: (answer) => (answer.none ? { code: 'nothing-pending' } : undefined),
      right: (digits, minor) => Number.isInteger(digits) && digits >= 0 && minor === Number(`5e${digits}`),
    },
    {
      name: 'formatMinor',
      takes: amounts,
      call: (value) => library.formatMinor(value, 2),
      right: (value, text) =>
        Number.isSafeInteger(value) &&
        trimmed(text) === trimmed(value < 0 ? `-${cny(BigInt(-value))}` : cny(BigInt(value))),
    },
    {
      name: 'formatMinor digits',
      takes: ['numbers', 'values-for-rules'],
      call: (digits) => library.formatMinor(150, digits),
      right: (digits, text) =>
        Number.isInteger(digits) && digits >= 0 && digits <= 8 && Number(text) === Number(`150e-${digits}`),
    },
    ...['amount', 'currency', undefined].flatMap((key) => {
      const put = (value) => (key === undefined ? value : { ...money('1.00'), [key]: value })
      const right = (value, answer) => key === 'amount' && isAmount(value, 8) && said(answer) !== ''
      return [
        [
          'sumMoney',
          (value) => library.sumMoney([money('0'), put(value)]),
          (value, { amount }) => right(value) && trimmed(amount) === trimmed(value),
        ],
        [
          'addMoney',
          (value) => library.addMoney(put(value), money('0')),
          (value, { amount }) => right(value) && trimmed(amount) === trimmed(value),
        ],
        [
          'subtractMoney',
          (value) => library.subtractMoney(put(value), money('0')),
          (value, { amount }) => right(value) && trimmed(amount) === trimmed(value),
        ],
        [
          'negateMoney',
          (value) => library.negateMoney(library.negateMoney(put(value))),
          (value, { amount }) => right(value) && trimmed(amount) === trimmed(value),
        ],
        [
          'compareMoney',
          (value) => library.compareMoney(put(value), money('0')),
          (value, order_) => right(value) && Math.sign(order_) === Math.sign(Number(value)),
        ],
        [
          'multiplyMoney',
          (value) => library.multiplyMoney(put(value), '1', 'half-even'),
          (value, { amount }) => right(value) && (!isAmount(value, 2) || trimmed(amount) === trimmed(value)),
        ],
        [
          'allocate',
          (value) => library.sumMoney(library.allocate(put(value), [1, 2, 3])),
          (value, { amount }) => right(value) && trimmed(amount) === trimmed(value),
        ],
      ].map(([verb, call, isRight]) => ({
        name: `${verb} ${key ?? 'money'}`,
        takes: key === 'currency' ? [...amounts, 'paths'] : amounts,
        call,
        right: isRight,
      }))
    }),
    {
      name: 'sumMoney list',
      takes: ['objects', 'values-for-rules', 'strings'],
      call: (list) => library.sumMoney(list, 'CNY').amount,
      right: (list, amount) => Array.isArray(list) && list.length === 0 && amount === '0.00',
    },
    {
      name: 'multiplyMoney rate',
      takes: amounts,
      call: (rate) => library.multiplyMoney(money('100.00'), rate, 'half-even'),
      right: (rate, { amount }) =>
        isAmount(rate, 24) &&
        Math.abs(Number(amount) - 100 * Number(rate)) <= 0.005 + 1e-9 * Math.abs(Number(amount)),
    },
    {
      name: 'multiplyMoney rounding',
      takes: ['strings', 'values-for-rules', 'numbers'],
      call: (rounding) => library.multiplyMoney(money('100.00'), '1', rounding),
      right: never,
    },
    numeric(
      'roundToMoney',
      (value) => library.roundToMoney(value, { currency: 'CNY', rounding: 'half-even' }),
      (value, { amount }) =>
        typeof value === 'number' &&
        Math.abs(value) <= 1e24 &&
        Math.abs(Number(amount) - value) <= 0.005 + 1e-15 * Math.abs(value),
    ),
    {
      name: 'roundToMoney options',
      takes: ['objects', 'values-for-rules'],
      call: (options) => library.roundToMoney(1, options),
      right: never,
    },
    numeric(
      'allocateUnits whole',
      (value) => library.allocateUnits(value, [1, 2]),
      (value, parts) =>
        (typeof value === 'bigint' || Number.isSafeInteger(value)) &&
        BigInt(parts[0]) + BigInt(parts[1]) === BigInt(value),
    ),
    numeric(
      'allocate ratio',
      (value) => library.sumMoney(library.allocate(money('100.00'), [value, 1])),
      (value, { amount }) =>
        amount === '100.00' &&
        (typeof value === 'bigint' ||
          isInteger(value) ||
          Object.is(value, -0) ||
          /^[\d.]+(\/\d+)?%?$/.test(value)),
      { takes: [...amounts] },
    ),
    numeric('allocate ratios', (value) => library.allocate(money('100.00'), value), never),
    {
      name: 'allocate method',
      takes: ['strings', 'values-for-rules'],
      call: (method) => library.allocateUnits(10, [1, 1, 1], method),
      right: (method) => method === undefined,
    },
    {
      name: 'parseRatio',
      takes: amounts,
      call: (value) => library.parseRatio(value),
      right: (value, { numerator, denominator }) =>
        (typeof value === 'number' || typeof value === 'string') &&
        Math.abs(numerator / denominator - ratioOf(value)) <= 1e-15 * Math.abs(ratioOf(value)),
    },
    {
      name: 'minorDigits',
      takes: texts,
      call: (currency) => library.minorDigits(currency),
      right: (_, digits) => isInteger(digits),
    },
    ...[0, 1, 2].map((place) =>
      numeric(
        `mulDiv ${place}`,
        (value) =>
          library.mulDiv(...[7, 3, 2].map((one, i) => (i === place ? value : one))) ?? { none: true },
        (value, { none, quotient, remainder }) =>
          Number.isSafeInteger(value) && (none === true || checked(place, value, quotient, remainder)),
      ),
    ),
    ...[0, 1, 2].map((place) =>
      numeric(
        `shareOf ${place}`,
        (value) => library.shareOf(...[100, 0, 7].map((one, i) => (i === place ? value : one))),
        (value, share) =>
          Number.isSafeInteger(value) && share === (place === 1 ? Math.floor((100 * value) / 7) : 0),
      ),
    ),
    ...[0, 1].map((place) =>
      numeric(
        `stepsIn ${place}`,
        (value) => library.stepsIn(...[7, 2].map((one, i) => (i === place ? value : one)), 'truncate'),
        (value, steps) =>
          Number.isSafeInteger(value) && steps === Math.trunc(place === 0 ? value / 2 : 7 / value),
      ),
    ),
    numeric(
      'lcm',
      (value) => library.lcm(value, 6) ?? { none: true },
      (value, answer) =>
        Number.isSafeInteger(value) &&
        (answer.none === true || answer === 0 || (answer % 6 === 0 && answer % value === 0)),
    ),

    // Chance, texts and measures.
    numeric(
      'random seed',
      (seed) => library.random(seed).next(),
      (seed, answer) =>
        (typeof seed === 'string' || Number.isFinite(seed)) &&
        answer === library.random(String(Object.is(seed, -0) ? 0 : seed)).next(),
      { takes: values },
    ),
    numeric(
      'random.fork',
      (label) => library.random(1).fork(label).next(),
      (label) => typeof label === 'string' || Number.isFinite(label),
      { takes: values },
    ),
    ...['low', 'high'].map((end) =>
      numeric(
        `random.integer ${end}`,
        (value) =>
          end === 'low' ? library.random(1).integer(value, 10) : library.random(1).integer(-10, value),
        (value, drawn) =>
          Number.isSafeInteger(value) &&
          (end === 'low' ? drawn >= value && drawn <= 10 : drawn <= value && drawn >= -10),
      ),
    ),
    numeric(
      'random.pick',
      (list) => library.random(1).pick(list),
      (list, item) => Array.isArray(list) && list.includes(item),
    ),
    { name: 'restoreRandom', takes: values, call: library.restoreRandom, right: never },
    ...['key', 'words', 'algorithm'].map((key) => ({
      name: `restoreRandom ${key}`,
      takes: values,
      call: (value) => library.restoreRandom({ ...library.random(1).state(), [key]: value }),
      right: never,
    })),
    {
      name: 'subjectOf',
      takes: anything,
      call: (part) => library.subjectOf('mother', part),
      right: (part, subject) =>
        typeof part === 'string' && subject === `mother/${part.replaceAll('~', '~0').replaceAll('/', '~1')}`,
    },
    ...[
      ['subjectOf of parts', (parts) => library.subjectOf(...parts)],
      ['canonical of parts', (parts) => library.canonical(parts)],
      ['digest of canonical', (parts) => library.digest(library.canonical(parts))],
      [
        'forks of forks',
        (parts) => parts.reduce((chance, part) => chance.fork(part), library.random('seed')).next(),
      ],
      ['rule and origin', (parts) => pointsOfOrigin(library, points, parts)],
      ['content of an id', (parts) => contentOf(library, parts)],
    ].map(([name, key]) => ({
      name,
      takes: ['delimiter-collisions'],
      call: (lists) => lists.map(key),
      right: (_, [a, b]) => !same(a, b),
    })),
    {
      name: 'canonical',
      takes: [...values, 'regexes'],
      call: library.canonical,
      right: (value, text) =>
        same(sorted(JSON.parse(text)), sorted(value)) || (Object.is(value, -0) && text === '0'),
    },
    {
      name: 'plain',
      takes: values,
      call: library.plain,
      right: (value, copy) => same(copy, JSON.parse(JSON.stringify(value))),
    },
    {
      name: 'digest',
      takes: values,
      call: (text) => library.digest(text),
      right: (text, bits) => typeof text === 'string' && isInteger(bits),
    },
    ...['successes', 'trials', 'level'].map((key) =>
      numeric(
        `wilson ${key}`,
        (value) => library.wilson({ successes: 0, trials: 10, level: 0.95, [key]: value }),
        (value, answer) =>
          typeof value === 'number' &&
          (answer.kind === 'undefined' ||
            (answer.interval.low <= answer.value && answer.value <= answer.interval.high)),
      ),
    ),
    { name: 'wilson', takes: ['objects', 'values-for-rules'], call: library.wilson, right: never },
    numeric(
      'normalQuantile',
      library.normalQuantile,
      (p, z) => typeof p === 'number' && p > 0 && p < 1 && z < 0 === p < 0.5,
    ),
    {
      name: 'wilson of a cohort',
      takes: ['stat-datasets'],
      call: ({ active, cohort }) => library.wilson({ successes: active, trials: cohort, level: 0.95 }),
      right: never,
    },

    // Aggregates.
    ...boundariesOfRetention(library),

    ...boundariesOfReports(library, retention.definition, { values, moments }),

    // Patterns are text like any other.
    {
      name: 'a condition on a text',
      takes: ['regexes'],
      call: ({ pattern, input }) => matchesIn(library, shop, pattern, input),
      right: ({ pattern, input }, held) => held === (pattern === input),
    },
    {
      name: 'readers of a text',
      takes: ['regexes'],
      call: ({ pattern, input }) =>
        [pattern, input].map((text) => [
          library.parseInstant(text),
          library.parseMinor(text, 2),
          library.isZone(text),
          library.subjectOf(text).length,
          shop.read(text),
        ]),
      floats: true,
      right: (_, answers) =>
        answers.every(
          ([at, minor, zone, length, { refusal }]) =>
            at === undefined && minor === undefined && !zone && length > 0 && refusal.code === 'not-an-event',
        ),
    },

    // Sequences.
    ...['perm', 'idem', 'split'].map((law) => ({
      name: `a log: ${law}`,
      takes: ['event-sequences'],
      limit: 5000,
      call: (sequence) => sequences[law](library, sequence),
      right: (_, found) => found === true || found,
    })),
  ]
}

const isRecord = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)

const localOf = (text) => {
  const [year, month, day_, hour, minute, second] = text.split(/[-T:]/).map(Number)
  return { year, month, day: day_, hour, minute, second }
}

/** The offset that the runtime itself gives, read another way: the local time as if it were UTC. */
function offsetOf(zone, at) {
  const format = new Intl.DateTimeFormat('en-US', {
    timeZone: zone,
    hourCycle: 'h23',
    year: 'numeric',
    month: 'numeric',
    day: 'numeric',
    hour: 'numeric',
    minute: 'numeric',
    second: 'numeric',
  })
  const {
    year,
    month,
    day: date,
    hour,
    minute,
    second,
  } = Object.fromEntries(format.formatToParts(at).map(({ type, value }) => [type, Number(value)]))
  return Date.UTC(year, month - 1, date, hour, minute, second) - at
}

const checked = (place, value, quotient, remainder) => {
  const [a, b, c] = [7n, 3n, 2n].map((one, i) => (i === place ? BigInt(value) : one))
  return (
    BigInt(quotient) * c + BigInt(remainder) === a * b && BigInt(remainder) >= 0n && BigInt(remainder) < c
  )
}

/** Keys in order, what holds nothing left out: what canonical text keeps. */
function sorted(value, depth = 0) {
  if (typeof value !== 'object' || value === null || depth > 100) return Object.is(value, -0) ? 0 : value
  if (Object.prototype.toString.call(value) === '[object Date]') return value
  if (Array.isArray(value)) return value.map((one) => sorted(one, depth + 1))
  const entries = Object.entries(value).filter(([, one]) => one !== undefined)
  return Object.fromEntries(
    entries.sort(([a], [b]) => (a < b ? -1 : 1)).map(([key, one]) => [key, sorted(one, depth + 1)]),
  )
}

/** A program's parts are tried on their own. */
const levelsOf = (name) => (/program/i.test(name) ? 2 : 12)

/** Which parts of a definition take which kind of value. */
const goes = {
  numbers: (value) => typeof value === 'number',
  strings: (value) => typeof value === 'string',
  paths: (value) => typeof value === 'string',
  timezones: (_, key) => key === 'zone',
  amounts: (value, key) => /^[\d.]+$/.test(value) || key === 'per' || key === 'by',
  dates: (value) => typeof value === 'number' || (typeof value === 'object' && !Array.isArray(value)),
}

/** The accepted engines of a definition in which each part in turn is another value; nothing untyped may come out. */
function everyPart(definition, value, define, isTyped, fits = () => true, levels = 12) {
  const accepted = []
  const walk = (node, rebuild, depth) => {
    if (typeof node !== 'object' || node === null || depth > levels) return
    for (const key of Object.keys(node)) {
      const put = (part) =>
        rebuild(
          Array.isArray(node)
            ? node.map((one, i) => (String(i) === key ? part : one))
            : { ...node, [key]: part },
        )
      if (fits(node[key], key)) {
        const given = put(value)
        try {
          accepted.push([given, define(given)])
        } catch (error) {
          if (!isTyped(error)) throw error
        }
      }
      walk(node[key], put, depth + 1)
    }
  }
  walk(definition, (part) => part, 0)
  return accepted
}

/** The local date on which a stage is reached that is due so long after a day's noon. */
function reachedAfter({ defineEvents, defineLifecycle }, date, add) {
  const engine = defineLifecycle({
    id: 'wait',
    version: 1,
    calendar: { zone: 'UTC' },
    events: defineEvents({ visited: {} }),
    activity: [],
    stages: ['before', 'after'],
    initial: 'before',
    rules: { before: [{ to: 'after', inStageFor: add }], after: [] },
  })
  const at = Date.parse(`${date}T12:00:00Z`)
  const { state } = engine.decide(engine.start('u1'), {
    id: 'v',
    type: 'visited',
    subject: 'u1',
    occurredAt: at,
    data: {},
  })
  return new Date(engine.nextChange(state, at).at).toISOString().slice(0, 10)
}

/** Names of points earned under a rule for an origin, as the account keeps them. */
function pointsOfOrigin({ pointsFrom }, points, [rule, origin]) {
  const { events, calendar } = points.definition
  const earning = [{ rule, on: 'order-paid', earns: { points: 1 }, origin: 'orderId' }]
  const engine = pointsFrom({ model: 'points', id: 'p', version: 1, calendar, events, earning })
  const { state } = engine.decide(engine.start('u1'), order({}, { orderId: origin }))
  return state.of.origins.items[0].key
}

/** What a second input of one id is taken for: content that differs only in where a text ends is another. */
function contentOf({ defineEvents, defineLifecycle }, [a, b]) {
  const engine = defineLifecycle({
    id: 'l',
    version: 1,
    calendar: { zone: 'UTC' },
    events: defineEvents({ said: { a: { type: 'text' }, b: { type: 'text' } } }),
    activity: [],
    stages: ['s'],
    initial: 's',
    rules: { s: [] },
  })
  const { state } = engine.decide(engine.start('u1'), {
    id: 'one',
    type: 'said',
    subject: 'u1',
    occurredAt: noon,
    data: { a, b },
  })
  return state.ids.latest[0][1]
}

/** Whether a text is the pattern, asked in a stage's rule. */
function matchesIn({ defineLifecycle }, shop, pattern, input) {
  const engine = defineLifecycle({
    id: 'm',
    version: 1,
    calendar: { zone: 'UTC' },
    events: shop,
    activity: [],
    stages: ['a', 'b'],
    initial: 'a',
    rules: {
      a: [
        {
          to: 'b',
          when: shop
            .last('order-paid', 'orderId')
            .is(pattern)
            .or(shop.count('order-paid', { where: { orderId: [pattern] } }).gte(1)),
        },
      ],
      b: [],
    },
  })
  const outcome = engine.decide(engine.start('u1'), order({}, { orderId: input.slice(0, 10_000) }))
  return engine.view(outcome.state, noon).stage === 'b'
}

/** Sequences of neutral events, told to a points engine, a lifecycle and retention. */
const sequences = {
  perm(library, sequence) {
    const { engines, inputs, fold } = tellers(library, sequence)
    for (const engine of engines) {
      const orders = inputs.length > 5 ? [[...inputs].reverse()] : permutations(inputs)
      // What comes in any order is replayed in one; `decide` says when something came late.
      const facts = inputs.filter(
        (input) =>
          input.subject === 'u1' &&
          Object.hasOwn(engine.model.hears, input.type) &&
          'input' in engine.read(input),
      )
      const replayed = (list) =>
        library.replay(
          engine,
          { checkpoint: engine.start('u1'), tail: [] },
          { add: list.filter((input) => facts.includes(input)) },
        ).state
      const expected = replayed(inputs)
      for (const one of orders) {
        if (!same(replayed(one), expected)) return `${engine.id}: another state`
        let last = Number.NEGATIVE_INFINITY
        for (const input of one) {
          if (input.occurredAt < last && !fold(engine, one).refused.some((code) => typeof code === 'string'))
            return 'nothing was late'
          last = Math.max(last, input.occurredAt)
        }
      }
    }
    return retained(library, sequence, [[...inputs].reverse()])
  },
  idem(library, sequence) {
    const { engines, inputs, fold } = tellers(library, sequence)
    for (const engine of engines) {
      const once = fold(engine, inputs)
      const twice = fold(
        engine,
        inputs.flatMap((input) => [input, input]),
      )
      if (!same(once.state, twice.state)) return `${engine.id}: another state`
      const again = once.log.flatMap((event) => [event, event])
      if (!same(library.restore(engine, 'u1', again), library.restore(engine, 'u1', once.log)))
        return `${engine.id}: another log`
    }
    return retained(library, sequence, [[...inputs, ...inputs]])
  },
  split(library, sequence) {
    const { engines, inputs, fold } = tellers(library, sequence)
    for (const engine of engines) {
      const { state, log, view } = fold(engine, inputs)
      if (!same(view, engine.view(library.restore(engine, 'u1', log), state.at ?? 0)))
        return `${engine.id}: not restored`
      for (let cut = 0; cut <= Math.min(log.length, 12); cut += 1) {
        const half = library.restore(engine, 'u1', log.slice(0, cut))
        const resumed = library.resume(engine, JSON.parse(JSON.stringify(half)), log.slice(cut))
        if (!same(resumed, library.restore(engine, 'u1', log)))
          return `${engine.id}: another state from ${cut} on`
      }
    }
    const middle = Math.floor(inputs.length / 2)
    return retained(library, sequence, [inputs.slice(0, middle), inputs.slice(middle)])
  },
}

/** Neutral events as inputs of the hostile program; one subject's at most 12, the rest goes to retention alone. */
function tellers(library, sequence) {
  const { lifecycle, points, program } = programOf(library)
  const words = {
    earn: 'order-paid',
    spend: 'points/redeem',
    reverse: 'order-refunded',
    signup: 'visited',
    activate: 'visited',
    tick: 'visited',
  }
  const inputs = sequence.map(({ id, type, at, user = 'u1', amount, ref }) => ({
    id,
    type: words[type] ?? type,
    subject: user,
    occurredAt: at,
    data:
      type === 'earn'
        ? { orderId: id, ...(amount && { amount }), gift: true }
        : type === 'spend'
          ? { points: Math.ceil(Number(amount)) }
          : type === 'reverse'
            ? { orderId: ref }
            : {},
  }))
  const fold = (engine, list) => {
    let state = engine.start('u1')
    const log = []
    const refused = []
    for (const input of list) {
      const outcome = engine.decide(state, input)
      if (outcome.outcome === 'refused') refused.push(outcome.refusal.code)
      if (outcome.outcome !== 'accepted') continue
      state = outcome.state
      log.push(...outcome.events)
    }
    return { state, log, refused, view: engine.view(state, state.at ?? 0) }
  }
  return { engines: inputs.length > 100 ? [] : [lifecycle, points, program], inputs, fold }
}

/** Whether retention says the same however its events are dealt out. */
function retained(library, sequence, parts) {
  const { retention } = programOf(library)
  const { inputs } = tellers(library, sequence)
  const asOf = { asOf: Date.UTC(2025, 0, 1) }
  const usable = ({ occurredAt }) => occurredAt <= asOf.asOf
  const whole = retention.result(library.collect(retention, inputs.filter(usable)), asOf)
  const partials = parts.map((part) => library.collect(retention, part.filter(usable)))
  const merged = retention.result(
    partials.reduce((a, b) => retention.merge(a, b)),
    asOf,
  )
  return same(whole, merged) || 'another retention'
}

function permutations(list) {
  if (list.length < 2) return [list]
  return list.flatMap((one, i) => permutations(list.filter((_, k) => k !== i)).map((rest) => [one, ...rest]))
}
