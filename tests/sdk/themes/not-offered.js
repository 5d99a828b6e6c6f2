// What clients of the second generation can ask for and is not offered here: each says
// what to use instead.
import { before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { clients } from '../clients.js'
import { card, fresh, post } from '../words.js'

const autumn = clients['1.3.13']
const platform = { organizationSlug: 'x', env: 'test' }

/** The operations that are not offered, each with a word of its sentence and its arguments. */
export const notOffered = {
  trackTokens: [/balances\.track/, { customerId: 'ada', modelId: 'm', inputTokens: 1, outputTokens: 1 }],
  'billing.import': [/billing\.attach/, { customerId: 'ada', billables: [] }],
  'invoices.create': [/Dashboard/, { customerId: 'ada' }],
  'invoices.insert': [/Dashboard/, { invoices: [] }],
  'invoices.listTemplates': [/Dashboard/, {}],
  'invoices.pay': [/Dashboard/, { invoiceId: 'in_1' }],
  'invoices.reissue': [/Dashboard/, { invoiceId: 'in_1' }],
  'invoices.void': [/Dashboard/, { invoiceId: 'in_1' }],
  'licenses.attach': [/entities\.create/, { customerId: 'ada', planId: 'pro', entities: [] }],
  'licenses.release': [/entities\.create/, { customerId: 'ada', entityIds: ['e'] }],
  'logs.search': [/CloudWatch/, {}],
  'platform.linkRevenueCat': [/billing\.attach/, { ...platform, projectName: 'x', redirectUrl: 'https://example.com' }],
  'platform.syncRevenueCat': [/billing\.attach/, platform],
  'platform.getRevenueCatKeys': [/billing\.attach/, platform],
  'keys.mint': [/make key/, { customerId: 'ada' }],
  'keys.refresh': [/make key/, {}],
  'keys.revoke': [/make key/, { customerId: 'ada' }],
  'sandboxes.create': [/make dev/, { name: 'x' }],
  'sandboxes.list': [/make dev/, {}],
  'sandboxes.delete': [/make dev/, { id: 'x' }],
  'sandboxes.reset': [/make dev/, {}],
}

describe('SDK 1.3.13: what is not offered', () => {
  for (const [name, [says, body]] of Object.entries(notOffered)) {
    test(name, async () => {
      const call = name.split('.').reduce((part, step) => part[step], autumn)(body)
      const error = await call.then((answer) => assert.fail(`not refused: ${JSON.stringify(answer)}`), (error) => error)
      const { code, message } = JSON.parse(error.body)
      assert.deepEqual([error.statusCode, code], [404, 'not_supported'])
      assert.match(message, says)
    })
  }
})

describe('SDK 1.3.13: the clock of tests', () => {
  before(fresh)

  test('advanceTestClock moves it, on a local stack', async () => {
    await post('/v1/customers', { id: 'ada' })
    await card('ada')
    await autumn.billing.attach({ customerId: 'ada', planId: 'pro' })
    const frozenTime = Date.parse('2027-05-01T00:00:01Z')
    assert.deepEqual(await autumn.customers.advanceTestClock({ customerId: 'ada', frozenTime }), { customerId: 'ada', frozenTime, status: 'ready' })
    assert.deepEqual((await autumn.invoices.list({ customerId: 'ada' })).list.map((i) => i.total), [20, 20])
    const error = await autumn.customers.advanceTestClock({ customerId: 'nobody', frozenTime }).catch((error) => error)
    assert.equal(JSON.parse(error.body).code, 'customer_not_found')
  })
})
