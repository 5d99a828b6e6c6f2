// The hosted pages in a real browser. One process holds all of it, so that the
// stack and Chromium are started once.
import { after, test } from 'node:test'
import assert from 'node:assert/strict'
import { close, offences, stack } from './browser.js'

import './checkout.js'
import './portal.js'

test('no page called another machine, broke, or scrolled sideways', () => {
  assert.deepEqual(offences, [])
  assert.deepEqual(stack.faults(), [])
})

after(async () => assert.equal(await close(), 0))
