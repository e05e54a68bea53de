import { cityCentres } from '@lianke/shared/geo/city-centres';
import type { Point } from '@lianke/shared/geo/gcj02';
import { type MapTiles, tileUrl } from '@lianke/shared/maps/tiles';
import { useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { labelsShown } from './clusters.js';
import styles from './map.module.css';
import { boxShown, type Camera, cornerOf, graticule, project, type Size, scaleBar, tilesShown } from './mercator.js';

interface Props {
  camera: Camera;
  size: Size;
}

/** So many tiles that do not come, before any did, and the service is taken for gone. */
const mostMissing = 6;

/** A company's own tiles under the points; one that does not come leaves its square empty. */
export function TileGround({ camera, size, tiles, onFail }: Props & { tiles: MapTiles; onFail: () => void }) {
  const seen = useRef({ come: false, missing: 0 });
  return (
    <div className={styles.tiles} aria-hidden>
      {tilesShown(camera, size, tiles.maxZoom).map((tile) => (
        <img
          key={`${tile.z}/${tile.x}/${tile.y}`}
          src={tileUrl(tiles.url, tile)}
          alt=""
          draggable={false}
          // Services that keep their key to certain sites look at where the page comes from.
          referrerPolicy="origin"
          style={{ left: tile.left, top: tile.top, width: tile.size, height: tile.size }}
          onLoad={() => {
            seen.current.come = true;
          }}
          onError={() => {
            seen.current.missing++;
            if (!seen.current.come && seen.current.missing >= mostMissing) onFail();
          }}
        />
      ))}
    </div>
  );
}

/** Longer names (autonomous prefectures) stand only where there is room for them. */
const longName = 4;
const namesWhole = 7;

/** Without tiles: lines of degrees and the names of cities, enough to know where one is. */
export function PlainGround({ camera, size }: Props) {
  const box = boxShown(camera, size);
  const corner = cornerOf(camera, size);
  const at = (point: Point) => {
    const pixel = project(point, camera.zoom);
    return { x: pixel.x - corner.x, y: pixel.y - corner.y };
  };
  const { lats, lngs } = graticule(box);
  const cities = labelsShown(
    cityCentres().filter((city) => city.short.length <= longName || camera.zoom >= namesWhole),
    box,
    at,
  );
  return (
    <svg className={styles.plain} width={size.width} height={size.height} aria-hidden="true">
      {lngs.map((lng) => {
        const { x } = at({ lat: 0, lng });
        return (
          <g key={`x${lng}`}>
            <line x1={x} x2={x} y1={0} y2={size.height} />
            <text x={x + 3} y={12} className={styles.degrees}>
              {degreeText(lng, 'E', 'W')}
            </text>
          </g>
        );
      })}
      {lats.map((lat) => {
        const { y } = at({ lat, lng: 0 });
        return (
          <g key={`y${lat}`}>
            <line x1={0} x2={size.width} y1={y} y2={y} />
            <text x={4} y={y - 3} className={styles.degrees}>
              {degreeText(lat, 'N', 'S')}
            </text>
          </g>
        );
      })}
      {cities.map((city) => (
        <g key={city.name}>
          <circle cx={city.x} cy={city.y} r={2} />
          <text x={city.x} y={city.y + 15} className={styles.city} textAnchor="middle">
            {city.short}
          </text>
        </g>
      ))}
    </svg>
  );
}

function degreeText(degrees: number, plus: string, minus: string): string {
  return degrees === 0 ? '0°' : `${Math.abs(degrees)}°${degrees > 0 ? plus : minus}`;
}

/** How far is how far. */
export function ScaleBar({ camera }: { camera: Camera }) {
  const { t } = useTranslation('records');
  const { metres, pixels } = scaleBar(camera, 100);
  return (
    <div className={styles.scale} style={{ width: pixels }}>
      {metres >= 1000 ? t('map.km', { n: metres / 1000 }) : t('map.metres', { n: metres })}
    </div>
  );
}

/** Whether tiles of this service failed to come; another service begins anew. */
export function useTileFailure(url: string | undefined): [boolean, () => void] {
  const [failed, setFailed] = useState<string>();
  return useMemo(() => [url !== undefined && failed === url, () => setFailed(url)], [url, failed]);
}
