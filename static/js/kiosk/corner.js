/** The way out that guests do not find by accident: a corner that has to be held for a while. Used by kiosk.js. */

const HOLD_MS = 1_500

/** Calls `onHeld()` when `element` was pressed for one and a half seconds, by finger, mouse or key. */
export function heldFor(element, onHeld, ms = HOLD_MS) {
  let timer = 0
  const stop = () => {
    clearTimeout(timer)
    timer = 0
  }
  const start = () => {
    stop()
    timer = setTimeout(() => {
      stop()
      onHeld()
    }, ms)
  }
  element.addEventListener('pointerdown', start)
  for (const ending of ['pointerup', 'pointerleave', 'pointercancel', 'blur', 'keyup']) element.addEventListener(ending, stop)
  element.addEventListener('keydown', ({ key, repeat }) => {
    if (!repeat && (key === 'Enter' || key === ' ')) start()
  })
  element.addEventListener('contextmenu', (event) => event.preventDefault())
}
