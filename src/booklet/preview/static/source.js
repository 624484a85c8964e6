// From a paragraph to its place in the manuscript: a click, or the key S, tells file and line.

import { ask } from './server.js'
import { say } from './words.js'

export class Source {
  constructor(stage) {
    this.stage = stage
    this.node = document.querySelector('#source')
    this.words = this.node.querySelector('code')
    this.button = this.node.querySelector('button')
    this.known = new Map()
    this.button.addEventListener('click', () => this.copy())
    stage.pages.addEventListener('click', event => this.#click(event))
  }

  /** Forget what was known of other pages. */
  take(number) {
    if (number === this.number) return
    this.number = number
    this.known.clear()
    this.close()
  }

  async #click(event) {
    const node = event.target.closest('.leaf')
    if (!node) return
    const index = Number(node.dataset.page), leaf = this.stage.leaves.get(index)
    if (this.stage.view === 'thumbs') { this.stage.go(index); return }
    const [x, y] = leaf.spot(event), all = await this.#passages(index)
    const hit = all.filter(({ box: [left, top, width, height] }) =>
      x >= left && x <= left + width && y >= top && y <= top + height)
    const found = hit.toSorted((one, two) => area(one) - area(two))[0]
    if (found) this.#tell(leaf, found.source, all)
    else this.close()
  }

  /** Go to the next paragraph of the pages shown. */
  async next() {
    const lists = await Promise.all(this.stage.opening.map(async index =>
      (await this.#passages(index)).map(one => ({ ...one, index }))))
    const seen = new Set()
    const all = lists.flat().filter(({ source, index }) => {
      const key = `${index} ${source}`
      return !seen.has(key) && seen.add(key)
    })
    if (!all.length) return
    const at = all.findIndex(one => one.source === this.words.textContent && !this.node.hidden)
    const { source, index } = all[(at + 1) % all.length]
    this.#tell(this.stage.leaves.get(index), source, lists.flat().filter(one => one.index === index))
  }

  async #passages(index) {
    if (!this.known.has(index)) {
      const answer = await ask(`/passages/${index}`)
      this.known.set(index, answer.ok ? await answer.json() : [])
    }
    return this.known.get(index)
  }

  #tell(leaf, source, all) {
    const boxes = all.filter(one => one.source === source).map(one => one.box)
    this.close()
    leaf.frame(boxes)
    this.offer(source, leaf.over.querySelector('.passage'))
  }

  /** Show a place beside a node of the page, to be copied. */
  offer(source, beside) {
    this.words.textContent = source
    this.button.textContent = say('copy')
    this.node.hidden = false
    const box = beside.getBoundingClientRect(), own = this.node.getBoundingClientRect()
    const left = Math.min(Math.max(8, box.left), innerWidth - own.width - 8)
    const above = box.top - own.height - 6
    this.node.style.left = `${left}px`
    this.node.style.top = `${above > 52 ? above : Math.min(box.bottom + 6, innerHeight - own.height - 8)}px`
  }

  async copy() {
    await navigator.clipboard.writeText(this.words.textContent)
    this.button.textContent = say('copied')
  }

  get open() { return !this.node.hidden }

  close() {
    this.node.hidden = true
    for (const leaf of this.stage.leaves.values()) leaf.frame([])
  }
}

const area = ({ box: [, , width, height] }) => width * height
