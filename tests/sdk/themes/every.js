// Every operation of the first generation of clients, once with success and once
// refused, by each of three versions that stand for all.
import { before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { clients, operations } from '../clients.js'
import { card, fresh, post } from '../words.js'

const long = 'x'.repeat(300)
const messages = (value) => [{ feature_id: 'messages', quantity: value }]
let code // of a referrer

// name: what succeeds, what is refused, and with which code; null is an operation that is not offered.
const calls = {
  'customers.create': [[{ id: 'bob', name: 'Bob' }], [{ name: 'Nobody' }], 'invalid_request'],
  'customers.get': [['bob'], ['nobody'], 'customer_not_found'],
  'customers.list': [[{ limit: 2 }], [{ limit: -1 }], 'invalid_inputs'],
  'customers.update': [['bob', { name: 'Robert' }], ['nobody', { name: 'X' }], 'customer_not_found'],
  'customers.billingPortal': [['bob'], ['nobody'], 'customer_not_found'],
  'customers.updateBalances': [['bob', { feature_id: 'messages', balance: 7 }], ['bob', { feature_id: 'nothing', balance: 7 }], 'feature_not_found'],
  'products.create': [[{ id: 'extra', name: 'Extra', items: [{ price: 5, interval: 'month' }] }], [{ id: 'pro', name: 'Pro' }], 'product_already_exists'],
  'products.get': [['extra'], ['nothing'], 'product_not_found'],
  'products.list': [[{ customer_id: 'bob' }], [{ customer_id: long }], 'invalid_request'],
  'products.delete': [['extra'], ['free'], 'product_has_customers'],
  'features.list': [[], null],
  'features.get': [['messages'], ['nothing'], 'feature_not_found'],
  checkout: [[{ customer_id: 'bob', product_id: 'pro' }], [{ customer_id: 'bob', product_id: 'nothing' }], 'product_not_found'],
  setupPayment: [[{ customer_id: 'bob' }], [{}], 'invalid_inputs'],
  attach: [[{ customer_id: 'ada', product_id: 'pro' }], [{ customer_id: 'ada', product_id: 'nothing' }], 'product_not_found'],
  check: [[{ customer_id: 'ada', product_id: 'pro' }], [{ customer_id: 'ada', feature_id: 'nothing' }], 'feature_not_found'],
  entitled: [[{ customer_id: 'ada', feature_id: 'messages' }], [{ customer_id: 'ada', feature_id: 'nothing' }], 'feature_not_found'],
  track: [[{ customer_id: 'ada', feature_id: 'messages', value: 2 }], [{ customer_id: 'ada', event_name: 'nothing' }], 'invalid_event_name'],
  event: [[{ customer_id: 'ada', event_name: 'message_sent' }], [{ customer_id: 'ada', event_name: 'nothing' }], 'invalid_event_name'],
  usage: [[{ customer_id: 'ada', feature_id: 'messages', value: 9 }], [{ customer_id: 'ada', feature_id: 'nothing', value: 9 }], 'feature_not_found'],
  query: [[{ customer_id: 'ada', feature_id: 'messages', range: '7d' }], [{ customer_id: 'nobody', feature_id: 'messages' }], 'customer_not_found'],
  'events.list': [[{ customer_id: 'ada' }], [{ customer_id: 'nobody' }], 'customer_not_found'],
  'events.aggregate': [[{ customer_id: 'ada', feature_id: 'messages', range: '7d' }], [{ customer_id: 'ada', feature_id: 'nothing' }], 'feature_not_found'],
  'balances.create': [[{ customer_id: 'ada', feature_id: 'messages', granted_balance: 5 }], [{ customer_id: 'nobody', feature_id: 'messages', granted_balance: 5 }], 'customer_not_found'],
  'entities.create': [['ada', { id: 'desk', name: 'Desk', feature_id: 'seats' }], ['ada', { id: 'desk', name: 'Desk', feature_id: 'seats' }], 'duplicate_entity_id'],
  'entities.get': [['ada', 'desk'], ['ada', 'other'], 'entity_not_found'],
  'entities.transfer': [null, ['ada', { from_entity_id: 'desk', to_entity_id: 'other', product_id: 'pro' }], 'not_supported'],
  'entities.delete': [['ada', 'desk'], ['ada', 'other'], 'entity_not_found'],
  'referrals.createCode': [[{ customer_id: 'ada', program_id: 'invite' }], [{ customer_id: 'ada', program_id: 'nothing' }], 'reward_program_not_found'],
  'referrals.redeemCode': [() => [{ code, customer_id: 'bob' }], () => [{ code, customer_id: 'ada' }], 'customer_cannot_redeem_own_code'],
  'v2.billing.previewAttach': [[{ customer_id: 'ada', plan_id: 'packs', feature_quantities: messages(250) }], [{ customer_id: 'ada', plan_id: 'nothing' }], 'product_not_found'],
  'v2.billing.attach': [[{ customer_id: 'ada', plan_id: 'packs', feature_quantities: messages(250) }], [{ customer_id: 'ada', plan_id: 'pro' }], 'plan_already_attached'],
  'v2.billing.previewUpdate': [[{ customer_id: 'ada', plan_id: 'packs', feature_quantities: messages(500) }], [{ customer_id: 'nobody', plan_id: 'packs', feature_quantities: messages(500) }], 'customer_not_found'],
  'v2.billing.update': [[{ customer_id: 'ada', plan_id: 'packs', feature_quantities: messages(500) }], [{ customer_id: 'nobody', plan_id: 'packs', feature_quantities: messages(500) }], 'customer_not_found'],
  'v2.billing.previewMultiAttach': [[{ customer_id: 'ada', plans: [{ plan_id: 'gift' }, { plan_id: 'open' }] }], [{ customer_id: 'ada', plans: [] }], 'invalid_inputs'],
  'v2.billing.multiAttach': [[{ customer_id: 'ada', plans: [{ plan_id: 'gift' }] }], [{ customer_id: 'ada', plans: [] }], 'invalid_inputs'],
  'v2.billing.setupPayment': [[{ customer_id: 'ada' }], [{ customer_id: 'ada', plan_id: 'pro' }], 'invalid_request'],
  'v2.balances.update': [[{ customer_id: 'ada', feature_id: 'messages', remaining: 40 }], [{ customer_id: 'ada', feature_id: 'messages' }], 'invalid_inputs'],
  'v2.balances.finalize': [[{ lock_id: 'one', action: 'confirm' }], [{ lock_id: 'none', action: 'confirm' }], 'lock_not_found'],
  'customers.delete': [['bob'], ['nobody'], 'customer_not_found'],
  cancel: [[{ customer_id: 'ada', product_id: 'pro' }], [{ customer_id: 'nobody', product_id: 'pro' }], 'customer_not_found'],
}

for (const version of ['0.0.65', '0.1.36', '0.1.85']) describe(`every operation of SDK ${version}`, () => {
  const client = clients[version]
  before(async () => {
    await fresh()
    await post('/v1/products', { id: 'packs', name: 'Packs', group: 'packs', items: [{ price: 20, interval: 'month' },
      { feature_id: 'messages', price: 9, billing_units: 250, usage_model: 'prepaid', interval: 'month' }] })
    await post('/v1/rewards', { id: 'fifty', name: '50 messages', type: 'free_product', free_product_id: 'gift' })
    await post('/v1/reward_programs', { id: 'invite', when: 'customer_creation', internal_reward_id: 'fifty', received_by: 'referrer' })
    await post('/v1/customers', { id: 'ada', email: 'ada@example.com' })
    await card('ada')
    await post('/v1/attach', { customer_id: 'ada', product_id: 'open' })
    await post('/v1/balances.track', { customer_id: 'ada', feature_id: 'messages', value: 1, lock: { lock_id: 'one', enabled: true } })
    code = (await post('/v1/referrals/code', { customer_id: 'ada', program_id: 'invite' })).code
  })

  const has = operations(client)
  for (const [name, [good, bad, refusal]] of Object.entries(calls)) {
    if (!has.includes(name)) continue
    test(name, async () => {
      const call = (args) => name.split('.').reduce((part, step) => part[step], client)(...(typeof args === 'function' ? args() : args))
      if (good) {
        const { data, error } = await call(good)
        assert.equal(error, null, String(error?.message))
        assert.equal(typeof data, 'object')
      }
      if (bad) assert.equal((await call(bad)).error?.code, refusal)
    })
  }
  test('all of them are above', () => assert.deepEqual(has.filter((name) => !(name in calls)), []))
})
