import { canonical, digestName } from '../../kernel/digest.js'
import { type Lang, reading } from '../../kernel/errors.js'
import { type Duration, type EventSpecs, explainDuration, type Sentence } from '../../kernel/index.js'
import { voiceOf } from '../../kernel/language/words.js'
import { checkLang, filled } from '../../kernel/slots.js'
import { type EventChoice, filters, patternsOf } from '../../measures/activity/event-choice.js'
import { unitCounts, unitNames } from '../../measures/unit-words.js'
import { sayer } from './event-words.js'
import { type EntryRule, type RetentionDefinition, readSettings, type Settings } from './settings.js'

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
  const unit = unitNames[period]
  const of = (sentence: Sentence, slots: { readonly [name: string]: string | number } = {}): string =>
    filled(sentence[lang], { unit: unit[lang], units: unitCounts[period][lang], ...slots })
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

/** The types of a choice, whatever its filters say: what `first-ever` looks at. */
function typesOf(choice: EventChoice): EventChoice {
  if (!filters(choice)) return choice
  return patternsOf(choice).map(({ event }) => (event === undefined ? {} : { event }))
}
