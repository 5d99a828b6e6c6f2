// What pages do beyond links and forms. Nothing here is needed: each page works without it.
'use strict'
{
  const all = (root, selector) => root.querySelectorAll(selector)
  const dialog = () => document.getElementById('dialog')

  // A field that does not apply is hidden, and not sent: data-when="type=a|b duration=months".
  const chosen = (form, name) => {
    const field = form.elements.namedItem(name)
    return !field || field.type === 'checkbox' && !field.checked ? '' : field.value
  }
  const applies = (form) => {
    for (const part of all(form, '[data-when]')) {
      part.hidden = !part.dataset.when.split(' ').every((rule) => {
        const [name, values] = rule.split('=')
        return values.split('|').includes(chosen(form, name))
      })
      const within = part.matches('fieldset') ? [part] : all(part, 'input, select, textarea')
      for (const field of within) field.disabled = part.hidden
    }
  }

  // An export is made of parts, each of which names the next; they are joined here.
  const save = async (box) => {
    const bar = document.createElement('progress')
    bar.ariaLabel = 'Export progress'
    box.append(bar)
    const parts = []
    for (let next = box.dataset.parts; next;) {
      const answer = await fetch(next)
      if (!answer.ok) return location.assign(next)
      parts.push(await answer.blob())
      next = answer.headers.get('X-Next')
    }
    bar.remove()
    const link = document.createElement('a')
    link.href = URL.createObjectURL(new Blob(parts))
    link.download = box.dataset.name
    link.click()
  }

  // A file is read into a field of its form: data-into="rows".
  const read = async (input) => {
    const into = input.form.elements.namedItem(input.dataset.into)
    if (input.files[0] && into) into.value = await input.files[0].text()
  }

  const begin = (root) => {
    for (const form of all(root, 'form')) applies(form)
    root.querySelector('[role=alert]')?.focus()
    root.querySelector('form[data-continue]')?.requestSubmit()
  }

  // A page with a form is shown in a dialog. Its ids may be those of the page below.
  const show = (box) => {
    for (const part of all(box, '[id]')) part.id = 'dialog-' + part.id
    for (const name of ['for', 'aria-labelledby', 'aria-describedby']) {
      for (const part of all(box, `[${name}]`)) {
        part.setAttribute(name, part.getAttribute(name).split(' ').map((id) => 'dialog-' + id).join(' '))
      }
    }
    for (const link of all(box, 'a[href^="#"]')) link.href = '#dialog-' + link.hash.slice(1)
    for (const form of all(box, 'form[method=post]')) {
      const set = { 'hx-post': form.getAttribute('action') || box.dataset.from, 'hx-target': '#dialog', 'hx-select': '#content > *', 'hx-disabled-elt': 'find button' }
      for (const name in set) form.setAttribute(name, set[name])
      htmx.process(form)
    }
    const close = document.createElement('button')
    close.type = 'button'
    close.className = 'close'
    close.textContent = 'Close'
    close.addEventListener('click', () => box.close())
    box.prepend(close)
    if (!box.open) box.showModal()
    begin(box)
    if (!box.querySelector('[role=alert]')) box.querySelector('form :is(input:not([type=hidden]), select, textarea, button)')?.focus()
  }

  document.addEventListener('change', ({ target }) => {
    if (target.form) applies(target.form)
    if (target.dataset?.into) read(target)
  })
  document.addEventListener('click', (event) => {
    const box = event.target.closest('[data-parts] a')?.closest('[data-parts]')
    if (box) event.preventDefault(), save(box)
  })
  document.addEventListener('htmx:beforeRequest', ({ detail }) => {
    if (detail.target === dialog() && detail.requestConfig.verb === 'get') dialog().dataset.from = detail.requestConfig.path
  })
  document.addEventListener('htmx:afterSwap', ({ detail }) => {
    if (detail.target === dialog()) show(dialog())
  })
  document.addEventListener('DOMContentLoaded', () => {
    document.querySelector('nav.main [aria-current]')?.scrollIntoView({ block: 'nearest' })
    begin(document)
  })
}
