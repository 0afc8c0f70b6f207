import { minimize } from '../../measures/minimize.js'
import type { Matrix } from '../../measures/symmetric.js'
import { type Judgement, judge } from './judgement.js'
import { type Descended, descend, heldAt, type Place, roughInverse, type Surface } from './surface.js'

/** What a search goes over. */
export interface Ground {
  readonly full: Surface
  /** Some of the data, and which share. */
  readonly thin?: { readonly surface: Surface; readonly share: number }
  readonly starts: readonly (readonly number[])[]
  /** A limit that is likelier than all around it, and which places lead there. */
  readonly known?: { readonly at: readonly number[]; leadsFrom(place: Place): boolean } | undefined
}

/** What is being done: over some of the data, over all, or out to the limits of parameters. */
export interface SearchStep {
  readonly phase: 'sample' | 'search' | 'limits'
  readonly at: readonly number[]
}

/** Where a search ended. */
export type Found =
  | {
      readonly kind: 'optimum'
      readonly place: Place
      readonly covariance: Matrix
      /** Whether the log-likelihood falls around it as evenly as intervals presume. */
      readonly even: boolean
      /** The likeliest limit of a parameter; undefined where none is near. */
      readonly limit: Limit | undefined
    }
  | { readonly kind: 'none'; readonly why: NotFound; readonly lowest: Place | undefined }

/** A way out along one coordinate that does not become steep. */
export interface Limit {
  /** By how much its end is less likely. */
  readonly rise: number
  readonly index: number
  readonly sign: 1 | -1
}

/**
 * No start has a value; what is likeliest lies at a limit; slopes vanish without a highest point; no step led on; values do
 * not change as slopes say.
 */
export type NotFound = 'nowhere' | 'limit' | 'level' | 'stuck' | 'contradiction'

/**
 * The lowest place of a surface, if it is a minimum and nothing lower has been seen: from each start over some of the
 * data, then over all of them, and where a parameter is hardly told, out to its limits.
 */
export function* search({ full, thin, starts, known }: Ground): Generator<SearchStep, Found> {
  let best: (Judgement & { readonly kind: 'optimum' }) | undefined
  let lowest: { readonly place: Place; readonly why: NotFound } | undefined
  /** Whether it is the best so far. */
  const take = (judged: Rest): boolean => {
    if (judged.kind === 'optimum') {
      if (best !== undefined && best.place.value <= judged.place.value) return false
      best = judged
      return true
    }
    if (lowest === undefined || judged.place.value < lowest.place.value) lowest = judged
    return false
  }
  const there = known && full.look(known.at)
  const ended = there === undefined ? undefined : known?.leadsFrom
  if (there !== undefined) take({ kind: 'none', place: there, why: 'limit' })
  const sample = thin && (yield* ofSample(thin, starts))
  for (const { at, inverse } of sample?.likely ?? []) {
    const place = full.look(at)
    const judged = place && (yield* rest(full, place, inverse, { ended }))
    if (judged !== undefined) take(judged)
  }
  if (best === undefined) {
    const ends: Place[] = []
    for (const at of waysOver(starts, sample, ended !== undefined)) {
      const place = full.look(at)
      if (place === undefined) continue
      const judged = yield* rest(full, place, undefined, { ends, ended })
      if (judged === undefined) continue
      take(judged)
      ends.push(judged.place)
    }
  }
  if (best === undefined && lowest?.why === 'stuck') take(yield* byFallback(full, lowest.place))
  if (lowest?.why === 'limit' && lowest.place !== there) {
    // A way stops as soon as it is far out, where what does not go to the limit may not have come to rest yet.
    const place: Place = yield* settledOutThere(full, lowest.place)
    lowest = { ...lowest, place }
  }
  if (best === undefined) return { kind: 'none', why: lowest?.why ?? 'nowhere', lowest: lowest?.place }
  let limit: Limit | undefined
  for (let round = 0; round < 3; round += 1) {
    const walk: Walk = yield* toLimits(full, best, thin?.surface)
    limit = walk.limit
    if (walk.lower === undefined) break
    // What is lower out there has a minimum of its own, or none.
    if (!take(yield* rest(full, walk.lower, undefined))) break
  }
  if (lowest !== undefined && lowest.place.value < best.place.value - tolerance(best.place))
    return { kind: 'none', why: 'limit', lowest: lowest.place }
  if (limit !== undefined && limit.rise < 0.001) return { kind: 'none', why: 'level', lowest: best.place }
  const { place, covariance, even } = best
  return { kind: 'optimum', place, covariance, even, limit }
}

const tolerance = ({ value }: Place) => 1e-6 + 1e-11 * Math.abs(value)

/** What some of the data tell. */
interface Sample {
  /** Likely places, with what is known of the curvature there. */
  readonly likely: readonly { readonly at: readonly number[]; readonly inverse: Matrix }[]
  /** The likeliest place towards a limit, where that is likelier than those. */
  readonly limit: readonly number[] | undefined
}

