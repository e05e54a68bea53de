import type { DuplicateFinding } from '@lianke/shared/duplicates/api';
import type { FormId, RecordId } from '@lianke/shared/ids';
import { useQuery } from '@tanstack/react-query';
import { api } from '../api/client.js';
import { type FormView, keys } from '../api/queries.js';
import { toWrite, type Values } from '../records/values.js';
import { useDebounced } from '../shared/use-debounced.js';

/** The server answers well within this; together the warning stands before one goes on to the next field. */
const pauseMs = 120;

export interface Found {
  findings: readonly DuplicateFinding[];
  /** The values that were asked about, as they are written. */
  values: Values;
}

/** What the form's rules say of the values while they are typed; a rule is asked once all its fields have a value. */
export function useDuplicates(form: FormView, values: Values, recordId: string | undefined, enabled: boolean): Found {
  const hints = form.duplicates ?? [];
  const wanted: Values = {};
  for (const hint of hints) {
    const fields = hint.fields.flatMap((id) => form.fields.find((field) => field.id === id) ?? []);
    const filled = fields.filter((field) => !blank(values[field.key]));
    if (filled.length < hint.fields.length) continue;
    for (const field of fields) wanted[field.key] = toWrite(field, values[field.key]);
  }
  const asked = useDebounced(JSON.stringify(wanted), pauseMs);
  const found = useQuery({
    queryKey: keys.data(form.id, 'duplicates', recordId ?? '', asked),
    queryFn: () =>
      api('duplicates.check', {
        params: { formId: form.id as FormId },
        body: { values: JSON.parse(asked) as Values, ...(recordId ? { id: recordId as RecordId } : {}) },
      }),
    enabled: enabled && asked !== '{}',
    retry: false,
    staleTime: 10_000,
  });
  const findings = asked === '{}' ? [] : (found.data?.items ?? []);
  return { findings, values: JSON.parse(asked) as Values };
}

function blank(value: unknown): boolean {
  return value === null || value === undefined || value === '' || (Array.isArray(value) && value.length === 0);
}
