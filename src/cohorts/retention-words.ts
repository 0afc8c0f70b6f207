import { canonical, digestName } from '../kernel/digest.js'
import { fault, type Lang, reading, unknownName } from '../kernel/errors.js'
import type { Filter, Where } from '../kernel/filter.js'
import {
  type Duration,
  type EventSpecs,
  explainDuration,
  formatInstant,
  isInstant,
  type PeriodUnit,
  type Sentence,
} from '../kernel/index.js'
import { namesOf, sayName, sayText, type Voice, voiceOf } from '../kernel/language/words.js'
import { isRecord, own } from '../kernel/plain.js'
import { type EventChoice, filters, patternsOf } from './event-choice.js'
import type { RetentionDifference, RetentionFactor, RetentionSide } from './retention-difference.js'
import {
  type EntryRule,
  type RetentionDefinition,
  readSettings,
  type Settings,
} from './retention-settings.js'

/**
 * A definition of retention in plain sentences, made from its settings, so that what stands in a tooltip and what is counted cannot
 * differ. Settings that matter where numbers are compared are said also where they are defaults. Events, fields and values
 * are said by the words of the definition's catalogue; what has no word is quoted.
 *
 * Definitions that may count differently have different texts. Not said: `id`, `version`, and parts of the calendar that retention
 * does not read (`business`, `fiscal`, `named`). A table of zones of one's own is said by its digest.
 *
 * @throws DefinitionError for a definition that does not hold; `unknown-name` for another language.
 * @example
 * describeRetention({ id: 'buyers', version: 1, calendar: { zone: 'Asia/Shanghai' }, period: 'month', entry: 'paid', activity: 'paid' }, 'en')
 * // => 'Of those whose first "paid" was in one month: the share with "paid" in the N-th month after it. N counts months of …'
 */
export function describeRetention<E extends EventSpecs = EventSpecs>(
  definition: RetentionDefinition<E>,
  lang: Lang,
): string {
  checkLang(lang)
  const given = definition as unknown as RetentionDefinition
  const settings = readSettings(given)
  const { events } = given
  return reading('wrong-type', '$.events', events, 'a catalogue made by defineEvents', () =>
    sayDefinition(given, settings, lang),
  )
}

function sayDefinition({ events }: RetentionDefinition, settings: Settings, lang: Lang): string {
  const voice = voiceOf(events?.vocabulary ?? { sentences: {}, words: {}, events: {} }, lang)
  const says = sayer(voice)
  const { agreed, clock, minimum, measure, breakdown } = settings
  const { calendar, period, entry, activity, where, sum, keep } = agreed
  const rule = agreed.entryRule ?? 'first-matching'
  const unit = units[period]
  const of = (sentence: Sentence, slots: { readonly [name: string]: string | number } = {}): string =>
    filled(sentence[lang], { unit: unit[lang], units: plurals[period][lang], ...slots })
  const span = clock === 'calendar' ? undefined : sayLength(agreed.clock, lang)

  const said: string[] = []
  const act = of(minimum === 1 ? doing.once : doing.often, {
    activity: says.choice(activity),
    minimum,
  })
  const step = clock === 'calendar' ? of(steps.calendar) : of(steps.elapsed, { span: span! })
  said.push(
    of(frames[rule], {
      entry: says.choice(entry),
      types: says.choice(typesOf(entry)),
      measured: measured(measure, act, step, lang),
    }),
  )
  if (clock === 'calendar') said.push(of(clocks.calendar, { zone: calendar.zone }))
  else {
    said.push(of(clocks.elapsed, { zone: calendar.zone, span: span! }))
    said.push(of(cuts[clock.truncate ?? 'exact']))
  }
  if (calendar.transitions !== undefined)
    said.push(of(parts.transitions, { digest: digestName(canonical(calendar.transitions)) }))
  if (period !== 'hour' || clock !== 'calendar' || calendar.dayStart !== undefined)
    said.push(of(parts.dayStart, { time: calendar.dayStart ?? '00:00' }))
  if (period === 'week' || (calendar.weekStart ?? 1) !== 1)
    said.push(of(parts.weekStart, { day: weekdays[lang][(calendar.weekStart ?? 1) - 1]! }))
  said.push(of(agreed.cellZero === 'everybody' ? zero.everybody : zero.measured))
  said.push(of(agreed.eligibility === 'everybody' ? whom.everybody : whom.mature))
  if (where !== undefined) said.push(of(parts.where, { filter: says.where(where, undefined) }))
  if (breakdown !== undefined)
    said.push(of(groups[breakdown.of], { field: says.field(breakdown.field, undefined) }))
  if (sum !== undefined) said.push(of(parts.sum, { field: says.field(sum, undefined) }))
  if (keep !== undefined) said.push(of(kept[keep]))
  return said.join(lang === 'zh' ? '' : ' ')
}

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

