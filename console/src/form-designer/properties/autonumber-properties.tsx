import type { AutonumberConfig } from '@lianke/shared/fields/autonumber/schema';
import { Input, InputNumber, Select, Switch } from 'antd';
import { useText } from '../i18n.js';
import { allowedResets, autonumberExample } from '../model/autonumber-example.js';
import { Prop, PropGroup, SwitchProp } from './prop.js';
import styles from './properties.module.css';
import type { TypePropsOf } from './type-properties.js';

const resetNames = { never: 'resetNever', year: 'resetYear', month: 'resetMonth', day: 'resetDay' } as const;

/** How an autonumber is built, with the number that the next record would get. */
export function AutonumberProperties({ field, set }: TypePropsOf) {
  const text = useText();
  const config = field.config as AutonumberConfig;
  const resets = allowedResets(config.date);
  const setDate = (date: AutonumberConfig['date']) => {
    const allowed = allowedResets(date);
    const reset = allowed.includes(config.reset) ? config.reset : (allowed.at(-1) ?? 'never');
    set({ date, reset });
  };
  return (
    <>
      <PropGroup label={text('autonumberRule')}>
        <div className={styles.example}>{text('example', { text: autonumberExample(config, new Date()) })}</div>
      </PropGroup>
      <div className={styles.pair}>
        <Prop label={text('prefix')}>
          <Input
            maxLength={20}
            placeholder={text('prefixPlaceholder')}
            value={config.prefix}
            onChange={(event) => set({ prefix: event.target.value }, 'prefix')}
          />
        </Prop>
        <Prop label={text('suffix')}>
          <Input
            maxLength={20}
            placeholder={text('suffixPlaceholder')}
            value={config.suffix}
            onChange={(event) => set({ suffix: event.target.value }, 'suffix')}
          />
        </Prop>
      </div>
      <div className={styles.pair}>
        <Prop label={text('dateN')}>
          <Select
            value={config.date}
            onChange={setDate}
            options={(['none', 'YYYY', 'YYYYMM', 'YYYYMMDD'] as const).map((value) => ({
              value,
              label: value === 'none' ? text('dateNone') : value,
            }))}
          />
        </Prop>
        <Prop label={text('digits')}>
          <InputNumber
            min={1}
            max={10}
            precision={0}
            value={config.digits}
            onChange={(value) => set({ digits: value ?? 4 }, 'digits')}
            style={{ width: '100%' }}
          />
        </Prop>
      </div>
      <Prop label={text('reset')}>
        <Select
          value={config.reset}
          onChange={(reset) => set({ reset })}
          options={resets.map((value) => ({ value, label: text(resetNames[value]) }))}
          style={{ width: '100%' }}
        />
      </Prop>
      <SwitchProp label={text('gapless')} hint={text('gaplessHint')}>
        <Switch checked={config.gapless === true} onChange={(gapless) => set({ gapless })} />
      </SwitchProp>
    </>
  );
}
