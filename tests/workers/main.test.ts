// The example runs as its first lines say: threads give the table of one thread.
import { spawn } from 'node:child_process'
import { fileURLToPath } from 'node:url'
import { expect, test } from 'vitest'

const root = fileURLToPath(new URL('../..', import.meta.url))

function example(
  ...args: readonly string[]
): Promise<{ readonly code: number | null; readonly output: string }> {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ['--import', 'tsx', 'examples/workers/main.ts', ...args], {
      cwd: root,
      env: { ...process.env, TSX_TSCONFIG_PATH: 'tests/tsconfig.json' },
    })
    let output = ''
    for (const stream of [child.stdout, child.stderr])
      stream.on('data', (text) => {
        output += text
      })
    child.on('error', reject)
    child.on('close', (code) => resolve({ code, output }))
  })
}

test('three threads and one give the same table', async () => {
  const { code, output } = await example('20000', '3')
  expect(output).toContain('equal to one thread')
  expect(output).not.toContain('NOT')
  expect(output.match(/^2024-\d\d +\d+/gm)).toHaveLength(12)
  expect(output).toMatch(/^2024-01 +\d+ 100\.0 %/m)
  expect(code).toBe(0)
})

test('more threads than events are still right, and nonsense is refused', async () => {
  const [few, none] = await Promise.all([example('2', '4'), example('many')])
  expect(few).toMatchObject({ code: 0, output: expect.stringContaining('equal to one thread') })
  expect(none).toMatchObject({ code: 2, output: expect.stringContaining('[events, from 1]') })
})
