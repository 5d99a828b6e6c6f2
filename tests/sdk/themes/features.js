import { before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { FeatureSchema } from 'autumn-js'
import { feature, has } from '../shapes.js'
import { autumn, fresh, ok, refused } from '../words.js'

describe('features', () => {
  before(fresh)

  test('list answers every feature', async () => {
    const { list } = ok(await autumn.features.list())
    for (const one of list) {
      has(feature, one)
      FeatureSchema.parse(one) // the SDK's own
    }
    assert.deepEqual(list.map((f) => [f.id, f.type]).sort(), [
      ['credits', 'credit_system'], ['dashboard', 'boolean'], ['messages', 'single_use'], ['seats', 'continuous_use'],
    ])
  })

  test('get answers the display and the credit schema', async () => {
    const seats = ok(await autumn.features.get('seats'))
    has(feature, seats)
    assert.deepEqual([seats.name, seats.display, seats.credit_schema, seats.archived], ['Seats', { singular: 'seat', plural: 'seats' }, null, false])
    assert.deepEqual(ok(await autumn.features.get('credits')).credit_schema, [{ metered_feature_id: 'messages', credit_cost: 2 }])
  })

  test('get of an unknown feature is refused', async () => {
    refused(await autumn.features.get('nothing'), 404, 'feature_not_found')
  })
})
