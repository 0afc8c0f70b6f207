import * as z from 'zod'
import type { CalendarDefinition } from './calendar.js'
import type { Condition } from './condition.js'
import { canonical } from './digest.js'
import { sizeFault } from './door.js'
import type { Duration } from './duration.js'
import { type DefinitionCode, fault } from './errors.js'
import type { Fact, Window } from './fact.js'
import type { EventSpecs, Field } from './field.js'
import type { Where } from './filter.js'

/** A schema that cannot drift from the interface it is written for. */
export type SchemaFor<T> = z.ZodType<T>

/** Made when first asked for: a schema at the top level of a module would keep zod in every page. */
export function lazily<T>(make: () => T): () => T {
  let made: { readonly value: T } | undefined
  return () => {
    made ??= { value: make() }
    return made.value
  }
}

const DEPTH = 64
const NODES = 100_000

/**
 * A definition that came as JSON: depth and size first and without recursion, then shape. What a schema cannot know
 * (names that exist, operands that fit) is checked by `define…` afterwards, for typed callers and for JSON alike.
 *
 * @throws DefinitionError with the path of the first thing that is wrong.
 */
export function readDefinition<T>(schema: z.ZodType<T>, json: unknown): T {
  const size = sizeFault(json, { depth: DEPTH, nodes: NODES })
  if (size !== undefined) {
    const code = size.code === 'nested-too-deeply' ? 'too-deep' : 'too-large'
    throw fault(code, '$', json, `at most ${size.limit}`)
  }
  const result = schema.safeParse(json)
  if (result.success) {
    // A schema leaves a key out that would set a prototype.
    if (canonical(result.data) === canonical(json)) return result.data
    throw fault('unknown-key', '$', '__proto__', 'no such key')
  }
  const issue = innermost(result.error.issues[0]!)
  const keys = issue.code === 'unrecognized_keys' ? [...issue.path, issue.keys[0]!] : issue.path
  const value = at(json, keys)
  throw fault(codeOf(issue.code, value), pathOf(keys), value, expectedOf(issue))
}

/** Of several forms, one that differs in nothing but keys that nobody knows is the one that was meant. */
function innermost(issue: z.core.$ZodIssue): z.core.$ZodIssue {
  if (issue.code !== 'invalid_union') return issue
  const strange = (issues: readonly z.core.$ZodIssue[]) =>
    issues.reduce(
      (sum, one) => sum + (one.code === 'unrecognized_keys' ? one.keys.length : Number.POSITIVE_INFINITY),
      0,
    )
  const meant = issue.errors
    .map((issues) => issues.map(innermost))
    .filter((issues) => issues.length > 0 && strange(issues) < Number.POSITIVE_INFINITY)
    .sort((a, b) => strange(a) - strange(b))[0]?.[0]
  return meant === undefined ? issue : { ...meant, path: [...issue.path, ...meant.path] }
}

function codeOf(code: string, value: unknown): DefinitionCode {
  if (code === 'unrecognized_keys') return 'unknown-key'
  if (value === undefined) return 'missing'
  if (code === 'invalid_value' || code === 'invalid_union') return 'unknown-name'
  return code === 'too_small' || code === 'too_big' ? 'out-of-range' : 'wrong-type'
}

function expectedOf(issue: z.core.$ZodIssue): string {
  if (issue.code === 'invalid_type') return issue.expected
  if (issue.code === 'too_small') return `${issue.minimum} or more`
  if (issue.code === 'too_big') return `${issue.maximum} or less`
  if (issue.code === 'invalid_value') return issue.values.map(String).join(' | ')
  if (issue.code === 'unrecognized_keys') return 'no such key'
  if (issue.code === 'invalid_union' && issue.errors.length > 0) {
    return issue.errors.flatMap(([first]) => (first ? [expectedOf(first)] : [])).join(' | ')
  }
  return issue.message.replace(/^Invalid discriminator value. Expected /, '')
}

const pathOf = (keys: readonly PropertyKey[]): string =>
  keys.reduce<string>(
    (path, key) => (typeof key === 'number' ? `${path}[${key}]` : `${path}.${String(key)}`),
    '$',
  )

function at(json: unknown, keys: readonly PropertyKey[]): unknown {
  let value = json
  for (const key of keys) {
    if (typeof value !== 'object' || value === null || !Object.hasOwn(value, key)) return undefined
    value = (value as Readonly<Record<PropertyKey, unknown>>)[key]
  }
  return value
}

