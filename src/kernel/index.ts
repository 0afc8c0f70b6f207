export { type Aggregate, collect } from './aggregate.js'
export { type AllocationMethod, type AllocationRatio, allocate, allocateUnits } from './allocate.js'
export {
  type Anniversaries,
  type Anniversary,
  type AnniversaryRule,
  anniversariesOf,
  chineseAnniversaries,
  gregorianAnniversaries,
  type LeapDayPolicy,
  type LeapMonthPolicy,
  type ShortMonthPolicy,
} from './anniversary.js'
export { type Audit, type AuditFinding, audit } from './audit.js'
export type { BusinessDefinition, BusinessHours } from './business.js'
export {
  type Calendar,
  type CalendarDefinition,
  type CalendarUnit,
  calendarOf,
  type LocalTime,
  type LocalTimeInput,
  type Span,
} from './calendar.js'
export {
  all,
  any,
  type Catalogue,
  type CatalogueWords,
  defineEvents,
  defineEventsWith,
  type ElapsedFact,
  type NumberFact,
  not,
  type RatioFact,
  type ScopeOptions,
  type StepOf,
  someOf,
  type TallyFact,
  type TallyOptions,
  type WhereOf,
  type WindowOptions,
  type WordFact,
  type WrittenCondition,
  writtenCondition,
} from './catalogue.js'
export {
  type ChineseDate,
  chineseDateOf,
  chineseMonthLength,
  chineseYears,
  dayOfChineseDate,
} from './chinese.js'
export {
  type Collecting,
  type CollectOptions,
  type CollectProgress,
  collectAsync,
  collectBatches,
  collectSteps,
} from './collecting.js'
export { type Column, columnsOf, type DictionaryColumn, type EventColumns } from './columns.js'
export {
  type Comparison,
  type CompiledCondition,
  type Condition,
  compileCondition,
  earlier,
  factsOf,
  firstHolding,
  leavesOf,
  nextFlip,
  type Operand,
  type ReasonLeaf,
  type Verdict,
} from './condition.js'
export { checkCondition, checkFact } from './condition-check.js'
export { coverage } from './coverage.js'
export { minorDigits } from './currency.js'
export { multiplyMoney, type Rounding, roundToMoney } from './decimal.js'
export { canonical, digest, digestName, type Json, plain } from './digest.js'
export type { DoorLimits, DoorRefusal, ReadOptions, StandardSchema } from './door.js'
export {
  type ClockTime,
  checkDuration,
  type Duration,
  type DurationEnd,
  exactLength,
  next,
  type Weekday,
} from './duration.js'
export { exp, expm1, ln, log1p } from './elementary.js'
export {
  complete,
  type Engine,
  type EventOf,
  FORMAT,
  type InputOf,
  type Journal,
  type JournalRefusal,
  type Outcome,
  remembering,
  type StateOf,
  type Step,
  type ViewOf,
} from './engine.js'
export {
  type DefinitionCode,
  DefinitionError,
  type DefinitionFault,
  type Lang,
  type Sentence,
} from './errors.js'
export { type AnyEvent, type Cause, compareEvents, type EventIn, subjectOf } from './event.js'
export { type Explainable, explain, explainError, type Speaker } from './explain.js'
export {
  type AnniversaryPolicy,
  type Fact,
  type FactContext,
  type FactKind,
  type FactKinds,
  type FactScope,
  FactSet,
  type FactValue,
  type FactWindow,
  kindOfFact,
  type Measure,
  measureOf,
  type Scalar,
  type SequenceStep,
  type StreakUnit,
  SumOutOfRange,
  type Tally,
  type Track,
  type Tracker,
  type Window,
} from './fact.js'
export { ageKind, anniversaryKind } from './facts/dates.js'
export { distinctKind } from './facts/distinct.js'
export { timeBetweenKind, timeSinceKind } from './facts/elapsed.js'
export { firstKind, lastKind } from './facts/ends.js'
export { maxKind, minKind } from './facts/extreme.js'
export { factKinds } from './facts/index.js'
export { attributeKind, saysKind } from './facts/profile.js'
export { ratioKind } from './facts/ratio.js'
export { sequenceKind } from './facts/sequence.js'
export { sessionsKind, sessionTimeKind } from './facts/sessions.js'
export { streakKind } from './facts/streak.js'
export { countKind, sumKind } from './facts/tally.js'
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
  type LineFields,
  lines,
  moment,
  money,
  numberOf,
  ref,
  sameFields,
  text,
  type ValueOf,
  valueOfNumber,
  type Written,
} from './field.js'
export { type Filter, matcherOf, type Where } from './filter.js'
export { tzdataRelease, zoneFingerprint } from './fingerprint.js'
export type { FiscalDefinition, FiscalPeriod, FiscalUnit } from './fiscal.js'
export { forget } from './forget.js'
export { formatInstant, type Instant, instant, isInstant, parseInstant } from './instant.js'
export { conditionJsonSchema } from './json-schema.js'
export { type Expected, type ExpectedKind, parseCondition, type TextRefusal } from './language/parse.js'
export { explainDuration, printCondition } from './language/print.js'
export {
  type Alternative,
  type Finding,
  type LintOptions,
  lintCondition,
  lintRules,
} from './lint/index.js'
export type { Memory } from './memory.js'
export { type CarriedFacts, carriedFacts, type Migrated, migrateState } from './migrate.js'
export { type MissingLeaf, missing } from './missing.js'
export type { Correction, DerivedOnly, Draft, Due, DueEvent, Kinds, Model, PendingRule } from './model.js'
export {
  addMoney,
  compareMoney,
  formatMinor,
  type Money,
  type MoneyOptions,
  moneyOf,
  negateMoney,
  parseMinor,
  subtractMoney,
  sumMoney,
  toMoney,
} from './money.js'
export type { NamedDays, NamedDefinition } from './named.js'
export { type Periods, type PeriodUnit, periodsOf } from './periods.js'
export { pow } from './power.js'
export { changesBetween, type Preview, preview, type ViewChange, verdicts } from './preview.js'
export { type Random, type RandomState, random, restoreRandom } from './random.js'
export { lcm, mulDiv, parseRatio, shareOf, stepsIn } from './rational.js'
export { type ReplayChange, type Replayed, type ReplayLog, replay } from './replay.js'
export { restore, resume } from './restore.js'
export { type Route, route } from './route.js'
export { compileRules, type Rules } from './rules.js'
export {
  calendarSchema,
  conditionSchema,
  durationSchema,
  eventsSchema,
  factSchema,
  headSchema,
  lazily,
  nameSchema,
  readDefinition,
  type SchemaFor,
  whereSchema,
  windowSchema,
  wordsSchema,
} from './schema.js'
export { type Sorted, type SortedOrder, type SortedVerbs, sortedVerbs } from './sorted.js'
export { isZone, transitionsOf, type ZoneSource } from './tzdata.js'
export { joinVocabularies, type Vocabulary } from './vocabulary.js'
export type { WeekOfYear } from './week.js'
export type { ZoneTable } from './zone.js'
