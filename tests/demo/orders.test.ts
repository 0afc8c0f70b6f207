import { existsSync, readFileSync } from 'node:fs'
import { instant } from 'liuliang/kernel'
import { describe, expect, test } from 'vitest'
import {
  type OrderFile,
  type ProblemCode,
  problemText,
  type ReadOptions,
  readMoment,
  readOrders,
  refusalText,
  superstore,
} from '../../examples/demo/orders.js'

const shop: ReadOptions = {
  map: { customer: 'customer', date: 'date', amount: 'amount', order: 'order' },
  zone: 'Asia/Shanghai',
  currency: 'CNY',
}
const { order: _, ...withoutOrder } = shop.map
const rowsOnly: ReadOptions = { ...shop, map: withoutOrder }

const bytes = (text: string) => new TextEncoder().encode(text)
const header = 'customer,date,amount,order'
const good = 'ann,2024-03-05,10,1'

function read(text: string, options: ReadOptions = shop): OrderFile {
  const result = readOrders(bytes(text), options)
  if (result.outcome === 'refused') throw new Error(refusalText(result.refusal, 'en'))
  return result
}

function refusal(text: string | Uint8Array, options: ReadOptions = shop) {
  const result = readOrders(typeof text === 'string' ? bytes(text) : text, options)
  if (result.outcome === 'read') throw new Error('was read')
  return result.refusal
}

const codes = (file: OrderFile) => file.problems.map(({ line, field, code }) => [line, field, code])
const brief = (file: OrderFile) => file.orders.map(({ id, customer, amount }) => [id, customer, amount])

