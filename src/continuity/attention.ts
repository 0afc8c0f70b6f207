/*
 * The model: attention as one state that publishing lifts and silence lowers, in closed form over any gap.
 *
 * Let x be the open rate on its scale. For `pauseAfter` after every publication the channel is being published: x goes to
 * its ceiling c as x(t) = c + (x - c) e^(-rho t). From then until the next publication it is paused: x falls as x - delta t,
 * or with a floor f as f + (x - f) e^(-delta t). Rates rho and delta are per day of 24 hours. A send measures x at its
 * instant, before it lifts it.
 */
import { exp, expm1 } from '../kernel/elementary.js'
import type { Instant } from '../kernel/index.js'
import { type RateScale, rateOf, scales } from './scale.js'

/** Which of the models was fitted; plain data. */
export interface AttentionModel {
  readonly scale: RateScale
  /** Where a pause leads to in the end: to nothing (`none`), or to a share of the ceiling that the data say. */
  readonly floor: 'none' | 'fitted'
  /** Where the rate stood when the history begins: at the ceiling, or where the data say. */
  readonly start: 'ceiling' | 'fitted'
  /** `beta-binomial`: sends differ from one another by more than chance, each with a rate of its own. */
  readonly noise: 'binomial' | 'beta-binomial'
  /** Milliseconds after a publication from which on the channel is paused. */
  readonly pauseAfter: number
}

/**
 * A parameter on the scale on which it was fitted: `ceiling` and `start` are logits of rates, `decay` and `recovery`
 * logarithms of rates per day, `floor` the logit of its share of the ceiling, `dispersion` the logit of the correlation
 * of two readers' opening of one send.
 */
export type AttentionParameter = 'ceiling' | 'decay' | 'recovery' | 'start' | 'floor' | 'dispersion'

/** What time does between one place and the next; days. */
export interface Steps {
  readonly at: readonly Instant[]
  /** Days of being published since the step before. */
  readonly relaxed: Float64Array
  /** Days of pause since then, after those. */
  readonly paused: Float64Array
}

export const DAY = 86_400_000

/**
 * From one instant of interest to the next. Instants and publications ascend; where both are at one instant, it is looked
 * at before the publication lifts it. The first step is from `begin`, before which nothing is asked.
 */
export function stepsOf(
  instants: readonly Instant[],
  publications: readonly Instant[],
  begin: Instant,
  pauseAfter: number,
): Steps {
  const at: Instant[] = []
  const relaxed: number[] = []
  const paused: number[] = []
  let now = begin
  let until = begin
  let next = 0
  let done = 0
  const go = (to: Instant) => {
    const lift = Math.min(Math.max(until - now, 0), to - now)
    at.push(to)
    relaxed.push(lift / DAY)
    paused.push((to - now - lift) / DAY)
    now = to
  }
  while (done < instants.length || next < publications.length) {
    const look = instants[done] ?? Infinity
    const publication = publications[next] ?? Infinity
    if (look <= publication) {
      go(look)
      done += 1
    } else {
      // Looked at by nobody: a step of its own all the same, as it starts another stretch.
      if (publication > now) go(publication)
      until = Math.max(until, publication + pauseAfter)
      next += 1
    }
  }
  return { at, relaxed: Float64Array.from(relaxed), paused: Float64Array.from(paused) }
}

/** Values of the parameters in use, with their derivatives by what was fitted. */
export interface Attention {
  readonly ceiling: number
  /** Rate at the ceiling, in (0, 1). */
  readonly ceilingRate: number
  readonly recovery: number
  readonly decay: number
  readonly start: number
  /** Undefined where a pause leads down in a straight line. */
  readonly floor: number | undefined
}

interface Slopes {
  readonly ceiling: number
  readonly start: number
  /** By the ceiling and by the floor's own parameter. */
  readonly floorByCeiling: number
  readonly floorByFloor: number
}

