// Shared stocks and plans: definitions, commands, holders, steps and reports, each with one part replaced.
import { isMoment, isRecord, isText, never } from './shapes.mjs'

const values = ['numbers', 'strings', 'objects', 'amounts', 'values-for-rules', 'canaries']
const anything = [...values, 'dates', 'timezones', 'paths', 'json-texts']
const at = Date.UTC(2024, 2, 1)

/** Every option of a stock. */
export const stockDefinition = {
  ...{ model: 'stock', id: 'gift', version: 1, calendar: { zone: 'Asia/Shanghai' }, unit: 'pieces' },
  ...{ holdFor: { minutes: 15 }, partialCommit: 'keep-rest', givenBack: 'uses-limits', keep: { days: 9 } },
  limits: [
    { limit: 'each', per: 'holder', most: 3 },
    { limit: 'daily', per: 'all', most: 9, within: { this: 'day' } },
    { limit: 'while', per: 'all', most: 9, within: { days: 3 } },
  ],
  idempotencyWindow: { hours: 1 },
}

/**
 * @param {typeof import('liuliang')} library
 * @param {(definition: object, value: unknown, define: (given: never) => unknown, isTyped: (error: unknown) => boolean) => readonly unknown[]} everyPart
 * @returns {readonly import('./boundaries.mjs').Boundary[]}
 */
