import type { ViewProps } from '@tarojs/components';
import { createElement, type ReactNode, type TouchEvent, useEffect, useRef } from 'react';

/** As in the mini-programs: a touch that goes on shows, one that only scrolls by does not. Milliseconds. */
const hoverAfter = 50;
const hoverStays = 150;
const longPressAfter = 350;

type Timer = ReturnType<typeof setTimeout>;

function stop(timers: Timer[]): void {
  for (const timer of timers.splice(0)) clearTimeout(timer);
}

type OnTouch = (event: TouchEvent<HTMLElement>) => void;
type TouchName = 'onTouchStart' | 'onTouchMove' | 'onTouchEnd' | 'onTouchCancel';
type Props = Omit<ViewProps, TouchName> & { children?: ReactNode } & { [Name in TouchName]?: OnTouch };

/**
 * Taro's View on H5 as a plain `div`. Taro's own is a custom element with a life and a rendering of its own for each; a
 * page has hundreds. Knows what our pages use: class, style, id, labels, roles, clicks, touches, long presses, `hoverClass`.
 */
export function View({ className, hoverClass, onLongPress, children, ...rest }: Props) {
  const { 'aria-role': role, ...attributes } = rest as typeof rest & { 'aria-role'?: string };
  const { onTouchStart, onTouchMove, onTouchEnd, onTouchCancel } = rest;
  const timers = useRef<Timer[]>([]);
  useEffect(() => () => stop(timers.current), []);
  const drop = () => stop(timers.current);
  const pressed = hoverClass && hoverClass !== 'none' ? hoverClass : undefined;
  const start = (event: TouchEvent<HTMLElement>) => {
    const element = event.currentTarget;
    drop();
    if (pressed) timers.current.push(setTimeout(() => element.classList.add(pressed), hoverAfter));
    if (onLongPress) timers.current.push(setTimeout(() => onLongPress(event as never), longPressAfter));
    onTouchStart?.(event);
  };
  const move = (event: TouchEvent<HTMLElement>) => {
    drop();
    onTouchMove?.(event);
  };
  const end = (then: OnTouch | undefined) => (event: TouchEvent<HTMLElement>) => {
    const element = event.currentTarget;
    drop();
    if (pressed) timers.current.push(setTimeout(() => element.classList.remove(pressed), hoverStays));
    then?.(event);
  };
  const touches =
    pressed || onLongPress
      ? { onTouchStart: start, onTouchMove: move, onTouchEnd: end(onTouchEnd), onTouchCancel: end(onTouchCancel) }
      : {};
  return createElement(
    'div',
    {
      ...attributes,
      ...touches,
      ...(role ? { role } : {}),
      className: className ? `view ${className}` : 'view',
    } as object,
    children,
  );
}
