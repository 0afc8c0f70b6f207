import fc from 'fast-check'
import { type CampaignRetention, defineRetention, measureCampaign } from 'liuliang/cohorts'
import {
  type AnyEvent,
  calendarOf,
  collect,
  defineEvents,
  instant,
  random,
  sumMoney,
  text,
} from 'liuliang/kernel'
import { wilson } from 'liuliang/measures'
import { describe, expect, test } from 'vitest'
import { runs } from '../support/size.js'

const events = defineEvents({ joined: { channel: text() }, visited: {} })
const channels = ['tea', 'poster', 'walk-in'] as const
const zones = ['Asia/Shanghai', 'America/St_Johns', 'Australia/Lord_Howe', 'Pacific/Apia', 'Africa/Monrovia']
const first = instant('2011-10-01T00:00:00Z')
const days = 200

interface Raw {
  readonly who: number
  readonly kind: number
  readonly hour: number
}

const histories = fc.array(
  fc.record({
    who: fc.integer({ min: 0, max: 11 }),
    kind: fc.integer({ min: 0, max: 5 }),
    hour: fc.integer({ min: 0, max: days * 24 }),
  }),
  { maxLength: 60 },
)

const eventsOf = (history: readonly Raw[]): readonly AnyEvent[] =>
  history.map(({ who, kind, hour }, i) => ({
    id: `e${i}`,
    type: kind < 3 ? 'joined' : 'visited',
    subject: `p${who}`,
    // A minute each keeps instants apart: of two entries at once, either could be the first.
    occurredAt: first + hour * 3_600_000 + i * 60_000,
    data: kind < 3 ? { channel: channels[kind]! } : {},
  }))

/** Month by month, person by person, with local dates and nothing else. */
function slowly(rows: readonly AnyEvent[], zone: string, asOf: number, offset: number) {
  const { localDate } = calendarOf({ zone })
  const monthOf = (at: number) => {
    const [year, month] = localDate(at).split('-').map(Number)
    return year! * 12 + month!
  }
  const people = [...new Set(rows.map(({ subject }) => subject))].flatMap((subject) => {
    const own = rows.filter((row) => row.subject === subject && row.occurredAt <= asOf)
    const entries = own.filter(({ type }) => type === 'joined').sort((a, b) => a.occurredAt - b.occurredAt)
    if (entries.length === 0) return []
    const entered = Math.min(...entries.map(({ occurredAt }) => monthOf(occurredAt)))
    const channel = (entries[0]!.data as { readonly channel: string }).channel
    const active = own.some(
      ({ type, occurredAt }) => type === 'visited' && monthOf(occurredAt) === entered + offset,
    )
    return [{ channel, entered, active, over: monthOf(asOf) > entered + offset }]
  })
  const tea = people.filter(({ channel }) => channel === 'tea')
  const within = (entered: number) =>
    tea.some((one) => one.entered <= entered) && tea.some((one) => one.entered >= entered)
  const others = people.filter(({ channel, entered }) => channel !== 'tea' && within(entered))
  const count = (list: typeof people) => list.filter(({ over }) => over).length
  const retained = (list: typeof people) => list.filter(({ over, active }) => over && active).length
  return {
    acquired: tea.length,
    n: count(tea),
    retained: retained(tea),
    compared: { n: count(others), retained: retained(others) },
  }
}

describe('from random histories in odd zones', () => {
  test('who came, who is left and who is compared is what a slow walk finds; costs add up', () => {
    fc.assert(
      fc.property(
        histories,
        fc.constantFrom(...zones),
        fc.integer({ min: 60, max: days }),
        fc.integer({ min: 0, max: 99_999 }),
        (history, zone, asOfDay, fixed) => {
          const rows = eventsOf(history)
          const asOf = first + asOfDay * 86_400_000
          const retention = defineRetention({
            id: 'tea',
            version: 1,
            calendar: { zone },
            events,
            period: 'month',
            entry: 'joined',
            activity: 'visited',
            breakdown: { field: 'channel', of: 'entry' },
          })
          const measured = retention.result(collect(retention, rows), { asOf })
          fc.pre(measured.groups.some(({ value }) => value === 'tea'))
          const truth = measureCampaign(measured, {
            campaign: ['tea'],
            comparison: { kind: 'observational', groups: 'everybody-else' },
            costs: { currency: 'CNY', fixed: `${fixed}.01`, perPerson: '1.80' },
            offsets: [0, 1, 3],
          })
          for (const { offset, n, retained, compared, cost } of truth.offsets) {
            const slow = slowly(rows, zone, asOf, offset)
            expect({
              acquired: truth.acquired,
              n,
              retained,
              compared: { n: compared.n, retained: compared.retained },
            }).toEqual(slow)
            expect(Number(cost)).toBeLessThanOrEqual(Number(truth.cost))
          }
          const parts = truth.cohorts.map(({ cost: amount }) => ({ amount, currency: 'CNY' }))
          if (truth.acquired > 0) expect(sumMoney(parts, 'CNY').amount).toBe(truth.cost)
        },
      ),
      { numRuns: runs(150, 3000) },
    )
  })
})

