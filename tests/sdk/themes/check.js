import { before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { checkFeature, checkProduct, has } from '../shapes.js'
import { autumn, card, fresh, holds, ok, refused } from '../words.js'

describe('check', () => {
  before(async () => {
    await fresh()
    ok(await autumn.customers.create({ id: 'ada' }))
    await card('ada')
    ok(await autumn.attach({ customer_id: 'ada', product_id: 'pro' }))
    await holds('ada', 'pro active')
  })

  const feature = async (params) => {
    const answer = ok(await autumn.check({ customer_id: 'ada', ...params }))
    has(checkFeature, answer)
    return answer
  }

  test('a feature with a balance', async () => {
    const answer = await feature({ feature_id: 'messages' })
    assert.deepEqual([answer.allowed, answer.code, answer.customer_id, answer.feature_id], [true, 'feature_found', 'ada', 'messages'])
    assert.deepEqual([answer.balance, answer.usage, answer.included_usage, answer.required_balance, answer.unlimited, answer.overage_allowed], [500, 0, 500, 1, false, false])
    assert.deepEqual([answer.interval, answer.interval_count, answer.next_reset_at], ['month', 1, Date.parse('2027-05-01T00:00:00Z')])
  })

  test('required_balance is compared with the balance', async () => {
    assert.equal((await feature({ feature_id: 'messages', required_balance: 500 })).allowed, true)
    const answer = await feature({ feature_id: 'messages', required_balance: 500.5 })
    assert.deepEqual([answer.allowed, answer.required_balance], [false, 500.5])
  })

  test('a boolean feature is allowed and has nothing to count', async () => {
    const answer = await feature({ feature_id: 'dashboard' })
    assert.deepEqual([answer.allowed, answer.balance], [true, null])
  })

  test('a feature of no product is not allowed', async () => {
    const answer = await feature({ feature_id: 'seats' })
    assert.deepEqual([answer.allowed, answer.balance], [false, 0])
  })

  test('an unlimited feature has no balance', async () => {
    ok(await autumn.attach({ customer_id: 'boundless', product_id: 'open' }))
    const answer = await feature({ customer_id: 'boundless', feature_id: 'seats', required_balance: 1e9 })
    assert.deepEqual([answer.allowed, answer.unlimited, answer.balance], [true, true, null])
  })

  test('several sources are broken down', async () => {
    ok(await autumn.attach({ customer_id: 'gifted', product_id: 'gift' }))
    const answer = await feature({ customer_id: 'gifted', feature_id: 'messages' })
    assert.deepEqual([answer.balance, answer.interval], [150, 'multiple'])
    assert.deepEqual(answer.breakdown.map((b) => [b.interval, b.balance]), [['month', 100], [null, 50]])
  })

  test('an unknown customer is created with its data', async () => {
    const answer = await feature({ customer_id: 'new@example.com', feature_id: 'messages', customer_data: { name: 'New', email: 'new@example.com' } })
    assert.deepEqual([answer.allowed, answer.balance], [true, 100])
    assert.equal(ok(await autumn.customers.get('new@example.com')).name, 'New')
  })

  test('a product that is held, and one that is not', async () => {
    const ask = async (product_id) => {
      const answer = ok(await autumn.check({ customer_id: 'ada', product_id }))
      has(checkProduct, answer)
      return [answer.allowed, answer.code, answer.customer_id, answer.product_id, answer.status]
    }
    assert.deepEqual(await ask('pro'), [true, 'product_found', 'ada', 'pro', 'active'])
    assert.deepEqual(await ask('pack'), [false, 'product_found', 'ada', 'pack', null])
  })

  test('refusals', async () => {
    refused(await autumn.check({ customer_id: 'ada', feature_id: 'nothing' }), 404, 'feature_not_found')
    refused(await autumn.check({ customer_id: 'ada', product_id: 'nothing' }), 404, 'product_not_found')
    refused(await autumn.check({ customer_id: 'ada' }), 400, 'invalid_request')
    refused(await autumn.check({ feature_id: 'messages' }), 400, 'invalid_inputs')
  })
})
