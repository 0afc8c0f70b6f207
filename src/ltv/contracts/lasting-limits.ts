/*
 * Whether the likelihood of tenures that are known to the moment is highest at a limit of the exponential-gamma or the
 * Weibull-gamma model, told before any search. For a given shape both are a curve of one number: r is what it has to be.
 */
import { exp, ln, log1p } from '../../kernel/elementary.js'
import { minimize } from '../../measures/minimize.js'
import type { ContractTable } from './contract-table.js'

/** The limit at which data are likeliest, and a place of the parameters that is nearly there. */
export type LastingLimit =
  | {
      /** r without end: people are alike, and leave as (t / theta)^c says. */
      readonly kind: 'alike'
      readonly theta: number
      readonly c: number
      readonly near: LimitPlace
    }
  /** c without end and r to 0: nobody leaves before `from`, and at a rate that falls as 1 / t after. */
  | { readonly kind: 'none-before'; readonly from: number; readonly near: LimitPlace }
  /** c without end: all who left did so at the longest tenure that was seen. */
  | { readonly kind: 'at-one-tenure'; readonly near: undefined }

/** What a search would not tell from a limit either. */
const NOTHING = 0.001

interface LimitPlace {
  readonly r: number
  readonly scale: number
  readonly c: number
}

/** Tenures in logarithms, the longest being 0. */
interface Tenures {
  readonly unit: number
  /** People, and those of them who left. */
  readonly count: Float64Array
  readonly left: Float64Array
  readonly lnFrom: Float64Array
  readonly lnTo: Float64Array
  readonly entries: boolean
  readonly leavers: number
  /** Of those who left, the sum of ln t, and the earliest. */
  readonly sumLn: number
  readonly firstLn: number
}

/**
 * The limit, if the data are likeliest at one. Undefined where they are likelier elsewhere, and where moments of leaving are
 * not known.
 *
 * That the plain Weibull is as high as all near it is told by the slope and bend along 1 / r at r = infinity; that nothing
 * further away is higher, by looking over all scales and shapes.
 *
 * @param shape - Where 'one', c is 1.
 */
export function lastingLimit(data: ContractTable, shape: 'one' | 'any'): LastingLimit | undefined {
  const tenures = tenuresOf(data)
  if (tenures === undefined) return undefined
  const { unit, firstLn, leavers, sumLn } = tenures
  if (shape === 'any' && sumLn === 0) return { kind: 'at-one-tenure', near: undefined }
  const alike = weibullOf(tenures, shape)
  if (alike === undefined) return undefined
  const late = shape === 'any' ? lateStart(tenures) : -Infinity
  // Where people who differ a little are likelier than people who are alike, there is a highest point somewhere.
  const differ = alike.gain >= NOTHING
  if (differ && alike.value >= late) return undefined
  const limit = Math.max(differ ? -Infinity : alike.value, late)
  if (highestInside(tenures, shape, alike.c) > limit + NOTHING) return undefined
  if (limit === late) {
    const c = 100
    const near = [0, 1, 2, 3, 5, 8, 12]
      .map((k) => profile(tenures, firstLn - k / c, c))
      .reduce((most, one) => (one.value > most.value ? one : most))
    return {
      kind: 'none-before',
      from: unit * exp(firstLn),
      near: { r: leavers / near.exposure, scale: unit * exp(near.lnScale), c },
    }
  }
  const { c, lnTheta } = alike
  const r = 1e6
  return {
    kind: 'alike',
    theta: unit * exp(lnTheta),
    c,
    near: { r, scale: unit * exp(lnTheta + ln(r) / c), c },
  }
}

