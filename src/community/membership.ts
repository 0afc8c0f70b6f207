/** What one person did in one group. Plain JSON, the same for the same events in any order. */
export interface PersonPartial {
  /** Instant and 1 (joined) or -1 (left), in turn; ascending, at one instant leaving before joining. */
  readonly moves: number[]
  /** In rows of `ROW`: the local day, then how many messages of each kind, then answers; days ascending, no row empty. */
  readonly said: number[]
}

/** Numbers in a row of `said`: day, member, operator, advertisement, other, answers. */
export const ROW = 6

/** What a walk through one person's days tells. */
export interface MembershipListener {
  /** In from this day on; `noticed` where no joining said so, but a message or a leaving did. */
  come(day: number, noticed: boolean): void
  /** Out from the end of this day on. */
  go(day: number): void
  /** Spoke as a member, so is in by then, or was within the day. */
  speak(day: number, messages: number): void
}

/**
 * Walks through one person's days up to `last`, in order. Of a day's joinings and leavings the last decides. Where there
 * are none, who speaks is in: messages before a joining, or after a leaving that nobody took back, notice a person whom
 * the records missed. A leaving of somebody who is not in notices and takes out. So what is told of a day never depends
 * on a later one, and nobody leaves who was not counted.
 */
export function walk(
  { moves, said }: PersonPartial,
  dayOf: (at: number) => number,
  last: number,
  listener: MembershipListener,
): void {
  const steps = stepsOf(moves, dayOf)
  let inside = false
  let next = 0
  for (let i = 0; i < said.length || next < steps.length; ) {
    const spokenOn = i < said.length ? said[i]! : Infinity
    const day = Math.min(spokenOn, steps[next]?.day ?? Infinity)
    if (day > last) return
    const moved = steps[next]?.day === day
    for (; steps[next]?.day === day; next++) {
      const joined = steps[next]!.joined
      if (!inside) listener.come(day, !joined)
      if (!joined) listener.go(day)
      inside = joined
    }
    if (spokenOn !== day) continue
    const messages = said[i + 1]!
    i += ROW
    if (messages === 0) continue
    if (!moved && !inside) {
      listener.come(day, true)
      inside = true
    }
    listener.speak(day, messages)
  }
}

interface Step {
  readonly day: number
  readonly joined: boolean
}

/** By local day and then by time: where clocks set back over midnight show a day again, the day decides. */
function stepsOf(moves: readonly number[], dayOf: (at: number) => number): readonly Step[] {
  const steps: Step[] = []
  let ascending = true
  for (let i = 0; i < moves.length; i += 2) {
    const step = { day: dayOf(moves[i]!), joined: moves[i + 1] === 1 }
    if (steps.length > 0 && step.day < steps.at(-1)!.day) ascending = false
    steps.push(step)
  }
  return ascending ? steps : steps.sort((a, b) => a.day - b.day)
}
