import { checkList, checkRecord, fault, type Sentence } from '../../kernel/errors.js'
import type { HistoryTable } from '../histories/history.js'
import type { Edge } from '../model.js'
import { checkOptions } from '../options.js'
import type { PurchaseModel } from '../purchases/model.js'
import { type Compared, compareModels, type Holdout, type HoldoutError } from './comparison.js'
import { type Fit, fitModel, type NoFit } from './fit.js'

/** A model for a table of histories, with the reasons for it and against the others. */
export type ModelChoice =
  | {
      readonly kind: 'chosen'
      readonly model: PurchaseModel
      readonly fit: Fit
      /** In the order in which they weigh. */
      readonly why: readonly Sentence[]
      readonly compared: readonly Compared[]
      /**
       * What to keep in mind, each with the next step: `fitted-without-holdout` where there was one, as the fit has not seen
       * the latest data, which predictions ought to know. Those of the fit are in `fit.cautions`.
       */
      readonly cautions: readonly Edge[]
    }
  | {
      readonly kind: 'none'
      /** Why each of them was not fitted, and what to do next. */
      readonly why: readonly Sentence[]
      readonly compared: readonly Compared[]
    }

/** How to choose. */
export interface ChoiceOptions {
  /** `holdoutOf(histories)`. */
  readonly holdout?: Holdout
  /** Of intervals of parameters and of the bias in the holdout; 0.95 unless told. */
  readonly level?: number
  /** Models to take although `chooseModel` would rather not: 'bg-nbd'. */
  readonly allow?: readonly string[]
  readonly signal?: { readonly aborted: boolean }
}

/** Differences of AIC below which the simpler model is as good. */
const LITTLE = 2

/**
 * Fits models to the same histories and says which to take, in sentences.
 *
 * The lowest AIC wins, among those within 2 of it the one with fewest parameters, then the first. Models in which nobody can
 * leave before a second purchase (BG/NBD and its regular kin) are not taken unless allowed: under them every one-time buyer
 * is alive for certain, however long ago that was, and one-time buyers are most of an ordinary table.
 *
 * @param models - The ones to choose from, preferred ones first: `[mbgNbd, paretoNbd, mbgCnbd(2), nbd]`.
 * @throws DefinitionError `missing` without models, `duplicate-name` where one stands there twice.
 * @example
 * const choice = chooseModel(table, [mbgNbd, paretoNbd, nbd])
 * if (choice.kind === 'chosen') choice.why.map(({ en }) => en)
 */
export function chooseModel(
  table: HistoryTable,
  models: readonly PurchaseModel[],
  options: ChoiceOptions = {},
): ModelChoice {
  checkList(models, '$.models')
  if (models.length === 0) throw fault('missing', '$.models', models, 'models to choose from')
  for (const [i, model] of models.entries()) {
    checkRecord(model, `$.models[${i}]`)
    if (models.findIndex(({ name }) => name === model.name) !== i)
      throw fault('duplicate-name', `$.models[${i}].name`, model.name, 'each model once')
  }
  checkOptions(options, ['holdout', 'level', 'allow', 'signal'], '$.options')
  const { holdout, level = 0.95, allow = [], signal } = options
  checkList(allow, '$.options.allow')
  const contenders = models.map((model): { readonly model: PurchaseModel; readonly fit: Fit | NoFit } => ({
    model: model,
    fit: fitModel(model, table, { level, ...(signal !== undefined && { signal }) }),
  }))
  const compared = compareModels(contenders, { level, ...(holdout !== undefined && { holdout }) })
  const failures = compared.flatMap((row) => (row.kind === 'compared' ? [] : [withoutFit(row, models)]))
  const fitted = contenders.flatMap(({ model, fit }) =>
    fit.kind === 'fitted' && fit.incomparable === undefined ? [{ model, fit }] : [],
  )
  const sure = fitted.filter(({ model }) => keepsOneTimers(model.name) && !allow.includes(model.name))
  const eligible = fitted.filter((one) => !sure.includes(one))
  // Where there is nothing else, it is still better than nothing.
  const pool = eligible.length > 0 ? eligible : sure
  if (pool.length === 0) return { kind: 'none', why: failures, compared }
  const lowest = pool.reduce((least, { fit }) => Math.min(least, fit.aic), Number.POSITIVE_INFINITY)
  const close = pool.filter(({ fit }) => fit.aic <= lowest + LITTLE)
  const fewest = close.reduce((least, { fit }) => Math.min(least, sizeOf(fit)), Number.POSITIVE_INFINITY)
  const { model, fit } = close.find((one) => sizeOf(one.fit) === fewest)!
  return {
    kind: 'chosen',
    model,
    fit,
    why: [
      whyThis({ model, fit }, pool, close.length),
      ...whyKind(model, models),
      ...sure.filter((one) => one.model !== model).map((one) => whyNotSure(one, fit)),
      ...(pool === sure ? [onlySure(model)] : []),
      ...(holdout === undefined ? [] : inHoldout(model, compared)),
      ...failures,
    ],
    compared,
    cautions: holdout === undefined ? [] : [withoutHoldout],
  }
}

