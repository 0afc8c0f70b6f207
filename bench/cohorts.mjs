// Retention of half a million people from ten million events, beside a hand-written loop, DuckDB, arquero and what one pastes
// from a blog: see README.md.
import { defineRetention } from '../dist/cohorts.js'
import { arqueroTable, prepareArquero } from './cohorts/arquero.mjs'
import { dayTable, dayTableOfBits, mergedMasks, monthMasks, monthTable } from './cohorts/by-hand.mjs'
import { cellsOf, checksum, counted } from './cohorts/checksum.mjs'
import { duckdbTable, prepareDuckdb } from './cohorts/duckdb.mjs'
import { generate, span, zone } from './cohorts/events.mjs'
import { mapOfSets, objectsOf } from './cohorts/objects.mjs'

const type = 'seen'
const settings = { id: 'seen', version: 1, entry: type, activity: type, entryRule: 'first-matching' }
const monthly = defineRetention({ ...settings, calendar: { zone }, period: 'month' })
const daily = defineRetention({ ...settings, calendar: { zone }, period: 'day' })
const monthlyUtc = defineRetention({ ...settings, calendar: { zone: 'UTC' }, period: 'month' })

/** Of cohorts up to the end of the two years, the cells that are over. */
function tableOf(retention, partial, upTo) {
  const { cohorts } = retention.result(partial, { asOf: span.to, until: span.last, upTo })
  return cellsOf({
    cohorts: cohorts.map(({ cells }, row) => ({ cells: cells.slice(0, cohorts.length - row) })),
  })
}

const fromColumns = (retention, columns, upTo) =>
  tableOf(retention, retention.addColumns(retention.empty(), columns), upTo)

/** Made when first asked for, and let go of after the last row that needs it. */
const held = new Map()
function once(name, make) {
  if (!held.has(name)) held.set(name, make())
  return held.get(name)
}
const events = () => once('events', () => ({ ...generate({ events: 10_000_000, users: 500_000 }), type }))
const shards = () =>
  once('shards', () => {
    const { subject, occurredAt, users } = events()
    const size = Math.ceil(subject.length / 8)
    return Array.from({ length: 8 }, (_, shard) => {
      const [from, to] = [shard * size, (shard + 1) * size]
      return { subject: subject.subarray(from, to), occurredAt: occurredAt.subarray(from, to), users, type }
    })
  })
const partials = () =>
  once('partials', () => shards().map((shard) => monthly.addColumns(monthly.empty(), shard)))
const masks = () => once('masks', () => shards().map((shard) => monthMasks(shard, zone)))
const objects = () => once('objects', () => objectsOf(events()))
const named = () => once('named', () => objectsOf(events(), true))

const shared = { unit: 'ms', iterations: 1, done: () => held.clear() }

export const rows = [
  {
    ...shared,
    name: 'cohorts/month-matrix',
    versus: 'hand-written typed-array loop',
    ours: () => checksum(fromColumns(monthly, events(), 12)),
    theirs: () => checksum(monthTable(monthMasks(events(), zone), 13)),
  },
  {
    ...shared,
    name: 'cohorts/day-matrix',
    versus: 'hand-written typed-array loop',
    ours: () => checksum(fromColumns(daily, events(), 30)),
    theirs: () => checksum(dayTable(events(), zone, 31)),
  },
  {
    ...shared,
    name: 'cohorts/day-matrix-bits',
    versus: 'hand-written loop that keeps every day',
    ours: () => checksum(fromColumns(daily, events(), 30)),
    theirs: () => checksum(dayTableOfBits(events(), zone, 31)),
  },
  {
    ...shared,
    name: 'cohorts/merge-8',
    versus: 'hand-written merge',
    prepare: () => [partials(), masks()],
    ours: () =>
      checksum(
        tableOf(
          monthly,
          partials().reduce((a, b) => monthly.merge(a, b)),
          12,
        ),
      ),
    theirs: () => checksum(monthTable(mergedMasks(masks()), 13)),
  },
  {
    ...shared,
    name: 'cohorts/month-matrix-duckdb',
    versus: 'DuckDB, join and count(distinct), one thread',
    prepare: async () => held.set('duckdb', await prepareDuckdb(events())),
    ours: () => counted(fromColumns(monthlyUtc, events(), 12)),
    theirs: async () => counted(await duckdbTable(held.get('duckdb'), 13)),
  },
  {
    ...shared,
    name: 'cohorts/month-matrix-arquero',
    versus: 'arquero 5.4.1, derive, groupby, rollup',
    measurements: 3,
    prepare: () => held.set('arquero', prepareArquero(events())),
    ours: () => counted(fromColumns(monthlyUtc, events(), 12)),
    theirs: () => counted(arqueroTable(held.get('arquero'), 13)),
  },
  {
    ...shared,
    name: 'cohorts/objects',
    versus: 'Map of Set, with the same table of days',
    measurements: 5,
    prepare: objects,
    ours: () => {
      let partial = monthly.empty()
      for (const event of objects()) partial = monthly.add(partial, event)
      return checksum(tableOf(monthly, partial, 12))
    },
    theirs: () => checksum(mapOfSets(objects(), zone, 13)),
  },
  {
    ...shared,
    name: 'cohorts/objects-named',
    versus: 'Map of Set; people have names instead of numbers',
    measurements: 5,
    prepare: named,
    ours: () => {
      let partial = monthly.empty()
      for (const event of named()) partial = monthly.add(partial, event)
      return checksum(tableOf(monthly, partial, 12))
    },
    theirs: () => checksum(mapOfSets(objects(), zone, 13)),
  },
]
