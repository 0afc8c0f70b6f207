// What is no optimum does not predict, nor do parameters of nobody in particular.
import type { CovariateFit, Fit, FittedParameters, ModelParameters, NoFit } from 'liuliang/ltv'
import { fitModel, predictionInterval } from 'liuliang/ltv'
import { expectTypeOf, test } from 'vitest'
import { plainBgNbd } from '../support/plain-bg-nbd.js'
import { usualTable } from '../support/simulated.js'

declare function predict(parameters: ModelParameters): void

test('what was found predicts once it is known to be an optimum', () => {
  const fit = fitModel(plainBgNbd, usualTable())
  // @ts-expect-error it may be none
  predict(fit)
  // @ts-expect-error it may be none
  predictionInterval(plainBgNbd, fit, () => 1)
  if (fit.kind === 'fitted') {
    predict(fit)
    predictionInterval(plainBgNbd, fit, ({ r }) => r)
    // @ts-expect-error no such parameter
    predictionInterval(plainBgNbd, fit, ({ q }) => q)
  }
})

test('with covariates it is of nobody until somebody is named', () => {
  const fit = fitModel(plainBgNbd, usualTable(), { covariates: { buying: ['channel'] } })
  expectTypeOf(fit).toEqualTypeOf<CovariateFit<'bg-nbd', 'r' | 'alpha' | 'a' | 'b'> | NoFit<'bg-nbd'>>()
  if (fit.kind === 'fitted-with-covariates') {
    // @ts-expect-error of which customer?
    predict(fit)
  }
  expectTypeOf<NoFit>().not.toExtend<ModelParameters>()
  expectTypeOf<Fit>().toExtend<FittedParameters>()
})
