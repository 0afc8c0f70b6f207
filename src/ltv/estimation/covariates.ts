import { checkList, fault, unknownName } from '../../kernel/errors.js'
import { eigen } from '../../measures/symmetric.js'
import type { Edge } from '../model.js'
import { checkOptions } from '../options.js'
import type { Effect } from '../purchases/model.js'
import { type ColumnTable, rowsOf } from './column-table.js'

/** Which of the histories' covariates move what, by name. */
export interface Covariates {
  /** How often somebody buys. */
  readonly buying?: readonly string[]
  /** When somebody leaves. */
  readonly leaving?: readonly string[]
  /** A coefficient for each parameter that leaving has, as `a:channel` and `b:channel`; one for all unless told. */
  readonly apart?: boolean
}

/** A coefficient and what it moves. */
export interface Coefficient {
  /** `buying:channel`, `leaving:channel`, `a:channel` where apart, `both:channel` where buying and leaving have the same. */
  readonly name: string
  readonly covariate: string
  readonly effects: readonly Effect<string>[]
}

/** What covariates may move: of models of purchases by process; of contracts, where there is leaving only, as a list. */
export interface WithEffects {
  readonly name: string
  readonly effects?:
    | { readonly buying: readonly Effect<string>[]; readonly leaving: readonly Effect<string>[] }
    | readonly Effect<string>[]
}

/** The coefficients of a fit with covariates, in the order of estimates. */
export function coefficientsOf(
  model: WithEffects,
  covariates: Covariates,
  equal: readonly string[],
  known: readonly string[],
): readonly Coefficient[] {
  checkOptions(covariates, ['buying', 'leaving', 'apart'], '$.options.covariates')
  const { buying = [], leaving = [], apart = false } = covariates
  const effects = effectsOf(model)
  if (typeof apart !== 'boolean')
    throw fault('wrong-type', '$.options.covariates.apart', apart, 'true or false')
  for (const [process, names] of Object.entries({ buying, leaving })) {
    const path = `$.options.covariates.${process}`
    checkNames(names, known, path)
    if (names.length > 0 && effects[process as 'buying'].length === 0)
      throw fault('out-of-range', path, names, `none: ${model.name} has no covariates there`)
  }
  checkNames(equal, known, '$.options.equal')
  for (const [i, name] of equal.entries()) {
    if (!buying.includes(name) || !leaving.includes(name) || apart)
      throw fault(
        'out-of-range',
        `$.options.equal[${i}]`,
        name,
        'a covariate of buying and leaving, not apart',
      )
  }
  if (buying.length + leaving.length === 0)
    throw fault('missing', '$.options.covariates', covariates, '{ buying: names, leaving: names }')
  const own = (process: 'buying' | 'leaving', names: readonly string[]) =>
    names
      .filter((name) => !equal.includes(name))
      .map((name) => ({ name: `${process}:${name}`, covariate: name, effects: effects[process] }))
  const ofLeaving = own('leaving', leaving)
  return [
    ...own('buying', buying),
    ...(apart
      ? ofLeaving.flatMap(({ covariate, effects: moved }) =>
          moved.map((effect) => ({ name: `${effect.parameter}:${covariate}`, covariate, effects: [effect] })),
        )
      : ofLeaving),
    ...equal.map((name) => ({
      name: `both:${name}`,
      covariate: name,
      effects: [...effects.buying, ...effects.leaving],
    })),
  ]
}

function effectsOf({ effects }: WithEffects) {
  if (effects === undefined) return { buying: [], leaving: [] }
  return 'buying' in effects ? effects : { buying: [], leaving: effects }
}

function checkNames(names: unknown, known: readonly string[], path: string): void {
  checkList(names, path)
  for (const [i, name] of names.entries()) {
    if (!known.includes(name as string)) throw unknownName(`${path}[${i}]`, name, known)
    if (names.indexOf(name) !== i) throw fault('duplicate-name', `${path}[${i}]`, name, 'each name once')
  }
}

/** Customers with the same covariates, as a table of their own. */
export interface Group<T extends ColumnTable = ColumnTable> {
  readonly table: T
  /** In the order of `names`. */
  readonly covariates: readonly number[]
}

/** The rows of a table by what covariates they have, in the order in which these first occur. */
export function groupsOf<T extends ColumnTable>(table: T, names: readonly string[]): readonly Group<T>[] {
  const columns = names.map((name) => table.covariates[name]!)
  const rowsBy = new Map<string, number[]>()
  for (let row = 0; row < table.count.length; row += 1) {
    const key = columns.map((column) => column[row]! + 0).join()
    const rows = rowsBy.get(key)
    if (rows === undefined) rowsBy.set(key, [row])
    else rows.push(row)
  }
  return [...rowsBy.values()].map((rows) => ({
    table: { ...rowsOf(table, rows), covariates: {} },
    covariates: columns.map((column) => column[rows[0]!]!),
  }))
}

/** Mean and standard deviation of each covariate over customers. */
export function spreadsOf(groups: readonly Group[], names: readonly string[]) {
  const size = groups.reduce((sum, { table }) => sum + table.customers, 0)
  return names.map((_, k) => {
    const mean = groups.reduce((sum, group) => sum + group.table.customers * (group.covariates[k]! / size), 0)
    const square = groups.reduce((sum, { table, covariates }) => {
      const apart = covariates[k]! - mean
      return sum + (table.customers / size) * apart * apart
    }, 0)
    return { mean, deviation: Math.sqrt(square) }
  })
}

/** What makes coefficients of these covariates impossible to tell: one that never differs, or several that go together. */
export function untold(groups: readonly Group[], names: readonly string[]): Edge | undefined {
  const spreads = spreadsOf(groups, names)
  const constant = names.filter((_, k) => {
    const { mean, deviation } = spreads[k]!
    return !(deviation > 1e-12 * Math.max(Math.abs(mean), 1e-300))
  })
  if (constant.length > 0) {
    return {
      reason: 'constant-covariate',
      next: {
        en: `Every customer has the same ${constant.join(', ')}: leave it out, or fit customers who differ in it.`,
        zh: `所有客户的 ${constant.join('、')} 都相同：请去掉该协变量，或使用在其上有差异的客户。`,
      },
    }
  }
  const size = groups.reduce((sum, { table }) => sum + table.customers, 0)
  const standard = groups.map(({ covariates }) =>
    covariates.map((value, k) => (value - spreads[k]!.mean) / spreads[k]!.deviation),
  )
  const correlation = names.map((_, i) =>
    names.map((__, k) =>
      groups.reduce(
        (sum, { table }, g) => sum + (table.customers / size) * standard[g]![i]! * standard[g]![k]!,
        0,
      ),
    ),
  )
  const { values, vectors } = eigen(correlation)
  if (values[0]! > 1e-9) return undefined
  const together = names.filter((_, k) => Math.abs(vectors[0]![k]!) > 1e-4)
  return {
    reason: 'collinear-covariates',
    next: {
      en: `${together.join(', ')} say the same of every customer, so their coefficients cannot be told apart: leave one of them out.`,
      zh: `${together.join('、')} 对每位客户表达的信息相同，系数无法区分：请去掉其中一个。`,
    },
  }
}
