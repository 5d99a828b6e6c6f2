// Runs what the front page shows for applications, as a reader would paste it.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { start } from './stack.js'

const entities = { '&amp;': '&', '&lt;': '<', '&gt;': '>', '&#39;': "'", '&#34;': '"' }

test('the lines of the front page that point an application here work as they stand', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'windfall-front-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const stack = await start('-demo=true')
  try {
    const page = await (await fetch(stack.base)).text()
    const block = (id) => {
      const found = new RegExp(`<code id="${id}">(.*?)</code>`, 's').exec(page)
      assert.ok(found, `the page has no ${id}`)
      return found[1].replace(/&[^;]+;/g, (e) => entities[e] ?? assert.fail(`an unknown ${e}`))
    }
    const env = { ...process.env, npm_config_prefer_offline: 'true', npm_config_update_notifier: 'false' }
    const run = (command) => execFileSync('bash', ['-euo', 'pipefail', '-c', command], { cwd: folder, env, encoding: 'utf8', timeout: 240_000 })

    const program = (kind) => {
      const text = block(`${kind}-program`)
      const name = /^\/\/ (\S+)\n/.exec(text)?.[1]
      assert.ok(name, `the program names no file in its first line:\n${text}`)
      writeFileSync(join(folder, name), text)
      return run(block(`${kind}-run`))
    }
    assert.match(program('stripe'), /made at the simulator: cus_/)
    assert.match(program('sdk'), /allowed: true[^]*messages/)
    assert.match(run(block('stripe-curl')), /"object": "list"[^]*cus_/)
    assert.deepEqual(stack.faults(), [])
  } finally {
    await stack.stop()
  }
})
