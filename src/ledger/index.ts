export { accountWords } from './account-words.js'
export { auditBook, type BookInvariant } from './audit.js'
export { auditMoves, type MoveInvariant } from './audit-moves.js'
export { bookInvariantWords } from './audit-words.js'
export {
  type Book,
  type BookReservation,
  type BookTotals,
  charging,
  crediting,
  emptyBook,
  emptyTotals,
  type HolderAccount,
  heldIn,
  type LedgerAccount,
  type Move,
  movedFrom,
  movedTo,
  movesOf,
  nextRelease,
  type OutsideAccount,
  openReservations,
  owedTo,
  post,
  renameBook,
  reservationIn,
  reservedIn,
} from './book.js'
export {
  confirmingAt,
  confirmsNextAt,
  counted,
  expiresNextAt,
  expiriesIn,
  expiringAt,
  expiringThrough,
  type Lot,
  type LotPart,
  type Lots,
  nextConfirmation,
  nextExpiry,
  noLots,
  openLots,
  partsHeld,
  pendingIn,
  planClawback,
  planFrom,
  planSpending,
  putOff,
  remainingOf,
  spendableIn,
} from './lots.js'
export {
  carryOut,
  explainPlan,
  type Plan,
  type PlanNext,
  type PlannedCommand,
  type PlannedStep,
  type PlanStep,
  planOf,
  type RefusedStep,
  reportOf,
  type StepReport,
  type StuckPlan,
  stepId,
  type UnknownStep,
} from './plan.js'
export type { StockAmount, StockDefinition, StockLimit, StockUnit } from './stock/definition.js'
export {
  type LapsedPart,
  type StockEvent,
  type StockRefusal,
  type StockSpecs,
  stockEvents,
} from './stock/events.js'
export { stockFrom } from './stock/from.js'
export type { Reservation, StockState } from './stock/holdings.js'
export { defineStock, type StockKinds } from './stock/stock.js'
export {
  type LimitLeft,
  type StockLeft,
  type StockReservation,
  type StockView,
  stockLeft,
  stockReservation,
} from './stock/view.js'
