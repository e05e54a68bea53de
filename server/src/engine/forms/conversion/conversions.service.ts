import type { Words } from '@lianke/shared/errors/issue-text';
import { type ConversionBody, type ConversionPreview, type ConversionView } from '@lianke/shared/forms/conversion';
import { type FieldDef } from '@lianke/shared/forms/definition';
import type { FormId, RecordId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { codeOf, Database } from '../../../kernel/database/database.js';
import { ident } from '../../../kernel/database/ident.js';
import type { Tx } from '../../../kernel/database/tx.js';
import { AppError, refusal } from '../../../kernel/errors/app-error.js';
import { uuid7 } from '../../../kernel/ids/uuid7.js';
import { AccessService } from '../../access/access.service.js';
import { languageIn, memberOf, type TenantContext } from '../../context.js';
import { OrgDirectory } from '../../org/org-directory.js';
import { RecordReader } from '../../records/record-reader.js';
import { bumpSchema } from '../../versions.js';
import { type FieldPlace, placeOf } from '../field-place.js';
import { columnName, type FieldMeta, type FormMeta, userField } from '../form-meta.js';
import { FormRegistry } from '../form-registry.js';
import { FormsService } from '../forms.service.js';
import { parentOf } from '../subform-meta.js';
import { columnType, fieldIndexes } from '../table-ddl.js';
import { FieldUses } from '../uses/field-uses.service.js';
import { ConversionPlans, together } from './conversion-plans.js';
import { type ConversionRow, conversionColumns } from './conversion-store.js';
import { conversionView, undoable } from './conversion-view.js';
import { converting } from './conversion-words.js';
import { type Scan } from './scan-values.js';

const shownRows = 20;
const shownConversions = 20;

/** Changing a field's type: what would become of its values, the start of it, and the way back. */
@Injectable()
export class ConversionsService {
  constructor(
    private readonly database: Database,
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
    private readonly forms: FormsService,
    private readonly plans: ConversionPlans,
    private readonly uses: FieldUses,
    private readonly reader: RecordReader,
    private readonly org: OrgDirectory,
  ) {}

  /** What a conversion would do. The values that would be left out are shown as far as the asker may see them. */
  async preview(
    ctx: TenantContext,
    formId: FormId,
    ref: string,
    body: ConversionBody,
    language: keyof Words = 'zh',
  ): Promise<ConversionPreview> {
    const { form, place } = await this.designed(ctx, formId, ref);
    const { field } = place;
    const { target, unfit, ...found } = await this.database.withTenant(ctx, (tx) =>
      this.plans.target(tx, ctx, place, body),
    );
    // Words that stand there now are values.
    const options = (await this.access.ofForm(ctx, place.holder)).sees(field) ? found.options : [];
    const uses = await this.uses.of(ctx, formId, [field.id]);
    if (target === field.def)
      return {
        total: 0,
        scanned: 0,
        failing: 0,
        repeats: [],
        rows: [],
        options,
        uses,
        refusal: unfit?.[language] ?? null,
      };
    const scan = await this.plans.scan(ctx, place, target, body);
    const refused = unfit ?? (await this.plans.refusal(ctx, form, place, target, body, scan));
    const repeats = scan.repeats.filter((item) => item.rows > 0);
    return {
      total: scan.total,
      scanned: scan.scanned,
      failing: scan.failing,
      repeats: repeats.map(({ fields, values, rows }) => ({ fields: fields.map((item) => item.name), values, rows })),
      rows: [
        ...(await this.shown(
          ctx,
          place,
          repeats.flatMap((item) => item.found.map(({ id, words }) => ({ id, value: words, refusal: item.refusal }))),
        )),
        ...(await this.shown(ctx, place, scan.failures)),
      ],
      options,
      uses,
      refusal: refused?.[language] ?? null,
    };
  }

  /** Values that a conversion stumbles over, of records that the asker may see. */
  private async shown(
    ctx: TenantContext,
    { field, holder, subform }: FieldPlace,
    found: Scan['failures'],
  ): Promise<ConversionPreview['rows']> {
    const rows: ConversionPreview['rows'] = [];
    const access = await this.access.ofForm(ctx, holder);
    if (!access.sees(field)) return rows;
    const formId = (holder.owner?.form ?? holder).id;
    const recordOf = subform ? await this.recordsOfRows(ctx, holder, found) : undefined;
    for (const { id, value, refusal: why } of found) {
      if (rows.length === shownRows) break;
      const record = recordOf ? recordOf.get(id) : id;
      const seen = record && (await this.reader.get(ctx, formId, record as RecordId).catch(unseen));
      if (seen && (subform ?? field).key in seen.values)
        rows.push({ id, label: seen.label, value, code: why.code, ...(why.params && { params: why.params }) });
    }
    return rows;
  }

  /** Begins a conversion; a worker does it in steps while people go on. */
  async start(
    ctx: TenantContext,
    formId: FormId,
    ref: string,
    { version, ...body }: ConversionBody & { version: number },
  ): Promise<ConversionView> {
    const { form, place } = await this.designed(ctx, formId, ref);
    const { field, holder, subform } = place;
    if (version !== form.version) throw new AppError('version_conflict');
    const { target, unfit } = await this.database.withTenant(ctx, (tx) => this.plans.target(tx, ctx, place, body));
    const scan =
      unfit === null && together(place).length > 0 ? await this.plans.scan(ctx, place, target, body) : undefined;
    const refused = unfit ?? (await this.plans.refusal(ctx, form, place, target, body, scan));
    if (refused) throw refusal('wrong_state', refused);
    const id = uuid7();
    const mark = id.replaceAll('-', '').slice(-8);
    const column = `${columnName(field.id)}_${mark}`;
    const row: NewConversion = {
      id,
      field,
      source: field.def,
      sourceColumn: field.column.slice(1, -1),
      target,
      targetColumn: column,
      markColumn: `m_${field.id.slice(2)}_${mark}`,
      undoes: null,
      matchBy: body.matchBy ?? null,
    };
    // Rows are the same or not within their record: no index of all of them says so.
    const rules = subform ? { ...target.rules, unique: false } : target.rules;
    const stored = userField({ ...target, rules }, { [target.id]: column });
    await this.database.ddl(ctx.tenantId, (sql) =>
      sql(
        [
          `ALTER TABLE ${holder.table} ADD COLUMN ${ident(column)} ${columnType(stored.storage, stored.typeName)}, ADD COLUMN ${ident(row.markColumn)} int`,
          // While the column is empty an index costs nothing, and no value comes twice unnoticed.
          ...fieldIndexes(holder, stored),
        ].join('; '),
      ),
    );
    return this.begin(ctx, form, row);
  }

  /** Begins the way back: kept values return, what was changed since is converted the other way. */
  async undo(ctx: TenantContext, formId: FormId, ref: string): Promise<ConversionView> {
    const {
      form,
      place: { field },
    } = await this.designed(ctx, formId, ref);
    const last = (await this.rows(ctx, formId)).find((row) => row.field === field.id && undoable(row, form));
    if (!last)
      throw refusal('wrong_state', {
        zh: '没有可以撤销的转换，或原来的值已经不在了',
        en: 'there is no conversion to undo, or the former values are gone',
      });
    if (form.converting) throw refusal('wrong_state', converting);
    const { default: _, ...now } = field.def;
    const target: FieldDef = {
      ...now,
      type: last.source.type,
      config: last.source.config,
      rules: last.source.rules,
      ...(last.source.default && { default: last.source.default }),
      ...(now.encrypted !== undefined && { encrypted: last.source.encrypted ?? false }),
    };
    await this.forms.planConversion(ctx, await this.registry.all(ctx), form, target, last.source_column);
    return this.begin(ctx, form, {
      id: uuid7(),
      field,
      source: field.def,
      sourceColumn: last.target_column,
      target,
      targetColumn: last.source_column,
      markColumn: last.mark_column,
      undoes: last.id,
      matchBy: last.match_by,
    });
  }

  /** Stops a conversion under way; the field stays as it was. */
  async cancel(ctx: TenantContext, formId: FormId, ref: string): Promise<ConversionView> {
    const {
      form,
      place: { field },
    } = await this.designed(ctx, formId, ref);
    const row = await this.database.withTenant(ctx, async (tx) => {
      const [stopped] = await tx.sql<ConversionRow>(
        `UPDATE lianke.field_conversion SET state = 'canceled', finished_at = clock_timestamp(), lease_until = NULL, epoch = epoch + 1
         WHERE form_id = $1 AND field = $2 AND state = 'running' RETURNING ${conversionColumns}`,
        [formId, field.id],
      );
      if (!stopped) throw refusal('wrong_state', { zh: '这个字段没有在转换', en: 'this field is not being converted' });
      await release(tx, ctx, formId);
      return stopped;
    });
    return conversionView(row, form, await this.org.of(ctx));
  }

  async list(ctx: TenantContext, formId: FormId): Promise<ConversionView[]> {
    const form = await this.registry.form(ctx, formId);
    await this.access.requireDesign(ctx, form.appId);
    const rows = await this.rows(ctx, formId);
    const org = await this.org.of(ctx);
    return rows.map((row) => conversionView(row, form, org));
  }

  private async begin(ctx: TenantContext, form: FormMeta, row: NewConversion): Promise<ConversionView> {
    const begun = await this.database
      .withTenant(ctx, async (tx) => {
        const [stored] = await tx.sql<ConversionRow>(
          `INSERT INTO lianke.field_conversion (tenant_id, id, form_id, field, source, source_column, target, target_column, mark_column, undoes, match_by, created_by, language)
           VALUES ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13) RETURNING ${conversionColumns}`,
          [
            ctx.tenantId,
            row.id,
            form.id,
            row.field.id,
            row.source as never,
            row.sourceColumn,
            row.target as never,
            row.targetColumn,
            row.markColumn,
            row.undoes,
            row.matchBy,
            memberOf(ctx),
            languageIn(ctx),
          ],
        );
        const changed = await tx.run(
          'UPDATE lianke.form SET converting = true WHERE id = $1 AND version = $2 AND NOT converting AND deleted_at IS NULL',
          [form.id, form.version],
        );
        if (changed === 0 || !stored) throw new AppError('version_conflict');
        await bumpSchema(tx, ctx.tenantId);
        return stored;
      })
      .catch((error) => {
        if (codeOf(error) === '23505') throw refusal('wrong_state', converting);
        throw error;
      });
    return conversionView(begun, form, await this.org.of(ctx));
  }

  /** The records that rows of a subform belong to, by the rows' ids. */
  private async recordsOfRows(
    ctx: TenantContext,
    part: FormMeta,
    rows: readonly { id: string }[],
  ): Promise<Map<string, string>> {
    const found = await this.database.withTenant(ctx, (tx) =>
      tx.sql<{ id: string; record: string }>(
        `SELECT id, ${parentOf(part).column} AS record FROM ${part.table} WHERE id = ANY($1::uuid[])`,
        [rows.map((row) => row.id)],
      ),
    );
    return new Map(found.map((row) => [row.id, row.record]));
  }

  private async designed(
    ctx: TenantContext,
    formId: FormId,
    ref: string,
  ): Promise<{ form: FormMeta; place: FieldPlace }> {
    const form = await this.registry.form(ctx, formId);
    if (form.owner) throw new AppError('not_found');
    await this.access.requireDesign(ctx, form.appId);
    const place = placeOf(form, ref);
    if (!place || place.field.system) throw new AppError('not_found');
    return { form, place };
  }

  private rows(ctx: TenantContext, formId: FormId): Promise<ConversionRow[]> {
    return this.database.withTenant(ctx, (tx) =>
      tx.sql<ConversionRow>(
        `SELECT ${conversionColumns} FROM lianke.field_conversion WHERE form_id = $1 ORDER BY created_at DESC LIMIT ${shownConversions}`,
        [formId],
      ),
    );
  }
}

interface NewConversion {
  id: string;
  field: FieldMeta;
  source: FieldDef;
  sourceColumn: string;
  target: FieldDef;
  targetColumn: string;
  markColumn: string;
  undoes: string | null;
  matchBy: string | null;
}

/** Writers need not hold the form any more. */
export async function release(tx: Tx, ctx: TenantContext, formId: FormId): Promise<void> {
  await tx.run('UPDATE lianke.form SET converting = false WHERE id = $1', [formId]);
  await bumpSchema(tx, ctx.tenantId);
}

function unseen(error: unknown): undefined {
  if (error instanceof AppError) return undefined;
  throw error;
}
