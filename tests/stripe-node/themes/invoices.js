// Invoices made by hand, credit on the customer's balance, and what comes next.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { stripe, monthly, payer, refusal } from '../client.js'

test('draft, finalized, paid; a balance in credit is used first', async () => {
  const customer = await payer()
  await stripe.customers.createBalanceTransaction(customer.id, { amount: -300, currency: 'usd', description: 'Sorry' })
  await stripe.invoiceItems.create({ customer: customer.id, amount: 1200, currency: 'usd', description: 'Consulting' })
  const draft = await stripe.invoices.create({ customer: customer.id, pending_invoice_items_behavior: 'include', auto_advance: false })
  assert.deepEqual([draft.status, draft.total, draft.number], ['draft', 1200, null])
  const open = await stripe.invoices.finalizeInvoice(draft.id)
  assert.deepEqual([open.status, open.amount_due, open.starting_balance, open.ending_balance], ['open', 900, -300, 0])
  const paid = await stripe.invoices.pay(open.id, { expand: ['charge'] })
  assert.deepEqual([paid.status, paid.charge.amount], ['paid', 900])
  const ledger = (await stripe.customers.listBalanceTransactions(customer.id)).data
  assert.deepEqual(ledger.map((t) => [t.type, t.amount]), [['applied_to_invoice', 300], ['adjustment', -300]])
})

test('an invoice is voided, another written off', async () => {
  const customer = await payer()
  const open = async () => {
    await stripe.invoiceItems.create({ customer: customer.id, amount: 700, currency: 'usd' })
    const draft = await stripe.invoices.create({ customer: customer.id, pending_invoice_items_behavior: 'include', auto_advance: false })
    return stripe.invoices.finalizeInvoice(draft.id)
  }
  assert.equal((await stripe.invoices.voidInvoice((await open()).id)).status, 'void')
  const lost = await stripe.invoices.markUncollectible((await open()).id)
  assert.equal(lost.status, 'uncollectible')
  assert.equal((await stripe.invoices.pay(lost.id, { paid_out_of_band: true })).status, 'paid')
})

test('a credit note gives a part back to the balance', async () => {
  const customer = await payer()
  const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: (await monthly(1000)).id }] })
  const note = await stripe.creditNotes.create({ invoice: subscription.latest_invoice, amount: 400, credit_amount: 400 })
  assert.equal(note.amount, 400)
  assert.equal((await stripe.customers.retrieve(customer.id)).balance, -400)
})

test('the next invoice can be seen before it comes, unless there is none', async () => {
  const customer = await payer()
  assert.equal((await refusal(stripe.invoices.retrieveUpcoming({ customer: customer.id }))).code, 'invoice_upcoming_none')
  const price = await monthly(1000)
  const subscription = await stripe.subscriptions.create({ customer: customer.id, items: [{ price: price.id, quantity: 3 }] })
  const next = await stripe.invoices.retrieveUpcoming({ customer: customer.id })
  assert.deepEqual([next.total, next.lines.data[0].quantity, next.period_end, next.id], [3000, 3, subscription.current_period_end, undefined])
})
