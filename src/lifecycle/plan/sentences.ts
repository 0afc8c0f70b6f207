import type { Sentence } from '../../kernel/index.js'

/** What verbs of a plan find, with the numbers that they read; `explain(plan, finding, lang)` puts it in words. */
export type PlanFinding =
  /* What is missing in a plan. */
  | { readonly code: 'owner-without-goal'; readonly stage: string; readonly owner: string }
  | {
      readonly code: 'budget-without-goal'
      readonly stage: string
      readonly year: number
      readonly owner: string
      readonly amount: string
      readonly currency: string
    }
  | { readonly code: 'goal-without-budget'; readonly stage: string; readonly year: number }
  | { readonly code: 'no-way-in'; readonly stage: string; readonly year: number }
  | { readonly code: 'no-way-out'; readonly stage: string; readonly year: number }
  | { readonly code: 'no-such-flow'; readonly stage: string; readonly to: string; readonly year: number }
  | { readonly code: 'move-without-cost'; readonly stage: string; readonly to: string; readonly year: number }
  /** A stage that shall have more than it may have, by the goals of two stages, their guards, or one goal and its own guard. */
  | {
      readonly code: 'bounds-exclude'
      readonly stage: string
      readonly year: number
      readonly least: string
      /** The stage whose goal it is, or the goal's guard. */
      readonly leastBy: string
      readonly most: string
      readonly mostBy: string
    }
  /** Shares of stages that make more than everybody, or less: of all of them together. */
  | {
      readonly code: 'shares-over-whole' | 'shares-under-whole'
      /** The first of them. */
      readonly stage: string
      readonly year: number
      readonly stages: readonly string[]
      readonly share: string
    }
  /* Goals. */
  | {
      readonly code: 'goal-met' | 'goal-in-reach' | 'goal-of-nobody' | 'goal-not-counted'
      readonly stage: string
      readonly year: number
    }
  | {
      readonly code:
        | 'goal-short'
        | 'goal-exceeded'
        | 'goal-slipping'
        | 'goal-overrunning'
        | 'goal-missed'
        | 'goal-overrun'
      readonly stage: string
      readonly year: number
      readonly people: number
    }
  | {
      readonly code: 'guard-broken' | 'guard-at-risk'
      readonly stage: string
      readonly year: number
      readonly guard: string
    }
  /* What a goal needs. */
  | {
      readonly code: 'move-in' | 'move-out' | 'move-on' | 'move-on-less'
      readonly stage: string
      readonly year: number
      readonly people: number
    }
  | {
      readonly code: 'arrivals-needed'
      readonly stage: string
      readonly year: number
      readonly people: number
      readonly entry: string
    }
  | {
      readonly code: 'entry-leads-nowhere' | 'entry-too-late' | 'entry-dilutes' | 'entry-too-many'
      readonly stage: string
      readonly entry: string
    }
  /* What happened. */
  | {
      readonly code: 'people-as-planned' | 'people-above' | 'people-below'
      readonly stage: string
      readonly year: number
      readonly actual: number
      readonly expected: number
      readonly people: number
    }
  | {
      readonly code: 'money-under' | 'money-over' | 'money-even'
      readonly stage: string
      readonly year: number
      readonly owner: string
      readonly spent: string
      readonly budget: string
      readonly amount: string
      readonly currency: string
    }
  | { readonly code: 'money-not-reported'; readonly stage: string; readonly year: number }

