import { exactSum, type Pair } from '../../../kernel/double-double.js'
import { exp, ln, log1p } from '../../../kernel/elementary.js'
import { logSumExp } from '../../../measures/log-space.js'
import type { CustomerHistory } from '../../histories/history.js'
import type { RateKnowledge } from '../model.js'

/** Which of the models with a beta-geometric way to leave. */
export interface BetaGeometricForm {
  /** Phases between two purchases, each as long as an exponential time: Erlang-k times. 1 is the Poisson process. */
  readonly k: number
  /** Whether a customer may leave right after the first purchase too (MBG), and so before any repeat. */
  readonly leavesAtOnce: boolean
}

/** r, alpha, a, b in the order of the model's parameters. */
export interface BetaGeometricValues {
  readonly r: number
  readonly alpha: number
  readonly a: number
  readonly b: number
}

/**
 * What is known of a customer at the end of observation. Given that they are still there, λ is a mixture of gammas of one
 * rate, one for each number of phases gone through since the last purchase, and p is Beta(a, b) apart from it.
 */
export interface Standing {
  readonly k: number
  readonly lnAlive: number
  readonly lnGone: number
  readonly phases: readonly PhaseStanding[]
  /** The shape of λ had no phase been gone through since the last purchase. */
  readonly shape: number
  /** The time since, and ln of what the chances of phases in it are over: of that of none. */
  readonly silence: number
  readonly lnWhole: number
  /** The rate of all gammas, alpha + T, to twice the digits. */
  readonly rate: Pair
  /** Of p, given that the customer is still there. */
  readonly a: number
  readonly b: number
  readonly rates: { readonly λ: RateKnowledge; readonly p: RateKnowledge }
}

/** How likely so many phases are. */
export interface PhaseStanding {
  /** Phases gone through since the last purchase; the next purchase is k - done phases away. */
  readonly done: number
  readonly weight: number
  readonly lnWeight: number
  readonly shape: number
}

/** By Bayes's rule from x, t_x and T. */
export function standingOf(
  form: BetaGeometricForm,
  values: BetaGeometricValues,
  history: Pick<CustomerHistory, 'repeatCount' | 'lastPurchaseAge' | 'age'>,
): Standing {
  const { k, leavesAtOnce } = form
  const { r, alpha, a, b } = values
  const { repeatCount: x, lastPurchaseAge, age } = history
  const rate = exactSum(alpha, age)
  const shape = r + k * x
  const stays = leavesAtOnce ? x + 1 : x
  const silence = age - lastPurchaseAge

  // Chances of 0 … k - 1 phases in the silence, over that of none; all terms are positive.
  const step = silence / rate.high
  const terms = [1]
  for (let done = 1; done < k; done++) terms.push((terms[done - 1]! * step * (shape + (done - 1))) / done)
  const { phases, lnWhole } = phasesOf(terms, shape, () => {
    const logarithms = [0]
    for (let done = 1; done < k; done++)
      logarithms.push(logarithms[done - 1]! + ln((step * (shape + (done - 1))) / done))
    return logarithms
  })

  // ln of the odds to have left at the last purchase, over having stayed.
  const lnOdds =
    stays === 0
      ? -Infinity
      : ln(a / (b + (stays - 1))) + shape * log1p(silence / (alpha + lastPurchaseAge)) - lnWhole
  const lnAlive = lnOdds > 0 ? -(lnOdds + log1p(exp(-lnOdds))) : 0 - log1p(exp(lnOdds))
  const lnGone = lnOdds > 0 ? 0 - log1p(exp(-lnOdds)) : lnOdds - log1p(exp(lnOdds))
  const [alive, gone] = [exp(lnAlive), exp(lnGone)]
  const buying = phases.map(({ weight, shape: own }) => gammaPart(alive * weight, own, rate.high))
  const leaving = [betaPart(alive, a, b + stays)]
  if (stays > 0) {
    buying.push(gammaPart(gone, shape, alpha + lastPurchaseAge))
    leaving.push(betaPart(gone, a + 1, b + (stays - 1)))
  }
  return {
    k,
    lnAlive,
    lnGone,
    phases,
    shape,
    silence,
    lnWhole,
    rate,
    a,
    b: b + stays,
    rates: {
      λ: { ...mixed(buying), in: 'per-time' },
      p: { ...mixed(leaving), in: 'chance' },
    },
  }
}

/** Chances of terms over their sum; by their logarithms where the sum is no float. */
function phasesOf(
  terms: readonly number[],
  shape: number,
  logarithms: () => readonly number[],
): { readonly phases: readonly PhaseStanding[]; readonly lnWhole: number } {
  const whole = terms.reduce((sum, term) => sum + term, 0)
  if (whole < Infinity) {
    const lnWhole = ln(whole)
    return {
      lnWhole,
      phases: terms.map((term, done) => ({
        done,
        weight: term / whole,
        lnWeight: ln(term) - lnWhole,
        shape: shape + done,
      })),
    }
  }
  const lnTerms = logarithms()
  const lnWhole = logSumExp(lnTerms)
  return {
    lnWhole,
    phases: lnTerms.map((lnTerm, done) => ({
      done,
      weight: exp(lnTerm - lnWhole),
      lnWeight: lnTerm - lnWhole,
      shape: shape + done,
    })),
  }
}

/** One component of a mixture. */
interface Part {
  readonly weight: number
  readonly mean: number
  readonly variance: number
}

const gammaPart = (weight: number, shape: number, rate: number): Part => ({
  weight,
  mean: shape / rate,
  variance: shape / rate / rate,
})

const betaPart = (weight: number, a: number, b: number): Part => ({
  weight,
  mean: a / (a + b),
  variance: ((a / (a + b)) * (b / (a + b))) / (a + b + 1),
})

function mixed(parts: readonly Part[]): { readonly mean: number; readonly variance: number } {
  let [mean, variance] = [0, 0]
  for (const [i, part] of parts.entries()) {
    mean += part.weight * part.mean
    variance += part.weight * part.variance
    for (const other of parts.slice(0, i)) {
      const apart = part.mean - other.mean
      variance += part.weight * apart * (other.weight * apart)
    }
  }
  return { mean, variance }
}
