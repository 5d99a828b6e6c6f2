// A chat that costs credits: 1 for an answer of the small model, 5 for one of the large.
//   npm start            asks for questions; "!" before one asks the large model
import { createInterface } from 'node:readline'
import { Autumn } from 'autumn-js'

const autumn = new Autumn({
  secretKey: process.env.AUTUMN_SECRET_KEY ?? 'am_sk_test_local',
  serverURL: process.env.WINDFALL_URL ?? 'http://127.0.0.1:8787',
})
const customerId = process.env.CUSTOMER ?? 'mia'

// What is sold. A real application does this once, with `npx atmn push`.
const month = { interval: 'month' }
await once(() => autumn.features.create({ featureId: 'small-model', name: 'Small model', type: 'metered', consumable: true }))
await once(() => autumn.features.create({ featureId: 'large-model', name: 'Large model', type: 'metered', consumable: true }))
await once(() => autumn.features.create({ featureId: 'chat-credits', name: 'Credits', type: 'credit_system',
  creditSchema: [{ meteredFeatureId: 'small-model', creditCost: 1 }, { meteredFeatureId: 'large-model', creditCost: 5 }] }))
await once(() => autumn.plans.create({ planId: 'chat-free', name: 'Chat Free', group: 'chat', autoEnable: true,
  items: [{ featureId: 'chat-credits', included: 10, reset: month }] }))
await once(() => autumn.plans.create({ planId: 'chat-plus', name: 'Chat Plus', group: 'chat', price: { amount: 10, ...month },
  items: [{ featureId: 'chat-credits', included: 500, reset: month }] }))

// The plan that starts by itself (autoEnable) is there as soon as the customer is.
await autumn.customers.getOrCreate({ customerId })
console.log('Ask me anything.')
for await (const line of createInterface({ input: process.stdin })) {
  const question = line.replace(/^!/, '')
  console.log(await answer(question, line.startsWith('!') ? 'large-model' : 'small-model'))
}

/** Answers a question if there are credits for it, and counts them once it is answered. */
async function answer(question, model) {
  // Asked for the model, Windfall compares its price with the credits. Should Windfall be out of
  // reach, the client says yes: customers don't notice an outage of billing.
  const { allowed, balance } = await autumn.check({ customerId, featureId: model })
  if (!allowed) return `${balance?.remaining ?? 0} credits are not enough. ${await offer()}`
  const text = think(question, model)
  // Counted after the work, so that an answer that failed costs nothing. Where two questions at
  // once must not share the last credits, reserve them: check with `lock`, then balances.finalize.
  const done = await autumn.track({ customerId, featureId: model })
  const left = done.balance ?? (await autumn.check({ customerId, featureId: 'chat-credits' })).balance
  return `${text} [${left?.remaining} credits left]`
}

/** What there is to buy, and where. */
async function offer() {
  const { list } = await autumn.plans.list({ customerId })
  const next = list.find((plan) => plan.group === 'chat' && plan.customerEligibility?.attachAction === 'upgrade')
  if (!next) return 'More will be there next month.'
  const { paymentUrl } = await autumn.billing.attach({ customerId, planId: next.id, successUrl: 'https://example.com/thanks' })
  const what = `${next.name}: ${next.items[0].included} credits a month for $${next.price.amount}`
  // Without a card on file there is a page to pay on. With one, the plan has begun already.
  return paymentUrl ? `${what}, here: ${paymentUrl}` : `You have ${what} now.`
}

/** Your model goes here. */
function think(question, model) {
  return model === 'large-model' ? `Let us think about "${question}" at length.` : `"${question}"? Yes.`
}

/** Makes what may be there already. */
async function once(make) {
  try {
    await make()
  } catch (error) {
    const { code } = JSON.parse(error.body ?? '{}') // the client keeps the body of a refusal as text
    if (!['duplicate_feature_id', 'product_already_exists'].includes(code)) throw error
  }
}
