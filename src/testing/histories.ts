import * as fc from 'fast-check'
import {
  type AnyEvent,
  type Engine,
  type EventSpecs,
  type Field,
  formatMinor,
  type Instant,
  instant,
  type Kinds,
  minorDigits,
} from '../kernel/index.js'

/** Inputs as they arrive: not all in the order in which they happened, not all for the first time. */
export interface History<Input = AnyEvent> {
  readonly subject: string
  readonly inputs: readonly Input[]
}

/** Which hard things a history has in it. */
export interface Hardships {
  /** An input older than one that arrived before it. */
  readonly late: boolean
  /** The same input twice. */
  readonly duplicate: boolean
  /** Two inputs of one instant. */
  readonly tied: boolean
  /** Two neighbouring inputs with a change of clocks, somewhere, between them and within two days. */
  readonly 'dst-crossing': boolean
  /** An input that undoes another: its type speaks of a refund. */
  readonly refunding: boolean
}

/** Changes of clocks, each in another zone: hour, half an hour, a whole day left out, midnight missing. */
const CLOCK_CHANGES: readonly Instant[] = [
  '2024-03-10T07:00:00Z', // New York, forward
  '2024-11-03T06:00:00Z', // New York, back
  '2024-03-31T01:00:00Z', // Berlin, forward
  '2024-10-27T01:00:00Z', // Berlin, back
  '2024-04-06T15:00:00Z', // Lord Howe, back by half an hour
  '2024-10-05T15:30:00Z', // Lord Howe, forward by half an hour
  '2011-12-30T10:00:00Z', // Apia, over the date line
  '2018-11-04T03:00:00Z', // São Paulo, no midnight
].map((text) => instant(text))

const MINUTE = 60_000
const HOUR = 60 * MINUTE
const DAY = 24 * HOUR

/** How far the next input is from the last: ties, instants side by side, hours, days, and gaps over many deadlines. */
const gaps: fc.Arbitrary<number> = fc.oneof(
  { weight: 3, arbitrary: fc.constant(0) },
  { weight: 1, arbitrary: fc.constant(1) },
  { weight: 3, arbitrary: fc.integer({ min: 1, max: 48 }).map((hours) => hours * HOUR) },
  { weight: 5, arbitrary: fc.integer({ min: 1, max: 40 }).map((days) => days * DAY) },
  {
    weight: 3,
    arbitrary: fc
      .tuple(fc.integer({ min: 1, max: 40 }), fc.integer({ min: -90, max: 90 }))
      .map(([days, minutes]) => days * DAY + minutes * MINUTE),
  },
  { weight: 1, arbitrary: fc.integer({ min: 100, max: 420 }).map((days) => days * DAY) },
)

interface Step {
  readonly gap: number
  /** Which type: a number that is taken modulo their count. */
  readonly type: number
  /** What the fields hold, as numbers that each kind of field reads in its own way. */
  readonly values: readonly number[]
  readonly noise: 'plain' | 'late' | 'duplicate' | 'clock-change'
  readonly behind: number
}

const steps: fc.Arbitrary<Step> = fc.record({
  gap: gaps,
  type: fc.nat({ max: 9_999 }),
  values: fc.array(fc.nat({ max: 10_000 }), { minLength: 6, maxLength: 6 }),
  noise: fc.oneof(
    { weight: 14, arbitrary: fc.constant('plain' as const) },
    { weight: 1, arbitrary: fc.constant('late' as const) },
    { weight: 1, arbitrary: fc.constant('duplicate' as const) },
    { weight: 2, arbitrary: fc.constant('clock-change' as const) },
  ),
  behind: fc.integer({ min: 1, max: 60 * 24 * 20 }).map((minutes) => minutes * MINUTE),
})

/** How histories are made. */
export interface HistoryOptions {
  readonly subject?: string
  /** Inputs in one history; 14 unless told. */
  readonly length?: number
  /** Types that are generated; all that the engine accepts unless told. A type that is named twice comes twice as often. */
  readonly types?: readonly string[]
}

/**
 * Random histories for an engine, made from what it accepts: through time, with late, duplicate, tied, refunding and
 * clock-crossing inputs each in a tenth of them or more. Text fields often repeat what was said before, so refunds meet
 * their orders.
 *
 * @example
 * fc.assert(fc.property(histories(points), ({ subject, inputs }) => …))
 */
