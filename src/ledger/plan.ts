import {
  checkKeys,
  checkList,
  checkName,
  checkPlain,
  checkRecord,
  fault,
  type Lang,
  reading,
  type Sentence,
} from '../kernel/errors.js'
import { type AnyEvent, type Instant, isInstant, plain } from '../kernel/index.js'
import { isRecord } from '../kernel/plain.js'
import { checkLang, filled } from '../kernel/slots.js'

/** A command as the one who writes a plan gives it: the plan adds id, subject and instant. */
export interface PlannedCommand {
  readonly type: string
  readonly data: object
  /** RefusedStep as `version-conflict` unless its subject has accepted so many inputs: what was decided on what was seen. */
  readonly expectedVersion?: number
}

/** A step as it is written. */
export interface PlannedStep {
  /** Which engine decides it. */
  readonly engine: string
  readonly subject: string
  readonly command: PlannedCommand
  /**
   * What takes it back; by a function where it names the step's own id, as a release names its reservation. Without one it
   * cannot be taken back: put such steps last.
   */
  readonly undo?: PlannedCommand | ((id: string) => PlannedCommand)
  /**
   * Codes of refusals, of the step or of its undo, that say that there is nothing left to do: what was to be released has
   * ended by itself. None unless told.
   */
  readonly moot?: readonly string[]
}

/** A step made ready: the host hands `command` to the engine of that name, on the state of that subject. */
export interface PlanStep {
  readonly engine: string
  readonly subject: string
  readonly command: AnyEvent
  readonly undo: AnyEvent | null
  /** Codes of refusals that say that there is nothing left to do. */
  readonly moot?: readonly string[]
}

/**
 * What several subjects have to do together: steps that a host carries out one after the other, and takes back in reverse
 * where one is refused. Plain JSON; stored before the first step is tried.
 */
export interface Plan {
  readonly id: string
  /** When it was decided on: the instant of its commands. */
  readonly occurredAt: Instant
  readonly steps: readonly PlanStep[]
}

/**
 * What became of a step, or of taking it back. A host appends each to the plan's reports before it asks what is next. `settled`
 * says that a person has put right what no command could.
 */
export interface StepReport {
  /** Place in the plan, from 0. */
  readonly step: number
  readonly part: 'do' | 'undo'
  readonly outcome: 'accepted' | 'repeated' | 'refused' | 'settled'
  /** When it became known: what is taken back after it is dated so. */
  readonly at: Instant
  /** Of an outcome `refused`. */
  readonly refusal?: { readonly code: string }
}

/** What a host does next. */
export type PlanNext =
  /** Hands the command to its engine; as often as it likes, for the id is the same. */
  | {
      readonly next: 'do' | 'undo'
      readonly step: number
      readonly engine: string
      readonly subject: string
      readonly command: AnyEvent
    }
  /** All steps are done. */
  | { readonly next: 'done' }
  /** A step was refused, and all that was done before it is taken back. */
  | { readonly next: 'failed'; readonly because: RefusedStep }
  /** Nobody knows any more whether a step stands, or was taken back. A person has to look it up. */
  | UnknownStep
  /** Part of the plan is done and no command can change that. A person has to: see `code`. */
  | StuckPlan

/** A step that was refused, and why. */
export interface RefusedStep {
  readonly step: number
  readonly refusal: { readonly code: string }
}

/**
 * A step that was tried again so late that its engine no longer knows whether it is a repeat. Look `input` up in the log of
 * the subject. Where it is there, report the step `settled`; where it is not, report it `refused`: as `late` with `lastAt`, the
 * last instant of the subject, to have it tried again, or with a code of your own to turn the plan back.
 */
export interface UnknownStep {
  readonly next: 'unknown'
  readonly step: number
  /** Whether it is not known that it was done, or that it was taken back. */
  readonly part: 'do' | 'undo'
  readonly engine: string
  readonly subject: string
  /** Id of the command to look up: the `cause` of what it recorded. */
  readonly input: string
  readonly refusal: { readonly code: string }
}

