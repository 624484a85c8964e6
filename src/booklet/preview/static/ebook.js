// The e-book beside the pages: in foliate-js where it is installed, else its own documents.

import { ask, post } from './server.js'
import { say } from './words.js'

export class Ebook {
  constructor() {
    this.node = document.querySelector('#ebook')
    this.frame = document.querySelector('#ebook-frame')
    this.status = document.querySelector('#ebook-status')
    this.note = document.querySelector('#ebook-note')
    this.document = 0
    document.querySelector('#ebook-back').addEventListener('click', () => this.turn(-1))
    document.querySelector('#ebook-on').addEventListener('click', () => this.turn(1))
    this.frame.addEventListener('load', () => { if (this.reader) this.#hand() })
  }

  show(on) {
    this.node.hidden = !on
    post('/ebook', { on })
  }

  take({ ebook, reader }) {
    this.reader = reader
    this.ebook = ebook
    this.status.textContent = ebook.making ? say('making') : ebook.failed ? say('failed') : ''
    this.note.hidden = reader
    this.note.textContent = reader ? '' : say('noReader')
    if (this.node.hidden || !ebook.key || ebook.key === this.key) return
    this.key = ebook.key
    if (!reader) this.#document()
    else if (this.frame.src) this.#hand()
    else this.frame.src = '/static/reader.html'
  }

  turn(by) {
    if (this.reader) { this.frame.contentWindow.postMessage({ turn: by }, location.origin); return }
    this.document += by
    this.#document()
  }

  async #hand() {
    const answer = await ask('/ebook.epub')
    if (answer.ok) this.frame.contentWindow.postMessage({ book: await answer.blob() }, location.origin)
  }

  #document() {
    const { documents, key } = this.ebook
    this.document = Math.max(0, Math.min(this.document, documents.length - 1))
    this.frame.setAttribute('sandbox', 'allow-same-origin')
    this.frame.src = `/epub/${key}/${documents[this.document]}`
  }
}
