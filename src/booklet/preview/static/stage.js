// The stage: which pages are shown, how large, and which place is kept when they change.

import { Leaf, openings } from './leaves.js'

const ZOOMS = [0.5, 0.75, 1, 1.25, 1.5, 2, 2.5, 3, 4]   // times the true size; 1 pt is 4/3 CSS pixels
const POINT = 4 / 3
const MARGIN = 28, GAP = 28, THUMB = 132
const AHEAD = 300   // pixels below the window for which thumbnails are drawn

export class Stage {
  constructor(tell) {
    this.node = document.querySelector('#stage')
    this.pages = document.querySelector('#pages')
    this.tell = tell
    this.leaves = new Map()
    this.book = null
    this.page = Number(/p=(\d+)/.exec(location.hash)?.[1] ?? 0)
    this.view = 'spread'
    this.zoom = 'fit'
    this.shows = { grid: false, boxes: false, bleed: false }
    new ResizeObserver(() => this.draw()).observe(this.node)
    this.node.addEventListener('scroll', () => this.#draw_near(), { passive: true })
  }

  /** Show another state of the book at the same place. */
  take(book, number) {
    const place = this.book && this.#place()
    this.book = book
    this.number = number
    if (place) this.page = this.#page_of(place)
    this.page = Math.min(this.page, book.pages.length - 1)
    this.draw()
  }

  /** A place is a heading and the pages since it, for pages before it may come and go. */
  #place() {
    const before = this.book.outline.filter(entry => entry.page <= this.page)
    const last = before.at(-1)
    if (!last) return { page: this.page }
    const nth = before.filter(entry => entry.title === last.title).length - 1
    return { page: this.page, title: last.title, nth, since: this.page - last.page }
  }

  #page_of({ page, title, nth, since }) {
    if (title === undefined) return page
    const again = this.book.outline.filter(entry => entry.title === title)[nth]
    return again ? again.page + since : page
  }

  get openings() { return openings(this.book.pages, this.view) }

  get opening() { return this.openings.find(one => one.includes(this.page)) ?? [0] }

  go(page) {
    if (!this.book) return
    this.page = Math.max(0, Math.min(page, this.book.pages.length - 1))
    history.replaceState(null, '', `#p=${this.page}`)
    this.draw()
    if (this.view === 'thumbs') this.leaves.get(this.page)?.node.scrollIntoView({ block: 'nearest' })
    else this.node.scrollTo(0, 0)
  }

  turn(by) {
    if (!this.book) return
    if (this.view === 'thumbs') { this.go(this.page + by); return }
    const all = this.openings, at = all.findIndex(one => one.includes(this.page)) + by
    if (all[at]) this.go(all[at][0])
  }

  get rightBound() { return this.book?.bound === 'right' }

  look(view) { this.view = view; this.draw() }

  show(name, on) { this.shows[name] = on; this.draw() }

  zoomBy(steps) {
    if (!steps) this.zoom = 'fit'
    else {
      const now = this.scale / POINT
      const next = steps > 0 ? ZOOMS.find(one => one > now * 1.02) : ZOOMS.findLast(one => one < now * 0.98)
      this.zoom = next ?? (steps > 0 ? ZOOMS.at(-1) : ZOOMS[0])
    }
    this.draw()
  }

  /** CSS pixels to a point. */
  get scale() {
    const { pages } = this.book
    const width = Math.max(...pages.map(page => page.width)), height = Math.max(...pages.map(page => page.height))
    if (this.view === 'thumbs') return THUMB / width
    if (this.zoom !== 'fit') return this.zoom * POINT
    const bleed = this.shows.bleed ? 2 * Math.max(...pages.map(page => page.bleed)) : 0
    const beside = this.view === 'spread' ? 2 : 1
    const room = this.node.clientWidth - 2 * MARGIN - (beside === 2 && bleed ? GAP : 0)
    return Math.max(0.2, Math.min(room / (beside * (width + bleed)), (this.node.clientHeight - 2 * MARGIN) / (height + bleed)))
  }

  draw() {
    if (!this.book) return
    const thumbs = this.view === 'thumbs'
    const groups = thumbs ? openings(this.book.pages, 'spread') : [this.opening]
    const wanted = new Set(groups.flat())
    for (const [index, leaf] of this.leaves) if (!wanted.has(index)) { leaf.drop(); this.leaves.delete(index) }
    const scale = this.scale
    this.pages.className = `${this.view}${this.shows.bleed ? ' whole' : ''}`
    this.pages.replaceChildren(...groups.map(group => this.#group(group, scale, thumbs)))
    this.#draw_near()
    this.tell()
  }

  #group(group, scale, thumbs) {
    const node = document.createElement('div')
    node.className = 'opening'
    for (const index of this.rightBound ? group.toReversed() : group) {
      let leaf = this.leaves.get(index)
      if (!leaf) this.leaves.set(index, leaf = new Leaf(index))
      const page = this.book.pages[index]
      leaf.place(page, this.book.area, scale, this.shows)
      const right = this.#onRight(page)
      leaf.node.classList.toggle('left', this.view === 'spread' && !right)
      leaf.node.classList.toggle('right', this.view === 'spread' && right)
      leaf.node.classList.toggle('here', thumbs && this.opening.includes(index))
      node.append(leaf.node)
    }
    if (group.length === 1 && this.view !== 'single') {
      node.classList.add(this.#onRight(this.book.pages[group[0]]) ? 'only-right' : 'only-left')
    }
    if (thumbs) {
      const folio = document.createElement('span')
      folio.textContent = group.map(index => this.book.pages[index].label || '·').join('  ')
      node.append(folio)
    }
    return node
  }

  #onRight(page) { return page.recto !== this.rightBound }

  #draw_near() {
    const box = this.node.getBoundingClientRect()
    for (const leaf of this.leaves.values()) {
      const { top, bottom } = leaf.node.getBoundingClientRect()
      if (bottom > box.top - AHEAD && top < box.bottom + AHEAD) leaf.refresh(this.number)
    }
  }
}
