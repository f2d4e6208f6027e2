import { type ChildProcess, fork } from 'node:child_process';
import { once } from 'node:events';
import type { AnalysisDecision } from '@undertone/wire';
import type { NewTapSpeaker, SpeakerChanges, TapOptions } from '../../libs/tap/src/index.ts';

/** Where to send a speaker's RTP. */
export interface HostRtp {
  ip: string;
  port: number;
  payloadType: number;
  ssrc: number;
}

export interface SpeakerState {
  decision: AnalysisDecision | null;
  feeding: boolean;
}

export interface NewHostSpeaker extends Omit<NewTapSpeaker, 'producer'> {
  /** Whether there is a producer from the start. */
  voice?: boolean;
}

/** What the test may tell the host. */
export interface HostCommands {
  start(options: TapOptions): Promise<void>;
  addCall(id: string): Promise<void>;
  addSpeaker(callId: string, speaker: NewHostSpeaker): Promise<HostRtp | null>;
  replaceProducer(callId: string, speakerId: string): Promise<HostRtp>;
  setSpeaker(callId: string, speakerId: string, changes: SpeakerChanges): Promise<void>;
  removeSpeaker(callId: string, speakerId: string): Promise<void>;
  pauseProducer(callId: string, speakerId: string, paused: boolean): Promise<void>;
  closeProducer(callId: string, speakerId: string): Promise<void>;
  closeCall(callId: string): Promise<void>;
  speaker(callId: string, speakerId: string): Promise<SpeakerState>;
  /** Speakers whose RTP goes to the bridge. */
  feeding(): Promise<number>;
  events(): Promise<string[]>;
  calls(): Promise<string[]>;
  /** Open PipeTransports of the host, and what they consume. */
  pipes(): Promise<{ count: number; consumers: number }>;
  /** RTP that the pipes have sent, in bytes. */
  pipedBytes(): Promise<number>;
  killWorker(): Promise<void>;
  close(): Promise<void>;
}

export interface HostRequest {
  id: number;
  method: keyof HostCommands;
  args: unknown[];
}
export type HostReply = { id: number; value?: unknown; error?: string };

export type Host = HostCommands & {
  /** Resolves when what `read` gives satisfies `holds`. */
  until<Value>(read: () => Promise<Value>, holds: (value: Value) => boolean): Promise<Value>;
  end(): Promise<void>;
};

/** Starts a mediasoup application in a process of its own. */
export async function startHost(): Promise<Host> {
  const child = fork(new URL('./host-process.ts', import.meta.url), {
    execArgv: ['--conditions=source'],
  });
  await once(child, 'message');
  const pending = new Map<number, (reply: HostReply) => void>();
  child.on('message', (reply: HostReply) => {
    pending.get(reply.id)?.(reply);
    pending.delete(reply.id);
  });
  let lastId = 0;
  const ask = (method: keyof HostCommands, args: unknown[]) =>
    new Promise<unknown>((resolve, reject) => {
      const id = ++lastId;
      pending.set(id, ({ value, error }) =>
        error === undefined ? resolve(value) : reject(new Error(error)),
      );
      child.send({ id, method, args } satisfies HostRequest);
    });
  const own = {
    async until<Value>(read: () => Promise<Value>, holds: (value: Value) => boolean): Promise<Value> {
      for (;;) {
        const value = await read();
        if (holds(value)) return value;
        await new Promise(setImmediate);
      }
    },
    end: () => end(child),
  };
  return new Proxy(own as Host, {
    get: (target, name: keyof Host) =>
      // A promise has `then`; a host has not.
      name in target || (name as string) === 'then'
        ? target[name]
        : (...args: unknown[]) => ask(name as keyof HostCommands, args),
  });
}

async function end(child: ChildProcess): Promise<void> {
  if (child.exitCode !== null || child.signalCode !== null) return;
  child.kill('SIGKILL');
  await once(child, 'exit');
}
