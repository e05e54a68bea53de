import { type FieldTypeName, fieldTypes } from '@lianke/shared/fields/registry';
import { Input, type InputRef, Segmented, Switch } from 'antd';
import { useEffect, useRef } from 'react';
import { aside, colon } from '../../i18n/punctuation.js';
import { isComposing } from '../../shared/is-composing.js';
import { ConvertField } from '../conversion/convert-field.js';
import { EncryptionSwitch } from '../conversion/encryption-switch.js';
import { TypeIcon } from '../designer/type-icon.js';
import { useDesigner } from '../designer/use-designer.js';
import { useText } from '../i18n.js';
import type { DesignField } from '../model/design.js';
import { useTypeLabel } from '../use-type-label.js';
import { DefaultEditor } from './default-editor.js';
import { FieldRules } from './field-rules.js';
import { FieldFillRate } from './fill-rate.js';
import { Prop, PropGroup, SwitchProp } from './prop.js';
import styles from './properties.module.css';
import { TypeProperties } from './type-properties.js';

/** Types that people do not fill in. */
export const keptTypes: readonly FieldTypeName[] = ['autonumber', 'lastContact', 'formula', 'lookup', 'rollup'];

/** The properties of one field, in plain words. */
export function FieldProperties({ field }: { field: DesignField }) {
  const text = useText();
  const label = useTypeLabel();
  const { act, design, fresh, setFresh } = useDesigner();
  const name = useRef<InputRef>(null);
  const { uid } = field;

  useEffect(() => {
    if (fresh !== uid) return;
    setFresh(null);
    name.current?.focus({ cursor: 'all' });
  }, [fresh, uid, setFresh]);

  const section = design.sections.find((item) => item.items.some((entry) => entry.field === uid));
  const item = section?.items.find((entry) => entry.field === uid);
  const typeLine = (
    <div className={styles.typeLine}>
      <TypeIcon type={field.type} /> {label(field.type)}
    </div>
  );
  const span = section && item && section.columns > 1 && (
    <PropGroup label={text('span')}>
      <Segmented
        block
        value={item.span}
        onChange={(value) => act({ type: 'setSpan', uid, span: value })}
        options={Array.from({ length: section.columns }, (_, index) => ({
          value: index + 1,
          label: index + 1 === section.columns ? text('spanFull') : text('spanOf', { n: index + 1 }),
        }))}
      />
    </PropGroup>
  );
  if (field.system) {
    return (
      <>
        {typeLine}
        <p style={{ marginBottom: 16 }}>
          <strong>{field.name}</strong>
          {colon()}
          {text(field.uid === 'owner' ? 'ownerLocked' : 'systemLocked')}
        </p>
        {span}
      </>
    );
  }
  return (
    <>
      {typeLine}
      <ConvertField field={field} />
      <Prop label={text('name')}>
        <Input
          ref={name}
          maxLength={40}
          value={field.name}
          status={field.name.trim() === '' ? 'error' : ''}
          onChange={(event) => act({ type: 'updateField', uid, patch: { name: event.target.value } }, `name:${uid}`)}
          onPressEnter={(event) => {
            if (!isComposing(event.nativeEvent)) focusCard(uid);
          }}
          onKeyDown={(event) => {
            if (event.key === 'Escape') focusCard(uid);
          }}
        />
      </Prop>
      <Prop label={text('hint')}>
        <Input.TextArea
          autoSize={{ minRows: 1, maxRows: 4 }}
          maxLength={200}
          placeholder={text('hintPlaceholder')}
          value={field.hint ?? ''}
          onChange={(event) =>
            act({ type: 'updateField', uid, patch: { hint: event.target.value || undefined } }, `hint:${uid}`)
          }
        />
      </Prop>
      {!keptTypes.includes(field.type) && (
        <SwitchProp label={text('required')} hint={text('requiredHint')}>
          <Switch
            checked={field.rules.required === true}
            onChange={(required) => act({ type: 'updateField', uid, patch: { rules: { ...field.rules, required } } })}
          />
        </SwitchProp>
      )}
      {fieldTypes[field.type].mayBeUnique && (
        <SwitchProp label={text('unique')} hint={text('uniqueHint')}>
          <Switch
            checked={field.rules.unique === true}
            onChange={(unique) => act({ type: 'updateField', uid, patch: { rules: { ...field.rules, unique } } })}
          />
        </SwitchProp>
      )}
      <EncryptionSwitch field={field} />
      <hr className={styles.divider} />
      <TypeProperties
        field={field}
        set={(patch, merge) => {
          const config = { ...field.config };
          for (const [key, value] of Object.entries(patch)) {
            if (value === undefined) delete config[key];
            else config[key] = value;
          }
          act({ type: 'updateField', uid, patch: { config } }, merge ? `${merge}:${uid}` : undefined);
        }}
      />
      <DefaultEditor
        field={field}
        onChange={(value, merge) => act({ type: 'updateField', uid, patch: { default: value } }, merge)}
      />
      <hr className={styles.divider} />
      <FieldRules field={field} />
      {span}
      {field.id && <FieldFillRate id={field.id} />}
      {field.key && (
        <div className={styles.hint}>
          {text('fieldKey')} <code>{field.key}</code>
          {aside(text('fieldKeyHint'))}
        </div>
      )}
    </>
  );
}

function focusCard(uid: string): void {
  document.querySelector<HTMLElement>(`[data-field="${uid}"] [role="button"]`)?.focus();
}
