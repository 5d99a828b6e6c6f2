// Two environments in two tabs of one browser: what was opened in one is not done in the other.
import assert from 'node:assert/strict'
import { inspect } from '../browser.js'
import { flow, Person } from './person.js'
import { at, blank } from './stack.js'

async function call(key, method, path, body) {
  const answer = await fetch(at(path), { method, headers: { Authorization: `Bearer ${key}`, 'Content-Type': 'application/json' }, body: body && JSON.stringify(body) })
  return { status: answer.status, body: await answer.json() }
}

const colours = (p) => p.page.locator('header.banner').evaluate((e) => [getComputedStyle(e).borderBottomColor, getComputedStyle(e.querySelector('.env')).backgroundColor])
const shown = async (p) => (await p.page.locator('header.banner .env').innerText()).trim()

flow('two tabs in two environments', async (p) => {
  const id = p.id('tabs')
  assert.equal((await call('am_sk_live_local', 'POST', '/v1/customers', { id: `${id}-live`, name: p.word('Who pays') })).status, 200)
  const other = new Person(await blank(), p.way)
  try {
    await p.goto('/dashboard/customers/new')
    assert.equal(await shown(p), 'Sandbox')
    const sandbox = await colours(p)
    await p.fill('ID', id)

    await other.goto('/dashboard/customers')
    await other.press('Live')
    await other.titled('Customers')
    assert.equal(await shown(other), 'Live')
    assert.ok((await colours(other)).every((c, i) => c !== sandbox[i]), 'Live has colours of its own')
    await other.sees(p.word('Who pays'))
    assert.equal(await other.page.getByText('Ada Lovelace').count(), 0)
    if (p.way === 'mouse') await inspect(other.page, 'dashboard-customers-in-live', 320)

    await p.press('Create Customer')
    await p.refused('This form was opened in sandbox, and you are in live now. Nothing was done. Open the page again.')
    for (const key of ['am_sk_test_local', 'am_sk_live_local']) assert.equal((await call(key, 'GET', `/v1/customers/${id}`)).status, 404)

    await p.goto(`/dashboard/customers/${id}-live`)
    await p.titled(p.word('Who pays'))
    await p.press('Sandbox')
    await p.titled('Not found')
    await other.goto('/dashboard/customers')
    assert.equal(await shown(other), 'Sandbox')
  } finally {
    await other.goto('/dashboard')
    if (await shown(other) === 'Live') await other.press('Sandbox')
    await other.page.close()
  }
})
