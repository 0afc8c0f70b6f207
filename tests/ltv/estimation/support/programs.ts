// What other programs print, and the data and model each of it was printed of. See fixtures/clv-programs/SOURCE.md.
import { readFileSync } from 'node:fs'
import {
  bgBb,
  bgCnbd,
  bgNbd,
  ggompertzNbd,
  mbgCnbd,
  mbgNbd,
  nbd,
  type PurchaseModel,
  paretoNbd,
} from 'liuliang/ltv'
import { type Clock, donations, type Log, tableOf } from '../../support/data-sets.js'

type Numbers = { readonly [name: string]: number }

export interface Printed {
  readonly file: string
  readonly program: string
  readonly model: string
  readonly settings: { readonly penalizerCoef?: number; readonly covariates?: readonly string[] }
  readonly params: Numbers
  readonly logLikelihood: number
  readonly standardErrors?: Numbers
  readonly expectedPurchasesNewCustomer?: Numbers
  /** With the first purchase. */
  readonly newCustomer?: { readonly values: Numbers }
  readonly probabilityOfNPurchases?: { readonly t: number; readonly p: readonly number[] }
  readonly customers: readonly {
    readonly id: number | string
    readonly x: number
    readonly tx: number
    readonly T: number
    readonly pAlive?: number
    readonly expectedPurchases: Numbers
    readonly dert?: Numbers
    readonly clv?: Numbers
    readonly expectedSpend?: number
    readonly actualHoldout?: number
    readonly logLikelihood?: number
  }[]
  readonly aggregate?: Numbers
  readonly byFrequency?: readonly {
    readonly xCalibration: string
    readonly customers: number
    readonly meanActual: number
    readonly meanPredicted: number
  }[]
  readonly tracking?: {
    readonly at: readonly number[]
    readonly predicted: readonly number[]
    readonly actual?: readonly number[]
    readonly until?: readonly string[]
  }
  readonly frequencyInCalibration?: {
    readonly actual: readonly number[]
    readonly expected: readonly number[]
  }
  readonly pmf?: { readonly sumOverCustomers: Numbers }
}

export const read = <T>(name: string): T =>
  JSON.parse(
    readFileSync(new URL(`../../../fixtures/clv-programs/${name}.json`, import.meta.url), 'utf8'),
  ) as T

export const programs: readonly Printed[] = [
  'lifetimes',
  'btyd',
  'btydplus',
  'clvtools-cdnow',
  'clvtools-apparel',
].flatMap((name) => read<readonly Printed[]>(name))

export const printed = (file: string): Printed => programs.find((one) => one.file === file)!

const models: { readonly [name: string]: PurchaseModel<string, string> } = {
  nbd,
  'bg-nbd': bgNbd,
  'mbg-nbd': mbgNbd,
  'pareto-nbd': paretoNbd,
  'ggom-nbd': ggompertzNbd,
  'bg-bb': bgBb,
} as never

/** Ours by their name. */
export function modelOf({ model, params }: Pick<Printed, 'model' | 'params'>): PurchaseModel<string, string> {
  const known = models[model]
  if (known !== undefined) return known
  return (model.startsWith('mbg') ? mbgCnbd(params['k']!) : bgCnbd(params['k']!)) as never
}

export const logOf = (file: string): Log => (file.includes('apparel') ? 'apparel' : 'cdnow')

/** lifetimes and BTYD were run on the authors' table, with two decimals; the others on the log of orders. */
export function clockOf(file: string): Clock {
  if (file.includes('days')) return 'day'
  return /^(lifetimes|btyd)-cdnow/.test(file) ? 'rounded' : 'week'
}

export const dataOf = (file: string) =>
  file.includes('donations') ? donations() : tableOf(logOf(file), clockOf(file))

/** The largest of deviations by what they are of; a limit that is passed says by what. */
export function deviations() {
  const worst: { [what: string]: number } = {}
  return {
    worst,
    /** Relative. */
    of(what: string, ours: number, theirs: number): void {
      this.note(what, ours === theirs ? 0 : Math.abs(ours / theirs - 1))
    },
    note(what: string, error: number): void {
      if (!(error <= (worst[what] ?? 0)) || !(what in worst)) worst[what] = error
    },
  }
}
