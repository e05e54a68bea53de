import { AimOutlined, MinusOutlined, PictureOutlined, PlusOutlined } from '@ant-design/icons';
import type { Condition } from '@lianke/shared/filter/ast';
import type { GeoBox } from '@lianke/shared/geo/box';
import { gcj02ToWgs84, type Point, wgs84ToGcj02 } from '@lianke/shared/geo/gcj02';
import type { FormId } from '@lianke/shared/ids';
import { mostZoom, type PlacesAnswer } from '@lianke/shared/records/places';
import { keepPreviousData, useQuery } from '@tanstack/react-query';
import { Alert, Button, Skeleton } from 'antd';
import { useEffect, useMemo, useRef, useState } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../../api/client.js';
import { keys, type ReadField, useMe } from '../../../api/queries.js';
import { PageError } from '../../../app/page-error.js';
import { optionsOf } from '../../../fields/options.js';
import { EmptyState } from '../../../shared/empty-state.js';
import { fieldOf } from '../../../shared/filter-model.js';
import { formatTotal } from '../../../shared/format.js';
import { useDebounced } from '../../../shared/use-debounced.js';
import { usePersistent } from '../../../shared/use-persistent.js';
import type { Grid } from '../../use-grid.js';
import { RecordPeek } from '../record-peek.js';
import { ViewGone } from '../view-gone.js';
import { type Mark, marksOf } from './clusters.js';
import styles from './map.module.css';
import { PlainGround, ScaleBar, TileGround, useTileFailure } from './map-ground.js';
import { MapInfo } from './map-info.js';
import { MapLegend } from './map-legend.js';
import { MapMarks } from './map-marks.js';
import { boxShown, type Camera, cameraOver, cornerOf, project, unproject } from './mercator.js';
import { type Listed, PlaceList } from './place-list.js';
import { TilesDialog, useMapTiles } from './tiles-dialog.js';
import { useCamera, useSize } from './use-camera.js';

/** Nothing known: China. */
const country: GeoBox = [73.5, 18, 135, 53.5];
/** A first look at few places does not go closer than this. */
const firstZoom = 14;

/** Records as points on a map: near ones gathered by the server, each leading to its record. */
export function MapView({ grid }: { grid: Grid }) {
  const { view, form } = grid;
  const place = view?.look.place ? fieldOf(form.fields, view.look.place) : undefined;
  return place ? <Places key={view?.id} grid={grid} place={place} /> : <ViewGone grid={grid} />;
}

function usePlaces(
  grid: Grid,
  place: ReadField,
  color: ReadField | undefined,
  looked: { box: GeoBox; zoom: number } | undefined,
) {
  const body = {
    ...grid.query,
    field: place.id as string,
    ...(color ? { color: color.id as string } : {}),
    ...(looked ? { box: [...looked.box] as [number, number, number, number], zoom: looked.zoom } : {}),
  };
  return useQuery({
    queryKey: keys.data(grid.form.id, 'map', body),
    queryFn: () => api('records.places', { params: { formId: grid.form.id as FormId }, body }),
    placeholderData: keepPreviousData,
  });
}

