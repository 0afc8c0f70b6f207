import { checkKeys, checkRecord, fault } from '../../kernel/errors.js'
import { type CalendarDefinition, calendarOf, checkDuration, type Duration } from '../../kernel/index.js'

/** What is promised about later versions of a definition. */
export interface ChangeTerms {
  /** How long after its announcement a later version may first make worse what was earned before. */
  readonly notice: Duration
}

/** What a type cannot know of it. */
export function checkChangeTerms(terms: ChangeTerms | undefined, calendar: CalendarDefinition): void {
  if (terms === undefined) return
  checkRecord(terms, '$.changes')
  checkKeys(terms, ['notice'], '$.changes')
  const notice = checkDuration(terms.notice, '$.changes.notice')
  if (!(calendarOf(calendar).add(0, notice) > 0))
    throw fault('invalid-duration', '$.changes.notice', notice, 'more than nothing')
}
