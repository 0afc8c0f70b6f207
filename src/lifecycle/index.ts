export type { Heard, LifecycleDefinition, ResetFact, Rule, RulesByStage } from './definition.js'
export { lifecycleFrom } from './from.js'
export {
  defineLifecycle,
  type LifecycleKinds,
  type LifecycleState,
  type LifecycleView,
  type MoveReason,
  type StageChanged,
  type StageSpecs,
  stageEvents,
} from './lifecycle.js'
export { matchStage } from './match.js'
