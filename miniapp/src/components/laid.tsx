import { View } from '@tarojs/components';
import { Fragment, type ReactNode, useEffect, useState } from 'react';
import type { LaidBlock, LaidPart, LaidTab } from '../data/laid.js';
import type { ReadField } from '../data/record-types.js';
import { RichView } from '../fields/rich-text.js';
import { Chips } from './chips.js';
import './laid.scss';

interface Props {
  blocks: readonly LaidBlock[];
  render(field: ReadField): ReactNode;
  /** Keys of fields with a fault: their tab comes to the front. */
  wrong?: readonly string[];
  /** Class of the cards that hold the parts. */
  card: string;
}

/** A page by its form's layout: fields, words and lines in cards, tabs as chips above theirs. */
export function Laid({ blocks, render, wrong = [], card }: Props) {
  return (
    <>
      {blocks.map((block, index) =>
        'tabs' in block ? (
          // biome-ignore lint/suspicious/noArrayIndexKey: strips have no identity but their place
          <Strip key={index} tabs={block.tabs} wrong={wrong} render={render} card={card} />
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: see above
          <Parts key={index} parts={block.parts} render={render} card={card} />
        ),
      )}
    </>
  );
}

function Parts({ parts, render, card }: Pick<Props, 'render' | 'card'> & { parts: readonly LaidPart[] }) {
  return (
    <View className={card}>
      {parts.map((part, index) => {
        if ('field' in part) return <Fragment key={part.field.id}>{render(part.field)}</Fragment>;
        if ('title' in part)
          return (
            // biome-ignore lint/suspicious/noArrayIndexKey: titles have no identity but their place
            <View key={index} className="laid__title">
              {part.title}
            </View>
          );
        const { id, kind, content } = part.element;
        return kind === 'text' ? (
          <View key={id} className="laid__words">
            <RichView html={content} />
          </View>
        ) : (
          <View key={id} className="laid__line">
            {content ? <View className="laid__caption">{content}</View> : null}
          </View>
        );
      })}
    </View>
  );
}

function Strip({ tabs, wrong = [], render, card }: Omit<Props, 'blocks'> & { tabs: readonly LaidTab[] }) {
  const [chosen, setChosen] = useState('');
  const faulty = (tab: LaidTab) => tab.parts.some((part) => 'field' in part && wrong.includes(part.field.key));
  const active = tabs.find((tab) => tab.title === chosen) ?? tabs[0];
  const first = tabs.find(faulty)?.title;
  const marks = wrong.join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: only new faults bring a tab to the front
  useEffect(() => {
    if (first !== undefined && active && !faulty(active)) setChosen(first);
  }, [marks]);
  if (!active) return null;
  return (
    <View>
      <View className="laid__tabs">
        <Chips
          line
          items={tabs.map((tab) => ({ key: tab.title, label: tab.title }))}
          on={[active.title]}
          onTap={setChosen}
        />
      </View>
      <Parts parts={active.parts} render={render} card={card} />
    </View>
  );
}
