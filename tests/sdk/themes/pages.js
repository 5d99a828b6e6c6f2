// The pages on which customers look after their money themselves.
import { before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { base, rest, until } from '../stack.js'
import { has, page } from '../shapes.js'
import { autumn, fresh, holds, ok, pay, refused } from '../words.js'

/** Reads a hosted page as a browser does. */
async function shown(url) {
  assert.ok(url.startsWith(`${base}/`), `${url} is on this stack`)
  const res = await fetch(url)
  assert.equal(res.status, 200)
  return res.text()
}

const card = async (customer) => {
  const { body } = await rest('GET', `/_local/customers/${encodeURIComponent(customer)}/stripe`)
  const id = body.customer?.invoice_settings.default_payment_method
  return body.payment_methods.find((m) => m.id === id)?.card.brand
}

describe('billingPortal', () => {
  before(fresh)

  for (const id of ['ada', 'grace@navy.example', 'with space']) {
    test(`opens for the id ${id}, and makes the Stripe customer once`, async () => {
      ok(await autumn.customers.create({ id }))
      const answer = ok(await autumn.customers.billingPortal(id, { return_url: 'https://app.example/account' }))
      has(page, answer)
      assert.equal(answer.customer_id, id)
      assert.match(await shown(answer.url), /https:\/\/app\.example\/account/)
      const { stripe_id } = ok(await autumn.customers.get(id))
      assert.match(stripe_id, /^cus_/)
      // Without parameters the SDK sends no body.
      has(page, ok(await autumn.customers.billingPortal(id)))
      assert.equal(ok(await autumn.customers.get(id)).stripe_id, stripe_id)
    })
  }

  test('older SDKs ask with GET', async () => {
    ok(await autumn.customers.create({ id: 'old' }))
    const { status, body } = await rest('GET', '/v1/customers/old/billing_portal?return_url=https%3A%2F%2Fapp.example%2Fold')
    assert.equal(status, 200)
    has(page, body)
    assert.match(await shown(body.url), /https:\/\/app\.example\/old/)
  })

  test('refusals', async () => {
    refused(await autumn.customers.billingPortal('nobody'), 404, 'customer_not_found')
    refused(await autumn.customers.billingPortal('ada', { return_url: 'app.example' }), 400, 'invalid_inputs')
  })
})

describe('setupPayment', () => {
  before(fresh)

  test('saves a card for a customer nobody knew; then attach bills directly', async () => {
    const customer_id = 'new@example.com'
    const answer = ok(await autumn.setupPayment({ customer_id, success_url: 'https://app.example/saved' }))
    has(page, answer)
    assert.equal(answer.customer_id, customer_id)
    assert.match(ok(await autumn.customers.get(customer_id)).stripe_id, /^cus_/)
    await pay(answer.url)
    await until('the card is the default', async () => (await card(customer_id)) === 'visa')
    const done = ok(await autumn.attach({ customer_id, product_id: 'pro' }))
    assert.deepEqual([done.code, done.checkout_url, done.invoice.status, done.invoice.total], ['new_product_attached', undefined, 'paid', 20])
    await holds(customer_id, 'pro active')
  })

  test('passes checkout_session_params on, but for those that would sell something', async () => {
    const answer = ok(await autumn.setupPayment({ customer_id: 'ada', checkout_session_params: { locale: 'de', cancel_url: 'https://app.example/no' } }))
    has(page, answer)
    refused(await autumn.setupPayment({ customer_id: 'ada', checkout_session_params: { mode: 'payment' } }), 400, 'invalid_request')
  })

  test('refusals', async () => {
    refused(await autumn.setupPayment({}), 400, 'invalid_inputs')
    refused(await autumn.setupPayment({ customer_id: 'ada', success_url: 'app.example' }), 400, 'invalid_inputs')
  })
})