/** From where to search all of the data, when nothing has come of the likely places of a sample. */
function waysOver(
  starts: Ground['starts'],
  sample: Sample | undefined,
  known: boolean,
): readonly (readonly number[])[] {
  if (sample === undefined) return starts
  const limit = sample.limit === undefined ? [] : [sample.limit]
  // Where every way over a sample led to a limit, all but one would again.
  if (sample.likely.length === 0 && limit.length > 0) return [...limit, ...starts.slice(0, 1)]
  // Of a limit that is known, and to which the likely places led, nothing more is to be learnt.
  return known && sample.likely.length > 0 ? limit : starts
}

/** A search over some of the data, from each start. */
function* ofSample(
  { surface, share }: NonNullable<Ground['thin']>,
  starts: Ground['starts'],
): Generator<SearchStep, Sample> {
  const ends: Place[] = []
  let limit: Place | undefined
  for (const at of starts) {
    const place = surface.look(at)
    if (place === undefined) continue
    const end: Descended | undefined = yield* apart(
      descend(surface, place, { enough: 1e-3, most: 60 }),
      'sample',
      { ends },
    )
    if (end?.end === 'flat') ends.push(end.place)
    else if (end?.end === 'far' && !(limit !== undefined && limit.value <= end.place.value)) limit = end.place
  }
  ends.sort((a, b) => a.value - b.value)
  const likely = ends
    .filter((end) => end.value < ends[0]!.value + 10 * share + 1)
    .slice(0, 3)
    .map((end) => ({
      at: end.at,
      inverse: roughInverse(surface, end).map((row) => row.map((entry) => entry * share)),
    }))
  return {
    likely,
    limit:
      limit !== undefined && !(ends[0] !== undefined && ends[0].value <= limit.value) ? limit.at : undefined,
  }
}

/** Passes a descent's steps on; undefined where it runs to where it need not. */
function* apart(
  descent: Generator<Place, Descended>,
  phase: SearchStep['phase'],
  { ends = [], ended }: Known,
): Generator<SearchStep, Descended | undefined> {
  for (;;) {
    const step = descent.next()
    if (step.done) return step.value
    const { at, value } = step.value
    yield { phase, at }
    // Over a sample it is enough to be on the way there.
    const [near, above] = phase === 'sample' ? [0.5, 1] : [0.05, Number.POSITIVE_INFINITY]
    const same = ends.some(
      (end) =>
        value >= end.value - 1e-9 &&
        value <= end.value + above &&
        end.at.every((x, i) => Math.abs(x - at[i]!) < near),
    )
    if (same || ended?.(step.value)) return undefined
  }
}

type Rest =
  | (Judgement & { readonly kind: 'optimum' })
  | { readonly kind: 'none'; readonly place: Place; readonly why: NotFound }

/** Where a descent need not go on. */
interface Known {
  /** Where earlier ones have ended. */
  readonly ends?: readonly Place[]
  /** Whether it is on its way to a limit that is known. */
  readonly ended?: ((place: Place) => boolean) | undefined
}

/** Where a descent over all data comes to rest, judged; undefined where it runs to where it need not. */
function rest(full: Surface, from: Place, inverse: Matrix | undefined): Generator<SearchStep, Rest>
function rest(
  full: Surface,
  from: Place,
  inverse: Matrix | undefined,
  where: Known,
): Generator<SearchStep, Rest | undefined>
function* rest(
  full: Surface,
  from: Place,
  inverse: Matrix | undefined,
  where: Known = {},
): Generator<SearchStep, Rest | undefined> {
  if (where.ended?.(from)) return undefined
  let place = from
  let known = inverse
  let enough = 1e-6
  let why: NotFound = 'stuck'
  for (let round = 0; round < 4; round += 1) {
    const told = { enough, most: 150, ...(known && { inverse: known }) }
    const end: Descended | undefined = yield* apart(descend(full, place, told), 'search', where)
    if (end === undefined) return undefined
    place = end.place
    if (end.end === 'far') return { kind: 'none', place, why: 'limit' }
    const judged = judge(full, place, end.inverse)
    if (judged.kind === 'optimum') return judged
    place = judged.place
    known = judged.inverse
    enough *= 1e-3
    // Of which no step can be believed.
    if (judged.reason === 'value-against-slopes') return { kind: 'none', place, why: 'contradiction' }
    why = judged.reason === 'levels-off' || judged.reason === 'not-bent' ? 'level' : 'stuck'
    // Close to the end of what can be looked at, rounding is all there is.
    if (place.at.some((x) => Math.abs(x) > 14)) return { kind: 'none', place, why: 'limit' }
  }
  return { kind: 'none', place, why }
}

/** The lowest place nearby with the coordinate that is furthest out held where it is. */
function* settledOutThere(full: Surface, { at, value, gradient }: Place): Generator<SearchStep, Place> {
  const index = at.reduce((most, x, i) => (Math.abs(x) > Math.abs(at[most]!) ? i : most), 0)
  const but = (all: readonly number[]) => all.filter((_, i) => i !== index)
  const surface: Surface = { ...heldAt(full, index, at[index]!), far: () => false }
  const descent = descend(
    surface,
    { at: but(at), value, gradient: but(gradient) },
    { enough: 0.001, most: 30 },
  )
  for (;;) {
    const step = descent.next()
    if (step.done) {
      const { at: rest } = step.value.place
      return full.look([...rest.slice(0, index), at[index]!, ...rest.slice(index)])!
    }
    yield { phase: 'limits', at }
  }
}

