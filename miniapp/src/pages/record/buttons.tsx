import type { RecordButton } from '@lianke/shared/flows/api';
import type { FlowInput } from '@lianke/shared/flows/triggers';
import type { FormId, RecordId } from '@lianke/shared/ids';
import { View } from '@tarojs/components';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/message.js';
import { Button } from '../../components/button.js';
import { FieldBox } from '../../components/field-box.js';
import { Sheet } from '../../components/sheet.js';
import type { FormView, Json, ReadField, RecordRow } from '../../data/record-types.js';
import { useResource } from '../../data/resource.js';
import { uuidV7 } from '../../data/uuid.js';
import { renderers } from '../../fields/registry.js';
import { isEmpty } from '../../fields/types.js';
import { useT } from '../../i18n/index.js';
import { showNotice } from '../../store/notice.js';

interface Props {
  form: FormView;
  record: RecordRow;
  onChanged(): void;
}

/** The buttons of flows that the record offers now; one with inputs asks for them from the bottom. */
export function RecordButtons({ form, record, onChanged }: Props) {
  const t = useT();
  const [asking, setAsking] = useState<RecordButton>();
  const [busy, setBusy] = useState(false);
  const params = { formId: form.id as FormId, id: record.id as RecordId };
  const offered = useResource(
    `data:${form.id}:record:${record.id}:buttons:${record.version}`,
    async () => (await api('records.buttons', { params })).items as RecordButton[],
  );
  const press = async (button: RecordButton, values: Record<string, Json>) => {
    setBusy(true);
    try {
      await api('records.press', {
        params: { ...params, flowId: button.flowId },
        body: { pressId: uuidV7(), values },
      });
      setAsking(undefined);
      showNotice(t('record.pressed', { label: button.label }));
      onChanged();
    } catch (error) {
      showNotice(messageOf(error));
    } finally {
      setBusy(false);
    }
  };
  const buttons = offered.data ?? [];
  if (buttons.length === 0) return null;
  return (
    <View className="record-buttons">
      {buttons.map((button) => (
        <Button
          key={button.flowId}
          off={busy}
          onClick={() => (button.inputs.length > 0 ? setAsking(button) : void press(button, {}))}
        >
          {button.label}
        </Button>
      ))}
      {asking ? (
        <PressSheet
          button={asking}
          busy={busy}
          onClose={() => setAsking(undefined)}
          onPress={(values) => void press(asking, values)}
        />
      ) : null}
    </View>
  );
}

interface SheetProps {
  button: RecordButton;
  busy: boolean;
  onClose(): void;
  onPress(values: Record<string, Json>): void;
}

function PressSheet({ button, busy, onClose, onPress }: SheetProps) {
  const t = useT();
  const [values, setValues] = useState<Record<string, Json>>({});
  const [tried, setTried] = useState(false);
  const missing = (input: FlowInput) => input.required && input.type !== 'switch' && isEmpty(values[input.key]);
  const send = () => {
    setTried(true);
    if (button.inputs.some(missing)) return;
    const sent = button.inputs.map((input): [string, Json] => {
      const value = values[input.key] ?? (input.type === 'switch' ? false : null);
      const field = fieldOf(input);
      return [input.key, renderers[field.type]?.toWire?.(value, field) ?? value];
    });
    onPress(Object.fromEntries(sent));
  };
  return (
    <Sheet
      title={button.label}
      onClose={onClose}
      foot={
        <Button kind="primary" off={busy} onClick={send}>
          {t('record.press')}
        </Button>
      }
    >
      {button.inputs.map((input) => (
        <FieldBox
          key={input.key}
          field={fieldOf(input)}
          value={values[input.key]}
          {...(tried && missing(input) ? { error: t('record.pressMissing', { label: input.label }) } : {})}
          onChange={(value) => setValues((old) => ({ ...old, [input.key]: value }))}
        />
      ))}
    </Sheet>
  );
}

/** An input as a field of its type, to be shown by that field's control. */
function fieldOf(input: FlowInput): ReadField {
  const options = (input.options ?? []).map((label) => ({ id: label, label, color: 'gray' }));
  return {
    ...{ id: input.key, key: input.key, name: input.label, type: input.type, writable: true },
    ...{ config: input.type === 'select' ? { options } : {}, rules: { required: input.required } },
  } as ReadField;
}
