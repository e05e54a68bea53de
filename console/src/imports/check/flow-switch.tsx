import type { ImportCheck } from '@lianke/shared/imports/api';
import { Popconfirm, Switch } from 'antd';
import { useState } from 'react';
import { pause, quoted } from '../../i18n/punctuation.js';
import { formatNumber } from '../../shared/format.js';
import { useText } from '../i18n.js';
import styles from './check.module.css';

interface Props {
  effects: ImportCheck['flowEffects'] | undefined;
  on: boolean;
  onChange: (on: boolean) => void;
}

/** 触发流程: off; switching it on says first how many tasks and messages that makes. */
export function FlowSwitch({ effects, on, onChange }: Props) {
  const text = useText();
  const [asking, setAsking] = useState(false);
  const numbers = { tasks: formatNumber(effects?.tasks ?? 0), messages: formatNumber(effects?.messages ?? 0) };
  const flows = (effects?.flows ?? []).map((name) => quoted(name)).join(pause());
  return (
    <div className={styles.decision}>
      <div className={styles.person}>
        <span className={styles.label} style={{ marginBottom: 0 }}>
          {text('runFlows')}
        </span>
        <span style={{ textAlign: 'right' }}>
          <Popconfirm
            open={asking}
            onOpenChange={(open) => {
              if (!open) setAsking(false);
            }}
            title={text('runFlowsAsk')}
            description={
              <div style={{ maxWidth: 280 }}>
                {flows === '' ? text('runFlowsNone') : text('runFlowsWill', { ...numbers, flows })}
              </div>
            }
            okText={text('runFlowsTurnOn')}
            cancelText={text('runFlowsKeepOff')}
            onConfirm={() => {
              setAsking(false);
              onChange(true);
            }}
            onCancel={() => setAsking(false)}
          >
            <Switch
              aria-label={text('runFlows')}
              checked={on}
              onChange={(next) => {
                if (next) setAsking(true);
                else onChange(false);
              }}
            />
          </Popconfirm>
        </span>
      </div>
      <div className={styles.hint}>{on ? text('runFlowsOn', numbers) : text('runFlowsOff')}</div>
    </div>
  );
}
