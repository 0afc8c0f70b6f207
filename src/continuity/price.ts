import { ln } from '../kernel/elementary.js'
import { checkRecord, fault } from '../kernel/errors.js'
import { type Duration, type Instant, isInstant } from '../kernel/index.js'
import { attentionOf, DAY, follow, stepsOf } from './attention.js'
import type { NotIdentified } from './diagnosis.js'
import { exactSpan } from './exact-span.js'
import type { FittedDecay } from './fitted.js'
import { checkSpan, mostPoints, pathOf, publicationsEvery } from './forecast.js'
import {
  checkAudience,
  estimateOf,
  type OpensEstimate,
  type PauseMoney,
  type PausePrices,
  type ReadPrices,
  readPrices,
} from './price-terms.js'
import { rateOf, reading, scales } from './scale.js'
import { type AttentionSpan, spanOf } from './spans.js'
import {
  type AttentionUncertainty,
  checkAsOf,
  readUncertainty,
  type Spread,
  type UncertaintyMethod,
} from './uncertainty.js'

/** Which pause, in which rhythm, and how far its loss is followed. */
export interface PriceOfPauseOptions extends AttentionUncertainty, PausePrices {
  /** From when on; publications are at it and every `every` after it. */
  readonly asOf: Instant
  /** The rhythm without a pause, kept beneath it. Exact. */
  readonly every: Duration
  /** `[from, until)`: publications in it are left out; the first at or after `until` resumes. */
  readonly pause: { readonly from: Instant; readonly until: Instant }
  /** How long opens are counted from the first publication after the pause on. Exact; what is lost later is not in the price. */
  readonly horizon: Duration
  /** How many each publication reaches. */
  readonly audience: number
  /** From which share of the rate without a pause on it counts as recovered; 0.95 unless told. */
  readonly recoverTo?: number
}

/** What a pause costs, in opens and where prices are given in money. */
export type PriceOfPause =
  | {
      readonly kind: 'price'
      readonly method: UncertaintyMethod
      /** Publications left out. */
      readonly skipped: number
      /** Opens that the publications left out would have had. */
      readonly lostInPause: OpensEstimate
      /** Opens that publications after the pause have less than they would have had: the price of resuming. */
      readonly lostAfter: OpensEstimate
      readonly lost: OpensEstimate
      /** Days from the resumption until the rate is back at `recoverTo` of that without a pause; `never` within the horizon. */
      readonly recovery: AttentionSpan | { readonly kind: 'never'; readonly reason: 'not-within-horizon' }
      /** The share of the rate that is still missing where the counting ends: what the price leaves out. */
      readonly missingAtEnd: number
      readonly money?: PauseInMoney
    }
  | NotIdentified

/** What a pause saves and forgoes. */
export interface PauseInMoney {
  /** Cost of the publications left out; null without a cost. */
  readonly saved: number | null
  /** Value of the opens lost; null without a value. */
  readonly forgone: PauseMoney | null
  /** Saved less forgone: below 0 the pause costs more than it saves. */
  readonly net: PauseMoney | null
  /** The value of an open at which the pause is free: below it the pause pays. Null without a cost or with nothing lost. */
  readonly breakEven: PauseMoney | null
  /** How long a pause is free; null without both prices, or where decay or recovery is not known. */
  readonly free: FreePause | null
}

/** Which pauses from `pause.from` on cost no more than they save, of those of up to 520 publications. */
export type FreePause =
  /** All up to this one; the next is not. */
  | { readonly kind: 'up-to'; readonly skipped: number; readonly days: number }
  /** Short ones are not, this one is: attention has little left to lose while costs go on being saved. */
  | { readonly kind: 'from'; readonly skipped: number; readonly days: number }
  /** All that were looked at: a publication costs more than its opens are worth. */
  | { readonly kind: 'always'; readonly skipped: number; readonly days: number }
  /** None that was looked at. */
  | { readonly kind: 'never' }

