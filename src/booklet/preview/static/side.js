// The side panel: contents to jump by, and findings with their places in the manuscript.

import { ask } from './server.js'
import { meaning, say } from './words.js'

export class Side {
  constructor(stage, source) {
    this.stage = stage
    this.source = source
    this.contents = document.querySelector('#contents')
    this.findings = document.querySelector('#findings')
    this.count = document.querySelector('#count')
    for (const tab of document.querySelectorAll('[role=tab]')) tab.addEventListener('click', () => this.open(tab.dataset.tab))
    this.open('contents')
  }

  open(name) {
    for (const tab of document.querySelectorAll('[role=tab]')) {
      const own = tab.dataset.tab === name
      tab.setAttribute('aria-selected', own)
      document.getElementById(tab.dataset.tab).hidden = !own
    }
  }

  take({ book, findings }) {
    this.#list(findings)
    if (!book) return
    const first = { title: say('cover'), level: 1, page: 0 }
    const entries = book.outline[0]?.page === 0 ? book.outline : [first, ...book.outline]
    const shape = JSON.stringify([entries, book.pages.map(page => page.label)])
    if (shape === this.shape) return
    this.shape = shape
    this.contents.replaceChildren(...entries.map(entry => {
      const button = element('button', { type: 'button' }), item = element('li', { className: `level-${Math.min(entry.level, 3)}` })
      button.append(element('span', { textContent: entry.title }), element('small', { textContent: book.pages[entry.page]?.label ?? '' }))
      button.dataset.page = entry.page
      button.addEventListener('click', () => this.stage.go(entry.page))
      item.append(button)
      return item
    }))
    this.mark()
  }

  /** Mark the entry that the pages shown belong to. */
  mark() {
    const shown = Math.max(...(this.stage.book ? this.stage.opening : [0]))
    const buttons = [...this.contents.querySelectorAll('button')]
    const here = buttons.findLast(button => Number(button.dataset.page) <= shown)
    for (const button of buttons) button.toggleAttribute('aria-current', button === here)
    here?.scrollIntoView({ block: 'nearest' })
  }

  #list(findings) {
    const worst = ['error', 'warning', 'note'].find(name => findings.some(one => one.severity === name))
    this.count.hidden = !findings.length
    this.count.textContent = findings.length
    this.count.className = worst ?? ''
    if (!findings.length) {
      this.findings.replaceChildren(element('li', { className: 'none', textContent: say('nothing') }))
      return
    }
    this.findings.replaceChildren(...findings.map(one => this.#item(one)))
  }

  #item(one) {
    const place = [one.file, one.line, one.column].filter(Boolean).join(':')
    const item = element('li', { className: one.severity }), button = element('button', { type: 'button' })
    button.append(
      element('code', { textContent: place }), element('b', { textContent: `${say(one.severity)} ${one.code}` }))
    if (meaning(one.code)) button.append(element('span', { textContent: meaning(one.code) }))
    button.append(element(meaning(one.code) ? 'small' : 'span', { lang: 'en', textContent: one.message }))
    if (one.hint) button.append(element('small', { lang: 'en', textContent: one.hint }))
    button.addEventListener('click', async () => {
      this.source.offer(place, button)
      if (!one.line) return
      const answer = await ask(`/find?file=${encodeURIComponent(one.file)}&line=${one.line}`)
      const { page } = answer.ok ? await answer.json() : {}
      if (page !== null && page !== undefined) this.stage.go(page)
    })
    item.append(button)
    return item
  }
}

const element = (name, values = {}) => Object.assign(document.createElement(name), values)
