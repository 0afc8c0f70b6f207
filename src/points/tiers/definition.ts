import { checkKeys, checkName, checkOwnName, checkRecord, fault } from '../../kernel/errors.js'
import {
  type Calendar,
  type CalendarDefinition,
  calendarOf,
  checkDuration,
  type Duration,
  type Json,
} from '../../kernel/index.js'
import { type AgreedCurrencies, currenciesOf } from '../currency.js'

/** What decides on a tier. */
export type TierMeasure<C extends string = string> =
  /**
   * What was earned of a currency and is confirmed, net of what was taken back; what was spent or expired still counts. Money
   * spent and events counted are status currencies: earned per amount, or per event. Adjustments by hand count; what comes
   * from other holders does not, but for an account that is taken over whole.
   */
  | { readonly earned: C }
  /** What can be spent of a currency now: a tier that falls when points are spent. */
  | { readonly balance: C }
  /** Whole months or years since its holder enrolled; where nobody has to, since the first thing that was recorded. */
  | { readonly tenure: 'months' | 'years' }

/** Over what `earned` counts: half-open, in the zone of the definition. */
export type TierWindow =
  | 'lifetime'
  /** Since the tier was reached or renewed; what brought it counts no more. Needs `hold`. */
  | 'term'
  /** Each posting counts from its date until so long after it. */
  | { readonly rolling: Duration }
  /** The month, quarter or year that runs. */
  | { readonly this: TierPeriod }
  /** So many years at a time, from the local day on which its holder enrolled, or the first thing was recorded. */
  | { readonly years: number; readonly from: 'enrolment' }

export type TierPeriod = 'month' | 'quarter' | 'year'

/** How long a tier, once reached, is held whatever the measure says. */
export type TierHold =
  | 'none'
  | Duration
  /** To the end of the unit in which it was reached, and so many more after that. */
  | { readonly untilEndOf: TierPeriod; readonly after?: number }

/** How much longer a tier is held that would be lost. */
export interface TierGrace {
  readonly length: Duration
  /** From the end of the term, from when the tier was entered, or (without `hold`) from when the measure fell. */
  readonly from: 'term-end' | 'entry' | 'drop'
}

/** One tier of a track. */
export interface TierLevel<Tier extends string = string> {
  readonly tier: Tier
  /** What has to be reached. */
  readonly from: number
  /** What has to be kept up, at most `from`; `from` unless told. */
  readonly keep?: number
  /** What the tier brings, as data of the host. */
  readonly benefits?: Json
}

/** One ladder of tiers: what decides on it, and for how long. */
export interface TierTrack<
  Track extends string = string,
  Tier extends string = string,
  C extends string = string,
> {
  /** Names the track in events, states and views. */
  readonly track: Track
  readonly measure: TierMeasure<C>
  /** Of `earned` alone; `'lifetime'` unless told. */
  readonly window?: TierWindow
  /** Ascending. */
  readonly levels: readonly TierLevel<Tier>[]
  /** What events call the state below the first tier; `'none'` unless told. Views show `null` for it. */
  readonly base?: Tier
  /** `'none'` unless told. */
  readonly hold?: TierHold
  /** None unless told. */
  readonly grace?: TierGrace
  /**
   * What becomes of a tier that is not kept up: `'full'` (unless told) falls to the highest tier whose `keep` is met, `'one-level'`
   * one tier per term, `'none'` never falls.
   */
  readonly downgrade?: 'full' | 'one-level' | 'none'
  /** `'at-once'` unless told; `'at-period-end'` with `this` and `years`. */
  readonly upgrade?: 'at-once' | 'at-period-end'
  /**
   * What begins a new term before the last one ends: going up (`'upgrade'`, unless told), also qualifying again (`'always'`), or
   * nothing (`'never'`).
   */
  readonly renews?: 'upgrade' | 'always' | 'never'
  /**
   * What taking back points that qualified does to a tier that is held: nothing (`'keep-term'`, unless told), or the tier is
   * measured again as it was when it was reached (`'re-evaluate'`).
   */
  readonly reversal?: 'keep-term' | 're-evaluate'
}

/** The word for no tier in events, unless a track has its own. */
const NO_TIER = 'none'

/** The words of a track, the lowest first: what is said below the first tier, then the tiers. */
export const wordsOf = ({
  base = NO_TIER,
  levels,
}: Pick<TierTrack, 'base' | 'levels'>): readonly string[] => [base, ...levels.map(({ tier }) => tier)]

