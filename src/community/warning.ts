import { checkRecord, fault, unknownName } from '../kernel/errors.js'
import { ln } from '../kernel/index.js'
import type { GroupVitality, VitalityPeriod } from './vitality.js'

/**
 * When a group is in danger, as plain data with every threshold stated: a single sign, or any of several. All read
 * days; days that the definition of vitality calls quiet are left out, so a week is seven days that count.
 *
 * @see Page (1954), "Continuous Inspection Schemes"; Lucas (1985), "Counted Data CUSUM's".
 */
export type VitalityWarning =
  | WarningSign
  | {
      /** On while one of the signs is, at least. */
      readonly kind: 'any'
      readonly of: readonly WarningSign[]
    }

/**
 * - `share`: the speakers of a week, of the person-days in it, stay below a part of what is usual.
 * - `cusum`: what is missing from the usual number of speakers adds up day by day; small groups need more days than large
 *   ones to be as sure.
 * - `advertising`: advertisements make up too much of the messages.
 *
 * What is usual is the median of a group's own earlier weeks (`Usual`), held while the sign is on, so that a long
 * decline does not become the usual.
 */
export type WarningSign =
  | ({
      readonly kind: 'share'
      /** On below this part of what is usual, between 0 and 1. */
      readonly below: number
      /** For so many days in a row. */
      readonly forDays: number
      /** Off again at this part of what is usual; at least `below`. */
      readonly recovered: number
    } & Usual)
  | ({
      readonly kind: 'cusum'
      /** The part of what is usual that it looks for, between 0 and 1. */
      readonly fallsTo: number
      /** On where the log-likelihood ratio of that against the usual has added up to this; off at half of it. */
      readonly threshold: number
    } & Usual)
  | {
      readonly kind: 'advertising'
      /** On from this share of the messages, between 0 and 1. */
      readonly above: number
      /** Off again below this share; at most `above`. */
      readonly until: number
      /** Over so many days. */
      readonly overDays: number
    }

/** Which weeks of a group's own past are its usual ones. */
export interface Usual {
  /** The median of at most so many weeks. */
  readonly weeks: number
  /** The latest weeks are left out: a decline that has begun is not the usual. */
  readonly skipWeeks: number
  /** Fewer earlier weeks than this say nothing: it is too early. */
  readonly leastWeeks: number
}

/**
 * The warning that was chosen by back-testing candidates of all kinds on simulated groups: the fewest deaths missed among
 * those that alarm at most a tenth of the groups that live on. `docs/reference/community.md` has the numbers, on other
 * groups than those it was chosen on.
 */
export const vitalityWarning: VitalityWarning = {
  kind: 'any',
  of: [
    { kind: 'share', below: 0.3, forDays: 10, recovered: 0.8, weeks: 12, skipWeeks: 2, leastWeeks: 2 },
    { kind: 'advertising', above: 0.7, until: 0.6, overDays: 14 },
  ],
}

/** What a warning says on one day. */
export interface Watch {
  /** Whether enough of the past is known to say anything. */
  readonly known: boolean
  readonly on: boolean
  /** The line with which it came on; -1 while it is off. */
  readonly since: number
  /** The same of a sign that looks at speakers, and of one that looks at advertising. */
  readonly fellSince: number
  readonly pushedSince: number
  /** In the last seven days that count. */
  readonly speakers: number
  readonly personDays: number
  /** The usual speakers a person a day; 0 while too early, or where the warning does not look. */
  readonly usual: number
}

/** What a warning says on every day of a group, each from that day and earlier ones only. */
export function watchesOf({ periods }: GroupVitality, warning: VitalityWarning): readonly Watch[] {
  const past = new Past()
  const rules = signsOf(warning).map((sign) => ({ kind: sign.kind, read: ruleOf(sign, past) }))
  const [off, none] = [
    { on: false, since: -1, fellSince: -1, pushedSince: -1 },
    { speakers: 0, personDays: 0 },
  ]
  let watch: Watch = { known: false, ...off, ...none, usual: 0 }
  return periods.map((period, i) => {
    if (period.quiet > 0) return watch
    past.add(period)
    let [known, fell, pushed, usual] = [false, false, false, 0]
    for (const { kind, read } of rules) {
      const said = read(period)
      known ||= said.known
      if (kind === 'advertising') pushed ||= said.on
      else fell ||= said.on
      // Of several usual levels the first one's is shown.
      usual ||= said.usual
    }
    const stays = (on: boolean, before: number) => (on ? (before < 0 ? i : before) : -1)
    const on = fell || pushed
    watch = {
      known,
      on,
      since: stays(on, watch.since),
      fellSince: stays(fell, watch.fellSince),
      pushedSince: stays(pushed, watch.pushedSince),
      speakers: past.speakers.last(7),
      personDays: past.personDays.last(7),
      usual,
    }
    return watch
  })
}

