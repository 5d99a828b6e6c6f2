// The second generation of the SDK: rewards, referrals, events, invoices, and the pages of
// Stripe.
import { before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { clients } from '../clients.js'
import { key, rest, T0, until } from '../stack.js'
import { autumn as first, card, fresh, ok } from '../words.js'

const autumn = clients['1.3.13']
const day = 24 * 3600 * 1000

describe('SDK 1.3.13: rewards', () => {
  before(fresh)
  const coupon = { id: 'summer', name: 'Summer', type: 'percentage_discount', value: 20, duration: { type: 'months', length: 3 }, planIds: ['pro'], promoCodes: [{ code: 'SUMMER20', globalMaxRedemption: 100, firstTimeTransaction: true }] }
  const grant = { id: 'beta', name: 'Beta', grants: [{ featureId: 'messages', included: 500, expiry: { type: 'month', length: 1 } }, { featureId: 'dashboard', included: null, expiry: null }], promoCodes: [{ code: 'BETA500', maxUses: 2 }] }

  test('a coupon is created, read, changed and listed', async () => {
    const made = await autumn.rewards.create({ coupon })
    assert.deepEqual(made, { coupon: { ...coupon, createdAt: T0 } })
    assert.deepEqual(await autumn.rewards.get({ rewardId: 'summer' }), made)
    const { coupon: changed } = await autumn.rewards.update({ rewardId: 'summer', coupon: { name: 'Sun', planIds: null, promoCodes: [{ code: 'SUMMER20', globalMaxRedemption: 100, firstTimeTransaction: true }, { code: 'SUN' }] } })
    assert.deepEqual([changed.name, changed.planIds, changed.value, changed.duration, changed.promoCodes.map((c) => [c.code, c.globalMaxRedemption, c.firstTimeTransaction]).sort()],
      ['Sun', null, 20, coupon.duration, [['SUMMER20', 100, true], ['SUN', null, false]]])
    const { coupon: fewer } = await autumn.rewards.update({ rewardId: 'summer', coupon: { promoCodes: [{ code: 'SUN' }] } })
    assert.deepEqual([fewer.name, fewer.planIds, fewer.promoCodes.map((c) => c.code)], ['Sun', null, ['SUN']])
    const old = (await rest('GET', '/v1/rewards/summer')).body
    assert.deepEqual([old.type, old.discount_config.discount_value, old.discount_config.duration_value, old.discount_config.apply_to_all], ['percentage_discount', 20, 3, true], 'the first dialect reads the same reward')
  })

  test('a grant of features is created, redeemed once and changed', async () => {
    assert.deepEqual(await autumn.rewards.create({ featureGrant: grant }), { featureGrant: { ...grant, createdAt: T0 } })
    await autumn.customers.getOrCreate({ customerId: 'ada' })
    assert.deepEqual(await autumn.rewards.redeemCode({ code: 'beta500', customerId: 'ada' }),
      { rewardId: 'beta', entitlementsGranted: [{ featureId: 'messages', balance: 500 }, { featureId: 'dashboard', balance: 1 }] })
    const ada = await autumn.customers.get({ customerId: 'ada' })
    assert.deepEqual([ada.balances.messages.remaining, ada.flags.dashboard.planId], [600, null])
    assert.deepEqual(ada.balances.messages.breakdown.map((b) => [b.planId, b.includedGrant, b.expiresAt]), [['free', 100, null], [null, 500, Date.parse('2027-05-01T00:00:00Z')]])
    await refusedNew(autumn.rewards.redeemCode({ code: 'BETA500', customerId: 'ada' }), 400, 'customer_already_redeemed_referral_code')
    const { featureGrant } = await autumn.rewards.update({ rewardId: 'beta', featureGrant: { grants: [{ featureId: 'messages', included: 5, expiry: null }] } })
    assert.deepEqual([featureGrant.name, featureGrant.grants, featureGrant.promoCodes], ['Beta', [{ featureId: 'messages', included: 5, expiry: null }], grant.promoCodes])
  })

  test('list has every reward, and delete removes one', async () => {
    const list = await autumn.rewards.list()
    assert.deepEqual([list.coupons.map((c) => c.id), list.featureGrants.map((g) => g.id)], [['summer'], ['beta']])
    assert.deepEqual(await autumn.rewards.delete({ rewardId: 'summer' }), { success: true })
    assert.deepEqual((await autumn.rewards.list()).coupons, [])
  })

  test('what can not be is refused', async () => {
    await refusedNew(autumn.rewards.create({}), 400, 'invalid_inputs')
    await refusedNew(autumn.rewards.create({ coupon, featureGrant: grant }), 400, 'invalid_inputs')
    await refusedNew(autumn.rewards.create({ featureGrant: grant }), 400, 'duplicate_reward_id')
    await refusedNew(autumn.rewards.create({ coupon: { ...coupon, value: 120 } }), 400, 'invalid_reward')
    assert.match(await refusedNew(autumn.rewards.create({ coupon: { ...coupon, duration: { type: 'one_off', length: 2 } } }), 400, 'invalid_inputs'), /^coupon\.duration\.length: /)
    assert.match(await refusedNew(autumn.rewards.create({ coupon: { ...coupon, planIds: [] } }), 400, 'invalid_inputs'), /^coupon\.plan_ids: /)
    await refusedNew(autumn.rewards.update({ rewardId: 'beta', coupon: { name: 'x' } }), 400, 'invalid_inputs')
    await refusedNew(autumn.rewards.get({ rewardId: 'nothing' }), 404, 'reward_not_found')
    await refusedNew(autumn.rewards.delete({ rewardId: 'nothing' }), 404, 'reward_not_found')
    await refusedNew(autumn.rewards.redeemCode({ code: 'NOTHING', customerId: 'ada' }), 404, 'reward_not_found')
  })
})

describe('SDK 1.3.13: referrals', () => {
  before(async () => {
    await fresh()
    await autumn.rewards.create({ featureGrant: { id: 'ten', name: 'Ten', grants: [{ featureId: 'messages', included: 10, expiry: null }], promoCodes: [] } })
    for (const id of ['ada', 'bob']) await autumn.customers.getOrCreate({ customerId: id })
  })
  const program = { id: 'friends', rewardId: 'ten', redeemOn: 'customer_creation', receivedBy: 'all', maxRedemptions: 5 }

  test('a program is created, read, changed, listed', async () => {
    const made = await autumn.referrals.createProgram(program)
    assert.deepEqual(made, { ...program, planIds: null, excludeTrial: true, createdAt: T0 })
    assert.deepEqual(await autumn.referrals.getProgram({ referralProgramId: 'friends' }), made)
    assert.deepEqual(await autumn.referrals.updateProgram({ referralProgramId: 'friends', maxRedemptions: null }), { ...made, maxRedemptions: null })
    assert.deepEqual(await autumn.referrals.updateProgram({ referralProgramId: 'friends', redeemOn: 'checkout', planIds: ['pro'], excludeTrial: false }), { ...made, maxRedemptions: null, redeemOn: 'checkout', planIds: ['pro'], excludeTrial: false })
    assert.deepEqual(await autumn.referrals.updateProgram({ referralProgramId: 'friends', redeemOn: 'customer_creation', planIds: null, excludeTrial: null, maxRedemptions: 5 }), made)
    assert.deepEqual((await autumn.referrals.listPrograms()).list, [made])
    assert.equal((await rest('GET', '/v1/reward_programs/friends')).body.when, 'customer_creation', 'the first dialect reads the same program')
  })

  test('a code is redeemed once, and both sides have the reward', async () => {
    const { code, customerId, createdAt } = await autumn.referrals.createCode({ customerId: 'ada', programId: 'friends' })
    assert.deepEqual([customerId, createdAt], ['ada', T0])
    assert.equal((await autumn.referrals.createCode({ customerId: 'ada', programId: 'friends' })).code, code)
    const done = await autumn.referrals.redeemCode({ code, customerId: 'bob' })
    assert.deepEqual([/^rr_/.test(done.id), done.customerId, done.rewardId], [true, 'bob', 'ten'])
    for (const id of ['ada', 'bob']) assert.equal((await autumn.check({ customerId: id, featureId: 'messages' })).balance.remaining, 110)
    await refusedNew(autumn.referrals.redeemCode({ code, customerId: 'bob' }), 400, 'customer_already_redeemed_referral_code')
    await refusedNew(autumn.referrals.redeemCode({ code, customerId: 'ada' }), 400, 'customer_cannot_redeem_own_code')
    await refusedNew(autumn.referrals.redeemCode({ code: 'ZZZZZZ', customerId: 'bob' }), 404, 'referral_code_not_found')
    await refusedNew(autumn.referrals.createCode({ customerId: 'nobody', programId: 'friends' }), 404, 'customer_not_found')
  })

  test('a reward of a program stays, and delete removes the program', async () => {
    await refusedNew(autumn.rewards.delete({ rewardId: 'ten' }), 400, 'invalid_request')
    assert.deepEqual(await autumn.referrals.deleteProgram({ referralProgramId: 'friends' }), { success: true })
    await refusedNew(autumn.referrals.getProgram({ referralProgramId: 'friends' }), 404, 'reward_program_not_found')
    await refusedNew(autumn.referrals.updateProgram({ referralProgramId: 'friends', maxRedemptions: 1 }), 404, 'reward_program_not_found')
    assert.deepEqual(await autumn.rewards.delete({ rewardId: 'ten' }), { success: true })
  })
})

describe('SDK 1.3.13: events and invoices', () => {
  before(async () => {
    await fresh()
    await autumn.customers.getOrCreate({ customerId: 'ada' })
    await card('ada')
    ok(await first.attach({ customer_id: 'ada', product_id: 'pro' }))
    for (const value of [3, 4, 5]) await autumn.track({ customerId: 'ada', featureId: 'messages', value, properties: { model: 'big' } })
    await until('the events are kept', async () => (await autumn.events.list({ customerId: 'ada' })).list.length === 3)
  })

  test('events are listed page by page', async () => {
    const seen = []
    for (let startCursor = ''; startCursor !== null;) {
      const page = await autumn.events.list({ customerId: 'ada', featureId: 'messages', startCursor, limit: 2 })
      seen.push(...page.list)
      startCursor = page.nextCursor
    }
    assert.deepEqual(seen.map((e) => [e.featureId, e.customerId, e.timestamp, e.properties, e.deductions]), seen.map(() => ['messages', 'ada', T0, { model: 'big' }, null]))
    assert.deepEqual(seen.map((e) => e.value).sort(), [3, 4, 5])
    const page = (await rest('POST', '/v1/events/list', { customer_id: 'ada', offset: 1, limit: 2 }, { Authorization: `Bearer ${key}`, 'x-api-version': '2.1.0' })).body
    assert.deepEqual([page.list.length, page.has_more, page.total, page.offset, page.limit], [2, false, 3, 1, 2])
  })

  test('sums of events, by day, week and month', async () => {
    for (const [binSize, period] of [['day', '2027-04-01'], ['week', '2027-03-29'], ['month', '2027-04-01']]) {
      const { list, total } = await autumn.events.aggregate({ customerId: 'ada', featureId: 'messages', range: '7d', binSize })
      assert.deepEqual([list.at(-1).period, list.at(-1).values.messages, total.messages], [Date.parse(period), 12, { count: 3, sum: 12 }])
    }
    const sum = async (range) => (await autumn.events.aggregate({ customerId: 'ada', featureId: 'messages', ...range })).total.messages.sum
    for (const range of ['24h', '30d', '90d', 'last_cycle', '1bc', '3bc']) assert.equal(await sum({ range }), 12, range)
    assert.equal(await sum({ customRange: { start: T0 - 9 * day, end: T0 - day } }), 0)
    await rest('POST', '/v1/features/messages', { group_by: ['model'] })
    const grouped = await autumn.events.aggregate({ customerId: 'ada', featureId: 'messages', groupBy: 'properties.model' })
    assert.equal(grouped.list.at(-1).groupedValues.messages.big, 12)
    assert.equal(await sum({ filterBy: { model: 'big' } }), 12)
    assert.equal(await sum({ filterBy: { model: 'small' } }), 0)
  })

  test('what has no meaning here is refused', async () => {
    await refusedNew(autumn.events.list({ featureId: 'messages' }), 400, 'invalid_inputs')
    await refusedNew(autumn.events.aggregate({ featureId: 'messages' }), 400, 'invalid_inputs')
    await refusedNew(autumn.events.aggregate({ customerId: 'ada', featureId: 'messages', filterBy: { model: 'big', plan: 'x' } }), 400, 'invalid_inputs')
    assert.match(await refusedNew(autumn.events.aggregate({ customerId: 'ada', featureId: 'messages', aggregateOn: 'deducted' }), 400, 'invalid_request'), /aggregate_on/)
    await refusedNew(autumn.invoices.list({}), 400, 'invalid_inputs')
    await refusedNew(autumn.invoices.list({ customerId: 'nobody' }), 404, 'customer_not_found')
  })

  test('invoices are listed', async () => {
    const { list, nextCursor } = await autumn.invoices.list({ customerId: 'ada', status: ['paid'] })
    assert.deepEqual([list.map((i) => [i.planIds, i.status, i.total, i.currency, i.customerId, i.entityId, i.refundedAmount, i.id === i.stripeId]), nextCursor], [[[['pro'], 'paid', 20, 'usd', 'ada', null, 0, true]], null])
    assert.deepEqual((await autumn.invoices.list({ customerId: 'ada', status: ['void'] })).list, [])
  })

  test('the pages of Stripe', async () => {
    const portal = await autumn.billing.openCustomerPortal({ customerId: 'ada', returnUrl: 'https://example.com/back' })
    assert.deepEqual([portal.customerId, /^https?:/.test(portal.url)], ['ada', true])
    const setup = await autumn.billing.setupPayment({ customerId: 'new', successUrl: 'https://example.com/ok' })
    assert.deepEqual([setup.customerId, /^https?:/.test(setup.url)], ['new', true])
    assert.match(await refusedNew(autumn.billing.setupPayment({ customerId: 'ada', planId: 'pro' }), 400, 'invalid_request'), /billing\.attach/)
  })

  test('where a key leads', async () => {
    const { status, body } = await rest('GET', '/v1/organization/me', undefined, { Authorization: `Bearer ${key}`, 'x-api-version': '2.1.0' })
    assert.deepEqual([status, body.name, body.slug, body.env], [200, 'Windfall', 'windfall', 'sandbox'])
  })

  test('what is not offered says what to use instead', async () => {
    for (const [call, says] of [
      [() => autumn.licenses.attach({ customerId: 'ada', planId: 'pro', entities: [] }), /entities\.create/],
      [() => autumn.keys.refresh({}), /make key/],
      [() => autumn.sandboxes.list({}), /make dev/],
      [() => autumn.invoices.void({ invoiceId: 'in_1' }), /Dashboard/],
      [() => autumn.platform.syncRevenueCat({ organizationSlug: 'x', env: 'test' }), /billing\.attach/],
      [() => autumn.trackTokens({ customerId: 'ada', modelId: 'm', inputTokens: 1, outputTokens: 1 }), /balances\.track/],
    ]) assert.match(await refusedNew(call(), 404, 'not_supported'), says)
  })
})

/** Expects a refusal; the SDK has its body as a text. */
async function refusedNew(call, status, code) {
  const error = await call.then((answer) => assert.fail(`not refused: ${JSON.stringify(answer)}`), (error) => error)
  assert.equal(error.statusCode, status, String(error))
  const answer = JSON.parse(error.body)
  assert.deepEqual([answer.code, answer.env], [code, 'sandbox'])
  return answer.message
}
