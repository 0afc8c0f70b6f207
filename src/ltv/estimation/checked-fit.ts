import { ln } from '../../kernel/elementary.js'
import { checkList, checkNumber, checkRecord, fault } from '../../kernel/errors.js'
import type { ParameterEstimate } from '../../measures/churn-fit.js'
import { eigen, type Matrix } from '../../measures/symmetric.js'
import type { ParameterRange } from '../model.js'
import { coordinateOf } from './coordinates.js'
import { estimatesOf } from './estimates.js'
import type { Fit } from './fit.js'

/** What a fit found, in order: a model's parameters, then coefficients, each on the range in which it was looked for. */
export interface Told {
  readonly names: readonly string[]
  readonly ranges: readonly ParameterRange[]
}

/** Digits that storing a number, or another order of working it out, may cost. */
const NEAR = 1e-9

/** Refuses estimates that are not those of the values and of the covariance, and a covariance that is none. */
export function checkEstimates(
  { names, ranges }: Told,
  fit: { readonly values: unknown; readonly estimates: unknown; readonly covariance: unknown },
  path: string,
): void {
  const { values } = fit
  checkRecord(values, `${path}.values`)
  checkRecord(fit.estimates, `${path}.estimates`)
  const estimates = fit.estimates as { readonly [name: string]: ParameterEstimate | undefined }
  for (const name of Object.keys(estimates)) {
    if (!names.includes(name)) throw fault('unknown-key', `${path}.estimates.${name}`, name, names.join(', '))
  }
  for (const name of names) {
    const at = `${path}.estimates.${name}`
    const estimate = Object.hasOwn(estimates, name) ? estimates[name] : undefined
    if (estimate === undefined) throw fault('missing', at, estimate, 'an estimate')
    checkRecord(estimate, at)
    checkFinite(estimate.value, `${at}.value`)
    const own = (values as { readonly [name: string]: number })[name]
    const value = own === undefined ? estimate.value : own
    if (!(Math.abs(estimate.value - value) <= NEAR * Math.abs(value)))
      throw fault('out-of-range', `${at}.value`, estimate.value, `${value}, as in values`)
    checkFinite(estimate.standardError, `${at}.standardError`)
    checkRecord(estimate.interval, `${at}.interval`)
    for (const end of ['low', 'high', 'level'] as const)
      checkFinite(estimate.interval[end], `${at}.interval.${end}`)
  }
  const covariance = checkedCovariance(fit.covariance, names.length, `${path}.covariance`)
  for (const [i, name] of names.entries()) {
    const { value, standardError, interval } = estimates[name]!
    const at = `${path}.estimates.${name}`
    if (!(interval.level > 0 && interval.level < 1))
      throw fault('out-of-range', `${at}.interval.level`, interval.level, 'between 0 and 1')
    const told = { names: [name], ranges: [ranges[i]!] }
    const worked = estimatesOf(
      told,
      [coordinateOf(ranges[i]!, value)],
      [[covariance[i]![i]!]],
      interval.level,
    )[name]!
    for (const [where, is, should] of [
      ['standardError', standardError, worked.standardError],
      ['interval.low', interval.low, worked.interval.low],
      ['interval.high', interval.high, worked.interval.high],
    ] as const)
      if (!(Math.abs(is - should) <= NEAR * Math.max(Math.abs(should), worked.standardError)))
        throw fault('out-of-range', `${at}.${where}`, is, `${should}, as the covariance has it`)
  }
}

/** Refuses what is no covariance of as many numbers. */
function checkedCovariance(given: unknown, size: number, path: string): Matrix {
  checkList(given, path)
  const covariance = given as Matrix
  if (
    covariance.length !== size ||
    !covariance.every((row: unknown) => Array.isArray(row) && row.length === size)
  )
    throw fault('wrong-type', path, covariance, `${size} rows of ${size}`)
  for (const [i, row] of covariance.entries()) {
    for (const [j, entry] of row.entries()) {
      checkFinite(entry, `${path}[${i}][${j}]`)
      if (entry !== covariance[j]![i])
        throw fault('out-of-range', `${path}[${i}][${j}]`, entry, 'a symmetric matrix')
    }
    if (!(row[i]! > 0)) throw fault('out-of-range', `${path}[${i}][${i}]`, row[i], 'above 0')
  }
  const units = covariance.map((row, i) => 1 / Math.sqrt(row[i]!))
  const { values } = eigen(covariance.map((row, i) => row.map((entry, j) => entry * units[i]! * units[j]!)))
  if (!(values[0]! > -NEAR)) throw fault('out-of-range', path, covariance, 'a covariance')
  return covariance
}

/**
 * Refuses an AIC and a BIC that are not those of the log-likelihood: 2 k - 2 ln L and k ln(size) - 2 ln L. A fit of one customer
 * (`fitFor`) keeps those of the fit with covariates, whose k counts the coefficients, too.
 */
export function checkCriteria(
  fit: Pick<Fit, 'logLikelihood' | 'aic' | 'bic' | 'size'> & { readonly kind: string },
  found: number,
  path: string,
): void {
  const { logLikelihood, aic, bic, size } = fit
  for (const [name, value] of Object.entries({ logLikelihood, aic, bic, size }))
    checkFinite(value, `${path}.${name}`)
  if (!(size >= 1)) throw fault('out-of-range', `${path}.size`, size, 'at least 1')
  const near = (is: number, should: number) =>
    Math.abs(is - should) <= NEAR * (1 + Math.abs(logLikelihood) + Math.abs(should))
  const counted = fit.kind === 'fitted' ? Math.max(found, Math.round((aic + 2 * logLikelihood) / 2)) : found
  const ofAic = 2 * counted - 2 * logLikelihood
  if (!near(aic, ofAic)) throw fault('out-of-range', `${path}.aic`, aic, `${ofAic}, 2 k - 2 ln L`)
  const ofBic = counted * ln(size) - 2 * logLikelihood
  if (!near(bic, ofBic)) throw fault('out-of-range', `${path}.bic`, bic, `${ofBic}, k ln(size) - 2 ln L`)
}

function checkFinite(value: unknown, path: string): void {
  checkNumber(value, path)
  if (!Number.isFinite(value)) throw fault('out-of-range', path, value, 'a finite number')
}
