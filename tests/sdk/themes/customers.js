import { before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { T0 } from '../stack.js'
import { attach as attachShape, customer, customers, expandedCustomer, has } from '../shapes.js'
import { autumn, card, fresh, holds, ok, refused } from '../words.js'

describe('customers', () => {
  before(fresh)

  test('create answers all that is declared, and the default product', async () => {
    const made = ok(await autumn.customers.create({ id: 'ada', name: 'Ada', email: 'ada@example.com', fingerprint: 'device', metadata: { plan: { seats: 3 } } }))
    has(customer, made)
    const { id, name, email, fingerprint, stripe_id, env, metadata, created_at } = made
    assert.deepEqual({ id, name, email, fingerprint, stripe_id, env, metadata, created_at }, {
      id: 'ada', name: 'Ada', email: 'ada@example.com', fingerprint: 'device', stripe_id: null,
      env: 'sandbox', metadata: { plan: { seats: 3 } }, created_at: T0,
    })
    assert.deepEqual(made.products.map((p) => [p.id, p.status, p.is_default, p.started_at]), [['free', 'active', true, T0]])
    assert.deepEqual([made.features.messages.balance, made.features.messages.next_reset_at], [100, Date.parse('2027-05-01T00:00:00Z')])
  })

  test('create again answers the same customer, unchanged', async () => {
    ok(await autumn.customers.create({ id: 'again', name: 'First' }))
    assert.equal(ok(await autumn.customers.create({ id: 'again', name: 'Second' })).name, 'First')
  })

  test('create takes expand, which the SDK sends in the query and in the body', async () => {
    const made = ok(await autumn.customers.create({ id: 'wide', expand: ['invoices', 'trials_used'] }))
    has(expandedCustomer, made)
    assert.deepEqual([made.invoices, made.trials_used], [[], []])
    assert.ok(!('invoices' in ok(await autumn.customers.create({ id: 'wide' }))), 'invoices come only when asked for')
  })

  test('create needs an id or an e-mail address', async () => {
    refused(await autumn.customers.create({ name: 'Nobody' }), 400, 'invalid_request')
    const made = ok(await autumn.customers.create({ id: null, email: 'prepared@example.com' }))
    has(customer, made)
    assert.equal(made.id, null)
  })

  // The SDK puts the id into the path as it is.
  for (const id of ['grace@navy.example', 'v1.2', 'first.last+tag@sub.example.com', 'with space', 'ünïcödé', '~weird_-id!']) {
    test(`get, update and delete find the id ${id}`, async () => {
      ok(await autumn.customers.create({ id, name: 'Found' }))
      const found = ok(await autumn.customers.get(id))
      has(customer, found)
      assert.deepEqual([found.id, found.name], [id, 'Found'])
      assert.equal(ok(await autumn.customers.update(id, { name: 'Changed' })).name, 'Changed')
      assert.deepEqual(ok(await autumn.customers.delete(id)), { success: true })
      refused(await autumn.customers.get(id), 404, 'customer_not_found')
    })
  }

  test('get expands invoices', async () => {
    ok(await autumn.customers.create({ id: 'buyer' }))
    await card('buyer')
    has(attachShape, ok(await autumn.attach({ customer_id: 'buyer', product_id: 'pro' })))
    const found = ok(await autumn.customers.get('buyer', { expand: ['invoices', 'trials_used'] }))
    has(expandedCustomer, found)
    assert.deepEqual(found.invoices.map((i) => [i.product_ids, i.status, i.total, i.currency, i.created_at]), [[['pro'], 'paid', 20, 'usd', T0]])
  })

  test('get expands the payment method', async () => {
    ok(await autumn.customers.create({ id: 'payer' }))
    assert.equal(ok(await autumn.customers.get('payer', { expand: ['payment_method'] })).payment_method, null)
    await card('payer')
    const { object, card: saved } = ok(await autumn.customers.get('payer', { expand: ['payment_method', 'invoices'] })).payment_method
    assert.deepEqual([object, saved.last4], ['payment_method', '4242'])
  })

  test('get shows a boolean feature as static, with nothing to count', async () => {
    ok(await autumn.customers.create({ id: 'viewer' }))
    await card('viewer')
    ok(await autumn.attach({ customer_id: 'viewer', product_id: 'pro' }))
    await holds('viewer', 'pro active')
    const { dashboard } = ok(await autumn.customers.get('viewer')).features
    assert.deepEqual([dashboard.type, dashboard.balance], ['static', null])
  })

  test('update changes name, e-mail, metadata and the id itself', async () => {
    ok(await autumn.customers.create({ id: 'before', metadata: { kept: 1, gone: 2 } }))
    const changed = ok(await autumn.customers.update('before', { id: 'after@example.com', name: 'After', email: 'after@example.com', metadata: { gone: null, added: 3 } }))
    has(customer, changed)
    assert.deepEqual([changed.id, changed.name, changed.email, changed.metadata], ['after@example.com', 'After', 'after@example.com', { kept: 1, added: 3 }])
    assert.equal(ok(await autumn.customers.get('after@example.com')).created_at, T0)
    refused(await autumn.customers.get('before'), 404, 'customer_not_found')
  })

  test('update and delete of an unknown customer are refused', async () => {
    refused(await autumn.customers.update('nobody', { name: 'X' }), 404, 'customer_not_found')
    refused(await autumn.customers.delete('nobody'), 404, 'customer_not_found')
  })

  test('delete takes delete_in_stripe', async () => {
    ok(await autumn.customers.create({ id: 'leaver' }))
    await card('leaver')
    assert.deepEqual(ok(await autumn.customers.delete('leaver', { delete_in_stripe: true })), { success: true })
  })

  test('delete of a customer with a subscription is refused, but for delete_in_stripe', async () => {
    ok(await autumn.customers.create({ id: 'payer' }))
    await card('payer')
    ok(await autumn.attach({ customer_id: 'payer', product_id: 'pro' }))
    refused(await autumn.customers.delete('payer'), 400, 'customer_has_subscriptions')
    assert.deepEqual(ok(await autumn.customers.delete('payer', { delete_in_stripe: true })), { success: true })
  })
})

describe('customers.list', () => {
  before(fresh)

  test('pages hold every customer once', async () => {
    for (const id of ['a', 'b', 'c', 'd', 'e']) ok(await autumn.customers.create({ id }))
    const seen = []
    for (let offset = 0; offset < 6; offset += 2) {
      const page = ok(await autumn.customers.list({ limit: 2, offset }))
      has(customers, page)
      assert.deepEqual([page.limit, page.offset, page.total], [2, offset, offset < 4 ? offset + 3 : 5], 'at least so many, and exactly where no more follow')
      seen.push(...page.list.map((c) => c.id))
    }
    assert.deepEqual(seen.sort(), ['a', 'b', 'c', 'd', 'e'])
  })

  test('without parameters it answers the first page', async () => {
    const page = ok(await autumn.customers.list())
    has(customers, page)
    assert.deepEqual([page.list.length, page.total, page.limit, page.offset], [5, 5, 10, 0])
  })

  test('a limit that makes no sense is refused', async () => {
    refused(await autumn.customers.list({ limit: -1 }), 400, 'invalid_inputs')
  })
})
