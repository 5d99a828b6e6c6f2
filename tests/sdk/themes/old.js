// SDK 0.0.65 sends the same version of the API, but calls some routes by the
// names they had before.
import { before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { AutumnError } from 'autumn-js-old'
import { clients, oldest } from '../clients.js'
import { attach, cancel, checkFeature, customer, has, product, track } from '../shapes.js'
import { fresh, holds, ok, pay, refused } from '../words.js'

describe('SDK 0.0.65', () => {
  before(fresh)

  const autumn = clients['0.0.65']

  test('entitled is check', async () => {
    const answer = ok(await autumn.entitled({ customer_id: 'ada@example.com', feature_id: 'messages' }))
    has(checkFeature, answer)
    assert.deepEqual([answer.allowed, answer.balance], [true, 100])
  })

  test('event is track', async () => {
    has(track, ok(await autumn.event({ customer_id: 'eve', event_name: 'message_sent', value: 4 })))
    assert.equal(ok(await autumn.check({ customer_id: 'eve', feature_id: 'messages' })).balance, 96)
  })

  test('products.list asks the older route', async () => {
    const { list } = ok(await autumn.products.list())
    for (const one of list) has(product, one)
    assert.deepEqual(list.map((p) => p.id).sort(), ['free', 'gift', 'open', 'pack', 'pro'])
  })

  test('customers and attach', async () => {
    has(customer, ok(await autumn.customers.create({ id: 'old@example.com', name: 'Old' })))
    const answer = ok(await autumn.attach({ customer_id: 'old@example.com', product_id: 'pro' }))
    has(attach, answer)
    await pay(answer.checkout_url)
    await holds('old@example.com', 'pro active')
    assert.deepEqual(ok(await autumn.customers.delete('eve')), { success: true })
  })

  test('cancel', async () => {
    ok(await autumn.attach({ customer_id: 'leaver', product_id: 'gift' }))
    has(cancel, ok(await autumn.cancel({ customer_id: 'leaver', product_id: 'gift' })))
    await holds('leaver', 'free active')
  })

  test('refusals', async () => {
    refused(await autumn.entitled({ customer_id: 'c', feature_id: 'nothing' }), 404, 'feature_not_found', AutumnError)
    refused(await autumn.cancel({ customer_id: 'nobody', product_id: 'pro' }), 404, 'customer_not_found', AutumnError)
    refused(await oldest({ secretKey: 'am_sk_wrong' }).customers.get('c'), 401, 'invalid_secret_key', AutumnError)
  })
})
