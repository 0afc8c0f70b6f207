import { statSync } from 'node:fs'
import { parseArgs } from 'node:util'
import { calendarOf, type Instant, type Lang } from 'liuliang/kernel'
import { type OrderColumns, type ReadOptions, readMoment, superstore } from './orders.js'
import { printable } from './terminal.js'

export interface DemoOptions {
  readonly lang: Lang
  /** Whether the report says that its orders are a sample. */
  readonly isSample: boolean
  readonly path: string
  readonly reading: ReadOptions
  /** Without it, the first local midnight after the last row. */
  readonly asOf?: Instant
  /** People are masked unless this is asked for. */
  readonly showIds: boolean
}

export type ParsedOptions =
  | { readonly outcome: 'options'; readonly options: DemoOptions }
  | { readonly outcome: 'help'; readonly text: string }
  /** One line, in the language asked for. */
  | { readonly outcome: 'refused'; readonly code: OptionFault; readonly text: string }

const names = {
  orders: 'string',
  map: 'string',
  zone: 'string',
  currency: 'string',
  encoding: 'string',
  refund: 'string',
  round: 'string',
  delimiter: 'string',
  'date-format': 'string',
  decimal: 'string',
  'as-of': 'string',
  lang: 'string',
  'show-ids': 'boolean',
  help: 'boolean',
} as const

type Name = keyof typeof names

const roles = ['customer', 'date', 'amount', 'order', 'refund'] as const

const sentences = {
  'unknown-option': { en: '{} is no option', zh: '没有选项 {}' },
  'unexpected-text': { en: '{} belongs to no option', zh: '{} 不属于任何选项' },
  'missing-value': { en: '{} needs a value', zh: '{} 需要一个值' },
  'unexpected-value': { en: '{} takes no value', zh: '{} 不带值' },
  'given-twice': { en: '{} is given twice', zh: '{} 重复给出' },
  'needs-orders': {
    en: '{} is about a file: say --orders FILE too',
    zh: '{} 与文件有关，请同时给出 --orders FILE',
  },
  'missing-option': { en: '--orders needs {}', zh: '--orders 需要 {}' },
  'bad-map': { en: '--map does not read: {}', zh: '--map 无法识别：{}' },
  'bad-zone': { en: '--zone is no IANA time zone', zh: '--zone 不是 IANA 时区' },
  'bad-currency': {
    en: '--currency is no ISO 4217 code, such as CNY',
    zh: '--currency 不是 ISO 4217 货币代码，例如 CNY',
  },
  'bad-choice': { en: '{}', zh: '{}' },
  'bad-delimiter': {
    en: '--delimiter is one character, or tab',
    zh: '--delimiter 应为一个字符，或 tab',
  },
  'bad-as-of': {
    en: '--as-of is no date, expected YYYY-MM-DD or 2024-03-05T09:00:00+08:00',
    zh: '--as-of 不是日期，应为 YYYY-MM-DD 或 2024-03-05T09:00:00+08:00',
  },
  'file-not-found': { en: 'there is no file {}', zh: '找不到文件 {}' },
} as const satisfies Readonly<Record<string, Readonly<Record<Lang, string>>>>

export type OptionFault = keyof typeof sentences

