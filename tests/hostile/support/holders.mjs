// What goes from one account of points to another, and what is posted by hand, each with one part replaced.
import { isMoment, isText, never } from './shapes.mjs'

const values = ['numbers', 'strings', 'objects', 'amounts', 'values-for-rules', 'canaries']
const anything = [...values, 'dates', 'timezones', 'paths', 'json-texts']
const at = Date.UTC(2024, 2, 1)

/**
 * @param {typeof import('liuliang')} library
 * @returns {readonly import('./boundaries.mjs').Boundary[]}
 */
export function boundariesOfHolders(library) {
  const { defineEvents, definePoints, transferPlan, joinPoolPlan, leavePoolPlan, mergePlan } = library
  const points = definePoints({
    id: 'points',
    version: 1,
    calendar: { zone: 'UTC' },
    events: defineEvents({}),
    earning: [],
  })
  const command = (type, data, more = {}) => ({
    ...{ id: 'x', type: `points/${type}`, subject: 'ann', occurredAt: at + 1000, data },
    ...more,
  })
  const state = points.decide(
    points.start('ann'),
    command('earn', { points: 9, reason: 'r' }, { id: 'first', occurredAt: at }),
  ).state
  const whole = (name, call, right = never) => ({
    name,
    takes: anything,
    definition: true,
    call,
    right,
  })
  const decides = (type, data, key, right) => ({
    name: `points/${type} ${key}`,
    takes: anything,
    data: true,
    call: (value) => points.decide(state, command(type, { ...data, [key]: value })),
    refusal: ({ refusal }) => refusal,
    right: (value, { events, outcome }) => outcome === 'accepted' && right(value, events[0].data),
  })
  const plans = [
    ['transferPlan', transferPlan, { id: 'p', occurredAt: at + 1000, from: 'ann', to: 'bob', points: 3 }],
    ['joinPoolPlan', joinPoolPlan, { id: 'p', occurredAt: at + 1000, member: 'ann', pool: 'home' }],
    ['leavePoolPlan', leavePoolPlan, { id: 'p', occurredAt: at + 1000, member: 'bob', pool: 'ann' }],
    ['mergePlan', mergePlan, { id: 'p', occurredAt: at + 1000, from: 'ann', into: 'bob' }],
  ]
  const fits = (key, value) =>
    key === 'occurredAt'
      ? isMoment(value) && value >= at
      : key === 'points'
        ? Number.isSafeInteger(value) && value > 0
        : isText(value)
  const part = { lot: 0, amount: 2, expiresAt: null }
  return [
    ...plans.flatMap(([name, plan, request]) => [
      whole(`${name} engine`, (engine) => plan(engine, state, request)),
      whole(`${name} state`, (given) => plan(points, given, request)),
      whole(`${name} request`, (given) => plan(points, state, given)),
      ...Object.keys(request).map((key) =>
        whole(
          `${name} ${key}`,
          (value) => plan(points, state, { ...request, [key]: value }),
          (value) => fits(key, value),
        ),
      ),
    ]),
    decides(
      'adjust',
      { reason: 'r', by: 'b' },
      'points',
      (value, data) => Number.isSafeInteger(value) && data.points === value,
    ),
    decides(
      'adjust',
      { points: 1, by: 'b' },
      'reason',
      (value, { reason }) => isText(value) && reason === value,
    ),
    decides('reverse', {}, 'of', (value) => value === 'first'),
    decides('enrol', {}, 'at', (value) => value === undefined || (isMoment(value) && value <= at + 1000)),
    decides('close', { reason: 'r' }, 'points', (value) => value === 'forfeit' || value === 'pay-out'),
    decides(
      'send',
      { to: 'bob', transfer: 't' },
      'points',
      (value) => Number.isSafeInteger(value) && value > 0 && value <= 9,
    ),
    decides('send', { points: 1, transfer: 't' }, 'to', (value, { to }) => isText(value) && to === value),
    decides('send', { to: 'bob', points: 2, transfer: 't' }, 'parts', (value) => value === undefined),
    decides('receive', { from: 'bob', transfer: 't' }, 'parts', (value) => Array.isArray(value)),
    decides(
      'receive',
      { parts: [part], transfer: 't' },
      'from',
      (value, { from }) => isText(value) && from === value,
    ),
    decides('hand-over', { to: 'bob', transfer: 't' }, 'estate', never),
    decides('take-over', { from: 'bob', transfer: 't' }, 'estate', never),
  ]
}
