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

/**
 * The one line that tells the steward what to do: `result` is the answer, with `leader` where the guest is a companion
 * of somebody who is not here yet; `words` are the door's strings.
 */
export function instruction(name, result, words, zone) {
  const said = words[`${name}.do`] ?? ''
  const { reason = '', bound = null, leader = null } = result ?? {}
  const time = clockTime(bound, zone)
  if (name === 'wrong_gate' && reason) return fill(words.go_to, { gate: reason })
  if (name === 'too_early' && time) return fill(words.opens_at, { time })
  if (name === 'too_late' && time) return fill(words.closed_at, { time })
  if (name === 'other_event' && reason) return fill(words.event_of, { event: reason })
  if (announces(name, leader)) return fill(words.leader_coming, { name: nameLines(leader).first })
  return said
}

/** Whether the first entry of a companion tells that the leader is about to come. */
export function announces(name, leader) {
  return (name === 'admitted' || name === 'admitted_vip') && Boolean(leader) && !leader.inside
}

/** What is known beside the instruction: the first entry, why it was refused, where the guest sits and signs. */
export function facts(name, result, words, zone) {
  const { leader = null } = result ?? {}
  const guest = result?.guest ?? {}
  const first = name === 'already_inside' && result?.first
  const told = ['wrong_gate', 'other_event'].includes(name) ? '' : result?.reason
  return [
    first && [fill(words.first_entry, { time: clockTime(first.at, zone) }), first.gate, first.by],
    told && [told],
    [guest.round && fill(words.round, { round: guest.round }), guest.seat && fill(words.seat, { seat: guest.seat })],
    leader && !announces(name, leader) && [fill(words.companion_of, { name: nameLines(leader).first })],
  ]
    .filter(Boolean)
    .map((line) => line.filter(Boolean).join(' · '))
    .filter(Boolean)
}

/** Marks at the edge of a verdict: a rehearsal, decided without the server, records that disagree. */
export function marks(result, words) {
  return [
    result?.rehearsal && words.mark_rehearsal,
    result?.offline && words.mark_offline,
    result?.conflict && words.mark_conflict,
  ].filter(Boolean)
}
