import { before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { T0 } from '../stack.js'
import { has, product } from '../shapes.js'
import { autumn, fresh, ok, refused } from '../words.js'

describe('products', () => {
  before(fresh)

  test('create answers all that is declared', async () => {
    const made = ok(await autumn.products.create({
      id: 'team', name: 'Team', is_add_on: false, is_default: false,
      items: [
        { price: 50, interval: 'month' },
        { feature_id: 'messages', included_usage: 1000, price: 0.5, interval: 'month', usage_model: 'pay_per_use', billing_units: 10 },
        { feature_id: 'seats', included_usage: 'inf', interval: 'month' },
        { feature_id: 'dashboard' },
      ],
      free_trial: { duration: 'day', length: 14, unique_fingerprint: true },
    }))
    has(product, made)
    assert.deepEqual([made.id, made.name, made.version, made.created_at, made.env], ['team', 'Team', 1, T0, 'sandbox'])
    assert.deepEqual(made.items.map((i) => [i.type, i.feature_id, i.included_usage, i.price, i.interval]), [
      ['price', null, null, 50, 'month'],
      ['priced_feature', 'messages', 1000, 0.5, 'month'],
      ['feature', 'seats', 'inf', null, null], // what is held, not used up, never resets
      ['feature', 'dashboard', null, null, null],
    ])
    assert.deepEqual(made.free_trial, { duration: 'day', length: 14, unique_fingerprint: true, card_required: true, trial_available: true })
    assert.deepEqual(made.properties, { is_free: false, is_one_off: false, interval_group: 'month', has_trial: true, updateable: false })
    assert.deepEqual(ok(await autumn.products.get('team')), made)
  })

  test('get answers a product', async () => {
    const free = ok(await autumn.products.get('free'))
    has(product, free)
    assert.deepEqual([free.is_default, free.free_trial, free.properties.is_free], [true, null, true])
  })

  test('list answers every product', async () => {
    const { list } = ok(await autumn.products.list())
    for (const one of list) has(product, one)
    for (const id of ['free', 'pro', 'pack', 'gift']) assert.equal(list.filter((p) => p.id === id).length, 1, id)
  })

  test('list takes a customer', async () => {
    ok(await autumn.customers.create({ id: 'shopper@example.com' }))
    for (const one of ok(await autumn.products.list({ customer_id: 'shopper@example.com' })).list) has(product, one)
  })

  test('delete removes a product that nobody holds', async () => {
    ok(await autumn.products.create({ id: 'short-lived', name: 'Short-lived', items: [{ price: 1, interval: 'month' }] }))
    assert.deepEqual(ok(await autumn.products.delete('short-lived')), { success: true })
    refused(await autumn.products.get('short-lived'), 404, 'product_not_found')
    refused(await autumn.products.delete('short-lived'), 404, 'product_not_found')
  })

  test('delete of a product that customers hold is refused', async () => {
    ok(await autumn.customers.create({ id: 'holder' }))
    refused(await autumn.products.delete('free'), 400, 'product_has_customers')
  })

  test('create refuses an id that is taken, and items that make no sense', async () => {
    refused(await autumn.products.create({ id: 'pro', name: 'Pro' }), 400, 'product_already_exists')
    refused(await autumn.products.create({ id: 'odd', name: 'Odd', items: [{ feature_id: 'nothing', included_usage: 1 }] }), 404, 'feature_not_found')
    refused(await autumn.products.create({ id: 'odd', name: 'Odd', items: [{ price: -1, interval: 'month' }] }), 400, 'invalid_product_item')
    refused(await autumn.products.get('odd'), 404, 'product_not_found')
  })
})
