import { View } from '@tarojs/components';
import type { ReactNode } from 'react';

interface Props {
  children: ReactNode;
  kind?: 'primary' | 'danger' | 'plain' | 'default';
  off?: boolean;
  onClick(): void;
  className?: string;
}

/** A button 44 px high. `off` shows it greyed and ignores taps: while a request runs, or when nothing can be done. */
export function Button({ children, kind = 'default', off = false, onClick, className = '' }: Props) {
  return (
    <View
      className={`btn btn--${kind} ${off ? 'btn--off' : ''} ${className}`}
      hoverClass={off ? 'none' : 'is-pressed'}
      onClick={off ? undefined : onClick}
    >
      {children}
    </View>
  );
}
