/** Lines and small capitals on a grid of pixels. */

export interface Point {
  x: number
  y: number
}

export interface Canvas {
  width: number
  height: number
  pixels: Uint8Array
}

export function blank(width: number, height: number): Canvas {
  return { width, height, pixels: new Uint8Array(width * height) }
}

/** A square around the middle. */
export function dot({ width, height, pixels }: Canvas, { x, y }: Point, colour: number, size: number): void {
  const [left, top] = [Math.round(x - size / 2), Math.round(y - size / 2)]
  for (let row = Math.max(top, 0); row < Math.min(top + size, height); row++)
    pixels.fill(colour, row * width + Math.max(left, 0), row * width + Math.min(left + size, width))
}

/** `dash`: so many pixels of line, as many of none; 0 is a whole line. */
export function line(
  canvas: Canvas,
  from: Point,
  to: Point,
  colour: number,
  { thick = 1, dash = 0 } = {},
): void {
  const steps = Math.max(Math.abs(to.x - from.x), Math.abs(to.y - from.y), 1)
  for (let step = 0; step <= steps; step++) {
    if (dash > 0 && Math.floor(step / dash) % 2 === 1) continue
    const share = step / steps
    dot(canvas, { x: from.x + (to.x - from.x) * share, y: from.y + (to.y - from.y) * share }, colour, thick)
  }
}

/** Three by five, a digit a row, a bit a pixel. */
const GLYPHS: Record<string, string> = {
  ...{ 0: '75557', 1: '26227', 2: '71747', 3: '71717', 4: '55711', 5: '74717', 6: '74757', 7: '71111' },
  ...{ 8: '75757', 9: '75717', '.': '00002', '-': '00700', ':': '02020', ' ': '00000' },
  ...{ A: '25755', C: '74447', E: '74647', I: '72227', L: '44447', R: '65655', S: '74717' },
}
const SCALE = 3
const ADVANCE = 4 * SCALE
export const TEXT_HEIGHT = 5 * SCALE

export function textWidth(text: string): number {
  return text.length * ADVANCE - SCALE
}

/** `at` is the upper left corner. */
export function write(canvas: Canvas, text: string, at: Point, colour: number): void {
  for (const [i, letter] of [...text].entries()) {
    for (const [row, bits] of [...(GLYPHS[letter] ?? '')].entries()) {
      for (const column of [0, 1, 2]) {
        if ((Number(bits) & (4 >> column)) === 0) continue
        const middle = { x: at.x + i * ADVANCE + column * SCALE + 1, y: at.y + row * SCALE + 1 }
        dot(canvas, middle, colour, SCALE)
      }
    }
  }
}
