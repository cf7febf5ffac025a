/** What is wrong with the page as it stands, one line for each fault; run in the page by test_pages.py. */
() => {
  const still = new CSSStyleSheet()
  still.replaceSync('* { transition: none !important }')
  document.adoptedStyleSheets = [still]
  const faults = []
  const colours = new Map()
  const paint = new OffscreenCanvas(1, 1).getContext('2d', { willReadFrequently: true })
  const seen = [...document.querySelectorAll('body *')].filter((element) => element.checkVisibility({ visibilityProperty: true }))
  const named = (element) => `<${element.tagName.toLowerCase()} id="${element.id}" class="${element.getAttribute('class') ?? ''}">`

  if (document.scrollingElement.scrollWidth > innerWidth) {
    const widest = seen.reduce((one, other) => (right(other) > right(one) ? other : one))
    faults.push(`scrolls sideways to ${document.scrollingElement.scrollWidth} because of ${named(widest)}`)
  }

  const headings = seen.filter((element) => element.matches('h1'))
  if (headings.length !== 1) faults.push(`${headings.length} main headings`)

  for (const control of seen.filter((element) => element.matches('input:not([type=hidden]), select, textarea'))) {
    if (control.ariaHidden !== 'true' && !words(control)) faults.push(`no label: ${named(control)}`)
  }
  for (const control of seen.filter((element) => element.matches('a[href], button, summary'))) {
    if (control.ariaHidden !== 'true' && !words(control)) faults.push(`no words: ${named(control)}`)
  }
  for (const picture of seen.filter((element) => element.matches('img:not([alt])'))) {
    faults.push(`no description: ${named(picture)}`)
  }

  for (const element of document.querySelectorAll('[for], [aria-describedby], [aria-labelledby], [aria-controls]')) {
    for (const name of ['for', 'aria-describedby', 'aria-labelledby', 'aria-controls']) {
      for (const id of element.getAttribute(name)?.split(/\s+/) ?? []) {
        if (!document.getElementById(id)) faults.push(`${name} leads nowhere: ${id}`)
      }
    }
  }
  const ids = [...document.querySelectorAll('[id]')].map((element) => element.id)
  for (const id of new Set(ids.filter((id, index) => ids.indexOf(id) !== index))) faults.push(`id used twice: ${id}`)

  for (const element of seen.filter(speaks)) {
    const style = getComputedStyle(element)
    const size = parseFloat(style.fontSize)
    const isLarge = size >= 24 || (size >= 18.66 && Number(style.fontWeight) >= 700)
    const found = contrast(colour(style.color), ground(element))
    if (found < (isLarge ? 3 : 4.5)) faults.push(`contrast ${found.toFixed(1)}: “${element.textContent.trim().slice(0, 20)}” ${named(element)}`)
  }
  return faults

  function right(element) {
    return element.getBoundingClientRect().right
  }

  function words(element) {
    const labels = [...(element.labels ?? [])].map((label) => label.textContent)
    const linked = (element.getAttribute('aria-labelledby') ?? '').split(' ').map((id) => document.getElementById(id)?.textContent)
    return [...labels, ...linked, element.ariaLabel, element.matches('a, button, summary') && element.textContent].join('').trim()
  }

  /** Whether it shows words of its own: not clipped away, not disabled. */
  function speaks(element) {
    const box = element.getBoundingClientRect()
    const own = [...element.childNodes].some((node) => node.nodeType === Node.TEXT_NODE && node.data.trim())
    return own && box.width > 1 && box.height > 1 && !element.closest('svg, :disabled')
  }

  /** A colour in whatever notation as `{channels, alpha}`, by painting it. */
  function colour(text) {
    if (!colours.has(text)) {
      paint.clearRect(0, 0, 1, 1)
      paint.fillStyle = text
      paint.fillRect(0, 0, 1, 1)
      const [red, green, blue, alpha] = paint.getImageData(0, 0, 1, 1).data
      colours.set(text, { channels: [red, green, blue], alpha: alpha / 255 })
    }
    return colours.get(text)
  }

  /** The nearest ground that is painted whole. */
  function ground(element) {
    for (let each = element; each; each = each.parentElement) {
      const found = colour(getComputedStyle(each).backgroundColor)
      if (found.alpha > 0.99) return found
    }
    return colour(getComputedStyle(document.documentElement).colorScheme.includes('dark') && matchMedia('(prefers-color-scheme: dark)').matches ? '#121212' : '#fff')
  }

  /** WCAG 2.2, relative luminance and contrast ratio. */
  function contrast(one, other) {
    const [dark, light] = [one, other].map(luminance).sort((first, second) => first - second)
    return (light + 0.05) / (dark + 0.05)
  }

  function luminance({ channels }) {
    const [red, green, blue] = channels.map((value) => value / 255).map((value) => (value <= 0.04045 ? value / 12.92 : ((value + 0.055) / 1.055) ** 2.4))
    return 0.2126 * red + 0.7152 * green + 0.0722 * blue
  }
}
