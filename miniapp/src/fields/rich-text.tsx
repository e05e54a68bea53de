import type { RichRun } from '@lianke/shared/fields/rich-text/document';
import { readHtml, writeHtml } from '@lianke/shared/fields/rich-text/html';
import { readMarks, writeMarks } from '@lianke/shared/fields/rich-text/marks';
import type { RichTextConfig } from '@lianke/shared/fields/rich-text/schema';
import { parseRichText, richPlainText } from '@lianke/shared/fields/rich-text/value';
import { Text, Textarea, View } from '@tarojs/components';
import { useRef, useState } from 'react';
import { Chips } from '../components/chips.js';
import { configOf, type Json } from '../data/record-types.js';
import { useT } from '../i18n/index.js';
import { type ControlProps, type FieldRenderer, refusal } from './types.js';

const looks = ['bold', 'italic', 'underline', 'strike'] as const;

function Runs({ runs }: { runs: readonly RichRun[] }) {
  return (
    <>
      {runs.map((run, index) => (
        <Text
          // biome-ignore lint/suspicious/noArrayIndexKey: runs of a fixed text
          key={index}
          className={[...looks.filter((look) => run[look]).map((look) => `rich--${look}`), run.href ? 'link' : ''].join(
            ' ',
          )}
        >
          {run.text}
        </Text>
      ))}
    </>
  );
}

/** A stored rich text as views of our own making: none of it reaches the page as HTML. */
export function RichView({ html }: { html: string }) {
  return (
    <View className="rich">
      {readHtml(html).map((block, index) => (
        // biome-ignore lint/suspicious/noArrayIndexKey: blocks of a fixed text
        <View key={index} className={`rich__${block.tag}`}>
          {'runs' in block ? (
            <Runs runs={block.runs} />
          ) : (
            block.items.map((runs, at) => (
              // biome-ignore lint/suspicious/noArrayIndexKey: items of a fixed text
              <View key={at} className="rich__item">
                <Text className="rich__sign">{block.tag === 'ul' ? '•' : `${at + 1}.`}</Text>
                <View className="rich__text">
                  <Runs runs={runs} />
                </View>
              </View>
            ))
          )}
        </View>
      ))}
    </View>
  );
}

const lineSigns = [
  ['heading', '# '],
  ['bullet', '- '],
  ['quote', '> '],
] as const;

/** Typed with a few signs (`**bold**`, `- item`), shown underneath as it will read. No look set elsewhere is lost. */
function Control({ value, onChange }: ControlProps) {
  const t = useT();
  const html = typeof value === 'string' ? value : '';
  const [text, setText] = useState(() => writeMarks(readHtml(html)));
  const mine = useRef(html);
  if (mine.current !== html) {
    mine.current = html;
    setText(writeMarks(readHtml(html)));
  }
  const put = (next: string) => {
    setText(next);
    mine.current = writeHtml(readMarks(next));
    onChange(mine.current === '' ? null : mine.current);
  };
  return (
    <View>
      <Chips
        line
        items={lineSigns.map(([key]) => ({ key, label: t(`rich.${key}`) }))}
        onTap={(key) => {
          const sign = lineSigns.find(([name]) => name === key)?.[1] ?? '';
          put(text === '' || text.endsWith('\n') ? text + sign : `${text}\n${sign}`);
        }}
      />
      <Textarea
        className="area"
        value={text}
        placeholder={t('rich.hint')}
        placeholderClass="placeholder"
        maxlength={-1}
        autoHeight
        cursorSpacing={120}
        onInput={(event) => put(event.detail.value)}
      />
      {html !== '' && html !== `<p>${text}</p>` ? (
        <View className="rich__preview">
          <RichView html={html} />
        </View>
      ) : null}
    </View>
  );
}

export const richTextField: FieldRenderer = {
  Control,
  format: (value: Json) => richPlainText(String(value)),
  check: (value, field) =>
    refusal(parseRichText(value, { maxLength: configOf<RichTextConfig>(field).maxLength ?? 10_000 })),
};
