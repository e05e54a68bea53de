import { View } from '@tarojs/components';
import { useState } from 'react';
import { Button } from '../components/button.js';
import { Icon } from '../components/icon.js';
import { Named } from '../components/named.js';
import { SearchBox } from '../components/search-box.js';
import { Sheet } from '../components/sheet.js';
import { useFoundByName } from '../data/withheld.js';
import { useT } from '../i18n/index.js';

export interface Choice {
  id: string;
  label: string;
  note?: string;
}

interface Props {
  title: string;
  choices: readonly Choice[];
  chosen: readonly string[];
  /** Several may be chosen, confirmed by 确定. */
  many?: boolean;
  /** New words may be added by typing them. */
  free?: boolean;
  onDone(ids: string[]): void;
  onClose(): void;
}

const searchFrom = 9;

/** A list of choices from the bottom, with a search line once it is long. */
export function OptionSheet({ title, choices, chosen, many = false, free = false, onDone, onClose }: Props) {
  const t = useT();
  const [picked, setPicked] = useState<string[]>([...chosen]);
  const [text, setText] = useState('');
  const all = [
    ...choices,
    ...picked.filter((id) => !choices.some((choice) => choice.id === id)).map((id) => ({ id, label: id })),
  ];
  const byName = useFoundByName(
    text,
    all.map((choice) => choice.label),
  );
  const fits = (choice: Choice) => choice.label.toLowerCase().includes(text.toLowerCase()) || byName.has(choice.id);
  const shown = text ? all.filter(fits) : all;
  const fresh = free && text !== '' && !all.some((choice) => choice.label === text);
  const tap = (id: string) => {
    if (!many) return onDone([id]);
    setPicked(picked.includes(id) ? picked.filter((other) => other !== id) : [...picked, id]);
    if (fresh) setText('');
  };
  return (
    <Sheet
      title={title}
      onClose={onClose}
      top={
        free || choices.length >= searchFrom ? (
          <View className="sheet-search">
            <SearchBox
              value={text}
              placeholder={free ? t('field.searchOrAdd') : t('common.search')}
              onSearch={setText}
            />
          </View>
        ) : null
      }
      foot={
        many ? (
          <Button kind="primary" onClick={() => onDone(picked)}>
            {t('common.ok')}
          </Button>
        ) : null
      }
    >
      {fresh ? <Line choice={{ id: text, label: t('field.addWord', { word: text }) }} on={false} onTap={tap} /> : null}
      {shown.map((choice) => (
        <Line key={choice.id} choice={choice} on={picked.includes(choice.id)} onTap={tap} />
      ))}
      {shown.length === 0 && !fresh ? <View className="empty">{t('field.noChoice')}</View> : null}
    </Sheet>
  );
}

function Line({ choice, on, onTap }: { choice: Choice; on: boolean; onTap(id: string): void }) {
  return (
    <View className="option" hoverClass="is-pressed" onClick={() => onTap(choice.id)}>
      <View className="option__main">
        <View>
          <Named text={choice.label} />
        </View>
        {choice.note ? (
          <View className="muted ellipsis">
            <Named text={choice.note} />
          </View>
        ) : null}
      </View>
      {on ? <Icon name="check" className="option__check" /> : null}
    </View>
  );
}
