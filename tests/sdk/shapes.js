// What SDK 0.1.36 declares of each answer. It never checks, but code written
// against its types reads every one of these fields.
import assert from 'node:assert/strict'

const string = (v) => typeof v === 'string'
const boolean = (v) => typeof v === 'boolean'
const number = (v) => typeof v === 'number' && Number.isFinite(v)
const whole = (v) => Number.isInteger(v)
const ms = (v) => Number.isInteger(v) && v > 1e12 // seconds are the usual mistake
const object = (v) => typeof v === 'object' && v !== null && !Array.isArray(v)
const oneOf = (...values) => (v) => values.includes(v)

const orNull = (shape) => (v, at) => v === null || matches(v, shape, at)
const list = (shape) => (v, at) => Array.isArray(v) && v.every((e, i) => matches(e, shape, `${at}[${i}]`))
const keyed = (shape) => (v, at) => object(v) && Object.entries(v).every(([k, e]) => matches(e, shape, `${at}.${k}`))
const optional = (shape) => Object.assign((v, at) => matches(v, shape, at), { optional: true })

function matches(value, shape, at) {
  if (typeof shape === 'function') {
    assert.ok(shape(value, at), `${at} is ${JSON.stringify(value)}`)
    return true
  }
  assert.ok(object(value), `${at} is ${JSON.stringify(value)}, not an object`)
  for (const [name, part] of Object.entries(shape)) {
    if (name in value) matches(value[name], part, `${at}.${name}`)
    else assert.ok(part.optional, `${at}.${name} is missing`)
  }
  return true
}

/** Fails with the place of the first field that is missing or of another type. */
export const has = (shape, value) => matches(value, shape, 'answer')

const interval = oneOf('minute', 'hour', 'day', 'week', 'month', 'quarter', 'semi_annual', 'year', 'multiple')
const env = oneOf('sandbox', 'live')

const item = {
  type: oneOf('feature', 'priced_feature', 'price'),
  feature_id: orNull(string),
  feature_type: orNull(oneOf('single_use', 'continuous_use', 'static')),
  included_usage: orNull((v) => number(v) || v === 'inf'),
  interval: orNull(interval),
  interval_count: orNull(whole),
  price: orNull(number),
  tiers: orNull(list({ to: (v) => number(v) || v === 'inf', amount: number })),
  usage_model: orNull(oneOf('prepaid', 'pay_per_use')),
  billing_units: orNull(number),
  reset_usage_when_enabled: orNull(boolean),
  entity_feature_id: orNull(string),
  display: orNull(object),
}

const freeTrial = { duration: string, length: whole, unique_fingerprint: boolean, card_required: boolean, trial_available: boolean }

export const product = {
  id: string,
  name: string,
  group: orNull(string),
  env,
  is_add_on: boolean,
  is_default: boolean,
  archived: boolean,
  version: whole,
  created_at: ms,
  items: list(item),
  free_trial: orNull(freeTrial),
  base_variant_id: orNull(string),
  scenario: orNull(oneOf('scheduled', 'active', 'new', 'renew', 'upgrade', 'downgrade', 'cancel')),
  properties: { is_free: boolean, is_one_off: boolean, interval_group: orNull(string), has_trial: boolean, updateable: boolean },
}

export const feature = {
  id: string,
  name: string,
  type: oneOf('boolean', 'single_use', 'continuous_use', 'credit_system'),
  display: orNull({ singular: string, plural: string }),
  credit_schema: orNull(list({ metered_feature_id: string, credit_cost: number })),
  archived: boolean,
}

const part = { interval: orNull(interval), balance: number, usage: number, included_usage: number, next_reset_at: orNull(ms) }

const balance = {
  unlimited: optional(boolean),
  interval: orNull(interval),
  interval_count: orNull(whole),
  balance: orNull(number),
  usage: orNull(number),
  included_usage: orNull(number),
  next_reset_at: orNull(ms),
  overage_allowed: orNull(boolean),
  usage_limit: orNull(number),
  breakdown: optional(list(part)),
}

