import { fault, type Lang, reading } from '../../kernel/errors.js'
import type { Sentence } from '../../kernel/index.js'
import { isRecord } from '../../kernel/plain.js'
import { checkLang, filled } from '../../kernel/slots.js'
import type { RetentionDifference, RetentionSide } from './difference.js'
import type { RetentionFactor } from './mixed-definitions.js'

/**
 * The parts of a difference in plain sentences: both numbers, the difference, what each factor makes of it, and how many people
 * count differently. Names of people are not in it.
 *
 * @param names - What the two are called; A and B unless told.
 * @throws DefinitionError `unknown-name` for another language, `wrong-type` for what is no difference.
 * @example
 * describeRetentionDifference(difference, 'en', { a: 'PostHog', b: 'ours' })
 * // => 'PostHog: 41.0 % (41 of 100). ours: 38.0 % (38 of 100). The difference is -3.0 percentage points: clock -2.0 (clock), …'
 */
export function describeRetentionDifference(
  difference: RetentionDifference,
  lang: Lang,
  names: { readonly a?: string; readonly b?: string } = {},
): string {
  checkLang(lang)
  if (!isRecord(names)) throw fault('wrong-type', '$.names', names, '{ a, b }')
  const { a = 'A', b = 'B' } = names as { readonly a?: unknown; readonly b?: unknown }
  for (const [key, name] of Object.entries({ a, b }))
    if (typeof name !== 'string') throw fault('wrong-type', `$.names.${key}`, name, 'text')
  const called = { a: a as string, b: b as string }
  return reading('wrong-type', '$', difference, 'a difference by explainRetentionDifference', () =>
    sayDifference(difference, lang, called),
  )
}

function sayDifference(
  difference: RetentionDifference,
  lang: Lang,
  called: { readonly a: string; readonly b: string },
): string {
  const side = (name: string, { rate, retained, eligible }: RetentionSide): string =>
    rate === null
      ? filled(numbers.none[lang], { name })
      : filled(numbers.rate[lang], { name, points: rate.points, retained, eligible })
  const said = [side(called.a, difference.a), side(called.b, difference.b)]
  const { difference: whole, moved } = difference
  if (difference.kind === 'parts') {
    const list = difference.parts.map(({ factor, points, settings }) =>
      filled(numbers.part[lang], {
        factor: retentionFactors[factor][lang],
        points: signed(points),
        settings: settings.join(lang === 'zh' ? '、' : ', '),
      }),
    )
    const points = signed(difference.difference.points)
    said.push(
      list.length === 0
        ? numbers.same[lang]
        : filled(numbers.parts[lang], { points, parts: list.join(lang === 'zh' ? '；' : '; ') }),
    )
  } else {
    if (whole !== null) said.push(filled(numbers.whole[lang], { points: signed(whole.points) }))
    const mix = Object.entries(difference.mix).map(([factor, which]) =>
      filled(numbers.of[lang], {
        factor: retentionFactors[factor as RetentionFactor][lang],
        name: called[which],
      }),
    )
    said.push(
      filled(numbers.gap[lang], {
        mix: mix.length === 0 ? numbers.either[lang] : mix.join(lang === 'zh' ? '、' : ', '),
        reason: gaps[difference.reason][lang],
      }),
    )
  }
  said.push(filled(numbers.moved[lang], { count: moved.length }))
  return said.join(lang === 'zh' ? '' : ' ')
}

/** The factors in words. */
export const retentionFactors: Readonly<Record<RetentionFactor, Sentence>> = {
  clock: { en: 'clock', zh: '时钟' },
  entry: { en: 'entry', zh: '进入' },
  eligibility: { en: 'eligibility', zh: '应计范围' },
  filter: { en: 'filter', zh: '筛选' },
  measure: { en: 'measure', zh: '口径' },
}

const signed = (points: string) => (points.startsWith('-') || Number(points) === 0 ? points : `+${points}`)

const numbers = {
  rate: {
    en: '{name}: {points} % ({retained} of {eligible}).',
    zh: '{name}：{points}%（{retained}/{eligible}）。',
  },
  none: { en: '{name}: no number.', zh: '{name}：无数值。' },
  parts: {
    en: 'The difference is {points} percentage points: {parts}.',
    zh: '相差{points}个百分点：{parts}。',
  },
  part: { en: '{factor} {points} ({settings})', zh: '{factor}{points}（{settings}）' },
  whole: { en: 'The difference is {points} percentage points.', zh: '相差{points}个百分点。' },
  same: { en: 'Their settings are the same.', zh: '两者设置相同。' },
  of: { en: '{factor} of {name}', zh: '{name}的{factor}' },
  either: { en: 'either', zh: '两者' },
  gap: {
    en: 'There are no parts: with {mix} there is no number, because {reason}.',
    zh: '无法分解：取{mix}时没有数值，因为{reason}。',
  },
  moved: { en: 'People who count differently: {count}.', zh: '计数不同的用户：{count}人。' },
} as const satisfies Readonly<Record<string, Sentence>>

const gaps: Readonly<Record<Extract<RetentionDifference, { kind: 'undefined' }>['reason'], Sentence>> = {
  'no-trials': { en: 'nobody enters', zh: '没有进入的用户' },
  'not-over': { en: 'nobody’s window is over', zh: '尚无用户的窗口结束' },
  impossible: { en: 'the settings do not go together', zh: '这些设置不能同时成立' },
}
