import { expect, test } from 'vitest'
import { csvRecords } from '../../examples/demo/csv.js'

test.each<[string, string, readonly (readonly [number, readonly string[] | undefined])[]]>([
  [
    'LF',
    'a,b\n1,2\n',
    [
      [1, ['a', 'b']],
      [2, ['1', '2']],
    ],
  ],
  [
    'no line end at the end',
    'a,b\n1,2',
    [
      [1, ['a', 'b']],
      [2, ['1', '2']],
    ],
  ],
  [
    'CRLF',
    'a,b\r\n1,2\r\n',
    [
      [1, ['a', 'b']],
      [2, ['1', '2']],
    ],
  ],
  [
    'CR',
    'a,b\r1,2\r',
    [
      [1, ['a', 'b']],
      [2, ['1', '2']],
    ],
  ],
  [
    'mixed line ends',
    'a\r\nb\nc\rd',
    [
      [1, ['a']],
      [2, ['b']],
      [3, ['c']],
      [4, ['d']],
    ],
  ],
  [
    'empty fields',
    ',\n,,',
    [
      [1, ['', '']],
      [2, ['', '', '']],
    ],
  ],
  [
    'a blank line',
    'a\n\nb',
    [
      [1, ['a']],
      [2, ['']],
      [3, ['b']],
    ],
  ],
  ['a delimiter in quotes', '"a,b",c', [[1, ['a,b', 'c']]]],
  ['doubled quotes', '"a ""b""",""""', [[1, ['a "b"', '"']]]],
  [
    'empty quotes',
    '"",""\nx',
    [
      [1, ['', '']],
      [2, ['x']],
    ],
  ],
  [
    'LF in quotes',
    '"a\nb",1\nc,2',
    [
      [1, ['a\nb', '1']],
      [3, ['c', '2']],
    ],
  ],
  [
    'CRLF in quotes is one line',
    '"a\r\nb",1\r\nc,2',
    [
      [1, ['a\r\nb', '1']],
      [3, ['c', '2']],
    ],
  ],
  ['blanks stay', ' a , b ', [[1, [' a ', ' b ']]]],
  [
    'text after a closing quote costs one row',
    'a\n"x"y\nb',
    [
      [1, ['a']],
      [2, undefined],
      [3, ['b']],
    ],
  ],
  [
    'a quote in a bare field costs one row',
    'a\nx"y\nb',
    [
      [1, ['a']],
      [2, undefined],
      [3, ['b']],
    ],
  ],
  [
    'a blank before a quote costs one row',
    ' "x"\nb',
    [
      [1, undefined],
      [2, ['b']],
    ],
  ],
  [
    'a quote never closed costs one row',
    'a\n"x\nb\nc',
    [
      [1, ['a']],
      [2, undefined],
      [3, ['b']],
      [4, ['c']],
    ],
  ],
  [
    'a quote closed far below costs one row',
    '"x\nb\n"c"\nd',
    [
      [1, undefined],
      [2, ['b']],
      [3, ['c']],
      [4, ['d']],
    ],
  ],
])('%s', (_, text, expected) => {
  expect([...csvRecords(text, ',')].map(({ line, fields }) => [line, fields])).toEqual(expected)
})
