import { fieldTypes } from '@lianke/shared/fields/registry';
import { formActions } from '@lianke/shared/forms/definition';
import type { FormDeny, FormGrant } from '@lianke/shared/org/api';
import { Checkbox, Drawer, Select, Switch } from 'antd';
import { Fragment } from 'react';
import type { FormView } from '../../api/queries.js';
import { FilterBuilder } from '../../shared/filter-builder.js';
import { useText } from '../i18n.js';
import { denyOf, maskOf, withDeny, withMask, withoutBlanks } from './grants.js';
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

/** What a role sees besides its scope, and what it forbids whatever other roles allow. */
export function MoreRightsDrawer({ open, form, roleName, grant, onChange, onClose }: Props) {
  const text = useText();
  return (
    <Drawer open={open} onClose={onClose} size={640} title={text('moreTitle', { role: roleName, form: form.name })}>
      <Rows form={form} grant={grant} onChange={onChange} />
      <Forbidden form={form} grant={grant} onChange={onChange} />
    </Drawer>
  );
}

type PartProps = Pick<Props, 'form' | 'grant' | 'onChange'>;

function Rows({ form, grant, onChange }: PartProps) {
  const text = useText();
  const relations = form.fields.filter((field) => field.type === 'relation' || field.type === 'relations');
  if (grant.actions.length === 0) return null;
  return (
    <section className={styles.more}>
      <h3>{text('alsoSees')}</h3>
      {grant.scope === 'all' && <p className="muted">{text('alsoSeesAll')}</p>}
      {grant.scope !== 'all' && (
        <>
          <div className={styles.moreLine}>
            <Switch
              aria-label={text('involved')}
              checked={grant.involved === true}
              onChange={(on) => onChange(withoutBlanks({ ...grant, involved: on }))}
            />
            <div>
              {text('involved')}
              <p className="muted">{text('involvedHint')}</p>
            </div>
          </div>
          {relations.length > 0 && (
            <div>
              {text('inherit')}
              <p className="muted">{text('inheritHint', { form: form.name })}</p>
              <Select<string[]>
                mode="multiple"
                aria-label={text('inherit')}
                style={{ width: '100%' }}
                value={grant.inherit ?? []}
                placeholder={text('inheritNone')}
                onChange={(inherit) => onChange(withoutBlanks({ ...grant, inherit }))}
                options={relations.map((field) => ({ value: field.id, label: field.name }))}
              />
            </div>
          )}
          <div>
            {text('extraFilter')}
            <p className="muted">{text('extraFilterHint')}</p>
            <FilterBuilder
              fields={form.fields}
              value={grant.filter}
              emptyText={text('extraFilterEmpty')}
              onChange={(filter) => onChange(withoutBlanks({ ...grant, filter }))}
            />
          </div>
        </>
      )}
    </section>
  );
}

function Forbidden({ form, grant, onChange }: PartProps) {
  const text = useText();
  const deny = denyOf(grant);
  const change = (part: Partial<FormDeny>) => onChange(withDeny(grant, { ...deny, ...part }));
  const limited = (right: 'read' | 'masked' | 'hidden') => {
    const able = form.fields.filter(
      (field) => (!field.system || field.key === 'owner') && (right !== 'masked' || fieldTypes[field.type].mask),
    );
    const named = able.filter((field) => (deny.fields[field.id] ?? deny.fields[field.key]) === 'masked');
    return (
      <div className={styles.denyLine} key={right}>
        <span>{text(`deny_${right}`)}</span>
        <Select<string[]>
          mode="multiple"
          aria-label={text(`deny_${right}`)}
          placeholder={text('denyNoField')}
          showSearch={{ optionFilterProp: 'label' }}
          value={Object.entries(deny.fields).flatMap(([id, most]) => (most === right ? [id] : []))}
          onChange={(ids) => {
            const others = Object.entries(deny.fields).filter(([id, most]) => most !== right && !ids.includes(id));
            const fields = Object.fromEntries([...others, ...ids.map((id) => [id, right] as const)]);
            const masks = Object.entries(deny.masks ?? {}).filter(([id]) => fields[id] === 'masked');
            change({ fields, masks: Object.fromEntries(masks) });
          }}
          options={able.map((field) => ({ value: field.id, label: field.name }))}
        />
        {right === 'masked' &&
          named.map((field) => (
            <Fragment key={field.id}>
              <span className="muted ellipsis">{field.name}</span>
              <MaskCondition
                fields={form.fields}
                name={field.name}
                when={maskOf(deny, field)?.when}
                onWhen={(when) => onChange(withDeny(grant, withMask(deny, field, when && { when })))}
              />
            </Fragment>
          ))}
      </div>
    );
  };
  return (
    <section className={styles.more}>
      <h3>{text('forbidden')}</h3>
      <p className="muted">{text('forbiddenHint')}</p>
      <div className={styles.actions}>
        {formActions
          .filter((action) => action !== 'design')
          .map((action) => (
            <Checkbox
              key={action}
              checked={deny.actions.includes(action)}
              onChange={(event) =>
                change({
                  actions: event.target.checked
                    ? [...deny.actions, action]
                    : deny.actions.filter((item) => item !== action),
                })
              }
            >
              {text('denyAction', { action: text(`action_${action}`) })}
            </Checkbox>
          ))}
      </div>
      {(['hidden', 'masked', 'read'] as const).map(limited)}
      <div>
        {text('denyRows')}
        <FilterBuilder
          fields={form.fields}
          value={deny.filter}
          emptyText={text('denyRowsNone')}
          onChange={(filter) => {
            const { filter: _, ...rest } = deny;
            onChange(withDeny(grant, filter ? { ...rest, filter } : rest));
          }}
        />
      </div>
    </section>
  );
}
