import { expect, test } from 'vitest'
import {
  bar,
  COLUMNS,
  displayWidth,
  heat,
  mask,
  type Output,
  pad,
  painter,
  printable,
  progress,
  table,
  truncate,
  wrap,
} from '../../examples/demo/terminal.js'

const output = (isTTY: boolean) => {
  const written: string[] = []
  const target: Output = { isTTY, write: (text) => written.push(text) }
  return { target, written }
}

test.each([
  ['', 0],
  ['abc', 3],
  ['忠诚用户', 8],
  ['（全角）', 8],
  ['￥12，', 6],
  ['e\u0301', 1],
  ['がか\u3099', 4],
  ['한글', 4],
  ['ｱｲ', 2],
  ['𠮷', 2],
  ['🎉', 2],
  ['█▌░', 3],
  ['\u001b[31mred\u001b[39m', 3],
])('%s is %i wide', (text, width) => {
  expect(displayWidth(text)).toBe(width)
})

test.each([
  ['abcdef', 6, 'abcdef'],
  ['abcdef', 5, 'abcd…'],
  ['忠诚用户', 8, '忠诚用户'],
  ['忠诚用户', 7, '忠诚用…'],
  ['忠诚用户', 6, '忠诚…'],
  ['abc', 1, '…'],
  ['abc', 0, ''],
  ['\u001b[31mabcdef\u001b[39m', 4, 'abc…'],
])('%s in %i columns', (text, width, expected) => {
  expect(truncate(text, width)).toBe(expected)
  expect(displayWidth(truncate(text, width))).toBeLessThanOrEqual(width)
})

test('padding fills by width', () => {
  expect(pad('新客', 6)).toBe('新客  ')
  expect(pad('12', 5, 'right')).toBe('   12')
  expect(displayWidth(pad('忠诚用户', 6))).toBe(6)
})

test('a table aligns wide and narrow text, and keeps within its width', () => {
  expect(
    table(
      [
        ['阶段', 'n'],
        ['loyal', '120'],
      ],
      ['left', 'right'],
    ),
  ).toEqual(['阶段     n', 'loyal  120'])
  const wide = table([['忠诚'.repeat(60), 'x'.repeat(60), '1234567']], ['left', 'left', 'right'])
  expect(displayWidth(wide[0]!)).toBeLessThanOrEqual(COLUMNS)
  expect(wide[0]).toMatch(/1234567$/)
  const many = table([Array(60).fill('12345')], Array(60).fill('right'))
  expect(displayWidth(many[0]!)).toBeLessThanOrEqual(COLUMNS)
})

test('text is wrapped by width, and loses nothing but blanks', () => {
  const text = `${'最近90天下单≥3次且消费≥300元，'.repeat(8)}${'word '.repeat(30)}${'y'.repeat(250)}`
  const lines = wrap(text)
  for (const line of lines) expect(displayWidth(line)).toBeLessThanOrEqual(COLUMNS)
  expect(lines.join('').replaceAll(' ', '')).toBe(text.replaceAll(' ', ''))
})

test('bars', () => {
  expect(bar(1, 4)).toBe('████')
  expect(bar(0.5, 4)).toBe('██  ')
  expect(bar(0.53125, 4)).toBe('██▏ ')
  expect(bar(0.0001, 4)).toBe('▏   ')
  expect(bar(2, 4)).toBe('████')
  for (const none of [0, undefined, Number.NaN, -1]) expect(bar(none, 4)).toBe('    ')
})

test('heat', () => {
  expect([undefined, Number.NaN, 0, 0.1, 0.3, 0.6, 0.9, 1].map(heat)).toEqual([
    '··',
    '··',
    '  ',
    '░░',
    '▒▒',
    '▓▓',
    '██',
    '██',
  ])
})

test('colours only on a terminal, and not where NO_COLOR says so', () => {
  expect(painter(output(true).target, {})('x', 'red')).toBe('\u001b[31mx\u001b[39m')
  expect(painter(output(true).target, { NO_COLOR: '' })('x', 'red')).toBe('\u001b[31mx\u001b[39m')
  expect(painter(output(true).target, { NO_COLOR: '1' })('x', 'red')).toBe('x')
  expect(painter(output(false).target, {})('x', 'red')).toBe('x')
})

test('progress draws over itself on a terminal, and leaves nothing behind', () => {
  const { target, written } = output(true)
  const shown = progress(1000, '读取订单', target)
  for (let done = 0; done <= 1000; done += 1) shown.to(done)
  shown.end()
  expect(written).toHaveLength(102)
  for (const text of written) {
    expect(text).toMatch(/^\r[^\n]*$/)
    expect(displayWidth(text)).toBeLessThanOrEqual(COLUMNS)
  }
  expect(written.at(-1)).toMatch(/^\r *\r$/)
})

test('elsewhere it is a plain line for every tenth, each once', () => {
  const { target, written } = output(false)
  const shown = progress(1000, 'orders', target)
  for (let done = 0; done <= 990; done += 7) shown.to(done)
  shown.end()
  shown.end()
  expect(written.join('')).toBe(
    [0, 10, 20, 30, 40, 50, 60, 70, 80, 90, 100].map((percent) => `orders ${percent} %\n`).join(''),
  )
})

test('nothing to do is done', () => {
  const { target, written } = output(false)
  progress(0, 'orders', target).to(0)
  expect(written).toEqual(['orders 100 %\n'])
})

test.each([
  ['CG-12520', 'CG-***20'],
  ['13812345678', '***78'],
  ['007', '***'],
  ['1', '***'],
  ['张三', '***'],
  ['AB-12', '***12'],
  ['a-b-c-d', 'a-***-d'],
  ['', '***'],
  ['CG-125\u001b[2J', 'CG-***2J'],
])('%s is masked as %s', (id, expected) => {
  expect(mask(id)).toBe(expected)
})

test('what a terminal would obey is not printed', () => {
  expect(printable('a\u001b[2Jb\r\n\u202ec')).toBe('a?[2Jb???c')
})
