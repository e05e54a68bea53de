import { View } from '@tarojs/components';
import { boxId } from '../../components/field-box.js';
import type { ReadField } from '../../data/record-types.js';
import { LineInput } from '../../fields/line-input.js';
import { useT } from '../../i18n/index.js';

interface Props {
  field: ReadField;
  value: string;
  must: boolean;
  error: string | undefined;
  onChange(text: string): void;
}

const longest = 200;

/** What to do next, in words. */
export function PlanLine({ field, value, must, error, onChange }: Props) {
  const t = useT();
  return (
    <View id={boxId(field)}>
      <LineInput
        value={value}
        placeholder={t(must ? 'visit.planNeeded' : 'visit.planHint')}
        maxLength={longest}
        onChange={onChange}
      />
      {error ? <View className="field-error">{error}</View> : null}
    </View>
  );
}
