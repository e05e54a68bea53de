import { expect, it } from 'vitest';
import { StepChain } from './step-chain.js';

it('begins with any step, goes on with those that touch records only, and ends before long', () => {
  let ms = 0;
  const chain = new StepChain(() => ms);
  expect(chain.takes('approval')).toBe(true);
  expect(chain.isLong).toBe(false);
  expect(chain.add('updateRecord')).toBe(true);
  expect(chain.isLong).toBe(true);
  expect(chain.takes('createRecord')).toBe(true);
  expect(chain.takes('approval')).toBe(false);
  expect(chain.takes('message')).toBe(false);
  ms = 59;
  expect(chain.add('createRecord')).toBe(true);
  ms = 60;
  expect(chain.add('createRecord')).toBe(false);
});

it('is alone when it asks somebody, and at most twenty steps long', () => {
  expect(new StepChain(() => 0).add('approval')).toBe(false);
  const chain = new StepChain(() => 0);
  const further = Array.from({ length: 20 }, () => chain.add('branch'));
  expect(further.indexOf(false)).toBe(19);
});
