// Why a call failed, by the router's own name. Details of an error are messages of Google's that no package
// here brings, so the one field that is needed is read by its number.

import { BinaryReader } from "@bufbuild/protobuf/wire";
import { ConnectError } from "@connectrpc/connect";

/** The number of `reason` in google.rpc.ErrorInfo. */
const REASON = 1;

/** A name such as EGRESS_DENIED; of an error that never reached the router, the code alone. */
export function reasonOf(error: unknown): string {
  const failure = ConnectError.from(error);
  for (const detail of failure.details) {
    if ("type" in detail && detail.type === "google.rpc.ErrorInfo") {
      const reader = new BinaryReader(detail.value);
      while (reader.pos < reader.len) {
        const [field, wireType] = reader.tag();
        if (field === REASON) {
          return reader.string();
        }
        reader.skip(wireType, field);
      }
    }
  }
  return `code ${failure.code}`;
}
