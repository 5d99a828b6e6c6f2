// Every page of tests/dashboard/pages_*.txt: light and dark, wide and narrow, for everybody; and nothing in the console.
import { readdirSync, readFileSync } from 'node:fs'
import { test } from 'node:test'
import { inspect } from '../browser.js'
import { visit } from './stack.js'

const lists = new URL('../../dashboard/', import.meta.url)
for (const name of readdirSync(lists).filter((n) => /^pages_.*\.txt$/.test(n))) {
  test(`the pages of ${name}`, async (t) => {
    for (const line of readFileSync(new URL(name, lists), 'utf8').split('\n')) {
      const [path, h1] = line.split(' | ')
      if (!h1 || path.startsWith('#')) continue
      const page = await visit(path)
      await page.getByRole('heading', { level: 1, name: h1, exact: true }).waitFor()
      const found = await inspect(page, `dashboard${path.slice('/dashboard'.length).replaceAll(/[^a-z0-9]+/gi, '-')}`, 320)
      t.diagnostic(`axe ${path}: ${Object.entries(found).map(([weight, n]) => `${n} ${weight}`).join(', ')}`)
      await page.close()
    }
  })
}
