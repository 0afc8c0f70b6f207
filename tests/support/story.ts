import { type Engine, type EventOf, type Instant, instant, type Journal, type Kinds } from 'liuliang'

/** What a subject's history left behind. */
export interface Story<K extends Kinds> {
  readonly state: Journal<K['state']>
  /** Everything that was recorded, in order. */
  readonly log: readonly EventOf<K>[]
}

/** Tells an engine what happened, in order of arrival. Every input has to be accepted. */
export function tell<K extends Kinds>(
  engine: Engine<K>,
  inputs: readonly (K['command'] | K['hears'])[],
  from: Journal<K['state']> = engine.start('u1'),
): Story<K> {
  let state = from
  const log: EventOf<K>[] = []
  for (const input of inputs) {
    const outcome = engine.decide(state, input)
    if (outcome.outcome !== 'accepted')
      throw new Error(`${input.id} was not accepted: ${JSON.stringify(outcome)}`)
    state = outcome.state
    log.push(...outcome.events)
  }
  return { state, log }
}

/** The refusal of an input; `undefined` when it is not refused. */
export function refusalOf<K extends Kinds>(
  engine: Engine<K>,
  state: Journal<K['state']>,
  input: unknown,
): { readonly code: string } | undefined {
  const outcome = engine.decide(state, input as K['hears'])
  return outcome.outcome === 'refused' ? outcome.refusal : undefined
}

/** Makes events of subject `u1`, numbered in the order in which they are written. */
export function teller(subject = 'u1') {
  let count = 0
  return <const T extends string, D extends object>(at: Instant | string, type: T, data: D, id?: string) => {
    count += 1
    return {
      id: id ?? `e${count}`,
      type,
      subject,
      occurredAt: typeof at === 'string' ? utc(at) : at,
      data,
    }
  }
}

/** `2024-03-05` or `2024-03-05 09:00`, in UTC. */
export function utc(text: string): Instant {
  const [date = '', time = '00:00'] = text.split(' ')
  return instant(`${date}T${time}Z`)
}

/** Type and chosen numbers of events, for comparing what happened at a glance. */
export function outline(events: readonly { readonly type: string; readonly data: object }[]) {
  return events.map(({ type, data }) => {
    const { points, from, to } = data as {
      readonly points?: number
      readonly from?: string
      readonly to?: string
    }
    return points !== undefined ? `${type} ${points}` : from !== undefined ? `${from} > ${to}` : type
  })
}
