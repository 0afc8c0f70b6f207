import type { AllocationMethod, Money } from '../../kernel/index.js'
import type { PlanShare } from './share.js'

/** Money in the plan's currency: decimal text, or an amount that says its currency, which has to be the plan's. */
export type PlanAmount = string | Money

/** One value for every year of the plan, or one by year; a year without one has none. */
export type EachYear<Year extends number, Value> = Value | { readonly [Y in Year]?: Value }

/** A bound that is reached: exactly one of the two. Shares are from 0 to 1, counts are people. */
export type PlanBound<Value> =
  | { readonly atLeast: Value; readonly atMost?: never }
  | { readonly atMost: Value; readonly atLeast?: never }

/**
 * What must hold beside a goal, so that the goal is not met by hurting people: a share or a count of any stage at the end of
 * the same year.
 */
export type PlanGuard<Stage extends string = string> =
  | ({ readonly stage: Stage; readonly measure: 'share' } & PlanBound<PlanShare>)
  | ({ readonly stage: Stage; readonly measure: 'count' } & PlanBound<number>)

/**
 * What a stage shall reach in a year.
 *
 * - `share`: of all people in the stages at the end of the year, those who are in this one.
 * - `count`: people in this stage at the end of the year.
 * - `rate`: of those of whom the shares of its flows are, those who moved to stage `to` in the year.
 */
export type PlanGoal<Stage extends string = string> = (
  | ({ readonly measure: 'share' } & PlanBound<PlanShare>)
  | ({ readonly measure: 'count' } & PlanBound<number>)
  | ({ readonly measure: 'rate'; readonly to: Stage } & PlanBound<PlanShare>)
) & {
  /** The goal is met only while all of these hold. */
  readonly guards?: readonly PlanGuard<Stage>[]
}

/**
 * Which people are expected to move in a year, and what one move costs.
 *
 * - `share`: of those who are in `from` when it is its turn; `pace` says who they are. Arrivals have counts: there is nobody of
 *   whom they could be a share.
 * - `count`: so many people, as far as there are so many left when the shares have gone.
 * - `from: null` are people who arrive; `to: null` are people who leave the stages for good.
 * - `cost`: of one person's move, with up to 8 digits behind the point. The stage that people start from pays for it; of those
 *   who arrive, the stage that they enter.
 */
export type PlanFlow<Stage extends string = string, Year extends number = number> = (
  | { readonly from: Stage; readonly to: Stage | null; readonly share: EachYear<Year, PlanShare> }
  | { readonly from: Stage; readonly to: Stage | null; readonly count: EachYear<Year, number> }
  | { readonly from: null; readonly to: Stage; readonly count: EachYear<Year, number> }
) & { readonly cost?: EachYear<Year, PlanAmount> }

/** Which part of a whole: as `allocate` reads it, so `'40%'`, `'1/6'`, `'remaining'`, or weights such as 3 and 1. */
export type PlanPortion = number | string

/** How a line of a budget falls to stages. Stages that are not named get nothing. */
export type StageSplit<Stage extends string = string> = { readonly [S in Stage]?: PlanPortion }

/**
 * A line's part of a year's budget: a portion that falls to the stages as the year's `stages` say or as the line says itself,
 * or one for no stage alone, which therefore names its owner.
 */
export type LineBudget<Stage extends string = string> =
  | PlanPortion
  | { readonly portion: PlanPortion; readonly stages?: StageSplit<Stage>; readonly owner?: never }
  | { readonly portion: PlanPortion; readonly owner: string; readonly stages?: never }

/** The money of one year and how it is split: into lines, each line into stages. */
export interface YearBudget<Stage extends string = string, Line extends string = string> {
  /** At most as fine as the currency's smallest unit. */
  readonly whole: PlanAmount
  readonly lines: { readonly [L in Line]?: LineBudget<Stage> }
  /** How lines fall to stages that do not say it themselves. */
  readonly stages?: StageSplit<Stage>
}

/**
 * A map of stages with a goal, an owner and a budget each, over some years. Plain data: stored, compared, reviewed.
 *
 * What depends on an order follows that of `stages`, `years` and `lines`, never the order of keys.
 */
export interface StagePlanDefinition<
  Stage extends string = string,
  Line extends string = string,
  Year extends number = number,
> {
  readonly id: string
  readonly version: number
  /** ISO 4217; all money of the plan is in it. */
  readonly currency: string
  /** The first is where people begin. */
  readonly stages: readonly Stage[]
  /** One after the other, such as 2026, 2027, 2028, or 1, 2, 3. */
  readonly years: readonly Year[]
  /** What money is spent on: segmentation, content, service staff. */
  readonly lines: readonly Line[]
  /** Who answers for a stage: one each. */
  readonly owners: { readonly [S in Stage]: string }
  readonly goals: { readonly [S in Stage]?: { readonly [Y in Year]?: PlanGoal<NoInfer<Stage>> } }
  readonly budget: { readonly [Y in Year]: YearBudget<NoInfer<Stage>, NoInfer<Line>> }
  /** Who gets the smallest units that are left when the parts of a budget are rounded down; `largest-remainder` unless told. */
  readonly rounding?: AllocationMethod
  /** At most one from a stage to another. Who is in no flow stays. */
  readonly flows: readonly PlanFlow<NoInfer<Stage>, NoInfer<Year>>[]
  /**
   * Of whom the shares are.
   *
   * - `one-move-a-year`: of those who are in a stage when the year begins; a flow says where they are a year later. Who has
   *   moved or arrived stays for the rest of the year.
   * - `several-moves-a-year`: stages are gone through in their order, and who arrives or comes from an earlier stage may move on
   *   in the same year: a lead buys and becomes active. Who moves to an earlier stage stays for the rest of the year.
   */
  readonly pace: 'one-move-a-year' | 'several-moves-a-year'
  /** Stages and lines in words. */
  readonly words?: {
    readonly en?: { readonly [Name in Stage | Line]?: string }
    readonly zh?: { readonly [Name in Stage | Line]?: string }
  }
}
