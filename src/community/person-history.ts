import { fault } from '../kernel/errors.js'
import { type Instant, isInstant } from '../kernel/index.js'
import { isRecord } from '../kernel/plain.js'
import { type PersonPartial, ROW } from './membership.js'

/** Up to here the squares of counts that make a sum add up without rounding. */
export const mostMessages = 94_906_265

/** Columns of a row of what was said: of which kind messages were, and how many of a member's answered a push. */
export const MEMBER = 1
export const OPERATOR = 2
export const ADVERTISEMENT = 3
export const OTHER = 4
export const ANSWERS = 5

/** The place of a move: ascending instants, at one instant leaving first. */
function placeOf(moves: readonly number[], at: Instant, move: 1 | -1): number {
  let i = moves.length
  while (i > 0 && (moves[i - 2]! > at || (moves[i - 2]! === at && moves[i - 1]! > move))) i -= 2
  return i
}

/** Puts a move in its place. */
export function insertMove(moves: number[], at: Instant, move: 1 | -1): void {
  moves.splice(placeOf(moves, at, move), 0, at, move)
}

/** Takes a move out; `false` where it is not there. */
export function removeMove(moves: number[], at: Instant, move: 1 | -1): boolean {
  const place = placeOf(moves, at, move) - 2
  if (place < 0 || moves[place] !== at || moves[place + 1] !== move) return false
  moves.splice(place, 2)
  return true
}

/** The row of a day, or where it would stand; the search begins at the end, where events in order arrive. */
function rowOf(said: readonly number[], day: number): number {
  let i = said.length
  while (i > 0 && said[i - ROW]! >= day) i -= ROW
  return i
}

/** Adds messages of a day, and answers among them. */
export function tell(said: number[], day: number, kind: number, messages: number, answers: number): void {
  const row = rowOf(said, day)
  if (said[row] !== day) {
    const fresh = [day, 0, 0, 0, 0, 0]
    if (row === said.length) for (const zero of fresh) said.push(zero)
    else said.splice(row, 0, ...fresh)
  }
  said[row + kind]! += messages
  said[row + ANSWERS]! += answers
}

/** Takes one message out; `false` where it is not there. */
export function untell(said: number[], day: number, kind: number, answers: number): boolean {
  const row = rowOf(said, day)
  if (said[row] !== day || said[row + kind]! < 1 || said[row + ANSWERS]! < answers) return false
  said[row + kind]! -= 1
  said[row + ANSWERS]! -= answers
  if (said.slice(row + 1, row + ROW).every((messages) => messages === 0)) said.splice(row, ROW)
  return true
}

/** Adds all of one history to another. */
export function join(into: PersonPartial, { moves, said }: PersonPartial): void {
  for (let i = 0; i < moves.length; i += 2) insertMove(into.moves, moves[i]!, moves[i + 1] as 1 | -1)
  for (let i = 0; i < said.length; i += ROW) {
    for (let kind = MEMBER; kind <= OTHER; kind++) tell(into.said, said[i]!, kind, said[i + kind]!, 0)
    tell(into.said, said[i]!, MEMBER, 0, said[i + ANSWERS]!)
  }
}

/** Refuses what is no history of a person: it may have been stored, or come from elsewhere. */
export function checkPerson(person: PersonPartial): void {
  checkLists(person)
  const { moves, said } = person
  if (!(areMoves(moves) && areSaid(said)))
    throw fault('malformed-state', '$.groups', person, '{ moves, said }')
}

/** As much of it as one event can afford. */
export function checkLists(person: PersonPartial): void {
  if (!(isRecord(person) && Array.isArray(person['moves']) && Array.isArray(person['said'])))
    throw fault('malformed-state', '$.groups', person, '{ moves, said }')
}

function areMoves(moves: readonly number[]): boolean {
  if (moves.length % 2 !== 0) return false
  for (let i = 0; i < moves.length; i += 2) {
    const [at, move] = [moves[i]!, moves[i + 1]!]
    if (!isInstant(at) || (move !== 1 && move !== -1)) return false
    if (i > 0 && (at < moves[i - 2]! || (at === moves[i - 2] && move < moves[i - 1]!))) return false
  }
  return true
}

function areSaid(said: readonly number[]): boolean {
  if (said.length % ROW !== 0) return false
  for (let row = 0; row < said.length; row += ROW) {
    const day = said[row]!
    if (!Number.isSafeInteger(day) || Math.abs(day) > farthestDay) return false
    if (row > 0 && day <= said[row - ROW]!) return false
    for (let i = row + MEMBER; i <= row + ANSWERS; i++) {
      if (!(Number.isSafeInteger(said[i]) && said[i]! >= 0 && said[i]! <= mostMessages)) return false
    }
    if (said[row + ANSWERS]! > said[row + MEMBER]!) return false
  }
  return true
}

/** Beyond every local date of an instant. */
const farthestDay = 3_000_000
