import type { FlowDefinition } from '@lianke/shared/flows/definition';
import type { Json } from '@lianke/shared/json';
import { useQuery } from '@tanstack/react-query';
import { useCallback, useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { api } from '../../api/client.js';
import { type FormView, keys, useDepartments, useMembers } from '../../api/queries.js';
import { fieldRenderers } from '../../fields/registry.js';
import { isEmptyValue, referenceOf } from '../../fields/renderer.js';
import { currentLanguage } from '../../i18n/index.js';
import '../i18n.js';
import { filterWords } from './filter-words.js';
import type { Speaker } from './words.js';

/** Roles of the company, for pickers and names. */
export function useRoles() {
  return useQuery({
    queryKey: keys.roles,
    queryFn: async () => (await api('roles.list', {})).items,
    staleTime: 120_000,
  });
}

/** Makes the speaker of any definition over the app's forms, with the names behind member, role and department ids. */
export function useSpeakerOf(forms: readonly FormView[]): (def: FlowDefinition) => Speaker {
  const { t } = useTranslation('flows');
  const { t: tf } = useTranslation('filter');
  const members = useMembers().data;
  const roles = useRoles().data;
  const departments = useDepartments().data;
  return useCallback(
    (def) => {
      const nameOfMember = (id: string) =>
        members?.find((member) => member.id === id)?.name ?? (members ? undefined : '…');
      const nameOfDepartment = (id: string) => departments?.find((item) => item.id === id)?.name;
      return {
        t,
        language: currentLanguage() === 'en' ? 'en' : 'zh',
        def,
        forms,
        nameOfMember,
        nameOfRole: (id) => roles?.find((role) => role.id === id)?.name ?? (roles ? undefined : '…'),
        sayOp: (op) => tf(`op.${op}`),
        sayFilter: (filter, form) =>
          filterWords(t, filter, form, forms, { member: nameOfMember, department: nameOfDepartment }),
        sayValue: (field, value) => {
          const json = value as Json;
          if (isEmptyValue(json)) return undefined;
          if (!field) return String(json);
          if (field.type === 'member') return nameOfMember(referenceOf(json)?.id ?? '') ?? referenceOf(json)?.label;
          return fieldRenderers[field.type].text(field, json) || undefined;
        },
      };
    },
    [t, tf, forms, members, roles, departments],
  );
}

/** The speaker of one definition. */
export function useSpeaker(def: FlowDefinition, forms: readonly FormView[]): Speaker {
  const speakerOf = useSpeakerOf(forms);
  return useMemo(() => speakerOf(def), [speakerOf, def]);
}
