// The command line, atmn 1.1.25, as it is installed: a file is pulled, changed and pushed.
import { after, before, describe, test } from 'node:test'
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { base, key, rest } from '../stack.js'
import { autumn, card, fresh, holds, ok, post } from '../words.js'

const folder = mkdtempSync(join(tmpdir(), 'windfall-atmn-'))
const file = join(folder, 'autumn.config.ts')
const modules = fileURLToPath(new URL('../node_modules', import.meta.url))
const env = { ...process.env, ATMN_BACKEND_URL: base, AUTUMN_SECRET_KEY: key, ATMN_DISABLE_AUTH_RECOVERY: '1', HOME: folder, NO_COLOR: '1' }

/** Runs a command and returns its exit code and what it printed. */
function atmn(...args) {
  return new Promise((resolve) => {
    const child = execFile(process.execPath, [join(modules, 'atmn/dist/cli.js'), ...args], { cwd: folder, env, timeout: 120_000 },
      (error, stdout, stderr) => resolve({ code: error ? error.code ?? 1 : 0, text: stdout + stderr }))
    child.stdin.end()
  })
}

/** Runs a command that must end well. */
async function done(...args) {
  const { code, text } = await atmn(...args)
  assert.equal(code, 0, text)
  return text
}

/** Changes the file: what is replaced must be there. */
function edit(from, to) {
  const text = readFileSync(file, 'utf8')
  assert.ok(typeof from === 'string' ? text.includes(from) : from.test(text), `${from} is not in\n${text}`)
  writeFileSync(file, text.replace(from, to))
}

