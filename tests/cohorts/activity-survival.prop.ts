import fc from 'fast-check'
import {
  type ActivitySurvivalDefinition,
  defineActivitySurvival,
  defineGrowth,
  defineRetention,
  type InactivityGap,
  type Life,
  type ReturnRule,
} from 'liuliang/cohorts'
import { type AnyEvent, collect, type Instant } from 'liuliang/kernel'
import { kaplanMeier } from 'liuliang/measures'
import { describe, expect, test } from 'vitest'
import { runs } from '../support/size.js'
import { slowEdges, slowPeriod, slowThrough, type Unit } from './support/slow-periods.js'

const HOUR = 3_600_000
const DAY = 24 * HOUR

/** Clocks set back over midnight at the end of a month, half hours, a skipped date, and plain ones. */
const zones = ['UTC', 'America/St_Johns', 'Asia/Kathmandu', 'Pacific/Apia', 'Asia/Shanghai'] as const
const units: readonly Unit[] = ['day', 'week', 'month']
const rules: readonly ReturnRule[] = ['first-lapse', 'last-activity']

const around = Date.UTC(2009, 10, 1)
const moment: fc.Arbitrary<Instant> = fc.oneof(
  fc.integer({ min: around - 60 * DAY, max: around + 60 * DAY }).map((at) => at - (at % (15 * 60_000))),
  fc.integer({ min: -96, max: 96 }).map((quarters) => around + quarters * 15 * 60_000),
  fc.integer({ min: -40, max: 40 }).map((days) => around + days * DAY),
  // Silences of just the length of a gap.
  fc.integer({ min: -8, max: 8 }).map((weeks) => around + weeks * 7 * DAY),
)
const event: fc.Arbitrary<AnyEvent> = fc.record({
  id: fc.constant('e'),
  type: fc.constantFrom('joined', 'opened', 'opened', 'ignored'),
  subject: fc.constantFrom('__proto__', 'a', 'b', 'c', '用户', '7'),
  occurredAt: moment,
  data: fc.constant({}),
})
/** Left alone, arrays stay short, and silences are told apart only where there are activities on both sides. */
const events = fc.oneof(
  fc.array(event, { maxLength: 12 }),
  fc.array(event, { minLength: 15, maxLength: 70, size: 'max' }),
)

const definitionOf = (
  zone: string,
  period: Unit,
  gap: InactivityGap,
  returning: ReturnRule,
): ActivitySurvivalDefinition => ({
  id: 'staying',
  version: 1,
  calendar: { zone },
  period,
  entry: 'joined',
  activity: 'opened',
  gap,
  returning,
})

// The second implementation: days on the wall as Intl prints them; every silence looked at by itself.

interface Asked {
  readonly asOf: Instant
  readonly returning: ReturnRule
  readonly watchedSince?: Instant
}

const shown = ({ subject, cohort, time, event: left, entry, returned }: Life) => ({
  subject,
  cohort,
  time,
  event: left,
  ...(entry !== undefined && { entry }),
  returned,
})

const spines = new Map<string, readonly string[]>()

/** All periods there may be, by their names. */
function spineOf(zone: string, unit: Unit): readonly string[] {
  const key = `${zone} ${unit}`
  const known = spines.get(key)
  if (known !== undefined) return known
  const [from, to] = [-100, 100].map((days) => slowPeriod(zone, unit, around + days * DAY))
  const spine = slowThrough(unit, from!, to!)
  spines.set(key, spine)
  return spine
}

/** Periods of whole silence, by their names. */
function slowByPeriods(zone: string, unit: Unit, n: number, all: readonly AnyEvent[], asked: Asked) {
  const { asOf, returning, watchedSince } = asked
  const far = spineOf(zone, unit)
  const over = far.filter((name) => slowEdges(zone, unit, name)[1] <= asOf)
  const place = (name: string) => far.indexOf(name)
  const judged = over.length - 1 - n
  const watched =
    watchedSince === undefined ? -1 : far.findIndex((name) => slowEdges(zone, unit, name)[0] >= watchedSince)
  const found: unknown[] = []
  for (const subject of new Set(all.map((one) => one.subject))) {
    const in_ = (type: string) =>
      all
        .filter((one) => one.subject === subject && one.type === type && one.occurredAt <= asOf)
        .map((one) => place(slowPeriod(zone, unit, one.occurredAt)))
        .filter((index) => index < over.length)
    const entries = in_('joined')
    if (entries.length === 0) continue
    const cohort = Math.min(...entries)
    const late = cohort < watched
    const signs = new Set(in_('opened').filter((index) => index >= (late ? watched : cohort)))
    if (!late) signs.add(cohort)
    if (signs.size === 0 || (late ? watched : cohort) > judged) continue
    const silentAfter = (index: number) =>
      index + n < over.length &&
      Array.from({ length: n }, (_, i) => index + 1 + i).every((one) => !signs.has(one))
    const lapses = [...signs].filter(silentAfter).sort((a, b) => a - b)
    const last = Math.max(...signs)
    const end = returning === 'first-lapse' ? lapses[0] : lapses.find((one) => one === last)
    found.push({
      subject,
      cohort: far[cohort],
      time: (end ?? judged) - cohort,
      event: end !== undefined,
      ...(late && { entry: watched - 1 - cohort }),
      returned: lapses.some((one) => one < last),
    })
  }
  return found
}

