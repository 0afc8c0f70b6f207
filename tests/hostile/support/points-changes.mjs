// Two versions of a program, and accounts between them: options, definitions, states and partials, each with one part hostile.
import { isMoment, isRecord, never, replacing } from './shapes.mjs'

const values = ['numbers', 'strings', 'objects', 'values-for-rules', 'canaries']
const moments = ['numbers', 'dates', 'strings', 'objects', 'values-for-rules', 'canaries']
const announcedAt = Date.UTC(2026, 1, 1)
const holdsFrom = Date.UTC(2026, 2, 3)

/**
 * @param {typeof import('liuliang')} library
 * @param {(definition: object, value: unknown, define: (given: never) => unknown, isTyped: (error: unknown) => boolean) => readonly unknown[]} everyPart
 */
export function boundariesOfPointsChanges(library, everyPart) {
  const { defineEvents, definePoints, defineRightsReview, definitionChanges, migratePoints, money, text } =
    library
  const replaced = replacing((given, value, call) => everyPart(given, value, call, library.isTyped), {
    takes: ['values-for-rules', 'objects', 'canaries', 'numbers'],
  })
  const shop = defineEvents({ 'order-paid': { orderId: text(), amount: money('CNY') } })
  const level = { track: 'level', measure: { earned: 'points' } }
  const terms = {
    id: 'points',
    version: 1,
    calendar: { zone: 'UTC' },
    events: shop,
    earning: [
      { rule: 'paid', on: 'order-paid', earns: { points: 1, per: '3', of: 'amount' }, origin: 'orderId' },
    ],
    tiers: [{ ...level, levels: [{ tier: 'silver', from: 10 }], hold: { months: 12 } }],
    changes: { notice: { days: 30 } },
  }
  const one = definePoints(terms)
  const two = definePoints({ ...terms, version: 2, tiers: [] })
  const paid = {
    id: 'e1',
    type: 'order-paid',
    subject: 'u1',
    occurredAt: announcedAt - 86_400_000,
    data: { orderId: 'o1', amount: '100.00' },
  }
  const { state } = one.decide(one.start('u1'), paid)
  const migrate = migratePoints(one, two, { announcedAt })
  const definition = {
    id: 'rights',
    version: 1,
    before: one,
    after: two,
    asOf: announcedAt,
    announcedAt,
    improve: 'at-once',
    values: { points: { currency: 'CNY', perPoint: '0.01', rounding: 'half-up' } },
  }
  const review = defineRightsReview(definition)
  const partial = review.add(review.empty(), state)
  const { before: _, after: __, ...plain } = definition
  const boundary = (name, takes, call, right, more = {}) => ({ name, takes, call, right, ...more })
  const isWords = (value, known) => value === undefined || known.includes(value)

  return [
    ...['before', 'after'].map((side) =>
      boundary(
        `definitionChanges ${side}`,
        values,
        (given) => definitionChanges(side === 'before' ? given : one, side === 'after' ? given : two),
        never,
        { definition: true },
      ),
    ),
    ...['from', 'to'].map((side) =>
      boundary(
        `migratePoints ${side}`,
        values,
        (given) => migratePoints(side === 'from' ? given : one, side === 'to' ? given : two, { announcedAt }),
        never,
        { definition: true },
      ),
    ),
    boundary('migratePoints options', values, (given) => migratePoints(one, two, given), never, {
      definition: true,
    }),
    boundary(
      'migratePoints announcedAt',
      moments,
      (given) => migratePoints(one, two, { announcedAt: given }).plan.holdsFrom,
      (given, from) => isMoment(given) && from === given + 30 * 86_400_000,
      { definition: true },
    ),
    boundary(
      'migratePoints improve',
      values,
      (improve) => migratePoints(one, two, { announcedAt, improve }).plan.improve,
      (given) => isWords(given, ['at-once', 'new-earnings-only']),
      { definition: true },
    ),
    boundary('a migration of points state', values, (given) => migrate(given, holdsFrom), never, {
      definition: true,
    }),
    boundary(
      'a migration of points at',
      moments,
      (given) => migrate(state, given).state.at,
      (given, at) => isMoment(given) && given >= holdsFrom && at === given,
      { definition: true },
    ),
    boundary('a rights review', values, defineRightsReview, never, { definition: true }),
    replaced(
      'a rights review, every part replaced',
      plain,
      (given) => defineRightsReview({ ...given, before: one, after: two }),
      (given, { definition: agreed }) => agreed.id === given.id && agreed.asOf === given.asOf,
      { definition: true, floats: true },
    ),
    ...['before', 'after'].map((side) =>
      boundary(
        `a rights review ${side}`,
        values,
        (given) => defineRightsReview({ ...definition, [side]: given }),
        never,
        { definition: true },
      ),
    ),
    ...['add', 'retract'].map((verb) =>
      boundary(
        `a rights review.${verb} account`,
        values,
        (given) => review[verb](review.empty(), given),
        never,
      ),
    ),
    ...['add', 'retract', 'merge', 'merge into', 'result'].map((verb) =>
      boundary(
        `a rights review.${verb} partial`,
        values,
        (given) =>
          verb === 'merge'
            ? review.merge(given, review.empty())
            : verb === 'merge into'
              ? review.merge(review.empty(), given)
              : verb === 'result'
                ? review.result(given, undefined)
                : review[verb](given, state),
        never,
      ),
    ),
    replaced(
      'a rights review.result, every part of a partial replaced',
      partial,
      (given) => review.result(given, undefined),
      (_, answer) => isRecord(answer.liability.points),
    ),
    boundary(
      'a rights review.result options',
      values,
      (given) => review.result(partial, given).unlisted,
      (given, unlisted) =>
        (given === undefined || (isRecord(given) && Object.keys(given).length === 0)) && unlisted === 0,
    ),
    boundary(
      'a rights review.result most',
      values,
      (most) => review.result(partial, { most }).unlisted,
      (most, unlisted) =>
        most === undefined || (Number.isSafeInteger(most) && most >= 0 && unlisted === (most > 0 ? 0 : 1)),
    ),
  ]
}