/**
 * A name. (Never exported as `name`: in the CommonJS build a class that sets its own `name` would overwrite it.)
 */
export const nameSchema = () => z.string().min(1).max(200)
const scalar = () => z.union([z.string(), z.number(), z.boolean()])

/** A duration: exactly one unit; how they combine is `checkDuration`'s to say. */
export const durationSchema = lazily(
  (): SchemaFor<Duration> => z.record(z.string(), z.unknown()) as unknown as SchemaFor<Duration>,
)

/** A window; what it may hold is `checkWindow`'s to say. */
export const windowSchema = lazily(
  (): SchemaFor<Window> => z.record(z.string(), z.unknown()) as unknown as SchemaFor<Window>,
)

/** A zone, a transition table where the runtime's is not to be trusted, and what days, weeks, years and business are there. */
export const calendarSchema = lazily((): SchemaFor<CalendarDefinition> => {
  const weekday = z.int().min(1).max(7)
  const weekdays = z.array(weekday).min(1).max(7).exactOptional()
  const clock = z.string().regex(/^([01]\d|2[0-3]):[0-5]\d$|^24:00$/)
  const date = z.string().regex(/^\d{4}-\d\d-\d\d$/)
  return z.strictObject({
    zone: nameSchema(),
    transitions: z
      .strictObject({ initial: z.number(), at: z.array(z.number()), offsets: z.array(z.number()) })
      .exactOptional(),
    dayStart: clock.exactOptional(),
    weekStart: weekday.exactOptional(),
    fiscal: z
      .strictObject({
        pattern: z.enum(['4-4-5', '4-5-4', '5-4-4']),
        ends: z.strictObject({
          rule: z.enum(['last', 'nearest']),
          weekday,
          month: z.int().min(1).max(12),
        }),
        named: z.enum(['start', 'end']),
      })
      .exactOptional(),
    business: z
      .strictObject({
        weekdays,
        closed: z.array(date).exactOptional(),
        opened: z.array(date).exactOptional(),
        hours: z
          .array(z.strictObject({ weekdays, from: clock, to: clock }))
          .min(1)
          .exactOptional(),
      })
      .exactOptional(),
    named: z.record(nameSchema(), z.array(z.strictObject({ from: date, to: date }))).exactOptional(),
  }) as unknown as SchemaFor<CalendarDefinition>
})

/** A field of a line: one value. */
const lineFieldSchema = lazily(() => {
  const option = { required: z.literal(false).exactOptional() }
  return z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('text'), oneOf: z.array(z.string()).exactOptional(), ...option }),
    z.strictObject({ type: z.literal('money'), currency: z.string().regex(/^[A-Z]{3}$/), ...option }),
    z.strictObject({ type: z.enum(['integer', 'instant', 'boolean']), ...option }),
  ])
})

const fieldSchema = lazily((): SchemaFor<Field> => {
  const required = z.literal(false).exactOptional()
  const says = nameSchema().exactOptional()
  const initially = scalar().exactOptional()
  const option = { required, says, initially }
  return z.discriminatedUnion('type', [
    z.strictObject({ type: z.literal('text'), oneOf: z.array(z.string()).exactOptional(), ...option }),
    z.strictObject({ type: z.literal('money'), currency: z.string().regex(/^[A-Z]{3}$/), ...option }),
    z.strictObject({ type: z.literal('ref'), role: nameSchema(), ...option }),
    z.strictObject({ type: z.enum(['integer', 'instant', 'boolean', 'detail']), ...option }),
    z.strictObject({ type: z.literal('lines'), of: z.record(nameSchema(), lineFieldSchema()), ...option }),
  ]) as unknown as SchemaFor<Field>
})

/** Events and their fields. */
export const eventsSchema = lazily(
  (): SchemaFor<EventSpecs> => z.record(nameSchema(), z.record(nameSchema(), fieldSchema())),
)

/** A filter on fields. */
export const whereSchema = lazily((): SchemaFor<Where> => {
  const values = z.union([scalar(), z.array(scalar())])
  const bound = scalar().exactOptional()
  return z.record(
    nameSchema(),
    z.union([
      values,
      z.strictObject({ not: values }),
      z.strictObject({ gte: bound, gt: bound, lte: bound, lt: bound }),
    ]),
  ) as unknown as SchemaFor<Where>
})

