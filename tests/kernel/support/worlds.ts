// Small worlds in which every history can be looked at: a few kinds of events, a few spans between them.
import {
  type AnyEvent,
  type CalendarDefinition,
  type Comparison,
  type Condition,
  compileCondition,
  type EventSpecs,
  type Fact,
  FactSet,
  factKinds,
  factsOf,
  type Instant,
  type Operand,
  type Track,
} from 'liuliang'

/** What can happen in a world, and what can be asked of it. */
export interface World {
  readonly name: string
  readonly events: EventSpecs
  readonly calendar: CalendarDefinition
  readonly start: Instant
  /** What may happen. */
  readonly happenings: readonly { readonly type: string; readonly data: object }[]
  /** How long after what happened before, in milliseconds. */
  readonly steps: readonly number[]
  /** How long after the last of it somebody asks. */
  readonly waits: readonly number[]
  /** The facts, each with what it is compared with. */
  readonly facts: readonly (readonly [fact: Fact, operands: readonly Operand[]])[]
}

/**
 * All comparisons of a world's facts. What an event says in a number is only compared from one side: a world has few of
 * them, and would take for impossible what lies between.
 */
export function comparisonsOf({ facts }: World): readonly Comparison[] {
  return facts.flatMap(([fact, operands]) =>
    operands.flatMap((value): readonly Comparison[] => {
      if (typeof value === 'number')
        return [
          { condition: 'gte', fact, value },
          { condition: 'lt', fact, value },
          ...('field' in fact && fact.fact !== 'distinct' ? [] : [{ condition: 'is', fact, value } as const]),
        ]
      if (typeof value === 'object' || fact.fact === 'ratio')
        return [
          { condition: 'gte', fact, value },
          { condition: 'lt', fact, value },
          { condition: 'gt', fact, value },
        ]
      return [{ condition: 'is', fact, value }]
    }),
  )
}

/**
 * All ways in which comparisons can hold or not, over all histories of at most so many events and all moments at which
 * somebody asks: each as a number, of which bit `i` says whether comparison `i` holds. At most 50 of them.
 */
export function waysOf(world: World, leaves: readonly Comparison[], longest: number) {
  const { events, calendar, waits, steps, happenings, start } = world
  const context = { events, calendar, kinds: factKinds }
  const set = new FactSet(leaves.flatMap(factsOf), context)
  const compiled = leaves.map((leaf) => compileCondition(leaf, set, context))
  const ways = new Map<number, { readonly history: readonly AnyEvent[]; readonly asOf: Instant }>()
  const told: AnyEvent[] = []
  let looked = 0
  const more = (tracks: readonly Track[], at: Instant) => {
    for (const wait of waits) {
      let way = 0
      for (let i = leaves.length - 1; i >= 0; i--)
        way = 2 * way + (compiled[i]!.truth(tracks, at + wait) === 2 ? 1 : 0)
      looked += 1
      if (!ways.has(way)) ways.set(way, { history: told.slice(), asOf: at + wait })
    }
    if (told.length === longest) return
    for (const step of told.length === 0 ? steps.slice(0, 1) : steps)
      for (const { type, data } of happenings) {
        const event: AnyEvent = { id: `e${told.length}`, type, subject: 'u1', occurredAt: at + step, data }
        told.push(event)
        more(set.note(tracks, event, 'u1'), at + step)
        told.pop()
      }
  }
  more(set.start, start)
  return { ways, looked }
}

/** Whether a condition holds where its comparisons hold as a way says. */
export function holdsIn(condition: Condition, way: number, place: ReadonlyMap<Condition, number>): boolean {
  if ('fact' in condition) return Math.floor(way / 2 ** place.get(condition)!) % 2 === 1
  if (condition.condition === 'not') return !holdsIn(condition.of, way, place)
  let held = 0
  for (const part of condition.of) if (holdsIn(part, way, place)) held += 1
  if (condition.condition === 'some-of') return held >= condition.k
  return held >= (condition.condition === 'any' ? 1 : condition.of.length)
}

/** The part of a condition at a path. */
export function partAt(condition: Condition, path: string): Condition {
  let part: unknown = condition
  for (const [, key] of path.matchAll(/\.?(\w+)/g)) part = (part as Readonly<Record<string, unknown>>)[key!]
  return part as Condition
}
