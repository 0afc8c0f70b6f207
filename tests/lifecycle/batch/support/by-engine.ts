// What flows have to be, from the engine's own events: input by input, person by person.
import type { AnyEvent, Engine, Instant, Kinds } from 'liuliang/kernel'

interface Told {
  readonly subject: string
  readonly at: Instant
  readonly from: string
  readonly to: string
  readonly rule: number | undefined
  readonly reason: { readonly code: string; readonly since?: Instant }
}

export interface Life {
  readonly subject: string
  readonly first: Instant
  readonly state: unknown
  readonly moves: readonly Told[]
  readonly stage: string
  readonly since: Instant
  readonly next: { readonly to: string; readonly at: Instant } | null
}

export const bySubject = (events: readonly AnyEvent[]): ReadonlyMap<string, readonly AnyEvent[]> => {
  const found = new Map<string, AnyEvent[]>()
  for (const event of events) found.set(event.subject, [...(found.get(event.subject) ?? []), event])
  return found
}

/** Everybody's life up to a moment. */
export function livesOf(engine: Engine<Kinds>, events: readonly AnyEvent[], asOf: Instant): readonly Life[] {
  return [...bySubject(events)].map(([subject, own]) => {
    let state = engine.start(subject)
    const made: AnyEvent[] = []
    for (const event of own) {
      const outcome = engine.decide(state, event)
      if (outcome.outcome !== 'accepted') throw new Error(`${event.type} ${JSON.stringify(outcome)}`)
      state = outcome.state
      for (const one of outcome.events) made.push(one)
    }
    const step = engine.advance(state, asOf)
    for (const one of step.events) made.push(one)
    const view = engine.view(state, asOf) as Pick<Life, 'stage' | 'since' | 'next'>
    const changed = `${engine.id}/stage-changed`
    const moves = made
      .filter(({ type }) => type === changed)
      .map(
        ({ occurredAt, data }): Told => ({
          subject,
          at: occurredAt,
          ...(data as Omit<Told, 'subject' | 'at'>),
        }),
      )
      .map(({ subject: whose, at, from, to, rule, reason }) => ({
        subject: whose,
        at,
        from,
        to,
        rule,
        reason,
      }))
    return { subject, first: own[0]!.occurredAt, state, moves, ...view }
  })
}

/** The numbers of `StageFlows` from lives. */
export function flowsOf(
  lives: readonly Life[],
  stages: readonly string[],
  initial: string,
  asOf: Instant,
  unit: number,
) {
  const zero = () => stages.map(() => 0)
  const now = zero()
  const entries = zero()
  const moves = stages.map(zero)
  const stays = stages.map(() => new Map<number, [number, number]>())
  const rules = new Map<string, number>()
  for (const life of lives) {
    now[stages.indexOf(life.stage)]! += 1
    let [at, stage] = [life.first, initial]
    entries[stages.indexOf(initial)]! += 1
    const stay = (until: Instant, censored: boolean) => {
      const table = stays[stages.indexOf(stage)]!
      const length = Math.floor((until - at) / unit)
      const row = table.get(length) ?? [0, 0]
      row[censored ? 1 : 0] += 1
      table.set(length, row)
    }
    for (const move of life.moves) {
      stay(move.at, false)
      moves[stages.indexOf(move.from)]![stages.indexOf(move.to)]! += 1
      entries[stages.indexOf(move.to)]! += 1
      const name = `${move.from}[${move.rule ?? 'hand'}]>${move.to}`
      rules.set(name, (rules.get(name) ?? 0) + 1)
      ;[at, stage] = [move.at, move.to]
    }
    stay(asOf, true)
  }
  return {
    people: lives.length,
    now,
    entries,
    moves,
    rules,
    stays: stays.map((table) => {
      const rows = [...table].sort(([a], [b]) => a - b)
      return {
        times: rows.map(([time]) => time),
        events: rows.map(([, [n]]) => n),
        censored: rows.map(([, [, n]]) => n),
      }
    }),
  }
}
