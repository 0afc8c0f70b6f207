import { basename } from 'node:path'
import { calendarOf, explain, type Instant, type RetentionCell, type RetentionRate } from 'liuliang'
import { type Customer, type Findings, followOne, mostTelling, whatIfBought } from './follow.js'
import type { DemoOptions } from './options.js'
import { type OrderFile, problemText } from './orders.js'
import { type Input, stages, tiers } from './program.js'
import {
  because,
  clock,
  move,
  nameOf,
  type StoryLine,
  storyOf,
  type Teller,
  tellChanges,
  when,
} from './story.js'
import {
  type Align,
  bar,
  COLUMNS,
  type Colour,
  displayWidth,
  heat,
  mask,
  printable,
  table,
  truncate,
  wrap,
} from './terminal.js'
import { monthName, number, percent, wordsIn } from './words.js'

/** What the report is about, and how it is shown. */
export interface ReportInput {
  readonly findings: Findings
  readonly file: OrderFile
  readonly options: Pick<DemoOptions, 'lang' | 'isSample' | 'path' | 'reading' | 'showIds'>
  /** Colours a text, or leaves it as it is. */
  readonly paint: (text: string, colour: Colour) => string
}

interface Page extends ReportInput, Teller {
  /** A customer as the report names them: masked unless ids are asked for. */
  readonly person: (id: string) => string
}

/** How many are shown of what may be long. */
const limits = {
  problems: 5,
  people: 10,
  months: 6,
  cohorts: 12,
  offsets: 7,
  firstDays: 4,
  lastDays: 10,
} as const

/** What the customer of the story buys for in the what-if. */
const whatIfAmount = '200'

/** The report as lines of at most `COLUMNS` columns. */
export function report(input: ReportInput): readonly string[] {
  const { findings, options } = input
  const { lang, showIds } = options
  const page: Page = {
    ...input,
    loyalty: findings.loyalty,
    lang,
    words: wordsIn[lang],
    calendar: calendarOf(findings.loyalty.calendar),
    person: (id) => (showIds ? truncate(printable(id), 24) : mask(id)),
  }
  const customer = mostTelling(findings.customers)
  return [
    ...header(page),
    ...stageSection(page),
    ...nextSection(page),
    ...retentionSection(page),
    ...pointsSection(page),
    ...tierSection(page),
    ...storySection(page, customer),
    ...whatIfSection(page, customer),
  ]
}

// ---- what was read

function header(page: Page): readonly string[] {
  const { findings, file, options, words, calendar, paint } = page
  const { isSample, path, reading } = options
  const { dateFormat, rounded } = file
  const rows = [
    [words.file, truncate(printable(basename(path)), 60)],
    [words.rows, number(file.rows)],
    [words.orders, words.ordersOf(...countsOf(findings))],
    [words.customers, number(findings.customers.length)],
    [words.zone, reading.zone],
    [words.currency, reading.currency],
    [words.asOf, words.moment(calendar.localDate(findings.asOf), clock(calendar, findings.asOf))],
    ...(dateFormat === undefined ? [] : [[words.dates, words.dateFormats[dateFormat]]]),
    ...(rounded === 0 || reading.rounding === undefined
      ? []
      : [[words.amounts, words.rounded(rounded, words.rounding[reading.rounding])]]),
    [words.leftOut, leftOut(page).join(words.comma) || words.nothing],
  ]
  return [
    paint(words.title, 'bold'),
    paint('━'.repeat(COLUMNS), 'cyan'),
    ...(isSample ? [...wrap(words.sample).map((line) => paint(line, 'yellow')), ''] : []),
    ...table(wrapLast(rows), ['left', 'left']),
    ...[...problemLines(page), ...refusalLines(page)].map((line) => paint(line, 'red')),
  ]
}

/** Orders and refunds that count. */
function countsOf({ customers }: Findings): readonly [orders: number, refunds: number] {
  const inputs = sum(customers.map(({ inputs }) => inputs.length))
  const isOrder = ({ type }: Input) => type === 'order-paid'
  const orders = sum(customers.map(({ inputs }) => inputs.filter(isOrder).length))
  return [orders, inputs - orders]
}

function leftOut({ file, findings, words }: Page): readonly string[] {
  const refused = sum([...findings.refused.values()].map(({ count }) => count))
  return [
    ...(file.badRows === 0 ? [] : [words.badRows(file.badRows, file.leftOut)]),
    ...(findings.later === 0 ? [] : [words.later(findings.later)]),
    ...(refused === 0 ? [] : [words.refused(refused)]),
  ]
}

function problemLines({ file, lang, words }: Page): readonly string[] {
  const lines = file.problems.slice(0, limits.problems).map((problem) => problemText(problem, lang))
  const more = file.problems.length - lines.length
  return [...lines, ...(more > 0 ? [words.more(more)] : [])].flatMap(indented)
}

