export {
  defineLifecycle,
  type Heard,
  type LifecycleDefinition,
  type LifecycleKinds,
  type LifecycleState,
  type LifecycleView,
  type MoveReason,
  type Rule,
  type StageChanged,
  type StageSpecs,
  stageEvents,
} from './lifecycle.js'
