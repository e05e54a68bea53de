import { createApp } from '../../src/create-app.js';
import { kernelParts, talkingTo } from './kernel-parts.js';

// A worker process for the crash test: dispatches events, carries runs on and empties the outbox until it is killed.
const [ownerUrl = '', appUrl = '', systemUrl = '', name = '', apiBase = '', publicUrl = ''] = process.argv.slice(2);
void kernelParts({ ownerUrl, appUrl, systemUrl }, name).then(async (kernel) => {
  await createApp({ ...kernel, ...talkingTo({ apiBase, publicUrl }, { ...kernel.config, role: 'worker' }) });
  console.log('running');
});
