import type { Sentence } from '../../kernel/index.js'
import { type Proportion, type ProportionMethod, proportion } from '../../measures/index.js'
import { type DailyState, dailyStates } from './daily-settings.js'

/** The daily rates of the growth model. */
export type DailyRateName =
  | 'nurr'
  | 'curr'
  | 'rurr'
  | 'surr'
  | 'iwaurr'
  | 'reactivation'
  | 'resurrection'
  | 'wau-loss'
  | 'mau-loss'

/** How many subjects went from one state, or from not being there (`null`), to another between a day and the next. */
export interface DailyMove {
  readonly from: DailyState | null
  readonly to: DailyState
  readonly people: number
}

const active: readonly DailyState[] = ['new', 'current', 'reactivated', 'resurrected']

/** Of those in state `of` on the day before, the share that is in one of `to`. */
export interface DailyRate {
  readonly of: DailyState
  readonly to: readonly DailyState[]
  readonly says: Sentence
}

/** What the rates are: of whom, and what becomes of them. */
export const dailyRates: Readonly<Record<DailyRateName, DailyRate>> = {
  nurr: {
    of: 'new',
    to: active,
    says: {
      en: 'NURR: of the new of the day before, active again',
      zh: 'NURR 新用户次日留存率：前一日新用户中当日活跃者',
    },
  },
  curr: {
    of: 'current',
    to: active,
    says: {
      en: 'CURR: of the current of the day before, active again',
      zh: 'CURR 当前用户留存率：前一日当前用户中当日活跃者',
    },
  },
  rurr: {
    of: 'reactivated',
    to: active,
    says: {
      en: 'RURR: of the reactivated of the day before, active again',
      zh: 'RURR 再激活用户留存率：前一日再激活用户中当日活跃者',
    },
  },
  surr: {
    of: 'resurrected',
    to: active,
    says: {
      en: 'SURR: of the resurrected of the day before, active again',
      zh: 'SURR 复活用户留存率：前一日复活用户中当日活跃者',
    },
  },
  iwaurr: {
    of: 'at_risk_wau',
    to: active,
    says: {
      en: 'iWAURR: of those at risk within the week, active',
      zh: 'iWAURR 周内未活跃用户回归率：前一日周风险用户中当日活跃者',
    },
  },
  reactivation: {
    of: 'at_risk_mau',
    to: active,
    says: {
      en: 'reactivation: of those at risk within the month, active',
      zh: '再激活率：前一日月风险用户中当日活跃者',
    },
  },
  resurrection: {
    of: 'dormant',
    to: active,
    says: {
      en: 'resurrection: of the dormant of the day before, active',
      zh: '复活率：前一日沉默用户中当日活跃者',
    },
  },
  'wau-loss': {
    of: 'at_risk_wau',
    to: ['at_risk_mau'],
    says: {
      en: 'WAU loss: of those at risk within the week, out of it',
      zh: '周活流失率：前一日周风险用户中当日移出周活者',
    },
  },
  'mau-loss': {
    of: 'at_risk_mau',
    to: ['dormant'],
    says: {
      en: 'MAU loss: of those at risk within the month, out of it',
      zh: '月活流失率：前一日月风险用户中当日移出月活者',
    },
  },
}

/** Rows of a matrix of moves: the states, and last whoever was not there yet. */
export const sources: readonly (DailyState | null)[] = [...dailyStates, null]

/** The rates of moves: `moved[row * 7 + column]` people from a source to a state. */
export function ratesOf(
  moved: ArrayLike<number>,
  level: number,
  method: ProportionMethod,
): Readonly<Record<DailyRateName, Proportion>> {
  const width = dailyStates.length
  const rate = ({ of, to }: DailyRate): Proportion => {
    const row = dailyStates.indexOf(of) * width
    let [successes, trials] = [0, 0]
    for (const [column, state] of dailyStates.entries()) {
      trials += moved[row + column]!
      if (to.includes(state)) successes += moved[row + column]!
    }
    return proportion({ successes, trials, level, method })
  }
  return Object.fromEntries(Object.entries(dailyRates).map(([name, one]) => [name, rate(one)])) as Record<
    DailyRateName,
    Proportion
  >
}
