// The hosted pages in a real browser. One process holds all of it, so that the
// stack and Chromium are started once.
import { after, test } from 'node:test'
import assert from 'node:assert/strict'
import { close, offences, stack } from './browser.js'

import './quickstart.js'
import './checkout.js'
import './reward.js'
import './authentication.js'
import './portal.js'
import './invoice.js'
import './explorer.js'

test('no page called another machine, broke, scrolled sideways, or is hard to use for anybody (axe, contrast)', () => {
  assert.deepEqual(offences, [])
  assert.deepEqual(stack.faults(), [])
})

after(async () => assert.equal(await close(), 0))
