/**
 * The camera of a door device: asked for once and never switched off while the page is open. When the system takes the
 * stream away (a call, another app, an unplugged lens), it is fetched again. door.js owns it and hands it a video.
 */

const LONGEST_SIDE = 1024
const RETRY_MS = 1_500
const FRAME_MS = 60
const REASONS = {
  NotAllowedError: 'camera_denied',
  SecurityError: 'camera_denied',
  NotFoundError: 'camera_missing',
  OverconstrainedError: 'camera_missing',
}

export class Camera {
  #video
  #canvas = document.createElement('canvas')
  #stream = null
  #lens = ''
  #onLost

  /** `onLost()` is called when the stream ended by itself, before it is fetched again. */
  constructor(video, { onLost }) {
    this.#video = video
    this.#onLost = onLost
    document.addEventListener('visibilitychange', () => this.#wake())
  }

  /** Starts a lens by its device id, or the one facing away: `{ok: true}` or `{ok: false, reason}`, a word key. */
  async start(lens = '') {
    if (!navigator.mediaDevices) return { ok: false, reason: 'camera_insecure' }
    this.#release()
    try {
      this.#lens = lens
      this.#stream = await navigator.mediaDevices.getUserMedia({ audio: false, video: constraints(lens) })
      this.#stream.getVideoTracks()[0].addEventListener('ended', () => this.#restart())
      this.#video.srcObject = this.#stream
      await this.#video.play()
      return { ok: true }
    } catch (error) {
      return { ok: false, reason: REASONS[error.name] ?? 'camera_busy' }
    }
  }

  get isOn() {
    return Boolean(this.#stream?.active)
  }

  /** The lenses to choose from, `{id, label, isCurrent}`; named only once the camera was allowed. */
  async lenses() {
    const current = this.#stream?.getVideoTracks()[0].getSettings().deviceId
    const devices = await navigator.mediaDevices.enumerateDevices()
    return devices
      .filter((device) => device.kind === 'videoinput')
      .map(({ deviceId, label }) => ({ id: deviceId, label, isCurrent: deviceId === current }))
  }

  /** Gives every frame worth reading to `read(image)`, one at a time, for as long as the page is open. */
  async watch(read) {
    for (;;) {
      await nextFrame()
      const image = this.#frame()
      if (image) await read(image)
    }
  }

  #frame() {
    const { videoWidth: width, videoHeight: height, readyState } = this.#video
    if (!this.isOn || document.hidden || readyState < HTMLMediaElement.HAVE_CURRENT_DATA || !width) return null
    const scale = Math.min(1, LONGEST_SIDE / Math.max(width, height))
    this.#canvas.width = Math.round(width * scale)
    this.#canvas.height = Math.round(height * scale)
    const context = this.#canvas.getContext('2d', { willReadFrequently: true })
    context.drawImage(this.#video, 0, 0, this.#canvas.width, this.#canvas.height)
    return context.getImageData(0, 0, this.#canvas.width, this.#canvas.height)
  }

  async #restart() {
    this.#onLost()
    const { ok } = await this.start(this.#lens)
    if (!ok) setTimeout(() => this.#restart(), RETRY_MS)
  }

  #wake() {
    if (!document.hidden && this.isOn) this.#video.play().catch(() => {})
  }

  #release() {
    for (const track of this.#stream?.getTracks() ?? []) track.stop()
    this.#stream = null
  }
}

function constraints(lens) {
  const size = { width: { ideal: 1280 }, height: { ideal: 720 } }
  return lens ? { ...size, deviceId: { exact: lens } } : { ...size, facingMode: { ideal: 'environment' } }
}

function nextFrame() {
  return new Promise((resolve) => setTimeout(resolve, FRAME_MS))
}
