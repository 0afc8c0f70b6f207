// One report of the public API per entry, etc/<entry>.api.md: compares, or with --update rewrites. Needs dist.
import { mkdirSync } from 'node:fs'
import { resolve } from 'node:path'
import { Extractor, ExtractorConfig } from '@microsoft/api-extractor'
import { entries } from './entries.mjs'
import { summary } from './steps.mjs'

const update = process.argv.includes('--update')

const compilerOptions = {
  target: 'ES2022',
  lib: ['ES2022'],
  types: [],
  module: 'ESNext',
  moduleResolution: 'bundler',
  strict: true,
  skipLibCheck: true,
}

const messages = {
  compilerMessageReporting: { default: { logLevel: 'error' } },
  extractorMessageReporting: {
    default: { logLevel: 'error' },
    'ae-missing-release-tag': { logLevel: 'none' },
    'ae-forgotten-export': { logLevel: 'none' },
    'ae-undocumented': { logLevel: 'none' },
  },
  tsdocMessageReporting: { default: { logLevel: 'none' } },
}

/** @param {string} entry */
const configuration = (entry) =>
  ExtractorConfig.prepare({
    packageJsonFullPath: resolve('package.json'),
    configObjectFullPath: resolve('api-extractor.json'),
    configObject: {
      projectFolder: resolve('.'),
      mainEntryPointFilePath: resolve(`dist/${entry}.d.ts`),
      compiler: { overrideTsconfig: { compilerOptions, include: ['dist/**/*.d.ts'] } },
      apiReport: {
        enabled: true,
        reportFolder: resolve('etc'),
        reportTempFolder: resolve('node_modules/.cache/liuliang/api'),
        reportFileName: `${entry.replaceAll('/', '-')}.api.md`,
      },
      docModel: { enabled: false },
      dtsRollup: { enabled: false },
      tsdocMetadata: { enabled: false },
      messages,
    },
  })

/** Whether the report of an entry is the committed one, or could be written. @param {string} entry */
function report(entry) {
  const result = Extractor.invoke(configuration(entry), {
    localBuild: update,
    messageCallback: (message) => {
      message.handled ||= message.logLevel !== 'error' || message.messageId.startsWith('console-')
    },
  })
  if (!result.succeeded)
    console.error(`etc: the public API of ${entry} differs; npm run api:update rewrites it`)
  else if (update && result.apiReportChanged) console.log(`etc: wrote ${entry}`)
  return result.succeeded
}

mkdirSync('etc', { recursive: true })
const results = Object.keys(entries()).map(report)
const failed = results.filter((succeeded) => !succeeded).length
console.log(summary({ passed: results.length - failed, failed }))
process.exitCode = failed === 0 ? 0 : 1
