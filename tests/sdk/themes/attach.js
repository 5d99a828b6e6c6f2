import { before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { AttachResultSchema } from 'autumn-js'
import { attach, has } from '../shapes.js'
import { autumn, card, fresh, holds, ok, pay, post, refused } from '../words.js'

describe('attach', () => {
  before(fresh)

  const done = (result) => {
    const answer = ok(result)
    has(attach, answer)
    AttachResultSchema.parse(answer) // the SDK's own
    return answer
  }

  test('a free product starts at once', async () => {
    const answer = done(await autumn.attach({ customer_id: 'frugal@example.com', product_id: 'gift', customer_data: { name: 'Frugal' } }))
    assert.deepEqual([answer.customer_id, answer.product_ids, answer.code, answer.checkout_url], ['frugal@example.com', ['gift'], 'free_product_attached', undefined])
    await holds('frugal@example.com', 'free active', 'gift active')
    assert.equal(ok(await autumn.customers.get('frugal@example.com')).name, 'Frugal')
  })

  test('a paid product without a card is paid on a page', async () => {
    const answer = done(await autumn.attach({ customer_id: 'ada', product_id: 'pro', success_url: 'https://app.example/thanks', metadata: { from: 'test' } }))
    assert.deepEqual([answer.code, answer.product_ids], ['checkout_created', ['pro']])
    await holds('ada', 'free active')
    await pay(answer.checkout_url)
    await holds('ada', 'pro active')
    const customer = ok(await autumn.customers.get('ada', { expand: ['invoices'] }))
    assert.deepEqual(customer.invoices.map((i) => [i.status, i.total]), [['paid', 20]])
    assert.deepEqual([customer.products[0].subscription_ids.length, customer.features.messages.balance], [1, 500])
    assert.match(customer.stripe_id, /^cus_/)
  })

  test('a card on file is charged directly', async () => {
    ok(await autumn.customers.create({ id: 'carded' }))
    await card('carded')
    const answer = done(await autumn.attach({ customer_id: 'carded', product_id: 'pro' }))
    assert.deepEqual([answer.code, answer.checkout_url], ['new_product_attached', undefined])
    assert.deepEqual([answer.invoice.status, answer.invoice.total, answer.invoice.currency], ['paid', 20, 'usd'])
    await holds('carded', 'pro active')
  })

  test('force_checkout shows the page in spite of a card', async () => {
    ok(await autumn.customers.create({ id: 'careful' }))
    await card('careful')
    const answer = done(await autumn.attach({ customer_id: 'careful', product_id: 'pro', force_checkout: true }))
    assert.equal(answer.code, 'checkout_created')
    await pay(answer.checkout_url)
    await holds('careful', 'pro active')
  })

  test('invoice bills by invoice', async () => {
    const answer = done(await autumn.attach({ customer_id: 'company', product_id: 'pro', invoice: true }))
    assert.deepEqual([answer.invoice.total, answer.invoice.status, answer.checkout_url], [20, 'open', undefined])
    await holds('company', 'pro active')
  })

  test('product_ids and options buy several at once', async () => {
    ok(await autumn.customers.create({ id: 'bundle' }))
    await card('bundle')
    const answer = done(await autumn.attach({ customer_id: 'bundle', product_ids: ['pro', 'pack'], options: [{ feature_id: 'messages', quantity: 500 }] }))
    assert.deepEqual(answer.product_ids, ['pro', 'pack'])
    await holds('bundle', 'pack active', 'pro active')
    assert.equal(ok(await autumn.check({ customer_id: 'bundle', feature_id: 'messages' })).balance, 1000)
  })

  test('a reward lowers what is bought, and a code that is refused says why', async () => {
    await post('/v1/rewards', {
      id: 'half', name: 'Half', type: 'percentage_discount', discount_config: { discount_value: 50, duration_type: 'one_off', apply_to_all: true },
      promo_codes: [{ code: 'HALF' }, { code: 'FIRST', first_time_transaction: true }],
    })
    for (const [id, reward] of [['by id', 'half'], ['by code', 'HALF'], ['in a list', ['half']]]) {
      const customer_id = id.replaceAll(' ', '_')
      ok(await autumn.customers.create({ id: customer_id }))
      await card(customer_id)
      const preview = ok(await autumn.checkout({ customer_id, product_id: 'pro', reward }))
      assert.deepEqual([preview.total, preview.next_cycle.total], [10, 20], id)
      const answer = done(await autumn.attach({ customer_id, product_id: 'pro', reward }))
      assert.deepEqual([answer.invoice.status, answer.invoice.total], ['paid', 10], id)
    }
    const error = refused(await autumn.attach({ customer_id: 'by_id', product_id: 'pack', options: [{ feature_id: 'messages', quantity: 500 }], reward: 'FIRST' }), 400, 'promo_code_first_time_only')
    assert.match(error.message, /first purchase/)
    refused(await autumn.attach({ customer_id: 'by_id', product_id: 'pack', options: [{ feature_id: 'messages', quantity: 500 }], reward: 'NOBODYS' }), 404, 'reward_not_found')
  })

  test('refusals are containers with code and message', async () => {
    ok(await autumn.customers.create({ id: 'refused' }))
    await card('refused')
    ok(await autumn.attach({ customer_id: 'refused', product_id: 'pro' }))
    await holds('refused', 'pro active')
    const ask = (params) => autumn.attach({ customer_id: 'refused', ...params })
    const error = refused(await ask({ product_id: 'pro' }), 400, 'product_already_attached')
    assert.match(error.message, /already attached/)
    refused(await ask({ product_id: 'nothing' }), 404, 'product_not_found')
    refused(await ask({}), 400, 'invalid_inputs')
    refused(await ask({ product_id: 'pro', product_ids: ['pro'] }), 400, 'invalid_inputs')
    refused(await autumn.attach({ product_id: 'pro' }), 400, 'invalid_inputs')
    refused(await ask({ product_id: 'pack' }), 400, 'invalid_options')
    refused(await ask({ product_id: 'pack', options: [{ feature_id: 'nothing', quantity: 1 }] }), 404, 'feature_not_found')
    refused(await ask({ product_id: 'pack', success_url: 'javascript:alert(1)', options: [{ feature_id: 'messages', quantity: 250 }] }), 400, 'invalid_inputs')
    await holds('refused', 'pro active')
  })
})
