/** Words and times as the door shows them: pure helpers for view.js and search.js. */

/** `template` with `{name}` replaced by `values.name`. */
export function fill(template, values) {
  return template.replace(/\{(\w+)\}/g, (hole, name) => String(values[name] ?? hole))
}

/** A moment as hours and minutes in the event's zone (the device's own where the event has none), else ''. */
export function clockTime(moment, { language, timeZone }) {
  const date = new Date(moment ?? NaN)
  if (Number.isNaN(date.getTime())) return ''
  const style = { hour: '2-digit', minute: '2-digit', hourCycle: 'h23', timeZone }
  return new Intl.DateTimeFormat(language, style).format(date)
}

/** The two lines of a name: the guest's own script first; the Latin name only when it says something else. */
export function nameLines({ name, name_latin: latin }) {
  const first = name || latin || ''
  return { first, second: latin && latin !== first ? latin : '' }
}

/** Organisation and title on one line. */
export function affiliation({ organisation, job_title: title }) {
  return [organisation, title].filter(Boolean).join(' · ')
}

/** The one line that tells the steward what to do: `result` is the server's answer, `words` the door's strings. */
export function instruction(name, result, words, zone) {
  const said = words[`${name}.do`] ?? ''
  const { reason = '', bound = null } = result ?? {}
  const time = clockTime(bound, zone)
  if (name === 'wrong_gate' && reason) return fill(words.go_to, { gate: reason })
  if (name === 'too_early' && time) return fill(words.opens_at, { time })
  if (name === 'too_late' && time) return fill(words.closed_at, { time })
  if (name === 'other_event' && reason) return fill(words.event_of, { event: reason })
  return said
}

/** What is known beside the instruction: the first entry, why it was refused, where the printed badge lies. */
export function facts(name, result, words, zone) {
  const first = name === 'already_inside' && result?.first
  const told = ['wrong_gate', 'other_event'].includes(name) ? '' : result?.reason
  return [
    first && [fill(words.first_entry, { time: clockTime(first.at, zone) }), first.gate, first.by],
    told && [told],
    result?.guest?.slot && [fill(words.slot, { slot: result.guest.slot })],
  ]
    .filter(Boolean)
    .map((parts) => parts.filter(Boolean).join(' · '))
}
