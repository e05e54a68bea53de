import { expect, it } from 'vitest';
import { isTileAddress, mapTiles, tileUrl } from './tiles.js';

it('takes https addresses with x, y and z outside of the host', () => {
  for (const url of [
    'https://maps.example.com/{z}/{x}/{y}.png',
    'https://t0.tianditu.gov.cn/DataServer?T=vec_w&x={x}&y={y}&l={z}&tk=abc',
    'https://10.0.0.8:8443/tiles/{z}-{x}-{y}?v=1',
  ])
    expect([url, isTileAddress(url)]).toEqual([url, true]);
  for (const url of [
    'http://maps.example.com/{z}/{x}/{y}.png',
    'https://maps.example.com/{z}/{x}.png',
    'https://maps.example.com/{z}/{x}/{y}/{y}.png',
    'https://{z}.example.com/{x}/{y}.png',
    'https://a:b@maps.example.com/{z}/{x}/{y}.png',
    'https://maps.example.com/{s}/{z}/{x}/{y}.png',
    'https://maps.example.com/{z}/{x}/{y}" onerror="x',
    'javascript:alert({x}{y}{z})',
    'data:image/png;base64,{x}{y}{z}',
    '/tiles/{z}/{x}/{y}',
    '',
  ])
    expect([url, isTileAddress(url)]).toEqual([url, false]);
});

it('fills in a tile', () => {
  expect(tileUrl('https://m.example.com/{z}/{x}/{y}.png', { x: 3, y: 5, z: 4 })).toBe(
    'https://m.example.com/4/3/5.png',
  );
});

it('asks whose map it is and what it counts in', () => {
  const url = 'https://m.example.com/{z}/{x}/{y}';
  expect(mapTiles.parse({ url, attribution: '© 某图', datum: 'wgs84' }).maxZoom).toBe(18);
  expect(mapTiles.safeParse({ url, attribution: ' ', datum: 'wgs84' }).success).toBe(false);
  expect(mapTiles.safeParse({ url, attribution: '© 某图', datum: 'bd09' }).success).toBe(false);
});
