// Drives an exported machine of XState with pure `initialTransition` and `transition`: no actor, no clock. Delayed events wait in a
// queue of their own, and each is handed to the machine at its time.
import type { ExportedMachine, MachineContext } from 'liuliang/adapters/statecharts'
import { assign, createMachine, initialTransition, transition } from 'xstate'

interface Waiting {
  readonly id: string
  readonly at: number
  readonly event: unknown
}

interface MachineState {
  readonly value: unknown
  readonly context: MachineContext
}

/** The machine that XState makes of an export; the config goes through JSON first. */
export function machineOf({ config, implementations }: ExportedMachine) {
  const { guards, delays, actions } = implementations
  const assigned = Object.fromEntries(
    Object.entries(actions).map(([name, action]) => [name, assign(action as never)]),
  )
  return createMachine(JSON.parse(JSON.stringify(config)), { guards, delays, actions: assigned } as never)
}

/** A machine in virtual time. */
export class VirtualTime {
  private snapshot: MachineState
  private queue: Waiting[] = []
  private now = 0
  /** How many events it was handed, timers included. */
  steps = 0

  constructor(private readonly machine: ReturnType<typeof machineOf>) {
    const [snapshot, actions] = initialTransition(this.machine)
    this.snapshot = snapshot as never
    this.take(actions)
  }

  get state(): MachineState {
    return this.snapshot
  }

  /** Hands over every delayed event that is due by then, in the order of their times, each at its time. */
  advance(to: number): void {
    for (;;) {
      let next: Waiting | undefined
      for (const one of this.queue) if (one.at <= to && (next === undefined || one.at < next.at)) next = one
      if (next === undefined) break
      const { id, at, event } = next
      this.queue = this.queue.filter((one) => one.id !== id)
      this.now = at
      this.hand(event)
    }
    this.now = Math.max(this.now, to)
  }

  /** What is due comes first, then the event. */
  send(event: { readonly occurredAt: number }): void {
    this.advance(event.occurredAt)
    this.hand(event)
  }

  private hand(event: unknown): void {
    this.steps += 1
    const [snapshot, actions] = transition(this.machine, this.snapshot as never, event as never)
    this.snapshot = snapshot as never
    this.take(actions)
  }

  private take(actions: readonly { readonly type: string; readonly params?: unknown }[]): void {
    for (const { type, params } of actions) {
      if (type === 'xstate.cancel') {
        const { sendId } = params as { readonly sendId: string }
        this.queue = this.queue.filter(({ id }) => id !== sendId)
      } else if (type === 'xstate.raise') {
        const { id, delay, event } = params as { id: string; delay: number; event: unknown }
        if (delay !== Infinity) this.queue.push({ id, at: this.now + delay, event })
      }
    }
  }
}
