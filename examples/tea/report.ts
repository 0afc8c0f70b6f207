import {
  type CampaignOffset,
  type CampaignTruth,
  explainCampaign,
  type TenureChange,
  type TenureMean,
} from 'liuliang/cohorts'
import type { Lang } from 'liuliang/kernel'
import { type Align, COLUMNS, type Colour, displayWidth, table, wrap } from '../demo/terminal.js'
import type { TeaFindings } from './truth.js'
import { wordsIn } from './words.js'

/** The report as lines of at most `COLUMNS` columns. */
export function report(
  { others, control, tenure }: TeaFindings,
  { lang, paint }: { readonly lang: Lang; readonly paint: (text: string, colour: Colour) => string },
): readonly string[] {
  const words = wordsIn[lang]
  const head = (title: string) => ['', paint(title, 'bold'), paint('─'.repeat(displayWidth(title)), 'dim')]
  const says = (text: string) => wrap(text, COLUMNS - 2).map((line) => `  ${line}`)
  const rows = (list: readonly (readonly string[])[]) =>
    table(list, ['left', ...list[0]!.slice(1).map((): Align => 'right')], COLUMNS - 2).map(
      (line) => `  ${line}`,
    )
  const percent = (share: number) => words.percent((100 * share).toFixed(1))
  const rate = ({ rate: share }: CampaignOffset) => (share.kind === 'estimate' ? percent(share.value) : '–')
  const telling = others.offsets.find(({ offset }) => offset === 3)!
  const controlled = control.offsets.find(({ offset }) => offset === 3)!
  const [step] = tenure.steps
  return [
    paint(words.title, 'bold'),
    ...says(words.story),

    ...head(words.flow),
    ...says(explainCampaign({ verdict: others.verdict.slice(0, 1) }, lang)),
    ...rows([
      [words.month, words.people, words.left, words.share, words.each, words.between],
      ...others.offsets.map((one) => [
        words.after(one.offset),
        count(one.n),
        count(one.retained),
        rate(one),
        ...each(one),
      ]),
    ]),

    ...head(words.others),
    ...says(explainCampaign(telling, lang)),
    ...cautionsOf(others, lang).flatMap(says),
    ...says(words.othersMean),

    ...head(words.control),
    ...says(explainCampaign(controlled, lang)),
    ...says(
      controlled.incremental.kind === 'estimate' && controlled.incremental.direction === 'more'
        ? words.controlMean
        : words.controlOpen,
    ),

    ...head(words.money),
    ...rows([
      [words.month, words.cost, words.margin, words.balance],
      ...others.offsets.map(({ offset, cost, value }) => [
        words.until(offset),
        grouped(cost),
        ...(value.kind === 'amount' ? [grouped(value.amount), grouped(value.balance)] : ['–', '–']),
      ]),
    ]),

    ...head(words.tenure),
    ...rows([
      [words.tenureOf, words.people, words.months, words.ordered, words.perMonth],
      ...tenure.bands.map(({ from, to, people, personPeriods, rate: share, value }) => [
        words.band(from, to),
        count(people),
        count(personPeriods),
        mean(share, percent),
        mean(value, (x) => x.toFixed(2)),
      ]),
    ]),
    ...says(words.betweenBands(change(step!.between.rate, words.to))),
    ...says(words.withinPeople(count(step!.within.people), change(step!.within.rate, words.to))),
    ...says(words.earlier(mean(step!.earlier.stayed.rate, percent), mean(step!.earlier.left.rate, percent))),

    ...head(words.cautions),
    ...tenure.cautions.slice(0, 1).flatMap(({ says: sentence }) => says(sentence[lang])),
    '',
    ...says(words.made),
  ]
}

const cautionsOf = ({ cautions }: CampaignTruth, lang: Lang) => cautions.map(({ says }) => says[lang])

const grouped = (text: string) => text.replace(/\B(?=(\d{3})+(?:\.|$))/g, ',')
const count = (value: number) => grouped(String(value))
const points = (difference: number) => `${difference < 0 ? '' : '+'}${(100 * difference).toFixed(1)}`

function each({ costPerRetained }: CampaignOffset): readonly [string, string] {
  if (costPerRetained.kind === 'undefined') return ['–', '–']
  const { value, interval } = costPerRetained
  return [value.toFixed(2), `${interval.low.toFixed(2)}–${interval.high.toFixed(2)}`]
}

function mean(of: TenureMean, say: (value: number) => string): string {
  return of.kind === 'estimate' ? say(of.value) : '–'
}

function change(of: TenureChange, to: string): readonly [string, string] {
  if (of.kind === 'undefined') return ['–', '–']
  const { value, interval } = of
  return [
    points(value),
    interval.kind === 'interval' ? `${points(interval.low)}${to}${points(interval.high)}` : '–',
  ]
}
