import { readFileSync } from 'node:fs'
import { basename } from 'node:path'
import { calendarOf, type Instant } from 'liuliang'
import { type Findings, follow } from './follow.js'
import { type DemoOptions, parseOptions } from './options.js'
import { type OrderFile, readOrders, refusalText } from './orders.js'
import { report } from './report.js'
import { when } from './story.js'
import { painter, printable, progress } from './terminal.js'
import { wordsIn } from './words.js'

/** Reads orders, runs the program over every customer and prints the report; the exit code says how it went. */
function main(argv: readonly string[]): number {
  const parsed = parseOptions(argv)
  if (parsed.outcome === 'help') return say(parsed.text)
  if (parsed.outcome === 'refused') return complain(parsed.text)
  const { options } = parsed
  const { lang, reading } = options
  const words = wordsIn[lang]

  const source = bytesOf(options.path)
  if (source === undefined) return complain(words.noFile(printable(basename(options.path))))
  const file = readOrders(source, reading)
  if (file.outcome === 'refused') return complain(refusalText(file.refusal, lang))

  const asOf = options.asOf ?? file.asOf
  const findings = followed(file, options, asOf)
  if (findings.customers.length === 0)
    return complain(words.noOrders(when(calendarOf({ zone: reading.zone }), asOf)))
  const paint = painter(process.stdout, process.env)
  return say(report({ findings, file, options, paint }).join('\n'))
}

/** The findings, with a progress bar on standard error while they are made. */
function followed(file: OrderFile, { lang, reading }: DemoOptions, asOf: Instant): Findings {
  const all = new Set(file.orders.map(({ customer }) => customer)).size
  const steps = progress(all, wordsIn[lang].following)
  const { zone, currency } = reading
  const findings = follow(file, { zone, currency, asOf }, (done) => steps.to(done))
  steps.end()
  return findings
}

function bytesOf(path: string): Uint8Array | undefined {
  try {
    return readFileSync(path)
  } catch {
    return undefined
  }
}

function say(text: string): number {
  process.stdout.write(`${text}\n`)
  return 0
}

function complain(text: string): number {
  process.stderr.write(`${text}\n`)
  return 1
}

// A reader that has seen enough, such as `head`, is no fault.
process.stdout.on('error', (error: NodeJS.ErrnoException) => process.exit(error.code === 'EPIPE' ? 0 : 1))
process.exitCode = main(process.argv.slice(2))
