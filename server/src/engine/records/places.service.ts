import type { GeoBox } from '@lianke/shared/geo/box';
import type { FormId, RecordId } from '@lianke/shared/ids';
import { mostSpots, type PlacesAnswer, type PlacesBody, placeTypes, type Spot } from '@lianke/shared/records/places';
import { Injectable } from '@nestjs/common';
import { Database } from '../../kernel/database/database.js';
import { AppError } from '../../kernel/errors/app-error.js';
import { AccessService } from '../access/access.service.js';
import type { TenantContext } from '../context.js';
import type { FieldMeta, FormMeta } from '../forms/form-meta.js';
import { FormRegistry } from '../forms/form-registry.js';
import { RecordReader } from './record-reader.js';
import { ScopeBuilder } from './scope-builder.js';
import { type PlacesFields, placeCountsSql, spotsSql, squareBox } from './sql/places-sql.js';
import { type ReadScope, resolvePath } from './sql/read-scope.js';

interface Counts {
  total: number;
  placed: number;
  inside: number;
  west: number | null;
  south: number | null;
  east: number | null;
  north: number | null;
}

interface SpotRow {
  x: number;
  y: number;
  count: number;
  lat: number;
  lng: number;
  id: RecordId;
  colors: [string, number][];
}

/** Where records lie on a map, under the reader's rights: rows, and the fields that place and colour them. */
@Injectable()
export class PlacesService {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
    private readonly scopes: ScopeBuilder,
    private readonly reader: RecordReader,
  ) {}

  async find(ctx: TenantContext, formId: FormId, query: PlacesBody): Promise<PlacesAnswer> {
    const form = await this.registry.form(ctx, formId);
    if (!(await this.access.can(ctx, form.id, 'view'))) throw new AppError('not_found');
    const scope = await this.scopes.of(ctx);
    const fields = placesFields(form, query, scope);
    const { box } = query;
    const counts = placeCountsSql(form, query, fields, scope);
    const spots = box && spotsSql(form, { ...query, box }, fields, scope);
    const [[found], rows] = await this.database.withTenant(ctx, (tx) =>
      Promise.all([
        tx.sql<Counts>(counts.text, counts.values, { last: !spots }),
        spots ? tx.sql<SpotRow>(spots.text, spots.values, { last: true }) : [],
      ]),
    );
    const shown = rows.slice(0, mostSpots);
    const labels = await this.labels(ctx, formId, shown);
    return {
      spots: shown.map((row) => spotOf(row, query, labels)),
      cut: rows.length > mostSpots,
      total: found?.total ?? 0,
      placed: found?.placed ?? 0,
      inside: found?.inside ?? 0,
      extent: extentOf(found),
    };
  }

  /** What single records are called, as lists call them. */
  private async labels(ctx: TenantContext, formId: FormId, rows: readonly SpotRow[]): Promise<Map<string, string>> {
    const ids = rows.filter((row) => row.count === 1).map((row) => row.id);
    if (ids.length === 0) return new Map();
    const query = { ids, fields: [], limit: ids.length, total: false as const };
    const page = await this.reader.query(ctx, formId, query);
    return new Map(page.items.map((record) => [record.id, record.label]));
  }
}

/** The fields of the query; one the reader may not see, or that says no place, is refused. */
function placesFields(form: FormMeta, query: PlacesBody, scope: ReadScope): PlacesFields {
  const own = (ref: string, fits: (field: FieldMeta) => boolean, op: string): FieldMeta => {
    const { field, hops } = resolvePath(scope, form, ref);
    if (hops.length > 0 || field.cipher || !fits(field))
      throw new AppError('operator_not_allowed', { field: field.name, op });
    return field;
  };
  return {
    place: own(query.field, ({ typeName }) => placeTypes.some((type) => type === typeName), 'within'),
    color: query.color ? own(query.color, ({ typeName }) => typeName === 'select', 'groupBy') : undefined,
  };
}

function spotOf(row: SpotRow, query: PlacesBody, labels: ReadonlyMap<string, string>): Spot {
  const label = row.count === 1 ? labels.get(row.id) : undefined;
  return {
    lat: row.lat,
    lng: row.lng,
    count: row.count,
    box: squareBox(query.zoom, row.x, row.y),
    ...(query.color ? { colors: row.colors.map(([id, count]) => ({ id, count })) } : {}),
    ...(label === undefined ? {} : { record: { id: row.id, label } }),
  };
}

function extentOf(counts: Counts | undefined): [number, number, number, number] | null {
  const { west = null, south = null, east = null, north = null } = counts ?? {};
  if (west === null || south === null || east === null || north === null) return null;
  return [west, south, east, north] satisfies GeoBox;
}
