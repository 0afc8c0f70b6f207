import fc from 'fast-check'
import { type AnyEvent, collect, columnsOf, type Instant } from 'liuliang/kernel'
import { defineIntervalLabels, type FirstSeen, type IntervalLabel, intervalLabels } from 'liuliang/lifecycle'
import { expect, test } from 'vitest'
import { mergedBy } from '../../cohorts/support/histories.js'
import { slowPeriods } from '../../cohorts/support/slow-retention.js'
import { runs } from '../../support/size.js'
import { DAY, type History, historiesBy } from './support/histories.js'

const firstSeens: readonly FirstSeen[] = [
  'first-activity',
  'given-instants',
  { event: 'joined' },
  { event: {} },
  { event: 'paid' },
  { attribute: 'createdAt' },
  { lookBack: 0 },
  { lookBack: 2 },
]

/** Labels by name and interval, from the words of the definition: everything is looked for again for every cell. */
function slowLabels(history: History, firstSeen: FirstSeen, keep: string) {
  const { calendar, period, events, options, given } = history
  const { asOf, since } = options
  const periods = slowPeriods(calendar as never, period)
  const entry = (event: AnyEvent): boolean =>
    typeof firstSeen === 'object' &&
    ('attribute' in firstSeen
      ? event.type === 'attribute-set'
      : 'event' in firstSeen && (typeof firstSeen.event === 'object' || event.type === firstSeen.event))
  let shown = periods.indexOf(asOf)
  while (periods.startOf(shown + 1) <= asOf) shown++
  let [through, over] = [shown, shown]
  while (periods.endOf(over) > asOf) over--
  const later = events.some((event) => event.occurredAt > asOf && (event.type === 'paid' || entry(event)))
  if (keep !== 'instants' && later) while (periods.endOf(through) - 1 > asOf) through--
  const known = events
    .filter(({ occurredAt }) => occurredAt <= asOf)
    .filter(({ occurredAt }) => periods.indexOf(occurredAt) <= through)
  const paid = known.filter(({ type }) => type === 'paid')
  const all = paid.map(({ occurredAt }) => periods.indexOf(occurredAt))
  const first = since !== undefined ? periods.indexOf(since) : all.length === 0 ? Infinity : Math.min(...all)
  const from =
    typeof firstSeen === 'object' && 'lookBack' in firstSeen ? first - firstSeen.lookBack : -Infinity
  const looked = paid.filter(({ occurredAt }) => periods.indexOf(occurredAt) >= from)
  const active = (subject: string, at: number) =>
    looked.some((event) => event.subject === subject && periods.indexOf(event.occurredAt) === at)
  // The earliest on the wall, which in the hour that clocks show twice is not that of the earliest instant.
  const lowest = (instants: readonly Instant[]) =>
    instants.length === 0 ? undefined : Math.min(...instants.map((at) => periods.indexOf(at)))
  const seen = (subject: string): number | undefined => {
    if (firstSeen === 'given-instants') {
      const at = Object.hasOwn(given, subject) ? given[subject] : undefined
      return at === undefined || at > asOf ? undefined : periods.indexOf(at)
    }
    if (typeof firstSeen === 'object' && 'event' in firstSeen)
      return lowest(
        known.filter((event) => event.subject === subject && entry(event)).map((e) => e.occurredAt),
      )
    if (typeof firstSeen === 'object' && 'attribute' in firstSeen) {
      const said = known.filter((event) => event.subject === subject && entry(event))
      const last = said.reduce((at, { occurredAt }) => Math.max(at, occurredAt), -Infinity)
      const values = said
        .filter(({ occurredAt }) => occurredAt === last)
        .map(({ data }) => (data as { readonly createdAt: Instant }).createdAt)
      const value = values.reduce((a, b) => Math.min(a, b), Infinity)
      return value > asOf ? undefined : periods.indexOf(value)
    }
    return lowest(looked.filter((event) => event.subject === subject).map((e) => e.occurredAt))
  }
  const labelOf = (subject: string, at: number): IntervalLabel | undefined => {
    const [now, before] = [active(subject, at), active(subject, at - 1)]
    if (!now) return before ? 'dormant' : undefined
    if (seen(subject) === at) return 'new'
    return before ? 'returning' : 'resurrecting'
  }
  const subjects = [...new Set(paid.map(({ subject }) => subject))].sort()
  const length = Number.isFinite(first) ? Math.max(through - first + 1, 0) : 0
  return { ...{ periods, subjects, labelOf, active, seen, first, length, through, over, shown } }
}

