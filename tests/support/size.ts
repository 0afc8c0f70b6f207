/** Whether the suite runs at full size: `npm run test:deep`. */
const deep = process.env['LIULIANG_DEEP'] === '1'

/** How many runs a law gets: `normal` on every change, `atFullSize` before a release. */
export function runs(normal: number, atFullSize: number): number {
  return deep ? atFullSize : normal
}
