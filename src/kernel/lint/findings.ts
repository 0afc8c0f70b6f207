import type { Condition } from '../condition.js'
import type { Duration } from '../duration.js'
import type { Sentence } from '../errors.js'
import type { Fact } from '../fact.js'

/**
 * What is strange about a condition, as plain data; `explain` says it in words. `path` is where, `related` are the
 * other places that it has to do with, and `part` and `other` are what stands there.
 *
 * - `never-true`: no history makes it hold. `always-true`: every history without gaps in tracking makes it hold.
 * - `contradiction`: parts of an `all` that never hold together.
 * - `implied`: a part that changes nothing beside another: in an `all` it holds whenever the other does, in an `any` the
 *   other holds whenever it does. `duplicate`: both hold in the same histories.
 * - `shadowed`: an alternative that earlier ones always come before. `overlapping`: two that may hold at once and lead
 *   to different places, so that their order decides.
 * - `window-longer-than-retention`: a fact reaches further back than the host keeps events.
 * - `undeclared-event`, `unsent-event`: a fact of an event that the catalogue does not have, that nobody sends.
 * - `not-decided`: too much to look at; findings may be missing from here on.
 */
export type Finding =
  | { readonly code: 'always-true' | 'never-true'; readonly path: string; readonly part: Condition }
  | {
      readonly code: 'contradiction' | 'implied' | 'duplicate'
      readonly path: string
      readonly related: readonly string[]
      readonly part: Condition
      readonly other: Condition
    }
  | { readonly code: 'shadowed' | 'overlapping'; readonly path: string; readonly related: readonly string[] }
  | {
      readonly code: 'window-longer-than-retention'
      readonly path: string
      readonly fact: Fact
      readonly retention: Duration
    }
  | { readonly code: 'undeclared-event' | 'unsent-event'; readonly path: string; readonly event: string }
  | { readonly code: 'not-decided'; readonly path: string }

/** How findings are said. */
export const lintSentences: { readonly [C in Finding['code']]: Sentence } = {
  'always-true': { en: '{path}: always holds: {part:condition}', zh: '{path}：恒成立：{part:condition}' },
  'never-true': { en: '{path}: never holds: {part:condition}', zh: '{path}：永不成立：{part:condition}' },
  contradiction: {
    en: '{path} and {related} exclude each other: {part:condition}; {other:condition}',
    zh: '{path}与{related}互相矛盾：{part:condition}；{other:condition}',
  },
  implied: {
    en: '{path} changes nothing beside {related}: {part:condition}; {other:condition}',
    zh: '有{related}时{path}多余：{part:condition}；{other:condition}',
  },
  duplicate: {
    en: '{path} says the same as {related}: {part:condition}; {other:condition}',
    zh: '{path}与{related}等价：{part:condition}；{other:condition}',
  },
  shadowed: {
    en: '{path} never gets its turn: {related} always comes before it',
    zh: '{path}永远轮不到：总被{related}抢先',
  },
  overlapping: {
    en: '{path} and {related} may hold at once: the order decides',
    zh: '{path}与{related}可能同时成立：由先后顺序决定',
  },
  'window-longer-than-retention': {
    en: '{path} reaches further back than events are kept ({retention:duration})',
    zh: '{path}回看的时间超过事件保留期（{retention:duration}）',
  },
  'undeclared-event': {
    en: '{path} names the event {event}, which is not declared',
    zh: '{path}引用了未声明的事件{event}',
  },
  'unsent-event': {
    en: '{path} waits for the event {event:word}, which nobody sends',
    zh: '{path}依赖的事件{event:word}无人发送',
  },
  'not-decided': {
    en: '{path} is too large to be looked through: findings may be missing',
    zh: '{path}过于复杂，未能查完：可能有遗漏',
  },
}
