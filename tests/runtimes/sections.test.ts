// What a runtime is asked is listed by hand: no section may be lost on the way, and none may be without its exports.
import { readFileSync } from 'node:fs'
import * as library from 'liuliang'
import * as charts from 'liuliang/adapters/charts'
import * as statecharts from 'liuliang/adapters/statecharts'
import { expect, test } from 'vitest'
import { sections } from './sections.mjs'

const source = readFileSync(new URL('./sections.mjs', import.meta.url), 'utf8')
const where = { kind: 'tables', place: (zone: string) => ({ zone }), zones: ['UTC'] } as const

test('every function that answers is asked', () => {
  const [, parts = ''] = /\nconst parts = \{\n([\s\S]*?)\n\}\n/.exec(source) ?? []
  const answering = [...source.matchAll(/\nfunction (\w+)\(library, /g)].map(([, name]) => name)
  expect(answering.length).toBeGreaterThan(10)
  expect(answering.filter((name) => !parts.includes(`answer: ${name}`))).toEqual([])
})

test('no section lacks an export', () => {
  const names = sections({ ...library, ...charts, ...statecharts }, where).map(([name]) => name)
  expect(names.filter((name) => / no |not exported/.test(name))).toEqual([])
  expect(new Set(names).size).toBe(names.length)
})
