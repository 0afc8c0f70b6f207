// The boundaries of lifecycles beside their engine: matching stages.
const junk = ['values-for-rules', 'objects', 'numbers', 'canaries', 'strings']

/** @returns {readonly import('./boundaries.mjs').Boundary[]} */
export function boundariesOfLifecycle(library) {
  const arms = { lead: () => 1, active: () => 2 }
  return [
    {
      name: 'matchStage stage',
      takes: junk,
      definition: true,
      call: (stage) => library.matchStage(stage, arms),
      right: () => false,
    },
    {
      name: 'matchStage arms',
      takes: junk,
      definition: true,
      call: (given) => library.matchStage('lead', given),
      right: () => false,
    },
    {
      name: 'matchStage arm',
      takes: junk,
      definition: true,
      call: (arm) => library.matchStage('lead', { lead: arm, active: arm }),
      right: () => false,
    },
  ]
}
