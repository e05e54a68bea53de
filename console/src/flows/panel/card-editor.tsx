import { DeleteOutlined, PlusOutlined } from '@ant-design/icons';
import { cardLimits } from '@lianke/shared/chat/limits';
import { fieldTypes } from '@lianke/shared/fields/registry';
import type { CardFact, ValueExpr } from '@lianke/shared/flows/values';
import { Alert, Button, Input } from 'antd';
import { useTranslation } from 'react-i18next';
import type { FormView, ReadField } from '../../api/queries.js';
import { quoted } from '../../i18n/punctuation.js';
import { Labelled } from '../../shared/designer/labelled.js';
import type { Source } from '../model/sources.js';
import { type Speaker, sayRef } from '../model/words.js';
import { RefSelect } from './ref-select.js';
import { TextEditor } from './text-editor.js';
import type { TextPart } from './text-parts.js';

interface Props {
  title: ValueExpr;
  facts: readonly CardFact[];
  onTitle: (title: ValueExpr) => void;
  onFacts: (facts: CardFact[], merge?: string) => void;
  speaker: Speaker;
  sources: readonly Source[];
  /** Buttons of the card, as the receiver sees them. */
  buttons: readonly string[];
}

const readable = (field: ReadField | undefined) => field !== undefined && fieldTypes[field.type].refers !== 'file';
const longestLabel = 10;
const mostFacts = 6;

/** What a card in the chat says: its title, up to six facts with short labels, and how it will look. */
export function CardEditor({ title, facts, onTitle, onFacts, speaker, sources, buttons }: Props) {
  const { t } = useTranslation('flows');
  const forms: readonly FormView[] = speaker.forms;
  const parts = partsOf(title);
  const fixed = parts.reduce((sum, part) => sum + ('text' in part ? [...part.text].length : 0), 0);
  const warnings = [
    ...(fixed > cardLimits.title ? [t('card.titleCut', { n: cardLimits.title })] : []),
    ...facts
      .filter((fact) => [...fact.label].length > cardLimits.label)
      .map((fact) => t('card.labelCut', { n: cardLimits.label, label: fact.label })),
  ];
  const set = (index: number, fact: CardFact, merge?: string) =>
    onFacts(
      facts.map((item, at) => (at === index ? fact : item)),
      merge,
    );
  return (
    <>
      <Labelled label={t('panel.title')}>
        <TextEditor
          parts={parts}
          sources={sources}
          forms={forms}
          label={t('panel.title')}
          onChange={(next) => onTitle({ kind: 'text', parts: next })}
        />
      </Labelled>
      <Labelled group label={t('panel.facts')} hint={t('panel.factsHint')}>
        {facts.map((fact, index) => (
          // biome-ignore lint/suspicious/noArrayIndexKey: facts have no identity but their place
          <div className="panel-row" key={index} style={{ marginBottom: 6 }}>
            <Input
              aria-label={t('panel.factLabel')}
              placeholder={t('panel.factLabel')}
              value={fact.label}
              maxLength={longestLabel}
              style={{ width: 96, flex: 'none' }}
              onChange={(event) => set(index, { ...fact, label: event.target.value }, `fact:${index}`)}
            />
            <div className="grow">
              <RefSelect
                sources={sources}
                forms={forms}
                value={fact.ref}
                accepts={readable}
                label={`${t('panel.facts')} ${fact.label}`}
                onChange={(ref, choice) =>
                  set(index, { label: fact.label || (choice?.field?.name ?? '').slice(0, longestLabel), ref })
                }
              />
            </div>
            <Button
              type="text"
              icon={<DeleteOutlined />}
              aria-label={t('panel.removeFact', { label: fact.label })}
              onClick={() => onFacts(facts.filter((_, at) => at !== index))}
            />
          </div>
        ))}
        {facts.length < mostFacts && (
          <Button
            type="link"
            size="small"
            icon={<PlusOutlined />}
            onClick={() => onFacts([...facts, { label: '', ref: { source: 'trigger', path: '' } }])}
          >
            {t('panel.addFact')}
          </Button>
        )}
      </Labelled>
      {warnings.map((text) => (
        <Alert key={text} type="warning" title={text} style={{ marginBottom: 8 }} />
      ))}
      <Labelled group label={t('panel.preview')}>
        <div className="card-preview">
          <div className="card-preview-title">
            {parts.length === 0
              ? t('say.unset')
              : parts.map((part) => ('text' in part ? part.text : quoted(sayRef(speaker, part.ref, sources)))).join('')}
          </div>
          {facts.map((fact, index) => (
            // biome-ignore lint/suspicious/noArrayIndexKey: facts have no identity but their place
            <div className="card-preview-fact" key={index}>
              <span className="muted ellipsis">{seen(fact.label, cardLimits.label)}</span>
              <span className="ellipsis">{sayRef(speaker, fact.ref, sources)}</span>
            </div>
          ))}
          <div className="card-preview-buttons">
            {buttons.map((button) => (
              <span key={button}>{button}</span>
            ))}
          </div>
        </div>
      </Labelled>
    </>
  );
}

/** What is left of a text where the platform cuts it. */
function seen(text: string, limit: number): string {
  const characters = [...text];
  return characters.length <= limit ? text : `${characters.slice(0, limit - 1).join('')}…`;
}

/** A title as parts, whatever kind of value it is stored as. */
function partsOf(title: ValueExpr): readonly TextPart[] {
  if (title.kind === 'text') return title.parts;
  if (title.kind === 'ref' && title.ref.path !== '') return [{ ref: title.ref }];
  if (title.kind === 'literal' && typeof title.value === 'string' && title.value !== '') return [{ text: title.value }];
  return noParts;
}
const noParts: readonly TextPart[] = [];
