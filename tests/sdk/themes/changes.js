import { before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { AttachResultSchema, CancelResultSchema } from 'autumn-js'
import { attach, cancel, checkProduct, checkout, customer, has, offer, product } from '../shapes.js'
import { autumn, card, fresh, holds, ok, pro, refused } from '../words.js'
import { T0 } from '../stack.js'

describe('changes of products', () => {
  const period = Date.parse('2027-05-01T00:00:00Z')

  before(async () => {
    await fresh()
    ok(await autumn.products.create({ ...pro, id: 'premium', name: 'Premium', items: [{ price: 50, interval: 'month' }, ...pro.items.slice(1)] }))
    for (const id of ['up', 'down', 'quit', 'back', 'own']) {
      ok(await autumn.customers.create({ id }))
      await card(id)
    }
  })

  const change = async (customer_id, product_id, more) => {
    const answer = ok(await autumn.attach({ customer_id, product_id, ...more }))
    has(attach, answer)
    AttachResultSchema.parse(answer)
    return answer
  }
  const end = async (params) => {
    const answer = ok(await autumn.cancel(params))
    has(cancel, answer)
    CancelResultSchema.parse(answer)
    return answer
  }
  const billed = async (id) => ok(await autumn.customers.get(id, { expand: ['invoices'] })).invoices.map((i) => i.total).reverse()
  const held = async (id, product) => ok(await autumn.customers.get(id)).products.find((p) => p.id === product)

  test('an upgrade is charged at once', async () => {
    await change('up', 'pro')
    const seen = ok(await autumn.checkout({ customer_id: 'up', product_id: 'premium' }))
    has(checkout, seen)
    assert.deepEqual([seen.url, seen.total, seen.has_prorations, seen.product.scenario, seen.current_product.id], [null, 30, true, 'upgrade', 'pro'])
    assert.deepEqual(seen.next_cycle, { starts_at: period, total: 50 })
    assert.equal((await change('up', 'premium')).code, 'upgraded_to_new_product')
    await holds('up', 'premium active')
    assert.deepEqual(await billed('up'), [20, 30])
  })

  test('a downgrade is scheduled, and renewing takes it back', async () => {
    await change('down', 'premium')
    assert.equal((await change('down', 'pro')).code, 'downgrade_scheduled')
    await holds('down', 'premium active', 'pro scheduled')
    assert.deepEqual([(await held('down', 'pro')).started_at, (await held('down', 'premium')).canceled_at], [period, T0])
    const seen = ok(await autumn.checkout({ customer_id: 'down', product_id: 'premium' }))
    assert.deepEqual([seen.product.scenario, seen.total, seen.next_cycle.total], ['renew', 0, 50])
    assert.equal((await change('down', 'premium')).code, 'renewed_product')
    await holds('down', 'premium active')
    assert.equal((await held('down', 'premium')).canceled_at, null)
    assert.deepEqual(await billed('down'), [50])
  })

  test('cancel ends a product with its period, and attach renews it', async () => {
    await change('back', 'pro')
    const answer = await end({ customer_id: 'back', product_id: 'pro' })
    assert.deepEqual(answer, { ...answer, success: true, customer_id: 'back', product_id: 'pro' })
    await holds('back', 'free scheduled', 'pro active')
    assert.equal(ok(await autumn.check({ customer_id: 'back', product_id: 'pro' })).status, 'canceled')
    assert.equal((await change('back', 'pro')).code, 'renewed_product')
    await holds('back', 'pro active')
  })

  test('cancel ends a product at once', async () => {
    await change('quit', 'pro')
    await end({ customer_id: 'quit', product_id: 'pro', cancel_immediately: true })
    await holds('quit', 'free active')
    assert.equal(ok(await autumn.check({ customer_id: 'quit', feature_id: 'messages' })).balance, 100)
    assert.deepEqual(await billed('quit'), [20])
  })

  test('a customer has items and a trial of their own', async () => {
    const answer = await change('own', 'pro', { is_custom: true, items: [{ price: 15, interval: 'month' }, pro.items[1]], free_trial: { length: 10, duration: 'day' } })
    assert.equal(answer.code, 'new_product_attached')
    await holds('own', 'pro trialing')
    const now = ok(await autumn.customers.get('own'))
    has(customer, now)
    assert.equal(now.products[0].items[0].price, 15)
  })

  test('check with a preview says what attach would do', async () => {
    const answer = ok(await autumn.check({ customer_id: 'up', product_id: 'pro', with_preview: true }))
    has(checkProduct, answer)
    has(offer, answer.preview)
    assert.deepEqual([answer.preview.scenario, answer.preview.current_product_name, answer.preview.due_today.price], ['downgrade', 'Premium', 0])
  })

  test('products are listed as they are to a customer', async () => {
    const { list } = ok(await autumn.products.list({ customer_id: 'up' }))
    for (const one of list) has(product, one)
    const scenarios = Object.fromEntries(list.map((p) => [p.id, p.scenario]))
    assert.deepEqual(scenarios, { free: 'cancel', pro: 'downgrade', premium: 'active', pack: 'new', gift: 'new', open: 'new' })
  })

  test('refusals', async () => {
    refused(await autumn.cancel({ customer_id: 'up', product_id: 'pack' }), 404, 'product_not_found')
    refused(await autumn.cancel({ customer_id: 'nobody', product_id: 'pro' }), 404, 'customer_not_found')
    refused(await autumn.cancel({ product_id: 'pro' }), 400, 'invalid_inputs')
    refused(await autumn.attach({ customer_id: 'up', product_id: 'premium' }), 400, 'product_already_attached')
    refused(await autumn.attach({ customer_id: 'up', product_id: 'pro', items: [{ price: 1, interval: 'month' }] }), 400, 'invalid_inputs')
  })
})
