import { defineRetention, type RetentionDefinition, retentionReasons, retentionRows } from 'liuliang/cohorts'
import {
  type AnyEvent,
  collect,
  columnsOf,
  DefinitionError,
  defineEvents,
  instant,
  integer,
  money,
  text,
} from 'liuliang/kernel'
import { describe, expect, test } from 'vitest'

const definition = {
  id: 'buyers',
  version: 1,
  calendar: { zone: 'UTC' },
  entry: 'order-paid',
  activity: 'order-paid',
  period: 'month',
} as const
const inZone = (zone: string) => defineRetention({ ...definition, calendar: { zone } })
const paid = (subject: string, ...times: readonly string[]): AnyEvent[] =>
  times.map((time) => at('order-paid', subject, time))

function at(type: string, subject: string, time: string): AnyEvent {
  return { id: `${type}/${time}`, type, subject, occurredAt: instant(time), data: {} }
}

/** Cohort, size, and who was seen by offset, with `…` after a month that is not over. */
function table(events: readonly AnyEvent[], asOf: string, retention = inZone('UTC')) {
  const { cohorts } = retention.result(collect(retention, events), { asOf: instant(asOf) })
  return cohorts.map(({ cohort, size, cells }) => {
    const numbers = cells.map(({ seen, state }) => `${seen}${state === 'incomplete' ? '…' : ''}`)
    return `${cohort} ${size}: ${numbers.join(' ')}`
  })
}

describe('whose month it is', () => {
  const events = paid('mei', '2024-03-31T17:00:00Z', '2024-05-01T00:00:00Z')

  test('a purchase at 01:00 on 1 April in Shanghai is March in UTC', () => {
    expect(table(events, '2024-06-01T00:00:00Z')).toEqual([
      '2024-03 1: 1 0 1 0…',
      '2024-04 0: 0 0 0…',
      '2024-05 0: 0 0…',
      '2024-06 0: 0…',
    ])
    expect(table(events, '2024-05-31T15:59:59.999Z', inZone('Asia/Shanghai'))).toEqual([
      '2024-04 1: 1 1…',
      '2024-05 0: 0…',
    ])
  })

  test('29 February belongs to February, and is needed to complete it', () => {
    const leap = paid('mei', '2024-02-29T23:59:59.999Z', '2024-03-01T00:00:00Z')
    expect(table(leap, '2024-02-29T23:59:59.999Z')).toEqual(['2024-02 1: 1…'])
    expect(table(leap, '2024-03-01T00:00:00Z')).toEqual(['2024-02 1: 1 1…', '2024-03 0: 0…'])
  })

  test('in New York a month ends an hour earlier in UTC once clocks went forward', () => {
    const newYork = inZone('America/New_York')
    const events = paid('ann', '2024-03-01T05:00:00Z', '2024-04-01T03:59:59Z')
    expect(table(events, '2024-04-01T03:59:59.999Z', newYork)).toEqual(['2024-03 1: 1…'])
    expect(table(events, '2024-04-01T04:00:00Z', newYork)).toEqual(['2024-03 1: 1 0…', '2024-04 0: 0…'])
    expect(table(paid('ann', '2024-03-01T04:59:59Z'), '2024-03-01T05:00:00Z', newYork)).toEqual([
      '2024-02 1: 1 0…',
      '2024-03 0: 0…',
    ])
  })

  test("St John's showed November for a minute and then October again: neither is over before both are", () => {
    const stJohns = inZone('America/St_Johns')
    const october = paid('joan', '2009-10-31T12:00:00Z')
    // 00:00 at -02:30 is 02:30Z; at 02:31Z clocks went back to 23:01, so that October lasts until 03:30Z.
    expect(table(october, '2009-11-01T02:30:30Z', stJohns)).toEqual(['2009-10 1: 1… 0…', '2009-11 0: 0…'])
    expect(table(october, '2009-11-01T03:00:00Z', stJohns)).toEqual(['2009-10 1: 1… 0…', '2009-11 0: 0…'])
    expect(table(october, '2009-11-01T03:30:00Z', stJohns)).toEqual(['2009-10 1: 1 0…', '2009-11 0: 0…'])
    const returned = paid('joan', '2009-11-01T02:30:30Z', '2009-11-01T03:00:00Z')
    // By the calendar, who came in November and then in October entered in October.
    expect(table(returned, '2009-11-01T03:30:00Z', stJohns)).toEqual(['2009-10 1: 1 1…', '2009-11 0: 0…'])
  })
})