/** Silence by the clock that nobody sets. */
function slowByTime(zone: string, unit: Unit, length: number, all: readonly AnyEvent[], asked: Asked) {
  const { asOf, returning, watchedSince = -Infinity } = asked
  const found: unknown[] = []
  for (const subject of new Set(all.map((one) => one.subject))) {
    const at = (type: string) =>
      all
        .filter((one) => one.subject === subject && one.type === type && one.occurredAt <= asOf)
        .map((one) => one.occurredAt)
    const entered = Math.min(...at('joined'))
    if (entered === Infinity) continue
    const late = entered < watchedSince
    const signs = at('opened').filter((one) => (late ? one > watchedSince : one >= entered))
    if (!late) signs.push(entered)
    if (signs.length === 0) continue
    if (late ? watchedSince >= asOf - length : entered > asOf - length) continue
    const silentAfter = (one: Instant) =>
      one + length <= asOf && signs.every((other) => other <= one || other >= one + length)
    const lapses = signs.filter(silentAfter).sort((a, b) => a - b)
    const last = Math.max(...signs)
    const end = returning === 'first-lapse' ? lapses[0] : lapses.find((one) => one === last)
    found.push({
      subject,
      cohort: slowPeriod(zone, unit, entered),
      time: ((end ?? asOf - length) - entered) / DAY,
      event: end !== undefined,
      ...(late && { entry: (watchedSince - entered) / DAY }),
      returned: lapses.some((one) => one < last),
    })
  }
  return found
}

const asSet = (list: readonly unknown[]) => list.map((one) => JSON.stringify(one)).sort()
const keyOf = (life: ReturnType<typeof shown>) => {
  const { subject, cohort, time, event: left, entry, returned } = life
  return { subject, cohort, time, event: left, ...(entry !== undefined && { entry }), returned }
}

