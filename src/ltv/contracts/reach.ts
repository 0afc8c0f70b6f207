import { checkNumber, fault } from '../../kernel/errors.js'

/** Where formulas are held to their digits: each parameter from its least to its most, in the model's order. */
export type Reach = { readonly [parameter: string]: readonly [least: number, most: number] }

/** Whether a search may stand here. */
export function isInReach(reach: Reach, at: ArrayLike<number>): boolean {
  return Object.values(reach).every(([least, most], k) => at[k]! >= least && at[k]! <= most)
}

/** Refuses values where the formulas would lose their digits. */
export function checkReach(reach: Reach, values: { readonly [parameter: string]: number }): void {
  for (const [name, [least, most]] of Object.entries(reach)) {
    const value = values[name]!
    checkNumber(value, `$.values.${name}`)
    if (!(value >= least && value <= most))
      throw fault('out-of-range', `$.values.${name}`, value, `from ${least} to ${most}`)
  }
}
