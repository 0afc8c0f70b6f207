import type { Instant, Sentence } from '../kernel/index.js'
import type { Matrix, NoMinimum } from '../measures/index.js'
import type { AttentionModel, AttentionParameter } from './attention.js'
import type { DecayDiagnosis, NoDecay, NoDecayData, NotIdentified } from './diagnosis.js'
import type { DecayGoodness } from './goodness.js'
import type { ProfileInterval } from './profile.js'

/** A parameter in its own unit. */
export type FittedRate =
  | {
      readonly kind: 'estimate'
      readonly value: number
      /** Of the parameter as it was fitted: of a logarithm for rates per day, of a logit for shares. */
      readonly standardError: number
      readonly interval: { readonly low: number; readonly high: number; readonly level: number }
      readonly method: 'delta'
      /** Where the likelihood falls by what the level asks for: the better interval where the curvature lies. */
      readonly profile?: ProfileInterval
    }
  | NotIdentified

/** How attention falls and comes back, with how sure that is; or why that cannot be said. Plain data. */
export type DecayFit = FittedDecay | NoDecayFit

export interface FittedDecay {
  readonly kind: 'fit'
  readonly model: AttentionModel
  /** In the order of the covariance. */
  readonly parameters: readonly {
    readonly name: AttentionParameter
    readonly estimate: number
    readonly standardError: number
  }[]
  readonly covariance: Matrix
  readonly level: number
  /** The open rate to which being published leads. */
  readonly ceiling: FittedRate
  /** Per day of pause: of the odds on `logit`, of the rate on `log` and `share`; towards the floor where there is one. */
  readonly decay: FittedRate
  /** Per day of being published: the share of the way to the ceiling, on the scale. */
  readonly recovery: FittedRate
  /** The rate when the history begins; without a parameter of its own it is the ceiling. */
  readonly start?: FittedRate
  /** The rate to which a long pause leads, as a share of the ceiling. */
  readonly floor?: FittedRate
  /** Correlation of two readers' opening of one send; 0 is the binomial. */
  readonly dispersion?: FittedRate
  /** Without coefficients that count orderings; of one history comparable between models. */
  readonly logLikelihood: number
  /** Akaike's: twice the parameters less twice the log-likelihood; lower is better. */
  readonly aic: number
  readonly goodness: DecayGoodness
  readonly observed: {
    readonly sends: number
    readonly delivered: number
    readonly opened: number
    readonly pauses: number
    readonly daysPaused: number
  }
  /** What a forecast goes on from. */
  readonly history: {
    readonly begin: Instant
    readonly last: Instant
    readonly publications: readonly Instant[]
  }
  readonly diagnostics: readonly DecayDiagnosis[]
}

export type NoDecayFit =
  | {
      /** A search ended somewhere that is no optimum: its numbers are no estimates. */
      readonly kind: 'not-an-optimum'
      readonly reason: NoDecay | NoMinimum
      readonly next: Sentence
      /** Where it ended, as the parameters were fitted. */
      readonly best:
        | {
            readonly parameters: readonly { readonly name: AttentionParameter; readonly at: number }[]
            readonly logLikelihood: number
          }
        | undefined
    }
  | {
      readonly kind: 'undefined'
      readonly reason: NoDecayData
      readonly next: Sentence
    }
