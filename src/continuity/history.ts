import { checkList, checkRecord, fault } from '../kernel/errors.js'
import { type Instant, isInstant } from '../kernel/index.js'
import { type Steps, stepsOf } from './attention.js'

/** One send, when all who would open it in the agreed window have had that window. */
export interface SendCounts {
  readonly at: Instant
  /** How many it reached; 0 says nothing about the rate. */
  readonly delivered: number
  /** How many of them opened it within the window. */
  readonly opened: number
}

/** What was sent and how it was read. In any order; several sends of one instant are several observations. */
export interface OpenRateHistory {
  readonly sends: readonly SendCounts[]
  /**
   * When something was published, if that is not the same as the sends: publications whose opens nobody counted are in it,
   * messages that only measure attention (a notice sent during a pause) are not. Without it every send is a publication.
   */
  readonly publications?: readonly Instant[]
}

/** A history in order, and what time does in it. */
export interface ReadHistory {
  /** Ascending, each once. */
  readonly publications: readonly Instant[]
  readonly begin: Instant
  readonly last: Instant
  /** By step: what was observed at it; 0 delivered where nothing was. */
  readonly steps: Steps
  readonly delivered: Float64Array
  readonly opened: Float64Array
  /** Sends with anybody reached. */
  readonly observed: number
  /** Stretches of pause that a later observation sees. */
  readonly pauses: number
  readonly daysPaused: number
  /** Whether an observation sees the time after a pause (or after a start of its own) in which it was published again. */
  readonly resumed: boolean
  /** Whether an observation sees any time of being published. */
  readonly published: boolean
}

/** Checks a history and puts it in order. */
export function readHistory(history: OpenRateHistory, pauseAfter: number, path = '$'): ReadHistory {
  checkRecord(history, path)
  const { sends, publications: given } = history
  checkList(sends, `${path}.sends`)
  for (const [i, send] of sends.entries()) checkSend(send, `${path}.sends[${i}]`)
  if (given !== undefined) checkInstants(given, `${path}.publications`)
  const inOrder = [...sends].sort((a, b) => a.at - b.at || a.delivered - b.delivered || a.opened - b.opened)
  const publications = distinct(given ?? inOrder.map(({ at }) => at))
  const first = inOrder[0]?.at
  const begin = publications[0] ?? first ?? 0
  if (first !== undefined && first < begin) {
    throw fault(
      'out-of-range',
      `${path}.publications`,
      begin,
      'a publication at or before the first send: the history begins with one',
    )
  }
  const steps = stepsOf(
    inOrder.map(({ at }) => at),
    publications,
    begin,
    pauseAfter,
  )
  const delivered = new Float64Array(steps.at.length)
  const opened = new Float64Array(steps.at.length)
  // Steps that stand for a send come in the order of the sends; those of publications alone lie between.
  let next = 0
  for (const [i, at] of steps.at.entries()) {
    const send = inOrder[next]
    if (send === undefined || send.at !== at) continue
    delivered[i] = send.delivered
    opened[i] = send.opened
    next += 1
  }
  const seen = whatIsSeen(steps, delivered)
  return {
    publications,
    begin,
    last: Math.max(steps.at.at(-1) ?? begin, begin),
    steps,
    delivered,
    opened,
    ...seen,
  }
}

function whatIsSeen({ relaxed, paused }: Steps, delivered: Float64Array) {
  let [observed, pauses, daysPaused] = [0, 0, 0]
  let [resumed, published, ever] = [false, false, false]
  let [waiting, days] = [0, 0]
  let [fell, lifted, inPause] = [false, false, false]
  for (let i = 0; i < relaxed.length; i += 1) {
    if (relaxed[i]! > 0) {
      lifted ||= fell
      ever = true
      inPause = false
    }
    if (paused[i]! > 0) {
      if (!inPause) waiting += 1
      inPause = true
      fell = true
      days += paused[i]!
    }
    if (delivered[i] === 0) continue
    observed += 1
    pauses += waiting
    daysPaused += days
    waiting = 0
    days = 0
    resumed ||= lifted
    published ||= ever
  }
  return { observed, pauses, daysPaused, resumed, published }
}

function checkSend(send: SendCounts, path: string): void {
  checkRecord(send, path)
  const { at, delivered, opened } = send
  if (!isInstant(at)) throw fault('invalid-instant', `${path}.at`, at, 'milliseconds since 1970')
  if (!(Number.isSafeInteger(delivered) && delivered >= 0 && delivered <= 1e12))
    throw fault('out-of-range', `${path}.delivered`, delivered, 'a whole number from 0 to 10^12')
  if (!(Number.isSafeInteger(opened) && opened >= 0 && opened <= delivered))
    throw fault('out-of-range', `${path}.opened`, opened, 'a whole number from 0 to the delivered')
}

/** Refuses what is no list of instants. */
export function checkInstants(list: readonly Instant[], path: string): void {
  checkList(list, path)
  for (const [i, at] of list.entries()) {
    if (!isInstant(at)) throw fault('invalid-instant', `${path}[${i}]`, at, 'milliseconds since 1970')
  }
}

/** Ascending, each once. */
export function distinct(instants: readonly Instant[]): readonly Instant[] {
  return [...instants].sort((a, b) => a - b).filter((at, i, sorted) => i === 0 || at !== sorted[i - 1])
}
