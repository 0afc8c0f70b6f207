export { type OracleCalendar, oracleCalendar } from './calendar.js'
export {
  type OracleEvent,
  type OraclePast,
  type OracleScope,
  oracleCondition,
  oracleFact,
  oracleMoments,
  oracleNextFlip,
} from './facts.js'
export type { OracleEntry, OracleNote } from './log.js'
export {
  type OraclePoints,
  type OracleProgram,
  type OracleQuestion,
  type OracleStage,
  oracleLifecycle,
  oracleNextChange,
  oraclePoints,
  oracleProgram,
} from './program.js'
export type { OracleMove } from './stages.js'
