// What right answers look like, and what every reading says of hostile partials and events.
import { order } from './program.mjs'

/** Of what is always refused. */
export const never = () => false
export const isRecord = (value) => typeof value === 'object' && value !== null && !Array.isArray(value)
export const isText = (value) => typeof value === 'string'
/** An instant: a whole number of milliseconds in the years 0001 to 9999, not -0. */
export const isMoment = (at) =>
  Number.isSafeInteger(at) && !Object.is(at, -0) && at >= -62_135_596_800_000 && at <= 253_402_300_799_999

/**
 * Makes boundaries in which every part of something is replaced, one after the other; each answer has to be right by what was asked.
 *
 * @param {(given: unknown, value: unknown, call: (given: never) => unknown) => readonly unknown[]} everyPart
 * @param {object} common - What all of them take.
 */
export const replacing =
  (everyPart, common) =>
  (name, given, call, right, more = {}) => ({
    name,
    limit: 5000,
    ...common,
    call: (value) => everyPart(given, value, call),
    answers: (found) => found.map(([, answer]) => answer),
    right: (_, found) => found.every(([changed, answer]) => right(changed, answer)),
    ...more,
  })

/** An aggregate that keeps all events by subject: partials and events that are none. */
export const boundariesOfTold = (name, aggregate, { takes, asOf }) => [
  ...['add', 'retract'].map((verb) => ({
    name: `${name}.${verb} event`,
    takes,
    call: (event) => aggregate[verb](aggregate.empty(), event),
    right: (value, { subjects }) => isRecord(value) && Object.keys(subjects).length === 0,
  })),
  ...['add', 'retract', 'merge', 'merge into', 'result'].map((verb) => ({
    name: `${name}.${verb} partial`,
    takes,
    call: (partial) =>
      verb === 'merge'
        ? aggregate.merge(partial, aggregate.empty())
        : verb === 'merge into'
          ? aggregate.merge(aggregate.empty(), partial)
          : verb === 'result'
            ? aggregate.result(partial, { asOf })
            : aggregate[verb](partial, order()),
    right: never,
  })),
]