const withoutHoldout: Edge = {
  reason: 'fitted-without-holdout',
  next: {
    en: 'The time held out was for choosing and is not in this fit: fit the chosen model to all of the data before you predict with it.',
    zh: '留出期只用于选择，未参与本次拟合：预测前请用全部数据重新拟合所选模型。',
  },
}

const sizeOf = (fit: Fit) => Object.keys(fit.estimates).length

/** Whether somebody who has bought once only is alive for certain. */
const keepsOneTimers = (name: string): boolean => name === 'bg-nbd' || name.startsWith('bg-cnbd-')

type Fitted = { readonly model: PurchaseModel; readonly fit: Fit }

const labels = (models: readonly Pick<PurchaseModel, 'label'>[]) => ({
  en: models.map(({ label }) => label.en).join(', '),
  zh: models.map(({ label }) => label.zh).join('、'),
})

function whyThis({ model, fit }: Fitted, pool: readonly Fitted[], close: number): Sentence {
  const { en, zh } = model.label
  if (pool.length === 1)
    return {
      en: `${en} is the only one of these models to be taken here.`,
      zh: `${zh} 是其中唯一可用的模型。`,
    }
  const others = pool.filter((one) => one.model !== model)
  const next = others.reduce((least, one) => (one.fit.aic < least.fit.aic ? one : least))
  const by = next.fit.aic - fit.aic
  if (close === 1) {
    return {
      en: `${en} describes the histories best: its AIC is ${by.toFixed(1)} below that of ${next.model.label.en}, the next one.`,
      zh: `${zh} 对历史数据的描述最好：AIC 比次优的 ${next.model.label.zh} 低 ${by.toFixed(1)}。`,
    }
  }
  return {
    en: `${en} describes the histories as well as any (AIC within ${LITTLE} of the lowest) and is the simplest or the preferred one of those.`,
    zh: `${zh} 与最优模型相当（AIC 相差不超过 ${LITTLE}），且是其中最简单或优先的模型。`,
  }
}

/** What the model says about the customers. */
function whyKind(model: PurchaseModel, among: readonly PurchaseModel[]): readonly Sentence[] {
  // Of which nobody was asked, nothing is said.
  if (model.name === 'nbd' && among.length > 1) {
    return [
      {
        en: 'No drop-out is visible: nobody has been silent for longer than chance explains. Chances of being alive are 1; look again when customers are older.',
        zh: '看不到流失：没有客户的沉默时间超出随机波动。存活概率均为 1；请在客户更老之后再看。',
      },
    ]
  }
  const regular = /-cnbd-(\d+)$/.exec(model.name)
  if (regular !== null && Number(regular[1]) > 1) {
    return [
      {
        en: `Buying is regular (times between purchases as of Erlang-${regular[1]}), so a silence says sooner that somebody has left.`,
        zh: `购买较有规律（间隔服从 Erlang-${regular[1]}），因此沉默能更早说明客户已流失。`,
      },
    ]
  }
  return []
}

