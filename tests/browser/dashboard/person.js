// Somebody who uses the dashboard: with a mouse, with the keyboard alone, or without JavaScript. A flow is told once, and
// each of the three does it.
//
//   flow('make a reward', async (p) => {
//     await p.goto('/dashboard/products?tab=rewards')
//     await p.follow('+ Reward')
//     await p.fill('Name', p.word('Launch'))
//     await p.select('Type', 'Percentage discount')
//     await p.press('Create')
//     await p.said('Reward created.')
//   })
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { at, blank } from './stack.js'

export const ways = ['mouse', 'keyboard', 'no script']

/** Tells a flow, once for each way. */
export function flow(name, tell, only = ways) {
  for (const way of only) {
    test(`${name}, ${way}`, async () => {
      const page = await blank()
      if (way === 'no script') await (await page.context().newCDPSession(page)).send('Emulation.setScriptExecutionDisabled', { value: true })
      try {
        await tell(new Person(page, way))
      } catch (error) {
        error.message += `\n${page.url()}\n${await page.locator('body').innerText().catch(() => '')}`
        throw error
      } finally {
        await page.close()
      }
    })
  }
}

const mostTabs = 300

export class Person {
  constructor(page, way) {
    this.page = page
    this.way = way
    this.clicks = 0 // of links and buttons
    this.fields = 0 // that were filled in, or chosen from
  }

  /** A text of one's own, so that three ways do not meet. */
  word(text) { return `${text} ${this.way.replace(' ', '-')}` }

  id(text) { return this.word(text).toLowerCase().replaceAll(' ', '-') }

  async goto(path) { await this.page.goto(at(path)) }

  /** Where one looks: at the dialog while one is open. */
  async scope() {
    const dialog = this.page.locator('dialog[open]')
    return await dialog.count() ? dialog : this.page.locator('body')
  }

  async find(role, name) {
    const found = (await this.scope()).getByRole(role, { name, exact: true }).first()
    await found.waitFor()
    return found
  }

  async label(name) {
    const found = (await this.scope()).getByLabel(name, { exact: true }).first()
    await found.waitFor()
    return found
  }

  /** Comes to an element by Tab alone. */
  async reach(element) {
    for (let i = 0; i < mostTabs; i++) {
      if (await element.evaluate((e) => e === document.activeElement)) return
      await this.page.keyboard.press('Tab')
    }
    assert.fail(`Tab does not lead to ${element}`)
  }

  /** Uses a link or a button, and waits for what it leads to. */
  async use(element) {
    this.clicks++
    const before = this.page.url()
    const settled = this.page.waitForResponse((r) => r.request().isNavigationRequest() || r.request().headers()['hx-request'] === 'true')
    if (this.way === 'keyboard') {
      await this.reach(element)
      await this.page.keyboard.press('Enter')
    } else {
      await element.click()
    }
    const answer = await settled
    if (answer.headers()['hx-redirect']) await this.page.locator('dialog[open]').waitFor({ state: 'detached' }) // another page follows
    await this.page.waitForLoadState('load')
    return before
  }

  async follow(name) { await this.use(await this.find('link', name)) }

  async press(name) { await this.use(await this.find('button', name)) }

  async fill(name, text) {
    const field = await this.label(name)
    this.fields++
    if (this.way !== 'keyboard') return field.fill(text)
    await this.reach(field)
    await this.page.keyboard.press('Control+A')
    if (text === '') return this.page.keyboard.press('Delete')
    await this.page.keyboard.type(text)
  }

  /** Chooses an option of a select by its text. */
  async select(name, option) {
    const field = await this.label(name)
    this.fields++
    if (this.way !== 'keyboard') return field.selectOption({ label: option })
    await this.reach(field)
    const at = () => field.evaluate((s) => s.selectedIndex)
    const wanted = await field.evaluate((s, text) => [...s.options].findIndex((o) => o.text === text), option)
    assert.notEqual(wanted, -1, `${name} has no option ${option}`)
    for (let now = await at(); now !== wanted; now = await at()) await this.page.keyboard.press(now < wanted ? 'ArrowDown' : 'ArrowUp')
  }

  /** Chooses one of the radios of a group. */
  async choose(group, option) {
    const set = await this.find('group', group)
    const radio = set.getByRole('radio', { name: option, exact: true })
    this.fields++
    if (this.way !== 'keyboard') return radio.check()
    if (await radio.isChecked()) return
    await this.reach(await set.getByRole('radio', { checked: true }).count() ? set.getByRole('radio', { checked: true }) : set.getByRole('radio').first())
    for (let i = 0; !(await radio.isChecked()) && i < 20; i++) await this.page.keyboard.press('ArrowDown')
    assert.ok(await radio.isChecked(), `${group}: ${option}`)
  }

  async check(name) {
    const box = await this.find('checkbox', name)
    this.fields++
    if (this.way !== 'keyboard') return box.check()
    await this.reach(box)
    await this.page.keyboard.press('Space')
  }

  /** What was done, as the next page says. */
  async said(text) {
    const status = this.page.getByRole('status').filter({ hasText: text }).first() // of a dialog, or of the page that it led to
    await status.waitFor()
    assert.equal((await status.textContent()).trim(), text)
  }

  /** Why nothing was done; the alert has the focus where a script runs. */
  async refused(text) {
    const alert = (await this.scope()).getByRole('alert')
    await alert.waitFor()
    assert.ok((await alert.textContent()).replace(/\s+/g, ' ').includes(text), await alert.textContent())
    if (this.way !== 'no script') assert.ok(await alert.evaluate((e) => e === document.activeElement), 'the alert has the focus')
  }

  async titled(text) { await (await this.scope()).getByRole('heading', { level: 1, name: text, exact: true }).waitFor() }

  async sees(...texts) { for (const text of texts) await (await this.scope()).getByText(text).first().waitFor() }

  /** A row of a table, by the text of its first cell: its cells by column. */
  async row(caption, first) {
    const table = await this.find('table', caption)
    const [head, ...rows] = await table.evaluate((t) => [...t.rows].map((r) => [...r.cells].map((c) => c.innerText.trim())))
    const row = rows.find((r) => r[0] === first)
    assert.ok(row, `${caption} has no row ${first}: ${JSON.stringify(rows)}`)
    return Object.fromEntries(head.map((name, i) => [name, row[i]]))
  }
}
