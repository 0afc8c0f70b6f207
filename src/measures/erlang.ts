import { exp } from '../kernel/elementary.js'
import { checkKeys, checkList, checkRecord, fault } from '../kernel/errors.js'

/** Who calls and how long one of them takes. Rates are per hour, lengths in seconds; both may be fractions. */
export interface QueueLoad {
  readonly arrivalsPerHour: number
  /** Talking and what follows it, until the agent is free again. */
  readonly meanHandlingSeconds: number
}

/** What a queue with so many agents is like, in a steady state. */
export type ErlangC =
  | {
      readonly kind: 'estimate'
      readonly agents: number
      /** Offered load: how many agents are busy on average. */
      readonly erlangs: number
      /** Share of the agents' time in which they are busy. */
      readonly occupancy: number
      /** The chance to have to wait. */
      readonly probabilityOfWaiting: number
      /** Of all, those who are served at once included. */
      readonly meanWaitSeconds: number
      /** Of those who have to wait. */
      readonly meanWaitOfWaitingSeconds: number
      /** How many wait on average. */
      readonly meanQueue: number
      /** Share served within `withinSeconds`, where that was asked for. */
      readonly serviceLevel?: number
    }
  | {
      /** More comes in than can be done: the queue grows for ever, and there are no such numbers. */
      readonly kind: 'undefined'
      readonly reason: 'unstable'
      readonly agents: number
      readonly erlangs: number
      /** The fewest agents with whom it would not. */
      readonly leastAgents: number
    }

/** What a queue is to keep. */
export interface QueueTarget {
  /** Share served within a time, strictly between 0 and 1. */
  readonly serviceLevel: number
  readonly withinSeconds: number
  /** Share of their time in which agents may be busy at the most, above 0 and up to 1; people cannot do 1 for long. */
  readonly maxOccupancy?: number
}

/** How many agents a target takes, and what the queue is like with them. */
export type AgentsNeeded =
  | {
      readonly kind: 'estimate'
      readonly agents: number
      /** With time for breaks, training and illness, where `shrinkage` was given. */
      readonly scheduled?: number
      readonly queue: Extract<ErlangC, { readonly kind: 'estimate' }>
    }
  | { readonly kind: 'undefined'; readonly reason: 'beyond-limit'; readonly erlangs: number }

/**
 * A queue with agents who take turns, by Erlang's delay formula (M/M/n): calls come at random, handling times vary
 * exponentially, nobody hangs up, and all of it long enough for a steady state. Where people hang up it errs to the safe side.
 *
 * @param given - `agents` a whole number from 1 to 1,000,000; `withinSeconds` from 0.
 * @throws DefinitionError `out-of-range` for other numbers, `unknown-key` for another option.
 * @see Erlang (1917); Cooper (1981), "Introduction to Queueing Theory"; by the recursion of Erlang B, B(n) = A B(n-1) / (n + A B(n-1)),
 * which has no factorials.
 * @example
 * erlangC({ arrivalsPerHour: 720, meanHandlingSeconds: 240, agents: 55, withinSeconds: 15 })
 * // => { erlangs: 48, occupancy: 0.8727, probabilityOfWaiting: 0.2387, meanWaitSeconds: 8.184, serviceLevel: 0.8459, … }
 */
export function erlangC(
  given: QueueLoad & { readonly agents: number; readonly withinSeconds?: number },
): ErlangC {
  checkRecord(given, '$')
  checkKeys(given, ['arrivalsPerHour', 'meanHandlingSeconds', 'agents', 'withinSeconds'], '$')
  const { agents, withinSeconds } = given
  const erlangs = loadOf(given)
  if (!(Number.isSafeInteger(agents) && agents >= 1 && agents <= mostAgents))
    throw fault('out-of-range', '$.agents', agents, `a whole number from 1 to ${mostAgents}`)
  if (withinSeconds !== undefined) checkSeconds(withinSeconds, '$.withinSeconds')
  if (erlangs >= agents)
    return { kind: 'undefined', reason: 'unstable', agents, erlangs, leastAgents: Math.floor(erlangs) + 1 }
  let blocking = 1
  for (let n = 1; n <= agents; n += 1) blocking = nextBlocking(erlangs, n, blocking)
  return queueOf(given, { erlangs, agents, blocking, withinSeconds })
}