/** The general search of the measures, from where the one made for likelihoods does not get on. */
function* byFallback(full: Surface, from: Place): Generator<SearchStep, Rest> {
  let last: Place | undefined
  const look = (at: readonly number[]) => {
    if (last === undefined || last.at.some((x, i) => x !== at[i]))
      last = full.look(at) ?? { at, value: Number.NaN, gradient: at.map(() => Number.NaN) }
    return last
  }
  const found = minimize({ value: (at) => look(at).value, gradient: (at) => look(at).gradient }, from.at, {
    maxIterations: 200,
  })
  const at = found.kind === 'optimum' ? found.at : found.best?.at
  const place = at && full.look(at)
  if (place === undefined) return { kind: 'none', place: from, why: 'stuck' }
  yield { phase: 'search', at: place.at }
  return yield* rest(full, place, undefined)
}

/** What lies towards the limits of parameters. */
interface Walk {
  /** A place lower than the optimum. */
  readonly lower?: Place
  /** Where the value has risen least at the end of a way that is not steep. */
  readonly limit: Limit | undefined
}

/** Where a coordinate's standard error is below it, its limits are so far that what is there cannot be likelier. */
const TOLD = 0.5
/** A rise after which nobody goes on. */
const STEEP = 4

/** Out along each coordinate that is hardly told, with the others following. */
function* toLimits(
  full: Surface,
  { place, covariance }: Judgement & { readonly kind: 'optimum' },
  some: Surface | undefined,
): Generator<SearchStep, Walk> {
  const ofSome = some?.look(place.at)
  let least: Limit | undefined
  const gone: number[] = []
  for (const [i, row] of covariance.entries()) {
    if (row[i]! < TOLD * TOLD) continue
    // Coordinates that hang together go the same way.
    if (gone.some((k) => row[k]! * row[k]! > 0.9 * row[i]! * covariance[k]![k]!)) continue
    gone.push(i)
    for (const sign of [1, -1] as const) {
      // What is steep over some of the data is steeper over all of them.
      if (some !== undefined && ofSome !== undefined) {
        const told: Walk = yield* outwards(some, { place: ofSome, covariance, index: i, sign })
        if (told.lower === undefined && told.limit === undefined) continue
      }
      const walk: Walk = yield* outwards(full, { place, covariance, index: i, sign })
      if (walk.lower !== undefined) return walk
      if (walk.limit !== undefined && !(least !== undefined && least.rise <= walk.limit.rise))
        least = walk.limit
    }
  }
  return { limit: least }
}

/** Along one coordinate, until it is steep or at its limit. */
function* outwards(
  full: Surface,
  {
    place,
    covariance,
    index,
    sign,
  }: {
    readonly place: Place
    readonly covariance: Matrix
    readonly index: number
    readonly sign: 1 | -1
  },
): Generator<SearchStep, Walk> {
  const row = covariance[index]!
  const rest = covariance.filter((_, j) => j !== index)
  const slopes = rest.map((other) => other[index]! / row[index]!)
  // What the others scatter where this one is held.
  let inverse: Matrix = rest.map((other, j) =>
    other.filter((_, k) => k !== index).map((entry, k) => entry - slopes[j]! * rest[k]![index]!),
  )
  const unit = Math.max(1, Math.min(Math.sqrt(row[index]!), 2))
  let others = place.at.filter((_, j) => j !== index)
  /** How far they go for each unit of distance: as the optimum's parabola says at first, then as they went last. */
  let pace = slopes.map((slope) => sign * unit * slope)
  let before = 0
  let rise = 0
  for (const distance of [1.5, 4, 10]) {
    const held = place.at[index]! + sign * distance * unit
    const surface = heldAt(full, index, held)
    const along = others.map((x, k) => x + (distance - before) * pace[k]!)
    const [onwards, still] = [surface.look(along), before > 0 ? surface.look(others) : undefined]
    let lowest = onwards !== undefined && !(still && still.value < onwards.value) ? onwards : still
    lowest ??= surface.look(others)
    if (lowest === undefined) break
    if (surface.size > 0) {
      const descent = descend(surface, lowest, { inverse, enough: 0.01, most: 20 })
      for (let step = descent.next(); ; step = descent.next()) {
        if (step.done) {
          lowest = step.value.place
          inverse = step.value.inverse
          break
        }
        yield { phase: 'limits', at: place.at }
      }
    }
    pace = lowest.at.map((x, k) => (x - others[k]!) / (distance - before))
    before = distance
    others = [...lowest.at]
    rise = lowest.value - place.value
    const whole = [...others.slice(0, index), held, ...others.slice(index)]
    if (rise < -tolerance(place)) {
      const lower = full.look(whole)
      if (lower !== undefined) return { lower, limit: undefined }
    }
    if (rise > STEEP) return { limit: undefined }
    if (full.far(whole)) break
  }
  return { limit: { rise, index, sign } }
}
