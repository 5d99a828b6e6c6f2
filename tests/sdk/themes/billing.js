// billing.* with the SDK of the second generation, and with the one between the
// generations, whose v2 methods send 2.1.0.
import { before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { clients } from '../clients.js'
import { T0 } from '../stack.js'
import { card, fresh, holds, pay, post } from '../words.js'

const autumn = clients['1.3.13']
const middle = clients['0.1.85']
const may = Date.parse('2027-05-01T00:00:00Z')

/** Expects a refusal; the SDK has its body as a text. */
async function refused(call, status, code) {
  const error = await call.then((answer) => assert.fail(`not refused: ${JSON.stringify(answer)}`), (error) => error)
  assert.equal(error.statusCode, status, String(error))
  const body = JSON.parse(error.body)
  assert.deepEqual([body.code, body.env], [code, 'sandbox'])
  return body.message
}

async function shop() {
  await fresh()
  const price = (price) => ({ price, interval: 'month' })
  const packs = { feature_id: 'messages', price: 10, billing_units: 100, usage_model: 'prepaid', interval: 'month', included_usage: 50 }
  for (const product of [
    { id: 'team', name: 'Team', group: 'teams', items: [price(20), packs] },
    { id: 'max', name: 'Max', items: [price(50), { feature_id: 'messages', included_usage: 1000, interval: 'month' }] },
  ]) await post('/v1/products', product)
}

async function shopWithAda() {
  await shop()
  await post('/v1/customers', { id: 'ada' })
  await card('ada')
}

const quantity = (quantity) => [{ featureId: 'messages', quantity }]

describe('SDK 1.3.13: billing.attach', () => {
  before(shop)

  test('without a card it answers a page', async () => {
    const preview = await autumn.billing.previewAttach({ customerId: 'ada', planId: 'pro' })
    assert.deepEqual([preview.customerId, preview.total, preview.subtotal, preview.currency, preview.redirectToCheckout, preview.checkoutType, preview.outgoing.map((o) => o.planId)],
      ['ada', 20, 20, 'usd', true, 'stripe_checkout', ['free']])
    const done = await autumn.billing.attach({ customerId: 'ada', planId: 'pro', successUrl: 'https://example.com/ok' })
    assert.deepEqual([done.customerId, done.requiredAction.code, done.invoice], ['ada', 'payment_method_required', undefined])
    await pay(done.paymentUrl)
    await holds('ada', 'pro active')
    assert.match(await refused(autumn.billing.attach({ customerId: 'ada', planId: 'pro' }), 409, 'plan_already_attached'), /billing\.update/)
  })

  test('with a card it charges, as previewed', async () => {
    const preview = await autumn.billing.previewAttach({ customerId: 'ada', planId: 'max' })
    assert.deepEqual([preview.total, preview.redirectToCheckout, preview.checkoutType, preview.nextCycle.total, preview.nextCycle.startsAt], [30, false, null, 50, may])
    assert.deepEqual(preview.lineItems.map((l) => [l.displayName, l.planId, l.featureId, l.total, l.quantity]), [['Pro', 'pro', null, -20, 1], ['Max', 'max', null, 50, 1]])
    assert.deepEqual([preview.incoming[0].planId, preview.incoming[0].effectiveAt, preview.outgoing[0].planId], ['max', null, 'pro'])
    const done = await autumn.billing.attach({ customerId: 'ada', planId: 'max', featureQuantities: [], invoiceMode: undefined, metadata: { why: 'more' } })
    assert.deepEqual([done.paymentUrl, done.requiredAction, done.invoice.status, done.invoice.total, done.invoice.currency], [null, undefined, 'paid', 30, 'usd'])
    await holds('ada', 'max active')
  })

  test('a downgrade waits, and quantities count what is included', async () => {
    await autumn.billing.attach({ customerId: 'ada', planId: 'pro', planSchedule: 'end_of_cycle' })
    const { subscriptions } = await autumn.customers.get({ customerId: 'ada' })
    assert.deepEqual(subscriptions.map((s) => [s.planId, s.status, s.startedAt, s.expiresAt]), [['max', 'active', T0, may], ['pro', 'scheduled', may, null]])
    await autumn.billing.attach({ customerId: 'ada', planId: 'team', featureQuantities: quantity(250) })
    assert.equal((await autumn.customers.get({ customerId: 'ada' })).balances.messages.breakdown.find((b) => b.planId === 'team').prepaidGrant, 200)
  })

  test('what can not be done is refused', async () => {
    await refused(autumn.billing.attach({ customerId: 'ada', planId: 'nothing' }), 404, 'product_not_found')
    await refused(autumn.billing.attach({ customerId: 'bob', planId: 'pro', redirectMode: 'never' }), 402, 'payment_method_required')
    await refused(autumn.billing.attach({ customerId: 'ada', planId: 'pro', noBillingChanges: true }), 400, 'invalid_request')
    await refused(autumn.billing.previewAttach({ customerId: 'bob', planId: 'team', featureQuantities: quantity(20) }), 400, 'invalid_options')
    await refused(autumn.billing.attach({ customerId: 'ada', planId: 'pack', featureQuantities: quantity(250), discounts: [{ promotionCode: 'NONE' }] }), 404, 'reward_not_found')
  })
})

describe('SDK 1.3.13: billing.update', () => {
  before(shopWithAda)

  test('quantities', async () => {
    await autumn.billing.attach({ customerId: 'ada', planId: 'team', featureQuantities: quantity(250) })
    const change = { customerId: 'ada', planId: 'team', featureQuantities: quantity(550) }
    const preview = await autumn.billing.previewUpdate(change)
    assert.deepEqual([preview.intent, preview.total, preview.incoming[0].featureQuantities, preview.outgoing[0].featureQuantities], ['update_quantity', 30, quantity(550), quantity(250)])
    assert.equal((await autumn.billing.update(change)).invoice.total, 30)
    assert.equal((await autumn.billing.previewUpdate(change)).intent, 'none')
    assert.deepEqual((await autumn.billing.update({ ...change, featureQuantities: quantity(650), prorationBehavior: 'none' })).invoice, undefined)
  })

  test('items', async () => {
    await autumn.billing.attach({ customerId: 'ada', planId: 'pro' })
    const done = await autumn.billing.update({ customerId: 'ada', planId: 'pro', customize: { price: { amount: 25, interval: 'month' }, addItems: [{ featureId: 'credits', included: 5, reset: { interval: 'month' } }] } })
    assert.equal(done.invoice.total, 5)
    assert.equal((await autumn.check({ customerId: 'ada', featureId: 'credits' })).balance.remaining, 5)
  })

  test('an end, and its withdrawal', async () => {
    await autumn.billing.update({ customerId: 'ada', planId: 'pro', cancelAction: 'cancel_end_of_cycle' })
    await holds('ada', 'pro active', 'team active', 'free scheduled')
    const back = { customerId: 'ada', planId: 'pro', cancelAction: 'uncancel' }
    assert.equal((await autumn.billing.previewUpdate(back)).intent, 'uncancel')
    await autumn.billing.update(back)
    await holds('ada', 'pro active', 'team active')
    const now = { customerId: 'ada', planId: 'team', cancelAction: 'cancel_immediately' }
    assert.equal((await autumn.billing.previewUpdate(now)).total, -70, 'what was paid: 40 and 30') // the last 10 were not
    await autumn.billing.update(now)
    await holds('ada', 'pro active')
  })

  test('what can not be done is refused', async () => {
    await refused(autumn.billing.update({ customerId: 'ada', planId: 'team', cancelAction: 'uncancel' }), 404, 'product_not_found')
    await refused(autumn.billing.update({ customerId: 'nobody', planId: 'pro', cancelAction: 'uncancel' }), 404, 'customer_not_found')
    await refused(autumn.billing.update({ customerId: 'ada', planId: 'pro', cancelAction: 'cancel_immediately', refundLastPayment: 'full' }), 400, 'invalid_request')
    await refused(autumn.billing.previewUpdate({ customerId: 'ada', planId: 'pro', freeTrial: null }), 400, 'invalid_inputs')
  })
})

describe('SDK 1.3.13: several plans, schedules', () => {
  before(shopWithAda)

  test('multiAttach and its preview', async () => {
    const body = { customerId: 'ada', plans: [{ planId: 'pro' }, { planId: 'team', featureQuantities: quantity(150) }] }
    const preview = await autumn.billing.previewMultiAttach(body)
    assert.deepEqual([preview.total, preview.incoming.map((i) => i.planId), preview.redirectToCheckout], [50, ['pro', 'team'], false])
    const done = await autumn.billing.multiAttach(body)
    assert.deepEqual([done.customerId, done.paymentUrl, done.invoice.total], ['ada', null, 50])
    await holds('ada', 'pro active', 'team active')
    await refused(autumn.billing.multiAttach(body), 409, 'plan_already_attached')
  })

  test('createSchedule', async () => {
    const body = { customerId: 'ada', phases: [{ startsAt: 'now', plans: [{ planId: 'pro' }] }, { startsAt: may, plans: [{ planId: 'max' }] }] }
    const made = await autumn.billing.createSchedule(body)
    assert.deepEqual([made.customerId, made.entityId, made.status, made.paymentUrl, made.phases.map((p) => p.startsAt)], ['ada', null, 'created', null, [T0, may]])
    assert.equal((await autumn.billing.createSchedule(body)).scheduleId, made.scheduleId)
    await holds('ada', 'pro active', 'team active', 'max scheduled')
    assert.match(await refused(autumn.billing.createSchedule({ ...body, phases: [body.phases[0]] }), 400, 'invalid_request'), /phases/)
  })

  test('multiUpdate and its preview', async () => {
    const body = { customerId: 'ada', updates: [{ planId: 'team', cancelAction: 'cancel_immediately' }, { planId: 'pro', cancelAction: 'uncancel' }] }
    const preview = await autumn.billing.previewMultiUpdate(body)
    assert.deepEqual([preview.customerId, preview.currency, preview.total, preview.subscriptions.map((s) => [s.planIds, s.total])], ['ada', 'usd', -30, [[['team'], -30], [['pro'], 0]]])
    assert.deepEqual([(await autumn.billing.multiUpdate(body)).paymentUrl], [null])
    await holds('ada', 'pro active')
    await refused(autumn.billing.multiUpdate({ customerId: 'ada', updates: [] }), 400, 'invalid_inputs')
  })
})

describe('SDK 0.1.85: v2.billing', () => {
  before(shopWithAda)

  test('every operation', async () => {
    const { billing } = middle.v2
    const data = async (call) => { const { data, error } = await call; assert.equal(error, null, String(error?.message)); return data }
    assert.equal((await data(billing.previewAttach({ customer_id: 'ada', plan_id: 'pro' }))).total, 20)
    assert.equal((await data(billing.attach({ customer_id: 'ada', plan_id: 'pro' }))).invoice.total, 20)
    const plans = [{ plan_id: 'team', feature_quantities: [{ feature_id: 'messages', quantity: 150 }] }]
    assert.equal((await data(billing.previewMultiAttach({ customer_id: 'ada', plans }))).total, 30)
    assert.equal((await data(billing.multiAttach({ customer_id: 'ada', plans }))).payment_url, null)
    const end = { customer_id: 'ada', plan_id: 'team', cancel_action: 'cancel_end_of_cycle' }
    assert.equal((await data(billing.previewUpdate(end))).intent, 'cancel_end_of_cycle')
    assert.equal((await data(billing.update(end))).customer_id, 'ada')
    const { error, statusCode } = await billing.attach({ customer_id: 'ada', plan_id: 'pro' })
    assert.deepEqual([statusCode, error.code], [409, 'plan_already_attached'])
  })
})