const KEYS = [
  'track',
  'measure',
  'window',
  'levels',
  'base',
  'hold',
  'grace',
  'downgrade',
  'upgrade',
  'renews',
  'reversal',
] satisfies (keyof TierTrack)[]
const PERIODS: readonly TierPeriod[] = ['month', 'quarter', 'year']
const NAME = /^[a-z][a-z0-9-]*$/
/** Fields that every event of tiers has; a track gives its name to one beside them. */
const FIELDS = [
  'track',
  'tier',
  'from',
  'to',
  'until',
  'begins',
  'measured',
  'counted',
  'reached',
  'basis',
  'reason',
]

/** What a type cannot know of tiers. */
export function checkTiers(
  agreed: AgreedCurrencies & {
    readonly calendar: CalendarDefinition
    readonly tiers?: readonly TierTrack[]
  },
): void {
  const { tiers } = agreed
  if (tiers === undefined) return
  const zone = calendarOf(agreed.calendar)
  if (!Array.isArray(tiers)) throw fault('wrong-type', '$.tiers', tiers, 'a list of tracks')
  for (const [i, track] of (tiers as readonly TierTrack[]).entries()) {
    const path = `$.tiers[${i}]`
    checkRecord(track, path)
    checkKeys(track, KEYS, path)
    checkTrackName(track.track, `${path}.track`)
    if (tiers.findIndex((one) => one.track === track.track) !== i)
      throw fault('duplicate-name', `${path}.track`, track.track, 'each track once')
    checkLevels(track, path)
    checkMeasure(track, agreed, path)
    checkPolicies(track, zone, path)
  }
}

/** Checks the name of a track. */
export function checkTrackName(name: unknown, path: string): void {
  if (typeof name !== 'string' || !NAME.test(name))
    throw fault('wrong-type', path, name, 'lower-case letters, digits and hyphens')
  checkOwnName(name, path)
  if (FIELDS.includes(name))
    throw fault('duplicate-name', path, name, `a name other than ${FIELDS.join(', ')}`)
}

/** Checks the words of a track. */
export function checkWords(words: readonly unknown[], path: (i: number) => string): void {
  for (const [i, word] of words.entries()) {
    if (typeof word !== 'string' || !NAME.test(word))
      throw fault('wrong-type', path(i), word, 'lower-case letters, digits and hyphens')
    checkOwnName(word, path(i))
    if (words.indexOf(word) !== i) throw fault('duplicate-name', path(i), word, 'each tier once')
  }
}

function checkLevels({ levels, base, measure }: TierTrack, path: string): void {
  if (!Array.isArray(levels) || levels.length === 0)
    throw fault('missing', `${path}.levels`, levels, 'at least one tier')
  for (const [i, level] of levels.entries()) {
    checkRecord(level, `${path}.levels[${i}]`)
    checkKeys(level, ['tier', 'from', 'keep', 'benefits'], `${path}.levels[${i}]`)
  }
  checkWords(wordsOf({ levels, ...(base !== undefined && { base }) }), (i) =>
    i === 0 ? `${path}.base` : `${path}.levels[${i - 1}].tier`,
  )
  let below: TierLevel | undefined
  for (const [i, level] of (levels as readonly TierLevel[]).entries()) {
    const { from, keep } = level
    const at = `${path}.levels[${i}]`
    // Months are added to dates: more than calendars have would not be told apart.
    const most = 'tenure' in measure ? 100_000 : Number.MAX_SAFE_INTEGER
    if (!(Number.isSafeInteger(from) && from >= 0 && from <= most))
      throw fault('out-of-range', `${at}.from`, from, `a whole number from 0 to ${most}`)
    if (below !== undefined && from <= below.from)
      throw fault('out-of-range', `${at}.from`, from, `above ${below.from}, the tier below`)
    if (keep !== undefined && !(Number.isSafeInteger(keep) && keep >= 0 && keep <= from))
      throw fault('out-of-range', `${at}.keep`, keep, `a whole number from 0 to ${from}`)
    if (below !== undefined && (keep ?? from) < (below.keep ?? below.from))
      throw fault('out-of-range', `${at}.keep`, keep, 'no less than keeps the tier below')
    below = level
  }
}

