import type { DerivedResult } from '@lianke/shared/fields/derived';
import { fieldTypes } from '@lianke/shared/fields/registry';
import { DerivedResolver } from '@lianke/shared/formulas/derived-resolver';
import { subformsOf } from '@lianke/shared/formulas/world';
import type { Json } from '@lianke/shared/json';
import { useMemo, useState } from 'react';
import { type FormView, type ReadField, useMe, useMembers } from '../../api/queries.js';
import { pageFaults } from '../../records/page-faults.js';
import { type RecordRules, rulesFor, typingOf, useRuleEnv } from '../../records/rules.js';
import { initialValues, type Values } from '../../records/values.js';
import type { Design } from '../model/design.js';
import { payloadOf } from '../model/payload.js';
import { withResult } from '../model/with-result.js';

/** A design as the pages that fill in forms read one. */
export type PreviewForm = Pick<FormView, 'fields' | 'layout' | 'settings' | 'name'> & { id: string };

/** The design as a form that is read; every name is a `uid`, and formulas give what they would once published. */
export function previewForm(design: Design): PreviewForm {
  const { layout, settings } = payloadOf(design, (uid) => uid);
  const fields = Object.values(design.fields).map((field) => ({
    ...field,
    id: field.uid as ReadField['id'],
    key: field.uid,
    writable: !fieldTypes[field.type].kept,
  }));
  const own = { id: 'design', name: design.name, fields };
  const results: ReadonlyMap<string, DerivedResult> = new DerivedResolver([own, ...subformsOf(own)]).results(own.id);
  return {
    ...own,
    fields: fields.map((field) => withResult(field, results.get(field.id))),
    layout,
    settings,
  };
}

/** A design being tried out. */
export interface Preview {
  form: PreviewForm;
  values: Values;
  rules: RecordRules;
  put(key: string, value: Json): void;
  /** Sentences by field key, once it was tried to submit; undefined before, and after the next change. */
  faults: Record<string, string> | undefined;
  submit(): void;
}

/** Fills in a design as its form would be: with its defaults, its formulas and all its rules. Nothing is saved. */
export function usePreview(design: Design): Preview {
  const form = useMemo(() => previewForm(design), [design]);
  const env = useRuleEnv();
  const me = useMe().data?.member;
  const members = useMembers().data;
  const [typed, setTyped] = useState<Values>({});
  const [faults, setFaults] = useState<Record<string, string>>();
  const values = useMemo(() => {
    if (!me) return typed;
    const department = members?.find((item) => item.id === me.id)?.departments[0];
    const mine = department ? { id: department.id, label: department.label } : null;
    return { ...initialValues(form.fields, { id: me.id, label: me.name }, mine, env.now.toISOString()), ...typed };
  }, [form, me, members, typed, env]);
  const typing = useMemo(() => typingOf(form, env), [form, env]);
  const rules = useMemo(() => rulesFor(form, values, env, typing), [form, values, env, typing]);
  return {
    form,
    values,
    rules,
    faults,
    put(key, value) {
      setTyped((old) => ({ ...old, [key]: value }));
      setFaults(undefined);
    },
    submit() {
      const asked = form.fields.filter((field) => field.writable && !field.system);
      setFaults(pageFaults(asked, values, rules, env));
    },
  };
}
