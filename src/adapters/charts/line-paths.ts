/** A point that says how the line up to it is drawn. */
export interface PathPoint<K extends string> {
  readonly kind: K
}

/**
 * Cuts a line into paths of one kind each. A path begins with the last point of the one before, so that the line does not
 * fall apart; after a point of the kind `gap` it does. A path of a single point is none: it is drawn as a point.
 */
export function pathsOf<K extends string, P extends PathPoint<K | 'gap'>>(
  points: readonly P[],
): readonly { readonly kind: K; readonly points: readonly P[] }[] {
  const paths: { readonly kind: K; readonly points: P[] }[] = []
  let before: P | undefined
  let open: { readonly kind: K; readonly points: P[] } | undefined
  for (const point of points) {
    const { kind } = point
    if (kind === 'gap') {
      open = undefined
      before = undefined
      continue
    }
    if (open === undefined || open.kind !== kind) {
      open = { kind: kind as K, points: before === undefined ? [] : [before] }
      paths.push(open)
    }
    open.points.push(point)
    before = point
  }
  return paths.filter(({ points }) => points.length > 1)
}
