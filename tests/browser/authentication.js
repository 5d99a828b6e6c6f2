// Card 3184 asks: 3-D Secure.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { inspect, open, shopURL, stripe } from './browser.js'
import { checkout, portal, price, subscriber } from './shop.js'

const asking = (page) => page.locator('input[value="pm_card_authenticationRequired"]').check()

test('the bank is told no, then yes, and what was typed stays', async () => {
  const session = await checkout({ line_items: [{ price: (await price('Pro', 2000)).id, quantity: 1 }] })
  const page = await open(session.url)
  await page.getByLabel('Email').fill('fay@example.com')
  await asking(page)
  await page.getByRole('button', { name: /^Subscribe and pay/ }).click()
  await page.getByText('The bank of the card •••• 3184 asks you to confirm the payment of $20.00.').waitFor()
  await inspect(page, 'authentication')
  await page.getByRole('button', { name: 'Fail authentication' }).click()
  assert.match(await page.getByRole('alert').textContent(), /unable to authenticate/)
  assert.equal(await page.getByLabel('Email').inputValue(), 'fay@example.com')
  assert.equal((await stripe.checkout.sessions.retrieve(session.id)).status, 'open')
  await inspect(page, 'authentication-failed')
  await page.getByRole('button', { name: /^Subscribe and pay/ }).click()
  await page.getByRole('button', { name: 'Complete authentication' }).click()
  await page.waitForURL(`${shopURL}/done?session=${session.id}`)
  await page.close()
})

test('the bank asks in the portal, too', async () => {
  const { customer } = await subscriber('Pro', 2000)
  const page = await open(await portal(customer))
  await asking(page)
  await page.getByRole('button', { name: 'Save card' }).click()
  await page.getByText('confirm that this card may be saved').waitFor()
  await page.getByRole('button', { name: 'Complete authentication' }).click()
  await page.getByText('visa •••• 3184').waitFor()
  await page.close()
})
