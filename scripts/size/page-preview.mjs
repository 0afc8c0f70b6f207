// A page that previews stages and points: it defines them, takes a state that the server keeps, and shows what an input
// would change and why, in both languages. Everything that it needs is in the bundle.
export {
  attributeKind,
  countKind,
  defineEventsWith,
  explain,
  instant,
  lastKind,
  money,
  preview,
  stageEvents,
  sumKind,
  text,
  timeSinceKind,
} from 'liuliang'
export { defineLifecycle } from 'liuliang/lifecycle'
export { definePoints } from 'liuliang/points'
export { defineProgram } from 'liuliang/program'
