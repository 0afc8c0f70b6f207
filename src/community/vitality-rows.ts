import type { Sentence } from '../kernel/index.js'
import type { Ratio, Vitality } from './vitality.js'

/** A line, flat, for tables and charts. Where no number exists, `null`, and `reason` says why. */
export interface VitalityRow {
  readonly group: string
  readonly from: string
  readonly to: string
  readonly members: number
  /** Those of whom `value` speaks. */
  readonly n: number
  readonly speakers: number
  /** Speakers of those present, with its interval. */
  readonly value: number | null
  readonly low: number | null
  readonly high: number | null
  readonly reason: VitalityReason | null
  readonly memberMessages: number
  readonly operatorMessages: number
  readonly advertisements: number
  readonly otherMessages: number
  readonly perPersonDay: number | null
  readonly topShare: number | null
  readonly hhi: number | null
  readonly advertising: number | null
  readonly advertisingLow: number | null
  readonly advertisingHigh: number | null
  readonly answersPerPush: number | null
  readonly joins: number
  readonly noticed: number
  readonly leaves: number
  readonly net: number
}

/** Why a row has no share of speakers. */
export type VitalityReason = 'no-trials'

/** The reasons in words, to print beside a table. */
export const vitalityReasons: Readonly<Record<VitalityReason, Sentence>> = {
  'no-trials': { en: 'nobody was in the group', zh: '群内没有成员' },
}

/**
 * All lines of all groups as flat rows. Nobody is named in them, whatever the result says.
 *
 * @example
 * vitalityRows(result)[0] // => { group: 'tea', from: '2024-03-04', members: 2, n: 2, speakers: 1, value: 0.5, … }
 */
export function vitalityRows({ groups }: Pick<Vitality, 'groups'>): readonly VitalityRow[] {
  return groups.flatMap(({ group, periods }) =>
    periods.map((line): VitalityRow => {
      const { from, to, members, present: n, speakers, speaking, messages, advertising, concentration } = line
      const { joins, noticed, leaves, net } = line
      const spoke = speaking.kind === 'estimate' ? speaking : undefined
      const pushed = advertising.kind === 'estimate' ? advertising : undefined
      const carried = concentration.kind === 'estimate' ? concentration : undefined
      return {
        group,
        from,
        to,
        members,
        n,
        speakers,
        value: spoke?.value ?? null,
        low: spoke?.interval.low ?? null,
        high: spoke?.interval.high ?? null,
        reason: spoke === undefined ? 'no-trials' : null,
        memberMessages: messages.member,
        operatorMessages: messages.operator,
        advertisements: messages.advertisement,
        otherMessages: messages.other,
        perPersonDay: numberIn(line.perPersonDay),
        topShare: carried?.top ?? null,
        hhi: carried?.hhi ?? null,
        advertising: pushed?.value ?? null,
        advertisingLow: pushed?.interval.low ?? null,
        advertisingHigh: pushed?.interval.high ?? null,
        answersPerPush: numberIn(line.answersPerPush),
        joins,
        noticed,
        leaves,
        net,
      }
    }),
  )
}

const numberIn = (ratio: Ratio<string>): number | null => (ratio.kind === 'estimate' ? ratio.value : null)
