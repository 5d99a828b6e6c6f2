// The examples, run as their READMEs say against the stack of scripts/with-stack.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { fileURLToPath } from 'node:url'

const root = fileURLToPath(new URL('../../', import.meta.url))
const base = process.env.WINDFALL_URL
const python = process.env.PYTHON // none on a machine without

/** Runs an example to its end, and returns what it printed. */
function run(folder, [command, ...args], { input = '', env = {} } = {}) {
  return new Promise((resolve, reject) => {
    const child = execFile(command, args, { cwd: root + folder, env: { ...process.env, ...env }, timeout: 120_000 },
      (error, stdout, stderr) => (error ? reject(new Error(`${error.message}\n${stdout}${stderr}`)) : resolve(stdout)))
    child.stdin.end(input)
  })
}

async function post(path, body) {
  const answer = await fetch(base + path, { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) })
  assert.equal(answer.status, 200, `${path}: ${await answer.text()}`)
}

/** Pays the page that an example printed, as a person would, and waits until the plan has begun. */
async function pay(printed, customer, plan) {
  const page = /http:\S+\/_stripe\/\S+/.exec(printed)
  assert.ok(page, `there is a page to pay on:\n${printed}`)
  await post(`${page[0].slice(base.length)}/complete`, { payment_method: 'pm_card_visa' })
  for (let attempt = 0; attempt < 200; attempt++) {
    const answer = await fetch(`${base}/v1/customers.get`, { method: 'POST', body: JSON.stringify({ customer_id: customer }),
      headers: { 'Content-Type': 'application/json', Authorization: 'Bearer am_sk_test_local' } })
    if ((await answer.json()).subscriptions.some((s) => s.plan_id === plan)) return
    await new Promise((done) => setTimeout(done, 25))
  }
  assert.fail(`${customer} never had ${plan}`)
}

test('chat: questions cost credits, and more of them are sold', async () => {
  const chat = (input) => run('examples/chat', ['npm', '--silent', 'start'], { input })
  const first = await chat('Is it late?\n!What is time?\n!And space?\nSure?\n')
  assert.match(first, /^Ask me anything\.\n"Is it late\?"\? Yes\. \[9 credits left\]\nLet us think about "What is time\?" at length\. \[4 credits left\]\n4 credits are not enough\. Chat Plus: 500 credits a month for \$10, here: http\S+\n"Sure\?"\? Yes\. \[3 credits left\]\n$/)
  await pay(first, 'mia', 'chat-plus')
  assert.match(await chat('!And space?\n'), /Let us think about "And space\?" at length\. \[488 credits left\]\n$/, 'the 7 of this month count')
})

test('go: who brings a friend has the reward, and so has the friend', async () => {
  const refer = () => run('', ['go', 'run', './examples/go'])
  const printed = (exports) => new RegExp(`^Grace's code is [A-Z0-9]{6}\\ngrace has ${exports} exports\\nfriend-\\w+ has 50 exports\\nOnce more: 400 customer_already_redeemed_referral_code: .*\\n$`)
  assert.match(await refer(), printed(50))
  assert.match(await refer(), printed(100))
})

if (python) test('metering: calls are counted, and the month is billed', async () => {
  const app = () => run('examples/metering', [python, 'app.py'], { env: { PYTHONPATH: `${root}.tools/python/autumn-sdk-1.1.0`, PYTHONDONTWRITEBYTECODE: '1' } })
  const first = await app()
  assert.match(first, /^Before Ada subscribes: 402\n/)
  await pay(first, 'ada-api', 'api')
  assert.equal(await app(), 'Six calls: 200 200 200 200 200 200\nWith another key: 401\n6 calls this month, 3 of them included. Invoices so far:\n  01 April 2027: $5, paid\n')
  await post('/_local/clock', { to: '2027-05-01T02:00:00Z' })
  assert.match(await app(), /Invoices so far:\n  01 May 2027: \$6\.5, paid\n  01 April 2027: \$5, paid\n$/)
})
