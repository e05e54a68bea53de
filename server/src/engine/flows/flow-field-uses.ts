import type { FlowDefinition } from '@lianke/shared/flows/definition';
import type { FieldUse } from '@lianke/shared/forms/versions';
import type { AppId, FlowId } from '@lianke/shared/ids';
import { Injectable } from '@nestjs/common';
import type { Tx } from '../../kernel/database/tx.js';
import { FieldUses, type UseQuestion } from '../forms/uses/field-uses.service.js';
import { mentioned, names } from '../forms/uses/mentions.js';

/** Tells designers of forms which flows use a field, as drafted or as published. */
@Injectable()
export class FlowFieldUses {
  constructor(uses: FieldUses) {
    uses.register(usesInFlows);
  }
}

async function usesInFlows(tx: Tx, { form, fields }: UseQuestion): Promise<FieldUse[]> {
  const flows = await tx.sql<{
    id: FlowId;
    app_id: AppId;
    name: string;
    draft: FlowDefinition;
    published: FlowDefinition | null;
  }>(
    `SELECT f.id, f.app_id, f.name, f.draft, v.definition AS published FROM lianke.flow f
     LEFT JOIN lianke.flow_version v ON v.tenant_id = f.tenant_id AND v.flow_id = f.id AND v.version = f.published_version
     ORDER BY f.name, f.id`,
  );
  return flows.flatMap((flow) => {
    const definitions = [flow.draft, flow.published].filter((definition) => names(definition, form.id));
    const used = mentioned(definitions, fields);
    return used.length === 0
      ? []
      : [{ kind: 'flow', name: flow.name, id: flow.id, appId: flow.app_id, formId: form.id, fields: used }];
  });
}
