// A reward that the application names through the official SDK, on the page where the customer pays.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { Autumn } from 'autumn-js'
import { inspect, open, stack } from './browser.js'

const autumn = new Autumn({ secretKey: 'am_sk_test_local', url: `${stack.base}/v1` })

async function post(path, body) {
  const res = await fetch(stack.base + path, { method: 'POST', headers: { Authorization: 'Bearer am_sk_test_local', 'Content-Type': 'application/json' }, body: JSON.stringify(body) })
  assert.equal(res.status, 200, await res.clone().text())
  return res.json()
}

test('a reward and a code are on the page, and lower what is paid', async () => {
  await post('/v1/rewards', { id: 'launch', name: 'Launch week', type: 'percentage_discount',
    discount_config: { discount_value: 25, duration_type: 'one_off', apply_to_all: true },
    promo_codes: [{ code: 'LAUNCH' }, { code: 'BIG', minimum_amount: 100 }] })
  for (const [customer_id, names] of [['eva', { reward: 'launch' }], ['finn', { reward: 'LAUNCH' }], ['gina', { promo_code: 'launch' }]]) {
    const { data, error } = await autumn.attach({ customer_id, product_id: 'pro', ...names, force_checkout: true })
    assert.equal(error, null)
    const page = await open(data.checkout_url)
    assert.equal(await page.locator('tr.last .amount').textContent(), '$15.00')
    await page.getByText('Launch week').first().waitFor()
    await page.getByText(/^\$15\.00 today, then \$20\.00 each month/).waitFor()
    assert.equal(await page.getByLabel('Promotion code').count(), 0) // discounts are not added up
    await inspect(page, `reward-${customer_id}`)
    await page.getByRole('button', { name: /^Subscribe and pay/ }).click()
    await page.getByRole('heading', { name: 'All done' }).waitFor()
    await page.close()
    const { data: customer } = await autumn.customers.get(customer_id, { expand: ['invoices'] })
    assert.deepEqual(customer.invoices.map((i) => i.total), [15])
  }
})

test('a code that is refused says why, before there is a page', async () => {
  const { data, error } = await autumn.attach({ customer_id: 'gus', product_id: 'pro', reward: 'BIG', force_checkout: true })
  assert.equal(data, null)
  assert.equal(error.code, 'promo_code_minimum_not_met')
  assert.match(error.message, /100/)
})

test('a code of ours that the customer types, and one that is refused at its field', async () => {
  const { data } = await autumn.attach({ customer_id: 'hanna', product_id: 'pro', force_checkout: true })
  const page = await open(data.checkout_url)
  const field = page.getByLabel('Promotion code')
  for (const [text, why] of [['big', /minimum/], ['NOBODYS', /invalid/]]) {
    await field.fill(text)
    await page.getByRole('button', { name: 'Apply' }).click()
    assert.match(await page.locator(`#${await field.getAttribute('aria-describedby')}`).textContent(), why)
  }
  await field.fill('launch')
  await page.getByRole('button', { name: 'Apply' }).click()
  await page.getByText(/^\$15\.00 today, then \$20\.00 each month/).waitFor()
  await inspect(page, 'code-typed')
  await page.getByRole('button', { name: /^Subscribe and pay/ }).click()
  await page.getByRole('heading', { name: 'All done' }).waitFor()
  await page.close()
  const { data: customer } = await autumn.customers.get('hanna', { expand: ['invoices'] })
  assert.deepEqual(customer.invoices.map((i) => i.total), [15])
  const res = await fetch(`${stack.base}/v1/rewards/launch/promo_codes/LAUNCH`, { headers: { Authorization: 'Bearer am_sk_test_local' } })
  assert.equal((await res.json()).times_redeemed, 3) // the two of the test above, and this one
})
