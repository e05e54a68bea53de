import { asJson, type Json } from '@lianke/shared/json';
import { Input, InputNumber, Segmented, Select, Switch } from 'antd';
import { useMemo } from 'react';
import { useTranslation } from 'react-i18next';
import { moneyUnit, wanUnit } from '../../shared/format.js';
import { useText } from '../i18n.js';
import type { DesignField } from '../model/design.js';
import { optionsOf } from '../model/payload.js';
import { AutonumberProperties } from './autonumber-properties.js';
import { CascaderProperties } from './cascader-properties.js';
import { FormulaProperties, LookupProperties, RollupProperties } from './derived-properties.js';
import { LastContactProperties } from './last-contact-properties.js';
import {
  BarcodeProperties,
  DateRangeProperties,
  IdNumberProperties,
  ImageProperties,
  ListProperties,
  PercentProperties,
  RatingProperties,
  RichTextProperties,
  SliderProperties,
  TimeProperties,
} from './measure-properties.js';
import { OptionsEditor } from './options-editor.js';
import { Prop, PropGroup, SwitchProp } from './prop.js';
import styles from './properties.module.css';
import { RelationProperties } from './relation-properties.js';
import { SubformProperties } from './subform-properties.js';

export interface TypePropsOf {
  field: DesignField;
  /** Sets entries of the config; undefined removes one. */
  set: (patch: Record<string, Json | undefined>, merge?: string) => void;
}

/** The settings that only this field type has. */
export function TypeProperties(props: TypePropsOf) {
  switch (props.field.type) {
    case 'text':
    case 'longText':
      return <TextProperties {...props} />;
    case 'number':
      return <NumberProperties {...props} />;
    case 'money':
      return <MoneyProperties {...props} />;
    case 'datetime':
      return <DatetimeProperties {...props} />;
    case 'select':
    case 'multiSelect':
      return <ChoiceProperties {...props} />;
    case 'tags':
      return <TagsProperties {...props} />;
    case 'phone':
      return <CountProperties {...props} label="phoneMax" max={5} fallback={3} />;
    case 'attachment':
      return <AttachmentProperties {...props} />;
    case 'richText':
      return <RichTextProperties {...props} />;
    case 'percent':
      return <PercentProperties {...props} />;
    case 'rating':
      return <RatingProperties {...props} />;
    case 'slider':
      return <SliderProperties {...props} />;
    case 'time':
      return <TimeProperties {...props} />;
    case 'dateRange':
      return <DateRangeProperties {...props} />;
    case 'cascader':
      return <CascaderProperties {...props} />;
    case 'idNumber':
      return <IdNumberProperties {...props} />;
    case 'members':
    case 'departments':
      return <ListProperties {...props} />;
    case 'image':
      return <ImageProperties {...props} />;
    case 'barcode':
      return <BarcodeProperties {...props} />;
    case 'relations':
    case 'relation':
      return <RelationProperties {...props} />;
    case 'subform':
      return <SubformProperties {...props} />;
    case 'autonumber':
      return <AutonumberProperties {...props} />;
    case 'lastContact':
      return <LastContactProperties {...props} />;
    case 'formula':
      return <FormulaProperties key={props.field.uid} {...props} />;
    case 'lookup':
      return <LookupProperties {...props} />;
    case 'rollup':
      return <RollupProperties {...props} />;
    default:
      return null;
  }
}

function numberOf(value: Json | undefined): number | null {
  return typeof value === 'number' ? value : null;
}

function stringOf(value: Json | undefined): string {
  return typeof value === 'string' ? value : '';
}

function TextProperties({ field, set }: TypePropsOf) {
  const text = useText();
  const most = field.type === 'text' ? 500 : 20_000;
  return (
    <>
      <Prop label={text('placeholder')}>
        <Input
          maxLength={100}
          value={stringOf(field.config.placeholder)}
          onChange={(event) => set({ placeholder: event.target.value || undefined }, 'placeholder')}
        />
      </Prop>
      <Prop label={text('maxLength')}>
        <InputNumber
          min={1}
          max={most}
          precision={0}
          value={numberOf(field.config.maxLength)}
          onChange={(value) => set({ maxLength: value ?? (field.type === 'text' ? 200 : 5000) }, 'maxLength')}
          style={{ width: '100%' }}
        />
      </Prop>
    </>
  );
}

function Range({ field, set }: TypePropsOf) {
  const text = useText();
  return (
    <div className={styles.pair}>
      {(['min', 'max'] as const).map((key) => (
        <Prop key={key} label={text(key)}>
          <InputNumber
            value={numberOf(field.config[key])}
            onChange={(value) => set({ [key]: value ?? undefined }, key)}
            style={{ width: '100%' }}
          />
        </Prop>
      ))}
    </div>
  );
}

function Decimals({ field, set, max }: TypePropsOf & { max: number }) {
  const text = useText();
  return (
    <Prop label={text('decimals')}>
      <InputNumber
        min={0}
        max={max}
        precision={0}
        value={numberOf(field.config.decimals) ?? 2}
        onChange={(value) => set({ decimals: value ?? 2 }, 'decimals')}
        style={{ width: '100%' }}
      />
    </Prop>
  );
}

