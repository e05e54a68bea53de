import { View } from '@tarojs/components';
import { useRef, useState } from 'react';
import { api } from '../../api/client.js';
import { messageOf } from '../../api/message.js';
import { Button } from '../../components/button.js';
import { Icon } from '../../components/icon.js';
import { Sheet } from '../../components/sheet.js';
import { patchResource } from '../../data/resource.js';
import { LineInput } from '../../fields/line-input.js';
import { useT } from '../../i18n/index.js';

/** The server keeps so many, each so long. */
const most = 20;
const longest = 100;

/** 常用意见: one's own phrases, a line each; an empty line is none. */
export function PhrasesSheet({ items, onClose }: { items: readonly string[]; onClose(): void }) {
  const t = useT();
  const last = useRef(items.length);
  const [lines, setLines] = useState(items.map((text, id) => ({ id, text })));
  const [busy, setBusy] = useState(false);
  const [problem, setProblem] = useState('');
  const save = async () => {
    setBusy(true);
    setProblem('');
    try {
      const texts = [...new Set(lines.map(({ text }) => text.trim()).filter(Boolean))];
      const kept = await api('phrases.set', { body: { items: texts } });
      patchResource('phrases', () => kept);
      onClose();
    } catch (error) {
      setProblem(messageOf(error));
      setBusy(false);
    }
  };
  return (
    <Sheet
      title={t('task.phrases')}
      onClose={onClose}
      foot={
        <View className="sheet-act">
          {problem ? <View className="field-error">{problem}</View> : null}
          <Button kind="primary" off={busy} onClick={() => void save()}>
            {t('form.save')}
          </Button>
        </View>
      }
    >
      {lines.map(({ id, text }) => (
        <View key={id} className="sheet-part phrase">
          <View className="phrase__text">
            <LineInput
              value={text}
              placeholder={t('task.phrase')}
              maxLength={longest}
              onChange={(typed) =>
                setLines((old) => old.map((line) => (line.id === id ? { ...line, text: typed } : line)))
              }
            />
          </View>
          <View
            className="phrase__drop"
            aria-label={t('task.phraseDrop')}
            onClick={() => setLines((old) => old.filter((line) => line.id !== id))}
          >
            <Icon name="close" small />
          </View>
        </View>
      ))}
      {lines.length < most ? (
        <View
          className="option link"
          hoverClass="is-pressed"
          onClick={() => setLines((old) => [...old, { id: last.current++, text: '' }])}
        >
          {t('task.phraseAdd')}
        </View>
      ) : (
        <View className="sheet-part muted">{t('task.phrasesFull', { n: most })}</View>
      )}
    </Sheet>
  );
}
