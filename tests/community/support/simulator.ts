// Groups member by member: who speaks, how much, who comes and goes. Talk answers talk and is drowned by advertising, so a
// group can tip into silence; nothing in it knows of the warnings that are tried on it.
import { type AnyEvent, calendarOf, exp, ln, type Random, random } from 'liuliang/kernel'

export const zone = 'Asia/Shanghai'
const calendar = calendarOf({ zone })

/** 2024-01-01, a Monday. */
const firstDay = 19_723

/** A week's holiday that everybody knows of: the calendar of the tests names it. */
export const holiday = { from: '2024-05-01', to: '2024-05-08' } as const
const holidayDays = [19_844, 19_851] as const

export type Scenario =
  | 'steady'
  | 'light-pushes'
  | 'heavy-pushes'
  | 'pushes-begin'
  | 'slow-fade'
  | 'top-speaker-leaves'
  | 'unknown-lull'
  | 'quiet-but-healthy'
  | 'flash'

/** In which parts groups are made. */
const mixture: readonly (readonly [Scenario, number])[] = [
  ['steady', 5],
  ['light-pushes', 4],
  ['heavy-pushes', 4],
  ['pushes-begin', 4],
  ['slow-fade', 4],
  ['top-speaker-leaves', 3],
  ['unknown-lull', 3],
  ['quiet-but-healthy', 4],
  ['flash', 3],
]

export interface SimulatedGroup {
  readonly group: string
  readonly scenario: Scenario
  readonly events: readonly AnyEvent[]
}

/** Groups of all scenarios in turn, the same for the same seed. */
export function simulateGroups(seed: string, count: number, days = 240): readonly SimulatedGroup[] {
  const deck = mixture.flatMap(([scenario, parts]) => Array.from({ length: parts }, () => scenario))
  return Array.from({ length: count }, (_, i) => {
    const scenario = deck[(i * 7) % deck.length]!
    const group = `${scenario}-${i}`
    return { group, scenario, events: simulate(group, scenario, random(`${seed}/${i}`), days) }
  })
}

interface Member {
  readonly name: string
  /** Messages-worthy moments a day, when the group is as it should be. */
  readonly rate: number
}

function simulate(group: string, scenario: Scenario, chance: Random, days: number): readonly AnyEvent[] {
  const events: AnyEvent[] = []
  const on = (day: number, type: string, subject: string, kind?: string) =>
    events.push({
      id: `${group}/${events.length}`,
      type,
      subject,
      occurredAt: calendar.instantOfDay(firstDay + day) + 9 * 3_600_000 + (events.length % 46_800) * 1000,
      data: kind === undefined ? { group } : { group, kind },
    })

  const quiet = scenario === 'quiet-but-healthy'
  const size = quiet ? chance.integer(15, 30) : chance.integer(25, 70)
  const typical = quiet ? 0.07 : 0.06 + 0.12 * chance.next()
  let named = 0
  const join = (day: number): Member => {
    const name = `${group}/m${named++}`
    on(day, 'member-joined', name)
    // Few speak much: the square of an exponential draw has a long tail.
    const draw = exponential(chance)
    return { name, rate: Math.min(3, (typical * draw * draw) / 2) }
  }
  let members = Array.from({ length: size }, () => join(0))
  if (scenario === 'top-speaker-leaves') members[0] = { ...members[0]!, rate: 3 }

  const turn = chance.integer(60, 120)
  const halfLife = 20 + 30 * chance.next()
  const pushesFrom = scenario === 'pushes-begin' ? turn : 0
  const pushes =
    scenario === 'light-pushes'
      ? 0.3 + 0.5 * chance.next()
      : scenario === 'heavy-pushes'
        ? 2 + 3 * chance.next()
        : scenario === 'pushes-begin'
          ? 3 + 4 * chance.next()
          : scenario === 'slow-fade'
            ? 0.2
            : 0.05
  /** How hard talk depends on talk: in some groups people come for each other, in others for the topic. */
  const echo = scenario === 'top-speaker-leaves' ? 0.9 : 0.3 + 0.4 * chance.next()
  const leaning = 0.15 + 0.25 * chance.next()

  const usual = members.reduce((sum, { rate }) => sum + 1 - exp(-rate), 0)
  let mood = 1
  let pressure = 0
  for (let day = 0; day < days; day++) {
    const weekday = day % 7
    let hazard = weekday >= 5 ? 0.7 : 1.1
    if (firstDay + day >= holidayDays[0] && firstDay + day < holidayDays[1]) hazard *= 0.1
    if (scenario === 'unknown-lull' && day >= turn && day < turn + 9) hazard *= 0.12
    if (scenario === 'flash' && day >= turn && day < turn + 10) hazard *= 4
    if (scenario === 'slow-fade' && day > turn) hazard *= exp((-(day - turn) * Math.LN2) / halfLife)

    const sent = day < pushesFrom ? 0 : poisson(pushes, chance)
    for (let i = 0; i < sent; i++) on(day, 'message-sent', `${group}/shop`, 'push')
    pressure += (sent - pressure) / 14

    hazard *= exp(-leaning * pressure) * (1 - echo + echo * mood)
    let spoke = 0
    for (const { name, rate } of members) {
      if (chance.next() >= 1 - exp(-rate * hazard)) continue
      spoke += 1
      const messages = 1 + Math.floor(exponential(chance) * 1.5)
      for (let i = 0; i < messages; i++) on(day, 'message-sent', name, 'member')
    }
    if (chance.next() < 0.3) on(day, 'message-sent', `${group}/host`, 'operator')
    mood += (Math.min(1.3, spoke / usual) - mood) / 7

    const leaving = 0.001 + 0.0025 * pressure + (mood < 0.2 ? 0.004 : 0)
    const staying: Member[] = []
    for (const member of members) {
      const isTop = scenario === 'top-speaker-leaves' && member === members[0]
      if (isTop ? day !== turn : chance.next() >= leaving) staying.push(member)
      else on(day, 'member-left', member.name)
    }
    members = staying
    const coming = poisson(mood > 0.5 ? 0.08 : 0.02, chance)
    for (let i = 0; i < coming; i++) members.push(join(day))
  }
  return events
}

/** Mean 1. */
const exponential = (chance: Random): number => -ln(1 - chance.next())

function poisson(mean: number, chance: Random): number {
  let product = chance.next()
  let count = 0
  for (const least = exp(-mean); product > least; count++) product *= chance.next()
  return count
}

/** The end of the simulated days. */
export const endOf = (days = 240): number => calendar.instantOfDay(firstDay + days)
