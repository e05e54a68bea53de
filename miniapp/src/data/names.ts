import type { Names } from '@lianke/shared/forms/decided-values';
import type { FormId, RecordId } from '@lianke/shared/ids';
import { api } from '../api/client.js';
import type { Me } from '../session/session.js';

const nothing = () => undefined;

/** Whom to ask for the names behind ids; without a network nobody knows any. */
export function namesFor(me: Me | null): Names {
  return {
    me: () => me?.member && { id: me.member.id, label: me.member.name },
    record: (formId, id) =>
      api('records.get', { params: { formId: formId as FormId, id: id as RecordId } }).catch(nothing),
    member: async (id) => {
      const found = (await api('members.list', { query: {} }).catch(nothing))?.items.find((one) => one.id === id);
      return found && { id: found.id, label: found.name };
    },
    department: async (id) => {
      const found = (await api('departments.list', {}).catch(nothing))?.items.find((one) => one.id === id);
      return found && { id: found.id, label: found.name };
    },
  };
}
