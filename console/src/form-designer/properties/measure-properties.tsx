import type { Json } from '@lianke/shared/json';
import { Input, InputNumber, Segmented, Switch } from 'antd';
import { useText } from '../i18n.js';
import type { TextKey } from '../messages/zh.js';
import { Prop, PropGroup, SwitchProp } from './prop.js';
import styles from './properties.module.css';
import type { TypePropsOf } from './type-properties.js';

const numberOf = (value: Json | undefined): number | null => (typeof value === 'number' ? value : null);

/** One number of the config; emptied it falls back, or goes when there is no fallback. */
function NumberProp(
  props: TypePropsOf & {
    name: string;
    label: TextKey;
    hint?: TextKey;
    min?: number;
    max?: number;
    whole?: boolean;
    fallback?: number;
  },
) {
  const text = useText();
  const { field, set, name, label, hint, min, max, whole, fallback } = props;
  return (
    <Prop label={text(label)} {...(hint ? { hint: text(hint) } : {})}>
      <InputNumber<number>
        {...(min === undefined ? {} : { min })}
        {...(max === undefined ? {} : { max })}
        {...(whole ? { precision: 0 } : {})}
        value={numberOf(field.config[name]) ?? fallback ?? null}
        onChange={(value) => set({ [name]: value ?? fallback }, name)}
        style={{ width: '100%' }}
      />
    </Prop>
  );
}

/** Digits and bounds, all counted per cent. */
export function PercentProperties(props: TypePropsOf) {
  return (
    <>
      <NumberProp {...props} name="decimals" label="decimals" min={0} max={4} whole fallback={2} />
      <div className={styles.pair}>
        <NumberProp {...props} name="min" label="minPercent" />
        <NumberProp {...props} name="max" label="maxPercent" />
      </div>
    </>
  );
}

/** How many stars, and whether by halves. */
export function RatingProperties(props: TypePropsOf) {
  const text = useText();
  return (
    <>
      <NumberProp {...props} name="max" label="ratingMax" min={3} max={10} whole fallback={5} />
      <SwitchProp label={text('ratingHalf')}>
        <Switch
          checked={props.field.config.half === true}
          onChange={(half) => props.set({ half: half || undefined })}
        />
      </SwitchProp>
    </>
  );
}

/** Where the slider begins and ends, and its steps. */
export function SliderProperties(props: TypePropsOf) {
  const text = useText();
  return (
    <>
      <div className={styles.pair}>
        <NumberProp {...props} name="min" label="min" fallback={0} />
        <NumberProp {...props} name="max" label="max" fallback={100} />
      </div>
      <div className={styles.pair}>
        <NumberProp {...props} name="step" label="step" min={0.00000001} fallback={1} />
        <Prop label={text('unit')}>
          <Input
            maxLength={10}
            placeholder={text('unitPlaceholder')}
            value={typeof props.field.config.unit === 'string' ? props.field.config.unit : ''}
            onChange={(event) => props.set({ unit: event.target.value || undefined }, 'unit')}
          />
        </Prop>
      </div>
    </>
  );
}

/** Whether times count seconds. */
export function TimeProperties({ field, set }: TypePropsOf) {
  const text = useText();
  return (
    <PropGroup label={text('precision')}>
      <Segmented
        block
        value={field.config.precision === 'second' ? 'second' : 'minute'}
        onChange={(precision) => set({ precision })}
        options={[
          { value: 'minute', label: text('precisionMinute') },
          { value: 'second', label: text('precisionSecond') },
        ]}
      />
    </PropGroup>
  );
}

/** The longest period that may be entered. */
export function DateRangeProperties(props: TypePropsOf) {
  return <NumberProp {...props} name="maxDays" label="maxDays" hint="maxDaysHint" min={1} max={36_600} whole />;
}

/** The longest text, in characters as they are seen. */
export function RichTextProperties(props: TypePropsOf) {
  return <NumberProp {...props} name="maxLength" label="maxLength" min={1} max={50_000} whole fallback={10_000} />;
}

/** How many members or departments one value may name. */
export function ListProperties(props: TypePropsOf) {
  return <NumberProp {...props} name="max" label="listMax" min={1} max={200} whole fallback={50} />;
}

/** How many pictures, and where from. */
export function ImageProperties(props: TypePropsOf) {
  const text = useText();
  return (
    <>
      <NumberProp {...props} name="max" label="imageMax" min={1} max={50} whole fallback={9} />
      <SwitchProp label={text('cameraOnly')} hint={text('cameraOnlyHint')}>
        <Switch
          checked={props.field.config.cameraOnly === true}
          onChange={(on) => props.set({ cameraOnly: on || undefined })}
        />
      </SwitchProp>
    </>
  );
}

/** Whether the number is hidden from people passing by. */
export function IdNumberProperties({ field, set }: TypePropsOf) {
  const text = useText();
  return (
    <SwitchProp label={text('masked')} hint={text('maskedHint')}>
      <Switch checked={field.config.masked !== false} onChange={(masked) => set({ masked })} />
    </SwitchProp>
  );
}

/** Whether phones may type a code, too. */
export function BarcodeProperties({ field, set }: TypePropsOf) {
  const text = useText();
  return (
    <SwitchProp label={text('scanOnly')} hint={text('scanOnlyHint')}>
      <Switch checked={field.config.scanOnly === true} onChange={(on) => set({ scanOnly: on || undefined })} />
    </SwitchProp>
  );
}
