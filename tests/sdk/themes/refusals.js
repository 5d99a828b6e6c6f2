import { before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { key, rest } from '../stack.js'
import { failure, has } from '../shapes.js'
import { autumn, client, fresh, ok, refused } from '../words.js'

describe('keys', () => {
  before(fresh)

  for (const [name, secretKey] of [['an unknown key', 'am_sk_test_unknown'], ['a key of another make', 'sk_test_other'], ['a key cut short', key.slice(0, -1)]]) {
    test(`${name} opens nothing`, async () => {
      const stranger = client({ secretKey })
      for (const call of [
        stranger.customers.create({ id: 'x' }), stranger.customers.get('x'), stranger.customers.list(), stranger.customers.update('x', {}), stranger.customers.delete('x'),
        stranger.customers.billingPortal('x'), stranger.setupPayment({ customer_id: 'x' }),
        stranger.products.list(), stranger.products.create({ id: 'x' }), stranger.features.list(),
        stranger.attach({ customer_id: 'x', product_id: 'pro' }), stranger.checkout({ customer_id: 'x', product_id: 'pro' }),
        stranger.check({ customer_id: 'x', feature_id: 'messages' }), stranger.track({ customer_id: 'x', feature_id: 'messages' }),
        stranger.referrals.createCode({ customer_id: 'x', program_id: 'y' }), stranger.referrals.redeemCode({ code: 'x', customer_id: 'y' }),
      ]) refused(await call, 401, 'invalid_secret_key')
      assert.deepEqual(ok(await autumn.customers.list()).list, [])
    })
  }

  test('no key at all has a code of its own', async () => {
    // With headers of one's own the SDK sends no Authorization.
    const keyless = client({ headers: { 'Content-Type': 'application/json' } })
    refused(await keyless.customers.get('x'), 401, 'no_secret_key')
    refused(await keyless.check({ customer_id: 'x', feature_id: 'messages' }), 401, 'no_secret_key')
  })
})

describe('what does not exist', () => {
  before(fresh)

  for (const [method, path] of [
    ['GET', '/v1/nothing'], ['POST', '/v1/nothing'], ['PUT', '/v1/customers/ada'], ['DELETE', '/v1/attach'], ['GET', '/v1/check'],
    ['GET', '/v1/customers/a/b'], ['GET', '/v1'], ['GET', '/nothing'], ['POST', '/v1/v1/attach'],
  ]) {
    test(`${method} ${path} is a 404 in the API's own words`, async () => {
      const answer = await rest(method, path, method === 'GET' ? undefined : {})
      assert.deepEqual([answer.status, answer.body.code], [404, 'route_not_found'])
      assert.match(answer.type, /^application\/json/)
      has(failure, answer.body)
      assert.ok(answer.body.message.includes(`${method} ${path}`), answer.body.message)
    })
  }

  test('a refusal of a known route names the environment', async () => {
    const answer = await rest('GET', '/v1/customers/nobody')
    assert.deepEqual([answer.status, answer.body.code, answer.body.env], [404, 'customer_not_found', 'sandbox'])
  })

  test('usage and balances are set, and query adds usage up', async () => {
    const customer_id = 'setter'
    ok(await autumn.customers.create({ id: customer_id }))
    const done = ok(await autumn.usage({ customer_id, feature_id: 'messages', value: 5 }))
    assert.deepEqual([done.code, done.customer_id, done.feature_id], ['event_received', customer_id, 'messages'])
    ok(await autumn.usage({ customer_id: 'unknown', feature_id: 'messages', value: 5, customer_data: { name: 'New' } }))
    assert.equal(ok(await autumn.customers.get('unknown')).name, 'New')
    assert.equal(ok(await autumn.check({ customer_id, feature_id: 'messages' })).usage, 5)
    ok(await autumn.customers.updateBalances(customer_id, { feature_id: 'messages', balance: 7 }))
    assert.equal(ok(await autumn.check({ customer_id, feature_id: 'messages' })).balance, 7)
    assert.ok(Array.isArray(ok(await autumn.query({ customer_id, feature_id: 'messages' })).list))
  })

  test('what is not offered says what to use instead', async () => {
    const error = refused(await autumn.entities.transfer('ada', { from_entity_id: 'e', to_entity_id: 'f', product_id: 'free' }), 404, 'not_supported')
    assert.match(error.message, /POST \/v1\/attach/)
  })

  test('expansions that are not built yet', async () => {
    ok(await autumn.customers.create({ id: 'ada' }))
    refused(await autumn.customers.get('ada', { expand: ['upcoming_invoice'] }), 400, 'invalid_expand')
  })
})
