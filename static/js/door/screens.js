/**
 * What each screen of the lane looks like: its tone (the ground colour) and its sign (the shape), so that no verdict is
 * told by colour alone. A verdict of a later version asks for attention. Called by overlay.js, view.js and party.js.
 */

const SCREENS = {
  reading: ['reading', 'wait'],
  no_answer: ['waiting', 'wait'],
  not_recorded: ['amber', 'alert'],
  admitted: ['green', 'check'],
  admitted_vip: ['honour', 'star'],
  reentered: ['green', 'loop'],
  exited: ['blue', 'exit'],
  valid_unsynced: ['striped', 'valid'],
  already_inside: ['amber', 'repeat'],
  wrong_gate: ['amber', 'signpost'],
  too_early: ['amber', 'clock'],
  too_late: ['amber', 'clock'],
  zone_full: ['amber', 'full'],
  not_confirmed: ['amber', 'alert'],
  cancelled: ['red', 'cross'],
  revoked: ['red', 'cross'],
  other_event: ['red', 'cross'],
  unknown: ['red', 'cross'],
}
const PASSING = new Set(['reading', 'admitted', 'reentered', 'exited', 'valid_unsynced'])
const OVERRIDABLE = new Set(['wrong_gate', 'too_early', 'too_late', 'zone_full'])

/** The ground of a screen: `green`, `honour`, `striped`, `blue`, `amber`, `red`, `reading` or `waiting`. */
export function toneOf(name) {
  return SCREENS[name]?.[0] ?? 'amber'
}

/** The sign of a screen, as the page names its symbols. */
export function signOf(name) {
  return SCREENS[name]?.[1] ?? 'alert'
}

/** Whether the screen asks nothing of the steward, so that the focus may stay where it is. */
export function passes(name) {
  return PASSING.has(name)
}

/** Whether a lead may let somebody in against this verdict. */
export function isOverridable(name) {
  return OVERRIDABLE.has(name)
}
