import type { Filter } from '@lianke/shared/filter/ast';
import { decidedValues, type Names, presetOf } from '@lianke/shared/forms/decided-values';
import type { FormId, RecordId } from '@lianke/shared/ids';
import type { RecordView } from '@lianke/shared/records/query';
import { useQuery } from '@tanstack/react-query';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../api/client.js';
import { type FormView, useDepartments, useForm, useMe, useMembers } from '../api/queries.js';
import { titleFieldOf } from './layout.js';
import { RecordDrawer } from './record-drawer.js';
import type { Values } from './values.js';

interface Props {
  formId: string;
  /** What was looked for: the new record's title. */
  text: string;
  /** What records must meet to be chosen. */
  filter?: Filter | undefined;
  onClose: () => void;
  onSaved: (record: RecordView) => void;
}

/**
 * A new record of the form a relation points at, made without leaving what is being filled in. It begins with what the
 * picker's condition decides, so that it can be chosen once it is there.
 */
export function CreateInPicker({ formId, text, filter, onClose, onSaved }: Props) {
  const { t } = useTranslation('records');
  const form = useForm(formId).data;
  const decided = useMemo(() => form && decidedValues(filter, form.fields), [form, filter]);
  const names = useNames(decided !== undefined && decided.references.length > 0);
  const preset = useQuery({
    queryKey: ['picked-preset', formId, filter],
    queryFn: (): Promise<Values> => (decided && names ? presetOf(decided, names) : Promise.resolve({})),
    enabled: decided !== undefined && names !== undefined,
    staleTime: 0,
  });
  if (!form || !decided || !preset.data) return null;
  const start = { ...titled(form, text), ...preset.data };
  return (
    <RecordDrawer
      form={form}
      open
      onClose={onClose}
      {...(Object.keys(start).length > 0 ? { preset: start } : {})}
      {...(decided.whole ? {} : { note: t('createNarrowed') })}
      onSaved={onSaved}
      once
    />
  );
}

function titled(form: FormView, text: string): Values {
  const title = titleFieldOf(form);
  return title?.type === 'text' && title.writable && text !== '' ? { [title.key]: text } : {};
}

/** Whom to ask for names; undefined until the lists of people are here. */
function useNames(wanted: boolean): Names | undefined {
  const me = useMe().data?.member;
  const members = useMembers().data;
  const departments = useDepartments().data;
  return useMemo(() => {
    if (wanted && (!me || !members || !departments)) return undefined;
    const found = (items: readonly { id: string; name: string }[] | undefined, id: string) => {
      const item = items?.find((each) => each.id === id);
      return Promise.resolve(item && { id: item.id, label: item.name });
    };
    return {
      me: () => me && { id: me.id, label: me.name },
      record: (formId, id) =>
        api('records.get', { params: { formId: formId as FormId, id: id as RecordId } }).catch(() => undefined),
      member: (id) => found(members, id),
      department: (id) => found(departments, id),
    };
  }, [wanted, me, members, departments]);
}
