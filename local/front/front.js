// Moves the clock, tells how far it is and stops it, copies commands.
const said = document.getElementById('said')
const stop = document.getElementById('stop')
const minute = (ms) => new Date(ms).toISOString().slice(0, 16).replace('T', ' ')
let moving = null
for (const button of document.querySelectorAll('[data-advance]')) {
  button.addEventListener('click', async () => {
    const all = document.querySelectorAll('[data-advance]')
    all.forEach((b) => { b.disabled = true })
    said.textContent = 'The clock moves …'
    moving = setInterval(tell, 1000)
    try {
      const res = await fetch('/_local/clock', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ advance: button.dataset.advance }) })
      const body = await res.json()
      if (!res.ok) throw new Error(body.message)
      location.reload()
    } catch (e) {
      said.textContent = `The clock did not move: ${e.message}`
      all.forEach((b) => { b.disabled = false })
    } finally {
      clearInterval(moving)
      stop.hidden = true
    }
  })
}
// tell shows how far the move is, once it takes long enough to be looked at.
async function tell () {
  const at = await (await fetch('/_local/clock')).json()
  if (!at.move) return
  stop.hidden = false
  said.textContent = at.move.stopping ? `The clock stops at ${minute(at.now)} …` : `The clock moves: ${minute(at.now)} on its way to ${minute(at.move.to)}, ${at.move.done} things done, ${Math.round(at.move.per_second)} a second …`
}
stop.addEventListener('click', () => fetch('/_local/clock', { method: 'DELETE' }))
for (const button of document.querySelectorAll('[data-copy]')) {
  button.hidden = !navigator.clipboard
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent)
    button.textContent = 'Copied'
  })
}