describe('recovery of known effects', () => {
  interface Cohort {
    readonly tea: readonly [n: number, p: number]
    readonly other: readonly [n: number, p: number]
  }
  const drawn = (chance: ReturnType<typeof random>, [n, p]: readonly [number, number]): number => {
    let hits = 0
    for (let i = 0; i < n; i += 1) if (chance.next() < p) hits += 1
    return hits
  }
  const tableOf = (chance: ReturnType<typeof random>, cohorts: readonly Cohort[]): CampaignRetention => ({
    period: 'month',
    asOf: first,
    warnings: [],
    cohorts: cohorts.map(({ tea, other }, i) => ({ cohort: `2024-0${i + 1}`, size: tea[0] + other[0] })),
    groups: (['tea', 'other'] as const).map((value) => ({
      value,
      cohorts: cohorts.map((one, i) => ({
        cohort: `2024-0${i + 1}`,
        size: one[value][0],
        cells: [
          {
            offset: 0,
            period: '',
            eligible: one[value][0],
            retained: drawn(chance, one[value]),
            state: 'complete' as const,
          },
        ],
      })),
    })),
  })
  const rounds = runs(1000, 20_000)
  // Rare and common, a gain and none, and cohorts whose mix would turn a gain round.
  const worlds: Readonly<Record<string, readonly Cohort[]>> = {
    'a small gain': [{ tea: [400, 0.12], other: [300, 0.08] }],
    'no gain, few stay': [{ tea: [500, 0.02], other: [120, 0.02] }],
    'six cohorts of different mix': [
      ...[
        { tea: [20, 0.5], other: [120, 0.42] },
        { tea: [30, 0.4], other: [90, 0.34] },
      ],
      ...[
        { tea: [40, 0.3], other: [60, 0.25] },
        { tea: [70, 0.2], other: [40, 0.16] },
      ],
      ...[
        { tea: [100, 0.1], other: [30, 0.08] },
        { tea: [140, 0.05], other: [25, 0.04] },
      ],
    ] as unknown as readonly Cohort[],
  }

  test.each(Object.entries(worlds))('%s: intervals hold the truth as often as they say', (name, cohorts) => {
    const chance = random(`campaign ${name}`)
    const n = cohorts.reduce((sum, { tea }) => sum + tea[0], 0)
    const truth = cohorts.reduce((sum, { tea, other }) => sum + (tea[0] / n) * (tea[1] - other[1]), 0)
    const kept = cohorts.reduce((sum, { tea }) => sum + tea[0] * tea[1], 0)
    const hits = { difference: 0, retained: 0, incremental: 0 }
    for (let round = 0; round < rounds; round += 1) {
      const [one] = measureCampaign(tableOf(chance, cohorts), {
        campaign: ['tea'],
        comparison: { kind: 'randomised', groups: ['other'] },
        costs: { currency: 'CNY', perPerson: '2.00' },
        offsets: [0],
        standardise: { over: 'cohorts' },
      }).offsets
      const { incremental, costPerRetained, costPerIncremental } = one!
      if (incremental.kind === 'undefined') throw new Error('nobody')
      const { low, high } = incremental.rate.interval
      if (low <= truth && truth <= high) hits.difference += 1
      const each = (2 * n) / kept
      if (
        costPerRetained.kind === 'estimate'
          ? costPerRetained.interval.low <= each && each <= costPerRetained.interval.high
          : costPerRetained.reason === 'nobody-retained' && costPerRetained.atLeast <= each
      )
        hits.retained += 1
      // A set without an end holds every cost above its least; of no gain there is no cost to hold.
      const cost = truth === 0 ? Number.POSITIVE_INFINITY : 2 / truth
      const holds =
        costPerIncremental.kind === 'estimate'
          ? costPerIncremental.interval.low <= cost && cost <= costPerIncremental.interval.high
          : costPerIncremental.reason === 'not-distinguishable-from-zero' &&
            costPerIncremental.atLeast !== null &&
            costPerIncremental.atLeast <= cost
      if (holds) hits.incremental += 1
    }
    for (const [what, successes] of Object.entries(hits)) {
      const share = wilson({ successes, trials: rounds, level: 0.999 })
      if (share.kind === 'undefined') throw new Error('no rounds')
      // Never below the level; where few stay, Wilson's is above it.
      expect(share.interval.high, what).toBeGreaterThan(0.95)
      expect(share.value, what).toBeLessThan(0.99)
    }
  })
})
