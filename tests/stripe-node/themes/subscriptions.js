// Subscriptions: bought, changed in mid-period, planned ahead, ended.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { stripe, now, monthly, payer, refusal, advance } from '../client.js'

const half = 15 * 86400 // of April

async function onClock(price) {
  const clock = await stripe.testHelpers.testClocks.create({ frozen_time: now })
  const customer = await payer({ test_clock: clock.id })
  const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id }], expand: ['latest_invoice.payment_intent'] })
  return { clock, customer, subscription }
}

test('the first invoice is paid at once', async () => {
  const { subscription } = await onClock(await monthly(1000))
  assert.deepEqual([subscription.status, subscription.current_period_end - now], ['active', 30 * 86400])
  const { billing_reason, status, amount_paid, payment_intent } = subscription.latest_invoice
  assert.deepEqual([billing_reason, status, amount_paid, payment_intent.status], ['subscription_create', 'paid', 1000, 'succeeded'])
})

test('without a card there is no subscription, with a failing one an incomplete one', async () => {
  const price = await monthly(1000)
  const nobody = await stripe.customers.create()
  assert.equal((await refusal(stripe.subscriptions.create({ customer: nobody.id, items: [{ price: price.id }] }))).statusCode, 400)
  const broke = await payer({}, 'pm_card_chargeCustomerFail')
  assert.equal((await stripe.subscriptions.create({ customer: broke.id, items: [{ price: price.id }] })).status, 'incomplete')
  const strict = await refusal(stripe.subscriptions.create({ customer: broke.id, items: [{ price: price.id }], payment_behavior: 'error_if_incomplete' }))
  assert.deepEqual([strict.type, strict.statusCode, strict.code], ['StripeCardError', 402, 'card_declined'])
})

test('an upgrade at half time is announced and then billed: -500 and +1000', async () => {
  const [small, large] = [await monthly(1000), await monthly(2000)]
  const { clock, customer, subscription } = await onClock(small)
  await advance(clock, now + half)
  const item = subscription.items.data[0].id
  const preview = await stripe.invoices.retrieveUpcoming({ customer: customer.id, subscription: subscription.id, subscription_items: [{ id: item, price: large.id }], subscription_proration_date: now + half })
  const changed = await stripe.subscriptions.update(subscription.id, {
    items: [{ id: item, price: large.id }], proration_behavior: 'always_invoice', proration_date: now + half, payment_behavior: 'error_if_incomplete', expand: ['latest_invoice'],
  })
  for (const invoice of [preview, changed.latest_invoice]) {
    assert.deepEqual(invoice.lines.data.filter((l) => l.proration).map((l) => l.amount), [-500, 1000])
  }
  assert.deepEqual([changed.latest_invoice.billing_reason, changed.latest_invoice.amount_paid], ['subscription_update', 500])
})

test('a downgrade waits in a schedule until the period ends', async () => {
  const [small, large] = [await monthly(1000), await monthly(2000)]
  const { clock, subscription } = await onClock(large)
  const plan = await stripe.subscriptionSchedules.create({ from_subscription: subscription.id })
  const first = plan.phases[0]
  await stripe.subscriptionSchedules.update(plan.id, {
    end_behavior: 'release', proration_behavior: 'none',
    phases: [
      { items: [{ price: large.id, quantity: 1 }], start_date: first.start_date, end_date: first.end_date },
      { items: [{ price: small.id, quantity: 1 }], iterations: 1, proration_behavior: 'none' },
    ],
  })
  assert.match((await refusal(stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true }))).message, /managed by the subscription schedule/)
  await advance(clock, subscription.current_period_end + 2 * 3600)
  const later = await stripe.subscriptions.retrieve(subscription.id, { expand: ['latest_invoice'] })
  assert.deepEqual([later.items.data[0].price.id, later.latest_invoice.amount_paid], [small.id, 1000])
})

test('cancelled at the end of the period, taken back, and cancelled now', async () => {
  const { clock, subscription } = await onClock(await monthly(1000))
  const planned = await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: true })
  assert.deepEqual([planned.status, planned.cancel_at], ['active', subscription.current_period_end])
  const kept = await stripe.subscriptions.update(subscription.id, { cancel_at_period_end: false })
  assert.equal(kept.cancel_at, null)
  await advance(clock, now + half)
  const ended = await stripe.subscriptions.cancel(subscription.id, { prorate: true, invoice_now: true, expand: ['latest_invoice'] })
  assert.deepEqual([ended.status, ended.ended_at, ended.latest_invoice.total], ['canceled', now + half, -500])
})
