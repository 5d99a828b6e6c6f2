// What a shop does before it sends a person to a hosted page.
import { shopURL, stripe } from './browser.js'

let count = 0
export const word = (text) => `${text}${++count}`

export async function price(name, cents, more = { recurring: { interval: 'month' } }) {
  const product = await stripe.products.create({ name })
  return stripe.prices.create({ product: product.id, currency: 'usd', unit_amount: cents, ...more })
}

export async function checkout(more) {
  return stripe.checkout.sessions.create({ mode: 'subscription', success_url: `${shopURL}/done?session={CHECKOUT_SESSION_ID}`, cancel_url: `${shopURL}/cart`, ...more })
}

/** A customer who pays for a plan already. */
export async function subscriber(name, cents, card = 'pm_card_visa') {
  const customer = await stripe.customers.create({ name: 'Ada Lovelace', email: 'ada@example.com' })
  const method = await stripe.paymentMethods.attach(card, { customer: customer.id })
  await stripe.customers.update(customer.id, { invoice_settings: { default_payment_method: method.id } })
  const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: (await price(name, cents)).id }] })
  return { customer, subscription }
}

export async function portal(customer) {
  return (await stripe.billingPortal.sessions.create({ customer: customer.id, return_url: `${shopURL}/account` })).url
}