test('labels are what the words of the definition say, however they were collected', () => {
  fc.assert(
    fc.property(
      historiesBy(['hour', 'day', 'week', 'month']),
      fc.constantFrom(...firstSeens),
      fc.constantFrom('negative' as const, 'count' as const),
      fc.array(fc.nat(), { minLength: 5, maxLength: 20 }),
      (history, firstSeen, dormantAs, marks) => {
        const { calendar, period, events } = history
        const needsInstants = typeof firstSeen === 'object' && 'attribute' in firstSeen
        const keep = needsInstants ? 'instants' : history.keep
        const labels = defineIntervalLabels({
          ...{ id: 'law', version: 1, calendar, period, activity: 'paid', firstSeen, dormantAs, keep },
        })
        const needsSince = typeof firstSeen === 'object' && 'lookBack' in firstSeen
        const options = {
          ...history.options,
          ...(firstSeen === 'given-instants' && { firstSeenAt: history.given }),
          ...(needsSince && { since: history.options.since ?? history.options.asOf - 1 }),
        }
        const partial = collect(labels, events)
        const result = labels.result(partial, options)
        const slow = slowLabels({ ...history, options }, firstSeen, keep)
        const { periods, subjects, labelOf, active, first, length } = slow
        expect(result.intervals.length).toBe(length)
        expect(result.leftOut).toBe(slow.through < slow.shown ? periods.nameOf(slow.through + 1) : null)
        const expected = new Map<string, { interval: string; label: IntervalLabel }[]>()
        for (const [i, row] of result.intervals.entries()) {
          const at = first + i
          const interval = periods.nameOf(at)
          const named = (label: IntervalLabel) => subjects.filter((subject) => labelOf(subject, at) === label)
          const were = (label: IntervalLabel) =>
            named('dormant').filter((subject) => labelOf(subject, at - 1) === label).length
          const [gone, here] = [
            named('dormant').length,
            subjects.filter((subject) => active(subject, at)).length,
          ]
          const came = named('new').length + named('resurrecting').length
          const edges = [at, at - 1].some((one) => periods.endOf(one) <= periods.startOf(one))
          const hidden = (options.gaps ?? []).some(
            ({ from, to = Infinity, event }) =>
              event !== 'other' &&
              Math.min(to, periods.endOf(at), options.asOf + 1) > Math.max(from, periods.startOf(at - 1)),
          )
          expect(row).toMatchObject({
            interval,
            active: here,
            new: named('new').length,
            returning: named('returning').length,
            resurrecting: named('resurrecting').length,
            dormant: dormantAs === 'negative' && gone > 0 ? -gone : gone,
            dormantWere: {
              new: were('new'),
              returning: were('returning'),
              resurrecting: were('resurrecting'),
            },
            newActiveBefore: named('new').filter((subject) => active(subject, at - 1)).length,
            pulse:
              gone === 0
                ? { kind: 'undefined', reason: 'nobody-dormant' }
                : { kind: 'estimate', value: came / gone },
            state: edges || hidden ? 'unobserved' : at <= slow.over ? 'complete' : 'provisional',
          })
          const label = intervalLabels[(i + marks[0]!) % 4]!
          expect(labels.people(partial, options, { interval, label })).toEqual(named(label))
          for (const subject of subjects) {
            const own = labelOf(subject, at)
            if (own !== undefined)
              expected.set(subject, [...(expected.get(subject) ?? []), { interval, label: own }])
          }
        }
        expect(labels.labels(partial, options)).toEqual(
          subjects.flatMap((subject) => {
            const own = expected.get(subject)
            return own === undefined ? [] : [{ subject, labels: own }]
          }),
        )
        const part = { merge: labels.merge, collect: (some: readonly AnyEvent[]) => collect(labels, some) }
        expect(labels.result(mergedBy(part, events, marks), options)).toEqual(result)
        const columns = labels.addColumns(labels.empty(), columnsOf(events))
        expect(labels.result(columns, options)).toEqual(result)
        if (labels.retract === undefined) expect(keep).toBe('periods')
        else {
          const more = collect(labels, [...events, ...events.slice(0, 7)])
          const back = events.slice(0, 7).reduce((left, event) => labels.retract!(left, event), more)
          expect(labels.result(back, options)).toEqual(result)
        }
      },
    ),
    { numRuns: runs(150, 6000) },
  )
}, 600_000)

test('accounts are what is collected of events whose subject is the account', () => {
  fc.assert(
    fc.property(historiesBy(['day', 'week']), (history) => {
      const { calendar, period, events, options, keep } = history
      const shared = {
        id: 'law',
        version: 1,
        calendar,
        period,
        activity: 'paid',
        keep,
        firstSeen: { event: 'joined' },
        dormantAs: 'count',
      } as const
      const byAccount = defineIntervalLabels({ ...shared, by: 'account' })
      const plain = defineIntervalLabels(shared)
      const accountOf = ({ data }: AnyEvent) => (data as { readonly account?: string }).account
      const moved = events.flatMap((event) => {
        const subject = accountOf(event)
        return subject === undefined ? [] : [{ ...event, subject }]
      })
      const expected = plain.labels(collect(plain, moved), options)
      const partial = collect(byAccount, events)
      expect(byAccount.labels(partial, options)).toEqual(expected)
      const columns = byAccount.addColumns(byAccount.empty(), columnsOf(events))
      expect(byAccount.labels(columns, options)).toEqual(expected)
      expect(() => plain.result(partial, options)).toThrow('other-definition')
      if (byAccount.retract !== undefined) {
        const left = events.slice(0, 5).reduce((kept, event) => byAccount.retract!(kept, event), partial)
        const rest = collect(byAccount, events.slice(5))
        // Of an event taken out, counts keep that its period had a last instant: asked about after everything.
        const end = { ...options, asOf: options.asOf + 10_000 * DAY }
        expect(byAccount.labels(left, end)).toEqual(byAccount.labels(rest, end))
      }
    }),
    { numRuns: runs(60, 3000) },
  )
}, 600_000)
