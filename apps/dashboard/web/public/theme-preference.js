// Before the first paint, so that a remembered theme does not flash. A file, since the page allows no inline script.
try {
  const theme = localStorage.getItem('undertone-theme');
  if (theme === 'light' || theme === 'dark') document.documentElement.dataset.theme = theme;
} catch {
  // Storage can be forbidden; the system's theme is used then.
}
