import { isRecord } from '../../kernel/plain.js'
import type { Expiry, InactivityExpiry } from '../lasting/expiry.js'
import type { ChangeEffect } from './change.js'
import {
  flipped,
  lengthEffect,
  membersEffect,
  type Put,
  pick,
  same,
  type Touches,
  together,
} from './judging.js'
import { isLength } from './longer.js'

type End = { readonly [key: string]: unknown }

/** Whether points end together when nothing happens. */
export const isInactivity = (expiry: unknown): expiry is InactivityExpiry =>
  isRecord(expiry) && 'inactive' in expiry

/** The keys of every kind of end; one with others is none that is known here. */
const KINDS: { readonly [kind: string]: readonly string[] } = {
  on: ['on'],
  every: ['every', 'atLeast'],
  anniversary: ['anniversary', 'atLeast'],
  inactive: ['inactive', 'activity', 'countsZeroPoints', 'first'],
}

/** Which kind of end that is; none where nobody here knows. */
function kindOf(expiry: unknown): string | undefined {
  if (expiry === undefined || expiry === 'never') return 'never'
  if (!isRecord(expiry)) return undefined
  const kind = Object.keys(KINDS).find((key) => key in expiry)
  if (kind === undefined) return isLength(expiry) ? 'length' : undefined
  return Object.keys(expiry).every((key) => KINDS[kind]!.includes(key)) ? kind : undefined
}

/**
 * Notes how long points last. Every lot has its own end, which no later definition moves; but what activity would put off
 * is of all of a currency, whenever it was earned.
 */
export function lasts(
  path: string,
  of: string | null,
  before: Expiry | undefined,
  after: Expiry | undefined,
  touches: Touches,
  put: Put,
): void {
  if (same(before, after)) return
  const { effect, reaches } = judged(before, after)
  const code = pick(effect, 'lasts-longer', 'lasts-shorter', 'lasts-otherwise')
  put(code, path, of, before, after, effect, reaches ? 'earned' : touches)
}

function judged(before: Expiry | undefined, after: Expiry | undefined) {
  const [was, is] = [kindOf(before), kindOf(after)]
  const free = (effect: ChangeEffect) => ({ effect, reaches: false })
  // What nobody here knows may say when what is there ends.
  if (was === undefined || is === undefined) return { effect: 'unknown', reaches: true } as const
  if (isInactivity(before)) return isInactivity(after) ? putsOff(before, after) : putOffNoMore
  if (was === 'never' || is === 'never')
    return free(was === is ? 'neither' : is === 'never' ? 'better' : 'worse')
  if (was !== is) {
    // What is put off lasts its first term at the least.
    const first =
      isInactivity(after) && was === 'length' ? lengthEffect(before, firstOf(after), 0) : 'unknown'
    return free(first === 'better' || first === 'neither' ? 'better' : 'unknown')
  }
  if (was === 'length') return free(lengthEffect(before, after, 0))
  const [a, b] = [before, after] as unknown as readonly [End, End]
  if (was === 'on') return free(String(b['on']) > String(a['on']) ? 'better' : 'worse')
  return free(same(a[was], b[was]) ? lengthEffect(a['atLeast'], b['atLeast'], 0) : 'unknown')
}

/** What was earned keeps its first term, and loses what activity would have added. */
const putOffNoMore = { effect: 'unknown', reaches: true } as const

const firstOf = ({ first, inactive }: InactivityExpiry) => first ?? inactive

function putsOff(before: InactivityExpiry, after: InactivityExpiry) {
  const counts = ({ countsZeroPoints = true }: InactivityExpiry) => countsZeroPoints
  const later = together([
    lengthEffect(before.inactive, after.inactive, 0),
    membersEffect(before.activity, after.activity),
    counts(before) === counts(after) ? 'neither' : counts(after) ? 'better' : 'worse',
  ])
  const effect = together([later, lengthEffect(firstOf(before), firstOf(after), 0)])
  return { effect, reaches: later !== 'neither' }
}

/** Whether a longer wait is worse. */
export function waits(
  path: string,
  of: string | null,
  before: unknown,
  after: unknown,
  touches: Touches,
  put: Put,
): void {
  if (same(before, after)) return
  const effect =
    before === undefined
      ? 'worse'
      : after === undefined
        ? 'better'
        : before === 'until-confirmed' || after === 'until-confirmed'
          ? 'unknown'
          : flipped(lengthEffect(before, after, 0))
  const code = pick(effect, 'waits-shorter', 'waits-longer', 'waits-otherwise')
  put(code, path, of, before, after, effect, touches)
}
