import { writeFileSync } from 'node:fs';
import { defaultSeed } from '../../sandbox/src/seed.js';

const people = 2000;

// The sandbox's companies, the first with a crowd in it: the platform drops what one person gets too much of.
const seed = structuredClone(defaultSeed);
const [corp] = seed.wecom;
const [model] = corp?.members ?? [];
if (!corp || !model) throw new Error('the sandbox has no people');
for (let index = 0; index < people; index++)
  corp.members.push({
    ...model,
    userid: `rep${index}`,
    name: `销售 ${index}`,
    mobile: `139${String(index).padStart(8, '0')}`,
    email: `rep${index}@demo.example`,
  });
writeFileSync(process.argv[2] ?? '', JSON.stringify(seed));
