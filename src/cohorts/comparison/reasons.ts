import type { Sentence } from '../../kernel/index.js'

/**
 * - `maturity-differs`: part of a cohort is compared, of the other another part or all.
 * - `few-people`: fewer than five expected to be retained, or lost, on a side, so that p is rough; the interval still holds.
 * - `cohorts-mixed`: values are compared over many cohorts, in which they may have different shares.
 */
export type ComparisonCaution = 'maturity-differs' | 'few-people' | 'cohorts-mixed'

/**
 * - `rows-overlap`: entries are recurring, so that one person stands in both.
 * - `no-cell`: there is none at this offset. `not-over`, `not-observed`, `no-trials`: as in retention.
 */
export type ComparisonReason = 'rows-overlap' | 'no-cell' | 'not-observed' | 'not-over' | 'no-trials'

/** The cautions in words. */
export const comparisonCautions: Readonly<Record<ComparisonCaution, Sentence>> = {
  'maturity-differs': {
    en: 'not everybody is old enough: those who came first are compared',
    zh: '并非所有人都到期：比较的只是较早进入的部分',
  },
  'few-people': {
    en: 'fewer than five expected on one side: the p-value is rough',
    zh: '某一侧期望人数不足五人：p 值较粗略',
  },
  'cohorts-mixed': {
    en: 'over many cohorts together, of which each value may have other shares',
    zh: '合并了多个同期群，各取值在其中的占比可能不同',
  },
}

/** The reasons in words. */
export const comparisonReasons: Readonly<Record<ComparisonReason, Sentence>> = {
  'rows-overlap': {
    en: 'one person may stand in both cohorts, so that they are not independent',
    zh: '同一用户可能同时属于两个同期群，二者不独立',
  },
  'no-cell': { en: 'it has no cell at this offset', zh: '在该偏移处没有数据' },
  'not-observed': { en: 'events were not tracked for part of the window', zh: '该窗口内有一段未采集数据' },
  'not-over': { en: 'its window is not over yet', zh: '该窗口尚未结束' },
  'no-trials': { en: 'nobody is in it', zh: '其中没有用户' },
}
