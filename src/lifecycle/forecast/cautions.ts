import type { Sentence } from '../../kernel/index.js'

/** What a reader of a forecast has to know. */
export type ForecastCautionCode =
  | 'stages-have-memory'
  | 'rates-changed'
  | 'memory-not-tested'
  | 'rates-assumed'
  | 'few-expected'
  | 'stages-tell-nothing'
  | 'worse-than-no-change'
  | 'worse-than-same-flow'
  | 'worse-than-plain-stages'
  | 'misses-its-interval'

/** A caution with what it means and what to do. */
export interface ForecastCaution {
  readonly code: ForecastCautionCode
  readonly says: Sentence
}

/** Why there is no forecast, model or number. */
export type NoForecast =
  | 'no-moves'
  | 'never-seen'
  | 'too-few-periods'
  | 'never-absorbed'
  | 'does-not-converge'
  | 'beyond-floats'
  | 'several-classes'
  | 'target-is-zero'
  | 'nobody-there'

/** Something that does not exist, why not, and what to do. */
export interface ForecastUndefined {
  readonly kind: 'undefined'
  readonly reason: NoForecast
  /** Of which states it is said, where it is said of some. */
  readonly states?: readonly string[]
  readonly next: Sentence
}

/** What each caution means, and what to do. */
export const forecastCautionSentences: { readonly [C in ForecastCautionCode]: Sentence } = {
  'stages-have-memory': {
    en: 'Where subjects stood before changes where they go next: stages have memory, and the chain is not one of stages alone. Use states by recency, or trust the back-test only.',
    zh: '此前所处阶段会影响下一步去向：阶段有记忆，不是仅由当前阶段决定的链。请改用“阶段×最近活跃”状态，或仅以回测为准。',
  },
  'rates-changed': {
    en: 'Rates differ between periods by more than chance: fit the last periods only, and look for what changed.',
    zh: '各周期的转移率差异超出随机波动：请只用最近若干周期拟合，并查明变化原因。',
  },
  'memory-not-tested': {
    en: 'Whether stages have memory could not be tested: give triples, or back-test.',
    zh: '无法检验阶段是否有记忆：请提供三期路径（triples），或做回测。',
  },
  'rates-assumed': {
    en: 'The rates are assumed, not counted: intervals hold what chance does, not what is unknown of the rates.',
    zh: '转移率为假设值而非统计所得：区间只含随机波动，不含转移率本身的不确定性。',
  },
  'few-expected': {
    en: 'Many cells expect fewer than five moves, so the p-values of the tests are rough: join rare stages, or take longer periods.',
    zh: '许多格子的期望次数不足五，检验的 p 值较粗略：请合并罕见阶段，或使用更长的周期。',
  },
  'stages-tell-nothing': {
    en: 'Where subjects stand does not change where they go next: shares per stage would say as much as this chain.',
    zh: '当前阶段不影响下一步去向：直接使用各阶段占比即可，无需转移模型。',
  },
  'worse-than-no-change': {
    en: 'On held-out periods the forecast was no better than to say that nothing changes: do not plan with it.',
    zh: '在留出周期上，预测不优于“没有变化”：请勿据此做计划。',
  },
  'worse-than-same-flow': {
    en: 'On held-out periods the forecast was no better than to repeat the flows of the last period.',
    zh: '在留出周期上，预测不优于“沿用上一期净流量”。',
  },
  'worse-than-plain-stages': {
    en: 'On held-out periods the chain by recency was no better than the plain chain of stages: take the plain one.',
    zh: '在留出周期上，“阶段×最近活跃”链不优于普通阶段链：请使用普通阶段链。',
  },
  'misses-its-interval': {
    en: 'Held-out counts lay outside their intervals more often than the level allows by a tenth: the world moved, or the model is wrong.',
    zh: '留出期人数落在区间之外的比例，比置信水平允许的高出一成以上：环境已变，或模型不符。',
  },
}

/** Why something does not exist, and what to do. */
export const noForecastSentences: { readonly [R in NoForecast]: Sentence } = {
  'no-moves': {
    en: 'The panel has no moves: give periods in which somebody stood in a stage at the start.',
    zh: '面板中没有任何转移：请提供期初已有人处于某阶段的周期。',
  },
  'never-seen': {
    en: 'Nobody was ever seen leaving or staying in these states, so nothing is known of what follows: wait a period, name them final, or let the prior speak with unseen "prior".',
    zh: '从未观测到有人在这些状态开始一个周期，无法得知其去向：请再等一个周期，声明为终点（final），或用 unseen: "prior" 采用先验。',
  },
  'too-few-periods': {
    en: 'There are not enough periods to hold some out: give more, or hold out fewer.',
    zh: '周期不足，无法留出：请提供更多周期，或减少留出数。',
  },
  'never-absorbed': {
    en: 'From these states none of the named stages is ever reached: name others, or look for the missing way.',
    zh: '从这些状态永远到不了所指定的阶段：请另行指定，或检查缺失的路径。',
  },
  'does-not-converge': {
    en: 'Nothing is discounted and stages that nobody leaves for good go on paying: give a discount rate or a horizon.',
    zh: '没有折现，而无人真正离开的阶段仍在产生收益：请给出折现率或期限。',
  },
  'beyond-floats': {
    en: 'The number is too large to be written: a rate is next to nothing.',
    zh: '结果过大无法表示：某个转移率几乎为零。',
  },
  'several-classes': {
    en: 'In the long run it depends on where subjects start: there are several classes of stages that nobody leaves.',
    zh: '长期结果取决于起点：存在多个无人离开的阶段组。',
  },
  'target-is-zero': {
    en: 'The target is zero, and of zero there is no relative change.',
    zh: '目标值为零，不存在相对变化。',
  },
  'nobody-there': {
    en: 'Nobody stands in this stage now, so its states have no weights to be averaged with: read them one by one.',
    zh: '当前无人处于该阶段，各状态没有权重可平均：请逐个状态查看。',
  },
}

export const caution = (code: ForecastCautionCode): ForecastCaution => ({
  code,
  says: forecastCautionSentences[code],
})

export const absent = (reason: NoForecast, states?: readonly string[]): ForecastUndefined => ({
  kind: 'undefined',
  reason,
  ...(states !== undefined && { states }),
  next: noForecastSentences[reason],
})
