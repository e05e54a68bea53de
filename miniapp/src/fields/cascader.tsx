import type { CascaderConfig, CascaderOption } from '@lianke/shared/fields/cascader/schema';
import { parseCascader, pathText } from '@lianke/shared/fields/cascader/value';
import { View } from '@tarojs/components';
import { useState } from 'react';
import { Button } from '../components/button.js';
import { Icon } from '../components/icon.js';
import { Sheet } from '../components/sheet.js';
import { configOf, type ReadField } from '../data/record-types.js';
import { useT } from '../i18n/index.js';
import { PickLine } from './pick-line.js';
import { type ControlProps, type FieldRenderer, refusal } from './types.js';

const choicesOf = (field: ReadField): CascaderOption[] => configOf<CascaderConfig>(field).options ?? [];

function Control({ field, value, onChange }: ControlProps) {
  const t = useT();
  const [open, setOpen] = useState(false);
  const text = typeof value === 'string' && value !== '' ? pathText(value, choicesOf(field)) : '';
  return (
    <>
      <PickLine text={text} placeholder={t('field.pick')} onTap={() => setOpen(true)} onClear={() => onChange(null)} />
      {open ? (
        <Levels
          field={field}
          onDone={(path) => {
            setOpen(false);
            onChange(path);
          }}
          onClose={() => setOpen(false)}
        />
      ) : null}
    </>
  );
}

/** One level at a time; the line on top leads back. */
function Levels({ field, onDone, onClose }: { field: ReadField; onDone(path: string): void; onClose(): void }) {
  const t = useT();
  const [above, setAbove] = useState<CascaderOption[]>([]);
  const { anyLevel } = configOf<CascaderConfig>(field);
  const here = above.at(-1);
  const level = here ? (here.children ?? []) : choicesOf(field);
  const pathTo = (steps: readonly CascaderOption[]) => steps.map((step) => step.id).join('/');
  return (
    <Sheet
      title={field.name}
      onClose={onClose}
      top={
        here ? (
          <View className="option" hoverClass="is-pressed" onClick={() => setAbove(above.slice(0, -1))}>
            <Icon name="back" small />
            <View className="option__main muted">{above.map((step) => step.label).join(' / ')}</View>
          </View>
        ) : null
      }
      foot={
        here && anyLevel ? (
          <Button kind="primary" onClick={() => onDone(pathTo(above))}>
            {t('field.pickThis', { name: here.label })}
          </Button>
        ) : null
      }
    >
      {level.map((option) => (
        <View
          key={option.id}
          className="option"
          hoverClass="is-pressed"
          onClick={() => (option.children?.length ? setAbove([...above, option]) : onDone(pathTo([...above, option])))}
        >
          <View className="option__main">{option.label}</View>
          {option.children?.length ? <Icon name="next" small /> : null}
        </View>
      ))}
      {level.length === 0 ? <View className="empty">{t('field.noChoice')}</View> : null}
    </Sheet>
  );
}

export const cascaderField: FieldRenderer = {
  Control,
  format: (value, field) => pathText(String(value), choicesOf(field)),
  check: (value, field) =>
    refusal(parseCascader(value, { options: choicesOf(field), anyLevel: configOf<CascaderConfig>(field).anyLevel })),
};
