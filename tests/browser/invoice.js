// Invoices in every state.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { inspect, open, stripe } from './browser.js'
import { price } from './shop.js'

async function invoice(more = {}) {
  const customer = await stripe.customers.create({ name: '<b>Grace</b> Hopper', email: 'grace@example.com' })
  const made = await stripe.invoices.create({ customer: customer.id, collection_method: 'send_invoice', days_until_due: 14, description: 'As agreed', footer: 'Thank you', ...more })
  const monthly = await price('Consulting', 12500, {})
  await stripe.invoiceItems.create({ customer: customer.id, invoice: made.id, price: monthly.id, quantity: 3 })
  await stripe.invoiceItems.create({ customer: customer.id, invoice: made.id, amount: -2500, currency: 'usd', description: 'Unused time' })
  return stripe.invoices.finalizeInvoice(made.id)
}

test('an invoice that is open, void or given up says so, and to whom it is from whom', async () => {
  const open1 = await invoice()
  const page = await open(open1.hosted_invoice_url)
  await page.getByText('Due on', { exact: false }).first().waitFor()
  assert.match(await page.locator('dl').textContent(), /From\s*Demo shop.*To\s*<b>Grace<\/b> Hopper\s*grace@example.com/s)
  await inspect(page, 'invoice-sent')
  await stripe.invoices.voidInvoice(open1.id)
  await page.reload()
  await page.getByText('Void', { exact: true }).waitFor()
  assert.equal(await page.getByRole('button').count(), 0)
  await inspect(page, 'invoice-void')

  const lost = await invoice()
  await stripe.invoices.markUncollectible(lost.id)
  await page.goto(lost.hosted_invoice_url)
  await page.getByText('Uncollectible', { exact: true }).waitFor()
  await inspect(page, 'invoice-uncollectible')
  await page.close()
})

test('a paid invoice prints without buttons and links', async () => {
  const made = await invoice()
  await stripe.invoices.pay(made.id, { paid_out_of_band: true })
  const page = await open(made.hosted_invoice_url)
  await page.getByText('Paid', { exact: true }).waitFor()
  await page.getByText('Outside of Stripe').waitFor()
  await page.emulateMedia({ media: 'print', colorScheme: 'dark' })
  assert.ok(!(await page.getByText('This is a simulated invoice.').isVisible()))
  assert.equal(await page.evaluate(() => getComputedStyle(document.body).color), 'rgb(0, 0, 0)')
  await page.close()
})