/**
 * What a pause costs: the opens that its publications would have had, and those that are missing after it until attention is
 * back. Both curves are expected rates at the same instants, one with the pause and one without, times the audience.
 *
 * `missingAtEnd` says how much of the rate is still missing where the horizon ends; make it longer until that is little.
 * Money is an estimate: value per open times opens, less what was saved. `free` looks at every pause from the same start up to
 * 520 publications with the best estimates and the same horizon; it has no interval.
 *
 * @throws DefinitionError for a fit that is none, spans before `asOf` or upside down, durations that are not exact, an audience below
 * 0, money that is none, negative or of two currencies, `too-large` beyond 10,000 publications.
 * @example
 * priceOfPause(fit, { asOf, every: { hours: 168 }, pause: { from, until }, horizon: { hours: 8760 }, audience: 10_000 }).lost
 * // => { value: 48651, interval: { … } }
 */
export function priceOfPause(fit: FittedDecay, options: PriceOfPauseOptions): PriceOfPause {
  const { level, method, spread } = readUncertainty(fit, options)
  const { asOf, every, pause, horizon, audience, recoverTo = 0.95 } = options
  checkAsOf(fit, asOf)
  checkRecord(pause, '$.pause')
  checkSpan(pause, '$.pause')
  if (pause.from < asOf) throw fault('out-of-range', '$.pause.from', pause.from, 'at or after asOf')
  const rhythm = exactSpan(every, '$.every')
  const counted = exactSpan(horizon, '$.horizon')
  checkAudience(audience, '$.audience')
  if (!(typeof recoverTo === 'number' && recoverTo > 0 && recoverTo < 1))
    throw fault('out-of-range', '$.recoverTo', recoverTo, 'strictly between 0 and 1')
  const prices = readPrices(options)

  const resumption = asOf + Math.ceil((pause.until - asOf) / rhythm) * rhythm
  const end = resumption + counted
  if (!isInstant(end)) throw fault('out-of-range', '$.horizon', end, 'an end before the year 10000')
  const steady = publicationsEvery({ every, from: asOf, until: end })
  const kept = steady.map((at) => at < pause.from || at >= pause.until)
  const skipped = steady.length - kept.filter(Boolean).length
  const published = steady.filter((_, i) => kept[i])
  const without = pathOf(fit, steady, steady)
  const withPause = pathOf(fit, published, published)
  if (without.kind === 'not-identified') return without
  if (withPause.kind === 'not-identified') return withPause
  const resumes = kept.lastIndexOf(false) + 1

  const parts = (at: readonly number[]) => {
    const base = without.logits(at).map(rateOf)
    const paused = withPause.logits(at).map(rateOf)
    let [during, later, next] = [0, 0, 0]
    let back = skipped === 0 ? 0 : Infinity
    let missing = 0
    for (const [i, rate] of base.entries()) {
      if (!kept[i]) {
        during += rate
        continue
      }
      const other = paused[next]!
      if (i >= resumes) {
        later += rate - other
        missing = rate > 0 ? 1 - other / rate : 0
        if (back === Infinity && other >= recoverTo * rate)
          back = crossing(base, paused, i, next, { resumes, recoverTo })
      }
      next += 1
    }
    const lost = [during * audience, Math.max(0, later) * audience]
    return { during: lost[0]!, later: lost[1]!, days: (back * rhythm) / DAY, missing: Math.max(0, missing) }
  }
  const best = parts(fit.parameters.map(({ estimate }) => estimate))
  const [during, later, both, back] = spread((at) => {
    const { during, later, days } = parts(at)
    return [ln(during), ln(later), ln(during + later), ln(days)]
  }) as [Spread, Spread, Spread, Spread]
  const lost = estimateOf(both, level)
  return {
    kind: 'price',
    method,
    skipped,
    lostInPause: estimateOf(during, level),
    lostAfter: estimateOf(later, level),
    lost,
    recovery:
      best.days === Infinity
        ? { kind: 'never', reason: 'not-within-horizon' }
        : spanOf(back, { reason: 'rhythm-too-slow', level, method }),
    missingAtEnd: best.missing,
    ...(prices.currency !== undefined && {
      money: inMoney(lost, skipped, prices, (saved, value) =>
        freePause(fit, { asOf, rhythm, from: pause.from, counted, audience, cost: saved, value }),
      ),
    }),
  }
}

