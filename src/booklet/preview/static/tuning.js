// The tuning panel: a control for all that the theme and the page offer, made from what they declare.

import { latest, post } from './server.js'
import { pick, say } from './words.js'

export class Tuning {
  constructor() {
    this.node = document.querySelector('#controls')
    this.rows = new Map()
    this.waiting = new Map()
    this.send = latest(async () => {
      const changes = [...this.waiting.values()]
      this.waiting.clear()
      if (changes.length) await post('/tune', changes)
    })
    document.querySelector('#reset').addEventListener('click', () => post('/reset', {}))
    document.querySelector('#tuning').addEventListener('submit', event => { event.preventDefault(); this.save() })
  }

  async save() {
    const fault = document.querySelector('#save-fault')
    const answer = await post('/save', {})
    const { error } = await answer.json()
    fault.hidden = !error
    fault.textContent = error
  }

  take(state) {
    const { book, changed, faults } = state
    const shape = JSON.stringify(book.controls.map(({ keys, kind, values, range }) => [keys, kind, values, range]))
    if (shape !== this.shape) this.#build(book)
    this.shape = shape
    for (const control of book.controls) {
      const key = control.keys.join('.'), row = this.rows.get(key)
      const own = Object.hasOwn(changed, key)
      row.node.classList.toggle('changed', own)
      row.fault.textContent = faults[key] ?? ''
      row.fault.hidden = !faults[key]
      row.input.setAttribute('aria-invalid', Boolean(faults[key]))
      const held = row.node.contains(document.activeElement) && document.activeElement !== document.body
      if (!held || !own) row.set(own ? String(changed[key]) : control.value)
    }
    const count = Object.keys(changed).length
    document.querySelector('#unsaved').textContent = count ? say('unsaved', count) : ''
    document.querySelector('#save').disabled = !count || Object.keys(faults).length > 0
    document.querySelector('#reset').disabled = !count
    if (!count) document.querySelector('#save-fault').hidden = true
  }

  #build(book) {
    this.rows.clear()
    const groups = [...book.groups, ['', { zh: say('other'), en: say('other') }]]
    this.node.replaceChildren(...groups.map(([name, label]) => {
      const controls = book.controls.filter(control => control.group === name)
      const set = document.createElement('fieldset'), legend = document.createElement('legend')
      legend.textContent = pick(label)
      set.append(legend, ...controls.map(control => this.#row(control)))
      set.hidden = !controls.length
      return set
    }))
  }

  #row(control) {
    const key = control.keys.join('.'), id = `control-${key}`
    const node = element('div', { className: `control ${control.kind}` })
    const label = element('label', { htmlFor: id, textContent: pick(control.label) })
    const fault = element('p', { className: 'fault', hidden: true })
    fault.setAttribute('role', 'alert')
    const row = { node, fault, ...this.#input(control, value => this.#change(control.keys, value)) }
    row.input.id = id
    row.input.dataset.keys = key
    node.append(label, ...row.parts, fault)
    this.rows.set(key, row)
    return node
  }

  #change(keys, value) {
    this.waiting.set(keys.join('.'), [keys, value])
    this.send()
  }

  #input(control, change) {
    if (control.kind === 'color') return colour(change)
    if (control.kind === 'length' || control.kind === 'number') return slider(control, change)
    return choice(control, change)
  }
}

function colour(change) {
  const input = element('input', { type: 'color' }), text = element('input', { type: 'text', spellcheck: false })
  input.addEventListener('input', () => { text.value = input.value; change(input.value) })
  text.addEventListener('input', () => change(text.value.trim()))
  return {
    input, parts: [input, text],
    set(value) { text.value = value; if (/^#[0-9a-f]{6}$/i.test(value)) input.value = value.toLowerCase() },
  }
}

function slider(control, change) {
  const [min, max] = control.range ?? [0, 100]
  const input = element('input', { type: 'range', min, max, step: 'any' })
  const text = element('input', { type: 'text', inputMode: 'decimal', spellcheck: false })
  const unit = control.unit ?? ''
  const name = element('small')
  const shown = value => {
    text.value = value
    name.textContent = control.names?.[Number.parseFloat(value)] ?? ''
  }
  const step = control.step || 1
  input.addEventListener('input', () => {
    const value = `${Number((Math.round(input.value / step) * step).toFixed(4))}${unit}`
    shown(value)
    change(value)
  })
  // Arrow keys move by the step of the theme, which need not divide the value in force.
  input.addEventListener('keydown', event => {
    const by = { ArrowRight: step, ArrowUp: step, ArrowLeft: -step, ArrowDown: -step }[event.key]
    if (by === undefined) return
    event.preventDefault()
    input.value = Number(input.value) + by
    input.dispatchEvent(new Event('input'))
  })
  text.addEventListener('input', () => change(/^[\d.]+$/.test(text.value) ? text.value + unit : text.value.trim()))
  return {
    input, parts: control.names ? [input, text, name] : [input, text],
    set(value) { shown(value); input.value = Number.parseFloat(value) },
  }
}

function choice(control, change) {
  const input = element('select')
  const options = (control.values ?? []).map(([value, label]) =>
    element('option', { value, textContent: label ? pick(label) : value }))
  input.append(...options)
  input.addEventListener('change', () => change(input.value))
  return {
    input, parts: [input],
    set(value) {
      if (![...input.options].some(option => option.value === value)) input.append(element('option', { value, textContent: value }))
      input.value = value
    },
  }
}

const element = (name, values = {}) => Object.assign(document.createElement(name), values)