describe('activity read as survival', () => {
  test('is what the slow reading finds, by whole periods, from whatever was kept', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom(...units),
        fc.integer({ min: 1, max: 4 }),
        fc.constantFrom(...rules),
        events,
        moment,
        fc.option(moment, { nil: undefined }),
        (zone, unit, n, returning, all, asOf, since) => {
          const watchedSince =
            returning === 'first-lapse' || since === undefined || since > asOf ? {} : { watchedSince: since }
          const slow = asSet(slowByPeriods(zone, unit, n, all, { asOf, returning, ...watchedSince }))
          for (const keep of ['periods', 'counts', 'instants'] as const) {
            const staying = defineActivitySurvival({
              ...definitionOf(zone, unit, { periods: n }, returning),
              keep,
            })
            const lives = staying.lives(collect(staying, all), { asOf, ...watchedSince })
            expect(asSet(lives.map((life) => keyOf(shown(life))))).toEqual(slow)
          }
        },
      ),
      { numRuns: runs(300, 10_000) },
    )
  })

  test('is what the slow reading finds, by exact time', () => {
    fc.assert(
      fc.property(
        fc.constantFrom(...zones),
        fc.constantFrom(...units),
        fc.constantFrom(1, 24, 24 * 7, 24 * 7, 24 * 14, 24 * 30),
        fc.constantFrom(...rules),
        events,
        moment,
        fc.option(moment, { nil: undefined }),
        (zone, unit, hours, returning, all, asOf, since) => {
          const watchedSince =
            returning === 'first-lapse' || since === undefined || since > asOf ? {} : { watchedSince: since }
          const staying = defineActivitySurvival(definitionOf(zone, unit, { hours }, returning))
          const lives = staying.lives(collect(staying, all), { asOf, ...watchedSince })
          expect(asSet(lives.map((life) => keyOf(shown(life))))).toEqual(
            asSet(slowByTime(zone, unit, hours * HOUR, all, { asOf, returning, ...watchedSince })),
          )
        },
      ),
      { numRuns: runs(250, 5000) },
    )
  })

  test('curves are those of the lives, of all, of each cohort, and nobody is lost on the way', () => {
    fc.assert(
      fc.property(
        fc.constantFrom<InactivityGap>({ periods: 1 }, { periods: 3 }, { hours: 100 }),
        fc.constantFrom(...rules),
        events,
        moment,
        (gap, returning, all, asOf) => {
          const staying = defineActivitySurvival(definitionOf('America/St_Johns', 'week', gap, returning))
          const partial = collect(staying, all)
          const { all: whole, cohorts, unit } = staying.result(partial, { asOf, transform: 'log-log' })
          const lives = staying.lives(partial, { asOf })
          const drawn = (some: readonly Life[]) =>
            kaplanMeier(
              some.map(({ time, event: left }) => ({ time, event: left })),
              { unit, transform: 'log-log' },
            ).rows
          expect(whole.curve.rows).toEqual(drawn(lives))
          expect(whole.curve.n + whole.undecided).toBe(whole.entered)
          expect(cohorts.reduce((sum, { entered }) => sum + entered, 0)).toBe(whole.entered)
          for (const { cohort, curve } of cohorts)
            expect(curve.rows).toEqual(drawn(lives.filter((life) => life.cohort === cohort)))
        },
      ),
      { numRuns: runs(150, 3000) },
    )
  })

  test('within a cohort, the last activity survives t periods as unbounded retention has t + 1', () => {
    const unbounded = defineRetention({
      ...{ id: 'unbounded', version: 1, calendar: { zone: 'America/St_Johns' }, period: 'week' },
      entry: 'joined',
      activity: 'opened',
      measure: 'on-or-after',
    })
    const staying = defineActivitySurvival(
      definitionOf('America/St_Johns', 'week', { periods: 2 }, 'last-activity'),
    )
    let compared = 0
    fc.assert(
      fc.property(events, fc.integer({ min: 0, max: 20 }), (all, weeks) => {
        // Retention looks into the open week too: there is none at a week's end.
        const week = slowPeriod('America/St_Johns', 'week', around + (weeks - 8) * 7 * DAY)
        const asOf = slowEdges('America/St_Johns', 'week', week)[1] - 1
        const partial = collect(
          unbounded,
          all.filter(({ occurredAt }) => occurredAt <= asOf),
        )
        const triangle = unbounded.result(partial, { asOf })
        const { cohorts } = staying.result(partial, { asOf: asOf + 1, transform: 'plain' })
        for (const { cohort, curve } of cohorts) {
          const row = triangle.cohorts.find((one) => one.cohort === cohort)
          for (const { time, survival, censored } of curve.rows) {
            const cell = row?.cells[time + 1]
            if (censored > 0 || cell?.rate.kind !== 'estimate') continue
            expect(survival).toBeCloseTo(cell.retained / cell.n, 12)
            compared += 1
          }
        }
      }),
      { numRuns: runs(150, 3000) },
    )
    expect(compared).toBeGreaterThan(100)
  })

  test('what first-lapse has decided stays decided as time goes on', () => {
    const staying = defineActivitySurvival(
      definitionOf('Pacific/Apia', 'week', { periods: 2 }, 'first-lapse'),
    )
    fc.assert(
      fc.property(events, moment, moment, (all, one, other) => {
        const [early, late] = [Math.min(one, other), Math.max(one, other)]
        const partial = collect(staying, all)
        const livesAt = (asOf: Instant) =>
          new Map(staying.lives(partial, { asOf }).map((life) => [life.subject, life]))
        const later = livesAt(late)
        for (const [subject, life] of livesAt(early)) {
          const now = later.get(subject)
          // An entry that clocks showed in an earlier week may still arrive, and with it an earlier begin.
          if (now?.cohort !== life.cohort) continue
          if (life.event) expect([now.event, now.time]).toEqual([true, life.time])
          else expect(now.time).toBeGreaterThanOrEqual(life.time)
        }
      }),
      { numRuns: runs(200, 4000) },
    )
  })

  test('reads the partials of growth accounting', () => {
    const same = { calendar: { zone: 'Asia/Kathmandu' }, period: 'day', activity: 'opened' } as const
    const growth = defineGrowth({ id: 'growth', version: 1, ...same, resurrected: 'counted' })
    const staying = defineActivitySurvival({
      ...{ id: 'staying', version: 1, ...same, entry: 'opened' },
      gap: { periods: 2 },
      returning: 'first-lapse',
    })
    fc.assert(
      fc.property(events, moment, (all, asOf) => {
        const { all: whole } = staying.result(collect(growth, all), { asOf, transform: 'log' })
        expect(whole).toEqual(staying.result(collect(staying, all), { asOf, transform: 'log' }).all)
      }),
      { numRuns: runs(50, 500) },
    )
  })
})