const units: Readonly<Record<PeriodUnit, Sentence>> = {
  hour: { en: 'hour', zh: '小时' },
  day: { en: 'day', zh: '日' },
  week: { en: 'week', zh: '周' },
  month: { en: 'month', zh: '月' },
  quarter: { en: 'quarter', zh: '季度' },
  year: { en: 'year', zh: '年' },
}
const plurals: Readonly<Record<PeriodUnit, Sentence>> = {
  hour: { en: 'hours', zh: '小时' },
  day: { en: 'days', zh: '天' },
  week: { en: 'weeks', zh: '周' },
  month: { en: 'months', zh: '个月' },
  quarter: { en: 'quarters', zh: '个季度' },
  year: { en: 'years', zh: '年' },
}
const weekdays = {
  en: ['Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday', 'Sunday'],
  zh: ['周一', '周二', '周三', '周四', '周五', '周六', '周日'],
} as const

const frames: Readonly<Record<EntryRule, Sentence>> = {
  'first-matching': {
    en: 'Of those whose first {entry} was in one {unit}: {measured}.',
    zh: '某{unit}内首次{entry}的用户中，{measured}。',
  },
  'first-ever': {
    en: 'Of those whose first {types} ever was in one {unit}, and was {entry}: {measured}.',
    zh: '某{unit}内有史以来首次{types}、且该次为{entry}的用户中，{measured}。',
  },
  recurring: {
    en: 'Of those with {entry} in one {unit}, in every such {unit} again, so that rows may not be added up: {measured}.',
    zh: '某{unit}内有过{entry}的用户（每个有此行为的{unit}各计一次，各行不可相加）中，{measured}。',
  },
  'first-in-window': {
    en: 'Of those whose first {entry} in the window that is shown was in one {unit}, whoever came before it: {measured}.',
    zh: '某{unit}内在所示窗口中首次{entry}的用户（窗口之前来过的也算作新用户）中，{measured}。',
  },
}

const doing = {
  once: { en: 'with {activity}', zh: '有{activity}' },
  often: { en: 'with {activity} at least {minimum} times', zh: '有{activity}至少{minimum}次' },
} as const satisfies Readonly<Record<string, Sentence>>

/** What N counts. */
const steps = {
  calendar: { en: '{unit}', zh: '{units}' },
  elapsed: { en: 'stretch of {span}', zh: '段{span}' },
} as const satisfies Readonly<Record<string, Sentence>>

const clocks = {
  calendar: {
    en: 'N counts {units} of the local clock in {zone}, 0 the {unit} of the entry.',
    zh: 'N按{zone}当地时钟的自然{unit}计，0为进入所在的{unit}。',
  },
  elapsed: {
    en: 'N counts whole stretches of {span} since the entry, 0 the first; the {units} of entries are those of the local clock in {zone}.',
    zh: 'N为自进入起经过的整段{span}，0为第一段；进入所在的{unit}按{zone}当地时钟。',
  },
} as const satisfies Readonly<Record<string, Sentence>>

const cuts = {
  exact: { en: 'Time is exact to the millisecond.', zh: '时间精确到毫秒。' },
  hour: { en: 'Both times are first cut to the full hour.', zh: '两端时间先截到整点。' },
  day: { en: 'Both times are first cut to the local date.', zh: '两端时间先截到当地日期。' },
} as const satisfies Readonly<Record<string, Sentence>>

const parts = {
  dayStart: { en: 'Days begin at {time}.', zh: '一天从{time}开始。' },
  weekStart: { en: 'Weeks begin on {day}.', zh: '一周从{day}开始。' },
  transitions: {
    en: 'The zone has a table of its own ({digest}).',
    zh: '时区使用自带的变更表（{digest}）。',
  },
  where: { en: 'Only events count in which {filter}.', zh: '只计满足{filter}的事件。' },
  sum: { en: 'Cells also sum {field} of the activity.', zh: '单元格另计活跃行为的{field}合计。' },
} as const satisfies Readonly<Record<string, Sentence>>

const zero = {
  measured: { en: 'At N = 0 it is measured like any other.', zh: 'N=0时同样按实测计。' },
  everybody: { en: 'At N = 0 it is everybody, whatever they did.', zh: 'N=0时恒为全部用户。' },
} as const satisfies Readonly<Record<string, Sentence>>

