import { shownAs } from '@lianke/shared/fields/derived';
import type { LiveFormulas } from '@lianke/shared/formulas/record-formulas';
import { Form, Modal } from 'antd';
import { useCallback, useMemo, useRef, useState } from 'react';
import type { ReadField } from '../../api/queries.js';
import type { AskLinked } from '../../records/linking.js';
import type { RecordRules } from '../../records/rules.js';
import { useLinked } from '../../records/use-linked.js';
import { faultOf, type Values } from '../../records/values.js';
import { FieldEditor } from '../../shared/field-editor.js';
import { FieldValue } from '../../shared/field-value.js';

interface Props {
  title: string;
  fields: readonly ReadField[];
  values: Values;
  rulesOf: (values: Values) => RecordRules;
  compute: LiveFormulas;
  /** Who answers what follows from a value; nobody does before the rows' form can. */
  ask: AskLinked | undefined;
  onClose: () => void;
  /** Absent when the row is only read. */
  onDone?: (values: Values) => void;
}

/** One row with all its fields below one another: for what does not fit into a cell, and for narrow windows. */
export function RowDialog({ title, fields, values, rulesOf, compute, ask, onClose, onDone }: Props) {
  const [draft, setDraft] = useState<Values>(values);
  const touched = useRef(new Set<string>());
  const answers = ask !== undefined;
  const linking = useMemo(() => ({ id: '', fields: onDone && answers ? [...fields] : [] }), [fields, answers, onDone]);
  const put = useCallback(
    (taken: Values) =>
      setDraft((old) => {
        const next = { ...old, ...taken };
        return { ...next, ...compute(next) };
      }),
    [compute],
  );
  useLinked(linking, draft, put, touched.current, 0, false, ask);
  const rules = rulesOf(draft);
  const seen = fields.filter((field) => rules.stateOf(field)?.visible !== false);
  return (
    <Modal
      open
      title={title}
      onCancel={onClose}
      {...(onDone ? {} : { footer: null })}
      onOk={() => {
        onDone?.(draft);
        onClose();
      }}
    >
      <Form layout="vertical" component="div">
        {seen.map((field) => {
          const state = rules.stateOf(field);
          const fault = onDone && field.writable ? faultOf(field, draft[field.key]) : undefined;
          return (
            <Form.Item
              key={field.key}
              label={field.name}
              required={state?.required ?? field.rules.required === true}
              validateStatus={fault ? 'error' : ''}
              help={fault}
              extra={field.hint}
            >
              {onDone && field.writable ? (
                <FieldEditor
                  field={rules.narrowed(field)}
                  label={field.name}
                  value={draft[field.key]}
                  disabled={state?.readonly === true}
                  invalid={fault !== undefined}
                  onChange={(value) => {
                    touched.current.add(field.key);
                    const next = { ...draft, [field.key]: value };
                    setDraft({ ...next, ...compute(next) });
                  }}
                />
              ) : (
                <FieldValue field={{ ...field, ...shownAs(field) }} value={draft[field.key]} />
              )}
            </Form.Item>
          );
        })}
      </Form>
    </Modal>
  );
}
