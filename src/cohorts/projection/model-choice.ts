import type { Sentence } from '../../kernel/index.js'
import { churnModels } from '../../measures/churn-model.js'
import { type ChurnFit, type ChurnModel, fitChurnModel, type NoChurnFit } from '../../measures/index.js'
import {
  type BackTestError,
  type BackTestOptions,
  type BackTestRow,
  type Baseline,
  backTestRetention,
  errorOf,
  type RetentionBackTest,
} from './back-test.js'

/** One model with what speaks for and against it. */
export interface RetentionCandidate {
  readonly model: ChurnModel
  /** To all the data. */
  readonly fit: ChurnFit
  /** On the origins at which every candidate has an answer; without any there, or without a fit, none. */
  readonly error: BackTestError | undefined
}

/**
 * Why one model was taken.
 *
 * - `back-test`: the others missed by more, and by more than chance alone would.
 * - `aic`: the back-test does not tell it from others; among those it has the smallest AIC.
 * - `only-one`: no other could be fitted and tested.
 */
export type ChoiceReason = 'back-test' | 'aic' | 'only-one'

/** The reasons in words. */
export const choiceSentences: { readonly [R in ChoiceReason]: Sentence } = {
  'back-test': {
    en: 'It projected the held-out periods better than the others, by more than chance alone would.',
    zh: '它对留出周期的预测优于其他模型，且差距超出随机波动。',
  },
  aic: {
    en: 'The held-out periods do not tell it from other models; among those it has the smallest AIC.',
    zh: '留出周期无法区分它与其他模型；其中它的 AIC 最小。',
  },
  'only-one': {
    en: 'No other model could be both fitted and tested on these cohorts.',
    zh: '其他模型无法同时在这些同期群上完成拟合与回测。',
  },
}

/** A model with the grounds for it, or why there is none. */
export type RetentionChoice =
  | {
      readonly kind: 'choice'
      readonly model: ChurnModel
      readonly because: ChoiceReason
      readonly says: Sentence
      /** Which model each measure alone would have taken. */
      readonly smallest: {
        readonly error: ChurnModel
        readonly aic: ChurnModel
        readonly bic: ChurnModel
      }
      /** Origins on which errors were compared. */
      readonly compared: readonly number[]
      readonly candidates: readonly RetentionCandidate[]
      readonly backTest: RetentionBackTest
    }
  | NoChoice

/**
 * Why there is nothing to choose: nothing to hold out, no model that fits, none that answered at any origin, or none that
 * did as well as a guess.
 */
export interface NoChoice {
  readonly kind: 'undefined'
  readonly reason: 'nothing-to-hold-out' | 'no-fit' | 'never-tested' | 'worse-than-guessing'
  readonly next: Sentence
  /** Why models have no fit, where that is why there is nothing to choose. */
  readonly fits?: readonly { readonly model: ChurnModel; readonly reason: NoChurnFit }[]
  /** Of `worse-than-guessing`: what was tried. */
  readonly backTest?: RetentionBackTest
}

/**
 * Which model to project with: the one that would have projected best so far, as far as that can be told.
 *
 * Errors are compared on the origins at which all models that fit the whole data have an answer. A model that misses by no
 * more than the best one and what chance alone gives shares of so many people counts as just as good; among these AIC
 * decides. What does worse than a guess, by more than chance, is not chosen.
 *
 * @throws DefinitionError as `backTestRetention`.
 * @example
 * const choice = chooseRetentionModel({ cohorts: [{ cohort: 'regular', survivors: [1000, 631, 468, 382, 326, 289, 262, 241] }] })
 * if (choice.kind === 'choice') [choice.model, choice.because] // => ['shifted-beta-geometric', 'aic']
 */