const whom = {
  mature: { en: 'People whose window has not passed are left out.', zh: '窗口尚未结束的用户不计入。' },
  everybody: {
    en: 'People whose window has not passed are counted too, so that young cells look low.',
    zh: '窗口尚未结束的用户也计入分母，较新的单元格会偏低。',
  },
} as const satisfies Readonly<Record<string, Sentence>>

const groups = {
  entry: {
    en: 'People are also counted by the {field} of their entry.',
    zh: '另按进入事件的{field}分组计数。',
  },
  event: {
    en: 'People are also counted under each {field} apart, by the events that carry it.',
    zh: '另按事件的{field}分组，每个取值各自计数。',
  },
} as const satisfies Readonly<Record<string, Sentence>>

const kept = {
  instants: { en: 'Every instant is remembered.', zh: '保留每个时刻。' },
  periods: {
    en: 'Only periods are remembered: one that was open at the time asked for is left out once later events are known.',
    zh: '只保留周期记录：若已有更晚的事件，截至时刻尚未结束的周期不显示。',
  },
  counts: {
    en: 'Only counts by period are remembered: one that was open at the time asked for is left out once later events are known.',
    zh: '只保留各周期的次数：若已有更晚的事件，截至时刻尚未结束的周期不显示。',
  },
} as const satisfies Readonly<Record<string, Sentence>>

/** Of those who entered, which share. */
function measured(measure: RetentionDefinition['measure'], act: string, step: string, lang: Lang): string {
  const of = (sentence: Sentence, slots: { readonly [name: string]: string | number } = {}) =>
    filled(sentence[lang], { act, step, ...slots })
  if (measure === undefined || typeof measure === 'string') return of(shares[measure ?? 'on'])
  if ('atLeast' in measure) return of(shares.atLeast, { count: measure.atLeast })
  let from = 1
  const stretches = measure.brackets.map((size) => {
    const text = size === 1 ? String(from) : `${from}–${from + size - 1}`
    from += size
    return text
  })
  const list = stretches.join(lang === 'zh' ? '、' : ', ')
  return of(measure.each === 'on-or-after' ? shares.bracketsOrLater : shares.brackets, { list })
}

const shares = {
  on: { en: 'the share {act} in the N-th {step} after it', zh: '在其后第N{step}{act}的比例' },
  'on-or-after': {
    en: 'the share {act} in the N-th {step} after it or in a later one',
    zh: '在其后第N{step}或更晚{act}的比例',
  },
  'on-or-before': {
    en: 'the share {act} in any {step} from the 1st to the N-th after it',
    zh: '在其后第1至第N{step}中任一{act}的比例',
  },
  consecutive: {
    en: 'the share {act} in every {step} from the 1st to the N-th after it',
    zh: '在其后第1至第N{step}中每一{act}的比例',
  },
  atLeast: {
    en: 'the share {act} in each of at least {count} from the 1st to the N-th {step} after it',
    zh: '在其后第1至第N{step}中至少{count}个{act}的比例',
  },
  brackets: {
    en: 'the share {act} in any {step} of the stretches N = {list} after it',
    zh: '在其后区间N={list}内任一{step}{act}的比例',
  },
  bracketsOrLater: {
    en: 'the share {act} in any {step} of the stretches N = {list} after it, or in a later one',
    zh: '在其后区间N={list}内任一{step}或更晚{act}的比例',
  },
} as const satisfies Readonly<Record<string, Sentence>>

const sayLength = (clock: RetentionDefinition['clock'], lang: Lang): string =>
  explainDuration((clock as { readonly elapsed: Duration }).elapsed, lang)

/** Slots by name; what fills them is not read again, so that words with braces stay as they are. */
function filled(line: string, slots: { readonly [name: string]: string | number }): string {
  return line.replace(/\{(\w+)\}/g, (slot, name: string) => String(own(slots, name) ?? slot))
}

/** The types of a choice, whatever its filters say: what `first-ever` looks at. */
function typesOf(choice: EventChoice): EventChoice {
  if (!filters(choice)) return choice
  return patternsOf(choice).map(({ event }) => (event === undefined ? {} : { event }))
}

