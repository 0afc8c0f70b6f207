import { fault } from '../kernel/errors.js'
import { checkDuration, type Duration, exactLength } from '../kernel/index.js'

/** Milliseconds of an exact duration that is not zero. */
export function exactSpan(duration: Duration, path: string): number {
  const length = exactLength(checkDuration(duration, path))
  if (length === undefined || length === 0)
    throw fault(
      'invalid-duration',
      path,
      duration,
      'seconds, minutes or hours above 0, such as { hours: 168 }',
    )
  return length
}
