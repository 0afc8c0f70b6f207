import * as fc from 'fast-check'
import {
  type AnyEvent,
  audit,
  canonical,
  compareEvents,
  type Engine,
  type EventOf,
  forget,
  type Instant,
  type Journal,
  type Kinds,
  preview,
  type ReplayChange,
  replay,
  restore,
} from '../kernel/index.js'
import { type Hardships, type History, type HistoryOptions, hardshipsOf, histories } from './histories.js'
import { frozen, type Law, type LawOptions, same, sharesOf } from './law.js'

/** What became of a history: every accepted input, the log it left, the state it ended in. */
interface Lived<K extends Kinds> {
  readonly subject: string
  readonly log: readonly EventOf<K>[]
  readonly accepted: readonly (K['command'] | K['hears'])[]
  readonly state: Journal<K['state']>
}

/**
 * The laws of every engine, each on random histories through time. The counterexample of a broken law is the shortest
 * that was found.
 *
 * @example
 * for (const law of engineLaws(customer)) test(law.name, () => law.check({ runs: 200 }))
 */
export function engineLaws<K extends Kinds>(engine: Engine<K>, options: HistoryOptions = {}): readonly Law[] {
  type State = Journal<K['state']>
  type Input = K['command'] | K['hears']
  const arbitrary = histories(engine, options)
  const instants = fc.array(fc.integer({ min: 0, max: 500 * 86_400 }), { minLength: 2, maxLength: 4 })
  const isDecisive = engine.history === 'decisions'

  const live = ({ subject, inputs }: History<Input>): Lived<K> => {
    let state = engine.start(subject)
    const log: EventOf<K>[] = []
    const accepted: Input[] = []
    for (const input of inputs) {
      const outcome = engine.decide(state, input)
      if (outcome.outcome !== 'accepted') continue
      state = outcome.state
      log.push(...outcome.events)
      accepted.push(input)
    }
    return { subject, log, accepted, state }
  }

  const law = (name: string, property: (history: History<Input>, later: readonly number[]) => void): Law => ({
    name: `${engine.id}: ${name}`,
    check({ runs = 100, seed }: LawOptions = {}) {
      const seen: Hardships[] = []
      fc.assert(
        fc.property(arbitrary, instants, (history, later) => {
          seen.push(hardshipsOf(history))
          property(history, later)
        }),
        { numRuns: runs, ...(seed !== undefined && { seed }) },
      )
      return { runs: seen.length, shares: sharesOf(seen) }
    },
  })

  /** Instants at and after a state, from seconds. */
  const after = (state: State, seconds: readonly number[]): readonly Instant[] =>
    seconds.map((one) => (state.at ?? 0) + one * 1000).sort((a, b) => a - b)

  /** Everything before one more input, and that input. */
  const each = ({ subject, inputs }: History<Input>, visit: (state: State, input: Input) => void) => {
    let state = engine.start(subject)
    for (const input of inputs) {
      visit(state, input)
      const outcome = engine.decide(state, input)
      if (outcome.outcome === 'accepted') state = outcome.state
    }
  }

  return [
    law('what is decided is what the events make of the state', (history) =>
      each(history, (state, input) => {
        const outcome = engine.decide(state, input)
        if (outcome.outcome !== 'accepted') return
        same(outcome.events.reduce(engine.evolve, state), outcome.state, 'fold of the events')
        if (outcome.events.length === 0) throw new Error('accepted, and nothing recorded')
      }),
    ),
    law('restoring the log gives the state', (history) => {
      const { subject, log, state } = live(history)
      same(restore(engine, subject, log), state, 'restored state')
      if (isDecisive) return
      const facts = log.filter(({ type }) => !Object.hasOwn(engine.publishes, type))
      same(restore(engine, subject, facts), state, 'state restored from facts alone')
    }),
    law('a fact that is in the log twice counts once', (history) => {
      const { subject, log, state } = live(history)
      const twice = log.flatMap((event) =>
        Object.hasOwn(engine.publishes, event.type) ? [event] : [event, event],
      )
      same(restore(engine, subject, twice), state, 'restored state')
    }),
    law('inputs and states are never touched', (history) =>
      each(history, (state, input) => {
        const [before, given] = [canonical(state), canonical(input)]
        frozen(state)
        frozen(input)
        const outcome = engine.decide(state, input)
        if (outcome.outcome === 'accepted') engine.view(outcome.state, outcome.state.at!)
        engine.nextChange(state, state.at ?? input.occurredAt)
        same([canonical(state), canonical(input)], [before, given], 'state and input after the call')
      }),
    ),
    law('one id has one effect, and another content under it is refused', (history) => {
      const { accepted, state } = live(history)
      for (const input of accepted) {
        const again = engine.decide(state, input)
        const old = again.outcome === 'refused' && again.refusal.code === 'outside-idempotency-window'
        if (again.outcome !== 'repeated' && !old) throw new Error(`a repeated input was ${again.outcome}`)
        const other = engine.decide(state, { ...input, occurredAt: state.at! } as Input)
        if (input.occurredAt === state.at) continue
        const known = other.outcome === 'refused' && other.refusal.code === 'id-conflict'
        if (!known && again.outcome === 'repeated')
          throw new Error(`other content under a known id was ${other.outcome}`)
      }
    }),
    law('the version counts accepted inputs', (history) => {
      const { accepted, state } = live(history)
      same(state.version, accepted.length, 'version')
    }),
    law('an audit of the state and its log finds nothing', (history) => {
      const { log, state } = live(history)
      same(audit(engine, state, log), { findings: [] }, 'findings of the audit')
    }),
    law('a refusal changes nothing and may be retried', (history) =>
      each(history, (state, input) => {
        const outcome = engine.decide(state, input)
        if (outcome.outcome === 'refused') same(engine.decide(state, input), outcome, 'second answer')
      }),
    ),
    law('the view is the view of the advanced state', (history, later) => {
      const { state } = live(history)
      for (const at of after(state, later))
        same(engine.view(engine.advance(state, at).state, at), engine.view(state, at), `view at ${at}`)
    }),
    law('time passes the same in one step and in two', (history, later) => {
      const { state } = live(history)
      const [a = 0, b = a] = after(state, later)
      const whole = engine.advance(state, b)
      const first = engine.advance(state, a)
      const second = engine.advance(first.state, b)
      same([...first.events, ...second.events], whole.events, 'events of two steps')
      same(second.state, whole.state, 'state after two steps')
    }),
    law('storing what time made, or not, changes no later answer', (history, later) => {
      let plain = engine.start(history.subject)
      let stored = plain
      const log: { readonly plain: EventOf<K>[]; readonly stored: EventOf<K>[] } = { plain: [], stored: [] }
      for (const [i, input] of history.inputs.entries()) {
        if (stored.at !== null) {
          const look = engine.advance(stored, stored.at + (later[i % later.length]! % 90) * 86_400_000)
          stored = look.state
          log.stored.push(...look.events)
        }
        const [a, b] = [engine.decide(plain, input), engine.decide(stored, input)]
        if (stored.at !== null && input.occurredAt < stored.at) continue
        same(b.outcome, a.outcome, 'outcome')
        if (a.outcome !== 'accepted' || b.outcome !== 'accepted') continue
        same(b.state, a.state, 'state')
        plain = a.state
        stored = b.state
        log.plain.push(...a.events)
        log.stored.push(...b.events)
      }
      same(
        log.stored.filter(({ occurredAt }) => occurredAt <= (plain.at ?? 0)),
        log.plain,
        'log',
      )
    }),
    law('the view changes at each next change, and at no instant between', (history, later) => {
      const { state } = live(history)
      if (state.at === null) return
      let at = state.at
      for (let i = 0; i < 12; i++) {
        const change = engine.nextChange(state, at)
        const until = change?.at ?? at + 2000 * 86_400_000
        if (change !== undefined && change.at <= at) throw new Error('the next change is not later')
        const now = canonical(engine.view(state, at))
        const between = [...later.map((one) => at + (one % Math.max(1, until - at - 1))), until - 1, at]
        for (const moment of between)
          same(canonical(engine.view(state, moment)), now, `view at ${moment}, between ${at} and ${until}`)
        if (change === undefined) return
        if (canonical(engine.view(state, change.at)) === now)
          throw new Error(`nothing changes at ${change.at}`)
        at = change.at
      }
    }),
    law('a state survives JSON', (history) =>
      each(history, (state, input) => {
        const read = JSON.parse(JSON.stringify(state)) as State
        same(read, state, 'state read back')
        same(engine.decide(read, input), engine.decide(state, input), 'answer of the state read back')
      }),
    ),
    law('previews do not touch each other', (history) =>
      each(history, (state, input) => {
        const before = canonical(state)
        const first = preview(engine, state, input)
        preview(engine, state, {
          ...input,
          id: 'another',
          occurredAt: input.occurredAt + 86_400_000,
        } as Input)
        same(preview(engine, state, input), first, 'second preview')
        same(canonical(state), before, 'state')
        const { before: _before, after: _after, changed: _changed, ...outcome } = first
        same(outcome, engine.decide(state, input), 'preview against decision')
      }),
    ),
    law('ids of derived events are unique and do not depend on who looks', (history, later) => {
      const { log, state } = live(history)
      const [, b = state.at ?? 0] = after(state, later)
      const ids = [
        ...log,
        ...engine.advance(state, state.at === null ? b : Math.max(b, state.at)).events,
      ].map(({ id }) => id)
      same(new Set(ids).size, ids.length, 'number of different ids')
    }),
    law('replaying a log without a change finds no difference', (history) => {
      const sorted = { ...history, inputs: [...history.inputs].sort(compareEvents) }
      const { subject, log } = live(sorted)
      const { retracted, asserted } = replay(engine, { checkpoint: engine.start(subject), tail: log })
      same([retracted, asserted], [[], []], 'difference')
    }),
    law('late facts, replayed, give what would have followed in order', (history) => {
      const facts = factsOf(engine, history.inputs)
      const { subject, log, accepted } = live({ ...history, inputs: facts })
      const taken = new Set(accepted.map(({ id }) => id))
      const late = facts.filter(({ id }) => !taken.has(id)) as K['hears'][]
      const checkpoint = engine.start(subject)
      const replayed = replay(engine, { checkpoint, tail: log }, { add: late })
      if (isDecisive) return
      // What lies before the first late fact is not touched: there the order of arrival stays.
      const from = late.reduce(
        (least, { occurredAt }) => Math.min(least, occurredAt),
        Number.POSITIVE_INFINITY,
      )
      const isBefore = ({ occurredAt }: AnyEvent) => late.length > 0 && occurredAt < from
      const rest = facts.filter((fact) => !isBefore(fact)).sort(compareEvents)
      const inOrder = live({ ...history, inputs: [...facts.filter(isBefore), ...rest] })
      same(
        comparable(engine, replayed.state, inOrder.state),
        comparable(engine, inOrder.state, replayed.state),
        'state',
      )
    }),
    law('a corrected log restores the corrected state, and has nothing left to correct', (history) => {
      const { subject, log, accepted } = live(history)
      const taken = new Set(accepted.map(({ id }) => id))
      const late = factsOf(engine, history.inputs).filter(({ id }) => !taken.has(id)) as K['hears'][]
      const facts = factsOf(engine, accepted)
      const remove = facts.length > 2 ? [facts[1]!.id] : []
      const checkpoint = engine.start(subject)
      const replayed = replay(engine, { checkpoint, tail: log }, { add: late, remove })
      same(restore(engine, subject, replayed.log), replayed.state, 'restored state')
      const { retracted, asserted, state } = replay(engine, { checkpoint, tail: replayed.log })
      same([retracted, asserted], [[], []], 'second difference')
      same(
        comparable(engine, state, replayed.state),
        comparable(engine, replayed.state, state),
        'second state',
      )
    }),
    law('corrections made one at a time leave nothing to correct', (history, later) => {
      const { subject, log, accepted } = live(history)
      const taken = new Set(accepted.map(({ id }) => id))
      const late = factsOf(engine, history.inputs).filter(({ id }) => !taken.has(id)) as K['hears'][]
      const facts = factsOf(engine, accepted)
      const checkpoint = engine.start(subject)
      let tail: readonly EventOf<K>[] = log
      // Corrections are made at instants that do not go back, also where the last fact is removed.
      const at = factsOf(engine, history.inputs).reduce(
        (last, { occurredAt, recordedAt = occurredAt }) => Math.max(last, recordedAt),
        log.at(-1)?.occurredAt ?? 0,
      )
      const changes = [
        ...late.map((fact) => ({ add: [fact] })),
        ...facts.filter((_, i) => i % 3 === 1).map(({ id }) => ({ remove: [id] })),
      ]
      const order = changes
        .map((change, i) => [later[i % later.length]!, i, change] as const)
        .sort((a, b) => a[0] - b[0] || b[1] - a[1])
      for (const [, , change] of order)
        tail = replay(engine, { checkpoint, tail }, { ...change, at } as ReplayChange<K>).log
      const { retracted, asserted } = replay(engine, { checkpoint, tail }, { at })
      same([retracted, asserted], [[], []], 'what is left to correct')
    }),
    law('removing what was added late leaves what was there', (history) => {
      if (isDecisive) return
      const { subject, log, state } = live({ ...history, inputs: [...history.inputs].sort(compareEvents) })
      const facts = log.filter(({ type }) => !Object.hasOwn(engine.publishes, type))
      const last = facts.at(-1)
      if (last === undefined || state.at === null) return
      const removed = replay(engine, { checkpoint: engine.start(subject), tail: log }, { remove: [last.id] })
      const added = replay(
        engine,
        { checkpoint: engine.start(subject), tail: facts.slice(0, -1) },
        { add: [last as K['hears']] },
      )
      same(added.state, state, 'state with the fact added late')
      same(
        engine.view(removed.state, state.at),
        engine.view(restore(engine, subject, facts.slice(0, -1)), state.at),
        'view without it',
      )
    }),
    law('forgetting keeps what is counted and leaves no canary', (history) => {
      const canary = 'canary-9137'
      const marked = JSON.parse(
        JSON.stringify(history).replaceAll('subject-1', canary).replaceAll('text-', `${canary}-`),
      ) as History<Input>
      const { subject, log, state } = live(marked)
      const forgotten = forget(engine, state, log, subject)
      if (JSON.stringify(forgotten).includes(canary)) throw new Error('a canary was left')
      same(forgotten.events.length, log.length, 'events')
      if (state.at === null) return
      const until = state.at + 500 * 86_400_000
      same(
        withoutText(engine.view(forgotten.state, state.at)),
        withoutText(engine.view(state, state.at)),
        'view',
      )
      same(
        withoutText(engine.view(forgotten.state, until)),
        withoutText(engine.view(state, until)),
        'later view',
      )
      const restored = restore(engine, forgotten.state.subject, forgotten.events)
      same(
        engine.view(restored, state.at),
        engine.view(forgotten.state, state.at),
        'view of the restored log',
      )
    }),
    law('the definition is plain data, and what is published is declared', () => {
      same(JSON.parse(JSON.stringify(engine.definition)), engine.definition, 'definition read back')
      for (const type of Object.keys(engine.publishes)) {
        if (Object.hasOwn(engine.accepts, type))
          throw new Error(`${type} is published and accepted from outside`)
      }
    }),
  ]
}

/** Each fact once: a duplicate in another place is no other fact. */
function factsOf<K extends Kinds>(engine: Engine<K>, inputs: readonly (K['command'] | K['hears'])[]) {
  const facts = inputs.filter(({ type }) => Object.hasOwn(engine.model.hears, type))
  return [...new Map(facts.map((fact) => [fact.id, fact])).values()]
}

/** Both states at the later of their instants: a replay settles up to the end of the log. */
function comparable<K extends Kinds>(
  engine: Engine<K>,
  state: Journal<K['state']>,
  other: Journal<K['state']>,
) {
  const until = Math.max(state.at ?? 0, other.at ?? 0)
  const { ids: _, ...rest } = engine.advance(state, until).state
  return rest
}

/** A view without the texts that forgetting may have replaced. */
const withoutText = (view: unknown): unknown =>
  JSON.parse(JSON.stringify(view, (_key, value: unknown) => (typeof value === 'string' ? '' : value)))
