// Locks, and balances that belong to no plan, by the second generation of the SDK.
import { before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { clients } from '../clients.js'
import { T0 } from '../stack.js'
import { fresh } from '../words.js'

const autumn = clients['1.3.13']
const done = { success: true }

/** Expects a refusal; the SDK has its body as a text. */
async function refused(call, status, code) {
  const error = await call.then((answer) => assert.fail(`not refused: ${JSON.stringify(answer)}`), (error) => error)
  assert.deepEqual([error.statusCode, JSON.parse(error.body).code], [status, code], String(error))
}

/** What is left of a customer's messages, and what is used or reserved. */
async function messages(customerId) {
  const { balance } = await autumn.check({ customerId, featureId: 'messages' })
  return [balance.remaining, balance.usage]
}

const lock = (lockId, more) => ({ lockId, enabled: true, ...more })

describe('SDK 1.3.13: locks', () => {
  before(fresh)

  test('reserve and confirm with another value', async () => {
    const answer = await autumn.check({ customerId: 'ada', featureId: 'messages', requiredBalance: 30, sendEvent: true, lock: lock('one', { expiresAt: T0 + 3600_000 }) })
    assert.deepEqual([answer.allowed, answer.balance.remaining], [true, 70])
    assert.deepEqual(await autumn.balances.finalize({ lockId: 'one', action: 'confirm', overrideValue: 12.5, properties: { job: 1 } }), done)
    assert.deepEqual(await messages('ada'), [87.5, 12.5])
    assert.deepEqual(await autumn.balances.finalize({ lockId: 'one', action: 'confirm', overrideValue: 12.5 }), done, 'again')
    assert.deepEqual(await messages('ada'), [87.5, 12.5])
    await refused(autumn.balances.finalize({ lockId: 'one', action: 'release' }), 409, 'lock_finalized')
  })

  test('reserve by a track, and release', async () => {
    const answer = await autumn.track({ customerId: 'ada', featureId: 'messages', value: 20, lock: lock('two') })
    assert.deepEqual([answer.value, answer.balance.remaining], [20, 67.5])
    assert.deepEqual(await autumn.balances.finalize({ lockId: 'two', action: 'release' }), done)
    assert.deepEqual(await messages('ada'), [87.5, 12.5])
  })

  test('too much is not allowed', async () => {
    assert.equal((await autumn.check({ customerId: 'ada', featureId: 'messages', requiredBalance: 88, lock: lock('three') })).allowed, false)
    await refused(autumn.track({ customerId: 'ada', featureId: 'messages', value: 88, lock: lock('three') }), 400, 'insufficient_balance')
    await refused(autumn.balances.finalize({ lockId: 'three', action: 'confirm' }), 404, 'lock_not_found')
  })
})

describe('SDK 1.3.13: balances of no plan', () => {
  before(fresh)

  test('create, update, delete', async () => {
    await autumn.customers.getOrCreate({ customerId: 'bea' })
    assert.deepEqual(await autumn.balances.create({ customerId: 'bea', featureId: 'messages', includedGrant: 50, reset: { interval: 'week' }, balanceId: 'gift' }), done)
    const { balances } = await autumn.customers.get({ customerId: 'bea' })
    const gift = balances.messages.breakdown.find((part) => part.planId === null)
    assert.deepEqual([gift.id, gift.includedGrant, gift.reset, gift.expiresAt], ['gift', 50, { interval: 'week', intervalCount: 1, resetsAt: T0 + 7 * 86400_000 }, null])
    assert.deepEqual(await autumn.balances.update({ customerId: 'bea', featureId: 'messages', balanceId: 'gift', addToBalance: 5 }), done)
    assert.deepEqual(await messages('bea'), [155, 0])
    assert.deepEqual(await autumn.balances.update({ customerId: 'bea', featureId: 'messages', balanceId: 'gift', includedGrant: 20, expiresAt: T0 + 86400_000 * 9 }), done)
    assert.deepEqual(await autumn.balances.update({ customerId: 'bea', featureId: 'messages', usage: 10 }), done)
    assert.deepEqual(await messages('bea'), [110, 10])
    assert.deepEqual(await autumn.balances.delete({ customerId: 'bea', featureId: 'messages', balanceId: 'gift' }), done)
    assert.deepEqual(await messages('bea'), [100, 0], 'what resets sooner was used first')
  })

  test('what can not be done is refused', async () => {
    await refused(autumn.balances.create({ customerId: 'nobody', featureId: 'messages', includedGrant: 5 }), 404, 'customer_not_found')
    await refused(autumn.balances.update({ customerId: 'bea', featureId: 'messages' }), 400, 'invalid_inputs')
    await refused(autumn.balances.delete({ customerId: 'bea', featureId: 'messages' }), 400, 'invalid_request')
  })
})
