/** Keeps this thread from everything else, as a long reading does. */
export const blockFor = (ms: number): void => {
  const until = performance.now() + ms
  while (performance.now() < until);
}