/** A word in brackets of its own where it could be taken for a part of these sentences. */
function bare(said: string, zh: boolean): string {
  if (/^["“[「]/.test(said)) return said
  const plain = zh ? /^[\p{L}\p{N}_-]+$/u.test(said) && !inChinese.test(said) : inEnglish.test(said)
  return plain ? said : zh ? `「${said}」` : `[${said}]`
}

const inChinese = /[或且为的在满内以至第任恒]/
const inEnglish =
  /^(?!.*\b(?:or|with|was|in|and|is|not|any|event|first|ever|at|of|whose|such|every)\b)[\p{L}\p{N}_-]+(?: [\p{L}\p{N}_-]+)*$/u

/** Says choices and filters by the words of a catalogue. */
function sayer(voice: Voice) {
  const zh = voice.lang === 'zh'
  const or = zh ? '或' : ' or '
  const type = (id: string): string => bare(sayName(voice, namesOf.event(voice), id), zh)
  const every = (events: readonly string[] | undefined, name: string): readonly string[] =>
    (events ?? Object.keys(voice.events)).filter(
      (event) => own(own(voice.events, event) ?? {}, name) !== undefined,
    )
  const fieldOf = (event: string, name: string) =>
    bare(sayName(voice, namesOf.field(voice, { event }), name), zh)
  /** By its word, where all events that have the field say it so, and mean no other by it. */
  const field = (name: string, events: readonly string[] | undefined): string => {
    const [first, ...rest] = every(events, name).map((event) => fieldOf(event, name))
    const clear =
      first !== undefined &&
      rest.every((other) => other === first) &&
      (events ?? Object.keys(voice.events)).every((event) =>
        Object.keys(own(voice.events, event) ?? {}).every(
          (other) => other === name || fieldOf(event, other) !== first,
        ),
      )
    return clear ? first : sayText(voice, name)
  }
  const value = (one: unknown, name: string, events: readonly string[] | undefined): string => {
    const found = every(events, name).map((event) => own(own(voice.events, event) ?? {}, name)!)
    const first = found[0]
    if (first?.type === 'instant' && isInstant(one)) return formatInstant(one)
    if (typeof one !== 'string') return canonical(one)
    if (first === undefined || !found.every((other) => canonical(other) === canonical(first)))
      return sayText(voice, one)
    if (first.type === 'money' && /^\d+(\.\d+)?$/.test(one)) return `${one} ${first.currency}`
    return first.type === 'text' && first.oneOf !== undefined
      ? bare(sayName(voice, { ids: first.oneOf, under: '' }, one), zh)
      : sayText(voice, one)
  }
  const test = (name: string, filter: Filter, events: readonly string[] | undefined): string => {
    const subject = field(name, events)
    const list = (values: readonly unknown[]) => values.map((one) => value(one, name, events)).join(or)
    const values = (of: unknown) => (Array.isArray(of) ? list(of) : value(of, name, events))
    if (!isRecord(filter)) return zh ? `${subject}为${values(filter)}` : `${subject} is ${values(filter)}`
    if ('not' in filter) {
      const { not } = filter as { readonly not: unknown }
      return zh
        ? `${subject}不为${values(not)}（缺失也算）`
        : `${subject} is not ${values(not)}, or is missing`
    }
    const bounds = signs.flatMap(([key, sign]) => {
      const bound = (filter as { readonly [key: string]: unknown })[key]
      return bound === undefined ? [] : [`${sign} ${value(bound, name, events)}`]
    })
    return `${subject} ${bounds.join(zh ? '且' : ' and ')}`
  }
  const where = (of: Where, events: readonly string[] | undefined): string => {
    const tests = Object.keys(of)
      .sort()
      .map((name) => test(name, of[name]!, events))
    return `${zh ? '（' : '('}${tests.length === 0 ? (zh ? '无条件' : 'anything') : tests.join(zh ? '；' : '; ')}${zh ? '）' : ')'}`
  }
  return {
    field,
    where,
    /** One by one, so that it is plain which filter is whose. */
    choice(of: EventChoice): string {
      const said = patternsOf(of).flatMap(({ event, where: filter }) => {
        const types = event === undefined ? undefined : typeof event === 'string' ? [event] : event
        const filtered = (name: string, one: readonly string[] | undefined) =>
          filter === undefined
            ? name
            : zh
              ? `满足${where(filter, one)}的${name}`
              : `${name} with ${where(filter, one)}`
        return types === undefined
          ? [filtered(zh ? '任意事件' : 'any event', undefined)]
          : types.map((one) => filtered(type(one), [one]))
      })
      return [...new Set(said)].join(or)
    },
  }
}

const signs = [
  ['gte', '≥'],
  ['gt', '>'],
  ['lte', '≤'],
  ['lt', '<'],
] as const

function checkLang(lang: Lang): void {
  if (lang !== 'en' && lang !== 'zh') throw unknownName('$.lang', lang, ['en', 'zh'])
}
