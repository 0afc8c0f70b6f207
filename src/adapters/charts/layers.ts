import type { Json } from '../../kernel/digest.js'

type Encoding = { readonly [key: string]: Json }

/** Against what a layer is drawn, and in which colour. */
interface Drawn {
  readonly x: Encoding
  readonly y: Encoding
  readonly color: Encoding
}

/** The area between `low` and `high`, one for each `path`. */
export const bandLayer = (values: Json, { x, y, color }: Drawn, mark: Encoding): Json => ({
  data: { values },
  mark: { type: 'area', ...mark, line: false },
  encoding: {
    x,
    y: { ...y, field: 'low' },
    y2: { field: 'high' },
    detail: { field: 'path', type: 'nominal' },
    color,
  },
})

/** Lines, one for each `path`. */
export const pathLayer = (values: Json, { x, y, color }: Drawn, mark: Encoding): Json => ({
  data: { values },
  mark: { type: 'line', ...mark },
  encoding: { x, y, detail: { field: 'path', type: 'nominal' }, color },
})
