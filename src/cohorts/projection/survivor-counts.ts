import { checkList, checkRecord, fault } from '../../kernel/errors.js'
import type { Sentence } from '../../kernel/index.js'
import type { ChurnCohort } from '../../measures/index.js'

/** What is read of retention: any result whose cohorts have cells by offset, with how many were retained of how many. */
export interface RetentionTriangle {
  /** What the cells count, where the triangle says so. */
  readonly measure?: unknown
  readonly cohorts: readonly {
    readonly cohort: string
    readonly cells: readonly {
      readonly offset: number
      readonly eligible: number
      readonly retained: number
      /** Only `complete` cells are read. */
      readonly state: string
    }[]
  }[]
}

/** How a triangle is read. */
export interface SurvivorCountsOptions {
  /**
   * How many of each cohort's last mature offsets to leave out, 0 unless told. "Active then or later" looks only as far as
   * the data go: who merely pauses at the end of them looks gone. Leave out as many offsets as a pause may last; where
   * leaving is recorded, as in a subscription, none.
   */
  readonly leaveOut?: number
}

/** Survivor counts of cohorts, or why the triangle has none. */
export type SurvivorCounts =
  | {
      readonly kind: 'counts'
      readonly cohorts: readonly ChurnCohort[]
      /** Cohorts that end before their last mature offset because from `offset` on fewer people were eligible. */
      readonly ended: readonly { readonly cohort: string; readonly offset: number }[]
    }
  | {
      readonly kind: 'undefined'
      readonly reason: 'not-a-survival-curve'
      readonly next: Sentence
      /** Where more were retained than before. */
      readonly cohort: string
      readonly offset: number
      readonly before: number
      readonly retained: number
    }

/**
 * Reads a retention triangle as how many were still there after each offset: of "active then or later" (unbounded)
 * retention, or of "still subscribed".
 *
 * Offset 0 stands for everybody who entered, whether measured as active or not. Each cohort goes as far as its cells are
 * complete and speak of the same people: where an elapsed clock makes fewer people eligible from some offset on, the counts
 * end before it, as it is not known how many of those dropped had stayed; enter people in shorter cohorts to use more.
 * Cohorts without people or without a complete cell at offset 0 are left out.
 *
 * Retention "on" an offset (N-day) is no survival curve: who is away one day and back the next would leave and come back.
 * A result of `defineRetention` says its measure and is refused unless it is `on-or-after` or `consecutive`; of a triangle
 * that does not say, one that rises is.
 *
 * @throws DefinitionError `wrong-type` and `out-of-range` for what is no triangle: cells by offset from 0, ascending by 1,
 * and whole numbers with retained <= eligible; `out-of-range` at `$.measure` for another measure.
 * @example
 * survivorCounts({ cohorts: [{ cohort: '2024-03', cells: [
 *   { offset: 0, eligible: 90, retained: 90, state: 'complete' },
 *   { offset: 1, eligible: 90, retained: 41, state: 'complete' },
 *   { offset: 2, eligible: 90, retained: 12, state: 'incomplete' } ] }] })
 * // => { kind: 'counts', cohorts: [{ cohort: '2024-03', survivors: [90, 41] }], ended: [] }
 */
export function survivorCounts(
  retention: RetentionTriangle,
  options: SurvivorCountsOptions = {},
): SurvivorCounts {
  checkRecord(retention, '$')
  checkList(retention.cohorts, '$.cohorts')
  const { measure = 'on-or-after' } = retention
  if (measure !== 'on-or-after' && measure !== 'consecutive')
    throw fault(
      'out-of-range',
      '$.measure',
      measure,
      "'on-or-after' or 'consecutive', which count those still there",
    )
  checkRecord(options, '$.options')
  const { leaveOut = 0 } = options
  if (!(Number.isSafeInteger(leaveOut) && leaveOut >= 0))
    throw fault('out-of-range', '$.options.leaveOut', leaveOut, 'a whole number from 0')
  const cohorts: ChurnCohort[] = []
  const ended: { cohort: string; offset: number }[] = []
  for (const [row, given] of retention.cohorts.entries()) {
    const path = `$.cohorts[${row}]`
    checkRecord(given, path)
    const { cohort, cells } = given
    if (typeof cohort !== 'string') throw fault('wrong-type', `${path}.cohort`, cohort, 'text')
    checkList(cells, `${path}.cells`)
    const survivors: number[] = []
    let open = true
    for (const [offset, cell] of cells.entries()) {
      checkCell(cell, offset, `${path}.cells[${offset}]`)
      if (!open || cell.state !== 'complete') {
        open = false
        continue
      }
      const { eligible, retained } = cell
      if (offset === 0) {
        survivors.push(eligible + 0)
        continue
      }
      if (eligible !== survivors[0]) {
        ended.push({ cohort, offset })
        open = false
        continue
      }
      const before =
        offset === 1 ? (cells[0] as { readonly retained: number }).retained : survivors[offset - 1]!
      if (retained > before)
        return { kind: 'undefined', reason: 'not-a-survival-curve', next, cohort, offset, before, retained }
      survivors.push(retained + 0)
    }
    if (survivors.length === 0 || survivors[0] === 0) continue
    cohorts.push({ cohort, survivors: survivors.slice(0, Math.max(1, survivors.length - leaveOut)) })
  }
  return { kind: 'counts', cohorts, ended }
}

const next: Sentence = {
  en: 'More were retained than before, so this is retention on each offset, not of those still there: measure "active then or later" (unbounded), or whether they are still subscribed.',
  zh: '留存人数高于前一期，说明这是"当期活跃"留存而非"仍在"的人数：请改用"当期及以后活跃"（无界）留存，或是否仍在订阅。',
}

function checkCell(cell: unknown, offset: number, path: string): void {
  checkRecord(cell, path)
  const {
    offset: given,
    eligible,
    retained,
    state,
  } = cell as RetentionTriangle['cohorts'][number]['cells'][number]
  if (given !== offset)
    throw fault('out-of-range', `${path}.offset`, given, `${offset}: cells from 0, one each`)
  if (!(Number.isSafeInteger(eligible) && eligible >= 0))
    throw fault('out-of-range', `${path}.eligible`, eligible, 'a whole number from 0')
  if (!(Number.isSafeInteger(retained) && retained >= 0 && retained <= eligible))
    throw fault('out-of-range', `${path}.retained`, retained, 'a whole number from 0, at most eligible')
  if (typeof state !== 'string')
    throw fault('wrong-type', `${path}.state`, state, "'complete' or another state")
}
