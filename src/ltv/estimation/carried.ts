import type { Matrix } from '../../measures/symmetric.js'

/** The covariance of what is made of numbers by a matrix: J V J'. */
export function carried(jacobian: Matrix, covariance: Matrix): number[][] {
  const half = jacobian.map((row) =>
    covariance.map((_, j) => row.reduce((sum, one, i) => sum + one * covariance[i]![j]!, 0)),
  )
  return jacobian.map((_, i) =>
    jacobian.map((__, k) => {
      // The same sum for both halves, so that it is symmetric to the last bit.
      const [a, b] = i <= k ? [half[i]!, jacobian[k]!] : [half[k]!, jacobian[i]!]
      return a.reduce((sum, one, j) => sum + one * b[j]!, 0)
    }),
  )
}