function whyNotSure({ model, fit }: Fitted, chosen: Fit): Sentence {
  const by = chosen.aic - fit.aic
  const { en, zh } = model.label
  return {
    en: `${en} is not taken: under it customers leave only after a repeat purchase, so every one-time buyer is alive with certainty. ${by > 0 ? `Its AIC is lower by ${by.toFixed(1)}; allow it if one-time buyers do not matter to you.` : 'Nor does it describe the histories better.'}`,
    zh: `不采用 ${zh}：该模型中客户只会在复购之后流失，因此所有只买过一次的客户存活概率恒为 1。${by > 0 ? `其 AIC 低 ${by.toFixed(1)}；若不关心一次性客户，可用 allow 允许。` : '且其对历史数据的描述并不更好。'}`,
  }
}

const onlySure = ({ label }: PurchaseModel): Sentence => ({
  en: `Under ${label.en} every one-time buyer is alive with certainty: do not read P(alive) of those. Offer mbgNbd or paretoNbd as well.`,
  zh: `在 ${label.zh} 下只买过一次的客户存活概率恒为 1：请勿解读其存活概率。请同时提供 mbgNbd 或 paretoNbd。`,
})

/** What the time held out says of the choice. */
function inHoldout(model: PurchaseModel, compared: readonly Compared[]): readonly Sentence[] {
  const rows = compared.flatMap((row) =>
    row.kind === 'compared' && row.holdout !== undefined ? [{ name: row.model, error: row.holdout }] : [],
  )
  const own = rows.find(({ name }) => name === model.name)
  if (own === undefined) return []
  const best = rows.reduce((least, row) =>
    row.error.rootMeanSquareError < least.error.rootMeanSquareError ? row : least,
  )
  const { expected, actual, rootMeanSquareError } = own.error
  const numbers = `${expected.toFixed(0)} / ${actual.toFixed(0)}`
  return [
    {
      en: `In the time held out it expected ${expected.toFixed(0)} purchases and there were ${actual.toFixed(0)} (root mean square error ${rootMeanSquareError.toFixed(3)}).`,
      zh: `在留出期内预期/实际购买次数为 ${numbers}（均方根误差 ${rootMeanSquareError.toFixed(3)}）。`,
    },
    ...biasInWords(own.error),
    ...(best.error.rootMeanSquareError < 0.99 * rootMeanSquareError
      ? [
          {
            en: `There ${best.name} was closer (${best.error.rootMeanSquareError.toFixed(3)}): consider it if predictions of single customers are what you need.`,
            zh: `留出期内 ${best.name} 更接近（${best.error.rootMeanSquareError.toFixed(3)}）：若主要用于单个客户的预测，请考虑它。`,
          },
        ]
      : []),
  ]
}

function biasInWords({ bias }: HoldoutError): readonly Sentence[] {
  if (bias.kind === 'undefined' || bias.interval === undefined) return []
  const percent = (share: number) => `${(100 * share).toFixed(1)} %`
  const { low, high, level } = bias.interval
  const [value, from, to, sure] = [percent(bias.value), percent(low), percent(high), 100 * level]
  const chance = low <= 0 && high >= 0
  return [
    {
      en: `That is a bias of ${value} (${sure} % interval from ${from} to ${to}), ${chance ? 'which chance explains' : 'more than chance explains: look at the season and at campaigns'}.`,
      zh: `偏差为 ${value}（${sure} % 区间：${from} 至 ${to}），${chance ? '随机波动即可解释' : '超出随机波动：请检查季节与活动的影响'}。`,
    },
  ]
}

function withoutFit(
  row: Exclude<Compared, { readonly kind: 'compared' }>,
  models: readonly Pick<PurchaseModel, 'name' | 'label'>[],
): Sentence {
  const { en, zh } = labels(models.filter(({ name }) => name === row.model))
  if (row.kind === 'not-comparable') {
    return {
      en: `${en} cannot be compared here (${row.reason}). ${row.next.en}`,
      zh: `${zh} 在此无法比较（${row.reason}）。${row.next.zh}`,
    }
  }
  return {
    en: `${en} has no optimum here (${row.reason}). ${row.next.en}`,
    zh: `${zh} 在此没有最优解（${row.reason}）。${row.next.zh}`,
  }
}
