// Moves the clock, copies commands.
const said = document.getElementById('said')
for (const button of document.querySelectorAll('[data-advance]')) {
  button.addEventListener('click', async () => {
    const all = document.querySelectorAll('[data-advance]')
    all.forEach((b) => { b.disabled = true })
    said.textContent = 'The clock moves …'
    try {
      const res = await fetch('/_local/clock', { method: 'POST', headers: { 'Content-Type': 'application/json' }, body: JSON.stringify({ advance: button.dataset.advance }) })
      const body = await res.json()
      if (!res.ok) throw new Error(body.message)
      location.reload()
    } catch (e) {
      said.textContent = `The clock did not move: ${e.message}`
      all.forEach((b) => { b.disabled = false })
    }
  })
}
for (const button of document.querySelectorAll('[data-copy]')) {
  button.hidden = !navigator.clipboard
  button.addEventListener('click', async () => {
    await navigator.clipboard.writeText(document.getElementById(button.dataset.copy).textContent)
    button.textContent = 'Copied'
  })
}
