import type { FormView } from '../api/queries.js';

export const samples = ['query', 'create', 'update', 'upsert'] as const;
export type Sample = (typeof samples)[number];

interface Words {
  key: string;
  record: string;
}

const simple = ['text', 'longText', 'number', 'money', 'phone', 'select', 'date'] as const;
const shownFields = 3;

/** A curl line for each kind of request, with a form's own address and fields. */
export function sampleOf(kind: Sample, origin: string, form: FormView | undefined, words: Words): string {
  const records = `${origin}/api/v1/forms/${form?.id ?? '<formId>'}/records`;
  const values = form ? valuesOf(form) : { name: '…' };
  const matchOn = [Object.keys(values)[0] ?? 'name'];
  switch (kind) {
    case 'query':
      return curl('POST', `${records}/query`, { limit: 50, sort: [{ field: 'updatedAt', dir: 'desc' }] }, words);
    case 'create':
      return curl('POST', records, { values }, words);
    case 'update':
      return curl('PATCH', `${records}/<${words.record}>`, { values }, words);
    case 'upsert':
      return curl('POST', `${records}/batch`, { upsert: [{ values }], matchOn }, words);
  }
}

function curl(method: string, url: string, body: unknown, words: Words): string {
  return [
    `curl -X ${method} '${url}' \\`,
    `  -H 'Authorization: Bearer <${words.key}>' \\`,
    "  -H 'Content-Type: application/json' \\",
    // A quote within single quotes of a shell ends them.
    `  -d '${JSON.stringify(body).replaceAll("'", "'\\''")}'`,
  ].join('\n');
}

/** Values that a few simple fields of the form take: those it needs first. */
export function valuesOf(form: FormView): Record<string, unknown> {
  const fields = form.fields
    .filter((field) => !field.system && field.writable && (simple as readonly string[]).includes(field.type))
    .toSorted((a, b) => Number(Boolean(b.rules.required)) - Number(Boolean(a.rules.required)));
  return Object.fromEntries(fields.slice(0, shownFields).map((field) => [field.key, sampleValue(field)]));
}

function sampleValue(field: FormView['fields'][number]): unknown {
  switch (field.type) {
    case 'number':
      return 1;
    case 'money':
      return '1000.00';
    case 'phone':
      return ['13800000000'];
    case 'date':
      return '2026-01-31';
    case 'select': {
      const [first] = (field.config as { options?: { id: string }[] }).options ?? [];
      return first?.id ?? null;
    }
    default:
      return field.name;
  }
}
