import { partsOf } from '@lianke/shared/fields/sheet-text';
import type { FormId } from '@lianke/shared/ids';
import type { Reference } from '@lianke/shared/records/query';
import { api } from '../api/client.js';
import type { FormView, ReadField } from '../api/queries.js';
import { targetOf } from '../fields/relation.js';
import { titleFieldOf } from './layout.js';

/** Records that pasted names stand for, by relation field and name; null for names that several records have. */
export type Links = ReadonlyMap<string, ReadonlyMap<string, Reference | null>>;

const chunk = 500;

/** Looks up the names in columns of relations, under the reader's rights. */
export async function findLabels(fields: readonly ReadField[], cells: readonly (readonly string[])[]): Promise<Links> {
  const links = new Map<string, Map<string, Reference | null>>();
  for (const [at, field] of fields.entries()) {
    if (field.type !== 'relation' && field.type !== 'relations') continue;
    // A list of names may also be one name with a comma in it.
    const namesIn = (text: string) => (field.type === 'relations' ? [text, ...partsOf(text)] : [text]);
    const names = [...new Set(cells.flatMap((line) => namesIn(line[at]?.trim() ?? '')))].filter((name) => name !== '');
    if (names.length > 0) links.set(field.key, await recordsCalled(targetOf(field), names));
  }
  return links;
}

async function recordsCalled(formId: string, names: readonly string[]): Promise<Map<string, Reference | null>> {
  const found = new Map<string, Reference | null>();
  const form: FormView = await api('forms.get', { params: { formId: formId as FormId } });
  const title = titleFieldOf(form);
  if (!title) return new Map();
  for (let at = 0; at < names.length; at += chunk) {
    let cursor: string | undefined;
    do {
      const page = await api('records.query', {
        params: { formId: formId as FormId },
        body: {
          filter: { field: title.id, op: 'in', value: names.slice(at, at + chunk) },
          fields: [],
          limit: 200,
          total: false,
          ...(cursor ? { cursor } : {}),
        },
      });
      for (const { id, label } of page.items) found.set(label, found.has(label) ? null : { id, label });
      cursor = page.cursor ?? undefined;
    } while (cursor);
  }
  return found;
}
