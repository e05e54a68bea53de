import type { Words } from '@lianke/shared/errors/issue-text';
import { fieldTypes } from '@lianke/shared/fields/registry';
import { optionColors, type SelectOption } from '@lianke/shared/fields/select/schema';
import {
  type ConversionBody,
  type ConversionPreview,
  type ConversionView,
  conversionTargets,
} from '@lianke/shared/forms/conversion';
import { type FieldDef, parseFieldConfig } from '@lianke/shared/forms/definition';
import type { FormId, RecordId } from '@lianke/shared/ids';
import type { Json } from '@lianke/shared/json';
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
import { faultyConfig } from '../form-definition.js';
import { columnName, type FieldMeta, type FormMeta, userField } from '../form-meta.js';
import { FormRegistry } from '../form-registry.js';
import { FormsService } from '../forms.service.js';
import { parentOf } from '../subform-meta.js';
import { columnType, fieldIndexes } from '../table-ddl.js';
import { FieldUses } from '../uses/field-uses.service.js';
import { type ConversionRow, conversionColumns } from './conversion-store.js';
import {
  converting,
  isTitle,
  notConvertible,
  notEncryptable,
  notUnique,
  noWordsIn,
  onlyEncryption,
  tooManyOptions,
  usedForDuplicates,
  valuesRepeat,
} from './conversion-words.js';
import { converterFor, matchField } from './convert-names.js';
import { distinctWords, type Scan, scanValues } from './scan-values.js';
import { keptConfig, rulesFor } from './target-settings.js';
import { setRepeats, setsWith, unfitForSet } from './unique-sets.js';

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
    const { target, options, unfit } = await this.database.withTenant(ctx, (tx) => this.target(tx, ctx, place, body));
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
    const scan = await this.scan(ctx, form, place, target, body);
    const refused = unfit ?? (await this.refusal(ctx, form, place, target, body, scan));
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
    const { target, unfit } = await this.database.withTenant(ctx, (tx) => this.target(tx, ctx, place, body));
    const scan =
      unfit === null && together(form, place).length > 0 ? await this.scan(ctx, form, place, target, body) : undefined;
    const refused = unfit ?? (await this.refusal(ctx, form, place, target, body, scan));
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
    return this.viewOf(ctx, row, form);
  }

  async list(ctx: TenantContext, formId: FormId): Promise<ConversionView[]> {
    const form = await this.registry.form(ctx, formId);
    await this.access.requireDesign(ctx, form.appId);
    const rows = await this.rows(ctx, formId);
    return Promise.all(rows.map((row) => this.viewOf(ctx, row, form)));
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
    return this.viewOf(ctx, begun, form);
  }

  /** The field as it is to be. Rules and defaults that mean nothing to the new type stay behind. */
  private async target(
    tx: Tx,
    ctx: TenantContext,
    { field, holder, subform }: FieldPlace,
    body: ConversionBody,
  ): Promise<{ target: FieldDef; options: string[]; unfit: Words | null }> {
    const to = fieldTypes[body.type];
    const wanted: Record<string, Json> = { ...body.config };
    let options: string[] = [];
    let unfit: Words | null = null;
    const encrypted = Boolean(body.encrypted ?? field.def.encrypted);
    const recoded = body.type === field.def.type && encrypted !== Boolean(field.def.encrypted);
    if (encrypted && !to.mayBeEncrypted)
      return {
        target: field.def,
        options,
        unfit: notEncryptable(field, body.type),
      };
    if (subform && !recoded)
      return {
        target: field.def,
        options,
        unfit: onlyEncryption,
      };
    if (!recoded && !conversionTargets(field.def.type).includes(body.type))
      return {
        target: field.def,
        options,
        unfit: notConvertible(field, body.type),
      };
    if (body.makeOptions && (body.type === 'select' || body.type === 'multiSelect')) {
      const found = await distinctWords(tx, holder, field, body.type === 'multiSelect', ctx.timeZone);
      const given = (Array.isArray(wanted.options) ? wanted.options : []) as unknown as SelectOption[];
      options = (found ?? []).filter((label) => !given.some((option) => option.label === label || option.id === label));
      if (!found) unfit = tooManyOptions;
      wanted.options = [
        ...given,
        ...options.map((label, index) => ({ id: label, label, color: optionColors[index % optionColors.length] })),
      ] as unknown as Json;
    }
    const config = parseFieldConfig(body.type, keptConfig(field.def, body.type, wanted));
    if (!config.ok) throw faultyConfig(field.name, config.detail);
    const { default: preset, rules, ...rest } = field.def;
    const literal = preset?.kind === 'literal' && to.parse(preset.value, to.config.parse(config.config)).ok;
    const target: FieldDef = {
      ...rest,
      type: body.type,
      config: config.config,
      rules: recoded ? rules : rulesFor(rules, field.def.type, body.type),
      ...(preset && (literal || recoded) ? { default: preset } : {}),
      // Once encrypted, its history holds values that must be opened ever after.
      ...(encrypted || field.def.encrypted !== undefined ? { encrypted } : {}),
    };
    return { target, options, unfit };
  }

  /** Why a conversion cannot begin: what it leans on would not hold afterwards. */
  private async refusal(
    ctx: TenantContext,
    form: FormMeta,
    { field, holder }: FieldPlace,
    target: FieldDef,
    body: ConversionBody,
    scan: Scan | undefined,
  ): Promise<Words | null> {
    if (form.converting) return converting;
    const unfit = await this.unfitRelation(ctx, field, target, body);
    if (unfit) return unfit;
    if (field.def.rules.unique && !fieldTypes[target.type].mayBeUnique) return notUnique(field, target.type);
    const unfitSet = unfitForSet(setsWith(holder, field), field, target);
    if (unfitSet) return unfitSet;
    const repeats = scan?.repeats.find((item) => item.rows > 0);
    if (repeats)
      return repeats.fields.length > 1 ? setRepeats(repeats.fields, repeats) : valuesRepeat(field, repeats.values);
    if (target.encrypted && form.duplicates.some((rule) => rule.fields.some((item) => item.field === field.id)))
      return usedForDuplicates(field);
    if (target.encrypted && form.title?.id === field.id) return isTitle(field);
    try {
      const plan = await this.forms.planConversion(
        ctx,
        await this.registry.all(ctx),
        form,
        target,
        columnName(field.id),
      );
      return plan.after ? null : { zh: '', en: '' };
    } catch (error) {
      if (error instanceof AppError && (error.code === 'invalid_definition' || error.code === 'in_use'))
        return error.more.words ?? { zh: error.code, en: error.code };
      throw error;
    }
  }

  /** Why words cannot become records of the form that was chosen. */
  private async unfitRelation(
    ctx: TenantContext,
    field: FieldMeta,
    target: FieldDef,
    body: ConversionBody,
  ): Promise<Words | null> {
    if (fieldTypes[target.type].refers !== 'record' || field.type.refers === 'record') return null;
    const form = (await this.registry.all(ctx)).get(String(target.config.formId));
    if (!form) return { zh: '请选择要关联的表单', en: 'choose the form to relate to' };
    if (!(await this.access.ofForm(ctx, form)).may('view'))
      return { zh: '你没有权限查看要关联的表单', en: 'you may not see the form to relate to' };
    return matchField(form, body.matchBy) ? null : noWordsIn(form);
  }

  private async scan(
    ctx: TenantContext,
    form: FormMeta,
    place: FieldPlace,
    target: FieldDef,
    body: ConversionBody,
  ): Promise<Scan> {
    const { field, holder } = place;
    const world = { timeZone: ctx.timeZone, org: await this.org.of(ctx), forms: await this.registry.all(ctx) };
    const forth = converterFor(world, field.def, target, body.matchBy);
    return this.database.withTenant(ctx, (tx) =>
      scanValues(tx, holder, field, forth, ctx.timeZone, together(form, place)),
    );
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

  private async viewOf(ctx: TenantContext, row: ConversionRow, form: FormMeta): Promise<ConversionView> {
    const org = await this.org.of(ctx);
    return {
      id: row.id as ConversionView['id'],
      field: row.field,
      name: nameIn(form, row),
      from: row.source.type,
      to: row.target.type,
      encrypted: Boolean(row.source.encrypted) === Boolean(row.target.encrypted) ? null : Boolean(row.target.encrypted),
      state: row.state,
      done: row.done,
      total: row.total,
      failing: row.failing,
      error: row.error,
      by: row.created_by ? { id: row.created_by, name: org.members.get(row.created_by)?.name ?? '' } : null,
      at: row.created_at,
      finishedAt: row.finished_at,
      undoable: undoable(row, form),
      undoes: row.undoes,
    };
  }
}

/** Fields that may not repeat, taken together with this one: itself alone, and its sets. Rows repeat only within their record. */
function together(form: FormMeta, { field, subform }: FieldPlace): FieldMeta[][] {
  if (subform) return [];
  return [...(field.def.rules.unique ? [[field]] : []), ...setsWith(form, field)];
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

/** Fields of rows are named with their subform. */
function nameIn(form: FormMeta, row: ConversionRow): string {
  const place = placeOf(form, row.field);
  if (!place) return row.target.name;
  return place.subform ? `${place.subform.name}.${place.field.name}` : place.field.name;
}

/** The field still stands where this conversion put it, and what it came from is still there. */
function undoable(row: ConversionRow, form: FormMeta): boolean {
  const field = placeOf(form, row.field)?.field;
  return row.state === 'done' && row.kept && field?.column === ident(row.target_column);
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
