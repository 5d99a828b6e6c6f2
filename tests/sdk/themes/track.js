import { before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { has, track } from '../shapes.js'
import { autumn, fresh, ok, refused } from '../words.js'

describe('track', () => {
  before(fresh)

  const use = async (params) => {
    const answer = ok(await autumn.track(params))
    has(track, answer)
    return answer
  }
  const balance = async (customer_id) => ok(await autumn.check({ customer_id, feature_id: 'messages' })).balance

  test('feature_id uses a feature, one unit unless said', async () => {
    const answer = await use({ customer_id: 'ada@example.com', feature_id: 'messages', value: 3, properties: { page: 'home' } })
    assert.deepEqual([answer.code, answer.customer_id, answer.feature_id, answer.event_name], ['event_received', 'ada@example.com', 'messages', null])
    await use({ customer_id: 'ada@example.com', feature_id: 'messages' })
    assert.equal(await balance('ada@example.com'), 96)
  })

  test('event_name uses the features that listen to it', async () => {
    const answer = await use({ customer_id: 'eve', event_name: 'message_sent', value: 2 })
    assert.deepEqual([answer.feature_id, answer.event_name], [null, 'message_sent'])
    assert.equal(await balance('eve'), 98)
  })

  test('fractions are counted exactly', async () => {
    for (const value of [0.1, 0.2]) await use({ customer_id: 'exact', feature_id: 'messages', value })
    assert.equal(await balance('exact'), 99.7)
  })

  test('a negative value gives back', async () => {
    await use({ customer_id: 'returner', feature_id: 'messages', value: 10 })
    await use({ customer_id: 'returner', feature_id: 'messages', value: -4 })
    assert.equal(await balance('returner'), 94)
  })

  test('an idempotency_key counts once', async () => {
    const once = { customer_id: 'once', feature_id: 'messages', value: 5, idempotency_key: 'request-1' }
    await use(once)
    refused(await autumn.track(once), 409, 'duplicate_idempotency_key')
    assert.equal(await balance('once'), 95)
  })

  test('refusals', async () => {
    refused(await autumn.track({ customer_id: 'c', feature_id: 'nothing' }), 404, 'feature_not_found')
    refused(await autumn.track({ customer_id: 'c', event_name: 'nothing' }), 400, 'invalid_event_name')
    refused(await autumn.track({ customer_id: 'c' }), 400, 'invalid_inputs')
    refused(await autumn.track({ feature_id: 'messages' }), 400, 'invalid_inputs')
    refused(await autumn.track({ customer_id: 'c', feature_id: 'messages', value: 'many' }), 400, 'invalid_inputs')
  })
})
