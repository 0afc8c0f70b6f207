// Completed months of age, as the calendars of ECMAScript count them: a month is whole on the day of birth or, where it has none, with its end.
import { readFileSync } from 'node:fs'
import { attributes, calendarOf, compileRules, defineEvents, moment } from 'liuliang'
import { describe, expect, test } from 'vitest'

const { cases } = JSON.parse(
  readFileSync(new URL('../fixtures/lifecycle-reference/child-age-in-months.json', import.meta.url), 'utf8'),
) as {
  readonly cases: readonly { readonly born: string; readonly on: string; readonly completedMonths: number }[]
}

const profile = defineEvents(attributes({ born: moment() }))
const calendar = calendarOf({ zone: 'Asia/Shanghai' })
const midnight = (date: string) => {
  const [year, month, day] = date.split('-').map(Number) as [number, number, number]
  return calendar.instantOf({ year, month, day })
}

describe.each(cases)('born $born, on $on', ({ born, on, completedMonths }) => {
  const event = {
    id: 'e1',
    type: 'attribute-set',
    subject: 'u',
    occurredAt: midnight(born),
    data: { born: midnight(born) },
  }

  test('so many months', () => {
    const months = profile.age('born', 'months')
    const rules = compileRules([months.is(completedMonths)], { ...profile, calendar: calendar.definition })
    const tracks = rules.facts.note(rules.facts.start, event, 'u')
    const day = midnight(on)
    expect([...rules.holds(tracks, day), ...rules.holds(tracks, calendar.add(day, { days: 1 }) - 1)]).toEqual(
      [1, 1],
    )
  })

  test('so many years', () => {
    const years = Math.floor(completedMonths / 12)
    const rules = compileRules([profile.age('born', 'years').is(years)], {
      ...profile,
      calendar: calendar.definition,
    })
    const tracks = rules.facts.note(rules.facts.start, event, 'u')
    expect([...rules.holds(tracks, midnight(on))]).toEqual([1])
  })
})
