import { parseArgs } from 'node:util'
import { painter } from '../demo/terminal.js'
import { teaEvents } from './events.js'
import { report } from './report.js'
import { findTruth } from './truth.js'

const help = `npm run demo:tea -- [--lang en|zh] [--people N] [--seed TEXT]

  --lang    en unless told; zh 中文
  --people  how many took the offer: 500000 unless told, from 1000 to 2000000
  --seed    another seed makes other people
`

function main(argv: readonly string[]): number {
  let values: {
    readonly lang?: string
    readonly people?: string
    readonly seed?: string
    readonly help?: boolean
  }
  try {
    values = parseArgs({
      args: [...argv],
      options: {
        lang: { type: 'string' },
        people: { type: 'string' },
        seed: { type: 'string' },
        help: { type: 'boolean' },
      },
    }).values
  } catch (error) {
    return complain((error as Error).message)
  }
  const { lang = 'en', people = '500000', seed = 'tea' } = values
  if (values.help) return say(help)
  if (lang !== 'en' && lang !== 'zh') return complain('--lang is en or zh / --lang 应为 en 或 zh')
  const size = /^\d{1,7}$/.test(people) ? Number(people) : 0
  if (size < 1000 || size > 2_000_000)
    return complain(
      lang === 'zh' ? '--people 应为1000至2000000的整数' : '--people is a whole number from 1000 to 2000000',
    )
  const findings = findTruth(teaEvents({ people: size, seed }), size)
  return say(`${report(findings, { lang, paint: painter(process.stdout, process.env) }).join('\n')}\n`)
}

function say(text: string): number {
  process.stdout.write(text)
  return 0
}

function complain(text: string): number {
  process.stderr.write(`${text}\n`)
  return 1
}

// A reader that has seen enough, such as `head`, is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
process.exitCode = main(process.argv.slice(2))
