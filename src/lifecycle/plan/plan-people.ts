import { fault } from '../../kernel/errors.js'
import { own } from '../../kernel/plain.js'
import { checkNames } from './plan-names.js'

/** So many people; more than a million million are a mistake. */
export function readPeople(value: unknown, path: string): number {
  if (!Number.isSafeInteger(value) || (value as number) < 0 || (value as number) > MOST_PEOPLE)
    throw fault('out-of-range', path, value, 'a whole number of people from 0 to 1,000,000,000,000')
  return (value as number) + 0
}

/** People by stage, every stage said. */
export function readCounts(
  { stages }: { readonly stages: readonly string[] },
  value: unknown,
  path: string,
): number[] {
  checkNames(value, stages, path)
  let total = 0
  const counts = stages.map((stage) => {
    const people = own(value as object, stage)
    if (people === undefined) throw fault('missing', `${path}.${stage}`, people, 'people in the stage')
    const read = readPeople(people, `${path}.${stage}`)
    total += read
    return read
  })
  if (total > MOST_PEOPLE) throw fault('too-large', path, total, 'a million million people at most')
  return counts
}

/** More than have ever lived. */
export const MOST_PEOPLE = 1_000_000_000_000
