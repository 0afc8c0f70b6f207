import type { Lang, PeriodUnit, Sentence } from '../../kernel/index.js'
import { unitCounts, unitNames } from '../../measures/unit-words.js'
import type { CampaignTruth } from './campaign.js'
import type { CampaignOffset } from './offset.js'

/** One thing that a campaign's numbers say, with the numbers it reads; `explainCampaign` puts it in words. */
export type CampaignStatement =
  | {
      readonly code: 'acquired'
      readonly n: number
      readonly perPerson: number
      readonly currency: string
    }
  | {
      readonly code: 'retained'
      readonly offset: number
      /** `null` where time is elapsed, not that of a calendar. */
      readonly unit: PeriodUnit | null
      readonly share: number
      readonly each: number
      readonly low: number
      readonly high: number
      readonly currency: string
    }
  | {
      readonly code: 'nobody-retained'
      readonly offset: number
      readonly unit: PeriodUnit | null
      readonly n: number
      readonly atLeast: number
      readonly currency: string
    }
  | {
      readonly code: 'not-over' | 'not-observed'
      readonly offset: number
      readonly unit: PeriodUnit | null
    }
  | { readonly code: 'nobody-acquired' | 'no-comparison' }
  | {
      readonly code:
        | 'above-control'
        | 'above-others'
        | 'below-control'
        | 'below-others'
        | 'like-control'
        | 'like-others'
      /** Differences of shares; the sentence says them in points. */
      readonly difference: number
      readonly low: number
      readonly high: number
    }
  | {
      readonly code: 'each-incremental'
      readonly people: number
      readonly each: number
      readonly low: number
      readonly high: number
      readonly currency: string
    }

/** What has to be known to read the numbers right, in words. */
export interface CampaignCaution {
  readonly code: keyof typeof campaignCautions
  readonly says: Sentence
}

/** The cautions in words. */
export const campaignCautions = {
  observational: {
    en: 'Nobody was assigned by chance: the difference is between kinds of people who came, not what the campaign did. Hold some out at random next time.',
    zh: '分组并非随机：差异反映的是来的人不同，不等于活动带来的效果。下次请随机留出对照组。',
  },
  'not-standardised': {
    en: 'The campaign and the comparison came in different proportions over the periods, and those were not held equal: standardise over cohorts.',
    zh: '活动用户与对照用户在各周期的构成不同，且未作标准化：请按同期群标准化。',
  },
  'strata-left-out': {
    en: 'In some strata there was nobody to compare with: the difference speaks of the others.',
    zh: '部分层没有可比用户：差异只代表其余各层。',
  },
  'not-all-over': {
    en: 'At some offsets the later cohorts are not over: they and their part of the costs are left out there.',
    zh: '部分偏移下较晚的同期群尚未到期：这些用户及其分摊的成本未计入。',
  },
  'not-observed': {
    en: 'Events were not tracked for part of the time: those cohorts are left out.',
    zh: '部分时间未采集数据：相应的同期群未计入。',
  },
} as const satisfies Record<string, Sentence>

type Code = CampaignStatement['code']

