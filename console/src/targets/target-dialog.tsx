import { behaviourOf } from '@lianke/shared/fields/encrypted';
import type { FormId } from '@lianke/shared/ids';
import { type TargetBody, type TargetView, targetPeriods } from '@lianke/shared/targets/api';
import { Form, Input, Modal, Radio, Select } from 'antd';
import { useState } from 'react';
import type { FormView } from '../api/queries.js';
import { FilterBuilder } from '../shared/filter-builder.js';
import { useText } from './i18n.js';

/** What a target measures. */
export function TargetDialog({
  form,
  target,
  busy,
  onClose,
  onDo,
}: {
  form: FormView;
  target: TargetView | undefined;
  busy: boolean;
  onClose: () => void;
  onDo: (body: TargetBody) => void;
}) {
  const text = useText();
  const dates = form.fields.filter((field) => field.type === 'date' || field.type === 'datetime');
  const numbers = form.fields.filter((field) => !field.system && behaviourOf(field).aggregates.includes('sum'));
  const [body, setBody] = useState<TargetBody>(target ?? blank(form, dates[0]?.id ?? 'createdAt', numbers[0]?.id));
  const put = (part: Partial<TargetBody>) => setBody({ ...body, ...part });
  const ready = body.name.trim() !== '' && (body.fn === 'count' || body.field !== null);
  return (
    <Modal
      open
      width={560}
      title={text(target ? 'edit' : 'add')}
      okText={text('save')}
      okButtonProps={{ disabled: !ready, loading: busy }}
      onOk={() => onDo(bare(body))}
      onCancel={onClose}
    >
      <Form layout="vertical">
        <Form.Item label={text('name')} htmlFor="target-name">
          <Input
            id="target-name"
            value={body.name}
            maxLength={40}
            placeholder={text('nameHint')}
            onChange={(event) => put({ name: event.target.value })}
          />
        </Form.Item>
        <Form.Item label={text('fn')}>
          <Radio.Group
            value={body.fn}
            onChange={(event) =>
              put({
                fn: event.target.value,
                ...(event.target.value === 'count' ? { field: null } : { field: numbers[0]?.id ?? null }),
              })
            }
            options={(['count', ...(numbers.length > 0 ? ['sum' as const] : [])] as const).map((fn) => ({
              value: fn,
              label: text(`fn.${fn}`),
            }))}
          />
        </Form.Item>
        {body.fn === 'sum' && (
          <Form.Item label={text('field')}>
            <Select
              aria-label={text('field')}
              value={body.field}
              options={numbers.map((field) => ({ value: field.id as string, label: field.name }))}
              onChange={(field) => put({ field })}
            />
          </Form.Item>
        )}
        <Form.Item label={text('dateField')}>
          <Select
            aria-label={text('dateField')}
            value={body.dateField}
            options={dates.map((field) => ({ value: field.id as string, label: field.name }))}
            onChange={(dateField) => put({ dateField })}
          />
        </Form.Item>
        <Form.Item
          label={text('period')}
          help={target && target.period !== body.period ? text('periodWarn') : undefined}
        >
          <Radio.Group
            value={body.period}
            onChange={(event) => put({ period: event.target.value })}
            options={targetPeriods.map((period) => ({ value: period, label: text(`period.${period}`) }))}
          />
        </Form.Item>
        <Form.Item label={text('unit')} htmlFor="target-unit">
          <Input
            id="target-unit"
            style={{ width: 160 }}
            value={body.unit}
            maxLength={10}
            placeholder={text('unitHint')}
            onChange={(event) => put({ unit: event.target.value })}
          />
        </Form.Item>
        <Form.Item label={text('filter')}>
          <FilterBuilder
            fields={form.fields}
            value={body.filter ?? undefined}
            onChange={(filter) => put({ filter: filter ?? null })}
          />
        </Form.Item>
      </Form>
    </Modal>
  );
}

function blank(form: FormView, dateField: string, field: string | undefined): TargetBody {
  const what = field === undefined ? { fn: 'count' as const, field: null } : { fn: 'sum' as const, field };
  return { formId: form.id as FormId, name: '', ...what, filter: null, dateField, period: 'month', unit: '' };
}

function bare({ formId, name, fn, field, filter, dateField, period, unit }: TargetBody): TargetBody {
  return { formId, name, fn, field: fn === 'sum' ? field : null, filter, dateField, period, unit };
}
