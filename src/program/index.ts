export { programFrom } from './from.js'
export { defineProgram, type ProgramDefinition, type ProgramKinds } from './program.js'
