// What is true of every call: keys, repetition, pages, errors.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { Stripe, stack, stripe, connect, fresh, payer, refusal } from '../client.js'

test('a repeated call with the same key answers the same and does nothing', async () => {
  const idempotencyKey = fresh('key')
  const once = await stripe.customers.create({ name: 'Once' }, { idempotencyKey })
  const again = await stripe.customers.create({ name: 'Once' }, { idempotencyKey })
  assert.equal(again.id, once.id)
  assert.equal(again.lastResponse.headers['idempotent-replayed'], 'true')
  const other = await refusal(stripe.customers.create({ name: 'Twice' }, { idempotencyKey }))
  assert.ok(other instanceof Stripe.errors.StripeIdempotencyError)
})

test('pages follow each other by themselves, in both directions', async () => {
  const customer = await stripe.customers.create()
  const made = []
  for (let i = 0; i < 25; i++) made.unshift((await stripe.invoiceItems.create({ customer: customer.id, amount: i, currency: 'usd' })).id)
  const read = []
  for await (const item of stripe.invoiceItems.list({ customer: customer.id, limit: 10 })) read.push(item.id)
  assert.deepEqual(read, made)
  const back = await stripe.invoiceItems.list({ customer: customer.id, ending_before: made[20], limit: 10 }).autoPagingToArray({ limit: 100 })
  assert.deepEqual(back.map((i) => i.id), made.slice(0, 20).reverse())
})

test('every kind of error is the class that the library has for it', async () => {
  const customer = await payer()
  for (const [kind, status, code, call] of [
    ['StripeAuthenticationError', 401, undefined, () => connect('sk_test_wrong').customers.list()],
    ['StripeInvalidRequestError', 404, 'resource_missing', () => stripe.customers.retrieve('cus_none')],
    ['StripeInvalidRequestError', 400, 'parameter_unknown', () => stripe.customers.create({ nickname: 'Ada' })],
    ['StripeInvalidRequestError', 400, 'parameter_missing', () => stripe.products.create({})],
    ['StripeInvalidRequestError', 400, 'resource_missing', () => stripe.subscriptions.create({ customer: customer.id, items: [{ price: 'price_none' }] })],
    ['StripeCardError', 402, 'card_declined', () => stripe.paymentIntents.create({ amount: 500, currency: 'usd', customer: customer.id, payment_method: 'pm_card_chargeDeclined', confirm: true, return_url: 'https://shop.example' })],
  ]) {
    const e = await refusal(call())
    assert.deepEqual([e.type, e.statusCode, e.code], [kind, status, code], e.message)
    assert.match(e.requestId, /^req_/)
  }
})

test('another version of the API is refused, not misunderstood', async () => {
  const e = await refusal(connect('sk_test_sim', { apiVersion: '2024-06-20' }).customers.list())
  assert.match(e.message, /2023-10-16 only/)
})

test("a client at the address of Windfall's API is told where the simulator is", async () => {
  const { hostname, port } = new URL(stack.base)
  const astray = connect('sk_test_sim', { host: hostname, port })
  for (const call of [() => astray.customers.create({ name: 'Ada' }), () => astray.subscriptions.list(), () => astray.customers.retrieve('cus_1')]) {
    const error = await refusal(call())
    assert.ok(error instanceof Stripe.errors.StripeAuthenticationError)
    assert.match(error.message, new RegExp(`${stack.base}/_stripe.*the host 127.0.0.1 and the port ${stack.stripe.port}`))
  }
})
