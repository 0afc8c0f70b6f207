// The hostile cases of tests/fixtures, decoded: plain JavaScript, so that a bare runtime can read them too.
import { readFileSync } from 'node:fs'
import { runInNewContext } from 'node:vm'

/** @typedef {{ readonly id: string, readonly why: string, readonly expect?: unknown, readonly value: unknown }} Case */

const inputs = [
  'numbers',
  'strings',
  'objects',
  'json-texts',
  'paths',
  'dates',
  'timezones',
  'regexes',
  'delimiter-collisions',
  'event-sequences',
  'values-for-rules',
  'calendar-truths',
  'stat-datasets',
]
const folders = Object.fromEntries(inputs.map((name) => [name, `hostile-inputs/${name}`]))

/** Personal values that no refusal, explanation or message may repeat. */
export const canaries = {
  mail: 'canary.person@example.org',
  phone: '+41 79 555 01 23',
  card: '4111111111111111',
  iban: 'CH9300762011623852957',
}

const generators = {
  cyclicObject() {
    const ring = { name: 'ring' }
    return Object.assign(ring, { ring })
  },
  valueOf: (value) => ({ valueOf: () => value }),
  toStringThrows: () => ({
    toString() {
      throw new Error('toString was called')
    },
  }),
  toPrimitiveThrows: () => ({
    [Symbol.toPrimitive]() {
      throw new Error('Symbol.toPrimitive was called')
    },
  }),
  realmDate: (at) => runInNewContext(`new Date(${at})`),
  eventsUsers: (count) =>
    Array.from({ length: count }, (_, i) => ({
      id: `e${i}`,
      type: 'earn',
      user: `user-${i}`,
      at: 1704067200000 + i * 60_000,
      amount: '1',
    })),
  custRepeat: ([frequency, recency, T], count) =>
    Array.from({ length: count }, () => ({ frequency, recency, T })),
  custMoney: (monetary, count) =>
    Array.from({ length: count }, () => ({ frequency: 1, recency: 5, T: 10, monetary })),
}

const tags = {
  num: ({ v }) => Number(v),
  bigint: ({ v }) => BigInt(v),
  undef: () => undefined,
  date: ({ v }) => new Date(v === 'invalid' ? Number.NaN : v),
  repeat: ({ s, n }) => s.repeat(n),
  concat: ({ parts }) => parts.map(decode).join(''),
  json: ({ text }) => JSON.parse(text),
  gen: ({ name, args }) => generators[name](...args),
}

/** A tagged value as what it stands for; made anew each time. */
function decode(value) {
  if (typeof value !== 'object' || value === null) return value
  if (Array.isArray(value)) return value.map(decode)
  if (Object.hasOwn(tags, value.$)) return tags[value.$](value)
  return Object.fromEntries(Object.entries(value).map(([key, part]) => [key, decode(part)]))
}

const read = (name) =>
  JSON.parse(readFileSync(new URL(`../../fixtures/${name}.json`, import.meta.url), 'utf8')).cases

/** A case whose value is decoded when asked for: some of them are 20 MB. */
const decoded = (one) => ({
  ...one,
  get value() {
    return decode('value' in one ? one.value : one)
  },
})

/**
 * Every family by name.
 * @type {Readonly<Record<string, readonly Case[]>>}
 */
export const families = Object.fromEntries([
  ...Object.entries(folders).map(([name, file]) => [name, read(file).map(decoded)]),
  ['amounts', read('hostile-amounts/cases').map(decoded)],
  ['dst', read('dst/cases').map(decoded)],
  ['canaries', Object.entries(canaries).map(([id, value]) => ({ id: `canary-${id}`, why: id, value }))],
])
