import type { AnswerOf } from '@lianke/shared/api/contracts';
import type { ConnectionId, RecordId } from '@lianke/shared/ids';
import { api } from '../api/client.js';
import { optionsOf } from '../fields/plain-values.js';
import { knownConnection } from '../session/chat-login.js';
import { type Catalog, formById } from './forms.js';
import type { FormView } from './record-types.js';
import { uuidV7 } from './uuid.js';
import type { VisitFields } from './visit-form.js';
import { createRecord } from './write-record.js';

export type SidebarView = AnswerOf<'sidebar.open'>;

const chatWords = /微信|wechat/i;

function place(externalUserid: string): { connectionId: ConnectionId; externalUserid: string } {
  return { connectionId: (knownConnection() ?? '') as ConnectionId, externalUserid };
}

export function openSidebar(externalUserid: string): Promise<SidebarView> {
  return api('sidebar.open', { body: place(externalUserid) });
}

export function linkCustomer(externalUserid: string, recordId: string): Promise<SidebarView> {
  return api('sidebar.link', { body: { ...place(externalUserid), recordId: recordId as RecordId } });
}

export function unlinkCustomer(externalUserid: string): Promise<SidebarView> {
  return api('sidebar.unlink', { body: place(externalUserid) });
}

/** Links a customer that was just made from a contact, and keeps the person himself where people have a form of their own. */
export async function linkFresh(
  externalUserid: string,
  customer: { id: string; label: string },
  catalog: Catalog | undefined,
): Promise<void> {
  const { person } = await linkCustomer(externalUserid, customer.id);
  const form = person && formById(catalog, person.formId);
  if (!person || !form) return;
  await createRecord(form, uuidV7(), { ...person.preset, [person.relation]: { ...customer } });
}

/** What is logged from beside a chat was said in it: no visit, no place, no photos. */
export function saidInChat(form: FormView, fields: VisitFields): VisitFields {
  const { place: _place, photos: _photos, method: _method, ...rest } = fields;
  for (const field of form.fields) {
    if (field.type !== 'select' || field.system || !field.writable) continue;
    const option = optionsOf(field).find(({ label }) => chatWords.test(label));
    if (option) return { ...rest, method: { field, visit: option.id } };
  }
  return rest;
}
