import { exp, ln } from '../../kernel/elementary.js'
import { checkList, checkName, checkRecord, fault } from '../../kernel/errors.js'
import type { Sentence } from '../../kernel/index.js'
import { minimize, type NoMinimum } from '../../measures/index.js'

/**
 * A formula for the course of a rate over time, t from 1: `power-law` a t^-b, `exponential` a e^(-b t), `asymptote`
 * a + b / (c + t).
 */
export type CurveShape = 'power-law' | 'exponential' | 'asymptote'

/** A rate at one period, as of any retention: survival, or who was active on it. */
export interface RatePoint {
  /** Above 0; need not be whole. */
  readonly period: number
  /** From 0 to 1. */
  readonly rate: number
}

/** A formula that runs near the rates given, and nothing beyond them. */
export type CurveDescription =
  | {
      readonly kind: 'description'
      readonly shape: CurveShape
      /** a, b and, of an asymptote, c. */
      readonly parameters: { readonly a: number; readonly b: number; readonly c?: number }
      readonly points: readonly (RatePoint & { readonly described: number })[]
      /** How far off on average, as the root of the mean square. */
      readonly rootMeanSquare: number
      /** Why it must not be carried on. */
      readonly warning: Sentence
    }
  | {
      readonly kind: 'undefined'
      readonly reason: 'too-few-points' | 'no-variation' | 'not-determined'
      readonly next: Sentence
      readonly search?: NoMinimum
    }

/**
 * Describes a rate curve by a formula of time, by least squares, every point the same weight. For a caption or to compare
 * shapes within what was seen: there is no interval and no way to go further, on purpose.
 *
 * A formula of time knows nothing of who leaves: carried on it may rise, go below 0 or end in a level that nobody has seen.
 * To project, count survivors and take `projectRetention`.
 *
 * @throws DefinitionError `unknown-name` for another shape; `out-of-range` for a period not above 0 or not after the one
 * before, or a rate outside [0, 1].
 * @see Fader & Hardie, "How Not to Project Customer Retention" (brucehardie.com/notes/016).
 * @example
 * const rates = [0.5, 0.3536, 0.2887, 0.25].map((rate, i) => ({ period: i + 1, rate }))
 * const described = describeRetentionCurve({ shape: 'power-law', points: rates })
 * if (described.kind === 'description') described.parameters // => { a: 0.50001, b: 0.49995 }
 */
export function describeRetentionCurve(given: {
  readonly shape: CurveShape
  readonly points: readonly RatePoint[]
}): CurveDescription {
  checkRecord(given, '$')
  const { shape, points } = given
  checkName(Object.keys(families), shape, '$.shape')
  checkPoints(points)
  const family = families[shape]
  if (points.length < family.parameters + 1) return { kind: 'undefined', ...none['too-few-points'] }
  const mean = points.reduce((sum, { rate }) => sum + rate, 0) / points.length
  const spread = points.reduce((sum, { rate }) => sum + (rate - mean) * (rate - mean), 0)
  // Rates that are all the same fix a level but no course.
  if (!(spread > 1e-12)) return { kind: 'undefined', ...none['no-variation'] }
  const far = points[points.length - 1]!.period
  const curveFor = (search: number) => closest(family, family.bend(search, far), points)
  const misses = ([search]: readonly number[]) => {
    const curve = curveFor(search!)
    return curve === undefined ? Number.NaN : (100 * squares(curve, points)) / spread
  }
  const start = family.starts.reduce((best, one) => (misses([one]) < misses([best]) ? one : best))
  const found = minimize({ value: misses }, [start], { atLeast: 0 })
  const curve = found.kind === 'optimum' ? curveFor(found.at[0]!) : undefined
  if (curve === undefined) {
    const search = found.kind === 'optimum' ? undefined : found.reason
    return { kind: 'undefined', ...none['not-determined'], ...(search && { search }) }
  }
  return {
    kind: 'description',
    shape,
    parameters: curve.parameters,
    points: points.map(({ period, rate }) => ({ period, rate, described: curve.at(period) })),
    rootMeanSquare: Math.sqrt(squares(curve, points) / points.length),
    warning,
  }
}

