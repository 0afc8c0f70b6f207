// Simulated groups as vitality sees them, and the warnings that compete.
import {
  type Backtest,
  defineVitality,
  type GroupVitality,
  type VitalityWarning,
  type WarningSign,
} from 'liuliang/community'
import { collect } from 'liuliang/kernel'
import { endOf, holiday, type Scenario, simulateGroups, zone } from './simulator.js'

/** The definition that the simulated companies agreed on. */
const simulated = defineVitality({
  id: 'simulated',
  version: 1,
  calendar: { zone, named: { holiday: [holiday] } },
  period: 'day',
  group: 'group',
  joins: 'member-joined',
  leaves: 'member-left',
  messages: 'message-sent',
  kind: 'kind',
  kinds: { member: 'member', operator: 'operator', advertisement: 'push' },
  quiet: 'holiday',
})

/** Groups of a few seeds together; a group's name says its seed. */
export function simulatedHistories(seeds: readonly string[], each: number) {
  const scenarios = new Map<string, Scenario>()
  const groups = seeds.flatMap((seed) => {
    const made = simulateGroups(seed, each)
    for (const { group, scenario } of made) scenarios.set(`${seed}/${group}`, scenario)
    const partial = collect(
      simulated,
      made.flatMap(({ events }) => events),
    )
    return simulated
      .result(partial, { asOf: endOf() })
      .groups.map(({ group, periods }): GroupVitality => ({ group: `${seed}/${group}`, periods }))
  })
  return { groups, scenarios }
}

const usual = [
  { weeks: 4, skipWeeks: 1, leastWeeks: 2 },
  { weeks: 8, skipWeeks: 1, leastWeeks: 2 },
  { weeks: 12, skipWeeks: 1, leastWeeks: 2 },
  { weeks: 12, skipWeeks: 2, leastWeeks: 2 },
]
const shares: readonly WarningSign[] = usual.flatMap((weeks) =>
  [0.3, 0.4, 0.5].flatMap((below) =>
    [7, 10, 14].map((forDays) => ({ kind: 'share', below, forDays, recovered: 0.8, ...weeks }) as const),
  ),
)
const cusums: readonly WarningSign[] = usual.flatMap((weeks) =>
  [0.3, 0.5].flatMap((fallsTo) =>
    [8, 12, 16, 24].map((threshold) => ({ kind: 'cusum', fallsTo, threshold, ...weeks }) as const),
  ),
)
const advertising: readonly WarningSign[] = [
  { above: 0.4, until: 0.3 },
  { above: 0.5, until: 0.4 },
  { above: 0.6, until: 0.5 },
  { above: 0.7, until: 0.6 },
].flatMap((limits) => [14, 28].map((overDays) => ({ kind: 'advertising', ...limits, overDays }) as const))
const pairs = (signs: readonly WarningSign[]): readonly VitalityWarning[] =>
  signs.flatMap((sign) => advertising.map((other) => ({ kind: 'any', of: [sign, other] }) as const))

/** Every candidate, by kind. */
export const candidates: Readonly<Record<string, readonly VitalityWarning[]>> = {
  share: shares,
  cusum: cusums,
  advertising,
  'share or advertising': pairs(shares),
  'cusum or advertising': pairs(cusums),
}

/** The rule of choice: fewest missed of those that alarm at most a tenth of the groups that live on. */
const mostFalselyAlarmed = 0.1

export const missedIn = ({ missed }: Backtest): number => (missed.kind === 'estimate' ? missed.value : 1)

export const isQuietEnough = ({ falselyAlarmed }: Backtest): boolean =>
  falselyAlarmed.kind === 'estimate' && falselyAlarmed.value <= mostFalselyAlarmed

/** The best by that rule; of equals the one that alarms fewer, then the earlier in the list. */
export function best<T extends { readonly tested: Backtest }>(tried: readonly T[]): T | undefined {
  const alarmed = ({ tested: { falselyAlarmed } }: T) =>
    falselyAlarmed.kind === 'estimate' ? falselyAlarmed.value : 1
  return tried
    .filter(({ tested }) => isQuietEnough(tested))
    .sort((a, b) => missedIn(a.tested) - missedIn(b.tested) || alarmed(a) - alarmed(b))[0]
}
