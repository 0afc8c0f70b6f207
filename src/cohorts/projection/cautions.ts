import { log1p } from '../../kernel/elementary.js'
import type { Sentence } from '../../kernel/index.js'
import { churnTable } from '../../measures/churn-counts.js'
import { type ChurnCohort, gammaQ } from '../../measures/index.js'
import type { RetentionBackTest } from './back-test.js'
import type { Fitted } from './intervals.js'
import { guessOn } from './model-choice.js'

/** Why a projection should be read with care. */
export type ProjectionCaution =
  | 'beyond-back-test'
  | 'worse-than-no-change'
  | 'worse-than-last-rate'
  | 'predictions-missed'
  | 'curve-does-not-fit'
  | 'cohorts-differ'

/** What each caution means. */
export const cautionSentences: { readonly [C in ProjectionCaution]: Sentence } = {
  'beyond-back-test': {
    en: 'It reaches further ahead than any test of it did.',
    zh: '外推的期数超过了回测检验过的期数。',
  },
  'worse-than-no-change': {
    en: 'On held-out periods it was no better than to say that nobody leaves any more.',
    zh: '在留出周期上，它并不优于"不再有人流失"的假设。',
  },
  'worse-than-last-rate': {
    en: 'On held-out periods it was no better than to go on with the last rate seen.',
    zh: '在留出周期上，它并不优于"沿用最近一期留存率"的假设。',
  },
  'predictions-missed': {
    en: 'Held-out counts of cohorts lay outside what was predicted more often than the level allows by a tenth.',
    zh: '留出期各同期群人数落在预测区间之外的比例，比置信水平允许的高出一成以上。',
  },
  'curve-does-not-fit': {
    en: 'The counts seen so far are further from the curve than chance explains (p below 0.01).',
    zh: '已观测人数与曲线的偏离超出随机波动（p 小于 0.01）。',
  },
  'cohorts-differ': {
    en: 'Cohorts differ more than chance explains (p below 0.001): one curve does not stand for all of them; project them apart.',
    zh: '各同期群之间的差异超出随机波动（p 小于 0.001）：一条曲线不能代表全部，请分别外推。',
  },
}

/** What has to be said of a projection, in the order of `ProjectionCaution`. */
export function cautionsOf(given: {
  readonly fit: Fitted
  readonly backTest: RetentionBackTest
  readonly cohorts: readonly ChurnCohort[]
  readonly horizon: number
  readonly tested: number
}): readonly ProjectionCaution[] {
  const { fit, backTest, cohorts, horizon, tested } = given
  const test = backTest.models.find(({ model }) => model === fit.model)!
  const error = test.error!.meanAbsolute
  const { p } = fit.goodness
  const coverage = test.cohortCoverage
  const all: readonly (readonly [ProjectionCaution, boolean])[] = [
    ['beyond-back-test', horizon > tested],
    ['worse-than-no-change', !(error < guessOn(backTest, 'no-change', test.rows))],
    ['worse-than-last-rate', !(error < guessOn(backTest, 'last-rate', test.rows))],
    ['predictions-missed', coverage !== undefined && coverage.share < backTest.level - 0.1],
    ['curve-does-not-fit', p.kind === 'estimate' && p.value < 0.01],
    ['cohorts-differ', differ(cohorts)],
  ]
  return all.filter(([, holds]) => holds).map(([code]) => code)
}

/** Whether a rate of its own for every cohort and period explains more than chance would. */
function differ(cohorts: readonly ChurnCohort[]): boolean {
  const own = (left: number, stayed: number) =>
    (left > 0 ? -left * log1p(stayed / left) : 0) + (stayed > 0 ? -stayed * log1p(left / stayed) : 0)
  const { periods } = churnTable(cohorts)
  let gain = -periods.reduce((sum, { left, stayed }) => sum + own(left, stayed), 0)
  let cells = 0
  for (const { survivors } of cohorts) {
    for (let t = 1; t < survivors.length && survivors[t - 1]! > 0; t += 1) {
      const { left, stayed } = periods[t - 1]!
      // Where everybody does the same there is nothing to differ in.
      if (left > 0 && stayed > 0) cells += 1
      gain += own(survivors[t - 1]! - survivors[t]!, survivors[t]!)
    }
  }
  const freedom = cells - periods.filter(({ left, stayed }) => left > 0 && stayed > 0).length
  return freedom > 0 && gammaQ(freedom / 2, Math.max(0, gain)) < 0.001
}
