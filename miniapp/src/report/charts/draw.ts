import { jsx } from '@antv/f2';

/** F2's element factory. Its own typing refuses F2's own components, whose props are narrower than `IProps`. */
export const draw = jsx as unknown as (component: unknown, props: object, ...children: unknown[]) => unknown;
