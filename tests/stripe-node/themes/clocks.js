// Test clocks, and the clock of the whole stack.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { stripe, now, monthly, payer, refusal, advance } from '../client.js'

const day = 86400

test('a renewal is a draft for an hour, then paid', async () => {
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: now, name: 'renewal' })
  const customer = await payer({ test_clock: clock.id })
  const sub = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: (await monthly(1000)).id }] })
  await advance(clock, sub.current_period_end)
  const latest = async () => (await stripe.subscriptions.retrieve(sub.id, { expand: ['latest_invoice'] })).latest_invoice
  assert.deepEqual([(await latest()).billing_reason, (await latest()).status], ['subscription_cycle', 'draft'])
  await advance(clock, sub.current_period_end + 3600)
  assert.equal((await latest()).status, 'paid')
})

test('a card that stops working: past due, then paid by another one', async () => {
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: now })
  const customer = await payer({ test_clock: clock.id })
  const sub = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: (await monthly(1000)).id }] })
  const bad = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer: customer.id })
  await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: bad.id } })
  await advance(clock, sub.current_period_end + 2 * 3600)
  const failed = await stripe.subscriptions.retrieve(sub.id, { expand: ['latest_invoice'] })
  assert.deepEqual([failed.status, failed.latest_invoice.status, failed.latest_invoice.attempt_count], ['past_due', 'open', 1])
  const good = await stripe.paymentMethods.attach('pm_card_visa', { customer: customer.id })
  await stripe.invoices.pay(failed.latest_invoice.id, { payment_method: good.id })
  assert.equal((await stripe.subscriptions.retrieve(sub.id)).status, 'active')
})

test('a trial ends in a bill', async () => {
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: now })
  const customer = await payer({ test_clock: clock.id })
  const sub = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: (await monthly(1000)).id }], trial_period_days: 14 })
  assert.deepEqual([sub.status, sub.trial_end], ['trialing', now + 14 * day])
  await advance(clock, sub.trial_end + 2 * 3600)
  const invoices = (await stripe.invoices.list({ subscription: sub.id })).data
  assert.deepEqual(invoices.map((i) => [i.billing_reason, i.amount_paid]), [['subscription_cycle', 1000], ['subscription_create', 0]])
})

test('a clock goes two intervals at a time, forward, and takes its customers with it', async () => {
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: now })
  const customer = await payer({ test_clock: clock.id })
  await stripe.subscriptions.create({ customer: customer.id, items: [{ price: (await monthly(1000)).id }] })
  assert.match((await refusal(stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: now + 90 * day }))).message, /up to two intervals/)
  assert.equal((await refusal(stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: now - 1 }))).statusCode, 400)
  assert.equal((await stripe.testHelpers.testClocks.del(clock.id)).deleted, true)
  assert.equal((await stripe.customers.retrieve(customer.id)).deleted, true)
})
