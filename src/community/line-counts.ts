import type { Calendar } from '../kernel/index.js'
import type { SpanOfDays } from './local-days.js'
import { type PersonPartial, ROW, walk } from './membership.js'
import { ANSWERS, MEMBER } from './person-history.js'

/** What is counted of one line. */
export interface Counted {
  members: number
  present: number
  personDays: number
  speakers: number
  /** The most messages of one person, who that is, and the sum of everybody's squares. */
  top: number
  who: string
  squares: number
  readonly told: [member: number, operator: number, advertisement: number, other: number, answers: number]
  joins: number
  noticed: number
  leaves: number
}

const nothing = (): Counted => ({
  ...{ members: 0, present: 0, personDays: 0, speakers: 0, top: 0, who: '', squares: 0 },
  told: [0, 0, 0, 0, 0],
  ...{ joins: 0, noticed: 0, leaves: 0 },
})

/** Counts the lines of one group; what lies before the first only decides who is in. */
export function count(
  calendar: Calendar,
  people: Readonly<Record<string, PersonPartial>>,
  { from, length, span }: { readonly from: number; readonly length: number; readonly span: SpanOfDays },
): readonly Counted[] {
  const lines = Array.from({ length }, nothing)
  const last = from + length * span.length - 1
  const lineOf = (day: number): number => Math.floor((day - from) / span.length)
  /** What changes in members and in those present, by line, and by day in those present. */
  const members = new Float64Array(length + 1)
  const present = new Float64Array(length + 1)
  const byDay = new Float64Array(length * span.length + 1)

  for (const [subject, person] of Object.entries(people)) {
    let presentUntil = -1
    let presentUntilDay = from - 1
    let spokeIn = -1
    let spoken = 0
    const flush = (): void => {
      const line = lines[spokeIn]
      if (line === undefined) return
      line.speakers += 1
      line.squares += spoken * spoken
      if (spoken > line.top || (spoken === line.top && subject < line.who)) {
        line.top = spoken
        line.who = subject
      }
    }
    walk(person, calendar.localDay, last, {
      come(day, noticed) {
        const line = Math.max(0, lineOf(day))
        // Who goes and comes again within a line, or a day, is present in it once.
        present[Math.max(line, presentUntil + 1)]! += 1
        byDay[Math.max(day, presentUntilDay + 1) - from]! += 1
        members[line]! += 1
        if (day < from) return
        if (noticed) lines[line]!.noticed += 1
        else lines[line]!.joins += 1
      },
      go(day) {
        presentUntil = Math.max(-1, lineOf(day))
        presentUntilDay = Math.max(from - 1, day)
        present[presentUntil + 1]! -= 1
        byDay[presentUntilDay + 1 - from]! -= 1
        members[Math.max(0, lineOf(day))]! -= 1
        if (day >= from) lines[lineOf(day)]!.leaves += 1
      },
      speak(day, messages) {
        if (day < from) return
        if (lineOf(day) !== spokeIn) {
          flush()
          spokeIn = lineOf(day)
          spoken = 0
        }
        spoken += messages
      },
    })
    flush()
    const { said } = person
    for (let i = 0; i < said.length; i += ROW) {
      if (said[i]! < from || said[i]! > last) continue
      const { told } = lines[lineOf(said[i]!)]!
      for (let kind = MEMBER; kind <= ANSWERS; kind++) told[kind - 1]! += said[i + kind]!
    }
  }

  let [inside, seen, today] = [0, 0, 0]
  for (const [i, line] of lines.entries()) {
    inside += members[i]!
    seen += present[i]!
    line.members = inside
    line.present = seen
    for (let day = i * span.length; day < (i + 1) * span.length; day++) {
      today += byDay[day]!
      if (span.exists(from + day)) line.personDays += today
    }
  }
  return lines
}
