import {
  absorbingChain,
  assumeTransitions,
  backTestStages,
  type ElasticityTarget,
  erlangC,
  fitTransitions,
  forecastStages,
  type RateChange,
  random,
  steadyState,
  type WhatIfSupposition,
  whatIf,
} from 'liuliang'
import { test } from 'vitest'

const panel = {
  states: ['active', 'lapsed'],
  unit: 'month',
  periods: [
    {
      period: '2024-01',
      moves: [
        [80, 20],
        [5, 45],
      ],
      arrivals: [30, 0],
    },
  ],
} as const

test('states are those of the panel, and a prior has to be named', () => {
  const model = fitTransitions(panel, {
    prior: 'jeffreys',
    final: ['lapsed'],
    possible: [['active', 'lapsed']],
  })
  // @ts-expect-error it may be undefined, with a reason
  model.rates
  if (model.kind === 'undefined') return
  const state: 'active' | 'lapsed' | undefined = model.states[0]
  void state
  // @ts-expect-error no state of the panel
  void (() => fitTransitions(panel, { prior: 'jeffreys', final: ['lapse'] }))
  // @ts-expect-error no state of the panel
  void (() => fitTransitions(panel, { prior: 'jeffreys', possible: [['active', 'lapse']] }))
  // @ts-expect-error no prior
  void (() => fitTransitions(panel, { level: 0.9 }))
  // @ts-expect-error a prior of another name
  void (() => fitTransitions(panel, { prior: 'flat' }))
  // @ts-expect-error a back-test holds something out
  void (() => backTestStages(panel, { prior: 'jeffreys', random: random(1) }))
  // @ts-expect-error chance is an argument
  void (() => forecastStages(model, { periods: 3 }))
  // @ts-expect-error a seed is no generator
  void (() => forecastStages(model, { periods: 3, random: 7 }))
  // @ts-expect-error a unit is one of the calendar's
  void (() => assumeTransitions({ states: ['a'], unit: 'decade', rates: [[1]], after: '2024' }))
})

test('a change is one of three, a target one of three, a supposition one of two', () => {
  const change: RateChange = { from: 'a', to: 'b', times: 1.1 }
  // @ts-expect-error two ways at once
  const both: RateChange = { from: 'a', to: 'b', times: 1.1, set: 0.2 }
  // @ts-expect-error no way
  const none: RateChange = { from: 'a', to: 'b' }
  const target: ElasticityTarget = { share: 'a', periods: 3 }
  // @ts-expect-error after how many periods?
  const endless: ElasticityTarget = { share: 'a' }
  // @ts-expect-error rates are not contacted
  const mixed: WhatIfSupposition = { by: 'rates', changes: [change], interventions: [] }
  void [both, none, target, endless, mixed]
})

test('what may not exist is not read unasked', () => {
  const chain = absorbingChain({ Q: [[0.5]], R: [[0.5]] })
  // @ts-expect-error it may never end
  chain.expectedSteps
  const steady = steadyState({ P: [[1]] })
  // @ts-expect-error there may be several
  steady.distribution
  const queue = erlangC({ arrivalsPerHour: 1, meanHandlingSeconds: 1, agents: 1 })
  // @ts-expect-error it may grow for ever
  queue.meanWaitSeconds
  // @ts-expect-error either parts or the whole
  void (() => absorbingChain({ P: [[1]] }))
  void whatIf
})
