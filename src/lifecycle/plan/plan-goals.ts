import { checkKeys, checkList, checkName, checkRecord, fault } from '../../kernel/errors.js'
import { own } from '../../kernel/plain.js'
import type { Ratio } from '../../kernel/rational.js'
import type { PlanGoal, PlanGuard } from './definition.js'
import { MOST_NAMES, type Names, yearOf } from './plan-names.js'
import { readPeople } from './plan-people.js'
import { readShare } from './share.js'

/** A share or a count that is to be reached from one side. */
export interface ReadBound {
  readonly atLeast: boolean
  readonly share?: Ratio
  readonly count: number
}

/** What must hold beside a goal. */
export interface ReadGuard extends ReadBound {
  readonly guard: PlanGuard
  readonly stage: number
}

/** What a stage shall reach in a year. */
export interface ReadGoal extends ReadBound {
  readonly goal: PlanGoal
  readonly stage: number
  readonly year: number
  /** Where a rate leads to; -1 for other goals. */
  readonly to: number
  readonly guards: readonly ReadGuard[]
}

/** Goals by year, then stage. */
export function readGoals(
  value: unknown,
  { stages, years }: Names,
): readonly (readonly (ReadGoal | undefined)[])[] {
  checkRecord(value, '$.goals')
  const goals: (ReadGoal | undefined)[][] = years.map(() => stages.map(() => undefined))
  for (const [name, some] of Object.entries(value as object)) {
    checkName(stages, name, `$.goals.${name}`)
    if (some === undefined) continue
    checkRecord(some, `$.goals.${name}`)
    const stage = stages.indexOf(name)
    for (const [key, goal] of Object.entries(some as object)) {
      const path = `$.goals.${name}.${key}`
      const year = yearOf(key, years, path)
      if (goal !== undefined) goals[year]![stage] = readGoal(goal, { stage, year }, stages, path)
    }
  }
  return goals
}

function readGoal(
  goal: unknown,
  place: { readonly stage: number; readonly year: number },
  stages: readonly string[],
  path: string,
): ReadGoal {
  checkRecord(goal, path)
  const { measure, to, guards = [] } = goal as { readonly [key: string]: unknown }
  checkName(['share', 'count', 'rate'], measure, `${path}.measure`)
  const more = measure === 'rate' ? ['to'] : []
  checkKeys(goal as object, ['measure', 'atLeast', 'atMost', 'guards', ...more], path)
  if (measure === 'rate') {
    checkName(stages, to, `${path}.to`)
    if (to === stages[place.stage]) throw fault('out-of-range', `${path}.to`, to, 'another stage')
  }
  checkList(guards, `${path}.guards`)
  if (guards.length > MOST_NAMES)
    throw fault('too-large', `${path}.guards`, guards, `at most ${MOST_NAMES} guards`)
  return {
    ...place,
    ...readBound(goal as object, measure !== 'count', path),
    goal: goal as PlanGoal,
    to: measure === 'rate' ? stages.indexOf(to as string) : -1,
    guards: guards.map((guard, i): ReadGuard => {
      const where = `${path}.guards[${i}]`
      checkRecord(guard, where)
      checkKeys(guard as object, ['stage', 'measure', 'atLeast', 'atMost'], where)
      const { stage, measure: by } = guard as { readonly [key: string]: unknown }
      checkName(stages, stage, `${where}.stage`)
      checkName(['share', 'count'], by, `${where}.measure`)
      const bound = readBound(guard as object, by === 'share', where)
      return { ...bound, guard: guard as PlanGuard, stage: stages.indexOf(stage as string) }
    }),
  }
}

function readBound(value: object, isShare: boolean, path: string): ReadBound {
  const [least, most] = [own(value, 'atLeast'), own(value, 'atMost')]
  if ((least === undefined) === (most === undefined))
    throw fault('missing', path, value, 'one of atLeast and atMost')
  const atLeast = least !== undefined
  const [bound, where] = [least ?? most, `${path}.${atLeast ? 'atLeast' : 'atMost'}`]
  if (isShare) return { atLeast, share: readShare(bound, where), count: 0 }
  return { atLeast, count: readPeople(bound, where) }
}
