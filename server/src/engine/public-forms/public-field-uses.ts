import type { FieldUse } from '@lianke/shared/forms/versions';
import { Injectable } from '@nestjs/common';
import type { Tx } from '../../kernel/database/tx.js';
import { FieldUses, type UseQuestion } from '../forms/uses/field-uses.service.js';
import { mentioned } from '../forms/uses/mentions.js';
import type { PublicFormRow } from './public-form-row.js';

/** Tells designers of forms on which public links a field stands. */
@Injectable()
export class PublicFieldUses {
  constructor(uses: FieldUses) {
    uses.register(usesInLinks);
  }
}

async function usesInLinks(tx: Tx, { form, fields }: UseQuestion): Promise<FieldUse[]> {
  const links = await tx.sql<Pick<PublicFormRow, 'id' | 'settings'>>(
    'SELECT id, settings FROM lianke.public_form WHERE form_id = $1 ORDER BY id',
    [form.id],
  );
  return links.flatMap(({ id, settings }): FieldUse[] => {
    const used = mentioned({ fields: [...settings.fields, ...settings.pickers] }, fields);
    return used.length === 0
      ? []
      : [{ kind: 'publicForm', name: settings.name, id, appId: form.appId, formId: form.id, fields: used }];
  });
}
