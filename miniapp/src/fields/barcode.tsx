import type { BarcodeConfig } from '@lianke/shared/fields/barcode/schema';
import { parseText } from '@lianke/shared/fields/text/value';
import { View } from '@tarojs/components';
import { useState } from 'react';
import { Icon } from '../components/icon.js';
import { configOf } from '../data/record-types.js';
import { useT } from '../i18n/index.js';
import { scanCode } from '../platform/scan.js';
import { LineInput } from './line-input.js';
import { PickLine } from './pick-line.js';
import { type ControlProps, type FieldRenderer, refusal } from './types.js';

/** The camera reads the code; where this phone cannot, it says so, and typing stays open. */
function Control({ field, value, onChange }: ControlProps) {
  const t = useT();
  const [cannot, setCannot] = useState(false);
  const { maxLength = 200, scanOnly } = configOf<BarcodeConfig>(field);
  const scan = async () => {
    const answer = await scanCode();
    setCannot(answer.kind === 'impossible');
    if (answer.kind === 'code') onChange(answer.text.slice(0, maxLength));
  };
  const typed = !scanOnly || cannot;
  return (
    <View>
      <View className="line">
        <View className="line__text" style={{ padding: 0 }}>
          {typed ? (
            <LineInput value={value} maxLength={maxLength} onChange={onChange} />
          ) : (
            <PickLine
              text={typeof value === 'string' ? value : ''}
              placeholder={t('field.scan')}
              onTap={() => void scan()}
              onClear={() => onChange(null)}
            />
          )}
        </View>
        {typed ? (
          <View className="line__clear" aria-label={t('field.scan')} onClick={() => void scan()}>
            <Icon name="camera" />
          </View>
        ) : null}
      </View>
      {cannot ? <View className="muted">{t('field.cannotScan')}</View> : null}
    </View>
  );
}

export const barcodeField: FieldRenderer = {
  Control,
  format: (value) => String(value),
  check: (value, field) => refusal(parseText(value, { maxLength: configOf<BarcodeConfig>(field).maxLength ?? 200 })),
};
