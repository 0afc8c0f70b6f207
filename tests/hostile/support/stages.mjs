// The boundaries of what is asked of a lifecycle: timelines, next moves, why not, due lists, lint, versions.
import { historyOf, noon, order, programOf } from './program.mjs'

const junk = ['numbers', 'strings', 'objects', 'values-for-rules', 'canaries']
const moments = ['numbers', 'dates', 'strings', 'objects', 'values-for-rules', 'canaries']
const never = () => false
const isMoment = (at) => Number.isSafeInteger(at) && at >= -62_135_596_800_000 && at <= 253_402_300_799_999
const isEmptyList = (value) => Array.isArray(value) && value.length === 0
const month = 30 * 86_400_000

/** @returns {readonly import('./boundaries.mjs').Boundary[]} */
export function boundariesOfStages(library) {
  const { lifecycle } = programOf(library)
  const { state, log } = historyOf(lifecycle)
  const { at } = state
  const until = at + 12 * month
  const window = { from: at, until }
  const history = { subject: 'u1', events: log }
  const stages = {}
  const migrate = library.migrateLifecycle(lifecycle, lifecycle, { stages })

  const boundary = (name, takes, call, right, more = {}) => ({
    name,
    takes,
    call,
    right,
    definition: true,
    ...more,
  })
  const drained = (generator) => [...generator].length

  return [
    boundary(
      'timeline engine',
      junk,
      (engine) => library.timeline(engine, 'u1', log, { asOf: until }),
      never,
    ),
    boundary(
      'timeline subject',
      junk,
      (subject) => library.timeline(lifecycle, subject, [], { asOf: until }).subject,
      (given, subject) => typeof given === 'string' && given === subject,
    ),
    boundary(
      'timeline events',
      [...junk, 'event-sequences'],
      (events) => library.timeline(lifecycle, 'u1', events, { asOf: until }).stays.length,
      (events, stays) => isEmptyList(events) && stays === 0,
    ),
    boundary(
      'timeline one event',
      junk,
      (event) => library.timeline(lifecycle, 'u1', [event], { asOf: until }),
      never,
    ),
    boundary(
      'timeline asOf',
      moments,
      (asOf) => library.timeline(lifecycle, 'u1', log, { asOf }).stays.length,
      isMoment,
    ),
    boundary('timeline options', junk, (options) => library.timeline(lifecycle, 'u1', log, options), never),
    boundary(
      'recordedStays log',
      [...junk, 'event-sequences'],
      (events) => library.recordedStays(lifecycle, events, { asOf: until }).length,
      (events, stays) => isEmptyList(events) && stays === 0,
    ),
    boundary(
      'recordedStays asOf',
      moments,
      (asOf) => library.recordedStays(lifecycle, log, { asOf }).length,
      isMoment,
    ),
    boundary('nextMove state', junk, (given) => library.nextMove(lifecycle, given, until), never),
    boundary(
      'nextMove asOf',
      moments,
      (asOf) => library.nextMove(lifecycle, state, asOf).code,
      (asOf) => isMoment(asOf) && asOf >= at,
    ),
    boundary(
      'nextMoves until',
      moments,
      (given) => library.nextMoves(lifecycle, state, at, { until: given }).length,
      isMoment,
    ),
    boundary(
      'nextMoves most',
      junk,
      (most) => library.nextMoves(lifecycle, state, at, { until, most }).length,
      (most, count) => most === undefined || (Number.isSafeInteger(most) && most > 0 && count <= most),
    ),
    boundary('nextMoves options', junk, (options) => library.nextMoves(lifecycle, state, at, options), never),
    boundary('whyNot state', junk, (given) => library.whyNot(lifecycle, given, until), never),
    boundary(
      'whyNot to',
      junk,
      (to) => library.whyNot(lifecycle, state, at, to).code,
      (to) => to === undefined,
    ),
    boundary(
      'whyNot asOf',
      moments,
      (asOf) => library.whyNot(lifecycle, state, asOf).count,
      (asOf) => isMoment(asOf) && asOf >= at,
    ),
    boundary(
      'dueMoves states',
      junk,
      (states) => drained(library.dueMoves(lifecycle, states, window)),
      (states, count) => isEmptyList(states) && count === 0,
    ),
    boundary(
      'dueMoves one state',
      junk,
      (given) => drained(library.dueMoves(lifecycle, [given], window)),
      never,
    ),
    boundary(
      'dueList from',
      moments,
      (from) => library.dueList(lifecycle, [state], { from, until }).length,
      (from) => isMoment(from) && from <= until,
    ),
    boundary(
      'dueList until',
      moments,
      (given) => library.dueList(lifecycle, [state], { from: at, until: given }).length,
      (given) => isMoment(given) && given >= at,
    ),
    boundary('dueList options', junk, (options) => library.dueList(lifecycle, [state], options), never),
    boundary('lintLifecycle lifecycle', junk, (given) => library.lintLifecycle(given), never),
    ...['contactEvery', 'retention', 'observed', 'effort'].map((key) =>
      boundary(
        `lintLifecycle ${key}`,
        junk,
        (value) => library.lintLifecycle(lifecycle, { [key]: value }).length,
        (value) =>
          value === undefined ||
          (key === 'effort' && typeof value === 'number') ||
          (key === 'observed' && isEmptyList(value)) ||
          (key === 'contactEvery' && isEmptyRecord(value)),
      ),
    ),
    boundary(
      'migrateLifecycle stages',
      junk,
      (given) => library.migrateLifecycle(lifecycle, lifecycle, { stages: given }).plan.stages.lead,
      (given) => isEmptyRecord(given),
    ),
    boundary(
      'migrateLifecycle a target',
      junk,
      (target) => library.migrateLifecycle(lifecycle, lifecycle, { stages: { lead: target } }),
      never,
    ),
    boundary('a migration state', junk, (given) => migrate(given, until), never),
    boundary(
      'a migration at',
      moments,
      (given) => migrate(state, given).state.at,
      (given, moved) => isMoment(given) && given >= at && moved === given,
    ),
    boundary(
      'checkMigration migration',
      junk,
      (given) => library.checkMigration(given, [history], { at }),
      never,
    ),
    boundary(
      'checkMigration at',
      moments,
      (given) => library.checkMigration(migrate, [history], { at: given }).elsewhere,
      (given, elsewhere) => isMoment(given) && elsewhere === 0,
    ),
    boundary(
      'diffLifecycles histories',
      junk,
      (given) => library.diffLifecycles(lifecycle, lifecycle, given, { asOf: until, stages }).subjects,
      (given, subjects) => isEmptyList(given) && subjects === 0,
    ),
    boundary(
      'diffLifecycles one history',
      [...junk, 'event-sequences'],
      (events) =>
        library.diffLifecycles(lifecycle, lifecycle, [{ subject: 'u1', events }], { asOf: until, stages })
          .subjects,
      (events, subjects) => isEmptyList(events) && subjects === 0,
    ),
    boundary(
      'diffLifecycles one event',
      junk,
      (event) =>
        library.diffLifecycles(lifecycle, lifecycle, [{ subject: 'u1', events: [order(), event] }], {
          asOf: noon,
          stages,
        }),
      never,
    ),
    ...['asOf', 'most', 'people'].map((key) =>
      boundary(
        `diffSteps ${key}`,
        moments,
        (value) =>
          drained(library.diffSteps(lifecycle, lifecycle, [history], { asOf: until, stages, [key]: value })),
        (value) =>
          key === 'asOf'
            ? isMoment(value)
            : value === undefined || (key === 'most' && Number.isSafeInteger(value) && value >= 0),
      ),
    ),
  ]
}

const isEmptyRecord = (value) =>
  typeof value === 'object' && value !== null && !Array.isArray(value) && Object.keys(value).length === 0
