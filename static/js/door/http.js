/** The door's one way to the server: a request that always comes back with `{ok, …}` and never throws. */

const TIMEOUT_MS = 8_000

/**
 * Sends `body` as JSON when there is one, and `steward` as the credential of who is on duty. Answers `{ok: true, status,
 * data}` or `{ok: false, status, problem, retryAfterMs}`; status 0 means that no answer came, or none of ours: a hotel's
 * sign-in page, a refusal by a proxy.
 */
export async function request(url, { method = 'GET', body, steward = '', timeoutMs = TIMEOUT_MS } = {}) {
  try {
    const response = await fetch(url, {
      method,
      credentials: 'same-origin',
      headers: {
        Accept: 'application/json',
        ...(body && { 'Content-Type': 'application/json' }),
        ...(steward && { 'Yingbin-Steward': steward }),
      },
      body: body && JSON.stringify(body),
      signal: AbortSignal.timeout(timeoutMs),
    })
    return await answerOf(response)
  } catch {
    return { ok: false, status: 0, problem: null, retryAfterMs: 0 }
  }
}

async function answerOf(response) {
  const isJson = /[/+]json\b/.test(response.headers.get('Content-Type') ?? '')
  if (response.ok && isJson) return { ok: true, status: response.status, data: await response.json() }
  const seconds = Number(response.headers.get('Retry-After')) || 0
  const problem = isJson ? await response.json() : null
  return { ok: false, status: isJson && !response.ok ? response.status : 0, problem, retryAfterMs: seconds * 1000 }
}