/** A fact of any kind. */
export const factSchema = lazily((): SchemaFor<Fact> => {
  const where = whereSchema().exactOptional()
  const as = nameSchema().exactOptional()
  const calendar = calendarSchema().exactOptional()
  const scope = { event: nameSchema(), where, as, calendar }
  const span = durationSchema()
  const window = { within: windowSchema().exactOptional(), since: nameSchema().exactOptional() }
  const per = nameSchema().exactOptional()
  const count = z.number().exactOptional()
  const kind = <K extends Fact['fact']>(fact: K) => ({ fact: z.literal(fact) })
  const tally = [
    z.strictObject({ ...kind('count'), ...scope, ...window, per }),
    z.strictObject({ ...kind('sum'), ...scope, field: nameSchema(), ...window, per }),
  ] as const
  const field = (fact: 'min' | 'max' | 'distinct' | 'first' | 'last') =>
    z.strictObject({ ...kind(fact), ...scope, field: nameSchema(), ...window })
  const sessions = (fact: 'sessions' | 'session-time') =>
    z.strictObject({ ...kind(fact), ...scope, gap: span, ...window })
  return z.discriminatedUnion('fact', [
    ...tally,
    field('min'),
    field('max'),
    field('distinct'),
    field('first'),
    field('last'),
    z.strictObject({ ...kind('time-since'), ...scope, orSince: nameSchema().exactOptional() }),
    sessions('sessions'),
    sessions('session-time'),
    z.strictObject({ ...kind('time-between'), ...scope, until: nameSchema(), untilWhere: where }),
    z.strictObject({
      ...kind('streak'),
      ...scope,
      unit: z.enum(['day', 'week', 'month']),
      times: count,
      freezes: count,
    }),
    z.strictObject({
      ...kind('sequence'),
      steps: z.array(z.strictObject({ event: nameSchema(), where })),
      inside: span.exactOptional(),
      as,
      calendar,
      ...window,
    }),
    z.strictObject({
      ...kind('ratio'),
      of: z.discriminatedUnion('fact', tally),
      to: z.discriminatedUnion('fact', tally),
    }),
    z.strictObject({
      ...kind('attribute'),
      attribute: nameSchema(),
      ago: span.exactOptional(),
      previous: z.literal(true).exactOptional(),
      calendar,
    }),
    z.strictObject({
      ...kind('anniversary'),
      attribute: nameSchema(),
      daysBefore: count,
      daysAfter: count,
      dates: z.enum(['gregorian', 'chinese']).exactOptional(),
      leapDay: z.enum(['feb-28', 'mar-1', 'leap-years-only']).exactOptional(),
      leapMonth: z.enum(['regular', 'leap-if-present', 'both']).exactOptional(),
      shortMonth: z.enum(['last', 'next', 'skip']).exactOptional(),
      calendar,
    }),
    z.strictObject({
      ...kind('age'),
      attribute: nameSchema(),
      unit: z.enum(['days', 'weeks', 'months', 'years']),
      calendar,
    }),
    z.strictObject({ ...kind('says'), engine: nameSchema(), word: nameSchema() }),
  ]) as unknown as SchemaFor<Fact>
})

/** A condition, of any depth that `readDefinition` lets in. */
export const conditionSchema = lazily((): SchemaFor<Condition> => {
  const fact = factSchema()
  const operand = z.union([scalar(), durationSchema()])
  const several = z.lazy(() => z.array(condition).min(1))
  const condition: z.ZodType = z.discriminatedUnion('condition', [
    z.strictObject({ condition: z.enum(['gte', 'gt', 'lte', 'lt']), fact, value: operand }),
    z.strictObject({ condition: z.literal('is'), fact, value: scalar() }),
    z.strictObject({ condition: z.literal('in'), fact, values: z.array(scalar()).min(1) }),
    z.strictObject({ condition: z.literal('between'), fact, low: operand, high: operand }),
    z.strictObject({ condition: z.enum(['all', 'any']), of: several }),
    z.strictObject({ condition: z.literal('not'), of: z.lazy(() => condition) }),
    z.strictObject({ condition: z.literal('some-of'), k: z.number(), of: several }),
  ])
  return condition as SchemaFor<Condition>
})

/** Words by language. */
export const wordsSchema = lazily(() => {
  const words = z.record(z.string(), z.string()).exactOptional()
  return z.strictObject({ en: words, zh: words })
})

/** What every engine's definition begins with. */
export const headSchema = lazily(() => ({
  id: nameSchema().regex(/^[a-z][a-z0-9-]*$/),
  version: z.int().min(1),
  idempotencyWindow: durationSchema().exactOptional(),
}))
