// Stripe's own library, pointed at the simulator. Importing this module starts it.
import Stripe from 'stripe'
import { start, T0, until } from './stack.js'

export const stack = await start()
export const now = T0 / 1000

export function connect(key = 'sk_test_sim', options = {}) {
  return new Stripe(key, { host: stack.stripe.hostname, port: stack.stripe.port, protocol: 'http', maxNetworkRetries: 0, telemetry: false, ...options })
}
export const stripe = connect()
export { Stripe, until }

let count = 0
/** A text that nothing else of this run has. */
export const fresh = (word) => `${word}-${++count}`

/** A monthly price of a product of its own, in cents. */
export async function monthly(cents, more = {}) {
  const product = await stripe.products.create({ name: fresh('Plan') })
  return stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: cents, recurring: { interval: 'month' }, ...more })
}

/** A customer with a card on file. */
export async function payer(more = {}, card = 'pm_card_visa') {
  const customer = await stripe.customers.create({ name: 'Ada', email: `${fresh('ada')}@example.com`, ...more })
  const method = await stripe.paymentMethods.attach(card, { customer: customer.id })
  return stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: method.id } })
}

/** The error that a call must end with. */
export async function refusal(call) {
  try {
    await call
  } catch (e) {
    return e
  }
  throw new Error('the call was not refused')
}

/** Moves a test clock and waits until it has arrived. */
export async function advance(clock, to) {
  await stripe.testHelpers.testClocks.advance(clock.id, { frozen_time: to })
  return until(`the test clock stands at ${to}`, async () => {
    const c = await stripe.testHelpers.testClocks.retrieve(clock.id)
    return c.status === 'ready' && c
  })
}
