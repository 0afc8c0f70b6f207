import { fault } from '../../kernel/errors.js'
import { mulDiv, parseRatio } from '../../kernel/index.js'
import type { Ratio } from '../../kernel/rational.js'

/** A share of people from 0 to 1, read exactly: `'40%'`, `'1/6'`, or `0.4`, which is the decimal that it prints. */
export type PlanShare = number | string

/** A share as an exact fraction. */
export function readShare(value: unknown, path: string): Ratio {
  const ratio = readPercent(value, path) ?? parseRatio(value, path)
  if (ratio.numerator < 0 || ratio.numerator > ratio.denominator)
    throw fault('out-of-range', path, value, 'a share from 0 to 1, such as "40%", "1/6" or 0.4')
  return ratio
}

function readPercent(value: unknown, path: string): Ratio | undefined {
  if (typeof value !== 'string' || !/^\d+(\.\d+)?%$/.test(value) || value.length > 20) return undefined
  const { numerator, denominator } = parseRatio(value.slice(0, -1), path)
  return parseRatio(`${numerator}/${BigInt(denominator) * 100n}`, path)
}

/** A fraction as `allocateUnits` reads it. */
export const portionOf = ({ numerator, denominator }: Ratio): string => `${numerator}/${denominator}`

/** The least number of people that is at least this share of so many. */
export function leastOf({ numerator, denominator }: Ratio, people: number): number {
  const { quotient, remainder } = mulDiv(people, numerator, denominator)!
  return remainder > 0 ? quotient + 1 : quotient
}

/** The largest number of people that is at most this share of so many. */
export const mostOf = ({ numerator, denominator }: Ratio, people: number): number =>
  mulDiv(people, numerator, denominator)!.quotient
