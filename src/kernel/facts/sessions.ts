import type { AnyEvent } from '../event.js'
import type { Fact, FactKind, Tracker } from '../fact.js'
import { matcherOf } from '../filter.js'
import type { Instant } from '../instant.js'
import { insert } from '../sorted.js'
import { checkExact, checkScope, INTEGER, SCOPE, SPAN, WINDOW } from './scope.js'
import { byLeaving, crossingOf, type Open, safeSum, stayed, sumOf } from './tally.js'
import { forEver, type Leave, rollingShadow, windowed } from './windows.js'

type SessionFact = Extract<Fact, { readonly fact: 'sessions' | 'session-time' }>

/** The session that the next event may continue. */
interface Latest {
  readonly first: Instant
  readonly last: Instant
}
interface Whole {
  readonly closed: number
  readonly latest: Latest | null
}
interface Rolling extends Open {
  readonly latest: Latest | null
}

/** Events that follow one another closely are one session: how many there are, and how long they lasted. */
const sessions = (weigh: (session: Latest) => number): FactKind<SessionFact> => ({
  keys: [...SCOPE, ...WINDOW, 'gap'],
  hears: ({ event, since }) => (since === undefined ? [event] : [event, since]),
  measure: ({ fact }) => (fact === 'sessions' ? INTEGER : SPAN),
  check(fact, context, path) {
    checkScope(fact, context, path)
    checkExact(fact.gap, `${path}.gap`)
  },
  compile(fact, context) {
    const matches = matcherOf(fact, context.events)
    const gap = checkExact(fact.gap, '$.gap')
    const shared = { fact, measure: fact.fact === 'sessions' ? INTEGER : SPAN }
    const continues = (latest: Latest | null, { occurredAt }: AnyEvent) =>
      latest !== null && occurredAt < latest.last + gap
    const whole = (): Tracker => ({
      ...shared,
      start: { closed: 0, latest: null },
      note(track, event, subject) {
        if (!matches(event, subject)) return track
        const { closed, latest } = track as Whole
        const last = event.occurredAt
        if (continues(latest, event)) return { closed, latest: { first: latest!.first, last } }
        return {
          closed: safeSum(closed + (latest === null ? 0 : weigh(latest))),
          latest: { first: last, last },
        }
      },
      value(track) {
        const { closed, latest } = track as Whole
        return closed + (latest === null ? 0 : weigh(latest))
      },
      crossing: () => undefined,
      nextStep: () => undefined,
      shadow: forEver,
    })
    const rolling = (leave: Leave): Tracker => {
      /** All of them by when they leave, the latest as if nothing continued it. */
      const all = ({ open, latest }: Rolling): Open['open'] =>
        latest === null
          ? open
          : insert(byLeaving, open, [leave(latest.last), weigh(latest)], (old, more) => [
              old[0],
              old[1] + more[1],
            ])
      const valueAt = (track: Rolling, asOf: Instant) =>
        sumOf(track.open, asOf) +
        (track.latest !== null && asOf < leave(track.latest.last) ? weigh(track.latest) : 0)
      return {
        ...shared,
        start: { open: null, latest: null },
        note(track, event, subject) {
          if (!matches(event, subject)) return track
          const { open, latest } = track as Rolling
          const last = event.occurredAt
          if (continues(latest, event)) return { open, latest: { first: latest!.first, last } }
          return {
            open: latest === null ? open : stayed(open, last, [leave(latest.last), weigh(latest)]),
            latest: { first: last, last },
          }
        },
        value: (track, asOf) => valueAt(track as Rolling, asOf),
        crossing: (track, asOf, low, high) => crossingOf(all(track as Rolling), asOf, low, high),
        nextStep(track, asOf) {
          const now = valueAt(track as Rolling, asOf)
          return crossingOf(all(track as Rolling), asOf, now, now)
        },
        // What has left may have begun a session that has not.
        shadow: fact.fact === 'sessions' ? rollingShadow(leave) : forEver,
      }
    }
    return windowed(fact, context, whole, rolling)
  },
})

export const sessionsKind = sessions(() => 1)
export const sessionTimeKind = sessions(({ first, last }) => last - first)
