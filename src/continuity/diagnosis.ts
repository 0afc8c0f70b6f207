/*
 * What a fit has to say beside its numbers: what the data say nothing about, what runs to a limit, what a reader has to know; each
 * with what to do next.
 */
import type { Sentence } from '../kernel/index.js'

/** What the history says nothing about, whatever its size. */
export interface NotIdentified {
  readonly kind: 'not-identified'
  readonly reason: 'no-pause' | 'no-resumption'
  readonly next: Sentence
}

/** Something about the data that a reader of the numbers has to know. */
export interface DecayDiagnosis {
  readonly code: keyof typeof diagnoses
  /** The number that it is said for, such as a dispersion or how many there were. */
  readonly value: number
  /** What it means and what to do. */
  readonly next: Sentence
}

/** What the likelihood runs away to, where it is one parameter that does. */
export type NoDecay =
  | 'no-fall'
  | 'fall-complete'
  | 'no-recovery'
  | 'recovery-at-once'
  | 'no-floor'
  | 'floor-not-told'
  | 'no-overdispersion'

/** Why there is nothing to fit. */
export type NoDecayData = 'no-sends' | 'too-few-sends' | 'never-opened' | 'always-opened'

export const diagnoses = {
  'no-pause': {
    en: 'No send follows a pause, so nothing is said about decay: give a history with a pause longer than pauseAfter.',
    zh: '历史中没有任何一次停更之后的发送，无法得知衰减速度：请提供包含停更（长于 pauseAfter）的历史。',
  },
  'one-pause': {
    en: 'Decay rests on a single pause: another cause at the same time would look the same, and whether attention falls along a curve or a line does not show. Add pauses of other lengths, or other channels.',
    zh: '衰减仅由一次停更估计：同期的其他原因无法区分，也看不出下降的形状。请补充不同长度的停更或其他渠道。',
  },
  'no-resumption': {
    en: 'No second send follows a pause, so nothing is said about recovery: go on publishing and fit again.',
    zh: '停更后没有第二次发送，无法得知恢复速度：请恢复发布后再拟合。',
  },
  'few-sends': {
    en: 'Hardly more sends than parameters: fit and intervals cannot be checked. Add sends.',
    zh: '发送次数几乎不多于参数个数，无法检验拟合与区间：请补充数据。',
  },
  overdispersed: {
    en: 'Sends scatter by more than chance, so the intervals are too narrow: fit with noise "beta-binomial", and look for what else moves the rate.',
    zh: '各次发送的波动超出随机误差，区间偏窄：请改用 noise: "beta-binomial"，并查找影响打开率的其他因素。',
  },
  'decay-open': {
    en: 'The data bound the decay on one side only: more sends after pauses of other lengths would close the interval.',
    zh: '数据只能从一侧限定衰减速度：补充不同长度停更后的发送可使区间闭合。',
  },
  'recovery-open': {
    en: 'The data bound the recovery on one side only: more sends soon after a resumption would close the interval.',
    zh: '数据只能从一侧限定恢复速度：补充恢复发布初期的发送可使区间闭合。',
  },
} as const satisfies Record<string, Sentence>

export const limits: Readonly<Record<NoDecay, Sentence>> = {
  'no-fall': {
    en: 'The rate did not fall in the pauses: their cost cannot be told from none. A longer pauseAfter may be right, or more data.',
    zh: '停更期间打开率没有下降，无法与“零代价”区分：可能应加大 pauseAfter，或补充数据。',
  },
  'fall-complete': {
    en: 'After the pauses nothing is left or all of the fall had happened: only a shorter pause can say how fast. Fit a floor, or add pauses that are shorter.',
    zh: '停更后已跌到底，只有更短的停更才能说明速度：请拟合下限（floor）或补充较短的停更。',
  },
  'no-recovery': {
    en: 'The rate did not rise after resuming: recovery cannot be told from none. Go on publishing and fit again.',
    zh: '恢复发布后打开率没有回升，无法与“不恢复”区分：请继续发布后再拟合。',
  },
  'recovery-at-once': {
    en: 'The rate was back by the second send: only sends closer together can say how fast.',
    zh: '第二次发送时打开率已完全恢复，只有更密的发送才能说明速度。',
  },
  'no-floor': {
    en: 'The data show no floor: fit with floor "none".',
    zh: '数据未显示下限：请使用 floor: "none"。',
  },
  'floor-not-told': {
    en: 'A low floor that is reached fast and a high one reached slowly explain the pauses alike: fit with floor "none", or add pauses of other lengths or messages sent during one.',
    zh: '“较低的下限快速到达”与“较高的下限缓慢到达”同样能解释停更：请使用 floor: "none"，或补充不同长度的停更、停更期间的发送。',
  },
  'no-overdispersion': {
    en: 'Sends scatter by no more than chance: fit with noise "binomial".',
    zh: '各次发送的波动不超出随机误差：请使用 noise: "binomial"。',
  },
}

export const absences: Readonly<Record<NoDecayData, Sentence>> = {
  'no-sends': {
    en: 'No send reached anybody: give sends with delivered above 0.',
    zh: '没有任何送达：请提供 delivered 大于 0 的发送。',
  },
  'too-few-sends': {
    en: 'Fewer instants with sends than parameters: add sends, or fit fewer (start "ceiling", floor "none", noise "binomial").',
    zh: '发送时刻少于参数个数：请补充数据，或减少参数（start: "ceiling"、floor: "none"、noise: "binomial"）。',
  },
  'never-opened': {
    en: 'Nothing was ever opened: a rate of 0 has no odds to fall. Check the tracking of opens.',
    zh: '从未有人打开：打开率为 0 时无从衰减。请检查打开事件的埋点。',
  },
  'always-opened': {
    en: 'Everything was opened: a rate of 1 has no odds to fall. Check the tracking of opens.',
    zh: '全部被打开：打开率为 1 时无从衰减。请检查打开事件的埋点。',
  },
}

export const notIdentified = (reason: NotIdentified['reason']): NotIdentified => ({
  kind: 'not-identified',
  reason,
  next: diagnoses[reason],
})
