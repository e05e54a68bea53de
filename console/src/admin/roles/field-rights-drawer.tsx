import { fieldTypes } from '@lianke/shared/fields/registry';
import { type FieldRight, type FormGrant, fieldRights } from '@lianke/shared/org/api';
import { Button, Drawer, InputNumber, Segmented } from 'antd';
import type { FormView } from '../../api/queries.js';
import { TypeIcon } from '../../form-designer/designer/type-icon.js';
import { useText } from '../i18n.js';
import { maskOf, rightOf, usualMask, withMask, withoutBlanks, withRight } from './grants.js';
import { MaskCondition } from './mask-condition.js';
import styles from './roles.module.css';

interface Props {
  open: boolean;
  form: FormView;
  roleName: string;
  grant: FormGrant;
  onChange: (grant: FormGrant) => void;
  onClose: () => void;
}

/** Only values with a shape for stars can be masked. */
const rightsOf = (field: FormView['fields'][number]) =>
  fieldRights.filter((right) => right !== 'masked' || fieldTypes[field.type].mask !== undefined);

/** Which fields of a form a role may write, only read, or not see. */
export function FieldRightsDrawer({ open, form, roleName, grant, onChange, onClose }: Props) {
  const text = useText();
  const fields = form.fields.filter((field) => !field.system || field.key === 'owner');
  const setAll = (right: FieldRight) =>
    onChange(
      fields.reduce((next, field) => (rightsOf(field).includes(right) ? withRight(next, field, right) : next), grant),
    );
  return (
    <Drawer
      open={open}
      onClose={onClose}
      size={520}
      title={text('fieldRightsTitle', { role: roleName, form: form.name })}
    >
      <p className="muted">{text('fieldRightsHint')}</p>
      <div className={styles.setAll}>
        <span className="muted">{text('setAll')}</span>
        {fieldRights.map((right) => (
          <Button key={right} size="small" onClick={() => setAll(right)}>
            {text(`right_${right}`)}
          </Button>
        ))}
      </div>
      {fields.some((field) => rightOf(grant, field) === 'masked') && (
        <div className={styles.setAll}>
          <span style={{ flex: 'none' }}>{text('unmaskQuota')}</span>
          <InputNumber
            size="small"
            aria-label={text('unmaskQuota')}
            min={0}
            max={1000}
            precision={0}
            value={grant.unmask ?? 0}
            onChange={(n) => onChange(withoutBlanks({ ...grant, unmask: n ?? 0 }))}
          />
          <span className="muted">{text('unmaskQuotaHint')}</span>
        </div>
      )}
      {fields.map((field) => (
        <div key={field.id} className={styles.fieldRow}>
          <span className="muted">
            <TypeIcon type={field.type} />
          </span>
          <span className="ellipsis">{field.name}</span>
          <Segmented<FieldRight>
            size="small"
            aria-label={field.name}
            value={rightOf(grant, field)}
            onChange={(right) => onChange(withRight(grant, field, right))}
            options={rightsOf(field).map((right) => ({ value: right, label: text(`right_${right}`) }))}
          />
          {rightOf(grant, field) === 'masked' && rightsOf(field).includes('masked') && (
            <MaskCondition
              fields={form.fields}
              name={field.name}
              when={maskOf(grant, field)?.when}
              onWhen={(when) =>
                onChange(withMask(grant, field, when && { ...usualMask, ...maskOf(grant, field), when }))
              }
              otherwise={maskOf(grant, field)?.otherwise ?? 'write'}
              onOtherwise={(otherwise) =>
                onChange(withMask(grant, field, { ...usualMask, ...maskOf(grant, field), otherwise }))
              }
            />
          )}
        </div>
      ))}
    </Drawer>
  );
}