describe('what counts', () => {
  test('months without entries are cohorts of nobody, whose rate does not exist', () => {
    const buyers = inZone('UTC')
    const events = [...paid('a', '2024-01-10T00:00:00Z'), ...paid('b', '2024-03-10T00:00:00Z')]
    const { cohorts } = buyers.result(collect(buyers, events), { asOf: instant('2024-04-01T00:00:00Z') })
    expect(cohorts.map(({ cohort, size }) => [cohort, size])).toEqual([
      ['2024-01', 1],
      ['2024-02', 0],
      ['2024-03', 1],
      ['2024-04', 0],
    ])
    expect(cohorts[1]!.cells[1]).toEqual({
      offset: 1,
      to: 1,
      period: '2024-03',
      n: 0,
      eligible: 0,
      maturity: 1,
      retained: 0,
      seen: 0,
      state: 'complete',
      coverage: 1,
      rate: { kind: 'undefined', reason: 'no-trials' },
      fingerprint: expect.any(String),
    })
  })

  test('averages take complete cells, cohorts of 0 % included and cohorts of nobody not', () => {
    const buyers = inZone('UTC')
    const events = [
      ...['a', 'b', 'c'].flatMap((id) => paid(id, '2024-01-10T00:00:00Z', '2024-02-10T00:00:00Z')),
      ...paid('d', '2024-02-10T00:00:00Z'),
      ...paid('e', '2024-04-10T00:00:00Z', '2024-05-02T00:00:00Z'),
    ]
    const { averages } = buyers.result(collect(buyers, events), { asOf: instant('2024-05-15T00:00:00Z') })
    expect(averages).toHaveLength(5)
    expect(averages[1]).toMatchObject({
      offset: 1,
      cohorts: 3,
      eligible: 4,
      retained: 3,
      rate: { kind: 'estimate', value: 0.75, trials: 4, method: 'wilson' },
      mean: { kind: 'estimate', value: 0.5, cohorts: 2, method: 'mean-of-cohorts' },
    })
    expect(averages[4]).toEqual({
      offset: 4,
      to: 4,
      cohorts: 0,
      eligible: 0,
      retained: 0,
      rate: { kind: 'undefined', reason: 'not-over' },
      mean: { kind: 'undefined', reason: 'no-cohorts' },
    })
  })

  test('entering is being active only where the definition says so', () => {
    const readers = defineRetention({ ...definition, entry: 'joined', activity: ['read', 'wrote'] })
    const events = [
      at('joined', 'a', '2024-01-10T00:00:00Z'),
      at('wrote', 'a', '2024-02-10T00:00:00Z'),
      at('read', 'b', '2023-12-10T00:00:00Z'),
      at('read', 'b', '2024-01-01T00:00:00Z'),
      at('joined', 'b', '2024-01-10T00:00:00Z'),
      at('read', 'never-joined', '2024-01-10T00:00:00Z'),
      at('left', 'a', '2024-02-10T00:00:00Z'),
    ]
    expect(table(events, '2024-02-28T00:00:00Z', readers)).toEqual(['2024-01 2: 1 1…', '2024-02 0: 0…'])
  })

  test('what happened after asOf does not count, in the same month neither; at asOf it does', () => {
    const events = [
      ...paid('a', '2024-01-10T00:00:00Z', '2024-02-20T00:00:00Z'),
      ...paid('b', '2024-01-20T00:00:00Z'),
    ]
    const exact = defineRetention({ ...definition, keep: 'instants' })
    expect(table(events, '2024-01-19T23:59:59.999Z', exact)).toEqual(['2024-01 1: 1…'])
    expect(table(events, '2024-01-20T00:00:00Z', exact)).toEqual(['2024-01 2: 2…'])
    expect(table(events, '2024-02-19T00:00:00Z', exact)).toEqual(['2024-01 2: 2 0…', '2024-02 0: 0…'])
    expect(table(events, '2024-02-20T00:00:00Z', exact)).toEqual(['2024-01 2: 2 1…', '2024-02 0: 0…'])
    expect(table(events, '2024-01-09T00:00:00Z', exact)).toEqual([])
  })

  test('bits do not know what came after asOf in its own period: that period is left out, and said to be', () => {
    const events = paid('a', '2024-01-10T00:00:00Z', '2024-02-20T00:00:00Z')
    expect(table(events, '2024-01-31T23:59:59.998Z')).toEqual([])
    expect(table(events, '2024-01-31T23:59:59.999Z')).toEqual(['2024-01 1: 1…'])
    expect(table(events, '2024-02-19T00:00:00Z')).toEqual(['2024-01 1: 1'])
    expect(table(events, '2024-02-20T00:00:00Z')).toEqual(['2024-01 1: 1 1…', '2024-02 0: 0…'])
    const buyers = inZone('UTC')
    const { through, warnings } = buyers.result(collect(buyers, events), {
      asOf: instant('2024-02-19T00:00:00Z'),
    })
    expect(through).toBe('2024-01')
    expect(warnings).toEqual([{ code: 'open-period-left-out', period: '2024-02' }])
  })

  test('elapsed windows pass one person at a time; the rate speaks of those whose window has', () => {
    const days = defineRetention({ ...definition, clock: { elapsed: { hours: 24 } } })
    const events = [
      ...paid('a', '2024-01-01T00:00:00Z', '2024-01-02T00:00:00Z'),
      ...paid('b', '2024-01-01T12:00:00Z'),
      ...paid('c', '2024-01-02T06:00:00Z', '2024-01-03T06:00:00Z'),
    ]
    const options = { asOf: instant('2024-01-03T12:00:00Z') }
    const partial = collect(days, events)
    const [, cell] = days.result(partial, options).cohorts[0]!.cells
    expect(cell).toMatchObject({
      offset: 1,
      to: 1,
      period: null,
      n: 3,
      eligible: 2,
      maturity: 2 / 3,
      retained: 1,
      seen: 2,
      state: 'incomplete',
      rate: { kind: 'estimate', value: 0.5, trials: 2 },
    })
    expect(days.people(partial, options, { cohort: '2024-01', offset: 1 })).toEqual({
      retained: ['a'],
      lost: ['b'],
      early: ['c'],
      pending: [],
    })
  })

  test('dates, hours and exact time disagree about the same two events', () => {
    const events = paid('a', '2024-03-09T15:59:00Z', '2024-03-10T15:00:00Z')
    const offsets = ([undefined, 'hour', 'day'] as const).map((truncate) => {
      const clock = { elapsed: { hours: 24 }, ...(truncate && { truncate }) }
      const one = defineRetention({ ...definition, calendar: { zone: 'America/New_York' }, clock })
      const { cohorts } = one.result(collect(one, events), { asOf: instant('2024-03-20T00:00:00Z') })
      return cohorts[0]!.cells.flatMap(({ offset, seen }) => (seen > 0 ? [offset] : []))
    })
    expect(offsets).toEqual([[0], [0, 1], [0, 1]])
  })

  test('hours are those of the wall, also where they begin at a quarter past in UTC', () => {
    const clock = { elapsed: { hours: 24 }, truncate: 'hour' } as const
    const kathmandu = defineRetention({ ...definition, calendar: { zone: 'Asia/Kathmandu' }, clock })
    // 10:50 and the next day 10:05 at +05:45: ten o'clock both times.
    const events = paid('a', '2024-03-05T05:05:00Z', '2024-03-06T04:20:00Z')
    const { cohorts } = kathmandu.result(collect(kathmandu, events), {
      asOf: instant('2024-03-20T00:00:00Z'),
    })
    expect(cohorts[0]!.cells.slice(0, 3).map(({ seen }) => seen)).toEqual([1, 1, 0])
  })

  test('values that nobody brought in are no groups, and ties go by value, not by order', () => {
    const fields = { channel: text().optional() }
    const shop = defineEvents({ joined: fields, 'order-paid': fields })
    const by = defineRetention({
      ...definition,
      events: shop,
      entry: 'joined',
      breakdown: { field: 'channel', of: 'entry' },
    })
    const joined = (channel: string) => ({ ...at('joined', 'a', '2024-01-10T00:00:00Z'), data: { channel } })
    const asOf = instant('2024-01-20T00:00:00Z')
    const bought = { ...at('order-paid', 'a', '2024-01-12T00:00:00Z'), data: { channel: 'late' } }
    const values = (events: readonly AnyEvent[]) =>
      by.result(collect(by, events), { asOf }).groups.map(({ value }) => value)
    expect(values([joined('web'), joined('app'), bought])).toEqual(['app'])
    expect(values([bought, joined('app'), joined('web')])).toEqual(['app'])
    const cell = { cohort: '2024-01', offset: 0, group: 'late' }
    const refused = faultOf(() => by.people(collect(by, [joined('web'), bought]), { asOf }, cell))
    expect(refused).toEqual(['unknown-name', '$.cell.group'])
  })

  test('since cuts the cohorts shown; who is new was settled before', () => {
    const buyers = inZone('UTC')
    const events = [
      ...paid('old', '2023-11-10T00:00:00Z', '2024-02-10T00:00:00Z'),
      ...paid('new', '2024-02-10T00:00:00Z'),
    ]
    const options = { asOf: instant('2024-02-15T00:00:00Z'), since: instant('2024-01-31T00:00:00Z') }
    const { cohorts } = buyers.result(collect(buyers, events), options)
    expect(cohorts.map(({ cohort, size }) => [cohort, size])).toEqual([
      ['2024-01', 0],
      ['2024-02', 1],
    ])
  })

  test('names that mean something to JavaScript are subjects like others', () => {
    const names = ['__proto__', 'constructor', 'toString', 'hasOwnProperty', '10', '9', '']
    const events = names.flatMap((name) => paid(name, '2024-01-10T00:00:00Z', '2024-02-10T00:00:00Z'))
    expect(table([...events, ...events], '2024-02-29T00:00:00Z')).toEqual([
      '2024-01 7: 7 7…',
      '2024-02 0: 0…',
    ])
    const buyers = inZone('UTC')
    const json = JSON.parse(JSON.stringify(buyers.toJson(collect(buyers, events))))
    const twice = buyers.merge(collect(buyers, events), buyers.fromJson(json))
    const options = { asOf: instant('2024-02-29T00:00:00Z') }
    expect(buyers.people(twice, options, { cohort: '2024-01', offset: 0 })).toEqual({
      retained: [...names].sort(),
      lost: [],
      early: [],
      pending: [],
    })
  })

  test('the result says whose it is', () => {
    const buyers = inZone('Asia/Shanghai')
    const result = buyers.result(buyers.empty(), { asOf: 0 })
    expect(result).toEqual({
      definition: { id: 'buyers', version: 1, digest: expect.stringMatching(/^[0-9a-z]+$/) },
      fingerprint: expect.stringMatching(/^[0-9a-z]+$/),
      zone: 'Asia/Shanghai',
      period: 'month',
      measure: 'on',
      asOf: 0,
      through: null,
      level: 0.95,
      cohorts: [],
      averages: [],
      groups: [],
      warnings: [],
    })
    expect(inZone('UTC').empty().of).not.toBe(result.definition.digest)
    expect(buyers.definition).toEqual({ ...definition, calendar: { zone: 'Asia/Shanghai' } })
  })
})

