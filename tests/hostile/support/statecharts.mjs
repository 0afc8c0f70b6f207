// The boundaries of what draws lifecycles: the options, the counts on edges, the lifecycle itself, and the functions of the machine.
import { anything } from './boundaries.mjs'
import { programOf } from './program.mjs'

const junk = ['values-for-rules', 'objects', 'numbers', 'canaries', 'strings']

/** @returns {readonly import('./boundaries.mjs').Boundary[]} */
export function statechartBoundaries(statecharts, library) {
  const { toDot, toMermaid, toScxml, toXState } = statecharts
  const { lifecycle } = programOf(library)
  const drawings = { toDot, toMermaid }
  const counts = {
    stages: ['lead', 'active'],
    moves: [
      [0, 3],
      [1, 0],
    ],
  }
  const exports = { ...drawings, toScxml, toXState }
  const isText = (answer) => typeof answer === 'string' && answer.length > 100
  const boundary = (name, call, right, more = {}) => ({
    name,
    takes: junk,
    definition: true,
    call,
    right,
    ...more,
  })
  const replaced = (part, value) => ({ ...lifecycle, [part]: value })
  const isStage = (value) => ['lead', 'active', 'lapsed'].includes(value)
  const isCount = (value) => Number.isSafeInteger(value) && value >= 0
  return [
    ...Object.entries(exports).flatMap(([name, draw]) => [
      boundary(
        `${name} lifecycle`,
        (value) => draw(value, { lang: 'en' }),
        () => false,
      ),
      boundary(
        `${name} definition`,
        (value) => draw(replaced('definition', value), { lang: 'en' }),
        () => false,
      ),
      boundary(
        `${name} vocabulary`,
        (value) => draw(replaced('vocabulary', value), { lang: 'en' }),
        (_, answer) =>
          // What says no rule needs no words; what is an object may have all that are needed.
          isText(answer) || 'notes' in answer,
      ),
    ]),
    ...Object.entries(drawings).flatMap(([name, draw]) => [
      boundary(
        `${name} options`,
        (value) => draw(lifecycle, value),
        () => false,
      ),
      boundary(
        `${name} lang`,
        (lang) => draw(lifecycle, { lang }),
        () => false,
      ),
      boundary(
        `${name} direction`,
        (direction) => draw(lifecycle, { lang: 'en', direction }),
        (value, answer) => value === undefined && isText(answer),
      ),
      boundary(
        `${name} words`,
        (words) => draw(lifecycle, { lang: 'en', words }),
        (_, answer) => isText(answer),
      ),
      boundary(
        `${name} a word`,
        (word) => draw(lifecycle, { lang: 'zh', words: { lead: word, visited: word, 'order-paid': word } }),
        (value, answer) => typeof value === 'string' && isText(answer),
        { takes: anything },
      ),
      boundary(
        `${name} counts`,
        (given) => draw(lifecycle, { lang: 'en', counts: given }),
        (value, answer) => value === undefined && isText(answer),
      ),
      boundary(
        `${name} a stage of counts`,
        (stage) => draw(lifecycle, { lang: 'en', counts: { ...counts, stages: ['lead', stage] } }),
        (value, answer) => isStage(value) && isText(answer),
      ),
      boundary(
        `${name} moves`,
        (moves) => draw(lifecycle, { lang: 'en', counts: { ...counts, moves } }),
        () => false,
      ),
      boundary(
        `${name} a count`,
        (count) =>
          draw(lifecycle, {
            lang: 'en',
            counts: {
              ...counts,
              moves: [
                [0, count],
                [1, 0],
              ],
            },
          }),
        (value, answer) => isCount(value) && isText(answer),
      ),
    ]),
    boundary(
      'toXState options',
      (value) => toXState(lifecycle, value),
      (value) => value === undefined || empty(value),
    ),
    boundary(
      'toXState subject',
      (subject) => toXState(lifecycle, { subject }).config,
      (value, { context }) => (value === undefined ? context.subject === null : context.subject === value),
    ),
    boundary(
      'toXState lang',
      (lang) => toXState(lifecycle, { lang }).config,
      (value) => value === undefined,
    ),
    boundary(
      'toXState longestDelay',
      (longestDelay) => toXState(lifecycle, { longestDelay }).config,
      (value) => value === undefined || value > 0,
    ),
  ]
}

/** An object that tells nothing. */
const empty = (value) => typeof value === 'object' && value !== null && Object.keys(value).length === 0

/** The functions in the table. */
export const statechartsCalled = ['toDot', 'toMermaid', 'toScxml', 'toXState']
