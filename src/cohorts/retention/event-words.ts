import { canonical } from '../../kernel/digest.js'
import type { Filter, Where } from '../../kernel/filter.js'
import { formatInstant, isInstant } from '../../kernel/index.js'
import { namesOf, sayName, sayText, type Voice } from '../../kernel/language/words.js'
import { isRecord, own } from '../../kernel/plain.js'
import { type EventChoice, patternsOf } from '../../measures/activity/event-choice.js'

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
export function sayer(voice: Voice) {
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
