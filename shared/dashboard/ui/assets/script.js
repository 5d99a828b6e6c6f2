// What pages do beyond links and forms. Nothing here is needed: each page works without it.
'use strict'

// An alert gets the focus, as it says what to do next.
const announce = (root) => root.querySelector('[role=alert]')?.focus()

// A field that does not apply is hidden: data-when="type=percentage_discount|fixed_discount duration=months".
const chosen = (form, name) => {
  const field = form.elements.namedItem(name)
  if (!field) return ''
  if (field.type === 'checkbox') return field.checked ? 'on' : ''
  return field.value
}
const applies = (form) => {
  for (const part of form.querySelectorAll('[data-when]')) {
    part.hidden = !part.dataset.when.split(' ').every((rule) => {
      const [name, values] = rule.split('=')
      return values.split('|').includes(chosen(form, name))
    })
  }
}

const begin = (root) => {
  for (const form of root.querySelectorAll('form')) applies(form)
  announce(root)
}

document.addEventListener('change', (event) => event.target.form && applies(event.target.form))
document.addEventListener('DOMContentLoaded', () => begin(document))