export function chooseRetentionModel(options: BackTestOptions): RetentionChoice {
  const backTest = backTestRetention(options)
  const { cohorts, models = churnModels, level = 0.95 } = options
  if (backTest.kind === 'undefined') return noChoice('nothing-to-hold-out')
  const fits = models.map((model) => fitChurnModel({ model, cohorts, level }))
  const found = fits.filter((fit) => fit.kind === 'estimate')
  const reasons = fits.flatMap((fit) =>
    fit.kind === 'undefined' ? [{ model: fit.model, reason: fit.reason }] : [],
  )
  if (found.length === 0) return { ...noChoice('no-fit'), fits: reasons }
  const answers = found
    .map((fit) => ({ fit, rows: backTest.models.find(({ model }) => model === fit.model)!.rows }))
    .filter(({ rows }) => rows.length > 0)
  if (answers.length === 0) return noChoice('never-tested')
  const compared = backTest.origins.filter((origin) =>
    answers.every(({ rows }) => rows.some((row) => row.origin === origin)),
  )
  // Two models that never answer together are each taken by all that they answered.
  const scored = answers.map(({ fit, rows: all }) => {
    const rows = compared.length === 0 ? all : all.filter(({ origin }) => compared.includes(origin))
    return { fit, rows, error: errorOf(rows)! }
  })
  const byError = smallest(scored, ({ error }) => error.meanAbsolute)
  const alike = scored.filter(
    ({ error }) => error.meanAbsolute <= byError.error.meanAbsolute + byError.error.chance,
  )
  const taken = smallest(alike, ({ fit }) => fit.aic)
  const guessed = backTest.baselines.map(({ model }) => guessOn(backTest, model, taken.rows))
  if (taken.error.meanAbsolute > Math.min(...guessed) + taken.error.chance)
    return { ...noChoice('worse-than-guessing'), fits: reasons, backTest }
  const because: ChoiceReason = scored.length === 1 ? 'only-one' : alike.length === 1 ? 'back-test' : 'aic'
  return {
    kind: 'choice',
    model: taken.fit.model,
    because,
    says: choiceSentences[because],
    smallest: {
      error: byError.fit.model,
      aic: smallest(scored, ({ fit }) => fit.aic).fit.model,
      bic: smallest(scored, ({ fit }) => fit.bic).fit.model,
    },
    compared,
    candidates: fits.map((fit) => ({
      model: fit.model,
      fit,
      error: scored.find((one) => one.fit.model === fit.model)?.error,
    })),
    backTest,
  }
}

/** How far off a baseline was on the periods that these rows are of. */
export function guessOn(
  { baselines }: RetentionBackTest,
  baseline: Baseline,
  rows: readonly BackTestRow[],
): number {
  const origins = new Set(rows.map(({ origin }) => origin))
  const same = baselines.find(({ model }) => model === baseline)!.rows
  return errorOf(same.filter(({ origin }) => origins.has(origin)))?.meanAbsolute ?? Number.POSITIVE_INFINITY
}

const nextSteps: { readonly [R in NoChoice['reason']]: Sentence } = {
  'nothing-to-hold-out': {
    en: 'There are fewer than three periods, so nothing can be held out to test a projection: wait, or measure shorter periods.',
    zh: '不足三个周期，无法留出数据检验外推：请等待，或改用更短的周期。',
  },
  'no-fit': {
    en: 'No model has parameters for these counts: see why for each.',
    zh: '没有模型能在这些数据上得到参数：请查看各自的原因。',
  },
  'never-tested': {
    en: 'What fits all periods had no answer for any part of them, so it could not be tested: wait for more periods.',
    zh: '能拟合全部周期的模型在任何一段历史上都无法拟合，无法回测：请等待更多周期。',
  },
  'worse-than-guessing': {
    en: 'On held-out periods the best model did worse than to say that nobody leaves any more, or that the last rate goes on: none describes how these people leave. Look at the rates by period first; a model named in the options is projected all the same, with its cautions.',
    zh: '在留出周期上，最好的模型也不如"不再有人流失"或"沿用最近一期留存率"的假设：没有模型能描述这些用户的流失。请先查看逐期留存率；若在选项中指明模型，仍会给出外推并附警示。',
  },
}

export function noChoice(reason: NoChoice['reason']): NoChoice {
  return { kind: 'undefined', reason, next: nextSteps[reason] }
}

function smallest<T>(list: readonly T[], size: (one: T) => number): T {
  return list.reduce((least, one) => (size(one) < size(least) ? one : least))
}
