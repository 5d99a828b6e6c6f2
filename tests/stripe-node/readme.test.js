// Runs the calls that README.md, docs/api.md and docs/entities.md show, after the commands that
// `make dev` prints, as a newcomer would paste them.
import { test } from 'node:test'
import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { root, start } from './stack.js'

test('the calls of README.md, docs/api.md and docs/entities.md answer what the pages say, after the first purchase', async () => {
  const stack = await start('-demo=true')
  try {
    const paste = (script) => execFileSync('bash', ['-euo', 'pipefail', '-c', script], { encoding: 'utf8', timeout: 60_000 })
    /** The answers of the block of shell in a document that has some text. */
    const run = (file, text) => answers(blocksOf(file).find((b) => b.includes(text)) ?? assert.fail(`${file} has no block with ${text}`))
    const blocksOf = (file) => [...readFileSync(join(root, file), 'utf8').matchAll(/^```sh\n(.*?)^```$/gms)].map((m) => m[1])
    const answers = (block) => {
      assert.match(block, /http:\/\/127\.0\.0\.1:8787/)
      const out = paste(block.replaceAll('http://127.0.0.1:8787', stack.base))
      return out.replaceAll('}{', '}\n{').trim().split('\n').map((line) => JSON.parse(line))
    }
    const shop = { 'content-type': 'application/json', authorization: 'Bearer am_sk_test_local' }
    const body = JSON.stringify({ customer_id: 'ada', product_id: 'pro', customer_data: { name: 'Ada', email: 'ada@example.com' } })
    const { checkout_url: url } = await (await fetch(`${stack.base}/v1/attach`, { method: 'POST', headers: shop, body })).json()
    const paid = await fetch(`${url}/complete`, { method: 'POST', body: '{"payment_method":"pm_card_visa"}' })
    assert.equal(paid.status, 200)
    await fetch(`${stack.base}/_local/clock`, { method: 'POST', headers: shop, body: '{"advance":"1h"}' }) // waits for the webhooks

    const [feature, product, attach, track] = run('README.md', 'call attach')
    assert.deepEqual([feature.id, product.id, attach.code], ['images', 'studio', 'checkout_created'])
    assert.match(attach.checkout_url, /\/_stripe\/pay\/cs_test_/)
    assert.deepEqual([track.recorded, track.balance], [1, 499])

    const [settings, page] = run('docs/api.md', 'am_pk_test_local')
    assert.deepEqual([settings.publishable_checkout, page.code], [true, 'checkout_created'])

    const [, , office, attached, desk, check, , own, entity, ended] = answers(blocksOf('docs/entities.md').join(''))
    assert.deepEqual([office.id, attached.code, desk.id, check.allowed, check.balance], ['office', 'free_product_attached', 'desk_1', true, 100])
    assert.deepEqual([own.payment_url, entity.balances.letters.granted, ended.customer_id], [null, 150, 'grace'])
    assert.deepEqual(stack.faults(), [])
  } finally {
    await stack.stop()
  }
})