function refusalLines({ findings, loyalty, lang, words }: Page): readonly string[] {
  return [...findings.refused].flatMap(([code, { count, refusal }]) =>
    indented(`${number(count)} × ${code}${words.colon}${explain(loyalty.program, refusal, lang)}`),
  )
}

// ---- who stands where

function stageSection(page: Page): readonly string[] {
  const { findings, words, loyalty } = page
  const standing = findings.customers.map(({ view }) => view.customer.stage)
  return [
    ...heading(page, words.stages, words.stagesNote),
    ...shareTable(page, { title: words.stage, names: stages, standing }),
    ...legend(page, ruleOf(page, 'loyal', loyalty.agreed.isLoyal)),
  ]
}

function tierSection(page: Page): readonly string[] {
  const { findings, words, loyalty } = page
  const { isSilver, isGold } = loyalty.agreed
  const standing = findings.customers.map(({ view }) => view.tier.stage)
  const moves = movesOf(page, 'tier')
  return [
    ...heading(page, words.tiers, words.tiersNote),
    ...shareTable(page, { title: words.tier, names: tiers, standing }),
    ...legend(page, ruleOf(page, 'silver', isSilver), ruleOf(page, 'gold', isGold)),
    ...(moves.length === 0 ? [] : ['', words.tierNext, '', ...movesTable(page, moves, tiers)]),
  ]
}

function ruleOf(page: Page, name: string, condition: Parameters<typeof explain>[1]): string {
  return nameOf(page, name) + page.words.colon + explain(page.loyalty.program, condition, page.lang)
}

/** How many stand where: count, share and bar. */
function shareTable(
  page: Page,
  {
    title,
    names,
    standing,
  }: { readonly title: string; readonly names: readonly string[]; readonly standing: readonly string[] },
): readonly string[] {
  const { words } = page
  const rows = names.map((name) => {
    const count = standing.filter((one) => one === name).length
    const share = count / standing.length
    return [nameOf(page, name), number(count), percent(share), barText(page, share)]
  })
  return ruled(page, {
    head: [title, words.customers, words.share],
    rows,
    foot: [[words.all, number(standing.length), percent(1)]],
    align: ['left', 'right', 'right', 'left'],
  })
}

// ---- who moves next

/** The next move of one customer, if nothing happens before. */
interface Move {
  readonly customer: Customer
  readonly from: string
  readonly to: string
  readonly at: Instant
}

/** Everybody's next move in one part of the program, the earliest first. */
function movesOf({ findings }: Page, part: 'customer' | 'tier'): readonly Move[] {
  const moves = findings.customers.flatMap((customer): readonly Move[] => {
    const { stage, next } = customer.view[part]
    return next === null ? [] : [{ customer, from: stage, to: next.to, at: next.at }]
  })
  return moves.sort((a, b) => a.at - b.at)
}

function nextSection(page: Page): readonly string[] {
  const { words, options } = page
  const moves = movesOf(page, 'customer')
  const head = heading(page, words.next, words.nextNote)
  if (moves.length === 0) return [...head, words.nobodyMoves]
  const first = moves.slice(0, limits.people)
  return [
    ...head,
    ...movesTable(page, moves, stages),
    '',
    words.firstOnes(first.length),
    '',
    ...firstTable(page, first),
    ...(options.showIds ? [] : legend(page, words.masked)),
  ]
}

/** How many moves of each kind in each coming month. */
function movesTable(page: Page, moves: readonly Move[], order: readonly string[]): readonly string[] {
  const { words, calendar } = page
  const months = comingMonths(page)
  const columns = [...months, 'later']
  const columnOf = ({ at }: Move) => {
    const month = calendar.localMonth(at)
    return months.includes(month) ? month : 'later'
  }
  const count = (some: readonly Move[]) => [
    ...columns.map((column) => some.filter((one) => columnOf(one) === column).length),
    some.length,
  ]
  const kinds = order.flatMap((from) => order.map((to) => ({ from, to })))
  const rows = kinds.flatMap(({ from, to }) => {
    const some = moves.filter((one) => one.from === from && one.to === to)
    return some.length === 0 ? [] : [[move(page, from, to), ...count(some).map(blankZero)]]
  })
  return ruled(page, {
    head: [words.move, ...monthHeads(page, months), words.afterwards, words.all],
    rows,
    foot: [[words.all, ...count(moves).map(blankZero)]],
    align: ['left', ...columns.map(() => 'right' as const), 'right'],
  })
}

function comingMonths({ calendar, findings }: Page): readonly string[] {
  const months: string[] = []
  for (let at = findings.asOf; months.length < limits.months; at = calendar.startOfNext('month', at))
    months.push(calendar.localMonth(at))
  return months
}

