/** A button that acts on the second tap: guards what a pocket or a sleeve must not do. */

const ARMED_MS = 3_000

/** The first tap makes the button ask `question`; a second one within three seconds acts; else it is as before. */
export function twoTaps(button, question, act) {
  const label = button.textContent
  let timer = 0
  const disarm = () => {
    clearTimeout(timer)
    timer = 0
    button.textContent = label
    button.classList.remove('is-armed')
  }
  button.addEventListener('click', () => {
    if (timer) {
      disarm()
      act()
      return
    }
    button.textContent = question
    button.classList.add('is-armed')
    timer = setTimeout(disarm, ARMED_MS)
  })
}