/** Half a plan, and what a person has to do about it. */
export interface StuckPlan {
  readonly next: 'stuck'
  /**
   * `undo-refused`: take the step back by hand and report it `settled` (or make its undo acceptable, and report that).
   * `cannot-undo`: a step has no undo and a later one was refused; carry that one out by hand and report it `settled`.
   */
  readonly code: 'undo-refused' | 'cannot-undo'
  /** The step that a person has to see to. */
  readonly step: number
  readonly engine: string
  readonly subject: string
  /** Why it was refused. */
  readonly refusal: { readonly code: string }
  /** Why the plan turned back. */
  readonly because: RefusedStep
  /** The steps that are done and not taken back, this one among them where it is. */
  readonly standing: readonly number[]
}

const KEYS = ['engine', 'subject', 'command', 'undo', 'moot']

/**
 * A plan. Ids follow from the plan's own id and the place of each step, so a plan that is carried out twice has one effect.
 *
 * @param steps - In the order in which they are tried: first what may be refused and can be taken back, last what cannot.
 * @throws DefinitionError `missing` without steps, `wrong-type`, `invalid-instant`, `unknown-key`, `not-plain-data`.
 * @example
 * planOf('order-7', at, [
 *   { engine: 'gift', subject: 'mug', command: { type: 'gift/reserve', data: { amount: 1, holder: 'ann' } },
 *     undo: (id) => ({ type: 'gift/release', data: { reservation: id } }) },
 *   { engine: 'points', subject: 'ann', command: { type: 'points/redeem', data: { points: 500 } },
 *     undo: (id) => ({ type: 'points/refund', data: { redemption: id } }) },
 *   { engine: 'gift', subject: 'mug', command: { type: 'gift/commit', data: { reservation: stepId('order-7', 0) } } },
 * ]).steps[1].command.id // => 'order-7#1'
 */
export function planOf(id: string, occurredAt: Instant, steps: readonly PlannedStep[]): Plan {
  checkId(id, '$.id')
  if (!isInstant(occurredAt)) throw fault('invalid-instant', '$.occurredAt', occurredAt, 'an instant')
  checkList(steps, '$.steps')
  if (steps.length === 0) throw fault('missing', '$.steps', undefined, 'a step or more')
  return { id, occurredAt, steps: steps.map((step, i) => stepOf(id, occurredAt, step, i)) }
}

/** The id of a plan's step, for the steps after it: what it reserved or redeemed goes by it. */
export function stepId(plan: string, step: number): string {
  checkId(plan, '$.plan')
  if (!(Number.isSafeInteger(step) && step >= 0)) throw fault('out-of-range', '$.step', step, '0 or more')
  return `${plan}#${step}`
}

function stepOf(plan: string, occurredAt: Instant, step: PlannedStep, i: number): PlanStep {
  const path = `$.steps[${i}]`
  checkRecord(step, path)
  checkKeys(step, KEYS, path)
  const { engine, subject, undo, moot } = step
  checkText(engine, `${path}.engine`)
  checkText(subject, `${path}.subject`)
  const id = stepId(plan, i)
  const taken =
    typeof undo === 'function'
      ? reading('wrong-type', `${path}.undo`, undo, 'a command', () => undo(id))
      : undo
  if (moot !== undefined) checkCodes(moot, `${path}.moot`)
  return {
    engine,
    subject,
    command: commandOf(step.command, id, subject, occurredAt, `${path}.command`),
    undo: taken === undefined ? null : commandOf(taken, `${id}#undo`, subject, occurredAt, `${path}.undo`),
    ...(moot !== undefined && { moot: [...moot] }),
  }
}

function checkCodes(codes: readonly string[], path: string): void {
  checkList(codes, path)
  for (const [i, code] of codes.entries()) checkText(code, `${path}[${i}]`)
}

function commandOf(
  command: PlannedCommand,
  id: string,
  subject: string,
  occurredAt: Instant,
  path: string,
): AnyEvent {
  checkRecord(command, path)
  checkKeys(command, ['type', 'data', 'expectedVersion'], path)
  const { type, data, expectedVersion } = command
  checkText(type, `${path}.type`)
  checkPlain(data, `${path}.data`)
  if (expectedVersion === undefined) return { id, type, subject, occurredAt, data: plain(data) }
  if (!(Number.isSafeInteger(expectedVersion) && expectedVersion >= 0))
    throw fault('out-of-range', `${path}.expectedVersion`, expectedVersion, '0 or more')
  return { id, type, subject, occurredAt, expectedVersion, data: plain(data) }
}

