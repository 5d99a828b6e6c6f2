// Entities with both generations of the SDK: one product in two spellings.
import { before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { clients } from '../clients.js'
import { customer, entity, has } from '../shapes.js'
import { autumn, card, fresh, holds, ok, post, refused } from '../words.js'

const second = clients['1.3.13']

describe('entities', () => {
  before(async () => {
    await fresh()
    await post('/v1/products', {
      id: 'team', name: 'Team', group: 'teams', items: [{ price: 20, interval: 'month' }, { feature_id: 'seats', included_usage: 3 },
        { feature_id: 'messages', included_usage: 100, interval: 'month', entity_feature_id: 'seats' }],
    })
    ok(await autumn.customers.create({ id: 'ada' }))
    await card('ada')
    ok(await autumn.attach({ customer_id: 'ada', product_id: 'team' }))
    await holds('ada', 'free active', 'team active')
  })

  test('SDK 0.1.36 makes one, and a list', async () => {
    const made = ok(await autumn.entities.create('ada', { id: 'a', name: 'Front desk', feature_id: 'seats' }))
    has(entity, made)
    assert.deepEqual([made.id, made.name, made.customer_id, made.feature_id], ['a', 'Front desk', 'ada', 'seats'])
    ok(await autumn.entities.create('ada', [{ id: 'b', name: 'B', feature_id: 'seats' }]))
    refused(await autumn.entities.create('ada', { id: 'a', name: 'Again', feature_id: 'seats' }), 409, 'duplicate_entity_id')
    const all = ok(await autumn.customers.get('ada', { expand: ['entities'] }))
    has(customer, all)
    assert.deepEqual(all.entities.map((e) => e.id), ['a', 'b'])
  })

  test('it checks and tracks one', async () => {
    ok(await autumn.track({ customer_id: 'ada', entity_id: 'a', feature_id: 'messages', value: 30 }))
    const answer = ok(await autumn.check({ customer_id: 'ada', entity_id: 'a', feature_id: 'messages' }))
    assert.deepEqual([answer.allowed, answer.entity_id, answer.balance], [true, 'a', 170])
    assert.equal(ok(await autumn.check({ customer_id: 'ada', feature_id: 'messages' })).balance, 270)
    refused(await autumn.check({ customer_id: 'ada', entity_id: 'x', feature_id: 'messages' }), 404, 'entity_not_found')
  })

  test('it attaches a product to one, and cancels it', async () => {
    ok(await autumn.attach({ customer_id: 'ada', entity_id: 'a', product_id: 'pro' }))
    const got = ok(await autumn.entities.get('ada', 'a'))
    has(entity, got)
    assert.equal(got.features.messages.balance, 670)
    assert.deepEqual(got.products.map((p) => [p.id, p.entity_id]).sort(), [['free', null], ['pro', 'a'], ['team', null]])
    ok(await autumn.cancel({ customer_id: 'ada', entity_id: 'a', product_id: 'pro', cancel_immediately: true }))
    assert.equal(ok(await autumn.entities.get('ada', 'a')).features.messages.balance, 170)
  })

  test('SDK 1.3.13 reads, makes, lists and deletes them', async () => {
    assert.equal((await second.entities.get({ customerId: 'ada', entityId: 'a' })).balances.messages.remaining, 170)
    const made = await second.entities.create({ customerId: 'ada', entityId: 'c', featureId: 'seats', name: 'C' })
    assert.deepEqual([made.id, made.name, made.balances.messages.remaining, made.purchases, made.flags], ['c', 'C', 200, [], {}])
    assert.equal((await second.entities.update({ customerId: 'ada', entityId: 'c' })).name, 'C', 'this version can change nothing that has a meaning here')
    const page = await second.entities.list({ customerId: 'ada', limit: 2 })
    const pages = [page.result ?? page]
    if (pages[0].nextCursor) pages.push(await second.entities.list({ customerId: 'ada', limit: 2, startCursor: pages[0].nextCursor }).then((p) => p.result ?? p))
    assert.deepEqual(pages.flatMap((p) => p.list.map((e) => e.id)), ['a', 'b', 'c'])
    assert.equal((await second.check({ customerId: 'ada', entityId: 'c', featureId: 'messages' })).balance.remaining, 200)
    await second.track({ customerId: 'ada', entityId: 'c', featureId: 'messages', value: 5 })
    assert.equal(ok(await autumn.check({ customer_id: 'ada', entity_id: 'c', feature_id: 'messages' })).balance, 195)
    assert.deepEqual(await second.entities.delete({ customerId: 'ada', entityId: 'c' }), { success: true })
    const error = await second.entities.get({ customerId: 'ada', entityId: 'c' }).catch((error) => error)
    assert.deepEqual([error.statusCode, JSON.parse(error.body).code], [404, 'entity_not_found'])
  })

  test('SDK 0.1.36 deletes one', async () => {
    assert.deepEqual(ok(await autumn.entities.delete('ada', 'b')), { success: true })
    refused(await autumn.entities.get('ada', 'b'), 404, 'entity_not_found')
    assert.equal(ok(await autumn.check({ customer_id: 'ada', feature_id: 'seats' })).balance, 2)
  })
})
