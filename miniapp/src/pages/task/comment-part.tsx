import { Textarea, View } from '@tarojs/components';
import Taro from '@tarojs/taro';
import { useState } from 'react';
import { api } from '../../api/client.js';
import { Chips } from '../../components/chips.js';
import { useResource } from '../../data/resource.js';
import { useT } from '../../i18n/index.js';
import { PhrasesSheet } from './phrases-sheet.js';

interface Props {
  value: string;
  placeholder: string;
  problem: string;
  onChange(text: string): void;
}

/** Shows what an answer misses: the buttons are at hand from the top of the page, where the comment is out of sight. */
export function scrollToComment(): void {
  const scroll = async () => Taro.pageScrollTo({ selector: '#comment-part', offsetTop: -80, duration: 200 });
  void scroll().catch(() => undefined);
}

/** 意见: typed, or one of one's own phrases, which can be changed here. */
export function CommentPart({ value, placeholder, problem, onChange }: Props) {
  const t = useT();
  const [editing, setEditing] = useState(false);
  const phrases = useResource('phrases', () => api('phrases.get', {}));
  const items = phrases.data?.items ?? [];
  return (
    <View id="comment-part">
      <Chips items={items.map((text) => ({ key: text, label: text }))} on={[value]} onTap={onChange} />
      {phrases.data ? (
        <View className="link comment__phrases" hoverClass="is-pressed" onClick={() => setEditing(true)}>
          {t('task.phrases')}
        </View>
      ) : null}
      <Textarea
        className="area comment__text"
        value={value}
        placeholder={placeholder}
        placeholderClass="placeholder"
        maxlength={1000}
        autoHeight
        cursorSpacing={120}
        onInput={(event) => onChange(event.detail.value)}
      />
      {problem ? <View className="field-error">{problem}</View> : null}
      {editing ? <PhrasesSheet items={items} onClose={() => setEditing(false)} /> : null}
    </View>
  );
}