export function histories<K extends Kinds>(
  engine: Engine<K>,
  options: HistoryOptions = {},
): fc.Arbitrary<History<K['command'] | K['hears']>> {
  const { subject = 'subject-1', length = 14, types = Object.keys(engine.accepts) } = options
  const start = fc.oneof(
    fc.constantFrom(...CLOCK_CHANGES.map((at) => at - DAY)),
    fc.integer({ min: 0, max: 400 }).map((days) => CLOCK_CHANGES[0]! + days * DAY),
  )
  return fc
    .tuple(start, fc.array(steps, { minLength: 1, maxLength: length, size: 'max' }))
    .map(([from, made]) => ({
      subject,
      inputs: built(engine.accepts, types, subject, from, made) as readonly (K['command'] | K['hears'])[],
    }))
}

function built(
  specs: EventSpecs,
  types: readonly string[],
  subject: string,
  start: Instant,
  made: readonly Step[],
): readonly AnyEvent[] {
  const inputs: AnyEvent[] = []
  const said = new Set<string>()
  let now = start
  const put = (id: string, occurredAt: Instant, values: readonly number[], choice: number) => {
    const type = types[choice % types.length]!
    const data = dataOf(specs[type]!, values, [...said], subject, occurredAt)
    for (const value of Object.values(data)) if (typeof value === 'string') said.add(value)
    said.add(id)
    now = Math.max(now, occurredAt)
    inputs.push({ id, type, subject, occurredAt, data })
  }
  for (const [i, step] of made.entries()) {
    if (step.noise === 'duplicate' && inputs.length > 0) {
      inputs.push(inputs[step.values[0]! % inputs.length]!)
      continue
    }
    const change = CLOCK_CHANGES.find((at) => at > now && at - now < 400 * DAY)
    const minutes = (step.values[1]! % 120) * MINUTE
    if (step.noise === 'clock-change' && change !== undefined) {
      put(`input-${i}-before`, change - minutes - 1, step.values, step.type)
      put(`input-${i}`, change + minutes, [...step.values].reverse(), step.type + 1)
    } else {
      now += step.gap
      const late = step.noise === 'late' ? now - step.behind : now
      put(`input-${i}`, late, step.values, step.type)
    }
  }
  return inputs
}

function dataOf(
  fields: EventSpecs[string],
  values: readonly number[],
  said: readonly string[],
  subject: string,
  at: Instant,
) {
  const entries = Object.entries(fields).flatMap(([name, field], i): (readonly [string, unknown])[] => {
    const value = values[i % values.length]! + 7 * Math.floor(i / values.length)
    if (field.required === false && value % 3 === 0) return []
    return [[name, generated(field, value, said, subject, at)]]
  })
  return Object.fromEntries(entries)
}

const AMOUNTS = [0, 1, 99, 333, 1000, 3333, 9999, 12_345, 50_000]

function generated(
  field: Field,
  value: number,
  said: readonly string[],
  subject: string,
  at: Instant,
): unknown {
  switch (field.type) {
    case 'text':
      if (field.oneOf) return field.oneOf[value % field.oneOf.length]
      return value % 4 > 0 && said.length > 0 ? said[value % said.length] : `text-${value % 50}`
    case 'integer':
      return value % 300
    case 'money':
      return formatMinor(AMOUNTS[value % AMOUNTS.length]!, minorDigits(field.currency))
    case 'instant':
      return at - (value % 800) * DAY
    case 'boolean':
      return value % 2 === 0
    case 'ref':
      return value % 3 === 0 ? subject : `other-${value % 5}`
    case 'detail':
      return {}
    case 'lines':
      return Array.from({ length: 1 + (value % 4) }, (_, i) =>
        dataOf(field.of, [value + 3 * i, value % 7, value + i], said, subject, at),
      )
  }
}

/** Which hard things a history has in it. */
export function hardshipsOf({ inputs }: History): Hardships {
  const ids = inputs.map(({ id }) => id)
  const times = [...new Map(inputs.map((input) => [input.id, input.occurredAt])).values()]
  const sorted = [...times].sort((a, b) => a - b)
  const neighbours = sorted.slice(1).map((at, i) => [sorted[i]!, at] as const)
  return {
    late: times.some((at, i) => times.slice(0, i).some((earlier) => earlier > at)),
    duplicate: new Set(ids).size < ids.length,
    tied: new Set(times).size < times.length,
    'dst-crossing': neighbours.some(
      ([a, b]) => b - a <= 2 * DAY && CLOCK_CHANGES.some((change) => a < change && change <= b),
    ),
    refunding: inputs.some(({ type }) => /refund/.test(type)),
  }
}