/** The command line as options, or one line that says what to change. */
export function parseOptions(argv: readonly string[]): ParsedOptions {
  const lang = langIn(argv)
  const refuse = (code: OptionFault, about = '', hint?: string): ParsedOptions => {
    const sentence = sentences[code][lang].replace('{}', () => printable(about))
    const meant = hint === undefined ? '' : lang === 'zh' ? `，是否想写 ${hint}？` : `; did you mean ${hint}?`
    const help = lang === 'zh' ? '（--help 列出全部选项）' : ' (--help lists all options)'
    return { outcome: 'refused', code, text: `${sentence}${meant}${help} [${code}]` }
  }

  const given = new Map<Name, string>()
  const options = Object.fromEntries(Object.entries(names).map(([name, type]) => [name, { type }]))
  const { tokens } = parseArgs({
    args: [...argv],
    options,
    strict: false,
    allowPositionals: true,
    tokens: true,
  })
  for (const token of tokens) {
    if (token.kind === 'positional') return refuse('unexpected-text', token.value)
    if (token.kind !== 'option') continue
    const { name, rawName, value } = token
    if (!isName(name) || !rawName.startsWith('--')) {
      const meant = nearest(name, Object.keys(names))
      return refuse('unknown-option', rawName, meant === undefined ? undefined : `--${meant}`)
    }
    // parseArgs takes the next word whatever it is; an option is never meant as a value.
    const isMissing = value === undefined || value === '' || (!token.inlineValue && value.startsWith('--'))
    if (names[name] === 'string' && isMissing) return refuse('missing-value', rawName)
    if (names[name] === 'boolean' && value !== undefined) return refuse('unexpected-value', rawName)
    const before = given.get(name)
    if (before !== undefined && name !== 'map') return refuse('given-twice', rawName)
    given.set(name, before === undefined ? (value ?? '') : `${before},${value}`)
  }
  if (given.has('help')) return { outcome: 'help', text: helpText(lang) }

  const choices = {
    lang: ['en', 'zh'],
    encoding: ['utf-8', 'gb18030'],
    refund: ['negative', 'column'],
    round: ['half-even', 'half-up', 'down'],
    'date-format': ['mdy', 'dmy'],
    decimal: ['point', 'comma'],
  } as const
  for (const [name, allowed] of Object.entries(choices)) {
    const value = given.get(name as Name)
    if (value === undefined || (allowed as readonly string[]).includes(value)) continue
    const list = allowed.join(lang === 'zh' ? ' 或 ' : ' or ')
    return refuse('bad-choice', lang === 'zh' ? `--${name} 应为 ${list}` : `--${name} is ${list}`)
  }

  const path = given.get('orders')
  const sample = superstore()
  let reading = sample.options
  if (path === undefined) {
    const stray = (
      [
        'map',
        'zone',
        'currency',
        'encoding',
        'refund',
        'round',
        'delimiter',
        'date-format',
        'decimal',
      ] as const
    ).find((name) => given.has(name))
    if (stray !== undefined) return refuse('needs-orders', `--${stray}`)
  } else {
    for (const name of ['map', 'zone', 'currency'] as const)
      if (!given.has(name)) return refuse('missing-option', example(name))
    const map = mapOf(given.get('map')!, lang)
    if (typeof map === 'string') return refuse('bad-map', map)
    const wantsColumn = given.get('refund') === 'column'
    if (wantsColumn !== (map.refund !== undefined))
      return refuse(
        'bad-map',
        wantsColumn ? '--refund column + refund=COLUMN' : 'refund=COLUMN + --refund column',
      )
    const zone = given.get('zone')!
    if (!isZone(zone)) return refuse('bad-zone', '', nearest(zone, Intl.supportedValuesOf('timeZone')))
    const currency = given.get('currency')!
    if (!Intl.supportedValuesOf('currency').includes(currency)) {
      const upper = currency.toUpperCase()
      const meant = upper === 'RMB' ? 'CNY' : upper
      const isKnown = Intl.supportedValuesOf('currency').includes(meant)
      return refuse('bad-currency', '', isKnown ? meant : undefined)
    }
    const delimiter = given.get('delimiter') === 'tab' ? '\t' : given.get('delimiter')
    if (delimiter !== undefined && !/^[^"\r\n]$/.test(delimiter)) return refuse('bad-delimiter')
    if (statSync(path, { throwIfNoEntry: false })?.isFile() !== true) return refuse('file-not-found', path)
    const optional = {
      encoding: given.get('encoding') as ReadOptions['encoding'],
      refund: given.get('refund') as ReadOptions['refund'],
      rounding: given.get('round') as ReadOptions['rounding'],
      dateFormat: given.get('date-format') as ReadOptions['dateFormat'],
      decimal: given.get('decimal') as ReadOptions['decimal'],
      delimiter,
    }
    const known = Object.entries(optional).filter(([, value]) => value !== undefined)
    reading = { map, zone, currency, ...Object.fromEntries(known) }
  }

  const asOfText = given.get('as-of')
  const asOf = asOfText === undefined ? undefined : readMoment(asOfText, reading.zone)
  if (asOfText !== undefined && asOf === undefined) return refuse('bad-as-of')
  return {
    outcome: 'options',
    options: {
      lang,
      isSample: path === undefined,
      path: path ?? sample.path,
      reading,
      ...(asOf === undefined ? {} : { asOf }),
      showIds: given.has('show-ids'),
    },
  }
}

function langIn(argv: readonly string[]): Lang {
  const at = argv.indexOf('--lang')
  return argv.includes('--lang=zh') || (at >= 0 && argv[at + 1] === 'zh') ? 'zh' : 'en'
}

function isName(name: string): name is Name {
  return Object.hasOwn(names, name)
}

function isZone(zone: string): boolean {
  try {
    return calendarOf({ zone }).zone === zone
  } catch {
    return false
  }
}

function example(name: 'map' | 'zone' | 'currency'): string {
  return {
    map: '--map customer=COLUMN,date=COLUMN,amount=COLUMN[,order=COLUMN]',
    zone: '--zone Asia/Shanghai',
    currency: '--currency CNY',
  }[name]
}

/** The columns, or why the text names none. A column's name may hold commas that no `role=` follows. */
function mapOf(text: string, lang: Lang): OrderColumns | string {
  const map: Partial<Record<(typeof roles)[number], string>> = {}
  for (const part of text.split(/,(?=\s*[\w-]+=)/)) {
    const at = part.indexOf('=')
    const role = roles.find((known) => known === part.slice(0, at).trim())
    const column = part.slice(at + 1).trim()
    if (at < 0 || role === undefined)
      return lang === 'zh' ? `可用的键是 ${roles.join('、')}` : `its keys are ${roles.join(', ')}`
    if (column === '') return lang === 'zh' ? `${role}= 后缺少列名` : `${role}= names no column`
    if (map[role] !== undefined) return lang === 'zh' ? `${role} 重复给出` : `${role} is given twice`
    map[role] = column
  }
  const { customer, date, amount, ...rest } = map
  if (customer === undefined || date === undefined || amount === undefined)
    return lang === 'zh' ? '需要 customer、date 和 amount' : 'it needs customer, date and amount'
  return { customer, date, amount, ...rest }
}

/** The known word within two or three edits, if there is one. */
function nearest(word: string, known: readonly string[]): string | undefined {
  let best: { readonly word: string; readonly edits: number } | undefined
  const lower = word.slice(0, 40).toLowerCase()
  for (const each of known) {
    const edits = distance(lower, each.toLowerCase())
    if (edits <= Math.min(3, Math.floor(each.length / 2)) && (best === undefined || edits < best.edits))
      best = { word: each, edits }
  }
  return best?.word
}

function distance(a: string, b: string): number {
  let row = Array.from({ length: b.length + 1 }, (_, index) => index)
  for (let i = 1; i <= a.length; i += 1) {
    const next = [i]
    for (let j = 1; j <= b.length; j += 1)
      next.push(Math.min(row[j]! + 1, next[j - 1]! + 1, row[j - 1]! + (a[i - 1] === b[j - 1] ? 0 : 1)))
    row = next
  }
  return row[b.length]!
}

function helpText(lang: Lang): string {
  return lang === 'zh' ? helpZh : helpEn
}

const helpEn = `npm run demo                        the report on a sample of orders
npm run demo -- --orders FILE ...   the report on a CSV file of your own

  --orders FILE       CSV with a header; separated by comma, semicolon or tab
  --map ROLES         customer=COLUMN,date=COLUMN,amount=COLUMN[,order=COLUMN][,refund=COLUMN]
                      rows of one order are summed; without order each row is an order
  --zone ZONE         where dates without an offset are local, such as Asia/Shanghai
  --currency CODE     such as CNY
  --encoding NAME     utf-8 (default) or gb18030
  --refund KIND       negative: a row below zero gives back the order it names; without an order
                      column, the customer's latest earlier order with that much left
                      column: refund=COLUMN holds what was given back of the row's order, on the
                      row's date; empty or 0 is nothing
                      without it, amounts below zero are bad rows
  --round HOW         half-even, half-up or down: amounts finer than the currency, once per order;
                      without it they are bad rows
  --date-format KIND  mdy or dmy, where 3/4/2024 could be either and no row settles it
  --decimal MARK      point (default) or comma
  --delimiter CHAR    one character, or tab
  --as-of DATE        the moment of the report; by default local midnight after the last row
  --lang LANG         en (default) or zh
  --show-ids          show customers' ids, which are masked otherwise
  --help              this text

Bad rows are listed by line and column, never by value; an order with a bad row is left out whole.`

const helpZh = `npm run demo                        用样例订单生成报告
npm run demo -- --orders FILE ...   用您自己的 CSV 文件生成报告

  --orders FILE       带表头的 CSV，以逗号、分号或制表符分隔
  --map ROLES         customer=列名,date=列名,amount=列名[,order=列名][,refund=列名]
                      同一订单的多行会合计；没有 order 时每行是一张订单
  --zone ZONE         不带偏移的日期所在的时区，例如 Asia/Shanghai
  --currency CODE     货币代码，例如 CNY
  --encoding NAME     utf-8（默认）或 gb18030
  --refund KIND       negative：负数行退还其所指的订单；没有订单列时，
                      退还该客户此前最近一张剩余金额足够的订单
                      column：refund=列名 的值是该行订单的退款金额，日期同该行；空或 0 表示没有
                      不给出时，负数行视为错误行
  --round HOW         half-even、half-up 或 down：金额细于货币精度时，每张订单舍入一次；
                      不给出时视为错误行
  --date-format KIND  mdy 或 dmy：用于 3/4/2024 这类日月先后不明的日期
  --decimal MARK      小数点：point（默认）或 comma
  --delimiter CHAR    一个字符，或 tab
  --as-of DATE        报告的时刻；默认为最后一行之后的当地零点
  --lang LANG         en（默认）或 zh
  --show-ids          显示客户编号（默认遮盖）
  --help              显示本说明

错误行只报告行号与列名，不显示内容；含错误行的订单整张不计入。`