describe('a bad row names its line and field, and leaves out its order', () => {
  test.each<[string, string, string, ProblemCode, Partial<ReadOptions>?]>([
    ['too few fields', 'bob,2024-03-05,10', '', 'field-count'],
    ['too many fields', 'bob,2024-03-05,10,2,x', '', 'field-count'],
    ['a stray quote', 'bob "x",2024-03-05,10,2', '', 'stray-quote'],
    ['no customer', ',2024-03-05,10,2', 'customer', 'empty'],
    ['a blank customer', '  ,2024-03-05,10,2', 'customer', 'empty'],
    ['a customer that was not text', 'b\ufffdb,2024-03-05,10,2', 'customer', 'unreadable'],
    ['no date', 'bob,,10,2', 'date', 'empty'],
    ['words for a date', 'bob,yesterday,10,2', 'date', 'not-a-date'],
    ['seconds since 1970', 'bob,1709600400,10,2', 'date', 'not-a-date'],
    ['milliseconds since 1970', 'bob,1709600400000,10,2', 'date', 'not-a-date'],
    ['a year of two digits', 'bob,3/5/24,10,2', 'date', 'not-a-date'],
    ['two separators', 'bob,2024-03/05,10,2', 'date', 'not-a-date'],
    ['something after the date', 'bob,2024-03-05x,10,2', 'date', 'not-a-date'],
    ['an offset without a time', 'bob,2024-03-05Z,10,2', 'date', 'not-a-date'],
    ['30 February', 'bob,2024-02-30,10,2', 'date', 'no-such-date'],
    ['29 February of no leap year', 'bob,2023-02-29,10,2', 'date', 'no-such-date'],
    ['month 13', 'bob,20241301,10,2', 'date', 'no-such-date'],
    ['no real day either way', 'bob,13/13/2024,10,2', 'date', 'no-such-date'],
    ['hour 24', 'bob,2024-03-05 24:00,10,2', 'date', 'no-such-date'],
    ['13 pm', 'bob,2024-03-05 13:00 PM,10,2', 'date', 'no-such-date'],
    ['day or month', 'bob,3/5/2024,10,2', 'date', 'ambiguous-date'],
    ['a date of the other order', 'bob,31/5/2024,10,2', 'date', 'no-such-date', { dateFormat: 'mdy' }],
    ['a date of 100,000 characters', `bob,${'1/'.repeat(50_000)},10,2`, 'date', 'not-a-date'],
    ['no amount', 'bob,2024-03-05,,2', 'amount', 'empty'],
    ['words for an amount', 'bob,2024-03-05,ten,2', 'amount', 'not-an-amount'],
    ['an exponent', 'bob,2024-03-05,1e3,2', 'amount', 'not-an-amount'],
    ['two points', 'bob,2024-03-05,1.2.3,2', 'amount', 'not-an-amount'],
    ['a point and nothing', 'bob,2024-03-05,5.,2', 'amount', 'not-an-amount'],
    ['only a sign', 'bob,2024-03-05,-,2', 'amount', 'not-an-amount'],
    ['wrong groups', 'bob,2024-03-05,"1,23,456",2', 'amount', 'not-an-amount'],
    ['full-width digits', 'bob,2024-03-05,１２,2', 'amount', 'not-an-amount'],
    ['100,000 blanks', `bob,2024-03-05,-${' '.repeat(100_000)}x,2`, 'amount', 'not-an-amount'],
    ['a decimal comma', 'bob,2024-03-05,"12,50",2', 'amount', 'ambiguous-amount'],
    [
      'a point under a decimal comma',
      'bob,2024-03-05,1.23,2',
      'amount',
      'not-an-amount',
      { decimal: 'comma' },
    ],
    ['euros', 'bob,2024-03-05,€12,2', 'amount', 'other-currency'],
    ['too many digits behind the point', 'bob,2024-03-05,1.005,2', 'amount', 'too-fine'],
    [
      'more digits than anything',
      `bob,2024-03-05,1.${'0'.repeat(30)},2`,
      'amount',
      'too-fine',
      { rounding: 'down' },
    ],
    ['20 digits', `bob,2024-03-05,${'9'.repeat(20)},2`, 'amount', 'too-large'],
    ['more than integers hold', 'bob,2024-03-05,9999999999999999,2', 'amount', 'too-large'],
    ['below zero', 'bob,2024-03-05,-1,2', 'amount', 'negative'],
    ['no order', 'bob,2024-03-05,10,', 'order', 'empty'],
    ['another customer', 'bob,2024-03-05,10,1', 'customer', 'other-customer'],
  ])('%s', (_name, row, field, code, options = {}) => {
    const file = read(`${header}\n${good}\n${row}\ncid,2024-03-06,7,3\n`, { ...shop, ...options })
    expect(codes(file)).toEqual([[3, field, code]])
    expect(brief(file)).toEqual([
      ['order:1', 'ann', '10.00'],
      ['order:3', 'cid', '7.00'],
    ])
    expect(file).toMatchObject({ rows: 3, badRows: 1 })
    for (const lang of ['en', 'zh'] as const) {
      const text = problemText(file.problems[0]!, lang)
      expect(text).toContain('3')
      expect(text).toContain(field)
      expect(text).not.toMatch(/bob|undefined|\{\}/)
    }
  })

  test('several bad fields of one row are all named', () => {
    const file = read(`${header}\n${good}\n,never,free,\n`)
    expect(file.problems.map(({ field }) => field)).toEqual(['customer', 'date', 'amount', 'order'])
    expect(file.badRows).toBe(1)
  })

  test('an order of several rows with one bad row stays out whole, and is counted', () => {
    const file = read(`${header}\n${good}\nbob,2024-03-05,10,2\nbob,2024-03-05,oops,2\nbob,2024-03-05,5,2\n`)
    expect(brief(file)).toEqual([['order:1', 'ann', '10.00']])
    expect(file).toMatchObject({ leftOut: 1, badRows: 1, rows: 4 })
  })

  test('a bad row of another customer does not take the order along', () => {
    const file = read(`${header}\n${good}\nbob,never,10,1\n`)
    expect(brief(file)).toEqual([['order:1', 'ann', '10.00']])
  })

  test('physical lines are counted through quotes, CRLF and blank rows', () => {
    const file = read(
      `${header},note\r\nann,2024-03-05,1,1,"two\r\nlines"\r\n\r\n,,,,\r\nbob,never,1,2,"a\r\nb"\r\ncid,2024-03-05,1,,x\r\n`,
    )
    expect(codes(file)).toEqual([
      [6, 'date', 'not-a-date'],
      [8, 'order', 'empty'],
    ])
    expect(file.rows).toBe(3)
  })
})

