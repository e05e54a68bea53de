import { vi } from 'vitest';
import { taro } from './fake-taro.js';

// Unit tests run without a host: storage lives in memory, everything else is set by the test that needs it.
vi.mock('@tarojs/taro', () => ({ default: taro, ...taro }));
// Components are only named here, never rendered.
vi.mock('@tarojs/components', () => new Proxy({}, { get: (_, name) => String(name), has: () => true }));
vi.stubGlobal('LIANKE_SERVER', 'https://lianke.test');
vi.stubGlobal('LIANKE_CONNECTION', '');
