export { programFrom } from './from.js'
export { partState } from './part-state.js'
export { defineProgram, type ProgramDefinition, type ProgramKinds } from './program.js'