function tenuresOf({ count, entry, stayed, left }: ContractTable): Tenures | undefined {
  const rows = count.length
  const who = new Float64Array(rows)
  let [unit, leavers, entries] = [0, 0, false]
  for (let i = 0; i < rows; i += 1) {
    if (left[i]! < Infinity) {
      if (left[i] !== stayed[i]) return undefined
      who[i] = count[i]!
      leavers += count[i]!
    }
    if (entry[i]! > 0) entries = true
    if (count[i]! > 0) unit = Math.max(unit, stayed[i]!)
  }
  if (!(leavers > 0 && unit > 0)) return undefined
  const logarithm = (t: number) => (t > 0 ? ln(t / unit) : -Infinity)
  const [lnFrom, lnTo] = [entry.map(logarithm), stayed.map(logarithm)]
  let [sumLn, firstLn] = [0, 0]
  for (let i = 0; i < rows; i += 1) {
    if (who[i]! === 0) continue
    sumLn += who[i]! * lnTo[i]!
    firstLn = Math.min(firstLn, lnTo[i]!)
  }
  return { unit, count, left: who, lnFrom, lnTo, entries, leavers, sumLn, firstLn }
}

/**
 * Of people who are alike: the likeliest Weibull, and what the likelihood gains at least where they differ: by its slope and
 * bend along 1 / r there, the others held.
 */
function weibullOf(tenures: Tenures, shape: 'one' | 'any') {
  const { count, left, lnFrom, lnTo, leavers, sumLn } = tenures
  /** Sums of t^c, t^c ln t and t^c (ln t)^2 between the ends of each tenure. */
  const sums = (c: number) => {
    let [s0, s1, s2] = [0, 0, 0]
    for (let i = 0; i < count.length; i += 1) {
      const to = lnTo[i]!
      if (to > -Infinity) {
        const w = count[i]! * exp(c * to)
        s0 += w
        s1 += w * to
        s2 += w * to * to
      }
      const from = lnFrom[i]!
      if (from > -Infinity) {
        const w = count[i]! * exp(c * from)
        s0 -= w
        s1 -= w * from
        s2 -= w * from * from
      }
    }
    return { s0, s1, s2 }
  }
  let c = 1
  // The slope by c falls throughout, so Newton's steps, kept from leaving at once, lead to where it is 0.
  for (let i = 0; shape === 'any' && i < 40; i += 1) {
    const { s0, s1, s2 } = sums(c)
    const mean = s1 / s0
    const slope = leavers / c + sumLn - leavers * mean
    const bend = leavers / c / c + leavers * (s2 / s0 - mean * mean)
    const next = Math.min(Math.max(c + slope / bend, c / 3), 3 * c)
    if (!(next > 0 && next < 1e6)) return undefined
    const done = Math.abs(next - c) < 1e-9 * c
    c = next
    if (done) break
  }
  const { s0 } = sums(c)
  const rate = leavers / s0
  let [slope, bend] = [0, 0]
  for (let i = 0; i < count.length; i += 1) {
    const [to, from] = [rate * exp(c * lnTo[i]!), lnFrom[i]! > -Infinity ? rate * exp(c * lnFrom[i]!) : 0]
    slope += (count[i]! * (to - from) * (to + from)) / 2 - left[i]! * to
    bend += (2 / 3) * count[i]! * (to * to * to - from * from * from) - left[i]! * to * to
  }
  const gain = slope <= 0 ? 0 : bend > 0 ? (slope * slope) / bend / 2 : Infinity
  const value = leavers * (ln(c) + ln(rate) - 1) + (c - 1) * sumLn
  return Number.isFinite(value) ? { c, lnTheta: -ln(rate) / c, value, gain } : undefined
}

/** The likelihood where nobody leaves before the first one did, and at a rate of kappa / t after. */
function lateStart({ count, lnFrom, lnTo, leavers, sumLn, firstLn }: Tenures): number {
  let exposure = 0
  for (let i = 0; i < count.length; i += 1)
    exposure += count[i]! * Math.max(0, lnTo[i]! - Math.max(lnFrom[i]!, firstLn))
  return exposure > 0 ? leavers * (ln(leavers / exposure) - 1) - sumLn : -Infinity
}

