export { defineProgram, type ProgramDefinition, type ProgramKinds } from './program.js'