interface Curve {
  readonly parameters: { readonly a: number; readonly b: number; readonly c?: number }
  readonly at: (period: number) => number
}

/** A formula in which one parameter bends the curve and the others are found by straight regression. */
interface Family {
  readonly parameters: number
  /** Whether a level is added to what the curve falls to. */
  readonly level: boolean
  /** Where to look, on a line without ends. */
  readonly starts: readonly number[]
  /** The bending parameter at a place of that line. */
  readonly bend: (search: number, far: number) => number
  readonly basis: (period: number, bend: number) => number
}

const families: { readonly [S in CurveShape]: Family } = {
  'power-law': {
    parameters: 2,
    level: false,
    starts: [0.5, 0.1, 1, 2],
    bend: (search) => search,
    basis: (period, bend) => exp(-bend * ln(period)),
  },
  exponential: {
    parameters: 2,
    level: false,
    starts: [1, 0.1, 3, 10],
    bend: (search, far) => search / far,
    basis: (period, bend) => exp(-bend * period),
  },
  asymptote: {
    parameters: 3,
    level: true,
    starts: [-1, -3, 1, 3],
    bend: (search, far) => far * exp(search),
    basis: (period, bend) => 1 / (bend + period),
  },
}

/** The curve of this bend that is closest to the rates; none where the bend leaves nothing to tell apart. */
function closest(family: Family, bend: number, points: readonly RatePoint[]): Curve | undefined {
  const n = points.length
  const basis = points.map(({ period }) => family.basis(period, bend))
  const [x, y] = family.level
    ? [basis.reduce((sum, one) => sum + one, 0) / n, points.reduce((sum, { rate }) => sum + rate, 0) / n]
    : [0, 0]
  let together = 0
  let own = 0
  for (const [i, one] of basis.entries()) {
    together += (one - x) * (points[i]!.rate - y)
    own += (one - x) * (one - x)
  }
  const slope = together / own
  const level = y - slope * x
  if (!(Number.isFinite(slope) && Number.isFinite(level))) return undefined
  return {
    parameters: family.level ? { a: level, b: slope, c: bend } : { a: slope, b: bend },
    at: (period) => level + slope * family.basis(period, bend),
  }
}

function squares({ at }: Curve, points: readonly RatePoint[]): number {
  return points.reduce((sum, { period, rate }) => sum + (at(period) - rate) * (at(period) - rate), 0)
}

function checkPoints(points: readonly RatePoint[]): void {
  checkList(points, '$.points')
  let before = 0
  for (const [i, point] of points.entries()) {
    checkRecord(point, `$.points[${i}]`)
    const { period, rate } = point
    if (!(Number.isFinite(period) && period > before && period <= 1e6))
      throw fault('out-of-range', `$.points[${i}].period`, period, 'above 0 and the one before, to 10^6')
    if (!(Number.isFinite(rate) && rate >= 0 && rate <= 1))
      throw fault('out-of-range', `$.points[${i}].rate`, rate, 'from 0 to 1')
    before = period
  }
}

const warning: Sentence = {
  en: 'This describes what was seen and says nothing of later: do not carry it on. To project, count survivors and use a projection with interval and back-test.',
  zh: '该曲线仅描述已观测数据，不能用于外推。如需预测，请按在留人数使用带区间与回测的外推。',
}

const none = {
  'too-few-points': {
    reason: 'too-few-points',
    next: {
      en: 'There are no more points than parameters: wait, or take a shape with fewer.',
      zh: '数据点不多于参数个数：请等待，或选参数更少的形状。',
    },
  },
  'no-variation': {
    reason: 'no-variation',
    next: { en: 'All rates are the same: say the level.', zh: '各期比率相同：直接说明该水平即可。' },
  },
  'not-determined': {
    reason: 'not-determined',
    next: {
      en: 'The rates do not determine this shape: take another.',
      zh: '数据无法确定该形状：请换一种。',
    },
  },
} as const
