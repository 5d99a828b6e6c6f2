import { before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { checkout, has } from '../shapes.js'
import { autumn, card, fresh, holds, ok, pay, refused } from '../words.js'

describe('checkout', () => {
  before(fresh)

  test('without a card it answers a page', async () => {
    const answer = ok(await autumn.checkout({ customer_id: 'ada@example.com', product_id: 'pro', success_url: 'https://app.example/thanks' }))
    has(checkout, answer)
    assert.deepEqual([answer.customer_id, answer.product.id, answer.current_product.id], ['ada@example.com', 'pro', 'free'])
    assert.deepEqual([answer.total, answer.currency, answer.has_prorations, answer.options], [20, 'usd', false, []])
    assert.deepEqual(answer.lines.map((l) => [l.amount, l.item.price]), [[20, 20]])
    await pay(answer.url)
    await holds('ada@example.com', 'pro active')
  })

  test('with a card it answers a preview and changes nothing', async () => {
    ok(await autumn.customers.create({ id: 'carded' }))
    await card('carded')
    const answer = ok(await autumn.checkout({ customer_id: 'carded', product_id: 'pro' }))
    has(checkout, answer)
    assert.deepEqual([answer.url, answer.total], [null, 20])
    assert.deepEqual(answer.next_cycle, { starts_at: Date.parse('2027-05-01T00:00:00Z'), total: 20 })
    await holds('carded', 'free active')
    assert.deepEqual(ok(await autumn.customers.get('carded', { expand: ['invoices'] })).invoices, [])
  })

  // This is what the SDK's checkout dialog does when its button is pressed.
  test('its options, sent back as they came, confirm a preview', async () => {
    ok(await autumn.customers.create({ id: 'dialog' }))
    await card('dialog')
    const answer = ok(await autumn.checkout({ customer_id: 'dialog', product_id: 'pack', options: [{ feature_id: 'messages', quantity: 300 }] }))
    has(checkout, answer)
    const options = answer.options.map(({ feature_id, quantity }) => ({ feature_id, quantity }))
    assert.deepEqual(options, [{ feature_id: 'messages', quantity: 500 }], 'rounded up to whole packs')
    const done = ok(await autumn.attach({ customer_id: 'dialog', product_id: 'pack', options }))
    assert.equal(done.invoice.total, answer.total)
    assert.equal(ok(await autumn.check({ customer_id: 'dialog', feature_id: 'messages' })).balance, 600)
  })

  test('a quantity left to the page opens at one pack', async () => {
    const answer = ok(await autumn.checkout({ customer_id: 'undecided', product_id: 'pack' }))
    has(checkout, answer)
    assert.deepEqual([answer.options[0].quantity, answer.total], [250, 9])
    await pay(answer.url)
    await holds('undecided', 'free active', 'pack active')
  })

  test('refusals are those of attach', async () => {
    refused(await autumn.checkout({ customer_id: 'ada@example.com', product_id: 'nothing' }), 404, 'product_not_found')
    refused(await autumn.checkout({ customer_id: 'ada@example.com' }), 400, 'invalid_inputs')
    refused(await autumn.checkout({ customer_id: 'ada@example.com', product_id: 'pro' }), 400, 'product_already_attached')
  })
})
