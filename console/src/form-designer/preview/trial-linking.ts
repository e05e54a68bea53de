import type { TriedField, TryLinkedBody } from '@lianke/shared/forms/versions';
import type { FormId } from '@lianke/shared/ids';
import { asJson } from '@lianke/shared/json';
import { api } from '../../api/client.js';
import type { Linking } from '../../records/linking.js';
import type { Design, DesignField } from '../model/design.js';
import { innerOf } from '../model/subform.js';
import type { PreviewForm } from './use-preview.js';

/** What follows from a value as the design says, published or not: asked of the server, which keeps nothing of it. */
export function trialLinking(formId: FormId, design: Design, form: PreviewForm): Linking {
  const fields = triedFields(design, form);
  return {
    of: () => (body) => api('forms.tryLinked', { params: { formId }, body: { ...body, fields } }),
    ofRows: (rowsOf) => (body) => api('forms.tryLinked', { params: { formId }, body: { ...body, fields, rowsOf } }),
  };
}

/** The fields of a design as they are tried, each named by its `uid`, with what its formulas give. */
export function triedFields(design: Design, form: Pick<PreviewForm, 'fields'>): TryLinkedBody['fields'] {
  return Object.values(design.fields)
    .filter((field) => !field.system)
    .map((field) => {
      if (field.type === 'subform')
        return { ...tried(field, {}), rows: innerOf(field).map((row) => tried(row, row.config)) };
      return tried(field, form.fields.find(({ id }) => id === field.uid)?.config ?? field.config);
    });
}

function tried(field: DesignField, config: DesignField['config']): TriedField {
  return {
    ref: field.uid,
    ...(field.id ? { id: field.id } : {}),
    ...(field.key ? { key: field.key } : {}),
    name: field.name.trim(),
    type: field.type,
    config,
    ...(field.default ? { default: asJson(field.default) } : {}),
    ...(field.encrypted ? { encrypted: true } : {}),
  };
}
