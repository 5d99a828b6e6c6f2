// The page of the API: it reads openapi.yaml, and tries a call with the local key.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { open, stack } from './browser.js'

test('the page of the API shows every call, and tries one', async () => {
  const start = await open(stack.base)
  await start.getByRole('link', { name: '/docs' }).click()
  await start.getByRole('heading', { name: /^Windfall/ }).waitFor()
  const contract = await (await fetch(new URL('/openapi.yaml', stack.base))).text()
  assert.ok(contract.includes(`url: '${stack.base}'`), 'its server is this one')
  await start.locator('.opblock-tag').first().waitFor()
  let shown = 0 // group by group: Swagger UI shows no more than about 130 calls at once
  for (const group of await start.locator('.opblock-tag').all()) {
    await group.click()
    await start.locator('.opblock').first().waitFor()
    shown += await start.locator('.opblock').count()
    await group.click()
    await start.locator('.opblock').first().waitFor({ state: 'detached' })
  }
  assert.equal(shown, contract.match(/operationId:/g).length)
  await start.locator('.opblock-tag[data-tag="Usage"]').click()

  const call = start.locator('#operations-Usage-check')
  await call.locator('.opblock-summary-control').click()
  const body = call.locator('textarea.body-param__text')
  await body.fill('{"customer_id": "explorer", "feature_id": "messages"}')
  await call.getByRole('button', { name: 'Execute' }).click()
  await call.locator('.live-responses-table .response-col_status', { hasText: '200' }).waitFor()
  const answer = JSON.parse(await call.locator('.live-responses-table code').first().textContent())
  assert.deepEqual([answer.allowed, answer.code], [true, 'feature_found'])
  await start.close()
})
