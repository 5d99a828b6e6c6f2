// Events, delivered to an application and verified by Stripe's library.
import { after, test } from 'node:test'
import assert from 'node:assert/strict'
import { createServer } from 'node:http'
import { once } from 'node:events'
import { Stripe, stripe, stack, until, fresh } from '../client.js'

const received = []
let status = 200
const shop = createServer(async (req, res) => {
  const chunks = []
  for await (const chunk of req) chunks.push(chunk)
  received.push({ raw: Buffer.concat(chunks).toString(), signature: req.headers['stripe-signature'] })
  res.writeHead(status).end()
}).listen(0, '127.0.0.1')
await once(shop, 'listening')
after(() => shop.close())

const { port } = shop.address()
const endpoint = await stripe.webhookEndpoints.create({ url: `http://127.0.0.1:${port}/hook`, enabled_events: ['customer.created', 'coupon.created'] })
const verified = () => received.map((r) => stripe.webhooks.constructEvent(r.raw, r.signature, endpoint.secret))

test('events of the types asked for arrive, signed', async () => {
  const coupon = await stripe.coupons.create({ percent_off: 10, duration: 'once', name: 'Ten off' })
  await stripe.coupons.update(coupon.id, { name: 'not asked for' })
  const event = await until('the event arrives', () => verified().find((e) => e.data.object.id === coupon.id))
  assert.deepEqual([event.type, event.data.object.name, event.api_version, event.livemode], ['coupon.created', 'Ten off', '2023-10-16', false])
  assert.deepEqual((await stripe.events.retrieve(event.id)).data, event.data)
  const types = new Set(verified().map((e) => e.type))
  assert.ok(!types.has('coupon.updated'), [...types].join())
})

test('a wrong secret or a changed body is found out', () => {
  const { raw, signature } = received[0]
  for (const [body, secret] of [[raw, 'whsec_wrong'], [raw.replace('2023', '2024'), endpoint.secret]]) {
    assert.throws(() => stripe.webhooks.constructEvent(body, signature, secret), Stripe.errors.StripeSignatureVerificationError)
  }
})

test('an event that was not taken comes again when the clock has moved', async () => {
  status = 500
  const coupon = await stripe.coupons.create({ percent_off: 10, duration: 'once' })
  const tries = () => verified().filter((e) => e.data.object.id === coupon.id).length
  await until('the first try', () => tries() === 1)
  status = 200
  assert.equal((await stack.post('/_local/clock', { advance: '1h' })).status, 200)
  assert.equal(tries(), 2)
})

test('events are held, and then come twice', async () => {
  await stack.post('/_local/delivery', { mode: 'hold' })
  const held = await stripe.customers.create({ name: fresh('held') })
  const seen = (id) => verified().filter((e) => e.data.object.id === id).length
  assert.equal(seen(held.id), 0)
  await stack.post('/_local/delivery', { mode: 'immediate' })
  assert.equal(seen(held.id), 1)
  await stack.post('/_local/delivery', { mode: 'duplicate' })
  const twice = await stripe.customers.create({ name: fresh('twice') })
  await stack.post('/_local/delivery', { mode: 'immediate' })
  await until('the second time', () => seen(twice.id) === 2)
})
