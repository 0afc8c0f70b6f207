import type { Sentence } from '../../kernel/errors.js'
import type { Duration, Finding } from '../../kernel/index.js'

/** `error`: it does not do what anybody can have meant. `warning`: look at it. `note`: good to know. */
export type LintLevel = 'error' | 'warning' | 'note'

/**
 * What is strange about a lifecycle, beside what is strange about its conditions.
 *
 * - `unreachable-stage`: no chain of rules leads there; moves by hand may.
 * - `dead-end`: nothing leads on, and it is not declared final.
 * - `never-wins`: another rule of time always comes before it.
 * - `no-inactivity-rule`: whoever falls silent here stays for ever. A warning where silence matters in other stages and
 *   people come here by what they do, but for the first stage; else a note. Not said of stages that only time leads to.
 * - `zero-length-loop`: stages that pass somebody round without time passing; `may-never-settle`: where conditions may hold together.
 * - `shorter-than-contact`: time is up before the next contact.
 * - `idle-everywhere`: a rule of everywhere that changes nothing in these stages, as their own rules or the order of stages
 *   keep it from it; a warning where it changes nothing anywhere.
 * - `stage-without-words`: there are words for other stages in that language, none for this one, and its name is none.
 */
export type LifecycleOddity =
  | { readonly code: 'unreachable-stage' | 'dead-end' | 'no-inactivity-rule'; readonly stage: string }
  | { readonly code: 'never-wins'; readonly stage: string; readonly related: readonly string[] }
  | {
      readonly code: 'zero-length-loop' | 'may-never-settle'
      readonly stages: readonly string[]
      readonly related: readonly string[]
    }
  | {
      readonly code: 'shorter-than-contact'
      readonly stage: string
      readonly for: Duration
      readonly contact: Duration
    }
  | {
      readonly code: 'idle-everywhere'
      readonly stages: readonly string[]
      readonly related: readonly string[]
    }
  | { readonly code: 'stage-without-words'; readonly stage: string; readonly language: 'en' | 'zh' }

/** A finding: plain data with a code, a place in the definition, and a sentence in both languages. */
export type LifecycleFinding = (LifecycleOddity | Finding) & {
  /** `$.rules.new[1]`, `$.stages[3]`. */
  readonly path: string
  readonly level: LintLevel
  /** For findings about rules: the stage whose rules they are. */
  readonly stage?: string
  readonly said: Sentence
}

/** How oddities are said. */
export const oddities: { readonly [C in LifecycleOddity['code']]: Sentence } = {
  'unreachable-stage': {
    en: '{path}: no rules lead to {stage:word}',
    zh: '{path}：没有规则可到达{stage:word}',
  },
  'dead-end': {
    en: '{path}: nothing leads on from {stage:word}, and it is not declared final',
    zh: '{path}：{stage:word}无路可出，且未声明为终点',
  },
  'no-inactivity-rule': {
    en: '{path}: whoever falls silent in {stage:word} stays there for ever',
    zh: '{path}：在{stage:word}沉默的人会永远停留',
  },
  'never-wins': {
    en: '{path} never wins: {related} always comes before it',
    zh: '{path}永远轮不到：{related}总是先到期',
  },
  'zero-length-loop': {
    en: '{path}: {stages} pass people round without time passing',
    zh: '{path}：{stages}之间会在同一时刻循环',
  },
  'may-never-settle': {
    en: '{path}: {stages} may pass people round without time passing: their conditions may hold together',
    zh: '{path}：{stages}的条件可能同时成立，从而在同一时刻循环',
  },
  'shorter-than-contact': {
    en: '{path}: {for:duration} are over before the next contact ({contact:duration})',
    zh: '{path}：{for:duration}短于触达节奏（{contact:duration}）',
  },
  'idle-everywhere': {
    en: '{path} changes nothing in {stages}',
    zh: '{path}在{stages}不起作用',
  },
  'stage-without-words': {
    en: '{path}: {stage} has no word in {language}',
    zh: '{path}：{stage}没有{language}名称',
  },
}

/** How serious a finding is. */
export const levels: { readonly [C in LifecycleOddity['code'] | Finding['code']]: LintLevel } = {
  'unreachable-stage': 'warning',
  'dead-end': 'warning',
  'no-inactivity-rule': 'warning',
  'never-wins': 'warning',
  'zero-length-loop': 'error',
  'may-never-settle': 'warning',
  'shorter-than-contact': 'warning',
  'idle-everywhere': 'note',
  'stage-without-words': 'note',
  'always-true': 'warning',
  'never-true': 'warning',
  contradiction: 'warning',
  implied: 'note',
  duplicate: 'warning',
  shadowed: 'warning',
  overlapping: 'note',
  'window-longer-than-retention': 'warning',
  'undeclared-event': 'error',
  'unsent-event': 'warning',
  'not-decided': 'note',
}
