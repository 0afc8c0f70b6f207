// arquero, as its documentation does cohorts: a column of months, the first of each person, and distinct people by cohort and
// offset. Months are those of UTC.
import { op, table } from 'arquero'
import { rated } from './by-hand.mjs'
import { months } from './events.mjs'

export const prepareArquero = ({ subject, occurredAt }) => table({ subject, at: occurredAt })

export function arqueroTable(events, width) {
  const counts = events
    .derive({ month: (d) => (op.utcyear(d.at) - 2023) * 12 + op.utcmonth(d.at) })
    .groupby('subject')
    .derive({ cohort: (d) => op.min(d.month) })
    .groupby({ cohort: (d) => d.cohort, offset: (d) => d.month - d.cohort })
    .rollup({ people: (d) => op.distinct(d.subject) })
  const sizes = new Float64Array(months)
  const retained = new Float64Array(months * width)
  for (const { cohort, offset, people } of counts.objects()) {
    if (offset === 0) sizes[cohort] = people
    if (offset < width) retained[cohort * width + offset] = people
  }
  return rated({ sizes, retained, width })
}
