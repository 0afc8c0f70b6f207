import { exp, ln } from '../kernel/elementary.js'
import { fault } from '../kernel/errors.js'
import type { Duration, Instant } from '../kernel/index.js'
import { type Attention, after, attentionOf, DAY } from './attention.js'
import { type NotIdentified, notIdentified } from './diagnosis.js'
import { exactSpan } from './exact-span.js'
import type { FittedDecay } from './fitted.js'
import { pathOf } from './forecast.js'
import { rateOf, scales } from './scale.js'
import {
  type AttentionUncertainty,
  checkAsOf,
  readUncertainty,
  type Spread,
  type UncertaintyMethod,
} from './uncertainty.js'

export interface AttentionSpanOptions extends AttentionUncertainty {
  /** Not before the last send or publication that the fit has seen. */
  readonly asOf: Instant
  /** The rhythm at which publishing is resumed. Exact. */
  readonly every: Duration
  /** Which share of the ceiling counts as recovered; 0.9 unless told. */
  readonly recoverTo?: number
}

/** Days of 24 hours until something has happened, if it ever does. */
export type AttentionSpan =
  | {
      readonly kind: 'estimate'
      /** 0 where it holds already. */
      readonly days: number
      /**
       * A high end of null: within the level it may never happen. Null as a whole: it cannot be said by slopes; pass a
       * `random` to simulate.
       */
      readonly interval: { readonly low: number; readonly high: number | null; readonly level: number } | null
      readonly method: UncertaintyMethod
    }
  | { readonly kind: 'never'; readonly reason: 'floor-above' | 'rhythm-too-slow' }
  | NotIdentified

/** How long attention lasts and how long it takes to win it back. */
export interface AttentionSpans {
  /** Days of pause after which the rate is half of the ceiling, from the ceiling. */
  readonly halfLife: AttentionSpan
  /** Days from `asOf` until half of the readers of then are lost if nothing more is published. */
  readonly loseHalf: AttentionSpan
  /** Days of publishing from `asOf` on until the rate is `recoverTo` of the ceiling. */
  readonly recovery: AttentionSpan
}

/**
 * The half-life of attention, the time to lose half of the readers from now on, and the time to win them back.
 *
 * On `logit` the odds have a constant half-life, not the rate: from a high ceiling the first half takes longer. `loseHalf`
 * counts what is left of `pauseAfter`, in which nothing is lost yet. Recovery at a rhythm slower than `pauseAfter` climbs and falls in turns
 * and leads to less than the ceiling: where that is less than what counts as recovered it is `never`. It is a smooth time, not
 * rounded up to the next publication.
 *
 * @throws DefinitionError for a fit that is none, `asOf` before what it has seen, `every` that is not exact, `recoverTo` outside (0, 1).
 * @example
 * attentionSpans(fit, { asOf, every: { hours: 168 } }).halfLife
 * // => { kind: 'estimate', days: 33.4, interval: { … }, method: 'delta' }
 */
export function attentionSpans(fit: FittedDecay, options: AttentionSpanOptions): AttentionSpans {
  const { level, method, names, spread } = readUncertainty(fit, options)
  const { asOf, every, recoverTo = 0.9 } = options
  checkAsOf(fit, asOf)
  const rhythm = exactSpan(every, '$.every')
  if (!(typeof recoverTo === 'number' && recoverTo > 0 && recoverTo < 1))
    throw fault('out-of-range', '$.recoverTo', recoverTo, 'strictly between 0 and 1')
  const { model, history } = fit
  const scale = scales[model.scale]
  const place = (rate: number) => scale.of(rate, 1 - rate)
  const valuesAt = (at: readonly number[]) => attentionOf(model, names, at).values
  const now = pathOf(fit, [asOf], [])
  const last = history.publications.at(-1)
  const grace = last === undefined ? 0 : Math.max(0, (last + model.pauseAfter - asOf) / DAY)
  const logitNow = (at: readonly number[]) => (now.kind === 'path' ? now.logits(at)[0]! : 0)
  const placeOfLogit = (u: number) => scale.of(rateOf(u), rateOf(-u))

  const span = (
    reason: Extract<AttentionSpan, { kind: 'never' }>['reason'],
    days: (at: readonly number[]) => number,
  ): AttentionSpan => spanOf(spread((at) => [ln(days(at))])[0]!, { reason, level, method })
  const falls = !names.includes('decay') ? notIdentified('no-pause') : undefined
  const rises = !names.includes('recovery') ? notIdentified(falls?.reason ?? 'no-resumption') : undefined
  const unknown = now.kind === 'path' ? undefined : now
  return {
    halfLife:
      falls ??
      span('floor-above', (at) => {
        const values = valuesAt(at)
        return daysToFall(values, values.ceiling, place(values.ceilingRate / 2))
      }),
    loseHalf:
      falls ??
      unknown ??
      span('floor-above', (at) => {
        const values = valuesAt(at)
        const u = logitNow(at)
        const top = after(values, placeOfLogit(u), grace, 0)
        return grace + daysToFall(values, top, place(rateOf(u) / 2))
      }),
    recovery:
      rises ??
      unknown ??
      (rhythm > model.pauseAfter && falls !== undefined
        ? falls
        : span('rhythm-too-slow', (at) => {
            const values = valuesAt(at)
            return daysToRise(values, placeOfLogit(logitNow(at)), place(values.ceilingRate * recoverTo), {
              every: rhythm / DAY,
              lifts: Math.min(rhythm, model.pauseAfter) / DAY,
            })
          })),
  }
}

/** From logarithms of days to days. */
export function spanOf(
  { value, ends }: Spread,
  {
    reason,
    level,
    method,
  }: {
    readonly reason: Extract<AttentionSpan, { kind: 'never' }>['reason']
    readonly level: number
    readonly method: UncertaintyMethod
  },
): AttentionSpan {
  if (value === Infinity) return { kind: 'never', reason }
  const high = ends === undefined ? 0 : exp(ends.high)
  return {
    kind: 'estimate',
    days: exp(value),
    interval:
      ends === undefined ? null : { low: exp(ends.low), high: high === Infinity ? null : high, level },
    method,
  }
}

/** Days of pause from one place down to another; Infinity where the floor lies above it. */
function daysToFall({ decay, floor }: Attention, from: number, to: number): number {
  if (from <= to) return 0
  if (floor === undefined) return (from - to) / decay
  return to > floor ? ln((from - floor) / (to - floor)) / decay : Infinity
}

/**
 * Days of publishing from one place up to another. A rhythm with pauses in it is a straight-line map from publication to
 * publication, so after n of them the distance to where it leads is its slope to the n-th: solved for n.
 */
function daysToRise(
  values: Attention,
  from: number,
  to: number,
  { every, lifts }: { readonly every: number; readonly lifts: number },
): number {
  if (from >= to) return 0
  const gap = every - lifts
  if (gap === 0) return ln((values.ceiling - from) / (values.ceiling - to)) / values.recovery
  const keeps = exp(-values.recovery * lifts - (values.floor === undefined ? 0 : values.decay * gap))
  const leadsTo = after(values, 0, lifts, gap) / (1 - keeps)
  if (!(leadsTo > to)) return Infinity
  return (every * ln((leadsTo - from) / (leadsTo - to))) / -ln(keeps)
}
