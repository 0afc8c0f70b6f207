export {
  type BenefitsKinds,
  type BenefitsView,
  type BenefitTotalsView,
  defineBenefits,
} from './benefits.js'
export { type BudgetPlanOptions, denialPlan, fundingPlan, settlementPlan } from './budget-plans.js'
export {
  type BudgetUse,
  type BudgetUseDefinition,
  type BudgetUsePartial,
  type BudgetUseRow,
  defineBudgetUse,
} from './budget-use.js'
export type { Cart } from './cart.js'
export type {
  Benefit,
  BenefitsCorrections,
  BenefitsDefinition,
  Funding,
  Gives,
  IssueRule,
} from './definition.js'
export {
  type BenefitsCommands,
  type BenefitsEvent,
  type BenefitsRefusal,
  type BenefitsSpecs,
  benefitsEvents,
  type IssueData,
  type IssuedData,
  type IssueReason,
  type MovedData,
  type ReturnedData,
  type UsedData,
  type UsedInOrder,
} from './events.js'
export { benefitsFrom } from './from.js'
export type { BenefitsState, HeldBenefit, Stage, UsedOrder } from './held.js'
export { type BenefitsQuote, quoteBenefits } from './quote.js'
export type {
  StoredValueState,
  StoredValueTotals,
  StoredValueView,
} from './stored-value/account.js'
export type {
  BonusOnWithdrawal,
  BonusRule,
  SpendOrder,
  SpentBonus,
  StoredValueCorrections,
  StoredValueDefinition,
  StoredValueTransfer,
  WithdrawalPolicy,
} from './stored-value/definition.js'
export {
  type BonusCorrectedData,
  type BonusCorrectionReason,
  type BonusNote,
  type BonusReason,
  type HeldData,
  type LapsedData,
  type PurchaseData,
  type ReceivedData,
  type ReversedData,
  type SentData,
  type StoredMoves,
  type StoredValueCommands,
  type StoredValueEvent,
  type StoredValueRefusal,
  type StoredValueSpecs,
  storedValueEvents,
  type ToppedUpData,
  type TopUpChange,
  type WithdrawnData,
} from './stored-value/events.js'
export { storedValueFrom } from './stored-value/from.js'
export { defineStoredValue, type StoredValueKinds } from './stored-value/stored-value.js'
