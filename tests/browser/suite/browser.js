// A headless Chromium beside a running stack. Importing this module starts both.
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import Stripe from 'stripe'
import { root, start } from '../../stripe-node/stack.js'

export const stack = await start()
export const stripe = new Stripe('sk_test_sim', { host: stack.stripe.hostname, port: stack.stripe.port, protocol: 'http', telemetry: false })

// The shop that the buttons lead back to.
const shop = createServer((req, res) => {
  const { pathname } = new URL(req.url, 'http://shop')
  res.writeHead(pathname === '/favicon.ico' ? 204 : 200, { 'Content-Type': 'text/html' }).end(pathname === '/favicon.ico' ? undefined : `<title>Shop</title><h1>${pathname}</h1>`)
}).listen(0, '127.0.0.1')
await once(shop, 'listening')
export const shopURL = `http://127.0.0.1:${shop.address().port}`

const profile = mkdtempSync(join(tmpdir(), 'windfall-browser-'))
const shots = join(root, '.local', 'screenshots')
mkdirSync(shots, { recursive: true })

// A fresh profile, and nothing that calls home: a closed network would slow each page down.
const context = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  headless: true,
  viewport: { width: 1280, height: 860 },
  locale: 'en-US',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
})

/** What the pages did that no page should: errors, and calls to anything but this machine. */
export const offences = []
context.on('request', (r) => {
  if (!['127.0.0.1', 'localhost'].includes(new URL(r.url()).hostname)) offences.push(`request to ${r.url()}`)
})

export async function open(url) {
  const page = await context.newPage()
  page.on('pageerror', (e) => offences.push(`error: ${e.message}`))
  page.on('console', (m) => {
    // A refused payment is answered with 402, and Chromium notes that by itself.
    if (m.type() === 'error' && !/status of 4\d\d/.test(m.text())) offences.push(`console: ${m.text()}`)
  })
  await page.goto(url)
  return page
}

/** Keeps a picture of the whole page in .local/screenshots, for people to look at. */
export async function shoot(page, name, width) {
  if (width) await page.setViewportSize({ width, height: 860 })
  await page.screenshot({ path: join(shots, `${name}.png`), fullPage: true })
  const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
  if (wide > 0) offences.push(`${name} scrolls ${wide}px sideways`)
  if (width) await page.setViewportSize({ width: 1280, height: 860 })
}

export async function close() {
  await context.close()
  shop.close()
  const { code } = await stack.stop()
  rmSync(profile, { recursive: true, force: true })
  return code
}
