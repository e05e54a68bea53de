import type { RelationsConfig } from '@lianke/shared/fields/relations/schema';
import type { Filter } from '@lianke/shared/filter/ast';
import { View } from '@tarojs/components';
import { useState } from 'react';
import { Icon } from '../components/icon.js';
import { configOf } from '../data/record-types.js';
import { useT } from '../i18n/index.js';
import { refsOf } from './many-picker.js';
import { PickLine } from './pick-line.js';
import { RecordSheet } from './record-sheet.js';
import { references, relatedName } from './reference.js';
import type { ControlProps, FieldRenderer } from './types.js';

function Control({ field, value, onChange }: ControlProps) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const chosen = refsOf(value);
  const { formId, max = 100 } = configOf<RelationsConfig>(field);
  return (
    <View>
      {chosen.map((record) => (
        <View key={record.id} className="line">
          <View className="line__text">{relatedName(record.label, field, t)}</View>
          <View
            className="line__clear"
            onClick={() => onChange(chosen.filter((item) => item.id !== record.id).map((item) => ({ ...item })))}
          >
            <Icon name="close" small />
          </View>
        </View>
      ))}
      {chosen.length < max ? <PickLine text="" placeholder={t('field.addRecord')} onTap={() => setOpen(true)} /> : null}
      {open ? (
        <RecordSheet
          title={field.name}
          formId={formId}
          filter={configOf<{ pick?: Filter }>(field).pick}
          onPick={(record) => {
            setOpen(false);
            if (chosen.every((item) => item.id !== record.id))
              onChange([...chosen, { id: record.id, label: record.label }].map((item) => ({ ...item })));
          }}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </View>
  );
}

export const relationsField: FieldRenderer = { Control, ...references };
