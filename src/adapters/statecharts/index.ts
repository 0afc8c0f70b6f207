export type { DiagramOptions, MoveCounts } from './diagram-edges.js'
export { toDot } from './dot.js'
export type { ExportNote } from './export-notes.js'
export { toMermaid } from './mermaid.js'
export { type ExportedScxml, toScxml } from './scxml.js'
export type { ExportedLifecycle, OwnWords } from './stated-lifecycle.js'
export {
  type ExportedMachine,
  type MachineArguments,
  type MachineImplementations,
  toXState,
  type XStateOptions,
} from './xstate.js'
export type { MachineContext } from './xstate-parts.js'