/**
 * The fewest agents with whom a target is kept.
 *
 * @param given - `shrinkage`, the share of paid time in which an agent is not there, from 0 and below 1.
 * @returns `beyond-limit` where it takes more than 1,000,000.
 * @throws DefinitionError `out-of-range` for other numbers, `unknown-key` for another option.
 * @example
 * agentsNeeded({ arrivalsPerHour: 720, meanHandlingSeconds: 240, target: { serviceLevel: 0.8, withinSeconds: 20 }, shrinkage: 0.3 })
 * // => { kind: 'estimate', agents: 54, scheduled: 78, queue: { serviceLevel: 0.8172, … } }
 */
export function agentsNeeded(
  given: QueueLoad & { readonly target: QueueTarget; readonly shrinkage?: number },
): AgentsNeeded {
  checkRecord(given, '$')
  checkKeys(given, ['arrivalsPerHour', 'meanHandlingSeconds', 'target', 'shrinkage'], '$')
  const { target, shrinkage } = given
  checkTarget(target, '$.target')
  if (shrinkage !== undefined) checkShrinkage(shrinkage, '$.shrinkage')
  return needed(given, target, shrinkage)
}

/** Part of a day with what comes in it. */
export interface QueueInterval {
  /** Such as '09:00'. */
  readonly interval: string
  /** How many come in it. */
  readonly arrivals: number
  readonly lengthSeconds: number
  readonly meanHandlingSeconds: number
}

/** How many agents each interval takes. */
export interface IntervalStaff {
  readonly interval: string
  readonly needed: AgentsNeeded
}

/**
 * The fewest agents for every interval of a day, each as if it lasted for ever: right where intervals are long beside handling
 * times, and too few after one that was not staffed.
 *
 * @throws DefinitionError as `agentsNeeded`; `duplicate-name` for an interval that is there twice.
 * @see Green, Kolesar & Whitt (2007), "Coping with Time-Varying Demand", on this approach (SIPP) and its limits.
 * @example
 * agentsByInterval({ target: { serviceLevel: 0.8, withinSeconds: 20 }, intervals: [
 *   { interval: '09:00', arrivals: 360, lengthSeconds: 1800, meanHandlingSeconds: 240 },
 *   { interval: '09:30', arrivals: 90, lengthSeconds: 1800, meanHandlingSeconds: 240 },
 * ] }).map(({ needed }) => needed.kind === 'estimate' && needed.agents) // => [54, 16]
 */
export function agentsByInterval(given: {
  readonly intervals: readonly QueueInterval[]
  readonly target: QueueTarget
  readonly shrinkage?: number
}): readonly IntervalStaff[] {
  checkRecord(given, '$')
  checkKeys(given, ['intervals', 'target', 'shrinkage'], '$')
  const { intervals, target, shrinkage } = given
  checkTarget(target, '$.target')
  if (shrinkage !== undefined) checkShrinkage(shrinkage, '$.shrinkage')
  checkList(intervals, '$.intervals')
  if (intervals.length > 10_000)
    throw fault('too-large', '$.intervals', intervals.length, '10,000 intervals at the most')
  const names = new Set<string>()
  return intervals.map((one, i) => {
    const path = `$.intervals[${i}]`
    checkRecord(one, path)
    checkKeys(one, ['interval', 'arrivals', 'lengthSeconds', 'meanHandlingSeconds'], path)
    const { interval, arrivals, lengthSeconds, meanHandlingSeconds } = one
    if (typeof interval !== 'string' || interval === '')
      throw fault('wrong-type', `${path}.interval`, interval, 'a name')
    if (names.has(interval))
      throw fault('duplicate-name', `${path}.interval`, interval, 'every interval once')
    names.add(interval)
    checkSeconds(lengthSeconds, `${path}.lengthSeconds`)
    if (lengthSeconds < 1)
      throw fault('out-of-range', `${path}.lengthSeconds`, lengthSeconds, 'a second or more')
    checkFrom0(arrivals, `${path}.arrivals`)
    const load = { arrivalsPerHour: (arrivals / lengthSeconds) * 3600, meanHandlingSeconds }
    return { interval, needed: needed(load, target, shrinkage, path) }
  })
}

const mostAgents = 1_000_000

