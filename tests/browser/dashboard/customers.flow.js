// One customer: what is bought, ended and given is what Stripe bills, to the cent.
import assert from 'node:assert/strict'
import { call, payer } from './stack.js'
import { flow } from './person.js'

/** A customer of one's own, with a card. */
async function customer(p, name) {
  const id = p.id(name)
  await payer(id, p.word(name))
  return id
}

const billed = async (id) => (await call('GET', `/_local/customers/${id}/invoices`)).map((i) => i.Total ?? i.total)

flow('a product is enabled, ended, and goes on after all', async (p) => {
  const id = await customer(p, 'Flow Ada')
  await p.goto(`/dashboard/customers/${id}`)
  await p.follow('Enable Product')
  await p.titled('Enable product')
  await p.select('Product', 'Pro')
  await p.choose('Payment', 'Charge the card on file')
  await p.press('Preview')
  await p.sees('What will happen')
  const total = (await p.row('Charge today', 'Total today')).Amount
  assert.deepEqual(await billed(id), [])
  await p.press(`Enable Pro and charge ${total}`)
  await p.said('Pro enabled.')
  assert.deepEqual((await billed(id)).map((cents) => `$${(cents / 100).toFixed(2)}`), [total])
  await p.follow('Cancel Pro')
  await p.press('Preview')
  await p.press('Confirm cancel')
  await p.said('Pro cancelled.')
  await p.press('Undo cancel of Pro')
  await p.said('Pro continues.')
  assert.equal((await p.row('Products', 'Pro')).Status, 'Active')
})

flow('a product that is set to end ends now', async (p) => {
  const id = await customer(p, 'Flow Eve')
  await call('POST', '/v1/attach', { customer_id: id, product_id: 'pro' })
  await call('POST', '/v1/cancel', { customer_id: id, product_id: 'pro' })
  const before = (await billed(id)).reduce((a, b) => a + b, 0)
  await p.goto(`/dashboard/customers/${id}`)
  await p.follow('End Pro now')
  await p.check('Refund the unused time')
  await p.press('Preview')
  await p.sees('Pro ends now.', 'Free starts now.')
  const total = (await p.row('Charge today', 'Total today')).Amount
  await p.press('Confirm cancel')
  await p.said('Pro cancelled.')
  assert.equal((await p.row('Products', 'Pro')).Status, 'Expired')
  assert.equal(`−$${((before - (await billed(id)).reduce((a, b) => a + b, 0)) / 100).toFixed(2)}`, total)
})

flow('a balance is changed', async (p) => {
  const id = await customer(p, 'Flow Bob')
  await call('POST', '/v1/attach', { customer_id: id, product_id: 'pro' })
  await p.goto(`/dashboard/customers/${id}`)
  await p.follow('Change Balance')
  await p.fill('Left', 'many')
  await p.press('Save balance')
  await p.refused('“many” is not a number.')
  await p.fill('Left', '7')
  await p.fill('Reason', '<b>An outage</b>')
  await p.press('Save balance')
  await p.said('Saved.')
  await p.follow('Timeline')
  await p.sees('Reason: <b>An outage</b>')
})

flow('a file of customers is imported', async (p) => {
  await p.goto('/dashboard/customers')
  await p.follow('Import CSV')
  const rows = Array.from({ length: 30 }, (_, i) => `${p.word('Flow row')} ${i},,${p.id('flow-row')}-${i}`).join('\n')
  await (await p.label('Rows')).fill(rows)
  await p.press('Preview')
  await p.said('30 rows were read. Nothing is imported yet.')
  await p.press('Import 30 customers')
  if (p.way === 'no script') await p.press('Continue')
  await p.sees('30 of 30 rows are done: 30 new, 0 known, 0 refused.')
}, ['mouse', 'no script'])
