/** The worker behind decoder.js: takes the pixels of one image, posts the texts of the QR codes in it. */

import { prepareZXingModule, readBarcodes } from '../../vendor/zxing/reader/index.js'

const OPTIONS = { formats: ['QRCode'], tryHarder: true, maxNumberOfSymbols: 4 }
const FOLDER = new URL('../../vendor/zxing/reader/', import.meta.url)

// Without locateFile the module would fetch its other half from a public server.
const ready = prepareZXingModule({
  overrides: { locateFile: (file) => new URL(file, FOLDER).href },
  fireImmediately: true,
})

addEventListener('message', async ({ data: { pixels, width, height } }) => {
  postMessage(await textsIn(new ImageData(new Uint8ClampedArray(pixels), width, height)))
})

async function textsIn(image) {
  try {
    await ready
    const results = await readBarcodes(image, OPTIONS)
    return { texts: results.filter((result) => result.isValid).map((result) => result.text), isBroken: false }
  } catch {
    return { texts: [], isBroken: true }
  }
}