function needed(
  load: QueueLoad,
  target: QueueTarget,
  shrinkage: number | undefined,
  path = '$',
): AgentsNeeded {
  const erlangs = loadOf(load, path)
  const { serviceLevel, withinSeconds, maxOccupancy = 1 } = target
  const beyond: AgentsNeeded = { kind: 'undefined', reason: 'beyond-limit', erlangs }
  if (!(erlangs / maxOccupancy < mostAgents)) return beyond
  let blocking = 1
  for (let agents = 1; agents <= mostAgents; agents += 1) {
    blocking = nextBlocking(erlangs, agents, blocking)
    if (agents <= erlangs || erlangs / agents > maxOccupancy) continue
    const queue = queueOf(load, { erlangs, agents, blocking, withinSeconds })
    if (queue.serviceLevel! < serviceLevel) continue
    if (shrinkage === undefined) return { kind: 'estimate', agents, queue }
    // A product within its rounding of a whole number is that number: 7 of 10 there are 10, not 11.
    const scheduled = agents / (1 - shrinkage)
    const whole = Math.round(scheduled)
    const exact = Math.abs(scheduled - whole) <= 1e-12 * scheduled
    return { kind: 'estimate', agents, scheduled: exact ? whole : Math.ceil(scheduled), queue }
  }
  return beyond
}

/** The chance that all of n are busy where nobody waits, from that of n - 1. */
function nextBlocking(erlangs: number, n: number, before: number): number {
  const busy = erlangs * before
  return busy / (n + busy)
}

function queueOf(
  { meanHandlingSeconds }: QueueLoad,
  given: {
    readonly erlangs: number
    readonly agents: number
    readonly blocking: number
    readonly withinSeconds: number | undefined
  },
): Extract<ErlangC, { readonly kind: 'estimate' }> {
  const { erlangs, agents, blocking, withinSeconds } = given
  const free = agents - erlangs
  const waiting = (agents * blocking) / (free + erlangs * blocking)
  const meanWaitOfWaitingSeconds = meanHandlingSeconds / free
  return {
    kind: 'estimate',
    agents,
    erlangs,
    occupancy: erlangs / agents,
    probabilityOfWaiting: waiting,
    meanWaitSeconds: waiting * meanWaitOfWaitingSeconds,
    meanWaitOfWaitingSeconds,
    meanQueue: waiting * (erlangs / free),
    ...(withinSeconds !== undefined && {
      serviceLevel: 1 - waiting * exp(-withinSeconds / meanWaitOfWaitingSeconds),
    }),
  }
}

function loadOf({ arrivalsPerHour, meanHandlingSeconds }: QueueLoad, path = '$'): number {
  checkFrom0(arrivalsPerHour, `${path}.arrivalsPerHour`)
  checkSeconds(meanHandlingSeconds, `${path}.meanHandlingSeconds`)
  if (!(meanHandlingSeconds >= 1e-6))
    throw fault('out-of-range', `${path}.meanHandlingSeconds`, meanHandlingSeconds, 'a millionth or more')
  return (arrivalsPerHour * meanHandlingSeconds) / 3600 + 0
}

function checkFrom0(value: unknown, path: string): void {
  if (typeof value !== 'number') throw fault('wrong-type', path, value, 'a number')
  if (!(value >= 0 && value <= 1e12)) throw fault('out-of-range', path, value, 'from 0 to 10^12')
}

/** Refuses what is no length of time up to some thirty years. */
function checkSeconds(value: unknown, path: string): void {
  if (typeof value !== 'number') throw fault('wrong-type', path, value, 'a number')
  if (!(value >= 0 && value <= 1e9)) throw fault('out-of-range', path, value, 'seconds from 0 to 10^9')
}

function checkShrinkage(value: unknown, path: string): void {
  if (!(typeof value === 'number' && value >= 0 && value < 1))
    throw fault('out-of-range', path, value, 'from 0, below 1')
}

function checkTarget(target: QueueTarget, path: string): void {
  checkRecord(target, path)
  checkKeys(target, ['serviceLevel', 'withinSeconds', 'maxOccupancy'], path)
  const { serviceLevel, withinSeconds, maxOccupancy } = target
  if (!(typeof serviceLevel === 'number' && serviceLevel > 0 && serviceLevel < 1))
    throw fault('out-of-range', `${path}.serviceLevel`, serviceLevel, 'strictly between 0 and 1')
  checkSeconds(withinSeconds, `${path}.withinSeconds`)
  if (
    maxOccupancy !== undefined &&
    !(typeof maxOccupancy === 'number' && maxOccupancy > 0 && maxOccupancy <= 1)
  )
    throw fault('out-of-range', `${path}.maxOccupancy`, maxOccupancy, 'above 0, at most 1')
}
