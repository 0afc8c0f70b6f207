import { exp, expm1 } from '../../../kernel/elementary.js'
import { checkNumber, fault } from '../../../kernel/errors.js'
import { exponentialDraw, lnGammaDraw } from '../../../measures/gamma-draw.js'
import { MOST_UNITS } from '../../unit.js'
import { checkDrawn } from '../checked.js'
import { type ParetoValues, tiltOf } from './sarmanov.js'

/** What chance is drawn from. */
interface Chance {
  next(): number
}

/** One customer's repeat purchases up to an age: own rates, then an own lifetime, then purchases at random until either ends. */
export function drawPurchases(values: ParetoValues, age: number, random: Chance): readonly number[] {
  checkNumber(age, '$.age')
  if (!(age >= 0 && age <= MOST_UNITS)) throw fault('out-of-range', '$.age', age, 'from 0 to 1e15')
  if (typeof random?.next !== 'function')
    throw fault('wrong-type', '$.random', random, 'a generator: random(seed)')
  const rate = gammaDraw(values.r, values.alpha, random)
  const leaving = leavingDraw(values, rate, random)
  const end = Math.min(age, exponentialDraw(random) / leaving)
  checkDrawn(rate * end, age)
  const times: number[] = []
  let at = exponentialDraw(random) / rate
  while (at <= end) {
    times.push(at)
    at += exponentialDraw(random) / rate
  }
  return times
}

const gammaDraw = (shape: number, scale: number, random: Chance): number =>
  exp(lnGammaDraw(shape, random)) / scale

/**
 * μ of somebody whose λ is known: its density is Gamma(s, beta) times 1 + c (e^-μ - b), which splits into parts that are
 * not negative whichever sign c has.
 */
function leavingDraw(values: ParetoValues, rate: number, random: Chance): number {
  const { s, beta, m } = values
  if (m === 0) return gammaDraw(s, beta, random)
  const tilt = tiltOf(values)
  // e^-λ less its mean, and the mean of 1 - e^-μ.
  const c = m * tilt.buyingAt(rate)
  const { value: b, rest } = tilt.leavingMean
  if (c >= 0) return gammaDraw(s, random.next() < c * b ? beta + 1 : beta, random)
  if (random.next() >= -c * rest) return gammaDraw(s, beta, random)
  // Of density Gamma(s, beta) (1 - e^-μ), from whichever of two neighbours is nearer.
  const byMean = rest * beta > rest * s
  for (;;) {
    const leaving = gammaDraw(byMean ? s + 1 : s, beta, random)
    const share = -expm1(-leaving)
    if (random.next() < (byMean ? share / leaving : share)) return leaving
  }
}
