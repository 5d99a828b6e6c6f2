// What is true of every call: keys, repetition, pages, errors.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { Stripe, stripe, connect, fresh, payer, refusal } from '../client.js'

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
