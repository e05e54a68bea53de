import type { GeoBox } from '@lianke/shared/geo/box';
import { cityNames } from '@lianke/shared/geo/city-centres';
import { mostSpots, type PlacesBody, spotPixels } from '@lianke/shared/records/places';
import type { FieldMeta, FormMeta } from '../../forms/form-meta.js';
import { citySql, seenColumn } from './filter-sql.js';
import { Params } from './params.js';
import { type Statement, whereSql } from './query-sql.js';
import type { ReadScope } from './read-scope.js';

/** A Web Mercator map of one tile: so many pixels wide (https://epsg.io/3857, tiles as OpenStreetMap cuts them). */
const tile = 256;
/** Where Web Mercator ends: the map is square. */
const edge = 85.0511;

export interface PlacesFields {
  place: FieldMeta;
  color: FieldMeta | undefined;
}

/** How many records a query selects, how many of them have a place, how many lie in the box, and what holds all places. */
export function placeCountsSql(form: FormMeta, query: PlacesBody, fields: PlacesFields, scope: ReadScope): Statement {
  const params = new Params();
  const rows = placesSql(form, query, fields, scope, params);
  const inside = query.box ? boxSql(query.box, params) : 'false';
  return {
    text: `SELECT count(*)::int AS total, count(lat)::int AS placed, (count(*) FILTER (WHERE ${inside}))::int AS inside,
       min(lng) AS west, min(lat) AS south, max(lng) AS east, max(lat) AS north FROM (${rows}) p`,
    values: params.values,
  };
}

/** The places within a box, gathered in squares of a Web Mercator map, the fullest first. */
export function spotsSql(
  form: FormMeta,
  query: PlacesBody & { box: GeoBox },
  fields: PlacesFields,
  scope: ReadScope,
): Statement {
  const params = new Params();
  const rows = placesSql(form, query, fields, scope, params);
  const squares = params.add((tile * 2 ** query.zoom) / spotPixels, 'float8');
  const mercator = `ln(tan(radians(45 + greatest(least(lat, ${edge}), -${edge}) / 2))) / (2 * pi())`;
  return {
    text: `WITH inside AS (
       SELECT id, lat, lng, color, floor((lng + 180) / 360 * ${squares})::int AS x, floor((0.5 - ${mercator}) * ${squares})::int AS y
       FROM (${rows}) p WHERE ${boxSql(query.box, params)}
     ), shares AS (
       SELECT x, y, color, count(*)::int AS n, sum(lat) AS lat, sum(lng) AS lng, min(id::text) AS id FROM inside GROUP BY x, y, color
     )
     SELECT x, y, sum(n)::int AS count, round((sum(lat) / sum(n))::numeric, 7)::float8 AS lat, round((sum(lng) / sum(n))::numeric, 7)::float8 AS lng, min(id) AS id,
       jsonb_agg(jsonb_build_array(coalesce(color, ''), n) ORDER BY n DESC, color) AS colors
     FROM shares GROUP BY x, y ORDER BY count DESC, x, y LIMIT ${mostSpots + 1}`,
    values: params.values,
  };
}

/** Edges of a square of the map in degrees: the way back from `x` and `y`. */
export function squareBox(zoom: number, x: number, y: number): [number, number, number, number] {
  const squares = (tile * 2 ** zoom) / spotPixels;
  const lng = (at: number) => Math.min(180, (at / squares) * 360 - 180);
  const lat = (at: number) => {
    // Beyond the map's edge lies what is nearer to the poles.
    if (at <= 0) return 90;
    if (at >= squares) return -90;
    return (Math.atan(Math.sinh(Math.PI * (1 - (2 * at) / squares))) * 180) / Math.PI;
  };
  return [lng(x), lat(y + 1), lng(x + 1), lat(y)];
}

/** Rows of the query, each with its place in degrees, null for those without one. */
function placesSql(
  form: FormMeta,
  query: PlacesBody,
  { place, color }: PlacesFields,
  scope: ReadScope,
  params: Params,
): string {
  const where = whereSql(form, query, scope, params);
  const of = `t.id, ${color ? seenColumn(color, form, 't', scope, params) : 'NULL::text'} AS color`;
  const column = seenColumn(place, form, 't', scope, params);
  if (place.typeName === 'location')
    return `SELECT ${of}, (${column}->>'lat')::float8 AS lat, (${column}->>'lng')::float8 AS lng FROM ${form.table} t WHERE ${where}`;
  const names = [...cityNames()];
  const lists = [
    params.add(
      names.map(([name]) => name),
      'text[]',
    ),
    params.add(
      names.map(([, city]) => city.lat),
      'float8[]',
    ),
    params.add(
      names.map(([, city]) => city.lng),
      'float8[]',
    ),
  ];
  return `SELECT ${of}, c.lat, c.lng FROM ${form.table} t LEFT JOIN unnest(${lists.join(', ')}) AS c(name, lat, lng)
     ON c.name = ${citySql(column)} WHERE ${where}`;
}

function boxSql([west, south, east, north]: GeoBox, params: Params): string {
  const bound = (degrees: number) => params.add(degrees, 'float8');
  const across = `lng >= ${bound(west)} ${west <= east ? 'AND' : 'OR'} lng <= ${bound(east)}`;
  return `lat BETWEEN ${bound(south)} AND ${bound(north)} AND (${across})`;
}
