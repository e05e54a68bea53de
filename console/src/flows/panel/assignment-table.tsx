import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import type { Assignment, ValueExpr } from '@lianke/shared/flows/values';
import { Button, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { FormView } from '../../api/queries.js';
import { guessValue } from '../model/new-node.js';
import { fieldOf, type Source } from '../model/sources.js';
import { assignable, mustBeAssigned } from '../model/values.js';
import { ValueEditor } from './value-editor.js';

interface Props {
  form: FormView;
  assignments: readonly Assignment[];
  onChange: (assignments: Assignment[], merge?: string) => void;
  sources: readonly Source[];
  forms: readonly FormView[];
  /** A new record cannot do without its required fields; a change of one can. */
  creates: boolean;
}

/** 字段赋值: a row a field, 目标字段 | 取值. */
export function AssignmentTable({ form, assignments, onChange, sources, forms, creates }: Props) {
  const { t } = useTranslation('flows');
  const taken = new Set(assignments.map((item) => fieldOf(form, item.field)?.id ?? item.field));
  const free = form.fields.filter((field) => assignable(field) && !taken.has(field.id));
  const start = sources.find((source) => source.id === 'trigger')?.form;
  const set = (index: number, value: ValueExpr) =>
    onChange(
      assignments.map((item, at) => (at === index ? { ...item, value } : item)),
      `assign:${assignments[index]?.field}:${value.kind}`,
    );
  return (
    <>
      {assignments.length > 0 && (
        <table className="assign-table" aria-label={t('panel.assignments')}>
          <colgroup>
            <col style={{ width: 96 }} />
            <col />
            <col style={{ width: 28 }} />
          </colgroup>
          <thead>
            <tr>
              <th scope="col">{t('panel.targetField')}</th>
              <th scope="col">{t('panel.value')}</th>
              <th aria-hidden />
            </tr>
          </thead>
          <tbody>
            {assignments.map((item, index) => {
              const field = fieldOf(form, item.field);
              const required = creates && field !== undefined && mustBeAssigned(field);
              return (
                <tr key={item.field}>
                  <td>
                    <div className={required ? 'assign-field assign-required' : 'assign-field'}>
                      {field?.name ?? t('say.gone')}
                    </div>
                  </td>
                  <td>
                    {field && (
                      <ValueEditor
                        field={field}
                        value={item.value}
                        onChange={(value) => set(index, value)}
                        sources={sources}
                        forms={forms}
                      />
                    )}
                  </td>
                  <td style={{ paddingRight: 0 }}>
                    <Button
                      type="text"
                      size="small"
                      icon={<DeleteOutlined />}
                      aria-label={t('panel.removeAssignment', { field: field?.name ?? '' })}
                      onClick={() => onChange(assignments.filter((_, at) => at !== index))}
                    />
                  </td>
                </tr>
              );
            })}
          </tbody>
        </table>
      )}
      {free.length > 0 && (
        <Select<string>
          aria-label={t('panel.addAssignment')}
          style={{ marginTop: 8, width: '100%' }}
          value={null}
          placeholder={t('panel.addAssignment')}
          prefix={<PlusOutlined />}
          showSearch={{ optionFilterProp: 'label' }}
          options={free.map((field) => ({ value: field.id as string, label: field.name, title: field.name }))}
          onChange={(id) => {
            const field = fieldOf(form, id);
            if (field) onChange([...assignments, { field: field.id, value: guessValue(field, start) }]);
          }}
        />
      )}
      {assignments.length === 0 && free.length === 0 && <div className="muted">{t('panel.noFields')}</div>}
    </>
  );
}
