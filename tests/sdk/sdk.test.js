// Windfall against the official SDK, unmodified. One process holds all themes,
// so that the stack is built and started once; each theme empties it first.
import { after, test } from 'node:test'
import assert from 'node:assert/strict'
import { faults, stop } from './stack.js'

import './themes/customers.js'
import './themes/features.js'
import './themes/products.js'
import './themes/attach.js'
import './themes/changes.js'
import './themes/checkout.js'
import './themes/pages.js'
import './themes/check.js'
import './themes/track.js'
import './themes/referrals.js'
import './themes/refusals.js'
import './themes/old.js'
import './themes/second.js'
import './themes/second-rewards.js'
import './themes/second-plans.js'
import './themes/command-line.js'

test('no call above was answered with a fault of the server', () => {
  assert.deepEqual(faults(), [])
})

after(stop)
