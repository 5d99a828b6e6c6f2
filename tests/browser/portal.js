// The customer portal and the invoice page, as a person uses them.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { open, inspect, shopURL, stack, stripe } from './browser.js'
import { portal, subscriber } from './shop.js'

test('a subscription is cancelled and kept after all', async () => {
  const { customer, subscription } = await subscriber('Pro', 2000)
  const page = await open(await portal(customer))
  await inspect(page, 'portal')
  await page.getByText('Cancel subscription', { exact: true }).click()
  await page.getByText(/^It stays until \d+ May 2027/).waitFor()
  await inspect(page, 'portal-cancel')
  await page.getByRole('button', { name: 'Confirm cancellation' }).click()
  await page.getByRole('button', { name: 'Keep subscription' }).waitFor()
  assert.equal((await stripe.subscriptions.retrieve(subscription.id)).cancel_at_period_end, true)
  await inspect(page, 'portal-ending')
  await page.getByRole('button', { name: 'Keep subscription' }).click()
  await page.getByText('Cancel subscription', { exact: true }).waitFor()
  assert.equal((await stripe.subscriptions.retrieve(subscription.id)).cancel_at_period_end, false)
  await page.getByRole('link', { name: 'Back' }).click()
  await page.waitForURL(`${shopURL}/account`)
  await page.close()
})

test('another card is saved and used from then on; one that declines is not', async () => {
  const { customer } = await subscriber('Pro', 2000)
  const page = await open(await portal(customer))
  await page.locator('input[value="pm_card_visa_chargeDeclined"]').check()
  await page.getByRole('button', { name: 'Save card' }).click()
  assert.match(await page.getByRole('alert').textContent(), /declined/)
  await inspect(page, 'portal-declined')
  await page.locator('input[value="pm_card_mastercard"]').check()
  await page.getByRole('button', { name: 'Save card' }).click()
  await page.getByText('mastercard •••• 4444', { exact: false }).first().waitFor()
  const { invoice_settings } = await stripe.customers.retrieve(customer.id, { expand: ['invoice_settings.default_payment_method'] })
  assert.equal(invoice_settings.default_payment_method.card.brand, 'mastercard')
  assert.deepEqual(await page.locator('.brand').allTextContents(), ['visa •••• 4242', 'mastercard •••• 4444'])
  assert.match(await page.locator('div', { has: page.locator('> .badge.default') }).last().textContent(), /^mastercard/)
  await inspect(page, 'portal-cards')
  await page.close()
})

test('an unpaid invoice is found in the portal and paid on its own page', async () => {
  const { customer, subscription } = await subscriber('Pro', 2000)
  const bad = await stripe.paymentMethods.attach('pm_card_chargeCustomerFail', { customer: customer.id })
  await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: bad.id } })
  assert.equal((await stack.post('/_local/clock', { to: new Date((subscription.current_period_end + 7200) * 1000).toISOString() })).status, 200)
  assert.equal((await stripe.subscriptions.retrieve(subscription.id)).status, 'past_due')

  const page = await open(await portal(customer))
  assert.deepEqual(await page.locator('table td:first-child span').allTextContents(), ['Unpaid', 'Paid']) // newest first
  assert.match(await page.locator('p.status').textContent(), /past due · Payment is overdue/)
  await inspect(page, 'portal-past-due')
  await page.locator('tr', { hasText: 'Unpaid' }).getByRole('link').click()
  await page.getByRole('button', { name: 'Pay $20.00' }).waitFor()
  await inspect(page, 'invoice-open')
  await page.locator('input[value="pm_card_visa_chargeDeclined"]').check()
  await page.getByRole('button', { name: 'Pay $20.00' }).click()
  assert.match(await page.getByRole('alert').textContent(), /declined/)
  await page.locator('input[value="pm_card_visa"]').check()
  await page.getByRole('button', { name: 'Pay $20.00' }).click()
  await page.getByText('Paid', { exact: true }).waitFor()
  for (const [term, text] of [['From', 'Demo shop'], ['To', 'Ada Lovelace'], ['Paid with', 'visa •••• 4242']]) {
    assert.match(await page.locator('dl > div', { hasText: term }).first().textContent(), new RegExp(text))
  }
  await inspect(page, 'invoice-paid')
  assert.equal((await stripe.subscriptions.retrieve(subscription.id)).status, 'active')

  await page.getByRole('link', { name: 'Back' }).click()
  await page.getByText(/active · Renews on/).waitFor()
  await page.close()
})