function checkMeasure({ measure, window }: TierTrack, agreed: AgreedCurrencies, path: string): void {
  checkRecord(measure, `${path}.measure`)
  const [kind = '', ...more] = Object.keys(measure)
  if (more.length > 0) throw fault('unknown-key', `${path}.measure.${more[0]}`, more[0], 'one measure')
  checkName(['earned', 'balance', 'tenure'], kind, `${path}.measure`)
  const currencies = currenciesOf(agreed).map(({ currency }) => currency)
  if ('tenure' in measure) checkName(['months', 'years'], measure.tenure, `${path}.measure.tenure`)
  else if ('balance' in measure) checkName(currencies, measure.balance, `${path}.measure.balance`)
  else checkName(currencies, measure.earned, `${path}.measure.earned`)
  if (window === undefined || window === 'lifetime') return
  if (!('earned' in measure))
    throw fault('unknown-key', `${path}.window`, window, 'no window: what is measured is what holds now')
  if (window === 'term') return
  checkRecord(window, `${path}.window`)
  if ('rolling' in window) {
    checkKeys(window, ['rolling'], `${path}.window`)
    checkDuration(window.rolling, `${path}.window.rolling`)
  } else if ('this' in window) {
    checkKeys(window, ['this'], `${path}.window`)
    checkName(PERIODS, window.this, `${path}.window.this`)
  } else {
    checkKeys(window, ['years', 'from'], `${path}.window`)
    if (!(Number.isSafeInteger(window.years) && window.years >= 1 && window.years <= 100))
      throw fault('out-of-range', `${path}.window.years`, window.years, 'whole years from 1 to 100')
    checkName(['enrolment'], window.from, `${path}.window.from`)
  }
}

function checkPolicies(track: TierTrack, zone: Calendar, path: string): void {
  const { measure, window = 'lifetime', hold = 'none', grace } = track
  const { downgrade = 'full', upgrade = 'at-once', renews, reversal } = track
  checkName(['full', 'one-level', 'none'], downgrade, `${path}.downgrade`)
  checkName(['at-once', 'at-period-end'], upgrade, `${path}.upgrade`)
  if (renews !== undefined) checkName(['upgrade', 'always', 'never'], renews, `${path}.renews`)
  if (reversal !== undefined) checkName(['keep-term', 're-evaluate'], reversal, `${path}.reversal`)
  if (hold !== 'none') checkHold(hold, zone, `${path}.hold`)
  const isHeld = hold !== 'none'
  const needless = (key: 'hold' | 'grace' | 'renews' | 'reversal', why: string) => {
    if (track[key] !== undefined && track[key] !== 'none')
      throw fault('unknown-key', `${path}.${key}`, track[key], why)
  }
  if ('tenure' in measure)
    for (const key of ['hold', 'grace', 'reversal'] as const) needless(key, 'none: tenure never falls')
  if ('balance' in measure) needless('reversal', 'none: a balance is what is left')
  if (downgrade === 'none')
    for (const key of ['hold', 'grace'] as const) needless(key, 'none: a tier that never falls is not held')
  if (!isHeld) needless('renews', 'none: there are no terms without hold')
  if (!isHeld && downgrade !== 'none')
    needless('reversal', 'none: a tier that is not held follows its measure')
  const needsHold =
    window === 'term'
      ? 'window'
      : downgrade === 'one-level'
        ? 'downgrade'
        : upgrade === 'at-period-end' && 'upgrade'
  if (!isHeld && needsHold) throw fault('missing', `${path}.hold`, track.hold, `a term, for ${needsHold}`)
  if (upgrade === 'at-period-end' && !(typeof window === 'object' && !('rolling' in window)))
    throw fault('unknown-name', `${path}.upgrade`, upgrade, 'at-once: the window has no periods')
  if (grace === undefined) return
  checkRecord(grace, `${path}.grace`)
  checkKeys(grace, ['length', 'from'], `${path}.grace`)
  checkDuration(grace.length, `${path}.grace.length`)
  checkName(isHeld ? ['term-end', 'entry'] : ['drop', 'entry'], grace.from, `${path}.grace.from`)
}

function checkHold(hold: Exclude<TierHold, 'none'>, zone: Calendar, path: string): void {
  checkRecord(hold, path)
  if (!('untilEndOf' in hold)) {
    checkDuration(hold, path)
    if (!(zone.add(0, hold) > 0)) throw fault('invalid-duration', path, hold, 'more than nothing')
    return
  }
  checkKeys(hold, ['untilEndOf', 'after'], path)
  checkName(PERIODS, hold.untilEndOf, `${path}.untilEndOf`)
  const { after = 0 } = hold
  if (!(Number.isSafeInteger(after) && after >= 0 && after <= 1000))
    throw fault('out-of-range', `${path}.after`, after, 'a whole number from 0 to 1000')
}