function Places({ grid, place }: { grid: Grid; place: ReadField }) {
  const { t } = useTranslation('records');
  const { form, view } = grid;
  const color = view?.look.color ? fieldOf(form.fields, view.look.color) : undefined;
  const admin = useMe().data?.permissions.admin === true;
  const tiles = useMapTiles();
  const [failed, onFail] = useTileFailure(tiles?.url);
  const wgs84 = tiles?.datum === 'wgs84';
  const shown = (point: Point) => (wgs84 ? gcj02ToWgs84(point) : point);

  const area = useRef<HTMLDivElement>(null);
  const size = useSize(area);
  const [kept, setCamera] = usePersistent<Camera | null>(`map.${view?.id}`, null);
  const whole = usePlaces(grid, place, color, undefined);
  // Fitted once: what others add meanwhile does not move the map under one's hand.
  const [first, setFirst] = useState<Camera>();
  useEffect(() => {
    if (size && whole.data) setFirst((now) => now ?? cameraOver(whole.data.extent ?? country, size, firstZoom));
  }, [size, whole.data]);
  const camera = kept ?? first;
  const { zoomBy, wasDrag, handlers } = useCamera(area, camera, size, setCamera);

  const settled = useDebounced(camera, 200);
  const looked = useMemo(() => {
    if (!settled || !size) return undefined;
    const [west, south, east, north] = boxShown(settled, size);
    const [low, high] = [
      { lat: south, lng: west },
      { lat: north, lng: east },
    ].map((corner) => (wgs84 ? wgs84ToGcj02(corner) : corner)) as [Point, Point];
    return { box: [low.lng, low.lat, high.lng, high.lat] as const, zoom: settled.zoom };
  }, [settled, size, wgs84]);
  const found = usePlaces(grid, place, color, looked);
  const [listed, setListed] = useState<Listed>();
  const [peeked, setPeeked] = useState<string>();
  const [setting, setSetting] = useState(false);

  const options = color ? optionsOf(color) : [];
  const colorOf = (id: string) => `var(--tint-${options.find((option) => option.id === id)?.color ?? 'gray'}-text)`;
  const answer: PlacesAnswer | undefined = found.data ?? whole.data;
  const marks = useMemo(() => {
    if (!camera || !size || !found.data) return [];
    const corner = cornerOf(camera, size);
    return marksOf(found.data.spots, (spot) => {
      const at = project(wgs84 ? gcj02ToWgs84(spot) : spot, camera.zoom);
      return { x: at.x - corner.x, y: at.y - corner.y };
    });
  }, [camera, size, found.data, wgs84]);

  /** A mark of several opens up as far as a closer look can; what lies in one place is listed. */
  function pick(mark: Mark) {
    if (wasDrag() || !camera || !size) return;
    if (mark.record) return setPeeked(mark.record.id);
    if (camera.zoom < mostZoom && (mark.merged || place.type === 'location')) {
      const [west, south, east, north] = mark.box;
      const [low, high] = [shown({ lat: south, lng: west }), shown({ lat: north, lng: east })];
      const over = cameraOver([low.lng, low.lat, high.lng, high.lat], size, mostZoom);
      const corner = cornerOf(camera, size);
      const middle = unproject({ x: mark.x + corner.x, y: mark.y + corner.y }, camera.zoom);
      return setCamera(over.zoom > camera.zoom ? over : { ...middle, zoom: camera.zoom + 1 });
    }
    list(t('map.several', { n: formatTotal(mark.count) }), { op: 'within', value: [...mark.box] });
  }
  const list = (title: string, condition: Pick<Condition, 'op' | 'value'>) =>
    setListed({ title, filter: { field: place.id as string, ...condition } });

  const error = found.error ?? whole.error;
  return (
    <div className={styles.map}>
      <MapInfo
        answer={looked && answer}
        byCity={place.type === 'address'}
        failed={failed}
        onInside={() => looked && list(t('map.insideTitle'), { op: 'within', value: [...looked.box] })}
        onWithout={() => list(t('map.withoutTitle', { name: place.name }), { op: 'empty' })}
      />
      <div className={styles.stage}>
        <section
          ref={area}
          className={styles.area}
          // biome-ignore lint/a11y/noNoninteractiveTabindex: arrows move the map, + and - zoom
          tabIndex={0}
          aria-label={t('map.keys')}
          aria-busy={found.isFetching}
          {...handlers}
        >
          {camera && size && tiles !== undefined && (
            <>
              {tiles && !failed ? (
                <TileGround camera={camera} size={size} tiles={tiles} onFail={onFail} />
              ) : (
                <PlainGround camera={camera} size={size} />
              )}
              <MapMarks marks={marks} colorOf={colorOf} onPick={pick} />
            </>
          )}
        </section>
        {error && !answer && (
          <div className={styles.nothing}>
            <PageError
              error={error}
              retry={() => {
                void whole.refetch();
                void found.refetch();
              }}
            />
          </div>
        )}
        {!answer && !error && <Skeleton active className={styles.wait} />}
        {answer && answer.placed === 0 && (
          <div className={styles.nothing}>
            <EmptyState
              compact
              title={t('map.nothing')}
              hint={t('map.nothingHint', { name: place.name })}
              action={
                (grid.query.filter || grid.query.search) && <Button onClick={grid.clearAll}>{t('clearFilters')}</Button>
              }
            />
          </div>
        )}
        <div className={styles.buttons}>
          <Button icon={<PlusOutlined />} aria-label={t('map.zoomIn')} onClick={() => zoomBy(1)} />
          <Button icon={<MinusOutlined />} aria-label={t('map.zoomOut')} onClick={() => zoomBy(-1)} />
          <Button
            icon={<AimOutlined />}
            aria-label={t('map.fit')}
            title={t('map.fit')}
            onClick={() => size && setCamera(cameraOver(whole.data?.extent ?? country, size, firstZoom))}
          />
          {admin && (
            <Button
              icon={<PictureOutlined />}
              aria-label={t('map.tilesTitle')}
              title={t('map.tilesTitle')}
              onClick={() => setSetting(true)}
            />
          )}
        </div>
        <div className={styles.corner}>
          {color && <MapLegend color={color} spots={found.data?.spots ?? []} colorOf={colorOf} />}
          {camera && <ScaleBar camera={camera} />}
        </div>
        {tiles && !failed && <div className={styles.attribution}>{tiles.attribution}</div>}
      </div>
      {error && answer && <Alert banner type="error" title={t('map.stale')} />}
      <PlaceList grid={grid} listed={listed} onClose={() => setListed(undefined)} />
      <RecordPeek form={form} recordId={peeked} onClose={() => setPeeked(undefined)} />
      {setting && <TilesDialog tiles={tiles ?? null} onClose={() => setSetting(false)} />}
    </div>
  );
}
