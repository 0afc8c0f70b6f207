// Rewards of points: definitions, claims, payments, offers and plans, each with one part replaced by a hostile value.
import { isMoment, isText, never } from './shapes.mjs'

const values = ['numbers', 'strings', 'objects', 'amounts', 'values-for-rules', 'canaries']
const anything = [...values, 'dates', 'timezones', 'paths', 'json-texts']
const at = Date.UTC(2024, 2, 1)
const hour = 3_600_000

/**
 * @param {typeof import('liuliang')} library
 * @param {(definition: object, value: unknown, define: (given: never) => unknown, isTyped: (error: unknown) => boolean) => readonly unknown[]} everyPart
 * @returns {readonly import('./boundaries.mjs').Boundary[]}
 */
export function boundariesOfRewards(library, everyPart) {
  const { defineEvents, money, offersFor, pointsEvents, pointsFrom, rewardPlan, text } = library
  const shop = defineEvents({
    'order-paid': { orderId: text(), amount: money('CNY') },
    ...pointsEvents('points'),
  })
  const definition = {
    ...{ model: 'points', id: 'points', version: 1, events: JSON.parse(JSON.stringify(shop.events)) },
    calendar: { zone: 'Asia/Shanghai', named: { fair: [{ from: '2024-03-01', to: '2024-03-02' }] } },
    earning: [],
    rewards: [
      {
        reward: 'mug',
        price: { points: 5 },
        quantity: 3,
        limits: [
          { limit: 'ever', most: 4 },
          { limit: 'while', most: 4, within: { days: 3 } },
        ],
        returned: 'uses-limits',
        keep: { days: 9 },
        when: JSON.parse(JSON.stringify(shop.sum('points/earned', 'points').gte(1))),
      },
      {
        reward: 'tote',
        price: [
          { option: 'both', points: 5, money: { amount: '9.90', currency: 'CNY' } },
          { option: 'points', points: 8 },
        ],
        currency: 'points',
        stock: [{ engine: 'goods', subject: 'tote', each: '1.50' }],
        during: { from: '2024-01-01T00:00', until: '2030-01-01T00:00Z', days: 'fair' },
        reserveFor: { hours: 1 },
        unpaid: 'uses-limits',
      },
    ],
  }
  const points = pointsFrom(definition)
  const command = (word, data, more = {}) => ({
    ...{ id: 'x', type: `points/${word}`, subject: 'ann', occurredAt: at + 1000, data },
    ...more,
  })
  const told = (from, input) => points.decide(from, input).state
  const rich = told(
    points.start('ann'),
    command('earn', { points: 50, reason: 'r' }, { id: 'g', occurredAt: at }),
  )
  const made = told(rich, command('claim', { reward: 'mug', quantity: 2 }, { id: 'm', occurredAt: at }))
  const tote = { reward: 'tote', option: 'both', stock: 's' }
  const state = told(made, command('claim', tote, { id: 't', occurredAt: at }))
  const payment = { claim: 't', payment: 'p', amount: '9.90', currency: 'CNY' }
  const decides = (word, data, key, right) => ({
    name: `points/${word} ${key}`,
    takes: anything,
    data: true,
    call: (value) => points.decide(state, command(word, { ...data, [key]: value })),
    refusal: ({ refusal }) => refusal,
    right: (value, { events, outcome }) => outcome === 'accepted' && right(value, events.at(-1).data),
  })
  const whole = (name, call, right = never) => ({ name, takes: anything, definition: true, call, right })
  const agrees = (given, engine) => library.canonical(engine.definition) === library.canonical(given)
  const isCount = (most) => (value, data) =>
    value === undefined ||
    (Number.isSafeInteger(value) && value > 0 && value <= most && data.quantity === value)
  const requests = {
    claim: { do: 'claim', id: 'p', reward: 'tote', quantity: 1, option: 'both' },
    pay: { do: 'pay', id: 'p', ...payment },
    cancel: { do: 'cancel', id: 'p', claim: 't' },
    return: { do: 'return', id: 'p', claim: 'm', quantity: 1 },
  }
  const codes = new Set(Object.keys(points.vocabulary.sentences))
  return [
    {
      name: 'pointsFrom rewards, every part replaced',
      takes: values,
      definition: true,
      floats: true,
      limit: 5000,
      call: (value) =>
        everyPart(
          definition.rewards,
          value,
          (rewards) => pointsFrom({ ...definition, rewards }),
          library.isTyped,
        ),
      right: (_, found) => found.every(([rewards, engine]) => agrees({ ...definition, rewards }, engine)),
    },
    whole(
      'pointsFrom rewards',
      (rewards) => pointsFrom({ ...definition, rewards }),
      (value) => value === undefined,
    ),
    decides('claim', {}, 'reward', (value) => value === 'mug'),
    decides('claim', { reward: 'mug' }, 'quantity', isCount(2)),
    decides('claim', tote, 'option', (value, data) => value === undefined || data.option === value),
    decides('claim', tote, 'until', (value, { until }) =>
      value === undefined
        ? until === at + 1000 + hour
        : isMoment(value) && value > at + 1000 && until === Math.min(value, at + 1000 + hour),
    ),
    decides('claim', tote, 'stock', (value, { stock }) => isText(value) && stock === value),
    decides('pay', payment, 'claim', (value) => value === 't'),
    decides('pay', payment, 'payment', (value, data) => isText(value) && data.payment === value),
    decides(
      'pay',
      payment,
      'amount',
      (value, { money: { minor } }) => minor === 990 && Number(value) === 9.9,
    ),
    decides('pay', payment, 'currency', (value) => value === 'CNY'),
    decides('cancel', {}, 'claim', (value) => value === 't'),
    decides('return', {}, 'claim', (value) => value === 'm'),
    decides('return', { claim: 'm' }, 'quantity', isCount(2)),
    whole('offersFor engine', (given) => offersFor(given, state, at)),
    whole('offersFor state', (given) => offersFor(points, given, at)),
    whole(
      'offersFor asOf',
      (asOf) => offersFor(points, state, asOf).flatMap(({ why }) => why.map(({ code }) => code)),
      (value, said) => isMoment(value) && value >= at && said.every((code) => codes.has(code)),
    ),
    whole(
      'offersFor options',
      (options) => offersFor(points, state, at, options).length,
      (value) => value === undefined || Object.keys(value).every((key) => key === 'left'),
    ),
    whole(
      'offersFor left',
      (left) => offersFor(points, state, at, { left: { mug: left } })[0].most,
      (value, most) =>
        value === undefined ? most === 2 : Number.isSafeInteger(value) && most === Math.min(2, value),
    ),
    whole('rewardPlan engine', (given) => rewardPlan(given, state, requests.claim, at)),
    whole('rewardPlan state', (given) => rewardPlan(points, given, requests.claim, at)),
    whole('rewardPlan request', (given) => rewardPlan(points, state, given, at)),
    whole(
      'rewardPlan at',
      (when) => rewardPlan(points, state, requests.claim, when).occurredAt,
      (value, when) => isMoment(value) && value >= at && when === value,
    ),
    ...Object.entries(requests).map(([word, request]) => ({
      name: `rewardPlan ${word}, every part replaced`,
      takes: values,
      definition: true,
      floats: true,
      limit: 5000,
      call: (value) =>
        everyPart(request, value, (given) => rewardPlan(points, state, given, at), library.isTyped),
      right: (_, found) =>
        found.every(
          ([given, { id, steps }]) =>
            id === given.id && steps.some(({ command: { type } }) => type === `points/${given.do}`),
        ),
    })),
  ]
}
