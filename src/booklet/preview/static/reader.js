// The page that holds foliate-js: it takes an e-book from the preview, and keeps the place in it.

import '/foliate/view.js'

let view = null, place = null

async function open(book) {
  const next = document.createElement('foliate-view')
  next.addEventListener('relocate', ({ detail }) => { if (detail.cfi) place = detail.cfi })
  const last = place
  view?.close?.()
  document.body.replaceChildren(next)
  view = next
  await next.open(new File([book], 'book.epub', { type: 'application/epub+zip' }))
  next.renderer.setAttribute('flow', 'paginated')
  next.renderer.setAttribute('max-column-count', '1')
  await next.init({ lastLocation: last, showTextStart: false })
  document.body.dataset.ready = String(Number(document.body.dataset.ready ?? 0) + 1)
}

addEventListener('message', ({ origin, source, data }) => {
  if (origin !== location.origin || source !== parent) return
  if (data.book) open(data.book)
  if (data.turn) view?.[data.turn > 0 ? 'next' : 'prev']()
})