const sentences: { readonly [C in Code]: Sentence } = {
  acquired: {
    en: '{n:count} came at {perPerson:money} each',
    zh: '共获得{n:count}人，人均成本{perPerson:money}',
  },
  retained: {
    en: '{offset:after} {share:percent} are left: {each:money} for each who stayed ({low:money} to {high:money})',
    zh: '{offset:after}留存{share:percent}：每个留下的用户成本{each:money}（{low:money}至{high:money}）',
  },
  'nobody-retained': {
    en: '{offset:after} nobody of {n:count} is left: at least {atLeast:money} for each who may have stayed',
    zh: '{offset:after}{n:count}人无一留存：每个留存用户的成本至少{atLeast:money}',
  },
  'not-over': { en: '{offset:after} nobody can tell yet', zh: '{offset:after}的结果尚不可知' },
  'not-observed': {
    en: '{offset:after} nobody can tell: events were not tracked',
    zh: '{offset:after}的结果不可知：数据未采集',
  },
  'nobody-acquired': { en: 'nobody came by the campaign', zh: '活动没有带来任何用户' },
  'no-comparison': { en: 'there is nobody to compare them with', zh: '没有可比较的用户' },
  'above-control': {
    en: '{difference:points} points above the control ({low:signed} to {high:signed})',
    zh: '比对照组高{difference:points}个百分点（{low:signed}至{high:signed}）',
  },
  'above-others': {
    en: '{difference:points} points above those who came without it ({low:signed} to {high:signed})',
    zh: '比自然到来的用户高{difference:points}个百分点（{low:signed}至{high:signed}）',
  },
  'below-control': {
    en: '{difference:points} points below the control ({low:signed} to {high:signed})',
    zh: '比对照组低{difference:points}个百分点（{low:signed}至{high:signed}）',
  },
  'below-others': {
    en: '{difference:points} points below those who came without it ({low:signed} to {high:signed})',
    zh: '比自然到来的用户低{difference:points}个百分点（{low:signed}至{high:signed}）',
  },
  'like-control': {
    en: 'not distinguishable from the control ({low:signed} to {high:signed} points)',
    zh: '与对照组无法区分（{low:signed}至{high:signed}个百分点）',
  },
  'like-others': {
    en: 'not distinguishable from those who came without it ({low:signed} to {high:signed} points)',
    zh: '与自然到来的用户无法区分（{low:signed}至{high:signed}个百分点）',
  },
  'each-incremental': {
    en: '{people:count} stayed who would not have otherwise, at {each:money} each ({low:money} to {high:money})',
    zh: '因活动多留下{people:count}人，每人成本{each:money}（{low:money}至{high:money}）',
  },
}

/**
 * The headline of a campaign, or what is said of one offset, in one sentence; it reads codes and numbers and works nothing out.
 *
 * @example
 * explainCampaign(truth, 'en')
 * // => '500,000 came at 1.80 CNY each; after 3 months 2.1 % are left: 85.71 CNY for each who stayed (84.11 CNY to 87.35 CNY);
 * //     1.9 points below those who came without it (-2.0 to -1.8)'
 */
export function explainCampaign({ verdict }: Pick<CampaignTruth, 'verdict'>, lang: Lang): string {
  const said = verdict.map((statement) =>
    sentences[statement.code][lang].replace(/\{(\w+):(\w+)\}/g, (_, name: string, as: string) =>
      sayNumber(statement, name, as, lang),
    ),
  )
  return said.join(lang === 'zh' ? '；' : '; ')
}

function sayNumber(statement: CampaignStatement, name: string, as: string, lang: Lang): string {
  const given = statement as unknown as Readonly<Record<string, unknown>>
  const value = given[name] as number
  switch (as) {
    case 'count':
      return grouped(value.toFixed(0))
    case 'money': {
      const currency = given['currency'] as string
      const amount = grouped(digitsOf(value, 2))
      return lang === 'zh' && currency === 'CNY' ? `${amount}元` : `${amount} ${currency}`
    }
    case 'percent':
      return `${digitsOf(100 * value, 1)}${lang === 'zh' ? '' : ' '}%`
    case 'points':
      return digitsOf(100 * Math.abs(value), 1)
    case 'signed':
      return signed(digitsOf(100 * value, 1))
    default:
      return sayOffset(value, given['unit'] as PeriodUnit | null, lang)
  }
}

function sayOffset(offset: number, unit: PeriodUnit | null, lang: Lang): string {
  if (unit === null) return lang === 'zh' ? `偏移${offset}处` : `at offset ${offset}`
  const { en, zh } = unitCounts[unit]
  return lang === 'zh' ? `${offset}${zh}后` : `after ${offset} ${offset === 1 ? unitNames[unit].en : en}`
}

/** Thousands apart: 500,000. What is too large for digits is left as it is. */
function grouped(digits: string): string {
  const [whole = '', part] = digits.split('.')
  if (!/^-?\d+$/.test(whole)) return digits
  const apart = whole.replace(/\B(?=(\d{3})+$)/g, ',')
  return part === undefined ? apart : `${apart}.${part}`
}

