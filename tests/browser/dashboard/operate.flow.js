// What waits for a person, API keys, settings, the clock of this machine.
import assert from 'node:assert/strict'
import { call } from './stack.js'
import { flow } from './person.js'

/** A redemption that is held, as both have one mailbox. The newest stands first in the list. */
async function held(p, what) {
  const id = p.id(what)
  await call('POST', '/v1/customers', { id: `${id}-owner`, name: p.word(`Owner ${what}`), email: `${id}@example.com` })
  await call('POST', '/v1/customers', { id, name: p.word(what), email: `${id}+friend@example.com` })
  const { code } = await call('POST', '/v1/referrals/code', { customer_id: `${id}-owner`, program_id: 'guarded' })
  await call('POST', '/v1/referrals/redeem', { code, customer_id: id })
}

flow('approve a held redemption', async (p) => {
  await held(p, 'Approved')
  await p.goto('/dashboard')
  await p.follow('Redemptions')
  const row = await p.row('Redemptions', p.word('Approved'))
  assert.equal(row.Why, 'Same e-mail inbox')
  assert.equal(row.Status, 'Held for review')
  await p.press('Approve')
  await p.titled('Approve redemption')
  await p.sees('What will happen', 'is given.')
  await p.press('Confirm approve')
  await p.said('Redemption approved.')
  await p.follow('All')
  assert.equal((await p.row('Redemptions', p.word('Approved'))).Status, 'Rewarded')
})

flow('reject a held redemption', async (p) => {
  await held(p, 'Rejected')
  await p.goto('/dashboard/redemptions')
  await p.press('Reject')
  await p.sees("Nobody gets the reward. This can't be undone.")
  await p.press('Confirm reject')
  await p.said('Redemption rejected.')
  await p.follow('All')
  assert.equal((await p.row('Redemptions', p.word('Rejected'))).Status, 'Rejected')
})

flow('an API key is made, shown once and revoked', async (p) => {
  const name = p.word('backend')
  await p.goto('/dashboard/keys')
  await p.follow('+ API Key')
  await p.fill('Name', '')
  await p.press('Create')
  await p.refused('Enter a name.')
  await p.fill('Name', name)
  await p.select('Kind', 'Publishable')
  await p.press('Create')
  await p.said('Key created.')
  const key = await (await p.label('Key')).inputValue()
  assert.match(key, /^am_pk_test_[A-Z2-7]{42}$/)
  await p.goto('/dashboard/keys')
  assert.equal((await p.row('API keys', name)).Kind, 'Publishable')
  assert.ok(!(await p.page.content()).includes(key))
  await p.press(`Revoke ${name}`)
  await p.press('Confirm revoke')
  await p.said('Key revoked.')
  assert.match((await p.row('API keys', name)).Status, /^Revoked on /)
})

flow('a setting is changed, and a mistake stays as it was typed', async (p) => {
  await p.goto('/dashboard/settings')
  await p.fill('Days for which usage is kept', 'many')
  await p.press('Save')
  await p.refused('Enter a whole number of days.')
  assert.equal(await (await p.label('Days for which usage is kept')).inputValue(), 'many')
  await p.fill('Days for which usage is kept', '365')
  await p.press('Save')
  await p.said('Saved.')
})

flow('a user is made, and a link shown', async (p) => {
  await p.goto('/dashboard/settings')
  await p.follow('+ User')
  await p.fill('E-mail', `${p.id('vi')}@example.com`)
  await p.select('Role', 'Editor')
  await p.press('Create')
  await p.said('User created.')
  assert.match(await (await p.label('Sign-in link')).inputValue(), /\/dashboard\/welcome\?token=/)
})

flow('a chart is a picture, and a table on request', async (p) => {
  await p.goto('/dashboard')
  await (await p.find('img', 'Redemptions per day')).waitFor()
  const shown = p.page.getByText('Show as table').first()
  if (p.way === 'keyboard') {
    await p.reach(shown)
    await p.page.keyboard.press('Enter')
  } else {
    await shown.click()
  }
  await (await p.find('table', 'Revenue per month')).waitFor()
})

flow('the clock is moved, and whoever moved it stays signed in', async (p) => {
  await p.goto('/dashboard/clock')
  await p.select('Move by', '1 hour')
  await p.press('Move')
  await p.said('Clock moved.')
  await p.sees('What happened')
})
