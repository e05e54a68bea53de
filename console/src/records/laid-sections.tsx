import { layoutBlocks } from '@lianke/shared/forms/layout';
import type { LayoutElement } from '@lianke/shared/forms/layout-schema';
import { Badge, Divider, Tabs } from 'antd';
import { type ReactNode, useEffect, useState } from 'react';
import type { ReadField } from '../api/queries.js';
import { RichText } from '../fields/rich-text.js';
import { columnsStyle, type LaidSection, spanStyle } from './layout.js';
import type { RecordRules } from './rules.js';

interface Look {
  section: string | undefined;
  raster: string | undefined;
}

interface Props {
  sections: readonly LaidSection[];
  rules?: RecordRules | undefined;
  /** Whether a field is on the page at all. */
  shown: (field: ReadField) => boolean;
  render: (field: ReadField) => ReactNode;
  /** Classes of the page's sections and of their raster. */
  look: Look;
  /** Keys of fields with a fault: a tab that holds some says so, and the first comes to the front. */
  wrong?: readonly string[];
}

/** Words or a line between fields. */
export function LaidElement({ element }: { element: LayoutElement }) {
  if (element.kind === 'text')
    return (
      <div style={{ marginBottom: 12 }}>
        <RichText html={element.content} />
      </div>
    );
  return (
    <Divider titlePlacement="start" plain style={{ margin: '4px 0 12px' }}>
      {element.content}
    </Divider>
  );
}

/** What of the sections is on the page now. A section without any of its fields keeps its words only if it had no fields. */
function standing(sections: readonly LaidSection[], rules: RecordRules | undefined, shown: Props['shown']) {
  return sections.flatMap((section): LaidSection[] => {
    if (rules && !rules.holds(section.visibleWhen)) return [];
    const items = section.items.filter((item) =>
      'field' in item ? shown(item.field) : !rules || rules.holds(item.element.visibleWhen),
    );
    const had = section.items.some((item) => 'field' in item);
    return items.length > 0 && (!had || items.some((item) => 'field' in item)) ? [{ ...section, items }] : [];
  });
}

/** A form's sections by its layout, on whatever page: fields in columns, words and lines between them, tabs. */
export function LaidSections({ sections, rules, shown, render, look, wrong = [] }: Props) {
  const one = (section: LaidSection, key: number) => (
    <section key={key} className={look.section}>
      {section.title && <h3>{section.title}</h3>}
      <div className={look.raster} style={columnsStyle(section.columns)}>
        {section.items.map((item) =>
          'field' in item ? (
            <div key={item.field.key} style={spanStyle(item.span)}>
              {render(item.field)}
            </div>
          ) : (
            <div key={item.element.id} style={spanStyle(item.span)}>
              <LaidElement element={item.element} />
            </div>
          ),
        )}
      </div>
    </section>
  );
  return (
    <>
      {layoutBlocks(standing(sections, rules, shown)).map((block, index) =>
        'section' in block ? (
          one(block.section, index)
        ) : (
          // biome-ignore lint/suspicious/noArrayIndexKey: strips have no identity but their place
          <Strip key={index} tabs={block.tabs} wrong={wrong} one={one} />
        ),
      )}
    </>
  );
}

function Strip({
  tabs,
  wrong,
  one,
}: {
  tabs: { title: string; sections: LaidSection[] }[];
  wrong: readonly string[];
  one: (section: LaidSection, key: number) => ReactNode;
}) {
  const [chosen, setChosen] = useState('');
  const faults = tabs.map(
    (tab) =>
      tab.sections
        .flatMap((section) => section.items)
        .filter((item) => 'field' in item && wrong.some((key) => key.split('[')[0] === item.field.key)).length,
  );
  const active = tabs.some((tab) => tab.title === chosen) ? chosen : (tabs[0]?.title ?? '');
  const first = tabs[faults.findIndex((count) => count > 0)]?.title;
  const here = faults[tabs.findIndex((tab) => tab.title === active)] ?? 0;
  // New faults bring their tab to the front, later ticking through the tabs is the reader's.
  const marks = wrong.join(' ');
  // biome-ignore lint/correctness/useExhaustiveDependencies: only when the faults change
  useEffect(() => {
    if (marks !== '' && first !== undefined && here === 0) setChosen(first);
  }, [marks]);
  return (
    <Tabs
      activeKey={active}
      onChange={setChosen}
      items={tabs.map((tab, index) => ({
        key: tab.title,
        forceRender: true,
        label: faults[index] ? (
          <Badge count={faults[index]} size="small" offset={[8, 0]}>
            <span style={{ color: 'inherit', font: 'inherit' }}>{tab.title}</span>
          </Badge>
        ) : (
          tab.title
        ),
        children: tab.sections.map(one),
      }))}
    />
  );
}