/** Ids of inputs end at 1,000 characters; a step's is a little longer than its plan's. */
function checkId(id: unknown, path: string): void {
  if (typeof id !== 'string' || id === '' || id.length > 900)
    throw fault('wrong-type', path, id, 'text of 1 to 900 characters')
}

function checkText(value: unknown, path: string): void {
  if (typeof value !== 'string' || value === '') throw fault('wrong-type', path, value, 'text')
}

/**
 * What to do next, from what is known of a plan's steps. Pure: it may be asked again after a crash at any point, with the
 * reports that were stored, and a step whose report was lost is simply tried again.
 *
 * The first step that is refused turns the plan back, for good: what was done before it is taken back, the last first, and so
 * is what is reported later as done. A step that is refused as `late` has only met a subject that moved on: it is tried again,
 * dated at that subject's last instant. One that is refused as `outside-idempotency-window` may stand or not: nothing is
 * taken back or tried until that is looked up. Reports may repeat.
 *
 * One runner at a time carries a plan out (a lock, or the version of the stored reports).
 *
 * @throws DefinitionError `wrong-type`, `out-of-range` for what is no plan and for reports of steps that it has not.
 * @example
 * let reports = []
 * for (let next = carryOut(plan, reports); next.next === 'do' || next.next === 'undo'; next = carryOut(plan, reports))
 *   reports = [...reports, reportOf(next, engines[next.engine].decide(await load(next), next.command), now)]
 */
export function carryOut(plan: Plan, reports: readonly StepReport[]): PlanNext {
  checkPlan(plan)
  checkReports(reports, plan.steps.length)
  const steps = plan.steps.map((): StepStands => ({ is: 'open', late: { do: -Infinity, undo: -Infinity } }))
  const turned = told(steps, reports, plan)
  const attempt = (step: number, part: 'do' | 'undo', from: Instant): PlanNext => {
    const { engine, subject, command, undo } = plan.steps[step]!
    const occurredAt = Math.max(from, steps[step]!.late[part])
    return {
      next: part,
      step,
      engine,
      subject,
      command: { ...(part === 'do' ? command : undo!), occurredAt },
    }
  }
  const unknown = steps.findIndex((one) => one.unknown !== undefined)
  if (unknown >= 0) {
    const { engine, subject, command, undo } = plan.steps[unknown]!
    const { part, refusal } = steps[unknown]!.unknown!
    const { id: input } = part === 'do' ? command : undo!
    return { next: 'unknown', step: unknown, part, engine, subject, input, refusal }
  }
  const open = steps.findIndex(({ is }) => is !== 'done')
  if (open < 0) return { next: 'done' }
  if (turned === undefined) return attempt(open, 'do', plan.occurredAt)
  const because = { step: turned.step, refusal: refusalIn(turned) }
  const standing = steps.flatMap(({ is }, step) => (is === 'done' ? [step] : []))
  const last = standing.at(-1)
  if (last === undefined) return { next: 'failed', because }
  const stuck = (code: StuckPlan['code'], step: number, refusal: RefusedStep['refusal']): StuckPlan => {
    const { engine, subject } = plan.steps[step]!
    return { next: 'stuck', code, step, engine, subject, refusal, because, standing }
  }
  if (standing.some((step) => plan.steps[step]!.undo === null)) {
    // What cannot be taken back can only be completed.
    const { is, refused } = steps[open]!
    if (is === 'open' && refused?.do === undefined) return attempt(open, 'do', plan.occurredAt)
    return stuck('cannot-undo', open, refused?.do ?? because.refusal)
  }
  const refusal = steps[last]!.refused?.undo
  if (refusal !== undefined) return stuck('undo-refused', last, refusal)
  return attempt(last, 'undo', Math.max(plan.occurredAt, turned.at))
}

/** How a step stands. */
interface StepStands {
  is: 'open' | 'done' | 'undone'
  refused?: { [P in StepReport['part']]?: RefusedStep['refusal'] }
  /** What was tried again too late to know whether it was done before. */
  unknown?: { readonly part: StepReport['part']; readonly refusal: RefusedStep['refusal'] }
  /** The last instants of its subject that attempts came too late for. */
  readonly late: { [P in StepReport['part']]: Instant }
}

