// The checkout page, as a person uses it.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { open, inspect, shopURL, stack, stripe } from './browser.js'
import { checkout, price, word } from './shop.js'

const card = (page, token) => page.locator(`input[value="${token}"]`).check()
const problem = (page) => page.getByRole('alert').textContent()
const total = (page) => page.locator('tr.last .amount').textContent()

test('a person buys a subscription and comes back to the shop', async () => {
  const session = await checkout({ line_items: [{ price: (await price('Pro', 2000)).id, quantity: 1 }] })
  const page = await open(session.url)
  await inspect(page, 'checkout')
  assert.equal(await page.title(), 'Subscribe to Pro · Demo shop')
  await page.getByText(/^\$20\.00 today, then \$20\.00 each month from \d+ May 2027\.$/).waitFor()
  await page.getByLabel('Email').fill('ada@example.com')
  await page.getByRole('button', { name: /^Subscribe and pay/ }).click()
  await page.waitForURL(`${shopURL}/done?session=${session.id}`)
  const done = await stripe.checkout.sessions.retrieve(session.id, { expand: ['subscription'] })
  assert.deepEqual([done.status, done.subscription.status, done.customer_details.email], ['complete', 'active', 'ada@example.com'])

  await page.goto(session.url)
  assert.equal(await page.getByRole('heading').textContent(), 'All done')
  await page.getByText(/^Then \$20\.00 each month from \d+ May 2027\.$/).waitFor()
  assert.equal(await page.title(), 'All done · Demo shop')
  await inspect(page, 'checkout-complete')
  await page.close()
})

test('a card is declined, another one pays', async () => {
  const session = await checkout({ line_items: [{ price: (await price('Pro', 2000)).id, quantity: 1 }] })
  const page = await open(session.url)
  await page.getByLabel('Email').fill('bob@example.com')
  for (const [token, words] of [['pm_card_chargeCustomerFail', /declined/], ['pm_card_visa_chargeDeclinedInsufficientFunds', /insufficient funds/], ['pm_card_chargeDeclinedExpiredCard', /expired/]]) {
    await card(page, token)
    await page.getByRole('button', { name: /^Subscribe and pay/ }).click()
    assert.match(await problem(page), words)
    assert.equal(await page.getByLabel('Email').inputValue(), 'bob@example.com') // already filled in
    assert.equal((await stripe.checkout.sessions.retrieve(session.id)).status, 'open')
  }
  await inspect(page, 'checkout-declined')
  await card(page, 'pm_card_visa')
  await page.getByRole('button', { name: /^Subscribe and pay/ }).click()
  await page.waitForURL(`${shopURL}/done?session=${session.id}`)
  await page.close()
})

test('a promotion code: one that is none, and one that is', async () => {
  const coupon = await stripe.coupons.create({ percent_off: 25, duration: 'once', name: 'Launch week' })
  const { code } = await stripe.promotionCodes.create({ coupon: coupon.id, code: word('LAUNCH') })
  const session = await checkout({ allow_promotion_codes: true, line_items: [{ price: (await price('Pro', 2000)).id, quantity: 1 }] })
  const page = await open(session.url)
  await page.getByLabel('Promotion code').fill('NOPE')
  await page.getByRole('button', { name: 'Apply' }).click()
  assert.match(await problem(page), /invalid/)
  const described = await page.getByLabel('Promotion code').getAttribute('aria-describedby')
  assert.match(await page.locator(`#${described}`).textContent(), /invalid/)
  assert.equal(await total(page), '$20.00')
  await inspect(page, 'checkout-code-refused')

  await page.getByLabel('Promotion code').fill(code.toLowerCase())
  await page.getByLabel('Promotion code').press('Enter')
  await page.getByText('The code has been applied.').waitFor()
  assert.equal(await total(page), '$15.00')
  await page.getByText('$15.00 today, then $20.00 each month').waitFor()
  await inspect(page, 'checkout-code')
  await page.getByLabel('Email').fill('carol@example.com')
  await page.getByRole('button', { name: /^Subscribe and pay/ }).click()
  await page.waitForURL(`${shopURL}/done?session=${session.id}`)
  assert.equal((await stripe.checkout.sessions.retrieve(session.id)).amount_total, 1500)
  await page.close()
})