describe('dates', () => {
  test.each([
    ['2024-03-05', '2024-03-05T00:00:00+08:00'],
    ['2024/03/05', '2024-03-05T00:00:00+08:00'],
    ['2024/3/5', '2024-03-05T00:00:00+08:00'],
    ['2024.03.05', '2024-03-05T00:00:00+08:00'],
    ['20240305', '2024-03-05T00:00:00+08:00'],
    ['2024年3月5日', '2024-03-05T00:00:00+08:00'],
    [' 2024-03-05 ', '2024-03-05T00:00:00+08:00'],
    ['2024-03-05 09:08', '2024-03-05T09:08:00+08:00'],
    ['2024-03-05 09:08:07', '2024-03-05T09:08:07+08:00'],
    ['2024/3/5 9:08', '2024-03-05T09:08:00+08:00'],
    ['2024-03-05T09:08:07.123456', '2024-03-05T09:08:07.123+08:00'],
    ['2024-03-05 12:08 AM', '2024-03-05T00:08:00+08:00'],
    ['2024-03-05 12:08 pm', '2024-03-05T12:08:00+08:00'],
    ['2024-03-05T09:08:07Z', '2024-03-05T09:08:07Z'],
    ['2024-03-05T09:08:07.5+02:00', '2024-03-05T09:08:07.500+02:00'],
    ['2024-03-05 09:08:07+0200', '2024-03-05T09:08:07+02:00'],
    ['5/5/2024', '2024-05-05T00:00:00+08:00'],
  ])('%s', (text, expected) => {
    expect(read(`${header}\nann,${text},10,1\n`).orders[0]!.at).toBe(instant(expected))
    expect(readMoment(text, shop.zone)).toBe(instant(expected))
  })

  test.each([
    ['mdy', '3/25/2024', '2024-03-05'],
    ['dmy', '25/3/2024', '2024-05-03'],
  ])('one row that can only be %s settles the others', (dateFormat, settling, expected) => {
    const file = read(`${header}\nann,3/5/2024,10,1\nbob,${settling},10,2\n`)
    expect(file.dateFormat).toBe(dateFormat)
    expect(file.problems).toEqual([])
    expect(file.orders.find(({ id }) => id === 'order:1')!.at).toBe(readMoment(expected, shop.zone))
  })

  test('rows that contradict each other settle nothing', () => {
    const file = read(`${header}\n${good}\nann,3/5/2024,10,4\nbob,25/3/2024,10,2\nbob,3/25/2024,10,3\n`)
    expect(file.dateFormat).toBeUndefined()
    expect(file.problems.map(({ code, expected }) => [code, expected])).toEqual(
      Array(3).fill(['ambiguous-date', '--date-format mdy|dmy']),
    )
  })

  test('where midnight was skipped, a date begins an hour later', () => {
    const file = read(`${header}\nann,2018-11-04,10,1\n`, {
      ...shop,
      zone: 'America/Sao_Paulo',
      currency: 'BRL',
    })
    expect(file.orders[0]!.at).toBe(instant('2018-11-04T01:00:00-02:00'))
    expect(file.asOf).toBe(instant('2018-11-05T00:00:00-02:00'))
  })

  test('as of is the local midnight after the last row, on a day of 25 hours too', () => {
    const file = read(`${header}\nann,2024-11-03,10,1\n`, {
      ...shop,
      zone: 'America/New_York',
      currency: 'USD',
    })
    expect(file.asOf).toBe(instant('2024-11-04T00:00:00-05:00'))
  })
})

