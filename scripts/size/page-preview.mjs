// A page that previews stages and points: it defines them, restores a state, and shows what an input would change and
// why, in both languages. Everything that it needs is in the bundle.
export { defineEvents, explain, instant, money, preview, restore, stageEvents, text } from 'liuliang'
export { defineLifecycle } from 'liuliang/lifecycle'
export { definePoints } from 'liuliang/points'
export { defineProgram } from 'liuliang/program'
