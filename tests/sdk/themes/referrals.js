import { before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { AutumnError } from 'autumn-js-old'
import { clients as installed } from '../clients.js'
import { T0 } from '../stack.js'
import { has, redemption, referralCode } from '../shapes.js'
import { autumn, fresh, holds, ok, post, refused } from '../words.js'

const clients = {
  '0.1.36': { sdk: autumn },
  '0.0.65': { sdk: installed['0.0.65'], old: AutumnError },
}

for (const [version, { sdk, old }] of Object.entries(clients)) describe(`referrals, SDK ${version}`, () => {
  before(async () => {
    await fresh()
    // The SDK has no method for rewards and programs.
    await post('/v1/rewards', { id: 'fifty', name: '50 messages', type: 'free_product', free_product_id: 'gift' })
    await post('/v1/reward_programs', { id: 'invite', when: 'customer_creation', internal_reward_id: 'fifty', received_by: 'all', max_redemptions: 2 })
    await post('/v1/reward_programs', { id: 'slow', when: 'customer_creation', internal_reward_id: 'fifty', received_by: 'all', hold_days: 7 })
    const mail = (id) => `mail.${id.split('@')[0]}@example.com`
    for (const id of ['ada@example.com', 'bob', 'cyd', 'dee']) ok(await autumn.customers.create({ id, name: `Name of ${id}`, email: mail(id) }))
  })

  const code = async (customer_id) => {
    const answer = ok(await sdk.referrals.createCode({ customer_id, program_id: 'invite' }))
    has(referralCode, answer)
    return answer
  }

  test('createCode answers the same code each time', async () => {
    const first = await code('ada@example.com')
    assert.match(first.code, /^[A-Z0-9]{6}$/)
    assert.deepEqual([first.customer_id, first.created_at], ['ada@example.com', T0])
    assert.deepEqual(await code('ada@example.com'), first)
  })

  test('redeemCode rewards both sides', async () => {
    const done = ok(await sdk.referrals.redeemCode({ code: (await code('ada@example.com')).code, customer_id: 'bob' }))
    has(redemption, done)
    assert.match(done.id, /^rr_/)
    assert.deepEqual([done.customer_id, done.reward_id, done.applied], ['bob', 'fifty', true])
    assert.deepEqual(done.referrer, { id: 'ada@example.com', name: 'Name of ada@example.com', email: 'mail.ada@example.com', created_at: T0 })
    assert.equal(done.redeemer.id, 'bob')
    const mail = (id) => `mail.${id.split('@')[0]}@example.com`
    for (const id of ['ada@example.com', 'bob']) {
      await holds(id, 'free active', 'gift active')
      assert.equal(ok(await autumn.check({ customer_id: id, feature_id: 'messages' })).balance, 150)
    }
  })

  test('redeemCode refuses for the reasons that clients know', async () => {
    const { code: first } = await code('ada@example.com')
    const { code: bobs } = await code('bob')
    const redeem = (text, customer_id) => sdk.referrals.redeemCode({ code: text, customer_id })
    refused(await redeem(first, 'bob'), 400, 'customer_already_redeemed_referral_code', old)
    refused(await redeem(first, 'ada@example.com'), 400, 'customer_cannot_redeem_own_code', old)
    refused(await redeem(first, 'nobody'), 404, 'customer_not_found', old)
    refused(await redeem('ZZZZZZ', 'cyd'), 404, 'referral_code_not_found', old)
    ok(await redeem(first.toLowerCase(), 'cyd'))
    refused(await redeem(first, 'dee'), 400, 'referral_code_max_redemptions_reached', old)
    ok(await redeem(bobs, 'dee'))
  })

  test('redeemCode of one mailbox is refused, and a reward that waits for its day is told', async () => {
    ok(await autumn.customers.create({ id: 'bob again', email: 'Mail.Bob+again@example.com' }))
    const { code: bobs } = ok(await sdk.referrals.createCode({ customer_id: 'bob', program_id: 'slow' }))
    refused(await sdk.referrals.redeemCode({ code: bobs, customer_id: 'bob again' }), 400, 'customer_cannot_redeem_own_code', old)
    const done = ok(await sdk.referrals.redeemCode({ code: bobs, customer_id: 'cyd' }))
    has(redemption, done)
    assert.deepEqual([done.status, done.triggered, done.applied, done.redeemer_applied], ['held', false, false, false])
  })

  test('createCode needs a customer and a program that exist', async () => {
    refused(await sdk.referrals.createCode({ customer_id: 'nobody', program_id: 'invite' }), 404, 'customer_not_found', old)
    refused(await sdk.referrals.createCode({ customer_id: 'bob', program_id: 'nothing' }), 404, 'reward_program_not_found', old)
    refused(await autumn.customers.get('nobody'), 404, 'customer_not_found')
  })
})