describe('what a stranger stumbled over', () => {
  const days = (change: object = {}) =>
    defineRetention({
      ...definition,
      period: 'day',
      calendar: { zone: 'Pacific/Apia' },
      ...change,
    } as RetentionDefinition)

  test('a date that clocks skipped is no day on which everybody was away', () => {
    const lost = days()
    const events = paid('u', '2011-12-29T12:00:00-10:00', '2011-12-31T12:00:00+14:00')
    const { cohorts, averages } = lost.result(collect(lost, events), {
      asOf: instant('2012-01-01T00:00:00+14:00'),
    })
    expect(cohorts[0]!.cells[1]).toMatchObject({
      period: '2011-12-30',
      state: 'unobserved',
      coverage: 0,
      rate: { kind: 'undefined', reason: 'not-observed' },
    })
    expect(cohorts[0]!.cells[2]).toMatchObject({ period: '2011-12-31', state: 'complete', retained: 1 })
    expect(averages[1]).toMatchObject({ eligible: 0, rate: { kind: 'undefined' } })
  })

  test('an open first period is left out with a warning, also where nothing else is left', () => {
    const buyers = inZone('UTC')
    const partial = collect(buyers, paid('u', '2024-03-02T00:00:00Z', '2024-03-21T00:00:00Z'))
    const { cohorts, warnings } = buyers.result(partial, { asOf: instant('2024-03-11T00:00:00Z') })
    expect(cohorts).toEqual([])
    expect(warnings).toEqual([{ code: 'open-period-left-out', period: '2024-03' }])
  })

  test('an amount that is none is refused where it comes in, and nothing is added', () => {
    const shop = defineEvents({ 'order-paid': { v: integer(), m: money('CNY') } })
    for (const [sum, value] of [
      ['v', 1.5],
      ['v', '5'],
      ['v', 1e300],
      ['m', '1.234'],
      ['m', 1.5],
    ] as const) {
      const summed = defineRetention({ ...definition, events: shop, sum } as RetentionDefinition)
      const [event] = paid('u', '2024-03-02T00:00:00Z')
      const bad = [event!, { ...event!, data: { [sum]: value } }]
      expect(faultOf(() => summed.add(summed.empty(), bad[1]!))).toEqual(['wrong-type', `$.data.${sum}`])
      const partial = summed.empty()
      expect(faultOf(() => summed.addColumns(partial, columnsOf(bad)))).toEqual([
        'wrong-type',
        `$.data.${sum}`,
      ])
      expect(summed.toJson(partial)).toEqual(summed.toJson(summed.empty()))
    }
  })

  test('fingerprints differ where gaps change numbers', () => {
    const buyers = inZone('UTC')
    const partial = collect(buyers, paid('u', '2024-03-02T00:00:00Z'))
    const asOf = instant('2024-05-01T00:00:00Z')
    const gaps = [{ from: instant('2024-04-02T00:00:00Z'), to: instant('2024-04-02T01:00:00Z') }]
    const prints = [{ asOf }, { asOf, gaps }, { asOf, gaps, tolerance: 0.5 }].map(
      (options) => buyers.result(partial, options).fingerprint,
    )
    expect(new Set(prints).size).toBe(3)
  })

  test('who is forgotten leaves no instant behind, and no open period', () => {
    const kept = days({ calendar: { zone: 'UTC' } })
    const alone = kept.forget(collect(kept, paid('secret', '2024-03-02T00:00:12.345Z')), 'secret')
    expect(alone.latest).toBeNull()
    const events = [...paid('a', '2024-03-02T00:00:00Z'), ...paid('b', '2024-03-11T05:00:00Z')]
    const options = { asOf: instant('2024-03-04T12:00:00Z') }
    expect(kept.result(kept.forget(collect(kept, events), 'b'), options)).toEqual(
      kept.result(collect(kept, events.slice(0, 1)), options),
    )
  })
})

