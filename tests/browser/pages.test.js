// The hosted pages in a real browser. One process holds all of it, so that the
// stack and Chromium are started once.
import { readdirSync } from 'node:fs'
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

// The dashboard, with a stack of its own: its pages as they were filled, then what people do there.
const { stack: dashboard } = await import('./dashboard/stack.js')
await import('./dashboard/pages.flow.js')
for (const name of readdirSync(new URL('dashboard/', import.meta.url))) if (name.endsWith('.flow.js')) await import(`./dashboard/${name}`)

test('no page called another machine, broke, scrolled sideways, or is hard to use for anybody (axe, contrast)', () => {
  assert.deepEqual(offences, [])
  assert.deepEqual([...stack.faults(), ...dashboard.faults()], [])
})

after(async () => {
  const { code } = await dashboard.stop()
  assert.deepEqual([code, await close()], [0, 0])
})
