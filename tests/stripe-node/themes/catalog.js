// Customers, products, prices, coupons and promotion codes.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { stripe, fresh, refusal } from '../client.js'

test('a customer is created, read, changed, listed and deleted', async () => {
  const email = `${fresh('grace')}@example.com`
  const made = await stripe.customers.create({ email, name: 'Grace', metadata: { team: 'navy', rank: 'admiral' } })
  assert.match(made.id, /^cus_/)
  const changed = await stripe.customers.update(made.id, { name: 'Grace H.', metadata: { rank: '' } })
  assert.deepEqual([changed.name, changed.metadata], ['Grace H.', { team: 'navy' }])
  assert.deepEqual((await stripe.customers.list({ email })).data.map((c) => c.id), [made.id])
  assert.deepEqual(await stripe.customers.del(made.id), { id: made.id, object: 'customer', deleted: true }, 'what del answers')
  assert.equal((await stripe.customers.retrieve(made.id)).deleted, true)
})

test('products and prices, one inside the other when expanded', async () => {
  const product = await stripe.products.create({ name: 'Pro', default_price_data: { currency: 'usd', unit_amount: 2000, recurring: { interval: 'month' } } })
  const yearly = await stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: 20000, recurring: { interval: 'year' }, lookup_key: fresh('pro-yearly') })
  const read = await stripe.prices.retrieve(product.default_price, { expand: ['product'] })
  assert.deepEqual([read.unit_amount, read.recurring.interval, read.product.name], [2000, 'month', 'Pro'])
  assert.deepEqual((await stripe.prices.list({ lookup_keys: [yearly.lookup_key] })).data.map((p) => p.id), [yearly.id])
  assert.equal((await stripe.prices.update(yearly.id, { active: false })).active, false)
})

test('a graduated price keeps its tiers', async () => {
  const product = await stripe.products.create({ name: 'Messages' })
  const made = await stripe.prices.create({
    product: product.id, currency: 'usd', billing_scheme: 'tiered', tiers_mode: 'graduated', recurring: { interval: 'month' },
    tiers: [{ up_to: 100, unit_amount: 10 }, { up_to: 'inf', unit_amount: 5 }],
  })
  const read = await stripe.prices.retrieve(made.id, { expand: ['tiers'] })
  assert.deepEqual(read.tiers.map((t) => [t.up_to, t.unit_amount]), [[100, 10], [null, 5]])
})

test('coupons and promotion codes; a code is taken once, in any case of its letters', async () => {
  const coupon = await stripe.coupons.create({ percent_off: 25, duration: 'once', name: 'Fall' })
  const code = fresh('FALL').replace('-', '')
  const made = await stripe.promotionCodes.create({ coupon: coupon.id, code, max_redemptions: 5 })
  assert.deepEqual([made.active, made.times_redeemed, made.coupon.id], [true, 0, coupon.id])
  assert.deepEqual((await stripe.promotionCodes.list({ code })).data.map((p) => p.id), [made.id])
  assert.equal((await refusal(stripe.promotionCodes.create({ coupon: coupon.id, code: code.toLowerCase() }))).type, 'StripeInvalidRequestError')
  assert.equal((await stripe.promotionCodes.update(made.id, { active: false })).active, false)
  assert.equal((await stripe.coupons.del(coupon.id)).deleted, true)
})
