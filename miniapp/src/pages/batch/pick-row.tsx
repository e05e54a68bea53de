import { View } from '@tarojs/components';
import { Named } from '../../components/named.js';
import { PickRing } from '../../components/pick-ring.js';
import { summaryLine } from '../../data/facts.js';
import type { FormView, RecordRow } from '../../data/record-types.js';
import type { FormatContext } from '../../fields/types.js';

interface Props {
  form: FormView;
  record: RecordRow;
  format: FormatContext;
  on: boolean;
  onTap(): void;
}

/** A record with a circle that picks it. */
export function PickRow({ form, record, format, on, onTap }: Props) {
  const line = summaryLine(form, record, format);
  return (
    <View className="pick-row" hoverClass="is-pressed" onClick={onTap} aria-role="checkbox" aria-checked={on}>
      <PickRing on={on} />
      <View className="pick-row__main">
        <View className="row__title ellipsis">{record.label || format.t('record.untitled')}</View>
        {line ? (
          <View className="row__line ellipsis">
            <Named text={line} />
          </View>
        ) : null}
      </View>
    </View>
  );
}
