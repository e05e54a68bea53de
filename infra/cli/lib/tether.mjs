// Loaded into every process that `npm start` starts. Its parent asks it to stop over the IPC channel, which works the
// same on Windows; and when the parent is gone, however it ended, it does not stay behind.
const forcedAfterMs = 20_000;
let stopping = false;

function stop() {
  if (stopping) return;
  stopping = true;
  setTimeout(() => process.exit(1), forcedAfterMs).unref();
  if (!process.emit('SIGTERM')) process.exit(0);
}

if (process.channel) {
  process.on('disconnect', stop);
  process.on('message', (message) => {
    if (message === 'stop') stop();
  });
  // The channel alone must not keep the process alive.
  process.channel.unref();
}
