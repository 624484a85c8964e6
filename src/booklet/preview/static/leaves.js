// Pages as leaves: their pictures, what is drawn over them, and how they lie beside each other.

import { ask } from './server.js'

const SVG = 'http://www.w3.org/2000/svg'
const SCALES = [0.35, 0.6, 1, 1.5, 2, 2.6, 3.4, 4.5, 6, 8, 12]   // pixels to a point that are asked for
const SHARP = Math.max(devicePixelRatio, 2)

/** Part pages into openings: lists of page indexes, a verso and a recto where there are both. */
export function openings(pages, view) {
  if (view === 'single') return pages.map((_, index) => [index])
  const found = []
  for (const [index, page] of pages.entries()) {
    const last = found.at(-1)
    if (last?.length === 1 && page.recto && !pages[last[0]].recto) last.push(index)
    else found.push([index])
  }
  return found
}

export class Leaf {
  constructor(index) {
    this.index = index
    this.node = document.createElement('div')
    this.node.className = 'leaf'
    this.node.dataset.page = index
    this.picture = document.createElement('img')
    this.picture.alt = ''
    this.picture.draggable = false
    this.over = document.createElementNS(SVG, 'svg')
    this.node.append(this.picture, this.over)
    this.digest = null
    this.url = null
    this.asked = 0
  }

  /** Take its size, and draw what lies over it. `zoom` is CSS pixels to a point. */
  place(page, area, zoom, shows) {
    this.page = page
    const bleed = shows.bleed ? page.bleed : 0
    const width = page.width + 2 * bleed, height = page.height + 2 * bleed
    this.scale = zoom
    this.bleed = bleed
    this.node.style.width = `${width * zoom}px`
    this.node.style.height = `${height * zoom}px`
    this.node.classList.toggle('whole', Boolean(bleed))
    const inset = (bleed - page.bleed) * zoom
    Object.assign(this.picture.style, {
      left: `${inset}px`, top: `${inset}px`,
      width: `${(page.width + 2 * page.bleed) * zoom}px`, height: `${(page.height + 2 * page.bleed) * zoom}px`,
    })
    this.over.setAttribute('viewBox', `${-bleed} ${-bleed} ${width} ${height}`)
    this.over.replaceChildren(this.#grid(page, area, shows), ...this.#boxes(page, shows))
    this.node.setAttribute('aria-label', page.label || '')
  }

  #grid(page, area, shows) {
    // A page of vertical lines was laid out sideways, and turned with all that stands on it.
    const lines = make('g', page.turned ? { transform: `matrix(0 1 -1 0 ${page.width} 0)` } : {})
    const width = area.size * area.characters, height = area.pitch * area.lines
    if (page.grid && shows.grid) {
      for (let line = 0; line < area.lines; line += 1) {
        const y = page.top + line * area.pitch + page.grid.drop
        lines.append(make('line', { class: 'baseline', x1: page.grid.left, x2: page.grid.left + width, y1: y, y2: y }))
      }
    }
    if (page.grid && (shows.grid || shows.boxes)) {
      lines.append(make('rect', { class: 'area', x: page.grid.left, y: page.top, width, height }))
    }
    return lines
  }

  #boxes(page, shows) {
    const lines = []
    const rect = (name, x, y, width, height) => lines.push(make('rect', { class: name, x, y, width, height }))
    if (shows.boxes || shows.bleed) rect('trim', 0, 0, page.width, page.height)
    if (shows.boxes && this.bleed) rect('edge', -this.bleed, -this.bleed, page.width + 2 * this.bleed, page.height + 2 * this.bleed)
    return lines
  }

  /** Draw a frame around boxes of the page, or none. */
  frame(boxes) {
    for (const old of this.over.querySelectorAll('.passage')) old.remove()
    for (const [x, y, width, height] of boxes) {
      this.over.append(make('rect', { class: 'passage', x: x - 2, y: y - 2, width: width + 4, height: height + 4 }))
    }
  }

  /** Fetch its picture; one that has not changed is not sent again. */
  async refresh(number) {
    const wanted = this.scale * SHARP
    const scale = SCALES.find(one => one >= wanted * 0.98) ?? SCALES.at(-1)
    const key = `${number}/${scale}`
    if (this.key === key) return
    this.key = key
    const turn = ++this.asked
    this.node.dataset.waits = key
    const known = this.digest && this.drawn === scale ? { 'If-None-Match': this.digest } : {}
    try {
      const answer = await ask(`/page/${this.index}?scale=${scale}`, { headers: known })
      if (turn !== this.asked) return
      if (answer.status === 304) { this.#done(number); return }
      if (!answer.ok) { this.key = null; return }
      const url = URL.createObjectURL(await answer.blob())
      const next = new Image()
      next.src = url
      await next.decode()
      if (turn !== this.asked) { URL.revokeObjectURL(url); return }
      this.picture.src = url
      if (this.url) URL.revokeObjectURL(this.url)
      this.url = url
      this.drawn = scale
      this.digest = answer.headers.get('etag')
      this.#done(number)
    } catch { this.key = null }
  }

  #done(number) {
    delete this.node.dataset.waits
    this.node.dataset.number = number
    this.node.dataset.digest = this.digest ?? ''
  }

  /** Tell where a mouse points, in points from the corner of the trim. */
  spot(event) {
    const box = this.node.getBoundingClientRect()
    return [(event.clientX - box.left) / this.scale - this.bleed, (event.clientY - box.top) / this.scale - this.bleed]
  }

  drop() {
    this.asked += 1
    if (this.url) URL.revokeObjectURL(this.url)
    this.node.remove()
  }
}

function make(name, attributes) {
  const node = document.createElementNS(SVG, name)
  for (const [key, value] of Object.entries(attributes)) node.setAttribute(key, value)
  return node
}