/** The likelihood of a scale and shape, with r where it is highest: leavers over exposure. */
function profile({ count, left, lnFrom, lnTo, leavers, sumLn }: Tenures, lnScale: number, c: number) {
  let exposure = 0
  let late = c * (sumLn - leavers * lnScale)
  for (let i = 0; i < count.length; i += 1) {
    const z = c * (lnTo[i]! - lnScale)
    const grown = z > 0 ? z + log1p(exp(-z)) : log1p(exp(z))
    const from = lnFrom[i]!
    exposure += count[i]! * (from > -Infinity ? grown - softplus(c * (from - lnScale)) : grown)
    late -= left[i]! * grown
  }
  return { lnScale, exposure, value: leavers * (ln(leavers / exposure) + ln(c) - 1) - sumLn + late }
}

/** ln(1 + e^z). */
const softplus = (z: number): number => (z > 0 ? z + log1p(exp(-z)) : log1p(exp(z)))

/** The highest likelihood over scales and shapes, as far as a grid and a search from its peaks find it. */
function highestInside(tenures: Tenures, shape: 'one' | 'any', alike: number): number {
  const some = binned(tenures)
  const shapes = shape === 'one' ? [1] : factors.map((by) => by * alike).filter((c) => c < 60)
  const scalesOf = (c: number) => [
    ...[6, 4, 2.5, 1].map((z) => z / c),
    ...[0, -0.35, -0.7, -1.2, -2, -3, -5, -8, -12],
  ]
  const grid = shapes.map((c) =>
    scalesOf(c).map((lnScale) => ({ lnScale, c, value: profile(some, lnScale, c).value })),
  )
  let highest = -Infinity
  for (const [i, row] of grid.entries()) {
    for (const [j, { lnScale, c, value }] of row.entries()) {
      const around = [row[j - 1], row[j + 1], grid[i - 1]?.[j], grid[i + 1]?.[j]]
      if (!around.every((other) => other === undefined || other.value <= value)) continue
      const found = minimize(
        { value: (at) => (isOutside(at) ? Infinity : -profile(some, at[0]!, exp(at[1] ?? 0)).value) },
        shape === 'one' ? [lnScale] : [lnScale, ln(c)],
        { maxIterations: 150 },
      )
      const at = (found.kind === 'optimum' ? found.at : found.best?.at) ?? [lnScale, ln(c)]
      if (isOutside(at)) continue
      const there = profile(tenures, at[0]!, exp(at[1] ?? 0)).value
      if (there > highest) highest = there
    }
  }
  return highest
}

/** Where only rounding tells a place from a limit: a scale that no tenure is near, a shape that makes a cliff. */
const isOutside = ([lnScale, lnC = 0]: readonly number[]) => Math.abs(lnScale!) > 100 || lnC > 6

/** Shapes by that of the plain Weibull: where people differ, one's own rate falls less than that of all. */
const factors = [0.7, 1, 1.4, 2, 3, 4.5, 7, 11, 18, 30, 50]

/** Rows enough to see a smooth curve. */
const BINS = 300

/** The same with alike tenures taken together: those who left and those who stayed apart. */
function binned(tenures: Tenures): Tenures {
  const { count, left, lnTo, entries } = tenures
  const rows = count.length
  // Sorted by when they came under observation first, so neighbours are alike only where all did at once.
  if (entries || rows <= 3 * BINS) return tenures
  const kept: { count: number; left: number; time: number }[] = []
  for (const leavers of [true, false]) {
    const mine = [...left.keys()].filter((i) => left[i]! > 0 === leavers)
    const size = Math.ceil(mine.length / BINS)
    for (let start = 0; start < mine.length; start += size) {
      const bin = { count: 0, left: 0, time: 0 }
      for (const i of mine.slice(start, start + size)) {
        bin.count += count[i]!
        bin.left += left[i]!
        bin.time += count[i]! * exp(lnTo[i]!)
      }
      kept.push(bin)
    }
  }
  return {
    ...tenures,
    count: Float64Array.from(kept, (bin) => bin.count),
    left: Float64Array.from(kept, (bin) => bin.left),
    lnFrom: new Float64Array(kept.length).fill(-Infinity),
    lnTo: Float64Array.from(kept, (bin) => ln(bin.time / bin.count)),
  }
}
