import { type AnyEvent, carryOut, type Plan, type PlanNext, reportOf, type StepReport } from 'liuliang'

/** An engine, as a store of its states sees it. */
interface Decider {
  start(subject: string): object
  decide(
    state: never,
    input: never,
  ): {
    readonly outcome: 'accepted' | 'repeated' | 'refused'
    readonly state?: object
    readonly refusal?: { readonly code: string }
  }
}

/** States of several engines by subject, as JSON; one decision at a time, as a store with a lock on each state does. */
export function stateStore(engines: Readonly<Record<string, Decider>>) {
  const states = new Map<string, string>()
  const nameOf = (engine: string, subject: string) => `${engine} ${subject}`
  const load = (engine: string, subject: string): object =>
    JSON.parse(
      states.get(nameOf(engine, subject)) ?? JSON.stringify(engines[engine]!.start(subject)),
    ) as object
  return {
    load,
    decide(engine: string, subject: string, input: AnyEvent) {
      const outcome = engines[engine]!.decide(load(engine, subject) as never, input as never)
      if (outcome.outcome === 'accepted') states.set(nameOf(engine, subject), JSON.stringify(outcome.state))
      return outcome
    },
  }
}

type Store = ReturnType<typeof stateStore>

/**
 * Carries a plan out one attempt at a time, and may die at any point: before an attempt, after it and before its report is
 * stored, or after that. What a dead runner knew is gone; plan and reports are read again as JSON.
 */
export function planRunner(store: Store, plan: Plan, clock: () => number) {
  const stored = JSON.stringify(plan)
  let reports = '[]'
  const known = () => JSON.parse(reports) as StepReport[]
  const next = (): PlanNext => carryOut(JSON.parse(stored) as Plan, known())
  const report = (one: StepReport) => {
    reports = JSON.stringify([...known(), one])
  }
  return {
    next,
    report,
    reports: known,
    /** One attempt; `dies` loses its report, `twice` stores it twice. */
    attempt(how: 'lives' | 'dies' | 'twice'): PlanNext {
      const now = next()
      if (now.next !== 'do' && now.next !== 'undo') return now
      const outcome = store.decide(now.engine, now.subject, now.command)
      if (how === 'dies') return now
      for (let i = how === 'twice' ? 2 : 1; i > 0; i--) report(reportOf(now, outcome, clock()))
      return now
    },
  }
}
