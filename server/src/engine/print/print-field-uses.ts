import type { FieldUse } from '@lianke/shared/forms/versions';
import type { FormId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import type { Tx } from '../../kernel/database/tx.js';
import { FieldUses, type UseQuestion } from '../forms/uses/field-uses.service.js';
import { type Meaning, PrintNames } from './print-names.js';

/** Tells designers of forms which print templates show a field, those of forms that refer to this one too. */
@Injectable()
export class PrintFieldUses {
  constructor(uses: FieldUses) {
    uses.register(usesInTemplates);
  }
}

interface TemplateRow {
  id: string;
  form_id: FormId;
  name: string;
  placeholders: string[];
}

async function usesInTemplates(tx: Tx, { fields, forms }: UseQuestion): Promise<FieldUse[]> {
  const templates = await tx.sql<TemplateRow>(
    'SELECT id, form_id, name, placeholders FROM lianke.print_template ORDER BY form_id, id',
  );
  const asked = new Set(fields.map(({ id }) => id));
  const known = new Map<FormId, PrintNames>();
  return templates.flatMap((template): FieldUse[] => {
    const form = forms.get(template.form_id);
    if (!form) return [];
    const names = known.get(form.id) ?? new PrintNames(form, forms);
    known.set(form.id, names);
    const shown = template.placeholders.flatMap((text) => fieldsOf(names.resolve(text.split('|')[0] ?? '')));
    const used = [...new Set(shown.filter((id) => asked.has(id)))];
    return used.length === 0
      ? []
      : [{ kind: 'print', name: template.name, id: template.id, appId: form.appId, formId: form.id, fields: used }];
  });
}

/** Ids of the fields that a placeholder cannot do without. */
function fieldsOf(meaning: Meaning | undefined): string[] {
  switch (meaning?.kind) {
    case 'field':
      return [meaning.field.id];
    case 'related':
      return [meaning.relation.id, meaning.field.id];
    case 'row':
      return [meaning.list.field.id, meaning.field.id];
    default:
      return [];
  }
}
