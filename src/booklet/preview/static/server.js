// How the page talks to the server: the key in a header, the state as a stream.

const KEY = new URLSearchParams(location.search).get('token') ?? ''
const HEADERS = { 'X-Booklet-Token': KEY }
const PAUSE = 700   // milliseconds before a broken stream is tried again

export const ask = (path, more = {}) =>
  fetch(path, { ...more, headers: { ...HEADERS, ...more.headers }, cache: 'no-store' })

export const post = (path, body) => ask(path, {
  method: 'POST', body: JSON.stringify(body), headers: { 'Content-Type': 'application/json' },
})

/** Call `take` with each state, and `lose` while there is no server. */
export async function follow(take, lose) {
  for (;;) {
    try {
      const answer = await ask('/events')
      if (answer.ok) for await (const state of states(answer.body)) take(state)
    } catch { /* told below */ }
    lose()
    await new Promise(done => setTimeout(done, PAUSE))
  }
}

async function* states(body) {
  const reader = body.pipeThrough(new TextDecoderStream()).getReader()
  for (let rest = ''; ;) {
    const { value, done } = await reader.read()
    if (done) return
    const parts = (rest + value).split('\n\n')
    rest = parts.pop()
    for (const part of parts) if (part.startsWith('data: ')) yield JSON.parse(part.slice(6))
  }
}

/** Send only the newest of what comes while an answer is awaited. */
export function latest(send) {
  let waiting = null, sending = false
  return async (...values) => {
    waiting = values
    if (sending) return
    sending = true
    while (waiting) {
      const next = waiting
      waiting = null
      await send(...next)
    }
    sending = false
  }
}
