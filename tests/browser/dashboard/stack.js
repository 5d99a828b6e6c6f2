// A stack of the dashboard's own, filled by the calls of tests/dashboard/fill.json.
import { readFileSync } from 'node:fs'
import assert from 'node:assert/strict'
import { start } from '../../stripe-node/stack.js'
import { open } from '../browser.js'

export const stack = await start('-live')
export const at = (path) => stack.base + path

/** A call of the API, or of the stack's own, which must succeed. */
export async function call(method, path, body) {
  const answer = await fetch(at(path), { method, headers: { Authorization: 'Bearer am_sk_test_local', 'Content-Type': 'application/json' }, body: body && JSON.stringify(body) })
  const text = await answer.text()
  assert.equal(answer.status, 200, `${method} ${path}: ${text}`)
  return JSON.parse(text)
}

/** A new customer with a card. */
export async function payer(id, name) {
  await call('POST', '/v1/customers', { id, name, email: `${id}@example.com` })
  await call('POST', `/_local/customers/${id}/payment_method`, { payment_method: 'pm_card_visa' })
}

const kept = {}
for (const { post, body, keep } of JSON.parse(readFileSync(new URL('../../dashboard/fill.json', import.meta.url)))) {
  for (const name in body) if (typeof body[name] === 'string' && kept[body[name].slice(1)]) body[name] = kept[body[name].slice(1)]
  const answer = await call('POST', post, body)
  if (keep) kept[keep] = answer[keep]
}

export const visit = (path) => open(at(path))
export const blank = () => open('about:blank')
