import { DeleteOutlined } from '@ant-design/icons';
import type { FlowNode } from '@lianke/shared/flows/definition';
import { type NodeFieldRight, nodeFieldRights } from '@lianke/shared/flows/nodes/approval';
import { Button, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import type { FormView } from '../../api/queries.js';

/** What those who are asked may do with the record's fields: see, edit, must fill in, or not see. */
export function NodeFields({
  node,
  onChange,
  form,
}: {
  node: Extract<FlowNode, { type: 'approval' | 'fill' }>;
  onChange: (node: FlowNode) => void;
  form: FormView | undefined;
}) {
  const { t } = useTranslation('approvals');
  const rights = node.fields ?? {};
  const set = (id: string, right: NodeFieldRight | undefined) => {
    const { [id]: _gone, ...rest } = rights;
    onChange({ ...node, fields: right ? { ...rest, [id]: right } : rest });
  };
  const fields = (form?.fields ?? []).filter((field) => !field.system);
  return (
    <>
      <p className="muted">{t('fieldsHint')}</p>
      {Object.entries(rights).map(([id, right]) => {
        const name = fields.find((field) => field.id === id)?.name ?? id;
        return (
          <div className="panel-row" key={id}>
            <span className="grow ellipsis">{name}</span>
            <Select<NodeFieldRight>
              aria-label={name}
              style={{ width: 110 }}
              value={right}
              onChange={(next) => set(id, next)}
              options={nodeFieldRights.map((value) => ({ value, label: t(`fieldRight.${value}`) }))}
            />
            <Button
              type="text"
              icon={<DeleteOutlined />}
              aria-label={t('removeField', { name })}
              onClick={() => set(id, undefined)}
            />
          </div>
        );
      })}
      <Select<string>
        aria-label={t('addField')}
        placeholder={t('addField')}
        style={{ width: '100%' }}
        value={null}
        showSearch={{ optionFilterProp: 'label' }}
        onChange={(id) => set(id, 'edit')}
        options={fields
          .filter((field) => !(field.id in rights))
          .map((field) => ({ value: field.id, label: field.name }))}
      />
    </>
  );
}
