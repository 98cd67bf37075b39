import { fileURLToPath } from 'node:url';
import { dotOf } from './dot.ts';
import { frame, type Caption } from './frame.ts';
import { FONT } from './style.ts';
import type { Drawing } from './summarize.ts';

/** Pixels for each unit of the drawing: sharp on a phone, where it is looked at closely. */
const ZOOM = 2;
/** Of either side. Slack shows no larger pictures. */
const MOST_PIXELS = 6000;

/** A picture that is text: it is readable wherever there is a font. */
export async function svgOf(drawing: Drawing, caption: Caption): Promise<string> {
  // Both take long to load, and most who start k8ssec never draw.
  const { instance } = await import('@viz-js/viz');
  const viz = await instance();
  return frame(viz.renderString(dotOf(drawing), { format: 'svg', engine: 'dot' }), drawing, caption);
}

/** Drawn with the font that comes with it: a server has none. */
export async function pngOf(svg: string): Promise<Uint8Array> {
  const { renderAsync } = await import('@resvg/resvg-js');
  const [, width = '1', height = '1'] = /width="(\d+)" height="(\d+)"/.exec(svg) ?? [];
  const zoom = Math.min(ZOOM, MOST_PIXELS / Math.max(Number(width), Number(height)));
  const image = await renderAsync(svg, { fitTo: { mode: 'zoom', value: zoom }, font: { loadSystemFonts: false, fontFiles: [fontFile(''), fontFile('-Bold')], defaultFontFamily: FONT.family } });
  return image.asPng();
}

function fontFile(style: string): string {
  return fileURLToPath(new URL(`fonts/DejaVuSansCondensed${style}.ttf`, import.meta.url));
}