describe('amounts', () => {
  test.each([
    ['10', '10.00'],
    ['0', '0.00'],
    ['-0', '0.00'],
    ['.5', '0.50'],
    ['007.10', '7.10'],
    ['19.9000', '19.90'],
    ['"1,234,567.89"', '1234567.89'],
    ['¥12.5', '12.50'],
    ['￥ 12.5', '12.50'],
    ['12.5元', '12.50'],
    [' 12.5 ', '12.50'],
    ['90071992547409.91', '90071992547409.91'],
  ])('%s', (text, expected) => {
    expect(read(`${header}\nann,2024-03-05,${text},1\n`).orders[0]!.amount).toBe(expected)
  })

  test('no float comes between: 0.1 and 0.2 make 0.30, in smallest units 30', () => {
    const [order] = read(`${header}\nann,2024-03-05,0.1,1\nann,2024-03-04,0.2,1\n`).orders
    expect(order).toMatchObject({ amount: '0.30', minor: 30, line: 2 })
    expect(order!.at).toBe(readMoment('2024-03-04', shop.zone))
  })

  test('a currency without a fraction has none', () => {
    const yen = { ...shop, currency: 'JPY' }
    expect(read(`${header}\nann,2024-03-05,¥120,1\n`, yen).orders[0]).toMatchObject({
      amount: '120',
      minor: 120,
    })
    expect(refusal(`${header}\nann,2024-03-05,120.5,1\n`, yen).code).toBe('no-good-row')
  })

  test('a decimal comma, when it is named; in a file with semicolons it has to be', () => {
    const text = 'customer;date;amount;order\nann;2024-03-05;1.234,50;1\nbob;2024-03-05;3;2\n'
    expect(codes(read(text))).toEqual([[2, 'amount', 'ambiguous-amount']])
    expect(read(text, { ...shop, decimal: 'comma' }).orders[0]!.amount).toBe('1234.50')
  })

  test('one decimal comma makes every thousands comma doubtful', () => {
    const file = read(`${header}\n${good}\nann,2024-03-05,"1,234",2\nann,2024-03-05,"12,50",3\n`)
    expect(file.problems.map(({ code }) => code)).toEqual(['ambiguous-amount', 'ambiguous-amount'])
  })

  test.each([
    ['half-even', ['0.12', '0.14'], 2],
    ['half-up', ['0.13', '0.14'], 2],
    ['down', ['0.12', '0.13'], 2],
  ] as const)('rounding %s happens once per order, and is counted', (rounding, expected, rounded) => {
    // 0.0625 twice is 0.125: rounded line by line it would be 0.12 or 0.14.
    const text = `${header}\nann,2024-03-05,0.0625,1\nann,2024-03-05,0.0625,1\nann,2024-03-05,0.135,2\n${good.replace(/1$/, '3')}\n`
    const file = read(text, { ...shop, rounding })
    expect(file.orders.slice(0, 2).map(({ amount }) => amount)).toEqual(expected)
    expect(file.rounded).toBe(rounded)
  })

  test('a float printed in full adds up exactly', () => {
    const file = read(`${header}\nann,2024-03-05,48.896000000000001,1\n`, { ...shop, rounding: 'half-even' })
    expect(file.orders[0]!.amount).toBe('48.90')
  })
})

describe('orders', () => {
  test('ids stay text', () => {
    const file = read(`${header}\n007,2024-03-05,1,1e5\n7,2024-03-05,1,100000\n`)
    expect(brief(file)).toEqual([
      ['order:100000', '7', '1.00'],
      ['order:1e5', '007', '1.00'],
    ])
  })

  test('come sorted by time, then id, whatever the order of the rows', () => {
    const file = read(`${header}\na,2024-03-06,1,9\na,2024-03-05,1,b\na,2024-03-05,1,a\n`)
    expect(file.orders.map(({ id }) => id)).toEqual(['order:a', 'order:b', 'order:9'])
  })

  test('without an order column each row is one, also two of one customer at one instant', () => {
    const file = read('customer,date,amount\na,2024-03-05,1\na,2024-03-05,0\n', rowsOnly)
    expect(brief(file)).toEqual([
      ['row:2', 'a', '1.00'],
      ['row:3', 'a', '0.00'],
    ])
  })

  test.each([
    ['semicolons', ';'],
    ['tabs', '\t'],
    ['commas', ','],
  ])('%s are found out', (_name, delimiter) => {
    const text = `${header}\n${good}\n`.replaceAll(',', delimiter)
    expect(brief(read(text))).toEqual([['order:1', 'ann', '10.00']])
  })

  test('another delimiter can be named', () => {
    const text = `${header}\n${good}\n`.replaceAll(',', '|')
    expect(brief(read(text, { ...shop, delimiter: '|' }))).toHaveLength(1)
  })

  test('a header with blanks, a byte order mark, CRLF', () => {
    const file = read(`\ufeff customer ,"date", amount,order\r\n${good}\r\n`)
    expect(brief(file)).toEqual([['order:1', 'ann', '10.00']])
  })
})

