import { Form, Modal, Select } from 'antd';
import { useState } from 'react';
import { useTranslation } from 'react-i18next';
import type { ReadField } from '../api/queries.js';
import { optionsOf } from '../fields/options.js';

interface Props {
  open: boolean;
  count: number;
  /** Fields of tags and of several choices. */
  fields: readonly ReadField[];
  onClose: () => void;
  onDo: (field: ReadField, add: string[], remove: string[]) => void;
}

function Choices({
  id,
  field,
  value,
  onChange,
}: {
  id: string;
  field: ReadField;
  value: string[];
  onChange: (next: string[]) => void;
}) {
  const options = optionsOf(field).map((option) => ({ value: option.id, label: option.label }));
  return (
    <Select<string[]>
      id={id}
      mode={field.type === 'tags' ? 'tags' : 'multiple'}
      value={value}
      onChange={onChange}
      options={options}
      optionFilterProp="label"
      tokenSeparators={['、', '，', ',']}
      style={{ width: '100%' }}
    />
  );
}

/** 打标签: adds to and takes from what each picked record has. */
export function TagsDialog({ open, count, fields, onClose, onDo }: Props) {
  const { t } = useTranslation('records');
  const [key, setKey] = useState<string>();
  const [add, setAdd] = useState<string[]>([]);
  const [remove, setRemove] = useState<string[]>([]);
  const field = fields.find((item) => item.key === key) ?? fields[0];
  return (
    <Modal
      open={open}
      width={460}
      title={t('tagTitle', { n: count })}
      okText={t('tag')}
      okButtonProps={{ disabled: !field || add.length + remove.length === 0 }}
      onOk={() => field && onDo(field, add, remove)}
      onCancel={onClose}
      afterClose={() => {
        setKey(undefined);
        setAdd([]);
        setRemove([]);
      }}
      destroyOnHidden
    >
      <Form layout="vertical">
        {fields.length > 1 && (
          <Form.Item label={t('modifyField')} htmlFor="bulk-tag-field">
            <Select<string>
              id="bulk-tag-field"
              value={field?.key}
              onChange={(next) => {
                setKey(next);
                setAdd([]);
                setRemove([]);
              }}
              options={fields.map((item) => ({ value: item.key, label: item.name }))}
            />
          </Form.Item>
        )}
        {field && (
          <>
            <Form.Item label={t('tagAdd')} htmlFor="bulk-tag-add">
              <Choices id="bulk-tag-add" field={field} value={add} onChange={setAdd} />
            </Form.Item>
            <Form.Item label={t('tagRemove')} htmlFor="bulk-tag-remove">
              <Choices id="bulk-tag-remove" field={field} value={remove} onChange={setRemove} />
            </Form.Item>
          </>
        )}
      </Form>
    </Modal>
  );
}
