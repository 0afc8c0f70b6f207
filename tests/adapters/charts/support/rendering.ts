// Draws a specification as SVG, without a canvas, and hands back what there is to look at.
import type { Chart } from 'liuliang/adapters/charts'
import * as vega from 'vega'
import { compile, type TopLevelSpec } from 'vega-lite'

/** A drawn chart: what was warned of, the picture, and the scene it is made of. */
export interface Drawing {
  readonly warnings: readonly string[]
  readonly svg: string
  readonly marks: readonly Mark[]
  readonly texts: readonly Mark[]
  readonly width: number
  readonly height: number
}

/** A mark with what it looks like and where it is, in pixels of the picture. */
export interface Mark {
  readonly type: string
  readonly role: string
  readonly item: Readonly<Record<string, unknown>>
  readonly box: Box
}

interface Box {
  readonly x1: number
  readonly y1: number
  readonly x2: number
  readonly y2: number
}

interface SceneItem extends Readonly<Record<string, unknown>> {
  readonly bounds: Box
  readonly x?: number
  readonly y?: number
  readonly items?: readonly SceneMark[]
}
interface SceneMark {
  readonly marktype: string
  readonly role: string
  readonly items: readonly SceneItem[]
}

export async function drawn(chart: Chart): Promise<Drawing> {
  const warnings: string[] = []
  const note = (...words: readonly unknown[]) => {
    warnings.push(words.map(String).join(' '))
    return logger
  }
  const logger = {
    level: () => logger,
    error: note,
    warn: note,
    info: () => logger,
    debug: () => logger,
  } as never
  const { spec } = compile(JSON.parse(JSON.stringify(chart)) as TopLevelSpec, { logger })
  const view = new vega.View(vega.parse(spec), { renderer: 'none', logger, logLevel: vega.Warn })
  const svg = await view.toSVG()
  const marks: Mark[] = []
  const { root } = view.scenegraph() as unknown as { readonly root: SceneMark }
  const queue: { readonly mark: SceneMark; readonly x: number; readonly y: number }[] = [
    { mark: root, x: 0, y: 0 },
  ]
  for (let next = queue.shift(); next !== undefined; next = queue.shift()) {
    const { mark, x, y } = next
    for (const item of mark.items) {
      const { x1, y1, x2, y2 } = item.bounds
      const [dx, dy] = [x, y]
      marks.push({
        type: mark.marktype,
        role: mark.role,
        item,
        box: { x1: x1 + dx, y1: y1 + dy, x2: x2 + dx, y2: y2 + dy },
      })
      for (const child of item.items ?? [])
        queue.push({ mark: child, x: x + (item.x ?? 0), y: y + (item.y ?? 0) })
    }
  }
  const found = /width="([\d.]+)" height="([\d.]+)"/.exec(svg)
  view.finalize()
  return {
    warnings,
    svg,
    marks,
    texts: marks.filter(({ type, item }) => type === 'text' && item['text'] !== '' && item['opacity'] !== 0),
    width: Number(found?.[1]),
    height: Number(found?.[2]),
  }
}
