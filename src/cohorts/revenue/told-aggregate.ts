import { fault } from '../../kernel/errors.js'
import { type Aggregate, type AnyEvent, canonical, digestName, type Instant } from '../../kernel/index.js'
import { isRecord } from '../../kernel/plain.js'
import type { RevenueReading, RevenueTerms } from './terms.js'
import { checkTold, joinedTold, type Told, type ToldBySubject, tell } from './told.js'

/** All events of every subject that count. Plain JSON. */
export interface ToldPartial {
  /** Digest of the definition under which it was collected. */
  readonly of: string
  readonly subjects: ToldBySubject
}

/** An aggregate that keeps what it was told, so that everything can be taken back. */
export type ToldAggregate<Partial, Result, Options> = Aggregate<AnyEvent, Partial, Result, Options> & {
  retract(partial: Partial, event: AnyEvent): Partial
}

/**
 * All that such an aggregate can do but read, how it gets at what it was told, and the head of what it reads.
 *
 * @param agreed - The definition, whose digest a partial carries: that of another one answers another question.
 * @param sayOf - What an event says; nothing where its type is none of the definition's.
 * @param fits - Whether something could have been said by an event of it.
 */
export function toldVerbs<Period>(
  agreed: RevenueTerms & { readonly period: Period },
  sayOf: (event: AnyEvent) => Told['says'] | undefined,
  fits: (says: Told['says']) => boolean,
) {
  const of = digestName(canonical(agreed))
  const { id, version, calendar, period, currency } = agreed
  const own = (partial: ToldPartial): ToldBySubject => {
    if (!isRecord(partial)) throw fault('wrong-type', '$', partial, 'a partial')
    const { of: found, subjects } = partial as ToldPartial
    if (found !== of) throw fault('other-definition', '$.of', found, `a partial of ${of}`)
    if (!isRecord(subjects)) throw fault('wrong-type', '$.subjects', subjects, 'by subject')
    return subjects
  }
  const take = (partial: ToldPartial, event: AnyEvent, times: 1 | -1): ToldPartial => {
    const subjects = own(partial)
    if (!isRecord(event)) throw fault('wrong-type', '$', event, 'an event')
    const says = sayOf(event)
    if (says !== undefined) tell(subjects, event, says, times)
    return partial
  }
  return {
    verbs: {
      shard: 'event' as const,
      empty: (): ToldPartial => ({ of, subjects: {} }),
      add: (partial: ToldPartial, event: AnyEvent) => take(partial, event, 1),
      retract: (partial: ToldPartial, event: AnyEvent) => take(partial, event, -1),
      merge(a: ToldPartial, b: ToldPartial): ToldPartial {
        const [one, other] = [own(a), own(b)]
        checkTold(one, fits)
        checkTold(other, fits)
        return { of, subjects: joinedTold(one, other) }
      },
    },
    /** What was told, checked: it may have been stored, or come from elsewhere. */
    toldIn(partial: ToldPartial): ToldBySubject {
      const subjects = own(partial)
      checkTold(subjects, fits)
      return subjects
    },
    head: (asOf: Instant, level: number): RevenueReading<Period> => ({
      definition: { id, version, digest: of },
      zone: calendar.zone,
      period,
      currency,
      asOf,
      level,
    }),
  }
}