/** Reads parameters as values on the model's scale. What is not among the names has no say in what is asked. */
export function attentionOf(
  model: Pick<AttentionModel, 'scale' | 'floor'>,
  names: readonly AttentionParameter[],
  at: readonly number[],
): { readonly values: Attention; readonly slopes: Slopes } {
  const given = (name: AttentionParameter): number | undefined => at[names.indexOf(name)]
  const scale = scales[model.scale]
  const u = given('ceiling')!
  const [p, q] = [rateOf(u), rateOf(-u)]
  const ceiling = scale.of(p, q)
  const own = scale.slope(p, q) * p * q
  const s = given('start')
  const startRate = s === undefined ? undefined : rateOf(s)
  const share = given('floor')
  let floor: number | undefined = model.scale === 'share' ? 0 : undefined
  let [floorByCeiling, floorByFloor] = [0, 0]
  if (share !== undefined) {
    const part = rateOf(share)
    const low = part * p
    const slope = scale.slope(low, 1 - low)
    floor = scale.of(low, 1 - low)
    floorByCeiling = slope * low * q
    floorByFloor = slope * low * rateOf(-share)
  }
  const rate = (name: 'decay' | 'recovery') => {
    const value = given(name)
    return value === undefined ? 0 : exp(value)
  }
  return {
    values: {
      ceiling,
      ceilingRate: p,
      recovery: rate('recovery'),
      decay: rate('decay'),
      start: startRate === undefined ? ceiling : scale.of(startRate, rateOf(-s!)),
      floor,
    },
    slopes: {
      ceiling: own,
      start: startRate === undefined ? own : scale.slope(startRate, rateOf(-s!)) * startRate * rateOf(-s!),
      floorByCeiling,
      floorByFloor,
    },
  }
}

/** Where x is after days of being published and then of pause. */
export function after(
  { ceiling, recovery, decay, floor }: Attention,
  x: number,
  relaxed: number,
  paused: number,
): number {
  let place = x
  if (relaxed > 0) place += (ceiling - place) * -expm1(-recovery * relaxed)
  if (paused > 0)
    place = floor === undefined ? place - decay * paused : place + (floor - place) * -expm1(-decay * paused)
  return place
}

/** Walks through the steps and hands on each place. */
export function follow(values: Attention, steps: Steps, visit: (step: number, x: number) => void): void {
  let x = values.start
  for (let i = 0; i < steps.relaxed.length; i += 1) {
    x = after(values, x, steps.relaxed[i]!, steps.paused[i]!)
    visit(i, x)
  }
}

/** As `follow`, with the derivatives of x by what was fitted, in an array that the next step overwrites. */
export function followWithSlopes(
  model: Pick<AttentionModel, 'scale' | 'floor'>,
  names: readonly AttentionParameter[],
  at: readonly number[],
  { relaxed, paused }: Pick<Steps, 'relaxed' | 'paused'>,
  visit: (step: number, x: number, slopes: Float64Array) => void,
): void {
  const { values, slopes } = attentionOf(model, names, at)
  const { ceiling, recovery, decay, floor } = values
  const [c, d, r, s, f] = (['ceiling', 'decay', 'recovery', 'start', 'floor'] as const).map((name) =>
    names.indexOf(name),
  ) as [number, number, number, number, number]
  const by = new Float64Array(names.length)
  let x = values.start
  by[s >= 0 ? s : c] = slopes.start
  // Rhythms repeat: the exponential of the gap before is mostly the one wanted.
  let [lastRelaxed, lastPaused, risen, fallen] = [0, 0, 0, 0]
  for (let i = 0; i < relaxed.length; i += 1) {
    const lift = relaxed[i]!
    if (lift > 0 && r >= 0) {
      if (lift !== lastRelaxed) {
        risen = -expm1(-recovery * lift)
        lastRelaxed = lift
      }
      const left = 1 - risen
      for (let j = 0; j < by.length; j += 1) by[j]! *= left
      by[c]! += slopes.ceiling * risen
      by[r]! += (ceiling - x) * left * recovery * lift
      x += (ceiling - x) * risen
    }
    const gap = paused[i]!
    if (gap > 0 && d >= 0) {
      if (floor === undefined) {
        x -= decay * gap
        by[d]! -= decay * gap
      } else {
        if (gap !== lastPaused) {
          fallen = -expm1(-decay * gap)
          lastPaused = gap
        }
        const left = 1 - fallen
        for (let j = 0; j < by.length; j += 1) by[j]! *= left
        by[c]! += slopes.floorByCeiling * fallen
        if (f >= 0) by[f]! += slopes.floorByFloor * fallen
        by[d]! += (floor - x) * left * decay * gap
        x += (floor - x) * fallen
      }
    }
    visit(i, x, by)
  }
}
