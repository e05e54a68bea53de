import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { asJson } from '@lianke/shared/json';
import { Button, Select } from 'antd';
import { type FormView, useForms } from '../../api/queries.js';
import { useDesigner } from '../designer/use-designer.js';
import { useText } from '../i18n.js';
import { PropGroup } from './prop.js';
import styles from './properties.module.css';
import type { TypePropsOf } from './type-properties.js';

interface Source {
  formId: string;
  relation: string;
  time: string;
}

/** Every way in which a contact may be recorded: a form, its relation to this one, and its fields that hold a time. */
function candidates(forms: readonly FormView[], target: string) {
  return forms.flatMap((form) =>
    form.fields
      .filter((field) => field.type === 'relation' && field.config.formId === target)
      .map((relation) => ({
        form,
        relation,
        times: form.fields.filter((field) => field.type === 'datetime' && (!field.system || field.key === 'createdAt')),
      })),
  );
}

/** From which forms' records the last contact is taken. */
export function LastContactProperties({ field, set }: TypePropsOf) {
  const text = useText();
  const { form } = useDesigner();
  const forms = useForms();
  const choices = candidates(forms.data ?? [], form.id);
  const sources = Array.isArray(field.config.sources) ? (field.config.sources as unknown as Source[]) : [];
  const write = (next: Source[]) => set({ sources: asJson(next) });
  const free = choices.find((choice) => !sources.some((source) => source.relation === choice.relation.id));
  return (
    <PropGroup label={text('sources')} hint={text(choices.length === 0 ? 'noSources' : 'sourcesHint')}>
      <div className={styles.stack}>
        {sources.map((source) => {
          const choice = choices.find((item) => item.relation.id === source.relation);
          const replace = (patch: Partial<Source>) =>
            write(sources.map((item) => (item === source ? { ...item, ...patch } : item)));
          return (
            <div key={source.relation} style={{ display: 'flex', gap: 4 }}>
              <Select
                aria-label={text('sourceForm')}
                value={source.relation}
                style={{ flex: 1, minWidth: 0 }}
                onChange={(relation) => {
                  const next = choices.find((item) => item.relation.id === relation);
                  if (next) replace({ formId: next.form.id, relation, time: next.times[0]?.id ?? 'createdAt' });
                }}
                options={choices.map((item) => ({
                  value: item.relation.id as string,
                  label: `${item.form.name} · ${item.relation.name}`,
                }))}
              />
              <Select
                aria-label={text('sourceTime')}
                value={source.time}
                style={{ width: 104 }}
                onChange={(time) => replace({ time })}
                options={(choice?.times ?? []).map((item) => ({ value: item.id as string, label: item.name }))}
              />
              <Button
                type="text"
                icon={<DeleteOutlined />}
                aria-label={text('removeSource')}
                onClick={() => write(sources.filter((item) => item !== source))}
              />
            </div>
          );
        })}
        {free && (
          <Button
            type="dashed"
            icon={<PlusOutlined />}
            onClick={() =>
              write([
                ...sources,
                { formId: free.form.id, relation: free.relation.id, time: free.times[0]?.id ?? 'createdAt' },
              ])
            }
          >
            {text('addSource')}
          </Button>
        )}
      </div>
    </PropGroup>
  );
}