test('a quantity is changed, and a wrong one refused', async () => {
  const seats = await price('Seat', 1000)
  const session = await checkout({ line_items: [
    { price: (await price('Team', 5000)).id, quantity: 1 },
    { price: seats.id, quantity: 2, adjustable_quantity: { enabled: true, minimum: 1, maximum: 10 } },
  ] })
  const page = await open(session.url)
  assert.equal(await total(page), '$70.00')
  await page.getByLabel('Quantity').fill('5')
  await page.getByRole('button', { name: 'Update amounts' }).click()
  await page.getByText('$100.00').first().waitFor()
  assert.equal(await total(page), '$100.00')
  await inspect(page, 'checkout-quantity')
  // The browser itself would not send 11.
  await page.getByLabel('Email').fill('dan@example.com')
  await page.getByLabel('Quantity').evaluate((input) => { input.removeAttribute('max'); input.value = '11' })
  await page.getByRole('button', { name: /^Subscribe and pay/ }).click()
  assert.match(await problem(page), /between 1 and 10/)
  await page.getByLabel('Quantity').fill('3')
  await page.getByRole('button', { name: /^Subscribe and pay/ }).click()
  await page.waitForURL(`${shopURL}/done?session=${session.id}`)
  const done = await stripe.checkout.sessions.retrieve(session.id, { expand: ['subscription'] })
  assert.equal(done.subscription.items.data.find((i) => i.price.id === seats.id).quantity, 3)
  await page.close()
})

test('a trial, one payment, and a card to save look like what they are', async () => {
  const trial = await checkout({ line_items: [{ price: (await price('Pro', 2000)).id, quantity: 1 }], subscription_data: { trial_period_days: 14 } })
  let page = await open(trial.url)
  assert.ok(await page.getByRole('button', { name: 'Start trial' }).isVisible())
  await inspect(page, 'checkout-trial')

  const once = await checkout({ mode: 'payment', line_items: [{ price: (await price('Sticker', 990, {})).id, quantity: 3 }] })
  await page.goto(once.url)
  assert.ok(await page.getByRole('button', { name: 'Pay $29.70' }).isVisible())
  await inspect(page, 'checkout-once')

  const customer = await stripe.customers.create({ email: 'eve@example.com' })
  const setup = await checkout({ mode: 'setup', customer: customer.id, payment_method_types: ['card'] })
  await page.goto(setup.url)
  await inspect(page, 'checkout-setup')
  await page.getByRole('button', { name: 'Save card' }).click()
  await page.waitForURL(`${shopURL}/done?session=${setup.id}`)
  assert.equal((await stripe.customers.listPaymentMethods(customer.id)).data.length, 1)
  await page.close()
})

test('a session that has expired says so, even to somebody who has the page open', async () => {
  const session = await checkout({ line_items: [{ price: (await price('Pro', 2000)).id, quantity: 1 }] })
  const page = await open(session.url)
  assert.equal((await stack.post('/_local/clock', { advance: '25h' })).status, 200)
  await page.getByLabel('Email').fill('late@example.com')
  await page.getByRole('button', { name: /^Subscribe and pay/ }).click()
  assert.equal(await page.getByRole('heading').textContent(), 'This checkout has expired')
  await inspect(page, 'checkout-expired')
  await page.getByRole('link', { name: 'Go back' }).click()
  await page.waitForURL(`${shopURL}/cart`)
  await page.goto(session.url + 'x')
  assert.equal(await page.getByRole('heading').textContent(), 'There is nothing here')
  await inspect(page, 'missing')
  await page.close()
})

test('test cards fold away on phones, and the chosen one never does', async () => {
  const session = await checkout({ line_items: [{ price: (await price('Pro', 2000)).id, quantity: 1 }] })
  const page = await open(session.url)
  const other = page.locator('input[value="pm_card_mastercard"]')
  const fold = page.getByLabel('Show all test cards')
  assert.ok(await other.isVisible())
  assert.ok(!(await fold.isVisible()))
  await page.setViewportSize({ width: 360, height: 740 })
  assert.ok(!(await other.isVisible()))
  await fold.focus()
  await page.keyboard.press('Space')
  await page.locator('input[value="pm_card_visa_chargeDeclined"]').check()
  await page.getByLabel('Email').fill('phone@example.com')
  await page.getByLabel('Email').press('Tab')
  await page.getByRole('button', { name: /^Subscribe and pay/ }).click()
  assert.match(await problem(page), /declined/)
  assert.ok(await page.locator('input[value="pm_card_visa_chargeDeclined"]').isChecked())
  assert.ok(await page.locator('input[value="pm_card_visa_chargeDeclined"]').isVisible())
  await page.close()
})

test('other currencies, intervals, several lines, and names that are code', async () => {
  const hostile = '<img src=x onerror=alert(1)>"\'&amp; and a name of ' + 'unbroken'.repeat(20)
  const recurring = { interval: 'month', interval_count: 3 }
  const session = await checkout({ line_items: [
    { price: (await price(hostile, 49000000, { currency: 'jpy', recurring })).id, quantity: 2 },
    { price: (await price('Setup', 50000, { currency: 'jpy' })).id, quantity: 1 },
  ] })
  const page = await open(session.url)
  await page.getByText(/^¥98,050,000 today, then ¥98,000,000 every 3 months from \d+ July 2027\.$/).waitFor()
  assert.equal(await page.locator('img').count(), 0)
  await inspect(page, 'checkout-hostile')
  await page.close()
})