describe('atmn 1.1.25', () => {
  before(fresh)
  before(() => symlinkSync(modules, join(folder, 'node_modules')))
  after(() => rmSync(folder, { recursive: true, force: true }))

  test('env names the environment', async () => {
    assert.match(await done('env'), /Environment: Sandbox/)
  })

  test('what was pulled is in sync', async () => {
    await post('/v1/rewards', { id: 'summer', name: 'Summer', type: 'percentage_discount', discount_config: { discount_value: 20, duration_type: 'months', duration_value: 3 }, promo_codes: [{ code: 'SUMMER20' }] })
    await post('/v1/rewards', { id: 'thanks', name: 'Thanks', type: 'invoice_credits', discount_config: { discount_value: 10, duration_type: 'one_off', duration_value: 0 } })
    await post('/v1/reward_programs', { id: 'friends', when: 'customer_creation', internal_reward_id: 'summer', received_by: 'all', max_redemptions: 5 })
    ok(await autumn.products.create({ id: 'team', name: 'Team', items: [{ price: 40, interval: 'month', interval_count: 2 }, { price: 15, interval: null },
      { feature_id: 'seats', included_usage: 1, price: 12, interval: 'month', interval_count: 2, usage_model: 'pay_per_use', config: { on_increase: 'prorate_immediately', on_decrease: 'none' } },
      { feature_id: 'credits', included_usage: 5, tiers: [{ to: 100, amount: 1 }, { to: 'inf', amount: 0.5 }], interval: 'month', interval_count: 2, usage_model: 'pay_per_use', usage_limit: 500 }],
      free_trial: { length: 14, duration: 'day', card_required: true, unique_fingerprint: true } }))
    await done('pull')
    const before = await everything()
    assert.match(await done('push'), /Found 4 features, 6 plans, 1 rewards, 1 referral programs[^]*Already in sync/)
    assert.deepEqual(await everything(), before)
  })

  test('what was changed is listed, and asked for', async () => {
    ok(await autumn.customers.create({ id: 'ada' }))
    await card('ada')
    ok(await autumn.attach({ customer_id: 'ada', product_id: 'gift' }))
    edit("name: 'Free'", "name: 'To begin with'")
    edit(/(id: 'pack',[^]*?)amount: 9/, '$1amount: 11')
    edit(/export const gift = plan\([^]*?\n}\);\n/, '')
    edit(/export const open = plan\([^]*?\n}\);\n/, '')
    edit("code: 'SUMMER20'", "code: 'SUMMER25'")
    writeFileSync(file, `${readFileSync(file, 'utf8')}
export const exports_ = feature({ id: 'exports', name: 'Exports', type: 'metered', consumable: true });
export const studio = plan({ id: 'studio', name: 'Studio', description: 'For two', price: { amount: 60, interval: 'year' },
	items: [item({ featureId: exports_.id, included: 20, price: { amount: 2, billingUnits: 10, billingMethod: 'usage_based', interval: 'month', maxPurchase: 80 } })] });
`)
    const { code, text } = await atmn('push')
    assert.equal(code, 1, text)
    assert.match(text, /Plan "gift" needs to be removed but has customers/)
    assert.match(text, /Plan "open" will be deleted/)
    assert.match(text, /Reward "summer" will be updated/)
    const pushed = await done('push', '--yes')
    for (const line of ['Features created: exports', 'Plans created: studio', 'Plans updated: free, pack', 'Plans deleted: open', 'Plans archived: gift', 'Rewards updated: summer']) assert.ok(pushed.includes(line), `${line}\n${pushed}`)
    assert.equal(ok(await autumn.products.get('gift')).archived, true)
    await holds('ada', 'free active', 'gift active')
    const { items, description } = ok(await autumn.products.get('studio'))
    assert.deepEqual([description, items.map((i) => [i.type, i.price, i.interval, i.included_usage, i.usage_limit])],
      ['For two', [['price', 60, 'year', null, null], ['priced_feature', 2, 'month', 20, 100]]])
    assert.match(await done('push'), /Already in sync/)
  })

  test('a version is made when it is asked for, and never changed in place', async () => {
    ok(await autumn.customers.create({ id: 'bob' }))
    await card('bob')
    ok(await autumn.attach({ customer_id: 'bob', product_id: 'pro' }))
    edit(/(id: 'pro',[^]*?)amount: 20/, '$1amount: 25')
    assert.match((await atmn('push', '--yes')).text, /plan "pro" needs an update intent/)
    const inPlace = await atmn('push', '--yes', '--plan-intents', '{"pro":"update_current"}', '--migration-drafts', '{"pro":false}')
    assert.equal(inPlace.code, 1)
    assert.match(inPlace.text, /pro: Customers hold version 1 of/)
    await done('push', '--yes', '--plan-intents', '{"pro":"create_version"}')
    assert.deepEqual([ok(await autumn.products.get('pro')).version, ok(await autumn.customers.get('bob')).products[0].version], [2, 1])
    assert.match(await done('push'), /Already in sync/)
  })

  test('out of the archive, and what a file cannot have', async () => {
    await done('pull', '--force')
    edit(/(id: 'gift',[^]*?)archived: true/, '$1archived: false')
    await done('push', '--yes')
    assert.equal(ok(await autumn.products.get('gift')).archived, false)
    edit(/(id: 'exports',[^]*?)consumable: true/, '$1consumable: false')
    const refused = await atmn('push', '--yes')
    assert.equal(refused.code, 1)
    assert.match(refused.text, /exports: /)
    edit(/(id: 'exports',[^]*?)consumable: false/, '$1consumable: true')
  })

  test('a plan and a feature get another name, and a plan is archived', async () => {
    edit("name: 'Exports'", "name: 'Downloads'")
    edit("name: 'Studio'", "name: 'Atelier'")
    edit(/(id: 'gift',[^]*?)archived: false/, '$1archived: true')
    const pushed = await done('push', '--yes')
    assert.match(pushed, /Plans updated: .*studio/)
    assert.equal(ok(await autumn.features.get('exports')).name, 'Downloads')
    assert.equal(ok(await autumn.products.get('studio')).name, 'Atelier')
    assert.equal(ok(await autumn.products.get('gift')).archived, true)
    assert.match(await done('push'), /Already in sync/)
  })

  test('preview shows the plans of the file', async () => {
    assert.match(await done('preview'), /Atelier[^]*\$60\/year/)
  })

  test('lists, and what one customer has', async () => {
    for (const args of [['products', '--headless'], ['features', '--headless']]) assert.match(await done(...args), /exports|studio/)
    const json = async (...args) => JSON.parse(await done(...args, '--headless', '--format', 'json'))
    assert.deepEqual((await json('customers', '--search', 'ad')).customers.map((c) => c.id), ['ada'])
    const ada = await json('customers', '--id', 'ada')
    assert.deepEqual((ada.customer ?? ada).subscriptions.map((s) => s.plan.id).sort(), ['free', 'gift'])
    // The command line asks for the last days of its own clock, which is not that of the stack.
    assert.deepEqual((await json('events', '--customer', 'ada')).events, [])
    assert.match(await done('events', '--headless', '--customer', 'ada', '--feature', 'messages', '--mode', 'aggregate'), /Aggregate Events/)
  })

  test('what is refused is printed', async () => {
    const { code, text } = await atmn('events', '--headless')
    assert.equal(code, 1)
    assert.match(text, /customer_id: required/)
  })
})

/** All that is for sale, as the first dialect shows it. */
async function everything() {
  const lists = await Promise.all(['features', 'products?include_archived=true', 'rewards', 'reward_programs'].map((path) => rest('GET', `/v1/${path}`)))
  return lists.map((list) => list.body)
}
