// The second generation of the SDK, 1.3.13: plans.
import { before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { clients } from '../clients.js'
import { T0 } from '../stack.js'
import { autumn as first, card, fresh, holds, ok } from '../words.js'

const autumn = clients['1.3.13']

/** Expects a refusal; the SDK has its body as a text. */
async function refused(call, status, code) {
  const error = await call.then((answer) => assert.fail(`not refused: ${JSON.stringify(answer)}`), (error) => error)
  assert.equal(error.statusCode, status, String(error))
  const body = JSON.parse(error.body)
  assert.deepEqual([body.code, body.env], [code, 'sandbox'])
  return body.message
}

const month = { interval: 'month', intervalCount: 1 }

describe('SDK 1.3.13: plans', () => {
  before(fresh)

  test('create, get and list', async () => {
    const made = await autumn.plans.create({ planId: 'team', name: 'Team', description: 'For teams.', price: { amount: 40, ...month },
      items: [
        { featureId: 'dashboard' },
        { featureId: 'messages', included: 1000, reset: month },
        { featureId: 'credits', unlimited: true },
        { featureId: 'seats', included: 2, price: { tiers: [{ to: 10, amount: 12 }, { to: 'inf', amount: 9 }], tierBehavior: 'graduated', billingMethod: 'usage_based', billingUnits: 1, ...month },
          proration: { onIncrease: 'prorate_immediately', onDecrease: 'prorate_immediately' } },
      ],
      freeTrial: { durationLength: 7, durationType: 'day', cardRequired: true } })
    assert.deepEqual([made.id, made.name, made.description, made.group, made.version, made.addOn, made.autoEnable, made.archived, made.env, made.createdAt, made.baseVariantId],
      ['team', 'Team', 'For teams.', null, 1, false, false, false, 'sandbox', T0, null])
    assert.deepEqual(made.price, { amount: 40, ...month })
    assert.deepEqual(made.freeTrial, { durationLength: 7, durationType: 'day', cardRequired: true, onEnd: 'bill' })
    assert.deepEqual(made.items.map((i) => [i.featureId, i.included, i.unlimited, i.reset, i.price?.tiers?.length ?? null, i.price?.maxPurchase ?? null]), [
      ['dashboard', 0, false, null, null, null], ['messages', 1000, false, month, null, null], ['credits', 0, true, { interval: 'one_off' }, null, null], ['seats', 2, false, null, 2, null]])
    assert.deepEqual(await autumn.plans.get({ planId: 'team' }), made)
    const { list } = await autumn.plans.list()
    assert.deepEqual(list.map((p) => p.id).sort(), ['free', 'gift', 'open', 'pack', 'pro', 'team'])
    assert.deepEqual(list.find((p) => p.id === 'team'), made)
    const product = ok(await first.products.get('team'))
    assert.deepEqual(product.items.map((i) => [i.type, i.feature_id, i.price, i.usage_model]),
      [['price', null, 40, null], ['feature', 'dashboard', null, null], ['feature', 'messages', null, null], ['feature', 'credits', null, null], ['priced_feature', 'seats', null, 'pay_per_use']])
  })

  test('what was read is written back unchanged', async () => {
    for (const planId of ['team', 'pro', 'pack', 'free']) {
      const was = await autumn.plans.get({ planId })
      const product = ok(await first.products.get(planId))
      const { price, items, freeTrial } = was
      await autumn.plans.update({ planId, price, ...(freeTrial ? { freeTrial } : {}), items: items.map(({ reset, price, display, ...rest }) => ({ ...rest, ...(reset ? { reset } : {}), ...(price ? { price } : {}) })) })
      assert.deepEqual(ok(await first.products.get(planId)), product)
    }
  })

  test('update, versions and delete', async () => {
    ok(await first.customers.create({ id: 'ada' }))
    await card('ada')
    ok(await first.attach({ customer_id: 'ada', product_id: 'pro' }))
    await holds('ada', 'pro active')
    const next = await autumn.plans.update({ planId: 'pro', price: { amount: 25, ...month } })
    assert.deepEqual([next.version, next.price.amount, next.items.length], [2, 25, 2])
    assert.equal((await autumn.plans.get({ planId: 'pro', version: 1 })).price.amount, 20)
    assert.equal((await autumn.plans.list({ allVersions: true })).list.filter((p) => p.id === 'pro').length, 2)
    const shown = Object.fromEntries((await autumn.plans.list({ customerId: 'ada' })).list.map((p) => [p.id, p.customerEligibility]))
    assert.deepEqual(shown.team, { trialAvailable: true, status: undefined, canceling: false, trialing: false, attachAction: 'upgrade' })
    assert.deepEqual(shown.pro, { trialAvailable: false, status: 'active', canceling: false, trialing: false, attachAction: 'none' })
    assert.equal(shown.pack.attachAction, 'purchase')
    await refused(autumn.plans.delete({ planId: 'pro' }), 400, 'product_has_customers')
    assert.equal((await autumn.plans.update({ planId: 'gift', archived: true })).archived, true)
    assert.equal((await autumn.plans.list({ includeArchived: false })).list.some((p) => p.id === 'gift'), false)
    assert.equal((await autumn.plans.list({ includeArchived: true })).list.some((p) => p.id === 'gift'), true)
    assert.deepEqual(await autumn.plans.delete({ planId: 'gift' }), { success: true })
    const free = await autumn.plans.update({ planId: 'team', price: null, items: [], freeTrial: null })
    assert.deepEqual([free.price, free.items, free.freeTrial], [null, [], undefined])
  })

  test('what has no meaning here is refused', async () => {
    await refused(autumn.plans.get({ planId: 'nothing' }), 404, 'product_not_found')
    await refused(autumn.plans.create({ planId: 'pro', name: 'Pro' }), 400, 'product_already_exists')
    await refused(autumn.plans.create({ planId: 'x', name: 'X', items: [{ featureId: 'nothing' }] }), 404, 'feature_not_found')
    assert.match(await refused(autumn.plans.create({ planId: 'x', name: 'X', items: [{ featureId: 'messages', included: 5, reset: month, rollover: { max: 5, expiryDurationType: 'month', expiryDurationLength: 1 } }] }), 400, 'invalid_request'), /^items\[0\]\.rollover: /)
    assert.match(await refused(autumn.plans.update({ planId: 'pro', newPlanId: 'pro2' }), 400, 'invalid_inputs'), /pro2/)
    assert.match(await refused(autumn.plans.update({ planId: 'pro', price: { amount: 30, ...month }, allVersions: true }), 400, 'invalid_request'), /^all_versions: /)
  })
})
