import { type AnyEvent, type EventSpecs, matcherOf } from '../kernel/index.js'
import type { Heard } from './definition.js'
import { heardKey, heardOf } from './rule.js'

/** What a subject hears of events of one type. */
export interface Ear {
  isActivity(event: AnyEvent, subject: string): boolean
  /** The keys of what rules ask for that the event is. */
  asked(event: AnyEvent, subject: string): readonly string[]
}

type Hears = (event: AnyEvent, subject: string) => boolean

const none: readonly string[] = []
const deaf: Ear = { isActivity: () => false, asked: () => none }

/** What a lifecycle hears, by the type of the event: its activity, and what its rules ask for. */
export class Ears {
  private readonly ears = new Map<string, Ear>()

  constructor(activity: readonly Heard[], asked: readonly Heard[], events: EventSpecs) {
    const byType = (list: readonly Heard[], type: string) =>
      list.filter((heard) => heardOf(heard).event === type)
    for (const type of Object.keys(events)) {
      const active = byType(activity, type).map((heard) => matcherOf(heardOf(heard), events))
      const named = new Map(
        byType(asked, type).map((heard) => [heardKey(heard), matcherOf(heardOf(heard), events)]),
      )
      this.ears.set(type, active.length + named.size === 0 ? deaf : earOf(active, named))
    }
  }

  /** `undefined` for what was not declared. */
  of(type: string): Ear | undefined {
    return this.ears.get(type)
  }
}

function earOf(active: readonly Hears[], named: ReadonlyMap<string, Hears>): Ear {
  const keys = [...named.keys()]
  const hears = [...named.values()]
  return {
    isActivity(event, subject) {
      for (const hear of active) if (hear(event, subject)) return true
      return false
    },
    asked(event, subject) {
      let heard: string[] | undefined
      for (let i = 0; i < keys.length; i++) {
        if (!hears[i]!(event, subject)) continue
        // Mostly an event is all that is asked of its type.
        if (i === 0 && keys.length === 1) return keys
        heard ??= []
        heard.push(keys[i]!)
      }
      return heard ?? none
    },
  }
}
