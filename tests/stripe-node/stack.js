// The local stack as a user runs it: its own process, spoken to over HTTP.
import { execFileSync, spawn } from 'node:child_process'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { createInterface } from 'node:readline'
import { setTimeout as pause } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'

/** The stack's clock stands here, so times can be compared exactly. */
export const T0 = Date.parse('2027-04-01T00:00:00Z')
export const root = fileURLToPath(new URL('../../', import.meta.url))

/** Builds the stack once and starts it. Nothing of it outlives this process, however it ends. */
export async function start(...args) {
  const folder = mkdtempSync(join(tmpdir(), 'windfall-stripe-'))
  process.once('exit', () => rmSync(folder, { recursive: true, force: true }))
  const binary = join(folder, 'windfall')
  execFileSync('go', ['build', '-o', binary, './local'], { cwd: root, stdio: 'inherit', timeout: 300_000 })
  // `go run` would be simpler, but a signal to it doesn't reach what it runs.
  return follow(binary, ['-addr', '127.0.0.1:0', '-stripe-addr', '127.0.0.1:0', '-data', '', '-demo=false', '-clock', new Date(T0).toISOString(), ...args])
}

/** Starts a command that runs the stack, and waits until it has said where it listens. */
export async function follow(command, args, options = {}) {
  // A group of its own, so that a signal reaches what `make` and `go run` start.
  const child = spawn(command, args, { cwd: root, stdio: ['ignore', 'pipe', 'pipe'], detached: true, ...options })
  const kill = (signal) => { try { process.kill(-child.pid, signal) } catch { /* it is gone already */ } }
  const ended = new Promise((resolve) => child.once('exit', (code, signal) => resolve({ code, signal })))
  process.once('exit', () => kill('SIGKILL'))
  for (const signal of ['SIGINT', 'SIGTERM']) process.once(signal, () => process.exit(1))

  const log = []
  createInterface({ input: child.stderr }).on('line', (line) => log.push(line))
  // The ports are free to choose, so only the greeting knows them.
  const said = []
  const { stripe, base } = await new Promise((resolve, reject) => {
    const found = {}
    const fail = (why) => reject(new Error([`the local stack ${why}`, ...log].join('\n')))
    const patience = setTimeout(fail, 120_000, 'did not say where it listens')
    ended.then(({ code, signal }) => fail(`ended by itself: ${signal ?? code}`))
    createInterface({ input: child.stdout }).on('line', (line) => {
      said.push(line)
      found.stripe ??= /^The Stripe simulator alone: (http:\S+)/.exec(line)?.[1]
      found.base ??= /^\s*API\s+(http:\S+)\/v1$/.exec(line)?.[1]
      if (!found.base) return
      clearTimeout(patience)
      resolve(found)
    })
  })

  return {
    /** What it said so far. */
    said,
    /** The address of everything, and of Stripe's API alone. */
    base,
    stripe: stripe && new URL(stripe),
    /** What the stack logged as its own fault. */
    faults: () => log.filter((line) => /"level":"ERROR"|"status":5\d\d/.test(line)),
    /** Calls the control API, or whatever else speaks JSON. */
    async post(path, body) {
      const res = await fetch(base + path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body ?? {}) })
      return { status: res.status, body: await res.json() }
    },
    /** Ends the stack; a program that ends badly is a failure. */
    async stop(how = 'SIGTERM') {
      kill(how)
      const patience = setTimeout(kill, 10_000, 'SIGKILL')
      const { code, signal } = await ended
      clearTimeout(patience)
      return { code, signal, log }
    },
  }
}

/** Asks again until the answer is true: some things happen a moment after the call that causes them. */
export async function until(what, ask) {
  for (let attempt = 0; attempt < 400; attempt++) {
    const answer = await ask()
    if (answer) return answer
    await pause(25)
  }
  throw new Error(`waited in vain until ${what}`)
}
