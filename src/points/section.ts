import type { AnyEvent, Calendar, Draft, EventSpecs, Instant } from '../kernel/index.js'
import type { PointsState } from './account.js'
import type { PointsRefusal } from './commands.js'
import type { CompiledCurrency } from './currency.js'
import type { Agreed } from './definition.js'
import type { Earning } from './earning/earning.js'
import type { NegativeOf } from './holders/negative.js'
import type { Retention } from './lasting/retention.js'
import type { Tiering } from './tiers/tiering.js'

/** What was agreed about an account, compiled: what every part of the engine reads. */
export interface Agreement {
  readonly id: string
  readonly agreed: Agreed
  readonly zone: Calendar
  readonly currencies: readonly CompiledCurrency[]
  readonly rules: readonly Earning[]
  /** How far points are taken back that are spent. */
  readonly negative: NegativeOf
  /** Until when a posting by hand can be reversed; for ever without it. */
  readonly keepsUntil?: (at: Instant) => Instant
  /** How long things are known; for ever where there is none. */
  readonly retention?: Retention
  /** What tiers there are. */
  readonly tiering?: Tiering
}

/** A command as a part of the engine sees it. */
export type Told = Pick<AnyEvent, 'id' | 'subject' | 'occurredAt' | 'data'>

/** What was decided about a command. */
export type Decision = { readonly events: readonly Draft[] } | { readonly refusal: PointsRefusal }

/** Some commands that belong together: their fields by word, and what becomes of them. */
export interface Section {
  readonly commands: EventSpecs
  readonly decide: { readonly [command: string]: (state: PointsState, told: Told) => Decision }
}

/** Sections as one. */
export const together = (...sections: readonly Section[]): Section => ({
  commands: Object.assign({}, ...sections.map(({ commands }) => commands)) as Section['commands'],
  decide: Object.assign({}, ...sections.map(({ decide }) => decide)) as Section['decide'],
})

export const refused = (refusal: PointsRefusal): Decision => ({ refusal })

/** A decision of one event. */
export const accepted = (type: string, data: object, effectiveAt?: Instant): Decision => ({
  events: [effectiveAt === undefined ? { type, data } : { type, data, effectiveAt }],
})

/** The currency that a command names; the first unless told. The door has seen to it that there is one. */
export const currencyIn = ({ currencies }: Agreement, { data }: Told): CompiledCurrency =>
  currencies.find(({ currency }) => currency === (data as { readonly currency?: string }).currency) ??
  currencies[0]!

/** Refuses numbers of points that are none. */
export const notPositive = ({ data }: Told): Decision | undefined => {
  const { points } = data as { readonly points?: number }
  return points !== undefined && points <= 0 ? refused({ code: 'points-not-positive', points }) : undefined
}