const held = {
  id: string,
  name: orNull(string),
  group: orNull(string),
  status: oneOf('active', 'expired', 'scheduled', 'trialing', 'past_due'),
  started_at: ms,
  canceled_at: orNull(ms),
  version: whole,
  subscription_ids: list(string),
  stripe_subscription_ids: list(string),
  current_period_start: orNull(ms),
  current_period_end: orNull(ms),
  trial_ends_at: orNull(ms),
  entity_id: orNull(string),
  is_add_on: boolean,
  is_default: boolean,
  items: list(item),
  quantity: whole,
}

export const customer = {
  id: orNull(string),
  created_at: ms,
  name: orNull(string),
  email: orNull(string),
  fingerprint: orNull(string),
  stripe_id: orNull(string),
  env,
  metadata: object,
  products: list(held),
  features: keyed({ id: string, name: string, type: oneOf('static', 'single_use', 'continuous_use', 'credit_system'), ...balance }),
}

export const entity = {
  id: string,
  name: orNull(string),
  customer_id: string,
  feature_id: string,
  created_at: ms,
  env,
  products: list(held),
  features: customer.features,
}

export const invoice = {
  product_ids: list(string),
  stripe_id: string,
  status: string,
  total: number,
  currency: string,
  created_at: ms,
  hosted_invoice_url: orNull(string),
}

export const expandedCustomer = { ...customer, invoices: list(invoice), trials_used: list({ product_id: string, customer_id: orNull(string) }) }

export const customers = { list: list(customer), total: orNull(whole), limit: whole, offset: whole }

export const attach = {
  customer_id: string,
  product_ids: list(string),
  code: string,
  message: string,
  checkout_url: optional(string),
  invoice: optional({ status: string, stripe_id: string, hosted_invoice_url: orNull(string), total: number, currency: string }),
}

export const checkout = {
  customer_id: string,
  url: orNull(string),
  has_prorations: boolean,
  lines: list({ description: string, amount: number, item: orNull(item) }),
  total: number,
  currency: string,
  options: list({ feature_id: string, quantity: number }),
  product,
  current_product: orNull(product),
  free_trial: orNull((v) => boolean(v) || matches(v, freeTrial, 'free_trial')),
  next_cycle: orNull({ starts_at: ms, total: number }),
}

/** What billingPortal and setupPayment answer: where to send the customer. */
export const page = { customer_id: string, url: string }

export const cancel = { success: boolean, customer_id: string, product_id: string }

const due = { price: number, currency: string }

export const offer = {
  scenario: oneOf('scheduled', 'active', 'new', 'renew', 'upgrade', 'downgrade', 'cancel'),
  product_id: string,
  product_name: string,
  current_product_name: orNull(string),
  recurring: boolean,
  error_on_attach: boolean,
  next_cycle_at: orNull(ms),
  options: list({ feature_id: string, quantity: number }),
  items: list({ description: string, price: string }),
  due_today: orNull(due),
  due_next_cycle: orNull(due),
  product,
}

export const checkFeature = {
  allowed: boolean,
  code: string,
  customer_id: string,
  feature_id: string,
  entity_id: orNull(string),
  required_balance: number,
  ...balance,
  preview: orNull(object),
}

export const checkProduct = {
  allowed: boolean,
  code: string,
  customer_id: string,
  product_id: string,
  entity_id: orNull(string),
  status: orNull(string),
  preview: orNull(object),
}

export const track = { id: string, code: string, customer_id: string, entity_id: orNull(string), feature_id: orNull(string), event_name: orNull(string) }

export const referralCode = { code: string, customer_id: string, created_at: ms }

const person = { id: string, name: orNull(string), email: orNull(string), created_at: ms }

export const redemption = { id: string, customer_id: string, reward_id: string, applied: boolean, referrer: person, redeemer: person }

export const failure = { message: string, code: string, env: string }
