import {
  type AnyEvent,
  type CalendarDefinition,
  type Condition,
  compileCondition,
  type EventSpecs,
  type Fact,
  FactSet,
  type FactValue,
  factKinds,
  factsOf,
  type Instant,
  nextFlip,
  type Track,
} from 'liuliang'

/** A fact after some events: what it says at an instant, and when it says something else. */
export function reading(
  events: EventSpecs,
  { fact }: { readonly fact: Fact },
  told: readonly AnyEvent[],
  calendar: CalendarDefinition = { zone: 'UTC' },
) {
  const set = new FactSet([fact], { events, calendar, kinds: factKinds })
  const [track] = after(set, told)
  return {
    track: track!,
    says: (at: Instant): FactValue => set.trackers[0]!.value(track!, at),
    nextStep: (at: Instant) => set.trackers[0]!.nextStep(track!, at),
  }
}

/** A condition after some events: whether it holds at an instant, and when that changes. */
export function judging(
  events: EventSpecs,
  condition: Condition,
  told: readonly AnyEvent[],
  calendar: CalendarDefinition = { zone: 'UTC' },
) {
  const context = { events, calendar, kinds: factKinds }
  const set = new FactSet(factsOf(condition), context)
  const compiled = compileCondition(condition, set, context)
  const tracks = after(set, told)
  return {
    holds: (at: Instant) => compiled.holds(tracks, at),
    verdict: (at: Instant) => compiled.verdict(tracks, at),
    nextFlip: (at: Instant) => nextFlip(compiled, tracks, at),
  }
}

const after = (set: FactSet, told: readonly AnyEvent[]): readonly Track[] =>
  told.reduce<readonly Track[]>((tracks, event) => set.note(tracks, event, 'u1'), set.start)
