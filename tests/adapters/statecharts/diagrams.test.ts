import { type DiagramOptions, toDot, toMermaid, toScxml } from 'liuliang/adapters/statecharts'
import { describe, expect, test } from 'vitest'
import { customer, hostile, hostileNames } from './support/customer.js'

const stages = ['gone', 'lead', 'new', 'active', 'loyal', 'lapsed']
const moves = stages.map((from) => stages.map((to) => (from === 'gone' && to === 'lead' ? 12_345 : 0)))
const counts = { stages, moves }

describe('Mermaid', () => {
  test('says stages and rules in the reader’s language, marks the beginning and the ends', () => {
    expect(toMermaid(customer, { lang: 'zh' })).toBe(`stateDiagram-v2
  direction LR
  state "潜客" as s0
  state "新客" as s1
  state "活跃用户" as s2
  state "忠诚用户" as s3
  state "流失用户" as s4
  state "退出" as s5
  [*] --> s0
  s0 --> s1: 下单（金额 ≥ 10）<br/>下单（以friend身份）
  s0 --> s5: 退订
  s1 --> s2: 最近90天下单≥2次
  s1 --> s4: 60天没有活动
  s1 --> s5: 退订
  s2 --> s3: 下单，且最近90天下单≥3次
  s2 --> s4: 1440小时没有活动
  s2 --> s5: 退订
  s3 --> s4: 90天没有活动
  s3 --> s5: 退订
  s4 --> s2: 下单
  s4 --> s5: 停留满4320小时<br/>生日已满14年<br/>退订
  s5 --> [*]
`)
    expect(toMermaid(customer, { lang: 'en', direction: 'down' })).toMatch(
      /direction TB[\s\S]*state "gone for good" as s5[\s\S]*s2 --> s3: order paid, if order paid at least 3 times in the last 90 days/,
    )
  })

  test('writes counts on edges, and draws what no rule makes', () => {
    const text = toMermaid(customer, { lang: 'en', counts })
    expect(text).toContain('  s5 --> s0: by hand<br/>× 12,345\n')
    expect(text).toContain('  s4 --> s2: order paid<br/>× 0\n')
  })

  test('takes words of the reader’s own', () => {
    const text = toMermaid(customer, {
      lang: 'en',
      words: { lead: 'prospect', visited: 'v', 'order-paid': 'buys' },
    })
    expect(text).toContain('state "prospect" as s0')
    expect(text).toContain('s4 --> s2: buys\n')
  })

  test('has no line that a name could have written', () => {
    const lines = toMermaid(hostile, { lang: 'en' }).trimEnd().split('\n')
    // Ten stages, each with three edges, the beginning, and two lines of head.
    expect(lines).toHaveLength(2 + 10 + 1 + 30)
    const word = '(?:[\\p{L}\\p{N} ,.–]|#\\d+;)*'
    const line = new RegExp(
      `^(stateDiagram-v2|  direction LR|  state "${word}" as s\\d|  \\[\\*\\] --> s0|  s\\d --> s\\d: ${word})$`,
      'u',
    )
    expect(lines.filter((one) => !line.test(one))).toEqual([])
    // What is written is the name, but for what no page shows.
    const names = lines
      .slice(2, 12)
      .map((one) =>
        one
          .slice(9, one.lastIndexOf('"'))
          .replace(/#(\d+);/g, (_, code: string) => String.fromCodePoint(Number(code))),
      )
    expect(names).toEqual(hostileNames.map((name) => name.replace(/\s+/g, ' ').replace(/[\0\ud800]/g, '')))
  })
})

describe('DOT', () => {
  test('says the same as a graph', () => {
    const text = toDot(customer, { lang: 'en', counts })
    expect(text.startsWith('digraph "customer" {\n  rankdir=LR\n')).toBe(true)
    expect(text).toContain('  s5 [label="gone for good", peripheries=2]\n')
    expect(text).toContain('  start -> s0\n')
    expect(text).toContain('  s5 -> s0 [label="by hand\\n× 12,345", style=dashed]\n')
    expect(text).toContain('  s0 -> s1 [label="order paid (amount ≥ 10)\\norder paid (as friend)\\n× 0"]\n')
  })

  test('has no statement that a name could have written', () => {
    const lines = toDot(hostile, { lang: 'en' }).trimEnd().split('\n')
    const text = '"(?:[^"\\\\]|\\\\["\\\\n])*"'
    const line = new RegExp(
      `^(digraph ${text} \\{|  rankdir=LR|  (node|edge|start) \\[.*\\]|  s\\d \\[label=${text}\\]|  start -> s0|  s\\d -> s\\d \\[label=${text}\\]|\\})$`,
    )
    expect(lines).toHaveLength(5 + 10 + 1 + 30 + 1)
    expect(lines.filter((one) => !line.test(one))).toEqual([])
  })
})

interface Tag {
  readonly name: string
  readonly attributes: Readonly<Record<string, string>>
  readonly inside: readonly string[]
}

/** The tags of a document, each with those that it stands in; text outside of tags is none. */
function tagsOf(xml: string): readonly Tag[] {
  const body = xml.replace(/^<\?xml version="1\.0" encoding="UTF-8"\?>\n/, '')
  const inside: string[] = []
  const tags: Tag[] = []
  let rest = body
  while (rest.trim() !== '') {
    const found = /^\s*<(\/?)([a-z]+)((?: [a-z]+="[^"<&]*")*)(\/?)>/.exec(rest)
    if (found === null) throw new Error(`no tag at ${rest.slice(0, 40)}`)
    const [all, closes, name = '', given = '', alone] = found
    if (closes) expect(inside.pop()).toBe(name)
    else {
      const attributes = Object.fromEntries(
        [...given.matchAll(/ ([a-z]+)="([^"]*)"/g)].map(([, key, value]) => [key, value]),
      )
      tags.push({ name, attributes: attributes as Record<string, string>, inside: [...inside] })
      if (!alone) inside.push(name)
    }
    rest = rest.slice(all.length)
  }
  expect(inside).toEqual([])
  return tags
}

describe.each([
  ['customer', customer, 6],
  ['hostile', hostile, 10],
] as const)('SCXML of %s', (_, lifecycle, count) => {
  const { scxml, ids, notes } = toScxml(lifecycle)
  const tags = tagsOf(scxml)
  const named = (name: string) => tags.filter((tag) => tag.name === name)

  test('has a state for each stage, and transitions that lead to them', () => {
    expect(named('scxml')).toEqual([
      {
        name: 'scxml',
        inside: [],
        attributes: expect.objectContaining({ xmlns: 'http://www.w3.org/2005/07/scxml', version: '1.0' }),
      },
    ])
    const states = named('state').map(({ attributes }) => attributes['id']!)
    expect(states).toEqual(Object.values(ids))
    expect(new Set(states).size).toBe(count)
    for (const state of states) expect(state).toMatch(/^[A-Za-z_\u4e00-\u9fff][\w\u4e00-\u9fff-]*$/)
    expect(states).toContain(named('scxml')[0]!.attributes['initial'])
    for (const { attributes, inside } of named('transition')) {
      expect(inside).toEqual(['scxml', 'state'])
      if (attributes['target'] !== undefined) expect(states).toContain(attributes['target'])
      for (const event of attributes['event']!.split(' '))
        expect(event).toMatch(/^[A-Za-z_][\w-]*(\.[\w\u4e00-\u9fff-]+)*$/)
    }
  })

  test('cancels what it sends, hears what it sends, and tells the host what to send', () => {
    const sent = new Set(named('send').map(({ attributes }) => attributes['id']!))
    const cancelled = new Set(named('cancel').map(({ attributes }) => attributes['sendid']!))
    expect(sent.size).toBeGreaterThan(1)
    expect(cancelled).toEqual(sent)
    const heard = named('transition').flatMap(({ attributes }) => attributes['event']!.split(' '))
    for (const id of sent) expect(heard).toContain(id)
    const fromHost = heard.filter((event) => /^(rule|by-hand)\./.test(event))
    const told = notes.flatMap(({ name }) => (name === undefined ? [] : [name]))
    for (const event of fromHost) expect(told).toContain(event)
  })
})

test('SCXML says what it cannot say', () => {
  const told = toScxml(customer).notes.map(({ code, path, name }) =>
    [code, path, name ?? ''].join(' ').trim(),
  )
  expect(told.filter((note) => /host/.test(note))).toEqual([
    'clock-of-the-host $',
    'rule-by-host $.rules.lead[0] rule.lead.0',
    'rule-by-host $.rules.lead[1] rule.lead.1',
    'rule-by-host $.rules.new[0] rule.new.0',
    'rule-by-host $.rules.new[1] rule.new.1',
    'rule-by-host $.rules.active[0] rule.active.0',
    'rule-by-host $.rules.loyal[0] rule.loyal.0',
    'rule-by-host $.rules.lapsed[2] rule.lapsed.2',
    'reset-by-host $.rules.new[0]',
  ])
  expect(
    toScxml(hostile)
      .notes.filter(({ code }) => code === 'event-renamed')
      .map(({ path }) => path),
  ).toEqual(['$.events.a --> b "x"', '$.events.0'].sort((a, b) => (a < b ? 1 : -1)).reverse())
})

test.each<[string, string, unknown]>([
  ['no language', 'missing $.options.lang', {}],
  ['another language', 'unknown-name $.options.lang', { lang: 'de' }],
  ['a misspelt option', 'unknown-key $.options.colour', { lang: 'en', colour: 'red' }],
  [
    'a stage that is none',
    'unknown-name $.options.counts.stages[0]',
    { lang: 'en', counts: { stages: ['x'], moves: [[1]] } },
  ],
  [
    'a fraction',
    'out-of-range $.options.counts.moves[0][0]',
    { lang: 'en', counts: { stages: ['lead'], moves: [[0.5]] } },
  ],
  ['a word of nothing', 'unknown-name $.options.words.leed', { lang: 'en', words: { leed: 'x' } }],
  ['a word that is none', 'wrong-type $.options.words.lead', { lang: 'en', words: { lead: 5 } }],
])('%s is refused', (_, found, options) => {
  for (const draw of [toMermaid, toDot]) {
    let thrown = ''
    try {
      draw(customer, options as DiagramOptions)
    } catch (error) {
      const { code, path } = error as { readonly code: string; readonly path: string }
      thrown = `${code} ${path}`
    }
    expect(thrown).toBe(found)
  }
})
