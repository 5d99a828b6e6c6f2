// Checkout sessions, paid by machine as a person pays on the page.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { stripe, stack, monthly, fresh } from '../client.js'

const urls = { success_url: 'https://shop.example/done?session={CHECKOUT_SESSION_ID}', cancel_url: 'https://shop.example/cart' }

async function complete(session, body) {
  return stack.post(new URL(session.url).pathname + '/complete', body)
}

test('a subscription is bought; a declined card leaves the session open', async () => {
  const price = await monthly(2000)
  const session = await stripe.checkout.sessions.create({ mode: 'subscription', line_items: [{ price: price.id, quantity: 2 }], ...urls })
  assert.deepEqual([session.status, session.payment_status, session.amount_total, session.subscription], ['open', 'unpaid', 4000, null])

  const declined = await complete(session, { payment_method: 'pm_card_visa_chargeDeclined', email: 'ada@example.com' })
  assert.deepEqual([declined.status, declined.body.error.type, declined.body.error.decline_code], [402, 'card_error', 'generic_decline'])
  assert.equal((await stripe.checkout.sessions.retrieve(session.id)).status, 'open')

  assert.equal((await complete(session, { payment_method: 'pm_card_visa', email: 'ada@example.com' })).status, 200)
  const done = await stripe.checkout.sessions.retrieve(session.id, { expand: ['subscription', 'customer', 'line_items'] })
  assert.deepEqual([done.status, done.payment_status, done.customer.email], ['complete', 'paid', 'ada@example.com'])
  assert.equal(done.subscription.status, 'active')
  assert.match(done.subscription.default_payment_method, /^pm_/)
  assert.deepEqual(done.line_items.data.map((l) => [l.price.id, l.quantity, l.amount_total]), [[price.id, 2, 4000]])
})

test('a promotion code typed on the page lowers the first invoice', async () => {
  const coupon = await stripe.coupons.create({ amount_off: 500, currency: 'usd', duration: 'once' })
  const promotion = await stripe.promotionCodes.create({ coupon: coupon.id, code: fresh('WELCOME').replace('-', '') })
  const session = await stripe.checkout.sessions.create({ mode: 'subscription', allow_promotion_codes: true, line_items: [{ price: (await monthly(2000)).id, quantity: 1 }], ...urls })
  const refused = await complete(session, { payment_method: 'pm_card_visa', email: 'b@example.com', promotion_code: 'NOSUCHCODE' })
  assert.equal(refused.status, 400)
  const done = (await complete(session, { payment_method: 'pm_card_visa', email: 'b@example.com', promotion_code: promotion.code })).body
  assert.deepEqual([done.amount_subtotal, done.amount_total, done.total_details.amount_discount], [2000, 1500, 500])
  assert.equal((await stripe.promotionCodes.retrieve(promotion.id)).times_redeemed, 1)
})

test('one payment, one saved card, and a session that is let go', async () => {
  const line = { quantity: 1, price_data: { currency: 'usd', unit_amount: 990, product_data: { name: 'Sticker' } } }
  const pay = await stripe.checkout.sessions.create({ mode: 'payment', line_items: [line], ...urls })
  await complete(pay, { payment_method: 'pm_card_visa', email: 'c@example.com' })
  const paid = await stripe.checkout.sessions.retrieve(pay.id, { expand: ['payment_intent'] })
  assert.deepEqual([paid.payment_intent.status, paid.payment_intent.amount_received], ['succeeded', 990])

  const customer = await stripe.customers.create()
  const setup = await stripe.checkout.sessions.create({ mode: 'setup', customer: customer.id, payment_method_types: ['card'], ...urls })
  await complete(setup, { payment_method: 'pm_card_mastercard' })
  assert.deepEqual((await stripe.customers.listPaymentMethods(customer.id)).data.map((m) => m.card.brand), ['mastercard'])

  const late = await stripe.checkout.sessions.create({ mode: 'payment', line_items: [line], ...urls })
  assert.equal((await stripe.checkout.sessions.expire(late.id)).status, 'expired')
  assert.equal((await complete(late, { payment_method: 'pm_card_visa', email: 'd@example.com' })).status, 400)
})