describe('refunds below zero', () => {
  const negative = { ...shop, refund: 'negative' } as const

  test('give back the order they name, wherever they stand in the file', () => {
    const file = read(`${header}\nann,2024-03-07,-4,1\n${good}\nann,2024-03-06,-6,1\n`, negative)
    expect(file.problems).toEqual([])
    expect(file.refunds.map(({ id, order, amount, customer }) => [id, order, amount, customer])).toEqual([
      ['refund:4', 'order:1', '6.00', 'ann'],
      ['refund:2', 'order:1', '4.00', 'ann'],
    ])
  })

  test.each<[string, string, string, ProblemCode, number]>([
    ['of no order in the file', 'ann,2024-03-06,-4,9', 'order', 'refund-without-order', 0],
    ['by another customer', 'bob,2024-03-06,-4,1', 'customer', 'other-customer', 0],
    ['before the order', 'ann,2024-03-04,-4,1', 'date', 'refund-before-order', 1],
    ['of more than the order', 'ann,2024-03-06,-10.01,1', 'amount', 'refund-exceeds-order', 1],
  ])('%s', (_name, row, field, code, leftOut) => {
    const file = read(`${header}\n${good}\ncid,2024-03-06,7,3\n${row}\n`, negative)
    expect(codes(file)).toEqual([[4, field, code]])
    expect(file.leftOut).toBe(leftOut)
    expect(file.orders).toHaveLength(2 - leftOut)
    expect(file.refunds).toEqual([])
  })

  test('rounded parts never give back more than the order', () => {
    const rows = ['0.335', '0.335', '0.33'].map((amount) => `ann,2024-03-06,-${amount},1`)
    const file = read(`${header}\nann,2024-03-05,1,1\n${rows.join('\n')}\n`, {
      ...negative,
      rounding: 'half-up',
    })
    expect(file.refunds.map(({ minor }) => minor)).toEqual([34, 33, 33])
  })

  test('without an order column they go to the latest earlier order with enough left', () => {
    const text = `customer,date,amount
a,2024-03-01,50
a,2024-03-02,20
a,2024-03-03,-15
a,2024-03-04,-15
a,2024-03-05,99
a,2024-03-04,-36
b,2024-03-04,-1
`
    const file = read(text, { ...rowsOnly, refund: 'negative' })
    expect(file.refunds.map(({ line, order, amount }) => [line, order, amount])).toEqual([
      [4, 'row:3', '15.00'],
      [5, 'row:2', '15.00'],
    ])
    expect(codes(file)).toEqual([
      [7, 'amount', 'no-order-to-refund'],
      [8, 'amount', 'no-order-to-refund'],
    ])
    expect(file.orders).toHaveLength(3)
  })
})

describe('refunds in a column', () => {
  const column = { ...shop, map: { ...shop.map, refund: 'back' }, refund: 'column' } as const

  test('are amounts; empty and 0 are none', () => {
    const file = read(`${header},back\n${good},\nbob,2024-03-05,10,2,0\ncid,2024-03-05,10,3,2.5\n`, column)
    expect(file.refunds.map(({ id, order, amount }) => [id, order, amount])).toEqual([
      ['refund:4', 'order:3', '2.50'],
    ])
  })

  test('of several rows are held against the whole order', () => {
    const rows = 'ann,2024-03-05,10,1,\nann,2024-03-05,5,1,12\n'
    expect(read(`${header},back\n${rows}`, column).refunds).toMatchObject([{ minor: 1200 }])
    const file = read(`${header},back\n${rows}ann,2024-03-05,1,1,5\ncid,2024-03-05,10,3,\n`, column)
    expect(codes(file)).toEqual([[4, 'back', 'refund-exceeds-order']])
    expect(file.leftOut).toBe(1)
  })

  test.each<[string, ProblemCode]>([
    ['-1', 'negative'],
    ['yes', 'not-an-amount'],
  ])('%s is a problem', (back, code) => {
    expect(codes(read(`${header},back\n${good},\nbob,2024-03-05,10,2,${back}\n`, column))).toEqual([
      [3, 'back', code],
    ])
  })

  test('amounts below zero stay problems', () => {
    expect(codes(read(`${header},back\n${good},\nbob,2024-03-05,-10,2,\n`, column))).toEqual([
      [3, 'amount', 'negative'],
    ])
  })
})

