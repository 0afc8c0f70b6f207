import type { SearchRoute } from '../model.js'
import { END, FAR } from './objective.js'
import type { Surface } from './surface.js'

/** A surface over the coordinates of a route, with the slopes that those have. */
export function routed(surface: Surface, route: SearchRoute): Surface {
  return {
    size: surface.size,
    far: (at) => at.some((x) => Math.abs(x) > FAR) || surface.far(route.to(at).parameters),
    look(at) {
      if (!at.every((x) => Math.abs(x) <= END)) return undefined
      const { parameters, moves } = route.to(at)
      const there = surface.look(parameters)
      if (there === undefined) return undefined
      const gradient = at.map((_, j) => moves.reduce((sum, row, i) => sum + there.gradient[i]! * row[j]!, 0))
      return gradient.every(Number.isFinite) ? { at: [...at], value: there.value, gradient } : undefined
    },
  }
}
