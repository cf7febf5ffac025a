/** What is sent of a signature: pure, called by sign.js. */

/** The strokes of a SignaturePad in pixels and ms since the first point, thinned until they are few and small enough. */
export function strokesOf(drawn, { points, bytes }) {
  const begun = Math.min(...drawn.flatMap((stroke) => stroke.points.slice(0, 1).map(({ time }) => time)))
  for (let step = 1; ; step += 1) {
    const strokes = drawn.map((stroke) => ({ points: thinned(stroke.points, step).map((point) => plain(point, begun)) }))
    const count = strokes.reduce((sum, stroke) => sum + stroke.points.length, 0)
    const isSmall = count <= points && JSON.stringify(strokes).length <= bytes
    if (isSmall || count <= 2 * strokes.length) return strokes
  }
}

/** Every so manieth point, the first and the last in any case. */
export function thinned(points, step) {
  return points.filter((_, place) => place % step === 0 || place === points.length - 1)
}

function plain({ x, y, time, pressure }, begun) {
  return { x: rounded(x, 100), y: rounded(y, 100), time: Math.max(0, Math.round(time - begun)), pressure: rounded(pressure, 1000) }
}

function rounded(value, parts) {
  return Math.round(value * parts) / parts
}