/** The signs of a warning, one or several. */
export const signsOf = (warning: VitalityWarning): readonly WarningSign[] =>
  warning.kind === 'any' ? warning.of : [warning]

/** Refuses what is no warning. */
export function checkWarning(warning: VitalityWarning, path: string): void {
  checkRecord(warning, path)
  if (warning.kind !== 'any') checkSign(warning, path, ['any'])
  else {
    const { of } = warning
    if (!Array.isArray(of)) throw fault('wrong-type', `${path}.of`, of, 'a list')
    if (of.length === 0) throw fault('missing', `${path}.of`, of, 'one sign or more')
    if (of.length > 20) throw fault('too-large', `${path}.of`, of, 'at most 20 signs')
    for (const [i, sign] of of.entries()) {
      checkRecord(sign, `${path}.of[${i}]`)
      checkSign(sign as WarningSign, `${path}.of[${i}]`, [])
    }
  }
}

function checkSign(sign: WarningSign, path: string, others: readonly string[]): void {
  const share = (name: string, value: unknown) => {
    if (!(typeof value === 'number' && value > 0 && value < 1))
      throw fault('out-of-range', `${path}.${name}`, value, 'strictly between 0 and 1')
  }
  const whole = (name: string, value: unknown, least: number) => {
    if (!(Number.isSafeInteger(value) && (value as number) >= least && (value as number) <= 520))
      throw fault('out-of-range', `${path}.${name}`, value, `a whole number from ${least} to 520`)
  }
  const { kind } = sign
  if (kind === 'advertising') {
    share('above', sign.above)
    share('until', sign.until)
    if (sign.until > sign.above) throw fault('out-of-range', `${path}.until`, sign.until, 'at most above')
    whole('overDays', sign.overDays, 1)
    return
  }
  if (kind === 'share') {
    share('below', sign.below)
    whole('forDays', sign.forDays, 1)
    if (!(Number.isFinite(sign.recovered) && sign.recovered >= sign.below))
      throw fault('out-of-range', `${path}.recovered`, sign.recovered, 'a number from below')
  } else if (kind === 'cusum') {
    share('fallsTo', sign.fallsTo)
    if (!(Number.isFinite(sign.threshold) && sign.threshold > 0))
      throw fault('out-of-range', `${path}.threshold`, sign.threshold, 'a finite number above 0')
  } else throw unknownName(`${path}.kind`, kind, ['share', 'cusum', 'advertising', ...others])
  whole('weeks', sign.weeks, 1)
  whole('skipWeeks', sign.skipWeeks, 0)
  whole('leastWeeks', sign.leastWeeks, 1)
  if (sign.leastWeeks > sign.weeks)
    throw fault('out-of-range', `${path}.leastWeeks`, sign.leastWeeks, 'at most weeks')
}

/** Refuses what are no groups by day; warnings and survival count in days. */
export function checkDaily(groups: readonly GroupVitality[], path: string): void {
  if (!Array.isArray(groups)) throw fault('wrong-type', path, groups, 'a list')
  for (const [i, group] of groups.entries()) {
    const at = `${path}[${i}]`
    checkRecord(group, at)
    if (typeof group.group !== 'string') throw fault('wrong-type', `${at}.group`, group.group, 'a name')
    if (!Array.isArray(group.periods)) throw fault('wrong-type', `${at}.periods`, group.periods, 'a list')
    for (const [j, period] of group.periods.entries()) {
      const line = `${at}.periods[${j}]`
      checkRecord(period, line)
      if (period.days !== 1) throw fault('out-of-range', `${line}.days`, period.days, "1: a result by 'day'")
      const { speakers, personDays, members, quiet, messages, leaves, over } = period
      checkCount(speakers, line, 'speakers')
      checkCount(personDays, line, 'personDays')
      checkCount(members, line, 'members')
      checkCount(quiet, line, 'quiet')
      checkCount(leaves, line, 'leaves')
      if (!Number.isSafeInteger(over)) throw fault('invalid-instant', `${line}.over`, over, 'an instant')
      checkRecord(messages, `${line}.messages`)
      checkCount(messages.member, line, 'messages.member')
      checkCount(messages.operator, line, 'messages.operator')
      checkCount(messages.advertisement, line, 'messages.advertisement')
    }
  }
}

