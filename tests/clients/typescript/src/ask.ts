// Asks a router one question over gRPC-Web and hands on what it says, piece by piece. The same code runs in a
// browser and in node.

import { createClient, type Transport } from "@connectrpc/connect";
import { createGrpcWebTransport } from "@connectrpc/connect-web";
import { ChatService, type Done, Failover_Kind, Role } from "./gen/littoral/v1/chat_pb.js";
import { Channel, type DataClass } from "./gen/littoral/v1/types_pb.js";

/** What becomes of a question. */
export type Told =
  | { kind: "text"; text: string }
  /** Another target starts over: what was shown is void. */
  | { kind: "reset" }
  | { kind: "done"; done: Done };

/** A question. */
export interface Question {
  text: string;
  /** How sensitive it is; absent: the router looks for itself. */
  dataClass?: DataClass;
  maxOutputTokens?: number;
  /** Breaks the answer off; the router then frees what it held. */
  signal?: AbortSignal;
}

/** A connection to the router at this address; a key is needed off this machine only. */
export function connect(url: string, key?: string): Transport {
  return createGrpcWebTransport({
    baseUrl: url,
    interceptors: [
      (next) => (request) => {
        if (key) {
          request.header.set("authorization", `Bearer ${key}`);
        }
        return next(request);
      },
    ],
  });
}

/** Streams the answer. Fails with a ConnectError; `reasonOf` in `reason.ts` says why. */
export async function* ask(transport: Transport, question: Question): AsyncGenerator<Told> {
  const events = createClient(ChatService, transport).complete(
    {
      messages: [{ role: Role.USER, parts: [{ content: { case: "text", value: question.text } }] }],
      hints: question.dataClass === undefined ? {} : { dataClass: question.dataClass },
      ...(question.maxOutputTokens === undefined ? {} : { maxOutputTokens: question.maxOutputTokens }),
    },
    question.signal ? { signal: question.signal } : {},
  );
  for await (const { event } of events) {
    if (event.case === "delta" && event.value.channel === Channel.CONTENT) {
      yield { kind: "text", text: event.value.text };
    } else if (event.case === "failover" && event.value.kind === Failover_Kind.RESET) {
      yield { kind: "reset" };
    } else if (event.case === "done") {
      yield { kind: "done", done: event.value };
    }
  }
}

/** Who answered, and what left this machine, in a line. */
export function told(done: Done): string {
  const target = done.served?.target;
  const at = target?.at.case === "worker" ? target.at.value.workerId : (target?.at.value ?? "nobody");
  const ms = Math.round(done.served?.totalMs ?? 0);
  const left = done.receipt?.egressBytes ?? 0n;
  return `answered by ${target?.model ?? "nobody"} at ${at} in ${ms} ms; ${left} bytes left for a cloud`;
}
