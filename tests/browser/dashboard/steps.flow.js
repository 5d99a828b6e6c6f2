// How far away things are: the clicks and the fields from a page to what was done there. A click more is a failure.
import assert from 'node:assert/strict'
import { call, payer } from './stack.js'
import { flow } from './person.js'

/** A flow that takes so many clicks, and fills in so many fields. */
function within(clicks, fields, name, tell) {
  flow(`${name}: ${clicks} clicks, ${fields} fields`, async (p) => {
    await tell(p)
    assert.deepEqual({ clicks: p.clicks, fields: p.fields }, { clicks, fields })
  }, ['mouse'])
}

/** From Overview to a new customer who has bought Pro: 2 clicks. */
async function toABuyer(p, name) {
  const id = p.id(name)
  await payer(id, name)
  await call('POST', '/v1/attach', { customer_id: id, product_id: 'pro' })
  await p.goto('/dashboard')
  await p.follow('Customers')
  await p.follow(name)
}

within(3, 2, 'from the local page to a reward', async (p) => {
  await p.goto('/')
  await p.use(p.page.locator('a[href="/dashboard"]'))
  await p.follow('+ Reward')
  await p.fill('Name', 'Steps reward')
  await p.fill('Discount value', '5')
  await p.press('Create')
  await p.said('Reward created.')
})

within(4, 1, 'from Overview to a referral program', async (p) => {
  await p.goto('/dashboard')
  await p.follow('Products')
  await p.follow('Referral Programs')
  await p.follow('+ Referral Program')
  await p.fill('Program ID', 'steps')
  await p.press('Create')
  await p.said('Referral program created.')
})

within(5, 2, 'from Overview to a prepared customer with a product by invoice', async (p) => {
  await p.goto('/dashboard')
  await p.follow('Create Customer')
  await p.fill('E-mail', 'steps@example.com')
  await p.press('Create Customer')
  await p.said('Customer created.')
  await p.follow('Enable Product')
  await p.select('Product', 'Pro')
  await p.press('Preview')
  await p.press(`Enable Pro and send an invoice of ${(await p.row('Charge today', 'Total today')).Amount}`)
  await p.said('Pro enabled.')
})

within(3, 0, 'from Overview to an approved redemption', async (p) => {
  await call('POST', '/v1/customers', { id: 'steps-owner', email: 'stepsowner@example.com' })
  await call('POST', '/v1/customers', { id: 'steps-friend', email: 'stepsowner+friend@example.com' })
  const { code } = await call('POST', '/v1/referrals/code', { customer_id: 'steps-owner', program_id: 'guarded' })
  await call('POST', '/v1/referrals/redeem', { code, customer_id: 'steps-friend' })
  await p.goto('/dashboard')
  await p.follow('Redemptions')
  await p.press('Approve')
  await p.press('Confirm approve')
  await p.said('Redemption approved.')
})

within(3, 1, 'from Overview to an API key', async (p) => {
  await p.goto('/dashboard')
  await p.follow('API keys')
  await p.follow('+ API Key')
  await p.fill('Name', 'steps')
  await p.press('Create')
  await p.said('Key created.')
})

within(6, 0, 'from Overview to a cancel and its undo', async (p) => {
  await toABuyer(p, 'Steps Cancels')
  await p.follow('Cancel Pro')
  await p.press('Preview')
  await p.press('Confirm cancel')
  await p.press('Undo cancel of Pro')
  await p.said('Pro continues.')
})

within(4, 0, 'from Overview to why a customer was charged', async (p) => {
  await toABuyer(p, 'Steps Charged')
  await p.follow('Invoices')
  const number = await p.page.getByRole('table', { name: 'Invoices' }).getByRole('link').first().innerText()
  await p.follow(number)
  await p.titled(`Invoice ${number}`)
  await p.sees('Why')
})
