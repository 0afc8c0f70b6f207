import {
  type CalendarDefinition,
  calendarOf,
  type Engine,
  type Instant,
  type Journal,
  type Kinds,
} from 'liuliang'

/** A local time of a calendar: `2024-03-05` or `2024-03-05 09:00`. */
export const clockOf = (calendar: CalendarDefinition) => {
  const dates = calendarOf(calendar)
  return (text: string): Instant => {
    const [date = '', time = '00:00'] = text.split(' ')
    const [year, month, day] = date.split('-').map(Number) as [number, number, number]
    const [hour, minute] = time.split(':').map(Number) as [number, number]
    return dates.instantOf({ year, month, day, hour, minute })
  }
}

/** Tells a story in local times; what was moved and promised comes back as lines, with what time does until the end. */
export function timeline<K extends Kinds>(
  engine: Engine<K>,
  calendar: CalendarDefinition,
  story: readonly (readonly [at: string, type: string, data?: object])[],
  until: string,
  subject = 'u1',
): {
  readonly lines: readonly string[]
  readonly state: Journal<K['state']>
  readonly inputs: readonly K['hears'][]
} {
  const at = clockOf(calendar)
  const dates = calendarOf(calendar)
  let state = engine.start(subject)
  const log: { readonly type: string; readonly occurredAt: Instant; readonly data: object }[] = []
  const inputs = story.map(
    ([when, type, data = {}], i) =>
      ({ id: `e${i}`, type, subject, occurredAt: at(when), data }) as unknown as K['hears'],
  )
  for (const input of inputs) {
    const outcome = engine.decide(state, input)
    if (outcome.outcome !== 'accepted') throw new Error(`${input.type}: ${JSON.stringify(outcome)}`)
    state = outcome.state
    log.push(...outcome.events)
  }
  log.push(...engine.advance(state, at(until)).events)
  const lines = log.flatMap(({ type, occurredAt, data }) => {
    const { to, promise } = data as { readonly to?: string; readonly promise?: string }
    const { hour, minute } = dates.local(occurredAt)
    const when = `${dates.localDate(occurredAt)} ${[hour, minute].map((n) => String(n).padStart(2, '0')).join(':')}`
    if (type.endsWith('/stage-changed')) return [`${when} ${to}`]
    return promise === undefined || type.endsWith('-set')
      ? []
      : [`${when} ${promise} ${type.split('-').at(-1)}`]
  })
  return { lines, state, inputs }
}
