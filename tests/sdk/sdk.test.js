// Windfall against the official clients, unmodified. One process holds all themes,
// so that the stack is built and started once; each theme empties it first.
import { after, test } from 'node:test'
import assert from 'node:assert/strict'
import { outcomes } from './clients.js'
import { faults, stop } from './stack.js'
import { notOffered } from './themes/not-offered.js'

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
import './themes/billing.js'
import './themes/balances.js'
import './themes/entities.js'
import './themes/every.js'

test('every operation that a client has was called: with success, or not offered; and each group was refused something', () => {
  const gaps = []
  for (const [version, calls] of Object.entries(outcomes())) {
    const refused = {} // group -> whether anything was
    for (const [name, found] of Object.entries(calls)) {
      const want = name in notOffered || name === 'entities.transfer' ? 'not_supported' : ''
      if (!found.includes(want)) gaps.push(`${version} ${name}: never ${want || 'with success'}`)
      const group = name.split('.').slice(0, -1).join('.')
      refused[group] ||= found.some((code) => code !== '')
    }
    for (const [group, once] of Object.entries(refused)) if (!once) gaps.push(`${version} ${group}: never refused`)
  }
  assert.deepEqual(gaps, [])
  assert.deepEqual(Object.fromEntries(Object.entries(outcomes()).map(([version, calls]) => [version, Object.keys(calls).length])), { '0.0.65': 20, '0.1.36': 27, '0.1.85': 39, '1.3.13': 76 })
})

test('no call above was answered with a fault of the server', () => {
  assert.deepEqual(faults(), [])
})

after(stop)