/** The findings in words. */
export const planSentences: { readonly [C in PlanFinding['code']]: Sentence } = {
  'owner-without-goal': {
    en: '{stage:word}: no goal in any year, although {owner} answers for it',
    zh: '{stage:word}由{owner}负责，但各年均未设目标',
  },
  'budget-without-goal': {
    en: '{stage:word}: {amount} {currency} in {year} and no goal ({owner})',
    zh: '{year}年{stage:word}有预算{amount} {currency}，但没有目标（负责人：{owner}）',
  },
  'goal-without-budget': {
    en: '{stage:word}: a goal in {year} and no money',
    zh: '{year}年{stage:word}有目标，但没有预算',
  },
  'no-way-in': {
    en: '{stage:word}: a goal in {year}, and nobody is expected to move or arrive there',
    zh: '{year}年{stage:word}有目标，但没有任何流入',
  },
  'no-way-out': {
    en: '{stage:word}: a bound from above in {year}, and nobody is expected to leave',
    zh: '{year}年{stage:word}设有上限，但没有任何流出',
  },
  'no-such-flow': {
    en: '{stage:word}: the goal of {year} is a rate to {to:word}, and no such move is expected',
    zh: '{year}年{stage:word}的目标是转为{to:word}的比例，但规划中没有该流向',
  },
  'move-without-cost': {
    en: '{stage:word} to {to:word}: no cost in {year}, so the move cannot be ranked',
    zh: '{year}年从{stage:word}到{to:word}没有成本，无法排序',
  },
  'bounds-exclude': {
    en: '{stage:word}: in {year} at least {least} (goal of {leastBy:word}) and at most {most} (goal of {mostBy:word}) exclude each other',
    zh: '{year}年{stage:word}的下限{least}（{leastBy:word}的目标）与上限{most}（{mostBy:word}的目标）互相矛盾',
  },
  'shares-over-whole': {
    en: '{year}: goals and guards ask for shares that make {share} of everybody together, so they exclude each other (the first is of {stage:word})',
    zh: '{year}年各阶段占比下限合计{share}，超过全部人数，互相矛盾（首个为{stage:word}）',
  },
  'shares-under-whole': {
    en: '{year}: all stages together may have {share} of everybody at most, so somebody has nowhere to be',
    zh: '{year}年各阶段占比上限合计仅{share}，不足全部人数，互相矛盾',
  },
  'goal-met': {
    en: '{stage:word}: the goal of {year} is met',
    zh: '{stage:word}：{year}年目标已达成',
  },
  'goal-in-reach': {
    en: '{stage:word}: the goal of {year} is not met yet, and will be by the expected flows',
    zh: '{stage:word}：{year}年目标尚未达成，按预期流量可以达成',
  },
  'goal-of-nobody': {
    en: '{stage:word}: nobody is there of whom the goal of {year} could be a share',
    zh: '{stage:word}：{year}年目标的分母为0人，无法计算',
  },
  'goal-not-counted': {
    en: '{stage:word}: the goal of {year} is a rate, and the moves of the year were not given',
    zh: '{stage:word}：{year}年目标是转化率，但未提供该年的流量',
  },
  'goal-short': {
    en: '{stage:word}: {people} people short of the goal at the end of {year}, by the expected flows',
    zh: '{stage:word}：按预期流量，{year}年末距目标还差{people}人',
  },
  'goal-exceeded': {
    en: '{stage:word}: {people} people more than the goal allows at the end of {year}, by the expected flows',
    zh: '{stage:word}：按预期流量，{year}年末超出上限{people}人',
  },
  'goal-slipping': {
    en: '{stage:word}: the goal of {year} is met now; by the expected flows {people} people will be missing when the year ends',
    zh: '{stage:word}：目前达到{year}年目标，但按预期流量年末将差{people}人',
  },
  'goal-overrunning': {
    en: '{stage:word}: the goal of {year} is kept now; by the expected flows {people} people will be too many when the year ends',
    zh: '{stage:word}：目前未超出{year}年上限，但按预期流量年末将超出{people}人',
  },
  'goal-missed': {
    en: '{stage:word}: the goal of {year} was missed by {people} people',
    zh: '{stage:word}：{year}年目标未达成，差{people}人',
  },
  'goal-overrun': {
    en: '{stage:word}: {people} people more than the goal allows at the end of {year}',
    zh: '{stage:word}：{year}年末超出上限{people}人',
  },
  'guard-broken': {
    en: '{stage:word}: the number of the goal for {year} is reached, and the goal is not met: the guard on {guard:word} does not hold',
    zh: '{stage:word}：{year}年数字达标，但对{guard:word}的约束未满足，不算达成',
  },
  'guard-at-risk': {
    en: '{stage:word}: the number of the goal for {year} will be reached, and the goal not met: the guard on {guard:word} will not hold',
    zh: '{stage:word}：按预期流量{year}年数字将达标，但对{guard:word}的约束不满足，不算达成',
  },
  'move-in': {
    en: '{stage:word}: {people} more people needed at the end of {year}',
    zh: '{stage:word}：{year}年末还需增加{people}人',
  },
  'move-out': {
    en: '{stage:word}: {people} people too many at the end of {year}',
    zh: '{stage:word}：{year}年末须减少{people}人',
  },
  'move-on': {
    en: '{stage:word}: {people} more people have to move on in {year}',
    zh: '{stage:word}：{year}年还需{people}人转化',
  },
  'move-on-less': {
    en: '{stage:word}: {people} people fewer may move on in {year}',
    zh: '{stage:word}：{year}年转出须减少{people}人',
  },
  'arrivals-needed': {
    en: '{stage:word}: the goal takes {people} more arrivals in {year} ({entry:word})',
    zh: '{stage:word}：达成目标需在{year}年新增{people}人（{entry:word}）',
  },
  'entry-leads-nowhere': {
    en: '{stage:word}: no flow leads there from {entry:word}',
    zh: '{stage:word}：没有流量从{entry:word}通向这里',
  },
  'entry-too-late': {
    en: '{stage:word}: who arrives in {entry:word} gets there too late for the goal',
    zh: '{stage:word}：从{entry:word}新增的人来不及在目标年内到达',
  },
  'entry-dilutes': {
    en: '{stage:word}: more arrivals in {entry:word} do not help, they add more to everybody than to this stage',
    zh: '{stage:word}：{entry:word}新增更多人也不能达成占比目标，总人数增长更快',
  },
  'entry-too-many': {
    en: '{stage:word}: the goal would take more arrivals in {entry:word} than there are people',
    zh: '{stage:word}：达成目标所需的{entry:word}新增人数超过全部人口',
  },
  'people-as-planned': {
    en: '{stage:word}: {actual} people at the end of {year}, as planned',
    zh: '{stage:word}：{year}年末{actual}人，与规划一致',
  },
  'people-above': {
    en: '{stage:word}: {actual} people at the end of {year}, {people} more than the {expected} planned',
    zh: '{stage:word}：{year}年末{actual}人，比规划的{expected}人多{people}人',
  },
  'people-below': {
    en: '{stage:word}: {actual} people at the end of {year}, {people} fewer than the {expected} planned',
    zh: '{stage:word}：{year}年末{actual}人，比规划的{expected}人少{people}人',
  },
  'money-under': {
    en: '{stage:word}: {owner} spent {spent} of {budget} {currency} in {year}, {amount} are left',
    zh: '{stage:word}：{year}年支出{spent}，预算{budget} {currency}，结余{amount}（负责人：{owner}）',
  },
  'money-over': {
    en: '{stage:word}: {owner} spent {spent} in {year}, {amount} more than the budget of {budget} {currency}',
    zh: '{stage:word}：{year}年支出{spent}，超出预算{budget} {currency}共{amount}（负责人：{owner}）',
  },
  'money-even': {
    en: '{stage:word}: {owner} spent the budget of {budget} {currency} in {year}',
    zh: '{stage:word}：{year}年支出与预算{budget} {currency}一致（负责人：{owner}）',
  },
  'money-not-reported': {
    en: '{stage:word}: what was spent in {year} was not given',
    zh: '{stage:word}：未提供{year}年的支出',
  },
}