/** Months as heads of columns; the year where it begins. */
function monthHeads({ words }: Page, months: readonly string[]): readonly string[] {
  return months.map((month, i) => {
    const isFirst = i === 0 || month.endsWith('-01')
    return isFirst ? monthName(month, words) : words.shortMonth(Number(month.slice(5)))
  })
}

function firstTable(page: Page, moves: readonly Move[]): readonly string[] {
  const { words, calendar, person } = page
  const rows = moves.map((one) => [
    person(one.customer.id),
    move(page, one.from, one.to),
    when(calendar, one.at),
    reasonOf(page, one),
  ])
  return ruled(page, { head: [words.customer, words.move, words.when, words.why], rows })
}

/** Why a move will be made: the reason that it will carry when its instant has come. */
function reasonOf(page: Page, { customer, at }: Move): string {
  const { events } = page.loyalty.program.advance(customer.state, at)
  const made = events.find((event) => event.type === 'customer/stage-changed')
  return made === undefined ? '' : because(page, made.data.reason)
}

// ---- who comes back

function retentionSection(page: Page): readonly string[] {
  const { findings, words } = page
  const cohorts = findings.retention.cohorts.filter(({ size }) => size > 0)
  const last = cohorts.slice(-limits.cohorts)
  const { averages } = findings.retention
  const offsets = averages.slice(0, limits.offsets).map(({ offset }) => offset)
  const cells = last.flatMap(({ cells }) => cells.slice(1, limits.offsets))
  const darkest = Math.max(0, ...cells.map(({ n, seen }) => (n === 0 ? 0 : seen / n)))
  const rates = offsets.map((offset) => averages[offset]?.rate)
  return [
    ...heading(page, words.retention, words.retentionNote(last.length, cohorts.length)),
    ...ruled(page, {
      head: [words.firstBought, words.people, ...offsets.map((offset) => `${offset} `)],
      rows: last.map(({ cohort, size, cells }) => [
        monthName(cohort, words),
        number(size),
        ...offsets.map((offset) => cellText(page, cells[offset], darkest)),
      ]),
      foot: [
        [words.average, '', ...rates.map((rate) => `${rateText(rate)} `)],
        [words.interval, '', ...rates.map((rate) => `${intervalText(rate)} `)],
      ],
      align: ['left', ...offsets.map(() => 'right' as const), 'right'],
    }),
    ...legend(page, words.retentionLegend(cohorts.length)),
  ]
}

function cellText({ paint }: Page, cell: RetentionCell | undefined, darkest: number): string {
  if (cell === undefined || cell.n === 0) return ''
  // Of a month that is not over, the share so far.
  const value = cell.seen / cell.n
  const shade = heat(darkest === 0 ? 0 : Math.min(1, value / darkest))
  const rate = percent(value).padStart(4)
  if (value === 0 && cell.state === 'complete') return `${paint(`${shade} ${rate}`, 'dim')} `
  return cell.state === 'complete' ? `${paint(shade, 'green')} ${rate} ` : paint(`${shade} ${rate}*`, 'dim')
}

function rateText(rate: RetentionRate | undefined): string {
  return rate === undefined || rate.kind === 'undefined' ? '–' : percent(rate.value)
}

function intervalText(rate: RetentionRate | undefined): string {
  if (rate === undefined || rate.kind === 'undefined') return '–'
  const { low, high } = rate.interval
  return `${Math.floor(low * 100)}–${percent(Math.ceil(high * 100) / 100)}`
}

// ---- what is owed

function pointsSection(page: Page): readonly string[] {
  const { findings, words } = page
  const head = heading(page, words.points, words.pointsNote)
  const accounts = findings.customers.map(({ view }) => view.points)
  const pending = sum(accounts.map((account) => account.pending))
  const balance = sum(accounts.map((account) => account.balance))
  if (findings.owed.size === 0 && balance === 0) return [...head, words.noPoints]
  // Points that were taken back after they had expired make a balance negative: customers owe them.
  const deficit = sum([...findings.owed.values()]) - balance - pending
  const most = Math.max(...findings.owed.values())
  const rows = [...findings.owed].map(([month, points]) => [
    month === null ? words.never : monthName(month, words),
    number(points),
    barText(page, points / most),
  ])
  return [
    ...head,
    ...ruled(page, {
      head: [words.expiresIn, words.pointsColumn],
      rows: [...rows, ...(deficit === 0 ? [] : [[words.taken, `−${number(deficit)}`]])],
      foot: [[words.total, number(balance + pending)]],
      align: ['left', 'right', 'left'],
    }),
    ...legend(
      page,
      words.owedSum(number(balance), number(pending)),
      ...(deficit === 0 ? [] : [words.takenNote]),
    ),
  ]
}

// ---- one customer

