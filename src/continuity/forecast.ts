import { checkRecord, fault } from '../kernel/errors.js'
import { type Duration, type Instant, isInstant } from '../kernel/index.js'
import { attentionOf, follow, type Steps, stepsOf } from './attention.js'
import { type NotIdentified, notIdentified } from './diagnosis.js'
import { exactSpan } from './exact-span.js'
import type { FittedDecay } from './fitted.js'
import { checkInstants, distinct } from './history.js'
import { rateOf, reading, scales } from './scale.js'
import {
  type AttentionInterval,
  type AttentionUncertainty,
  checkAsOf,
  readUncertainty,
  type UncertaintyMethod,
} from './uncertainty.js'

/** What will be published. */
export interface PublishingPlan {
  /** In any order, none before `asOf`. `publicationsEvery` makes them. */
  readonly publications: readonly Instant[]
  /** The last instant that the forecast speaks of. */
  readonly until: Instant
}

export interface OpenRateForecastOptions extends AttentionUncertainty {
  /** From when on; not before the last send or publication that the fit has seen. */
  readonly asOf: Instant
  /** Instants to look at beside `asOf`, the publications and `until`. */
  readonly at?: readonly Instant[]
}

/** The expected open rate at instants of a plan. */
export type OpenRateForecast =
  | {
      readonly kind: 'forecast'
      readonly asOf: Instant
      readonly level: number
      readonly method: UncertaintyMethod
      readonly points: readonly OpenRatePoint[]
    }
  | NotIdentified

export interface OpenRatePoint {
  readonly at: Instant
  /** Whether something is published at it; its rate is that of this publication. */
  readonly publication: boolean
  /** Whether the channel counts as published or as paused when the instant comes. */
  readonly state: 'published' | 'paused'
  readonly rate: number
  /** Of the expected rate. What a single send shows scatters about it as well: `backtestDecay` adds that. */
  readonly interval: AttentionInterval
}

/** A point on one line, for tables and charts. */
export interface OpenRateRow {
  readonly at: Instant
  readonly publication: boolean
  readonly state: 'published' | 'paused'
  readonly value: number
  readonly low: number
  readonly high: number
}

/**
 * The expected open rate along a plan: at `asOf`, at each publication, at `until` and where else it is asked.
 *
 * A plan with a pause needs a decay and one with a resumption a recovery: where the history says nothing about them the
 * forecast is `not-identified`. Intervals hold what the parameters leave open, not what a single send scatters.
 *
 * @throws DefinitionError for a fit that is none, a plan before `asOf`, `asOf` before what the fit has seen, and `too-large`
 * beyond 10,000 points.
 * @example
 * forecastOpenRate(fit, { publications: publicationsEvery({ every: { hours: 168 }, from: asOf, until }), until }, { asOf })
 * // => { kind: 'forecast', points: [{ at, rate: 0.25, interval: { low: 0.24, high: 0.26, level: 0.95 }, … }, …], … }
 */
export function forecastOpenRate(
  fit: FittedDecay,
  plan: PublishingPlan,
  options: OpenRateForecastOptions,
): OpenRateForecast {
  const { level, method, spread } = readUncertainty(fit, options)
  const { asOf, at = [] } = options
  checkAsOf(fit, asOf)
  checkInstants(at, '$.at')
  checkRecord(plan, '$.plan')
  const { publications, until } = plan
  checkPublications(publications, asOf, '$.plan.publications')
  if (!isInstant(until)) throw fault('invalid-instant', '$.plan.until', until, 'milliseconds since 1970')
  for (const [path, one] of [['$.plan.until', until], ...at.map((one) => ['$.at', one] as const)] as const) {
    if (one < asOf) throw fault('out-of-range', path, one, 'at or after asOf')
  }
  const within = distinct(publications).filter((one) => one <= until)
  const instants = distinct([asOf, until, ...within, ...at])
  if (instants.length > mostPoints)
    throw fault('too-large', '$.plan', instants.length, `at most ${mostPoints} points`)
  const path = pathOf(fit, instants, within)
  if (path.kind === 'not-identified') return path
  const published = new Set(within)
  const rates = spread((parameters) => path.logits(parameters))
  return {
    kind: 'forecast',
    asOf,
    level,
    method,
    points: instants.map((one, i) => {
      const { value, ends } = rates[i]!
      const [low, high] = ends === undefined ? [value, value] : [ends.low, ends.high]
      return {
        at: one,
        publication: published.has(one),
        state: path.paused[i] ? 'paused' : 'published',
        rate: rateOf(value),
        interval: { low: rateOf(low), high: rateOf(high), level },
      }
    }),
  }
}

/**
 * The points of a forecast as flat rows: what a table or a chart takes. Of what is not identified there are none.
 *
 * @example
 * openRateRows(forecast)[0] // => { at: 1709251200000, publication: true, state: 'published', value: 0.25, low: 0.24, high: 0.26 }
 */
