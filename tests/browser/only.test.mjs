import { after } from 'node:test'
import assert from 'node:assert/strict'
import { close, offences, stack } from './browser.js'
const { stack: dashboard } = await import('./dashboard/stack.js')
for (const f of (process.env.FLOWS ?? 'frame').split(',')) await import(`./dashboard/${f}.flow.js`)
after(async () => { await dashboard.stop(); await close(); assert.deepEqual(offences, []) })
