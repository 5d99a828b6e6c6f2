// Words to tell a story with, on top of the SDK.
import assert from 'node:assert/strict'
import { AutumnError } from 'autumn-js'
import { clients, first } from './clients.js'
import { base, rest, until } from './stack.js'

export const client = first
export const autumn = clients['0.1.36']

/** The data of a container that holds no error. */
export function ok(result) {
  assert.equal(result.error, null, `refused: ${result.error}`)
  assert.equal(result.statusCode, 200)
  assert.deepEqual(Object.keys(result).sort(), ['data', 'error', 'statusCode'])
  return result.data
}

/** The error of a container that holds no data. */
export function refused(result, status, code, type = AutumnError) {
  assert.equal(result.data, null)
  assert.ok(result.error instanceof type, 'error is the AutumnError of the SDK')
  assert.equal(typeof result.error.message, 'string')
  assert.notEqual(result.error.message, '')
  assert.deepEqual([result.statusCode, result.error.code], [status, code])
  return result.error
}

/** Makes a call that has to succeed. */
export async function post(path, body) {
  const answer = await rest('POST', path, body)
  assert.equal(answer.status, 200, `POST ${path}: ${JSON.stringify(answer.body)}`)
  return answer.body
}

/** Pays a checkout page with a good card, as a person would. */
export async function pay(page) {
  assert.ok(page.startsWith(`${base}/`), `checkout_url ${page} is on this stack`)
  await post(`${page.slice(base.length)}/complete`, { payment_method: 'pm_card_visa' })
}

export const card = (customer) => post(`/_local/customers/${encodeURIComponent(customer)}/payment_method`, { payment_method: 'pm_card_visa' })

/** Waits until a customer holds exactly these products, "pro active", and shows the difference if that never comes. */
export async function holds(customer, ...want) {
  let held
  const ask = async () => {
    held = ok(await autumn.customers.get(customer)).products.map((p) => `${p.id} ${p.status}`).sort()
    return held.join() === want.sort().join()
  }
  await until(`${customer} holds ${want}`, ask).catch(() => assert.deepEqual(held, want))
}

export const pro = {
  id: 'pro',
  name: 'Pro',
  items: [
    { price: 20, interval: 'month' },
    { feature_id: 'messages', included_usage: 500, interval: 'month', reset_usage_when_enabled: true },
    { feature_id: 'dashboard' },
  ],
}

/** Empties the stack and offers a small catalog. */
export async function fresh() {
  await post('/_local/reset')
  for (const feature of [
    { id: 'messages', name: 'Messages', type: 'single_use', event_names: ['message_sent'] },
    { id: 'seats', name: 'Seats', type: 'continuous_use', display: { singular: 'seat', plural: 'seats' } },
    { id: 'dashboard', name: 'Dashboard', type: 'boolean' },
    { id: 'credits', name: 'Credits', type: 'credit_system', credit_schema: [{ metered_feature_id: 'messages', credit_cost: 2 }] },
  ]) await post('/v1/features', feature)
  for (const product of [
    { id: 'free', name: 'Free', is_default: true, items: [{ feature_id: 'messages', included_usage: 100, interval: 'month', reset_usage_when_enabled: true }] },
    pro,
    { id: 'pack', name: 'Pack', is_add_on: true, items: [{ feature_id: 'messages', price: 9, billing_units: 250, usage_model: 'prepaid' }] },
    { id: 'gift', name: 'Gift', is_add_on: true, items: [{ feature_id: 'messages', included_usage: 50 }] },
    { id: 'open', name: 'Open', is_add_on: true, items: [{ feature_id: 'seats', included_usage: 'inf' }] },
  ]) ok(await autumn.products.create(product))
}
