// The frame: links that skip, two tabs, signing in and out, dialogs and the focus.
import assert from 'node:assert/strict'
import { flow } from './person.js'

flow('the navigation leads everywhere', async (p) => {
  await p.goto('/dashboard')
  for (const [name, h1] of [['Customers', 'Customers'], ['Products', 'Products'], ['Overview', 'Overview']]) {
    await p.follow(name)
    await p.titled(h1)
    assert.equal(await (await p.find('link', name)).getAttribute('aria-current'), 'page')
  }
})

flow('the first Tab skips to the content', async (p) => {
  await p.goto('/dashboard')
  await p.page.keyboard.press('Tab')
  assert.equal(await p.page.evaluate(() => document.activeElement.textContent), 'Skip to content')
  await p.page.keyboard.press('Enter')
  assert.equal(await p.page.evaluate(() => document.activeElement.id), 'content')
}, ['keyboard'])

flow('the banner of a phone has two lines at most', async (p) => {
  await p.page.setViewportSize({ width: 390, height: 860 })
  await p.goto('/dashboard')
  const lines = await p.page.locator('header.banner').evaluate((e) => new Set([...e.children].map((c) => Math.round((c.getBoundingClientRect().top + c.getBoundingClientRect().bottom) / 2 / 10))).size)
  assert.equal(lines, 2)
}, ['mouse'])

flow('the navigation of a phone shows where one is, and the page stays at its top', async (p) => {
  await p.page.setViewportSize({ width: 390, height: 300 })
  for (const path of ['/dashboard/settings', '/dashboard/clock', '/dashboard/activity', '/dashboard']) {
    await p.goto(path)
    const seen = await p.page.locator('nav.main').evaluate((nav) => {
      const [link, box] = [nav.querySelector('[aria-current]').getBoundingClientRect(), nav.getBoundingClientRect()]
      return { inside: link.left >= box.left - 1 && link.right <= box.right + 1, top: scrollY }
    })
    assert.deepEqual(seen, { inside: true, top: 0 }, path)
  }
  await p.goto('/dashboard/settings')
  await p.page.evaluate(() => scrollTo(0, document.documentElement.scrollHeight))
  const before = await p.page.evaluate(() => scrollY)
  await p.page.reload()
  assert.equal(await p.page.evaluate(() => scrollY), before, 'a page that is loaded again stays where it was')
}, ['mouse'])

flow('signing out ends the session', async (p) => {
  await p.goto('/dashboard')
  await p.press('Sign out')
  await p.titled('Sign in')
  await p.fill('E-mail', 'nobody@example.com')
  await p.fill('Password', 'a wrong password')
  await p.press('Sign in')
  await p.refused('E-mail or password is wrong.')
  assert.equal(await (await p.label('E-mail')).inputValue(), 'nobody@example.com')
})

flow('a form opens in a dialog where a script runs, and gives the focus back', async (p) => {
  await p.goto('/dashboard/customers')
  await p.follow('Create Customer')
  await p.titled('New customer')
  const dialog = p.page.locator('dialog[open]')
  assert.equal(await dialog.count(), p.way === 'no script' ? 0 : 1)
  if (p.way === 'keyboard') {
    assert.ok(await (await p.label('Name')).evaluate((e) => e === document.activeElement), 'the first field has the focus')
    await p.page.keyboard.press('Escape')
    assert.equal(await dialog.count(), 0)
    assert.equal(await p.page.evaluate(() => document.activeElement.textContent), 'Create Customer')
    await p.follow('Create Customer')
  }
  await p.press('Create Customer')
  await p.refused('Enter an e-mail or an ID.')
  await p.fill('Name', '<b>Grace</b> & "Co"')
  await p.fill('ID', p.id('grace'))
  await p.press('Create Customer')
  await p.said('Customer created.')
  await p.titled('<b>Grace</b> & "Co"')
  assert.equal(await dialog.count(), 0)
})

flow('customers are found while one types, and without a script by the button', async (p) => {
  await p.goto('/dashboard/customers')
  await p.fill('Search customers', 'late p')
  if (p.way === 'no script') await p.press('Search')
  await p.page.waitForURL(/q=late/)
  await p.sees('Late Payer')
  assert.equal(await p.page.getByText('Ada Lovelace').count(), 0)
  if (p.way !== 'no script') assert.ok(await (await p.label('Search customers')).evaluate((e) => e === document.activeElement), 'the field keeps the focus')
})
