import { fault } from '../../kernel/errors.js'
import { firstPeriod, hasPeriod, lastPeriod, type PeriodSets } from '../../measures/period-sets.js'
import { type DailyMove, sources } from './daily-rates.js'
import { type DailyState, dailyStates } from './daily-settings.js'

/** How many days ago the last activity may be at most, to be of the week and of the month. */
interface Windows {
  readonly week: number
  readonly month: number
}

/** The state of a row on a day; `undefined` before its first active one. */
export function stateOn(
  sets: PeriodSets,
  row: number,
  day: number,
  { week, month }: Windows,
): DailyState | undefined {
  const before = lastPeriod(sets, row, day - 1)
  if (hasPeriod(sets, row, day))
    return activeState(before === undefined ? undefined : day - before, week, month)
  return before === undefined ? undefined : awayState(day - before, week, month)
}

/** The state of who is active, by how many days ago they were before. */
function activeState(ago: number | undefined, week: number, month: number): DailyState {
  if (ago === undefined) return 'new'
  return ago <= week ? 'current' : ago <= month ? 'reactivated' : 'resurrected'
}

/** The state of who is not, by how many days ago they were. */
const awayState = (ago: number, week: number, month: number): DailyState =>
  ago <= week ? 'at_risk_wau' : ago <= month ? 'at_risk_mau' : 'dormant'

/** Which days, and by which windows. */
interface Range extends Windows {
  readonly first: number
  readonly length: number
}

/** How many people a day has. */
interface DayCounts {
  readonly states: Readonly<Record<DailyState, number>>
  readonly dau: number
  readonly wau: number
  readonly mau: number
  readonly people: number
}

/**
 * Counts by day. Between two active days a person passes through stretches of one state each, so that a person costs as much as it has
 * active days: every stretch is noted by where it begins and ends, and summed up at last.
 */
export function countsOf(sets: PeriodSets, { first, length, week, month }: Range) {
  const column = () => new Float64Array(length + 1)
  const width = dailyStates.length
  const states = dailyStates.map(column)
  const moves = Array.from({ length: sources.length * width }, column)
  const [dau, wau, mau, people] = [column(), column(), column(), column()]
  const last = first + length - 1
  const note = (into: Float64Array, from: number, to: number) => {
    const [begin, end] = [Math.max(from, first), Math.min(to, last)]
    if (begin > end) return
    into[begin - first]! += 1
    into[end - first + 1]! -= 1
  }
  for (let row = 0; row < sets.rows && length > 0; row++) {
    let previous: DailyState | null = null
    const stretch = (state: DailyState, from: number, to: number) => {
      if (from > to) return
      const place = dailyStates.indexOf(state)
      note(states[place]!, from, to)
      note(moves[sources.indexOf(previous) * width + place]!, from, from)
      note(moves[place * width + place]!, from + 1, to)
      previous = state
    }
    let before: number | undefined
    let [weekUntil, monthUntil] = [-Infinity, -Infinity]
    for (let day = firstPeriod(sets, row); day !== undefined && day <= last; ) {
      if (before === undefined) note(people, day, last)
      stretch(activeState(before === undefined ? undefined : day - before, week, month), day, day)
      note(dau, day, day)
      note(wau, Math.max(day, weekUntil), day + week)
      note(mau, Math.max(day, monthUntil), day + month)
      weekUntil = day + week + 1
      monthUntil = day + month + 1
      const next = firstPeriod(sets, row, day + 1)
      const away = Math.min((next ?? Infinity) - 1, last)
      stretch('at_risk_wau', day + 1, Math.min(day + week, away))
      stretch('at_risk_mau', day + week + 1, Math.min(day + month, away))
      stretch('dormant', day + month + 1, away)
      before = day
      day = next
    }
  }
  for (const changes of [...states, ...moves, dau, wau, mau, people]) {
    let sum = 0
    for (let i = 0; i < length; i++) {
      sum += changes[i]!
      changes[i] = sum
    }
  }
  return { states, moves, dau, wau, mau, people }
}

/** Those moves that anybody made. */
export const movesOf = (moved: Float64Array): readonly DailyMove[] =>
  sources.flatMap((from, row) =>
    dailyStates.flatMap((to, column) => {
      const people = moved[row * dailyStates.length + column]!
      return people === 0 ? [] : [{ from, to, people }]
    }),
  )

/** What cannot be: counted by state, by window and by move, all have to agree. */
export function checkIdentities({ states, dau, wau, mau, people }: DayCounts, moved: Float64Array): void {
  const here = states.new + states.current + states.reactivated + states.resurrected
  const holds =
    here === dau &&
    dau + states.at_risk_wau === wau &&
    wau + states.at_risk_mau === mau &&
    mau + states.dormant === people &&
    dailyStates.every((state, column) => {
      let arrived = 0
      for (const row of sources.keys()) arrived += moved[row * dailyStates.length + column]!
      return arrived === states[state]
    })
  if (!holds)
    throw fault('malformed-state', '$', people, `${dau} active, ${wau} in the week, ${mau} in the month`)
}