function storySection(page: Page, customer: Customer): readonly string[] {
  const { findings, loyalty, words, person } = page
  const { id, inputs } = customer
  const { events } = followOne(loyalty, { id, inputs, asOf: findings.asOf })
  return [
    ...heading(page, words.story(person(id)), words.storyNote),
    ...storyTable(page, storyOf(page, events)),
  ]
}

/** The first days and the last ones of a story. */
function storyTable(page: Page, story: readonly StoryLine[]): readonly string[] {
  const { words, calendar } = page
  const dayOf = ({ at }: StoryLine) => calendar.localDate(at)
  const days = [...new Set(story.map(dayOf))]
  const skipped = days.slice(limits.firstDays, -limits.lastDays)
  const resumes = skipped.length === 0 ? undefined : days.at(-limits.lastDays)
  const before = story.filter((line) => resumes === undefined || dayOf(line) < skipped[0]!)
  const after = story.filter((line) => resumes !== undefined && dayOf(line) >= resumes)
  const gap = resumes === undefined ? [] : [['', words.skipped(skipped.length)]]
  const rows = [...storyRows(page, before), ...gap, ...storyRows(page, after)]
  return ruled(page, { head: [words.date, words.happened, words.reason], rows })
}

/** A date stands where it begins. */
function storyRows({ calendar }: Page, story: readonly StoryLine[]): readonly (readonly string[])[] {
  return story.map(({ at, happened, why }, i) => [
    at === story[i - 1]?.at ? '' : when(calendar, at),
    happened,
    why,
  ])
}

function whatIfSection(page: Page, customer: Customer): readonly string[] {
  const { findings, loyalty, words, calendar, person, lang } = page
  const answer = whatIfBought(findings, customer, whatIfAmount)
  const amount = `${whatIfAmount} ${loyalty.currency}`
  const title = words.whatIf(person(customer.id), amount, when(calendar, findings.asOf))
  const head = heading(page, title, words.whatIfNote)
  if (answer.outcome === 'refused')
    return [...head, ...wrap(words.wouldRefuse(explain(loyalty.program, answer.refusal, lang)))]
  if (answer.outcome === 'repeated') return head
  return [
    ...head,
    ...ruled(page, {
      head: [words.what, words.before, '', words.after],
      rows: tellChanges(page, answer),
    }),
    '',
    words.wouldFollow,
    '',
    ...storyTable(page, storyOf(page, answer.events)),
  ]
}

// ---- how it is set

function heading({ paint }: Page, title: string, note: string): readonly string[] {
  return ['', '', paint(title, 'bold'), ...wrap(note).map((line) => paint(line, 'dim')), '']
}

function legend({ paint }: Page, ...sentences: readonly string[]): readonly string[] {
  return ['', ...sentences.flatMap((sentence) => wrap(sentence)).map((line) => paint(line, 'dim'))]
}

function barText({ paint }: Page, share: number): string {
  return paint(bar(share, 50).trimEnd(), 'cyan')
}

function indented(text: string): readonly string[] {
  return wrap(text, COLUMNS - 2).map((line) => `  ${line}`)
}

interface Ruled {
  readonly head: readonly string[]
  readonly rows: readonly (readonly string[])[]
  readonly foot?: readonly (readonly string[])[]
  readonly align?: readonly Align[]
}

/** A table with its head ruled off, and its foot; the last column goes on below where it is too long. */
function ruled({ paint }: Page, { head, rows, foot = [], align = [] }: Ruled): readonly string[] {
  const body = wrapLast([head, ...rows, ...foot])
  const lines = table(body, align)
  const width = Math.max(...lines.map(displayWidth))
  const rule = paint('─'.repeat(width), 'dim')
  const end = lines.length - foot.length
  return [
    paint(lines[0]!, 'dim'),
    rule,
    ...lines.slice(1, end),
    ...(foot.length === 0 ? [] : [rule, ...lines.slice(end)]),
  ]
}

/** Rows of which the last cell, where it is too long, goes on in rows below. */
function wrapLast(rows: readonly (readonly string[])[]): readonly (readonly string[])[] {
  const last = Math.max(...rows.map((row) => row.length)) - 1
  const widest = (column: number) => Math.max(...rows.map((row) => displayWidth(row[column] ?? '')))
  const room = COLUMNS - sum(Array.from({ length: last }, (_, column) => widest(column) + 2))
  return rows.flatMap((row) => {
    const cell = row[last] ?? ''
    if (displayWidth(cell) <= room) return [row]
    return wrap(cell, room).map((line, i) => [
      ...Array.from({ length: last }, (_, column) => (i === 0 ? row[column]! : '')),
      line,
    ])
  })
}

const blankZero = (count: number): string => (count === 0 ? '·' : number(count))

const sum = (values: readonly number[]): number => values.reduce((all, value) => all + value, 0)
