/**
 * What the door says to a scan, decided on the device: the twin of checkin/verdict.py, which tells the order of the
 * rules. It takes the same facts as plain JSON (moments as RFC 3339 text) and answers the same verdict.
 * tests/vectors/verdicts.json holds the two together. Called by the door when the server does not answer.
 */

/** Decides one scan: `{code, admits, needs, since, reason, bound}`. */
export function judge({ ticket, guest, gate, history, at, direction = 'entry', mode = 'online', overridden = false }) {
  if (!guest || ticket.standing !== 'issued') return ofCode(ticket, guest, direction, mode)
  if (direction === 'exit') return verdict('exited', { since: history.first })
  if (guest.status === 'cancelled') return cancelled(ticket, guest)
  const amber = overridden ? null : amberOf(guest, gate, history, Date.parse(at))
  return amber ?? greenOf(guest, history)
}

function ofCode(ticket, guest, direction, mode) {
  if (ticket.standing === 'revoked') {
    if (guest?.status === 'cancelled') return cancelled(ticket, guest)
    return verdict('revoked', { needs: 'desk', reason: ticket.reason })
  }
  if (ticket.standing === 'other_event') return verdict('other_event', { needs: 'desk', reason: ticket.event })
  if (ticket.standing === 'unknown' || mode !== 'offline') return verdict('unknown', { needs: 'desk' })
  return direction === 'exit' ? verdict('exited') : verdict('valid_unsynced', { admits: true })
}

function cancelled(ticket, guest) {
  return verdict('cancelled', { needs: 'desk', reason: guest.reason || ticket.reason })
}

function amberOf(guest, gate, history, at) {
  if (guest.status !== 'confirmed') return verdict('not_confirmed', { needs: 'lead', reason: guest.reason })
  if (gate.admits?.length && !gate.admits.includes(guest.category ?? '')) {
    return verdict('wrong_gate', { needs: 'other_gate', reason: guest.elsewhere })
  }
  if (isRepeat(gate, history)) return verdict('already_inside', { needs: 'choose', since: history.first })
  if (gate.opens_at && at < Date.parse(gate.opens_at)) {
    return verdict('too_early', { needs: 'wait', bound: gate.opens_at })
  }
  if (gate.closes_at && at >= Date.parse(gate.closes_at)) {
    return verdict('too_late', { needs: 'lead', bound: gate.closes_at })
  }
  if (gate.limit != null && (history.zone_count ?? 0) >= gate.limit) return verdict('zone_full', { needs: 'wait' })
  return null
}

function isRepeat(gate, history) {
  if (history.inside) return (history.zone ?? '') === (gate.zone ?? '')
  if (!history.first) return false
  return gate.reentry === 'once' || (gate.reentry === 'after_exit' && history.exited === false)
}

function greenOf(guest, history) {
  if (history.first || history.inside) return verdict('reentered', { admits: true, since: history.first })
  return verdict(guest.attention ? 'admitted_vip' : 'admitted', { admits: true })
}

function verdict(code, { admits = false, needs = 'nothing', since, reason, bound } = {}) {
  return { code, admits, needs, since: since ?? null, reason: reason ?? '', bound: bound ?? null }
}
