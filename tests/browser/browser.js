// A headless Chromium beside a running stack. Importing this module starts both.
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { createRequire } from 'node:module'
import { createServer } from 'node:http'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { chromium } from 'playwright-core'
import Stripe from 'stripe'
import { start } from '../stripe-node/stack.js'

export const stack = await start('-demo=true')
export const stripe = new Stripe('sk_test_sim', { host: stack.stripe.hostname, port: stack.stripe.port, protocol: 'http', telemetry: false })

// The shop that the buttons lead back to.
const shop = createServer((req, res) => {
  const { pathname } = new URL(req.url, 'http://shop')
  res.writeHead(pathname === '/favicon.ico' ? 204 : 200, { 'Content-Type': 'text/html' }).end(pathname === '/favicon.ico' ? undefined : `<title>Shop</title><h1>${pathname}</h1>`)
}).listen(0, '127.0.0.1')
await once(shop, 'listening')
export const shopURL = `http://127.0.0.1:${shop.address().port}`

const profile = mkdtempSync(join(tmpdir(), 'windfall-browser-'))
// Pictures are made on demand only (make screenshots): they take as long as the tests.
const shots = process.env.SCREENSHOTS
if (shots) mkdirSync(shots, { recursive: true })
const axe = readFileSync(createRequire(import.meta.url).resolve('axe-core/axe.min.js'), 'utf8')

// A fresh profile, and nothing that calls home: a closed network would slow each page down.
const context = await chromium.launchPersistentContext(profile, {
  executablePath: process.env.CHROMIUM ?? '/usr/bin/chromium',
  headless: true,
  viewport: { width: 1280, height: 860 },
  locale: 'en-US',
  args: ['--no-sandbox', '--disable-gpu', '--disable-quic', '--no-first-run', '--disable-background-networking', '--disable-component-update', '--disable-sync'],
})

context.setDefaultTimeout(10_000)

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

const looks = [
  { scheme: 'light', width: 1280, rules: undefined },
  { scheme: 'dark', width: 1280, rules: ['color-contrast'] }, // the colours are all that is new
  { scheme: 'dark', width: 390, rules: undefined },
  { scheme: 'light', width: 390, rules: ['color-contrast'] },
]

/** Holds the page, as it stands, to what every page must be: in light and dark, wide and narrow. Returns what axe found, by its weight. */
export async function inspect(page, name, narrowest = 360) {
  await page.evaluate(axe)
  const count = { critical: 0, serious: 0, moderate: 0, minor: 0 }
  for (const { scheme, width, rules } of [...looks, { scheme: 'light', width: narrowest, rules: [] }]) {
    const where = `${name} (${scheme}, ${width})`
    await page.emulateMedia({ colorScheme: scheme })
    await page.setViewportSize({ width, height: 860 })
    if (shots && width !== narrowest) await page.screenshot({ path: join(shots, `${name}-${width < 500 ? 'phone' : 'desktop'}-${scheme}.png`), fullPage: true })
    const wide = await page.evaluate(() => document.documentElement.scrollWidth - document.documentElement.clientWidth)
    if (wide > 0) offences.push(`${where} scrolls ${wide}px sideways`)
    if (rules?.length === 0) continue
    const found = await page.evaluate((only) => globalThis.axe.run(document, { resultTypes: ['violations'], ...(only && { runOnly: only }) }), rules)
    for (const v of found.violations) count[v.impact] += v.nodes.length
    for (const v of found.violations) offences.push(`${where} axe ${v.id}: ${v.nodes.map((n) => n.html).join(' ')}`)
    for (const weak of await page.evaluate(weakEdges)) offences.push(`${where} ${weak}`)
  }
  await page.emulateMedia({ colorScheme: 'light' })
  await page.setViewportSize({ width: 1280, height: 860 })
  return count
}

/** Runs in the page. Edges of controls and the mark of the focus need a contrast of 3; axe does not look at them. */
function weakEdges() {
  const parse = (text) => text.match(/[\d.]+/g).map(Number)
  const light = (text) => {
    const [r, g, b] = parse(text).map((n) => ((n /= 255) <= 0.04045 ? n / 12.92 : ((n + 0.055) / 1.055) ** 2.4))
    return 0.2126 * r + 0.7152 * g + 0.0722 * b
  }
  const contrast = (a, b) => (Math.max(light(a), light(b)) + 0.05) / (Math.min(light(a), light(b)) + 0.05)
  const ground = (e) => {
    for (; e; e = e.parentElement) {
      const color = getComputedStyle(e).backgroundColor
      if (parse(color)[3] !== 0) return color
    }
    return 'rgb(255, 255, 255)'
  }
  const weak = []
  const before = document.activeElement
  for (const e of document.querySelectorAll('a, button, input:not([type=hidden]), summary, label.pick')) {
    if (!e.checkVisibility()) continue
    const behind = ground(e.parentElement)
    const style = getComputedStyle(e)
    if (e.matches('button, label.pick, input:not([type=radio], [type=checkbox])')) {
      const edge = Math.max(contrast(style.borderTopColor, behind), contrast(ground(e), behind))
      if (edge < 3) weak.push(`border ${edge.toFixed(2)}: ${e.outerHTML.slice(0, 120)}`)
    }
    if (e.matches('label') || e.disabled) continue
    e.focus({ focusVisible: true })
    const focused = getComputedStyle(e)
    const mark = contrast(focused.outlineColor, behind)
    if (focused.outlineStyle === 'none' || parseFloat(focused.outlineWidth) < 2 || mark < 3) weak.push(`focus ${mark.toFixed(2)}: ${e.outerHTML.slice(0, 120)}`)
  }
  before?.focus?.()
  if (document.activeElement !== before) document.activeElement.blur()
  return weak
}

export async function close() {
  await context.close()
  shop.close()
  const { code } = await stack.stop()
  rmSync(profile, { recursive: true, force: true })
  return code
}