test('rows are flat, and say why a number is missing or not final', () => {
  const buyers = inZone('UTC')
  const events = [
    ...paid('a', '2024-03-10T00:00:00Z', '2024-04-10T00:00:00Z'),
    ...paid('b', '2024-03-11T00:00:00Z'),
  ]
  const rows = retentionRows(
    buyers.result(collect(buyers, events), { asOf: instant('2024-05-01T00:00:00Z') }),
  )
  expect(
    rows.map(({ cohort, offset, size, n, retained, reason }) => [cohort, offset, size, n, retained, reason]),
  ).toEqual([
    ['2024-03', 0, 2, 2, 2, null],
    ['2024-03', 1, 2, 2, 1, null],
    ['2024-03', 2, 2, 0, 0, 'not-over'],
    ['2024-04', 0, 0, 0, 0, 'no-trials'],
    ['2024-04', 1, 0, 0, 0, 'no-trials'],
    ['2024-05', 0, 0, 0, 0, 'no-trials'],
  ])
  expect(rows[1]).toEqual({
    group: null,
    cohort: '2024-03',
    offset: 1,
    to: 1,
    period: '2024-04',
    size: 2,
    n: 2,
    retained: 1,
    seen: 1,
    maturity: 1,
    coverage: 1,
    fingerprint: expect.any(String),
    state: 'complete',
    value: 0.5,
    low: expect.closeTo(0.0945, 4),
    high: expect.closeTo(0.9055, 4),
    reason: null,
  })
  expect(rows[3]).toMatchObject({ value: null, low: null, high: null })
  expect(Object.keys(retentionReasons).sort()).toEqual(['no-trials', 'not-observed', 'not-over'])
})

