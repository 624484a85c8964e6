// The words of the page, by the language of the browser.

import { MEANINGS } from './meanings.js'

const WORDS = {
  view: ['视图', 'View'], spread: ['对页', 'Spread'], single: ['单页', 'Page'], thumbs: ['缩略', 'Thumbnails'],
  zoomIn: ['放大', 'Zoom in'], zoomOut: ['缩小', 'Zoom out'], zoomFit: ['适合窗口', 'Fit'], fit: ['适合', 'Fit'],
  grid: ['网格', 'Grid'], boxes: ['线框', 'Boxes'], bleed: ['出血', 'Bleed'],
  contents: ['目录', 'Contents'], findings: ['诊断', 'Findings'], ebook: ['电子书', 'E-book'], tuning: ['调版', 'Tuning'],
  pages: ['页面', 'Pages'], back: ['上一页', 'Back'], on: ['下一页', 'On'], help: ['按键', 'Keys'], keys: ['按键', 'Keys'],
  source: ['手稿位置', 'Place in the manuscript'], copy: ['复制', 'Copy'], copied: ['已复制', 'Copied'],
  save: ['保存', 'Save'], reset: ['复原', 'Reset'], saved: ['已存入', 'Saved in'],
  unsaved: [n => `${n} 项未保存`, n => `${n} unsaved`],
  busy: ['正在排版', 'Laying out'], proving: ['正在校核', 'Proving'], ready: [n => `${n} 面`, n => `${n} pages`],
  proved: [n => `${n} 面，已校核`, n => `${n} pages, proved`],
  wrong: ['有误，所示为上一版', 'Faulty; the pages are the last good ones'], gone: ['预览已停止', 'The preview has stopped'],
  nothing: ['没有发现问题', 'Nothing was found'], noPages: ['还没有页面', 'No pages yet'],
  making: ['正在生成', 'Being made'], failed: ['未能生成，见诊断', 'Not made; see the findings'],
  noReader: [
    '没有找到阅读器 foliate-js，这里只按文件显示电子书。装法：在源码文件夹里执行 make setup-test，或用 --reader 指明它所在的文件夹。',
    'The reader foliate-js was not found, so the documents of the e-book are shown one by one. To get it, run make setup-test in the source folder, or name its folder with --reader.'],
  cover: ['封面', 'cover'], theme: ['主题', 'theme'], page: ['版心', 'type area'], other: ['其他', 'Other'],
  revert: ['恢复', 'Undo'], error: ['错误', 'Error'], warning: ['警告', 'Warning'], note: ['说明', 'Note'],
}

const KEYS = [
  ['← →', ['翻页', 'turn the page']], ['Home End', ['首页、末页', 'first, last']],
  ['1 2 3', ['对页、单页、缩略', 'spread, page, thumbnails']], ['+ − 0', ['放大、缩小、适合窗口', 'zoom in, out, fit']],
  ['G B X', ['网格、线框、出血', 'grid, boxes, bleed']], ['C F', ['目录、诊断', 'contents, findings']],
  ['T E', ['调版、电子书', 'tuning, e-book']], ['S', ['下一段在手稿中的位置', 'place of the next paragraph']],
  ['Enter', ['复制这个位置', 'copy that place']], ['Esc', ['关闭', 'close']], ['?', ['这张表', 'this list']],
]

export const chinese = navigator.language.toLowerCase().startsWith('zh')
const at = chinese ? 0 : 1

export function say(name, ...values) {
  const word = (WORDS[name] ?? [name, name])[at]
  return typeof word === 'function' ? word(...values) : word
}

/** Say in Chinese what a diagnostic code means; '' for other readers, whom the message tells. */
export const meaning = code => (chinese && MEANINGS[code]) || ''

/** Choose the label that a theme gives in both languages. */
export const pick = label => (typeof label === 'string' ? label : chinese ? label.zh : label.en)

export function fillWords() {
  document.documentElement.lang = chinese ? 'zh' : 'en'
  for (const one of document.querySelectorAll('[data-words]')) one.textContent = say(one.dataset.words)
  for (const one of document.querySelectorAll('[data-words-label]')) {
    one.setAttribute('aria-label', say(one.dataset.wordsLabel))
    if (one.matches('button')) one.title = say(one.dataset.wordsLabel)
  }
  document.querySelector('#help dl').append(...KEYS.flatMap(([keys, words]) => {
    const term = document.createElement('dt'), meaning = document.createElement('dd')
    term.append(...keys.split(' ').map(key => Object.assign(document.createElement('kbd'), { textContent: key })))
    meaning.textContent = words[at]
    return [term, meaning]
  }))
}