function checkCount(count: unknown, line: string, name: string): void {
  if (!(Number.isSafeInteger(count) && (count as number) >= 0))
    throw fault('out-of-range', `${line}.${name}`, count, 'a whole number from 0')
}

/** Running sums over the days that count. */
class Past {
  readonly speakers = new Sums()
  readonly personDays = new Sums()
  readonly advertisements = new Sums()
  readonly messages = new Sums()

  add({ speakers, personDays, messages: { member, operator, advertisement } }: VitalityPeriod): void {
    this.speakers.add(speakers)
    this.personDays.add(personDays)
    this.advertisements.add(advertisement)
    this.messages.add(member + operator + advertisement)
  }

  /** The median of earlier weeks; of too few, nothing. */
  usual({ weeks, skipWeeks, leastWeeks }: Usual): number | undefined {
    const levels: number[] = []
    for (let week = skipWeeks; week < skipWeeks + weeks; week++) {
      const [speakers, personDays] = [this.speakers.week(week), this.personDays.week(week)]
      if (speakers !== undefined && personDays) levels.push(speakers / personDays)
    }
    if (levels.length < leastWeeks) return undefined
    levels.sort((a, b) => a - b)
    const half = Math.floor(levels.length / 2)
    return levels.length % 2 === 1 ? levels[half]! : (levels[half - 1]! + levels[half]!) / 2
  }
}

class Sums {
  private readonly sums = [0]

  get length(): number {
    return this.sums.length - 1
  }

  add(value: number): void {
    this.sums.push(this.sums.at(-1)! + value)
  }

  /** Of the last so many, or of all there are. */
  last(count: number): number {
    return this.sums.at(-1)! - this.sums[Math.max(0, this.sums.length - 1 - count)]!
  }

  /** Of the seven that ended so many weeks ago, if there are seven. */
  week(ago: number): number | undefined {
    const end = this.sums.length - 1 - 7 * ago
    return end < 7 ? undefined : this.sums[end]! - this.sums[end - 7]!
  }
}

type Rule = (period: VitalityPeriod) => {
  readonly known: boolean
  readonly on: boolean
  readonly usual: number
}

function ruleOf(sign: WarningSign, past: Past): Rule {
  switch (sign.kind) {
    case 'share':
      return shareRule(sign, past)
    case 'cusum':
      return cusumRule(sign, past)
    case 'advertising':
      return advertisingRule(sign, past)
  }
}

function shareRule(sign: WarningSign & { readonly kind: 'share' }, past: Past): Rule {
  let held: number | undefined
  let low = 0
  return () => {
    const usual = held ?? past.usual(sign)
    if (usual === undefined) return { known: false, on: false, usual: 0 }
    const [speakers, usually] = [past.speakers.last(7), usual * past.personDays.last(7)]
    // Where nobody is left, nobody can speak: 0 of 0 is below.
    const isLow = speakers < sign.below * usually || speakers + usually === 0
    low = isLow ? low + 1 : 0
    if (held === undefined) held = low >= sign.forDays ? usual : undefined
    else if (speakers >= sign.recovered * usually && !isLow) held = undefined
    return { known: true, on: held !== undefined, usual }
  }
}

function cusumRule(sign: WarningSign & { readonly kind: 'cusum' }, past: Past): Rule {
  const { fallsTo, threshold } = sign
  const forEach = ln(fallsTo)
  let held: number | undefined
  let missing = 0
  return ({ speakers, personDays }) => {
    const usual = held ?? past.usual(sign)
    if (usual === undefined) return { known: false, on: false, usual: 0 }
    // Poisson: so much more likely is the lower rate than the usual one.
    const step = usual * personDays * (1 - fallsTo) + speakers * forEach
    missing = Math.min(threshold, Math.max(0, missing + step))
    if (held === undefined) held = missing >= threshold ? usual : undefined
    else if (missing < threshold / 2) held = undefined
    return { known: true, on: held !== undefined, usual }
  }
}

function advertisingRule(sign: WarningSign & { readonly kind: 'advertising' }, past: Past): Rule {
  let on = false
  return () => {
    const [advertisements, messages] = [
      past.advertisements.last(sign.overDays),
      past.messages.last(sign.overDays),
    ]
    on = messages > 0 && advertisements >= (on ? sign.until : sign.above) * messages
    return { known: past.messages.length >= sign.overDays, on, usual: 0 }
  }
}
