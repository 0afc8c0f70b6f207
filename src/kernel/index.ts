export { type Aggregate, collect } from './aggregate.js'
export { allocate, allocateUnits, type AllocationMethod, type AllocationRatio } from './allocate.js'
export {
  type Calendar,
  type CalendarDefinition,
  calendarOf,
  type CalendarUnit,
  type LocalTime,
  type LocalTimeInput,
  transitionsOf,
} from './calendar.js'
export {
  all,
  any,
  type Catalogue,
  type CatalogueWords,
  defineEvents,
  type ElapsedFact,
  not,
  type NumberFact,
  type ScopeOptions,
  someOf,
  type WindowOptions,
  type WordFact,
  writtenCondition,
  type WrittenCondition,
} from './catalogue.js'
export {
  checkCondition,
  checkFact,
  type Comparison,
  type CompiledCondition,
  compileCondition,
  type Condition,
  earliest,
  factsOf,
  firstHolding,
  leavesOf,
  nextFlip,
  type Operand,
  type ReasonLeaf,
  type Verdict,
} from './condition.js'
export { minorDigits } from './currency.js'
export { canonical, digest, digestName, type Json, plain } from './digest.js'
export type { DoorLimits, DoorRefusal, StandardSchema } from './door.js'
export { checkDuration, type ClockTime, type Duration, type DurationEnd, exactLength, next, type Weekday } from './duration.js'
export {
  complete,
  type Correction,
  type Draft,
  type Due,
  type Engine,
  type EventOf,
  FORMAT,
  type Journal,
  type JournalRefusal,
  type Kinds,
  type Model,
  type Outcome,
  type PendingRule,
  remembering,
  type Step,
} from './engine.js'
export { DefinitionError, type DefinitionCode, type DefinitionFault, type Lang, type Sentence } from './errors.js'
export { type AnyEvent, type Cause, compareEvents, type EventIn, subjectOf } from './event.js'
export { type Fact, type FactContext, type FactScope, FactSet, type FactValue, type Scalar, type Track, type Where } from './fact.js'
export {
  attributes,
  type DataOf,
  detail,
  type EventSpecs,
  type Field,
  type Fields,
  type FieldsOf,
  flag,
  integer,
  moment,
  money,
  numberOf,
  ref,
  text,
  type ValueOf,
  type Written,
} from './field.js'
export { formatInstant, type Instant, instant, isInstant, parseInstant } from './instant.js'
export type { Memory } from './memory.js'
export { type Sorted, type SortedOrder, type SortedVerbs, sortedVerbs } from './sorted.js'
export { joinVocabularies, type Vocabulary } from './vocabulary.js'
export type { ZoneTable } from './zone.js'