/** Notes what was reported; answers with the report that turned the plan back. */
function told(
  steps: readonly StepStands[],
  reports: readonly StepReport[],
  { steps: planned }: Plan,
): StepReport | undefined {
  let turned: StepReport | undefined
  for (const report of reports) {
    const { part, outcome } = report
    const step = steps[report.step]!
    // Whatever else is known of it settles whether it stands.
    if (step.unknown?.part === part) delete step.unknown
    const isMoot = outcome === 'refused' && planned[report.step]!.moot?.includes(refusalIn(report).code)
    if (outcome !== 'refused' || isMoot) {
      // Whether it was done once or twice: what is taken back stays so, unless a person says otherwise.
      if (part === 'undo') step.is = 'undone'
      else if (step.is === 'open' || outcome === 'settled') step.is = 'done'
      continue
    }
    const refusal = refusalIn(report)
    if (refusal.code === 'outside-idempotency-window') {
      if (step.is === (part === 'do' ? 'open' : 'done')) step.unknown = { part, refusal }
      continue
    }
    const { lastAt } = refusal as { readonly lastAt?: unknown }
    if (refusal.code === 'late' && isInstant(lastAt)) {
      step.late[part] = Math.max(step.late[part], lastAt)
      continue
    }
    if (part === 'do' && step.is !== 'open') continue
    step.refused = { ...step.refused, [part]: refusal }
    if (part === 'do') turned ??= report
  }
  return turned
}

const refusalIn = ({ refusal }: StepReport): RefusedStep['refusal'] => refusal ?? { code: 'unknown' }

/**
 * The report of an attempt, from what the engine answered.
 *
 * @param at - When it became known.
 * @throws DefinitionError `wrong-type` for what is no attempt or no outcome, `invalid-instant`.
 */
export function reportOf(
  attempt: PlanNext,
  outcome: {
    readonly outcome: 'accepted' | 'repeated' | 'refused'
    readonly refusal?: { readonly code: string }
  },
  at: Instant,
): StepReport {
  checkRecord(attempt, '$.attempt')
  if (attempt.next !== 'do' && attempt.next !== 'undo')
    throw fault('wrong-type', '$.attempt.next', attempt.next, 'do | undo')
  const { step, next: part } = attempt
  checkRecord(outcome, '$.outcome')
  const report: StepReport =
    outcome.refusal === undefined
      ? { step, part, outcome: outcome.outcome, at }
      : { step, part, outcome: outcome.outcome, at, refusal: plain(outcome.refusal) }
  checkReport(report, Infinity, '$')
  return report
}

function checkPlan(plan: Plan): void {
  checkRecord(plan, '$.plan')
  const { id, occurredAt, steps } = plan
  checkId(id, '$.plan.id')
  if (!isInstant(occurredAt)) throw fault('invalid-instant', '$.plan.occurredAt', occurredAt, 'an instant')
  checkList(steps, '$.plan.steps')
  if (steps.length === 0) throw fault('missing', '$.plan.steps', undefined, 'a step or more')
  for (const [i, step] of steps.entries()) {
    const path = `$.plan.steps[${i}]`
    checkRecord(step, path)
    checkText(step.engine, `${path}.engine`)
    checkText(step.subject, `${path}.subject`)
    checkRecord(step.command, `${path}.command`)
    if (step.undo !== null) checkRecord(step.undo, `${path}.undo`)
    if (step.moot !== undefined) checkCodes(step.moot, `${path}.moot`)
  }
}

function checkReports(reports: readonly StepReport[], steps: number): void {
  checkList(reports, '$.reports')
  for (const [i, report] of reports.entries()) checkReport(report, steps, `$.reports[${i}]`)
}

const outcomes = ['accepted', 'repeated', 'refused', 'settled'] as const

