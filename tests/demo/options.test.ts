import { fileURLToPath } from 'node:url'
import { instant } from 'liuliang/kernel'
import { describe, expect, test } from 'vitest'
import { type DemoOptions, type OptionFault, parseOptions } from '../../examples/demo/options.js'
import { superstore } from '../../examples/demo/orders.js'
import { COLUMNS, displayWidth } from '../../examples/demo/terminal.js'

const here = fileURLToPath(import.meta.url)
const file = [
  '--orders',
  here,
  '--map',
  'customer=c,date=d,amount=a',
  '--zone',
  'Asia/Shanghai',
  '--currency',
  'CNY',
]
/** The file's options with one of them changed. */
const withValue = (name: string, value: string) =>
  file.map((word, index) => (file[index - 1] === name ? value : word))

function options(argv: readonly string[]): DemoOptions {
  const parsed = parseOptions(argv)
  if (parsed.outcome !== 'options') throw new Error(parsed.text)
  return parsed.options
}

test('nothing said is the sample, in English, people masked', () => {
  const { path, options: reading } = superstore()
  expect(options([])).toEqual({ lang: 'en', isSample: true, path, reading, showIds: false })
})

test("a file of one's own", () => {
  expect(options([...file, '--lang', 'zh', '--show-ids'])).toEqual({
    lang: 'zh',
    isSample: false,
    path: here,
    reading: {
      map: { customer: 'c', date: 'd', amount: 'a' },
      zone: 'Asia/Shanghai',
      currency: 'CNY',
    },
    showIds: true,
  })
})

test('everything that can be said about a file', () => {
  const map = 'customer=Customer ID,date=Order Date,amount=Sales, net,order=Order ID,refund=Back'
  const more =
    '--encoding=gb18030 --refund=column --round=down --delimiter=tab --date-format=dmy --decimal=comma'
  expect(options([...withValue('--map', map), ...more.split(' ')]).reading).toEqual({
    map: {
      customer: 'Customer ID',
      date: 'Order Date',
      amount: 'Sales, net',
      order: 'Order ID',
      refund: 'Back',
    },
    zone: 'Asia/Shanghai',
    currency: 'CNY',
    encoding: 'gb18030',
    refund: 'column',
    rounding: 'down',
    delimiter: '\t',
    dateFormat: 'dmy',
    decimal: 'comma',
  })
})

test('--map may come in parts', () => {
  expect(options([...file, '--map', 'order=o']).reading.map.order).toBe('o')
})

test('as of is local midnight in the zone, or an instant', () => {
  expect(options([...file, '--as-of', '2024-03-05']).asOf).toBe(instant('2024-03-05T00:00:00+08:00'))
  expect(options(['--as-of', '2018-01-01']).asOf).toBe(instant('2018-01-01T00:00:00-05:00'))
  expect(options(['--as-of', '2018-01-01T00:00:00Z']).asOf).toBe(instant('2018-01-01T00:00:00Z'))
})

