import type { FormId } from '@lianke/shared/ids';
import { View } from '@tarojs/components';
import { api } from '../../api/client.js';
import { Failed } from '../../components/empty.js';
import { RecordRowView } from '../../components/record-row.js';
import { useFormat } from '../../data/context.js';
import { phonesOf } from '../../data/facts.js';
import { type Catalog, crmForm, may, pointersTo } from '../../data/forms.js';
import { type FormView, isRef, type RecordRow, type Ref } from '../../data/record-types.js';
import { type Resource, useResource } from '../../data/resource.js';

const shortest = 2;
const most = 20;

interface Found {
  customer: Ref;
  contact: RecordRow;
}

/** Customers whose 联系人 answers to what is searched for: by name or by any part of a phone number. */
export function useByContact(catalog: Catalog | undefined, form: FormView, search: string): Resource<Found[]> {
  const contacts = crmForm(catalog, 'contact');
  const pointer = pointersTo(catalog, form.id).find((item) => item.form.id === contacts?.id);
  const wanted = pointer && may(pointer.form, 'view') && search.length >= shortest ? pointer : undefined;
  return useResource(wanted ? `data:${wanted.form.id}:searched:${search}` : null, async () => {
    if (!wanted) return [];
    const params = { formId: wanted.form.id as FormId };
    const { items } = await api('records.query', { params, body: { search, limit: most, total: false } });
    const found = items.flatMap((contact) => {
      const customer = contact.values[wanted.field.key];
      return isRef(customer) ? [{ customer, contact }] : [];
    });
    return found.filter((item, at) => found.findIndex(({ customer }) => customer.id === item.customer.id) === at);
  });
}

interface Props {
  catalog: Catalog | undefined;
  form: FormView;
  search: string;
  found: Resource<Found[]>;
  /** Customers that the list itself shows. */
  shown: ReadonlySet<string>;
}

/** 「联系人 王某 138…1234」: customers found by whom one knows there. */
export function ByContact({ catalog, form, search, found, shown }: Props) {
  const format = useFormat();
  const contacts = crmForm(catalog, 'contact');
  if (found.error && !found.data && !found.loading)
    return <Failed error={found.error} onRetry={() => void found.reload()} />;
  if (!contacts) return null;
  const lineOf = (contact: RecordRow) => {
    const numbers = phonesOf(contacts, contact);
    const number = numbers.find((each) => each.includes(search)) ?? numbers[0] ?? '';
    return `${contacts.name} ${contact.label} ${number}`.trim();
  };
  return (
    <View>
      {(found.data ?? [])
        .filter(({ customer }) => !shown.has(customer.id))
        .map(({ customer, contact }) => (
          <RecordRowView
            key={customer.id}
            form={form}
            record={{ id: customer.id, label: customer.label, version: 0, values: {} }}
            lead={lineOf(contact)}
            format={format}
          />
        ))}
    </View>
  );
}
