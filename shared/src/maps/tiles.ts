import { z } from 'zod';
import type { ShapeText } from '../errors/shape-texts.js';
import { datums } from '../geo/gcj02.js';

const parts = ['{x}', '{y}', '{z}'] as const;

/** Whether a text is an https address with each of `{x}`, `{y}`, `{z}` once, outside of the host, without credentials. */
export function isTileAddress(text: string): boolean {
  if (!parts.every((part) => text.split(part).length === 2)) return false;
  const plain = parts.reduce((all, part) => all.replace(part, '0'), text);
  if (/[\s{}<>"'\\]/.test(plain) || !URL.canParse(plain)) return false;
  const { protocol, username, password, host } = new URL(plain);
  // The host names a machine of one's own choice: a part of it that changes could lead anywhere.
  const fixed = text.slice(0, text.indexOf('/', 'https://'.length)).includes('{') === false;
  return protocol === 'https:' && username === '' && password === '' && host !== '' && fixed;
}

/** The address of one tile. */
export function tileUrl(template: string, tile: { x: number; y: number; z: number }): string {
  return template.replace('{x}', String(tile.x)).replace('{y}', String(tile.y)).replace('{z}', String(tile.z));
}

/** A company's own map service: Web Mercator tiles of 256 pixels that lie under the points of map views. */
export const mapTiles = z.object({
  url: z
    .string()
    .trim()
    .max(500)
    .refine(isTileAddress, {
      error: 'tile_address' satisfies ShapeText,
      // What the sentence names in braces stays as it is.
      params: { x: '{x}', y: '{y}', z: '{z}' },
    }),
  /** Who made the map, as the service asks to be named: shown in its corner. */
  attribution: z.string().trim().min(1).max(200),
  /** What the tiles count in; places are GCJ-02 and are converted for WGS-84 tiles. */
  datum: z.enum(datums),
  /** The last zoom the service has tiles for. */
  maxZoom: z.number().int().min(1).max(18).default(18),
});
export type MapTiles = z.infer<typeof mapTiles>;

/** The company's map service; null without one. */
export const mapTilesSetting = z.object({ tiles: mapTiles.nullable() });
