import type { AnyEvent } from '../event.js'
import type { Fact, FactKind } from '../fact.js'
import { matcherOf } from '../filter.js'
import type { Instant } from '../instant.js'
import { heardSince } from './ends.js'
import { checkEvent, checkScope, SCOPE, SPAN } from './scope.js'
import { forEver } from './windows.js'

type SinceFact = Extract<Fact, { readonly fact: 'time-since' }>
type BetweenFact = Extract<Fact, { readonly fact: 'time-between' }>

interface Since {
  readonly last: Instant | null
  readonly anchor: Instant | null
}

/** Since the last one: the instant it counts from. How much has passed is for a comparison to say. */
export const timeSinceKind: FactKind<SinceFact> = {
  keys: [...SCOPE, 'orSince'],
  hears: ({ event, orSince }) => (orSince === undefined ? [event] : [event, orSince]),
  measure: () => ({ type: 'instant' }),
  check(fact, context, path) {
    checkScope(fact, context, path)
    if (fact.orSince !== undefined)
      checkEvent(fact.orSince, undefined, fact.as, context.events, path, 'orSince')
  },
  compile(fact, { events }) {
    const matches = matcherOf(fact, events)
    const anchors =
      fact.orSince === undefined
        ? () => false
        : matcherOf({ event: fact.orSince, ...(fact.as !== undefined && { as: fact.as }) }, events)
    return {
      fact,
      measure: { type: 'instant' },
      start: { last: null, anchor: null },
      note(track, event, subject) {
        let since = track as Since
        if (matches(event, subject)) since = { ...since, last: event.occurredAt }
        if (anchors(event, subject)) since = { ...since, anchor: event.occurredAt }
        return since
      },
      value: (track) => (track as Since).last ?? (track as Since).anchor,
      nextStep: () => undefined,
      shadow(track, gap, type) {
        const { last, anchor } = track as Since
        // Any of these counts before the last of those.
        if (type === fact.event && last === null) return forEver(track, gap)
        return heardSince(last ?? anchor, gap)
      },
      eitherWay: (track) => (track as Since).last === null,
    }
  },
}

interface Wait {
  /** When the one that waits came. */
  readonly since: Instant | null
  /** How long the last one waited, in milliseconds. */
  readonly took: number | null
}

/** How long the last completed wait took. */
export const timeBetweenKind: FactKind<BetweenFact> = {
  keys: [...SCOPE, 'until', 'untilWhere'],
  hears: ({ event, until }) => [event, until],
  measure: () => SPAN,
  check(fact, context, path) {
    checkScope(fact, context, path)
    checkEvent(fact.until, fact.untilWhere, fact.as, context.events, path, 'until')
  },
  compile(fact, { events }) {
    const begins = matcherOf(fact, events)
    const { until, untilWhere, as } = fact
    const ends = matcherOf(
      { event: until, ...(untilWhere && { where: untilWhere }), ...(as !== undefined && { as }) },
      events,
    )
    return {
      fact,
      measure: SPAN,
      start: { since: null, took: null },
      note(track, event: AnyEvent, subject) {
        let wait = track as Wait
        const { occurredAt } = event
        if (wait.since !== null && ends(event, subject)) wait = { since: null, took: occurredAt - wait.since }
        if (wait.since === null && begins(event, subject)) wait = { ...wait, since: occurredAt }
        return wait
      },
      value: (track) => (track as Wait).took,
      crossing: () => undefined,
      nextStep: () => undefined,
      shadow: forEver,
    }
  },
}
