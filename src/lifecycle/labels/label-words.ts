import type { Sentence } from '../../kernel/index.js'

/** Whose words are explained. */
export type LabelProduct = 'posthog' | 'amplitude' | 'duolingo' | 'hubspot' | 'adobe-cja'

/** A product's word, what it means there, and what it is called here. */
export interface LabelWord {
  readonly product: LabelProduct
  readonly word: string
  /** In our terms. */
  readonly means: Sentence
  /** What gives it here; `null` where nothing in the events decides it, so that it is a stage of a lifecycle of one's own. */
  readonly here:
    | { readonly by: 'interval-labels'; readonly label: string }
    | { readonly by: 'daily-states'; readonly label: string }
    | null
}

const word = (
  product: LabelProduct,
  name: string,
  here: LabelWord['here'],
  en: string,
  zh: string,
): LabelWord => ({ product, word: name, means: { en, zh }, here })

const interval = (label: string): LabelWord['here'] => ({ by: 'interval-labels', label })
const daily = (label: string): LabelWord['here'] => ({ by: 'daily-states', label })

/**
 * The words of other products for where a customer stands, in our terms and in both languages. Data, for glossaries and tooltips: the
 * same word stands for different things, and different words for the same.
 *
 * @see PostHog, lifecycle insights; Amplitude, Interpret your Lifecycle chart; Duolingo, Meaningful metrics; HubSpot, Use lifecycle
 * stages; Adobe Customer Journey Analytics, Active growth analysis.
 * @example
 * labelWords.filter(({ word }) => word === 'dormant').map(({ product }) => product) // => ['posthog', 'amplitude', 'duolingo', 'adobe-cja']
 */
export const labelWords: readonly LabelWord[] = [
  word(
    'posthog',
    'new',
    interval('new'),
    'active in the interval in which the profile was created; by created_at, not by the first event',
    '在用户档案创建的那个区间内活跃；看 created_at，而非首个事件',
  ),
  word(
    'posthog',
    'returning',
    interval('returning'),
    'active in this interval and in the one before, and not new',
    '本区间与上一区间均活跃，且非新增',
  ),
  word(
    'posthog',
    'resurrecting',
    interval('resurrecting'),
    'active in this interval, not in the one before, and not new',
    '本区间活跃、上一区间不活跃，且非新增',
  ),
  word(
    'posthog',
    'dormant',
    interval('dormant'),
    'active in the interval before and not in this one; said once, drawn below zero',
    '上一区间活跃、本区间不活跃；只出现一次，以负数绘出',
  ),
  word(
    'amplitude',
    'new',
    interval('new'),
    'active in the interval of the first event of any kind, not of this event',
    '在首次出现任意事件的区间内活跃，而非首次触发该事件',
  ),
  word(
    'amplitude',
    'current',
    interval('returning'),
    'active in this interval and in the one before',
    '本区间与上一区间均活跃',
  ),
  word(
    'amplitude',
    'resurrected',
    interval('resurrecting'),
    'active in this interval and not in the one before',
    '本区间活跃、上一区间不活跃',
  ),
  word(
    'amplitude',
    'dormant',
    interval('dormant'),
    'active in the interval before and not in this one',
    '上一区间活跃、本区间不活跃',
  ),
  word('duolingo', 'new', daily('new'), 'active today for the first time ever', '当日为有史以来首次活跃'),
  word(
    'duolingo',
    'current',
    daily('current'),
    'active today and in the week before',
    '当日活跃，此前一周内也活跃',
  ),
  word(
    'duolingo',
    'reactivated',
    daily('reactivated'),
    'active today, not in the week before, but in the month before',
    '当日活跃，此前一周内不活跃，但一个月内活跃过',
  ),
  word(
    'duolingo',
    'resurrected',
    daily('resurrected'),
    'active today, not in the month before',
    '当日活跃，此前一个月内不活跃',
  ),
  word(
    'duolingo',
    'at-risk WAU',
    daily('at_risk_wau'),
    'not active today, but in the week before',
    '当日不活跃，此前一周内活跃过',
  ),
  word(
    'duolingo',
    'at-risk MAU',
    daily('at_risk_mau'),
    'not active today nor in the week before, but in the month before',
    '当日及此前一周内不活跃，但一个月内活跃过',
  ),
  word(
    'duolingo',
    'dormant',
    daily('dormant'),
    'not active today nor in the month before',
    '当日及此前一个月内均不活跃',
  ),
  word(
    'hubspot',
    'subscriber',
    null,
    'asked to receive news; a stage that is set, not computed from activity',
    '订阅了资讯；阶段由人或流程设定，不由活跃度计算',
  ),
  word('hubspot', 'lead', null, 'showed interest beyond a subscription', '在订阅之外表现出兴趣'),
  word(
    'hubspot',
    'marketing qualified lead',
    null,
    'marketing thinks the contact worth the attention of sales',
    '市场部门认为值得销售跟进',
  ),
  word(
    'hubspot',
    'sales qualified lead',
    null,
    'sales accepts the contact as a possible customer',
    '销售部门认定为潜在客户',
  ),
  word('hubspot', 'opportunity', null, 'a deal with the contact is open', '已有进行中的商机'),
  word(
    'hubspot',
    'customer',
    null,
    'a deal with the contact was won; silence never takes it away again',
    '已有成交的商机；之后即使长期沉默也不会变回',
  ),
  word('hubspot', 'evangelist', null, 'a customer who speaks for the company', '为公司代言的客户'),
  word('hubspot', 'other', null, 'fits none of the stages', '不属于上述任何阶段'),
  word(
    'adobe-cja',
    'new',
    interval('new'),
    'active in this interval and never before, as far as the report looks back: firstSeen { lookBack }',
    '本区间活跃，且在报表回看范围内此前从未活跃：firstSeen { lookBack }',
  ),
  word(
    'adobe-cja',
    'repeat',
    interval('returning'),
    'active in this interval and in the one before',
    '本区间与上一区间均活跃',
  ),
  word(
    'adobe-cja',
    'return',
    interval('resurrecting'),
    'active in this interval, not in the one before, but earlier within the look-back',
    '本区间活跃、上一区间不活跃，但在回看范围内更早活跃过',
  ),
  word(
    'adobe-cja',
    'dormant',
    interval('dormant'),
    'active in the interval before and not in this one',
    '上一区间活跃、本区间不活跃',
  ),
]