export function boundariesOfLedger(library, everyPart) {
  const { defineStock, stockFrom, stockLeft, stockReservation, planOf, stepId } = library
  const { carryOut, reportOf, explainPlan } = library
  const { model: _, ...typed } = stockDefinition
  const gift = stockFrom(stockDefinition)
  const command = (type, data, more = {}) => ({
    ...{ id: 'x', type: `gift/${type}`, subject: 'mug', occurredAt: at + 1000, data },
    ...more,
  })
  const told = (state, input) => gift.decide(state, input).state
  const stocked = told(
    gift.start('mug'),
    command('restock', { amount: 9, reason: 'r' }, { id: 's', occurredAt: at }),
  )
  const state = told(stocked, command('reserve', { amount: 3, holder: 'ann' }, { id: 'r', occurredAt: at }))
  const decides = (type, data, key, right) => ({
    name: `gift/${type} ${key}`,
    takes: anything,
    data: true,
    call: (value) => gift.decide(state, command(type, { ...data, [key]: value })),
    refusal: ({ refusal }) => refusal,
    right: (value, { events, outcome }) => outcome === 'accepted' && right(value, events[0].data),
  })
  const isCount = (most) => (value, data) =>
    Number.isSafeInteger(value) && value > 0 && value <= most && data.amount === value
  const plan = planOf('p', at, [
    {
      ...{
        engine: 'gift',
        subject: 'mug',
        command: { type: 'gift/take', data: { amount: 1, holder: 'ann' } },
      },
      undo: { type: 'gift/give-back', data: { reservation: stepId('p', 0) } },
      moot: ['reservation-over'],
    },
    {
      ...{ engine: 'points', subject: 'ann' },
      command: { type: 'points/redeem', data: { points: 5 }, expectedVersion: 2 },
    },
  ])
  const steps = [
    {
      ...{
        engine: 'gift',
        subject: 'mug',
        command: { type: 'gift/take', data: { amount: 1 }, expectedVersion: 1 },
      },
      undo: { type: 'gift/give-back', data: { reservation: 'p#0' } },
      moot: ['reservation-over'],
    },
  ]
  const reports = [
    { step: 0, part: 'do', outcome: 'accepted', at },
    { step: 1, part: 'do', outcome: 'refused', at, refusal: { code: 'late', lastAt: at } },
    { step: 1, part: 'do', outcome: 'refused', at, refusal: { code: 'no', requested: 1 } },
    { step: 0, part: 'undo', outcome: 'refused', at, refusal: { code: 'no' } },
  ]
  const stuck = carryOut(plan, reports)
  const attempt = carryOut(plan, [])
  const words = ['do', 'undo', 'done', 'failed', 'stuck', 'unknown']
  const whole = (name, call, right = never) => ({ name, takes: anything, definition: true, call, right })
  const parts = (name, given, call, right) => ({
    name: `${name}, every part replaced`,
    takes: values,
    definition: true,
    floats: true,
    limit: 5000,
    call: (value) => everyPart(given, value, call, library.isTyped),
    right: (_, found) => found.every(([changed, answer]) => right(changed, answer)),
  })
  const agrees = (given, engine) => library.canonical(engine.definition) === library.canonical(given)
  return [
    whole('stockFrom', stockFrom),
    whole('defineStock', defineStock),
    parts('stockFrom', stockDefinition, stockFrom, agrees),
    parts('defineStock', typed, defineStock, (given, engine) => agrees({ model: 'stock', ...given }, engine)),
    decides('restock', { reason: 'r' }, 'amount', isCount(Number.MAX_SAFE_INTEGER - 9)),
    decides('restock', { amount: 1 }, 'reason', (value, { reason }) => isText(value) && reason === value),
    decides('withdraw', { reason: 'r' }, 'amount', isCount(6)),
    decides('reserve', { holder: 'bob' }, 'amount', isCount(3)),
    decides('reserve', { amount: 1 }, 'holder', (value, { holder }) => isText(value) && holder === value),
    decides('reserve', { amount: 1, holder: 'bob' }, 'until', (value, { until }) =>
      value === undefined ? until === at + 901_000 : isMoment(value) && value > at && until === value,
    ),
    decides('take', { holder: 'bob' }, 'amount', isCount(3)),
    decides('commit', { reservation: 'r' }, 'amount', (value, data) =>
      value === undefined ? data.amount === 3 : isCount(3)(value, data),
    ),
    decides('commit', {}, 'reservation', (value) => value === 'r'),
    decides('release', {}, 'reservation', (value) => value === 'r'),
    decides('give-back', { reservation: 'r' }, 'amount', never),
    decides('close', {}, 'reason', (value, { reason }) => isText(value) && reason === value),
    whole('stockReservation state', (given) => stockReservation(gift, given, 'r', at)),
    whole(
      'stockReservation reservation',
      (name) => stockReservation(gift, state, name, at)?.reserved,
      (value, reserved) => isText(value) && reserved === (value === 'r' ? 3 : undefined),
    ),
    whole(
      'stockReservation asOf',
      (asOf) => stockReservation(gift, state, 'r', asOf)?.holder,
      (value) => isMoment(value) && value >= at,
    ),
    whole('stockLeft state', (given) => stockLeft(gift, given, 'ann', at)),
    whole(
      'stockLeft holder',
      (holder) => stockLeft(gift, state, holder, at).left,
      (value, left) => isText(value) && left === (value === 'ann' ? 0 : 3),
    ),
    whole(
      'stockLeft asOf',
      (asOf) => stockLeft(gift, state, 'ann', asOf).left,
      (value) => isMoment(value) && value >= at,
    ),
    whole(
      'planOf id',
      (id) => planOf(id, at, steps).steps[0].command.id,
      (value, id) => isText(value) && id === `${value}#0`,
    ),
    whole('planOf occurredAt', (when) => planOf('p', when, steps).occurredAt, isMoment),
    whole('planOf steps', (given) => planOf('p', at, given)),
    parts(
      'planOf',
      steps,
      (given) => planOf('p', at, given),
      (given, { steps: [step] }) => {
        const { data, type, id } = step.command
        return id === 'p#0' && isText(type) && isRecord(data) && step.engine === given[0].engine
      },
    ),
    whole(
      'stepId plan',
      (id) => stepId(id, 1),
      (value, id) => isText(value) && id === `${value}#1`,
    ),
    whole(
      'stepId step',
      (step) => stepId('p', step),
      (value, id) => id === `p#${value}`,
    ),
    whole('carryOut plan', (given) => carryOut(given, [])),
    whole(
      'carryOut reports',
      (given) => carryOut(plan, given).next,
      (value) => Array.isArray(value) && value.length === 0,
    ),
    parts(
      'carryOut plan',
      plan,
      (given) => carryOut(given, reports),
      (_, { next }) => words.includes(next),
    ),
    parts(
      'carryOut reports',
      reports,
      (given) => carryOut(plan, given),
      (_, { next }) => words.includes(next),
    ),
    whole('reportOf attempt', (given) => reportOf(given, { outcome: 'accepted' }, at)),
    whole('reportOf outcome', (given) => reportOf(attempt, given, at)),
    whole('reportOf at', (when) => reportOf(attempt, { outcome: 'accepted' }, when).at, isMoment),
    whole('explainPlan next', (next) => explainPlan(next, 'en')),
    whole(
      'explainPlan lang',
      (lang) => explainPlan(stuck, lang),
      (lang) => lang === 'en' || lang === 'zh',
    ),
    parts(
      'explainPlan',
      stuck,
      (next) => explainPlan(next, 'zh'),
      (_, said) => isText(said),
    ),
  ]
}
