/**
 * The connections through which to log in from here: inside of a chat app its own ones, for the other app's page would
 * ask for an account that nobody uses there; all of them in a browser, and where the chat app has none.
 */
export function waysIn<Item extends { channel: string }>(items: readonly Item[], host: string): readonly Item[] {
  const own = items.filter((item) => item.channel === host);
  return own.length > 0 ? own : items;
}
