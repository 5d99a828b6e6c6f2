// The simulator against Stripe's own library. One process holds all themes, so
// that the stack is built and started once; each theme makes its own objects.
import { after, test } from 'node:test'
import assert from 'node:assert/strict'
import { stack } from './client.js'

import './themes/catalog.js'
import './themes/checkout.js'
import './themes/subscriptions.js'
import './themes/invoices.js'
import './themes/payments.js'
import './themes/clocks.js'
import './themes/webhooks.js'
import './themes/transport.js'

test('no call above was answered with a fault of the server', () => {
  assert.deepEqual(stack.faults(), [])
})

after(async () => {
  const { code, log } = await stack.stop()
  assert.equal(code, 0, log.join('\n'))
})
