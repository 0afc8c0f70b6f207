import type { Instant } from '../../kernel/index.js'
import type { PointsState } from '../account.js'
import { type Decision, refused, type Section, type Told } from '../section.js'
import type { Tiering } from './tiering.js'

/** Tiers set by hand. */
export function settingSection(id: string, { ladders }: Tiering): Section {
  function setTier({ tiers, books }: PointsState, { occurredAt: at, data }: Told): Decision {
    const {
      track,
      tier,
      until,
      reason: text,
    } = data as {
      readonly track: string
      readonly tier: string
      readonly until?: Instant
      readonly reason: string
    }
    const i = ladders.findIndex((ladder) => ladder.track.track === track)
    const ladder = ladders[i]!
    if (!ladder.words.includes(tier)) return refused({ code: 'unknown-tier' })
    if (until !== undefined && until <= at) return refused({ code: 'tier-ends-before-it-begins' })
    const decision = ladder.byHand(tiers[i]!, books, at, { tier, until, text })
    return { events: [{ type: `${id}/${decision.kind}`, data: decision.data }] }
  }

  return {
    commands: {
      'set-tier': {
        track: { type: 'text', oneOf: ladders.map(({ track }) => track.track) },
        tier: { type: 'text', oneOf: [...new Set(ladders.flatMap(({ words }) => words))] },
        until: { type: 'instant', required: false },
        reason: { type: 'text' },
      },
    },
    decide: { 'set-tier': setTier },
  }
}
