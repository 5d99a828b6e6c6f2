// The second generation of the SDK, 1.3.13, with a zod that refuses every answer
// that lacks a key. Nothing fails open, so a broken answer is seen.
import { before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { clients } from '../clients.js'
import { key, rest, T0 } from '../stack.js'
import { autumn as first, card, fresh, holds, ok } from '../words.js'

const autumn = clients['1.3.13']
const may = Date.parse('2027-05-01T00:00:00Z')

/** Expects a refusal; the SDK has its body as a text. */
async function refused(call, status, code) {
  const error = await call.then((answer) => assert.fail(`not refused: ${JSON.stringify(answer)}`), (error) => error)
  assert.equal(error.statusCode, status, String(error))
  const body = JSON.parse(error.body)
  assert.deepEqual([body.code, body.env, Object.keys(body).sort()], [code, 'sandbox', ['code', 'env', 'message']])
  return body.message
}

describe('SDK 1.3.13: features', () => {
  before(fresh)

  test('list answers every feature', async () => {
    const { list } = await autumn.features.list()
    assert.deepEqual(list.map((f) => [f.id, f.type, f.consumable]).sort(), [
      ['credits', 'credit_system', true], ['dashboard', 'boolean', false], ['messages', 'metered', true], ['seats', 'metered', false],
    ])
  })

  test('create, get, update and delete', async () => {
    const made = await autumn.features.create({ featureId: 'exports', name: 'Exports', type: 'metered', consumable: true, display: { singular: 'export', plural: 'exports' }, eventNames: ['exported'] })
    assert.deepEqual([made.id, made.type, made.consumable, made.display, made.eventNames, made.creditSchema, made.archived],
      ['exports', 'metered', true, { singular: 'export', plural: 'exports' }, ['exported'], [], false])
    assert.deepEqual(await autumn.features.get({ featureId: 'exports' }), made)
    const changed = await autumn.features.update({ featureId: 'exports', name: 'Downloads', consumable: false, archived: true })
    assert.deepEqual(changed, { ...made, name: 'Downloads', consumable: false, archived: true, eventNames: [] }, 'a new type begins without them')
    assert.equal(ok(await first.features.get('exports')).type, 'continuous_use', 'the first dialect reads the same feature')
    assert.deepEqual(await autumn.features.delete({ featureId: 'exports' }), { success: true })
    await refused(autumn.features.get({ featureId: 'exports' }), 404, 'feature_not_found')
  })

  test('a credit system costs as it says', async () => {
    const made = await autumn.features.create({ featureId: 'tokens', name: 'Tokens', type: 'credit_system', creditSchema: [{ meteredFeatureId: 'messages', creditCost: 1, billingUnits: 4 }] })
    assert.deepEqual(made.creditSchema, [{ meteredFeatureId: 'messages', creditCost: 0.25 }])
    await autumn.features.delete({ featureId: 'tokens' })
  })

  test('what has no meaning here is refused', async () => {
    assert.match(await refused(autumn.features.create({ featureId: 'ai', name: 'AI', type: 'ai_credit_system' }), 400, 'invalid_feature'), /^type: /)
    assert.match(await refused(autumn.features.create({ featureId: 'x', name: 'X', type: 'metered' }), 400, 'invalid_feature'), /^consumable: /)
    await refused(autumn.features.create({ featureId: 'messages', name: 'M', type: 'boolean' }), 409, 'duplicate_feature_id')
    await refused(autumn.features.update({ featureId: 'nothing', name: 'N' }), 404, 'feature_not_found')
    await refused(autumn.features.delete({ featureId: 'messages' }), 400, 'invalid_feature')
  })
})

describe('SDK 1.3.13: customers', () => {
  before(fresh)

  test('getOrCreate answers every key', async () => {
    const ada = await autumn.customers.getOrCreate({ customerId: 'ada', name: 'Ada', email: 'ada@example.com', metadata: { team: 'x' }, expand: ['balances.feature'] })
    assert.deepEqual([ada.id, ada.name, ada.email, ada.createdAt, ada.fingerprint, ada.stripeId, ada.env, ada.metadata, ada.sendEmailReceipts],
      ['ada', 'Ada', 'ada@example.com', T0, null, null, 'sandbox', { team: 'x' }, false])
    assert.deepEqual(ada.subscriptions.map((s) => [s.planId, s.status, s.autoEnable, s.addOn, s.pastDue, s.quantity, s.startedAt, s.canceledAt, s.expiresAt, s.trialEndsAt]),
      [['free', 'active', true, false, false, 1, T0, null, null, null]])
    assert.deepEqual([ada.purchases, ada.licenses, ada.flags], [[], [], {}])
    const { messages } = ada.balances
    assert.deepEqual([messages.featureId, messages.granted, messages.remaining, messages.usage, messages.unlimited, messages.overageAllowed, messages.maxPurchase, messages.nextResetAt],
      ['messages', 100, 100, 0, false, false, null, may])
    assert.deepEqual([messages.feature.id, messages.feature.type], ['messages', 'metered'])
    assert.deepEqual(messages.breakdown.map((b) => [b.planId, b.includedGrant, b.prepaidGrant, b.remaining, b.usage, b.reset.interval, b.reset.resetsAt, b.price, b.expiresAt]),
      [['free', 100, 0, 100, 0, 'month', may, null, null]])
    assert.deepEqual(messages.rollovers, [])
    assert.equal((await autumn.customers.getOrCreate({ customerId: 'ada', name: 'Other' })).name, 'Ada', 'blanks alone are filled')
  })

  test('a customer without an id is known by the e-mail address', async () => {
    const made = await autumn.customers.getOrCreate({ customerId: null, email: 'later@example.com' })
    assert.equal(made.id, null)
    const claimed = await autumn.customers.getOrCreate({ customerId: 'later', email: 'later@example.com' })
    assert.deepEqual([claimed.id, claimed.createdAt], ['later', made.createdAt])
  })

  test('get shows what a purchase in the first dialect gave', async () => {
    await card('ada')
    ok(await first.attach({ customer_id: 'ada', product_id: 'pro' }))
    await holds('ada', 'pro active')
    const ada = await autumn.customers.get({ customerId: 'ada', expand: ['invoices', 'trials_used', 'rewards', 'entities', 'referrals', 'payment_method'] })
    assert.deepEqual(ada.subscriptions.map((s) => [s.planId, s.status, s.currentPeriodStart, s.currentPeriodEnd]), [['pro', 'active', T0, may]])
    assert.deepEqual([ada.balances.messages.granted, ada.flags.dashboard.planId, ada.flags.dashboard.featureId, ada.balances.dashboard], [500, 'pro', 'dashboard', undefined])
    assert.deepEqual(ada.invoices.map((i) => [i.planIds, i.status, i.total, i.currency]), [[['pro'], 'paid', 20, 'usd']])
    assert.deepEqual([ada.trialsUsed, ada.rewards.discounts, ada.entities, ada.referrals, ada.paymentMethod.type], [[], [], [], [], 'card'])
    assert.equal(ada.processors.stripe.id, ada.stripeId)
  })

  test('a one-off plan is a purchase', async () => {
    ok(await first.attach({ customer_id: 'ada', product_id: 'pack', options: [{ feature_id: 'messages', quantity: 100 }] }))
    await holds('ada', 'pro active', 'pack active')
    const ada = await autumn.customers.get({ customerId: 'ada' })
    assert.deepEqual(ada.purchases.map((p) => [p.planId, p.quantity, p.startedAt, p.expiresAt]), [['pack', 1, T0, null]])
    const pack = ada.balances.messages.breakdown.find((b) => b.planId === 'pack')
    assert.deepEqual([pack.reset, pack.price.billingMethod], [null, 'prepaid'])
  })

  test('update, list and delete', async () => {
    const changed = await autumn.customers.update({ customerId: 'later', newCustomerId: 'latest', name: 'Late', metadata: { a: 1 } })
    assert.deepEqual([changed.id, changed.name, changed.metadata], ['latest', 'Late', { a: 1 }])
    const page = await autumn.customers.list({ limit: 1 })
    assert.equal(page.list.length, 1)
    const rest = await autumn.customers.list({ startCursor: page.nextCursor })
    assert.deepEqual([...page.list, ...rest.list].map((c) => c.id).sort(), ['ada', 'latest'])
    assert.equal(rest.nextCursor, null)
    assert.deepEqual((await autumn.customers.list({ search: 'Lat' })).list.map((c) => c.id), ['latest'])
    assert.deepEqual(await autumn.customers.delete({ customerId: 'latest' }), { success: true })
    await refused(autumn.customers.get({ customerId: 'latest' }), 404, 'customer_not_found')
  })

  test('a list by what customers have, and plans as they hold them', async () => {
    const begun = await autumn.customers.getOrCreate({ customerId: 'guest', autoEnablePlanId: 'free', sendEmailReceipts: true })
    assert.deepEqual([begun.subscriptions.map((s) => s.planId), begun.sendEmailReceipts], [['free'], true])
    const have = async (filter) => (await autumn.customers.list(filter)).list.map((c) => c.id)
    assert.deepEqual(await have({ plans: [{ id: 'pro' }], subscriptionStatus: 'active' }), ['ada'])
    assert.deepEqual(await have({ plans: [{ id: 'pro', versions: [2] }] }), [])
    assert.deepEqual(await have({ processors: ['stripe'], sortOrder: 'asc' }), ['ada'])
    assert.deepEqual(await have({ createdAtRange: { start: T0, end: T0 }, plans: [{ id: 'free' }] }), ['guest'])
    const { subscriptions, purchases } = await autumn.customers.get({ customerId: 'ada', expand: ['subscriptions.plan', 'purchases.plan'] })
    assert.deepEqual([subscriptions[0].plan.id, subscriptions[0].plan.price.amount, purchases[0].plan.id], ['pro', 20, 'pack'])
    await autumn.customers.delete({ customerId: 'guest' })
  })

  test('what can not be done is refused', async () => {
    await refused(autumn.customers.getOrCreate({ customerId: null }), 400, 'invalid_request')
    await refused(autumn.customers.get({ customerId: 'ada', expand: ['invoice_previews'] }), 400, 'invalid_expand')
    await refused(autumn.customers.list({ startCursor: 'nonsense' }), 400, 'invalid_cursor')
    assert.match(await refused(autumn.customers.getOrCreate({ customerId: 'x', autoEnablePlanId: 'pro' }), 400, 'invalid_inputs'), /auto_enable_plan_id/)
  })
})

describe('SDK 1.3.13: balances', () => {
  before(fresh)

  test('check creates the customer and answers the balance', async () => {
    const answer = await autumn.check({ customerId: 'eve', featureId: 'messages' })
    assert.deepEqual([answer.allowed, answer.customerId, answer.requiredBalance, answer.balance.remaining, answer.flag], [true, 'eve', 1, 100, null])
    assert.equal((await autumn.check({ customerId: 'eve', featureId: 'messages', requiredBalance: 101 })).allowed, false)
  })

  test('a boolean feature is a flag', async () => {
    const off = await autumn.check({ customerId: 'eve', featureId: 'dashboard' })
    assert.deepEqual([off.allowed, off.balance, off.flag], [false, null, null])
    await card('eve')
    ok(await first.attach({ customer_id: 'eve', product_id: 'pro' }))
    const on = await autumn.check({ customerId: 'eve', featureId: 'dashboard' })
    assert.deepEqual([on.allowed, on.balance, on.flag.planId, on.flag.featureId], [true, null, 'pro', 'dashboard'])
  })

  test('track answers the balance after it', async () => {
    const done = await autumn.track({ customerId: 'eve', featureId: 'messages', value: 3 })
    assert.deepEqual([done.customerId, done.value, done.balance.usage, done.balance.remaining], ['eve', 3, 3, 497])
    const byEvent = await autumn.track({ customerId: 'eve', eventName: 'message_sent' })
    assert.deepEqual([byEvent.eventName, byEvent.value, byEvent.balance.usage], ['message_sent', 1, 4])
    assert.equal((await autumn.check({ customerId: 'eve', featureId: 'messages', requiredBalance: 6, sendEvent: true })).balance.usage, 10)
    assert.deepEqual(await autumn.batchTrack([{ customerId: 'eve', featureId: 'messages', value: 5 }]), { success: true })
    assert.equal(ok(await first.check({ customer_id: 'eve', feature_id: 'messages' })).usage, 15, 'the first dialect reads the same balance')
  })

  test('a preview says what would allow it', async () => {
    const answer = await autumn.check({ customerId: 'new', featureId: 'dashboard', withPreview: true })
    assert.deepEqual([answer.allowed, answer.preview.scenario, answer.preview.featureId, answer.preview.products[0].id], [false, 'feature_flag', 'dashboard', 'pro'])
  })

  test('what can not be done is refused', async () => {
    await refused(autumn.check({ customerId: 'eve', featureId: 'nothing' }), 404, 'feature_not_found')
    await refused(autumn.track({ customerId: 'eve', featureId: 'dashboard' }), 400, 'invalid_request')
    await refused(autumn.track({ customerId: 'eve', featureId: 'messages', value: 1e20 }), 400, 'invalid_inputs')
    assert.match(await refused(autumn.track({ customerId: 'eve', featureId: 'messages', overageBehavior: 'overflow' }), 400, 'invalid_inputs'), /^overage_behavior: /)
  })
})

describe('x-api-version', () => {
  before(fresh)

  const call = (version, method, path, body) => rest(method, path, body, { Authorization: `Bearer ${key}`, ...(version && { 'x-api-version': version }) })

  test('decides the dialect of a path that both have', async () => {
    const ask = async (version) => Object.keys((await call(version, 'POST', '/v1/check', { customer_id: 'ada', feature_id: 'messages' })).body).sort()
    assert.ok((await ask()).includes('included_usage'))
    assert.deepEqual(await ask('2.1'), ['allowed', 'balance', 'customer_id', 'entity_id', 'flag', 'required_balance'])
  })

  test('an unknown one, and one without an answer, is refused', async () => {
    for (const [version, path, says] of [['9', '/v1/check', '"9" is not a valid API version'], ['1.2', '/v1/features.list', 'call GET /v1/features,'], ['2.3.0', '/v1/cancel', 'is not part of version 2.3']]) {
      const answer = await call(version, 'POST', path, {})
      assert.deepEqual([answer.status, answer.body.code, answer.body.message.includes(says)], [400, 'invalid_api_version', true], answer.body.message)
    }
  })

  test('before 2.3 lists skip, as the command line asks for them', async () => {
    const { body } = await call('2.1.0', 'POST', '/v1/customers/list', { limit: 10, offset: 0 })
    assert.deepEqual([body.list.map((c) => c.id), body.total, body.limit, body.offset, body.has_more], [['ada'], 1, 10, 0, false])
    assert.equal((await call('2.1.0', 'GET', '/v1/customers/ada')).body.subscriptions[0].plan_id, 'free')
  })
})
