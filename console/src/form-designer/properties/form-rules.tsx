import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import type { FormCheck, UniqueSet } from '@lianke/shared/forms/rule-schema';
import { Button, Segmented, Select } from 'antd';
import { useDesigner } from '../designer/use-designer.js';
import { useText } from '../i18n.js';
import { fieldsInOrder } from '../model/design.js';
import { CheckCard } from './check-card.js';
import { useConditionFields } from './field-rules.js';
import { PropGroup } from './prop.js';
import styles from './properties.module.css';

/** Rules of the whole form: conditions over several fields, sets that may not repeat, values of hidden fields. */
export function FormRules() {
  const text = useText();
  const { design, act } = useDesigner();
  const fields = useConditionFields();
  const { checks = [], uniqueSets = [], hiddenValues = 'keep' } = design.settings;
  const putChecks = (next: FormCheck[], merge?: string) =>
    act({ type: 'updateSettings', patch: { checks: next.length > 0 ? next : undefined } }, merge);
  const putSets = (next: UniqueSet[]) =>
    act({ type: 'updateSettings', patch: { uniqueSets: next.length > 0 ? next : undefined } });
  const own = fieldsInOrder(design).map((field) => ({ value: field.uid, label: field.name || '—' }));
  return (
    <>
      <PropGroup label={text('checks')} hint={text('checksHint')}>
        {checks.map((check, index) => (
          <CheckCard
            // biome-ignore lint/suspicious/noArrayIndexKey: checks have no identity but their place
            key={index}
            check={check}
            fields={fields}
            onChange={(next, merge) =>
              putChecks(
                checks.map((item, at) => (at === index ? next : item)),
                merge && `check:${index}:${merge}`,
              )
            }
            onRemove={() => putChecks(checks.filter((_, at) => at !== index))}
          />
        ))}
        <Button
          block
          type="dashed"
          size="small"
          icon={<PlusOutlined />}
          onClick={() => putChecks([...checks, { must: { and: [] }, message: text('checkMessage') }])}
        >
          {text('checkAdd')}
        </Button>
      </PropGroup>
      <PropGroup label={text('uniqueSets')} hint={text('uniqueSetsHint')}>
        {uniqueSets.map((set, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: sets have no identity but their place
          <div key={index} className={styles.choiceLine}>
            <Select<string[]>
              mode="multiple"
              maxCount={5}
              aria-label={text('uniqueSets')}
              status={set.fields.length < 2 ? 'error' : ''}
              value={set.fields}
              onChange={(chosen) => putSets(uniqueSets.map((item, at) => (at === index ? { fields: chosen } : item)))}
              options={own}
              showSearch={{ optionFilterProp: 'label' }}
              style={{ flex: 1, minWidth: 0 }}
            />
            <Button
              type="text"
              size="small"
              icon={<DeleteOutlined />}
              aria-label={text('ruleRemove')}
              onClick={() => putSets(uniqueSets.filter((_, at) => at !== index))}
            />
          </div>
        ))}
        <Button
          block
          type="dashed"
          size="small"
          icon={<PlusOutlined />}
          onClick={() => putSets([...uniqueSets, { fields: [] }])}
        >
          {text('uniqueSetAdd')}
        </Button>
      </PropGroup>
      <PropGroup label={text('hiddenValues')} hint={text('hiddenValuesHint')}>
        <Segmented
          block
          value={hiddenValues}
          onChange={(value) =>
            act({ type: 'updateSettings', patch: { hiddenValues: value === 'clear' ? 'clear' : undefined } })
          }
          options={[
            { value: 'keep', label: text('hiddenKeep') },
            { value: 'clear', label: text('hiddenClear') },
          ]}
        />
      </PropGroup>
    </>
  );
}