function faultOf(run: () => unknown): readonly [string, string] {
  try {
    run()
  } catch (error) {
    if (error instanceof DefinitionError) return [error.code, error.path]
    throw error
  }
  throw new Error('nothing was refused')
}

describe('what somebody must change', () => {
  const wrong = (change: object) => () => defineRetention({ ...definition, ...change } as RetentionDefinition)

  test.each([
    [{ id: undefined }, 'missing', '$.id'],
    [{ id: '' }, 'missing', '$.id'],
    [{ id: 7 }, 'wrong-type', '$.id'],
    [{ version: undefined }, 'missing', '$.version'],
    [{ version: 0 }, 'out-of-range', '$.version'],
    [{ version: 1.5 }, 'out-of-range', '$.version'],
    [{ calendar: undefined }, 'missing', '$.calendar'],
    [{ calendar: 'UTC' }, 'wrong-type', '$.calendar'],
    [{ calendar: { zone: 'CST' } }, 'invalid-zone', '$.calendar.zone'],
    [{ calendar: { zone: 'Mars/Olympus' } }, 'invalid-zone', '$.calendar.zone'],
    [{ calendar: { zone: 'UTC', weekstart: 1 } }, 'unknown-key', '$.calendar.weekstart'],
    [{ entry: undefined }, 'missing', '$.entry'],
    [{ entry: [] }, 'missing', '$.entry'],
    [{ entry: '' }, 'missing', '$.entry'],
    [{ entry: 7 }, 'wrong-type', '$.entry'],
    [{ activity: [] }, 'missing', '$.activity'],
    [{ activity: ['a', ''] }, 'missing', '$.activity[1]'],
    [{ activity: ['a', null] }, 'wrong-type', '$.activity[1]'],
    [{ activity: ['a', 'b', 'a'] }, 'duplicate-name', '$.activity[2]'],
    [{ period: undefined }, 'missing', '$.period'],
    [{ period: 'fortnight' }, 'unknown-name', '$.period'],
    [{ zone: 'UTC' }, 'unknown-key', '$.zone'],
  ])('definition with %j: %s at %s', (change, code, path) => {
    expect(faultOf(wrong(change))).toEqual([code, path])
  })

  test.each([[undefined], [null], [[]], ['buyers']])('%j is no definition and no options', (given) => {
    const buyers = inZone('UTC')
    expect(faultOf(() => defineRetention(given as never))).toEqual(['wrong-type', '$'])
    expect(faultOf(() => buyers.result(buyers.empty(), given as never))).toEqual(['wrong-type', '$'])
  })

  test.each([
    [{}, 'invalid-instant', '$.asOf'],
    [{ asOf: Number.NaN }, 'invalid-instant', '$.asOf'],
    [{ asOf: '2024-01-01' }, 'invalid-instant', '$.asOf'],
    [{ asOf: 0, since: 0.5 }, 'invalid-instant', '$.since'],
    [{ asOf: 0, since: 1 }, 'out-of-range', '$.since'],
    [{ asOf: 0, level: 0 }, 'out-of-range', '$.level'],
    [{ asOf: 0, level: 1 }, 'out-of-range', '$.level'],
    [{ asOf: 0, level: 95 }, 'out-of-range', '$.level'],
    [{ asOf: 0, level: '0.9' }, 'out-of-range', '$.level'],
  ])('options %j: %s at %s', (options, code, path) => {
    const buyers = inZone('UTC')
    expect(faultOf(() => buyers.result(buyers.empty(), options as never))).toEqual([code, path])
  })

  test('a customer of the year 1 does not make a table of half a billion cells', () => {
    const buyers = inZone('UTC')
    const partial = collect(buyers, [
      ...paid('a', '0001-01-01T00:00:00Z'),
      ...paid('b', '2024-01-10T00:00:00Z'),
    ])
    const asOf = instant('2024-01-31T00:00:00Z')
    expect(faultOf(() => buyers.result(partial, { asOf }))).toEqual(['too-large', '$.since'])
    expect(buyers.result(partial, { asOf, since: instant('1950-02-01T00:00:00Z') }).cohorts).toHaveLength(888)
  })

  test('the ends of time', () => {
    expect(table(paid('a', '9999-12-31T23:59:59.999Z'), '9999-12-31T23:59:59.999Z')).toEqual([
      '9999-12 1: 1…',
    ])
    const west = inZone('America/New_York')
    expect(table(paid('a', '0001-01-01T00:00:00Z'), '0001-01-02T00:00:00Z', west)).toEqual(['0001-01 1: 1…'])
  })

  test('a partial of another definition is not taken for this one', () => {
    const [utc, shanghai] = [inZone('UTC'), inZone('Asia/Shanghai')]
    const event = paid('a', '2024-01-10T00:00:00Z')[0]!
    const refused = ['other-definition', '$.of']
    expect(faultOf(() => utc.add(shanghai.empty(), event))).toEqual(refused)
    expect(faultOf(() => utc.merge(utc.empty(), shanghai.empty()))).toEqual(refused)
    expect(faultOf(() => utc.merge(shanghai.empty(), utc.empty()))).toEqual(refused)
    expect(faultOf(() => utc.result(shanghai.empty(), { asOf: 0 }))).toEqual(refused)
  })

  test('an event without an instant does not get in', () => {
    const buyers = inZone('UTC')
    const event = { ...paid('a', '2024-01-10T00:00:00Z')[0]!, occurredAt: Number.NaN }
    expect(faultOf(() => buyers.add(buyers.empty(), event))).toEqual(['invalid-instant', '$.occurredAt'])
  })
})