function checkReport(report: StepReport, steps: number, path: string): void {
  checkRecord(report, path)
  const { step, part, outcome, at, refusal } = report
  if (!(Number.isSafeInteger(step) && step >= 0 && step < steps))
    throw fault('out-of-range', `${path}.step`, step, 'the place of a step')
  checkName(['do', 'undo'], part, `${path}.part`)
  checkName(outcomes, outcome, `${path}.outcome`)
  if (!isInstant(at)) throw fault('invalid-instant', `${path}.at`, at, 'an instant')
  if (outcome === 'refused' && !(isRecord(refusal) && typeof refusal['code'] === 'string'))
    throw fault('wrong-type', `${path}.refusal`, refusal, 'a refusal with its code')
}

type Said = Exclude<PlanNext['next'], 'stuck' | 'unknown'> | StuckPlan['code'] | 'unknown-do' | 'unknown-undo'
const sentences: { readonly [C in Said]: Sentence } = {
  do: { en: 'next: step {step} ({type})', zh: '下一步：第{step}步（{type}）' },
  undo: { en: 'next: take step {step} back ({type})', zh: '下一步：撤回第{step}步（{type}）' },
  done: { en: 'all steps are done', zh: '所有步骤均已完成' },
  failed: {
    en: 'step {because} was refused ({why}); nothing is left of the others',
    zh: '第{because}步被拒绝（{why}）；其余步骤均已撤回',
  },
  'unknown-do': {
    en: 'whether step {step} of {subject} was done is not known, as it was tried again too late to tell: look {input} up in the log of {subject}; report the step settled if it is there, and refused if it is not',
    zh: '第{step}步（{subject}）是否已完成无法得知，因重试过晚：请在{subject}的日志中查找{input}；如存在，请标记为已处理，否则标记为被拒绝',
  },
  'unknown-undo': {
    en: 'whether step {step} of {subject} was taken back is not known, as that was tried again too late to tell: look {input} up in the log of {subject}; report the undo settled if it is there, and refused if it is not',
    zh: '第{step}步（{subject}）是否已撤回无法得知，因重试过晚：请在{subject}的日志中查找{input}；如存在，请将撤回标记为已处理，否则标记为被拒绝',
  },
  'undo-refused': {
    en: 'step {because} was refused ({why}), and step {step} of {subject} cannot be taken back ({refusal}): take it back by hand and report it settled. Still standing: {standing}',
    zh: '第{because}步被拒绝（{why}），且第{step}步（{subject}）无法撤回（{refusal}）：请人工撤回，并标记为已处理。仍生效的步骤：{standing}',
  },
  'cannot-undo': {
    en: 'step {step} of {subject} was refused ({refusal}) after a step that cannot be taken back: carry it out by hand and report it settled. Standing: {standing}',
    zh: '第{step}步（{subject}）被拒绝（{refusal}），而此前有不可撤回的步骤：请人工完成该步，并标记为已处理。已生效的步骤：{standing}',
  },
}

/**
 * Says what is next, in words; of a plan that is stuck, what a person has to do. Steps are counted from 1 here.
 *
 * @param say - How a refusal is said: `(refusal) => explain(engine, refusal, lang)`; by its code unless told.
 * @example
 * explainPlan({ next: 'done' }, 'zh') // => '所有步骤均已完成'
 */
export function explainPlan(
  next: PlanNext,
  lang: Lang,
  say: (refusal: { readonly code: string }) => string = ({ code }) => code,
): string {
  checkLang(lang)
  checkRecord(next, '$.next')
  checkName(['do', 'undo', 'done', 'failed', 'stuck', 'unknown'], next.next, '$.next.next')
  return reading('wrong-type', '$.next', next, 'what carryOut answers', () => {
    switch (next.next) {
      case 'done':
        return sentences.done[lang]
      case 'failed':
        return filled(sentences.failed[lang], {
          because: next.because.step + 1,
          why: say(next.because.refusal),
        })
      case 'unknown': {
        const { part, step, subject, input } = next
        checkName(['do', 'undo'], part, '$.next.part')
        return filled(sentences[`unknown-${part}`][lang], { step: step + 1, subject, input })
      }
      case 'stuck': {
        const { code, step, subject, refusal, because, standing } = next
        return filled(sentences[code][lang], {
          step: step + 1,
          subject,
          refusal: say(refusal),
          because: because.step + 1,
          why: say(because.refusal),
          standing: standing.map((one) => one + 1).join(', '),
        })
      }
      default:
        return filled(sentences[next.next][lang], { step: next.step + 1, type: next.command.type })
    }
  })
}
