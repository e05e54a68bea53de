import { randomInt } from 'node:crypto';
import { isDerived } from '@lianke/shared/fields/derived';
import { type CopyFormBody, type FieldDef, type FormView, newFieldId } from '@lianke/shared/forms/definition';
import type { FormId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import { AppError, refusal } from '../../kernel/errors/app-error.js';
import { uuid7 } from '../../kernel/ids/uuid7.js';
import { AccessService } from '../access/access.service.js';
import type { TenantContext } from '../context.js';
import type { FormDefinition, FormMeta } from './form-meta.js';
import { FormRegistry } from './form-registry.js';
import { FormsService } from './forms.service.js';

/** Copies of forms: the design without the data, everything in it referring to the copy's own fields. */
@Injectable()
export class FormCopies {
  constructor(
    private readonly registry: FormRegistry,
    private readonly access: AccessService,
    private readonly forms: FormsService,
  ) {}

  /**
   * Makes a form like another. Fields that sum up what points at the source are left out, for nothing points at the copy:
   * `left` names them.
   */
  async copy(ctx: TenantContext, formId: FormId, body: CopyFormBody): Promise<{ form: FormView; left: string[] }> {
    const source = await this.registry.form(ctx, formId);
    if (source.owner) throw new AppError('not_found');
    await this.access.requireDesign(ctx, source.appId);
    const id = uuid7() as FormId;
    const left = lookingBack(source);
    const definition = copiedDefinition(source, id, left);
    const form = await this.forms.create(
      ctx,
      { appId: body.appId, name: body.name, fields: [], key: undefined },
      { id, definition },
    );
    return { form, left: left.map((field) => field.name) };
  }
}

/** Computed fields that read records pointing at the form, and those that are computed from them. */
function lookingBack(source: FormMeta): FieldDef[] {
  const { fields } = source.definition;
  const rows = new Set<string>(source.parts.map((part) => part.id));
  const parents = new Set(source.parts.map((part) => `<${part.definition.fields[0]?.id}`));
  const reads = (field: FieldDef) => {
    if (field.type === 'rollup') return !rows.has(String(field.config.formId));
    if (field.type !== 'formula') return false;
    const steps = String(field.config.expression ?? '').match(/<f_[0-9a-z]{10}/g) ?? [];
    return steps.some((step) => !parents.has(step));
  };
  const left = new Set(fields.filter(reads));
  for (let before = -1; before !== left.size; ) {
    before = left.size;
    for (const field of fields)
      if (isDerived(field.type) && [...left].some((gone) => JSON.stringify(field.config).includes(gone.id)))
        left.add(field);
  }
  return [...left];
}

function copiedDefinition(source: FormMeta, id: FormId, left: readonly FieldDef[]): FormDefinition {
  const { layout, settings } = source.definition;
  const gone = new Set<string>(left.map((field) => field.id));
  const fields = source.definition.fields
    .filter((field) => !gone.has(field.id))
    .map(({ encrypted, ...field }) => ({
      ...field,
      ...(encrypted ? { encrypted } : {}),
      // Its sources are relations that point at the copied form.
      config: field.type === 'lastContact' ? {} : withoutRemoved(field.config),
    }));
  const sections = layout.sections.map((section) => ({
    ...section,
    items: section.items.filter((item) => !('field' in item && gone.has(item.field))),
  }));
  const { titleField, summaryFields, quickFields, ...rest } = settings;
  const kept = {
    ...rest,
    summaryFields: summaryFields.filter((field) => !gone.has(field)),
    ...(quickFields ? { quickFields: quickFields.filter((field) => !gone.has(field)) } : {}),
    ...(titleField && !gone.has(titleField) ? { titleField } : {}),
  };
  const design = { fields, layout: { ...layout, sections }, settings: kept };
  const named = left.find((field) => JSON.stringify(design).includes(field.id));
  if (named)
    throw refusal('invalid_definition', {
      zh: `“${named.name}”汇总的是指向这张表单的数据，不能一起复制，而有规则用到它：请先改规则`,
      en: `"${named.name}" rolls up records that point to this form and cannot be copied along, but rules use it: change the rules first`,
    });
  return { ...renamed(design, idsOf(source, id)), removed: [] };
}

function withoutRemoved({ removed: _, ...config }: FieldDef['config']): FieldDef['config'] {
  return config;
}

/** What every id of the source's own becomes in the copy: the form's, its fields', its subforms' and their fields'. */
function idsOf(source: FormMeta, id: FormId): Map<string, string> {
  const ids = new Map<string, string>([[source.id, id]]);
  for (const form of [source, ...source.parts]) {
    if (!ids.has(form.id)) ids.set(form.id, uuid7());
    for (const { id: field } of form.definition.fields)
      ids.set(
        field,
        newFieldId((below) => randomInt(below)),
      );
  }
  return ids;
}

/** Ids are random: wherever one stands, it means the field or form. */
function renamed<Design>(design: Design, ids: ReadonlyMap<string, string>): Design {
  let text = JSON.stringify(design);
  for (const [from, to] of ids) text = text.replaceAll(from, to);
  return JSON.parse(text) as Design;
}
