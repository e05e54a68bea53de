import { Input, Select } from 'antd';
import { useForms } from '../../api/queries.js';
import { useDesigner } from '../designer/use-designer.js';
import { useText } from '../i18n.js';
import { Prop } from './prop.js';
import type { TypePropsOf } from './type-properties.js';

/** Which form a relation points at, and what happens when its target goes. */
export function RelationProperties({ field, set }: TypePropsOf) {
  const text = useText();
  const { form } = useDesigner();
  const forms = useForms();
  const list = forms.data ?? [];
  const own = list.filter((item) => item.appId === form.appId);
  const others = list.filter((item) => item.appId !== form.appId);
  const target = typeof field.config.formId === 'string' ? field.config.formId : undefined;
  return (
    <>
      <Prop label={text('targetForm')}>
        <Select
          value={target}
          status={target ? '' : 'warning'}
          placeholder={text('chooseForm')}
          loading={forms.isPending}
          showSearch={{ optionFilterProp: 'label' }}
          // Records already point at the old form.
          disabled={field.id !== undefined}
          onChange={(formId) => set({ formId, onDelete: field.config.onDelete ?? 'detach' })}
          options={[...own, ...others].map((item) => ({ value: item.id as string, label: item.name }))}
          style={{ width: '100%' }}
        />
      </Prop>
      <Prop label={text('onDelete')}>
        <Select
          value={typeof field.config.onDelete === 'string' ? field.config.onDelete : 'detach'}
          onChange={(onDelete) => set({ onDelete })}
          options={[
            { value: 'detach', label: text('onDeleteDetach') },
            { value: 'refuse', label: text('onDeleteRefuse') },
            // One of many that goes does not take the record along.
            ...(field.type === 'relation' ? [{ value: 'cascade', label: text('onDeleteCascade') }] : []),
          ]}
          style={{ width: '100%' }}
        />
      </Prop>
      <Prop label={text('reverseLabel')}>
        <Input
          maxLength={40}
          placeholder={text('reverseLabelPlaceholder')}
          value={typeof field.config.reverseLabel === 'string' ? field.config.reverseLabel : ''}
          onChange={(event) => set({ reverseLabel: event.target.value || undefined }, 'reverseLabel')}
        />
      </Prop>
    </>
  );
}
