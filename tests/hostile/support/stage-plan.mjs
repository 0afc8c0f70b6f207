// Stage plans: definitions, people, money and moves, each with one part replaced.

const values = ['numbers', 'strings', 'objects', 'amounts', 'values-for-rules', 'canaries']
const anything = [...values, 'dates', 'timezones', 'paths', 'json-texts']
const never = () => false

/** What every part of a plan may be replaced in. */
const planDefinition = {
  ...{ id: 'members', version: 1, currency: 'CNY', pace: 'several-moves-a-year', rounding: 'first-slot' },
  ...{ stages: ['lead', 'active', 'lapsed'], years: [2026, 2027], lines: ['segmentation', 'content'] },
  owners: { lead: 'growth', active: 'members', lapsed: 'members' },
  goals: {
    lead: { 2026: { measure: 'rate', to: 'active', atLeast: '30%' } },
    active: {
      2026: {
        ...{ measure: 'share', atLeast: '40%' },
        guards: [{ stage: 'lapsed', measure: 'share', atMost: 0.2 }],
      },
      2027: { measure: 'count', atLeast: 5000 },
    },
    lapsed: { 2027: { measure: 'count', atMost: 100 } },
  },
  budget: {
    2026: {
      whole: '100000.00',
      lines: { segmentation: { portion: '40%', owner: 'data' }, content: 'remaining' },
      stages: { lead: 1, active: 1 },
    },
    2027: {
      whole: { amount: '5', currency: 'CNY' },
      lines: { content: { portion: 1, stages: { active: 1, lapsed: 2 } } },
    },
  },
  flows: [
    { from: null, to: 'lead', count: { 2026: 1000, 2027: 500 }, cost: '1.50' },
    { from: 'lead', to: 'active', share: '25%', cost: { 2026: '12.50', 2027: '0.00000001' } },
    { from: 'active', to: 'lapsed', share: 0.2 },
    { from: 'lapsed', to: null, count: 10 },
  ],
  words: { en: { lead: 'leads' }, zh: { active: '活跃用户', content: '内容' } },
}

/**
 * @param {typeof import('liuliang')} library
 * @param {(definition: object, value: unknown, define: (given: never) => unknown, isTyped: (error: unknown) => boolean) => readonly unknown[]} everyPart
 * @returns {readonly import('./boundaries.mjs').Boundary[]}
 */
export function boundariesOfStagePlan(library, everyPart) {
  const { defineStagePlan, stagePlanFrom, planBudget, expectedStages, gapToGoal, flowNeeded } = library
  const { cheapestMoves, compareStagePlan, stagePlanRows, lintStagePlan } = library
  const plan = defineStagePlan(planDefinition)
  const opening = { lead: 100, active: 50, lapsed: 20 }
  const moved = [
    { from: null, to: 'lead', people: 1000 },
    { from: 'lead', to: 'active', people: 20 },
  ]
  const actual = { counts: { lead: 1080, active: 70, lapsed: 20 }, moved, spent: { lead: '3.00' } }
  const arrivals = { 2027: { lead: 5 } }
  /** Everything that a plan says of itself and of people. */
  const all = (one) => [
    ...[planBudget(one), stagePlanRows(one), lintStagePlan(one), expectedStages(one, { opening })],
    ...[gapToGoal(one, { year: 2026, counts: opening }), flowNeeded(one, { year: 2027, opening })],
  ]
  const exists = (answer) =>
    typeof answer === 'number'
      ? Number.isFinite(answer) && !Object.is(answer, -0)
      : typeof answer !== 'object' || answer === null || Object.values(answer).every(exists)
  const asks = {
    expectedStages: [{ opening, since: 2026, arrivals }, (given) => expectedStages(plan, given)],
    gapToGoal: [
      { year: 2026, counts: actual.counts, at: 'closing', moved },
      (given) => gapToGoal(plan, given),
    ],
    flowNeeded: [{ year: 2027, opening, since: 2026, arrivals }, (given) => flowNeeded(plan, given)],
    cheapestMoves: [
      { stage: 'active', year: 2027, spentIn: 2026, opening, since: 2026, arrivals },
      (given) => cheapestMoves(plan, given),
    ],
    compareStagePlan: [
      { year: 2026, opening, since: 2026, arrivals, actual },
      (given) => compareStagePlan(plan, given),
    ],
  }
  const whole = (name, call) => ({ name, takes: anything, definition: true, call, right: never })
  return [
    whole('defineStagePlan', defineStagePlan),
    whole('stagePlanFrom', stagePlanFrom),
    {
      name: 'defineStagePlan, every part replaced',
      takes: values,
      definition: true,
      limit: 10_000,
      call: (value) =>
        everyPart(planDefinition, value, (given) => all(defineStagePlan(given)), library.isTyped),
      right: (_, found) => found.every(([, answers]) => exists(answers)),
      floats: true,
    },
    {
      name: 'stagePlanFrom, every part replaced',
      takes: values,
      definition: true,
      floats: true,
      limit: 10_000,
      call: (value) => everyPart(planDefinition, value, stagePlanFrom, library.isTyped),
      right: (_, found) =>
        found.every(([given, { definition }]) => library.canonical(definition) === library.canonical(given)),
    },
    ...['planBudget', 'stagePlanRows', 'lintStagePlan'].flatMap((name) => [
      whole(`${name} plan`, (given) => library[name](given)),
      whole(`${name} of a definition`, (definition) => library[name]({ definition })),
    ]),
    ...Object.entries(asks).flatMap(([name, [options, ask]]) => [
      whole(`${name} plan`, (given) => library[name](given, options)),
      whole(`${name} options`, ask),
      {
        name: `${name}, every part of the options replaced`,
        takes: values,
        definition: true,
        floats: true,
        limit: 5000,
        call: (value) => everyPart(options, value, ask, library.isTyped),
        right: (_, found) => found.every(([, answer]) => exists(answer)),
      },
    ]),
  ]
}
