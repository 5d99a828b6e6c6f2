// The clients, as they are installed, behind a proxy that notes each call and its
// outcome: so that the suite knows which operations of a client it left out.
import { Autumn as First } from 'autumn-js'
import { Autumn as Middle } from 'autumn-js-middle'
import { Autumn as Second } from 'autumn-js-new'
import { Autumn as Oldest } from 'autumn-js-old'
import { base, key } from './stack.js'

const url = `${base}/v1`

/** version -> operation -> its outcomes: '' for success, else the code of the refusal. */
const noted = new Map()

// Refusals are expected here, and these SDKs would print each one.
export const first = (options) => note('0.1.36', new First({ url, logLevel: 'fatal', ...options }))
export const oldest = (options) => note('0.0.65', new Oldest({ url, ...options }))
export const middle = (options) => note('0.1.85', new Middle({ url, logLevel: 'fatal', ...options }))

/** Nothing fails open, so a broken answer is seen. */
export const second = (options) => note('1.3.13', new Second({ serverURL: base, failOpen: false, ...options }))

/** Each version with the secret key. */
export const clients = { '0.0.65': oldest({ secretKey: key }), '0.1.36': first({ secretKey: key }), '0.1.85': middle({ secretKey: key }), '1.3.13': second({ secretKey: key }) }

// What a client calls itself with, and what it prints with.
const inside = ['constructor', 'get', 'post', 'postWithVersion', 'delete', 'getLevel', 'logger', 'headers', 'toString']

/** The names of all operations of a client: methods of its class, and of the objects that it holds or makes. */
export function operations(client, prefix = '') {
  const found = []
  const isClass = Object.getPrototypeOf(client) !== Object.prototype
  const names = [...Object.getOwnPropertyNames(client), ...(isClass ? Object.getOwnPropertyNames(Object.getPrototypeOf(client)) : [])]
  for (const name of names) {
    if (name.startsWith('_') || (prefix === '' && inside.includes(name)) || name === 'constructor') continue
    const part = client[name]
    if (typeof part === 'function') found.push(prefix + name)
    else if (typeof part === 'object' && part !== null) found.push(...operations(part, `${prefix}${name}.`))
  }
  return [...new Set(found)]
}

/** version -> all its operations, each with its outcomes. */
export function outcomes() {
  return Object.fromEntries(Object.entries(clients).map(([version, client]) => [version,
    Object.fromEntries(operations(client).map((name) => [name, noted.get(version)?.get(name) ?? []]))]))
}

function note(version, client) {
  if (!noted.has(version)) noted.set(version, new Map())
  const wrap = (target, prefix) => new Proxy(target, {
    get(_, name) {
      const part = target[name]
      if (typeof name !== 'string' || name.startsWith('_')) return part
      if (typeof part === 'object' && part !== null) return wrap(part, `${prefix}${name}.`)
      if (typeof part !== 'function') return part
      return (...args) => noteOutcome(noted.get(version), prefix + name, part.apply(target, args))
    },
  })
  return wrap(client, '')
}

function noteOutcome(calls, operation, answer) {
  if (!calls.has(operation)) calls.set(operation, [])
  const add = (outcome) => calls.get(operation).push(outcome)
  Promise.resolve(answer).then(
    (done) => add(done?.error ? done.error.code : ''),
    (error) => add(error.body ? JSON.parse(error.body).code : error.name),
  )
  return answer
}