/** As many digits behind the point as are asked for; where nothing would be seen of what is something, two that tell. */
function digitsOf(value: number, digits: number): string {
  let most = digits
  while (most < 9 && value !== 0 && Number(value.toFixed(most)) === 0) most += 1
  const text = value.toFixed(most === digits ? digits : most + 1)
  return text.replace(/^-(?=[0.]+$)/, '')
}

const signed = (text: string): string => (/^-|^[0.]+$/.test(text) ? text : `+${text}`)

/** What one offset says. */
export function statementsOf(
  { offset, n, rate, costPerRetained, incremental, costPerIncremental }: Omit<CampaignOffset, 'verdict'>,
  {
    currency,
    unit,
    kind,
  }: {
    readonly currency: string
    readonly unit: PeriodUnit | null
    readonly kind: 'randomised' | 'observational'
  },
): readonly CampaignStatement[] {
  if (rate.kind === 'undefined') {
    const { reason } = rate
    return reason === 'not-over' || reason === 'not-observed'
      ? [{ code: reason, offset, unit }]
      : [{ code: 'nobody-acquired' }]
  }
  const said: CampaignStatement[] = []
  if (costPerRetained.kind === 'estimate') {
    const { value: each, interval } = costPerRetained
    const { low, high } = interval
    said.push({ code: 'retained', offset, unit, share: rate.value, each, low, high, currency })
  } else if (costPerRetained.reason === 'nobody-retained') {
    const { atLeast } = costPerRetained
    said.push({ code: 'nobody-retained', offset, unit, n, atLeast, currency })
  }
  if (incremental.kind === 'undefined') return [...said, { code: 'no-comparison' }]
  const than = kind === 'randomised' ? 'control' : 'others'
  const how = { more: 'above', fewer: 'below', 'not-distinguishable': 'like' } as const
  const { value: difference, interval } = incremental.rate
  said.push({
    code: `${how[incremental.direction]}-${than}`,
    difference,
    low: interval.low,
    high: interval.high,
  })
  // Without a randomised comparison nobody knows who would have stayed otherwise.
  if (
    kind === 'randomised' &&
    costPerIncremental.kind === 'estimate' &&
    incremental.people.kind === 'estimate'
  ) {
    const { value: each, interval: between } = costPerIncremental
    const { low, high } = between
    said.push({ code: 'each-incremental', people: incremental.people.value, each, low, high, currency })
  }
  return said
}

/** What has to be said beside the numbers. */
export function cautionsOf({
  comparison,
  standardised,
  acquired,
  cells,
  offsets,
}: {
  readonly comparison: 'randomised' | 'observational'
  readonly standardised: boolean
  readonly acquired: number
  readonly cells: readonly PairSizes[]
  readonly offsets: readonly Omit<CampaignOffset, 'verdict'>[]
}): readonly CampaignCaution[] {
  const leftOut = offsets.some(
    ({ incremental }) => incremental.kind === 'estimate' && incremental.leftOut > 0,
  )
  const codes: readonly (false | CampaignCaution['code'])[] = [
    comparison === 'observational' && 'observational',
    !standardised && !proportionate(cells) && 'not-standardised',
    leftOut && 'strata-left-out',
    offsets.some(({ n, unobserved }) => n + unobserved < acquired) && 'not-all-over',
    offsets.some(({ unobserved }) => unobserved > 0) && 'not-observed',
  ]
  return codes.flatMap((code) => (code === false ? [] : [{ code, says: campaignCautions[code] }]))
}

/** Whether both sides came over the cohorts in nearly the same proportions: 5 % at most would have to be moved. */
function proportionate(cells: readonly PairSizes[]): boolean {
  const sum = (side: 'campaign' | 'comparison') => cells.reduce((all, one) => all + one[side].size, 0)
  const [ours, theirs] = [sum('campaign'), sum('comparison')]
  if (ours === 0 || theirs === 0) return true
  let moved = 0
  for (const { campaign, comparison } of cells)
    moved += Math.abs(campaign.size / ours - comparison.size / theirs) / 2
  return moved <= 0.05
}

interface PairSizes {
  readonly campaign: { readonly size: number }
  readonly comparison: { readonly size: number }
}
