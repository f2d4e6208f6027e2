/** Metrics of one source, in Prometheus's text format, and how the source is told from the others. */
export interface MetricsSource {
  worker: string;
  text: string;
}

interface Family {
  /** `# HELP` and `# TYPE`. */
  head: string[];
  samples: string[];
}

/**
 * The metrics of several processes as one text: every sample carries the label `worker`, and the samples of one name stand
 * together, as the format demands (Prometheus text format 0.0.4).
 */
export function mergeMetrics(sources: readonly MetricsSource[]): string {
  const families = new Map<string, Family>();
  for (const { worker, text } of sources) {
    let family: Family = { head: [], samples: [] };
    for (const line of text.split('\n')) {
      const [, name] = /^# (?:HELP|TYPE) (\S+)/.exec(line) ?? [];
      if (name !== undefined) {
        family = families.get(name) ?? { head: [], samples: [] };
        families.set(name, family);
        if (!family.head.includes(line)) family.head.push(line);
      } else if (line !== '') family.samples.push(labelled(line, worker));
    }
  }
  const parts = Array.from(families.values(), ({ head, samples }) => [...head, ...samples].join('\n'));
  return `${parts.join('\n\n')}\n`;
}

/** Names of metrics contain neither a brace nor a space. */
function labelled(sample: string, worker: string): string {
  const end = sample.search(/[{ ]/);
  const rest = sample[end] === '{' ? `,${sample.slice(end + 1)}` : `}${sample.slice(end)}`;
  return `${sample.slice(0, end)}{worker="${worker}"${rest}`;
}
