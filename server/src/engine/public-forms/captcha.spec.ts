import { expect, it } from 'vitest';
import { makeCaptcha } from './captcha.js';

it('draws a small sum without writing it', () => {
  for (let round = 0; round < 200; round++) {
    const { svg, answer } = makeCaptcha();
    expect(answer).toMatch(/^([1-9]|[12]\d|3[0-8])$/);
    expect(svg).toMatch(/^<svg [^>]*>/);
    expect(svg).not.toContain('<text');
    expect(svg.length).toBeLessThan(8000);
    expect(svg).not.toContain('NaN');
  }
});
