import { exp } from '../../kernel/elementary.js'
import { checkList, checkRecord, fault } from '../../kernel/errors.js'
import { type CustomerHistory, checkHistory } from '../histories/history.js'
import { checkValues, type ModelParameters, type Values } from '../model.js'
import type { PurchaseModel } from '../purchases/model.js'
import { checkUnit } from '../unit.js'

/** What a model is asked here: no likelihood. */
export type ForecastModel<Name extends string = string, P extends string = string> = Pick<
  PurchaseModel<Name, P>,
  'name' | 'parameters' | 'ranges' | 'time' | 'after' | 'newcomer'
>

/** Refuses parameters of another model, or that cannot be; hands back their values. */
export function valuesOf<Name extends string, P extends string>(
  model: ForecastModel<Name, P>,
  parameters: ModelParameters<Name, P>,
): Values<P> {
  checkRecord(model, '$.model')
  for (const verb of ['after', 'newcomer'] as const)
    if (typeof model[verb] !== 'function')
      throw fault('wrong-type', `$.model.${verb}`, model[verb], 'a model')
  checkRecord(parameters, '$.parameters')
  const { kind }: { readonly kind: string } = parameters
  if (kind !== 'fitted' && kind !== 'given')
    throw fault('unknown-name', '$.parameters.kind', kind, 'fitted | given: what predictions are made from')
  if (parameters.model !== model.name)
    throw fault('unknown-name', '$.parameters.model', parameters.model, model.name)
  checkUnit(parameters.unit, '$.parameters.unit')
  if ((parameters.unit === 'opportunity') !== (model.time === 'discrete'))
    throw fault('out-of-range', '$.parameters.unit', parameters.unit, `a unit of ${model.time} time`)
  checkValues(model, parameters.values, '$.parameters.values')
  return parameters.values
}

/** Refuses histories that cannot be, or are in another unit. */
export function checkHistories(histories: readonly CustomerHistory[], unit: string, path: string): void {
  checkList(histories, path)
  for (let i = 0; i < histories.length; i += 1) {
    checkHistory(histories[i]!, `${path}[${i}]`)
    if (histories[i]!.unit !== unit)
      throw fault('unknown-name', `${path}[${i}].unit`, histories[i]!.unit, unit)
  }
}

/** A chance from its logarithm, which rounding may have put above 0. */
export const chanceOf = (ln: number): number => exp(Math.min(0, ln))

/** A number of purchases that a model expects, or a fault: no model of repeat buying expects none that is one within a finite time. */
export function expectedIn(value: number, model: string): number {
  if (Number.isFinite(value) && value >= 0) return value
  throw fault('out-of-range', '$.model', model, 'finite expectations from 0')
}

/** How many customers have each age, ascending. */
export function agesOf(histories: readonly { readonly age: number }[]): readonly {
  readonly age: number
  readonly customers: number
}[] {
  const counts = new Map<number, number>()
  for (const { age } of histories) counts.set(age + 0, (counts.get(age + 0) ?? 0) + 1)
  return [...counts].map(([age, customers]) => ({ age, customers })).sort((a, b) => a.age - b.age)
}
