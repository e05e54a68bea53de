import type { NearbyBody } from '@lianke/shared/records/nearby';
import type { FieldMeta, FormMeta } from '../../forms/form-meta.js';
import { scopeSql } from './filter-sql.js';
import { Params } from './params.js';
import { type Statement, whereSql } from './query-sql.js';
import type { ReadScope } from './read-scope.js';

/** A form whose records point at the ones that are looked for, and where those records are. */
export interface Passed {
  form: FormMeta;
  relation: FieldMeta;
  location: FieldMeta;
}

/** Metres of a degree of latitude. */
const degree = 111_320;
const earth = 6_371_000;

/**
 * Ids of the records around a point, nearest first, each with its place. A record's own location counts; one without stands
 * where the newest record that points at it was. A box keeps rows out before distances are computed.
 */
export function nearbySql(
  form: FormMeta,
  own: readonly FieldMeta[],
  passed: readonly Passed[],
  query: NearbyBody,
  scope: ReadScope,
): Statement {
  const params = new Params();
  const where = whereSql(form, query.filter ? { filter: query.filter } : {}, scope, params);
  const box = boxSql(query, params);
  const places = [
    ...own.map(
      (field, rank) =>
        `SELECT t.id, t.${field.column} AS place, ${rank} AS rank, NULL::text AS source, NULL::timestamptz AS at
         FROM ${form.table} t WHERE ${where} AND t.${field.column} IS NOT NULL AND ${box(`t.${field.column}`)}`,
    ),
    ...passed.map(({ form: other, relation, location }) => {
      const rows = scopeSql(scope.accessOf(other).scope, other, 'v', scope, params);
      const without = own.map((field) => ` AND t.${field.column} IS NULL`).join('');
      return `SELECT t.id, p.place, ${own.length} AS rank, ${params.add(other.id, 'text')} AS source, p.at
         FROM ${form.table} t JOIN (
           SELECT DISTINCT ON (v.${relation.column}) v.${relation.column} AS target, v.${location.column} AS place, v.created_at AS at
           FROM ${other.table} v
           WHERE v.deleted_at IS NULL AND v.${relation.column} IS NOT NULL AND v.${location.column} IS NOT NULL${rows ? ` AND ${rows}` : ''}
           ORDER BY v.${relation.column}, v.created_at DESC, v.id DESC
         ) p ON p.target = t.id
         WHERE ${where}${without} AND ${box('p.place')}`;
    }),
  ];
  const text = `WITH places AS (${places.join(' UNION ALL ')}), far AS (
       SELECT id, place, rank, source, at, ${distanceSql(query, params)} AS distance FROM places
     ), best AS (
       SELECT DISTINCT ON (id) id, place, source, at, distance FROM far ORDER BY id, rank, at DESC NULLS LAST, distance
     )
     SELECT id, place, source, at, round(distance)::int AS distance FROM best
     WHERE distance <= ${params.add(query.within, 'float8')} ORDER BY distance, id LIMIT ${params.add(query.limit, 'int')}`;
  return { text, values: params.values };
}

/** What lies within the box around the point; near the date line and the poles only latitude bounds it. */
function boxSql({ lat, lng, within }: NearbyBody, params: Params): (place: string) => string {
  const high = within / degree;
  const wide = high / Math.max(Math.cos((lat * Math.PI) / 180), 0.01);
  const bounds = (from: number, to: number) => `BETWEEN ${params.add(from, 'float8')} AND ${params.add(to, 'float8')}`;
  const latitude = bounds(lat - high, lat + high);
  const bounded = lng - wide >= -180 && lng + wide <= 180;
  const longitude = bounded ? bounds(lng - wide, lng + wide) : undefined;
  return (place) =>
    [`(${place}->>'lat')::float8 ${latitude}`, ...(longitude ? [`(${place}->>'lng')::float8 ${longitude}`] : [])].join(
      ' AND ',
    );
}

/** Haversine, metres. */
function distanceSql({ lat, lng }: NearbyBody, params: Params): string {
  const [y, x] = [params.add(lat, 'float8'), params.add(lng, 'float8')];
  const [toY, toX] = [`(place->>'lat')::float8`, `(place->>'lng')::float8`];
  return `2 * ${earth} * asin(sqrt(least(1, power(sin(radians(${toY} - ${y}) / 2), 2)
    + cos(radians(${y})) * cos(radians(${toY})) * power(sin(radians(${toX} - ${x}) / 2), 2))))`;
}
