import { vi } from 'vitest';
import { components } from './components.js';
import { taro } from './fake-taro.js';

// Unit tests run without a host: storage lives in memory, everything else is set by the test that needs it.
vi.mock('@tarojs/taro', () => ({ default: taro, ...taro }));
// What a test draws are plain elements.
vi.mock('@tarojs/components', () => components);
vi.stubGlobal('LIANKE_SERVER', 'https://lianke.test');
vi.stubGlobal('LIANKE_CONNECTION', '');
