// Steps that pass or fail: how the scripts run commands, and the one line that every check ends with.
import { spawn } from 'node:child_process'

/**
 * A command to run, found in node_modules/.bin or on the path.
 * @typedef {{ readonly name: string, readonly command: readonly string[] }} Step
 */

const environment = () => ({ ...process.env, PATH: `node_modules/.bin:${process.env.PATH}` })

/**
 * Runs a command and passes its output through.
 * @param {readonly string[]} command
 * @param {Readonly<Record<string, string>>} [extra] environment variables
 * @returns {Promise<number>} the exit code
 */
export function run(command, extra = {}) {
  const [program, ...args] = command
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { stdio: 'inherit', env: { ...environment(), ...extra } })
    child.on('error', reject)
    child.on('close', (code) => resolve(code ?? 1))
  })
}

/** A step that takes longer does not end: it fails, so that all others still have their say. */
const MINUTES = 10

/**
 * Runs a command quietly; the output is for whoever asks why it failed.
 * @param {readonly string[]} command
 * @returns {Promise<{ code: number, output: string }>}
 */
export function capture(command) {
  const [program, ...args] = command
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env: environment() })
    let output = ''
    const late = setTimeout(() => {
      output += `\nstopped after ${MINUTES} minutes`
      child.kill('SIGKILL')
    }, MINUTES * 60_000)
    child.stdout.on('data', (chunk) => {
      output += chunk
    })
    child.stderr.on('data', (chunk) => {
      output += chunk
    })
    child.on('error', reject)
    child.on('close', (code) => {
      clearTimeout(late)
      resolve({ code: code ?? 1, output })
    })
  })
}

/**
 * Runs a step and prints one line about it, with its output when it failed or when `show` says so.
 * @param {Step} step
 * @param {{ readonly show?: boolean }} [options]
 * @returns {Promise<boolean>} whether it passed
 */
export async function runStep(step, options = {}) {
  const start = performance.now()
  const { code, output } = await capture(step.command)
  const seconds = ((performance.now() - start) / 1000).toFixed(1)
  console.log(`${code === 0 ? 'ok  ' : 'FAIL'} ${step.name} (${seconds} s)`)
  if (code !== 0 || options.show) console.log(output.trimEnd())
  return code === 0
}

/**
 * The last line of every check.
 * @param {{ readonly passed: number, readonly failed: number, readonly skipped?: number }} counts
 */
export function summary({ passed, failed, skipped = 0 }) {
  return `${passed} passed, ${failed} failed${skipped > 0 ? `, ${skipped} skipped` : ''}`
}
