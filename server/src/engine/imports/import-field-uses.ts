import type { FieldUse } from '@lianke/shared/forms/versions';
import type { AppId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import type { Tx } from '../../kernel/database/tx.js';
import { FieldUses, type UseQuestion } from '../forms/uses/field-uses.service.js';
import { mentioned, names } from '../forms/uses/mentions.js';

/** Tells designers of forms which imports that are not done yet fill a field. */
@Injectable()
export class ImportFieldUses {
  constructor(uses: FieldUses) {
    uses.register(usesInImports);
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