describe('what cannot be meant is one line that says what to change', () => {
  test.each<[string, readonly string[], OptionFault, string]>([
    ['a misspelt option', ['--zoen', 'UTC'], 'unknown-option', 'did you mean --zone?'],
    ['an option of nobody', ['--frobnicate'], 'unknown-option', '--frobnicate'],
    ['a short option', ['-h'], 'unknown-option', '-h'],
    ['a word', ['orders.csv'], 'unexpected-text', 'orders.csv'],
    ['no value at the end', ['--orders'], 'missing-value', '--orders'],
    ['an option for a value', ['--orders', '--lang', 'en'], 'missing-value', '--orders'],
    ['an empty value', ['--orders='], 'missing-value', '--orders'],
    ['a value for a switch', ['--show-ids=yes'], 'unexpected-value', '--show-ids'],
    ['an option twice', [...file, '--zone', 'UTC'], 'given-twice', '--zone'],
    ['a language that is not spoken', ['--lang', 'fr'], 'bad-choice', 'en or zh'],
    ['an encoding', [...file, '--encoding', 'latin1'], 'bad-choice', 'utf-8 or gb18030'],
    ['a kind of refund', [...file, '--refund', 'yes'], 'bad-choice', 'negative or column'],
    ['a rounding', [...file, '--round', 'up'], 'bad-choice', 'half-even'],
    ['about a file, without one', ['--zone', 'UTC'], 'needs-orders', '--zone'],
    ['no map', ['--orders', here, '--zone', 'UTC', '--currency', 'CNY'], 'missing-option', '--map customer='],
    ['no zone', ['--orders', here, '--map', 'x', '--currency', 'CNY'], 'missing-option', '--zone'],
    ['no currency', ['--orders', here, '--map', 'x', '--zone', 'UTC'], 'missing-option', '--currency'],
    ['a map of nothing', withValue('--map', 'x'), 'bad-map', 'customer, date'],
    ['a map without an amount', withValue('--map', 'customer=c,date=d'), 'bad-map', 'amount'],
    ['an unknown key', withValue('--map', 'customer=c,date=d,amount=a,ordre=o'), 'bad-map', 'its keys are'],
    [
      'a key twice',
      withValue('--map', 'customer=c,date=d,amount=a,date=e'),
      'bad-map',
      'date is given twice',
    ],
    ['a key without a column', withValue('--map', 'customer=,date=d,amount=a'), 'bad-map', 'customer='],
    ['a column of refunds without a name', [...file, '--refund', 'column'], 'bad-map', 'refund=COLUMN'],
    ['a name without a column of refunds', [...file, '--map', 'refund=r'], 'bad-map', '--refund column'],
    ['a misspelt zone', withValue('--zone', 'Asia/Shangai'), 'bad-zone', 'did you mean Asia/Shanghai?'],
    ['an offset', withValue('--zone', '+08:00'), 'bad-zone', '--zone'],
    ['RMB', withValue('--currency', 'RMB'), 'bad-currency', 'did you mean CNY?'],
    ['usd', withValue('--currency', 'usd'), 'bad-currency', 'did you mean USD?'],
    ['XXY', withValue('--currency', 'XXY'), 'bad-currency', 'ISO 4217'],
    ['a quote between fields', [...file, '--delimiter', '"'], 'bad-delimiter', '--delimiter'],
    ['a file that is not there', withValue('--orders', 'no/such.csv'), 'file-not-found', 'no/such.csv'],
    [
      'a folder',
      withValue('--orders', fileURLToPath(new URL('.', import.meta.url))),
      'file-not-found',
      'demo',
    ],
    ['a moment that is none', ['--as-of', 'tomorrow'], 'bad-as-of', 'YYYY-MM-DD'],
    ['an ambiguous moment', ['--as-of', '3/4/2024'], 'bad-as-of', 'YYYY-MM-DD'],
  ])('%s', (_name, argv, code, hint) => {
    const parsed = parseOptions(argv)
    expect(parsed).toMatchObject({ outcome: 'refused', code })
    if (parsed.outcome !== 'refused') return
    expect(parsed.text).toContain(hint)
    expect(parsed.text).not.toContain('\n')
    const chinese = parseOptions(code === 'bad-choice' && argv.includes('fr') ? argv : [...argv, '--lang=zh'])
    expect(chinese).toMatchObject({ outcome: 'refused' })
    if (chinese.outcome === 'refused') expect(chinese.text).not.toMatch(/undefined|\{\}/)
  })

  test('in Chinese', () => {
    expect(parseOptions(['--lang', 'zh', '--zoen', 'UTC'])).toMatchObject({
      text: '没有选项 --zoen，是否想写 --zone？（--help 列出全部选项） [unknown-option]',
    })
  })
})

test.each(['en', 'zh'])('--help in %s names every option, in at most 100 columns', (lang) => {
  const parsed = parseOptions(['--help', '--lang', lang])
  if (parsed.outcome !== 'help') throw new Error('no help')
  for (const line of parsed.text.split('\n')) expect(displayWidth(line)).toBeLessThanOrEqual(COLUMNS)
  for (const name of 'orders map zone currency encoding refund round date-format decimal delimiter as-of lang show-ids'.split(
    ' ',
  ))
    expect(parsed.text).toContain(`--${name}`)
})
