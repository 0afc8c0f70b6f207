import { test } from 'vitest'
import {
  type CurveDescription,
  projectRetention,
  type RetentionBackTest,
  type RetentionProjection,
} from '../../src/cohorts/index.js'

type Projection = Extract<RetentionProjection, { kind: 'projection' }>

test('a projection has its back-test, and a point its interval', () => {
  const found = {} as Projection
  const backTest: RetentionBackTest = found.backTest
  const { low, high } = found.points[0]!.survival.interval
  const made = (without: Omit<Projection, 'backTest'>): RetentionProjection =>
    // @ts-expect-error no projection without its back-test
    without
  void [backTest, low, high, made]
})

test('what is not known to be a projection has no points', () => {
  const found = projectRetention({ cohorts: [], horizon: 1 })
  // @ts-expect-error it may be undefined, with a reason
  found.points
})

test('a description has no interval and goes no further', () => {
  const found = {} as Extract<CurveDescription, { kind: 'description' }>
  // @ts-expect-error on purpose
  found.interval
  // @ts-expect-error on purpose
  found.at
})
