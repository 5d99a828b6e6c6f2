// Payment intents, setup intents and refunds.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { Stripe, stripe, payer, refusal } from '../client.js'

test('a declined payment says why, and another card pays the same intent', async () => {
  const customer = await payer()
  const intent = await stripe.paymentIntents.create({ amount: 1500, currency: 'usd', customer: customer.id })
  assert.equal(intent.status, 'requires_payment_method')
  const e = await refusal(stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa_chargeDeclinedInsufficientFunds', return_url: 'https://shop.example' }))
  assert.ok(e instanceof Stripe.errors.StripeCardError)
  assert.deepEqual([e.code, e.decline_code, e.statusCode, e.payment_intent.id], ['card_declined', 'insufficient_funds', 402, intent.id])
  const failed = await stripe.paymentIntents.retrieve(intent.id)
  assert.deepEqual([failed.status, failed.last_payment_error.decline_code], ['requires_payment_method', 'insufficient_funds'])
  const paid = await stripe.paymentIntents.confirm(intent.id, { payment_method: 'pm_card_visa', return_url: 'https://shop.example', expand: ['latest_charge'] })
  assert.deepEqual([paid.status, paid.latest_charge.paid], ['succeeded', true])

  const refund = await stripe.refunds.create({ payment_intent: intent.id, amount: 500 })
  assert.deepEqual([refund.status, refund.amount], ['succeeded', 500])
  assert.equal((await stripe.charges.retrieve(paid.latest_charge.id)).amount_refunded, 500)
})

test('cards that decline cannot be saved; a saved one has an id of its own', async () => {
  const customer = await stripe.customers.create()
  assert.equal((await refusal(stripe.paymentMethods.attach('pm_card_visa_chargeDeclined', { customer: customer.id }))).type, 'StripeCardError')
  const saved = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id })
  assert.notEqual(saved.id, 'pm_card_visa')
  assert.equal((await stripe.paymentMethods.detach(saved.id)).customer, null)
  const setup = await stripe.setupIntents.create({ customer: customer.id, payment_method: 'pm_card_visa', confirm: true, return_url: 'https://shop.example' })
  assert.equal(setup.status, 'succeeded')
})