function NumberProperties(props: TypePropsOf) {
  const text = useText();
  return (
    <>
      <div className={styles.pair}>
        <Decimals {...props} max={8} />
        <Prop label={text('unit')}>
          <Input
            maxLength={10}
            placeholder={text('unitPlaceholder')}
            value={stringOf(props.field.config.unit)}
            onChange={(event) => props.set({ unit: event.target.value || undefined }, 'unit')}
          />
        </Prop>
      </div>
      <Range {...props} />
    </>
  );
}

/** The currencies that companies here deal in, offered first; one set otherwise is kept. */
const currencies = ['CNY', 'USD', 'EUR', 'HKD', 'JPY', 'GBP', 'TWD', 'KRW', 'SGD', 'AUD', 'CAD', 'MOP'];

function MoneyProperties(props: TypePropsOf) {
  const text = useText();
  const { i18n } = useTranslation();
  const names = useMemo(() => new Intl.DisplayNames([i18n.language], { type: 'currency' }), [i18n.language]);
  const currency = stringOf(props.field.config.currency) || 'CNY';
  return (
    <>
      <Prop label={text('currency')} hint={text('currencyHint')}>
        <Select
          value={currency}
          showSearch={{ optionFilterProp: 'label' }}
          onChange={(next: string) => props.set({ currency: next })}
          options={[...new Set([...currencies, currency])].map((code) => ({
            value: code,
            label: `${names.of(code) ?? code} ${code}`,
          }))}
          style={{ width: '100%' }}
        />
      </Prop>
      <PropGroup label={text('moneyDisplay')} hint={text('moneyHint')}>
        <Segmented
          block
          value={props.field.config.display === 'wan' ? 'wan' : 'yuan'}
          onChange={(display) => props.set({ display })}
          options={[
            { value: 'yuan', label: moneyUnit({ currency }) },
            { value: 'wan', label: wanUnit(currency) },
          ]}
        />
      </PropGroup>
      <Decimals {...props} max={4} />
      <Range {...props} />
    </>
  );
}

function DatetimeProperties({ field, set }: TypePropsOf) {
  const text = useText();
  return (
    <PropGroup label={text('precision')}>
      <Segmented
        block
        value={stringOf(field.config.precision) || 'minute'}
        onChange={(precision) => set({ precision })}
        options={[
          { value: 'day', label: text('precisionDay') },
          { value: 'minute', label: text('precisionMinute') },
          { value: 'second', label: text('precisionSecond') },
        ]}
      />
    </PropGroup>
  );
}

function ChoiceProperties({ field, set }: TypePropsOf) {
  const text = useText();
  return (
    <>
      <OptionsEditor value={optionsOf(field)} onChange={(options, merge) => set({ options: asJson(options) }, merge)} />
      {field.type === 'multiSelect' && (
        <PropGroup label={text('display')}>
          <Segmented
            block
            value={stringOf(field.config.display) || 'dropdown'}
            onChange={(display) => set({ display })}
            options={[
              { value: 'dropdown', label: text('displayDropdown') },
              { value: 'checkbox', label: text('displayCheckbox') },
            ]}
          />
        </PropGroup>
      )}
      {field.type === 'select' && (
        <>
          <PropGroup label={text('display')}>
            <Segmented
              block
              value={stringOf(field.config.display) || 'dropdown'}
              onChange={(display) => set({ display })}
              options={[
                { value: 'dropdown', label: text('displayDropdown') },
                { value: 'radio', label: text('displayRadio') },
              ]}
            />
          </PropGroup>
          <SwitchProp label={text('stages')} hint={text('stagesHint')}>
            <Switch checked={field.config.stages === true} onChange={(on) => set({ stages: on || undefined })} />
          </SwitchProp>
        </>
      )}
    </>
  );
}

function TagsProperties({ field, set }: TypePropsOf) {
  const text = useText();
  const value = Array.isArray(field.config.suggestions) ? (field.config.suggestions as string[]) : [];
  return (
    <Prop label={text('suggestions')} hint={text('suggestionsHint')}>
      <Select<string[]>
        mode="tags"
        open={false}
        suffixIcon={null}
        tokenSeparators={[',', '，', '、', ';', '；', '\n']}
        value={value}
        onChange={(suggestions) => set({ suggestions: suggestions.map((item) => item.slice(0, 30)).slice(0, 200) })}
        style={{ width: '100%' }}
      />
    </Prop>
  );
}

function CountProperties({
  field,
  set,
  label,
  max,
  fallback,
}: TypePropsOf & { label: 'phoneMax' | 'attachmentMax'; max: number; fallback: number }) {
  const text = useText();
  return (
    <Prop label={text(label)}>
      <InputNumber
        min={1}
        max={max}
        precision={0}
        value={numberOf(field.config.max) ?? fallback}
        onChange={(value) => set({ max: value ?? fallback }, 'max')}
        style={{ width: '100%' }}
      />
    </Prop>
  );
}

function AttachmentProperties(props: TypePropsOf) {
  const text = useText();
  return (
    <>
      <PropGroup label={text('accept')}>
        <Segmented
          block
          value={stringOf(props.field.config.accept) || 'any'}
          onChange={(accept) => props.set({ accept })}
          options={[
            { value: 'any', label: text('acceptAny') },
            { value: 'image', label: text('acceptImage') },
          ]}
        />
      </PropGroup>
      <CountProperties {...props} label="attachmentMax" max={50} fallback={20} />
    </>
  );
}
