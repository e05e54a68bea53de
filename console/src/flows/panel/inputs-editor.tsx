import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { type FlowInput, inputTypes } from '@lianke/shared/flows/triggers';
import { Button, Checkbox, Input, Select } from 'antd';
import { useTranslation } from 'react-i18next';
import { Labelled } from '../../shared/designer/labelled.js';

interface Props {
  label: string;
  inputs: readonly FlowInput[];
  onChange: (inputs: FlowInput[], merge?: string) => void;
  /** Values are looked for in a request's body. */
  paths?: boolean;
}

const typeWords = {
  text: 'start.typeText',
  longText: 'start.typeLongText',
  number: 'start.typeNumber',
  date: 'start.typeDate',
  datetime: 'start.typeDatetime',
  select: 'start.typeSelect',
  switch: 'start.typeSwitch',
  member: 'start.typeMember',
} as const satisfies Record<FlowInput['type'], string>;

/** A key that no input has yet: in1, in2 … */
export function freshInputKey(inputs: readonly FlowInput[]): string {
  for (let n = inputs.length + 1; ; n++) if (!inputs.some((input) => input.key === `in${n}`)) return `in${n}`;
}

/** What a run is given: a line each, with its name and type. */
export function InputsEditor({ label, inputs, onChange, paths = false }: Props) {
  const { t } = useTranslation('flows');
  const set = (index: number, next: FlowInput, merge?: string) =>
    onChange(
      inputs.map((item, at) => (at === index ? next : item)),
      merge && `input:${index}:${merge}`,
    );
  const types = inputTypes.filter((type) => !paths || type !== 'member');
  return (
    <Labelled group label={label}>
      {inputs.map((input, index) => (
        <div className="panel-box" key={input.key}>
          <div className="panel-row">
            <Input
              className="grow"
              aria-label={t('start.inputName')}
              placeholder={t('start.inputName')}
              value={input.label}
              maxLength={20}
              status={input.label.trim() === '' ? 'error' : ''}
              onChange={(event) => set(index, { ...input, label: event.target.value }, 'label')}
            />
            <Select<FlowInput['type']>
              aria-label={t('start.inputType')}
              style={{ width: 104, flex: 'none' }}
              value={input.type}
              onChange={(type) => set(index, { ...input, type })}
              options={types.map((type) => ({ value: type, label: t(typeWords[type]) }))}
            />
            <Button
              type="text"
              size="small"
              icon={<DeleteOutlined />}
              aria-label={t('start.removeInput', { label: input.label })}
              onClick={() => onChange(inputs.filter((_, at) => at !== index))}
            />
          </div>
          {paths && (
            <Input
              aria-label={t('start.inputPath')}
              placeholder={t('start.inputPath')}
              style={{ marginTop: 6 }}
              value={input.path ?? ''}
              maxLength={200}
              onChange={(event) => set(index, { ...input, path: event.target.value.trim() }, 'path')}
            />
          )}
          {input.type === 'select' && !paths && (
            <Input.TextArea
              aria-label={t('start.inputOptions')}
              placeholder={t('start.inputOptions')}
              style={{ marginTop: 6 }}
              autoSize={{ minRows: 2, maxRows: 6 }}
              value={(input.options ?? []).join('\n')}
              onChange={(event) =>
                set(index, { ...input, options: event.target.value.split('\n').slice(0, 50) }, 'options')
              }
              onBlur={() =>
                set(index, { ...input, options: (input.options ?? []).map((item) => item.trim()).filter(Boolean) })
              }
            />
          )}
          <Checkbox
            style={{ marginTop: 6 }}
            checked={input.required}
            onChange={(event) => set(index, { ...input, required: event.target.checked })}
          >
            {t('start.inputRequired')}
          </Checkbox>
        </div>
      ))}
      <Button
        type="link"
        size="small"
        icon={<PlusOutlined />}
        onClick={() => onChange([...inputs, { key: freshInputKey(inputs), label: '', type: 'text', required: false }])}
      >
        {t('start.addInput')}
      </Button>
    </Labelled>
  );
}
