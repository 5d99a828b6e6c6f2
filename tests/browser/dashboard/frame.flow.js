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
