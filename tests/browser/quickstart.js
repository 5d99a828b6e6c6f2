// The first ten minutes: the start page, a purchase, and the page behind it.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { inspect, open, stack } from './browser.js'

/** Runs a command of the start page as a terminal would, by its address, headers and body. */
async function paste(page, n) {
  const text = await page.locator(`#command${n}`).textContent()
  const [, url] = /(http:\S+)/.exec(text)
  const headers = Object.fromEntries([...text.matchAll(/-H '([^:]+): ([^']+)'/g)].map((m) => [m[1], m[2]]))
  const res = await fetch(url, { method: 'POST', headers, body: /-d '(.*)'$/.exec(text)[1] })
  assert.equal(res.status, 200, text)
  return res.json()
}

test('the commands of the start page end on a page that says what was bought, and what to do next', async () => {
  const page = await open(stack.base)
  await inspect(page, 'start')
  assert.equal(await page.locator('#key').textContent(), 'am_sk_test_local')
  assert.ok(await page.getByRole('cell', { name: /^Premium/ }).isVisible())
  const { checkout_url: url } = await paste(page, 0)
  await page.goto(url)
  await inspect(page, 'start-checkout')
  await page.getByRole('button', { name: 'Subscribe and pay $20.00' }).click()
  await page.getByRole('heading', { name: 'All done' }).waitFor()
  await page.getByText('Then $20.00 each month from 1 May 2027.').waitFor()
  assert.match(await page.locator('table').textContent(), /Pro.*Paid today\s*\$20.00/s)
  await inspect(page, 'done')
  await page.getByRole('link', { name: 'See the invoice' }).click()
  await page.getByRole('heading', { name: /Paid$/ }).waitFor()
  await page.goBack()
  await page.getByRole('link', { name: 'start page' }).click()
  await page.getByRole('cell', { name: /^checkout.session.completed/ }).waitFor()
  const answer = await paste(page, 1)
  assert.deepEqual([answer.allowed, answer.balance], [true, 500])
  assert.ok((await paste(page, 2)).code)
  await inspect(page, 'start-events')
  await page.close()
})

test('the clock is moved on the start page', async () => {
  const page = await open(stack.base)
  const clock = () => page.locator('#now time').getAttribute('datetime')
  const before = Date.parse(await clock())
  await page.getByRole('button', { name: '1 hour' }).focus()
  await Promise.all([page.waitForEvent('load'), page.keyboard.press('Enter')])
  assert.equal(Date.parse(await clock()) - before, 3600_000)
  await page.close()
})

test('the page of a payment without a session, and one that is not paid', async () => {
  const page = await open(`${stack.base}/_stripe/pay/done`)
  await page.getByRole('heading', { name: 'All done' }).waitFor()
  await inspect(page, 'done-plain')
  await page.close()
})
