/**
 * What somebody does about an alert. Resolves when the dashboard has kept it; the socket then tells every page.
 * @throws Error with what the dashboard answered
 */
export const alertActions = {
  acknowledge: (alertId: string): Promise<void> => send('PUT', `${alertId}/acknowledgement`),
  snooze: (alertId: string, forMs: number): Promise<void> => send('PUT', `${alertId}/snooze`, { forMs }),
  note: (alertId: string, text: string): Promise<void> => send('POST', `${alertId}/notes`, { text }),
};

async function send(method: 'PUT' | 'POST', path: string, body?: object): Promise<void> {
  const response = await fetch(`/api/alerts/${path}`, {
    method,
    ...(body && { headers: { 'content-type': 'application/json' }, body: JSON.stringify(body) }),
  });
  if (response.ok) return;
  const problem = (await response.json().catch(() => null)) as { detail?: string } | null;
  throw new Error(problem?.detail ?? `the dashboard answered ${response.status}`);
}
