export { outstandingByMonth, type PointsState, type PointsTotals, type PointsView } from './account.js'
export type {
  ClawbackRule,
  ConfirmationRule,
  EarningRate,
  EarningRule,
  PointsDefinition,
} from './definition.js'
export {
  type EarningReason,
  type PointsKinds,
  type PointsRefusal,
  type PointsSpecs,
  pointsEvents,
} from './events.js'
export { pointsFrom } from './from.js'
export { definePoints } from './points.js'