/** Publications after the resumption at which the rate is back, between the two where it crosses. */
function crossing(
  base: readonly number[],
  paused: readonly number[],
  i: number,
  next: number,
  { resumes, recoverTo }: { readonly resumes: number; readonly recoverTo: number },
): number {
  if (i === resumes) return 0
  const [was, is] = [paused[next - 1]! / base[i - 1]!, paused[next]! / base[i]!]
  return is > was ? i - resumes - (is - recoverTo) / (is - was) : i - resumes
}

function inMoney(
  lost: OpensEstimate,
  skipped: number,
  { currency, value, cost }: ReadPrices,
  freeAt: (cost: number, value: number) => FreePause | null,
): PauseInMoney {
  const money = (of: (opens: number) => number, falling: boolean): PauseMoney => {
    const { value: opens, interval } = lost
    const ends = interval && [of(interval.low), of(interval.high)]
    const [low, high] = ends === null ? [0, 0] : falling ? [ends[1]!, ends[0]!] : [ends[0]!, ends[1]!]
    return {
      value: of(opens),
      interval: interval && { low, high, level: interval.level },
      currency: currency!,
    }
  }
  const saved = cost === undefined ? null : cost * skipped
  return {
    saved,
    forgone: value === undefined ? null : money((opens) => value * opens, false),
    net: value === undefined || saved === null ? null : money((opens) => saved - value * opens, true),
    breakEven: saved === null || lost.value === 0 ? null : money((opens) => saved / opens, true),
    free: value === undefined || cost === undefined ? null : freeAt(cost, value),
  }
}

/** How far is looked for a free pause. */
const mostSkipped = 520

function freePause(
  fit: FittedDecay,
  {
    asOf,
    rhythm,
    from,
    counted,
    audience,
    cost,
    value,
  }: {
    readonly asOf: Instant
    readonly rhythm: number
    readonly from: Instant
    readonly counted: number
    readonly audience: number
    readonly cost: number
    readonly value: number
  },
): FreePause | null {
  const at = fit.parameters.map(({ estimate }) => estimate)
  const names = fit.parameters.map(({ name }) => name)
  const { model, history } = fit
  const first = Math.ceil((from - asOf) / rhythm)
  const later = Math.ceil(counted / rhythm)
  const most = Math.min(mostSkipped, mostPoints - first - later)
  const now = pathOf(fit, [asOf], [])
  if (!names.includes('decay') || !names.includes('recovery') || now.kind === 'not-identified') return null
  // What was before asOf is the same for every pause: one place stands for all of it.
  const u = now.logits(at)[0]!
  const scale = scales[model.scale]
  const values = { ...attentionOf(model, names, at).values, start: scale.of(rateOf(u), rateOf(-u)) }
  const here = reading()
  const span = (begin: number, end: number) =>
    Array.from({ length: Math.max(0, end - begin) }, (_, i) => asOf + (begin + i) * rhythm).filter(isInstant)
  const rates = (instants: readonly Instant[]) => {
    const steps = stepsOf(instants, [...history.publications.slice(-1), ...instants], asOf, model.pauseAfter)
    const found: number[] = []
    follow(values, steps, (_, x) => {
      scale.read(x, here)
      found.push(here.rate)
    })
    return found
  }
  const steady = rates(span(0, first + most + later))
  const answer = (kind: 'up-to' | 'from' | 'always', skipped: number): FreePause => ({
    kind,
    skipped,
    days: (skipped * rhythm) / DAY,
  })
  let during = 0
  let shortIsFree = true
  for (let skipped = 1; skipped <= most; skipped += 1) {
    const resumes = first + skipped
    during += steady[resumes - 1] ?? 0
    const resumed = rates([...span(0, first), ...span(resumes, resumes + later)]).slice(first)
    let missing = 0
    for (const [i, rate] of resumed.entries()) missing += (steady[resumes + i] ?? rate) - rate
    const free = value * audience * (during + missing) <= cost * skipped
    if (skipped === 1) shortIsFree = free
    else if (shortIsFree && !free) return answer('up-to', skipped - 1)
    else if (!shortIsFree && free) return answer('from', skipped)
  }
  return shortIsFree && most > 0 ? answer('always', most) : { kind: 'never' }
}