export function openRateRows(forecast: OpenRateForecast): readonly OpenRateRow[] {
  if (forecast.kind !== 'forecast') return []
  return forecast.points.map(({ at, publication, state, rate, interval }) => ({
    at,
    publication,
    state,
    value: rate,
    low: interval.low,
    high: interval.high,
  }))
}

/**
 * Publications at a rhythm: at `from` and every `every` after it, before `until`, and not within the pause. The rhythm goes
 * on beneath a pause, so a plan with one shares its other instants with the plan without.
 *
 * @throws DefinitionError `invalid-duration` where `every` is not exact, `out-of-range` where `until` is before `from`,
 * `too-large` beyond 10,000 publications.
 * @example
 * publicationsEvery({ every: { hours: 24 }, from: 0, until: 259_200_000 }) // => [0, 86400000, 172800000]
 */
export function publicationsEvery(given: {
  readonly every: Duration
  readonly from: Instant
  readonly until: Instant
  /** `[from, until)`. */
  readonly pause?: { readonly from: Instant; readonly until: Instant }
}): readonly Instant[] {
  checkRecord(given, '$')
  const { every, from, until, pause } = given
  const span = exactSpan(every, '$.every')
  checkSpan({ from, until }, '$')
  if (pause !== undefined) {
    checkRecord(pause, '$.pause')
    checkSpan(pause, '$.pause')
  }
  const count = Math.ceil((until - from) / span)
  if (count > mostPoints) throw fault('too-large', '$.until', count, `at most ${mostPoints} publications`)
  return Array.from({ length: count }, (_, i) => from + i * span).filter(
    (at) => pause === undefined || at < pause.from || at >= pause.until,
  )
}

export const mostPoints = 10_000

/** Refuses a span that is none. */
export function checkSpan(span: { readonly from: Instant; readonly until: Instant }, path: string): void {
  for (const end of ['from', 'until'] as const) {
    if (!isInstant(span[end]))
      throw fault('invalid-instant', `${path}.${end}`, span[end], 'milliseconds since 1970')
  }
  if (span.until < span.from) throw fault('out-of-range', `${path}.until`, span.until, 'at or after from')
}

/** Refuses publications that were before. */
export function checkPublications(list: readonly Instant[], asOf: Instant, path: string): void {
  checkInstants(list, path)
  for (const [i, at] of list.entries())
    if (at < asOf) throw fault('out-of-range', `${path}[${i}]`, at, 'at or after asOf')
  if (list.length > mostPoints)
    throw fault('too-large', path, list.length, `at most ${mostPoints} publications`)
}

/** Rates at instants, ascending, of what was published and what will be; or what of it nobody knows. */
export type RatePath =
  | NotIdentified
  | {
      readonly kind: 'path'
      /** Whether the channel is paused when the instant comes. */
      readonly paused: readonly boolean[]
      logits(parameters: readonly number[]): readonly number[]
    }

export function pathOf(
  fit: FittedDecay,
  instants: readonly Instant[],
  publications: readonly Instant[],
): RatePath {
  const { model, history } = fit
  const names = fit.parameters.map(({ name }) => name)
  const all = distinct([...history.publications, ...publications])
  const steps = stepsOf(instants, all, history.begin, model.pauseAfter)
  const unknown = unknownIn(
    steps,
    names.includes('decay'),
    names.includes('recovery'),
    model.start === 'fitted',
  )
  if (unknown !== undefined) return unknown
  const places = placesIn(steps, instants)
  const until = new Set(places)
  const scale = scales[model.scale]
  const here = reading()
  return {
    kind: 'path',
    paused: places.map((place) => steps.paused[place]! > 0),
    logits(parameters) {
      const logits: number[] = []
      follow(attentionOf(model, names, parameters).values, steps, (i, x) => {
        if (!until.has(i)) return
        scale.read(x, here)
        logits.push(here.lnRate - here.lnRest)
      })
      return logits
    },
  }
}

/** The first step that stands at each instant. */
function placesIn({ at }: Steps, instants: readonly Instant[]): readonly number[] {
  let place = 0
  return instants.map((instant) => {
    while (at[place]! < instant) place += 1
    return place
  })
}

function unknownIn(
  { relaxed, paused }: Steps,
  decay: boolean,
  recovery: boolean,
  moving: boolean,
): NotIdentified | undefined {
  let fell = moving
  for (let i = 0; i < relaxed.length; i += 1) {
    if (relaxed[i]! > 0 && fell && !recovery) return notIdentified('no-resumption')
    if (paused[i]! > 0) {
      if (!decay) return notIdentified('no-pause')
      fell = true
    }
  }
  return undefined
}
