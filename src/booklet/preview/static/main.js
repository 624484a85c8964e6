// The page of the preview: it takes states from the server and hands them on, and knows the keys.

import { Ebook } from './ebook.js'
import { follow } from './server.js'
import { Side } from './side.js'
import { Source } from './source.js'
import { Stage } from './stage.js'
import { Tuning } from './tuning.js'
import { fillWords, meaning, say } from './words.js'

const find = selector => document.querySelector(selector)
const all = selector => [...document.querySelectorAll(selector)]

fillWords()
const stage = new Stage(() => tell())
const source = new Source(stage)
const side = new Side(stage, source)
const tuning = new Tuning()
const ebook = new Ebook()
let state = null

follow(take, () => status('gone', say('gone')))

function take(next) {
  state = next
  const { book, number } = next
  if (book) {
    document.title = `${book.title} · booklet`
    find('#title').textContent = book.title
    find('#theme').textContent = book.theme
    source.take(number)
    if (stage.number !== number) stage.take(book, number)
    tuning.take(next)
  }
  side.take(next)
  ebook.take(next)
  const fault = find('#fault'), first = next.findings.find(one => one.severity === 'error')
  fault.hidden = !next.error
  fault.replaceChildren()
  if (next.error) {
    const place = first?.line ? `${first.file}:${first.line}` : first?.file ?? ''
    fault.append(strong(book ? say('wrong') : say('noPages')), ` ${place} ${first ? meaning(first.code) : ''} ${first?.message ?? next.error}`)
  }
  document.body.dataset.version = next.version
  document.body.dataset.number = number
  document.body.dataset.proved = String(next.proved && !next.busy && !next.error)
  if (next.busy) status('busy', say('busy'))
  else if (next.error) status('wrong', say('wrong'))
  else if (book) status(next.proving ? 'proving' : 'ready', next.proving ? say('proving') : say(next.proved ? 'proved' : 'ready', book.pages.length))
}

function strong(text) { return Object.assign(document.createElement('strong'), { textContent: text }) }

function status(kind, words) {
  find('#status').className = kind
  find('#status span').textContent = words
}

function tell() {
  const { book } = stage
  if (!book) return
  find('#folio').textContent = stage.view === 'thumbs' ? '' : stage.opening
    .map(index => book.pages[index].label || (index ? '·' : say('cover'))).join(' – ')
  find('#turn').hidden = stage.view === 'thumbs'
  find('#zoom-fit').textContent = stage.zoom === 'fit' ? say('fit') : `${Math.round(stage.zoom * 100)}%`
  for (const button of all('[data-view]')) button.setAttribute('aria-checked', button.dataset.view === stage.view)
  side.mark()
}

function toggle(name) {
  const button = find(`[data-toggle=${name}]`), on = button.getAttribute('aria-pressed') !== 'true'
  button.setAttribute('aria-pressed', on)
  stage.show(name, on)
}

function pane(name, on = find(`#${name}`).hidden) {
  find(`[data-pane=${name}]`).setAttribute('aria-pressed', on)
  document.body.classList.toggle(name, on)
  if (name === 'ebook') { ebook.show(on); if (state) ebook.take(state) }
  else find(`#${name}`).hidden = !on
}

function look(view) { source.close(); stage.look(view) }

function turn(by) { source.close(); stage.turn(by) }

for (const button of all('[data-view]')) button.addEventListener('click', () => look(button.dataset.view))
for (const button of all('[data-toggle]')) button.addEventListener('click', () => toggle(button.dataset.toggle))
for (const button of all('[data-pane]')) button.addEventListener('click', () => pane(button.dataset.pane))
find('#zoom-in').addEventListener('click', () => stage.zoomBy(1))
find('#zoom-out').addEventListener('click', () => stage.zoomBy(-1))
find('#zoom-fit').addEventListener('click', () => stage.zoomBy(0))
find('#back').addEventListener('click', () => turn(-1))
find('#on').addEventListener('click', () => turn(1))
find('#help-button').addEventListener('click', () => find('#help').showModal())

const forward = () => turn(stage.rightBound ? -1 : 1), backward = () => turn(stage.rightBound ? 1 : -1)
const KEYS = {
  ArrowRight: forward, ArrowLeft: backward, PageDown: () => turn(1), PageUp: () => turn(-1),
  Home: () => stage.go(0), End: () => stage.go(Infinity),
  '+': () => stage.zoomBy(1), '=': () => stage.zoomBy(1), '-': () => stage.zoomBy(-1), 0: () => stage.zoomBy(0),
  1: () => look('spread'), 2: () => look('single'), 3: () => look('thumbs'),
  g: () => toggle('grid'), b: () => toggle('boxes'), x: () => toggle('bleed'),
  c: () => side.open('contents'), f: () => side.open('findings'),
  t: () => pane('tuning'), e: () => pane('ebook'),
  s: () => source.next(), '?': () => find('#help').showModal(),
}

addEventListener('keydown', event => {
  if (event.ctrlKey || event.metaKey || event.altKey) return
  const typing = event.target.matches?.('input, select, textarea')
  if (event.key === 'Escape') {
    if (source.open) source.close()
    else if (typing) event.target.blur()
    else if (!find('#tuning').hidden) pane('tuning', false)
    return
  }
  if (typing || find('#help').open) return
  if (event.key === 'Enter' && source.open && !event.target.matches('button')) { source.copy(); return }
  if (event.target.matches('[role=tab], [role=radio]') && event.key.startsWith('Arrow')) return
  const act = KEYS[event.key] ?? KEYS[event.key.toLowerCase()]
  if (!act) return
  event.preventDefault()
  act()
})

for (const name of ['view', 'tab']) {
  const group = all(`[data-${name}]`)
  for (const [at, button] of group.entries()) button.addEventListener('keydown', event => {
    const by = { ArrowRight: 1, ArrowLeft: -1 }[event.key]
    if (!by) return
    const next = group[(at + by + group.length) % group.length]
    next.focus()
    next.click()
  })
}
