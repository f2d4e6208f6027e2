const pollMs = 500;

/**
 * Calls back when the process that started this one is gone. A `kill` of npm ends npm and its shell, but does not reach
 * what they have started.
 *
 * @param {() => void} action
 */
export function onParentGone(action) {
  const parent = process.ppid;
  const timer = setInterval(() => {
    if (process.ppid === parent) return;
    clearInterval(timer);
    action();
  }, pollMs);
  timer.unref();
}
