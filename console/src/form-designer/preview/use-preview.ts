import type { DerivedResult } from '@lianke/shared/fields/derived';
import { fieldTypes } from '@lianke/shared/fields/registry';
import { compile } from '@lianke/shared/formulas/compile';
import { DerivedResolver } from '@lianke/shared/formulas/derived-resolver';
import { subformsOf } from '@lianke/shared/formulas/world';
import type { Json } from '@lianke/shared/json';
import { useCallback, useMemo, useRef, useState } from 'react';
import { type FormView, type ReadField, useMe, useMembers } from '../../api/queries.js';
import { pageFaults } from '../../records/page-faults.js';
import { type RecordRules, rulesFor, typingOf, useRuleEnv } from '../../records/rules.js';
import { useLinked } from '../../records/use-linked.js';
import { initialValues, type Values } from '../../records/values.js';
import type { Design, DesignField } from '../model/design.js';
import { payloadOf } from '../model/payload.js';
import { innerOf, withInner } from '../model/subform.js';
import { withResult } from '../model/with-result.js';

/** A design as the pages that fill in forms read one. */
export type PreviewForm = Pick<FormView, 'fields' | 'layout' | 'settings' | 'name'> & { id: string };

const alone = 'design';

/** The design as a form that is read; every name is a `uid`, and formulas give what they would once published. */
export function previewForm(design: Design): PreviewForm {
  const { layout, settings } = payloadOf(design, (uid) => uid);
  const fields = Object.values(design.fields).map((field) => ({
    ...field,
    ...(field.type === 'subform' ? { config: namedRows(field) } : {}),
    id: field.uid as ReadField['id'],
    key: field.uid,
    writable: !fieldTypes[field.type].kept,
  }));
  const own = { id: alone, name: design.name, fields };
  const results: ReadonlyMap<string, DerivedResult> = new DerivedResolver([own, ...subformsOf(own)]).results(own.id);
  return {
    ...own,
    fields: namedFormulas(fields).map((field) => withResult(field, results.get(field.id))),
    layout,
    settings,
  };
}

/** Fields of rows are named by their `uid` too. */
function namedRows(field: DesignField): DesignField['config'] {
  const inner = innerOf(field).map((item) => ({ ...item, id: item.uid as ReadField['id'], key: item.uid }));
  return withInner(field, namedFormulas(inner));
}

/** Defaults by formula name fields by their ids, as published ones do: what they follow from is read off them. */
function namedFormulas<Field extends Pick<ReadField, 'id' | 'key' | 'name' | 'type' | 'config'> & DesignField>(
  fields: Field[],
): Field[] {
  const world = { forms: [{ id: alone, name: '', titleField: undefined, fields }] };
  return fields.map((field) => {
    if (field.default?.kind !== 'formula') return field;
    const done = compile(field.default.expression, world, alone);
    return done.ok ? { ...field, default: { kind: 'formula', expression: done.formula.stored } } : field;
  });
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

/** Fills in a design as its form would be: with its defaults, what follows from them, its formulas and rules. Nothing is saved. */
export function usePreview(form: PreviewForm): Preview {
  const env = useRuleEnv();
  const me = useMe().data?.member;
  const members = useMembers().data;
  const [typed, setTyped] = useState<Values>({});
  const [faults, setFaults] = useState<Record<string, string>>();
  const values = useMemo(() => {
    if (!me) return typed;
    const department = members?.find((item) => item.id === me.id)?.departments[0];
    const mine = department ? { id: department.id, label: department.label } : null;
    return { ...initialValues(form.fields, { id: me.id, label: me.name }, mine, env.now), ...typed };
  }, [form, me, members, typed, env]);
  const typing = useMemo(() => typingOf(form, env), [form, env]);
  const rules = useMemo(() => rulesFor(form, values, env, typing), [form, values, env, typing]);
  const touched = useRef(new Set<string>());
  const take = useCallback((taken: Values) => setTyped((old) => ({ ...old, ...taken })), []);
  useLinked(form, values, take, touched.current, 0, true);
  return {
    form,
    values,
    rules,
    faults,
    put(key, value) {
      touched.current.add(key);
      setTyped((old) => ({ ...old, [key]: value }));
      setFaults(undefined);
    },
    submit() {
      const asked = form.fields.filter((field) => field.writable && !field.system);
      setFaults(pageFaults(asked, values, rules, env));
    },
  };
}
