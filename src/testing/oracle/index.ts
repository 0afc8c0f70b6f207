export { type OracleCalendar, oracleCalendar } from './calendar.js'
export type { OracleEvent, OraclePast, OracleScope } from './events.js'
export { oracleFact } from './facts.js'
export type { OracleEntry, OracleNote } from './log.js'
export { oracleMoments, oracleNextFlip } from './moments.js'
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
export type { OraclePromise } from './promises.js'
export type { OracleMove } from './stages.js'
export { type OracleTruth, oracleCondition, oracleTruth } from './truth.js'
