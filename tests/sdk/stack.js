// The local stack as a user runs it: its own process, spoken to over HTTP.
// Importing this module starts it.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** The stack's clock stands here, so times can be compared exactly. */
export const T0 = Date.parse('2027-04-01T00:00:00Z')
export const key = 'am_sk_test_local'

const root = fileURLToPath(new URL('../../', import.meta.url))
const folder = mkdtempSync(join(tmpdir(), 'windfall-sdk-'))
process.once('exit', () => rmSync(folder, { recursive: true, force: true }))

const binary = join(folder, 'windfall')
execFileSync('go', ['build', '-o', binary, './local'], { cwd: root, stdio: 'inherit', timeout: 300_000 })

// `go run` would be simpler, but a signal to it doesn't reach what it runs.
const child = spawn(binary, ['-addr', '127.0.0.1:0', '-data', '', '-demo=false', '-clock', new Date(T0).toISOString()],
  { cwd: root, stdio: ['ignore', 'pipe', 'pipe'] })
const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })))

// Nothing may outlive this process, however it ends.
process.once('exit', () => child.kill('SIGKILL'))
for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))

const log = []
createInterface({ input: child.stderr }).on('line', (line) => log.push(line))

/** The stack's address, without a path. The port is free to choose, so only the greeting knows it. */
export const base = await new Promise((resolve, reject) => {
  const fail = (why) => reject(new Error([`the local stack ${why}`, ...log].join('\n')))
  const patience = setTimeout(fail, 30_000, 'did not say where it listens')
  ended.then(({ code, signal }) => fail(`ended by itself: ${signal ?? code}`))
  createInterface({ input: child.stdout }).on('line', (line) => {
    const address = /^\s*API\s+(http:\S+)\/v1$/.exec(line)
    if (!address) return
    clearTimeout(patience)
    resolve(address[1])
  })
})
await until('the stack answers', async () => (await rest('GET', '/_local/clock')).status === 200)

/** Ends the stack and sees that it ends well. */
export async function stop() {
  child.kill('SIGTERM')
  const patience = setTimeout(() => child.kill('SIGKILL'), 10_000)
  const { code, signal } = await ended
  clearTimeout(patience)
  if (code !== 0) throw new Error([`the local stack ended with ${signal ?? code}`, ...faults()].join('\n'))
}

/** What the stack logged as its own fault. */
export function faults() {
  return log.filter((line) => /"level":"ERROR"|"status":5\d\d/.test(line))
}

/** Calls what the SDK has no method for. */
export async function rest(method, path, body, headers = { Authorization: `Bearer ${key}` }) {
  const res = await fetch(base + path, {
    method,
    headers: body === undefined && method !== 'POST' ? headers : { ...headers, 'Content-Type': 'application/json' },
    body: body === undefined ? undefined : JSON.stringify(body),
  })
  const text = await res.text()
  try {
    return { status: res.status, type: res.headers.get('Content-Type'), body: JSON.parse(text) }
  } catch {
    throw new Error(`${method} ${path}: ${res.status}, not JSON: ${text}`)
  }
}

/** Asks again until the answer is true: webhooks arrive a moment after the call that causes them. */
export async function until(what, ask) {
  for (let attempt = 0; attempt < 200; attempt++) {
    if (await ask()) return
    await pause(25)
  }
  throw new Error(`waited in vain until ${what}`)
}
