import { allocateUnits } from '../../kernel/allocate.js'
import { fault } from '../../kernel/errors.js'
import type { PeriodUnit } from '../../kernel/index.js'
import type { GroupValue } from '../../measures/activity/group-value.js'
import type { CampaignStandardisation, Read } from './options.js'
import { type Side, type SideCell, type Stratum, worse } from './strata.js'

/** Both sides of one cohort of one stratum. */
export interface PairCell {
  readonly stratum: string
  readonly cohort: string
  readonly campaign: Side
  readonly comparison: Side
}

/** What is asked of the pairs, with what was spent on each. */
export interface Ask extends Read {
  readonly cells: readonly PairCell[]
  readonly costs: readonly bigint[]
  readonly acquired: number
  readonly scale: bigint
  readonly unit: PeriodUnit | null
  text(minor: bigint): string
}

/** By which name pairs are pooled: everybody, the period of entry, the stratum, or both. */
export const nameOf = (
  over: CampaignStandardisation['over'] | undefined,
  stratum: string,
  cohort: string,
): string =>
  over === undefined ? '' : over === 'cohorts' ? cohort : over === 'strata' ? stratum : `${stratum} ${cohort}`

/** What a side brought up to an offset; of a time in which part was not tracked, nobody knows. */
export function broughtBy({ cells }: Side, through: number): bigint | undefined {
  let sum = 0n
  for (const [offset, { total, state }] of cells) {
    if (offset > through) continue
    if (state === 'unobserved') return undefined
    if (total === undefined)
      throw fault(
        'missing',
        '$.retention.groups',
        undefined,
        'amounts in the currency of the costs as the total of every cell',
      )
    sum += total
  }
  return sum
}

/** Costs per person go with the person; fixed ones are split by how many came, to the last unit. */
export function costsOf(
  cells: readonly PairCell[],
  { fixed, perPerson }: Read,
): { readonly costs: readonly bigint[]; readonly acquired: number; readonly whole: bigint } {
  const sizes = cells.map(({ campaign }) => campaign.size)
  const acquired = sizes.reduce((sum, size) => sum + size, 0)
  if (!Number.isSafeInteger(acquired + cells.reduce((sum, { comparison }) => sum + comparison.size, 0)))
    throw fault('too-large', '$.retention', acquired, 'at most 2^53 - 1 people')
  const shares = acquired === 0 ? sizes.map(() => 0n) : allocateUnits(fixed, sizes)
  const costs = shares.map((share, i) => share + perPerson * BigInt(sizes[i]!))
  return { costs, acquired, whole: fixed + perPerson * BigInt(acquired) }
}

/** Both sides of every cohort of every stratum, within the cohorts of the campaign. */
export function cellsOf(strata: readonly Stratum[], read: Read): readonly PairCell[] {
  const { campaign, comparison, cohorts: asked } = read
  const isCampaign = (value: GroupValue) => campaign.includes(value)
  const isCompared = (value: GroupValue) =>
    comparison.groups === 'everybody-else' ? !isCampaign(value) : comparison.groups.includes(value)
  const known = new Set(strata.flatMap(({ groups }) => groups.map(({ value }) => value)))
  const anybody = known.size > 0
  for (const [path, groups] of [
    ['$.options.campaign', campaign],
    ['$.options.comparison.groups', comparison.groups],
  ] as const) {
    if (groups === 'everybody-else') continue
    for (const value of groups) {
      if (anybody && !known.has(value))
        throw fault('unknown-name', path, value, [...known].slice(0, 20).map(String).join(' | '))
    }
  }
  const names = [...new Set(strata.flatMap(({ cohorts }) => cohorts))].sort()
  for (const name of asked === undefined ? [] : [asked.from, asked.to]) {
    if (anybody && !names.includes(name))
      throw fault('unknown-name', '$.options.cohorts', name, names.slice(0, 20).join(' | '))
  }
  const cells = strata.flatMap(({ name: stratum, cohorts, groups }) =>
    cohorts.map((cohort, i): PairCell => {
      const sideOf = (belongs: (value: GroupValue) => boolean) =>
        joined(groups.flatMap(({ value, sides }) => (belongs(value) ? [sides[i]!] : [])))
      return { stratum, cohort, campaign: sideOf(isCampaign), comparison: sideOf(isCompared) }
    }),
  )
  const reached = cells.flatMap(({ cohort, campaign: { size } }) => (size > 0 ? [cohort] : [])).sort()
  const { from, to } = asked ?? { from: reached[0] ?? '', to: reached.at(-1) ?? '' }
  const kept = cells.filter(({ cohort }) => cohort >= from && cohort <= to)
  checkWeights(read.standardise, kept)
  checkOffsets(read.offsets, cells)
  return kept
}

/** An offset between those of the table is none of them: the table has brackets, or was cut. */
function checkOffsets(offsets: readonly number[], cells: readonly PairCell[]): void {
  const known = new Set<number>()
  for (const { campaign, comparison } of cells) {
    for (const side of [campaign, comparison]) for (const offset of side.cells.keys()) known.add(offset)
  }
  let last = -1
  for (const offset of known) last = Math.max(last, offset)
  for (const offset of offsets) {
    if (offset < last && !known.has(offset))
      throw fault(
        'unknown-name',
        '$.options.offsets',
        offset,
        [...known]
          .sort((a, b) => a - b)
          .slice(0, 20)
          .join(' | '),
      )
  }
}

function checkWeights(standardise: CampaignStandardisation | undefined, cells: readonly PairCell[]): void {
  if (standardise?.weights === undefined) return
  const names = new Set(cells.map(({ stratum, cohort }) => nameOf(standardise.over, stratum, cohort)))
  for (const name of Object.keys(standardise.weights)) {
    if (!names.has(name))
      throw fault('unknown-name', '$.options.standardise.weights', name, [...names].slice(0, 20).join(' | '))
  }
}

/** Several groups as one side. */
function joined(sides: readonly Side[]): Side {
  if (sides.length === 1) return sides[0]!
  const cells = new Map<number, SideCell>()
  // Of nobody nothing can be incomplete: empty groups would only hide what others have.
  const peopled = sides.filter(({ size }) => size > 0)
  for (const { cells: more } of peopled) {
    for (const [offset, cell] of more) {
      const before = cells.get(offset)
      cells.set(offset, before === undefined ? cell : both(before, cell))
    }
  }
  // An offset that one of them does not have yet is not over.
  for (const [offset, cell] of cells) {
    if (peopled.some(({ cells: of }) => !of.has(offset))) cells.set(offset, { ...cell, state: 'incomplete' })
  }
  return { size: peopled.reduce((sum, { size }) => sum + size, 0), cells }
}

function both(a: SideCell, b: SideCell): SideCell {
  return {
    state: worse[Math.max(worse.indexOf(a.state), worse.indexOf(b.state))]!,
    retained: a.retained + b.retained,
    total: a.total === undefined || b.total === undefined ? undefined : a.total + b.total,
  }
}
