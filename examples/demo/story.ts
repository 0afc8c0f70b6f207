import { type Calendar, explain, type Instant, type Lang } from 'liuliang'
import type { whatIfBought } from './follow.js'
import type { Loyalty, Recorded, View } from './program.js'
import { number, type Words } from './words.js'

/** Who tells: the program knows the names of stages and the reasons, the words are the report's own. */
export interface Teller {
  readonly loyalty: Loyalty
  readonly calendar: Calendar
  readonly words: Words
  readonly lang: Lang
}

/** One thing that happened, and why, in words. */
export interface StoryLine {
  readonly at: Instant
  readonly happened: string
  readonly why: string
}

/** What came in, and what followed from it. That points become spendable is left out: it was certain when earned. */
export function storyOf(teller: Teller, events: readonly Recorded[]): readonly StoryLine[] {
  return events
    .filter(({ type }) => type !== 'points/confirmed')
    .map((event) => ({ at: event.occurredAt, ...tell(teller, event) }))
}

function tell(teller: Teller, event: Recorded): Omit<StoryLine, 'at'> {
  const { words, loyalty } = teller
  switch (event.type) {
    case 'order-paid':
      return { happened: words.buys(`${event.data.amount} ${loyalty.currency}`), why: '' }
    case 'order-refunded':
      return { happened: words.givesBack(`${event.data.amount} ${loyalty.currency}`), why: '' }
    case 'customer/stage-changed':
    case 'tier/stage-changed': {
      const part = event.type === 'tier/stage-changed' ? words.tier : words.stage
      const { from, to, reason } = event.data
      return { happened: `  ${part}${words.colon}${move(teller, from, to)}`, why: because(teller, reason) }
    }
    case 'points/earned': {
      const { points, reason } = event.data
      return { happened: posting(teller, event.type, `+${number(points)}`), why: because(teller, reason) }
    }
    case 'points/expired':
      return { happened: posting(teller, event.type, `−${number(event.data.points)}`), why: '' }
    case 'points/clawed-back': {
      const { points } = event.data
      const signed = points === 0 ? '0' : `−${number(points)}`
      return { happened: posting(teller, event.type, signed), why: points === 0 ? words.nothingTaken : '' }
    }
    default:
      return { happened: `  ${nameOf(teller, event.type)}`, why: '' }
  }
}

const posting = (teller: Teller, type: string, signed: string): string =>
  `  ${teller.words.posting(signed, nameOf(teller, type))}`

/** `new → active` */
export function move(teller: Teller, from: string, to: string): string {
  return `${nameOf(teller, from)} → ${nameOf(teller, to)}`
}

/** What the program calls an event, a stage or a tier. */
export function nameOf({ loyalty, lang }: Teller, name: string): string {
  return loyalty.program.vocabulary.words[lang]?.[name] ?? name
}

/** A reason that an event carries, in words. */
export const because = ({ loyalty, lang }: Teller, reason: { readonly code: string }): string =>
  explain(loyalty.program, reason, lang)

/** A date, and the time of day unless it is the first moment of that date. */
export function when(calendar: Calendar, at: Instant): string {
  const date = calendar.localDate(at)
  return calendar.startOf('day', at) === at ? date : `${date} ${clock(calendar, at)}`
}

/** `09:30` */
export function clock(calendar: Calendar, at: Instant): string {
  const { hour, minute } = calendar.local(at)
  return [hour, minute].map((part) => String(part).padStart(2, '0')).join(':')
}

/** What differs between two views, a row each: what, before, an arrow, after. */
export function tellChanges(
  teller: Teller,
  { before, after, changed }: Pick<Preview, 'before' | 'after' | 'changed'>,
): readonly (readonly string[])[] {
  // What comes next is one thing to say, however many of its leaves differ.
  const isNext = (part: Part) => changed.some(({ path }) => path.startsWith(`${part}.next`))
  const row = (path: string, was: string, is: string) => [teller.words.paths[path] ?? path, was, '→', is]
  return parts.flatMap((part) => [
    ...changed
      .filter(({ path }) => path.startsWith(`${part}.`) && !path.startsWith(`${part}.next`))
      .map(({ path, before, after }) =>
        row(path, tellValue(teller, path, before), tellValue(teller, path, after)),
      ),
    ...(isNext(part)
      ? [row(`${part}.next`, tellNext(teller, before[part].next), tellNext(teller, after[part].next))]
      : []),
  ])
}

type Preview = ReturnType<typeof whatIfBought>
type Part = keyof View
const parts: readonly Part[] = ['customer', 'points', 'tier']

function tellValue(teller: Teller, path: string, value: unknown): string {
  if (value === null) return teller.words.none
  if (typeof value === 'number') return path.endsWith('.since') ? when(teller.calendar, value) : number(value)
  return nameOf(teller, String(value))
}

function tellNext(teller: Teller, next: View[Part]['next']): string {
  const { words, calendar } = teller
  if (next === null) return words.none
  const what = 'to' in next ? nameOf(teller, next.to) : words.pointsNext[next.what](number(next.points))
  return words.on(what, when(calendar, next.at))
}