describe('a file that cannot be read at all', () => {
  test.each<[string, string | Uint8Array, string, Partial<ReadOptions>?]>([
    ['no bytes', '', 'empty-file'],
    ['blank lines', '\n\n', 'empty-file'],
    ['a header only', `${header}\n`, 'no-rows'],
    ['a header with a stray quote', '"customer"x,date\n', 'malformed-header'],
    ['a column that is not there', 'customer,date,amount\na,2024-03-05,1\n', 'missing-column'],
    ['a mapped column twice', `${header},date\n`, 'column-twice'],
    ['only bad rows', `${header}\na,b,c,d\n`, 'no-good-row'],
    ['UTF-16', new Uint8Array([0xff, 0xfe, 0x61, 0]), 'other-encoding'],
    ['a mark of utf-8 in gb18030', `\ufeff${header}`, 'other-encoding', { encoding: 'gb18030' }],
    ['a mark of gb18030 in utf-8', new Uint8Array([0x84, 0x31, 0x95, 0x33]), 'other-encoding'],
  ])('%s', (_name, text, code, options = {}) => {
    const refused = refusal(text, { ...shop, ...options })
    expect(refused.code).toBe(code)
    for (const lang of ['en', 'zh'] as const) expect(refusalText(refused, lang)).not.toMatch(/undefined|\{\}/)
  })

  test('says which columns there are', () => {
    const refused = refusal('cust,date,amount,order\na,2024-03-05,1,1\n')
    expect(refusalText(refused, 'en')).toBe(
      'The header lacks the column "customer"; its 4 columns: cust, date, amount, order',
    )
  })
})

describe('gb18030', () => {
  // 客户,日期,金额 / 张三,2024-03-05,12.5元
  const chinese = [
    0xbf,
    0xcd,
    0xbb,
    0xa7,
    0x2c,
    0xc8,
    0xd5,
    0xc6,
    0xda,
    0x2c,
    0xbd,
    0xf0,
    0xb6,
    0xee,
    0x0d,
    0x0a,
    0xd5,
    0xc5,
    0xc8,
    0xfd,
    0x2c,
    ...bytes('2024-03-05,12.5'),
    0xd4,
    0xaa,
    0x0d,
    0x0a,
  ]
  const map = { customer: '客户', date: '日期', amount: '金额' }
  const options: ReadOptions = { ...shop, map, encoding: 'gb18030' }

  test.each([
    ['without a mark', []],
    ['with a mark', [0x84, 0x31, 0x95, 0x33]],
  ])('%s', (_name, mark) => {
    const file = readOrders(new Uint8Array([...mark, ...chinese]), options)
    expect(file).toMatchObject({ orders: [{ id: 'row:2', customer: '张三', amount: '12.50' }] })
  })

  test('read as utf-8 it is refused, with a hint', () => {
    const refused = refusal(new Uint8Array(chinese), { ...options, encoding: 'utf-8' })
    expect(refusalText(refused, 'en')).toContain('check --encoding')
  })
})

describe('size', () => {
  const rows = (count: number) =>
    Array.from(
      { length: count },
      (_value, i) => `C${i % 5000},2024-0${1 + (i % 9)}-1${i % 9},${i % 1000}.5${i % 10},${i}`,
    )

  test('100,000 rows take less than a second of the processor', () => {
    const source = bytes(`${header}\n${rows(100_000).join('\n')}\n`)
    const before = process.cpuUsage()
    const file = readOrders(source, shop)
    const { user, system } = process.cpuUsage(before)
    expect(file).toMatchObject({ rows: 100_000, badRows: 0 })
    expect((user + system) / 1e6).toBeLessThan(1)
  })

  test('a line of 20 MB is one problem', () => {
    const file = read(`${header}\n${good}\nx,${'y'.repeat(2e7)}\n`)
    expect(codes(file)).toEqual([[3, '', 'field-count']])
  })
})

describe('real files', () => {
  test('the superstore sample', () => {
    const { path, options } = superstore()
    const file = read(readFileSync(path, 'utf8'), options)
    expect(file).toMatchObject({ rows: 9994, badRows: 0, leftOut: 0, problems: [] })
    expect(file.orders).toHaveLength(5009)
    expect(new Set(file.orders.map(({ customer }) => customer)).size).toBe(793)
    expect(file.asOf).toBe(instant('2017-12-31T00:00:00-05:00'))
    expect(JSON.stringify(file)).not.toContain('Claire Gute')
  })

  const cdnow = new URL('../../../shared/data/clv-cdnow-transactions.csv', import.meta.url)
  test.skipIf(!existsSync(cdnow))('the CDNOW log (skipped where the data sets are absent)', () => {
    const map = { customer: 'id', date: 'date', amount: 'amount' }
    const file = read(readFileSync(cdnow, 'utf8'), { map, zone: 'America/New_York', currency: 'USD' })
    expect(file).toMatchObject({ rows: 6919, badRows: 0 })
    expect(file.orders).toHaveLength(6919)
    expect(new Set(file.orders.map(({ customer }) => customer)).size).toBe(2357)
    expect(file.orders.filter(({ minor }) => minor === 0)).toHaveLength(8)
  })
})
