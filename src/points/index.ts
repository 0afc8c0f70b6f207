export {
  type OutstandingMonth,
  outstandingByMonth,
  type PointsState,
  type PointsView,
  type WalletView,
} from './account.js'
export type { CurrencyDefinition, CurrencyKind } from './currency.js'
export type {
  ClawbackRule,
  ConfirmationRule,
  EarningRate,
  EarningRule,
  PointsDefinition,
} from './definition.js'
export {
  type ClawedBackData,
  type EarnedData,
  type EarningReason,
  type LotsData,
  type PointsEvent,
  type PointsRefusal,
  type PointsSpecs,
  pointsEvents,
  type RedemptionData,
  type ReservationData,
  type Share,
} from './events.js'
export { pointsFrom } from './from.js'
export { definePoints, type PointsKinds } from './points.js'
