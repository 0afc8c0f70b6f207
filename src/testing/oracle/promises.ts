import type { Duration } from '../../kernel/duration.js'
import type { Instant } from '../../kernel/instant.js'
import type { ServicePromise } from '../../lifecycle/promise.js'
import type { OracleCalendar } from './calendar.js'
import { read } from './events.js'
import type { OracleEntry, OracleNext } from './log.js'

/** What a promise has come to, as its engine's view shows it. */
export interface OraclePromise {
  readonly status: 'running' | 'paused' | 'kept' | 'broken' | 'dropped'
  readonly began: Instant
  readonly promised: Instant
  readonly due: Instant | null
  readonly left?: number
  readonly at?: Instant
}

/** What promises need to know of their lifecycle. */
export interface OracleDesk {
  readonly id: string
  readonly initial: string
  readonly calendar: OracleCalendar
  isHeard(event: OracleEntry, heard: ServicePromise['from']): boolean
}

/** A promise told from the whole log, and whether the log has said already that it is kept. */
interface Told {
  readonly name: string
  readonly shown: OraclePromise
  readonly said: boolean
}

/** The promises of a lifecycle, told from the log alone at every question. */
export function oraclePromises(
  promises: readonly ServicePromise[],
  log: readonly OracleEntry[],
  desk: OracleDesk,
): readonly (Told | undefined)[] {
  return promises.map((promise) => tell(promise, log, desk))
}

/** What ends next if nothing happens: what is kept and not yet said, then what is due first. */
export function promiseNext(
  told: readonly (Told | undefined)[],
  from: Instant,
  id: string,
): OracleNext | undefined {
  const open = told.flatMap((one) => one ?? [])
  const unsaid = open.find(({ shown, said }) => shown.status === 'kept' && !said)
  const [first] = open
    .filter(({ shown }) => shown.status === 'running')
    .sort((a, b) => a.shown.due! - b.shown.due!)
  const ending = unsaid ?? first
  if (ending === undefined) return undefined
  const { due, promised } = ending.shown
  return {
    at: unsaid ? from : Math.max(due!, from),
    type: `${id}/promise-${unsaid ? 'kept' : 'broken'}`,
    data: { promise: ending.name, ...(due !== null && { due }), promised },
  }
}

function tell(promise: ServicePromise, log: readonly OracleEntry[], desk: OracleDesk): Told | undefined {
  const { promise: name, within, keptIn = [], droppedIn = [], pausedIn = [] } = promise
  const [changed, broken, kept, set] = ['stage-changed', 'promise-broken', 'promise-kept', 'promise-set'].map(
    (event) => `${desk.id}/${event}`,
  )
  const isOwn = ({ type }: OracleEntry) => [changed, broken, kept, set].includes(type)
  const hears = (entry: OracleEntry, heard: ServicePromise['keptBy']) =>
    heard !== undefined && !isOwn(entry) && desk.isHeard(entry, heard)
  const isOf = (entry: OracleEntry, type: string | undefined) =>
    entry.type === type && read(entry, 'promise') === name
  const entered = (entry: OracleEntry, stages: readonly string[]) =>
    entry.type === changed && stages.includes(read(entry, 'to') as string)

  let began = -1
  let end: { readonly place: number; readonly status: 'kept' | 'broken' | 'dropped' } | undefined
  for (const [place, entry] of log.entries()) {
    if (began < 0 || end !== undefined) {
      if (hears(entry, promise.from)) {
        began = place
        end = undefined
      }
    } else if (hears(entry, promise.keptBy) || entered(entry, keptIn)) end = { place, status: 'kept' }
    else if (entered(entry, droppedIn)) end = { place, status: 'dropped' }
    else if (isOf(entry, broken)) end = { place, status: 'broken' }
  }
  if (began < 0) return undefined

  const start = log[began]!.occurredAt
  const during = log.slice(began + 1, end?.place)
  const stageThen = log.slice(0, began).filter(({ type }) => type === changed)
  const stages = [
    { at: start, stage: (stageThen.length > 0 ? read(stageThen.at(-1)!, 'to') : desk.initial) as string },
    ...during.flatMap((entry) =>
      entry.type === changed ? [{ at: entry.occurredAt, stage: read(entry, 'to') as string }] : [],
    ),
  ]
  const stands = (stage: string) => pausedIn.includes(stage)
  const { count, works } = clockOf(within)
  const { calendar } = desk
  /** How much the clock counted in the stages up to one of them. */
  const usedIn = (upTo: number) =>
    stages
      .slice(0, upTo)
      .filter(({ stage }) => !stands(stage))
      .map((one) => [one.at, stages[stages.indexOf(one) + 1]!.at] as const)
      .reduce((sum, [from, to]) => sum + (works ? calendar.worked(from, to) : to - from), 0)
  const paused = stands(stages.at(-1)!.stage)
  // Since when its clock has been running: through all stages that did not stop it.
  const first = stages.map(({ stage }) => stands(stage)).lastIndexOf(true) + 1
  const due = () => {
    const since = stages[first]?.at
    if (since === undefined) return null
    if (count === undefined || first === 0) return calendar.add(since, within)
    const left = count - usedIn(first)
    return works ? calendar.addWork(since, left) : since + left
  }

  const told = during.filter((entry) => isOf(entry, set)).at(-1)
  const status = end?.status ?? (paused ? 'paused' : 'running')
  return {
    name,
    said: end !== undefined && log.slice(end.place + 1).some((entry) => isOf(entry, kept)),
    shown: {
      status,
      began: start,
      promised: (told === undefined ? calendar.add(start, within) : read(told, 'promised')) as Instant,
      due: due(),
      ...(status === 'paused' && { left: count! - usedIn(stages.length - 1) }),
      ...(end && { at: log[end.place]!.occurredAt }),
    },
  }
}

/** The milliseconds on a clock, and whether it runs in business hours alone; dates have none. */
function clockOf(within: Duration): { readonly count: number | undefined; readonly works: boolean } {
  const { seconds, minutes, hours, workMinutes, workHours } = within
  const works = workMinutes !== undefined || workHours !== undefined
  if (seconds !== undefined) return { count: seconds * 1000, works }
  const whole = minutes ?? workMinutes
  if (whole !== undefined) return { count: whole * 60_000, works }
  const long = hours ?? workHours
  return { count: long === undefined ? undefined : long * 3_600_000, works }
}
