export { stageSankey } from '../../src/adapters/charts/stage-sankey.ts'
export { stagesOverTime } from '../../src/adapters/charts/stages-over-time.ts'
