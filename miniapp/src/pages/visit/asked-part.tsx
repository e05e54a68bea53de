import { View } from '@tarojs/components';
import { type ReactNode, useMemo } from 'react';
import { boxId, FieldBox } from '../../components/field-box.js';
import type { FormView, ReadField } from '../../data/record-types.js';
import { LastingFilesContext } from '../../fields/field-uploads.js';
import { ParentRecordContext } from '../../fields/parent-record.js';
import type { AskedFields } from './use-asked.js';
import type { Typed } from './visit-values.js';

interface PartProps {
  field: ReadField;
  label: string;
  must: boolean;
  error: string | undefined;
  children: ReactNode;
}

/** A usual part of a follow-up with a place of its own: its label, star and error around what it is filled in with. */
export function AskedPart({ field, label, must, error, children }: PartProps) {
  return (
    <View id={boxId(field)} className={`field ${error ? 'field--bad' : ''}`}>
      <View className="field__label">
        {label}
        {must ? <View className="field__star">*</View> : null}
      </View>
      {children}
      {error ? <View className="field-error">{error}</View> : null}
    </View>
  );
}

interface NeededProps {
  form: FormView;
  asked: AskedFields;
  typed: Typed;
}

/** The other fields of the form that this follow-up needs. */
export function NeededFields({ form, asked, typed }: NeededProps) {
  const { needed, rules, errors, values } = asked;
  const around = useMemo(() => ({ fields: form.fields, values }), [form, values]);
  return (
    <ParentRecordContext.Provider value={around}>
      <LastingFilesContext.Provider value="page">
        {needed.map((field) => (
          <FieldBox
            key={field.id}
            field={rules.narrowed(field)}
            state={rules.stateOf(field)}
            value={typed.more[field.key]}
            error={errors[field.key]}
            onChange={(value) => asked.put(field, value)}
          />
        ))}
      </LastingFilesContext.Provider>
    </ParentRecordContext.Provider>
  );
}
