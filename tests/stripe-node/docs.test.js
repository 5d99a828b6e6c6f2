// Runs every command of docs/stripe-simulator.md, in its order, in one shell,
// as a reader would paste them. Only the ports are others, so that nothing of
// this machine is in the way.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { randomInt } from 'node:crypto'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { createServer } from 'node:net'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { follow, root } from './stack.js'

/** A port that stays free until the command that listens on it: below the ports a system gives to whoever names none. */
async function freePort() {
  for (let attempt = 0; attempt < 100; attempt++) {
    const server = createServer().listen(randomInt(10_000, 16_000), '127.0.0.1')
    try {
      await once(server, 'listening')
    } catch {
      continue // somebody listens there
    }
    const { port } = server.address()
    server.close()
    await once(server, 'close')
    return String(port)
  }
  throw new Error('no port between 10000 and 16000 is free')
}

const others = {}
let page = readFileSync(join(root, 'docs', 'stripe-simulator.md'), 'utf8')
for (const port of ['8787', '12111', '4242']) {
  do others[port] = await freePort()
  while (Object.entries(others).some(([of, other]) => of !== port && other === others[port]))
  const other = others[port]
  page = page.replaceAll(`:${port}`, `:${other}`).replaceAll(`port: ${port}`, `port: ${other}`).replaceAll(`listen(${port}`, `listen(${other}`)
}
const [start, ...commands] = blocks('sh')

/** The fenced blocks of a language. */
function blocks(language) {
  return [...page.matchAll(new RegExp(`^\`\`\`${language}\\n(.*?)^\`\`\`$`, 'gms'))].map((m) => m[1])
}

/** What a block promises to print, in order. */
const promised = (block) => [...block.matchAll(/^# => (.*)$/gm)].map((m) => m[1])

function holds(block, output) {
  let at = 0
  for (const fragment of promised(block)) {
    at = output.indexOf(fragment, at)
    assert.ok(at >= 0, `${block}\ndoes not print ${fragment} but:\n${output}`)
    at += fragment.length
  }
}

/** Runs the blocks one after the other in one shell; answers what each printed. */
async function shell(blocks, cwd) {
  const mark = '=====block====='
  const script = blocks.map((b) => `echo '${mark}'\n${b}`).join('')
  const child = spawn('bash', ['-euo', 'pipefail', '-c', script], {
    cwd, detached: true, stdio: ['ignore', 'pipe', 'pipe'],
    env: { ...process.env, npm_config_prefer_offline: 'true', npm_config_update_notifier: 'false' },
  })
  const kill = () => { try { process.kill(-child.pid, 'SIGKILL') } catch { /* it is gone already */ } }
  process.once('exit', kill)
  let output = '', errors = ''
  child.stdout.on('data', (d) => { output += d })
  child.stderr.on('data', (d) => { errors += d })
  const patience = setTimeout(kill, 240_000)
  const [code] = await once(child, 'exit')
  clearTimeout(patience)
  kill() // the shop would keep running
  const parts = output.split(mark + '\n').slice(1)
  assert.equal(code, 0, `block ${parts.length} of ${blocks.length} ended with ${code}:\n${blocks[parts.length - 1]}\n${parts.at(-1)}\n${errors}`)
  return parts
}

test('every command of docs/stripe-simulator.md does what the page says', async () => {
  const folder = mkdtempSync(join(tmpdir(), 'windfall-docs-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  for (const program of [...blocks('js'), ...blocks('go')]) {
    const name = /^\/\/ (\S+)\n/.exec(program)?.[1]
    assert.ok(name, `a program names no file in its first line:\n${program}`)
    writeFileSync(join(folder, name), program)
  }

  assert.match(start, /^make dev /)
  const stack = await follow('bash', ['-c', start], { env: { ...process.env, ADDR: `127.0.0.1:${others['8787']}` } })
  try {
    holds(start, stack.said.join('\n'))
    const printed = await shell(commands, folder)
    commands.forEach((block, i) => {
      assert.notDeepEqual(promised(block), [], `a block promises nothing:\n${block}`)
      holds(block, printed[i])
    })
    assert.deepEqual(stack.faults(), [])
    const { log } = await stack.stop('SIGINT') // as Ctrl-C: make hears of it, too
    assert.deepEqual(log.filter((line) => !line.startsWith('{')), [], 'Ctrl-C is quiet')
  } finally {
    await stack.stop()
  }
})
