import type { FormId, RecordId } from '@lianke/shared/ids';
import { api } from '../api/client.js';
import { messageOf } from '../api/message.js';
import { t } from '../i18n/index.js';
import { callPhone } from '../platform/contact.js';
import { showNotice } from '../store/notice.js';
import { hasMaskedPhone, phonesOf } from './facts.js';
import { type Catalog, crmForm, pointersTo } from './forms.js';
import type { FormView, RecordRow } from './record-types.js';

/** The customer's own numbers, else those of its contacts. */
async function numbersOf(form: FormView, record: RecordRow, catalog: Catalog | undefined): Promise<string[]> {
  const own = phonesOf(form, record);
  const contact = crmForm(catalog, 'contact');
  if (own.length > 0 || !contact) return own;
  const pointer = pointersTo(catalog, form.id).find((item) => item.form.id === contact.id);
  if (!pointer) return [];
  const page = await api('records.query', {
    params: { formId: contact.id as FormId },
    body: { filter: { field: pointer.field.key, op: 'eq', value: record.id }, limit: 5, total: false },
  });
  return page.items.flatMap((item) => phonesOf(contact, item));
}

/** Calls the customer that a record is about. */
export async function callCustomerOf(form: FormView, id: string, catalog: Catalog | undefined): Promise<void> {
  try {
    const record = await api('records.get', { params: { formId: form.id as FormId, id: id as RecordId } });
    await callCustomer(form, record, catalog);
  } catch (error) {
    showNotice(messageOf(error));
  }
}

/** Calls a customer, or says that no number is known. */
export async function callCustomer(form: FormView, record: RecordRow, catalog: Catalog | undefined): Promise<void> {
  try {
    const numbers = await numbersOf(form, record, catalog);
    if (numbers.length === 0) showNotice(t(hasMaskedPhone(form, record) ? 'customer.phoneMasked' : 'customer.noPhone'));
    else await callPhone(numbers);
  } catch (error) {
    showNotice(messageOf(error));
  }
}
