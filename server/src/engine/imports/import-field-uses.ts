import type { FieldUse } from '@lianke/shared/forms/versions';
import type { AppId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import type { Tx } from '../../kernel/database/tx.js';
import { FieldUses, type UseQuestion } from '../forms/uses/field-uses.service.js';
import { mentioned, names } from '../forms/uses/mentions.js';
import { type RememberedMapping, rememberedMapping } from './plan/remembered-mapping.js';

/** Tells designers of forms which imports that are not done yet fill a field, and which remembered mappings do. */
@Injectable()
export class ImportFieldUses {
  constructor(uses: FieldUses) {
    uses.register(usesInImports);
    uses.register(usesInMappings);
  }
}

async function usesInImports(tx: Tx, { form, fields }: UseQuestion): Promise<FieldUse[]> {
  const imports = await tx.sql<{ id: string; app_id: AppId; file_name: string; plan: unknown }>(
    `SELECT id, app_id, file_name, plan FROM lianke.import WHERE state IN ('checking', 'ready', 'running') ORDER BY id`,
  );
  return imports.flatMap((item) => {
    const used = names(item.plan, form.id) ? mentioned(item.plan, fields) : [];
    return used.length === 0
      ? []
      : [{ kind: 'import', name: item.file_name, id: item.id, appId: item.app_id, formId: form.id, fields: used }];
  });
}

/** What was learned of sheets with the same headers: it is not used again once one of its fields is gone. */
async function usesInMappings(tx: Tx, question: UseQuestion): Promise<FieldUse[]> {
  // The same sheet is remembered twice: as asked for from the app's page and from the form's.
  const rows = await tx.sql<{ signature: string; app_id: AppId; mapping: unknown }>(
    `SELECT DISTINCT ON (app_id, mapping) signature, app_id, mapping FROM lianke.import_mapping ORDER BY app_id, mapping, signature`,
  );
  return rows.flatMap((row): FieldUse[] => {
    const { success, data } = rememberedMapping.safeParse(row.mapping);
    const used = success ? usedBy(data, question) : new Map<string, string>();
    if (used.size === 0) return [];
    const name = [...new Set(used.values())].join(' / ');
    const { id: formId } = question.form;
    return [{ kind: 'importMapping', name, id: row.signature, appId: row.app_id, formId, fields: [...used.keys()] }];
  });
}

/** Ids of the asked fields that a mapping names, each with a header that stands for it. */
function usedBy({ targets, columns }: RememberedMapping, { form, fields, forms }: UseQuestion): Map<string, string> {
  const asked = new Set(fields.map(({ id }) => id));
  const used = new Map<string, string>();
  const note = (id: string | undefined, header: string) => {
    if (id !== undefined && asked.has(id) && !used.has(id)) used.set(id, header);
  };
  for (const { header, to } of columns) {
    const formId = targets.find(({ key }) => key === to.target)?.formId;
    const target = formId ? forms.get(formId) : undefined;
    const [key = '', inner] = (to.field ?? '').split('.');
    const field = target?.field(key);
    const filled = inner === undefined ? field : field?.part?.field(inner);
    note(field?.id, header);
    note(filled?.id, header);
    if (to.by && (filled?.config as { formId?: string } | undefined)?.formId === form.id)
      note(form.field(to.by)?.id, header);
  }
  for (const { formId, matchOn, link } of targets)
    if (formId === form.id)
      for (const key of [...matchOn, ...(link ? [link.field] : [])]) {
        const field = form.field(key);
        note(field?.id, field?.name ?? key);
      }
  return used;
}
